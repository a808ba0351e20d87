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
    Parser::new_ext(text, OPTIONS).filter_map(move |event| match event {
        Event::Start(Tag::HtmlBlock) => None,
        Event::Html(line) => {
            html.push_str(&line);
            None
        }
        Event::End(TagEnd::HtmlBlock) => {
            let shown = without_comments(&std::mem::take(&mut html));
            (!shown.is_empty()).then_some(Piece::Html(shown))
        }
        event => Some(Piece::Event(event)),
    })
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
