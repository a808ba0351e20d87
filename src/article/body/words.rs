//! Counts words: those of the source and those that a reader sees.

use unicode_segmentation::UnicodeSegmentation;

use super::parts::TextRun;

/// Three counts of one body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Tokens of the raw body between white space (Unicode `White_Space`), markup and code included: what many
    /// site generators count.
    pub source: u32,
    /// Words of the visible text, as Unicode (UAX #29) divides them: "don't" and "3.5" are one word, "e-mail" is two.
    /// Code, HTML tags, addresses, alternative texts, shortcodes and templates do not count; Chinese and Japanese
    /// characters are in `cjk` instead.
    pub visible: u32,
    /// Characters of scripts written without spaces: Han, Hiragana, Katakana. (Hangul has spaces: its words are in
    /// `visible`.)
    pub cjk: u32,
}

impl Words {
    /// Counts; `body` is the raw body, `file` the text of the whole file, in which the runs lie.
    pub(super) fn count(body: &str, file: &str, runs: &[TextRun]) -> Self {
        let mut words = Self { source: tokens(body), ..Self::default() };
        // Runs that only emphasis or an escape divides can share a word (`un*believ*able`); these few are joined.
        let mut joined = String::new();
        let mut runs = runs.iter().peekable();
        while let Some(run) = runs.next() {
            let text = run.text(file);
            let glued = runs.peek().is_some_and(|next| {
                let gap = file.get(run.span.end as usize..next.span.start as usize).unwrap_or(" ");
                gap.bytes().all(|byte| matches!(byte, b'*' | b'_' | b'~' | b'\\'))
            });
            if glued || !joined.is_empty() {
                joined.push_str(text);
            }
            if glued {
                continue;
            }
            words.add(if joined.is_empty() { text } else { &joined });
            joined.clear();
        }
        words
    }

    fn add(&mut self, text: &str) {
        if text.is_ascii() {
            self.visible += ascii_words(text.as_bytes());
            return;
        }
        // No word goes across a space, and most tokens are ASCII even where the text is not.
        for token in text.split(' ') {
            if token.is_ascii() {
                self.visible += ascii_words(token.as_bytes());
                continue;
            }
            for word in token.unicode_words() {
                let cjk = word.chars().filter(|char| is_cjk(*char)).count();
                self.cjk += cjk as u32;
                self.visible += u32::from(cjk == 0);
            }
        }
    }
}

/// `text.split_whitespace().count()`, several times faster.
fn tokens(text: &str) -> u32 {
    let mut count = 0;
    let mut gap = true;
    for (at, byte) in text.bytes().enumerate() {
        let space = match byte {
            b' ' | b'\t'..=b'\r' => true,
            // The bytes that begin a white-space character beyond ASCII.
            0xC2 | 0xE1..=0xE3 => text[at..].starts_with(char::is_whitespace),
            0x80..=0xBF => continue,
            _ => false,
        };
        count += u32::from(gap && !space);
        gap = space;
    }
    count
}

/// `text.unicode_words().count()` for ASCII, several times faster.
fn ascii_words(text: &[u8]) -> u32 {
    let mut count = 0;
    // Whether a word is open, and whether it has a letter or digit: `___` is none.
    let (mut open, mut word) = (false, false);
    for (at, &byte) in text.iter().enumerate() {
        let alphanumeric = byte.is_ascii_alphanumeric();
        if alphanumeric || byte == b'_' {
            open = true;
            word |= alphanumeric;
        } else if !(open && joins(text, at)) {
            count += u32::from(word);
            (open, word) = (false, false);
        }
    }
    count + u32::from(word)
}

/// Whether the punctuation at `at` holds two letters or two digits together, as in "don't" and "3.5".
fn joins(text: &[u8], at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|at| text[at]), text.get(at + 1)) else {
        return false;
    };
    match text[at] {
        b'\'' | b'.' if before.is_ascii_alphabetic() => after.is_ascii_alphabetic(),
        b':' => before.is_ascii_alphabetic() && after.is_ascii_alphabetic(),
        b'\'' | b'.' | b',' | b';' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

/// Whether the character belongs to a script that is written without spaces and counted by the character.
fn is_cjk(char: char) -> bool {
    matches!(char,
        '\u{3005}' | '\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Body, Syntax};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn the_fast_ways_count_like_the_slow_ones(text in "[a-c0-2_.,:;'\"/ \t\n\u{b}!-]{0,40}", wide in "[a \n\u{85}\u{a0}\u{3000}é语\u{2028}]{0,30}") {
            prop_assert_eq!(ascii_words(text.as_bytes()) as usize, text.unicode_words().count());
            prop_assert_eq!(tokens(&text) as usize, text.split_whitespace().count());
            prop_assert_eq!(tokens(&wide) as usize, wide.split_whitespace().count());
        }
    }

    #[test]
    fn words_as_a_reader_counts_them() {
        for (text, source, visible, cjk) in [
            ("don't send e-mail for 3.5 or 1,000.", 7, 8, 0),
            ("un*believ*able **bold**ly snake\\_case", 3, 3, 0),
            ("see [the docs](https://a.example/b c.md) now", 5, 8, 0),
            ("see [the docs](https://a.example/b) now", 4, 4, 0),
            ("a `b c` d\n\n    e f\n", 6, 2, 0),
            ("{{< x y >}} text", 5, 1, 0),
            ("one<br>two", 1, 2, 0),
            ("|a|b|\n|-|-|\n|c|d|\n", 3, 4, 0),
            ("这是 Rust 语言。カタカナ", 3, 1, 8),
            ("한국어 문장 하나", 3, 3, 0),
            ("naïve café", 2, 2, 0),
            ("R&amp;D", 1, 2, 0),
            ("", 0, 0, 0),
        ] {
            let words = Body::parse(text, 0, Syntax::Markdown).words(text);
            assert_eq!((words.source, words.visible, words.cjk), (source, visible, cjk), "{text}");
        }
    }
}
