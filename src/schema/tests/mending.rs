//! What is suggested, and that it mends.

use serde_json::{Value, json};

use super::{ANCHOR, compiled, node, x};
use crate::finding::Safety::{self, Unsafe};
use crate::schema::{Change, Suggestion, Violation};

/// What each violation suggests, in words; only what is proved.
fn mending(schema: &Value, document: &Value) -> Vec<String> {
    let schema = compiled(schema).unwrap_or_else(|errors| panic!("{schema}: {errors:#?}"));
    let found = schema.mendable(Some(&node(document)), ANCHOR, |_| Some("1.10"));
    found.iter().filter_map(|violation| Some(words(violation.suggestion.as_ref()?))).collect()
}

fn words(Suggestion { change, safety }: &Suggestion) -> String {
    let change = match change {
        Change::RenameKey { to } => format!("rename to {to}"),
        Change::ReplaceValue(value) => format!("write {value}"),
        Change::QuoteValue => "quote".to_owned(),
        Change::InsertKey { key, value, after: Some(after), .. } => {
            format!("add {key}: {value} behind {after}")
        }
        Change::InsertKey { key, value, after: None, .. } => format!("add {key}: {value}"),
        Change::RemoveItem => "remove".to_owned(),
    };
    format!("{safety:?}: {change}").to_lowercase()
}

fn check(cases: &[(Value, Value, &[&str])]) {
    for (schema, document, expected) in cases {
        assert_eq!(mending(schema, document), *expected, "{schema} {document}");
    }
}

#[test]
fn types_change_where_nothing_is_lost() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    check(&[
        (x(&json!({"type": "integer"})), json!({"x": "7"}), &["safe: write 7"]),
        (x(&json!({"type": "integer"})), json!({"x": "007"}), &[]),
        (x(&json!({"type": "integer"})), json!({"x": "7.0"}), &[]),
        (x(&json!({"type": "number"})), json!({"x": "1e3"}), &[]),
        (x(&json!({"type": "integer", "minimum": 9})), json!({"x": "7"}), &[]),
        (x(&json!({"type": "boolean"})), json!({"x": "false"}), &["safe: write false"]),
        (x(&json!({"type": "boolean"})), json!({"x": "on"}), &["unsafe: write true"]),
        // The characters count, not the number.
        (x(&json!({"type": "string"})), json!({"x": 1.1}), &["safe: write \"1.10\""]),
        (x(&json!({"type": "string", "maxLength": 3})), json!({"x": 1.1}), &[]),
        (x(&json!({"enum": ["1.1"]})), json!({"x": 1.1}), &[]),
        (x(&json!({"enum": ["1", 2]})), json!({"x": "2"}), &["safe: write 2"]),
        (x(&json!({"const": true})), json!({"x": "true"}), &["safe: write true"]),
        (x(&list), json!({"x": "doors"}), &["safe: write [\"doors\"]"]),
        (x(&list), json!({"x": "no"}), &["unsafe: write [\"no\"]"]),
        (x(&list), json!({"x": "Anna Example"}), &["unsafe: write [\"anna example\"]"]),
        (x(&list), json!({"x": "doors, wood"}), &[]),
        (x(&list), json!({"x": 7}), &[]),
        (x(&json!({"type": "array", "items": {"type": "integer"}})), json!({"x": 7}), &["safe: write [7]"]),
        (x(&list), json!({"x": null}), &["unsafe: write []"]),
        (x(&list), json!({"x": ""}), &["unsafe: write []"]),
        (x(&json!({"type": "array", "minItems": 1})), json!({"x": null}), &[]),
        (x(&json!({"type": ["array", "object"]})), json!({"x": null}), &[]),
        (x(&json!({"type": "object"})), json!({"x": null}), &["unsafe: write {}"]),
        (x(&json!({"type": "object", "required": ["a"]})), json!({"x": null}), &[]),
        (x(&json!({"type": "string"})), json!({"x": null}), &[]),
    ]);
}

#[test]
fn values_become_the_allowed_one_that_was_meant() {
    check(&[
        (x(&json!({"enum": ["new", "draft"]})), json!({"x": "Draft"}), &["unsafe: write \"draft\""]),
        (x(&json!({"enum": ["new", "draft"]})), json!({"x": " draft "}), &["safe: write \"draft\""]),
        (x(&json!({"enum": ["new", "draft"]})), json!({"x": "old"}), &[]),
        (x(&json!({"enum": ["new"]})), json!({"x": "old"}), &["unsafe: write \"new\""]),
        (x(&json!({"const": "new"})), json!({"x": "old"}), &["unsafe: write \"new\""]),
        (x(&json!({"pattern": "^[a-z]+$"})), json!({"x": " a\n"}), &["safe: write \"a\""]),
        (x(&json!({"pattern": "^[a-z]+$"})), json!({"x": " A"}), &[]),
        (x(&json!({"format": "date"})), json!({"x": "2024-05-31 "}), &["safe: write \"2024-05-31\""]),
        (
            x(&json!({"anyOf": [{"enum": ["always"]}, {"type": "integer"}]})),
            json!({"x": "always "}),
            &["safe: write \"always\""],
        ),
        (
            x(&json!({"uniqueItems": true})),
            json!({"x": ["a", "b", "a", "a"]}),
            &["unsafe: remove", "unsafe: remove"],
        ),
        (x(&json!({"uniqueItems": true, "minItems": 2})), json!({"x": ["a", "a"]}), &[]),
        // The other form would ask for another key.
        (
            json!({
                "properties": {"kind": {"enum": ["circle", "square"]}},
                "if": {"properties": {"kind": {"const": "square"}}, "required": ["kind"]},
                "then": {"required": ["side"]},
            }),
            json!({"kind": "sqare"}),
            &[],
        ),
    ]);
}

#[test]
fn keys_are_renamed_once() {
    let closed =
        json!({"properties": {"title": {"type": "string"}, "slug": {}}, "additionalProperties": false});
    let required =
        json!({"required": ["title"], "properties": {"title": {"type": "string", "default": "none"}}});
    check(&[
        (closed.clone(), json!({"titel": "a"}), &["unsafe: rename to title"]),
        (closed.clone(), json!({"titel": 1}), &[]),
        (closed.clone(), json!({"titel": "a", "title": "b"}), &[]),
        (
            closed,
            json!({"titel": "a", "tilte": "b", "slgu": 1}),
            &["unsafe: rename to title", "unsafe: rename to slug"],
        ),
        (required.clone(), json!({"titel": "a"}), &["unsafe: rename to title"]),
        // Its value would not do, but to add the key as well would hide it.
        (required.clone(), json!({"titel": 1}), &[]),
        (required, json!({"author": 1}), &["safe: add title: \"none\""]),
        (
            json!({"required": ["tags", "tagz"], "properties": {"tags": {}, "tagz": {"default": 1}}}),
            json!({"tagx": 1}),
            &["unsafe: rename to tags", "unsafe: rename to tagz"],
        ),
    ]);
}

#[test]
fn missing_keys_get_their_defaults() {
    let field = |extra: &Value| json!({"required": ["draft"], "properties": {"draft": extra}});
    let defined = json!({
        "required": ["draft"], "properties": {"draft": {"$ref": "#/$defs/no"}},
        "$defs": {"no": {"type": "boolean", "default": false}},
    });
    check(&[
        (field(&json!({"default": false})), json!({}), &["safe: add draft: false"]),
        (field(&json!({"default": false, "type": "string"})), json!({}), &[]),
        (field(&json!({"const": "post"})), json!({}), &["unsafe: add draft: \"post\""]),
        (field(&json!({"enum": [true]})), json!({}), &["unsafe: add draft: true"]),
        (field(&json!({"enum": [true, false]})), json!({}), &[]),
        (field(&json!({"const": "post", "default": "page"})), json!({}), &[]),
        (field(&json!({"anyOf": [{"const": 1}, {"type": "string"}]})), json!({}), &[]),
        (defined.clone(), json!({}), &["safe: add draft: false"]),
        (x(&defined_here(&defined)), json!({"x": {"z": 1}}), &["safe: add draft: false"]),
        (
            field(&json!({"allOf": [{"type": "boolean"}, {"default": true}]})),
            json!({}),
            &["safe: add draft: true"],
        ),
        (
            field(&json!({"anyOf": [{"default": true}, {"default": true}]})),
            json!({}),
            &["safe: add draft: true"],
        ),
        (field(&json!({"anyOf": [{"default": true}, {"default": false}]})), json!({}), &[]),
        (
            json!({"required": ["draft"], "allOf": [{"properties": {"draft": {"default": 1}}}]}),
            json!({}),
            &["safe: add draft: 1"],
        ),
        (
            json!({
                "required": ["draft"],
                "allOf": [{"properties": {"draft": {"default": 1}}}, {"properties": {"draft": {"default": 2}}}],
            }),
            json!({}),
            &[],
        ),
        (
            json!({"allOf": [{"required": ["draft"]}], "properties": {"draft": {"default": 1}}}),
            json!({}),
            &["safe: add draft: 1"],
        ),
        (
            json!({"dependentRequired": {"a": ["draft"]}, "required": ["draft"], "properties": {"draft": {"default": 1}}}),
            json!({"a": 1}),
            &["safe: add draft: 1"],
        ),
        // What is closed to the key cannot take it.
        (
            json!({"required": ["draft"], "properties": {"a": {}}, "additionalProperties": false,
                "allOf": [{"properties": {"draft": {"default": 1}}}]}),
            json!({}),
            &[],
        ),
    ]);
}

/// A schema in the place of another, which its references have to start from.
fn defined_here(schema: &Value) -> Value {
    let mut schema = schema.clone();
    schema["properties"]["draft"]["$ref"] = json!("#/properties/x/$defs/no");
    schema
}

#[test]
fn missing_keys_come_in_the_order_of_the_schema() {
    let schema = json!({
        "required": ["e", "d", "c", "b", "a"],
        "properties": {"a": {"default": 1}, "b": {"default": 2}, "c": {}, "d": {"default": 4}, "e": {"default": 5}},
    });
    let cases = [
        (json!({"c": 0}), ["a: 1", "b: 2", "d: 4 behind c", "e: 5 behind c"].as_slice()),
        (json!({"z": 0, "c": 0, "a": 0}), &["b: 2 behind a", "d: 4 behind c", "e: 5 behind c"]),
    ];
    for (document, expected) in cases {
        let expected: Vec<String> = expected.iter().map(|words| format!("safe: add {words}")).collect();
        assert_eq!(mending(&schema, &document), expected, "{document}");
    }
}

#[test]
fn unknown_keys_of_open_schemas_bring_no_violation() {
    let schema = json!({"properties": {"title": {"type": "string"}}});
    let schema = compiled(&schema).unwrap();
    let suggested = |document: &Value| -> Vec<(Safety, Change)> {
        let root = node(document);
        let keys: Vec<Violation> = schema.harmless(&root, schema.unknown_keys(&root));
        keys.into_iter().filter_map(|key| key.suggestion).map(|one| (one.safety, one.change)).collect()
    };
    let to = || Change::RenameKey { to: "title".to_owned() };
    assert_eq!(suggested(&json!({"titel": "a"})), [(Unsafe, to())]);
    assert_eq!(suggested(&json!({"titel": 1})), []);
}

/// Thousands of keys with numbers where texts are wanted: `spoilt` of them cannot be mended.
fn thousands(spoilt: usize) -> usize {
    let schema = compiled(&json!({"additionalProperties": {"type": "string", "maxLength": 1}})).unwrap();
    let mut document: serde_json::Map<_, _> = (0..2_000).map(|at| (format!("key{at}"), json!(at))).collect();
    for at in 0..spoilt {
        document[&format!("key{}", at * 7)] = json!("  ");
    }
    let document = node(&Value::Object(document));
    let found = schema.mendable(Some(&document), ANCHOR, |_| Some("1"));
    assert_eq!(found.len(), 2_000);
    found.iter().filter(|violation| violation.suggestion.is_some()).count()
}

#[test]
fn thousands_of_suggestions_are_proved_together() {
    assert_eq!(thousands(0), 2_000);
    assert_eq!(thousands(3), 1_997);
}

#[test]
fn of_thousands_only_those_that_mend_are_kept() {
    // "11" is too long, so the one key that gets it stays wrong; the others are mended all the same.
    let schema = compiled(&json!({"additionalProperties": {"type": "string", "maxLength": 1}})).unwrap();
    let document: serde_json::Map<_, _> = (0..1_000).map(|at| (format!("key{at}"), json!(at))).collect();
    let document = node(&Value::Object(document));
    let one = document.entries()[500].value.span;
    let found = schema.mendable(Some(&document), ANCHOR, |span| Some(if span == one { "11" } else { "1" }));
    let kept = found.iter().filter(|violation| violation.suggestion.is_some()).count();
    assert_eq!((found.len(), kept), (1_000, 999));
    assert!(found.iter().any(|violation| violation.span == one && violation.suggestion.is_none()));
}

/// Where each of thousands is refused, the proofs end before all had one.
#[test]
fn thousands_of_refusals_end() {
    let schema = compiled(&json!({"additionalProperties": {"type": "string", "maxLength": 1}})).unwrap();
    let document: serde_json::Map<_, _> = (0..2_000).map(|at| (format!("key{at}"), json!(at))).collect();
    let found = schema.mendable(Some(&node(&Value::Object(document))), ANCHOR, |_| Some("11"));
    assert!(found.iter().all(|violation| violation.suggestion.is_none()));
}
