//! Directives in the front matter, and the keys and list items that they stand at.

use std::cmp::Reverse;

use memchr::{memchr, memchr2, memmem};

use super::super::{Article, Format, FrontMatter};
use super::{Directive, Form, MARK, Scope, items, words};
use crate::data::Node;
use crate::text::{Span, line_start};

/// The keys of a front matter, each with all of its value, and the items of its lists, at any depth.
pub struct Keys<'t> {
    text: &'t str,
    /// Sorted by where they begin, outer before inner.
    things: Vec<Span>,
}

/// The directives of the front matter. One that cannot be read says nothing of its keys.
pub(super) fn directives(article: &Article<'_>) -> Vec<Directive> {
    let text = article.text();
    let Some(front_matter) = &article.front_matter else { return Vec::new() };
    let Some(root) = front_matter.root().filter(|_| front_matter.is_sound()) else { return Vec::new() };
    if memmem::find(&text.as_bytes()[front_matter.span.range()], MARK).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut keys = None;
    for span in comments(text, front_matter) {
        let marks = text[span.range()].len() - text[span.range()].trim_start_matches('#').len();
        let content = Span { start: span.start + marks as u32, end: span.end };
        let Some((directive, is_file)) = words(text, Form::Hash, span, content) else { continue };
        let scope = match (directive.scope, is_file) {
            (Scope::Unknown, _) => Scope::Unknown,
            (_, true) => Scope::File,
            _ => keys
                .get_or_insert_with(|| Keys::of(text, front_matter))
                .covered(span)
                .map_or(Scope::Nothing, Scope::Bytes),
        };
        found.push(Directive { scope, ..directive });
    }
    found.extend(items(text, root));
    found.sort_by_key(|directive| directive.span);
    found
}

impl<'t> Keys<'t> {
    /// The keys and items of a front matter.
    #[must_use]
    pub fn of(text: &'t str, front_matter: &FrontMatter) -> Self {
        let mut keys = Self { text, things: Vec::new() };
        if let Some(root) = front_matter.root() {
            keys.collect(root);
        }
        keys.things.sort_by_key(|thing| (thing.start, Reverse(thing.end)));
        keys
    }

    /// Takes what is below a node, and says where the last of it ends: the span of a table of TOML is that of its head.
    fn collect(&mut self, node: &Node) -> u32 {
        let mut last = node.span.end;
        for entry in node.entries() {
            let end = self.collect(&entry.value).max(entry.key_span.end);
            // What an alias or a merge brings in stands elsewhere.
            self.things.push(Span { start: entry.key_span.start, end });
            last = last.max(end);
        }
        for item in node.items() {
            let end = self.collect(item);
            self.things.push(Span { start: item.span.start, end: end.max(item.span.start) });
            last = last.max(end);
        }
        last
    }

    /// What a comment is about: the key whose line it ends, else the one that comes next.
    fn covered(&self, comment: Span) -> Option<Span> {
        let at = comment.start as usize;
        let line = line_start(self.text, at);
        if self.text[line..at].trim().is_empty() {
            let next = self.things.partition_point(|thing| thing.start < comment.end);
            return self.things.get(next).map(|thing| Span { start: comment.end, end: thing.end });
        }
        // Of the things on the line the first, and of those that begin together the smallest; else the one that goes on
        // from the lines above.
        let first = self.things.partition_point(|thing| (thing.start as usize) < line);
        let begins = self.things.get(first).map(|thing| thing.start).filter(|start| *start < comment.start);
        let here = self.things[first..].iter().take_while(|thing| Some(thing.start) == begins);
        here.last().or_else(|| self.things[..first].last()).copied()
    }

    /// The things that hold this byte, the smallest first.
    pub fn around(&self, at: u32) -> impl Iterator<Item = Span> {
        let end = self.things.partition_point(|thing| thing.start <= at);
        self.things[..end].iter().rev().filter(move |thing| at <= thing.end).copied()
    }
}

/// The comments of a front matter, each from its `#` to the end of its line. JSON has none.
fn comments(text: &str, front_matter: &FrontMatter) -> Vec<Span> {
    match front_matter.format {
        Format::Yaml => front_matter.document.comments.clone(),
        Format::Toml => toml_comments(text, front_matter.content),
        Format::Json => Vec::new(),
    }
}

/// Looks for `#` outside strings, in a text that was read without a mistake.
fn toml_comments(text: &str, content: Span) -> Vec<Span> {
    let (mut at, end) = (content.start as usize, content.end as usize);
    let bytes = &text.as_bytes()[..end];
    let mut found = Vec::new();
    while let Some(next) = bytes[at..].iter().position(|byte| matches!(byte, b'#' | b'"' | b'\'')) {
        at += next;
        let quote = bytes[at];
        if quote == b'#' {
            let length = memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(end - at);
            found.push(Span::new(at, at + text[at..at + length].trim_end().len()));
            at += length;
            continue;
        }
        let long = [quote; 3];
        let is_long = bytes[at..].starts_with(&long);
        at += if is_long { 3 } else { 1 };
        loop {
            let stop =
                if quote == b'"' { memchr2(b'"', b'\\', &bytes[at..]) } else { memchr(b'\'', &bytes[at..]) };
            let Some(stop) = stop else { return found };
            at += stop;
            if bytes[at] == b'\\' {
                at = (at + 2).min(end);
            } else if !is_long {
                at += 1;
                break;
            } else if bytes[at..].starts_with(&long) {
                // Up to two quotes may stand before those that close.
                at += bytes[at..].iter().take_while(|byte| **byte == quote).count();
                break;
            } else {
                at += 1;
            }
        }
    }
    found
}
