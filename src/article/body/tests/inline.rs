//! Headings, links, images, definitions: what is written, and what is read from it.

use super::super::*;
use super::markdown;

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
