//! The fields of a front matter stand in one order in all articles.

use std::collections::HashMap;

use serde::Deserialize;

use crate::article::{Article, Format, FrontMatter};
use crate::data::{Document, Entry, Node};
use crate::finding::{Edit, Fix};
use crate::rule::{ArticleCheck, Context, Sink};
use crate::text::{Span, line_end, line_start};
use crate::{toml, yaml};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FieldOrder {
    order: Vec<String>,
}

impl ArticleCheck for FieldOrder {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = article.front_matter.as_ref().filter(|block| block.is_sound()) else {
            return;
        };
        let mut order: Vec<&str> = self.order.iter().map(String::as_str).collect();
        if order.is_empty() {
            order = context.schema.map(|schema| schema.keys()).unwrap_or_default();
        }
        let Some(root) = front_matter.root().filter(|_| !order.is_empty()) else { return };
        let mut ranks = HashMap::with_capacity(order.len());
        for (rank, key) in order.iter().enumerate() {
            ranks.entry(*key).or_insert(rank);
        }
        let text = article.text();
        let entries = movable(text, front_matter, root);
        let rank = |entry: &&Entry| ranks.get(entry.key.as_str()).copied().unwrap_or(order.len());
        let mut sorted = entries.clone();
        sorted.sort_by_key(|entry| rank(entry));
        let Some(first) = (0..entries.len()).find(|at| !std::ptr::eq(entries[*at], sorted[*at])) else {
            return;
        };
        let (found, wanted) = (entries[first], sorted[first]);
        let message = format!("\"{}\" stands before \"{}\"", found.key, wanted.key);
        let fix = fix(text, front_matter, &entries, &sorted);
        let finding = sink.report(found.key_span, message);
        finding.related(wanted.key_span, "this comes first");
        if fix.is_none() {
            finding.help("put them in order by hand: to move whole lines would change what they say");
        }
        finding.fix = fix;
    }
}

/// The fields in the order of the text. In TOML a field behind the head of a table belongs to that table, so only those
/// before the first head can change places. What a merge key brings in stands elsewhere.
fn movable<'a>(text: &str, front_matter: &FrontMatter, root: &'a Node) -> Vec<&'a Entry> {
    let is_head = |entry: &&Entry| {
        text[line(text, entry.key_span.start as usize).range()].trim_start().starts_with('[')
    };
    let entries = root.entries().iter();
    match front_matter.format {
        Format::Toml => entries.take_while(|entry| !is_head(entry)).collect(),
        Format::Json => entries.collect(),
        Format::Yaml => {
            let mut end = 0;
            let follows = |entry: &&Entry| {
                let is_behind = entry.key_span.start >= end;
                end = end.max(entry.value.span.end).max(entry.key_span.end);
                is_behind
            };
            entries.take_while(follows).collect()
        }
    }
}

/// The line that holds a byte, without its end.
fn line(text: &str, at: usize) -> Span {
    let start = line_start(text, at);
    let end = line_end(text, at);
    Span::new(start, end)
}

/// One edit that puts the fields in order; `None` where that would change what the front matter says.
fn fix(text: &str, front_matter: &FrontMatter, entries: &[&Entry], sorted: &[&Entry]) -> Option<Fix> {
    let pieces = match front_matter.format {
        Format::Json => entries.iter().map(|entry| entry.key_span.to(entry.value.span)).collect(),
        Format::Yaml | Format::Toml => pieces(text, front_matter, entries)?,
    };
    let places: HashMap<Span, usize> =
        entries.iter().enumerate().map(|(at, entry)| (entry.key_span, at)).collect();
    let (first, last) = (pieces.first()?.start, pieces.last()?.end);
    let mut new = String::with_capacity((last - first) as usize);
    for (slot, entry) in sorted.iter().enumerate() {
        let piece = pieces[*places.get(&entry.key_span)?];
        new.push_str(&text[piece.range()]);
        // What stands between two pieces stays: the commas of JSON.
        let gap = pieces.get(slot + 1).map_or(last, |next| next.start);
        new.push_str(&text[pieces[slot].end as usize..gap as usize]);
    }
    let span = Span { start: first, end: last };
    let content = front_matter.content;
    let whole =
        [&text[content.start as usize..first as usize], &new, &text[last as usize..content.end as usize]];
    let parse = if front_matter.format == Format::Toml { toml::parse } else { yaml::parse };
    let says_the_same = is_same(&front_matter.document, &parse(&whole.concat(), 0));
    says_the_same.then(|| Fix::safe("put the fields in order", [Edit::replace(span, new)]))
}

/// The proof that nothing was lost: the new text is read again, and says the same.
fn is_same(old: &Document, new: &Document) -> bool {
    let json = |document: &Document| document.root.as_ref().map(Node::to_json);
    old.duplicates.is_empty()
        && new.problems.is_empty()
        && new.duplicates.is_empty()
        && old.comments.len() == new.comments.len()
        && json(old) == json(new)
}

/// The lines of each field, with the comments and blank lines above it. What stands above the first field, up to the
/// last blank line, is about the whole and stays where it is.
fn pieces(text: &str, front_matter: &FrontMatter, entries: &[&Entry]) -> Option<Vec<Span>> {
    let mut pieces = Vec::with_capacity(entries.len());
    let mut end = front_matter.content.start as usize;
    for (index, entry) in entries.iter().enumerate() {
        let key = line(text, entry.key_span.start as usize);
        let above = text.get(end..key.start as usize)?;
        let mut is_free = above.split(['\n', '\r']).map(str::trim_start);
        if key.start != entry.key_span.start || !is_free.all(|line| line.is_empty() || line.starts_with('#'))
        {
            return None;
        }
        let start = if index == 0 { end + behind_blank_line(above) } else { end };
        let last = entry.value.span.end.max(entry.key_span.end) as usize;
        let line = line(text, last).end as usize;
        let line_end = if text[line..].starts_with("\r\n") { 2 } else { usize::from(line < text.len()) };
        end = line + line_end;
        if end > front_matter.content.end as usize {
            return None;
        }
        pieces.push(Span::new(start, end));
    }
    Some(pieces)
}

/// Where a text goes on behind its last blank line.
fn behind_blank_line(text: &str) -> usize {
    let mut behind = 0;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        at += line.len();
        if line.trim().is_empty() {
            behind = at;
        }
    }
    behind
}
