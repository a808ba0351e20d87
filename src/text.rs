//! Where things are: a file's text, byte spans in it, and lines and columns for people.
//!
//! A [`Span`] counts bytes of the whole file, byte-order mark included, so it can be used to cut and to edit
//! without knowing anything else. Lines and columns are made from it at the very end, in the reports.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// A range of bytes of a file; `end` is excluded. Both ends stand on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of these offsets.
    ///
    /// # Panics
    /// When an offset is over 4 GiB, which [`Source::new`] rules out.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forward: {start}..{end}");
        Self { start: offset(start), end: offset(end) }
    }

    /// The empty span before the byte at `at`.
    #[must_use]
    pub fn empty(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The span as a range to index with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span moved to the right by `by` bytes.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start as usize + by, self.end as usize + by)
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("files over 4 GiB are refused by Source::new")
}

/// A place as people count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line, from 1. LF, CRLF and a lone CR each end a line.
    pub line: u32,
    /// The column in Unicode characters, from 1; a byte-order mark has no column.
    pub column: u32,
}

/// Why bytes are not a text that can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The byte at this offset is not UTF-8.
    NotUtf8(u32),
    /// The byte at this offset is NUL, as in programs, pictures, and UTF-16 without its byte-order mark.
    Binary(u32),
    /// The file begins with the byte-order mark of UTF-16.
    Utf16,
    /// The file is 4 GiB or larger.
    TooLarge,
    /// The operating system would not give its bytes, and why.
    Unreadable(String),
}

/// How many bytes are searched for NUL, as Git does to tell texts from other files.
const BINARY_HEAD: usize = 8000;

/// One file: the name that findings carry, and its text.
#[derive(Debug)]
pub struct Source {
    path: Arc<str>,
    /// Its path from the folder of its site, where that is another.
    place: Option<Arc<str>>,
    text: String,
    damage: Option<Damage>,
    lines: OnceLock<Lines>,
}

impl Source {
    /// Takes a file's bytes. Bytes that are not UTF-8 become `?`, one for one, so that every offset stays true;
    /// [`Source::damage`] then says where the first of them stands.
    #[must_use]
    pub fn new(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> Self {
        let path = path.into();
        if u32::try_from(bytes.len()).is_err() {
            let text = String::new();
            return Self { path, place: None, text, damage: Some(Damage::TooLarge), lines: OnceLock::new() };
        }
        let (text, damage) = match String::from_utf8(bytes) {
            Ok(text) => {
                let head = &text.as_bytes()[..text.len().min(BINARY_HEAD)];
                let nul = memchr::memchr(0, head).map(|at| Damage::Binary(offset(at)));
                (text, nul)
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
                let damage = if utf16 { Damage::Utf16 } else { Damage::NotUtf8(offset(at)) };
                (question_marks(&bytes), Some(damage))
            }
        };
        Self { path, place: None, text, damage, lines: OnceLock::new() }
    }

    /// A file whose bytes could not be had.
    #[must_use]
    pub fn unreadable(path: impl Into<Arc<str>>, reason: String) -> Self {
        let damage = Some(Damage::Unreadable(reason));
        Self { path: path.into(), place: None, text: String::new(), damage, lines: OnceLock::new() }
    }

    /// The same file, with its path from the folder of its site.
    #[must_use]
    pub fn placed(self, place: Arc<str>) -> Self {
        Self { place: Some(place), ..self }
    }

    /// Another text of the same file.
    #[must_use]
    pub fn with(&self, text: &str) -> Self {
        let place = self.place.clone();
        Self { place, ..Self::new(Arc::clone(&self.path), text.as_bytes().to_vec()) }
    }

    /// The name that findings carry: relative to where the program was started, with forward slashes.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Its path from the folder of its site, with forward slashes: what its address is made of.
    #[must_use]
    pub fn place(&self) -> &Arc<str> {
        self.place.as_ref().unwrap_or(&self.path)
    }

    /// The whole text, byte-order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the file cannot be checked, if it cannot.
    #[must_use]
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }

    /// The table of lines, made at the first call.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(&self.text))
    }

    /// The line and column of a byte offset; past the end, those of the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }
}

/// Where the line that holds the byte at `at` begins; LF, CRLF and a lone CR each end a line.
///
/// # Panics
/// When `at` lies outside the text or inside a character.
#[must_use]
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Where the line that holds the byte at `at` ends, its line end excluded.
///
/// # Panics
/// When `at` lies outside the text or inside a character.
#[must_use]
pub fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end)
}

/// Where the line behind the one that holds the byte at `at` begins; where there is none, the end of the text.
///
/// # Panics
/// When `at` lies outside the text or inside a character.
#[must_use]
pub fn next_line(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    let rest = &text[end..];
    end + if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}

/// The line end of the line that holds the byte at `at`, or else of the last line that has one; LF where none has.
///
/// # Panics
/// When `at` lies outside the text or inside a character.
#[must_use]
pub fn line_break(text: &str, at: usize) -> &'static str {
    let end = line_end(text, at);
    let end = if end < text.len() { Some(end) } else { text.rfind(['\n', '\r']) };
    match end.map(|end| (&text[..end], &text[end..])) {
        Some((before, rest))
            if rest.starts_with("\r\n") || before.ends_with('\r') && rest.starts_with('\n') =>
        {
            "\r\n"
        }
        Some((_, rest)) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// Where a text begins behind its byte-order mark.
#[must_use]
pub fn behind_mark(text: &str) -> usize {
    text.len() - text.trim_start_matches('\u{feff}').len()
}

/// The text with each lone CR as LF, for parsers that know only LF and CRLF: every offset stays true.
#[must_use]
pub fn without_lone_returns(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let Some(first) = memchr::memchr_iter(b'\r', bytes).find(is_lone) else { return Cow::Borrowed(text) };
    let mut changed = String::with_capacity(text.len());
    let mut start = 0;
    for at in std::iter::once(first)
        .chain(memchr::memchr_iter(b'\r', bytes).filter(|at| *at > first && is_lone(at)))
    {
        changed.push_str(&text[start..at]);
        changed.push('\n');
        start = at + 1;
    }
    changed.push_str(&text[start..]);
    Cow::Owned(changed)
}

fn question_marks(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

/// How many bytes stand between two counts of characters in [`Lines`].
const BLOCK: usize = 1024;

/// Where the lines of a text begin, and how many characters stand before each block of it: a position is found
/// in constant time even in a file that is one long line.
#[derive(Debug)]
pub struct Lines {
    starts: Vec<u32>,
    characters: Vec<u32>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(offset(at + 1));
            }
        }
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            for block in bytes.chunks(BLOCK) {
                characters.push(sum);
                sum += count_characters(block);
            }
            characters.push(sum);
        }
        Self { starts, characters }
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The offset at which a line begins, counted from 0; the end of the text where there is no such line.
    #[must_use]
    pub fn start(&self, line: usize) -> Option<u32> {
        self.starts.get(line).copied()
    }

    /// The line that holds this offset, counted from 0.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    fn position(&self, text: &str, at: u32) -> Position {
        let at = (at as usize).min(text.len());
        let line = self.line_of(offset(at));
        let start = self.starts[line] as usize;
        let mut column = self.characters_before(text, at) - self.characters_before(text, start);
        if line == 0 && at > 0 && text.starts_with('\u{feff}') {
            column -= 1;
        }
        Position { line: line as u32 + 1, column: column + 1 }
    }

    fn characters_before(&self, text: &str, at: usize) -> u32 {
        match self.characters.get(at / BLOCK) {
            None => offset(at),
            Some(before) => before + count_characters(&text.as_bytes()[at / BLOCK * BLOCK..at]),
        }
    }
}

/// Characters that begin in these bytes: all bytes but the continuations `10xxxxxx`.
fn count_characters(bytes: &[u8]) -> u32 {
    // Few enough for a sum of bytes, so that the compiler can count many at once.
    let sum = |part: &[u8]| part.iter().map(|byte| u8::from((byte & 0xC0) != 0x80)).sum::<u8>();
    bytes.chunks(128).map(|part| u32::from(sum(part))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, at: usize) -> (u32, u32) {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let position = source.position(at as u32);
        (position.line, position.column)
    }

    #[test]
    fn each_kind_of_line_end_leads_to_the_next_line() {
        let text = "a\r\nb\rc\n\nd";
        let next: Vec<usize> = (0..=text.len()).map(|at| next_line(text, at)).collect();
        assert_eq!(next, [3, 3, 3, 5, 5, 7, 7, 8, 9, 9]);
    }

    #[test]
    fn a_line_without_an_end_has_that_of_the_last_one() {
        for (text, at, expected) in [
            ("", 0, "\n"),
            ("a", 1, "\n"),
            ("a\r\nb\nc", 0, "\r\n"),
            ("a\r\nb\nc", 3, "\n"),
            ("a\nb\r\nc", 5, "\r\n"),
            ("a\nb\rc", 4, "\r"),
            ("a\r\n", 3, "\r\n"),
        ] {
            assert_eq!(line_break(text, at), expected, "{text:?} {at}");
        }
    }

    #[test]
    fn each_kind_of_line_end_ends_one_line() {
        let text = "a\nb\r\nc\rd";
        assert_eq!(position(text, 2), (2, 1));
        assert_eq!(position(text, 5), (3, 1));
        assert_eq!(position(text, 7), (4, 1));
        assert_eq!(position(text, 8), (4, 2));
    }

    #[test]
    fn columns_count_characters_in_every_block() {
        let text = "é".repeat(3000);
        for characters in [0, 1, 511, 512, 513, 2999, 3000] {
            assert_eq!(position(&text, characters * 2), (1, characters as u32 + 1));
        }
    }

    #[test]
    fn a_lone_cr_becomes_lf_and_nothing_else_does() {
        assert_eq!(without_lone_returns("a\rb\r\nc\n\r\r"), "a\nb\r\nc\n\n\n");
        assert!(matches!(without_lone_returns("a\r\nb"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        assert_eq!(position("\u{feff}ab\nc", 0), (1, 1));
        assert_eq!(position("\u{feff}ab\nc", 4), (1, 2));
        assert_eq!(position("\u{feff}ab\nc", 6), (2, 1));
    }

    #[test]
    fn bytes_that_are_not_utf8_keep_every_offset() {
        let source = Source::new("a.md", b"ab\xffc\xe2\x82d".to_vec());
        assert_eq!(source.text(), "ab?c??d");
        assert_eq!(source.damage(), Some(&Damage::NotUtf8(2)));
        assert_eq!(Source::new("b.md", b"\xff\xfea\0".to_vec()).damage(), Some(&Damage::Utf16));
    }
}
