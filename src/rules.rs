//! The rules that come with the program: a page for each in `rules/`, and the logic of those that need Rust.
//!
//! To add a declarative rule, write its page. To add a built-in one, write its page, its source file, and two lines
//! here: the module and the row.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::declarative;
use crate::mistake::Mistake;
use crate::rule::{Check, Implementation, Page};
use crate::schema::{Schema, nearest};
use crate::text::Source;

mod corpus {
    pub(super) mod boilerplate_sentence;
    pub(super) mod draft_linked;
    pub(super) mod duplicate_description;
    pub(super) mod duplicate_slug;
    pub(super) mod duplicate_title;
    pub(super) mod image_shared;
    pub(super) mod keyword_cannibalization;
    pub(super) mod near_duplicate;
    pub(super) mod orphan;
    pub(super) mod unused_image;
}
mod editorial {
    pub(super) mod date_format;
    pub(super) mod date_in_future;
    pub(super) mod date_order;
    pub(super) mod description_cut_mid_word;
    pub(super) mod excerpt_matches_description;
    pub(super) mod image_credit;
    pub(super) mod keywords;
    pub(super) mod reading_time;
    pub(super) mod slug_format;
    pub(super) mod slug_matches_file;
    pub(super) mod stale;
}
mod front_matter {
    pub(super) mod ambiguous_scalar;
    pub(super) mod duplicate_key;
    pub(super) mod field_order;
    pub(super) mod front_matter_misplaced;
    pub(super) mod front_matter_missing;
    pub(super) mod front_matter_syntax;
    pub(super) mod schema;
    pub(super) mod unknown_field;
    pub(super) mod yaml_portability;
}
mod hygiene {
    pub(super) mod suppression;
    pub(super) mod unreadable_file;
}
mod images {
    pub(super) mod image_alt;
    pub(super) mod image_alt_text;
    pub(super) mod image_host;
    pub(super) mod image_reused;
}
mod links {
    pub(super) mod broken_anchor;
    pub(super) mod broken_link;
    pub(super) mod empty_link;
    pub(super) mod insecure_url;
    pub(super) mod undefined_reference;
    pub(super) mod unused_reference;
    pub(super) mod url_syntax;
}
mod network {
    pub(super) mod image_reachable;
    pub(super) mod image_size;
    pub(super) mod image_type;
    pub(super) mod link_reachable;
    pub(super) mod redirect_permanent;
}
mod structure {
    pub(super) mod bare_url;
    pub(super) mod code_language;
    pub(super) mod duplicate_heading;
    pub(super) mod emphasis_as_heading;
    pub(super) mod empty_heading;
    pub(super) mod empty_section;
    pub(super) mod file_name;
    pub(super) mod first_heading_level;
    pub(super) mod heading_increment;
    pub(super) mod invisible_characters;
    pub(super) mod single_title;
    pub(super) mod whitespace;
}
mod taxonomy {
    pub(super) mod category_conflict;
    pub(super) mod category_tiers;
    pub(super) mod category_unknown;
}

type Build = fn(Json) -> Result<Box<dyn Check>, String>;

const BUILT_IN: &[(&str, Build)] = &[
    ("ambiguous-scalar", build::<front_matter::ambiguous_scalar::AmbiguousScalar>),
    ("bare-url", build::<structure::bare_url::BareUrl>),
    ("boilerplate-sentence", build::<corpus::boilerplate_sentence::BoilerplateSentence>),
    ("category-conflict", build::<taxonomy::category_conflict::CategoryConflict>),
    ("broken-anchor", build::<links::broken_anchor::BrokenAnchor>),
    ("broken-link", build::<links::broken_link::BrokenLink>),
    ("category-tiers", build::<taxonomy::category_tiers::CategoryTiers>),
    ("category-unknown", build::<taxonomy::category_unknown::CategoryUnknown>),
    ("code-language", build::<structure::code_language::CodeLanguage>),
    ("date-format", build::<editorial::date_format::DateFormat>),
    ("date-in-future", build::<editorial::date_in_future::DateInFuture>),
    ("date-order", build::<editorial::date_order::DateOrder>),
    ("description-cut-mid-word", build::<editorial::description_cut_mid_word::DescriptionCutMidWord>),
    ("duplicate-description", build::<corpus::duplicate_description::DuplicateDescription>),
    ("draft-linked", build::<corpus::draft_linked::DraftLinked>),
    ("duplicate-heading", build::<structure::duplicate_heading::DuplicateHeading>),
    ("duplicate-key", build::<front_matter::duplicate_key::DuplicateKey>),
    ("duplicate-slug", build::<corpus::duplicate_slug::DuplicateSlug>),
    ("duplicate-title", build::<corpus::duplicate_title::DuplicateTitle>),
    ("emphasis-as-heading", build::<structure::emphasis_as_heading::EmphasisAsHeading>),
    ("empty-heading", build::<structure::empty_heading::EmptyHeading>),
    ("empty-link", build::<links::empty_link::EmptyLink>),
    ("empty-section", build::<structure::empty_section::EmptySection>),
    (
        "excerpt-matches-description",
        build::<editorial::excerpt_matches_description::ExcerptMatchesDescription>,
    ),
    ("field-order", build::<front_matter::field_order::FieldOrder>),
    ("file-name", build::<structure::file_name::FileName>),
    ("first-heading-level", build::<structure::first_heading_level::FirstHeadingLevel>),
    ("front-matter-misplaced", build::<front_matter::front_matter_misplaced::FrontMatterMisplaced>),
    ("front-matter-missing", build::<front_matter::front_matter_missing::FrontMatterMissing>),
    ("front-matter-syntax", build::<front_matter::front_matter_syntax::FrontMatterSyntax>),
    ("heading-increment", build::<structure::heading_increment::HeadingIncrement>),
    ("image-alt", build::<images::image_alt::ImageAlt>),
    ("image-alt-text", build::<images::image_alt_text::ImageAltText>),
    ("image-credit", build::<editorial::image_credit::ImageCredit>),
    ("image-host", build::<images::image_host::ImageHost>),
    ("image-reachable", build::<network::image_reachable::ImageReachable>),
    ("image-reused", build::<images::image_reused::ImageReused>),
    ("image-shared", build::<corpus::image_shared::ImageShared>),
    ("image-size", build::<network::image_size::ImageSize>),
    ("image-type", build::<network::image_type::ImageType>),
    ("insecure-url", build::<links::insecure_url::InsecureUrl>),
    ("invisible-characters", build::<structure::invisible_characters::InvisibleCharacters>),
    ("keyword-cannibalization", build::<corpus::keyword_cannibalization::KeywordCannibalization>),
    ("keywords", build::<editorial::keywords::Keywords>),
    ("link-reachable", build::<network::link_reachable::LinkReachable>),
    ("near-duplicate", build::<corpus::near_duplicate::NearDuplicate>),
    ("orphan", build::<corpus::orphan::Orphan>),
    ("reading-time", build::<editorial::reading_time::ReadingTime>),
    ("redirect-permanent", build::<network::redirect_permanent::RedirectPermanent>),
    ("schema", build::<front_matter::schema::Schema>),
    ("single-title", build::<structure::single_title::SingleTitle>),
    ("slug-format", build::<editorial::slug_format::SlugFormat>),
    ("slug-matches-file", build::<editorial::slug_matches_file::SlugMatchesFile>),
    ("stale", build::<editorial::stale::Stale>),
    ("suppression", build::<hygiene::suppression::Suppression>),
    ("undefined-reference", build::<links::undefined_reference::UndefinedReference>),
    ("unknown-field", build::<front_matter::unknown_field::UnknownField>),
    ("unreadable-file", build::<hygiene::unreadable_file::UnreadableFile>),
    ("unused-image", build::<corpus::unused_image::UnusedImage>),
    ("unused-reference", build::<links::unused_reference::UnusedReference>),
    ("url-syntax", build::<links::url_syntax::UrlSyntax>),
    ("whitespace", build::<structure::whitespace::Whitespace>),
    ("yaml-portability", build::<front_matter::yaml_portability::YamlPortability>),
];

/// The rule about files that are no text. On such a file no other rule runs.
pub const UNREADABLE_FILE: &str = "unreadable-file";

/// The rule about suppressions. It runs behind all others, since it looks at what they found.
pub const SUPPRESSION: &str = "suppression";

/// The folder `rules/` as it was when the program was built.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The JSON Schema of a rule page's front matter.
pub const PAGE_SCHEMA: &str = include_str!("../schemas/rule.schema.json");

/// The name of every preset that comes with the program, sorted: `rules/presets/<name>.yaml`.
#[must_use]
pub fn presets() -> Vec<&'static str> {
    let files = PAGES.get_dir("presets").into_iter().flat_map(Dir::files);
    let mut names: Vec<_> = files.map(|file| name(file.path().file_stem())).collect();
    names.sort_unstable();
    names
}

/// The text of a preset: a config of `extends` and `rules`.
#[must_use]
pub fn preset(name: &str) -> Option<&'static str> {
    PAGES.get_file(format!("presets/{name}.yaml"))?.contents_utf8()
}

/// All rules that a config can speak of, sorted by id: those that come with the program, and those of packs, whose ids
/// are `pack/rule`.
#[derive(Clone, Debug)]
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
        if path.extension() != Some(OsStr::new("md")) {
            continue;
        }
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

    /// These rules and those of packs. Of two with the same id, it is not said which is kept.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Arc<Page>>) -> Self {
        let mut pages = self.pages.clone();
        pages.extend(more);
        pages.sort_by(|left, right| left.id.cmp(&right.id));
        pages.dedup_by(|left, right| left.id == right.id);
        Self { pages }
    }

    /// All pages, sorted by id.
    #[must_use]
    pub fn pages(&self) -> &[Arc<Page>] {
        &self.pages
    }

    /// The page of a rule.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Page>> {
        self.position(id).map(|at| &self.pages[at])
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.pages.binary_search_by(|page| page.id.as_ref().cmp(id)).ok()
    }

    /// The page of a rule that somebody named.
    ///
    /// # Errors
    /// That there is no such rule, with the one that may have been meant.
    pub fn find(&self, id: &str) -> Result<&Arc<Page>, Mistake> {
        self.get(id).ok_or_else(|| {
            let ids = || self.pages.iter().map(|page| page.id.as_ref());
            let without_pack = ids().find(|known| known.rsplit_once('/').is_some_and(|(_, rule)| rule == id));
            let near = without_pack.or_else(|| nearest(id, ids()));
            let help = near.map(|near| format!("did you mean \"{near}\"?"));
            let help = help.unwrap_or_else(|| "`copydesk rules` lists them all".to_owned());
            Mistake::new(format!("there is no rule \"{id}\"")).with_help(Some(help))
        })
    }

    /// The rules that a selector means, as indices of [`Self::pages`]: an id, `*` for all, or `pack/*`.
    ///
    /// # Errors
    /// That there is no such rule or pack, with the one that may have been meant.
    pub fn select(&self, selector: &str) -> Result<Range<usize>, Mistake> {
        if selector == "*" {
            return Ok(0..self.pages.len());
        }
        let Some(pack) = selector.strip_suffix("/*") else {
            self.find(selector)?;
            let at = self.position(selector).unwrap_or_default();
            return Ok(at..at + 1);
        };
        let pack_of = |page: &Arc<Page>| page.id.split_once('/').map(|(pack, _)| pack.to_owned());
        let is_in = |page: &&Arc<Page>| page.id.split_once('/').is_some_and(|(known, _)| known == pack);
        if let Some(first) = self.pages.iter().position(|page| is_in(&page)) {
            return Ok(first..first + self.pages[first..].iter().take_while(is_in).count());
        }
        let packs: Vec<String> = self.pages.iter().filter_map(pack_of).collect();
        let near = nearest(pack, packs.iter().map(String::as_str));
        let help = near.map(|near| format!("did you mean \"{near}/*\"?"));
        let help = help.unwrap_or_else(|| "the config names packs under `packs`".to_owned());
        Err(Mistake::new(format!("there is no pack \"{pack}\"")).with_help(Some(help)))
    }
}

/// Makes the check of a rule; `chosen` are the options that differ from the page's defaults.
///
/// # Errors
/// What is wrong with the options beyond what their schema can say, without a place; and what is wrong with the page of
/// a declarative rule, with its place in that page.
pub fn check_of(page: &Page, chosen: &Map<String, Json>) -> Result<Box<dyn Check>, Vec<Mistake>> {
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

fn build<T: Check + DeserializeOwned + 'static>(settings: Json) -> Result<Box<dyn Check>, String> {
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
