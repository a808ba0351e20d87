//! The proof of a change: the edited text is read again, and says what it should.

use serde_json::Value as Json;

use super::Editor;
use crate::article::{Format, FrontMatter};
use crate::data::{Entry, Node, Value};
use crate::finding::{Edit, rewrite};
use crate::text::Span;

/// How many bytes an editor may read again in all: thousands of changes in usual front matter, while a hostile one is
/// left alone after a while.
const MAX_WORK: usize = 4 << 20;

/// What may become of the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// They stay, in their order.
    Stay,
    /// Those that are deleted with an entry go.
    Go,
    /// They change places.
    Move,
}

impl Editor<'_> {
    /// The first way of making a change that is right.
    pub(super) fn first_right(
        &self,
        ways: impl IntoIterator<Item = Vec<Edit>>,
        expected: &Node,
        comments: Comments,
    ) -> Option<Vec<Edit>> {
        ways.into_iter().find_map(|mut edits| {
            edits.sort_by_key(|edit| edit.span);
            self.is_right(&edits, expected, comments).then_some(edits)
        })
    }

    /// Whether it has read so much again that it proves nothing more.
    pub(super) fn is_spent(&self) -> bool {
        self.work.get() > MAX_WORK
    }

    /// Whether the edited text has the same body, a front matter that says what is expected, and its comments.
    fn is_right(&self, edits: &[Edit], expected: &Node, comments: Comments) -> bool {
        let is_apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        self.work.set(self.work.get() + self.block.span.len());
        if !is_apart || self.is_spent() {
            return false;
        }
        let new = rewrite(self.text, edits);
        let Some((block, body)) = FrontMatter::find(&new) else { return false };
        let kinds = |block: &FrontMatter| {
            let flaws: Vec<_> = block.flaws.iter().map(std::mem::discriminant).collect();
            (block.format, flaws)
        };
        block.is_sound()
            && kinds(&block) == kinds(self.block)
            && new[body..] == self.text[self.body..]
            && block.root().map_or(expected.entries().is_empty(), |root| is_same(root, expected))
            && self.has_comments(&new, &block, edits, comments)
            && self.has_duplicates(&block)
    }

    fn has_comments(&self, new: &str, block: &FrontMatter, edits: &[Edit], comments: Comments) -> bool {
        let is_deleted = |span: &Span| edits.iter().any(|edit| edit.span.contains(*span));
        let old = self.block.document.comments.iter();
        let mut old: Vec<&str> = old
            .filter(|span| comments != Comments::Go || !is_deleted(span))
            .map(|span| &self.text[span.range()])
            .collect();
        let mut new: Vec<&str> = block.document.comments.iter().map(|span| &new[span.range()]).collect();
        if comments == Comments::Move {
            old.sort_unstable();
            new.sort_unstable();
        }
        old == new
    }

    /// The second of two keys is not in the tree of TOML.
    fn has_duplicates(&self, new: &FrontMatter) -> bool {
        let keys = |block: &FrontMatter| {
            block.document.duplicates.iter().map(|duplicate| duplicate.key.clone()).collect::<Vec<_>>()
        };
        self.block.format != Format::Toml || keys(new) == keys(self.block)
    }

    /// The tree with a change at one place.
    pub(super) fn changed(&self, path: &[usize], change: impl FnOnce(&mut Node)) -> Option<Node> {
        let mut root = self.block.root()?.clone();
        let mut node = &mut root;
        for index in path {
            node = match &mut node.value {
                Value::Mapping(entries) => &mut entries.get_mut(*index)?.value,
                Value::Sequence(items) => items.get_mut(*index)?,
                _ => return None,
            };
        }
        change(node);
        Some(root)
    }
}

/// Whether two values are the same, with their keys in the same order.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            let is_same_entry =
                |(one, other): (&Entry, &Entry)| one.key == other.key && is_same(&one.value, &other.value);
            one.len() == other.len() && one.iter().zip(other).all(is_same_entry)
        }
        (one, other) => one == other,
    }
}

/// A value without a place.
pub(super) fn node(value: &Json) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.clone()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Sequence(items.iter().map(node).collect()),
        Json::Object(entries) => {
            Value::Mapping(entries.iter().map(|(key, value)| entry(key, value)).collect())
        }
    };
    Node { span: Span::empty(0), value }
}

/// An entry without a place.
pub(super) fn entry(key: &str, value: &Json) -> Entry {
    Entry { key: key.to_owned(), key_span: Span::empty(0), value: node(value) }
}
