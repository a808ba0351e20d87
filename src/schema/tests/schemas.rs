//! Schemas that are wrong, schemas of many documents, and the one for articles.

use serde_json::{Value, json};

use super::{ANCHOR, check, compiled, node, said, x};

fn schema_errors(schema: &Value) -> String {
    let errors = compiled(schema).err().unwrap_or_default();
    let lines = errors.into_iter().map(|one| {
        let file = one.uri.rsplit('/').next().unwrap_or_default().to_owned();
        let help = one.help.map(|help| format!(" / {help}")).unwrap_or_default();
        format!("{file}@{} {}{help}", one.span.start, one.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn schemas_are_judged_too() {
    let cases = [
        (
            json!({"requird": ["a"]}),
            "schema.json@11 \"requird\" is not a keyword of JSON Schema and would have no effect / did you mean \"required\"?",
        ),
        (
            x(&json!({"maxLenght": 3})),
            "schema.json@17 \"maxLenght\" is not a keyword of JSON Schema and would have no effect / did you mean \"maxLength\"?",
        ),
        (
            json!({"x-requird": 1, "markdownDescription": "", "example": 1, "note": "", "copydesk": 1, "$$description": [], "_type": 1, "//title": "", "default": {"requird": 1}}),
            "",
        ),
        (json!({"properties": {"requird": {}, "tilte": {}}}), ""),
        (
            json!({"type": "strng", "required": "a"}),
            "schema.json@13 \"type\" is \"strng\", but should be \"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\" or a list / did you mean \"string\"?\nschema.json@17 \"required\" should be a list, but it is the text \"a\" / write it as a list, in brackets",
        ),
        (
            x(&json!({"minLength": -1})),
            "schema.json@19 \"properties.x.minLength\" is -1, but should be at least 0",
        ),
        (
            json!({"$ref": "#/$defs/nam", "$defs": {"name": {}}}),
            "schema.json@13 \"#/$defs/nam\" leads nowhere / did you mean \"#/$defs/name\"?",
        ),
        (json!({"$ref": "nowhere.json"}), "schema.json@13 \"nowhere.json\" cannot be loaded: no such file"),
        (
            json!({"$ref": "https://example.com/a.json"}),
            "schema.json@13 \"https://example.com/a.json\" cannot be loaded: no such file",
        ),
        (
            json!({"$ref": "common.json#/$defs/nme"}),
            "schema.json@13 \"common.json#/$defs/nme\" leads nowhere / did you mean \"common.json#/$defs/name\"?",
        ),
        (json!({"$ref": "http://[bad"}), "schema.json@13 \"http://[bad\" is not an address"),
        (json!({"$ref": "#name"}), "schema.json@13 \"#name\" leads nowhere"),
        (
            json!({"$ref": "broken.json"}),
            "broken.json@13 \"type\" is \"strng\", but should be \"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\" or a list / did you mean \"string\"?",
        ),
        (
            x(&json!({"pattern": "(?=a)"})),
            "schema.json@19 the pattern \"(?=a)\" cannot be used / look-around, including look-ahead and look-behind, is not supported",
        ),
        (
            json!({"patternProperties": {"(": {}}}),
            "schema.json@14 the pattern \"(\" cannot be used / unclosed group",
        ),
        (
            x(&json!({"format": "date-tme"})),
            "schema.json@19 \"date-tme\" is not a known format / did you mean \"date-time\"?",
        ),
        (x(&json!({"format": "color"})), ""),
        (
            json!({"$schema": "https://json-schema.org/draft/2020-21/schema"}),
            "schema.json@13 \"https://json-schema.org/draft/2020-21/schema\" is not a draft of JSON Schema that is known here / did you mean \"https://json-schema.org/draft/2020-12/schema\"?",
        ),
        (
            json!([1]),
            "schema.json@10 the document should be true or false or a mapping, but it is a list of 1 item",
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(schema_errors(&schema), expected, "{schema}");
    }
}

#[test]
fn references_cross_documents_and_drafts() {
    let name = json!({"properties": {"x": {"$ref": "common.json#/$defs/name"}}, "required": ["x"]});
    check(&[
        (name.clone(), json!({"x": 1}), "\"x\" should be a text, but it is the number 1 / put it in quotes"),
        (name, json!({}), "\"x\" is missing / A full name"),
        (json!({"$ref": "#"}), json!({}), ""),
        (
            json!({"$id": "https://example.com/s.json", "properties": {"x": {"$ref": "s.json#/$defs/a"}}, "$defs": {"a": {"type": "integer", "description": "A count."}}}),
            json!({"x": []}),
            "\"x\" should be a whole number, but it is an empty list / A count",
        ),
        (
            json!({"$ref": "#/components/a%20b~1c", "components": {"a b/c": {"required": ["k"]}}}),
            json!({}),
            "\"k\" is missing",
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"x": {"maximum": 3, "exclusiveMaximum": true}}}),
            json!({"x": 3}),
            "\"x\" is 3, but should be less than 3",
        ),
        (
            json!({
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$id": "https://example.com/s.json#",
                "properties": {"x": {"$ref": "#/definitions/a"}},
                "definitions": {"a": {"type": "integer", "description": "A count."}},
            }),
            json!({"x": []}),
            "\"x\" should be a whole number, but it is an empty list / A count",
        ),
        (json!(false), json!({}), "the document is not allowed here"),
    ]);
}

#[test]
fn the_article_schema_is_right_and_explains_itself() {
    let text = include_str!("../../../schemas/article.schema.json");
    let value: Value = serde_json::from_str(text).unwrap();
    let schema = compiled(&value).unwrap();
    for (key, property) in value["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{key} has no description");
        for example in property["examples"].as_array().into_iter().flatten() {
            let mut article = json!({"title": "A", "date": "2024-05-31", "slug": "a", "excerpt": "A.", "category": "A",
                "categories": [{"type": "exact", "name": "A"}], "image": "https://example.com/a.png", "imageAlt": ""});
            article[key] = example.clone();
            assert_eq!(schema.violations(Some(&node(&article)), ANCHOR), [], "{key}: {example}");
        }
    }
    let article = json!({"title": " ", "date": "May 31", "slug": "A b", "excerpt": "A.", "readingTime": 0,
        "category": "A", "categories": [{"type": "exct", "name": "A"}], "image": "/a.png", "imageAlt": ""});
    assert_eq!(
        said(&value, &article),
        "\"title\" is \" \", which does not have the right form / write a headline of at least one word, as in \"How doors learned to open themselves\"\n\
         \"date\" is \"May 31\", but should be a date with a time and a zone or a date / write it as in 2024-05-31T09:30:00Z\n\
         \"slug\" is \"A b\", which does not have the right form / The last part of the article's address: lower-case letters and digits of any script, in words joined by hyphens, as in \"how-doors-learned-to-open-themselves\"\n\
         \"readingTime\" is 0, but should be at least 1 / How many minutes it takes to read the article, as in 6\n\
         \"type\" in item 1 of \"categories\" is \"exct\", which is none of \"exact\", \"general\", \"medium\", \"specific\", \"niche\" / did you mean \"exact\"?\n\
         \"image\" is \"/a.png\", which is not a full address / write it as in https://example.com/page"
    );
}
