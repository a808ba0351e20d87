//! Edits make a new text: fixes are taken whole or not at all, and two that overlap wait for each other.

mod desk;
mod mend;

use std::collections::BTreeMap;

use crate::finding::{Edit, Finding, rewrite};
use crate::text::Span;

pub use desk::{Answers, Desk, Put};
pub use mend::{Applied, Failure, FailureKind, MAX_PASSES, MOST_PASSES, Mended, is_broken, mend};

/// A text to which fixes were applied.
#[derive(Debug)]
pub struct Fixed<'f> {
    /// The new text.
    pub text: String,
    /// The findings whose fixes were taken, each with the place of its first edit in the new text.
    pub taken: Vec<(&'f Finding, u32)>,
    /// What was done: places in the old text, in order, each with the bytes that those up to it have added.
    edits: Vec<(&'f Edit, i64)>,
}

impl Fixed<'_> {
    /// Where a byte of the old text is in the new one. What was replaced is where its replacement begins.
    #[must_use]
    pub fn moved(&self, at: u32) -> u32 {
        let before = self.edits.partition_point(|(edit, _)| edit.span.start < at);
        let Some((edit, added)) = before.checked_sub(1).map(|last| self.edits[last]) else { return at };
        let moved = if edit.span.end <= at {
            i64::from(at) + added
        } else {
            i64::from(edit.span.start) + added - growth(edit)
        };
        u32::try_from(moved).unwrap_or(u32::MAX)
    }
}

/// How many bytes an edit adds.
fn growth(edit: &Edit) -> i64 {
    i64::from(edit.text.len() as u32) - i64::from(edit.span.end - edit.span.start)
}

/// Applies the fixes of findings to a text, in their order. One whose bytes overlap those of a fix before it is left for
/// the next pass, and so is what is put in right beside bytes that a fix of another rule replaces: what stood there may
/// have gone elsewhere. At one place several texts are put only if they are of one rule, and differ: in the order of the
/// findings.
#[must_use]
pub fn apply<'f>(text: &str, findings: impl IntoIterator<Item = &'f Finding>) -> Fixed<'f> {
    let mut edits: Edits<'f> = BTreeMap::new();
    let mut taken = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        if !fix.edits().is_empty() && !fix.edits().iter().any(|edit| clashes(edit, &finding.rule, &edits)) {
            // Each edit has a turn of its own: one fix, too, may put two texts at one place.
            let turns = edits.len()..;
            let own = fix.edits().iter().zip(turns);
            edits.extend(own.map(|(edit, turn)| ((edit.span, turn), (edit, finding.rule.as_ref()))));
            taken.push(finding);
        }
    }
    let mut added = 0;
    let summed = edits.into_values().map(|(edit, _)| {
        added += growth(edit);
        (edit, added)
    });
    let edits: Vec<(&Edit, i64)> = summed.collect();
    let text = rewrite(text, edits.iter().map(|(edit, _)| *edit));
    let fixed = Fixed { text, taken: Vec::new(), edits };
    let first = |finding: &Finding| finding.fix.as_ref().map_or(0, |fix| fix.edits()[0].span.start);
    let taken = taken.into_iter().map(|finding| (finding, fixed.moved(first(finding)))).collect();
    Fixed { taken, ..fixed }
}

/// Edits that are taken, in the order of their places, and where these are the same in that of their turns; with their
/// rules.
type Edits<'f> = BTreeMap<(Span, usize), (&'f Edit, &'f str)>;

/// Whether an edit wants bytes that are taken, or wants to put something where something else is put. What is taken does
/// not overlap, so only the neighbours can be in the way.
fn clashes(edit: &Edit, rule: &str, taken: &Edits<'_>) -> bool {
    let span = edit.span;
    let before = taken.range(..(span, 0)).next_back();
    let after = taken.range((span, 0)..).next();
    let overlaps = |other: Span| other.start < span.end && span.start < other.end;
    let joins = |(other, of): &(&Edit, &str)| *of == rule && span.is_empty() && other.text != edit.text;
    // What another rule puts beside replaced bytes may belong to what stood there: a key behind a mapping that moves.
    let touches = |other: Span, of: &str| {
        let is_put = other.is_empty() || span.is_empty();
        of != rule && is_put && other.start <= span.end && span.start <= other.end
    };
    let mut beside = before.into_iter().chain(after);
    beside.any(|((other, _), (_, of))| overlaps(*other) || touches(*other, of))
        || taken.range((span, 0)..=(span, usize::MAX)).any(|(_, taken)| !joins(taken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Fix, Level};

    fn finding(rule: &str, edits: &[(usize, usize, &str)]) -> Finding {
        let edits = edits.iter().map(|(start, end, text)| Edit::replace(Span::new(*start, *end), *text));
        let (path, level) = ("a.md".into(), Level::Error);
        let (message, help, related) = (String::new(), None, Vec::new());
        let (span, fix) = (Span::empty(0), Some(Fix::safe("test", edits)));
        Finding { rule: rule.into(), level, path, span, message, help, related, fix }
    }

    #[test]
    fn fixes_are_taken_whole_or_not_at_all() {
        let findings = [
            finding("a", &[(0, 1, "A"), (4, 5, "EE")]),
            finding("a", &[(1, 2, "B"), (3, 5, "?")]),
            finding("a", &[(2, 3, "")]),
        ];
        let fixed = apply("abcdef", &findings);
        assert_eq!(fixed.text, "AbdEEf");
        let places: Vec<u32> = fixed.taken.iter().map(|(_, at)| *at).collect();
        assert_eq!(places, [0, 2]);
        let moved: Vec<u32> = (0..=6).map(|at| fixed.moved(at)).collect();
        assert_eq!(moved, [0, 1, 2, 2, 3, 5, 6]);
    }

    #[test]
    fn insertions_at_one_place_wait_for_those_of_another_rule_and_touching_edits_do_not() {
        let findings = [
            finding("a", &[(1, 1, "x")]),
            finding("b", &[(1, 1, "y")]),
            finding("a", &[(1, 1, "x")]),
            finding("a", &[(1, 1, "w")]),
            finding("a", &[(1, 2, "B")]),
            finding("a", &[(0, 1, "A")]),
        ];
        let fixed = apply("abc", &findings);
        assert_eq!((fixed.text.as_str(), fixed.taken.len()), ("AxwBc", 4));
        let twice = [finding("a", &[(1, 1, "x"), (1, 1, "y")])];
        assert_eq!(apply("abc", &twice).text, "axybc");
    }

    #[test]
    fn an_insertion_waits_for_what_another_rule_puts_in_the_place_of_bytes_beside_it() {
        let moved = finding("a", &[(1, 3, "cb")]);
        for at in [1, 3] {
            let put = finding("b", &[(at, at, "x")]);
            assert_eq!(apply("abcd", [&moved, &put]).text, "acbd");
            assert_eq!(apply("abcd", [&put, &moved]).taken.len(), 1);
        }
    }
}
