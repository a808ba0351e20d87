//! Values, types and formats in a writer's words.

use jsonschema::JsonType;
use serde_json::Value;

/// More characters than this of a value are not shown.
const SHOWN: usize = 60;

/// The text in quotes, on one line, and cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    let mut characters = text.chars();
    shown.extend(characters.by_ref().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }));
    if characters.next().is_some() {
        // The ellipsis takes the place of a character, so that the limit holds.
        shown.pop();
        shown.push('…');
    }
    shown.push('"');
    shown
}

/// A value as a message shows it: texts in quotes, lists and mappings only named.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => quoted(text),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(items) => format!("a list of {}", count(items.len() as u64, "item", "items")),
        Value::Object(entries) if entries.is_empty() => "an empty mapping".to_owned(),
        Value::Object(entries) => format!("a mapping of {}", count(entries.len() as u64, "key", "keys")),
    }
}

/// A value with its type, for messages in which the type is what is wrong.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) if !text.is_empty() => format!("the text {}", quoted(text)),
        other => shown(other),
    }
}

/// Whether a person would say of the value that nothing was filled in.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A type with its article.
pub(super) fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "empty",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::String => "a text",
        JsonType::Array => "a list",
        JsonType::Object => "a mapping",
    }
}

/// What a format stands for, and how a right one looks.
pub(super) fn format(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "date" => ("a date", "2024-05-31"),
        "date-time" => ("a date with a time and a zone", "2024-05-31T09:30:00Z"),
        "time" => ("a time with a zone", "09:30:00Z"),
        "duration" => ("a length of time", "P3D"),
        "email" | "idn-email" => ("an e-mail address", "anna@example.com"),
        "hostname" | "idn-hostname" => ("a host name", "www.example.com"),
        "ipv4" => ("an IPv4 address", "192.0.2.1"),
        "ipv6" => ("an IPv6 address", "2001:db8::1"),
        "uri" | "iri" => ("a full address", "https://example.com/page"),
        "uri-reference" | "iri-reference" => ("an address", "/page"),
        "uri-template" => ("an address with holes", "https://example.com/{name}"),
        "uuid" => ("a UUID", "123e4567-e89b-12d3-a456-426614174000"),
        "regex" => ("a regular expression", "^[a-z]+$"),
        "json-pointer" => ("a JSON Pointer", "/categories/0/name"),
        "relative-json-pointer" => ("a relative JSON Pointer", "1/name"),
        _ => return None,
    })
}

/// The formats that [`format`] knows.
pub(super) const FORMATS: &[&str] = &[
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "iri",
    "uri-reference",
    "iri-reference",
    "uri-template",
    "uuid",
    "regex",
    "json-pointer",
    "relative-json-pointer",
];

/// "1 item", "3 items".
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "a, b or c".
pub(super) fn either<T: AsRef<str>>(words: &[T]) -> String {
    joined(words, "or")
}

/// "a, b and c".
pub(super) fn both<T: AsRef<str>>(words: &[T]) -> String {
    joined(words, "and")
}

fn joined<T: AsRef<str>>(words: &[T], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// How many choices a message lists before it only counts them.
const LISTED: usize = 12;

/// The choices of an `enum`, in full where a person can take them in.
pub(super) fn choices(options: &[Value]) -> String {
    let mut words: Vec<String> = options.iter().take(LISTED).map(shown).collect();
    if options.len() > LISTED {
        words.push(format!("{} more", options.len() - LISTED));
        return both(&words);
    }
    words.join(", ")
}

/// What a schema asks for, where that fits in a few words.
pub(super) fn describe(schema: &Value) -> Option<String> {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    if let Some(value) = schema.get("const") {
        return Some(shown(value));
    }
    if let Some(Value::Array(options)) = schema.get("enum") {
        let words: Vec<String> = options.iter().take(LISTED).map(shown).collect();
        return Some(either(&words));
    }
    if let Some(title) = text("title") {
        return Some(quoted(title));
    }
    if let Some((what, _)) = text("format").and_then(format) {
        return Some(what.to_owned());
    }
    if let Some(pattern) = text("pattern") {
        return Some(format!("a text that matches {}", quoted(pattern)));
    }
    if let Some(Value::Array(keys)) = schema.get("required") {
        let keys: Vec<String> = keys.iter().filter_map(Value::as_str).map(quoted).collect();
        if !keys.is_empty() {
            return Some(format!("a mapping with {}", both(&keys)));
        }
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let kinds: Vec<&str> = kinds.iter().filter_map(|kind| kind.parse().ok()).map(type_name).collect();
    Some(either(&kinds)).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_texts_are_cut_by_characters() {
        assert_eq!(quoted("a\nb"), "\"a b\"");
        assert_eq!(quoted(&"é".repeat(60)), format!("\"{}\"", "é".repeat(60)));
        assert_eq!(quoted(&"é".repeat(61)), format!("\"{}…\"", "é".repeat(59)));
    }

    #[test]
    fn formats_are_all_listed() {
        assert!(FORMATS.iter().all(|name| format(name).is_some()));
    }

    #[test]
    fn schemas_are_described_in_a_few_words() {
        let cases = [
            (json!({"const": "a"}), Some("\"a\"")),
            (json!({"enum": [1, 2, 3]}), Some("1, 2 or 3")),
            (json!({"type": ["string", "array"]}), Some("a text or a list")),
            (json!({"type": "string", "format": "date"}), Some("a date")),
            (json!({"required": ["a", "b"]}), Some("a mapping with \"a\" and \"b\"")),
            (json!({"title": "Person", "type": "object"}), Some("\"Person\"")),
            (json!({"minLength": 3}), None),
            (json!(true), None),
        ];
        for (schema, expected) in cases {
            assert_eq!(describe(&schema).as_deref(), expected, "{schema}");
        }
    }
}
