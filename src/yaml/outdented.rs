//! Quoted texts whose next lines stand at column 0, or are indented with a tab.
//!
//! libyaml (Jekyll, `PyYAML`) and js-yaml read them; YAML 1.2 and our parser do not. A fifth of a large real
//! site is written so, and to call those pages broken would be a false alarm. So on that one error the line is
//! indented in a copy, the copy is parsed, and its spans are brought back to the file.

use std::borrow::Cow;

use granit_parser::ErrorKind;

use super::{Stop, compose, explain};
use crate::data::Document;
use crate::text::{Span, line_start};

/// What is put before an outdented line: deeper than front matter nests. The spaces are not part of the value,
/// since folding strips them.
const PAD: &str = "                                ";

/// How many bytes the repeated parses may read in all: two thousand outdented lines in usual front matter,
/// while a hostile text of megabytes is given up after a few.
const MAX_WORK: usize = 4 << 20;

/// The white space at the start of the line that begins at `start`.
pub(super) fn leading(text: &str, start: usize) -> Span {
    let rest = &text[start..];
    Span::new(start, start + rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

/// A text, and where spaces were put into it.
pub(super) struct Outdented<'a> {
    text: Cow<'a, str>,
    original: &'a str,
    offset: usize,
    /// Where each pad begins, in the padded text; sorted.
    pads: Vec<usize>,
}

impl<'a> Outdented<'a> {
    pub(super) fn new(text: &'a str, offset: usize) -> Self {
        Self { text: Cow::Borrowed(text), original: text, offset, pads: Vec::new() }
    }

    pub(super) fn parse(mut self) -> Document {
        let mut work = 0;
        loop {
            let (mut document, stop) = compose(&self.text, &|at| self.original(at));
            let error = match stop {
                None => {
                    document.outdented.extend(self.lines());
                    document.outdented.sort_unstable();
                    document.outdented.dedup();
                    return document;
                }
                Some(Stop::Problem(problem)) => {
                    document.problems.push(problem);
                    document.root = None;
                    return document;
                }
                Some(Stop::Scan(error)) => error,
            };
            let at = error.marker().byte_offset().unwrap_or(self.text.len());
            work += self.original.len();
            let outdented =
                matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent | ErrorKind::TabInIndentation);
            if outdented && work <= MAX_WORK && self.pad(at) {
                continue;
            }
            let problem = explain::problem(&self.text, at, error.kind(), &|at| self.original(at));
            document.problems.push(problem);
            document.root = None;
            return document;
        }
    }

    /// Indents the line that holds `at`; false where that was done before, so that it cannot go on for ever.
    fn pad(&mut self, at: usize) -> bool {
        let line = line_start(&self.text, at);
        let place = self.pads.partition_point(|pad| *pad < line);
        if self.pads.get(place) == Some(&line) {
            return false;
        }
        self.text.to_mut().insert_str(line, PAD);
        for pad in &mut self.pads[place..] {
            *pad += PAD.len();
        }
        self.pads.insert(place, line);
        true
    }

    /// The lines that were indented, by the white space that they begin with in the file.
    fn lines(&self) -> impl Iterator<Item = Span> {
        self.pads.iter().enumerate().map(|(before, pad)| {
            let start = pad - before * PAD.len();
            leading(self.original, start).shifted(self.offset)
        })
    }

    /// The offset in the file of an offset in the padded text.
    fn original(&self, at: usize) -> usize {
        let before = self.pads.partition_point(|pad| *pad < at);
        let inside = match before.checked_sub(1) {
            Some(last) => PAD.len().saturating_sub(at - self.pads[last]),
            None => 0,
        };
        self.offset + at + inside - before * PAD.len()
    }
}
