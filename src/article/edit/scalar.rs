//! Writing a value in the place of another.

use serde_json::Value as Json;

use super::value::Style;
use super::{Editor, block};
use crate::article::Format;
use crate::data::{Node, Value};
use crate::finding::Edit;
use crate::text::Span;

/// The ways to write a value in the place of a scalar, of nothing, or of a list or mapping in brackets.
pub(super) fn replacements(editor: &Editor<'_>, path: &[usize], node: &Node, value: &Json) -> Vec<Vec<Edit>> {
    let writer = editor.writer(path);
    if editor.is_tagged(node) {
        return Vec::new();
    }
    if let Some(lines) = block::Lines::of(editor, node) {
        let mut ways = match value {
            Json::String(text) => lines.rewritten(text),
            _ => Vec::new(),
        };
        ways.extend(writer.value(value, Style::Plain).iter().map(|text| lines.replaced(text)));
        return ways;
    }
    let written = &editor.text[node.span.range()];
    let is_collection = matches!(node.value, Value::Sequence(_) | Value::Mapping(_));
    if is_collection && !written.starts_with(['[', '{', '*']) {
        return Vec::new();
    }
    let texts = writer.value(value, Style::of(written, editor.block.format));
    placed(editor, node, &texts)
}

/// The ways to write a date.
pub(super) fn dates(editor: &Editor<'_>, path: &[usize], node: &Node, date: &str) -> Vec<Vec<Edit>> {
    let written = &editor.text[node.span.range()];
    let is_bare = editor.block.format != Format::Json
        && Style::of(written, editor.block.format) == Style::Plain
        && block::Lines::of(editor, node).is_none()
        && !editor.is_tagged(node)
        && !matches!(node.value, Value::Sequence(_) | Value::Mapping(_));
    let mut ways = if is_bare { placed(editor, node, &[date.to_owned()]) } else { Vec::new() };
    ways.extend(replacements(editor, path, node, &Json::from(date)));
    ways
}

/// Each text in the place of a value; what is absent needs space, or its colon.
fn placed(editor: &Editor<'_>, node: &Node, texts: &[String]) -> Vec<Vec<Edit>> {
    let at = node.span.start;
    if !node.span.is_empty() {
        return texts.iter().map(|text| vec![Edit::replace(node.span, text)]).collect();
    }
    let rest = &editor.text[at as usize..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    // Before a comment the white space stays.
    let blank = if rest[blank..].starts_with('#') { 0 } else { blank };
    let gap = Span { start: at, end: at + blank as u32 };
    let is_apart = editor.text[..at as usize].ends_with([' ', '\t']);
    let starts: &[&str] = if is_apart { &[""] } else { &[" ", ": "] };
    let ways = starts.iter().flat_map(|start| texts.iter().map(move |text| format!("{start}{text}")));
    ways.map(|text| vec![Edit::replace(gap, text)]).collect()
}
