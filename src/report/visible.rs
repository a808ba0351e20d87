//! Keeps what an article says from speaking to the terminal: control characters are shown, not sent.
//!
//! An article is written by somebody else, and so are file names. An escape sequence in them could move the cursor,
//! hide a finding or worse, so every text passes here on its way out. The marks that turn the direction of writing
//! go too: with them a line can show another order than it has.

use std::borrow::Cow;

/// What stands for a character that must not be printed; `None` where it may be.
pub(super) fn symbol(character: char) -> Option<char> {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)),
        '\x7f' => Some('␡'),
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some('\u{fffd}')
        }
        _ => None,
    }
}

/// The text on one line, with a symbol for each character that must not be printed.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    replaced(text, symbol)
}

/// The same, but line ends stay: for texts that may have paragraphs.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    replaced(text, |character| if character == '\n' { None } else { symbol(character) })
}

fn replaced(text: &str, symbol: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if text.chars().any(|character| symbol(character).is_some()) {
        Cow::Owned(text.chars().map(|character| symbol(character).unwrap_or(character)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_symbols() {
        for (text, shown) in [
            ("plain — “text” 日本 🎉 שלום", "plain — “text” 日本 🎉 שלום"),
            ("a\x1b[31mb", "a␛[31mb"),
            ("bell\x07 null\0 del\x7f", "bell␇ null␀ del␡"),
            ("csi\u{9b}31m", "csi\u{fffd}31m"),
            ("two\r\nlines\tand a tab", "two␍␊lines␉and a tab"),
            ("turned \u{202e}txt", "turned \u{fffd}txt"),
        ] {
            assert_eq!(line(text), shown);
        }
        assert_eq!(lines("one\ntwo\r"), "one\ntwo␍");
    }
}
