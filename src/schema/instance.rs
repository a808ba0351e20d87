//! Our data as the validator reads it, in place: nothing is copied of a document that has no mistakes.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jsonschema::JsonType;
use jsonschema::json::{self, Json, NodeIdentity};
use serde_json::{Number, Value as Copied};

use crate::data::{Entry, Node, Value};
use crate::text::Span;

/// The kind of data that a validator of ours reads: [`Node`]s. Their mappings must have each key once: see [`distinct`].
#[derive(Debug)]
pub(super) struct Data;

impl Json for Data {
    type Node<'a> = &'a Node;
    type PreparedKey = String;
    type StringBuffer = Option<Node>;

    // A key is looked for from entry to entry.
    const KEYS_PER_LOOKUP: usize = 8;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut Option<Node>, string: &str, f: impl FnOnce(&Node) -> T) -> T {
        f(buffer.insert(Node { span: Span::empty(0), value: Value::String(string.to_owned()) }))
    }
}

impl<'a> json::Node<'a, Data> for &'a Node {
    type Object = &'a [Entry];
    type Array = &'a [Node];
    type Number = &'a Number;

    fn as_object(&self) -> Option<&'a [Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<&'a [Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match &self.value {
            Value::String(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<&'a Number> {
        match &self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    fn json_type(&self) -> JsonType {
        match &self.value {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Sequence(_) => JsonType::Array,
            Value::Mapping(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Copied) -> bool {
        match (&self.value, expected) {
            (Value::String(text), Copied::String(expected)) => text == expected,
            (Value::String(_), _) | (_, Copied::String(_)) => false,
            _ => json::cmp::equal(&self.to_json(), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, Copied> {
        Cow::Owned(self.to_json())
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node>(self) as usize))
    }
}

impl<'a> json::Object<'a, Data> for &'a [Entry] {
    type Node = &'a Node;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        <[Entry]>::len(self)
    }

    fn get(&self, key: &String) -> Option<&'a Node> {
        self.iter().find(|entry| entry.key == *key).map(|entry| &entry.value)
    }

    fn members(&self) -> Members<'a> {
        Members(self.iter())
    }
}

/// The keys and values of a mapping.
pub(super) struct Members<'a>(std::slice::Iter<'a, Entry>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Node);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|entry| (entry.key.as_str(), &entry.value))
    }
}

impl<'a> json::Array<'a, Data> for &'a [Node] {
    type Node = &'a Node;
    type ElementsIter = std::slice::Iter<'a, Node>;

    fn len(&self) -> usize {
        <[Node]>::len(self)
    }

    fn elements(&self) -> std::slice::Iter<'a, Node> {
        self.iter()
    }
}

/// The same data with each key once: of a key that stands twice the last value, in the place of the first.
pub(super) fn distinct(node: &Node) -> Cow<'_, Node> {
    if is_distinct(node) {
        return Cow::Borrowed(node);
    }
    let value = match &node.value {
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| distinct(item).into_owned()).collect())
        }
        Value::Mapping(entries) => {
            let mut known: HashMap<&str, usize> = HashMap::new();
            let mut kept: Vec<Entry> = Vec::new();
            for entry in entries {
                let value = distinct(&entry.value).into_owned();
                let place = *known.entry(&entry.key).or_insert(kept.len());
                match kept.get_mut(place) {
                    Some(first) => first.value = value,
                    None => kept.push(Entry { key: entry.key.clone(), key_span: entry.key_span, value }),
                }
            }
            Value::Mapping(kept)
        }
        value => value.clone(),
    };
    Cow::Owned(Node { span: node.span, value })
}

/// Whether no mapping has a key twice.
fn is_distinct(node: &Node) -> bool {
    node.items().iter().all(is_distinct)
        && has_distinct_keys(node.entries())
        && node.entries().iter().all(|entry| is_distinct(&entry.value))
}

fn has_distinct_keys(entries: &[Entry]) -> bool {
    /// To compare so many keys with each other costs less than to hash them.
    const FEW: usize = 40;
    if entries.len() > FEW {
        let mut known = HashSet::with_capacity(entries.len());
        return entries.iter().all(|entry| known.insert(entry.key.as_str()));
    }
    let is_new =
        |(index, entry): (usize, &Entry)| entries[..index].iter().all(|other| other.key != entry.key);
    entries.iter().enumerate().all(is_new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_has_its_last_value() {
        let many = (0..50).fold(String::new(), |text, key| format!("{text}k{key}: {key}\n"));
        for text in
            ["a: 1\nb: {c: 1, d: 2, c: 3}\na: 4\n", "- {a: 1, a: 2}\n", "a: 1\n", &format!("{many}k7: x\n")]
        {
            let document = crate::yaml::parse(text, 0);
            let root = document.root.expect("it parses");
            let distinct = distinct(&root);
            assert!(is_distinct(&distinct), "{text}");
            assert_eq!(distinct.to_json().to_string(), root.to_json().to_string(), "{text}");
            assert_eq!(matches!(distinct, Cow::Borrowed(_)), text == "a: 1\n", "{text}");
        }
    }
}
