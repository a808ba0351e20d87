//! The headings that make the outline of a page, and moving them up and down. Shared by the rules about headings.

use crate::article::Article;
use crate::article::body::{Heading, HeadingKind, Place};
use crate::finding::{Edit, Fix};

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

/// Moves these headings by so many levels. Only what is written with `#` can be moved by its marker alone, and none
/// may leave the six levels.
pub(crate) fn shift(text: &str, headings: &[&Heading], by: i16) -> Option<Fix> {
    let edits: Option<Vec<Edit>> = headings
        .iter()
        .map(|heading| {
            let level = usize::try_from(i16::from(heading.level) + by)
                .ok()
                .filter(|level| (1..=6).contains(level))?;
            let is_atx = heading.kind == HeadingKind::Atx && text[heading.marker.range()].starts_with('#');
            is_atx.then(|| Edit::replace(heading.marker, "#".repeat(level)))
        })
        .collect();
    let direction = if by < 0 { "up" } else { "down" };
    let levels = if by.abs() == 1 { "one level".to_owned() } else { format!("{} levels", by.abs()) };
    let what =
        if headings.len() == 1 { "the heading".to_owned() } else { format!("{} headings", headings.len()) };
    edits.map(|edits| Fix::r#unsafe(format!("move {what} {direction} {levels}"), edits))
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
}
