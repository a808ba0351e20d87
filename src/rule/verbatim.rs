//! The parts of an article in which white space may mean something, and the lines around them.

use crate::article::Article;
use crate::article::body::Code;
use crate::text::Span;

/// The parts in which nothing is to be touched, in order and apart from each other.
pub(crate) struct Verbatim(Vec<Span>);

impl Verbatim {
    /// Code, HTML, templates, tables, addresses, and what stands between the tags of a shortcode, which may be anything.
    /// `None` where that cannot be told: where `<pre>` is left open, or a backtick.
    pub(crate) fn of(article: &Article<'_>) -> Option<Self> {
        let (text, body) = (article.text(), &article.body);
        let to_line_end = |span: Span| {
            let rest = &text.as_bytes()[span.end as usize..];
            let line = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            Span { end: span.end + line as u32, ..span }
        };
        let tags = body.html.iter().map(|html| html.span).chain(body.jsx.iter().copied());
        // A template on a line of its own may cut a piece of code in two: then its backticks are left in the text.
        let has_templates =
            !(body.shortcodes.is_empty() && body.expressions.is_empty() && body.jsx.is_empty());
        let cuts_code = || body.text.iter().any(|run| text[run.span.range()].contains('`'));
        if (has_templates && cuts_code()) || tags.clone().any(|span| leaves_open(&text[span.range()])) {
            return None;
        }
        let indented = if has_templates { indented(text, body.span) } else { Vec::new() };
        let code = body.code.iter().map(|code| to_line_end(code.span).to(code.content));
        let html = body.html.iter().map(|html| if html.block { to_line_end(html.span) } else { html.span });
        let links = body.links.iter().map(|link| Span { start: link.text_span.end, end: link.span.end });
        let images = body.images.iter().map(|image| image.span);
        let definitions = body.definitions.iter().map(|definition| definition.span);
        let tables = body.tables.iter().map(|table| table.span);
        let plain = [&body.inline_code, &body.shortcodes, &body.expressions, &body.jsx];
        let mut spans: Vec<Span> =
            code.chain(html).chain(links).chain(images).chain(definitions).chain(tables).collect();
        spans.extend(plain.into_iter().flatten());
        spans.extend(indented);
        spans.extend(body.unresolved.iter().map(|unresolved| unresolved.span));
        spans.extend(body.asides(text));
        spans.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        Some(Self(merged))
    }

    /// Whether the byte behind `at` belongs to such a part.
    pub(crate) fn holds(&self, at: usize) -> bool {
        let index = self.0.partition_point(|span| span.end as usize <= at);
        self.0.get(index).is_some_and(|span| span.start as usize <= at)
    }
}

/// Lines that may be indented code, each with the blank lines before it: what a template stands for decides whether a
/// line behind it is one.
fn indented(text: &str, body: Span) -> Vec<Span> {
    let mut blank = None;
    let mut found = Vec::new();
    for line in lines(text, body) {
        let written = &text[line.span.range()];
        if written.trim().is_empty() {
            blank.get_or_insert(line.span.start);
            continue;
        }
        let start = blank.take().unwrap_or(line.span.start);
        let indentation = &written[..written.len() - written.trim_start().len()];
        if indentation.len() >= 4 || indentation.contains('\t') {
            found.push(Span { start, ..line.span });
        }
    }
    found
}

/// Whether an element that keeps white space is opened in these bytes and not closed.
fn leaves_open(tags: &str) -> bool {
    let mut is_open = false;
    for at in memchr::memchr_iter(b'<', tags.as_bytes()) {
        let tag = &tags[at + 1..];
        let (closes, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        let name = &name[..end.unwrap_or(name.len())];
        if name.eq_ignore_ascii_case("pre") || name.eq_ignore_ascii_case("textarea") {
            is_open = !closes;
        }
    }
    is_open
}

/// Whether a block of code has no fence at its end, so that all that follows would belong to it.
pub(crate) fn is_open(code: &Code) -> bool {
    code.content.end >= code.span.end
}

/// A line of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Its bytes, without the line end.
    pub(crate) span: Span,
    /// Where the next one begins.
    pub(crate) next: usize,
}

/// The lines of `span`; LF, CRLF and a lone CR end one each.
pub(crate) fn lines(text: &str, span: Span) -> impl Iterator<Item = Line> + '_ {
    let mut at = span.start as usize;
    let end = span.end as usize;
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let rest = &text.as_bytes()[at..end];
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line_end = if rest[length..].starts_with(b"\r\n") { 2 } else { usize::from(length < rest.len()) };
        let line = Line { span: Span::new(at, at + length), next: at + length + line_end };
        at = line.next;
        Some(line)
    })
}
