//! Blocks that are meant as front matter though their fences, or their place, are not quite right.
//!
//! `---` is a thematic break and the underline of a heading as well, so a block is taken for a front matter only where
//! what stands between the fences is a mapping of plausible keys. Where that is not so, nothing is found, as before.

use memchr::memmem;

use super::{Flaw, Format, FrontMatter, Lines, block, is_closing};
use crate::text::Span;

/// How far down a front matter is looked for that text stands before.
const HEAD: usize = 4096;

/// Names longer than this are sentences.
const LONGEST_KEY: usize = 40;

/// Whether a block leaves no doubt that it is data: it can be read, it is no flow mapping, and its keys are names. One
/// key alone may be a sentence with a colon (`Note: …`), unless it begins with a small letter.
pub(super) fn is_data(block: &FrontMatter) -> bool {
    let entries = block.document.root.as_ref().map_or(&[][..], |root| root.entries());
    let is_name = |key: &str| {
        key.len() <= LONGEST_KEY
            && key.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
    };
    let starts = entries.first().map(|entry| entry.key_span.start);
    let is_block = starts == block.document.root.as_ref().map(|root| root.span.start);
    let is_small = entries.first().is_some_and(|entry| entry.key.starts_with(char::is_lowercase));
    block.is_sound()
        && (is_block || block.format == Format::Toml || entries.len() > 1)
        && (is_small || entries.len() > 1)
        && entries.iter().all(|entry| is_name(&entry.key))
}

/// Whether a block is data and has a title: away from the head of a file, less would be a guess.
pub(super) fn is_titled(block: &FrontMatter) -> bool {
    let entries = block.document.root.as_ref().map_or(&[][..], |root| root.entries());
    is_data(block) && entries.len() > 1 && entries.iter().any(|entry| entry.key.eq_ignore_ascii_case("title"))
}

/// A block that begins behind a right opening fence and ends at a line that was meant to close it.
pub(super) fn oddly_closed(
    text: &str,
    opening: Span,
    start: usize,
    format: Format,
) -> Option<(FrontMatter, usize)> {
    let mut lines = Lines { text, at: start };
    let mut above = "";
    let closing = lines.find(|line| {
        let line = &text[line.range()];
        let is_meant =
            is_meant_to_close(line, format) && (!line.starts_with([' ', '\t']) || ends_entry(above));
        if !line.trim().is_empty() {
            above = line;
        }
        is_meant
    })?;
    let mut block = block(text, opening, (start, closing), format);
    // In the midst of a block the line is something else.
    let goes_on =
        text[lines.at..].split(['\n', '\r']).find(|line| !line.trim().is_empty()).is_some_and(is_entry);
    block.flaws.push(Flaw::Closing(closing));
    (is_data(&block) && !goes_on).then_some((block, lines.at))
}

/// Whether an indented line below this one cannot be part of a block scalar.
fn ends_entry(line: &str) -> bool {
    let line = line.trim_end();
    let is_item = line.trim_start().starts_with('-');
    (is_item || !line.starts_with([' ', '\t']))
        && !line.ends_with(['|', '>', '+'])
        && !line.ends_with("|-")
        && !line.ends_with(">-")
}

/// Whether a line is `key: value`, and not the definition of a link.
fn is_entry(line: &str) -> bool {
    let key = line.split([':', '=']).next().unwrap_or_default();
    key.len() < line.len() && !key.is_empty() && !key.starts_with('[') && !key.contains([' ', '\t', '/'])
}

/// Whether a line is a fence that was written otherwise: too short, too long, with the dashes that word processors
/// make, with the characters of other fences and breaks, or indented.
fn is_meant_to_close(line: &str, format: Format) -> bool {
    let fence = line.trim();
    let of = |wanted: &[char], least: usize| {
        fence.chars().count() >= least && fence.chars().all(|letter| wanted.contains(&letter))
    };
    let is_dashes = (of(&['-'], 2) && (fence.len() != 3 || format == Format::Toml))
        || (of(&['-', '–', '—'], 1) && !fence.is_ascii());
    let is_pluses = of(&['+'], 2) && (fence.len() != 3 || format == Format::Yaml);
    let is_right = is_closing(fence, format) && line.starts_with([' ', '\t']) && fence != "...";
    is_dashes || is_pluses || is_right || of(&['*'], 3) || of(&['_'], 3) || of(&['='], 3)
}

/// A block whose opening fence is written with other characters, or that text stands before. `first` is where the text
/// begins that is not blank.
pub(super) fn misplaced(text: &str, start: usize, first: usize) -> Option<(FrontMatter, usize)> {
    oddly_opened(text, first).or_else(|| unopened(text, first)).or_else(|| below_text(text, start))
}

/// A block without an opening fence: to Markdown it is a heading of many words.
fn unopened(text: &str, first: usize) -> Option<(FrontMatter, usize)> {
    let mut lines = Lines { text, at: first };
    let opening = lines.next().filter(|line| is_entry(&text[line.range()]))?;
    let is_near = |line: &Span| (line.start as usize) < first + HEAD;
    let closing = lines.by_ref().take_while(is_near).find(|line| text[line.range()].trim_end() == "---")?;
    let body = lines.at;
    let mut block = block(text, Span::empty(first), (first, closing), Format::Yaml);
    let key =
        block.document.root.as_ref().and_then(|root| root.entries().first()).map(|entry| entry.key_span)?;
    block.opening = key;
    block.flaws.push(Flaw::Unopened(key));
    (is_titled(&block) && key.start == opening.start).then_some((block, body))
}

fn oddly_opened(text: &str, first: usize) -> Option<(FrontMatter, usize)> {
    if !text[first..].starts_with(['-', '–', '—']) {
        return None;
    }
    let mut lines = Lines { text, at: first };
    let line = lines.next()?;
    let fence = text[line.range()].trim_end();
    if fence == "---" || !is_meant_to_close(fence, Format::Yaml) {
        return None;
    }
    let start = lines.at;
    let closing = lines.find(|line| {
        let line = &text[line.range()];
        is_closing(line.trim_end(), Format::Yaml) || is_meant_to_close(line, Format::Yaml)
    })?;
    let opening = Span::new(first, first + fence.len());
    let mut block = block(text, opening, (start, closing), Format::Yaml);
    block.flaws.push(Flaw::Opening(opening));
    if !is_closing(text[closing.range()].trim_end(), Format::Yaml) {
        block.flaws.push(Flaw::Closing(closing));
    }
    is_titled(&block).then_some((block, lines.at))
}

/// Looks below some text for a whole block with right fences. One in a code block or a comment is no front matter, and
/// of several breaks only the first can be a fence.
fn below_text(text: &str, start: usize) -> Option<(FrontMatter, usize)> {
    let head = &text.as_bytes()[start..text.len().min(start + HEAD)];
    memmem::find(head, b"---").or_else(|| memmem::find(head, b"+++"))?;
    let mut lines = Lines { text, at: start };
    let is_fence = |line: &Span| matches!(text[line.range()].trim_end(), "---" | "+++");
    let is_code = |line: &Span| {
        let line = text[line.range()].trim_start();
        line.starts_with("```") || line.starts_with("~~~")
    };
    let opening = lines.find(|line| is_fence(line) || is_code(line) || line.start as usize > start + HEAD)?;
    let before = &text[start..opening.start as usize];
    let in_comment = before.rfind("<!--") > before.rfind("-->");
    if !is_fence(&opening) || in_comment {
        return None;
    }
    let format = if text[opening.range()].starts_with('-') { Format::Yaml } else { Format::Toml };
    let content = lines.at;
    let closing = lines.find(|line| is_closing(text[line.range()].trim_end(), format))?;
    let opening = Span::new(opening.start as usize, opening.start as usize + 3);
    let mut block = block(text, opening, (content, closing), format);
    block.flaws.push(Flaw::Text(Span::new(start, opening.start as usize)));
    is_titled(&block).then_some((block, lines.at))
}
