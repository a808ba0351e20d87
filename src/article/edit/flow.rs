//! Lists and mappings in brackets: how their items are parted, and what stands between.

use super::comments_above;
use crate::data::{Entry, Node};
use crate::finding::Edit;
use crate::text::{Span, line_start, next_line};

/// A list or mapping in brackets.
#[derive(Debug)]
pub(super) struct Brackets<'a> {
    text: &'a str,
    span: Span,
    /// Its items, or its entries from key to value.
    items: Vec<Span>,
    colon: Option<&'a str>,
}

impl<'a> Brackets<'a> {
    /// Those of a list or mapping. What a merge key brings in stands elsewhere, and is left out.
    pub(super) fn of(text: &'a str, node: &Node) -> Self {
        let colon = |entry: &Entry| {
            let colon = text.get(entry.key_span.end as usize..entry.value.span.start as usize)?;
            let is_colon = matches!(colon.trim(), ":" | "=") && !colon.contains(['\n', '\r']);
            (is_colon && !entry.value.span.is_empty()).then_some(colon)
        };
        let all = node.entries().iter().map(Entry::span).chain(node.items().iter().map(|item| item.span));
        let mut items: Vec<Span> = Vec::new();
        for item in all {
            let is_inside = node.span.start < item.start && item.end < node.span.end;
            if !is_inside || items.last().is_some_and(|last| item.start < last.end) {
                break;
            }
            items.push(item.to(Span::empty(behind_colon(text, item))));
        }
        Self { text, span: node.span, items, colon: node.entries().iter().find_map(colon) }
    }

    /// What parts keys and values.
    pub(super) fn colon(&self) -> Option<&'a str> {
        self.colon
    }

    /// The edits that put an item at a place among the others, parted as they are.
    pub(super) fn with(&self, index: usize, item: &str) -> Vec<Edit> {
        if let Some(next) = self.items.get(index) {
            return vec![Edit::insert(next.start, format!("{item},{}", self.space(index)))];
        }
        let Some(last) = self.items.last() else {
            // With the brackets, so that a second first item clashes with this one and waits.
            let written = &self.text[self.span.range()];
            let (open, rest) = written.split_at(1);
            let inside = &rest[..rest.len() - 1];
            let space =
                if !inside.is_empty() && inside.trim_matches([' ', '\t']).is_empty() { " " } else { "" };
            return vec![Edit::replace(self.span, format!("{open}{space}{item}{rest}"))];
        };
        let space = self.space(self.items.len() - 1);
        let tail = &self.text[last.end as usize..self.span.end as usize - 1];
        let is_closed = tail.trim_start().starts_with(',');
        let comments = tail.trim_end().len();
        let at = last.end + comments as u32;
        // Old readers take `a:,` for a key.
        let space_before = if self.text[..last.end as usize].ends_with(':') { " " } else { "" };
        match (is_closed, comments) {
            (true, _) => vec![Edit::insert(at, format!("{space}{item},"))],
            (false, 0) => vec![Edit::insert(at, format!("{space_before},{space}{item}"))],
            (false, _) => vec![
                Edit::insert(last.end, format!("{space_before},")),
                Edit::insert(at, format!("{space}{item}")),
            ],
        }
    }

    /// The ways to take an item out.
    pub(super) fn without(&self, index: usize) -> Vec<Vec<Edit>> {
        let Some(item) = self.items.get(index) else { return Vec::new() };
        let neighbour = |index: Option<usize>| index.and_then(|index| self.items.get(index));
        let (before, next) = (neighbour(index.checked_sub(1)), neighbour(index.checked_add(1)));
        let inside = Span { start: self.span.start + 1, end: self.span.end - 1 };
        let from = before.map_or(inside.start, |before| before.end);
        let to = next.map_or(inside.end, |next| next.start);
        let comma_before = comma(self.text, Span { start: from, end: item.start });
        let comma_behind = comma(self.text, Span { start: item.end, end: to });
        let end = comma_behind.map_or(item.end, |comma| comma + 1);
        let mut ways = Vec::new();
        if before.is_none() && next.is_none() && !self.text[inside.range()].contains('#') {
            ways.push(vec![Edit::delete(inside)]);
        }
        if let Some(lines) = self.lines(Span { start: from, end: item.start }, Span { start: end, end: to }) {
            let comma = comma_before.filter(|comma| comma_behind.is_none() && *comma < lines.start);
            let comma = comma.map(|comma| Edit::delete(Span { start: comma, end: comma + 1 }));
            ways.push(comma.into_iter().chain([Edit::delete(lines)]).collect());
        }
        let apart = comma_before.map_or(item.start, |comma| comma + 1);
        let is_last_of_line = self.text[end as usize..to as usize].contains(['\n', '\r']);
        let spans = match (before, next, comma_behind) {
            // It shares its line with what stands before it, so the line end stays.
            (Some(_), Some(_), Some(_)) if is_last_of_line => vec![Span { start: apart, end }],
            (_, Some(next), Some(_)) => vec![Span { start: item.start, end: next.start }],
            (Some(_), None, Some(_)) => vec![Span { start: apart, end }],
            (Some(before), ..) => {
                vec![Span { start: before.end, end: item.end }, Span { start: apart, end: item.end }]
            }
            _ => vec![Span { start: item.start, end }],
        };
        ways.extend(spans.into_iter().map(|span| vec![Edit::delete(span)]));
        ways
    }

    /// The lines that an item has for itself, with the comments right above: between what stands before it, and what
    /// stands behind it and its comma.
    fn lines(&self, before: Span, behind: Span) -> Option<Span> {
        let line = line_start(self.text, before.end as usize);
        let rest = &self.text[behind.range()];
        let end = rest.find(['\n', '\r'])?;
        let words = rest[..end].trim_start();
        let is_alone = self.text[line..before.end as usize].trim().is_empty() && line > before.start as usize;
        if !is_alone || !(words.is_empty() || words.starts_with('#')) {
            return None;
        }
        let start = comments_above(self.text, line, before.start as usize);
        Some(Span::new(start, next_line(self.text, behind.start as usize + end)))
    }

    /// The white space behind the comma before an item; of the first, that of the second.
    fn space(&self, index: usize) -> &'a str {
        let before = |index: usize| {
            let start = self.items.get(index.checked_sub(1)?)?.end;
            let space = &self.text[start as usize..self.items.get(index)?.start as usize];
            let blank = space.trim_end().len();
            Some(line_of(&space[blank..]))
        };
        let opening = || {
            let inside = &self.text[self.span.start as usize + 1..];
            let space = &inside[..inside.len() - inside.trim_start().len()];
            if space.contains(['\n', '\r']) { line_of(space) } else { " " }
        };
        before(index.max(1)).unwrap_or_else(opening)
    }
}

/// The last line end of white space, and what follows it; all of it if it has none.
fn line_of(space: &str) -> &str {
    let Some(end) = space.rfind(['\n', '\r']) else { return space };
    let start = if space[..end].ends_with('\r') && space[end..].starts_with('\n') { end - 1 } else { end };
    &space[start..]
}

/// The end of an item; with the space behind its colon, if it has no value.
fn behind_colon(text: &str, item: Span) -> usize {
    let (before, rest) = text.split_at(item.end as usize);
    let is_open = before.ends_with(':');
    item.end as usize + if is_open { rest.len() - rest.trim_start_matches([' ', '\t']).len() } else { 0 }
}

/// The comma in what stands between two items, which may have comments.
fn comma(text: &str, between: Span) -> Option<u32> {
    let mut in_comment = false;
    let text = &text[between.range()];
    let found = text.bytes().position(|byte| {
        in_comment = if in_comment { !matches!(byte, b'\n' | b'\r') } else { byte == b'#' };
        byte == b',' && !in_comment
    });
    found.map(|at| between.start + at as u32)
}
