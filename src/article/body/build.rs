//! Turns the Markdown parser's events into the lists of a body, in one pass.

use std::ops::Range;

use memchr::memchr;
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::Body;
use super::destination::label;
use super::elements::Elements;
use super::inline::Open;
use super::mask::{Mask, MaskKind};
use super::parts::{Code, Footnote, Heading, HeadingKind, Html, List, Table, Unresolved};
use super::place::{Nesting, Place};
use crate::text::Span;

/// The dialect: what GitHub reads, and ids of headings.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES);

/// A body in the making.
pub(super) struct Builder<'t> {
    pub(super) source: &'t str,
    /// The source with its masks filled: as long, so that offsets are the same.
    pub(super) parsed: &'t str,
    pub(super) masks: Vec<Mask>,
    /// Masks before this one have been passed.
    pub(super) mask_at: usize,
    pub(super) body: Body,
    pub(super) nesting: Nesting,
    pub(super) elements: Elements,
    pub(super) open: Vec<Open<'t>>,
    pub(super) images: usize,
    pub(super) heading: Option<(Heading, usize)>,
    pub(super) code: Option<Code>,
    /// Lists around this place, as indices.
    pub(super) lists: Vec<usize>,
    pub(super) paragraph: Option<(usize, Place)>,
    pub(super) html: Option<Span>,
    /// The visible text since the outermost thing opened that waits for it.
    pub(super) buffer: String,
    /// Where the last piece of a paragraph, heading or link ended.
    pub(super) last_end: usize,
}

/// Parses a body. `parsed` is `source` with its masks filled.
pub(super) fn build(source: &str, parsed: &str, start: usize, masks: Vec<Mask>) -> Body {
    let mut unresolved = Vec::new();
    let mut builder = Builder {
        source,
        parsed,
        masks,
        mask_at: 0,
        body: roomy(source.len() - start),
        nesting: Nesting::default(),
        elements: Elements::default(),
        open: Vec::new(),
        images: 0,
        heading: None,
        code: None,
        lists: Vec::new(),
        paragraph: None,
        html: None,
        buffer: String::new(),
        last_end: start,
    };
    let moved = |range: Range<usize>| Span::new(start + range.start, start + range.end);
    let broken = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let shortcut = matches!(link.link_type, LinkType::Shortcut | LinkType::ShortcutUnknown);
        unresolved.push(Unresolved { span: moved(link.span), label: link.reference.to_string(), shortcut });
        None
    };
    let parser = Parser::new_with_broken_link_callback(&parsed[start..], OPTIONS, Some(broken));
    let mut events = parser.into_offset_iter();
    builder.define(events.reference_definitions(), start);
    while let Some((event, range)) = events.next() {
        let span = moved(range);
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let definition = builder.definition(events.reference_definitions(), link_type, &id, start);
                builder.open(link_type, dest_url, title, (span, definition));
                builder.nesting.enter(Place::LINK);
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let definition = builder.definition(events.reference_definitions(), link_type, &id, start);
                builder.open(link_type, dest_url, title, (span, definition));
                builder.images += 1;
            }
            Event::Start(tag) => builder.start(&tag, span),
            Event::End(tag) => builder.end(tag, span),
            event => builder.leaf(event, span),
        }
    }
    drop(events);
    builder.body.unresolved = unresolved;
    builder.finish()
}

/// An empty body whose long lists have the room that most articles of this length need: to grow them step by step
/// costs as much as to fill them.
fn roomy(length: usize) -> Body {
    Body {
        text: Vec::with_capacity(length / 128),
        paragraphs: Vec::with_capacity(length / 256),
        links: Vec::with_capacity(length / 1024),
        headings: Vec::with_capacity(length / 1024),
        inline_code: Vec::with_capacity(length / 1024),
        ..Body::default()
    }
}

impl Builder<'_> {
    /// Reads the tags of JSX lines that stand before `at`, in their turn.
    pub(super) fn catch_up(&mut self, at: u32) {
        while let Some(mask) = self.masks.get(self.mask_at).filter(|mask| mask.span.end <= at) {
            let mask = *mask;
            self.mask_at += 1;
            if mask.kind != MaskKind::Jsx {
                continue;
            }
            // A block of HTML around it is read up to here first, and goes on behind it.
            if let Some(block) = self.html.take() {
                let before = Span { start: block.start, end: mask.span.start.clamp(block.start, block.end) };
                self.html(self.parsed, before);
                self.html = (block.end > mask.span.end)
                    .then(|| Span { start: mask.span.end.max(block.start), end: block.end });
            }
            self.html(self.source, mask.span);
        }
    }

    fn leaf(&mut self, event: Event<'_>, span: Span) {
        self.catch_up(span.start);
        match event {
            Event::Text(text) => self.text(&text, span),
            Event::Code(text) => {
                self.flow(span);
                self.forget_masks_in(span);
                self.visible(&text);
                self.body.inline_code.push(span);
            }
            Event::Html(_) => match &mut self.html {
                // The CR of a CRLF belongs to no event.
                Some(html)
                    if self
                        .parsed
                        .get(html.end as usize..span.start as usize)
                        .is_some_and(|gap| matches!(gap, "" | "\r")) =>
                {
                    html.end = span.end;
                }
                _ => {
                    self.flush_html();
                    self.html = Some(span);
                }
            },
            Event::InlineHtml(_) => {
                self.flow(span);
                self.body.html.push(Html { span, block: false });
                self.html(self.parsed, span);
            }
            Event::FootnoteReference(label) => {
                self.flow(span);
                let label_span = Span { start: span.start + 2, end: span.end - 1 };
                self.body.footnote_references.push(Footnote { span, label: label.to_string(), label_span });
            }
            Event::SoftBreak | Event::HardBreak => {
                self.last_end = span.end as usize;
                self.visible(" ");
            }
            _ => self.close_paragraph(),
        }
    }

    fn text(&mut self, text: &CowStr<'_>, span: Span) {
        if let Some(code) = &mut self.code {
            let start = if code.content.is_empty() { span.start } else { code.content.start };
            code.content = Span { start, end: span.end };
            return;
        }
        if self.nesting.place().contains(Place::HTML) {
            return;
        }
        self.flow(span);
        let prose = self.images == 0 && !self.elements.hides();
        // An entity is borrowed too, but from the parser's table.
        if text.as_ptr() == self.parsed[span.range()].as_ptr() {
            self.visible_source(span);
            if prose {
                self.pieces(span);
            }
        } else {
            self.visible(text);
            if prose && !span.is_empty() {
                // A backslash at the end of a line that makes no break comes with the line end.
                let rest = self.source[span.range()].strip_prefix(&**text);
                if rest.is_some_and(|rest| rest.trim_ascii().is_empty()) {
                    self.run(Span { start: span.start, end: span.start + text.len() as u32 }, None);
                } else {
                    self.run(span, Some(Box::from(&**text)));
                }
            }
        }
    }

    fn flush_html(&mut self) {
        if let Some(span) = self.html.take() {
            self.html(self.parsed, span);
        }
    }

    fn trimmed(&self, span: Span) -> Span {
        let length = self.parsed[span.range()].trim_ascii_end().len();
        Span { start: span.start, end: span.start + length as u32 }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        self.catch_up(span.start);
        if let Some(flag) = inline(tag) {
            self.flow(Span::empty(span.start as usize));
            self.nesting.enter(flag);
            return;
        }
        self.close_paragraph();
        let place = self.nesting.place();
        match tag {
            Tag::Heading { level, id, .. } => {
                let heading = self.heading(span, *level as u8, id.as_ref().map(ToString::to_string));
                self.last_end = heading.text_span.start as usize;
                self.heading = Some((heading, self.visible_from()));
                self.nesting.enter(Place::HEADING);
            }
            Tag::BlockQuote(_) => {
                self.body.block_quotes.push(self.trimmed(span));
                self.nesting.enter(Place::QUOTE);
            }
            Tag::CodeBlock(kind) => {
                self.forget_masks_in(span);
                self.code = Some(self.code(self.trimmed(span), kind.is_fenced()));
            }
            Tag::HtmlBlock => {
                self.body.html.push(Html { span: self.trimmed(span), block: true });
                self.nesting.enter(Place::HTML);
            }
            Tag::List(first) => {
                self.lists.push(self.body.lists.len());
                self.body.lists.push(List {
                    span: self.trimmed(span),
                    ordered: first.is_some(),
                    items: 0,
                    place,
                });
            }
            Tag::Item => {
                if let Some(index) = self.lists.last() {
                    self.body.lists[*index].items += 1;
                }
                self.nesting.enter(Place::LIST);
            }
            Tag::FootnoteDefinition(name) => {
                let span = self.trimmed(span);
                let label_span = label(self.parsed, span.start as usize + 2, span.end as usize);
                self.body.footnote_definitions.push(Footnote { span, label: name.to_string(), label_span });
                self.nesting.enter(Place::FOOTNOTE);
            }
            Tag::Table(columns) => {
                self.body.tables.push(Table { span: self.trimmed(span), columns: columns.len(), rows: 0 });
                self.nesting.enter(Place::TABLE);
            }
            Tag::TableRow => {
                if let Some(table) = self.body.tables.last_mut() {
                    table.rows += 1;
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Link => {
                self.nesting.leave(Place::LINK);
                self.close(span, false);
                return;
            }
            TagEnd::Image => {
                self.images -= 1;
                self.close(span, true);
                return;
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.nesting.leave(match tag {
                    TagEnd::Emphasis => Place::EMPHASIS,
                    TagEnd::Strong => Place::STRONG,
                    _ => Place::STRIKE,
                });
                self.last_end = span.end as usize;
                return;
            }
            _ => self.close_paragraph(),
        }
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => self.nesting.leave(Place::QUOTE),
            TagEnd::CodeBlock => self.body.code.extend(self.code.take()),
            TagEnd::HtmlBlock => {
                self.flush_html();
                self.end_block();
                self.nesting.leave(Place::HTML);
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => self.nesting.leave(Place::LIST),
            TagEnd::FootnoteDefinition => self.nesting.leave(Place::FOOTNOTE),
            TagEnd::Table => self.nesting.leave(Place::TABLE),
            _ => {}
        }
    }

    fn heading(&self, span: Span, level: u8, id: Option<String>) -> Heading {
        let span = self.trimmed(span);
        let text = &self.parsed[span.range()];
        let start = span.start as usize + (text.len() - text.trim_ascii_start().len());
        let text = text.trim_ascii_start();
        let hashes = text.bytes().take_while(|byte| *byte == b'#').count();
        let atx = (1..=6).contains(&hashes)
            && text[hashes..].bytes().next().is_none_or(|b| b.is_ascii_whitespace());
        let (kind, marker, from) = if atx {
            let gap = text[hashes..].len() - text[hashes..].trim_ascii_start().len();
            (HeadingKind::Atx, Span::new(start, start + hashes), start + hashes + gap)
        } else {
            let end = span.end as usize;
            let line = text.bytes().rev().take_while(|byte| matches!(byte, b'=' | b'-')).count();
            (HeadingKind::Setext, Span::new(end - line, end), start)
        };
        Heading {
            span,
            level,
            marker,
            text: String::new(),
            text_span: Span::empty(from),
            kind,
            id,
            place: self.nesting.place(),
        }
    }

    fn end_heading(&mut self) {
        self.nesting.leave(Place::HEADING);
        self.end_block();
        if let Some((mut heading, from)) = self.heading.take() {
            heading.text = self.collected(from);
            let end = self.last_end.min(heading.span.end as usize) as u32;
            heading.text_span.end = end.max(heading.text_span.start);
            self.body.headings.push(heading);
        }
    }

    fn code(&self, span: Span, fenced: bool) -> Code {
        let bytes = &self.source.as_bytes()[span.range()];
        let start = span.start as usize;
        let line = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
        let language = fenced.then(|| {
            let info = self.source[start..start + line].trim_ascii_start();
            let info = info.trim_start_matches(['`', '~']).trim_ascii_start();
            let word = info.split_ascii_whitespace().next().unwrap_or_default();
            let from = start + line - info.len();
            Span::new(from, from + word.len())
        });
        let content = Span::empty(if fenced { start + line } else { start });
        Code { span, content, fenced, language, place: self.nesting.place() }
    }

    fn finish(mut self) -> Body {
        self.close_paragraph();
        self.catch_up(u32::MAX);
        self.close_elements();
        let mut body = self.body;
        for mask in self.masks {
            match mask.kind {
                MaskKind::Template | MaskKind::Attributes => body.shortcodes.push(mask.span),
                MaskKind::Expression => body.expressions.push(mask.span),
                MaskKind::Jsx => body.jsx.push(mask.span),
                MaskKind::Code => {}
            }
        }
        // They close in another order than they open.
        body.headings.sort_by_key(|heading| heading.span);
        body.links.sort_by_key(|link| link.span);
        body.images.sort_by_key(|image| image.span);
        body.unresolved.sort_by_key(|unresolved| unresolved.span);
        body
    }
}

/// The flag of a tag that stands within a line of text.
fn inline(tag: &Tag<'_>) -> Option<Place> {
    match tag {
        Tag::Emphasis => Some(Place::EMPHASIS),
        Tag::Strong => Some(Place::STRONG),
        Tag::Strikethrough => Some(Place::STRIKE),
        _ => None,
    }
}
