//! TOML as a [`Document`]: the only door to the TOML parser.

use std::collections::HashMap;

use serde_json::Number;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue, Error};

use crate::data::{Document, DuplicateKey, Entry, Node, Problem, Value};
use crate::text::{Span, without_lone_returns};

/// Parses one document that begins at byte `offset` of its file. Never fails: see [`Document::problems`].
///
/// Comments are not collected: the parser drops them.
#[must_use]
pub fn parse(text: &str, offset: usize) -> Document {
    let text = &*without_lone_returns(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut document = Document::default();
    let root = mapping(table.get_ref(), Span::new(offset, offset + text.len()), offset);
    let known = if errors.is_empty() { Keys::new() } else { keys(&root) };
    for error in errors {
        match duplicate(&error, text, &known, offset) {
            Some(duplicate) => document.duplicates.push(duplicate),
            // One slip brings several errors, of which only the first is about it.
            None if document.problems.is_empty() => document.problems.push(problem(&error, text, offset)),
            None => {}
        }
    }
    if document.problems.is_empty() {
        document.root = Some(root);
    }
    document
}

fn problem(error: &Error, text: &str, offset: usize) -> Problem {
    let range = error.span().unwrap_or(text.len()..text.len());
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let rest = &text[range.start.min(text.len())..];
    let line = text[..range.start.min(text.len())].rsplit('\n').next().unwrap_or_default();
    let help = if message.contains("expected `=`") && (rest.starts_with(':') || line.contains(':')) {
        "TOML has `=` where YAML has `:`"
    } else if rest.starts_with(['“', '”', '‘', '’']) {
        "curly quotes are no quotes to a computer: write straight ones, \""
    } else if message.contains("boolean") {
        "write `true` or `false`, in small letters"
    } else {
        "TOML writes `key = value`, one a line, texts in double quotes and lists in brackets"
    };
    Problem {
        span: Span::from(range).shifted(offset),
        message: format!("TOML error: {message}"),
        help: Some(help.to_owned()),
        replacement: None,
    }
}

/// The parser reports the second of two keys and keeps the first.
fn duplicate(error: &Error, text: &str, keys: &Keys, offset: usize) -> Option<DuplicateKey> {
    let range = error.span().filter(|_| error.message() == "duplicate key")?;
    let span = Span::from(range.clone()).shifted(offset);
    let key = text[range].trim_matches(['"', '\'']).to_owned();
    // The error does not say which table it means: the last key before it does.
    let places = keys.get(&key)?;
    let first = *places.get(places.partition_point(|place| *place < span).checked_sub(1)?)?;
    Some(DuplicateKey { key, span, first })
}

/// The places of all keys, at any depth, by name; sorted.
type Keys = HashMap<String, Vec<Span>>;

fn keys(root: &Node) -> Keys {
    let mut keys = Keys::new();
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        nodes.extend(node.items());
        for entry in node.entries() {
            keys.entry(entry.key.clone()).or_default().push(entry.key_span);
            nodes.push(&entry.value);
        }
    }
    for places in keys.values_mut() {
        places.sort_unstable();
    }
    keys
}

fn mapping(table: &DeTable<'_>, span: Span, offset: usize) -> Node {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: Span::from(key.span()).shifted(offset),
            value: node(value, offset),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span);
    Node { span, value: Value::Mapping(entries) }
}

fn node(value: &Spanned<DeValue<'_>>, offset: usize) -> Node {
    let span = Span::from(value.span()).shifted(offset);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => number(integer),
        DeValue::Float(float) => {
            let text = float.as_str().replace('_', "");
            let number = text.parse::<f64>().ok().and_then(Number::from_f64);
            number.map_or(Value::String(text), Value::Number)
        }
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(items) => Value::Sequence(items.iter().map(|item| node(item, offset)).collect()),
        DeValue::Table(table) => return mapping(table, span, offset),
    };
    Node { span, value }
}

/// An integer of TOML is of 64 bits; one beyond that, which its readers refuse, stays text.
fn number(integer: &DeInteger<'_>) -> Value {
    let digits = integer.as_str().replace('_', "");
    i64::from_str_radix(&digits, integer.radix())
        .map_or(Value::String(digits), |number| Value::Number(number.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_their_bytes() {
        let text = "title = \"Doors\"\ndate = 2026-05-25T02:49:47+02:00\n[extra]\nn = 0x1F\n\"quoted key\" = [1.5, true]\n";
        let document = parse(text, 0);
        let root = document.root.expect("the text is right");
        let at = |path: &str| root.find(path.split('/')).map(|place| &text[place.node.span.range()]);
        assert_eq!(at("title"), Some("\"Doors\""));
        assert_eq!(at("date"), Some("2026-05-25T02:49:47+02:00"));
        assert_eq!(at("extra/n"), Some("0x1F"));
        assert_eq!(at("extra/quoted key/0"), Some("1.5"));
        let key = root.find(["extra", "quoted key"]).and_then(|place| place.key_span).expect("it has a key");
        assert_eq!(&text[key.range()], "\"quoted key\"");
        assert_eq!(
            root.to_json(),
            serde_json::json!({"title": "Doors", "date": "2026-05-25T02:49:47+02:00",
                "extra": {"n": 31, "quoted key": [1.5, true]}})
        );
    }

    #[test]
    fn a_second_key_names_the_first() {
        let document = parse("a = 1\nb = 2\na = 3\n", 10);
        assert_eq!(document.problems, []);
        let duplicate =
            DuplicateKey { key: "a".to_owned(), span: Span::new(22, 23), first: Span::new(10, 11) };
        assert_eq!(document.duplicates, [duplicate]);
    }

    #[test]
    fn a_mistake_is_a_problem_with_a_place() {
        let document = parse("a = 1\nb = \n", 4);
        assert_eq!(document.root, None);
        assert_eq!(document.problems.len(), 1);
        assert_eq!(document.problems[0].span.start, 14);
    }
}
