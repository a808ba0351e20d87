//! A stretch of text that a rule looks at, and the way back from a part of it to the bytes of the file.

use std::cell::Cell;
use std::ops::Range;

use crate::article::{Article, Prose};
use crate::rule::scalar;
use crate::text::Span;

/// A stretch of text, with the way back to its bytes.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub(super) text: &'a str,
    /// What is marked where the whole passage is meant.
    pub(super) span: Span,
    file: &'a str,
    origin: Origin<'a>,
    /// Whether it is a value of the front matter.
    is_field: bool,
}

#[derive(Debug)]
enum Origin<'a> {
    Prose {
        prose: &'a Prose,
        start: usize,
    },
    /// A value whose bytes (`span`) may hold quotes, escapes, markup or folded lines.
    Value,
}

/// The bytes of a part of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) span: Span,
    /// Whether the bytes are the text, so that they can be edited.
    pub(super) is_verbatim: bool,
}

impl<'a> Passage<'a> {
    /// All the prose of an article.
    pub(super) fn all(article: &'a Article<'_>) -> Self {
        let prose = article.prose();
        let origin = Origin::Prose { prose, start: 0 };
        Self { text: &prose.text, span: article.body.span, file: article.text(), origin, is_field: false }
    }

    pub(super) fn prose(file: &'a str, prose: &'a Prose, range: Range<usize>) -> Self {
        let span = prose.span(range.start, range.end);
        Self {
            text: &prose.text[range.clone()],
            span,
            file,
            origin: Origin::Prose { prose, start: range.start },
            is_field: false,
        }
    }

    pub(super) fn value(file: &'a str, text: &'a str, span: Span, is_field: bool) -> Self {
        Self { text, span, file, origin: Origin::Value, is_field }
    }

    /// The bytes of a part of the text. Where they cannot be told for sure, the bytes of all of it.
    pub(super) fn locate(&self, part: Range<usize>) -> Located {
        let span = match &self.origin {
            Origin::Prose { prose, start } => prose.span(start + part.start, start + part.end),
            Origin::Value => {
                let written = &self.file[self.span.range()];
                let is_quoted = written.starts_with(['"', '\'']) && written.len() > self.text.len();
                let quote = usize::from(is_quoted);
                let is_direct = written[quote..].starts_with(self.text);
                let direct = is_direct.then(|| Span::from(part.clone()).shifted(quote).range());
                match direct.or_else(|| align(self.text, written, part.clone())) {
                    Some(place) => Span::from(place).shifted(self.span.start as usize),
                    None => return Located { span: self.span, is_verbatim: false },
                }
            }
        };
        Located { span, is_verbatim: self.file[span.range()] == self.text[part] }
    }

    /// Whether these bytes of it can be replaced by a text without another look: always in Markdown; in a value of the
    /// front matter only where its quotes keep it a text, or it stays one word among others.
    pub(super) fn may_become(&self, span: Span, text: &str) -> bool {
        let Origin::Value = self.origin else { return true };
        if !self.is_field {
            return true;
        }
        let is_plain = |letter: char| letter.is_alphanumeric() || letter == ' ' || letter == '-';
        let before = self.file[..span.start as usize].chars().next_back();
        let behind = self.file[span.end as usize..].chars().next();
        let is_word = |end: Option<char>| end.is_some_and(char::is_alphabetic);
        if self.file[self.span.range()].starts_with(['"', '\'']) {
            !text.contains(['"', '\'', '\\']) && !text.contains(char::is_control)
        } else {
            span.start > self.span.start
                && span.end < self.span.end
                && is_word(text.chars().next().or(before))
                && is_word(text.chars().next_back().or(behind))
                && text.chars().all(is_plain)
        }
    }

    /// Whether a match is the text of a Markdown link, as fields that hold Markdown have them.
    pub(super) fn is_link_text(&self, part: &Range<usize>) -> bool {
        self.is_field
            && self.text[part.clone()].starts_with('[')
            && self.text[part.end..].starts_with(['(', '['])
    }

    /// Whether what it says is not known before a template is filled in.
    pub(super) fn is_templated(&self, article: &Article<'_>) -> bool {
        let span = match &self.origin {
            Origin::Prose { .. } => self.locate(0..self.text.len()).span,
            Origin::Value => self.span,
        };
        if self.is_field { scalar::is_template(self.text) } else { article.body.is_templated(span) }
    }
}

/// Values longer than this are not aligned: a hit in them marks the whole.
const LONGEST: usize = 10_000;

/// Finds a part of a text in what it was written as, where markup, escapes and line ends stand between its characters:
/// from the front and from the back, which must agree.
fn align(text: &str, written: &str, part: Range<usize>) -> Option<Range<usize>> {
    if text.len() > LONGEST || part.is_empty() {
        return None;
    }
    let is_same = |left: char, right: char| left == right || left.is_whitespace() && right.is_whitespace();
    let (start, end) = (Cell::new(None), Cell::new(None));
    let mut places = written.char_indices();
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < part.end) {
        let (place, found) = places.find(|(_, found)| is_same(letter, *found))?;
        if at == part.start {
            start.set(Some(place));
        }
        end.set(Some(place + found.len_utf8()));
    }
    let front = start.get()?..end.get()?;
    let mut places = written.char_indices().rev();
    for (at, letter) in text.char_indices().rev().take_while(|(at, _)| *at >= part.start) {
        let (place, found) = places.find(|(_, found)| is_same(letter, *found))?;
        if at + letter.len_utf8() == part.end {
            end.set(Some(place + found.len_utf8()));
        }
        start.set(Some(place));
    }
    (front == (start.get()?..end.get()?)).then_some(front)
}
