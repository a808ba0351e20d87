//! Words and syllables of a text, many at a time.
//!
//! A question about words (which have no vowel) is an addition, in which the carry runs from the start of a word to where
//! it ends. That is some ten times faster than to go from byte to byte.

#![expect(clippy::needless_bitwise_bool, reason = "conditions that do not branch are counted many at a time")]

use super::is_silent;
use crate::article::body::bits::{Bits, FOREIGN, behind, bits, is_letter, run};

/// The words of a text, and how many syllables they have together.
#[derive(Debug, Default)]
pub(super) struct Measure {
    /// Words that have a letter.
    pub(super) words: usize,
    pub(super) syllables: usize,
    /// For each 64 bytes the bits of those that belong to a word, and of those that begin one.
    blocks: Vec<(u64, u64)>,
}

/// The last block, and what runs out of it into the next.
#[derive(Default)]
struct Before {
    bits: Bits,
    vowels: u64,
    /// The letter e.
    e: u64,
    /// The letters d and s.
    endings: u64,
    /// What goes to the first letter of a word, to its first vowel, past that with its neighbours, and to the next.
    carries: [bool; 4],
}

impl Measure {
    /// Measures a text as `Words::plain` makes it.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut measure = Self::default();
        let mut before = Before::default();
        for (index, (block, here)) in Bits::of(text).enumerate() {
            let mut open = measure.add(&block, here, &mut before);
            while open != 0 {
                let end = index * 64 + open.trailing_zeros() as usize;
                measure.syllables -= usize::from(is_silent(&text[end.saturating_sub(LONGEST_END)..end]));
                open &= open - 1;
            }
        }
        measure
    }

    /// Counts what ends in a block. Brings the places behind those words whose last e may be silent, which is counted.
    fn add(&mut self, block: &[u8; 64], here: Bits, before: &mut Before) -> u64 {
        let (vowels, e) = (bits(block, is_vowel), bits(block, |byte| byte | 0x20 == b'e'));
        let endings = bits(block, |byte| (byte | 0x20 == b'd') | (byte | 0x20 == b's'));
        let (consonants, outside) = (here.words & !vowels, !here.words);
        let starts = here.words & !behind(here.words, before.bits.words, 1);
        // What runs out of a word has come to the byte behind it.
        let [to_letter, to_first, past, to_second] = &mut before.carries;
        let without_letter = run(here.words & !bits(block, is_letter), starts, to_letter) & outside;
        let first = run(consonants, starts, to_first);
        let past_first = run(vowels, first & here.words, past);
        let second = run(consonants, past_first & here.words, to_second);
        let without_vowel = first & outside;
        let with_several =
            behind(here.words, before.bits.words, 1) & !(first | past_first | second) & outside;
        let groups = vowels & !behind(vowels, before.vowels, 1);
        let count = |bits: u64| bits.count_ones() as usize;
        self.words += count(starts);
        self.words -= count(without_letter);
        self.syllables += count(groups) + count(without_vowel & !without_letter);
        self.blocks.push((here.words, starts));
        // A silent e is the last letter, or stands before a last d or s, or before "'s".
        let with_e = behind(e, before.e, 1)
            | behind(e, before.e, 2) & behind(endings, before.endings, 1)
            | behind(here.apostrophes, before.bits.apostrophes, 2);
        (before.bits, before.vowels, before.e, before.endings) = (here, vowels, e, endings);
        with_several & with_e
    }

    /// Calls `found` with the words of up to four bytes, until it says that it has seen enough.
    pub(super) fn each_short(&self, text: &[u8], mut found: impl FnMut(&[u8]) -> bool) {
        for (index, (words, starts)) in self.blocks.iter().enumerate() {
            let next = self.blocks.get(index + 1).map_or(0, |(words, _)| *words);
            let mut starts = *starts;
            while starts != 0 {
                let bit = starts.trailing_zeros();
                let length = (words >> bit | (next << 1) << (63 - bit)).trailing_ones() as usize;
                let start = index * 64 + bit as usize;
                if length <= 4 && found(&text[start..start + length]) {
                    return;
                }
                starts &= starts - 1;
            }
        }
    }
}

/// So many bytes at the end of a word tell whether its e is silent: "les's".
const LONGEST_END: usize = 5;

fn is_vowel(byte: u8) -> bool {
    let small = byte | 0x20;
    (byte == FOREIGN)
        | (small == b'a')
        | (small == b'e')
        | (small == b'i')
        | (small == b'o')
        | (small == b'u')
        | (small == b'y')
}
