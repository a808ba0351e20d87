//! Taking out an entry of a mapping, or an item of a list.

use super::{Editor, comments_above, flow, line_above};
use crate::article::Format;
use crate::data::{Node, Value};
use crate::finding::Edit;
use crate::text::{Span, line_end, line_start};

/// The ways to take out what stands at the end of a way; `parents` are the nodes on it.
pub(super) fn removals(editor: &Editor<'_>, path: &[usize], node: &Node) -> Vec<Vec<Edit>> {
    let parents = editor.above(path);
    let (Some(parent), Some(index)) = (parents.last(), path.last()) else { return Vec::new() };
    if editor.is_flow(parent) {
        return flow::Brackets::of(editor.text, parent).without(*index);
    }
    let key = parent.entries().get(*index).map(|entry| entry.key_span);
    if editor.block.format == Format::Toml && key.is_none_or(|key| editor.is_head(key)) {
        return Vec::new();
    }
    let Some(piece) = Piece::of(editor, parent, *index, node) else { return Vec::new() };
    let count = parent.items().len().max(parent.entries().len());
    let above = parents.len().checked_sub(2).and_then(|above| parents.get(above));
    let key = above.and_then(|above| above.entries().get(path[path.len() - 2])).map(|entry| entry.key_span);
    let is_nested = path.len() > 1 && editor.block.format == Format::Yaml;
    if count == 1 && is_nested {
        return piece.emptied(parent, key);
    }
    // If all go at once, nothing would stay to say that this is a list: so the first and the last clash.
    let is_end = *index == 0 || index + 1 == count;
    let mark = key.filter(|_| is_nested && is_end).map(|key| Edit::insert(key.end, ""));
    piece
        .removed()
        .into_iter()
        .map(|gone| mark.iter().cloned().chain([Edit::delete(gone)]).collect())
        .collect()
}

/// The lines of an entry or item.
struct Piece<'e, 'a> {
    editor: &'e Editor<'a>,
    /// Where its key or its dash stands.
    start: usize,
    /// Where its line begins, if nothing stands before it.
    line: Option<usize>,
    /// Where the line behind it begins, with its comments.
    end: usize,
    /// Where the one before ends.
    floor: usize,
}

impl<'e, 'a> Piece<'e, 'a> {
    fn of(editor: &'e Editor<'a>, parent: &Node, index: usize, node: &Node) -> Option<Self> {
        let text = editor.text;
        let before = index.checked_sub(1);
        let (start, floor) = if let Some(entry) = parent.entries().get(index) {
            let before = before.map(|before| parent.entries()[before].span());
            (entry.key_span.start as usize, before.map(|before| before.end as usize))
        } else {
            let before = before.map(|before| parent.items()[before].span.end as usize);
            let dash = before.map_or_else(|| first_dash(editor, parent), |before| dash(editor, before));
            (dash?, before)
        };
        let line = line_start(text, start);
        let last = node.span.end.max(start as u32) as usize;
        let last = parent.entries().get(index).map_or(last, |entry| entry.span().end as usize);
        let end = editor.lines_end(last, start - line);
        let before = &text[line..start];
        // Dotted keys of TOML have the names of their tables before them.
        let is_dotted = editor.block.format == Format::Toml && !before.contains(['=', '#']);
        let line = (is_dotted || before.trim().is_empty()).then_some(line);
        Some(Self { editor, start, line, end, floor: floor.unwrap_or(editor.block.content.start as usize) })
    }

    /// Its lines, and the comments right above.
    fn lines(&self) -> Option<Span> {
        let start = comments_above(self.editor.text, self.line?, self.floor);
        (start <= self.end).then(|| Span::new(start, self.end))
    }

    /// What goes; in the second place with the empty lines behind it, which may be a part of the text before it, too. The
    /// first entry of an item stands behind a dash, to which the next one moves up.
    fn removed(&self) -> Vec<Span> {
        let text = self.editor.text;
        let behind = |line: usize| text[line..line_end(text, line)].trim().is_empty() && line < text.len();
        let mut blank = self.end;
        while behind(blank) {
            blank = self.editor.next_line(blank);
        }
        if let Some(lines) = self.lines() {
            return vec![lines, lines.to(Span::empty(blank))];
        }
        let next = blank + text[blank..].len() - text[blank..].trim_start().len();
        vec![Span::new(self.start, next)]
    }

    /// An empty list or mapping in the place of the one that has nothing else; `key` is its key.
    fn emptied(&self, parent: &Node, key: Option<Span>) -> Vec<Vec<Edit>> {
        let text = self.editor.text;
        let empty = if matches!(parent.value, Value::Sequence(_)) { "[]" } else { "{}" };
        let colon = key.and_then(|key| {
            let rest = text.get(key.end as usize..line_end(text, key.end as usize))?;
            rest.trim_start().starts_with(':').then(|| key.end as usize + rest.find(':').unwrap_or(0) + 1)
        });
        let mut ways = Vec::new();
        if let (Some(colon), Some(lines)) = (colon, self.lines())
            && colon <= lines.start as usize
        {
            ways.push(vec![Edit::insert(colon as u32, format!(" {empty}")), Edit::delete(lines)]);
        }
        // What an alias shows stands elsewhere.
        if parent.span.contains(Span::empty(self.start)) {
            ways.push(vec![Edit::replace(parent.span, empty)]);
        }
        ways
    }
}

/// The dash of the first item. The span of a list that stands no deeper than its key begins behind it.
fn first_dash(editor: &Editor<'_>, list: &Node) -> Option<usize> {
    let (text, start) = (editor.text, list.span.start as usize);
    if text[start..].starts_with('-') && text[start + 1..].starts_with([' ', '\t', '\n', '\r']) {
        return Some(start);
    }
    let mut line = line_start(text, start);
    loop {
        let words = text[line..line_end(text, line)].trim_start();
        if words.starts_with('-') {
            return Some(line_end(text, line) - words.len());
        }
        let is_first = (line..=line_end(text, line)).contains(&start);
        if !is_first && !words.is_empty() && !words.starts_with('#') {
            return None;
        }
        line = line_above(text, line, editor.block.content.start as usize)?;
    }
}

/// The dash of the item that follows this place.
fn dash(editor: &Editor<'_>, before: usize) -> Option<usize> {
    let text = editor.text;
    let mut line = editor.next_line(before);
    while line < editor.block.content.end as usize {
        let words = text[line..line_end(text, line)].trim_start();
        let start = line_end(text, line) - words.len();
        if words.starts_with('-') {
            return Some(start);
        }
        if !words.is_empty() && !words.starts_with('#') {
            return None;
        }
        line = editor.next_line(line);
    }
    None
}
