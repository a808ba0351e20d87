//! Fixes of what a schema forbids or lacks: each mends and brings nothing new, and together they come to rest.

use std::collections::HashMap;
use std::sync::Arc;

use copydesk::article::Article;
use copydesk::data::Node;
use copydesk::engine::{self, ActiveRule, Settings};
use copydesk::finding::{Finding, Level, Safety};
use copydesk::fix;
use copydesk::rules::{self, Catalog};
use copydesk::schema::{Change, Schema, Violation};
use copydesk::text::Source;
use copydesk::yaml;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

fn settings(schema: &Json) -> Settings {
    let rules = ["schema", "unknown-field"].map(|id| {
        let page = Arc::clone(Catalog::built_in().get(id).expect("there is such a rule"));
        let check = Arc::from(rules::check_of(&page, &Map::new()).expect("the options are right"));
        ActiveRule { page, level: Level::Error, check }
    });
    let root = yaml::parse(&schema.to_string(), 0).root.expect("JSON is YAML");
    let schema = Schema::compile(&root, "https://example.org/schema.json", |uri| Err(format!("no {uri}")))
        .unwrap_or_else(|errors| panic!("{schema}: {errors:?}"));
    Settings { rules: rules.into(), schema: Some(Arc::new(schema)), ..Settings::default() }
}

fn source(text: &str) -> Source {
    Source::new("a.md", text.as_bytes().to_vec())
}

fn findings(text: &str, settings: &Settings) -> Vec<Finding> {
    engine::check(&source(text), settings).findings
}

fn mended(text: &str, settings: &Settings, least: Safety) -> String {
    let mended = fix::mend(&source(text), settings, least);
    assert_eq!(mended.failures, [], "{text}");
    let is_left = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety >= least);
    assert!(!mended.left.findings.iter().any(is_left), "{text}\n{:?}\n{:#?}", mended.text, mended.left);
    mended.text.unwrap_or_else(|| text.to_owned())
}

/// How often each thing is said. What is there instead of a missing key is another matter.
fn said(findings: &[Finding]) -> HashMap<String, usize> {
    let mut said = HashMap::new();
    for finding in findings {
        let message = finding.message.split(", but there is ").next().expect("there is a first part");
        *said.entry(message.to_owned()).or_insert(0) += 1;
    }
    said
}

/// Takes each fix alone: its finding goes, and no other comes.
fn each_alone(text: &str, settings: &Settings) -> usize {
    let findings = findings(text, settings);
    let before = said(&findings);
    let fixable: Vec<&Finding> = findings.iter().filter(|finding| finding.fix.is_some()).collect();
    for finding in &fixable {
        let new = fix::apply(text, [*finding]).text;
        let left = self::findings(&new, settings);
        // Of a misspelt key that the schema asked for and no longer does, the other rule speaks instead.
        let of_same_rule: Vec<Finding> =
            left.iter().filter(|other| other.rule == finding.rule).cloned().collect();
        let after = said(&of_same_rule);
        let is_known = |(message, times): (&String, &usize)| before.get(message) >= Some(times);
        assert!(left.len() < findings.len(), "{text}\n{finding:?}\n{new}\n{left:#?}");
        assert!(after.iter().all(is_known), "{text}\n{finding:?}\n{new}\n{after:#?}");
    }
    fixable.len()
}

/// The schema of most cases.
fn article() -> Json {
    json!({
        "required": ["title", "layout", "draft", "tags", "status"],
        "properties": {
            "title": {"type": "string", "pattern": "^\\S(.*\\S)?$"},
            "layout": {"const": "post"},
            "draft": {"type": "boolean", "default": false},
            "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "default": []},
            "status": {"enum": ["new", "review", "done"], "default": "new"},
            "minutes": {"type": "integer", "minimum": 1},
            "seo": {
                "type": "object",
                "required": ["index", "follow"],
                "properties": {
                    "index": {"type": "boolean", "default": true},
                    "follow": {"$ref": "#/$defs/follow"},
                    "version": {"type": "string"},
                },
                "additionalProperties": false,
            },
        },
        "$defs": {"follow": {"type": "boolean", "default": true}},
    })
}

#[test]
fn each_format_is_mended_to_the_byte() {
    // The text, how many of its findings have a fix, what the safe fixes make of it, and all.
    let cases = [
        (
            "---\ntitle: Doors # of wood\n---\n",
            4,
            "---\ntitle: Doors # of wood\ndraft: false\ntags: []\nstatus: new\n---\n",
            "---\ntitle: Doors # of wood\nlayout: post\ndraft: false\ntags: []\nstatus: new\n---\n",
        ),
        (
            "---\nminutes: \"7\"\nstatus: Review\ntitle: |\n  Doors\n# the end\nlayout: page\ntags: wood\ndraft: no\n---\n",
            6,
            "---\nminutes: 7\nstatus: Review\ntitle: |-\n  Doors\n# the end\nlayout: page\ntags: [wood]\ndraft: no\n---\n",
            "---\nminutes: 7\nstatus: review\ntitle: |-\n  Doors\n# the end\nlayout: post\ntags: [wood]\ndraft: false\n---\n",
        ),
        (
            "---\r\ntitel: \"Doors\"\r\nlayout: post\r\ndraft: true\r\ntags:\r\n  - a\r\n  - 7 # lucky\r\n  - a\r\nstatus: new\r\n---\r\n",
            3,
            "---\r\ntitel: \"Doors\"\r\nlayout: post\r\ndraft: true\r\ntags:\r\n  - a\r\n  - \"7\" # lucky\r\n  - a\r\nstatus: new\r\n---\r\n",
            "---\r\ntitle: \"Doors\"\r\nlayout: post\r\ndraft: true\r\ntags:\r\n  - a\r\n  - \"7\" # lucky\r\nstatus: new\r\n---\r\n",
        ),
        (
            "---\ntitle: a\nlayout: post\ndraft: true\ntags:\nstatus: new\nseo: {versoin: '1', follow: yes}\n---\n",
            4,
            "---\ntitle: a\nlayout: post\ndraft: true\ntags:\nstatus: new\nseo: {index: true, versoin: '1', follow: yes}\n---\n",
            "---\ntitle: a\nlayout: post\ndraft: true\ntags: []\nstatus: new\nseo: {index: true, version: '1', follow: true}\n---\n",
        ),
        (
            "---\ntitle: a\nlayout: post\ndraft: true\ntags: []\nstatus: new\nseo: {}\n---\n",
            2,
            "---\ntitle: a\nlayout: post\ndraft: true\ntags: []\nstatus: new\nseo: {index: true, follow: true}\n---\n",
            "---\ntitle: a\nlayout: post\ndraft: true\ntags: []\nstatus: new\nseo: {index: true, follow: true}\n---\n",
        ),
        (
            "+++\ntitle = 7\nstatus = ' new '\n\n[seo] # for robots\nversion = 1.10\n+++\n",
            8,
            "+++\ntitle = '7'\ndraft = false\ntags = []\nstatus = 'new'\n\n[seo] # for robots\nindex = true\nfollow = true\nversion = '1.10'\n+++\n",
            "+++\ntitle = '7'\nlayout = 'post'\ndraft = false\ntags = []\nstatus = 'new'\n\n[seo] # for robots\nindex = true\nfollow = true\nversion = '1.10'\n+++\n",
        ),
        (
            "{\"title\": \"a\", \"minutes\": \"7\"}\n",
            5,
            "{\"title\": \"a\", \"draft\": false, \"tags\": [], \"status\": \"new\", \"minutes\": 7}\n",
            "{\"title\": \"a\", \"layout\": \"post\", \"draft\": false, \"tags\": [], \"status\": \"new\", \"minutes\": 7}\n",
        ),
    ];
    let settings = settings(&article());
    for (text, fixable, safe, all) in cases {
        assert_eq!(each_alone(text, &settings), fixable, "{text}\n{:#?}", findings(text, &settings));
        assert_eq!(mended(text, &settings, Safety::Safe), safe);
        assert_eq!(mended(text, &settings, Safety::Unsafe), all);
    }
}

#[test]
fn several_missing_keys_come_in_one_pass() {
    let keys = ["z", "w", "m", "b", "a"];
    let properties: Map<String, Json> =
        keys.iter().map(|key| ((*key).to_owned(), json!({"default": 0}))).collect();
    let mut required = keys;
    required.sort_unstable();
    let settings = settings(&json!({"required": required, "properties": properties}));
    let cases = [
        ("---\n---\n", "---\nz: 0\nw: 0\nm: 0\nb: 0\na: 0\n---\n"),
        ("---\nm: 1\n---\n", "---\nz: 0\nw: 0\nm: 1\nb: 0\na: 0\n---\n"),
        ("---\n{m: 1}\n---\n", "---\n{z: 0, w: 0, m: 1, b: 0, a: 0}\n---\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(fix::apply(text, &findings(text, &settings)).text, expected);
    }
}

#[test]
fn what_is_written_elsewhere_is_left_alone() {
    let settings = settings(&json!({
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"required": ["d"], "properties": {"d": {"default": 1}}}},
        "additionalProperties": false,
    }));
    // The alias is replaced, the anchor it names is not; a mapping that is an alias gets no key.
    for text in ["---\na: &n 7\nb: *n\n---\n", "---\nb: &m {}\nc: *m\n---\n", "---\n<<: {aa: 1}\nb: x\n---\n"]
    {
        each_alone(text, &settings);
        mended(text, &settings, Safety::Unsafe);
    }
}

/// A schema of some fields, of which some are required, open or closed.
fn any_schema() -> impl Strategy<Value = Json> {
    let field = prop::sample::select(vec![
        json!({"type": "string"}),
        json!({"type": "string", "default": "none"}),
        json!({"type": "integer", "default": 3}),
        json!({"type": "integer", "minimum": 5}),
        json!({"type": "boolean", "default": false}),
        json!({"type": "array", "items": {"type": "string"}, "default": []}),
        json!({"type": "array", "items": {"type": "integer"}, "uniqueItems": true, "minItems": 1}),
        json!({"enum": ["draft", "Review", "1", 7, true]}),
        json!({"const": "post"}),
        json!({"const": 7}),
        json!({"pattern": "^[a-z]+$"}),
        json!({"anyOf": [{"type": "integer"}, {"enum": ["draft", "none"], "default": "none"}]}),
        json!({"oneOf": [{"type": "array"}, {"type": "boolean"}]}),
        json!({"$ref": "#/$defs/inner", "default": {"titles": 1}}),
        json!({"type": "array", "items": {"$ref": "#/$defs/inner"}}),
        json!(false),
    ]);
    let inner = json!({
        "type": "object",
        "required": ["title", "index"],
        "properties": {"title": {"type": "string"}, "index": {"type": "boolean", "default": true}, "titles": {"const": 1}},
        "additionalProperties": false,
    });
    let keys = prop::sample::subsequence(KEYS.to_vec(), 1..KEYS.len());
    let fields = keys.prop_flat_map(move |keys| {
        let count = keys.len();
        let required = prop::sample::subsequence(keys.clone(), 0..=count).prop_shuffle();
        (Just(keys), prop::collection::vec(field.clone(), count), required, any::<bool>())
    });
    fields.prop_map(move |(keys, fields, required, is_open)| {
        let properties: Map<String, Json> = keys.into_iter().map(str::to_owned).zip(fields).collect();
        json!({
            "required": required,
            "properties": properties,
            "additionalProperties": is_open,
            "if": {"properties": {"title": {"const": "draft"}}, "required": ["title"]},
            "then": {"required": ["status"]},
            "$defs": {"inner": inner.clone()},
        })
    })
}

const KEYS: [&str; 7] = ["title", "titles", "status", "layout", "minutes", "index", "tags"];

/// A front matter of those fields, some misspelt, with values as people write them.
fn any_text() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "title",
        "titel",
        "titles",
        "\"status\"",
        "Status",
        "layout",
        "'minutes'",
        "mintues",
        "index",
        "tags",
        "tgas",
    ]);
    let value = prop::sample::select(vec![
        " 7",
        " \"7\"",
        " '7' # lucky",
        " 1.10",
        " 0x1F",
        " true",
        " \"true\"",
        " yes",
        "",
        " \"\"",
        " ~",
        " draft",
        " Draft # soon",
        " ' draft'",
        " two words",
        " a, b",
        " |\n  draft",
        " >-\n  7\n",
        " [7, 7, \"7\", 7]",
        " []",
        " {}",
        " {titel: 7, index: yes}",
        " {title: 7,\n  titles: \"1\"}",
        "\n  title: 7 # of the page\n  Index: true",
        "\n- 7\n- 7 # twice\n- a",
        "\n  - titel: a\n    index: \"true\"\n  - {}\n  # the last\n  - index: false",
        " &name 7",
        " !!str 7",
    ]);
    let entries = prop::collection::vec((key, value, any::<bool>()), 0..6);
    (entries, prop::sample::select(vec!["\n", "\r\n"]), any::<bool>()).prop_map(
        |(entries, end, is_marked)| {
            let mut keys = Vec::new();
            let mut text = "---\n".to_owned();
            for (key, value, is_noted) in entries {
                let name = key.trim_matches(['"', '\'']);
                if !keys.contains(&name) {
                    keys.push(name);
                    text += if is_noted { "# a note\n" } else { "" };
                    text.extend([key, ":", value, "\n"]);
                }
            }
            let text = format!("{text}---\n\nThe body.\n").replace('\n', end);
            if is_marked { format!("\u{feff}{text}") } else { text }
        },
    )
}

fn root(text: &str) -> Option<Json> {
    let source = source(text);
    let article = Article::parse(&source);
    let block = article.front_matter.as_ref().expect("there is a front matter");
    assert!(block.is_sound() && block.document.duplicates.is_empty(), "{text}\n{:?}", block.document);
    block.root().map(Node::to_json)
}

/// The paths at which two values differ.
fn differences(path: &str, old: Option<&Json>, new: Option<&Json>, found: &mut Vec<String>) {
    match (old, new) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            for key in old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))) {
                differences(&format!("{path}/{key}"), old.get(key), new.get(key), found);
            }
        }
        (Some(Json::Array(old)), Some(Json::Array(new))) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differences(&format!("{path}/{index}"), Some(old), Some(new), found);
            }
        }
        _ if old == new => {}
        _ => found.push(path.to_owned()),
    }
}

/// The paths that a suggestion may touch.
fn touched(violation: &Violation, text: &str) -> Vec<String> {
    let at = &violation.pointer;
    match violation.suggestion.as_ref().map(|suggestion| &suggestion.change) {
        Some(Change::RenameKey { to }) => {
            let old = text[violation.span.range()].trim_matches(['"', '\'']);
            vec![format!("{at}/{old}"), format!("{at}/{to}")]
        }
        Some(Change::InsertKey { key, .. }) => vec![format!("{at}/{key}")],
        Some(_) => vec![at.clone()],
        None => Vec::new(),
    }
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn fixes_mend_and_rest_and_touch_what_they_name(schema in any_schema(), text in any_text()) {
        let settings = settings(&schema);
        each_alone(&text, &settings);
        let all = mended(&text, &settings, Safety::Unsafe);
        prop_assert_eq!(mended(&all, &settings, Safety::Unsafe), all.clone());
        let safe = mended(&text, &settings, Safety::Safe);
        prop_assert_eq!(mended(&safe, &settings, Safety::Safe), safe);
        prop_assert!(findings(&all, &settings).len() <= findings(&text, &settings).len());

        let compiled = settings.schema.as_ref().expect("it was put there");
        let (source, found) = (source(&text), findings(&text, &settings));
        let article = Article::parse(&source);
        let block = article.front_matter.as_ref().expect("there is a front matter");
        let mut named = compiled.mendable(block.root(), block.opening, |span| text.get(span.range()));
        named.extend(block.root().map(|root| compiled.unknown_keys(root)).into_iter().flatten());
        let named: Vec<String> = named.iter().flat_map(|violation| touched(violation, &text)).collect();
        let mut different = Vec::new();
        let once = fix::apply(&text, &found).text;
        let empty = || Some(Json::Object(Map::new()));
        let (old, new) = (root(&text).or_else(empty), root(&once).or_else(empty));
        differences("", old.as_ref(), new.as_ref(), &mut different);
        prop_assert!(different.iter().all(|path| named.contains(path)), "{different:?} {named:?}\n{text}\n{once}");
        // The comments are all there, but for those of items that repeat.
        let comments = |text: &str| text.matches("# ").count();
        prop_assert!(comments(&all) + usize::from(text.contains("# twice")) >= comments(&text), "{text}\n{all}");
    }
}
