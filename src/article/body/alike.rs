//! Whether two bodies make the same page, comments aside.

use memchr::memmem;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::build::OPTIONS;
use super::{Syntax, masked};
use crate::text::without_lone_returns;

/// A piece of a page.
#[derive(Debug, PartialEq)]
enum Piece<'t> {
    Event(Event<'t>),
    /// Text as it is shown: of the white space of a line one space stays.
    Text(String),
    /// A block of HTML without its comments.
    Html(String),
}

/// Compares two bodies, each the text of a whole file and where its body begins.
pub(in crate::article) fn reads_alike(left: (&str, usize), right: (&str, usize), syntax: Syntax) -> bool {
    let (left_text, right_text) = (without_lone_returns(left.0), without_lone_returns(right.0));
    let (left_parsed, _) = masked(&left_text, left.1, syntax);
    let (right_parsed, _) = masked(&right_text, right.1, syntax);
    pieces(&left_parsed[left.1..]).eq(pieces(&right_parsed[right.1..]))
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut html = String::new();
    let mut in_html = false;
    let mut in_code = false;
    let mut shown = String::new();
    let events = Parser::new_ext(text, OPTIONS).map(Some).chain([None]);
    events
        .flat_map(move |event| {
            let piece = match event {
                Some(Event::Start(Tag::HtmlBlock)) => {
                    in_html = true;
                    None
                }
                // The indentation of a line comes as text.
                Some(Event::Html(text) | Event::Text(text)) if in_html => {
                    html.push_str(&text);
                    return [None, None];
                }
                Some(Event::End(TagEnd::HtmlBlock)) => {
                    in_html = false;
                    Some(Piece::Html(without_comments(&std::mem::take(&mut html))))
                }
                Some(Event::Text(text)) if !in_code => {
                    shown.push_str(&text);
                    return [None, None];
                }
                Some(Event::InlineHtml(tag)) if tag.starts_with("<!--") => return [None, None],
                Some(event) => {
                    in_code = matches!(event, Event::Start(Tag::CodeBlock(_)))
                        || in_code && !matches!(event, Event::End(TagEnd::CodeBlock));
                    Some(Piece::Event(event))
                }
                None => None,
            };
            let ends_line = match &piece {
                Some(Piece::Event(Event::Start(tag))) => !is_inline(tag),
                Some(Piece::Event(Event::End(tag))) => {
                    matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item)
                }
                Some(Piece::Event(event)) => matches!(event, Event::SoftBreak | Event::HardBreak),
                _ => true,
            };
            let before = one_space(&std::mem::take(&mut shown));
            let before = if ends_line { before.trim_end() } else { &before };
            let before = (!before.is_empty()).then(|| Piece::Text(before.to_owned()));
            [before, piece.filter(|piece| *piece != Piece::Html(String::new()))]
        })
        .flatten()
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// The text with each run of white space as one space.
fn one_space(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = if letter.is_ascii_whitespace() { ' ' } else { letter };
        if letter != ' ' || !shown.ends_with(' ') {
            shown.push(letter);
        }
    }
    shown
}

fn without_comments(html: &str) -> String {
    let mut shown = String::new();
    let mut rest = html;
    while let Some(start) = memmem::find(rest.as_bytes(), b"<!--") {
        shown.push_str(&rest[..start]);
        let end = memmem::find(&rest.as_bytes()[start..], b"-->").map(|end| start + end + "-->".len());
        rest = end.map_or("", |end| &rest[end..]);
    }
    shown.push_str(rest);
    shown.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_makes_a_difference_where_it_parts_blocks() {
        let alike = |left, right| reads_alike((left, 0), (right, 0), Syntax::Markdown);
        assert!(alike("a\n\n## b\n", "a\n\n<!-- c -->\n## b\n"));
        assert!(alike("a\r## b\r", "a\r<!-- c -->\r## b\r"));
        assert!(alike("- a\n- b\n", "<!-- c -->\n- a\n- b\n"));
        assert!(!alike("- a\n- b\n", "- a\n<!-- c -->\n- b\n"));
        assert!(!alike("a\nb\n", "a\n<!-- c -->\nb\n"));
        assert!(!alike("| a |\n|---|\n| b |\n", "| a |\n|---|\n<!-- c -->\n| b |\n"));
        assert!(alike("<p>\nb</p>\n", "<p>\n<!-- c -->\nb</p>\n"));
        assert!(alike("a\n\n # b\n", "a\n\n <!-- c -->\n # b\n"));
        assert!(alike("> a\n>\n>  <i>\n", "> a\n>\n>  <!-- c -->\n>  <i>\n"));
        assert!(alike("a `b` c\n", "a `b` <!-- d --> c <!-- e -->\n"));
        assert!(!alike("a `b` c\n", "a `b`<!-- d -->c\n"));
        assert!(!alike("    a  b\n", "    a b\n"));
        assert!(!alike("    a\n", "    <!-- c -->\n    a\n"));
    }

    #[test]
    fn so_it_is_in_mdx() {
        let alike = |left, right| reads_alike((left, 0), (right, 0), Syntax::Mdx);
        assert!(alike("a\n\n## b\n", "a\n\n{/* c */}\n## b\n"));
        assert!(alike("import a from 'b'\n\n# c\n", "{/* d */}\n\nimport a from 'b'\n\n# c\n"));
        assert!(!alike("import a from 'b'\n\n# c\n", "{/* d */}\nimport a from 'b'\n\n# c\n"));
    }
}
