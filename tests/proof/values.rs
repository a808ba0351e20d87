//! What a front matter says to readers that are not ours, and what fixes may change of it.

use copydesk::article::{Article, Format};
use copydesk::data::{Node, Value};
use copydesk::finding::{Edit, Finding};
use copydesk::text::Span;
use serde_yaml::Value as Read;

/// The data at the head of an article as another program reads it; `None` where there is none, or it refuses it.
pub(super) fn read(article: &Article<'_>) -> Option<Read> {
    let block = article.front_matter.as_ref()?;
    let content = &article.text()[block.content.range()];
    match block.format {
        Format::Yaml => {
            let mut read: Read = serde_yaml::from_str(content).ok()?;
            read.apply_merge().ok()?;
            // An empty front matter has no keys yet.
            Some(if read.is_null() { Read::Mapping(serde_yaml::Mapping::new()) } else { read })
        }
        Format::Toml => {
            let content = content.replace("\r\n", "\n").replace('\r', "\n");
            serde_yaml::to_value(toml::from_str::<toml::Table>(&content).ok()?).ok()
        }
        Format::Json => serde_yaml::to_value(serde_json::from_str::<serde_json::Value>(content).ok()?).ok(),
    }
}

/// A difference between two values.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Changed(Vec<String>),
    Removed(Vec<String>),
    Added(Vec<String>),
}

/// Where two values differ, as deep down as can be said. The order of keys is no difference.
pub(super) fn differences(old: &Read, new: &Read) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(old, new, &mut Vec::new(), &mut found);
    found
}

fn compare(old: &Read, new: &Read, path: &mut Vec<String>, found: &mut Vec<Difference>) {
    match (old, new) {
        (Read::Mapping(old), Read::Mapping(new)) => {
            for (key, value) in old {
                path.push(name(key));
                match new.get(key) {
                    Some(new) => compare(value, new, path, found),
                    None => found.push(Difference::Removed(path.clone())),
                }
                path.pop();
            }
            for (key, _) in new.iter().filter(|(key, _)| old.get(key).is_none()) {
                path.push(name(key));
                found.push(Difference::Added(path.clone()));
                path.pop();
            }
        }
        (Read::Sequence(old), Read::Sequence(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                path.push(index.to_string());
                compare(old, new, path, found);
                path.pop();
            }
        }
        _ if old != new => found.push(Difference::Changed(path.clone())),
        _ => {}
    }
}

fn name(key: &Read) -> String {
    match key {
        Read::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim_end().to_owned(),
    }
}

/// What the fixes of one pass may change, found by where their edits fell in the old text.
#[derive(Default, Debug)]
pub(super) struct Permits {
    /// Values, keys with their values, and lists that lose an item.
    touched: Vec<Vec<String>>,
    /// What rules put in that may bring or rename keys.
    written: Vec<String>,
}

/// Rules whose fixes change how data is written, and never what it says.
const LAYOUT: [&str; 4] = ["field-order", "front-matter-misplaced", "whitespace", "yaml-portability"];

/// Rules that bring keys, or rename them.
const KEYS: [&str; 2] = ["schema", "unknown-field"];

impl Permits {
    pub(super) fn of(article: &Article<'_>, taken: &[&Finding]) -> Self {
        let mut permits = Self::default();
        let root = article.front_matter.as_ref().and_then(|block| block.root());
        for finding in taken.iter().filter(|finding| !LAYOUT.contains(&finding.rule.as_ref())) {
            let edits = finding.fix.as_ref().map_or(&[][..], |fix| fix.edits());
            for edit in edits {
                permits.add(root, edit, KEYS.contains(&finding.rule.as_ref()));
            }
        }
        permits
    }

    fn add(&mut self, root: Option<&Node>, edit: &Edit, brings_keys: bool) {
        if brings_keys {
            self.written.push(edit.text.clone());
        }
        if let Some(root) = root {
            touched(root, edit.span, &mut Vec::new(), &mut self.touched);
        }
    }

    pub(super) fn allow(&self, difference: &Difference) -> bool {
        match difference {
            Difference::Changed(path) | Difference::Removed(path) => {
                self.touched.iter().any(|touched| path.starts_with(touched))
            }
            Difference::Added(path) => {
                let key = path.last().expect("a key was added");
                self.written.iter().any(|text| text.contains(key.as_str()))
                    || self.touched.iter().any(|touched| path.starts_with(touched))
            }
        }
    }
}

/// The paths of what an edit changes: the innermost value around it, and each key and value that it takes along.
fn touched(node: &Node, edit: Span, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let holds = |span: Span| span.start <= edit.start && edit.end <= span.end;
    let meets = |span: Span| span.start < edit.end && edit.start < span.end;
    // The value of a key that has none yet.
    let fills = |span: Span| span.is_empty() && edit.contains(span);
    match &node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                path.push(entry.key.clone());
                // The span of a table of TOML begins with its header, and so with its key.
                if !meets(entry.key_span) && holds(extent(&entry.value)) {
                    touched(&entry.value, edit, path, found);
                } else if meets(entry.key_span) || meets(entry.value.span) || fills(entry.value.span) {
                    found.push(path.clone());
                }
                path.pop();
            }
        }
        Value::Sequence(items) => {
            let around = items.iter().enumerate().filter(|(_, item)| holds(extent(item)));
            let mut is_within = false;
            for (index, item) in around {
                is_within = true;
                path.push(index.to_string());
                touched(item, edit, path, found);
                path.pop();
            }
            // A whole item that goes is the list's loss.
            let goes = |item: &Node| item.span == edit || (meets(item.span) && !holds(extent(item)));
            if !is_within || items.iter().any(goes) {
                found.push(path.clone());
            }
        }
        _ => found.push(path.clone()),
    }
}

/// All bytes of a value: the parts of a table of TOML stand behind its header, and those of an alias at its anchor.
fn extent(node: &Node) -> Span {
    let parts = node.entries().iter().map(|entry| &entry.value).chain(node.items()).map(extent);
    parts.fold(node.span, |whole, part| Span {
        start: whole.start.min(part.start),
        end: whole.end.max(part.end),
    })
}
