//! Every operation in every style, as tables of what is written before and after.

use serde_json::{Value as Json, json};

use super::*;
use crate::finding::{Edit, rewrite};
use crate::text::Source;

/// The text after a change; `None` where it is refused.
fn changed(text: &str, change: impl Fn(&Editor<'_>, &Node) -> Option<Vec<Edit>>) -> Option<String> {
    let source = Source::new("a.md", text.as_bytes().to_vec());
    let article = Article::parse(&source);
    let editor = Editor::of(&article).unwrap_or_else(|| panic!("it can be read: {text:?}"));
    let empty = proof::node(&json!({}));
    let root = article.front_matter.as_ref().and_then(FrontMatter::root).unwrap_or(&empty);
    change(&editor, root).map(|edits| rewrite(text, &edits))
}

fn replaced(text: &str, path: &str, value: &Json) -> Option<String> {
    changed(text, |editor, root| {
        let place = root.find(path.split('/')).unwrap_or_else(|| panic!("no {path} in {text:?}"));
        editor.replace(place.node, value)
    })
}

fn inserted(text: &str, mapping: &str, after: Option<&str>, (key, value): (&str, &Json)) -> Option<String> {
    changed(text, |editor, root| {
        let place = root.find(mapping.split('/').filter(|segment| !segment.is_empty()));
        editor.insert(
            place.map(|place| place.node).filter(|node| !node.span.is_empty() || !mapping.is_empty()),
            after,
            (key, value),
        )
    })
}

/// Both as the content of a block of this language, with every line end.
fn in_block(fence: &str, old: &str, new: Option<&str>, change: impl Fn(&str) -> Option<String>) {
    let whole = |content: &str, end: &str| {
        let text = match fence {
            "{" => format!("{content}\n\nBody: 1\n"),
            _ => format!("\u{feff}{fence}\n{content}{fence}\n\nBody: 1\n"),
        };
        text.replace('\n', end)
    };
    for end in ["\n", "\r\n", "\r"] {
        let (old, new) = (whole(old, end), new.map(|new| whole(new, end)));
        assert_eq!(change(&old), new, "from {old:?}");
    }
}

#[test]
fn values_of_yaml_keep_their_style() {
    let cases: &[(&str, &str, Json, &str)] = &[
        ("a: one # why\nb: 2\n", "a", json!("two"), "a: two # why\nb: 2\n"),
        ("a: one\n", "a", json!("it's: so"), "a: \"it's: so\"\n"),
        ("a: one\nb: 'x'\n", "a", json!("so: it is"), "a: 'so: it is'\nb: 'x'\n"),
        ("a: one\n", "a", json!("say \"yes\" # so"), "a: 'say \"yes\" # so'\n"),
        ("a: 'one'\n", "a", json!("it's"), "a: 'it''s'\n"),
        ("a: 'one'\n", "a", json!("two\nlines"), "a: \"two\\nlines\"\n"),
        ("a: \"one\"\n", "a", json!("two \"q\" \\"), "a: \"two \\\"q\\\" \\\\\"\n"),
        ("a: \"one\n  two\" # c\nb: 1\n", "a", json!("x"), "a: \"x\" # c\nb: 1\n"),
        ("a: one\n  two\nb: 1\n", "a", json!("x y"), "a: x y\nb: 1\n"),
        ("a: \"7\"\n", "a", json!(7), "a: 7\n"),
        ("a: 7\n", "a", json!("7"), "a: \"7\"\n"),
        ("a: 7\n", "a", json!(1e21), "a: 1.0e+21\n"),
        ("a: 7\n", "a", json!(true), "a: true\n"),
        ("a:\nb: 1\n", "a", json!("x"), "a: x\nb: 1\n"),
        ("a:   # why\nb: 1\n", "a", json!(["x", 1]), "a: [x, 1]   # why\nb: 1\n"),
        ("a: {b: , c}\n", "a/b", json!("x"), "a: {b: x, c}\n"),
        ("a: {b: , c}\n", "a/c", json!("x"), "a: {b: , c: x}\n"),
        ("a:\n  -\n  - b\n", "a/0", json!("x"), "a:\n  - x\n  - b\n"),
        ("a: [b, c]\n", "a/0", json!("x, y"), "a: [\"x, y\", c]\n"),
        ("a: [b, c]\n", "a", json!("d"), "a: d\n"),
        ("a: |\n  one\n  two\n\nb: 1\n", "a", json!("x: y\n\n- z\n"), "a: |\n  x: y\n\n  - z\n\nb: 1\n"),
        ("a: |\n  one\nb: 1\n", "a", json!("x"), "a: |-\n  x\nb: 1\n"),
        ("a: |- # why\n    one\nb: 1\n", "a", json!("x"), "a: |- # why\n    x\nb: 1\n"),
        ("a: | # why\n    one\nb: 1\n", "a", json!(" x\n"), "a: \" x\\n\" # why\nb: 1\n"),
        ("a: |2\n   one\nb: 1\n", "a", json!(" x\ny\n"), "a: |2\n   x\n  y\nb: 1\n"),
        (
            "a: >\n  one two\n  three\nb: 1\n",
            "a",
            json!("a bc de f\nx\n"),
            "a: >\n  a bc de\n  f\n\n  x\nb: 1\n",
        ),
        ("a: >-\n  one\nb: 1\n", "a", json!("x y\n\nz"), "a: >-\n  x y\n\n\n  z\nb: 1\n"),
        ("a:\n  - >-\n    one\n  - two\n", "a/0", json!(5), "a:\n  - 5\n  - two\n"),
        ("a: |\nb: 1\n", "a", json!("x"), "a: x\nb: 1\n"),
        ("a: &x one\n", "a", json!("two"), "a: &x two\n"),
        ("a: &x one\nb: *x\n", "b", json!("two"), "a: &x one\nb: two\n"),
    ];
    for (old, path, value, new) in cases {
        in_block("---", old, Some(new), |text| replaced(text, path, value));
    }
}

#[test]
fn what_would_change_something_else_is_refused() {
    let cases = [
        ("a: &x one\nb: *x\n", "a"),
        ("a: &x {c: one}\nb: *x\n", "b/c"),
        ("a: &x {c: one}\nb:\n  <<: *x\n", "b/c"),
        ("a: [1] # c\nb:\n  - 2\n", "b"),
        ("a: [1, # c\n  2]\n", "a"),
        ("a: !!int \"7\"\n", "a"),
    ];
    for (text, path) in cases {
        in_block("---", text, None, |text| replaced(text, path, &json!("two")));
    }
}

#[test]
fn what_readers_take_for_something_else_is_quoted() {
    let quoted = concat!(
        "· a·a ·no·On·y·N·~·null·NULL·true·False·1·-1·+1.5·1.·.5·1e3·1_0·1,000·0x1F·0b1·0o7·017·12:30·1:2:3.5·+1:2·",
        "2024-01-01·2024-1-1 10:00:00·.inf·-.INF·.NaN·=·<<·a: b·a #b·@a·`a·%a·!a·&a·*a·? a·?a·- a·-·[a·{a·]a·a:·: a·|·",
        ">a·'a·\"a·#a·,a·...·---·a\tb·a\u{85}b·a\u{2028}b·\u{feff}a·a\u{7f}·a\u{0}·9007199254740993",
    );
    for text in quoted.split('·') {
        let new =
            replaced("---\na: b\n---\n", "a", &json!(text)).unwrap_or_else(|| panic!("{text:?} is written"));
        assert!(new.contains("a: \"") || new.contains("a: '"), "{new:?}");
    }
    let plain = concat!(
        "a·Türen & Tore·1.2.3·3D·10 doors·a:b·a#b·C++·it's·say \"a\"·a, b [c]·none·2024-05·12:30 sharp·a\u{a0}b·<b>·",
        "~a·扉·https://example.com/a?b#c·yes!·2024-01-01-doors·1st·100%·a\\b",
    );
    for text in plain.split('·') {
        let wanted = format!("---\na: {text}\n---\n");
        assert_eq!(replaced("---\na: b\n---\n", "a", &json!(text)), Some(wanted));
    }
}

#[test]
fn values_of_toml_and_json_keep_their_style() {
    let cases: &[(&str, &str, Json, &str)] = &[
        ("a = \"one\" # why\n", "a", json!("two\n\"q\""), "a = \"two\\n\\\"q\\\"\" # why\n"),
        ("a = 'one'\n", "a", json!("c:\\d"), "a = 'c:\\d'\n"),
        ("a = 'one'\n", "a", json!("it's"), "a = \"it's\"\n"),
        (
            "a = \"\"\"\none\n\"\"\"\nb = 1\n",
            "a",
            json!("x \\ \"y\"."),
            "a = \"\"\"x \\\\ \"y\".\"\"\"\nb = 1\n",
        ),
        ("a = '''one'''\n", "a", json!("x'y"), "a = '''x'y'''\n"),
        ("a = 7\n", "a", json!("7"), "a = \"7\"\n"),
        ("a = \"7\"\n", "a", json!(7), "a = 7\n"),
        ("a = 2024-01-01\n", "a", json!("x"), "a = \"x\"\n"),
        ("a = [1, \"b\"]\n", "a/1", json!("x"), "a = [1, \"x\"]\n"),
        (
            "[t]\na = {b = 1}\n",
            "t/a/b",
            json!({"x y": ["z"], "e": {}}),
            "[t]\na = {b = { \"x y\" = [\"z\"], e = {} }}\n",
        ),
        ("a.b = 1\n", "a/b", json!(1.0), "a.b = 1.0\n"),
    ];
    for (old, path, value, new) in cases {
        in_block("+++", old, Some(new), |text| replaced(text, path, value));
    }
    in_block("+++", "a = 1\n", None, |text| replaced(text, "a", &Json::Null));
    in_block("+++", "a = [1]\n", None, |text| replaced(text, "a", &json!(u64::MAX)));
    let cases: &[(&str, &str, Json, &str)] = &[
        (
            "{\"a\": \"one\", \"b\":1}",
            "a",
            json!("\u{2028}\"é\"\u{7f}"),
            "{\"a\": \"\\u2028\\\"é\\\"\\u007F\", \"b\":1}",
        ),
        ("{\"a\": {\"b\": [1, \"2\"]}}", "a/b/1", json!(null), "{\"a\": {\"b\": [1, null]}}"),
        ("{\"a\": [1]}", "a", json!({"b": [true, "c"]}), "{\"a\": {\"b\": [true, \"c\"]}}"),
    ];
    for (old, path, value, new) in cases {
        in_block("{", old, Some(new), |text| replaced(text, path, value));
    }
}

#[test]
fn keys_come_behind_others_as_these_are_written() {
    let cases: &[(&str, &str, Option<&str>, &str)] = &[
        ("", "", None, "k: v\n"),
        ("# note\n", "", None, "# note\nk: v\n"),
        ("a: 1 # why\nb: 2\n", "", Some("a"), "a: 1 # why\nk: v\nb: 2\n"),
        ("a: 1\nb: 2\n", "", Some("b"), "a: 1\nb: 2\nk: v\n"),
        ("# top\n\n# about a\na: 1\n", "", None, "# top\n\nk: v\n# about a\na: 1\n"),
        ("a: |+\n  x\n\n\nb: 2\n", "", Some("a"), "a: |+\n  x\n\n\nk: v\nb: 2\n"),
        ("a: |\n  x\n\nb: 2\n", "", Some("a"), "a: |\n  x\nk: v\n\nb: 2\n"),
        (
            "a:\n  b: 1\n  # more\n# about c\nc: 2\n",
            "",
            Some("a"),
            "a:\n  b: 1\n  # more\nk: v\n# about c\nc: 2\n",
        ),
        ("a:\n    b: 1\nc: 2\n", "a", Some("b"), "a:\n    b: 1\n    k: v\nc: 2\n"),
        ("a:\n  # about b\n  b: 1\n", "a", None, "a:\n  k: v\n  # about b\n  b: 1\n"),
        ("a:\n- b: 1\n  c: 2\n", "a/0", Some("b"), "a:\n- b: 1\n  k: v\n  c: 2\n"),
        ("a:\n- b: 1\n  c: 2\n", "a/0", None, "a:\n- k: v\n  b: 1\n  c: 2\n"),
        ("a: {}\n", "a", None, "a: {k: v}\n"),
        ("a: { b: 1 }\n", "a", Some("b"), "a: { b: 1, k: v }\n"),
        ("a: { b: 1, c: [x] }\n", "a", Some("b"), "a: { b: 1, k: v, c: [x] }\n"),
        ("a: {b: 1,c: 2}\n", "a", None, "a: {k: v,b: 1,c: 2}\n"),
        ("a: {\n  b: 1, # why\n  c: 2\n}\n", "a", Some("b"), "a: {\n  b: 1, # why\n  k: v,\n  c: 2\n}\n"),
        ("a: {\n  b: 1 # why\n}\n", "a", Some("b"), "a: {\n  b: 1, # why\n  k: v\n}\n"),
        ("a: {\n  b: 1,\n}\n", "a", Some("b"), "a: {\n  b: 1,\n  k: v,\n}\n"),
        (
            "base: &x {c: 1}\na:\n  <<: *x\n  b: 1\n",
            "a",
            Some("b"),
            "base: &x {c: 1}\na:\n  <<: *x\n  b: 1\n  k: v\n",
        ),
    ];
    for (old, mapping, after, new) in cases {
        in_block("---", old, Some(new), |text| inserted(text, mapping, *after, ("k", &json!("v"))));
    }
    let refused = [
        ("a: &x {b: 1}\nc: *x\n", "c", Some("b")),
        ("k: 1\n", "", Some("k")),
        ("a: &x\n  b: 1\nc: *x\n", "a", Some("b")),
    ];
    for (old, mapping, after) in refused {
        in_block("---", old, None, |text| inserted(text, mapping, after, ("k", &json!("v"))));
    }
}

#[test]
fn keys_come_into_tables_and_objects() {
    let cases: &[(&str, &str, Option<&str>, &str)] = &[
        ("", "", None, "k = \"v\"\n"),
        ("a = 1 # why\n[t]\nb = 2\n", "", Some("a"), "a = 1 # why\nk = \"v\"\n[t]\nb = 2\n"),
        ("a = 1\n\n[t]\nb = 2\n", "", Some("t"), "a = 1\nk = \"v\"\n\n[t]\nb = 2\n"),
        ("[t]\nb = 2\n", "", Some("t"), "k = \"v\"\n\n[t]\nb = 2\n"),
        (
            "[t]\n  b = \"\"\"\nx\n\"\"\"\n[u]\n",
            "t",
            Some("b"),
            "[t]\n  b = \"\"\"\nx\n\"\"\"\n  k = \"v\"\n[u]\n",
        ),
        ("[t]\n# about b\nb = 2\n", "t", None, "[t]\nk = \"v\"\n# about b\nb = 2\n"),
        ("[t] # why\n[u]\n", "t", None, "[t] # why\nk = \"v\"\n[u]\n"),
        ("[t]\n[t.u]\na = 1\n", "t", Some("u"), "[t]\nk = \"v\"\n[t.u]\na = 1\n"),
        ("t = { a = 1 }\n", "t", Some("a"), "t = { a = 1, k = \"v\" }\n"),
        ("a.b = 1\nc = 2\n", "a", Some("b"), "a.b = 1\na.k = \"v\"\nc = 2\n"),
        ("t = {}\n", "t", None, "t = {k = \"v\"}\n"),
        ("[[t]]\na = 1\n[[t]]\na = 2\n", "t/0", Some("a"), "[[t]]\na = 1\nk = \"v\"\n[[t]]\na = 2\n"),
    ];
    for (old, mapping, after, new) in cases {
        in_block("+++", old, Some(new), |text| inserted(text, mapping, *after, ("k", &json!("v"))));
    }
    let cases: &[(&str, &str, Option<&str>, &str)] = &[
        ("{}", "", None, "{\"k\": \"v\"}"),
        ("{\"a\":1}", "", Some("a"), "{\"a\":1, \"k\":\"v\"}"),
        ("{\"a\":1,\"b\":2}", "", Some("b"), "{\"a\":1,\"b\":2,\"k\":\"v\"}"),
        ("{\n\t\"a\" : 1\n}", "", Some("a"), "{\n\t\"a\" : 1,\n\t\"k\" : \"v\"\n}"),
        (
            "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": 2\n  }\n}",
            "a",
            None,
            "{\n  \"a\": {\n    \"k\": \"v\",\n    \"b\": 1,\n    \"c\": 2\n  }\n}",
        ),
    ];
    for (old, mapping, after, new) in cases {
        in_block("{", old, Some(new), |text| inserted(text, mapping, *after, ("k", &json!("v"))));
    }
}

fn removed(text: &str, path: &str) -> Option<String> {
    changed(text, |editor, root| {
        editor.remove(root.find(path.split('/')).unwrap_or_else(|| panic!("no {path} in {text:?}")).node)
    })
}

#[test]
fn entries_and_items_go_with_what_is_theirs() {
    let cases: &[(&str, &str, &str)] = &[
        ("a: 1\n", "a", ""),
        ("a: 1\nb: 2 # c\nc: 3\n", "b", "a: 1\nc: 3\n"),
        ("# top\n\n# one\n# two\na: |\n  x\n  # text\n\n# b\nb: 2\n", "a", "# top\n\n\n# b\nb: 2\n"),
        ("a:\n  b: 1\n  # more\n# c\nc: 2\n", "a", "# c\nc: 2\n"),
        ("a:\n  b: 1 # x\n  c: 2\n", "a/b", "a:\n  c: 2\n"),
        ("a: # why\n  # b\n  b: 1 # x\nc: 1\n", "a/b", "a: {} # why\nc: 1\n"),
        ("a:\n- x\n- y # why\n# z\n- z\n", "a/1", "a:\n- x\n# z\n- z\n"),
        ("a:\n  - x\n  # y\n  - y\nb: 1\n", "a/1", "a:\n  - x\nb: 1\n"),
        ("a:\n  - # nothing\n  - y\n", "a/0", "a:\n  - y\n"),
        ("a:\n  - x\n  -\n", "a/1", "a:\n  - x\n"),
        ("a:\n  - x\n", "a/0", "a: []\n"),
        ("a:\n- x # x\nb: 1\n", "a/0", "a: []\nb: 1\n"),
        ("a:\n# why\n- x\n- y\n", "a/0", "a:\n- y\n"),
        ("a:\n-\n  # b\n  b: 1\n- c: 1\n  d: 2\n", "a/0", "a:\n- c: 1\n  d: 2\n"),
        ("a:\n  - b: 1\n    c: 2\n", "a/0/b", "a:\n  - c: 2\n"),
        ("a:\n  - b: 1 # x\n", "a/0/b", "a:\n  - {} # x\n"),
        ("a:\n  - b: 1\n    c:\n      - x\n  - d\n", "a/0", "a:\n  - d\n"),
        ("a: [x, y, z]\n", "a/0", "a: [y, z]\n"),
        ("a: [x, y, z]\n", "a/1", "a: [x, z]\n"),
        ("a: [ x, y ]\n", "a/1", "a: [ x ]\n"),
        ("a: [ x ]\n", "a/0", "a: []\n"),
        ("a: {x: 1, y: , z}\n", "a/y", "a: {x: 1, z}\n"),
        ("a: [x, y,]\n", "a/1", "a: [x,]\n"),
        (
            "a: [\n  x, # one, two\n  # y\n  y,\n  # z\n  z\n]\n",
            "a/1",
            "a: [\n  x, # one, two\n  # z\n  z\n]\n",
        ),
        (
            "a: [\n  x, # one, two\n  # y\n  y,\n  # z\n  z\n]\n",
            "a/2",
            "a: [\n  x, # one, two\n  # y\n  y\n]\n",
        ),
        ("a: [\n  x,\n  y, # y\n]\n", "a/1", "a: [\n  x,\n]\n"),
        ("a: [x, y,\n  z]\n", "a/1", "a: [x,\n  z]\n"),
        ("a: [x,\n  z]\n", "a/1", "a: [x]\n"),
        ("a: [\n  x\n  , y\n  , z\n  ]\n", "a/1", "a: [\n  x\n  , z\n  ]\n"),
    ];
    for (old, path, new) in cases {
        in_block("---", old, Some(new), |text| removed(text, path));
    }
    for (old, path) in
        [("a: &x 1\nb: *x\n", "a"), ("a: &x {b: 1}\nc: *x\n", "c/b"), ("a: &x {b: 1}\nc:\n  <<: *x\n", "c/b")]
    {
        in_block("---", old, None, |text| removed(text, path));
    }
    let cases: &[(&str, &str, &str)] = &[
        ("# a\na = 1 # x\nb = 2\n[t]\nc = 1\n", "a", "b = 2\n[t]\nc = 1\n"),
        ("a = 1\n", "a", ""),
        ("b = 2\n[t]\nc = '''\nx\n'''\n", "t/c", "b = 2\n[t]\n"),
        ("a = [\n  1,\n  2, # two\n]\n", "a/1", "a = [\n  1,\n]\n"),
        ("a = { b = 1, c = 2 }\n", "a/c", "a = { b = 1 }\n"),
        ("a.b = 1\na.c = 2\n", "a/b", "a.c = 2\n"),
    ];
    for (old, path, new) in cases {
        in_block("+++", old, Some(new), |text| removed(text, path));
    }
    for (old, path) in
        [("[t]\na = 1\n", "t"), ("a.b = 1\n", "a/b"), ("[[t]]\na = 1\n", "t/0"), ("a.b = 1\na.c = 1\n", "a")]
    {
        in_block("+++", old, None, |text| removed(text, path));
    }
    let cases: &[(&str, &str, &str)] = &[
        ("{\"a\": 1, \"b\": 2}", "a", "{\"b\": 2}"),
        (
            "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ]\n}",
            "b/1",
            "{\n  \"a\": 1,\n  \"b\": [\n    1\n  ]\n}",
        ),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "{\n  \"a\": 1\n}"),
        ("{\"a\": [1]}", "a/0", "{\"a\": []}"),
        ("{\"a\": 1}", "a", "{}"),
    ];
    for (old, path, new) in cases {
        in_block("{", old, Some(new), |text| removed(text, path));
    }
}

#[test]
fn keys_are_renamed_in_their_quotes() {
    let renamed = |text: &str, path: &str, to: &str| {
        changed(text, |editor, root| {
            let (above, key) = path.rsplit_once('/').unwrap_or(("", path));
            let place = root.find(above.split('/').filter(|segment| !segment.is_empty()))?;
            editor.rename(place.node.entry(key)?, to)
        })
    };
    let cases: &[(&str, &str, &str, &str, Option<&str>)] = &[
        ("---", "a: 1 # x\n", "a", "b c", Some("b c: 1 # x\n")),
        ("---", "a : 1\n", "a", "on", Some("\"on\" : 1\n")),
        ("---", "'a': 1\n", "a", "it's", Some("'it''s': 1\n")),
        ("---", "x: {\"a\": 1, b: 2}\n", "x/b", "c, d", Some("x: {\"a\": 1, \"c, d\": 2}\n")),
        ("---", "a: 1\nb: 2\n", "a", "b", None),
        ("---", "a: &x {b: 1}\nc: *x\n", "a/b", "d", None),
        ("---", "a:\n", "a", "a b: c", Some("\"a b: c\":\n")),
        ("+++", "a = 1\n", "a", "b-c", Some("b-c = 1\n")),
        ("+++", "[a]\nb = 1\n", "a", "b c", Some("[\"b c\"]\nb = 1\n")),
        ("+++", "[a]\nb = 1\n[a.c]\n", "a", "d", None),
        ("+++", "'a b' = 1\n", "a b", "c", Some("'c' = 1\n")),
        ("{", "{\"a\":1}", "a", "\"", Some("{\"\\\"\":1}")),
    ];
    for (fence, old, path, to, new) in cases {
        in_block(fence, old, *new, |text| renamed(text, path, to));
    }
}

#[test]
fn dates_are_bare_where_the_old_value_is() {
    let dated = |text: &str| {
        changed(text, |editor, root| editor.replace_date(root.get("a")?, "2024-05-01T10:00:00Z"))
    };
    let cases = [
        ("---", "a: May 1 # x\n", "a: 2024-05-01T10:00:00Z # x\n"),
        ("---", "a: 20240501\n", "a: 2024-05-01T10:00:00Z\n"),
        ("---", "a: 'May 1'\n", "a: '2024-05-01T10:00:00Z'\n"),
        ("---", "a: >-\n  May 1\nb: 1\n", "a: >-\n  2024-05-01T10:00:00Z\nb: 1\n"),
        ("---", "a:\n", "a: 2024-05-01T10:00:00Z\n"),
        ("+++", "a = 2024-05-01\n", "a = 2024-05-01T10:00:00Z\n"),
        ("+++", "a = 20240501\n", "a = 2024-05-01T10:00:00Z\n"),
        ("+++", "a = 'May 1'\n", "a = '2024-05-01T10:00:00Z'\n"),
        ("{", "{\"a\": 20240501}", "{\"a\": \"2024-05-01T10:00:00Z\"}"),
    ];
    for (fence, old, new) in cases {
        in_block(fence, old, Some(new), dated);
    }
}

#[test]
fn entries_change_places_with_their_comments() {
    let reordered = |text: &str, order: &[usize]| changed(text, |editor, root| editor.reorder(root, order));
    let nested =
        |text: &str, order: &[usize]| changed(text, |editor, root| editor.reorder(root.get("n")?, order));
    let old = "# top\n\n# a\na: 1 # x\nb:\n  - 2\n\n# c\nc: |\n  3\n";
    let new = "# top\n\n\n# c\nc: |\n  3\nb:\n  - 2\n# a\na: 1 # x\n";
    in_block("---", old, Some(new), |text| reordered(text, &[2, 1, 0]));
    in_block("---", old, Some(new), |text| reordered(text, &[2, 0]));
    in_block("---", old, None, |text| reordered(text, &[0, 0]));
    in_block("---", old, None, |text| reordered(text, &[0, 3]));
    let old = "n:\n  a: 1\n  # b\n  b: 2\nc: 3\n";
    in_block("---", old, Some("n:\n  # b\n  b: 2\n  a: 1\nc: 3\n"), |text| nested(text, &[1, 0]));
    in_block("---", "a: &x 1\nb: *x\n", None, |text| reordered(text, &[1, 0]));
    in_block("+++", "a = 1\n# b\nb = 2\n[t]\n", Some("# b\nb = 2\na = 1\n[t]\n"), |text| {
        reordered(text, &[1, 0])
    });
    in_block("+++", "a = 1\n[t]\n", None, |text| reordered(text, &[1, 0]));
    in_block("{", "{\"a\":1,\n \"b\": 2}", Some("{\"b\": 2,\n \"a\":1}"), |text| reordered(text, &[1, 0]));
}
