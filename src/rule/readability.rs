//! How easy an English text is to read, after Flesch (1948), and how many sentences a text has.

use crate::article::body::{FOREIGN, Place, Words};
use crate::article::{Article, Block, Prose};

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

/// Counts over the prose of an article: paragraphs, quotations and lists, no headings and no tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    words: usize,
    sentences: usize,
    syllables: usize,
    english: usize,
}

/// The reading ease of the text: 100 is very easy, 30 difficult, below it is for graduates. `None` of a text that is
/// short or, by its words, not English.
pub(crate) fn ease(article: &Article<'_>) -> Option<f64> {
    let mut counts = Counts::default();
    let (prose, mut buffer) = (article.prose(), Vec::new());
    for block in blocks(prose) {
        counts.add(&prose.text[block.start..block.end], &mut buffer);
    }
    if counts.words < SHORTEST || counts.english * 12 < counts.words {
        return None;
    }
    counts.sentences = sentences(article);
    #[expect(clippy::cast_precision_loss, reason = "no article has so many words")]
    let per = |many: usize, few: usize| many as f64 / few.max(1) as f64;
    let ease =
        206.835 - 1.015 * per(counts.words, counts.sentences) - 84.6 * per(counts.syllables, counts.words);
    Some((ease * 10.0).round() / 10.0)
}

impl Counts {
    /// Counts words; `buffer` is empty or has served before.
    fn add(&mut self, text: &str, buffer: &mut Vec<u8>) {
        match Words::plain(text, buffer) {
            Some(plain) => {
                Words::each_plain(plain, |word, groups| self.add_word(word, syllables(word, groups)));
            }
            None => {
                for word in Words::each(text).filter(|word| word.contains(char::is_alphabetic)) {
                    self.add_word(word.as_bytes(), syllables_of(word));
                }
            }
        }
    }

    fn add_word(&mut self, word: &[u8], syllables: usize) {
        self.words += 1;
        self.syllables += syllables;
        self.english += usize::from(ENGLISH.contains(&key(word)));
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
    prose.sentences(block).iter().filter(|part| prose.text[(*part).clone()].contains(char::is_alphanumeric)).count()
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
    if groups < 2 {
        return 1;
    }
    let mut word = word;
    while let Some(rest) = word.strip_suffix(b"'s") {
        word = rest;
    }
    let lower = |back: usize| word.len().checked_sub(back).map(|at| word[at].to_ascii_lowercase());
    let silent = match (lower(1), lower(2), lower(3)) {
        // "make", but "table" and "free".
        (Some(b'e'), Some(b'l'), Some(before)) => is_vowel(before),
        (Some(b'e'), Some(last), _) => !is_vowel(last),
        // "walked", "makes", but "wanted", "needed", "houses".
        (Some(b'd'), Some(b'e'), Some(last)) => !is_vowel(last) && !matches!(last, b't' | b'd' | b'l'),
        (Some(b's'), Some(b'e'), Some(last)) => {
            !is_vowel(last) && !matches!(last, b's' | b'c' | b'g' | b'z' | b'x' | b'h' | b'l')
        }
        _ => false,
    };
    groups - usize::from(silent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

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
            let mut counts = Counts::default();
            counts.add(word, &mut Vec::new());
            assert_eq!((counts.words, counts.syllables), (1, expected), "{word}");
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
