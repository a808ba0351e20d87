//! Fingerprints that are each the only one of its file: two findings that look alike are counted.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::finding::Finding;
use crate::text::Source;
use crate::triage::{self, Fingerprint};

/// Counts the findings of one file after the other.
#[derive(Default)]
pub(super) struct Numbered {
    path: Option<Arc<str>>,
    counts: HashMap<Fingerprint, usize>,
}

impl Numbered {
    /// The fingerprint of the next finding, and the how many-th it is that has it in its file, from 1. Without a text, the
    /// message tells what it is about.
    pub(super) fn next(&mut self, finding: &Finding, source: Option<&Rc<Source>>) -> (Fingerprint, usize) {
        if self.path.as_ref() != Some(&finding.path) {
            self.path = Some(Arc::clone(&finding.path));
            self.counts.clear();
        }
        let fingerprint = match source {
            Some(source) => triage::fingerprint(source, finding),
            None => triage::fingerprint(&Source::new(Arc::clone(&finding.path), vec![]), finding),
        };
        let count = self.counts.entry(fingerprint).or_default();
        *count += 1;
        (fingerprint, *count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::finding;
    use super::*;

    #[test]
    fn what_looks_alike_is_counted_in_each_file() {
        let mut numbered = Numbered::default();
        let source = Rc::new(Source::new("a.md", b"one two\n\none two\n".to_vec()));
        let numbers: Vec<_> = [("a.md", 0..3), ("a.md", 4..7), ("a.md", 9..12), ("b.md", 0..3)]
            .map(|(path, span)| numbered.next(&finding(path, span), Some(&source)))
            .into();
        let first = numbers[0].0;
        assert_eq!(numbers.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 1, 2, 1]);
        assert_eq!(
            numbers.iter().map(|(print, _)| *print == first).collect::<Vec<_>>(),
            [true, false, true, true]
        );
        assert_eq!(numbered.next(&finding("gone.md", 0..3), None).1, 1);
    }
}
