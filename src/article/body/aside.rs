//! Callouts, tabs and the like: blocks that site generators set apart from the text around them. A heading in one is
//! the title of the box and not part of the outline of the page.

use std::collections::HashMap;

use memchr::memmem;

use super::html::{Token, Tokens};
use super::{Body, Place};
use crate::text::{Span, line_start};

/// Tags of Liquid that steer what is shown and set nothing apart.
const CONTROL: [&str; 8] = ["if", "unless", "case", "for", "tablerow", "capture", "raw", "comment"];

/// Elements of HTML that set their content apart.
const ELEMENTS: [&str; 4] = ["aside", "details", "blockquote", "figure"];

/// Marks the headings that stand in such a block.
pub(super) fn mark(text: &str, body: &mut Body) {
    if body.headings.is_empty() {
        return;
    }
    let asides = find(text, body);
    // The widest block so far that begins before a heading tells whether one holds it.
    let mut asides = asides.iter().peekable();
    let mut reach = 0;
    for heading in &mut body.headings {
        while let Some(aside) = asides.next_if(|aside| aside.start <= heading.span.start) {
            reach = reach.max(aside.end);
        }
        if heading.span.end <= reach {
            heading.place = heading.place | Place::ASIDE;
        }
    }
}

/// All such blocks, sorted; some lie within others.
pub(super) fn find(text: &str, body: &Body) -> Vec<Span> {
    let mut pairs = Pairs::default();
    for span in &body.shortcodes {
        pairs.shortcode(text, *span);
    }
    for html in body.html.iter().filter(|html| html.block) {
        for token in Tokens::new(text, html.span) {
            if let Token::Tag(tag) = token {
                let name = text[tag.name.range()].to_ascii_lowercase();
                if let Some(element) = ELEMENTS.iter().find(|element| **element == name) {
                    pairs.meet(element, tag.span, tag.closing);
                }
            }
        }
    }
    pairs.fences(text, body);
    pairs.asides.sort_unstable();
    pairs.asides
}

/// Finds which opening belongs to which closing.
#[derive(Default)]
struct Pairs<'t> {
    open: HashMap<&'t str, Vec<u32>>,
    asides: Vec<Span>,
}

impl<'t> Pairs<'t> {
    fn meet(&mut self, name: &'t str, span: Span, closes: bool) {
        if !closes {
            self.open.entry(name).or_default().push(span.start);
        } else if let Some(start) = self.open.get_mut(name).and_then(Vec::pop) {
            self.asides.push(Span { start, end: span.end });
        }
    }

    /// `{% name %} … {% endname %}`, `{{< name >}} … {{< /name >}}` and `{{% name %}} … {{% /name %}}`.
    fn shortcode(&mut self, text: &'t str, span: Span) {
        let written = &text[span.range()];
        let is_liquid = written.starts_with("{%");
        let inside = written.trim_start_matches(['{', '<', '%', '-', ' ']);
        let (slash, inside) = match inside.strip_prefix('/') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, inside),
        };
        let end = inside.find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_' | '/'));
        let name = &inside[..end.unwrap_or(inside.len())];
        let closed = if is_liquid { name.strip_prefix("end") } else { slash.then_some(name) };
        let name = closed.unwrap_or(name);
        let is_tag = is_liquid || written.starts_with("{{<") || written.starts_with("{{%");
        if is_tag && !name.is_empty() && !(is_liquid && CONTROL.contains(&name)) {
            self.meet(name, span, closed.is_some());
        }
    }

    /// `:::note` … `:::`, of Docusaurus and others.
    fn fences(&mut self, text: &'t str, body: &Body) {
        for at in memmem::find_iter(&text.as_bytes()[body.span.range()], b":::") {
            let at = body.span.start as usize + at;
            let line = line_start(text, at);
            let in_code = body.code.partition_point(|code| code.span.end as usize <= at);
            let in_code = body.code.get(in_code).is_some_and(|code| (code.span.start as usize) <= at);
            if in_code || !text[line.max(body.span.start as usize)..at].trim().is_empty() {
                continue;
            }
            let rest = text[at..].trim_start_matches(':');
            let closes = rest.is_empty() || rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
            self.meet(":::", Span::new(at, at + 3), closes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Place, Syntax};
    use super::Body;

    #[test]
    fn headings_in_boxes_are_set_apart() {
        let cases = [
            ("{% notice tip %}\n#### A\n{% endnotice %}\n## B\n", &[true, false][..]),
            ("{{< tab >}}\n#### A\n{{< /tab >}}\n## B\n", &[true, false]),
            ("{{% callout %}}\n\n#### A\n\n{{% /callout %}}\n\n## B\n", &[true, false]),
            ("{% if a %}\n## A\n{% endif %}\n## B\n", &[false, false]),
            ("{% include a.html %}\n## A\n", &[false]),
            (":::note\n\n#### A\n\n:::\n\n## B\n", &[true, false]),
            ("```\n:::note\n```\n\n## A\n\n:::\n", &[false]),
            ("<details>\n\n#### A\n\n</details>\n\n## B\n", &[true, false]),
            (
                "{% outer %}\n# A\n{% inner %}\n# B\n{% endinner %}\n# C\n{% endouter %}\n# D\n",
                &[true, true, true, false],
            ),
        ];
        for (text, expected) in cases {
            let body = Body::parse(text, 0, Syntax::Markdown);
            let found: Vec<bool> =
                body.headings.iter().map(|heading| heading.place.contains(Place::ASIDE)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn boxes_within_boxes_are_one() {
        let text = ":::note\r{{< a >}}\r:::tip\rb\r:::\r{{< /a >}}\r:::\r\r<details>\r\rc\r\r</details>\r";
        let body = Body::parse(text, 0, Syntax::Markdown);
        let found: Vec<_> = body.asides(text).iter().map(|span| span.range()).collect();
        let second = text.find("<d").expect("it stands there");
        assert_eq!(found, [0..second - 2, second..text.len() - 1]);
    }
}
