//! How easy an English text is to read, after Flesch (1948), and how many sentences a text has.

use crate::article::Article;
use crate::article::body::Place;

/// Texts with fewer words are too short to be measured: Flesch took samples of a hundred.
const SHORTEST: usize = 100;

/// The words that every English text is full of; where they are not at least one in twelve, it is not English.
const ENGLISH: [&str; 14] =
    ["the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "you", "with", "on", "are"];

const LONGEST_ENGLISH: usize = 4;

/// What stands before a full stop that ends no sentence.
const ABBREVIATIONS: [&str; 22] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "no", "vs", "etc", "e.g", "i.e", "fig", "approx", "inc", "ltd",
    "jr", "sr", "dept", "est", "cf", "al", "vol",
];

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
    for block in blocks(article) {
        counts.sentences += sentences_of(block);
        // Few words have a character beyond ASCII, and the others need no look at what it is.
        let is_between = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'\'';
        for word in block.as_bytes().split(is_between).filter(|word| !word.is_empty()) {
            match str::from_utf8(word) {
                Ok(words) if !word.is_ascii() => words
                    .split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '\'' | '’'))
                    .filter(|word| word.contains(char::is_alphabetic))
                    .for_each(|word| counts.add(word.as_bytes(), syllables(word))),
                _ if word.iter().any(u8::is_ascii_alphabetic) => counts.add(word, ascii_syllables(word)),
                _ => {}
            }
        }
    }
    if counts.words < SHORTEST || counts.english * 12 < counts.words {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no article has so many words")]
    let per = |many: usize, few: usize| many as f64 / few.max(1) as f64;
    let ease =
        206.835 - 1.015 * per(counts.words, counts.sentences) - 84.6 * per(counts.syllables, counts.words);
    Some((ease * 10.0).round() / 10.0)
}

impl Counts {
    fn add(&mut self, word: &[u8], syllables: usize) {
        self.words += 1;
        self.syllables += syllables;
        let is_english = || ENGLISH.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()));
        self.english += usize::from(word.len() <= LONGEST_ENGLISH && is_english());
    }
}

/// How many sentences the prose has; one without a full stop, as in a list, is one too.
pub(crate) fn sentences(article: &Article<'_>) -> usize {
    blocks(article).map(sentences_of).sum()
}

fn blocks<'a>(article: &'a Article<'_>) -> impl Iterator<Item = &'a str> {
    let prose = article.prose();
    let other = Place::HEADING | Place::TABLE;
    let blocks = prose.blocks.iter().filter(move |block| !block.place.intersects(other));
    blocks.map(|block| &prose.text[block.start..block.end])
}

fn sentences_of(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut start) = (0, 0);
    let mut mark = |at: usize, mark: char| {
        let behind = text[at + mark.len_utf8()..].trim_start_matches(['"', '\'', '”', '’', ')', '」', '』']);
        let is_wide = !mark.is_ascii();
        let ends = is_wide || behind.is_empty() || behind.starts_with(char::is_whitespace);
        // `p. 5`, `e.g. this`: what goes on in lower case or with a digit goes on.
        let goes_on = || {
            mark == '.' && (!behind.is_empty() && is_abbreviation(&text[start..at]))
                || mark == '.' && behind.trim_start().starts_with(char::is_lowercase)
        };
        if ends && !goes_on() && text[start..at].contains(char::is_alphanumeric) {
            count += 1;
            start = at + mark.len_utf8();
        }
    };
    // The first bytes of the wide marks, which texts in Latin letters do not have.
    if memchr::memchr2(0xE3, 0xEF, bytes).is_none() {
        memchr::memchr3_iter(b'.', b'!', b'?', bytes).for_each(|at| mark(at, char::from(bytes[at])));
    } else {
        let is_mark = |letter: char| matches!(letter, '.' | '!' | '?' | '。' | '！' | '？');
        let marks = text.char_indices().filter(|(_, letter)| is_mark(*letter));
        marks.for_each(|(at, letter)| mark(at, letter));
    }
    count + usize::from(text[start..].contains(char::is_alphanumeric))
}

/// Whether the text before a full stop ends with an abbreviation or an initial.
fn is_abbreviation(before: &str) -> bool {
    let word =
        before.rsplit(|letter: char| letter.is_whitespace() || letter == '(').next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.contains(char::is_alphabetic) && word != "I";
    is_initial || ABBREVIATIONS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The syllables of an English word, as near as its letters tell: groups of vowels, without a silent e.
fn syllables(word: &str) -> usize {
    // Each letter beyond ASCII is taken for a vowel, and what is no letter for none.
    let plain = |letter: char| match u8::try_from(letter) {
        Ok(letter) if letter.is_ascii() => letter,
        _ if letter.is_alphabetic() => FOREIGN,
        _ => b'-',
    };
    let word: Vec<u8> = word.replace("’s", "'s").chars().map(plain).collect();
    ascii_syllables(&word)
}

/// Stands for a letter beyond ASCII: a vowel, but not where a silent e is looked for.
const FOREIGN: u8 = 0;

fn ascii_syllables(word: &[u8]) -> usize {
    let is_vowel = |letter: u8| matches!(letter | 0x20, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let mut groups = 0;
    let mut before = false;
    for letter in word {
        let vowel = is_vowel(*letter) || *letter == FOREIGN;
        groups += usize::from(vowel && !before);
        before = vowel;
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
    (groups - usize::from(silent && groups > 1)).max(1)
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
        ] {
            assert_eq!(syllables(word), expected, "{word}");
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
            assert_eq!(sentences_of(text), expected, "{text}");
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
