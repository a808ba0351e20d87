//! A file has the name of its slug.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::rule::{Check, Context, Sink, scalar, slug};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlugMatchesFile {}

impl Check for SlugMatchesFile {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some((text, node)) = context.roles.text(article, Role::Slug) else { return };
        let last = text.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let wanted = slug::of(last);
        if wanted.is_empty() || scalar::is_template(text) {
            return;
        }
        let Some((what, name)) = name(article.source.path(), &wanted) else { return };
        let is_same = |name: &str| {
            // Most end with the slug as it stands, so that no more than what is before it has to be made a slug.
            let before =
                name.strip_suffix(&*wanted).filter(|before| before.is_empty() || before.ends_with('-'));
            if let Some(before) = before {
                return is_prefix(&slug::of(before));
            }
            let name = slug::of(name);
            let before = name.strip_suffix(&*wanted);
            before.is_some_and(|before| match before.strip_suffix('-') {
                Some(before) => is_prefix(before),
                None => before.is_empty(),
            })
        };
        if is_same(name) || is_same(slug::without_language(name)) {
            return;
        }
        sink.report(node.span, format!("the slug is \"{last}\", but the {what} is called \"{name}\""))
            .help("give both one name: the address is what readers and other sites have, so mostly the file is wrong");
    }
}

/// What names the article: its file, without the ending, or the folder where the file is an index.
fn name<'p>(path: &'p str, wanted: &str) -> Option<(&'static str, &'p str)> {
    let mut parts = path.rsplit('/');
    let file = parts.next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let bare = slug::without_language(stem);
    let is_index = || slug::INDEXES.iter().any(|index| bare.eq_ignore_ascii_case(index));
    if is_index() && slug::of(bare) != wanted {
        return parts.next().map(|folder| ("folder", folder));
    }
    Some(("file", stem))
}

/// Whether this may stand before the slug in a file's name, a hyphen between them: nothing, a number, or a date with or
/// without a time.
fn is_prefix(prefix: &str) -> bool {
    prefix.split('-').all(|part| {
        let mut others = part.trim_end_matches('z').bytes().filter(|byte| !byte.is_ascii_digit());
        matches!((others.next(), others.next()), (None | Some(b't'), None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Roles;
    use crate::finding::Level;
    use crate::text::Source;
    use std::sync::Arc;

    fn finds(path: &str, slug: &str) -> bool {
        let source = Source::new(path, format!("---\nslug: {slug}\n---\n").into_bytes());
        let (roles, mut findings) = (Roles::default(), Vec::new());
        let context = Context::new(&roles);
        let (rule, path) = (Arc::from("test"), Arc::from(path));
        let mut sink = Sink::new(&rule, Level::Warning, &path, &mut findings);
        SlugMatchesFile {}.check(&Article::parse(&source), &context, &mut sink);
        !findings.is_empty()
    }

    #[test]
    fn the_names_of_all_generators_are_understood() {
        let same = [
            ("doors.md", "doors"),
            ("_posts/2024-01-02-doors.md", "doors"),
            ("posts/2024-01-02T10:00:00.123Z-doors.md", "doors"),
            ("posts/20240102-doors.md", "doors"),
            ("docs/01-doors.md", "/guide/doors"),
            ("content/doors/index.md", "doors"),
            ("blog/2024-01-02-doors/index.mdx", "doors"),
            ("content/doors/_index.fr.md", "doors"),
            ("doors/README.md", "doors"),
            ("app/doors/page.mdx", "doors"),
            ("page.md", "page"),
            ("doors.pt-br.md", "doors"),
            ("node.js.md", "node-js"),
            ("Front Doors.md", "front-doors"),
            ("front_doors.md", "front-doors"),
            ("Doors – old.md", "doors-old"),
            ("doors.es-419.md", "doors"),
            ("扉.md", "扉"),
            ("index.md", "/"),
            ("index.md", "doors"),
            ("2024.md", "'2024'"),
        ];
        for (path, slug) in same {
            assert!(!finds(path, slug), "{path}: {slug}");
        }
        let other = [
            ("doors.md", "door"),
            ("indoors.md", "doors"),
            ("the-doors.md", "doors"),
            ("doors/index.md", "windows"),
            ("2024-01-02.md", "doors"),
        ];
        for (path, slug) in other {
            assert!(finds(path, slug), "{path}: {slug}");
        }
    }
}
