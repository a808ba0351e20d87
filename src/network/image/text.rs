//! What text a body begins with: SVG, a web page, or data.

use std::borrow::Cow;

use memchr::memmem;

use super::{Look, Match, compare};
use crate::web::Content;

/// What bytes begin that are no signature.
pub(super) fn look(bytes: &[u8]) -> Look {
    let text = utf8(bytes);
    let rest = text.trim_ascii_start();
    match rest {
        // Nothing but a byte-order mark, or the beginning of one.
        [] | [0xef | 0xfe | 0xff] | [0xef, 0xbb] => Look::Open,
        [b'<', ..] => markup(rest),
        [b'{' | b'[', ..] => json(rest),
        _ => Look::Is(Content::Unknown),
    }
}

/// The text after its byte-order mark, whichever it is.
pub(super) fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let decode = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        Cow::Owned(
            char::decode_utf16(units).map(|read| read.unwrap_or('\u{fffd}')).collect::<String>().into(),
        )
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, rest @ ..] => decode(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode(rest, u16::from_be_bytes),
        _ => Cow::Borrowed(bytes),
    }
}

/// Elements that web pages begin with (MIME Sniffing Standard, 7.1).
const PAGES: [&str; 16] = [
    "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body",
    "br", "p", "meta",
];

/// What the first element says.
fn markup(text: &[u8]) -> Look {
    let Some(Begin { rest, has_comment, is_page }) = begin(text) else { return Look::Open };
    let name = rest.strip_prefix(b"<").map(name).unwrap_or_default();
    if is_page {
        Look::Is(Content::Html)
    } else if rest.len() == name.len() + 1 && name.len() < MAX_NAME {
        // The name may go on.
        Look::Open
    } else if is_svg(name) {
        Look::Is(Content::Svg)
    } else if has_comment || PAGES.iter().any(|page| name.eq_ignore_ascii_case(page.as_bytes())) {
        // A comment alone is a sign of a page to the standard.
        Look::Is(Content::Html)
    } else {
        Look::Is(Content::Unknown)
    }
}

/// Where the first element begins, or what stands there instead.
pub(super) struct Begin<'text> {
    pub(super) rest: &'text [u8],
    has_comment: bool,
    /// Whether the document type says that it is a web page.
    is_page: bool,
}

/// Reads over prolog, comments and document type; `None` where the text ends in one of them.
pub(super) fn begin(text: &[u8]) -> Option<Begin<'_>> {
    let mut begin = Begin { rest: text.trim_ascii_start(), has_comment: false, is_page: false };
    loop {
        let rest = begin.rest;
        let end = match rest {
            [] | [b'<'] => return None,
            [b'<', b'?', ..] => after(rest, 2, b"?>")?,
            [b'<', b'!', ..] if compare(b"<!--", rest) != Match::No => {
                begin.has_comment = true;
                after(rest, 4, b"-->")?
            }
            [b'<', b'!', ..] => match doctype(rest)? {
                Doctype::Page => return Some(Begin { is_page: true, ..begin }),
                Doctype::Other(end) => end,
            },
            _ => return Some(begin),
        };
        begin.rest = rest[end..].trim_ascii_start();
    }
}

/// The longest name of an element that is waited for.
const MAX_NAME: usize = 64;

/// The name that a tag begins with.
pub(super) fn name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    &tag[..end.unwrap_or(tag.len())]
}

/// Whether an element is `svg`, with or without a prefix.
pub(super) fn is_svg(name: &[u8]) -> bool {
    name.rsplit(|byte| *byte == b':').next() == Some(b"svg")
}

/// Where a mark ends that comes at this place or later.
fn after(text: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    memmem::find(text.get(from..)?, mark).map(|at| from + at + mark.len())
}

enum Doctype {
    Page,
    /// Another, which ends here.
    Other(usize),
}

/// What a document type says, if it is all there; the part in square brackets, with entities, belongs to it.
fn doctype(text: &[u8]) -> Option<Doctype> {
    let start = b"<!DOCTYPE";
    let (known, rest) = text.split_at(text.len().min(start.len()));
    if !known.eq_ignore_ascii_case(&start[..known.len()]) {
        // Another declaration: read over, as browsers do.
        return after(text, 2, b">").map(Doctype::Other);
    }
    let kind = rest.trim_ascii_start();
    if name(kind).len() < kind.len() && name(kind).eq_ignore_ascii_case(b"html") {
        return Some(Doctype::Page);
    }
    let (mut at, mut in_brackets) = (start.len(), false);
    loop {
        match *text.get(at)? {
            quote @ (b'"' | b'\'') => at = after(text, at + 1, &[quote])?,
            b'<' if text[at..].starts_with(b"<!--") => at = after(text, at + 4, b"-->")?,
            b'>' if !in_brackets => return Some(Doctype::Other(at + 1)),
            byte => {
                in_brackets = byte == b'[' || (in_brackets && byte != b']');
                at += 1;
            }
        }
    }
}

/// Whether it goes on as data does (RFC 8259): a bracket opens much else.
fn json(text: &[u8]) -> Look {
    let is_list = text[0] == b'[';
    match text[1..].trim_ascii_start() {
        [] => Look::Open,
        [b'"' | b'}', ..] if !is_list => Look::Is(Content::Json),
        [b'"' | b']' | b'[' | b'{' | b'-' | b'0'..=b'9', ..] if is_list => Look::Is(Content::Json),
        rest if is_list => {
            let literals = ["true", "false", "null"].map(|literal| compare(literal.as_bytes(), rest));
            if literals.contains(&Match::Whole) {
                Look::Is(Content::Json)
            } else if literals.contains(&Match::Begun) {
                Look::Open
            } else {
                Look::Is(Content::Unknown)
            }
        }
        _ => Look::Is(Content::Unknown),
    }
}
