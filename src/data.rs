//! A document of data (YAML, TOML or JSON) as a tree in which every key and every value knows its bytes.

use serde_json::{Map, Number};

use crate::finding::Edit;
use crate::text::Span;

/// What a parser made of a document. It never fails: what is wrong stands in `problems`.
#[derive(Debug, Default)]
pub struct Document {
    /// The value of the whole document; `None` where it is empty or could not be read.
    pub root: Option<Node>,
    /// What is wrong with its syntax.
    pub problems: Vec<Problem>,
    /// Keys that a mapping has more than once.
    pub duplicates: Vec<DuplicateKey>,
    /// The comments, each from its `#` to the end of its line.
    pub comments: Vec<Span>,
    /// YAML: lines inside a value that stand no deeper than its key, though YAML 1.2 wants them to: the white space
    /// that each begins with, which may be empty. Sorted.
    pub outdented: Vec<Span>,
}

/// A mistake of syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes that are wrong.
    pub span: Span,
    /// What is wrong, in a writer's words.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What to write, and where, if it is plain what was meant.
    pub replacement: Option<Edit>,
}

/// A key that its mapping already has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The key.
    pub key: String,
    /// The second key.
    pub span: Span,
    /// The first key.
    pub first: Span,
}

/// A value and its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value: quotes and brackets included, the header of a block scalar not; empty, behind the
    /// colon, where a key has no value. The span of an alias is that of the alias (`*name`), while what lies below
    /// it has the spans of the anchor's value.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value of YAML's core schema. Dates and everything else are text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the text.
    Mapping(Vec<Entry>),
}

/// A key, its value, and where the key stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as text.
    pub key: String,
    /// The bytes of the key, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Entry {
    /// From the key to the end of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.key_span.to(self.value.span)
    }
}

/// A node found by its path, with the key that leads to it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The key, where the node is a mapping's value.
    pub key_span: Option<Span>,
    /// The node.
    pub node: &'a Node,
}

impl Node {
    /// The value of a key; of a key that stands twice, the last, as most readers do.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The key and the value of a key; of a key that stands twice, the last.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key == key)
    }

    /// The entries of a mapping; none for everything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for everything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// Follows path segments: keys of mappings, and indices of lists.
    #[must_use]
    pub fn find<'p>(&self, path: impl IntoIterator<Item = &'p str>) -> Option<Place<'_>> {
        let mut place = Place { key_span: None, node: self };
        for segment in path {
            place = match &place.node.value {
                Value::Mapping(_) => {
                    let entry = place.node.entry(segment)?;
                    Place { key_span: Some(entry.key_span), node: &entry.value }
                }
                Value::Sequence(items) => {
                    Place { key_span: None, node: items.get(segment.parse::<usize>().ok()?)? }
                }
                _ => return None,
            };
        }
        Some(place)
    }

    /// The same value without its places.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number.clone().into(),
            Value::String(text) => text.as_str().into(),
            Value::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Value::Mapping(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json()));
                serde_json::Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }
}

/// The segments of an RFC 6901 JSON Pointer, with `~1` and `~0` undone.
pub fn pointer_segments(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
}

/// The segments of a field's path: dotted (`seo.title`), or a JSON Pointer (`/seo/title`) where a key has a dot in it.
#[must_use]
pub fn field_path(path: &str) -> Vec<String> {
    if path.starts_with('/') {
        pointer_segments(path).collect()
    } else {
        path.split('.').map(str::to_owned).collect()
    }
}
