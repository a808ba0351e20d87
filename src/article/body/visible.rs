//! The text that a reader sees: paragraphs, runs, and what headings, links and images show.

use std::ops::Range;

use super::build::Builder;
use super::mask::MaskKind;
use super::parts::{Paragraph, TextRun};
use crate::text::Span;

impl Builder<'_> {
    /// The indices of the masks that share a byte with `span`.
    pub(super) fn masks_in(&self, span: Span) -> Range<usize> {
        if self.masks.is_empty() {
            return 0..0;
        }
        let first = self.masks.partition_point(|mask| mask.span.end <= span.start);
        let count = self.masks[first..].partition_point(|mask| mask.span.start < span.end);
        first..first + count
    }

    pub(super) fn forget_masks_in(&mut self, code: Span) {
        for index in self.masks_in(code) {
            self.masks[index].kind = MaskKind::Code;
        }
    }

    /// Notes that a piece of text flows here: it begins a paragraph if nothing else holds it.
    pub(super) fn flow(&mut self, span: Span) {
        if self.heading.is_none() && self.paragraph.is_none() {
            self.paragraph = Some((span.start as usize, self.nesting.place()));
        }
        self.last_end = span.end as usize;
    }

    pub(super) fn close_paragraph(&mut self) {
        let Some((start, place)) = self.paragraph.take() else {
            return;
        };
        self.end_block();
        let span = Span::new(start, self.last_end.max(start));
        let mut at = span.start;
        let mut only_masks = !self.masks.is_empty();
        for index in self.masks_in(span) {
            let mask = self.masks[index].span;
            only_masks &= self.source[Span { start: at, end: mask.start.max(at) }.range()].trim().is_empty();
            at = mask.end.min(span.end);
        }
        only_masks =
            only_masks && at > span.start && self.source[at as usize..self.last_end].trim().is_empty();
        if !only_masks {
            self.body.paragraphs.push(Paragraph { span, place });
        }
    }

    pub(super) fn collecting(&self) -> bool {
        self.heading.is_some() || !self.open.is_empty() || self.elements.collects()
    }

    /// Where the text of something that opens here begins in the buffer.
    pub(super) fn visible_from(&mut self) -> usize {
        if !self.collecting() {
            self.buffer.clear();
        }
        self.buffer.len()
    }

    /// The text since then, on one line.
    pub(super) fn collected(&self, from: usize) -> String {
        let text = self.buffer[from..].trim();
        if text.contains('\n') {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            text.to_owned()
        }
    }

    /// Adds to what headings, links and images show.
    pub(super) fn visible(&mut self, text: &str) {
        if self.collecting() {
            self.buffer.push_str(text);
        }
    }

    /// Adds text that is as written: its templates too, lest a heading or an alternative text seem empty.
    pub(super) fn visible_source(&mut self, span: Span) {
        if !self.collecting() {
            return;
        }
        let source = self.source;
        let mut at = span.start as usize;
        for index in self.masks_in(span) {
            let mask = self.masks[index];
            if mask.kind == MaskKind::Attributes {
                self.buffer.push_str(&source[at..(mask.span.start as usize).max(at)]);
                at = mask.span.end.min(span.end) as usize;
            }
        }
        self.buffer.push_str(&source[at..span.end as usize]);
    }

    /// Adds a run for each piece of text between the masks.
    pub(super) fn pieces(&mut self, span: Span) {
        let mut at = span.start;
        for index in self.masks_in(span) {
            let mask = self.masks[index].span;
            if mask.start > at {
                self.run(Span { start: at, end: mask.start }, None);
            }
            at = mask.end;
        }
        if at < span.end {
            self.run(Span { start: at, end: span.end }, None);
        }
    }

    pub(super) fn run(&mut self, span: Span, resolved: Option<Box<str>>) {
        let place = self.nesting.place();
        if resolved.is_none()
            && let Some(last) = self.body.text.last_mut()
            && last.span.end == span.start
            && last.place == place
            && last.resolved.is_none()
        {
            last.span.end = span.end;
            return;
        }
        self.body.text.push(TextRun { span, resolved, place });
    }
}
