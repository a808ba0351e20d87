//! The blocks of a body, for what stands before one, in one or around a place.

use std::cmp::Reverse;

use super::super::body::{Body, HeadingKind, Place};
use crate::text::{Span, line_start};

/// All blocks of a body.
pub struct Blocks<'t> {
    text: &'t str,
    /// Sorted by where they begin, outer before inner.
    all: Vec<Block>,
    /// Headings, paragraphs and cells: what text can stand in. They do not nest.
    flow: Vec<Span>,
    /// Blocks of HTML.
    html: Vec<Span>,
    tables: Vec<Span>,
    /// Comments of HTML and MDX.
    comments: Vec<Span>,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its bytes, the marks of a quote or list before it not counted.
    pub span: Span,
    /// Whether it is code by its indentation, before which an indented comment would be code too.
    pub is_indented_code: bool,
}

impl<'t> Blocks<'t> {
    /// The blocks of a body; `text` is the text of the whole file.
    #[must_use]
    pub fn of(text: &'t str, body: &Body) -> Self {
        let is_comment =
            |span: &Span| text[span.range()].starts_with("{/*") && text[span.range()].ends_with("*/}");
        let mut comments: Vec<Span> = body.comments.iter().map(|comment| comment.span).collect();
        comments.extend(body.expressions.iter().filter(|span| is_comment(span)));
        comments.sort_unstable();
        let headings = body.headings.iter().filter(|heading| heading.kind != HeadingKind::Html);
        let mut flow: Vec<Span> = headings.map(|heading| heading.span).collect();
        flow.extend(body.paragraphs.iter().map(|paragraph| paragraph.span));
        flow.sort_unstable();
        let html = body.html.iter().filter(|html| html.block).map(|html| html.span).collect();
        let tables: Vec<Span> = body.tables.iter().map(|table| table.span).collect();
        let mut blocks = Self { text, all: Vec::new(), flow, html, tables, comments };
        blocks.collect(body);
        blocks
    }

    fn collect(&mut self, body: &Body) {
        let mut all: Vec<Span> = self.flow.clone();
        all.extend(self.html.iter().filter(|html| !self.is_blank(**html)));
        all.extend(&self.tables);
        all.extend(body.block_quotes.iter());
        all.extend(body.lists.iter().map(|list| list.span));
        all.extend(body.footnote_definitions.iter().map(|footnote| footnote.span));
        all.extend(body.definitions.iter().map(|definition| definition.span));
        all.extend(body.jsx.iter());
        // A template is a block of its own where no text is around it.
        let templates = body.shortcodes.iter().chain(&body.expressions);
        all.extend(templates.filter(|template| {
            let comment = self.comments.binary_search(template).is_ok();
            !comment && holder(&self.flow, **template).is_none() && holder(&self.html, **template).is_none()
        }));
        let plain = |span| Block { span, is_indented_code: false };
        self.all = all.into_iter().map(plain).collect();
        self.all.extend(body.code.iter().map(|code| {
            let is_indented_code = !code.fenced && code.place == Place::TOP;
            Block { span: code.span, is_indented_code }
        }));
        self.all.sort_by_key(|block| (block.span.start, Reverse(block.span.end)));
    }

    /// What a comment is about. At the end of a line with text: the block that the line belongs to, and in a table the
    /// line. Within a block of HTML: what follows in it. Else the next block.
    pub(super) fn covered(&self, comment: Span) -> Option<Span> {
        if holder(&self.tables, comment).is_some() {
            return Some(self.line(comment));
        }
        if let Some(flow) = holder(&self.flow, comment) {
            return Some(flow);
        }
        if let Some(html) = holder(&self.html, comment) {
            let line = self.line(comment);
            let before = Span { start: line.start.max(html.start), end: comment.start };
            if !self.is_blank(before) {
                return Some(html);
            }
            let rest = Span { start: comment.end, end: html.end };
            if !self.is_blank(rest) {
                return Some(rest);
            }
        }
        let next = self.all.partition_point(|block| block.span.start < comment.end);
        self.all.get(next).map(|block| Span { start: comment.end, end: block.span.end })
    }

    /// The blocks that hold this byte, the smallest first.
    pub fn around(&self, at: u32) -> impl Iterator<Item = Block> {
        let end = self.all.partition_point(|block| block.span.start <= at);
        self.all[..end].iter().rev().filter(move |block| at <= block.span.end).copied()
    }

    fn line(&self, comment: Span) -> Span {
        let start = line_start(self.text, comment.start as usize);
        let behind = &self.text[comment.end as usize..];
        Span::new(start, comment.end as usize + behind.find(['\n', '\r']).unwrap_or(behind.len()))
    }

    /// Whether nothing but comments, white space and the marks of quotes stands in these bytes.
    fn is_blank(&self, span: Span) -> bool {
        let first = self.comments.partition_point(|comment| comment.start < span.start);
        let mut at = span.start as usize;
        let blank = |text: &str| text.trim_matches([' ', '\t', '\n', '\r', '>']).is_empty();
        for comment in self.comments[first..].iter().take_while(|comment| comment.end <= span.end) {
            // One of MDX can stand in one of HTML.
            if (comment.start as usize) < at {
                continue;
            }
            if !blank(&self.text[at..comment.start as usize]) {
                return false;
            }
            at = comment.end as usize;
        }
        blank(&self.text[at..span.end as usize])
    }
}

/// The span of sorted ones, apart from each other, that holds this one.
fn holder(spans: &[Span], inner: Span) -> Option<Span> {
    let last = spans.partition_point(|span| span.start <= inner.start).checked_sub(1)?;
    Some(spans[last]).filter(|span| span.contains(inner))
}
