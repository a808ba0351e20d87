//! Which articles are held against each other: the options `scope` and `only-published` of the rules about what articles
//! share.

use std::collections::HashMap;
use std::sync::Arc;

use globset::GlobBuilder;
use regex::bytes::Regex;
use serde::Deserialize;

use super::edition::{Editions, is_language};
use crate::corpus::{Corpus, Known};
use crate::data::field_path;
use crate::facts::{Facts, Want, Wants};
use crate::schema::nearest;

/// Which articles are held against each other.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Among {
    /// Within what.
    pub(crate) scope: Scope,
    /// Whether drafts are left out.
    pub(crate) only_published: bool,
}

impl Among {
    /// What is to be known of every article: these, and what divides them.
    pub(crate) fn wants<const N: usize>(&self, wants: [Want; N]) -> Wants {
        Wants::of(wants.into_iter().chain(self.scope.wants()))
    }

    /// Whether an article is held against others at all.
    pub(crate) fn takes(&self, facts: &Facts) -> bool {
        !(self.only_published && facts.is_draft)
    }
}

/// Within what something may stand once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Scope {
    /// A collection, in one language and version. Articles of no collection are among themselves.
    Collection,
    /// The site, in one language and version.
    Site,
    /// What a glob captures of the paths: articles for which it is the same. Those that the glob does not match are among
    /// themselves.
    Glob(Regex),
    /// What a field of the front matter says. Those that do not have it are among themselves.
    Field(Arc<str>),
}

/// Fields in which an article may say its language: of Jekyll's Polyglot, of jekyll-seo-tag and others.
const LANGUAGE_FIELDS: [&str; 3] = ["lang", "locale", "language"];

/// Stands for a capture while a glob is made a pattern.
const CAPTURE: char = '\u{1}';

impl TryFrom<String> for Scope {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "collection" => return Ok(Self::Collection),
            "site" => return Ok(Self::Site),
            _ => {}
        }
        if let Some(field) = text.strip_prefix("field:") {
            if field_path(field).iter().any(String::is_empty) {
                let help = "write it as in \"field:lang\" or \"field:seo.lang\"";
                return Err(format!("\"{text}\" names no field: {help}"));
            }
            return Ok(Self::Field(field.into()));
        }
        if !text.contains(['*', '?', '{', '/']) {
            let near = nearest(&text, ["collection", "site"]);
            let all = "it is \"collection\", \"site\", a glob as in \"content/{lang}/**\", or a field as in \"field:lang\"";
            let is = near.map_or(all.to_owned(), |near| format!("did you mean \"{near}\"?"));
            return Err(format!("\"{text}\" is no scope: {is}"));
        }
        pattern(&text).map(Self::Glob)
    }
}

/// The pattern of a glob, in which `{name}` stands for a part of a path that is captured; `{a,b}` is either, as in the
/// globs of collections.
fn pattern(text: &str) -> Result<Regex, String> {
    let mut glob = String::with_capacity(text.len());
    let mut rest = text.strip_prefix("./").unwrap_or(text);
    while let Some((before, behind)) = rest.split_once('{') {
        glob.push_str(before);
        let is_name =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        match behind.split_once('}') {
            Some(("", _)) => {
                return Err(format!(
                    "the scope \"{text}\" has \"{{}}\" in it, which needs a name as in \"{{lang}}\""
                ));
            }
            Some((name, behind)) if is_name(name) => {
                glob.push(CAPTURE);
                rest = behind;
            }
            _ => {
                glob.push('{');
                rest = behind;
            }
        }
    }
    glob.push_str(rest);
    let built = GlobBuilder::new(&glob).literal_separator(true).build();
    let built = built.map_err(|error| format!("the scope \"{text}\" is no glob: {}", error.kind()))?;
    let pattern = built.regex().replace(CAPTURE, "([^/]+)");
    Regex::new(&pattern).map_err(|error| format!("the scope \"{text}\" is no glob: {error}"))
}

impl Scope {
    /// What is to be known of every article for it.
    fn wants(&self) -> Vec<Want> {
        match self {
            Self::Collection | Self::Site => LANGUAGE_FIELDS.map(|field| Want::Field(field.into())).into(),
            Self::Glob(_) => Vec::new(),
            Self::Field(field) => vec![Want::Field(Arc::clone(field))],
        }
    }

    /// Divides these articles.
    pub(crate) fn parts(&self, corpus: &Corpus, numbers: &[usize]) -> Parts {
        let known = |number: &usize| &corpus.articles[*number];
        let editions = match self {
            Self::Collection | Self::Site => Editions::of(numbers.iter().map(|number| &*known(number).path)),
            _ => Editions::default(),
        };
        let mut parts = Parts { of: HashMap::new(), all: Vec::new(), areas: Vec::new(), overlap: false };
        let mut names: HashMap<Part, u32> = HashMap::new();
        for number in numbers {
            let known = known(number);
            let collections = match self {
                Self::Collection => Arc::clone(&known.collections),
                _ => Arc::from([]),
            };
            let part = Part { collections, rest: self.rest(known, &editions) };
            let next = names.len() as u32;
            let index = *names.entry(part).or_insert_with_key(|part| {
                parts.all.push(part.clone());
                next
            });
            parts.of.insert(*number, index);
        }
        parts.overlap = parts.all.iter().any(|part| part.collections.len() > 1);
        let mut areas: HashMap<&str, u32> = HashMap::new();
        for (part, index) in parts.all.iter().zip(0..) {
            let first = if parts.overlap { *areas.entry(&part.rest).or_insert(index) } else { index };
            parts.areas.push(first);
        }
        parts
    }

    fn rest(&self, known: &Known, editions: &Editions<'_>) -> String {
        match self {
            Self::Collection | Self::Site => {
                let mut named = LANGUAGE_FIELDS.into_iter().flat_map(|name| field(known, name));
                let named = named.find(|text| is_language(text));
                let edition = editions.edition(&known.path);
                match named {
                    Some(language) => {
                        let version = edition.split_once('/').map(|(_, version)| format!("/{version}"));
                        language.to_ascii_lowercase().replace('_', "-") + &version.unwrap_or_default()
                    }
                    None => edition,
                }
            }
            Self::Glob(pattern) => match pattern.captures(known.path.as_bytes()) {
                None => String::new(),
                Some(captures) => captures.iter().skip(1).fold("/".to_owned(), |rest, capture| {
                    let text = capture.map(|capture| String::from_utf8_lossy(capture.as_bytes()));
                    rest + &text.unwrap_or_default() + "/"
                }),
            },
            Self::Field(name) => field(known, name).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// What an article has in a field.
fn field<'a>(known: &'a Known, name: &'a str) -> impl Iterator<Item = &'a str> {
    known.facts.fields.iter().filter(move |(field, _)| **field == *name).map(|(_, text)| &**text)
}

/// Articles that are held against each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Part {
    collections: Arc<[Arc<str>]>,
    rest: String,
}

/// Which articles are held against which.
#[derive(Debug)]
pub(crate) struct Parts {
    of: HashMap<usize, u32>,
    all: Vec<Part>,
    areas: Vec<u32>,
    overlap: bool,
}

impl Parts {
    /// The part that an article belongs to; `None` of one that was not divided.
    pub(crate) fn of(&self, number: usize) -> Option<u32> {
        self.of.get(&number).copied()
    }

    /// Whether articles of these parts are held against each other: they share all that divides them, and of their
    /// collections one.
    pub(crate) fn meet(&self, left: u32, right: u32) -> bool {
        let (one, other) = (&self.all[left as usize], &self.all[right as usize]);
        left == right
            || (one.rest == other.rest && one.collections.iter().any(|name| other.collections.contains(name)))
    }

    /// Whether articles of different parts may meet.
    pub(crate) fn overlap(&self) -> bool {
        self.overlap
    }

    /// A number that parts share if they may meet.
    pub(crate) fn area(&self, part: u32) -> u32 {
        self.areas[part as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Ground;

    /// A path, its collections, and its fields.
    type Article<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

    /// The articles that meet the first one.
    fn met(scope: &str, articles: &[Article<'_>]) -> Vec<usize> {
        let scope = Scope::try_from(scope.to_owned()).unwrap();
        let known = |(path, collections, fields): &Article<'_>| Known {
            name: Arc::from(*path),
            path: Arc::from(*path),
            collections: collections.iter().map(|name| Arc::from(*name)).collect(),
            facts: Facts {
                fields: fields.iter().map(|(name, text)| (Arc::from(*name), Box::from(*text))).collect(),
                ..Facts::default()
            },
        };
        let corpus = Corpus::new(articles.iter().map(known).collect(), Ground::default());
        let numbers: Vec<usize> = (0..articles.len()).collect();
        let parts = scope.parts(&corpus, &numbers);
        let part = |number: usize| parts.of(number).unwrap();
        numbers.into_iter().skip(1).filter(|number| parts.meet(part(0), part(*number))).collect()
    }

    #[test]
    fn a_collection_is_shared_if_one_of_several_is() {
        let articles: &[Article<'_>] = &[
            ("a.md", &["posts", "all"], &[]),
            ("b.md", &["all"], &[]),
            ("c.md", &["notes"], &[]),
            ("d.md", &[], &[]),
            ("e.fr.md", &["posts"], &[]),
            ("f.md", &["posts"], &[("lang", "de")]),
        ];
        assert_eq!(met("collection", articles), [1]);
        assert_eq!(met("site", articles), [1, 2, 3]);
        assert_eq!(met("**", articles), [1, 2, 3, 4, 5]);
        assert_eq!(met("collection", &articles[3..]), [0_usize; 0]);
    }

    #[test]
    fn a_glob_captures_and_what_it_does_not_match_is_apart() {
        let articles: &[Article<'_>] = &[
            ("content/fr/posts/a.md", &[], &[]),
            ("content/fr/b.md", &["posts"], &[]),
            ("content/de/b.md", &[], &[]),
            ("content/fr.md", &[], &[]),
            ("other/fr/a.md", &[], &[]),
        ];
        assert_eq!(met("content/{lang}/**", articles), [1]);
        assert_eq!(met("{any}/{lang}/**", articles), [1]);
        assert_eq!(met("{content,other}/{lang}/**", articles), [1, 4]);
        assert_eq!(met("content/{lang}/**", &articles[3..]), [1]);
        assert_eq!(
            met("**/*.{lang}.md", &[("x/a.fr.md", &[], &[]), ("b.fr.md", &[], &[]), ("b.md", &[], &[])]),
            [1]
        );
    }

    #[test]
    fn a_field_divides_by_what_it_says() {
        let articles: &[Article<'_>] = &[
            ("a.md", &[], &[("product.name", "door")]),
            ("b.md", &["x"], &[("product.name", "door"), ("lang", "fr")]),
            ("c.md", &[], &[("product.name", "hinge")]),
            ("d.md", &[], &[]),
            ("e.md", &[], &[]),
        ];
        assert_eq!(met("field:product.name", articles), [1]);
        assert_eq!(met("field:product.name", &articles[3..]), [1]);
    }

    #[test]
    fn a_scope_that_is_none_is_refused() {
        for (scope, says) in [
            ("colection", "\"colection\" is no scope: did you mean \"collection\"?"),
            ("", "\"\" is no scope: it is"),
            ("field:", "names no field"),
            ("field:a..b", "names no field"),
            ("content/{}/**", "needs a name"),
            ("content/{a,b/**", "is no glob"),
            ("content/[a/**", "is no glob"),
        ] {
            let error = Scope::try_from(scope.to_owned()).unwrap_err();
            assert!(error.contains(says), "{scope}: {error}");
        }
    }
}
