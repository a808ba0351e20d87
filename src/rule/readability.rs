//! How easy an English text is to read, after Flesch (1948), and how many sentences a text has.

mod measure;

use crate::article::body::bits::FOREIGN;
use crate::article::body::{Place, Words};
use crate::article::{Article, Block, Prose};
use measure::Measure;

/// Texts with fewer words are too short to be measured: Flesch took samples of a hundred.
const SHORTEST: usize = 100;

/// The words that every English text is full of; where they are not at least one in twelve, it is not English.
const ENGLISH: [u32; 14] = [
    key(b"the"),
    key(b"of"),
    key(b"and"),
    key(b"to"),
    key(b"a"),
    key(b"in"),
    key(b"is"),
    key(b"that"),
    key(b"for"),
    key(b"it"),
    key(b"you"),
    key(b"with"),
    key(b"on"),
    key(b"are"),
];

/// The bytes of a word in one number, in small letters; 0 of one that is longer than any in [`ENGLISH`].
const fn key(word: &[u8]) -> u32 {
    let mut key = 0;
    if word.len() > 4 {
        return key;
    }
    let mut at = 0;
    while at < word.len() {
        key = key << 8 | (word[at] | 0x20) as u32;
        at += 1;
    }
    key
}

/// The reading ease of the text: 100 is very easy, 30 difficult, below it is for graduates. `None` of a text that is
/// short or, by its words, not English.
pub(crate) fn ease(article: &Article<'_>) -> Option<f64> {
    article.ease(|| measured(article))
}

fn measured(article: &Article<'_>) -> Option<f64> {
    let prose = article.prose();
    let text = Text::of(blocks(prose).map(|block| &prose.text[block.start..block.end]));
    let measure = Measure::of(&text.plain);
    let words = measure.words + text.cjk + text.others.len();
    if words < SHORTEST || !text.is_english(&measure, words) {
        return None;
    }
    let others: usize = text.others.iter().map(|word| syllables_of(word)).sum();
    let syllables = measure.syllables + text.cjk + others;
    #[expect(clippy::cast_precision_loss, reason = "no article has so many words")]
    let per = |many: usize, few: usize| many as f64 / few.max(1) as f64;
    let ease = 206.835 - 1.015 * per(words, sentences(article)) - 84.6 * per(syllables, words);
    Some((ease * 10.0).round() / 10.0)
}

/// Paragraphs, quotations and lists, no headings and no tables.
#[derive(Default)]
struct Text<'t> {
    /// All of them that [`Words::plain`] can write, each a line.
    plain: Vec<u8>,
    /// The Chinese and Japanese characters in these, each a word and a syllable.
    cjk: usize,
    /// The words of the others.
    others: Vec<&'t str>,
}

impl<'t> Text<'t> {
    fn of(blocks: impl Iterator<Item = &'t str>) -> Self {
        let mut text = Self::default();
        for block in blocks {
            match Words::plain(block, &mut text.plain) {
                Some(cjk) => text.cjk += cjk as usize,
                None => {
                    text.others.extend(Words::each(block).filter(|word| word.contains(char::is_alphabetic)));
                }
            }
            text.plain.push(b'\n');
        }
        text
    }

    /// Whether one in twelve of so many words is one that every English text is full of.
    fn is_english(&self, measure: &Measure, words: usize) -> bool {
        let is_common = |word: &[u8]| ENGLISH.contains(&key(word));
        let mut common = self.others.iter().filter(|word| is_common(word.as_bytes())).count();
        measure.each_short(&self.plain, |word| {
            common += usize::from(is_common(word));
            common * 12 >= words
        });
        common * 12 >= words
    }
}

/// How many sentences the prose has; one without a full stop, as in a list, is one too.
pub(crate) fn sentences(article: &Article<'_>) -> usize {
    let prose = article.prose();
    blocks(prose).map(|block| sentences_of(prose, block)).sum()
}

fn blocks(prose: &Prose) -> impl Iterator<Item = &Block> {
    prose.blocks.iter().filter(|block| !block.place.intersects(Place::HEADING | Place::TABLE))
}

fn sentences_of(prose: &Prose, block: &Block) -> usize {
    prose
        .sentences(block)
        .iter()
        .filter(|part| prose.text[(*part).clone()].contains(char::is_alphanumeric))
        .count()
}

/// The syllables of an English word, as near as its letters tell: groups of vowels, without a silent e. Each letter beyond
/// ASCII is taken for a vowel, and what is no letter for none.
fn syllables_of(word: &str) -> usize {
    let plain = |letter: char| match u8::try_from(letter) {
        Ok(letter) if letter.is_ascii() => letter,
        _ if letter.is_alphabetic() => FOREIGN,
        _ => b'-',
    };
    let word: Vec<u8> = word.replace("’s", "'s").chars().map(plain).collect();
    let vowels: Vec<bool> = word.iter().map(|letter| is_vowel(*letter) || *letter == FOREIGN).collect();
    syllables(&word, vowels.chunk_by(|left, right| left == right).filter(|group| group[0]).count())
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter | 0x20, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// The syllables of a word of ASCII and [`FOREIGN`], by its groups of vowels.
fn syllables(word: &[u8], groups: usize) -> usize {
    if groups < 2 { 1 } else { groups - usize::from(is_silent(word)) }
}

/// Whether the last e of a word with two groups of vowels is not spoken.
fn is_silent(word: &[u8]) -> bool {
    let word = word.strip_suffix(b"'s").unwrap_or(word);
    let Some(end) = word.last_chunk() else { return false };
    match end.map(|letter| letter.to_ascii_lowercase()) {
        // "make", but "table" and "free".
        [before, b'l', b'e'] => is_vowel(before),
        [_, last, b'e'] => !is_vowel(last),
        // "walked", "makes", but "wanted", "needed", "houses".
        [last, b'e', b'd'] => !is_vowel(last) && !matches!(last, b't' | b'd' | b'l'),
        [last, b'e', b's'] => {
            !is_vowel(last) && !matches!(last, b's' | b'c' | b'g' | b'z' | b'x' | b'h' | b'l')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::Source;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_fast_way_measures_like_the_slow_one(
            text in "([a-el-o stdTE]|'s |e[ds]? |the |[a-z]{5}|[.:,;'’_0-9é语か。，\n-]){0,90}",
            long in "[a-z]{120,140}e [b-d]{130} [_1]{70} a",
        ) {
            for text in [text, long] {
                let words = || Words::each(&text).filter(|word| word.contains(char::is_alphabetic));
                let Text { plain, cjk, .. } = Text::of([text.as_str()].into_iter());
                let measure = Measure::of(&plain);
                prop_assert_eq!(measure.words + cjk, words().count());
                prop_assert_eq!(measure.syllables + cjk, words().map(syllables_of).sum::<usize>());
                let mut short = cjk;
                measure.each_short(&plain, |word| {
                    short += usize::from(word.iter().any(|byte| byte.is_ascii_alphabetic() || *byte == FOREIGN));
                    false
                });
                prop_assert_eq!(short, words().filter(|word| word.chars().count() <= 4).count());
            }
        }
    }

    #[test]
    fn syllables_as_they_are_spoken() {
        for (word, expected) in [
            ("a", 1),
            ("the", 1),
            ("make", 1),
            ("makes", 1),
            ("table", 2),
            ("free", 1),
            ("walked", 1),
            ("wanted", 2),
            ("houses", 2),
            ("reading", 2),
            ("readability", 5),
            ("rhythm", 1),
            ("3rd", 1),
            ("father's", 2),
            ("father’s", 2),
            ("café", 2),
        ] {
            assert_eq!(syllables_of(word), expected, "{word}");
            let text = Text::of([word].into_iter());
            let measure = Measure::of(&text.plain);
            assert_eq!((measure.words, measure.syllables), (1, expected), "{word}");
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        for (text, expected) in [
            ("", 0),
            ("One", 1),
            ("One. Two! Three?", 3),
            ("Dr. Smith pays 3.5 of them, e.g. cash.", 1),
            ("See file.name and node.js for it.", 1),
            ("“Stop.” He stopped...", 2),
            ("一句。两句！", 2),
            ("J. R. Smith came. So did I.", 2),
        ] {
            let source = Source::new("a.md", text.as_bytes().to_vec());
            assert_eq!(sentences(&Article::parse(&source)), expected, "{text}");
        }
    }

    fn of(text: &str) -> Option<f64> {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        ease(&Article::parse(&source))
    }

    #[test]
    fn easy_and_hard_texts_lie_apart_and_others_are_not_measured() {
        let easy = of(&"The cat sat on the mat. It is a big cat and you like it.\n\n".repeat(12));
        let hard = of(
            &"The administration of organisational responsibilities necessitates considerable deliberation \
            and the simultaneous consideration of interdisciplinary methodologies.\n\n"
                .repeat(12),
        );
        assert!(easy.is_some_and(|ease| ease > 90.0), "{easy:?}");
        assert!(hard.is_some_and(|ease| ease < 0.0), "{hard:?}");
        assert_eq!(of("The cat sat on the mat."), None);
        assert_eq!(of(&"Die Katze sitzt auf der Matte und sieht hinaus.\n\n".repeat(20)), None);
        assert_eq!(of(&"猫坐在垫子上。\n\n".repeat(50)), None);
    }
}
