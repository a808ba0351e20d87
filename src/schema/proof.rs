//! Whether a suggestion mends: the document as it would be is judged too.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Change, Schema, Suggestion, Told, Violation};
use crate::data::{Entry, Node, Value, pointer_segments};
use crate::text::Span;

/// So many values are judged again for the suggestions of one document. What has more of them than that allows gets the
/// rest once these are mended, and the time for it stays in bounds.
const BUDGET: usize = 200_000;

/// What is wrong and where, in words that do not change with what else is wrong.
type Complaint<'v> = (&'v str, &'static str, &'v str);

/// Gives the suggestion to quote a value its characters; takes it away where they are not those of the value.
pub(super) fn quote<'t>(violation: &mut Violation, written: impl Fn(Span) -> Option<&'t str>) {
    let Some(Suggestion { change, .. }) = &mut violation.suggestion else { return };
    if *change != Change::QuoteValue {
        return;
    }
    // An alias shows a value that stands elsewhere.
    match written(violation.span).filter(|text| !text.is_empty() && !text.starts_with('*')) {
        Some(text) => *change = Change::ReplaceValue(text.into()),
        None => violation.suggestion = None,
    }
}

/// Takes away each suggestion that does not make its violation go, or that brings another one.
pub(super) fn prove(schema: &Schema, document: (Option<&Node>, Span), told: &mut Told) {
    if told.found.iter().all(|violation| violation.suggestion.is_none()) {
        return;
    }
    let holds = {
        let before = complaints(told.found.iter().chain(&told.hidden));
        proved(schema, document, &told.found, |violation, after| {
            let own = complaint(violation);
            after.get(&own) < before.get(&own)
                && after.iter().all(|(complaint, times)| before.get(complaint) >= Some(times))
        })
    };
    retain(&mut told.found, holds);
}

/// Takes away each suggestion that brings a violation.
pub(super) fn harmless(schema: &Schema, document: (Option<&Node>, Span), unknown: &mut [Violation]) {
    if unknown.iter().all(|violation| violation.suggestion.is_none()) {
        return;
    }
    let told = schema.told(document.0, document.1);
    let before = complaints(told.found.iter().chain(&told.hidden));
    let holds = proved(schema, document, unknown, |_, after| {
        after.iter().all(|(complaint, times)| before.get(complaint) >= Some(times))
    });
    retain(unknown, holds);
}

fn retain(violations: &mut [Violation], holds: Vec<bool>) {
    for (violation, holds) in violations.iter_mut().zip(holds) {
        violation.suggestion = violation.suggestion.take().filter(|_| holds);
    }
}

/// For each of the violations, whether what is said of the document with its suggestion taken is as it should be.
fn proved(
    schema: &Schema,
    (root, anchor): (Option<&Node>, Span),
    violations: &[Violation],
    is_right: impl Fn(&Violation, &HashMap<Complaint<'_>, usize>) -> bool,
) -> Vec<bool> {
    let size = root.map_or(1, size);
    let mut left = BUDGET.max(size);
    let mut holds = |violation: &Violation| {
        let suggestion = violation.suggestion.as_ref()?;
        left = left.checked_sub(size)?;
        let changed = changed(root, anchor, violation, &suggestion.change)?;
        let told = schema.told(Some(&changed), anchor);
        Some(is_right(violation, &complaints(&told.found)))
    };
    violations.iter().map(|violation| holds(violation).unwrap_or(false)).collect()
}

fn complaints<'v>(violations: impl IntoIterator<Item = &'v Violation>) -> HashMap<Complaint<'v>, usize> {
    let mut complaints = HashMap::new();
    for violation in violations {
        *complaints.entry(complaint(violation)).or_insert(0) += 1;
    }
    complaints
}

fn complaint(violation: &Violation) -> Complaint<'_> {
    let message = match violation.keyword {
        // These count what stands there, or number it, which any change may change.
        "minProperties" | "maxProperties" | "uniqueItems" => "",
        // What is there instead is another matter.
        "required" | "dependentRequired" => {
            violation.message.split(", but there is ").next().unwrap_or_default()
        }
        _ => &violation.message,
    };
    (&violation.pointer, violation.keyword, message)
}

fn size(node: &Node) -> usize {
    let values = node.entries().iter().map(|entry| &entry.value);
    1 + node.items().iter().chain(values).map(size).sum::<usize>()
}

/// The document with one change made; `None` where there is no place for it.
fn changed(root: Option<&Node>, anchor: Span, violation: &Violation, change: &Change) -> Option<Node> {
    let empty = || Node { span: anchor, value: Value::Mapping(Vec::new()) };
    let mut root = root.filter(|root| !root.is_null()).cloned().unwrap_or_else(empty);
    let mut place = &mut root;
    for segment in pointer_segments(&violation.pointer) {
        place = match &mut place.value {
            Value::Mapping(entries) => {
                &mut entries.iter_mut().rev().find(|entry| entry.key == segment)?.value
            }
            Value::Sequence(items) => items.get_mut(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    match (change, &mut place.value) {
        (Change::ReplaceValue(value), _) => *place = planted(value, place.span),
        (Change::RenameKey { to }, Value::Mapping(entries)) => {
            let entry = entries.iter_mut().find(|entry| entry.key_span == violation.span)?;
            to.clone_into(&mut entry.key);
        }
        (Change::InsertKey { key, value, .. }, Value::Mapping(entries)) => {
            entries.push(Entry { key: key.clone(), key_span: anchor, value: planted(value, anchor) });
        }
        (Change::RemoveItem, Value::Sequence(items)) => {
            items.remove(items.iter().position(|item| item.span == violation.span)?);
        }
        _ => return None,
    }
    Some(root)
}

/// A value that stands nowhere yet.
fn planted(value: &Json, span: Span) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.clone()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Sequence(items.iter().map(|item| planted(item, span)).collect()),
        Json::Object(entries) => {
            let entry = |(key, value): (&String, &Json)| Entry {
                key: key.clone(),
                key_span: span,
                value: planted(value, span),
            };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node { span, value }
}
