//! Counts words: those of the source and those that a reader sees.

#![expect(clippy::needless_bitwise_bool, reason = "conditions that do not branch are counted many at a time")]

use memchr::memchr;
use unicode_segmentation::UnicodeSegmentation;

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
    /// Counts the words of a text without markup.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words = Self { source: tokens(text), ..Self::default() };
        words.add(text);
        words
    }

    /// The visible words of a text without markup, one by one; each Chinese or Japanese character is one.
    pub fn each(text: &str) -> impl Iterator<Item = &str> {
        text.unicode_words()
    }

    /// The bytes of a text in which [`each_plain`] finds the words of the text: the text itself where it is ASCII, and
    /// else `buffer`, in which each letter beyond ASCII is [`FOREIGN`] and an apostrophe is `'`. `None` where there is
    /// more beyond ASCII than most texts in Latin and Cyrillic have.
    pub(crate) fn plain<'t>(text: &'t str, buffer: &'t mut Vec<u8>) -> Option<&'t [u8]> {
        if text.is_ascii() {
            return Some(text.as_bytes());
        }
        buffer.clear();
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
            buffer.extend_from_slice(&rest.as_bytes()[..at]);
            let mut letters = rest[at..].chars();
            buffer.push(match letters.next()? {
                '\u{2019}' => b'\'',
                // Only says how the sign before it looks.
                '\u{FE0F}' if buffer.last() == Some(&b' ') => b' ',
                letter => match plain_sign(letter)? {
                    b'a' => FOREIGN,
                    sign => sign,
                },
            });
            rest = letters.as_str();
        }
        buffer.extend_from_slice(rest.as_bytes());
        Some(buffer)
    }

    /// Calls `found` with each visible word of a text that [`Words::plain`] made, if it has a letter, and with its groups
    /// of vowels.
    pub(crate) fn each_plain<'t>(text: &'t [u8], mut found: impl FnMut(&'t [u8], usize)) {
        let classes = |at: usize| text.get(at).map_or(0, |byte| CLASSES[usize::from(*byte)]);
        let (mut at, mut before, mut here) = (0, 0, classes(0));
        let (mut start, mut all, mut groups) = (0, 0, 0);
        while at < text.len() {
            let behind = classes(at + 1);
            if here & INSIDE != 0 || before & behind & (here >> JOINS) != 0 {
                all |= here;
                groups += usize::from((here & !before) >> VOWELS);
            } else {
                if all & LETTER != 0 {
                    found(&text[start..at], groups);
                }
                (start, all, groups) = (at + 1, 0, 0);
            }
            at += 1;
            (before, here) = (here, behind);
        }
        if all & LETTER != 0 {
            found(&text[start..], groups);
        }
    }

    /// Counts; `source` is the count of the raw body, `file` the text of the whole file, in which the runs lie.
    pub(super) fn count(source: u32, file: &str, runs: &[TextRun]) -> Self {
        let mut words = Self { source, ..Self::default() };
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
        // No word goes across a space, and most of a text is ASCII even where not all of it is.
        let mut rest = text;
        while !rest.is_ascii()
            && let Some(at) = rest.bytes().position(|byte| !byte.is_ascii())
        {
            let start = rest[..at].rfind(' ').map_or(0, |space| space + 1);
            let end = rest[at..].find(' ').map_or(rest.len(), |space| at + space);
            self.visible += ascii_words(&rest.as_bytes()[..start]);
            match plain(&rest[start..end]) {
                Some(token) => self.visible += ascii_words(&token),
                None => self.add_unicode(&rest[start..end]),
            }
            rest = &rest[end..];
        }
        self.visible += ascii_words(rest.as_bytes());
    }

    fn add_unicode(&mut self, text: &str) {
        for word in Self::each(text) {
            let cjk = word.chars().filter(|char| is_cjk(*char)).count();
            self.cjk += cjk as u32;
            self.visible += u32::from(cjk == 0);
        }
    }
}

/// The text with ASCII in the place of signs and letters that divide words in the same places. `None` where there is
/// more beyond ASCII than these, which are all that most texts in Latin and Cyrillic have.
fn plain(text: &str) -> Option<Vec<u8>> {
    text.chars().map(plain_sign).collect()
}

fn plain_sign(char: char) -> Option<u8> {
    match char {
        '\u{2018}' | '\u{2019}' => Some(b'.'),
        // Dashes and quotes; arrows, signs and pictures, without digits in circles and the tones of skin.
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
        | '\u{1F300}'..='\u{1F3FA}'
        | '\u{1F400}'..='\u{1FAFF}' => Some(b' '),
        '\u{C0}'..='\u{24F}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => Some(b'a'),
        char => u8::try_from(char).ok().filter(u8::is_ascii),
    }
}

/// Stands for a letter beyond ASCII in what [`Words::plain`] makes.
pub(crate) const FOREIGN: u8 = 0x80;

/// `text.split_whitespace().count()`, many times faster.
fn tokens(text: &str) -> u32 {
    survey(text).tokens
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
    let text = text.trim_end();
    let bytes = text.as_bytes();
    let Some((first, second)) = bytes.split_first() else {
        return Survey { tokens: 0, may_have_cjk: false };
    };
    let mut tokens = u32::from(!is_space(*first));
    let (mut has_wide, mut may_have_cjk) = (false, false);
    let mut look = |at: usize, end: usize| {
        for (offset, byte) in bytes[at..end].iter().enumerate().filter(|(_, byte)| is_suspect(**byte)) {
            has_wide |= text[at + offset..].starts_with(char::is_whitespace);
            may_have_cjk |= begins_cjk(*byte, bytes.get(at + offset + 1));
        }
    };
    look(0, 1);
    let (blocks, rest) = second.as_chunks::<BLOCK>();
    let (before, before_rest) = bytes[..second.len()].as_chunks::<BLOCK>();
    for (index, (before, block)) in before.iter().zip(blocks).enumerate() {
        let (mut starts, mut suspects) = (0_u8, false);
        for (before, here) in before.iter().zip(block) {
            starts += u8::from(is_space(*before) & !is_space(*here));
            suspects |= is_suspect(*here);
        }
        tokens += u32::from(starts);
        if suspects {
            look(index * BLOCK + 1, index * BLOCK + 1 + BLOCK);
        }
    }
    let starts = |(before, here): (&u8, &u8)| u8::from(is_space(*before) & !is_space(*here));
    tokens += u32::from(before_rest.iter().zip(rest).map(starts).sum::<u8>());
    look(bytes.len() - rest.len(), bytes.len());
    // Spaces beyond ASCII are rare.
    if has_wide {
        tokens = text.split_whitespace().count() as u32;
    }
    Survey { tokens, may_have_cjk }
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

/// `text.unicode_words().count()` for ASCII, many times faster: the runs of letters, digits and `_`, less one for
/// each punctuation mark that holds two of them together, and less those that are all `_`.
fn ascii_words(text: &[u8]) -> u32 {
    let (mut count, mut before) = (0, 0);
    for at in (0..text.len()).step_by(BLOCK) {
        // The last is only looked at as the one behind, and is the first of the next block.
        let mut classes = [class(b' '); BLOCK + 1];
        if let Some(block) = text[at..].first_chunk::<{ BLOCK + 1 }>() {
            classes = block.map(class);
        } else {
            for (known, byte) in classes.iter_mut().zip(&text[at..]) {
                *known = class(*byte);
            }
        }
        let mut shifted = [before; BLOCK];
        shifted[1..].copy_from_slice(&classes[..BLOCK - 1]);
        let (mut starts, mut joins) = (0_u8, 0_u8);
        for ((before, here), behind) in shifted.iter().zip(&classes).zip(&classes[1..]) {
            starts += u8::from((before & INSIDE == 0) & (here & INSIDE != 0));
            joins += u8::from(before & behind & (here >> JOINS) != 0);
        }
        count += u32::from(starts) - u32::from(joins);
        before = classes[BLOCK - 1];
    }
    let is_rule = |run: &&[u8]| run.contains(&b'_') && run.iter().all(|byte| *byte == b'_');
    let rules = match memchr(b'_', text) {
        Some(_) => text.split(|byte| class(*byte) & INSIDE == 0).filter(is_rule).count(),
        None => 0,
    };
    count - rules as u32
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const LINE: u8 = 4;
const INSIDE: u8 = LETTER | DIGIT | LINE;
/// How far to the left the class of a mark has what it holds together.
const JOINS: u32 = 4;

/// Where the class of a vowel has a bit of its own; letters beyond ASCII are taken for vowels.
const VOWELS: u32 = 7;

/// The class of each byte, for a look at one byte after the other.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let is_vowel = matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
        classes[byte as usize] = class(byte) | (is_vowel as u8) << VOWELS;
        byte += 1;
    }
    classes[FOREIGN as usize] = LETTER | 1 << VOWELS;
    classes
};

/// What a byte is in a word, and what it holds together, as the marks in "don't" and "3.5" do.
const fn class(byte: u8) -> u8 {
    const fn flag(holds: bool, class: u8) -> u8 {
        holds as u8 * class
    }
    flag(byte.is_ascii_alphabetic(), LETTER)
        | flag(byte.is_ascii_digit(), DIGIT)
        | flag(byte == b'_', LINE)
        | flag((byte == b'\'') | (byte == b'.') | (byte == b':'), LETTER << JOINS)
        | flag((byte == b'\'') | (byte == b'.') | (byte == b',') | (byte == b';'), DIGIT << JOINS)
}

/// How many bytes are counted at a time: few enough for a sum of bytes, so that the compiler can count many at once.
const BLOCK: usize = 64;

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
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn the_fast_ways_count_like_the_slow_ones(
            text in "[a-c0-2_.,:;'\"/ \t\n\u{b}!-]{0,400}",
            wide in "[a \n\u{85}\u{a0}\u{3000}é语\u{2028}]{0,300}",
            signs in "([ab12é '_‘’“”–—….,✅🔑]|⚡\u{fe0f}){0,300}",
        ) {
            prop_assert_eq!(ascii_words(text.as_bytes()) as usize, text.unicode_words().count());
            prop_assert_eq!(tokens(&text) as usize, text.split_whitespace().count());
            prop_assert_eq!(tokens(&wide) as usize, wide.split_whitespace().count());
            let mut words = Words::default();
            words.add(&signs);
            prop_assert_eq!(words.visible as usize, signs.unicode_words().count());
            for text in [&text, &signs] {
                let mut found = Vec::new();
                let mut buffer = Vec::new();
                let plain = Words::plain(text, &mut buffer).expect("each of its characters is plain");
                Words::each_plain(plain, |word, _| found.push(word.to_vec()));
                let foreign = |letter: char| match letter {
                    '’' => b'\'',
                    '‘' => b'.',
                    _ => u8::try_from(letter).ok().filter(u8::is_ascii).unwrap_or(FOREIGN),
                };
                let words = text.unicode_words().filter(|word| word.contains(char::is_alphabetic));
                let expected: Vec<Vec<u8>> = words.map(|word| word.chars().map(foreign).collect()).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn signs_and_letters_that_count_as_ascii_divide_words_as_it_does() {
        for char in ('\u{80}'..='\u{1FFFF}').filter(|char| plain(&char.to_string()).is_some()) {
            for text in [format!("a{char}b"), format!("1{char}2"), format!("{char} _{char}'{char}.{char}_")] {
                let plain = plain(&text).expect("each of its characters is plain");
                assert_eq!(ascii_words(&plain) as usize, text.unicode_words().count(), "{char:?} in {text}");
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
