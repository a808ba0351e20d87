//! What the fields of a front matter are for: a rule asks for the description, not for `metaDescription`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::article::{Article, FrontMatter};
use crate::data::{Node, Place, pointer_segments};

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

/// Each role with its name in the config and the fields that Hugo, Jekyll, Astro, Next, Eleventy and Docusaurus
/// sites keep it in, the likeliest first. A dot goes one mapping deeper.
const ROLES: &[(Role, &str, &[&str])] = &[
    (Role::Title, "title", &["title"]),
    (
        Role::Description,
        "description",
        &["metaDescription", "meta_description", "description", "seo.description"],
    ),
    (Role::Excerpt, "excerpt", &["excerpt"]),
    (Role::Slug, "slug", &["slug"]),
    (Role::Date, "date", &["date", "pubDate", "publishDate", "published", "publishedAt"]),
    (
        Role::Updated,
        "updated",
        &["updated", "lastmod", "updatedDate", "last_modified_at", "last_update.date", "updatedAt"],
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
            "ogImage",
        ],
    ),
    (
        Role::ImageAlt,
        "image-alt",
        &["imageAlt", "image_alt", "image.alt", "cover.alt", "heroImageAlt", "coverAlt"],
    ),
    (Role::ImageCredit, "image-credit", &["imageCredit", "image_credit", "image.credit", "image.caption"]),
    (Role::ReadingTime, "reading-time", &["readingTime", "reading_time", "readTime"]),
    (Role::Categories, "categories", &["categories"]),
    (Role::Category, "category", &["category"]),
    (Role::Keywords, "keywords", &["keywords"]),
    (Role::Draft, "draft", &["draft"]),
    (Role::Social, "social", &["socialShare", "social", "social_share"]),
];

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
    fields: BTreeMap<Role, Vec<Vec<String>>>,
    /// The roles whose field somebody named.
    named: BTreeSet<Role>,
}

impl Default for Roles {
    fn default() -> Self {
        let paths = |names: &[&str]| names.iter().map(|name| segments(name)).collect();
        let named = BTreeSet::new();
        Self { named, fields: ROLES.iter().map(|(role, _, names)| (*role, paths(names))).collect() }
    }
}

impl Roles {
    /// Names the one field of a role: a dotted path (`seo.title`) or a JSON Pointer (`/seo/title`).
    pub fn set(&mut self, role: Role, field: &str) {
        self.fields.insert(role, vec![segments(field)]);
        self.named.insert(role);
    }

    /// The fields of a role, the first to be looked for first, as the config would write them.
    #[must_use]
    pub fn fields(&self, role: Role) -> Vec<String> {
        let paths = self.fields.get(&role).into_iter().flatten();
        paths.map(|path| written(path)).collect()
    }

    /// The value that plays a role in an article; of several fields the first that is there and not empty.
    #[must_use]
    pub fn find<'a>(&self, article: &'a Article<'_>, role: Role) -> Option<Place<'a>> {
        let root = article.front_matter.as_ref()?.root()?;
        let places = self.fields.get(&role)?.iter();
        places.filter_map(|path| root.find(path.iter().map(String::as_str))).find(|place| {
            !place.node.is_null() && place.node.as_str().is_none_or(|text| !text.trim().is_empty())
        })
    }

    /// Whether the description of this article is known to be that of its excerpt: the config names the field of one of
    /// the two, or the field is called a meta description. One called `description` alone may be anything.
    #[must_use]
    pub fn names_description_of_excerpt(&self, article: &Article<'_>) -> bool {
        let is_named = |role| self.named.contains(&role);
        let generic = article
            .front_matter
            .as_ref()
            .and_then(FrontMatter::root)
            .and_then(|root| root.get("description"));
        let found = self.find(article, Role::Description);
        let is_generic = found.zip(generic).is_some_and(|(found, generic)| std::ptr::eq(found.node, generic));
        !is_generic || is_named(Role::Description) || is_named(Role::Excerpt)
    }

    /// The text that plays a role, with its node.
    #[must_use]
    pub fn text<'a>(&self, article: &'a Article<'_>, role: Role) -> Option<(&'a str, &'a Node)> {
        let node = self.find(article, role)?.node;
        Some((node.as_str()?, node))
    }
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

fn segments(field: &str) -> Vec<String> {
    if field.starts_with('/') {
        pointer_segments(field).collect()
    } else {
        field.split('.').map(str::to_owned).collect()
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
        let text = "---\nmetaDescription: ''\ndescription: Doors\nseo:\n  a.b: Hinges\n---\n";
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let mut roles = Roles::default();
        assert_eq!(roles.text(&article, Role::Description).map(|found| found.0), Some("Doors"));
        roles.set(Role::Description, "/seo/a.b");
        assert_eq!(roles.text(&article, Role::Description).map(|found| found.0), Some("Hinges"));
    }
}
