//! Bodies as they come, in tables: what is written, and what is read from it.

use proptest::prelude::*;

use super::*;

fn markdown(text: &str) -> Body {
    checked(text, 0, Syntax::Markdown)
}

/// Parses and holds that every span is one.
fn checked(text: &str, start: usize, syntax: Syntax) -> Body {
    let body = Body::parse(text, start, syntax);
    for span in spans(&body) {
        assert!(span.start as usize >= start && span.start <= span.end, "{span:?} in {text:?}");
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
    let cut = |span: Span| &text[span.range()];
    for (form, span, url_span, url) in body
        .links
        .iter()
        .map(|link| (link.form, link.span, link.url_span, &link.url))
        .chain(body.images.iter().map(|image| (image.form, image.span, image.url_span, &image.url)))
    {
        let Some(url_span) = url_span else { continue };
        assert!(span.contains(url_span), "{url_span:?} in {span:?} of {text:?}");
        let written = cut(url_span);
        if !written.contains(['\\', '&', '\r']) && form != Form::Autolink {
            assert_eq!(written, url, "{text:?}");
        }
        if form == Form::Inline {
            let before = text[..url_span.start as usize].trim_end_matches(['<', ' ', '\t', '\n', '\r', '>']);
            assert!(before.ends_with('('), "{before:?}");
        }
    }
    for run in &body.text {
        assert!(!run.span.is_empty() && !cut(run.span).contains('\n'), "{run:?} of {text:?}");
    }
    assert!(body.text.is_sorted_by_key(|run| run.span.start), "{:?}", body.text);
    let _ = body.words(text);
    body
}

fn spans(body: &Body) -> Vec<Span> {
    let mut spans = vec![body.span];
    for heading in &body.headings {
        spans.extend([heading.span, heading.marker, heading.text_span]);
        assert!(
            heading.span.contains(heading.marker) && heading.span.contains(heading.text_span),
            "{heading:?}"
        );
    }
    for link in &body.links {
        spans.extend([link.span, link.text_span]);
        spans.extend(link.url_span.iter().chain(&link.label_span));
        assert!(link.span.contains(link.text_span), "{link:?}");
    }
    for image in &body.images {
        spans.push(image.span);
        spans.extend(image.url_span.iter().chain(&image.alt_span).chain(&image.label_span));
    }
    for definition in &body.definitions {
        spans.extend([definition.span, definition.label_span]);
        spans.extend(definition.url_span);
    }
    for footnote in body.footnote_definitions.iter().chain(&body.footnote_references) {
        spans.extend([footnote.span, footnote.label_span]);
    }
    spans.extend(body.unresolved.iter().map(|unresolved| unresolved.span));
    spans.extend(body.anchors.iter().map(|anchor| anchor.span));
    spans.extend(body.tables.iter().map(|table| table.span));
    for code in &body.code {
        spans.extend([code.span, code.content]);
        spans.extend(code.language);
    }
    spans.extend(body.html.iter().map(|html| html.span));
    for comment in &body.comments {
        spans.extend([comment.span, comment.content]);
    }
    spans.extend(body.paragraphs.iter().map(|paragraph| paragraph.span));
    spans.extend(body.lists.iter().map(|list| list.span));
    spans.extend(body.text.iter().map(|run| run.span));
    let plain = [&body.inline_code, &body.block_quotes, &body.shortcodes, &body.expressions, &body.jsx];
    spans.extend(plain.into_iter().flatten());
    spans
}

#[test]
fn headings_of_every_kind() {
    use HeadingKind::{Atx, Html, Setext};
    for (text, expected) in [
        ("## A `b` *c* &amp; ![d](e) ##\n", (Atx, 2, "##", "A b c & d", "A `b` *c* &amp; ![d](e)", None)),
        ("  # é\r\n", (Atx, 1, "#", "é", "é", None)),
        ("### A {#b .c}\n", (Atx, 3, "###", "A", "A", Some("b"))),
        ("##\n", (Atx, 2, "##", "", "", None)),
        ("## \r\ntext", (Atx, 2, "##", "", "", None)),
        ("A\nb\n===\n", (Setext, 1, "===", "A b", "A\nb", None)),
        ("> A\n> --\n", (Setext, 2, "--", "A", "A", None)),
        ("#a\n-\n", (Setext, 2, "-", "#a", "#a", None)),
        (
            "<h2 class=\"x\" id=y>A &lt; <b>b</b></h2>\n",
            (Html, 2, "h2", "A < b", "A &lt; <b>b</b>", Some("y")),
        ),
        ("<div>\n<H3\nid='z'>\nA\nb\n</H3>\n</div>\n", (Html, 3, "H3", "A b", "\nA\nb\n", Some("z"))),
        ("a <h4>*b*</h4>\n", (Html, 4, "h4", "b", "*b*", None)),
        ("## A {{ b }}\n", (Atx, 2, "##", "A {{ b }}", "A {{ b }}", None)),
        ("## A {: #b}\n", (Atx, 2, "##", "A", "A", None)),
    ] {
        let body = markdown(text);
        let [heading] = body.headings.as_slice() else {
            panic!("one heading in {text:?}: {:?}", body.headings)
        };
        let cut = |span: Span| &text[span.range()];
        let found = (
            heading.kind,
            heading.level,
            cut(heading.marker),
            heading.text.as_str(),
            cut(heading.text_span),
            heading.id.as_deref(),
        );
        assert_eq!(found, expected, "{text:?}");
        assert_eq!(cut(heading.span), cut(heading.span).trim_end(), "{text:?}");
    }
    assert_eq!(markdown("- # a\n").headings[0].place, Place::LIST);
}

#[test]
fn links_of_every_kind() {
    use Form::{Autolink, Html, Inline, Reference};
    for (text, expected) in [
        ("[a](b)", (Inline, "[a](b)", "a", "b", "b", None)),
        ("[a *b* `c`](<d e> 'f')", (Inline, "[a *b* `c`](<d e> 'f')", "a b c", "d e", "d e", Some("f"))),
        ("[é](b(c)d \"f\")", (Inline, "[é](b(c)d \"f\")", "é", "b(c)d", "b(c)d", Some("f"))),
        ("[a](b\\)c (f g))", (Inline, "[a](b\\)c (f g))", "a", "b\\)c", "b)c", Some("f g"))),
        ("[a](b?c&amp;d)", (Inline, "[a](b?c&amp;d)", "a", "b?c&amp;d", "b?c&d", None)),
        ("[a](<b&amp;>)", (Inline, "[a](<b&amp;>)", "a", "b&amp;", "b&", None)),
        ("[a [b] c](d)", (Inline, "[a [b] c](d)", "a [b] c", "d", "d", None)),
        ("[a\r\nb](c\r\n\"d\")", (Inline, "[a\r\nb](c\r\n\"d\")", "a b", "c", "c", Some("d"))),
        ("[](#)", (Inline, "[](#)", "", "#", "#", None)),
        ("[a]()", (Inline, "[a]()", "a", "", "", None)),
        ("> [a\n> b](\n> c&amp;d)", (Inline, "[a\n> b](\n> c&amp;d)", "a b", "c&amp;d", "c&d", None)),
        (
            "[a]({{< ref \"b c\" >}})",
            (Inline, "[a]({{< ref \"b c\" >}})", "a", "{{< ref \"b c\" >}}", "{{< ref \"b c\" >}}", None),
        ),
        (
            "[a](b/{{ c }}#d \"{{ e }}\")",
            (Inline, "[a](b/{{ c }}#d \"{{ e }}\")", "a", "b/{{ c }}#d", "b/{{ c }}#d", Some("{{ e }}")),
        ),
        ("[{{ a }}](b)", (Inline, "[{{ a }}](b)", "{{ a }}", "b", "b", None)),
        ("![a][b] [c][]\n\n[c]: <d> 'e'", (Reference, "[c][]", "c", "-", "d", Some("e"))),
        ("[a][B b]\n\n[b  B]: d", (Reference, "[a][B b]", "a", "-", "d", None)),
        ("[a]\n\n[a]: d&amp;e", (Reference, "[a]", "a", "-", "d&e", None)),
        (
            "<https://a.example/?b&c>",
            (
                Autolink,
                "<https://a.example/?b&c>",
                "https://a.example/?b&c",
                "https://a.example/?b&c",
                "https://a.example/?b&c",
                None,
            ),
        ),
        (
            "<a@b.example>",
            (Autolink, "<a@b.example>", "a@b.example", "a@b.example", "mailto:a@b.example", None),
        ),
        (
            "x <A HREF='b&amp;c' title=d>*e*</A>",
            (Html, "<A HREF='b&amp;c' title=d>*e*</A>", "e", "b&amp;c", "b&c", Some("d")),
        ),
        ("<p><a href=b>\nc</a></p>", (Html, "<a href=b>\nc</a>", "c", "b", "b", None)),
        ("<a href=b>", (Html, "<a href=b>", "", "b", "b", None)),
    ] {
        let body = markdown(text);
        let [link] = body.links.as_slice() else { panic!("one link in {text:?}: {:?}", body.links) };
        let cut = |span: Span| &text[span.range()];
        let found = (
            link.form,
            cut(link.span),
            link.text.as_str(),
            link.url_span.map_or("-", cut),
            link.url.as_str(),
            link.title.as_deref(),
        );
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn images_of_every_kind() {
    use Form::{Html, Inline, Reference};
    for (text, expected) in [
        (
            "![a *b*](c.png \"d\")",
            (Inline, Some("a b"), Some("a *b*"), "c.png", Some("c.png"), Some("d"), false),
        ),
        ("![](c.png)", (Inline, Some(""), Some(""), "c.png", Some("c.png"), None, false)),
        ("[![a](b)](c)", (Inline, Some("a"), Some("a"), "b", Some("b"), None, false)),
        (
            "![{{ a }}]({{ b }})",
            (Inline, Some("{{ a }}"), Some("{{ a }}"), "{{ b }}", Some("{{ b }}"), None, false),
        ),
        ("![a][]\n\n[a]: b", (Reference, Some("a"), Some("a"), "b", None, None, false)),
        ("<img src=a>", (Html, None, None, "a", Some("a"), None, false)),
        ("b <IMG\n ALT='' SRC=\"a\"/>", (Html, Some(""), Some(""), "a", Some("a"), None, false)),
        (
            "<img alt role=presentation src=a title='b'>",
            (Html, Some(""), Some(""), "a", Some("a"), Some("b"), true),
        ),
        (
            "<img aria-hidden='true' alt='&quot;a'>",
            (Html, Some("\"a"), Some("&quot;a"), "", None, None, true),
        ),
        (
            "<div><img src=\"{{ a \"b\" }}\"></div>",
            (Html, None, None, "{{ a \"b\" }}", Some("{{ a \"b\" }}"), None, false),
        ),
    ] {
        let body = markdown(text);
        let [image] = body.images.as_slice() else { panic!("one image in {text:?}: {:?}", body.images) };
        let cut = |span: Span| &text[span.range()];
        let found = (
            image.form,
            image.alt.as_deref(),
            image.alt_span.map(cut),
            image.url.as_str(),
            image.url_span.map(cut),
            image.title.as_deref(),
            image.decorative,
        );
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_link_around_a_collapsed_image_ends_at_its_own_bracket() {
    let text = "[x ![a][]](b) ![c ![d](e) f](g)\n\n[a]: i";
    let body = markdown(text);
    assert_eq!(&text[body.links[0].text_span.range()], "x ![a][]");
    assert_eq!(body.links[0].text, "x a");
    let alts: Vec<_> =
        body.images.iter().map(|image| image.alt.as_deref().expect("Markdown has one")).collect();
    assert_eq!(alts, ["a", "c d f", "d"]);
    assert_eq!(body.images[0].definition, Some(0));
}

#[test]
fn definitions_and_footnotes() {
    let text = "[A] [b][c] [d] a[^1] é[^x]\n\n[a]: <b c>\n  'd'\n[e]: f\\_g\n\n[^1]: note\n    more\n";
    let body = markdown(text);
    let cut = |span: Span| &text[span.range()];
    let definitions: Vec<_> =
        body.definitions.iter().map(|d| (cut(d.label_span), d.url_span.map(cut), d.url.as_str())).collect();
    assert_eq!(definitions, [("a", Some("b c"), "b c"), ("e", Some("f\\_g"), "f_g")]);
    assert_eq!(body.definitions[0].title.as_deref(), Some("d"));
    let unresolved: Vec<_> = body.unresolved.iter().map(|u| (cut(u.span), u.shortcut)).collect();
    assert_eq!(unresolved, [("[b][c]", false), ("[d]", true)]);
    assert_eq!(cut(body.footnote_definitions[0].label_span), "1");
    assert_eq!(cut(body.footnote_definitions[0].span), "[^1]: note\n    more");
    assert_eq!(cut(body.footnote_references[0].span), "[^1]");
    assert_eq!(cut(body.footnote_references[0].label_span), "1");
}

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

/// Each shape would take minutes, not moments, if anything were read again for each of its parts.
#[test]
fn hostile_shapes_take_linear_time() {
    const N: usize = 20_000;
    let open = [
        "[",
        "![",
        "![a",
        "<",
        "<a ",
        "<img alt=\"",
        "<!--",
        "<!",
        "<?",
        "{{",
        "{{<",
        "{{< a",
        "{%",
        "{% comment %}",
        "{{ a\n",
        "{{\n\n",
        "{:",
        "{: ",
        "> ",
        "`",
        "`` ` ",
        "*",
        "_a ",
        "&",
        "&#1",
        "&amp;",
        "[^",
        "[a][",
        "[a]: ",
        "|",
        "- ",
        "<a href=b>",
        "<h2>",
        "<h2>a",
        "{",
        "<A b={",
        "<A\n",
        "import \n",
        "{% raw %}{{",
        "{{`",
        "a\n=\n",
        "\\",
        "{{ a }}",
        "{{ a }} ",
        "[a](b)",
        "![a](b",
        "<script>",
        "{% highlight %} endhighlight",
        "{/* ",
        "\t",
        "a  \n",
        "1. ",
        "~~~\n",
        "<div>\n",
        "> <i\n",
    ];
    for shape in open {
        let text = shape.repeat(N);
        checked(&text, 0, Syntax::Markdown);
        checked(&text, 0, Syntax::Mdx);
    }
    for (left, middle, right) in
        [("![", "a", "](b)"), ("{", "", "}"), ("[", "a", "](b)"), ("<b>", "", "</b>"), ("{{", "a", "\n\n}}")]
    {
        let text = left.repeat(N) + middle + &right.repeat(N);
        checked(&text, 0, Syntax::Markdown);
        checked(&text, 0, Syntax::Mdx);
    }
    checked(&("[a]\n".repeat(N) + "\n[a]: " + &"b".repeat(N)), 0, Syntax::Markdown);
}

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "a",
        "é",
        "语言",
        "🦀",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\n\n",
        "\r",
        "\t",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "][",
        "[]",
        "<",
        ">",
        "[a]: b",
        "](b c)",
        "](<b c> \"d\")",
        "](b&amp;\\)c 'd')",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "~~~",
        "# ",
        "## é {#a}",
        "===",
        "---",
        "- ",
        "1. ",
        "> ",
        "    ",
        "| a | b |\n|---|---|\n| `c` |",
        "&amp;",
        "&nbsp;",
        "\\",
        "\\[",
        "{{< a >}}",
        "{{% a \"b\" %}}",
        "{{ a }}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{% raw %}",
        "{% endraw %}",
        "{% comment %}",
        "{% endcomment %}",
        "{: .a}",
        "{",
        "}",
        "<h2 id=a>",
        "</h2>",
        "<a href=\"b\">",
        "</a>",
        "<img alt='é' src=b>",
        "<img\n",
        "<!--",
        "-->",
        "<div>",
        "</div>",
        "<pre>",
        "</pre>",
        "<https://é.example>",
        "[^a]",
        "[^a]: ",
        "import a",
        "<A b={c}>",
        "\u{0}",
        "\u{2028}",
        "- [ ] ",
        "<code>",
        "x\\",
    ]);
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_has_a_body(head in fragments(), text in fragments()) {
        let whole = head.clone() + &text;
        checked(&whole, head.len(), Syntax::Markdown);
        checked(&whole, head.len(), Syntax::Mdx);
    }
}
