//! What a writer reads, keyword by keyword.

use serde_json::{Value, json};

mod mending;
mod random;
mod schemas;

use super::*;
use crate::data;

/// The value with spans that grow from key to value to the next key, as those of a file do.
pub(super) fn node(value: &Value) -> Node {
    fn build(value: &Value, at: &mut usize) -> Node {
        let start = *at;
        *at += 1;
        let value = match value {
            Value::Null => data::Value::Null,
            Value::Bool(value) => data::Value::Bool(*value),
            Value::Number(number) => data::Value::Number(number.clone()),
            Value::String(text) => data::Value::String(text.clone()),
            Value::Array(items) => data::Value::Sequence(items.iter().map(|item| build(item, at)).collect()),
            Value::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key_span = Span::new(*at, *at + 1);
                    *at += 2;
                    data::Entry { key: key.clone(), key_span, value: build(value, at) }
                });
                data::Value::Mapping(entries.collect())
            }
        };
        *at += 1;
        Node { span: Span::new(start, *at), value }
    }
    build(value, &mut 10)
}

const ANCHOR: Span = Span { start: 0, end: 3 };

fn compiled(schema: &Value) -> Result<Schema, Vec<SchemaError>> {
    Schema::compile(&node(schema), "file:///site/schema.json", |uri| match uri {
        "file:///site/common.json" => {
            Ok(node(&json!({"$defs": {"name": {"type": "string", "description": "A full name."}}})))
        }
        "file:///site/broken.json" => Ok(node(&json!({"type": "strng"}))),
        _ => Err("no such file".to_owned()),
    })
}

fn violations(schema: &Value, document: &Value) -> Vec<Violation> {
    let schema = compiled(schema).unwrap_or_else(|errors| panic!("{schema}: {errors:#?}"));
    schema.violations(Some(&node(document)), ANCHOR)
}

/// Message and help, joined by ` / `, one violation a line.
fn said(schema: &Value, document: &Value) -> String {
    let lines = violations(schema, document).into_iter().map(|one| match one.help {
        Some(help) => format!("{} / {help}", one.message),
        None => one.message,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn check(cases: &[(Value, Value, &str)]) {
    for (schema, document, expected) in cases {
        assert_eq!(said(schema, document), *expected, "{schema} {document}");
    }
}

/// A schema for the one key `x`.
fn x(schema: &Value) -> Value {
    json!({ "properties": { "x": schema } })
}

#[test]
fn types() {
    let cases = [
        (
            "integer",
            json!("7"),
            "\"x\" should be a whole number, but it is the text \"7\" / write 7 without quotes",
        ),
        ("integer", json!("007"), "\"x\" should be a whole number, but it is the text \"007\""),
        ("integer", json!(7.5), "\"x\" should be a whole number, but it is the number 7.5"),
        (
            "number",
            json!("7.5"),
            "\"x\" should be a number, but it is the text \"7.5\" / write 7.5 without quotes",
        ),
        (
            "boolean",
            json!("true"),
            "\"x\" should be true or false, but it is the text \"true\" / write true without quotes",
        ),
        (
            "boolean",
            json!("yes"),
            "\"x\" should be true or false, but it is the text \"yes\" / did you mean true?",
        ),
        ("string", json!(7), "\"x\" should be a text, but it is the number 7 / put it in quotes"),
        ("string", json!(null), "\"x\" is empty, but should be a text"),
        ("string", json!(["a"]), "\"x\" should be a text, but it is a list of 1 item"),
        (
            "array",
            json!("a"),
            "\"x\" should be a list, but it is the text \"a\" / write it as a list, in brackets",
        ),
        ("object", json!([]), "\"x\" should be a mapping, but it is an empty list"),
        ("null", json!(3), "\"x\" should be empty, but it is the number 3"),
    ];
    for (kind, value, expected) in cases {
        assert_eq!(said(&x(&json!({"type": kind})), &json!({"x": value})), expected);
    }
    check(&[
        (
            x(&json!({"type": ["string", "array"]})),
            json!({"x": true}),
            "\"x\" should be a text or a list, but it is true / put it in quotes",
        ),
        (
            json!({"type": "object"}),
            json!([1]),
            "the document should be a mapping, but it is a list of 1 item",
        ),
    ]);
}

#[test]
fn values() {
    let status = json!({"enum": ["draft", "new", "published"]});
    let long = "word ".repeat(20);
    let cut = format!("\"{}…\"", &long[..59]);
    check(&[
        (
            x(&status),
            json!({"x": "pubished"}),
            "\"x\" is \"pubished\", which is none of \"draft\", \"new\", \"published\" / did you mean \"published\"?",
        ),
        (
            x(&status),
            json!({"x": "later"}),
            "\"x\" is \"later\", which is none of \"draft\", \"new\", \"published\"",
        ),
        (
            x(&status),
            json!({"x": null}),
            "\"x\" is empty, but should be one of \"draft\", \"new\", \"published\"",
        ),
        (x(&json!({"enum": ["a"]})), json!({"x": "b"}), "\"x\" is \"b\", but should be \"a\""),
        (
            x(&json!({"enum": (0..20).collect::<Vec<_>>()})),
            json!({"x": 21}),
            "\"x\" is 21, which is none of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more",
        ),
        (x(&json!({"const": 2})), json!({"x": 3}), "\"x\" is 3, but should be 2"),
        (
            x(&json!({"format": "date"})),
            json!({"x": "31.5.2024"}),
            "\"x\" is \"31.5.2024\", which is not a date / write it as in 2024-05-31",
        ),
        (
            x(&json!({"format": "date"})),
            json!({"x": "2024-02-30"}),
            "\"x\" is \"2024-02-30\", which is not a date / write it as in 2024-05-31",
        ),
        (
            x(&json!({"format": "uri"})),
            json!({"x": "a b"}),
            "\"x\" is \"a b\", which is not a full address / write it as in https://example.com/page",
        ),
        (
            x(&json!({"pattern": "^[a-z]+$"})),
            json!({"x": "A"}),
            "\"x\" is \"A\", which does not match \"^[a-z]+$\"",
        ),
        (
            x(&json!({"pattern": "^[a-z]+$", "description": "Lower-case letters.", "examples": ["abc"]})),
            json!({"x": "A"}),
            "\"x\" is \"A\", which does not have the right form / Lower-case letters, as in \"abc\"",
        ),
        (
            x(
                &json!({"pattern": "^[a-z]+$", "description": "A name", "errorMessage": {"pattern": "only a to z"}}),
            ),
            json!({"x": "A"}),
            "\"x\" is \"A\", which does not have the right form / only a to z",
        ),
        (
            x(&json!({"maxLength": 5})),
            json!({"x": "ééééééé"}),
            "\"x\" has 7 characters, but should have at most 5",
        ),
        (x(&json!({"minLength": 5})), json!({"x": "é"}), "\"x\" has 1 character, but should have at least 5"),
        (
            x(&json!({"minLength": 1})),
            json!({"x": ""}),
            "\"x\" is empty, but should have at least 1 character",
        ),
        (x(&json!({"minimum": 1})), json!({"x": 0}), "\"x\" is 0, but should be at least 1"),
        (x(&json!({"maximum": 1})), json!({"x": 1.5}), "\"x\" is 1.5, but should be at most 1"),
        (x(&json!({"exclusiveMinimum": 1})), json!({"x": 1}), "\"x\" is 1, but should be more than 1"),
        (x(&json!({"exclusiveMaximum": 1})), json!({"x": 1}), "\"x\" is 1, but should be less than 1"),
        (x(&json!({"multipleOf": 5})), json!({"x": 7}), "\"x\" is 7, but should be a multiple of 5"),
        (
            x(&json!({"enum": ["a", "b"]})),
            json!({"x": long}),
            &format!("\"x\" is {cut}, which is none of \"a\", \"b\""),
        ),
    ]);
}

#[test]
fn negations_and_contents() {
    check(&[
        (x(&json!({"not": {"const": "a"}})), json!({"x": "a"}), "\"x\" must not be \"a\""),
        (x(&json!({"not": {"type": "string"}})), json!({"x": "a"}), "\"x\" is \"a\", but must not be a text"),
        (
            x(&json!({"not": {"pattern": "^Draft"}})),
            json!({"x": "Drafts"}),
            "\"x\" is \"Drafts\", which matches \"^Draft\", but must not",
        ),
        (
            json!({"not": {"required": ["a", "b"]}}),
            json!({"a": 1, "b": 2}),
            "\"a\" and \"b\" must not stand together",
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"x": {"contentEncoding": "base64"}}}),
            json!({"x": "%"}),
            "\"x\" should be encoded as \"base64\", but it is the text \"%\"",
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"x": {"contentMediaType": "application/json"}}}),
            json!({"x": "{"}),
            "\"x\" should hold \"application/json\", but it is the text \"{\"",
        ),
    ]);
}

#[test]
fn keys() {
    let closed = json!({"properties": {"title": {}, "slug": {}}, "additionalProperties": false});
    let unevaluated = json!({"allOf": [{"$ref": "#/$defs/a"}], "unevaluatedProperties": false, "$defs": {"a": {"properties": {"title": {"type": "string"}}}}});
    check(&[
        (
            closed.clone(),
            json!({"titel": 1, "author": 2}),
            "\"titel\" is not a known key / did you mean \"title\"?\n\"author\" is not a known key / known keys: \"title\", \"slug\"",
        ),
        (
            closed.clone(),
            json!({"titel": 1, "title": 2}),
            "\"titel\" is not a known key / known keys: \"title\", \"slug\"",
        ),
        (
            x(&closed),
            json!({"x": {"y": 1}}),
            "\"y\" is not a known key of \"x\" / known keys: \"title\", \"slug\"",
        ),
        (
            unevaluated.clone(),
            json!({"tittle": 1}),
            "\"tittle\" is not a known key / did you mean \"title\"?",
        ),
        (
            unevaluated,
            json!({"title": 1}),
            "\"title\" should be a text, but it is the number 1 / put it in quotes",
        ),
        (
            json!({"if": {"required": ["a"]}, "then": {"properties": {"a": {}, "b": {}}}, "unevaluatedProperties": false}),
            json!({"b": 1}),
            "\"b\" does not belong to this form",
        ),
        (json!({"properties": {"old": false}}), json!({"old": 1}), "\"old\" is not allowed here"),
        (
            json!({"propertyNames": {"pattern": "^[a-z]+$"}}),
            json!({"A": 1}),
            "the key is \"A\", which does not match \"^[a-z]+$\"",
        ),
        (json!({"required": ["slug"]}), json!({}), "\"slug\" is missing"),
        (
            json!({"required": ["slug"], "properties": {"slug": {"description": "The end of the address.", "examples": ["a-b"]}}}),
            json!({}),
            "\"slug\" is missing / The end of the address, as in \"a-b\"",
        ),
        (
            json!({"required": ["slug"], "properties": {"slug": {"type": "string"}}}),
            json!({}),
            "\"slug\" is missing / it should be a text",
        ),
        (
            json!({"required": ["slug"], "properties": {"slug": {}}}),
            json!({"slgu": 1}),
            "\"slug\" is missing, but there is \"slgu\" / did you mean \"slug\"?",
        ),
        (
            json!({"required": ["slug"], "properties": {"slug": {}}, "additionalProperties": false}),
            json!({"slgu": 1}),
            "\"slug\" is missing, but there is \"slgu\" / did you mean \"slug\"?",
        ),
        (
            json!({"dependentRequired": {"image": ["imageAlt"]}}),
            json!({"image": 1}),
            "\"imageAlt\" is missing, which \"image\" needs",
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"image": ["imageAlt"]}}),
            json!({"image": 1}),
            "\"imageAlt\" is missing, which \"image\" needs",
        ),
        (
            json!({"if": {"properties": {"status": {"const": "published"}}}, "then": {"required": ["date"]}}),
            json!({"status": "published"}),
            "\"date\" is missing, since \"status\" is \"published\"",
        ),
        (
            x(&json!({"items": {"required": ["name"]}})),
            json!({"x": [{"name": 1}, {"type": 1}]}),
            "\"name\" is missing in item 2 of \"x\"",
        ),
        (json!({"minProperties": 2}), json!({"a": 1}), "the document has 1 key, but should have at least 2"),
        (
            json!({"maxProperties": 1}),
            json!({"a": 1, "b": 2}),
            "the document has 2 keys, but should have at most 1",
        ),
    ]);
}

#[test]
fn lists() {
    check(&[
        (x(&json!({"minItems": 1})), json!({"x": []}), "\"x\" is empty, but should have at least 1 item"),
        (x(&json!({"maxItems": 1})), json!({"x": [1, 2]}), "\"x\" has 2 items, but should have at most 1"),
        (
            x(&json!({"uniqueItems": true})),
            json!({"x": ["a", "b", "a"]}),
            "item 3 of \"x\" repeats item 1: \"a\" / each item may stand once",
        ),
        (
            x(&json!({"uniqueItems": true})),
            json!({"x": [1, {"a": 1, "b": 2}, {"b": 2, "a": 1.0}]}),
            "item 3 of \"x\" repeats item 2: a mapping of 2 keys / each item may stand once",
        ),
        (
            x(&json!({"contains": {"const": "a"}})),
            json!({"x": ["b"]}),
            "\"x\" should have at least 1 item that is \"a\"",
        ),
        (
            x(&json!({"contains": {"const": "a"}, "minContains": 2})),
            json!({"x": ["a"]}),
            "\"x\" should have at least 2 items that are \"a\"",
        ),
        (
            x(&json!({"contains": {"const": "a"}, "maxContains": 1})),
            json!({"x": ["a", "a"]}),
            "\"x\" has more than 1 item that is \"a\"",
        ),
        (
            x(&json!({"prefixItems": [{}], "items": false})),
            json!({"x": [1, 2]}),
            "item 2 of \"x\" is not allowed here",
        ),
        (
            x(&json!({"prefixItems": [{}], "unevaluatedItems": false})),
            json!({"x": [1, 1]}),
            "item 2 of \"x\" is not allowed: 1",
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"x": {"items": [{}], "additionalItems": false}}}),
            json!({"x": [1, 2]}),
            "\"x\" has 2 items, but should have at most 1",
        ),
    ]);
}

#[test]
fn branches() {
    let shapes = json!({"anyOf": [
        {"properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}, "required": ["kind", "radius"]},
        {"properties": {"kind": {"const": "square"}, "side": {"type": "number"}, "colour": {"type": "string"}}, "required": ["kind", "side", "colour"]},
    ]});
    let date = json!({"anyOf": [{"format": "date-time"}, {"format": "date"}]});
    check(&[
        (
            x(&shapes),
            json!({"x": {"kind": "square", "side": "a"}}),
            "\"colour\" is missing in \"x\" / it should be a text\n\"x.side\" should be a number, but it is the text \"a\"",
        ),
        (
            x(&shapes),
            json!({"x": {"kind": "sqare", "side": 1}}),
            "\"x.kind\" is \"sqare\", which is none of \"circle\", \"square\" / did you mean \"square\"?",
        ),
        (
            x(&shapes),
            json!({"x": {"side": 1}}),
            "\"kind\" is missing in \"x\" / it is one of \"circle\", \"square\"",
        ),
        (
            x(&json!({"anyOf": [{"type": "string"}, {"type": "array"}]})),
            json!({"x": 1}),
            "\"x\" should be a text or a list, but it is the number 1 / put it in quotes",
        ),
        (
            x(&json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})),
            json!({"x": ["a", true]}),
            "item 2 of \"x\" should be a text, but it is true / put it in quotes",
        ),
        (
            x(&json!({"oneOf": [{"const": "on"}, {"const": "off"}]})),
            json!({"x": "of"}),
            "\"x\" is \"of\", but should be \"on\" or \"off\"",
        ),
        (
            x(&json!({"oneOf": [{"enum": ["always", "never"]}, {"type": "integer"}]})),
            json!({"x": "nevr"}),
            "\"x\" is \"nevr\", but should be \"always\", \"never\" or a whole number / did you mean \"never\"?",
        ),
        (
            x(&date),
            json!({"x": "today"}),
            "\"x\" is \"today\", but should be a date with a time and a zone or a date / write it as in 2024-05-31T09:30:00Z",
        ),
        (
            json!({"anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]}),
            json!({"z": 1}),
            "\"a\" or \"b\" and \"c\" is missing / one of them has to be there",
        ),
        (
            json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
            json!({"a": 1, "b": 1}),
            "\"a\" and \"b\" must not stand together / keep only one of them",
        ),
        (
            x(&json!({"oneOf": [{"type": "integer"}, {"type": "number"}]})),
            json!({"x": 1}),
            "\"x\" fits a whole number and a number at once, but should fit only one",
        ),
        (
            x(&json!({"oneOf": [{"minimum": 1}, {"maximum": 9}, {"type": "string"}]})),
            json!({"x": 5}),
            "\"x\" fits 2 of the 3 forms that the schema allows, but should fit only one",
        ),
        (
            x(&json!({"anyOf": [{"minLength": 3}, {"type": "string", "pattern": "^a"}]})),
            json!({"x": "b"}),
            "\"x\" has 1 character, but should have at least 3 / or write a text that matches \"^a\"",
        ),
    ]);
}

#[test]
fn places() {
    let cases = [
        // The document begins at 10, its first key at 11, the value of that at 13.
        (json!({"required": ["a"]}), json!({"b": 1}), Span::new(0, 3)),
        (json!({"type": "array"}), json!({"b": 1}), Span::new(0, 3)),
        (x(&json!({"type": "string"})), json!({"x": 1}), Span::new(13, 15)),
        (x(&json!({"required": ["a"]})), json!({"x": {}}), Span::new(11, 12)),
        (x(&json!({"items": {"required": ["a"]}})), json!({"x": [{"b": 1}]}), Span::new(14, 15)),
        (json!({"additionalProperties": false}), json!({"x": 1}), Span::new(11, 12)),
        (json!({"properties": {"x": false}}), json!({"x": 1}), Span::new(11, 12)),
        (json!({"propertyNames": {"maxLength": 0}}), json!({"x": 1}), Span::new(11, 12)),
        (x(&json!({"uniqueItems": true})), json!({"x": [1, 1]}), Span::new(16, 18)),
        (json!({"not": {"required": ["x", "y"]}}), json!({"x": 1, "y": 1}), Span::new(15, 16)),
    ];
    for (schema, document, expected) in cases {
        let found: Vec<Span> = violations(&schema, &document).iter().map(|one| one.span).collect();
        assert_eq!(found, [expected], "{schema} {document}");
    }
    let schema = compiled(&json!({"required": ["a"]})).unwrap();
    assert_eq!(schema.violations(None, ANCHOR)[0].span, ANCHOR);
}

#[test]
fn suggestions() {
    use Change::{InsertKey, QuoteValue, RenameKey, ReplaceValue};
    use Safety::{Safe, Unsafe};
    let to = |key: &str| RenameKey { to: key.to_owned() };
    let add = |key: &str, value, after: Option<&str>, rank| {
        let after = after.map(str::to_owned);
        InsertKey { key: key.to_owned(), value, after, rank }
    };
    let cases = [
        (x(&json!({"type": "integer"})), json!({"x": "7"}), ReplaceValue(json!(7)), Safe),
        (x(&json!({"type": "string"})), json!({"x": 7}), QuoteValue, Safe),
        (x(&json!({"type": "boolean"})), json!({"x": "true"}), ReplaceValue(json!(true)), Safe),
        (x(&json!({"type": "boolean"})), json!({"x": "no"}), ReplaceValue(json!(false)), Unsafe),
        (x(&json!({"enum": ["new"]})), json!({"x": "New"}), ReplaceValue(json!("new")), Unsafe),
        (x(&json!({"const": 2})), json!({"x": 1}), ReplaceValue(json!(2)), Unsafe),
        (
            json!({"properties": {"slug": {}}, "additionalProperties": false}),
            json!({"Slug": 1}),
            to("slug"),
            Unsafe,
        ),
        (json!({"properties": {"slug": {}}, "required": ["slug"]}), json!({"Slug": 1}), to("slug"), Unsafe),
        (json!({"propertyNames": {"enum": ["slug"]}}), json!({"Slug": 1}), to("slug"), Unsafe),
        (
            json!({"properties": {"draft": {"default": false}}, "anyOf": [{"required": ["draft"]}]}),
            json!({}),
            add("draft", json!(false), None, 0),
            Unsafe,
        ),
        (
            json!({"properties": {"draft": {"default": false}}, "required": ["draft"]}),
            json!({}),
            add("draft", json!(false), None, 0),
            Safe,
        ),
    ];
    for (schema, document, change, safety) in cases {
        let found: Vec<_> =
            violations(&schema, &document).into_iter().filter_map(|one| one.suggestion).collect();
        assert_eq!(found, [Suggestion { change, safety }], "{schema} {document}");
    }
}

#[test]
fn unknown_keys_of_open_schemas() {
    let schema = json!({"properties": {"title": {}}, "allOf": [{"$ref": "#/$defs/a"}], "patternProperties": {"^x-": {}}, "$defs": {"a": {"properties": {"slug": {}}}}});
    let schema = compiled(&schema).unwrap();
    let found = schema.unknown_keys(&node(&json!({"titel": 1, "slug": 1, "x-a": 1, "else": 1})));
    let found: Vec<_> = found.iter().map(|one| (one.message.as_str(), one.help.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("\"titel\" is not a known key", Some("did you mean \"title\"?")),
            ("\"else\" is not a known key", Some("known keys: \"title\", \"slug\"")),
        ]
    );
}

#[test]
fn ten_thousand_mistakes_take_linear_time() {
    let schema = json!({
        "properties": {"title": {}, "slug": {}},
        "additionalProperties": {"type": "integer"},
        "propertyNames": {"maxLength": 1},
        "required": (0..5_000).map(|at| format!("needed{at}")).collect::<Vec<_>>(),
    });
    let schema = compiled(&schema).unwrap();
    let document: serde_json::Map<_, _> =
        (0..5_000).map(|at| (format!("unknown{at}"), json!("text"))).collect();
    let document = node(&Value::Object(document));
    let begin = std::time::Instant::now();
    assert_eq!(schema.violations(Some(&document), ANCHOR).len(), 15_000);
    // Quadratic code takes minutes; the bound only has to tell these apart on a busy machine.
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}

#[test]
fn a_schema_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Schema>();
}

#[test]
fn the_types_of_a_place_are_gathered_from_all_branches() {
    let schema = compiled(&json!({
        "allOf": [{"properties": {"a": {"type": ["string", "null"]}}}],
        "properties": {
            "a": {"anyOf": [{"type": "boolean"}, {"enum": [1, "one"]}]},
            "name": {"$ref": "common.json#/$defs/name"},
            "list": {"items": {"properties": {"x": {"const": true}}}},
        },
    }))
    .expect("it is a schema");
    let types = |path: &[&str]| {
        let mut types = schema.types(path);
        types.sort_unstable();
        types.join(" ")
    };
    assert_eq!(types(&["a"]), "boolean null number string string");
    assert_eq!(types(&["name"]), "string");
    assert_eq!(types(&["list", "3", "x"]), "boolean");
    assert_eq!(types(&["list", "x"]), "");
    assert_eq!(types(&["b"]), "");
    assert_eq!(schema.keys(), ["a", "name", "list", "a"]);
}
