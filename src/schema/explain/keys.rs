//! What is said about keys: missing, unknown, misspelt, not allowed.

use std::collections::HashSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::{Explainer, Note, guide, keyword, unsafely};
use crate::data::Entry;
use crate::finding::Safety;
use crate::schema::lookup::Found;
use crate::schema::places::Place;
use crate::schema::words::{choices, quoted, shown};
use crate::schema::{Change, Suggestion, Violation};

impl<'a> Explainer<'a> {
    pub(super) fn missing(&mut self, error: &ValidationError<'_>, property: &Value) {
        let Some(key) = property.as_str() else { return };
        let pointer = error.instance_path().as_str();
        let place = self.places.at(pointer);
        let owner = self.object(error);
        let schema = owner.as_ref().and_then(|owner| self.lookup?.property(owner, key));
        let whose = self.places.name(pointer).map(|name| format!(" in {name}")).unwrap_or_default();
        let reason = self.reason(error, key);
        let mut note =
            Note { message: format!("{} is missing{whose}{reason}", quoted(key)), ..Note::default() };
        if let Some(entry) = self.misspelt(place, owner.as_ref(), key) {
            let found = quoted(&entry.key);
            note.message = format!("{} is missing{whose}{reason}, but there is {found}", quoted(key));
            note.help = Some(format!("did you mean {}?", quoted(key)));
            note.suggestion = Some(unsafely(Change::RenameKey { to: key.to_owned() }));
            return self.add(error, entry.key_span, note);
        }
        note.help = owner
            .as_ref()
            .and_then(|owner| required_message(owner, key))
            .or_else(|| schema.as_ref().and_then(|schema| guide(schema, "required")));
        note.suggestion = owner.as_ref().and_then(|owner| self.insertion(place, owner, key));
        if let Some(Suggestion { change: Change::InsertKey { value, .. }, safety: Safety::Safe }) =
            &note.suggestion
        {
            note.help.get_or_insert_with(|| format!("the default is {}", shown(value)));
        }
        self.add(error, self.places.owner(place), note);
    }

    /// A missing key with the value that the schema has for it. Its default is what the site takes where the key is
    /// missing, so to write it down keeps the meaning. The only value that is allowed may be one that nobody has given
    /// yet, as that of `reviewed`.
    fn insertion(&self, place: Place<'a>, owner: &Found<'a>, key: &str) -> Option<Suggestion> {
        let lookup = self.lookup?;
        let default = lookup.default(owner, key).map(|value| (value, Safety::Safe));
        let only = || lookup.only_value(owner, key).map(|value| (value, Safety::Unsafe));
        let (value, safety) = default.or_else(only)?;
        let known = self.known(lookup, owner);
        let known = &known.keys;
        if !self.budget.take(known.len()) {
            return None;
        }
        let rank = known.iter().position(|known| *known == key).unwrap_or(known.len());
        let is_there = |key: &&&str| place.node.is_some_and(|node| self.places.entry(node, key).is_some());
        let after = known[..rank].iter().rev().find(is_there).map(|key| (*key).to_owned());
        let change = Change::InsertKey { key: key.to_owned(), value: value.clone(), after, rank };
        Some(Suggestion { change, safety })
    }

    /// The schema of the mapping that lacks a key.
    fn object(&self, error: &ValidationError<'_>) -> Option<Found<'a>> {
        let owner = self.owner(error)?;
        if keyword(error) == "dependentRequired" { self.lookup?.parent(&owner) } else { Some(owner) }
    }

    /// A key of the mapping that the schema does not know and that is near to the missing one.
    fn misspelt(&self, place: Place<'a>, owner: Option<&Found<'a>>, key: &str) -> Option<&'a Entry> {
        let (mapping, lookup, owner) = (place.node?, self.lookup?, owner?);
        if !self.budget.take(mapping.entries().len() + 1) {
            return None;
        }
        let known = &self.known(lookup, owner).set;
        self.budget.take(known.len());
        let keys = mapping.entries().iter().map(|entry| entry.key.as_str());
        let unknown: Vec<&str> = keys.filter(|key| !known.contains(key)).collect();
        self.places.entry(mapping, self.budget.nearest(key, &unknown)?)
    }

    /// Why a key is asked for, where another key is the reason.
    fn reason(&self, error: &ValidationError<'_>, key: &str) -> String {
        if keyword(error) == "dependentRequired" {
            let lists = self.owner(error).and_then(|owner| owner.schema.as_object());
            let needs = |list: &Value| list.as_array().is_some_and(|keys| keys.iter().any(|one| one == key));
            let because = lists
                .into_iter()
                .flatten()
                .find(|(because, list)| needs(list) && error.instance().get(because.as_str()).is_some());
            return because
                .map(|(because, _)| format!(", which {} needs", quoted(because)))
                .unwrap_or_default();
        }
        let condition = self.lookup.and_then(|lookup| lookup.condition(error));
        let properties = condition.and_then(|found| found.schema.get("properties")?.as_object());
        let Some((because, _)) =
            properties.filter(|properties| properties.len() == 1).and_then(|one| one.iter().next())
        else {
            return String::new();
        };
        let value = error.instance().get(because.as_str());
        value.map(|value| format!(", since {} is {}", quoted(because), shown(value))).unwrap_or_default()
    }

    pub(super) fn unexpected(&mut self, error: &ValidationError<'_>, keys: &[String]) {
        let owner = self.owner(error);
        // `additionalProperties` looks at its neighbour `properties` only, not into `allOf` or `$ref`.
        let known = match (self.lookup, &owner) {
            (Some(lookup), Some(owner)) if keyword(error) == "unevaluatedProperties" => lookup.keys(owner),
            (_, Some(owner)) => owner.own_keys(),
            _ => Vec::new(),
        };
        let names: HashSet<&str> = known.iter().copied().collect();
        let (mentioned, unknown): (Vec<&str>, Vec<&str>) =
            keys.iter().map(String::as_str).partition(|key| names.contains(key));
        let at = (keyword(error), error.instance_path().as_str());
        for violation in self.unknown(at, &unknown, &known) {
            self.push(violation);
        }
        for mut violation in self.unknown(at, &mentioned, &[]) {
            violation.message =
                violation.message.replacen("is not a known key", "does not belong to this form", 1);
            self.unevaluated.push(violation);
        }
    }

    /// A violation for each of these keys of the mapping at a pointer, with the nearest known key.
    pub(in crate::schema) fn unknown(
        &self,
        (keyword, pointer): (&'static str, &str),
        keys: &[&str],
        known: &[&str],
    ) -> Vec<Violation> {
        let Some(mapping) = self.places.at(pointer).node else {
            return Vec::new();
        };
        let whose = self.places.name(pointer).map(|name| format!(" of {name}")).unwrap_or_default();
        let free: Vec<&str> =
            known.iter().copied().filter(|key| self.places.entry(mapping, key).is_none()).collect();
        let entries = keys.iter().filter_map(|key| self.places.entry(mapping, key));
        let violation = |entry: &Entry| {
            let near = self.budget.nearest(&entry.key, &free);
            Violation {
                span: entry.key_span,
                message: format!("{} is not a known key{whose}", quoted(&entry.key)),
                help: near
                    .map(|near| format!("did you mean {}?", quoted(near)))
                    .or_else(|| known_keys(known)),
                suggestion: near.map(|near| unsafely(Change::RenameKey { to: near.to_owned() })),
                keyword,
                pointer: pointer.to_owned(),
            }
        };
        entries.map(violation).collect()
    }

    /// A value where the schema allows none: the key should not be there.
    pub(super) fn forbidden(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let place = self.places.at(pointer);
        // The crate stops at the first key where no key at all is allowed, and points at the mapping.
        let keyword = error.schema_path().as_str().rsplit('/').next();
        if let (Some(mapping), Some(all @ ("additionalProperties" | "propertyNames"))) = (place.node, keyword)
            && place.entry.is_none_or(|entry| entry.key != all)
        {
            let keys: Vec<String> = mapping.entries().iter().map(|entry| entry.key.clone()).collect();
            return self.unexpected(error, &keys);
        }
        let message = format!("{} is not allowed here", self.subject(error));
        let span = place.entry.map_or_else(|| self.places.value(place), |entry| entry.key_span);
        self.add(error, span, Note { message, ..Note::default() });
    }

    pub(super) fn wrong_key(&mut self, error: &ValidationError<'_>, inner: &ValidationError<'_>) {
        let place = self.places.at(error.instance_path().as_str());
        let key = inner.instance().as_str().unwrap_or_default();
        let entry = place.node.and_then(|node| self.places.entry(node, key));
        let span = entry.map_or_else(|| self.places.value(place), |entry| entry.key_span);
        // Most messages show what they are about; those about a length do not.
        let subject = match keyword(inner) {
            "minLength" | "maxLength" | "type" => format!("the key {}", quoted(key)),
            _ => "the key".to_owned(),
        };
        let Note { message, help, .. } = self.note_about(inner, &subject);
        // A key cannot be written as another type; only the nearest allowed name helps.
        let near = match inner.kind() {
            Kind::Enum { options } => {
                self.near_option(inner.instance(), options).and_then(|near| near.as_str())
            }
            _ => None,
        };
        let suggestion = near.map(|to| unsafely(Change::RenameKey { to: to.to_owned() }));
        self.add(error, span, Note { message, help, suggestion });
    }
}

/// `errorMessage: {required: {key: "…"}}`.
fn required_message(owner: &Found<'_>, key: &str) -> Option<String> {
    let messages = owner.schema.get("errorMessage")?.get("required")?;
    messages.as_str().or_else(|| messages.get(key)?.as_str()).map(str::to_owned)
}

fn known_keys(known: &[&str]) -> Option<String> {
    let known: Vec<Value> = known.iter().map(|key| Value::from(*key)).collect();
    (!known.is_empty()).then(|| format!("known keys: {}", choices(&known)))
}
