//! Hides what is not Markdown in MDX: imports and exports, lines of JSX tags, and `{…}` expressions.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::html::{Token, Tokens};
use super::mask::{Ahead, Mask, MaskKind, blank_line, with_code_known};
use crate::text::Span;

/// The masks of an MDX body that begins at `start`, sorted and apart from each other.
pub(super) fn expressions(text: &str, start: usize) -> Vec<Mask> {
    with_code_known(text, start, |code| {
        let mut masks = lines(text, start, code);
        let braces = braces(text, start, code);
        // An expression in a tag's line belongs to that line.
        let whole = std::mem::take(&mut masks);
        let mut inside = whole.iter().peekable();
        for brace in braces {
            while inside.peek().is_some_and(|line| line.span.end <= brace.span.start) {
                inside.next();
            }
            if inside.peek().is_none_or(|line| line.span.start >= brace.span.end) {
                masks.push(brace);
            }
        }
        masks.extend(whole);
        masks.sort_by_key(|mask| mask.span);
        masks
    })
}

/// Imports, exports and lines that hold nothing but tags.
fn lines(text: &str, start: usize, mut code: &[Range<usize>]) -> Vec<Mask> {
    let bytes = text.as_bytes();
    let mut masks = Vec::new();
    let mut blank = Ahead::new(text, blank_line);
    let mut at = start;
    let mut fresh = true;
    while at < bytes.len() {
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let line = text[at..end].trim_ascii_end();
        let first = at + (line.len() - line.trim_ascii_start().len());
        let was_fresh = std::mem::replace(&mut fresh, line.is_empty());
        while code.first().is_some_and(|code| code.end <= first) {
            code = &code[1..];
        }
        let mut next = end + 1;
        if code.first().is_some_and(|code| code.contains(&first)) {
        } else if was_fresh && (line.starts_with("import ") || line.starts_with("export ")) {
            let stop = statement(text, at, blank.from(at).unwrap_or(bytes.len()));
            masks.push(Mask { span: Span::new(at, stop), kind: MaskKind::Expression });
            next = line_after(bytes, stop);
        } else if line.trim_ascii_start().starts_with('<') {
            let limit = blank.from(first).unwrap_or(bytes.len());
            let (stop, only_tags) = tags(text, first, limit.max(end));
            if only_tags {
                masks.push(Mask { span: Span::new(first, stop), kind: MaskKind::Jsx });
            }
            // Not looked at again, or tags that span lines would be read once for each of their lines.
            next = line_after(bytes, stop);
        }
        at = next;
    }
    masks
}

fn line_after(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1)
}

/// The end of an import or export: the next blank line, or a fence, should this stand in a block of code.
fn statement(text: &str, start: usize, limit: usize) -> usize {
    let mut at = start;
    for line in text[start..limit].split_inclusive('\n') {
        if line.trim_ascii_start().starts_with("```") || line.trim_ascii_start().starts_with("~~~") {
            break;
        }
        at += line.len();
    }
    start + text[start..at].trim_ascii_end().len()
}

/// Where the tags that begin at `start` end, and whether nothing else stands on their lines.
fn tags(text: &str, start: usize, limit: usize) -> (usize, bool) {
    let mut at = start;
    for token in Tokens::new(text, Span::new(start, limit)) {
        match token {
            Token::Tag(tag) => at = tag.span.end as usize,
            Token::Text(span) => {
                let gap = &text[span.range()];
                let line = gap.split('\n').next().unwrap_or(gap);
                if !line.trim().is_empty() {
                    return (at, false);
                }
                if line.len() < gap.len() {
                    return (at, at > start);
                }
            }
            Token::Comment(..) => return (at, false),
        }
    }
    // A tag without an end has been read to the limit: to try again at each of its lines would take quadratic time.
    if text[at..limit].trim().is_empty() { (at, at > start) } else { (limit, false) }
}

/// The outermost `{…}` of each paragraph; a heading's `{#id}` is Markdown.
fn braces(text: &str, start: usize, mut code: &[Range<usize>]) -> Vec<Mask> {
    let bytes = text.as_bytes();
    let mut blank = Ahead::new(text, blank_line);
    let mut masks: Vec<Mask> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = start;
    let mut limit = start;
    while let Some(found) = memchr2(b'{', b'}', &bytes[at..]) {
        at += found;
        if at >= limit {
            open.clear();
            limit = blank.from(at).unwrap_or(bytes.len());
        }
        while code.first().is_some_and(|code| code.end <= at) {
            code = &code[1..];
        }
        if let Some(code) = code.first()
            && code.contains(&at)
        {
            at = code.end;
            continue;
        }
        if bytes[at] == b'{' {
            open.push(at);
        } else if let Some(from) = open.pop()
            && bytes[from + 1] != b'#'
        {
            while masks.last().is_some_and(|inner| inner.span.start as usize > from) {
                masks.pop();
            }
            masks.push(Mask { span: Span::new(from, at + 1), kind: MaskKind::Expression });
        }
        at += 1;
    }
    masks
}

#[cfg(test)]
mod tests {
    use super::super::mask::fill;
    use super::*;

    #[test]
    fn javascript_becomes_filler() {
        for (text, expected) in [
            ("import a from 'b'\nimport c\n\ntext", "                 \n        \n\ntext"),
            ("text\nimport a\n", "text\nimport a\n"),
            ("<Tabs a={1}>\n\ntext {b} c\n\n</Tabs>", "            \n\ntext xxx c\n\n       "),
            ("<A\n  b={<i>}\n/>\ntext", "  \n         \n  \ntext"),
            ("<b>text</b>", "<b>text</b>"),
            ("a {b {c} d} e { f", "a xxxxxxxxx e { f"),
            ("a {b\n\nc} d", "a {b\n\nc} d"),
            ("## a {#id}", "## a {#id}"),
            ("```js\n\nimport a\n```\nb", "```js\n\n        \n```\nb"),
            ("{/* `a` */} `{` `b` `}`", "xxxxxxxxxxx `{` `b` `}`"),
        ] {
            assert_eq!(fill(text, 0, &expressions(text, 0)), expected, "{text:?}");
        }
    }
}
