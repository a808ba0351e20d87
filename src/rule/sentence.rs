//! When two sentences are the same.

use super::fingerprint;
use super::shared::read_as;

/// A sentence of fewer words tells nothing: "See the next chapter." stands everywhere, and nobody minds. Of a script
/// without spaces so many characters make a word.
const FEWEST_WORDS: usize = 6;
const CHARACTERS: usize = 2;

/// The number of a sentence and of the code in it: the same for those that are word for word the same, whatever their case
/// and typography. `None` of one that is too short to tell.
pub(crate) fn number<'c>(text: &str, code: impl Iterator<Item = &'c str>) -> Option<u64> {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    let lengths = words.map(|word| {
        if word.is_ascii() {
            return 1;
        }
        (word.chars().filter(|letter| *letter >= '\u{2E80}').count() / CHARACTERS).max(1)
    });
    // Most sentences are longer: there is no need to count on.
    let mut count = 0;
    let is_long = lengths.into_iter().any(|length| {
        count += length;
        count >= FEWEST_WORDS
    });
    let number = is_long.then(|| read_as(text))??;
    Some(code.fold(number, |number, code| fingerprint::mix(number ^ fingerprint::of(code.as_bytes()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_six_words_or_as_many_characters_as_take_their_room() {
        let number = |text| number(text, std::iter::empty());
        assert!(number("A door of oak, that is.").is_some());
        assert!(number("A door of oak – ! –").is_none());
        assert!(number("这扇门是用橡木做的东西吗。").is_some() && number("这扇门很旧。").is_none());
    }
}
