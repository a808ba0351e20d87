//! Spans, limits, explanations, and agreement with a second reader.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{MAX_DEPTH, MAX_NODES, parse};
use crate::data::{Document, Node};

/// The source of the node at a path of `/`-separated segments.
fn at<'t>(document: &Document, text: &'t str, path: &str) -> &'t str {
    let root = document.root.as_ref().expect("the text parses");
    let place = root.find(path.split('/')).unwrap_or_else(|| panic!("no {path} in {text:?}"));
    &text[place.node.span.range()]
}

#[test]
fn every_kind_of_value_has_its_bytes() {
    let text = concat!(
        "plain: a text # comment\n",
        "two: first\n  second\n",
        "double: \"é \\\" 日本\"\n",
        "'single': 'it''s'\n",
        "literal: |\n  one\n\n  two\n\n",
        "folded: >- # note\n    one\n    two\n",
        "empty:\n",
        "flow: [{\"type\":\"exact\",\"name\":\"Backend\"}, x]\n",
        "block:\n  - one\n  - two: 2\n  # a comment after\n",
        "anchor: &a [1]\n",
        "alias: *a\n",
        "last: ''",
    );
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let document = parse(&text, 0);
        assert_eq!(document.problems, []);
        let lf = |path: &str| at(&document, &text, path).replace("\r\n", "\n");
        assert_eq!(lf("plain"), "a text");
        assert_eq!(lf("two"), "first\n  second");
        assert_eq!(lf("double"), "\"é \\\" 日本\"");
        assert_eq!(lf("single"), "'it''s'");
        assert_eq!(lf("literal"), "one\n\n  two");
        assert_eq!(lf("folded"), "one\n    two");
        assert_eq!(lf("flow"), "[{\"type\":\"exact\",\"name\":\"Backend\"}, x]");
        assert_eq!(lf("flow/0"), "{\"type\":\"exact\",\"name\":\"Backend\"}");
        assert_eq!(lf("flow/0/name"), "\"Backend\"");
        assert_eq!(lf("block"), "- one\n  - two: 2");
        assert_eq!(lf("block/1/two"), "2");
        assert_eq!(lf("alias"), "*a");
        assert_eq!(lf("alias/0"), "1");
        assert_eq!(lf("last"), "''");
        let root = document.root.as_ref().expect("the text parses");
        let empty = root.find(["empty"]).expect("the key is there");
        let key = empty.key_span.expect("it is a mapping's value");
        assert_eq!(empty.node.span, crate::text::Span::empty(key.end as usize + 1));
        assert_eq!(
            &text[root.find(["single"]).and_then(|place| place.key_span).unwrap().range()],
            "'single'"
        );
        assert_eq!(root.get("literal").and_then(Node::as_str), Some("one\n\ntwo\n"));
        assert_eq!(document.comments.len(), 3);
    }
}

#[test]
fn offsets_count_from_the_file() {
    let document = parse("a: \"x\nb\nc\"\nd: *e\n", 100);
    assert_eq!(document.problems[0].span, crate::text::Span::new(114, 116));
}

#[test]
fn outdented_quoted_texts_are_read_with_true_spans() {
    let tab = parse("a: \"one\n\ttwo\"\n", 0);
    assert_eq!(tab.root.map(|root| root.to_json()), Some(json!({"a": "one two"})));
    let text = "a: \"one\ntwo\n\nthree\"\nnested:\n  b: 'x\n  y'\nc: 3\n";
    let document = parse(text, 0);
    assert_eq!(document.problems, []);
    let root = document.root.as_ref().expect("the text parses");
    assert_eq!(root.to_json(), json!({"a": "one two\nthree", "nested": {"b": "x y"}, "c": 3}));
    assert_eq!(at(&document, text, "a"), "\"one\ntwo\n\nthree\"");
    assert_eq!(at(&document, text, "nested/b"), "'x\n  y'");
    assert_eq!(at(&document, text, "c"), "3");
}

#[test]
fn lines_that_stand_too_far_left_are_listed() {
    let cases: &[(&str, &[&str])] = &[
        ("a: \"one\ntwo\n\nthree\"\n", &["two", "three\""]),
        ("a: \"one\n\ttwo\"\n", &["two\""]),
        ("a:\n  - \"one\n  two\n three\"\n", &["two", "three\""]),
        ("a:\n  - b: \"one\n   two\n    three\"\n", &["two", "three\""]),
        ("a: [\nx,\n y\n]\n", &["x,"]),
        ("a: {\n  b: [\nx],\n# why\n}\n", &["x],"]),
        ("a: [\"b\nc\"\n]\n", &["c\""]),
        ("- [a,\nb]\n- - [c,\n   d]\n", &["b]"]),
        ("a: [\n  x\n]\nb: {\n  c: 1\n}\n", &[]),
        ("{\na: [\nb]\n}\n", &[]),
        ("a: 'x\n y'\n", &[]),
    ];
    for (text, expected) in cases {
        for text in [(*text).to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            let document = parse(&text, 7);
            assert_eq!(document.problems, [], "{text:?}");
            let lines: Vec<&str> = document
                .outdented
                .iter()
                .map(|space| text[space.end as usize - 7..].split(['\r', '\n']).next().unwrap_or_default())
                .collect();
            assert_eq!(lines, *expected, "{text:?}");
        }
    }
}

#[test]
fn a_hostile_outdented_text_is_given_up() {
    let text = format!("a: \"{}\"\n", "x\n".repeat(200_000));
    assert_eq!(parse(&text, 0).problems.len(), 1);
}

#[test]
fn duplicate_keys_are_named_and_the_last_counts() {
    let text = "a: 1\nb: {x: 1, x: 2}\na: 3\n";
    let document = parse(text, 0);
    let found: Vec<_> = document
        .duplicates
        .iter()
        .map(|duplicate| (duplicate.key.as_str(), duplicate.first.start, duplicate.span.start))
        .collect();
    assert_eq!(found, [("x", 9, 15), ("a", 0, 21)]);
    assert_eq!(at(&document, text, "a"), "3");
}

#[test]
fn merge_keys_bring_in_what_is_not_there() {
    let text = "base: &b {x: 1, y: 2}\nmore: &m {z: 3}\nall:\n  <<: [*b, *m]\n  y: 5\n";
    let document = parse(text, 0);
    assert_eq!(document.duplicates, []);
    let root = document.root.as_ref().expect("the text parses");
    assert_eq!(root.get("all").map(Node::to_json), Some(json!({"y": 5, "x": 1, "z": 3})));
    assert_eq!(at(&document, text, "all/x"), "1");
}

#[test]
fn mistakes_are_explained_at_what_a_writer_would_change() {
    let cases = [
        ("title: Night trains: back\nx: 1\n", "Night trains: back", "a colon and a space"),
        ("title: back:\n", "back:", "a colon and a space"),
        ("a: @here\n", "@here", "cannot begin with \"@\""),
        ("a: `code`\n", "`code`", "cannot begin with \"`\""),
        ("a: %x\n", "%x", "cannot begin with \"%\""),
        ("%a: x\n", "%a: x", "cannot begin with \"%\""),
        ("a: *bold* word\n", "*bold* word", "needs quotes"),
        ("title:A\nb: 1\n", ":", "a space is missing"),
        ("b: 1\ntitle:A\nc: 2\n", ":", "a space is missing"),
        ("a: \"open\nb: 1\n", "\"", "a quote is opened"),
        ("a: 'open\nb: 'x'\n", "'", "a quote is opened"),
        ("a: 'it's'\n", "s", "follows the closing quote"),
        ("a: \"x\" y\n", "y", "follows the closing quote"),
        ("a: 1\n\tb: 2\n", "\t", "a tab"),
        ("a:\n\t- b\n", "\t", "a tab"),
        ("a: {{ title }}\n", "{ title }", "where a key should be"),
        ("a: {% x %}\n", "{% x %}", "cannot begin with \"%\""),
        ("a: [x, y\nb: 1\n", ":", "a colon stands"),
        ("a: [, b]\n", ",", "a value is missing"),
        ("a: ]\n", "]", "closes nothing"),
        ("a: - b\n", "- b", "a list cannot begin"),
        ("a: 1\nloose\nb: 2\n", "loose", "no `key: value`"),
        ("a: 1\n b: 2\n", "b: 2", "continues the text"),
        ("- a\nb: 1\n", "b", "does not fit"),
        ("a: [b] and c\nd: 1\n", "[b] and c", "follows the closing bracket"),
        ("a: \"C:\\\\\\dir\"\n", "\\d", "backslash"),
        ("a: &a [*a]\n", "*a", "inside the value"),
        ("a: 1\n---\nb: 2\n", "---", "a second YAML document"),
    ];
    for (text, marked, message) in cases {
        let document = parse(text, 0);
        let [problem] = &document.problems[..] else { panic!("one problem in {text:?}: {document:?}") };
        assert!(problem.message.contains(message), "{text:?}: {}", problem.message);
        assert_eq!(&text[problem.span.range()], marked, "{text:?}: {}", problem.message);
        assert!(document.root.is_none(), "{text:?}");
    }
}

#[test]
fn what_was_meant_is_written_where_that_is_plain() {
    let cases = [
        ("title: Night trains: back\nx: 1\n", Some("title: \"Night trains: back\"\nx: 1\n")),
        ("title: Night: \"back\"\n", Some("title: 'Night: \"back\"'\n")),
        ("title: Night: it's \"on\"\n", Some("title: \"Night: it's \\\"on\\\"\"\n")),
        ("title: A: b\\c\n", Some("title: 'A: b\\c'\n")),
        ("title:A\r\nb: 1\r\n", Some("title: A\r\nb: 1\r\n")),
        ("title: {{ page.title }} and more\n", Some("title: \"{{ page.title }} and more\"\n")),
        ("a:\n  - b: {{ c }}\n", Some("a:\n  - b: \"{{ c }}\"\n")),
        ("title: 'It's late'\n", Some("title: \"It's late\"\n")),
        ("a:\n  - 'it's'\n", Some("a:\n  - \"it's\"\n")),
        ("title: \"The \"old\" door\"\n", Some("title: 'The \"old\" door'\n")),
        ("title: \"Doors\" of the town\n", Some("title: '\"Doors\" of the town'\n")),
        ("title: \"Doors\nslug: doors\n", Some("title: \"Doors\"\nslug: doors\n")),
        ("slug: a\ntitle: 'Doors\n", Some("slug: a\ntitle: 'Doors'\n")),
        ("a:\n\t- b\n\t-\tc\nd: 1\n", Some("a:\n  - b\n  -\tc\nd: 1\n")),
        ("a: \"b\ntitle: \"Doors\"\nslug: doors\n", Some("a: \"b\"\ntitle: \"Doors\"\nslug: doors\n")),
        ("a: 'b\r\nc: d\r\ntitle: 'Doors'\r\n", Some("a: 'b'\r\nc: d\r\ntitle: 'Doors'\r\n")),
        ("title: Doors: the #old ones\n", None),
        // Several texts, an escape, a comment or a text that goes on below: nobody knows.
        ("a: \"b\", \"c\"\n", None),
        ("a: 'b' 'c'\n", None),
        ("a: \"b\" \"c\"\n", None),
        ("a: \"b\\\" \"c\" d\"\n", None),
        ("a: 'it's' # late\n", None),
        ("a: \"open\nand on\nb: 1\n", None),
        ("a: 'it''s' 'late'\n", None),
        ("a: \"C:\\dir\"\n", None),
    ];
    for (text, expected) in cases {
        let document = parse(text, 0);
        let [problem] = &document.problems[..] else { panic!("one problem in {text:?}: {document:?}") };
        let mended = problem.replacement.as_ref().map(|edit| {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            format!("{}{}{}", &text[..start], edit.text, &text[end..])
        });
        assert_eq!(mended.as_deref(), expected, "{text:?}: {problem:?}");
        if let Some(mended) = mended {
            assert_eq!(parse(&mended, 0).problems, [], "{mended:?}");
        }
    }
}

#[test]
fn limits_end_in_a_problem() {
    let deep = "[".repeat(MAX_DEPTH + 1) + &"]".repeat(MAX_DEPTH + 1);
    let wide = format!("[{}]", "1,".repeat(MAX_NODES));
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let uses = format!("*a{}, ", level - 1).repeat(10);
        writeln!(laughs, "a{level}: &a{level} [{uses}]").expect("a String takes all");
    }
    for (text, message) in [(deep, "deeper than"), (wide, "more than"), (laughs, "more than")] {
        let document = parse(&text, 0);
        assert!(document.problems[0].message.contains(message), "{}", document.problems[0].message);
        assert!(document.root.is_none());
    }
}

#[test]
fn a_long_run_of_comments_is_no_mistake() {
    let text = "# x\n".repeat(500) + "a: 1\n";
    assert_eq!(parse(&text, 0).problems, []);
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        "[ -~é日\n]{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-zé :#'\"-]{1,8}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_another_program_writes_is_read_as_it_was_meant(json in value()) {
        let text = serde_yaml::to_string(&json).expect("the value is data");
        let document = parse(&text, 0);
        prop_assert_eq!(&document.problems, &[], "{}", text);
        let root = document.root.map_or(Json::Null, |root| root.to_json());
        prop_assert_eq!(root, json, "{}", text);
    }

    #[test]
    fn any_text_yields_a_document_with_spans_inside_it(text in "[-a\"':\\[\\]{}#|>&*!%@\t\r\n é,?]{0,60}") {
        let document = parse(&text, 0);
        for problem in &document.problems {
            prop_assert!(text.get(problem.span.range()).is_some(), "{:?}", problem);
        }
        let mut nodes: Vec<&Node> = document.root.iter().collect();
        while let Some(node) = nodes.pop() {
            prop_assert!(text.get(node.span.range()).is_some(), "{:?}", node);
            nodes.extend(node.items());
            for entry in node.entries() {
                prop_assert!(text.get(entry.key_span.range()).is_some(), "{:?}", entry);
                nodes.push(&entry.value);
            }
        }
    }
}
