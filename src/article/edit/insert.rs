//! Adding a key to a mapping.

use serde_json::Value as Json;

use super::value::{Style, Writer};
use super::{Editor, comments_above, flow};
use crate::article::Format;
use crate::data::{Entry, Node};
use crate::finding::Edit;
use crate::text::{line_end, line_start};

/// The ways to write the first key of a front matter that has nothing but comments: behind them.
pub(super) fn alone(editor: &Editor<'_>, key: &str, value: &Json) -> Vec<Vec<Edit>> {
    let end = editor.block.content.end;
    let line_end = editor.line_end();
    let entries = entries(&editor.writer(&[]), colon(editor.block.format), (key, value));
    entries.into_iter().map(|entry| vec![Edit::insert(end, format!("{entry}{line_end}"))]).collect()
}

/// The ways to write a key and its value.
fn entries(writer: &Writer<'_>, colon: &str, (key, value): (&str, &Json)) -> Vec<String> {
    let values = writer.value(value, Style::Plain);
    let keys = writer.key(key, Style::Plain);
    keys.iter().flat_map(|key| values.iter().map(move |value| format!("{key}{colon}{value}"))).collect()
}

fn colon(format: Format) -> &'static str {
    if format == Format::Toml { " = " } else { ": " }
}

/// A place between two entries of a mapping, or at one of its ends.
#[derive(Debug)]
pub(super) struct Gap<'e, 'a> {
    editor: &'e Editor<'a>,
    mapping: &'e Node,
    path: &'e [usize],
    after: Option<usize>,
}

impl<'e, 'a> Gap<'e, 'a> {
    /// The place behind an entry, or before the first.
    pub(super) fn of(
        editor: &'e Editor<'a>,
        path: &'e [usize],
        mapping: &'e Node,
        after: Option<usize>,
    ) -> Self {
        let mut gap = Self { editor, mapping, path, after };
        if editor.block.format == Format::Toml && !editor.is_flow(mapping) {
            let is_line = |index: &usize| !editor.is_head(mapping.entries()[*index].key_span);
            gap.after = after.and_then(|after| (0..=after).rev().find(is_line));
        }
        gap
    }

    /// Where the new entry will be.
    pub(super) fn index(&self) -> usize {
        self.after.map_or(0, |after| after + 1)
    }

    /// The ways to write a new entry there.
    pub(super) fn insertions(&self, key: &str, value: &Json) -> Vec<Vec<Edit>> {
        let editor = self.editor;
        let is_flow = editor.is_flow(self.mapping);
        let writer =
            Writer { in_flow: is_flow || editor.writer(self.path).in_flow, ..editor.writer(self.path) };
        if is_flow {
            let brackets = flow::Brackets::of(editor.text, self.mapping);
            let colon = brackets.colon().unwrap_or(colon(writer.format));
            let entries = entries(&writer, colon, (key, value));
            return entries.iter().map(|entry| brackets.with(self.index(), entry)).collect();
        }
        let entries = entries(&writer, colon(writer.format), (key, value));
        let places = match self.after {
            Some(after) => self.behind(&self.mapping.entries()[after]),
            None => self.first(),
        };
        let insert = |entry: &String| -> Vec<Vec<Edit>> {
            places
                .iter()
                .map(|(at, before, behind)| {
                    vec![Edit::insert(*at as u32, format!("{before}{entry}{behind}"))]
                })
                .collect()
        };
        entries.iter().flat_map(insert).collect()
    }

    /// Behind the last line of an entry, and what belongs to it: deeper comments, and the empty lines of a text.
    fn behind(&self, entry: &Entry) -> Vec<(usize, String, String)> {
        let text = self.editor.text;
        let indent = self.indent(entry);
        let mut at = self.editor.entry_end(entry);
        let end = self.editor.block.content.end as usize;
        let place = |at: usize| {
            let is_line = text[..at].ends_with(['\n', '\r']);
            let line_end = self.editor.line_end();
            if is_line {
                (at, indent.clone(), line_end.to_owned())
            } else {
                (at, format!("{line_end}{indent}"), String::new())
            }
        };
        let mut places = vec![place(at)];
        while at < end && text[at..line_end(text, at)].trim().is_empty() {
            at = self.editor.next_line(at);
        }
        places.push(place(at));
        places
    }

    /// Before the first entry and the comments right above it.
    fn first(&self) -> Vec<(usize, String, String)> {
        let (text, line_end) = (self.editor.text, self.editor.line_end());
        let Some(first) = self.mapping.entries().first().filter(|_| !self.is_below_head()) else {
            return self.below_head();
        };
        let key = first.key_span.start as usize;
        let indent = self.indent(first);
        let line = line_start(text, key);
        let mut places = Vec::new();
        let above = || comments_above(text, line, self.editor.block.content.start as usize);
        if self.editor.is_head(first.key_span) {
            return vec![(above(), String::new(), line_end.repeat(2))];
        }
        if text[line..key].trim().is_empty() {
            places.push((above(), indent.clone(), line_end.to_owned()));
        }
        places.push((key, String::new(), format!("{line_end}{indent}")));
        places
    }

    /// Whether the entries of a TOML table stand below its head.
    fn is_below_head(&self) -> bool {
        let is_table = self.editor.block.format == Format::Toml && !self.path.is_empty();
        is_table && self.mapping.entries().first().is_none_or(|first| self.editor.is_head(first.key_span))
    }

    /// Behind the head of a TOML table; or where a front matter of TOML has no key.
    fn below_head(&self) -> Vec<(usize, String, String)> {
        let (editor, line_end) = (self.editor, self.editor.line_end().to_owned());
        if self.path.is_empty() {
            return vec![(editor.block.content.end as usize, String::new(), line_end)];
        }
        let above = editor.above(self.path);
        let entry = above.last().and_then(|parent| parent.entries().get(*self.path.last()?));
        let Some(entry) = entry.filter(|entry| editor.is_head(entry.key_span)) else { return Vec::new() };
        vec![(editor.next_line(entry.key_span.end as usize), String::new(), line_end)]
    }

    /// What stands before the keys of the mapping.
    fn indent(&self, entry: &Entry) -> String {
        let key = entry.key_span.start as usize;
        let before = &self.editor.text[line_start(self.editor.text, key)..key];
        if self.editor.block.format == Format::Toml {
            // The names of the tables that a dotted key is in.
            return before.to_owned();
        }
        before.chars().map(|letter| if letter == '\t' { '\t' } else { ' ' }).collect()
    }
}

impl Editor<'_> {
    /// Where the lines of an entry end: behind its comment, and behind comments that stand deeper than its key.
    pub(super) fn entry_end(&self, entry: &Entry) -> usize {
        let last = entry.span().end as usize;
        let key = entry.key_span.start as usize;
        self.lines_end(last, key - line_start(self.text, key))
    }

    /// Where the lines end that hold this byte and the comments deeper than a column.
    pub(super) fn lines_end(&self, last: usize, column: usize) -> usize {
        let mut end = self.next_line(last);
        if self.block.format != Format::Yaml {
            return end;
        }
        while end < self.block.content.end as usize {
            let line = &self.text[end..line_end(self.text, end)];
            let margin = line.len() - line.trim_start_matches([' ', '\t']).len();
            if margin <= column || !line[margin..].starts_with('#') {
                break;
            }
            end = self.next_line(end);
        }
        end
    }
}
