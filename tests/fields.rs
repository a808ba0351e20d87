//! Fixes of front matter over generated fields: what is said is kept, and there is nothing left to fix.

use std::sync::Arc;

use copydesk::article::Article;
use copydesk::data::Node;
use copydesk::engine::{self, ActiveRule, Settings};
use copydesk::finding::{Finding, Level};
use copydesk::fix;
use copydesk::rules::{self, Catalog};
use copydesk::text::Source;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

fn findings(rule: &str, source: &Source) -> Vec<Finding> {
    let page = Catalog::built_in().get(rule).expect("there is such a rule");
    let options = match json!({"order": ["title", "date", "tags", "slug"]}) {
        Json::Object(options) if rule == "field-order" => options,
        _ => Map::new(),
    };
    let check = Arc::from(rules::check_of(page, &options).expect("the options are right"));
    let rules = vec![ActiveRule { page: Arc::clone(page), level: Level::Error, check }];
    engine::check(source, &Settings { rules, ..Settings::default() }).findings
}

fn source(text: &str) -> Source {
    Source::new("a.md", text.as_bytes().to_vec())
}

/// The text after the fixes; `None` where a finding has none.
fn fixed(rule: &str, text: &str) -> Option<String> {
    let findings = findings(rule, &source(text));
    findings.iter().all(|finding| finding.fix.is_some()).then(|| fix::apply(text, &findings).text)
}

/// What a front matter says, and its comments.
fn said(text: &str) -> (Option<Json>, Vec<String>) {
    let source = source(text);
    let article = Article::parse(&source);
    let block = article.front_matter.as_ref().expect("there is a front matter");
    let mut comments: Vec<String> =
        block.document.comments.iter().map(|span| text[span.range()].to_owned()).collect();
    comments.sort();
    (block.root().map(Node::to_json), comments)
}

fn sorted_lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.split(['\n', '\r']).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn fields_stay_where_they_are_if_something_would_be_lost() {
    let cases = [
        "{slug: a, title: b}",
        "slug: a\ntitle: b\nslug: c",
        "slug: &name a\ntitle: *name",
        "? slug\n: a\ntitle: b",
        "slug: |+\n  a\n\n\ntitle: b",
        "base: &base {x: 1}\n<<: *base\nslug: a\ntitle: b",
    ];
    for case in cases {
        assert_eq!(fixed("field-order", &format!("---\n{case}\n---\n")), None, "{case}");
    }
}

#[test]
fn indented_fields_change_places() {
    let (text, wanted) = ("---\n  slug: a\n  title: b\n---\n", "---\n  title: b\n  slug: a\n---\n");
    assert_eq!(fixed("field-order", text).as_deref(), Some(wanted));
}

#[test]
fn fields_of_json_change_places_and_commas_do_not() {
    let text = "{\n  \"slug\": \"a\",\n  \"x\": {\"y\": [1, 2]},\n  \"title\": \"b\"\n}\n";
    let wanted = "{\n  \"title\": \"b\",\n  \"slug\": \"a\",\n  \"x\": {\"y\": [1, 2]}\n}\n";
    assert_eq!(fixed("field-order", text).as_deref(), Some(wanted));
}

#[test]
fn tables_of_toml_stay() {
    let text = "+++\n# on top\n\ndate = 2026-03-01 # a day\n# why\ntitle = \"\"\"\na\n\"\"\"\n[tags]\nslug = 1\n[slug]\n+++\n";
    let wanted = "+++\n# on top\n\n# why\ntitle = \"\"\"\na\n\"\"\"\ndate = 2026-03-01 # a day\n[tags]\nslug = 1\n[slug]\n+++\n";
    assert_eq!(fixed("field-order", text).as_deref(), Some(wanted));
}

fn field() -> impl Strategy<Value = (String, String)> {
    let key = prop::sample::select(vec!["title", "date", "tags", "slug", "'draft'", "höhe", "x-y"]);
    let value = prop::sample::select(vec![
        " Türen",
        " \"a: b\"",
        " 'it''s' # why",
        "",
        " ~ # none",
        " [a,\n  b]",
        "\n  - a\n  # in\n  - b",
        "\n- a\n- b",
        " |\n  one\n\n  # no comment\n",
        " >-\n  one\n   two",
        " |+\n  one\n\n",
        "\n  a: 1\n  b: {c: 2}",
        " \"one\ntwo\"",
        " first\n  second",
        " &a 1",
        " {a: 1,\nb: 2}",
    ]);
    let above = prop::sample::select(vec![
        "",
        "",
        "",
        "# about\n",
        "\n",
        "\n# one\n# two\n",
        "# far\n\n",
        "  # deep\n",
    ]);
    (key, value, above).prop_map(|(key, value, above)| (key.to_owned(), format!("{above}{key}:{value}\n")))
}

/// A text in quotes or a list in brackets, over several lines.
fn lines() -> impl Strategy<Value = String> {
    let texts = || {
        let line = "(\t| {0,5})[a-zé]{1,3}( [a-z#:]{1,2}|\\\\n|\t)?";
        prop::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n"))
    };
    prop_oneof![
        texts().prop_map(|lines| format!("\"{lines}\"")),
        texts().prop_map(|lines| format!("'{lines}\n\n  end'")),
        texts().prop_map(|lines| format!("\"{lines} \\\n  end\"")),
        prop::collection::vec(" {0,4}[a-z]{1,3}", 1..4)
            .prop_map(|items| format!("[\n{}\n]", items.join(",\n"))),
    ]
}

proptest! {
    #[test]
    fn fields_in_order_say_what_they_said(
        fields in prop::collection::vec(field(), 1..7), end in 0..3_usize, tail in 0..2_usize
    ) {
        let mut seen = std::collections::HashSet::new();
        let content: String =
            fields.iter().filter(|(key, _)| seen.insert(key.as_str())).map(|(_, text)| text.as_str()).collect();
        let tail = ["", "\n# the end\n"][tail];
        let text = format!("---\n{content}{tail}---\n\nBody\n").replace('\n', ["\n", "\r\n", "\r"][end]);
        let Some(new) = fixed("field-order", &text) else { return Ok(()) };
        prop_assert_eq!(findings("field-order", &source(&new)), []);
        prop_assert_eq!(said(&text), said(&new));
        prop_assert_eq!(sorted_lines(&text), sorted_lines(&new));
    }

    #[test]
    fn indented_lines_say_what_they_said(
        values in prop::collection::vec((0..4_usize, lines()), 1..4), end in 0..3_usize
    ) {
        let keys = [": ", ":\n  n: ", ":\n  - ", ":\n  - n: "];
        let fields = values.iter().enumerate().map(|(at, (key, value))| format!("k{at}{}{value}\n", keys[*key]));
        let content: String = fields.collect();
        let text = format!("---\n{content}---\n").replace('\n', ["\n", "\r\n", "\r"][end]);
        let new = fixed("yaml-portability", &text).expect("each finding has a fix");
        prop_assert_eq!(said(&text), said(&new));
        prop_assert_eq!(findings("yaml-portability", &source(&new)), []);
    }
}
