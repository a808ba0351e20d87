//! Changes to a front matter, as edits of its text.
//!
//! Each is proved before it is given away: the edited text is read again, and must say what the old one said but for the
//! change. What cannot be written so is refused. Everything else stays to the byte: the order of the keys, comments,
//! indentation, quotes, the spacing of lists and mappings in brackets, line ends and the byte-order mark.

mod block;
mod flow;
mod insert;
mod order;
mod proof;
mod remove;
mod scalar;
#[cfg(test)]
mod tests;
mod value;

use std::cell::Cell;

use serde_json::Value as Json;

use super::{Article, Format, FrontMatter};
use crate::data::{Entry, Node, Value};
use crate::finding::Edit;
use crate::text::{Span, line_break, line_start, next_line};
use proof::Comments;
use value::{Style, Writer};

/// Writes changes to the front matter of an article, be it YAML, TOML or JSON.
///
/// Nodes are those of [`FrontMatter::root`]: see [`Node::find`] for a way from a path to one. All changes answer `None`
/// where they cannot be made without changing something else: below an alias, in what a merge key brings in, in a table
/// that is written in several places.
#[derive(Debug)]
pub struct Editor<'a> {
    text: &'a str,
    block: &'a FrontMatter,
    /// Where the body begins.
    body: usize,
    /// How many bytes were read again.
    work: Cell<usize>,
}

impl<'a> Editor<'a> {
    /// An editor for an article; `None` where it has no front matter, or one that cannot be read.
    #[must_use]
    pub fn of(article: &'a Article<'_>) -> Option<Self> {
        let block = article.front_matter.as_ref().filter(|block| block.is_sound())?;
        Some(Self { text: article.text(), block, body: article.body.span.start as usize, work: Cell::new(0) })
    }

    /// Writes a value in the place of a scalar, or of nothing: in its style of quotes where that can be, else with the
    /// fewest that all readers of YAML 1.1 and 1.2 read alike. A text in lines of its own (`|`, `>`) ends with a line
    /// end, unless its header says otherwise: it keeps its header if the new one does too.
    #[must_use]
    pub fn replace(&self, node: &Node, value: &Json) -> Option<Vec<Edit>> {
        let path = self.path(node)?;
        let expected = self.changed(&path, |node| *node = proof::node(value))?;
        self.first_right(scalar::replacements(self, &path, node, value), &expected, Comments::Stay)
    }

    /// Writes an ISO 8601 date, or date and time, in the place of a scalar: bare where the language has dates and the
    /// old value is bare, else in quotes.
    #[must_use]
    pub fn replace_date(&self, node: &Node, date: &str) -> Option<Vec<Edit>> {
        let path = self.path(node)?;
        let expected = self.changed(&path, |node| *node = proof::node(&Json::from(date)))?;
        self.first_right(scalar::dates(self, &path, node, date), &expected, Comments::Stay)
    }

    /// Adds a key to a mapping (without one, to the front matter that has none yet): behind the entry named, else as its
    /// first. In TOML, where a key cannot stand behind a table, it comes as near to there as can be.
    #[must_use]
    pub fn insert(
        &self,
        mapping: Option<&Node>,
        after: Option<&str>,
        (key, value): (&str, &Json),
    ) -> Option<Vec<Edit>> {
        let Some(mapping) = mapping.or_else(|| self.block.root()) else {
            let entries = vec![proof::entry(key, value)];
            let expected = Node { value: Value::Mapping(entries), ..proof::node(&Json::Null) };
            return self.first_right(insert::alone(self, key, value), &expected, Comments::Stay);
        };
        let entries = mapping.entries();
        let after = match after {
            Some(after) => Some(entries.iter().rposition(|entry| entry.key == after)?),
            None => None,
        };
        let is_free = self.is_key(key) && mapping.get(key).is_none() && !self.is_tagged(mapping);
        if !matches!(mapping.value, Value::Mapping(_)) || !is_free {
            return None;
        }
        let path = self.path(mapping)?;
        let gap = insert::Gap::of(self, &path, mapping, after);
        let expected = self.changed(&path, |mapping| {
            if let Value::Mapping(entries) = &mut mapping.value {
                entries.insert(gap.index(), proof::entry(key, value));
            }
        })?;
        self.first_right(gap.insertions(key, value), &expected, Comments::Stay)
    }

    /// Takes out the entry of a mapping, or the item of a list, that this value is: with its comma, its comments and its
    /// line. Of the last one an empty list or mapping stays.
    #[must_use]
    pub fn remove(&self, value: &Node) -> Option<Vec<Edit>> {
        let path = self.path(value)?;
        let (index, above) = path.split_last()?;
        let expected = self.changed(above, |parent| match &mut parent.value {
            Value::Mapping(entries) => drop(entries.remove(*index)),
            Value::Sequence(items) => drop(items.remove(*index)),
            _ => {}
        })?;
        self.first_right(remove::removals(self, &path, value), &expected, Comments::Go)
    }

    /// Writes a key in another way; in its quotes, if it has any.
    #[must_use]
    pub fn rename(&self, entry: &Entry, to: &str) -> Option<Vec<Edit>> {
        let path = self.path(&entry.value)?;
        let (index, above) = path.split_last()?;
        let is_taken = self.above(&path).last().is_some_and(|mapping| mapping.get(to).is_some());
        if is_taken || !self.is_key(to) {
            return None;
        }
        let expected = self.changed(above, |mapping| {
            if let Value::Mapping(entries) = &mut mapping.value {
                to.clone_into(&mut entries[*index].key);
            }
        })?;
        let style = Style::of(&self.text[entry.key_span.range()], self.block.format);
        let keys = self.writer(&path).key(to, style).into_iter();
        self.first_right(keys.map(|key| vec![Edit::replace(entry.key_span, key)]), &expected, Comments::Stay)
    }

    /// Puts the entries of a mapping into this order, each with its comments: `order` names them by their places in the
    /// mapping. What cannot change places (see [`Editor::movable`]) is not in it and stays.
    #[must_use]
    pub fn reorder(&self, mapping: &Node, order: &[usize]) -> Option<Vec<Edit>> {
        let path = self.path(mapping)?;
        let (first, last) = (*order.iter().min()?, *order.iter().max()?);
        let mut slots = order.to_vec();
        slots.sort_unstable();
        slots.dedup();
        let entries = mapping.entries().get(first..=last)?;
        // What is not named stays where it is.
        let mut all: Vec<usize> = (0..entries.len()).collect();
        for (slot, from) in slots.iter().zip(order) {
            all[slot - first] = from - first;
        }
        if slots.len() < order.len() || !self.block.document.duplicates.is_empty() {
            return None;
        }
        let expected = self.changed(&path, |mapping| {
            if let Value::Mapping(entries) = &mut mapping.value {
                let moved: Vec<Entry> = all.iter().map(|from| entries[first + from].clone()).collect();
                entries.splice(first..=last, moved);
            }
        })?;
        self.first_right(order::reordered(self, entries, &all), &expected, Comments::Move)
    }

    /// How many entries of a mapping, from its first, can change places. In TOML a key behind the head of a table belongs
    /// to that table; what a merge key brings in stands elsewhere.
    #[must_use]
    pub fn movable(&self, mapping: &Node) -> usize {
        order::movable(self, mapping)
    }

    /// The quotation mark that the front matter begins its first quoted value with, else the double one.
    #[must_use]
    pub fn quote(&self) -> char {
        let mut nodes: Vec<&Node> = self.block.root().into_iter().collect();
        while let Some(node) = nodes.pop() {
            let first = self.text[node.span.range()].chars().next();
            if let Some(quote @ ('"' | '\'')) = first.filter(|_| node.as_str().is_some()) {
                return quote;
            }
            nodes.extend(node.items().iter().rev());
            nodes.extend(node.entries().iter().rev().map(|entry| &entry.value));
        }
        '"'
    }

    /// The way from the root to a node, which is found by its address: places of entries and items.
    fn path(&self, node: &Node) -> Option<Vec<usize>> {
        // Nothing that it leads to could be proved.
        if self.is_spent() {
            return None;
        }
        let mut path = Vec::new();
        way(self.block.root()?, node, &mut path).then_some(path)
    }

    /// The nodes on a way, from the root to the one before the last.
    fn above(&self, path: &[usize]) -> Vec<&'a Node> {
        let mut nodes = Vec::with_capacity(path.len());
        let mut next = self.block.root();
        for index in path {
            let Some(node) = next else { break };
            nodes.push(node);
            next = child(node, *index);
        }
        nodes
    }

    /// Whether a value is written in brackets.
    fn is_flow(&self, node: &Node) -> bool {
        let is_collection = matches!(node.value, Value::Mapping(_) | Value::Sequence(_));
        let written = &self.text[node.span.range()];
        let is_table = self.block.format == Format::Toml && matches!(node.value, Value::Mapping(_));
        is_collection && (written.starts_with('{') || (written.starts_with('[') && !is_table))
    }

    /// Some readers of YAML merge mappings at this key even where it is in quotes.
    fn is_key(&self, key: &str) -> bool {
        key != "<<" || self.block.format != Format::Yaml
    }

    /// Whether a key stands in the head of a TOML table.
    fn is_head(&self, key: Span) -> bool {
        let before = &self.text[line_start(self.text, key.start as usize)..key.start as usize];
        self.block.format == Format::Toml && before.trim_start().starts_with('[')
    }

    /// Whether a tag of YAML stands before a value, and says what it may be.
    fn is_tagged(&self, node: &Node) -> bool {
        let mut before = self.text[..node.span.start as usize].trim_end();
        loop {
            let word = before.rsplit([' ', '\t', '\n', '\r', '[', '{', ',']).next().unwrap_or_default();
            match word.as_bytes().first() {
                Some(b'!') => return self.block.format == Format::Yaml,
                // An anchor, or the header of a text in lines.
                Some(b'&' | b'|' | b'>') => before = before[..before.len() - word.len()].trim_end(),
                _ => return false,
            }
        }
    }

    fn writer(&self, path: &[usize]) -> Writer<'a> {
        let in_flow = self.above(path).into_iter().any(|node| self.is_flow(node));
        Writer { format: self.block.format, quote: self.quote(), in_flow, line_end: self.line_end() }
    }

    /// The line end of the front matter: that of its first line.
    fn line_end(&self) -> &'a str {
        line_break(self.text, self.block.span.start as usize)
    }

    fn next_line(&self, at: usize) -> usize {
        next_line(self.text, at)
    }
}

/// Where the line above a line begins; `None` where it would begin before `floor`.
fn line_above(text: &str, line: usize, floor: usize) -> Option<usize> {
    let end = text[..line].strip_suffix('\n').unwrap_or(&text[..line]);
    let end = end.strip_suffix('\r').unwrap_or(end).len();
    let above = line_start(text, end);
    (above >= floor && above < line).then_some(above)
}

/// Where the comment lines right above a line begin; not before `floor`.
fn comments_above(text: &str, line: usize, floor: usize) -> usize {
    let mut start = line;
    while let Some(above) = line_above(text, start, floor)
        && text[above..start].trim_start().starts_with('#')
    {
        start = above;
    }
    start
}

fn child(node: &Node, index: usize) -> Option<&Node> {
    match &node.value {
        Value::Mapping(entries) => entries.get(index).map(|entry| &entry.value),
        Value::Sequence(items) => items.get(index),
        _ => None,
    }
}

fn way(from: &Node, to: &Node, path: &mut Vec<usize>) -> bool {
    if std::ptr::eq(from, to) {
        return true;
    }
    for index in 0..from.items().len().max(from.entries().len()) {
        path.push(index);
        if child(from, index).is_some_and(|child| way(child, to, path)) {
            return true;
        }
        path.pop();
    }
    false
}
