//! What the fields of a front matter are for: a rule asks for the description, not for `metaDescription`.

use std::fmt;
use std::str::FromStr;

use crate::article::{Article, FrontMatter};
use crate::data::{Node, Place, Value, field_path};

/// A purpose that a field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// What the page is called.
    Title,
    /// The summary for search engines.
    Description,
    /// The summary for readers.
    Excerpt,
    /// The last part of the address.
    Slug,
    /// When it was published.
    Date,
    /// When it was last changed.
    Updated,
    /// The address of the hero image.
    Image,
    /// What the hero image shows, in words.
    ImageAlt,
    /// Who made the hero image.
    ImageCredit,
    /// Minutes to read it.
    ReadingTime,
    /// The list of categories.
    Categories,
    /// The one category it stands under.
    Category,
    /// The search words it is written for.
    Keywords,
    /// Whether it is not published yet.
    Draft,
    /// The text for social networks.
    Social,
}

/// Each role with its name in the config and the fields that sites keep it in, the likeliest first. A dot goes one
/// mapping or list deeper. The names come from the documentation of
/// - Hugo: <https://gohugo.io/content-management/front-matter/>, <https://gohugo.io/configuration/front-matter/>
///   (`date`, `publishDate`, `pubdate`, `published`, `lastmod`, `modified`, `summary`, `keywords`, `images`); of its
///   theme `PaperMod`, `cover.image` and `cover.alt`;
/// - Jekyll: <https://jekyllrb.com/docs/front-matter/> (`published`, `date`, `category`, `categories`); of its plugins
///   jekyll-seo-tag and jekyll-last-modified-at, `image.path`, `image.alt` and `last_modified_at`; of its theme Minimal
///   Mistakes (<https://mmistakes.github.io/minimal-mistakes/docs/layouts/>), `header.*`; of Chirpy, `image.path`;
/// - Astro: its blog starter (`pubDate`, `updatedDate`, `heroImage`), Starlight
///   (<https://starlight.astro.build/reference/frontmatter/>: `lastUpdated`, `hero.image`) and `AstroPaper`
///   (`pubDatetime`, `modDatetime`, `ogImage`);
/// - Next: the blog starter of `timlrx` (`lastmod`, `summary`, `images`), Nextra's blog (`date`, `description`);
/// - Eleventy: <https://www.11ty.dev/docs/dates/> (`date`);
/// - Docusaurus: <https://docusaurus.io/docs/api/plugins/@docusaurus/plugin-content-blog> (`last_update.date`, `slug`,
///   `keywords`, `image`);
/// - Zola: <https://www.getzola.org/documentation/content/page/> (`updated`, `taxonomies.*`).
///
/// Names of other meaning are left out: `tags` are no search words, a `caption` says what is seen, and `permalink` and
/// `url` are whole addresses.
const ROLES: &[(Role, &str, &[&str])] = &[
    (Role::Title, "title", &["title"]),
    (
        Role::Description,
        "description",
        &["metaDescription", "meta_description", "description", "seo.description"],
    ),
    (Role::Excerpt, "excerpt", &["excerpt", "summary"]),
    (Role::Slug, "slug", &["slug"]),
    (
        Role::Date,
        "date",
        &[
            "date",
            "pubDate",
            "pubdate",
            "pubDatetime",
            "publishDate",
            "publishdate",
            "publishedAt",
            "published_at",
            "published",
        ],
    ),
    (
        Role::Updated,
        "updated",
        &[
            "updated",
            "lastmod",
            "updatedDate",
            "modDatetime",
            "last_modified_at",
            "last_update.date",
            "lastUpdated",
            "updatedAt",
            "updated_at",
            "modified",
        ],
    ),
    (
        Role::Image,
        "image",
        &[
            "image",
            "image.path",
            "image.src",
            "image.url",
            "cover",
            "cover.image",
            "heroImage",
            "hero",
            "hero.image",
            "hero.image.file",
            "header.image",
            "header.overlay_image",
            "header.teaser",
            "images.0",
            "ogImage",
        ],
    ),
    (
        Role::ImageAlt,
        "image-alt",
        &[
            "imageAlt",
            "image_alt",
            "image.alt",
            "cover.alt",
            "heroImageAlt",
            "coverAlt",
            "hero.image.alt",
            "header.image_description",
        ],
    ),
    (Role::ImageCredit, "image-credit", &["imageCredit", "image_credit", "image.credit", "header.caption"]),
    (Role::ReadingTime, "reading-time", &["readingTime", "reading_time", "readTime", "read_time"]),
    (Role::Categories, "categories", &["categories", "taxonomies.categories"]),
    (Role::Category, "category", &["category"]),
    (Role::Keywords, "keywords", &["keywords", "taxonomies.keywords"]),
    (Role::Draft, "draft", &["draft", "isDraft", "published", "status"]),
    (Role::Social, "social", &["socialShare", "social", "social_share"]),
];

/// What a field says that is not published yet.
const UNPUBLISHED: [&str; 5] = ["draft", "pending", "private", "unpublished", "wip"];

impl Role {
    /// Every role.
    pub fn all() -> impl Iterator<Item = Self> {
        ROLES.iter().map(|(role, ..)| *role)
    }

    /// Its name in the config, as in `reading-time`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Whether a value under one of the default names can play the role. `published: false` is no date, `hero: {…}` no
    /// picture, `read_time: true` no number.
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Title | Self::Category | Self::Draft => true,
            Self::Categories => !matches!(value, Value::Mapping(_) | Value::Bool(_)),
            Self::Keywords => matches!(value, Value::String(_) | Value::Sequence(_)),
            Self::Date | Self::Updated => match value {
                Value::Number(_) => true,
                Value::String(text) => switch(text).is_none(),
                _ => false,
            },
            _ => matches!(value, Value::String(_) | Value::Number(_)),
        }
    }

    fn row(self) -> &'static (Self, &'static str, &'static [&'static str]) {
        ROLES.iter().find(|(role, ..)| *role == self).expect("the test below proves the table complete")
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::all().find(|role| role.name() == text).ok_or_else(|| format!("\"{text}\" is not a role"))
    }
}

/// The field or fields that hold each role in one collection.
#[derive(Clone, Debug)]
pub struct Roles {
    /// In the order of [`Role`].
    fields: [Fields; ROLES.len()],
}

/// The field or fields that hold one role.
#[derive(Clone, Debug)]
struct Fields {
    paths: Vec<Path>,
    /// Whether somebody named the field.
    named: bool,
}

/// The keys that lead to a field, and the bit of the first: see [`key_bits`].
#[derive(Clone, Debug)]
struct Path {
    bit: u64,
    keys: Vec<String>,
}

impl Path {
    fn new(field: &str) -> Self {
        let keys = field_path(field);
        // An empty path leads to the whole.
        Self { bit: keys.first().map_or(u64::MAX, |key| key_bit(key)), keys }
    }

    fn find<'a>(&self, root: &'a Node) -> Option<Place<'a>> {
        root.find(self.keys.iter().map(String::as_str))
    }
}

impl Default for Roles {
    fn default() -> Self {
        let paths = |names: &[&str]| names.iter().map(|name| Path::new(name)).collect();
        Self { fields: std::array::from_fn(|role| Fields { paths: paths(ROLES[role].2), named: false }) }
    }
}

impl Roles {
    /// Names the one field of a role: a dotted path (`seo.title`) or a JSON Pointer (`/seo/title`).
    pub fn set(&mut self, role: Role, field: &str) {
        self.fields[role as usize] = Fields { paths: vec![Path::new(field)], named: true };
    }

    /// The fields of a role, the first to be looked for first, as the config would write them.
    #[must_use]
    pub fn fields(&self, role: Role) -> Vec<String> {
        self.fields[role as usize].paths.iter().map(|path| written(&path.keys)).collect()
    }

    /// The value that plays a role in an article; of several fields the first that is there, not empty, and of the kind
    /// that the role needs. A field that somebody named may be of any kind.
    #[must_use]
    pub fn find<'a>(&self, article: &'a Article<'_>, role: Role) -> Option<Place<'a>> {
        self.places(article, role).next()
    }

    fn places<'a>(&self, article: &'a Article<'_>, role: Role) -> impl Iterator<Item = Place<'a>> {
        let Fields { paths, named } = &self.fields[role as usize];
        let root = article.front_matter.as_ref().and_then(FrontMatter::root);
        paths
            .iter()
            .filter(|path| article.keys & path.bit != 0)
            .filter_map(move |path| path.find(root?))
            .filter(move |place| is_given(place.node) && (*named || role.fits(&place.node.value)))
    }

    /// Whether an article is not published yet: `draft: true`, `published: false`, `status: draft`, or, where nobody
    /// named a field, a file in Jekyll's folder `_drafts`.
    #[must_use]
    pub fn is_draft(&self, article: &Article<'_>) -> bool {
        let says_draft = |path: &Path| {
            let root = article.front_matter.as_ref().and_then(FrontMatter::root);
            let root = root.filter(|_| article.keys & path.bit != 0);
            let Some(place) = root.and_then(|root| path.find(root)) else { return false };
            let last = path.keys.last();
            let means_published = last.is_some_and(|key| key.to_ascii_lowercase().contains("publish"));
            match &place.node.value {
                Value::Bool(value) => *value != means_published,
                Value::String(text) => match switch(text) {
                    Some(value) => value != means_published,
                    None => UNPUBLISHED.iter().any(|word| text.eq_ignore_ascii_case(word)),
                },
                _ => false,
            }
        };
        let is_in_drafts =
            || article.source.path().split('/').rev().skip(1).any(|folder| folder == "_drafts");
        let Fields { paths, named } = &self.fields[Role::Draft as usize];
        paths.iter().any(says_draft) || (!named && is_in_drafts())
    }

    /// Whether the description of this article is known to be that of its excerpt: the config names the field of one of
    /// the two, or they are called a meta description and an excerpt. A `description` may be anything, and a `summary`
    /// another text.
    #[must_use]
    pub fn names_description_of_excerpt(&self, article: &Article<'_>) -> bool {
        let root = article.front_matter.as_ref().and_then(FrontMatter::root);
        let is_called = |role, key: &str| {
            let field = root.and_then(|root| root.get(key));
            self.find(article, role).zip(field).is_some_and(|(found, field)| std::ptr::eq(found.node, field))
        };
        let is_named = |role: Role| self.fields[role as usize].named;
        let is_generic = is_called(Role::Description, "description") || is_called(Role::Excerpt, "summary");
        !is_generic || is_named(Role::Description) || is_named(Role::Excerpt)
    }

    /// The text that plays a role, with its node. A field that holds something else is passed over: `image` may be a
    /// mapping, with the address in `image.path`.
    #[must_use]
    pub fn text<'a>(&self, article: &'a Article<'_>, role: Role) -> Option<(&'a str, &'a Node)> {
        self.places(article, role).find_map(|place| Some((place.node.as_str()?, place.node)))
    }
}

/// A bit for each key of a mapping. Each rule asks for roles, most have many fields, and most fields are in no article:
/// the bits say so of nearly all of them, without a look at the front matter.
pub(super) fn key_bits(root: &Node) -> u64 {
    root.entries().iter().fold(0, |bits, entry| bits | key_bit(&entry.key))
}

fn key_bit(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    1 << ((key.len() * 7 + usize::from(first) + usize::from(last) * 3) % 64)
}

/// A text that is true or false to whoever wrote it, as YAML 1.1 reads it.
fn switch(text: &str) -> Option<bool> {
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_one_of(["true", "yes", "on"]) {
        Some(true)
    } else {
        is_one_of(["false", "no", "off"]).then_some(false)
    }
}

fn is_given(node: &Node) -> bool {
    !node.is_null() && node.as_str().is_none_or(|text| !text.trim().is_empty())
}

/// A dotted path, or a JSON Pointer where a key has a dot in it.
fn written(path: &[String]) -> String {
    if path.iter().any(|key| key.contains('.')) || path.first().is_some_and(|key| key.starts_with('/')) {
        let escaped = path.iter().map(|key| key.replace('~', "~0").replace('/', "~1"));
        escaped.fold(String::new(), |pointer, key| pointer + "/" + &key)
    } else {
        path.join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_complete() {
        let roles: Vec<_> = Role::all().collect();
        assert!(roles.is_sorted() && roles.len() == Role::Social as usize + 1);
        for role in roles {
            assert_eq!(role.name().parse(), Ok(role));
        }
    }

    #[test]
    fn a_role_is_found_by_default_names_and_by_the_set_field() {
        let text =
            "---\nmetaDescription: ''\ndescription: Doors\nseo:\n  a.b: Hinges\nimage:\n  path: a.png\n---\n";
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let mut roles = Roles::default();
        assert_eq!(roles.text(&article, Role::Description).map(|found| found.0), Some("Doors"));
        assert_eq!(roles.text(&article, Role::Image).map(|found| found.0), Some("a.png"));
        roles.set(Role::Description, "/seo/a.b");
        assert_eq!(roles.text(&article, Role::Description).map(|found| found.0), Some("Hinges"));
    }

    fn article(text: &str) -> Source {
        Source::new("posts/a.md", text.as_bytes().to_vec())
    }

    #[test]
    fn a_field_of_another_kind_does_not_play_the_role() {
        let source = article(
            "---\npublished: no\nimage:\n  path: a.jpg\nread_time: true\nlastUpdated: false\n\
             hero:\n  tagline: Doors\nkeywords: true\n---\n",
        );
        let article = Article::parse(&source);
        let roles = Roles::default();
        assert_eq!(roles.text(&article, Role::Image).map(|found| found.0), Some("a.jpg"));
        for role in [Role::Date, Role::Updated, Role::ReadingTime, Role::Keywords] {
            assert!(roles.find(&article, role).is_none(), "{role}");
        }
    }

    #[test]
    fn a_draft_is_one_in_any_form() {
        let is_draft = |path: &str, front_matter: &str| {
            let source = Source::new(path, format!("---\n{front_matter}\n---\n").into_bytes());
            Roles::default().is_draft(&Article::parse(&source))
        };
        for draft in [
            "draft: true",
            "draft: 'true'",
            "published: false",
            "status: Draft",
            "isDraft: true",
            "published: no",
        ] {
            assert!(is_draft("a.md", draft), "{draft}");
        }
        for published in
            ["draft: false", "published: true", "published: 2024-01-02", "status: new", "draft: no", "a: 1"]
        {
            assert!(!is_draft("a.md", published), "{published}");
        }
        assert!(is_draft("_drafts/a.md", "a: 1") && !is_draft("drafts/_drafts.md", "a: 1"));
        let mut roles = Roles::default();
        roles.set(Role::Draft, "stage");
        let source = article("---\nstage: draft\nstatus: draft\n---\n");
        assert!(roles.is_draft(&Article::parse(&source)));
        roles.set(Role::Draft, "stages");
        assert!(!roles.is_draft(&Article::parse(&source)));
    }
}
