//! Directives in all their forms, and in texts that only look like them.

use super::*;
use crate::text::Source;

/// Each directive as "scope: rules | reason | until", where the scope of bytes is what they say.
fn read_in(path: &str, text: &str) -> Vec<String> {
    let source = Source::new(path, text.as_bytes().to_vec());
    let article = Article::parse(&source);
    let directives = read(&article);
    assert!(directives.is_sorted_by_key(|directive| directive.span), "{text:?}");
    let shown = directives.iter().map(|directive| {
        for name in &directive.rules {
            assert_eq!(&text[name.span.range()], name.name, "{text:?}");
        }
        let scope = match directive.scope {
            Scope::Bytes(span) => text[span.range()].trim().to_owned(),
            Scope::File => "FILE".to_owned(),
            Scope::Nothing => "NOTHING".to_owned(),
            Scope::Unknown => "UNKNOWN".to_owned(),
        };
        let rules: Vec<&str> = directive.rules.iter().map(|name| name.name.as_str()).collect();
        let mut line = format!("{scope}: {}", rules.join(" "));
        if let Some(reason) = &directive.reason {
            line += &[" | ", reason].concat();
        }
        if let Some(until) = &directive.until {
            assert_eq!(&text[until.span.range()].trim_matches(['"', '\'']), &until.text);
            let day = until.day.map_or("?".to_owned(), |day| day.to_string());
            line += &[" | until ", &day].concat();
        }
        line
    });
    shown.collect()
}

#[track_caller]
fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(read_in("a.md", text), *expected, "{text:?}");
        let crlf = text.replace('\n', "\r\n");
        let expected: Vec<String> = expected.iter().map(|line| line.replace('\n', "\r\n")).collect();
        assert_eq!(read_in("a.md", &crlf), expected, "{crlf:?}");
        let returns = text.replace('\n', "\r");
        let expected: Vec<String> = expected.iter().map(|line| line.replace("\r\n", "\r")).collect();
        assert_eq!(read_in("a.md", &returns), expected, "{returns:?}");
        assert_eq!(read_in("a.md", &format!("\u{feff}{returns}")), expected, "{returns:?}");
    }
}

#[test]
fn words_are_rules_a_day_and_a_reason() {
    check(&[
        ("<!-- copydesk-ignore a -->\nb", &["b: a"]),
        ("<!--copydesk-ignore a-b,c , d : why not: é-->\nb", &["b: a-b c d | why not: é"]),
        ("<!-- copydesk-ignore a until=2027-01-01: so -->\nb", &["b: a | so | until 2027-01-01"]),
        ("<!-- copydesk-ignore until=2027-02-30 a -->\nb", &["b: a | until ?"]),
        (
            "<!-- copydesk-ignore a : so it is until=2027-01-01 -->\nb",
            &["b: a | so it is | until 2027-01-01"],
        ),
        ("<!-- copydesk-ignore a : until=2027-01-01, so -->\nb", &["b: a | so | until ?"]),
        ("<!-- copydesk-ignore\n  a\n  b : two\n  lines -->\nc", &["c: a b | two lines"]),
        ("<!-- copydesk-ignore -->\nb", &["b: "]),
        ("<!-- copydesk-ignore: a -->\nb", &["b:  | a"]),
        ("<!-- copydesk-ignore-file a : -->\nb", &["FILE: a"]),
        ("<!-- copydesk-disable a -->\nb", &["UNKNOWN: a"]),
        ("<!-- copydesk is good, copydesk-ignore a -->\nb", &[]),
        ("`<!-- copydesk-ignore a -->`\n\n```\n<!-- copydesk-ignore a -->\n```\n", &[]),
        ("<!-- copydesk-ignore a", &["NOTHING: a"]),
    ]);
}

#[test]
fn a_comment_covers_the_next_block() {
    check(&[
        ("a\n\n<!-- copydesk-ignore x -->\n\n## b\n\nc\n", &["## b: x"]),
        ("a\n<!-- copydesk-ignore x -->\nb\nc\n\nd\n", &["b\nc: x"]),
        ("<!-- copydesk-ignore x -->\nb\n=\n\nc\n", &["b\n=: x"]),
        ("<!-- copydesk-ignore x -->\n- a\n- b\n\nc\n", &["- a\n- b: x"]),
        ("- a\n  <!-- copydesk-ignore x -->\n- b\n- c\n", &["- b: x"]),
        ("- a\n\n  <!-- copydesk-ignore x -->\n\n  b\n\n  c\n", &["b: x"]),
        ("> a\n>\n> <!-- copydesk-ignore x -->\n> ## b\n>\n> c\n", &["> ## b: x"]),
        ("<!-- copydesk-ignore x -->\n> a\n>\n> b\n", &["> a\n>\n> b: x"]),
        (
            "<!-- copydesk-ignore x -->\n| a | b |\n|---|---|\n| c | d |\n\ne\n",
            &["| a | b |\n|---|---|\n| c | d |: x"],
        ),
        ("<!-- copydesk-ignore x -->\n```\na\n\nb\n```\nc\n", &["```\na\n\nb\n```: x"]),
        ("<!-- copydesk-ignore x -->\n\n<img src=a>\n\nb\n", &["<img src=a>: x"]),
        ("<!-- copydesk-ignore x -->\n\n{{< figure a >}}\n\nb\n", &["{{< figure a >}}: x"]),
        ("<!-- copydesk-ignore x -->\n[a]: b\n[c]: d\n\n[a] [c]\n", &["[a]: b: x"]),
        ("<!-- copydesk-ignore x -->\n[^a]: b\n\nc[^a]\n", &["[^a]: b: x"]),
        ("<!-- copydesk-ignore x -->\n", &["NOTHING: x"]),
        (
            "<!-- copydesk-ignore x -->\n<!-- prettier-ignore -->\n<!-- copydesk-ignore y -->\n# a\n\nb\n",
            &["<!-- prettier-ignore -->\n<!-- copydesk-ignore y -->\n# a: x", "# a: y"],
        ),
    ]);
}

#[test]
fn a_comment_at_the_end_of_a_line_covers_its_block() {
    check(&[
        ("## a <!-- copydesk-ignore x -->\n\nb\n", &["## a <!-- copydesk-ignore x -->: x"]),
        ("a\nb <!-- copydesk-ignore x -->\n\nc\n", &["a\nb <!-- copydesk-ignore x -->: x"]),
        ("- a\n- b <!-- copydesk-ignore x -->\n- c\n", &["b <!-- copydesk-ignore x -->: x"]),
        ("| a |\n|---|\n| b <!-- copydesk-ignore x --> |\n| c |\n", &["| b <!-- copydesk-ignore x --> |: x"]),
        ("<div>a</div> <!-- copydesk-ignore x -->\n\nb\n", &["<div>a</div> <!-- copydesk-ignore x -->: x"]),
    ]);
}

#[test]
fn within_html_a_comment_covers_what_follows_in_it() {
    check(&[
        ("<div>\n<!-- copydesk-ignore x -->\n<p>a\n</div>\n\nb\n", &["<p>a\n</div>: x"]),
        ("<!-- copydesk-ignore x --> <b>a</b>\nc\n", &["<b>a</b>: x"]),
    ]);
}

#[test]
fn a_comment_of_the_front_matter_covers_a_key() {
    check(&[
        ("---\n# copydesk-ignore x : so\na: 1\nb: 2\n---\n", &["a: 1: x | so"]),
        ("---\na: 1 # copydesk-ignore x\nb: 2\n---\n", &["a: 1: x"]),
        ("---\na:\n  # copydesk-ignore x\n  - b: 1\n    c: 2\n  - b: 3\n---\n", &["- b: 1\n    c: 2: x"]),
        ("---\na:\n  - b: 1 # copydesk-ignore x\n    c: 2\n---\n", &["b: 1: x"]),
        ("---\na:\n  - b # copydesk-ignore x\n  - c\n---\n", &["b: x"]),
        ("---\na: # copydesk-ignore x\n  b: 1\nc: 2\n---\n", &["a: # copydesk-ignore x\n  b: 1: x"]),
        ("---\na: 'b\n  c' # copydesk-ignore x\nd: 1\n---\n", &["a: 'b\n  c': x"]),
        ("---\na: |\n  # copydesk-ignore x\nb: '# copydesk-ignore x'\n---\n", &[]),
        ("---\na: 1\n# copydesk-ignore x\n---\nb\n", &["NOTHING: x"]),
        ("---\n# copydesk-ignore-file x\na: 1\n---\n", &["FILE: x"]),
        ("---\na: [\n# copydesk-ignore x\n---\n", &[]),
        (
            "+++\n# copydesk-ignore x\na = 1\nb = 2 # copydesk-ignore y until=2027-01-01\n+++\n",
            &["a = 1: x", "b = 2: y | until 2027-01-01"],
        ),
        (
            "+++\n# copydesk-ignore x\n[a]\nb = 1\nc = '''\n# copydesk-ignore y'''\nd = \"\\\" # copydesk-ignore z\"\n[e]\n+++\n",
            &["[a]\nb = 1\nc = '''\n# copydesk-ignore y'''\nd = \"\\\" # copydesk-ignore z\": x"],
        ),
    ]);
}

#[test]
fn a_list_of_the_front_matter_covers_the_file() {
    check(&[
        ("---\ncopydesk: {ignore: [a, 'b']}\n---\n", &["FILE: a", "FILE: b"]),
        (
            "---\ncopydesk:\n  ignore:\n    - a\n    - rule: b\n      reason: so\n      until: 2027-01-01\n---\n",
            &["FILE: a", "FILE: b | so | until 2027-01-01"],
        ),
        ("---\ncopydesk: {ignore: a}\n---\n", &["FILE: a"]),
        ("---\ncopydesk: {ignore: [1, {}, [a]]}\n---\n", &["FILE: ", "FILE: ", "FILE: "]),
        ("---\ncopydesk: {ignore: {a: b}}\n---\n", &["FILE: "]),
        ("---\ncopydesk: {ignore: {rule: a, reason: b}}\n---\n", &["FILE: a | b"]),
        ("---\ncopydesk: {ignore: []}\n---\n", &[]),
        ("---\ncopydesk: {ignore: }\n---\n", &[]),
        ("---\ncopydesk: true\n---\n", &[]),
        (
            "+++\n[copydesk]\nignore = [\"a\", {rule = \"b\", reason = \"so\"}]\n+++\n",
            &["FILE: a", "FILE: b | so"],
        ),
        ("{\"copydesk\": {\"ignore\": [\"a\"]}}\nb\n", &["FILE: a"]),
    ]);
}

#[test]
fn mdx_has_comments_of_its_own() {
    let cases: &[(&str, &[&str])] = &[
        ("{/* copydesk-ignore x : so */}\n\n## a\n\nb\n", &["## a: x | so"]),
        ("{/* copydesk-ignore x */}\na\n", &["a: x"]),
        ("{/* copydesk-ignore-file x */}\n\nimport a from 'b'\n", &["FILE: x"]),
        (
            "{/* copydesk-ignore x */}\n{/* prettier-ignore */}\n\n<Figure src=a />\n",
            &["{/* prettier-ignore */}\n\n<Figure src=a />: x"],
        ),
        ("<!-- copydesk-ignore x -->\n\na\n", &["a: x"]),
        ("<!-- a\n\n{/* copydesk-ignore x */}\n\nb -->\n\nc\n", &["b -->: x"]),
        ("## a {/* copydesk-ignore x */}\n\nb\n", &["## a {/* copydesk-ignore x */}: x"]),
    ];
    for (text, expected) in cases {
        assert_eq!(read_in("a.mdx", text), *expected, "{text:?}");
    }
    assert_eq!(read_in("a.md", cases[0].0), [""; 0]);
}

#[test]
fn thousands_of_directives_are_read_in_linear_time() {
    let count = |text: &str| {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        read(&Article::parse(&source)).len()
    };
    assert_eq!(count(&("<!-- copydesk-ignore a b c -->\n".repeat(20_000) + "# a\n")), 20_000);
    assert_eq!(count(&("> ".repeat(200) + &"<!-- copydesk-ignore a ".repeat(5_000))), 1);
    assert_eq!(count(&("a <!-- copydesk-ignore a --> b\n\n".repeat(20_000))), 20_000);
    let keys: Vec<String> = (0..5_000).map(|key| format!("# copydesk-ignore a\nkey{key}: 1\n")).collect();
    assert_eq!(count(&format!("---\n{}---\n", keys.concat())), 5_000);
}
