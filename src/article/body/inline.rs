//! Links, images and the definitions that they refer to.

use memchr::memchr;
use pulldown_cmark::{CowStr, LinkType, RefDefs};

use super::build::Builder;
use super::destination::{self, destination, label, place_of};
use super::parts::{Definition, Form, Image, Link};
use super::place::Place;
use crate::text::Span;

/// Images inside the alternative text of images, deeper than anyone writes: their text is not kept, since each of n
/// would hold that of all below it.
const DEEPEST_IMAGE: usize = 16;

/// A link or an image that waits for its text.
pub(super) struct Open<'t> {
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

impl<'t> Builder<'t> {
    pub(super) fn define(&mut self, definitions: &RefDefs<'_>, start: usize) {
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

    pub(super) fn definition(
        &self,
        known: &RefDefs<'_>,
        kind: LinkType,
        id: &str,
        start: usize,
    ) -> Option<usize> {
        if !matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut) {
            return None;
        }
        let at = (start + known.get(id)?.span.start) as u32;
        self.body.definitions.binary_search_by_key(&at, |definition| definition.span.start).ok()
    }

    /// A destination or title: as parsed, or as written where a mask is in it.
    pub(super) fn written(&self, span: Span, parsed: &str) -> String {
        if self.masks_in(span).is_empty() { parsed } else { &self.source[span.range()] }.to_owned()
    }

    pub(super) fn open(
        &mut self,
        kind: LinkType,
        url: CowStr<'t>,
        title: CowStr<'t>,
        at: (Span, Option<usize>),
    ) {
        let (span, definition) = at;
        self.catch_up(span.start);
        self.flow(Span::empty(span.start as usize));
        let from = self.visible_from();
        let place = self.nesting.place();
        self.open.push(Open { kind, url, title, definition, from, place });
    }

    pub(super) fn close(&mut self, span: Span, image: bool) {
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
}
