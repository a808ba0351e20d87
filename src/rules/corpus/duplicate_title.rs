//! No two articles have the same title.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Told, Want, Wants};
use crate::rule::scope::{Among, Scope};
use crate::rule::shared::Shared;
use crate::rule::{Check, Comparison, Own, Sink, fingerprint, scalar, slug};

#[derive(Deserialize)]
#[serde(from = "Options")]
pub(crate) struct DuplicateTitle {
    among: Among,
    allow_names: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Options {
    scope: Scope,
    only_published: bool,
    allow_names: bool,
}

impl From<Options> for DuplicateTitle {
    fn from(Options { scope, only_published, allow_names }: Options) -> Self {
        Self { among: Among { scope, only_published }, allow_names }
    }
}

impl Check for DuplicateTitle {
    fn wants(&self) -> Wants {
        self.among.wants([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let allow_names = self.allow_names;
        let keys = |path: &str, facts: &Facts| title(path, facts, allow_names).map(|title| title.0);
        Some(Box::new(Doubles { shared: Shared::of(&self.among, (corpus, numbers), 2, keys)?, allow_names }))
    }
}

/// The title and its number, which is another one in each folder if it is a mere name.
fn title<'f>(path: &str, facts: &'f Facts, allow_names: bool) -> Option<(u64, &'f Told)> {
    let title = facts.title.as_ref().filter(|title| !scalar::is_template(&title.text))?;
    let number = facts.readings.title?;
    let folder = if allow_names { folder_of_name(path, &title.text) } else { None };
    let number =
        folder.map_or(number, |folder| fingerprint::mix(number ^ fingerprint::of(folder.as_bytes())));
    Some((number, title))
}

/// A title of more words is no mere name.
const WORDS_OF_A_NAME: usize = 3;

/// The folder in which an article has its title for a name: `templates/overview.md` is the overview of templates, and
/// `templates/overview/_index.md` is, too.
fn folder_of_name<'p>(path: &'p str, title: &str) -> Option<&'p str> {
    if title.split_whitespace().count() > WORDS_OF_A_NAME {
        return None;
    }
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = slug::without_language(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let title = slug::of(title);
    if slug::of(stem) == title {
        return Some(folder);
    }
    let is_index = slug::INDEXES.iter().any(|index| stem.eq_ignore_ascii_case(index));
    let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    (is_index && slug::of(name) == title).then_some(above)
}

/// The articles that share a title.
struct Doubles {
    shared: Shared,
    allow_names: bool,
}

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let path = &self.shared.corpus.articles[own.number].path;
        let Some((key, title)) = title(path, own.facts, self.allow_names) else { return };
        let message = |others: &str| format!("the title \"{}\" is that of {others}, too", title.text);
        let place = |facts: &Facts| facts.title.as_ref().map(|title| title.span);
        if let Some(finding) = self.shared.report(own, (key, title.span), sink, message, place) {
            finding.help("say in the title what this article has that the others have not");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_title_that_is_the_name_of_its_file_is_a_name() {
        for (path, title, folder) in [
            ("docs/templates/overview.md", "Overview", Some("docs/templates")),
            ("docs/templates/_index.fr.md", "Templates", Some("docs")),
            ("overview.md", "Overview", Some("")),
            ("docs/Getting started.md", "Getting Started", Some("docs")),
            ("docs/templates/intro.md", "Overview", None),
            ("docs/how-to-mend-a-door.md", "How to mend a door", None),
            ("posts/2024-01-02-doors.md", "Doors", None),
        ] {
            assert_eq!(folder_of_name(path, title), folder, "{path}");
        }
    }
}
