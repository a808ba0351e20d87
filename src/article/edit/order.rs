//! Putting the entries of a mapping into another order.

use super::{Editor, line_above};
use crate::article::Format;
use crate::data::{Entry, Node};
use crate::finding::Edit;
use crate::text::{Span, line_start, next_line};

/// How many entries of a mapping, from its first, can change places. In TOML a key behind the head of a table belongs to
/// that table. What a merge key brings in stands elsewhere.
pub(super) fn movable(editor: &Editor<'_>, mapping: &Node) -> usize {
    let entries = mapping.entries().iter();
    match editor.block.format {
        Format::Toml => entries.take_while(|entry| !editor.is_head(entry.key_span)).count(),
        Format::Json => entries.count(),
        Format::Yaml => {
            let mut end = 0;
            let follows = |entry: &&Entry| {
                let is_behind = entry.key_span.start >= end;
                end = end.max(entry.span().end);
                is_behind
            };
            entries.take_while(follows).count()
        }
    }
}

/// The edit that puts entries in order, each behind the other; `None` where their lines cannot be told apart.
pub(super) fn reordered(editor: &Editor<'_>, entries: &[Entry], order: &[usize]) -> Option<Vec<Edit>> {
    let pieces = match editor.block.format {
        Format::Json => entries.iter().map(Entry::span).collect(),
        Format::Yaml | Format::Toml => pieces(editor, entries)?,
    };
    let (first, last) = (pieces.first()?.start, pieces.last()?.end);
    let mut new = String::with_capacity((last - first) as usize);
    for (slot, from) in order.iter().enumerate() {
        new.push_str(&editor.text[pieces.get(*from)?.range()]);
        // What stands between two pieces stays: the commas of JSON.
        let gap = pieces.get(slot + 1).map_or(last, |next| next.start);
        new.push_str(editor.text.get(pieces[slot].end as usize..gap as usize)?);
    }
    Some(vec![Edit::replace(Span { start: first, end: last }, new)])
}

/// The lines of each entry, with the comments and blank lines above it. What stands above the first one, up to the last
/// blank line, is about the whole and stays where it is.
fn pieces(editor: &Editor<'_>, entries: &[Entry]) -> Option<Vec<Span>> {
    let (text, content) = (editor.text, editor.block.content);
    let mut pieces = Vec::with_capacity(entries.len());
    let mut end = match entries.first()?.key_span.start as usize {
        key if content.contains(entries[0].key_span) => above(editor, line_start(text, key)),
        _ => return None,
    };
    for (index, entry) in entries.iter().enumerate() {
        let key = entry.key_span.start as usize;
        let line = line_start(text, key);
        let above = text.get(end..line)?;
        let indent = |at: usize| &text[line_start(text, at)..at];
        let is_first =
            text[line..key].trim().is_empty() && indent(key) == indent(entries[0].key_span.start as usize);
        let mut is_free = above.split(['\n', '\r']).map(str::trim_start);
        if !is_first || !is_free.all(|line| line.is_empty() || line.starts_with('#')) {
            return None;
        }
        let start = if index == 0 { end + behind_blank_line(above) } else { end };
        end = editor.next_line(entry.span().end as usize);
        if end > content.end as usize {
            return None;
        }
        pieces.push(Span::new(start, end));
    }
    Some(pieces)
}

/// Where the comments and blank lines above a line begin.
fn above(editor: &Editor<'_>, line: usize) -> usize {
    let (text, floor) = (editor.text, editor.block.content.start as usize);
    let mut start = line;
    while let Some(above) = line_above(text, start, floor) {
        let words = text[above..start].trim();
        if !words.is_empty() && !words.starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// Where a text goes on behind its last blank line.
fn behind_blank_line(text: &str) -> usize {
    let (mut behind, mut at) = (0, 0);
    while at < text.len() {
        let next = next_line(text, at);
        if text[at..next].trim().is_empty() {
            behind = next;
        }
        at = next;
    }
    behind
}
