//! Edits make a new text: fixes are taken whole or not at all, and two that overlap wait for each other.

use std::collections::BTreeMap;

use crate::finding::Fix;
use crate::text::Span;

/// Applies fixes to a text, in their order, and says how many were taken. One whose bytes overlap those of a fix
/// before it is left for the next pass.
#[must_use]
pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, usize) {
    let mut taken: BTreeMap<Span, &str> = BTreeMap::new();
    let mut count = 0;
    for fix in fixes {
        if !fix.edits().iter().any(|edit| clashes(edit.span, &taken)) {
            taken.extend(fix.edits().iter().map(|edit| (edit.span, edit.text.as_str())));
            count += 1;
        }
    }
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in taken {
        new.push_str(&text[at..span.start as usize]);
        new.push_str(replacement);
        at = span.end as usize;
    }
    new.push_str(&text[at..]);
    (new, count)
}

/// Whether an edit wants bytes that are taken, or wants to put something where something is put. What is taken does not
/// overlap, so only the neighbours can be in the way.
fn clashes(span: Span, taken: &BTreeMap<Span, &str>) -> bool {
    let before = taken.range(..=span).next_back();
    let after = taken.range(span..).next();
    let overlaps = |other: &Span| *other == span || (other.start < span.end && span.start < other.end);
    before.into_iter().chain(after).any(|(other, _)| overlaps(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Edit;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        Fix::safe(
            "test",
            edits.iter().map(|(start, end, text)| Edit::replace(Span::new(*start, *end), *text)),
        )
    }

    #[test]
    fn fixes_are_taken_whole_or_not_at_all() {
        let fixes = [fix(&[(0, 1, "A"), (4, 5, "E")]), fix(&[(1, 2, "B"), (3, 5, "?")]), fix(&[(2, 3, "")])];
        assert_eq!(apply("abcde", &fixes), ("AbdE".to_owned(), 2));
    }

    #[test]
    fn insertions_at_one_place_wait_for_each_other_and_touching_edits_do_not() {
        let fixes = [fix(&[(1, 1, "x")]), fix(&[(1, 1, "y")]), fix(&[(1, 2, "B")]), fix(&[(0, 1, "A")])];
        assert_eq!(apply("abc", &fixes), ("AxBc".to_owned(), 3));
    }
}
