//! Which letters generators keep in an address or an id. They ask Unicode for classes that the standard library has not:
//! its `is_alphanumeric` takes `½` and leaves the signs of Hindi.

use std::sync::LazyLock;

use regex::Regex;

fn class(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a class of Unicode")
}

fn is_in(letter: char, class: &Regex) -> bool {
    class.is_match(letter.encode_utf8(&mut [0; 4]))
}

/// Ruby's `\p{Word}`: letters, marks, decimal digits and connectors as `_`.
pub(super) fn is_word(letter: char) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| class(r"[\p{L}\p{M}\p{Nd}\p{Pc}]"));
    if letter.is_ascii() { letter.is_ascii_alphanumeric() || letter == '_' } else { is_in(letter, &WORD) }
}

/// Go's `unicode.IsLetter` and `unicode.IsDigit`.
pub(super) fn is_letter_or_digit(letter: char) -> bool {
    static LETTER: LazyLock<Regex> = LazyLock::new(|| class(r"[\p{L}\p{Nd}]"));
    letter.is_ascii_alphanumeric() || (!letter.is_ascii() && is_in(letter, &LETTER))
}

/// Go's `unicode.IsLetter` and `unicode.IsNumber`.
pub(super) fn is_letter_or_number(letter: char) -> bool {
    static LETTER: LazyLock<Regex> = LazyLock::new(|| class(r"[\p{L}\p{N}]"));
    letter.is_ascii_alphanumeric() || (!letter.is_ascii() && is_in(letter, &LETTER))
}

/// Letters, marks and decimal digits: what Hugo keeps of a path besides a few signs.
pub(super) fn is_letter_mark_or_digit(letter: char) -> bool {
    is_word(letter) && (letter.is_ascii_alphanumeric() || !is_connector(letter))
}

fn is_connector(letter: char) -> bool {
    static CONNECTOR: LazyLock<Regex> = LazyLock::new(|| class(r"\p{Pc}"));
    is_in(letter, &CONNECTOR)
}
