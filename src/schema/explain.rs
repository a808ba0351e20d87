//! From an error of the validator to what a writer is told.

mod keys;
mod value;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::lookup::{Found, Lookup};
use super::nearest::Budget;
use super::places::Places;
use super::words::{count, describe, shown};
use super::{Change, Suggestion, Told, Violation};
use crate::finding::Safety;
use crate::text::Span;

pub(super) use value::{expectations, is_own, type_note, types};

/// Collects the violations of one document.
pub(super) struct Explainer<'a> {
    pub(super) lookup: Option<&'a Lookup>,
    pub(super) places: Places<'a>,
    pub(super) budget: Budget,
    /// Whether the errors come from a branch that the author may not have meant: then no change is safe.
    pub(super) guessing: bool,
    /// The keys that the schema names for a mapping, by the place of the schema that asks for one of them.
    known: RefCell<HashMap<String, Rc<Known<'a>>>>,
    found: Vec<Violation>,
    /// Keys that the schema names and yet calls unevaluated: it does so for every key of a part that does not fit,
    /// so they only count where nothing else is wrong.
    unevaluated: Vec<Violation>,
}

/// The keys that a schema names for a mapping.
pub(super) struct Known<'a> {
    /// In the order of the schema.
    pub(super) keys: Vec<&'a str>,
    pub(super) set: HashSet<&'a str>,
}

/// What is said about one place.
#[derive(Default)]
pub(super) struct Note {
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) suggestion: Option<Suggestion>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(lookup: Option<&'a Lookup>, places: Places<'a>) -> Self {
        Self {
            lookup,
            places,
            budget: Budget::default(),
            guessing: false,
            known: RefCell::default(),
            found: Vec::new(),
            unevaluated: Vec::new(),
        }
    }

    /// The violations in the order of their places, each once.
    pub(super) fn finish(mut self) -> Told {
        if self.found.is_empty() {
            self.found.append(&mut self.unevaluated);
        }
        // A misspelt key is unknown, and what it should have been is missing: that is one mistake.
        let renamed = self.found.iter().filter(|one| is_rename(one, "required")).map(|one| one.span);
        let renamed: HashSet<Span> = renamed.collect();
        self.found.retain(|one| !(one.keyword.ends_with("Properties") && renamed.contains(&one.span)));
        self.found.sort_by(|a, b| key(a).cmp(&key(b)));
        self.found.dedup_by(|a, b| (a.span, &a.message) == (b.span, &b.message));
        settle(&mut self.found);
        Told { found: self.found, hidden: self.unevaluated }
    }

    /// Takes one error, which may be several violations.
    pub(super) fn explain(&mut self, error: &ValidationError<'_>) {
        match error.kind() {
            Kind::Required { property } => self.missing(error, property),
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                self.unexpected(error, unexpected);
            }
            Kind::FalseSchema => self.forbidden(error),
            Kind::PropertyNames { error: inner } => self.wrong_key(error, inner),
            Kind::UniqueItems => self.repeated(error),
            Kind::AdditionalItems { limit } => self.surplus(error, *limit),
            Kind::UnevaluatedItems { unexpected } => self.unevaluated(error, unexpected),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.no_branch(error, context),
            Kind::OneOfMultipleValid { context } => self.several_branches(error, context),
            _ => {
                let note = self.value_note(error);
                let span = match error.kind() {
                    Kind::Not { schema } => self.last_key(error, &required_keys(schema)),
                    _ => None,
                };
                let place = self.places.at(error.instance_path().as_str());
                self.add(error, span.unwrap_or_else(|| self.places.value(place)), note);
            }
        }
    }

    /// The last of these keys in the text of the mapping that an error is about.
    pub(super) fn last_key(&self, error: &ValidationError<'_>, keys: &[&str]) -> Option<Span> {
        let mapping = self.places.at(error.instance_path().as_str()).node?;
        keys.iter().filter_map(|key| self.places.entry(mapping, key)).map(|entry| entry.key_span).max()
    }

    /// The help that the schema's author wrote.
    pub(super) fn guide(&self, error: &ValidationError<'_>) -> Option<String> {
        let owner = self.owner(error)?;
        guide(&owner, keyword(error))
    }

    pub(super) fn owner(&self, error: &ValidationError<'_>) -> Option<Found<'a>> {
        self.lookup?.owner(error)
    }

    /// The keys that a schema and those around it name for a mapping, looked up once: often several of them are missing.
    pub(super) fn known(&self, lookup: &'a Lookup, owner: &Found<'a>) -> Rc<Known<'a>> {
        let mut known = self.known.borrow_mut();
        let look = || {
            let keys = lookup.keys(&lookup.outermost(owner));
            Rc::new(Known { set: keys.iter().copied().collect(), keys })
        };
        Rc::clone(known.entry(owner.place()).or_insert_with(look))
    }

    /// What a message calls the value that an error is about.
    pub(super) fn subject(&self, error: &ValidationError<'_>) -> String {
        self.places.name(error.instance_path().as_str()).unwrap_or_else(|| "the document".to_owned())
    }

    pub(super) fn add(&mut self, error: &ValidationError<'_>, span: Span, note: Note) {
        let pointer = error.instance_path().as_str().to_owned();
        self.push(Violation {
            span,
            message: note.message,
            help: note.help,
            suggestion: note.suggestion,
            keyword: keyword(error),
            pointer,
        });
    }

    pub(super) fn push(&mut self, mut violation: Violation) {
        if let (true, Some(suggestion)) = (self.guessing, &mut violation.suggestion) {
            suggestion.safety = Safety::Unsafe;
        }
        self.found.push(violation);
    }

    /// How many violations there are so far.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// The violations from the `from`th on.
    pub(super) fn since(&mut self, from: usize) -> &mut [Violation] {
        &mut self.found[from..]
    }

    fn repeated(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let list = self.places.at(pointer).node;
        let subject = self.subject(error);
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (index, item) in error.instance().as_array().into_iter().flatten().enumerate() {
            let first = *seen.entry(canonical(item)).or_insert(index);
            if first == index {
                continue;
            }
            let (position, first) = (index + 1, first + 1);
            let message = format!("item {position} of {subject} repeats item {first}: {}", shown(item));
            let node = list.and_then(|list| list.items().get(index));
            let span = node.map_or_else(|| self.places.value(self.places.at(pointer)), |node| node.span);
            let help = self.guide(error).or_else(|| Some("each item may stand once".to_owned()));
            // The order of the items is kept, but a comment may go with the line.
            let suggestion = node.map(|_| unsafely(Change::RemoveItem));
            self.add(error, span, Note { message, help, suggestion });
        }
    }

    fn surplus(&mut self, error: &ValidationError<'_>, limit: usize) {
        let place = self.places.at(error.instance_path().as_str());
        let items = error.instance().as_array().map_or(0, Vec::len) as u64;
        let message = format!(
            "{} has {}, but should have at most {limit}",
            self.subject(error),
            count(items, "item", "items")
        );
        let surplus = place.node.and_then(|list| list.items().get(limit)).map(|item| item.span);
        let help = self.guide(error);
        self.add(
            error,
            surplus.unwrap_or_else(|| self.places.value(place)),
            Note { message, help, suggestion: None },
        );
    }

    /// The crate names surplus items by their text alone; they stand at the end in all but odd schemas.
    fn unevaluated(&mut self, error: &ValidationError<'_>, unexpected: &[String]) {
        let pointer = error.instance_path().as_str();
        let (place, subject) = (self.places.at(pointer), self.subject(error));
        let mut unexpected = unexpected.iter().rev().peekable();
        let items = error.instance().as_array().map_or(&[][..], Vec::as_slice);
        for (index, item) in items.iter().enumerate().rev() {
            let text = item.to_string();
            if unexpected.next_if(|one| **one == text).is_none() {
                continue;
            }
            let message = format!("item {} of {subject} is not allowed: {}", index + 1, shown(item));
            let node = place.node.and_then(|list| list.items().get(index));
            let span = node.map_or_else(|| self.places.value(place), |node| node.span);
            self.add(error, span, Note { message, ..Note::default() });
        }
    }

    /// The allowed value that a text was meant to be.
    pub(super) fn near_option<'v>(&self, value: &Value, options: &'v Value) -> Option<&'v Value> {
        let word = value.as_str()?;
        let options = options.as_array()?;
        let words: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
        let near = self.budget.nearest(word, &words)?;
        options.iter().find(|option| option.as_str() == Some(near))
    }
}

/// A suggestion that keeps the meaning.
pub(super) fn safely(change: Change) -> Suggestion {
    Suggestion { change, safety: Safety::Safe }
}

/// A suggestion that a person should look at first.
pub(super) fn unsafely(change: Change) -> Suggestion {
    Suggestion { change, safety: Safety::Unsafe }
}

/// The order of violations. Keys that are missing in one place are added in the order of the schema.
fn key(violation: &Violation) -> (Span, &'static str, usize, &str) {
    let rank = match &violation.suggestion {
        Some(Suggestion { change: Change::InsertKey { rank, .. }, .. }) => *rank,
        _ => 0,
    };
    (violation.span, violation.keyword, rank, &violation.message)
}

/// Leaves each name to one suggestion: two slips of one name do not both get it, those of a key that has to be there
/// first; and a key that is there under another name is not added.
fn settle(found: &mut [Violation]) {
    fn name(violation: &Violation) -> Option<(usize, &String)> {
        match &violation.suggestion.as_ref()?.change {
            Change::RenameKey { to } if violation.keyword == "required" => Some((0, to)),
            Change::RenameKey { to } => Some((1, to)),
            Change::InsertKey { key, .. } => Some((2, key)),
            _ => None,
        }
    }
    let mut taken: HashSet<(String, String)> = HashSet::new();
    for turn in 0..3 {
        for violation in &mut *found {
            let Some((_, key)) = name(violation).filter(|(of, _)| *of == turn) else { continue };
            if !taken.insert((violation.pointer.clone(), key.clone())) {
                violation.suggestion = None;
            }
        }
    }
}

fn is_rename(violation: &Violation, keyword: &str) -> bool {
    let change = violation.suggestion.as_ref().map(|suggestion| &suggestion.change);
    violation.keyword == keyword && matches!(change, Some(Change::RenameKey { .. }))
}

/// What the schema's author says about a value: the message meant for mistakes, else the description, and an example.
pub(super) fn guide(schema: &Found<'_>, keyword: &str) -> Option<String> {
    let text = schema.error_message(keyword).or_else(|| schema.text("description"));
    let example = schema.example().map(|example| match example {
        Value::Array(_) | Value::Object(_) => example.to_string(),
        example => shown(example),
    });
    let example = example.filter(|example| example.chars().count() <= 80);
    match (text.map(|text| text.trim_end_matches('.')), example) {
        (Some(text), Some(example)) => Some(format!("{text}, as in {example}")),
        (Some(text), None) => Some(text.to_owned()),
        (None, Some(example)) => Some(format!("as in {example}")),
        (None, None) => describe(schema.schema)
            .filter(|_| keyword == "required")
            .map(|what| format!("it should be {what}")),
    }
}

/// The keys that a schema requires, if that is what it is there for.
pub(super) fn required_keys(schema: &Value) -> Vec<&str> {
    let keys =
        schema.get("required").and_then(Value::as_array).filter(|_| schema.get("properties").is_none());
    keys.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The same text for values that JSON Schema calls equal: 1 and 1.0, and mappings in any order of their keys.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.abs() < 9e15 => float.to_string(),
            _ => number.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => {
            let mut entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            entries.sort_unstable();
            format!("{{{}}}", entries.join(","))
        }
        other => other.to_string(),
    }
}

/// The keyword that an error is about.
pub(super) fn keyword(error: &ValidationError<'_>) -> &'static str {
    let path = error.schema_path().as_str();
    match error.kind() {
        Kind::Required { .. } if path.ends_with("/dependentRequired") || path.ends_with("/dependencies") => {
            "dependentRequired"
        }
        Kind::Contains if path.ends_with("/minContains") => "minContains",
        Kind::Contains if path.ends_with("/maxContains") => "maxContains",
        kind => value::keyword(kind),
    }
}
