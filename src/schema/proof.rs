//! Whether a suggestion mends: the document as it would be is judged too.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Change, Schema, Suggestion, Told, Violation};
use crate::data::{Entry, Node, Value, pointer_segments};
use crate::finding::Safety;
use crate::text::Span;

/// So many values are judged again for the suggestions of one document. What has more of them than that allows gets the
/// rest once these are mended, and the time for it stays in bounds.
const BUDGET: usize = 50_000;

/// A document for which that many values would be judged, were its suggestions proved one by one, has more mistakes than
/// a person makes: those are proved together.
const MANY: usize = 20_000;

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
        proved(schema, document, &told.found, |those, after| {
            fits(after, &before, &complaints(those.iter().copied()))
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
    let holds = proved(schema, document, unknown, |_, after| fits(after, &before, &HashMap::new()));
    retain(unknown, holds);
}

fn retain(violations: &mut [Violation], holds: Vec<bool>) {
    for (violation, holds) in violations.iter_mut().zip(holds) {
        violation.suggestion = violation.suggestion.take().filter(|_| holds);
    }
}

/// How often each thing is said of a document.
type Complaints<'v> = HashMap<Complaint<'v>, usize>;

/// Whether nothing is said that was not said before, once what should be gone is.
fn fits(after: &Complaints<'_>, before: &Complaints<'_>, gone: &Complaints<'_>) -> bool {
    let times = |of: &Complaints<'_>, complaint| of.get(complaint).copied().unwrap_or(0);
    after.iter().all(|(complaint, left)| left + times(gone, complaint) <= times(before, complaint))
}

/// For each of the violations, whether what is said of the document with its suggestion taken is as it should be.
fn proved(
    schema: &Schema,
    (root, anchor): (Option<&Node>, Span),
    violations: &[Violation],
    is_right: impl Fn(&[&Violation], &Complaints<'_>) -> bool,
) -> Vec<bool> {
    let size = root.map_or(1, size);
    let mut left = BUDGET.max(size);
    let mut holds = vec![false; violations.len()];
    // What waits for its proof, the next one last. The safe ones are taken without the others, so they stand alone.
    let mut waiting: Vec<Vec<usize>> = Vec::new();
    for safety in [Safety::Unsafe, Safety::Safe] {
        let of = |violation: &Violation| violation.suggestion.as_ref().map(|suggestion| suggestion.safety);
        waiting.push((0..violations.len()).filter(|at| of(&violations[*at]) == Some(safety)).collect());
    }
    let count: usize = waiting.iter().map(Vec::len).sum();
    if count * size <= MANY {
        waiting = waiting.concat().into_iter().map(|at| vec![at]).collect();
    }
    while let Some(mut batch) = waiting.pop() {
        let those: Vec<&Violation> = batch.iter().map(|at| &violations[*at]).collect();
        if those.is_empty() {
            continue;
        }
        let Some(rest) = left.checked_sub(size) else { break };
        left = rest;
        let changed = changed(root, anchor, &those);
        let is_proved = changed
            .is_some_and(|changed| is_right(&those, &complaints(&schema.told(Some(&changed), anchor).found)));
        if is_proved {
            for at in batch {
                holds[at] = true;
            }
        } else if batch.len() > 1 {
            let second = batch.split_off(batch.len() / 2);
            waiting.extend([second, batch]);
        }
    }
    holds
}

fn complaints<'v>(violations: impl IntoIterator<Item = &'v Violation>) -> Complaints<'v> {
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

/// The document with the suggestions of these violations taken; `None` where there is no place for one.
fn changed(root: Option<&Node>, anchor: Span, violations: &[&Violation]) -> Option<Node> {
    let empty = || Node { span: anchor, value: Value::Mapping(Vec::new()) };
    let mut root = root.filter(|root| !root.is_null()).cloned().unwrap_or_else(empty);
    let planned = violations.iter().filter_map(|violation| {
        let mut way: Vec<String> = pointer_segments(&violation.pointer).collect();
        way.reverse();
        Some(Planned { way, at: violation.span, change: &violation.suggestion.as_ref()?.change })
    });
    carry_out(planned.collect(), &mut root, anchor).then_some(root)
}

/// A change to be made below a node.
struct Planned<'c> {
    /// The way to its place, the next segment last.
    way: Vec<String>,
    /// The bytes of the key or item that it is about.
    at: Span,
    change: &'c Change,
}

/// Makes changes, the deepest first: a key that gets another name and an item that goes lead nowhere any more. Each
/// mapping and list is walked once for all of them. `false` where there is no place for one.
fn carry_out(planned: Vec<Planned<'_>>, node: &mut Node, anchor: Span) -> bool {
    let mut here = Vec::new();
    let mut below: HashMap<String, Vec<Planned<'_>>> = HashMap::new();
    for mut one in planned {
        match one.way.pop() {
            Some(segment) => below.entry(segment).or_default().push(one),
            None => here.push(one),
        }
    }
    if !below.is_empty() {
        let mut is_done = true;
        let mut enter = |segment: &str, node: &mut Node| {
            if let Some(planned) = below.remove(segment) {
                is_done &= carry_out(planned, node, anchor);
            }
        };
        match &mut node.value {
            // Of a key that stands twice the last one counts.
            Value::Mapping(entries) => {
                entries.iter_mut().rev().for_each(|entry| enter(&entry.key, &mut entry.value));
            }
            Value::Sequence(items) => {
                items.iter_mut().enumerate().for_each(|(index, item)| enter(&index.to_string(), item));
            }
            _ => {}
        }
        if !is_done || !below.is_empty() {
            return false;
        }
    }
    here.into_iter().all(|Planned { at, change, .. }| change_here(change, at, node, anchor).is_some())
}

/// Makes one change of a value.
fn change_here(change: &Change, at: Span, node: &mut Node, anchor: Span) -> Option<()> {
    match (change, &mut node.value) {
        (Change::ReplaceValue(value), _) => *node = planted(value, node.span),
        (Change::RenameKey { to }, Value::Mapping(entries)) => {
            let entry = entries.iter_mut().find(|entry| entry.key_span == at)?;
            to.clone_into(&mut entry.key);
        }
        (Change::InsertKey { key, value, .. }, Value::Mapping(entries)) => {
            entries.push(Entry { key: key.clone(), key_span: anchor, value: planted(value, anchor) });
        }
        (Change::RemoveItem, Value::Sequence(items)) => {
            items.remove(items.iter().position(|item| item.span == at)?);
        }
        _ => return None,
    }
    Some(())
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
