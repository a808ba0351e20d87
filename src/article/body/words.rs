//! Counts words: those of the source and those that a reader sees.

use memchr::memchr;
use unicode_segmentation::UnicodeSegmentation;

use super::bits::{Bits, FOREIGN, behind, bits, run};
use super::parts::TextRun;

/// Three counts of one body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Tokens of the raw body between white space (Unicode `White_Space`), markup and code included: what the
    /// npm package reading-time counts.
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
    /// Counts what a reader sees of a text without markup; `source` is not counted.
    #[must_use]
    pub fn seen(text: &str) -> Self {
        let (mut words, mut plain) = (Self::default(), Vec::with_capacity(text.len() + 1));
        words.add(text, &mut plain);
        words.visible += words_of(&plain);
        words
    }

    /// The visible words of a text without markup, one by one; each Chinese or Japanese character is one.
    pub fn each(text: &str) -> impl Iterator<Item = &str> {
        text.unicode_words()
    }

    /// Appends a text to `plain`, one byte for each character, in which words begin and end where they do in the text: a
    /// letter beyond ASCII is [`FOREIGN`], an apostrophe `'`, and a Chinese or Japanese character a space; of these it
    /// says how many there are, and each is a word. Appends nothing and returns `None` where there is more beyond ASCII
    /// than most texts have.
    pub(crate) fn plain(text: &str, plain: &mut Vec<u8>) -> Option<u32> {
        let (start, mut rest, mut cjk) = (plain.len(), text, 0);
        while let Some(at) = foreign(rest.as_bytes()) {
            plain.extend_from_slice(&rest.as_bytes()[..at]);
            let mut letters = rest[at..].chars();
            let sign = letters.next().and_then(|letter| match letter {
                // Only says how the sign before it looks.
                '\u{FE0F}' if plain[start..].last() == Some(&b' ') => Some(b' '),
                letter if stands_alone(letter) => {
                    cjk += 1;
                    Some(b' ')
                }
                letter => plain_sign(letter),
            });
            let Some(sign) = sign else {
                plain.truncate(start);
                return None;
            };
            plain.push(sign);
            rest = letters.as_str();
        }
        plain.extend_from_slice(rest.as_bytes());
        Some(cjk)
    }

    /// Counts; `source` is the count of the raw body, `file` the text of the whole file, in which the runs lie.
    pub(super) fn count(source: u32, file: &str, runs: &[TextRun]) -> Self {
        let mut words = Self { source, ..Self::default() };
        // Runs that only emphasis or an escape divides can share a word (`un*believ*able`); these few are joined.
        let (mut joined, mut plain) = (String::new(), Vec::with_capacity(file.len()));
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
            words.add(if joined.is_empty() { text } else { &joined }, &mut plain);
            joined.clear();
        }
        words.visible += words_of(&plain);
        words
    }

    /// Counts a text, or appends it to `plain`, whose words are counted at the end.
    fn add(&mut self, text: &str, plain: &mut Vec<u8>) {
        match Self::plain(text, plain) {
            Some(cjk) => self.cjk += cjk,
            // No word goes across a space.
            None => {
                for token in text.split(' ') {
                    match Self::plain(token, plain) {
                        Some(cjk) => self.cjk += cjk,
                        None => self.add_unicode(token),
                    }
                    plain.push(b' ');
                }
            }
        }
        plain.push(b'\n');
    }

    fn add_unicode(&mut self, text: &str) {
        for word in Self::each(text) {
            let cjk = word.chars().filter(|char| is_cjk(*char)).count();
            self.cjk += cjk as u32;
            self.visible += u32::from(cjk == 0);
        }
    }
}

/// The first byte beyond ASCII.
fn foreign(bytes: &[u8]) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks();
    let high = |chunk: &[u8; 8]| u64::from_le_bytes(*chunk) & 0x8080_8080_8080_8080;
    match chunks.iter().position(|chunk| high(chunk) != 0) {
        Some(index) => Some(index * 8 + high(&chunks[index]).trailing_zeros() as usize / 8),
        None => rest.iter().position(|byte| !byte.is_ascii()).map(|at| bytes.len() - rest.len() + at),
    }
}

/// Whether a character of [`is_cjk`] is a word whatever stands beside it; those of Katakana make words together.
fn stands_alone(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{3096}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

fn plain_sign(char: char) -> Option<u8> {
    match char {
        '\u{2018}' => Some(b'.'),
        '\u{2019}' => Some(b'\''),
        // The full-width comma, semicolon and colon hold together what those of ASCII do.
        '\u{FF0C}' | '\u{FF1B}' => Some(b';'),
        '\u{FF1A}' => Some(b':'),
        // Dashes and quotes; arrows, signs and pictures, without digits in circles and the tones of skin; the marks of
        // Chinese and Japanese.
        '\u{2013}'
        | '\u{2014}'
        | '\u{201C}'
        | '\u{201D}'
        | '\u{2026}'
        | '\u{D7}'
        | '\u{F7}'
        | '\u{2190}'..='\u{245F}'
        | '\u{2500}'..='\u{2775}'
        | '\u{2794}'..='\u{2BFF}'
        | '\u{3001}'
        | '\u{3002}'
        | '\u{3008}'..='\u{3011}'
        | '\u{FF01}'
        | '\u{FF08}'
        | '\u{FF09}'
        | '\u{FF1F}'
        | '\u{1F300}'..='\u{1F3FA}'
        | '\u{1F400}'..='\u{1FAFF}' => Some(b' '),
        '\u{C0}'..='\u{24F}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => Some(FOREIGN),
        char => u8::try_from(char).ok().filter(u8::is_ascii),
    }
}

/// What one look at the bytes of a text says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Survey {
    /// As `text.split_whitespace().count()`.
    pub(super) tokens: u32,
    /// Whether it has bytes that a character of `is_cjk` begins with.
    pub(super) may_have_cjk: bool,
}

pub(super) fn survey(text: &str) -> Survey {
    let bytes = text.as_bytes();
    let mut survey = Survey { tokens: 0, may_have_cjk: false };
    let (mut has_wide, mut is_behind_space) = (false, true);
    let mut look = |index: usize, block: &[u8; 64]| {
        let spaces = bits(block, is_space);
        survey.tokens += (!spaces & (spaces << 1 | u64::from(is_behind_space))).count_ones();
        is_behind_space = spaces >> 63 != 0;
        let mut suspects = bits(block, is_suspect);
        while suspects != 0 {
            let at = index * 64 + suspects.trailing_zeros() as usize;
            has_wide |= text[at..].starts_with(char::is_whitespace);
            survey.may_have_cjk |= begins_cjk(bytes[at], bytes.get(at + 1));
            suspects &= suspects - 1;
        }
    };
    let (blocks, rest) = bytes.as_chunks();
    blocks.iter().enumerate().for_each(|(index, block)| look(index, block));
    let mut padded = [b' '; 64];
    padded[..rest.len()].copy_from_slice(rest);
    look(blocks.len(), &padded);
    // Spaces beyond ASCII are rare.
    if has_wide {
        survey.tokens = text.split_whitespace().count() as u32;
    }
    survey
}

/// Whether a space beyond ASCII or a character of [`is_cjk`] may begin with this byte.
fn is_suspect(byte: u8) -> bool {
    (byte == 0xC2) | (byte.wrapping_sub(0xE1) < 0x10)
}

/// Whether a character of [`is_cjk`] may begin with these two bytes.
fn begins_cjk(first: u8, second: Option<&u8>) -> bool {
    match (first, second) {
        (0xE3..=0xE9, _) => true,
        (0xEF, Some(second)) => matches!(second, 0xA4..=0xAB | 0xBD | 0xBE),
        (0xF0, Some(second)) => *second >= 0xA0,
        _ => false,
    }
}

fn is_space(byte: u8) -> bool {
    (byte == b' ') | (byte.wrapping_sub(b'\t') < 5)
}

/// As `text.unicode_words().count()` of a text that [`Words::plain`] made: all words but those that are all `_`.
fn words_of(plain: &[u8]) -> u32 {
    let (mut count, mut before, mut carry) = (0, 0, false);
    for (block, here) in Bits::of(plain) {
        let starts = here.words & !behind(here.words, before, 1);
        count += starts.count_ones();
        if carry || memchr(b'_', &block).is_some() {
            let lines = bits(&block, |byte| byte == b'_');
            count -= (run(lines, starts, &mut carry) & !here.words).count_ones();
        }
        before = here.words;
    }
    count
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

    fn tokens(text: &str) -> u32 {
        survey(text).tokens
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn the_fast_ways_count_like_the_slow_ones(
            text in "[a-c0-2_.,:;'\"/ \t\n\u{b}!-]{0,400}",
            wide in "[a \n\u{85}\u{a0}\u{3000}é语\u{2028}]{0,300}",
            signs in "([ab12é '_‘’“”–—….,✅🔑]|⚡\u{fe0f}){0,300}",
            cjk in "([语言かａカー々a1_'. ，：；。、！「」]|语\u{fe00}){0,100}",
        ) {
            prop_assert_eq!(words_of(text.as_bytes()) as usize, text.unicode_words().count());
            prop_assert_eq!(tokens(&text) as usize, text.split_whitespace().count());
            prop_assert_eq!(tokens(&wide) as usize, wide.split_whitespace().count());
            prop_assert_eq!(Words::seen(&signs).visible as usize, signs.unicode_words().count());
            let mut slow = Words::default();
            slow.add_unicode(&cjk);
            prop_assert_eq!(Words::seen(&cjk), slow);
        }
    }

    #[test]
    fn signs_and_letters_that_count_as_ascii_divide_words_as_it_does() {
        for char in ('\u{80}'..='\u{1FFFF}').filter(|char| stands_alone(*char) || plain_sign(*char).is_some())
        {
            for text in [format!("a{char}b"), format!("1{char}2"), format!("{char} _{char}'{char}.{char}_")] {
                let mut plain = Vec::new();
                let cjk = Words::plain(&text, &mut plain).expect("each of its characters is plain");
                let words = words_of(&plain) + cjk;
                assert_eq!(words as usize, text.unicode_words().count(), "{char:?} in {text}");
                assert_eq!(cjk as usize, text.chars().filter(|char| is_cjk(*char)).count(), "{char:?}");
            }
        }
    }

    #[test]
    fn spaces_beyond_ascii_divide_tokens() {
        for char in ('\0'..=char::MAX).filter(|char| char.is_whitespace()) {
            for text in [format!("a{char}b"), format!("a {char}"), format!("{char} a{char}{char}é")] {
                assert_eq!(tokens(&text) as usize, text.split_whitespace().count(), "{char:?}");
            }
        }
    }

    #[test]
    fn no_character_of_a_script_without_spaces_is_overlooked() {
        for char in ('\u{80}'..=char::MAX).filter(|char| is_cjk(*char)) {
            for text in [format!("{char}"), format!("a{char}"), format!("{}{char} b", "a ".repeat(64))] {
                assert!(survey(&text).may_have_cjk, "{char:?}");
            }
        }
        assert!(!survey("a–b ‘c’ d\u{a0}é 👋🏽 ✔\u{fe0f} привет").may_have_cjk);
        for (text, cjk) in [("a &#x4E2D; b", 1), ("a &amp; b", 0), ("中 文", 2), ("a `中`", 0)] {
            let body = Body::parse(text, 0, Syntax::Markdown);
            let words = body.words(text);
            assert_eq!(body.source_words(text), (words.source, cjk), "{text}");
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
