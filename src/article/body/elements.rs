//! What the tags of raw HTML mean to an article: headings, links, images, anchors, hidden text.

use super::build::Builder;
use super::html::{Tag, Token, Tokens, decode, entities};
use super::parts::{Anchor, Comment, Form, Heading, HeadingKind, Image, Link};
use crate::text::Span;

/// Elements whose text is not prose.
const HIDDEN: [&str; 9] = ["script", "style", "pre", "code", "svg", "textarea", "iframe", "template", "math"];

/// The HTML elements that are open.
#[derive(Debug, Default)]
pub(super) struct Elements {
    link: Option<(Link, usize)>,
    heading: Option<(Heading, usize)>,
    /// The name of the element whose text is not prose.
    hidden: Option<&'static str>,
}

impl Elements {
    /// Whether an element waits for its text.
    pub(super) fn collects(&self) -> bool {
        self.link.is_some() || self.heading.is_some()
    }

    /// Whether the text here is not prose.
    pub(super) fn hides(&self) -> bool {
        self.hidden.is_some()
    }
}

/// The attributes that matter, as bytes of their values.
#[derive(Debug, Default)]
struct Known {
    id: Option<Span>,
    name: Option<Span>,
    href: Option<Span>,
    src: Option<Span>,
    alt: Option<Span>,
    title: Option<Span>,
    label: Option<Span>,
    decorative: bool,
}

impl Builder<'_> {
    /// Takes in a stretch of HTML: one tag within text, or as much of a block as is contiguous. `text` is the whole
    /// file, masked or not.
    pub(super) fn html(&mut self, text: &str, span: Span) {
        for token in Tokens::new(text, span) {
            match token {
                Token::Comment(span, content) => self.body.comments.push(Comment { span, content }),
                Token::Text(span) => self.html_text(span),
                Token::Tag(tag) => self.tag(text, tag),
            }
        }
    }

    /// Forgets a hidden element that its block did not close. A heading or a link that is never closed has the text of
    /// the first block that has any.
    pub(super) fn end_block(&mut self) {
        self.elements.hidden = None;
        if !self.elements.collects() {
            return;
        }
        if let Some((mut link, from)) = self.elements.link.take() {
            if link.text.is_empty() {
                link.text = self.collected(from);
            }
            self.elements.link = Some((link, from));
        }
        if let Some((mut heading, from)) = self.elements.heading.take() {
            if heading.text.is_empty() {
                heading.text = self.collected(from);
            }
            self.elements.heading = Some((heading, from));
        }
    }

    fn html_text(&mut self, span: Span) {
        let text = &self.source[span.range()];
        if self.collecting() {
            self.visible(&decode(text));
        }
        if self.elements.hides() {
            return;
        }
        let mut start = span.start as usize;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim();
            let mut from = start + (line.len() - line.trim_start().len());
            let end = from + trimmed.len();
            start += line.len();
            if trimmed.is_empty() {
                continue;
            }
            let first = from;
            for (at, length, resolved) in entities(trimmed) {
                self.pieces(Span::new(from, first + at));
                from = first + at + length;
                self.run(Span::new(first + at, from), Some(resolved.into()));
            }
            self.pieces(Span::new(from, end));
        }
    }

    fn tag(&mut self, text: &str, tag: Tag) {
        let source = self.source;
        let name = &source[tag.name.range()];
        let is = |other: &&str| name.eq_ignore_ascii_case(other);
        if tag.closing {
            match name.as_bytes() {
                [b'a' | b'A'] => self.close_link(tag.span),
                [b'h' | b'H', b'1'..=b'6'] => self.close_heading(tag.span),
                _ if self.elements.hidden.as_ref().is_some_and(is) => self.elements.hidden = None,
                _ => {}
            }
            return;
        }
        let known = self.known(text, tag);
        let named = known.name.filter(|_| is(&"a"));
        for span in [known.id, named].into_iter().flatten() {
            self.body.anchors.push(Anchor { span, id: decode(&source[span.range()]).into_owned() });
        }
        match name.as_bytes() {
            [b'a' | b'A'] => self.open_link(tag, &known),
            [b'h' | b'H', level @ b'1'..=b'6'] => self.open_heading(tag, level - b'0', &known),
            _ if is(&"img") => self.image(tag, &known),
            _ if is(&"br") => self.visible(" "),
            _ if self.elements.hidden.is_none() && !source[..tag.span.end as usize].ends_with("/>") => {
                self.elements.hidden = HIDDEN.into_iter().find(|hidden| is(hidden));
            }
            _ => {}
        }
    }

    /// Reads the attributes in the text that the tag was found in; their values come from the source.
    fn known(&self, text: &str, tag: Tag) -> Known {
        let mut known = Known::default();
        for attribute in tag.attributes(text) {
            let value = &self.source[attribute.value.range()];
            let slot = match self.source[attribute.name.range()].to_ascii_lowercase().as_str() {
                "id" => &mut known.id,
                "name" => &mut known.name,
                "href" => &mut known.href,
                "src" => &mut known.src,
                "alt" => &mut known.alt,
                "title" => &mut known.title,
                "role" => {
                    known.decorative |= matches!(value.trim(), "presentation" | "none");
                    continue;
                }
                "hidden" => {
                    known.decorative = true;
                    continue;
                }
                // What a screen reader says in the place of the alternative text.
                "aria-label" if !value.trim().is_empty() => &mut known.label,
                "aria-labelledby" if !value.trim().is_empty() => {
                    known.decorative = true;
                    continue;
                }
                "aria-hidden" => {
                    known.decorative |= value.trim() == "true";
                    continue;
                }
                _ => continue,
            };
            // Of an attribute that stands twice, browsers take the first.
            slot.get_or_insert(attribute.value);
        }
        known
    }

    fn value(&self, span: Span) -> String {
        decode(&self.source[span.range()]).into_owned()
    }

    fn open_link(&mut self, tag: Tag, known: &Known) {
        self.close_link(Span::empty(tag.span.start as usize));
        let Some(href) = known.href else { return };
        let link = Link {
            span: tag.span,
            text: String::new(),
            text_span: Span::empty(tag.span.end as usize),
            url: self.value(href),
            url_span: Some(href),
            title: known.title.map(|title| self.value(title)),
            form: Form::Html,
            label_span: None,
            definition: None,
            place: self.nesting.place(),
        };
        self.elements.link = Some((link, self.visible_from()));
    }

    /// Ends the open `<a>`: at its closing tag, or, if it has none, where `end` is empty.
    fn close_link(&mut self, end: Span) {
        if let Some((mut link, from)) = self.elements.link.take() {
            if end.is_empty() && link.text.is_empty() {
                link.text = self.collected(from);
            } else if !end.is_empty() {
                link.text = self.collected(from);
                link.text_span = Span { start: link.span.end, end: end.start };
                link.span.end = end.end;
            }
            self.body.links.push(link);
        }
    }

    fn open_heading(&mut self, tag: Tag, level: u8, known: &Known) {
        self.close_heading(Span::empty(tag.span.start as usize));
        let heading = Heading {
            span: tag.span,
            level,
            marker: tag.name,
            text: String::new(),
            text_span: Span::empty(tag.span.end as usize),
            kind: HeadingKind::Html,
            id: known.id.map(|id| self.value(id)),
            place: self.nesting.place(),
        };
        self.elements.heading = Some((heading, self.visible_from()));
    }

    fn close_heading(&mut self, end: Span) {
        if let Some((mut heading, from)) = self.elements.heading.take() {
            if end.is_empty() && heading.text.is_empty() {
                heading.text = self.collected(from);
            } else if !end.is_empty() {
                heading.text = self.collected(from);
                heading.text_span = Span { start: heading.span.end, end: end.start };
                heading.span.end = end.end;
            }
            self.body.headings.push(heading);
        }
    }

    /// Ends what was never closed.
    pub(super) fn close_elements(&mut self) {
        self.close_link(Span::default());
        self.close_heading(Span::default());
    }

    fn image(&mut self, tag: Tag, known: &Known) {
        let alt_span = known.label.or(known.alt);
        let alt = alt_span.map(|alt| self.value(alt));
        if let Some(alt) = &alt {
            self.visible(alt);
        }
        self.body.images.push(Image {
            span: tag.span,
            alt,
            alt_span,
            url: known.src.map(|src| self.value(src)).unwrap_or_default(),
            url_span: known.src,
            title: known.title.map(|title| self.value(title)),
            form: Form::Html,
            label_span: None,
            definition: None,
            decorative: known.decorative,
            place: self.nesting.place(),
        });
    }
}
