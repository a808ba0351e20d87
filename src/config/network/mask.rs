//! The text of a config as it may be shown: without passwords that are written into it.

use std::sync::Arc;

use super::address::credentials;
use super::effective::KEYS;
use super::template::Template;
use crate::data::{Node, Value};
use crate::text::{Source, Span, behind_mark};
use crate::yaml;

/// Whether the values of a key of the block may be shown. What is neither such a key nor `proxy` may be a slip for `headers`.
fn is_open(key: &str) -> bool {
    KEYS.contains(&key) && !matches!(key, "headers" | "proxy")
}

/// The same file, in which stars stand for the values of headers that name no environment variable and for what a proxy
/// is told. Frames of mistakes show lines of a config wherever the mistake is, and logs of CI show frames. All bytes and
/// characters stay where they are. A text that is no YAML is as it was.
pub(in crate::config) fn masked(source: Source) -> Source {
    let text = source.text();
    // Most configs say nothing of the network, and are not read twice for it.
    if source.damage().is_some() || !text.contains("network") {
        return source;
    }
    let start = behind_mark(text);
    let document = yaml::parse(&text[start..], start);
    let mut spans = Vec::new();
    for entry in document.root.as_ref().map_or(&[][..], Node::entries) {
        if entry.key == "network" {
            entry
                .value
                .entries()
                .iter()
                .for_each(|entry| secrets(&entry.key, &entry.value, text, &mut spans));
        }
    }
    if spans.is_empty() {
        return source;
    }
    let mut shown = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let is_secret = spans.iter().any(|span: &Span| span.range().contains(&at));
        shown.push(if is_secret && !matches!(letter, '\n' | '\r') { star(letter) } else { letter });
    }
    Source::new(Arc::clone(source.path()), shown.into_bytes())
}

/// The bytes of secrets in the value of a key of the block.
fn secrets(key: &str, node: &Node, text: &str, spans: &mut Vec<Span>) {
    match &node.value {
        _ if is_open(key) => {}
        Value::Mapping(entries) => {
            for entry in entries {
                // Only a text alone is the address of a proxy.
                secrets(if key == "proxy" { "" } else { key }, &entry.value, text, spans);
            }
        }
        Value::String(_) if key == "proxy" => {
            let written = &text[node.span.range()];
            spans.extend(
                credentials(written).map(|range| Span::from(range).shifted(node.span.start as usize)),
            );
        }
        Value::String(value) if Template::parse(value).is_ok_and(|template| template.has_variables()) => {}
        _ => spans.push(node.span),
    }
}

/// A star of as many bytes as a character.
fn star(letter: char) -> char {
    match letter.len_utf8() {
        1 => '*',
        2 => '×',
        3 => '∗',
        _ => '🞵',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_nothing_moves() {
        let text = "network:\n  headers:\n    a.test: {A: \"gehéim 1\", B: 'x ${Y}', C: 12}\n    b.test:\n      D: |\n        one\n        two\n  proxy: http://me:pass@proxy.internal\n  header: {a.test: {A: oops}}\n  retries: 1 # me\n";
        let shown = masked(Source::new("copydesk.yaml", text.into()));
        assert_eq!(
            shown.text(),
            "network:\n  headers:\n    a.test: {A: ****×*****, B: 'x ${Y}', C: **}\n    b.test:\n      D: |\n        ***\n***********\n  proxy: http://*******@proxy.internal\n  header: {a.test: {A: ****}}\n  retries: 1 # me\n"
        );
        assert_eq!(shown.text().len(), text.len());
        let keys = masked(Source::new("copydesk.yaml", "network: {proxy: a, headers: {}}".into()));
        assert_eq!(keys.text(), "network: {proxy: a, headers: {}}");
    }

    #[test]
    fn the_open_keys_are_those_of_the_schema() {
        let schema = yaml::parse(crate::config::raw::SCHEMA, 0).root.expect("it is JSON");
        let keys = schema.find(["$defs", "network", "properties"]).expect("it has the block").node.entries();
        let keys: Vec<&str> = keys.iter().map(|entry| entry.key.as_str()).collect();
        let closed: Vec<&str> = keys.iter().copied().filter(|key| !is_open(key)).collect();
        assert_eq!(closed, ["headers", "proxy"]);
        assert_eq!(keys.len(), KEYS.len());
    }
}
