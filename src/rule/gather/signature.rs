//! A signature of the text of an article, by which similar texts are found without comparing them.
//!
//! The text is taken for the set of its shingles, stretches of [`SHINGLE`] words that overlap. How alike two sets are is
//! the share of shingles in both of those in either (Jaccard). `MinHash` (Broder, On the resemblance and containment of
//! documents, 1997, <https://doi.org/10.1109/SEQUEN.1997.666900>) keeps of each set the smallest value under each of
//! [`LENGTH`] functions: the share of functions for which two sets have the same smallest value is, on average, that share.
//! With 128 functions it is off by 0.035 (standard deviation) at 0.8.

use std::sync::LazyLock;

use crate::article::Article;
use crate::article::body::Place;
use crate::facts::Facts;
use crate::rule::fingerprint;
use crate::text::Span;

/// So many words make a shingle. A word that differs changes so many of them.
const SHINGLE: usize = 3;

/// A text with fewer shingles has no signature: a few words in common would make it similar to others.
const FEWEST: usize = 50;

/// How many values a signature has.
pub(crate) const LENGTH: usize = 128;

/// The functions, `(a * x + b) >> 32` modulo 2^64 each.
static FUNCTIONS: LazyLock<Vec<(u64, u64)>> = LazyLock::new(|| {
    let number = |index: usize| fingerprint::mix(index as u64 + 1);
    (0..LENGTH).map(|index| (number(2 * index) | 1, number(2 * index + 1))).collect()
});

/// The signature of the text that readers see, headings and code within sentences included; without tables, whose cells are
/// the same in many, and without blocks of code.
pub(super) fn gather(article: &Article<'_>, facts: &mut Facts) {
    let (text, body) = (article.text(), &article.body);
    let runs = body.text.iter().filter(|run| !run.place.contains(Place::TABLE));
    let is_in_table = |span: Span| {
        let table = body.tables.partition_point(|table| table.span.end <= span.start);
        body.tables.get(table).is_some_and(|table| table.span.contains(span))
    };
    let code = body.inline_code.iter().filter(|span| !is_in_table(**span));
    let mut pieces: Vec<(Span, &str)> = runs.map(|run| (run.span, run.text(text))).collect();
    pieces.extend(code.map(|span| (*span, &text[span.range()])));
    pieces.sort_unstable_by_key(|(span, _)| *span);
    let mut words = Vec::new();
    for (_, piece) in pieces {
        add(piece, &mut words);
    }
    facts.signature = signature(&words).into();
}

/// The signature of a text of these words; empty of one that is too short.
fn signature(words: &[u64]) -> Vec<u32> {
    let shingle = |words: &[u64]| {
        words.iter().fold(0, |number: u64, word| fingerprint::mix(number.rotate_left(5) ^ word))
    };
    let mut shingles: Vec<u64> = words.windows(SHINGLE).map(shingle).collect();
    shingles.sort_unstable();
    shingles.dedup();
    if shingles.len() < FEWEST {
        return Vec::new();
    }
    let least = |(a, b): &(u64, u64)| {
        let values = shingles.iter().map(|shingle| (shingle.wrapping_mul(*a).wrapping_add(*b) >> 32) as u32);
        values.min().unwrap_or(u32::MAX)
    };
    FUNCTIONS.iter().map(least).collect()
}

/// Adds the number of each word, whatever its case; each character of a script without spaces is a word.
fn add(text: &str, words: &mut Vec<u64>) {
    let mut word = String::new();
    for letter in text.chars() {
        let stands_alone =
            matches!(letter, '\u{E00}'..='\u{EFF}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}');
        if letter.is_alphanumeric() && !stands_alone {
            word.extend(letter.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(fingerprint::of(word.as_bytes()));
            word.clear();
        }
        if stands_alone {
            words.push(fingerprint::mix(u64::from(letter)));
        }
    }
    if !word.is_empty() {
        words.push(fingerprint::of(word.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<u32> {
        let mut words = Vec::new();
        add(text, &mut words);
        signature(&words)
    }

    fn words(numbers: impl Iterator<Item = u32>) -> String {
        let words: Vec<_> =
            numbers.map(|number| format!("w{}", fingerprint::mix(u64::from(number)) % 1000)).collect();
        words.join(" ")
    }

    #[test]
    fn the_share_of_equal_values_is_the_share_of_shingles() {
        // Of 1,100 shingles each, about 1,000 are in both: 1,000 of 1,200.
        let (left, right) = (of(&words(0..1102)), of(&words(100..1202)));
        let same = left.iter().zip(&right).filter(|(left, right)| left == right).count();
        assert!((95..=118).contains(&same), "{same} of {LENGTH}, not about 107");
        let other = of(&words(5000..6100));
        assert!(left.iter().zip(&other).filter(|(left, right)| left == right).count() < 5);
    }

    #[test]
    fn a_signature_is_the_same_everywhere() {
        let text = words(0..60);
        assert_eq!(of(&text), of(&text.to_uppercase().replace(' ', " – ")));
        assert_eq!(of(&text)[..3], [84_985_871, 107_750_852, 215_973_690]);
        assert_eq!(of(&words(0..51)), [0_u32; 0]);
        assert_eq!(of(&"一二三四五六七八九十".repeat(3)), [0_u32; 0]);
        assert_eq!(of(&('一'..'丸').collect::<String>()).len(), LENGTH);
    }
}
