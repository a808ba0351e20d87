//! `anyOf` and `oneOf`: which branch the author meant, and what is wrong with that one.

use std::cmp::Reverse;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::Violation;
use super::explain::{Explainer, Note, expectations, is_own, required_keys, type_note, types};
use super::lookup::Found;
use super::words::{both, choices, count, describe, either, format, is_empty, quoted, shown};

type Branch = Vec<ValidationError<'static>>;

/// How far a branch is from what stands there: the discriminator first, then the type, then the number of mistakes;
/// mistakes further inside speak for a branch, since its outer shape fits.
type Distance = (Discriminator, bool, usize, Reverse<usize>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Discriminator {
    Fits,
    Absent,
    Differs,
}

impl<'a> Explainer<'a> {
    /// No branch fits.
    pub(super) fn no_branch(&mut self, error: &ValidationError<'_>, branches: &[Branch]) {
        let said = self.same_place(error, branches)
            || self.discriminated(error, branches)
            || self.only_missing(error, branches);
        if !said {
            self.nearest_branch(error, branches);
        }
    }

    /// Every branch objects to the value itself: their expectations are alternatives.
    fn same_place(&mut self, error: &ValidationError<'_>, branches: &[Branch]) -> bool {
        let pointer = error.instance_path().as_str();
        let mut strongest = Vec::new();
        for branch in branches {
            if !branch.iter().all(|one| is_own(one, pointer) && expectations(one.kind()).is_some()) {
                return false;
            }
            let Some(one) = branch.iter().max_by_key(|one| strength(one.kind())) else {
                return false;
            };
            strongest.push(one);
        }
        let subject = self.subject(error);
        let value = error.instance();
        let mut note = if strongest.iter().all(|one| matches!(one.kind(), Kind::Type { .. })) {
            let mut kinds: Vec<_> =
                strongest.iter().filter_map(|one| type_kinds(one.kind())).flatten().collect();
            let mut seen = Vec::new();
            kinds.retain(|kind| {
                !seen.contains(kind) && {
                    seen.push(*kind);
                    true
                }
            });
            type_note(&subject, value, &kinds)
        } else {
            self.alternatives(&subject, value, &strongest)
        };
        note.help = note.help.or_else(|| self.guide(error));
        let place = self.places.at(pointer);
        self.add(error, self.places.value(place), note);
        true
    }

    fn alternatives(&self, subject: &str, value: &Value, errors: &[&ValidationError<'static>]) -> Note {
        let mut words: Vec<String> = Vec::new();
        for word in errors.iter().filter_map(|one| expectations(one.kind())).flatten() {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let options: Vec<Value> = errors.iter().flat_map(|one| options(one.kind())).cloned().collect();
        let options = Value::Array(options);
        let meant = self.meant(value, &options);
        let expected = either(&words);
        let message = if is_empty(value) {
            format!("{subject} is empty, but should be {expected}")
        } else {
            format!("{subject} is {}, but should be {expected}", shown(value))
        };
        let looks = errors.iter().find_map(|one| match one.kind() {
            Kind::Format { format: name } => {
                format(name).map(|(_, example)| format!("write it as in {example}"))
            }
            _ => None,
        });
        Note {
            message,
            help: meant.as_ref().map(|(near, _)| format!("did you mean {}?", shown(near))).or(looks),
            suggestion: meant.map(|(_, suggestion)| suggestion),
        }
    }

    /// Every branch only asks for keys: one of them has to be there.
    fn only_missing(&mut self, error: &ValidationError<'_>, branches: &[Branch]) -> bool {
        let pointer = error.instance_path().as_str();
        let mut ways = Vec::new();
        for branch in branches {
            let keys: Option<Vec<String>> =
                branch.iter().map(|one| missing_key(one, pointer).map(quoted)).collect();
            match keys.filter(|keys| !keys.is_empty()) {
                Some(keys) => ways.push(both(&keys)),
                None => return false,
            }
        }
        ways.dedup();
        if ways.len() < 2 {
            return false;
        }
        let whose = self.places.name(pointer).map(|name| format!(" in {name}")).unwrap_or_default();
        let message = format!("{} is missing{whose}", either(&ways));
        let help = self.guide(error).or_else(|| Some("one of them has to be there".to_owned()));
        let place = self.places.at(pointer);
        self.add(error, self.places.owner(place), Note { message, help, suggestion: None });
        true
    }

    /// Every branch has its own value of one key, and what stands there is none of them.
    fn discriminated(&mut self, error: &ValidationError<'_>, branches: &[Branch]) -> bool {
        let pointer = error.instance_path().as_str();
        let Some(found) = self.found_branches(error).filter(|found| found.len() == branches.len()) else {
            return false;
        };
        let Some(instance) = error.instance().as_object() else {
            return false;
        };
        for key in discriminators(&found) {
            let allowed: Vec<&[Value]> = found.iter().map(|branch| allowed(branch, key)).collect();
            if allowed.iter().any(|values| values.is_empty()) {
                continue;
            }
            let all: Vec<Value> = allowed.into_iter().flatten().cloned().collect();
            match instance.get(key) {
                Some(value) if !all.contains(value) => {
                    let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                    let place = self.places.at(&pointer);
                    let subject = self.places.name(&pointer).unwrap_or_else(|| quoted(key));
                    let note = self.enum_note(&subject, value, &Value::Array(all));
                    self.add_at(pointer, "enum", self.places.value(place), note);
                    return true;
                }
                Some(_) => {}
                None => {
                    let missing = |one: &&ValidationError<'static>| missing_key(one, pointer) == Some(key);
                    let Some(one) = branches.iter().find_map(|branch| branch.iter().find(missing)) else {
                        continue;
                    };
                    let from = self.count();
                    self.explain(one);
                    for violation in self.since(from) {
                        violation.help = Some(format!("it is one of {}", choices(&all)));
                    }
                    return true;
                }
            }
        }
        false
    }

    /// The mistakes of the branch that is nearest to what stands there.
    fn nearest_branch(&mut self, error: &ValidationError<'_>, branches: &[Branch]) {
        let found = self.found_branches(error).unwrap_or_default();
        let distances: Vec<Distance> =
            branches.iter().enumerate().map(|(at, branch)| distance(error, branch, at, &found)).collect();
        let nearest = (0..branches.len()).min_by_key(|at| distances[*at]);
        let Some(nearest) = nearest.filter(|at| !branches[*at].is_empty()) else {
            let message = format!("{} fits none of the forms that the schema allows", self.subject(error));
            let (place, help) = (self.places.at(error.instance_path().as_str()), self.guide(error));
            return self.add(error, self.places.value(place), Note { message, help, suggestion: None });
        };
        // Equally near branches are named, so that nobody mends towards a form that was not meant.
        let (_, best_type, best_count, _) = distances[nearest];
        let others = (0..branches.len()).filter(|at| *at != nearest).filter(|at| {
            let (kind, wrong, number, _) = distances[*at];
            kind != Discriminator::Differs && wrong == best_type && number == best_count
        });
        let others: Option<Vec<String>> =
            others.map(|at| found.get(at).and_then(|branch| describe(branch.schema))).collect();
        let others =
            others.filter(|others| !others.is_empty()).map(|others| format!("or write {}", either(&others)));
        let guide = self.guide(error);
        let (from, before) = (self.count(), self.guessing);
        self.guessing = true;
        for one in &branches[nearest] {
            self.explain(one);
        }
        self.guessing = before;
        for violation in self.since(from) {
            violation.help = violation.help.take().or_else(|| others.clone()).or_else(|| guide.clone());
        }
    }

    /// More than one branch of a `oneOf` fits.
    pub(super) fn several_branches(&mut self, error: &ValidationError<'_>, branches: &[Branch]) {
        let found = self.found_branches(error).unwrap_or_default();
        let fitting: Vec<usize> = (0..branches.len()).filter(|at| branches[*at].is_empty()).collect();
        let schemas: Vec<&Value> = fitting.iter().filter_map(|at| Some(found.get(*at)?.schema)).collect();
        let keys: Vec<Vec<&str>> = schemas.iter().map(|schema| required_keys(schema)).collect();
        let subject = self.subject(error);
        let place = self.places.at(error.instance_path().as_str());
        if keys.len() == fitting.len() && keys.iter().all(|keys| !keys.is_empty()) {
            let keys = keys.concat();
            let names: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
            let message = format!("{} must not stand together", both(&names));
            let help = self.guide(error).or_else(|| Some("keep only one of them".to_owned()));
            let span = self.last_key(error, &keys).unwrap_or_else(|| self.places.value(place));
            return self.add(error, span, Note { message, help, suggestion: None });
        }
        let described: Option<Vec<String>> = schemas.iter().map(|schema| describe(schema)).collect();
        let described = described.filter(|words| words.len() == fitting.len());
        let (fits, all) = (fitting.len(), count(branches.len() as u64, "form", "forms"));
        let message = described.map_or_else(
            || format!("{subject} fits {fits} of the {all} that the schema allows, but should fit only one"),
            |words| format!("{subject} fits {} at once, but should fit only one", both(&words)),
        );
        let help = self.guide(error);
        self.add(error, self.places.value(place), Note { message, help, suggestion: None });
    }

    fn found_branches(&self, error: &ValidationError<'_>) -> Option<Vec<Found<'a>>> {
        let lookup = self.lookup?;
        Some(lookup.branches(&lookup.keyword(error)?))
    }

    fn add_at(&mut self, pointer: String, keyword: &'static str, span: crate::text::Span, note: Note) {
        let Note { message, help, suggestion } = note;
        self.push(Violation { span, message, help, suggestion, keyword, pointer });
    }
}

fn distance(error: &ValidationError<'_>, branch: &Branch, at: usize, found: &[Found<'_>]) -> Distance {
    let pointer = error.instance_path().as_str();
    let mut discriminator = Discriminator::Absent;
    if let (Some(instance), Some(schema)) = (error.instance().as_object(), found.get(at)) {
        for key in discriminators(found) {
            let allowed = allowed(schema, key);
            match instance.get(key) {
                Some(value) if !allowed.is_empty() => {
                    let fits = allowed.contains(value);
                    discriminator = if fits { Discriminator::Fits } else { Discriminator::Differs };
                    break;
                }
                _ => {}
            }
        }
    }
    let wrong_type = branch.iter().any(|one| is_own(one, pointer) && matches!(one.kind(), Kind::Type { .. }));
    let depth = |one: &ValidationError<'_>| one.instance_path().as_str().matches('/').count();
    (discriminator, wrong_type, branch.len(), Reverse(branch.iter().map(depth).max().unwrap_or(0)))
}

/// The keys for which at least two branches each list their own values.
fn discriminators<'a>(branches: &[Found<'a>]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for branch in branches {
        let properties = branch.schema.get("properties").and_then(Value::as_object);
        for key in properties.into_iter().flatten().map(|(key, _)| key.as_str()) {
            let lists: Vec<&[Value]> =
                branches.iter().map(|branch| allowed(branch, key)).filter(|list| !list.is_empty()).collect();
            if !keys.contains(&key) && lists.len() > 1 && lists.iter().any(|list| *list != lists[0]) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The values that a branch allows for a key by `const` or `enum`; empty where it does not list any.
fn allowed<'a>(branch: &Found<'a>, key: &str) -> &'a [Value] {
    let schema = branch.schema.get("properties").and_then(|properties| properties.get(key));
    match schema.map(|schema| (schema.get("const"), schema.get("enum"))) {
        Some((Some(value), _)) => std::slice::from_ref(value),
        Some((_, Some(Value::Array(values)))) => values,
        _ => &[],
    }
}

fn missing_key<'e>(error: &'e ValidationError<'_>, pointer: &str) -> Option<&'e str> {
    match error.kind() {
        Kind::Required { property } if is_own(error, pointer) => property.as_str(),
        _ => None,
    }
}

fn options(kind: &Kind) -> &[Value] {
    match kind {
        Kind::Enum { options } => options.as_array().map_or(&[], Vec::as_slice),
        Kind::Constant { expected_value } => std::slice::from_ref(expected_value),
        _ => &[],
    }
}

fn type_kinds(kind: &Kind) -> Option<Vec<jsonschema::JsonType>> {
    match kind {
        Kind::Type { kind } => Some(types(kind)),
        _ => None,
    }
}

/// A list of values says more than a format, and a format more than a type.
fn strength(kind: &Kind) -> u8 {
    match kind {
        Kind::Enum { .. } | Kind::Constant { .. } => 2,
        Kind::Format { .. } => 1,
        _ => 0,
    }
}
