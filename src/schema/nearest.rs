//! "Did you mean": the nearest of some names, or none.

use std::cell::Cell;

/// How many comparisons one document gets. A document of ten thousand misspelt keys is past helping, and the time
/// for it stays linear.
const BUDGET: usize = 200_000;

/// Names longer than this are sentences, and nobody meant another sentence.
const LONGEST: usize = 64;

/// What is left of the comparisons of one document.
pub(super) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(BUDGET))
    }
}

impl Budget {
    /// Takes so many comparisons; `false` where they are used up.
    pub(super) fn take(&self, comparisons: usize) -> bool {
        let left = self.0.get().checked_sub(comparisons);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    /// [`nearest`], as long as there are comparisons left.
    pub(super) fn nearest<'a>(&self, word: &str, candidates: &[&'a str]) -> Option<&'a str> {
        if self.take(candidates.len()) { nearest(word, candidates.iter().copied()) } else { None }
    }
}

/// The candidate that `word` was most likely meant to be: the same but for case and separators, or some slips of
/// the keyboard away, fewer for short words. The first of equally near ones; never `word` itself.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let folded = fold(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let limit = slips(length.min(candidate.chars().count()));
        if candidate == word || candidate.len().abs_diff(word.len()) > 4 * (limit + 2) {
            continue;
        }
        let other = fold(candidate);
        let distance = if other == folded { 0 } else { strsim::osa_distance(&folded, &other) };
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many slips a word of this length may have and still be recognised.
fn slips(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_absurd() {
        let names = ["title", "metaDescription", "draft", "published", "new", "slug", "on"];
        let cases = [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("meta_description", Some("metaDescription")),
            ("metaDesciption", Some("metaDescription")),
            ("pubished", Some("published")),
            ("sulg", Some("slug")),
            ("title", None),
            ("author", None),
            ("old", None),
            ("no", None),
            ("draught horse", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }

    #[test]
    fn comparisons_end() {
        let budget = Budget::default();
        assert!(budget.take(BUDGET - 1));
        assert_eq!(budget.nearest("titel", &["title"]), Some("title"));
        assert_eq!(budget.nearest("titel", &["title"]), None);
    }
}
