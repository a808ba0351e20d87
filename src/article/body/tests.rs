//! What holds for every body, also the hostile ones; below, bodies as people write them.

use proptest::prelude::*;

use super::*;

mod blocks;
mod inline;

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
    let bracketed = body.links.iter().map(|link| (link.form, link.text_span));
    let images = body.images.iter().filter_map(|image| Some((image.form, image.alt_span?)));
    for (form, inner) in bracketed.chain(images) {
        if matches!(form, Form::Inline | Form::Reference) {
            let around =
                (text[..inner.start as usize].ends_with('['), text[inner.end as usize..].starts_with(']'));
            assert_eq!(around, (true, true), "{:?} in {text:?}", cut(inner));
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

/// Each shape would take a minute, not a moment, if anything were read again for each of its parts.
#[test]
fn hostile_shapes_take_linear_time() {
    const N: usize = 6_000;
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
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_has_a_body(head in fragments(), text in fragments()) {
        let whole = head.clone() + &text;
        checked(&whole, head.len(), Syntax::Markdown);
        checked(&whole, head.len(), Syntax::Mdx);
    }
}
