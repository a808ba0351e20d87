//! Turns the Markdown parser's events into the lists of a body, in one pass.

use std::ops::Range;

use memchr::memchr;
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, RefDefs, Tag, TagEnd};

use super::Body;
use super::destination::{self, destination, label, place_of};
use super::elements::Elements;
use super::mask::{Mask, MaskKind};
use super::parts::{
    Code, Definition, Footnote, Form, Heading, HeadingKind, Html, Image, Link, List, Paragraph, Table,
    TextRun, Unresolved,
};
use super::place::{Nesting, Place};
use crate::text::Span;

/// The dialect: what GitHub reads, and ids of headings.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES);

/// Images inside the alternative text of images, deeper than anyone writes: their text is not kept, since each of n
/// would hold that of all below it.
const DEEPEST_IMAGE: usize = 16;

/// A link or an image that waits for its text.
struct Open<'t> {
    kind: LinkType,
    url: CowStr<'t>,
    title: CowStr<'t>,
    definition: Option<usize>,
    /// Where its text begins in the buffer.
    from: usize,
    place: Place,
}

/// What [`Link`] and [`Image`] have in common.
struct Parts {
    span: Span,
    text: String,
    text_span: Span,
    url: String,
    url_span: Option<Span>,
    title: Option<String>,
    form: Form,
    label_span: Option<Span>,
}

/// A body in the making.
pub(super) struct Builder<'t> {
    pub(super) source: &'t str,
    /// The source with its masks filled: as long, so that offsets are the same.
    parsed: &'t str,
    masks: Vec<Mask>,
    /// Masks before this one have been passed.
    mask_at: usize,
    pub(super) body: Body,
    pub(super) nesting: Nesting,
    pub(super) elements: Elements,
    open: Vec<Open<'t>>,
    images: usize,
    heading: Option<(Heading, usize)>,
    code: Option<Code>,
    /// Lists around this place, as indices.
    lists: Vec<usize>,
    paragraph: Option<(usize, Place)>,
    html: Option<Span>,
    /// The visible text since the outermost thing opened that waits for it.
    buffer: String,
    /// Where the last piece of a paragraph, heading or link ended.
    last_end: usize,
}

/// Parses a body. `parsed` is `source` with its masks filled.
pub(super) fn build(source: &str, parsed: &str, start: usize, masks: Vec<Mask>) -> Body {
    let mut unresolved = Vec::new();
    let mut builder = Builder {
        source,
        parsed,
        masks,
        mask_at: 0,
        body: Body::default(),
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

impl<'t> Builder<'t> {
    fn define(&mut self, definitions: &RefDefs<'_>, start: usize) {
        for (name, definition) in definitions.iter() {
            let span = Span::new(start + definition.span.start, start + definition.span.end);
            let limit = span.end as usize;
            let label_span = label(self.parsed, span.start as usize + 1, limit);
            let url_span = place_of(self.parsed, &definition.dest)
                .unwrap_or_else(|| destination(self.parsed, label_span.end as usize + 2, limit));
            self.body.definitions.push(Definition {
                span,
                label: name.to_owned(),
                label_span,
                url: self.written(url_span, &definition.dest),
                url_span: Some(url_span),
                title: definition.title.as_ref().map(ToString::to_string),
            });
        }
        self.body.definitions.sort_by_key(|definition| definition.span);
    }

    fn definition(&self, known: &RefDefs<'_>, kind: LinkType, id: &str, start: usize) -> Option<usize> {
        if !matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut) {
            return None;
        }
        let at = (start + known.get(id)?.span.start) as u32;
        self.body.definitions.binary_search_by_key(&at, |definition| definition.span.start).ok()
    }

    /// A destination or title: as parsed, or as written where a mask is in it.
    fn written(&self, span: Span, parsed: &str) -> String {
        if self.masks_in(span).is_empty() { parsed } else { &self.source[span.range()] }.to_owned()
    }

    /// The indices of the masks that share a byte with `span`.
    fn masks_in(&self, span: Span) -> Range<usize> {
        if self.masks.is_empty() {
            return 0..0;
        }
        let first = self.masks.partition_point(|mask| mask.span.end <= span.start);
        let count = self.masks[first..].partition_point(|mask| mask.span.start < span.end);
        first..first + count
    }

    /// Reads the tags of JSX lines that stand before `at`, in their turn.
    fn catch_up(&mut self, at: u32) {
        while let Some(mask) = self.masks.get(self.mask_at).filter(|mask| mask.span.end <= at) {
            let mask = *mask;
            self.mask_at += 1;
            if mask.kind == MaskKind::Jsx {
                self.html(self.source, mask.span);
            }
        }
    }

    fn forget_masks_in(&mut self, code: Span) {
        for index in self.masks_in(code) {
            self.masks[index].kind = MaskKind::Code;
        }
    }

    /// Notes that a piece of text flows here: it begins a paragraph if nothing else holds it.
    fn flow(&mut self, span: Span) {
        if self.heading.is_none() && self.paragraph.is_none() {
            self.paragraph = Some((span.start as usize, self.nesting.place()));
        }
        self.last_end = span.end as usize;
    }

    fn close_paragraph(&mut self) {
        let Some((start, place)) = self.paragraph.take() else {
            return;
        };
        self.elements.end_block();
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
    fn visible_source(&mut self, span: Span) {
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
                Some(html) if html.end == span.start => html.end = span.end,
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
                let as_written = **text == self.source[span.range()];
                self.run(span, (!as_written).then(|| Box::from(&**text)));
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
                self.elements.end_block();
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
        self.elements.end_block();
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

    fn open(&mut self, kind: LinkType, url: CowStr<'t>, title: CowStr<'t>, at: (Span, Option<usize>)) {
        let (span, definition) = at;
        self.catch_up(span.start);
        self.flow(Span::empty(span.start as usize + 1));
        let from = self.visible_from();
        let place = self.nesting.place();
        self.open.push(Open { kind, url, title, definition, from, place });
    }

    fn close(&mut self, span: Span, image: bool) {
        let Some(open) = self.open.pop() else { return };
        let parts = self.parts(&open, span, 1 + usize::from(image));
        self.last_end = parts.span.end as usize;
        let Parts { span, text, text_span, url, url_span, title, form, label_span } = parts;
        let (definition, place) = (open.definition, open.place);
        if image {
            let (alt, alt_span) = (Some(text), Some(text_span));
            let decorative = false;
            self.body.images.push(Image {
                span,
                alt,
                alt_span,
                url,
                url_span,
                title,
                form,
                label_span,
                definition,
                decorative,
                place,
            });
        } else {
            self.body.links.push(Link {
                span,
                text,
                text_span,
                url,
                url_span,
                title,
                form,
                label_span,
                definition,
                place,
            });
        }
    }

    fn parts(&mut self, open: &Open<'_>, mut span: Span, bracket: usize) -> Parts {
        let text = if self.images < DEEPEST_IMAGE { self.collected(open.from) } else { String::new() };
        let begin = span.start as usize + bracket;
        let title = |text: &CowStr<'_>| (!text.is_empty()).then(|| text.to_string());
        if matches!(open.kind, LinkType::Autolink | LinkType::Email) {
            let inner = Span { start: span.start + 1, end: span.end - 1 };
            let written = self.written(inner, &open.url);
            let url = if open.kind == LinkType::Email { format!("mailto:{written}") } else { written };
            let (url_span, form) = (Some(inner), Form::Autolink);
            return Parts {
                span,
                text,
                text_span: inner,
                url,
                url_span,
                title: None,
                form,
                label_span: None,
            };
        }
        let from = self.last_end.max(begin);
        let end = span.end as usize;
        let bytes = self.parsed.as_bytes();
        let close = memchr(b']', &bytes[from.min(end)..end]).map_or(end, |at| from + at);
        let text_span = Span::new(begin.min(close), close);
        if open.kind == LinkType::Inline {
            let limit = end.saturating_sub(1).max(close);
            let url_span = place_of(self.parsed, &open.url)
                .filter(|place| span.contains(*place))
                .unwrap_or_else(|| destination(self.parsed, (close + 2).min(limit), limit));
            let url = self.written(url_span, &open.url);
            let tail = Span { start: url_span.end, end: span.end };
            let title = match title(&open.title) {
                Some(_) if !self.masks_in(tail).is_empty() => {
                    destination::title(self.source, tail.start as usize, limit)
                        .map(|title| self.source[title.range()].to_owned())
                }
                title => title,
            };
            let (url_span, form) = (Some(url_span), Form::Inline);
            return Parts { span, text, text_span, url, url_span, title, form, label_span: None };
        }
        let label_span = match open.kind {
            LinkType::Reference => {
                Span::new((close + 2).min(end), end.saturating_sub(1).max((close + 2).min(end)))
            }
            _ => text_span,
        };
        if open.kind == LinkType::Collapsed && bytes[end..].starts_with(b"[]") {
            span.end += 2;
        }
        let url = open
            .definition
            .map_or_else(|| open.url.to_string(), |index| self.body.definitions[index].url.clone());
        let (label_span, title, form) = (Some(label_span), title(&open.title), Form::Reference);
        Parts { span, text, text_span, url, url_span: None, title, form, label_span }
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
