//! The rules that come with the program: a page for each in `rules/`, and the logic of those that need Rust.
//!
//! To add a declarative rule, write its page. To add a built-in one, write its page, its source file, and two lines
//! here: the module and the row.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::declarative;
use crate::mistake::Mistake;
use crate::rule::{ArticleCheck, Implementation, Page};
use crate::schema::{Schema, nearest};
use crate::text::Source;

mod editorial {
    pub(super) mod excerpt_matches_description;
    pub(super) mod reading_time;
}
mod front_matter {
    pub(super) mod duplicate_key;
    pub(super) mod front_matter_missing;
    pub(super) mod front_matter_syntax;
    pub(super) mod schema;
}
mod hygiene {
    pub(super) mod unreadable_file;
}
mod images {
    pub(super) mod image_alt;
}
mod structure {
    pub(super) mod first_heading_level;
    pub(super) mod heading_increment;
    pub(super) mod single_title;
}
mod taxonomy {
    pub(super) mod category_tiers;
}

type Build = fn(Json) -> Result<Box<dyn ArticleCheck>, String>;

const BUILT_IN: &[(&str, Build)] = &[
    ("category-tiers", build::<taxonomy::category_tiers::CategoryTiers>),
    ("duplicate-key", build::<front_matter::duplicate_key::DuplicateKey>),
    (
        "excerpt-matches-description",
        build::<editorial::excerpt_matches_description::ExcerptMatchesDescription>,
    ),
    ("first-heading-level", build::<structure::first_heading_level::FirstHeadingLevel>),
    ("front-matter-missing", build::<front_matter::front_matter_missing::FrontMatterMissing>),
    ("front-matter-syntax", build::<front_matter::front_matter_syntax::FrontMatterSyntax>),
    ("heading-increment", build::<structure::heading_increment::HeadingIncrement>),
    ("image-alt", build::<images::image_alt::ImageAlt>),
    ("reading-time", build::<editorial::reading_time::ReadingTime>),
    ("schema", build::<front_matter::schema::Schema>),
    ("single-title", build::<structure::single_title::SingleTitle>),
    ("unreadable-file", build::<hygiene::unreadable_file::UnreadableFile>),
];

/// The rule about files that are no text. On such a file no other rule runs.
pub const UNREADABLE_FILE: &str = "unreadable-file";

/// The folder `rules/` as it was when the program was built.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The JSON Schema of a rule page's front matter.
pub const PAGE_SCHEMA: &str = include_str!("../schemas/rule.schema.json");

/// All rules, sorted by id.
#[derive(Debug)]
pub struct Catalog {
    pages: Vec<Arc<Page>>,
}

// To compile the schema of pages would be a third of the time in which the program starts: a test judges them by it.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let pages = pages(None);
    Catalog { pages: pages.unwrap_or_else(|mistakes| panic!("a page of ours is wrong: {mistakes:?}")) }
});

/// Our own pages, sorted by id.
fn pages(schema: Option<&Schema>) -> Result<Vec<Arc<Page>>, Vec<Mistake>> {
    let mut pages = Vec::new();
    for file in PAGES.dirs().flat_map(Dir::files) {
        let path = file.path();
        let group = name(path.parent().and_then(Path::file_name));
        let source = Arc::new(Source::new(path.to_string_lossy(), file.contents().to_vec()));
        pages.push(Arc::new(Page::parse(group, name(path.file_stem()), &source, schema)?));
    }
    pages.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(pages)
}

/// The names of our own pages are ASCII.
fn name(part: Option<&OsStr>) -> &str {
    part.and_then(OsStr::to_str).unwrap_or_default()
}

impl Catalog {
    /// The rules that come with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &CATALOG
    }

    /// All pages, sorted by id.
    #[must_use]
    pub fn pages(&self) -> &[Arc<Page>] {
        &self.pages
    }

    /// The page of a rule.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Page>> {
        self.pages.binary_search_by(|page| page.id.as_ref().cmp(id)).ok().map(|index| &self.pages[index])
    }

    /// The page of a rule that somebody named.
    ///
    /// # Errors
    /// That there is no such rule, with the one that may have been meant.
    pub fn find(&self, id: &str) -> Result<&Arc<Page>, Mistake> {
        self.get(id).ok_or_else(|| {
            let near = nearest(id, self.pages.iter().map(|page| page.id.as_ref()));
            let help = near.map(|near| format!("did you mean \"{near}\"?"));
            let help = help.unwrap_or_else(|| "`copydesk rules` lists them all".to_owned());
            Mistake::new(format!("there is no rule \"{id}\"")).with_help(Some(help))
        })
    }
}

/// Makes the check of a rule; `chosen` are the options that differ from the page's defaults.
///
/// # Errors
/// What is wrong with the options beyond what their schema can say, without a place; and what is wrong with the page of
/// a declarative rule, with its place in that page.
pub fn check_of(page: &Page, chosen: &Map<String, Json>) -> Result<Box<dyn ArticleCheck>, Vec<Mistake>> {
    let values = page.values(chosen);
    match &page.check {
        Implementation::Declarative { kind, searches } => declarative::build(kind, searches, &values, page),
        Implementation::BuiltIn => {
            let row = BUILT_IN.iter().find(|(id, _)| *id == page.id.as_ref());
            let built = match row {
                Some((_, build)) => build(Json::Object(values)),
                None => Err(format!("\"{}\" has no row in src/rules.rs", page.id)),
            };
            built.map_err(|error| vec![Mistake::new(error)])
        }
    }
}

fn build<T: ArticleCheck + DeserializeOwned + 'static>(
    settings: Json,
) -> Result<Box<dyn ArticleCheck>, String> {
    let check: T = serde_json::from_value(settings).map_err(|error| error.to_string())?;
    Ok(Box::new(check))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_pages_fit_their_schema() {
        let schema = Schema::own(PAGE_SCHEMA, "https://copydesk.dev/schemas/rule.schema.json");
        let mistakes = pages(Some(&schema)).err().unwrap_or_default();
        assert!(mistakes.is_empty(), "{mistakes:#?}");
    }
}
