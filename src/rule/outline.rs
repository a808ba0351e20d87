//! The headings that make the outline of a page, and moving them up and down. Shared by the rules about headings.

use crate::article::Article;
use crate::article::body::{Heading, HeadingKind, Place};
use crate::finding::{Edit, Fix};
use crate::text::Span;

/// The headings of the page itself: one in a quotation, a list item, a footnote or a callout belongs to that.
pub(crate) fn headings<'a>(article: &'a Article<'_>) -> Vec<&'a Heading> {
    let aside = Place::QUOTE | Place::LIST | Place::FOOTNOTE | Place::TABLE | Place::ASIDE;
    article.body.headings.iter().filter(|heading| !heading.place.intersects(aside)).collect()
}

/// For each of these headings the index of the one whose section it stands in.
pub(crate) fn parents(headings: &[&Heading]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(headings.len());
    for (index, heading) in headings.iter().enumerate() {
        while open.last().is_some_and(|above| headings[*above].level >= heading.level) {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(index);
    }
    parents
}

/// Moves these headings by so many levels, all or none: none may leave the six levels.
pub(crate) fn shift(article: &Article<'_>, headings: &[&Heading], by: i16) -> Option<Fix> {
    let text = article.text();
    // Between two lines of `---` may stand a front matter that is not read as one: its fence is not to go.
    let is_fence = |heading: &Heading| {
        let above = &text[article.body.span.start as usize..heading.span.start as usize];
        let is_below = above.trim_end().rsplit(['\n', '\r']).next() == Some("---");
        is_below && text[heading.marker.range()].starts_with("---")
    };
    if headings.iter().any(|heading| is_fence(heading)) {
        return None;
    }
    let edits: Option<Vec<Vec<Edit>>> = headings
        .iter()
        .map(|heading| {
            let level = usize::try_from(i16::from(heading.level) + by)
                .ok()
                .filter(|level| (1..=6).contains(level))?;
            at_level(text, heading, level)
        })
        .collect();
    let edits = edits.map(|edits| edits.into_iter().flatten());
    let direction = if by < 0 { "up" } else { "down" };
    let levels = if by.abs() == 1 { "one level".to_owned() } else { format!("{} levels", by.abs()) };
    let what =
        if headings.len() == 1 { "the heading".to_owned() } else { format!("{} headings", headings.len()) };
    edits.map(|edits| Fix::r#unsafe(format!("move {what} {direction} {levels}"), edits))
}

/// Writes a heading at another level; as it is written, if it can be.
fn at_level(text: &str, heading: &Heading, level: usize) -> Option<Vec<Edit>> {
    let marker = &text[heading.marker.range()];
    match heading.kind {
        HeadingKind::Atx => {
            marker.starts_with('#').then(|| vec![Edit::replace(heading.marker, "#".repeat(level))])
        }
        HeadingKind::Html => {
            // `h2` in the opening tag and in the closing one, if that belongs to it.
            let old = marker.chars().next_back()?;
            let end = text[..heading.span.end as usize].strip_suffix('>')?.trim_end();
            let name = end.strip_suffix(old).filter(|end| end.ends_with(['h', 'H']))?;
            let is_closed =
                heading.text_span.end < heading.span.end && name[..name.len() - 1].ends_with("</");
            let digits = [heading.marker.end as usize - 1, name.len()];
            let edit = |at: usize| Edit::replace(Span::new(at, at + 1), level.to_string());
            is_closed.then(|| digits.map(edit).to_vec())
        }
        HeadingKind::Setext if level <= 2 => {
            let line = if level == 1 { "=" } else { "-" };
            Some(vec![Edit::replace(heading.marker, line.repeat(heading.marker.len()))])
        }
        HeadingKind::Setext => {
            let start = heading.span.start as usize;
            let above = &text[start..heading.marker.start as usize];
            let line = above.trim_end();
            // A `#` at its end, or a backslash, would be read in another way, and several lines cannot be one.
            let is_plain = !line.is_empty()
                && !line.contains(['\n', '\r'])
                && !line.ends_with(['#', '\\'])
                && !line.starts_with([' ', '\t']);
            let hashes = Edit::insert(heading.span.start, format!("{} ", "#".repeat(level)));
            let underline = Edit::delete(Span::new(start + line.len(), heading.marker.end as usize));
            is_plain.then(|| vec![hashes, underline])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn each_heading_stands_in_the_section_of_the_last_higher_one() {
        let source = Source::new("a.md", b"## A\n#### B\n### C\n#### D\n## E\n> # F\n### G\n".to_vec());
        let article = Article::parse(&source);
        assert_eq!(parents(&headings(&article)), [None, Some(0), Some(0), Some(2), None, Some(4)]);
    }

    /// The text with all its headings moved by so many levels.
    fn shifted(text: &str, by: i16) -> Option<String> {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let fix = shift(&article, &headings(&article), by)?;
        let mut new = text.to_owned();
        for edit in fix.edits().iter().rev() {
            new.replace_range(edit.span.range(), &edit.text);
        }
        let source = Source::new("a.md", new.as_bytes().to_vec());
        let moved = Article::parse(&source);
        let (old, moved) = (headings(&article), headings(&moved));
        assert!(old.iter().zip(&moved).all(|(old, new)| old.text == new.text), "{new:?}");
        let levels = |all: &[&Heading]| all.iter().map(|one| i16::from(one.level)).collect::<Vec<_>>();
        assert_eq!(
            levels(&old).iter().map(|level| level + by).collect::<Vec<_>>(),
            levels(&moved),
            "{new:?}"
        );
        Some(new)
    }

    #[test]
    fn headings_of_every_kind_are_moved_as_they_are_written() {
        let cases = [
            ("## A ##\n", 1, Some("### A ##\n")),
            ("A\n===\n", 1, Some("A\n---\n")),
            ("A *b*\r\n -\r\n\r\nText\r\n", -1, Some("A *b*\r\n =\r\n\r\nText\r\n")),
            ("A *b*\n-----\nText\n\n# C\n", 2, Some("#### A *b*\nText\n\n### C\n")),
            ("A #1 {#a}\n---", 1, Some("### A #1 {#a}")),
            ("<h2 class=\"h2\">A</h2>\n", 2, Some("<h4 class=\"h2\">A</h4>\n")),
            ("<H1>\n  A\n</H1 >\n", 1, Some("<H2>\n  A\n</H2 >\n")),
            ("A\nb\n---\n", 1, None),
            ("Text.\n\n---\ntitle: A\n---\n", -1, None),
            ("Text.\r\r---\rtitle: A\r---\r", -1, None),
            ("---\ntitle: A\n---\n\nA\n---\n", -1, Some("---\ntitle: A\n---\n\nA\n===\n")),
            ("A #\n---\n", 1, None),
            ("A\n===\n", -1, None),
            ("<h2>A\n\nb\n", 1, None),
        ];
        for (text, by, expected) in cases {
            assert_eq!(shifted(text, by).as_deref(), expected, "{text:?}");
        }
    }
}
