//! Lists and mappings in brackets: how their items are parted, and what stands between.

use crate::data::{Entry, Node};
use crate::finding::Edit;
use crate::text::Span;

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
    /// Those of a mapping.
    pub(super) fn of_entries(text: &'a str, mapping: &Node) -> Self {
        let colon = |entry: &Entry| {
            let colon = text.get(entry.key_span.end as usize..entry.value.span.start as usize)?;
            let is_colon = matches!(colon.trim(), ":" | "=") && !colon.contains(['\n', '\r']);
            (is_colon && !entry.value.span.is_empty()).then_some(colon)
        };
        let items = mapping.entries().iter().map(|entry| entry.key_span.to(entry.value.span));
        Self::of(text, mapping.span, items, mapping.entries().iter().find_map(colon))
    }

    /// What a merge key brings in stands elsewhere, and is left out.
    fn of(text: &'a str, span: Span, all: impl Iterator<Item = Span>, colon: Option<&'a str>) -> Self {
        let mut items: Vec<Span> = Vec::new();
        for item in all {
            if !span.contains(item) || items.last().is_some_and(|last| item.start < last.end) {
                break;
            }
            items.push(item);
        }
        Self { text, span, items, colon }
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
            let inside = &self.text[self.span.start as usize + 1..self.span.end as usize - 1];
            let is_blank = inside.trim().is_empty() && !inside.contains(['\n', '\r']);
            let at = self.span.start + 1;
            return if is_blank {
                let space = if inside.is_empty() { "" } else { " " };
                vec![Edit::replace(
                    Span { start: at, end: self.span.end - 1 },
                    format!("{space}{item}{space}"),
                )]
            } else {
                vec![Edit::insert(at, item)]
            };
        };
        let space = self.space(self.items.len() - 1);
        let tail = &self.text[last.end as usize..self.span.end as usize - 1];
        let is_closed = tail.trim_start().starts_with(',');
        let comments = tail.trim_end().len();
        let at = last.end + comments as u32;
        match (is_closed, comments) {
            (true, _) => vec![Edit::insert(at, format!("{space}{item},"))],
            (false, 0) => vec![Edit::insert(at, format!(",{space}{item}"))],
            (false, _) => vec![Edit::insert(last.end, ","), Edit::insert(at, format!("{space}{item}"))],
        }
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
