//! What one article tells the corpus: plain data, far smaller than the article, that can be stored and sent.
//!
//! Rules that look at many articles see nothing else of them, so the memory of a run grows with facts and not with text.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// A kind of fact that a rule can want to know of every article.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Want {
    /// Nothing of the articles but which there are.
    Paths,
    /// Title, slug, description, excerpt, keywords and image.
    Head,
    /// The categories, with their tiers.
    Categories,
    /// Where it leads within the site.
    Links,
    /// Beside its links, the pictures that its templates, tags and fields name.
    Mentions,
    /// What a `#fragment` can lead to.
    Anchors,
    /// The addresses under which the site shows it.
    Addresses,
    /// A signature of its text, by which similar texts are found.
    Signature,
    /// A number for each sentence.
    Sentences,
    /// How long it is, and takes to read.
    Measures,
    /// A field of the front matter, by its dotted path.
    Field(Arc<str>),
    /// Not of the articles, but of the site: which files there are.
    Files,
}

/// What rules want to know of every article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wants(BTreeSet<Want>);

impl Wants {
    /// These.
    pub fn of(wants: impl IntoIterator<Item = Want>) -> Self {
        Self(wants.into_iter().collect())
    }

    /// Whether this is among them.
    #[must_use]
    pub fn has(&self, want: &Want) -> bool {
        self.0.contains(want)
    }

    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// All that the one or the other has.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The fields of the front matter among them.
    pub fn fields(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().filter_map(|want| if let Want::Field(name) = want { Some(name) } else { None })
    }
}

/// How long an article is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// The words that a reader sees, CJK characters included.
    pub words: u32,
    /// The minutes of reading that the front matter states.
    pub minutes: Option<u32>,
}

/// A text of an article, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The text, without white space around it.
    pub text: Box<str>,
    /// Its bytes in the file; the quotes of a front matter's text included.
    pub span: Span,
}

/// Numbers for texts as they are read: without differences of case, white space, typography, and of how accents are stored.
/// `None` of a text that is not there or says nothing. To make them takes longer than all that is done with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readings {
    /// Of the title.
    pub title: Option<u64>,
    /// Of the description.
    pub description: Option<u64>,
    /// Of the excerpt.
    pub excerpt: Option<u64>,
}

/// A category of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiered {
    /// Its tier, where the article names one.
    pub tier: Option<Box<str>>,
    /// Its name.
    pub name: Told,
    /// How the name is written.
    pub written: Written,
}

/// How a text of the front matter is written, as far as another can be put into its place without a look at the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Written {
    /// Without quotes, as in YAML.
    Bare,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// In a way that only a look at the whole tells how to change.
    Otherwise,
}

/// What an address in an article is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Use {
    /// A link in the body.
    Link,
    /// An image in the body.
    Image,
    /// The image of the front matter.
    Hero,
    /// A file that a template, a tag or a field names: where it leads only they know.
    Mention,
}

/// An address within the site: a path, a fragment, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The address without white space around it, escapes and entities of Markdown resolved.
    pub url: Box<str>,
    /// Where it stands.
    pub span: Span,
    /// What it is for.
    pub used_as: Use,
    /// Whether it stands in Markdown, which makes `%20` of a space; HTML and front matter leave it.
    pub is_markdown: bool,
}

/// What one article tells. A list or text that no rule wants is empty, and so is one of which it has nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Whether it is not published yet.
    pub is_draft: bool,
    /// The title.
    pub title: Option<Told>,
    /// The slug, as the front matter has it.
    pub slug: Option<Told>,
    /// The description for search engines.
    pub description: Option<Told>,
    /// The summary for readers.
    pub excerpt: Option<Told>,
    /// Title, description and excerpt as they are read.
    pub readings: Readings,
    /// The address of the image in the front matter, wherever it leads.
    pub image: Option<Told>,
    /// The search words, in their order.
    pub keywords: Box<[Told]>,
    /// The one category that it stands under.
    pub category: Option<Tiered>,
    /// Its categories, in their order.
    pub categories: Box<[Tiered]>,
    /// How long it is.
    pub measures: Option<Measures>,
    /// The wanted fields of the front matter, by their dotted paths; a list has an entry for each item.
    pub fields: Box<[(Arc<str>, Box<str>)]>,
    /// The paths under which the site shows it, from its root, as in `/posts/doors/`: its own first, then its aliases.
    pub addresses: Box<[Box<str>]>,
    /// What a `#fragment` can lead to, sorted.
    pub anchors: Box<[Box<str>]>,
    /// Whether it can lead to something else, too: templates make headings or ids that are not known.
    pub has_more_anchors: bool,
    /// Where it leads within the site, by place.
    pub links: Box<[Reference]>,
    /// `MinHash` values of its text; two articles have as many alike as their texts share.
    pub signature: Box<[u32]>,
    /// A number for each of its sentences that are long enough to tell, and where it stands.
    pub sentences: Box<[(u64, Span)]>,
}

impl Facts {
    /// What a file tells that cannot be read as text: nothing, but whatever may be in it.
    #[must_use]
    pub fn of_damaged() -> Self {
        Self { has_more_anchors: true, ..Self::default() }
    }
}
