//! Where the words of a text stand, 64 bytes at a time.
//!
//! A question about each byte (is it a letter) becomes a number with a bit for each of 64, the first in the lowest, so
//! that questions about words take a few instructions for many of them. The texts are those of `Words::plain`, with one
//! byte for each character.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "conditions that do not branch are asked of many bytes at a time"
)]

/// Stands for a letter beyond ASCII.
pub(crate) const FOREIGN: u8 = 0x80;

/// 64 bytes of a text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bits {
    /// All that belongs to a word: letters, digits, `_`, and the marks in "don't" and "3.5".
    pub(crate) words: u64,
    /// Apostrophes within a word.
    pub(crate) apostrophes: u64,
}

impl Bits {
    /// The blocks of a text, each with its bytes. Behind the text stands at least one space, where its last word ends.
    pub(crate) fn of(text: &[u8]) -> impl Iterator<Item = ([u8; 64], Self)> {
        (0..=text.len()).step_by(64).map(|at| {
            let rest = &text[at..];
            let block = rest.first_chunk().copied().unwrap_or_else(|| {
                let mut padded = [b' '; 64];
                padded[..rest.len()].copy_from_slice(rest);
                padded
            });
            let last = at.checked_sub(1).map_or(b' ', |last| text[last]);
            (block, Self::new(&block, last, rest.get(64).copied().unwrap_or(b' ')))
        })
    }

    /// A block between two other bytes.
    fn new(block: &[u8; 64], last: u8, next: u8) -> Self {
        let is_inside = |byte: u8| is_letter(byte) | byte.is_ascii_digit() | (byte == b'_');
        let is_mark =
            |byte: u8| (byte == b'\'') | (byte == b'.') | (byte == b':') | (byte == b',') | (byte == b';');
        let mut found = Self { words: bits(block, is_inside), apostrophes: 0 };
        let behind = found.words << 1 | u64::from(is_inside(last));
        let before = found.words >> 1 | u64::from(is_inside(next)) << 63;
        let mut marks = bits(block, is_mark) & behind & before;
        // There are few.
        while marks != 0 {
            let at = marks.trailing_zeros() as usize;
            let left = at.checked_sub(1).map_or(last, |at| block[at]);
            let right = block.get(at + 1).copied().unwrap_or(next);
            let mark = block[at];
            let in_word = is_letter(left) && is_letter(right) && !matches!(mark, b',' | b';');
            let in_number = left.is_ascii_digit() && right.is_ascii_digit() && mark != b':';
            found.words |= u64::from(in_word || in_number) << at;
            found.apostrophes |= u64::from(mark == b'\'' && (in_word || in_number)) << at;
            marks &= marks - 1;
        }
        found
    }
}

/// Whether a byte is a letter, or stands for one.
pub(crate) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() | (byte == FOREIGN)
}

/// A bit for each byte. What is asked of a byte must not branch, so that it is asked of many at once.
pub(crate) fn bits(block: &[u8; 64], holds: impl Fn(u8) -> bool) -> u64 {
    let held = block.map(|byte| u8::from(holds(byte)));
    let (chunks, _) = held.as_chunks();
    chunks.iter().rev().fold(0, |bits, chunk| {
        // Each byte is 0 or 1, and the product has them side by side in its highest byte.
        let packed = u64::from_le_bytes(*chunk).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits << 8 | packed
    })
}

/// For each bit that of so many bytes before it.
pub(crate) fn behind(here: u64, before: u64, by: u32) -> u64 {
    here << by | before >> (64 - by)
}

/// Moves each of these bits on for as long as it stands on one of `way`; `carry` goes from block to block.
pub(crate) fn run(way: u64, bits: u64, carry: &mut bool) -> u64 {
    let (sum, first) = way.overflowing_add(bits);
    let (sum, second) = sum.overflowing_add(u64::from(*carry));
    *carry = first | second;
    sum & !way
}
