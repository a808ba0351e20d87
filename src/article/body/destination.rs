//! Where a link keeps its parts: the brackets, the destination, the title.
//!
//! The parser hands a destination out as a slice of its text, whose address is its place. One with an escape or an
//! entity is a copy; then its place is read from the text behind the bracket.

use pulldown_cmark::CowStr;

use crate::text::Span;

/// The place of a slice in the text that it was cut from; `None` for a copy.
pub(super) fn place_of(text: &str, part: &CowStr<'_>) -> Option<Span> {
    let CowStr::Borrowed(part) = part else { return None };
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = start + part.len();
    (end <= text.len() && text.is_char_boundary(start) && text.is_char_boundary(end))
        .then(|| Span::new(start, end))
}

/// The destination that is written at `at` or, after white space, behind it.
pub(super) fn destination(text: &str, at: usize, limit: usize) -> Span {
    let bytes = &text.as_bytes()[..limit];
    let mut start = separator(text, at, limit);
    let pointy = bytes.get(start) == Some(&b'<');
    start += usize::from(pointy);
    let mut end = start;
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'>' if pointy => break,
            0..=b' ' if !pointy => break,
            b'(' => depth += 1,
            b')' if !pointy && depth == 0 => break,
            b')' => depth = depth.saturating_sub(1),
            b'\\' if bytes.get(end + 1).is_some_and(u8::is_ascii_punctuation) => end += 1,
            _ => {}
        }
        end += 1;
    }
    Span::new(start.min(limit), end.min(limit).max(start.min(limit)))
}

/// The title between its quotes, behind a destination that ends at `at`.
pub(super) fn title(text: &str, at: usize, limit: usize) -> Option<Span> {
    let at = at + usize::from(text.as_bytes().get(at) == Some(&b'>'));
    let open = separator(text, at.min(limit), limit);
    let rest = text.get(open..limit)?;
    let rest =
        rest.strip_suffix(')').filter(|_| !rest.starts_with('(') || rest.ends_with("))")).unwrap_or(rest);
    let rest = rest.trim_end();
    (rest.len() > 1).then(|| Span::new(open + 1, open + rest.len() - 1))
}

/// White space, and the markers of block quotes at the beginning of a line.
fn separator(text: &str, mut at: usize, limit: usize) -> usize {
    let mut lines = false;
    while let Some(byte) = text.as_bytes()[..limit].get(at) {
        match byte {
            b'\n' | b'\r' => lines = true,
            b' ' | b'\t' => {}
            b'>' if lines => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// The place of a label that begins at `at`, behind its bracket: up to the bracket that closes it.
pub(super) fn label(text: &str, at: usize, limit: usize) -> Span {
    let bytes = &text.as_bytes()[..limit];
    let mut end = at.min(limit);
    while let Some(byte) = bytes.get(end) {
        match byte {
            b']' => break,
            b'\\' if bytes.get(end + 1).is_some_and(u8::is_ascii_punctuation) => end += 1,
            _ => {}
        }
        end += 1;
    }
    Span::new(at.min(limit), end.min(limit))
}
