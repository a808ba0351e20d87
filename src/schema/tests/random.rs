//! No schema and no document makes the module panic or point outside the text.

use jsonschema::PatternOptions;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::words;
use super::{ANCHOR, compiled, node};

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..9_i64).prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        "[a-c7é~/]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[abc~/]{1,2}", inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_schema() -> impl Strategy<Value = Value> {
    let kind =
        prop::sample::select(vec!["string", "integer", "number", "boolean", "array", "object", "null"]);
    let number = prop::sample::select(vec![
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "maxProperties",
        "minProperties",
    ]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        kind.prop_map(|kind| json!({ "type": kind })),
        (number, 0..4).prop_map(|(keyword, limit)| json!({ keyword: limit })),
        any_value().prop_map(|value| json!({ "const": value })),
        prop::collection::vec(any_value(), 1..4).prop_map(|values| json!({ "enum": values })),
        prop::collection::vec("[abc]{1,2}", 1..4).prop_map(|keys| json!({ "required": keys })),
        Just(json!({"uniqueItems": true})),
        Just(json!({"$ref": "#"})),
        prop::sample::select(words::FORMATS).prop_map(|format| json!({ "format": format })),
        Just(json!({"pattern": "^a", "errorMessage": {"pattern": "begin with a"}})),
        any_value(),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let list = prop::sample::select(vec!["anyOf", "oneOf", "allOf", "prefixItems"]);
        let single = prop::sample::select(vec![
            "not",
            "items",
            "contains",
            "additionalProperties",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties",
        ]);
        prop_oneof![
            (list, prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(keyword, list)| json!({ keyword: list })),
            (single, inner.clone()).prop_map(|(keyword, schema)| json!({ keyword: schema })),
            prop::collection::btree_map("[abc~/]{1,2}", inner.clone(), 0..4)
                .prop_map(|schemas| json!({"properties": schemas, "unevaluatedProperties": false})),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| json!({"if": a, "then": b, "else": c})),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_panics_and_every_span_is_inside(schema in any_schema(), document in any_value()) {
        let document = node(&document);
        match compiled(&schema) {
            Ok(compiled) => {
                let found = compiled.violations(Some(&document), ANCHOR);
                for one in &found {
                    prop_assert!(one.span == ANCHOR || document.span.contains(one.span), "{one:?}");
                    prop_assert!(!one.message.is_empty());
                }
                prop_assert!(found.windows(2).all(|pair| pair[0].span <= pair[1].span));
                let instance = Some(document.to_json()).filter(|value| !value.is_null());
                // Our data must be read as the validator reads its own.
                let own = jsonschema::options()
                    .should_validate_formats(true)
                    .with_pattern_options(PatternOptions::regex())
                    .build(&schema);
                let valid = own.map(|own| own.is_valid(&instance.unwrap_or_else(|| json!({}))));
                prop_assert_eq!(Ok(found.is_empty()), valid.map_err(|_| "it was compiled before"));
                prop_assert_eq!(found, compiled.violations(Some(&document), ANCHOR));
                let _ = compiled.unknown_keys(&document);
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                let whole = node(&schema).span;
                prop_assert!(errors.iter().all(|error| whole.contains(error.span)), "{errors:?}");
            }
        }
    }
}
