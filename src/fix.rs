//! Edits make a new text: fixes are taken whole or not at all, and two that overlap wait for each other.

use crate::finding::{Edit, Fix};

/// Applies fixes to a text, in their order, and says how many were taken. One whose bytes overlap those of a fix
/// before it is left for the next pass.
#[must_use]
pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> (String, usize) {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in fixes {
        let overlaps = |edit: &Edit| taken.iter().any(|other| clash(edit, other));
        if !fix.edits().iter().any(overlaps) {
            taken.extend(fix.edits());
            count += 1;
        }
    }
    taken.sort_by_key(|edit| edit.span);
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in taken {
        new.push_str(&text[at..edit.span.start as usize]);
        new.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    new.push_str(&text[at..]);
    (new, count)
}

/// Whether two edits want the same bytes, or both want to put something at the same place.
fn clash(left: &Edit, right: &Edit) -> bool {
    left.span == right.span || (left.span.start < right.span.end && right.span.start < left.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

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
