//! Blocks, text and templates: what is written, and what is read from it.

use super::super::*;
use super::{checked, markdown};

#[test]
fn blocks_and_where_they_stand() {
    let text = "a\nb\n\n- c\n  - d\n- e\n\n> f\n\n| g | h |\n|---|---|\n| i |  |\n\n1. j\n\n   k\n\n[^1]\n\n[^1]: l\n";
    let body = markdown(text);
    let cut = |span: Span| &text[span.range()];
    let paragraphs: Vec<_> = body.paragraphs.iter().map(|p| (cut(p.span), p.place)).collect();
    let (top, list, table) = (Place::TOP, Place::LIST, Place::TABLE);
    assert_eq!(
        paragraphs,
        [
            ("a\nb", top),
            ("c", list),
            ("d", list),
            ("e", list),
            ("f", Place::QUOTE),
            ("g", table),
            ("h", table),
            ("i", table),
            ("j", list),
            ("k", list),
            ("[^1]", top),
            ("l", Place::FOOTNOTE),
        ]
    );
    let lists: Vec<_> = body.lists.iter().map(|l| (cut(l.span), l.ordered, l.items)).collect();
    assert_eq!(lists, [("- c\n  - d\n- e", false, 2), ("- d", false, 1), ("1. j\n\n   k", true, 1)]);
    assert_eq!((body.tables[0].columns, body.tables[0].rows), (2, 1));
    assert_eq!(cut(body.block_quotes[0]), "> f");
}

#[test]
fn code_and_html() {
    let text = "```rust {a}\r\nfn\r\n\r\nx\r\n```\r\n\r\n~~~\n~~~\n\n    i {{ a }}\n\n`j {{ b }}` <!-- c --> <i>\n\n<div>\n<!-- d\n-->\nText &amp; <b>more</b>\n<pre>e</pre></div>\n";
    let body = markdown(text);
    let cut = |span: Span| &text[span.range()];
    let code: Vec<_> = body.code.iter().map(|c| (cut(c.content), c.language.map(cut), c.fenced)).collect();
    assert_eq!(
        code,
        [("fn\r\n\r\nx\r\n", Some("rust"), true), ("", Some(""), true), ("i {{ a }}\n", None, false)]
    );
    assert_eq!(cut(body.inline_code[0]), "`j {{ b }}`");
    assert!(body.shortcodes.is_empty());
    let comments: Vec<_> = body.comments.iter().map(|c| cut(c.content)).collect();
    assert_eq!(comments, [" c ", " d\n"]);
    let runs: Vec<_> = body.text.iter().filter(|r| r.place == Place::HTML).map(|r| r.text(text)).collect();
    assert_eq!(runs, ["Text ", "&", "more"]);
}

#[test]
fn text_is_what_the_reader_reads() {
    for (text, expected) in [
        ("a *b* `c` [d](e) ![f](g) &amp; \\* h\ni", "a |b| | |d| | |&| |* h|i"),
        ("a {{< b >}} c {% d %}e", "a | c |e"),
        ("<div>A &lt; <b>b</b> <code>c</code>\n  d <script>e</script></div>", "A |<|b|d"),
        ("a <code>b</code> c", "a | c"),
        ("a\n{: .b}\n\n{% comment %}\nc\n{% endcomment %}\nd", "a|d"),
        ("{% raw %}{{ a }}{% endraw %}", "{{ a }}"),
        ("    {{< a >}}\n", ""),
        ("a [^x] b", "a [^x] b"),
    ] {
        let body = markdown(text);
        let runs: Vec<_> = body.text.iter().map(|run| run.text(text)).collect();
        assert_eq!(runs.join("|"), expected, "{text:?}");
    }
    let text = "# *a*\n\n> - ~~b~~ **[c](d)**";
    let places: Vec<_> = markdown(text).text.iter().map(|run| run.place).collect();
    let inner = Place::QUOTE | Place::LIST;
    assert_eq!(
        places,
        [Place::HEADING | Place::EMPHASIS, inner | Place::STRIKE, inner, inner | Place::STRONG | Place::LINK,]
    );
}

#[test]
fn offsets_are_those_of_the_file() {
    let text = "\u{feff}---\r\na: é\r\n---\r\n{{< a >}}\r\n\r\n[é](b) {{ c }}\r\n";
    let body = checked(text, text.find("{{<").expect("it stands there"), Syntax::Markdown);
    let cut = |span: Span| &text[span.range()];
    assert_eq!(body.links[0].url_span.map(cut), Some("b"));
    assert_eq!(body.shortcodes.iter().map(|span| cut(*span)).collect::<Vec<_>>(), ["{{< a >}}", "{{ c }}"]);
    assert!(body.is_templated(body.paragraphs[0].span));
    assert_eq!(body.text_in(body.links[0].span).len(), 1);
}

#[test]
fn mdx_hides_javascript() {
    let text = "import A from 'a'\n\n# B {c}\n\n<A>\n\n<img src=\"d\"/>\ntext `{e}`\n</A>\n\n```js\nimport x\n\n<b/>\n```\n";
    let body = checked(text, 0, Syntax::Mdx);
    let cut = |spans: &[Span]| spans.iter().map(|span| &text[span.range()]).collect::<Vec<_>>();
    assert_eq!(cut(&body.expressions), ["import A from 'a'", "{c}"]);
    assert_eq!(cut(&body.jsx), ["<A>", "<img src=\"d\"/>", "</A>"]);
    assert_eq!(body.headings[0].text, "B {c}");
    assert_eq!(body.images[0].url, "d");
    assert_eq!(body.text.last().map(|run| run.text(text)), Some("text "));
    assert_eq!(body.code.len(), 1);
}

#[test]
fn what_stands_below_a_template_is_known_up_to_a_blank_line() {
    let below = |text: &str| {
        let body = Body::parse(text, 0, Syntax::Markdown);
        body.is_below_template(text, text.rfind("# Doors").expect("a heading") as u32)
    };
    for text in [
        "{{ a }}\n# Doors",
        "{{< a >}}\r\n> # Doors",
        "<div>\n  {% a %}\nText\n# Doors",
        "{{< a\nb >}}\rText\r# Doors",
    ] {
        assert!(below(text), "{text:?}");
    }
    for text in [
        "# Doors",
        "{{ a }}\n\n# Doors",
        "{{ a }}\n \t\n# Doors",
        "Text {{ a }}\n# Doors",
        "# Doors\n{{ a }}",
    ] {
        assert!(!below(text), "{text:?}");
    }
    let far = format!("{{{{ a }}}}\n{}# Doors", "Text\n".repeat(200));
    assert!(below(&far));
}
