//! From the JSON Pointer of a problem to bytes, and to a name that a person understands.

use std::cell::RefCell;
use std::collections::HashMap;

use super::words::quoted;
use crate::data::{Entry, Node, Value, pointer_segments};
use crate::text::Span;

/// Mappings with fewer entries are searched faster than they are indexed.
const SMALL: usize = 16;

/// A document in which pointers are looked up, as many as there are mistakes in it.
pub(super) struct Places<'a> {
    root: Option<&'a Node>,
    anchor: Span,
    /// The keys of large mappings by the address of their node.
    keys: RefCell<HashMap<usize, HashMap<&'a str, &'a Entry>>>,
}

/// What a pointer leads to.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The value; `None` where the document is empty.
    pub(super) node: Option<&'a Node>,
    /// The entry whose value it is, if it is not the root and not an item of a list.
    pub(super) entry: Option<&'a Entry>,
    root: bool,
}

impl<'a> Places<'a> {
    pub(super) fn new(root: Option<&'a Node>, anchor: Span) -> Self {
        Self { root, anchor, keys: RefCell::default() }
    }

    /// The place that a pointer leads to, or the nearest one above it.
    pub(super) fn at(&self, pointer: &str) -> Place<'a> {
        self.walk(pointer, |_| {})
    }

    /// The name of what a pointer leads to, as in `"name" in item 2 of "categories"`; `None` for the root.
    pub(super) fn name(&self, pointer: &str) -> Option<String> {
        let mut keys = String::new();
        let mut rest = String::new();
        self.walk(pointer, |step| match step {
            Step::Key(key) => {
                if !keys.is_empty() {
                    keys.push('.');
                }
                keys.push_str(key);
            }
            Step::Item(index) => {
                let list = rendered(&keys, &rest).map(|list| format!(" of {list}"));
                rest = format!("item {}{}", index + 1, list.unwrap_or_default());
                keys.clear();
            }
        });
        rendered(&keys, &rest)
    }

    /// The entry of a mapping; of a key that stands twice, the last.
    pub(super) fn entry(&self, mapping: &'a Node, key: &str) -> Option<&'a Entry> {
        let entries = mapping.entries();
        if entries.len() <= SMALL {
            return mapping.entry(key);
        }
        let mut keys = self.keys.borrow_mut();
        let index = keys
            .entry(std::ptr::from_ref(mapping) as usize)
            .or_insert_with(|| entries.iter().map(|entry| (entry.key.as_str(), entry)).collect());
        index.get(key).copied()
    }

    /// Where a problem with the value itself is shown; the root is its anchor, since to mark everything marks nothing.
    pub(super) fn value(&self, place: Place<'a>) -> Span {
        place.node.filter(|_| !place.root).map_or(self.anchor, |node| node.span)
    }

    /// Where something is shown that a mapping lacks: its key; the beginning of an item; the anchor of the root.
    pub(super) fn owner(&self, place: Place<'a>) -> Span {
        if place.root {
            return self.anchor;
        }
        match (place.entry, place.node) {
            (Some(entry), _) => entry.key_span,
            (None, Some(item)) => beginning(item),
            (None, None) => self.anchor,
        }
    }

    fn walk(&self, pointer: &str, mut step: impl FnMut(Step<'_>)) -> Place<'a> {
        let mut place = Place { node: self.root, entry: None, root: true };
        for segment in pointer_segments(pointer) {
            let Some(node) = place.node else { break };
            match &node.value {
                Value::Mapping(_) => {
                    let Some(entry) = self.entry(node, &segment) else {
                        break;
                    };
                    step(Step::Key(&segment));
                    place = Place { node: Some(&entry.value), entry: Some(entry), root: false };
                }
                Value::Sequence(items) => {
                    let index = segment.parse().ok();
                    let Some((index, item)) = index.and_then(|at: usize| Some((at, items.get(at)?))) else {
                        break;
                    };
                    step(Step::Item(index));
                    place = Place { node: Some(item), entry: None, root: false };
                }
                _ => break,
            }
        }
        place
    }
}

enum Step<'s> {
    Key(&'s str),
    Item(usize),
}

/// Keys joined by dots, in the item that they stand in.
fn rendered(keys: &str, rest: &str) -> Option<String> {
    match (keys.is_empty(), rest.is_empty()) {
        (true, true) => None,
        (true, false) => Some(rest.to_owned()),
        (false, true) => Some(quoted(keys)),
        (false, false) => Some(format!("{} in {rest}", quoted(keys))),
    }
}

/// The first key of an item, or its bracket: the whole item may be many lines, and an alias stands elsewhere.
fn beginning(item: &Node) -> Span {
    match item.entries().first() {
        Some(first) if first.key_span.start == item.span.start => first.key_span,
        Some(first) if item.span.contains(first.key_span) => {
            Span { start: item.span.start, end: item.span.start + 1 }
        }
        _ => item.span,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::node;
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_read_aloud() {
        let root = node(&json!({"a": {"b": {"c": 1}}, "l": [0, {"k": {"m": [1, [2]]}}], "x/y": 1}));
        let places = Places::new(Some(&root), Span::default());
        let cases = [
            ("", None),
            ("/a", Some("\"a\"")),
            ("/a/b/c", Some("\"a.b.c\"")),
            ("/l/1", Some("item 2 of \"l\"")),
            ("/l/1/k", Some("\"k\" in item 2 of \"l\"")),
            ("/l/1/k/m", Some("\"k.m\" in item 2 of \"l\"")),
            ("/l/1/k/m/1/0", Some("item 1 of item 2 of \"k.m\" in item 2 of \"l\"")),
            ("/x~1y", Some("\"x/y\"")),
            ("/nowhere", None),
        ];
        for (pointer, expected) in cases {
            assert_eq!(places.name(pointer).as_deref(), expected, "{pointer}");
        }
    }

    #[test]
    fn large_mappings_give_the_last_of_two_keys() {
        let mut root = node(&json!({"a": 1}));
        let Value::Mapping(entries) = &mut root.value else { unreachable!() };
        let entry = entries[0].clone();
        entries.extend((2..30).map(|number| Entry {
            value: Node { span: Span::new(number, number), value: Value::Null },
            ..entry.clone()
        }));
        let places = Places::new(Some(&root), Span::default());
        assert_eq!(places.at("/a").node.unwrap().span, Span::new(29, 29));
    }
}
