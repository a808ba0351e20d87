//! A file has the name of its slug.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::rule::{ArticleCheck, Context, Sink, scalar};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlugMatchesFile {}

/// Files that stand for their folder: of all generators, of Hugo's sections, of GitHub, of Next's routes.
const INDEXES: [&str; 4] = ["index", "_index", "readme", "page"];

impl ArticleCheck for SlugMatchesFile {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some((slug, node)) = context.roles.text(article, Role::Slug) else { return };
        let last = slug.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let wanted = plain(last);
        if wanted.is_empty() || scalar::is_template(slug) {
            return;
        }
        let Some((what, name)) = name(article.source.path(), &wanted) else { return };
        let is_same = |name: &str| plain(name).strip_suffix(&*wanted).is_some_and(is_prefix);
        if is_same(name) || is_same(without_language(name)) {
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
    let bare = without_language(stem).to_ascii_lowercase();
    if INDEXES.contains(&&*bare) && plain(&bare) != wanted {
        return parts.next().map(|folder| ("folder", folder));
    }
    Some(("file", stem))
}

/// `door.en` and `door.pt-br` are translations of `door`.
fn without_language(stem: &str) -> &str {
    let is_language = |end: &str| {
        let mut parts = end.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        (2..=3).contains(&language.len())
            && end.len() <= 10
            && end.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    stem.rsplit_once('.').filter(|(_, end)| is_language(end)).map_or(stem, |(stem, _)| stem)
}

/// A name as generators make addresses of it: small letters, and a hyphen for everything between words.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    if name.is_ascii() {
        for byte in name.bytes() {
            match byte {
                b'\'' => {}
                _ if byte.is_ascii_alphanumeric() => plain.push(byte.to_ascii_lowercase().into()),
                _ if plain.is_empty() || plain.ends_with('-') => {}
                _ => plain.push('-'),
            }
        }
        plain.truncate(plain.trim_end_matches('-').len());
        return plain;
    }
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            '\'' | '’' => {}
            _ if letter.is_alphanumeric() || !letter.is_ascii() => plain.push(letter),
            _ if plain.is_empty() || plain.ends_with('-') => {}
            _ => plain.push('-'),
        }
    }
    plain.truncate(plain.trim_end_matches('-').len());
    plain
}

/// What may stand before the slug in a file's name: nothing, a number, or a date with or without a time.
fn is_prefix(prefix: &str) -> bool {
    let is_part = |part: &str| {
        let part = part.trim_end_matches('z').replacen('t', "", 1);
        part.bytes().all(|byte| byte.is_ascii_digit())
    };
    prefix.is_empty() || (prefix.ends_with('-') && prefix.split('-').all(is_part))
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
        let context = Context { roles: &roles, schema: None, today: None, suppressions: &[] };
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
