//! What is said about a value that is wrong by itself.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::{Value, json};

use super::{Explainer, Note, guide, required_keys, safely, unsafely};
use crate::schema::words::{
    both, choices, count, describe, either, format, found, is_empty, quoted, shown, type_name,
};
use crate::schema::{Change, Suggestion};
use crate::yaml::Form;

impl Explainer<'_> {
    pub(super) fn value_note(&self, error: &ValidationError<'_>) -> Note {
        let subject = self.subject(error);
        self.note_about(error, &subject)
    }

    /// The note about a value that the message calls `subject`.
    pub(super) fn note_about(&self, error: &ValidationError<'_>, subject: &str) -> Note {
        let mut note = match error.kind() {
            Kind::Type { kind } => type_note(subject, error.instance(), &types(kind)),
            Kind::Enum { options } => self.enum_note(subject, error.instance(), options),
            Kind::Constant { expected_value } => const_note(subject, error.instance(), expected_value),
            Kind::Format { format } => self.format_note(error, subject, format),
            Kind::Pattern { pattern } => self.pattern_note(error, subject, pattern),
            Kind::Not { schema } => {
                Note { message: not_message(subject, error.instance(), schema), ..Note::default() }
            }
            Kind::Contains => Note { message: self.contains_message(error, subject), ..Note::default() },
            kind => Note { message: other_message(error, subject, kind), ..Note::default() },
        };
        if note.help.is_none() {
            note.help = self.guide(error);
        }
        note
    }

    pub(in crate::schema) fn enum_note(&self, subject: &str, value: &Value, options: &Value) -> Note {
        let listed = choices(options.as_array().map_or(&[], Vec::as_slice));
        let one = options.as_array().is_some_and(|options| options.len() == 1);
        let message = match (is_empty(value), one) {
            (true, true) => format!("{subject} is empty, but should be {listed}"),
            (true, false) => format!("{subject} is empty, but should be one of {listed}"),
            (false, true) => format!("{subject} is {}, but should be {listed}", shown(value)),
            (false, false) => format!("{subject} is {}, which is none of {listed}", shown(value)),
        };
        let meant = self.meant(value, options);
        let help = meant.as_ref().map(|(option, _)| format!("did you mean {}?", shown(option)));
        let only = options.as_array().filter(|_| one).and_then(|options| options.first());
        let suggestion = meant.map(|(_, suggestion)| suggestion);
        let only = || only.map(|only| unsafely(Change::ReplaceValue(only.clone())));
        Note { message, help, suggestion: suggestion.or_else(only) }
    }

    /// The allowed value that one was meant to be, and what makes it that.
    pub(in crate::schema) fn meant<'v>(
        &self,
        value: &Value,
        options: &'v Value,
    ) -> Option<(&'v Value, Suggestion)> {
        let mut all = options.as_array()?.iter();
        let same = all.find_map(|option| Some((option, safely(retyped(value, option)?))));
        same.or_else(|| {
            let near = self.near_option(value, options)?;
            Some((near, unsafely(Change::ReplaceValue(near.clone()))))
        })
    }

    fn format_note(&self, error: &ValidationError<'_>, subject: &str, name: &str) -> Note {
        let value = shown(error.instance());
        let known = format(name);
        let what = known.map_or_else(|| format!("a valid {}", quoted(name)), |(what, _)| what.to_owned());
        let message = if is_empty(error.instance()) {
            format!("{subject} is empty, but should be {what}")
        } else {
            format!("{subject} is {value}, which is not {what}")
        };
        let written = self.owner(error).and_then(|owner| owner.error_message("format").map(str::to_owned));
        let help = written.or_else(|| known.map(|(_, example)| format!("write it as in {example}")));
        Note { message, help, suggestion: trimmed(error.instance()) }
    }

    fn pattern_note(&self, error: &ValidationError<'_>, subject: &str, pattern: &str) -> Note {
        let owner = self.owner(error);
        let explained = owner.as_ref().is_some_and(|owner| {
            owner.error_message("pattern").or_else(|| owner.text("description")).is_some()
        });
        let (value, pattern) = (shown(error.instance()), quoted(pattern));
        let message = match (is_empty(error.instance()), explained) {
            (true, true) => format!("{subject} is empty"),
            (true, false) => format!("{subject} is empty, but should match {pattern}"),
            (false, true) => format!("{subject} is {value}, which does not have the right form"),
            (false, false) => format!("{subject} is {value}, which does not match {pattern}"),
        };
        let help = owner.and_then(|owner| guide(&owner, "pattern"));
        Note { message, help, suggestion: trimmed(error.instance()) }
    }

    fn contains_message(&self, error: &ValidationError<'_>, subject: &str) -> String {
        let owner = self.owner(error);
        let number =
            |key: &str| owner.as_ref().and_then(|owner| owner.schema.get(key)).and_then(Value::as_u64);
        let what = owner.as_ref().and_then(|owner| owner.schema.get("contains")).and_then(describe);
        let items = |number: u64| {
            let are = if number == 1 { "is" } else { "are" };
            let kind = what.as_ref().map(|what| format!("that {are} {what}"));
            format!(
                "{} {}",
                count(number, "item", "items"),
                kind.as_deref().unwrap_or("that the schema asks for")
            )
        };
        match (super::keyword(error), number("minContains").unwrap_or(1)) {
            ("maxContains", _) => {
                format!("{subject} has more than {}", items(number("maxContains").unwrap_or(0)))
            }
            (_, least) => format!("{subject} should have at least {}", items(least)),
        }
    }
}

pub(in crate::schema) fn type_note(subject: &str, value: &Value, types: &[JsonType]) -> Note {
    let names: Vec<&str> = types.iter().copied().map(type_name).collect();
    let expected = either(&names);
    let message = if value.is_null() {
        format!("{subject} is empty, but should be {expected}")
    } else {
        format!("{subject} should be {expected}, but it is {}", found(value))
    };
    let wanted = |kind| types.contains(&kind);
    let (help, suggestion) = match value {
        Value::Null => emptied(types),
        Value::String(text) => match unquoted(text, types) {
            Some(value) => {
                (Some(format!("write {value} without quotes")), Some(safely(Change::ReplaceValue(value))))
            }
            None => match text.to_ascii_lowercase().as_str() {
                "" => emptied(types),
                "yes" | "on" if wanted(JsonType::Boolean) => replacement(true),
                "no" | "off" if wanted(JsonType::Boolean) => replacement(false),
                _ => listed(value, types),
            },
        },
        Value::Number(_) | Value::Bool(_) if wanted(JsonType::String) => {
            (Some("put it in quotes".to_owned()), Some(safely(Change::QuoteValue)))
        }
        _ => listed(value, types),
    };
    Note { message, help, suggestion }
}

/// What an absent value is where only a list or only a mapping will do.
fn emptied(types: &[JsonType]) -> (Option<String>, Option<Suggestion>) {
    let (value, what) = match types {
        [JsonType::Array] => (json!([]), "list"),
        [JsonType::Object] => (json!({}), "mapping"),
        _ => return (None, None),
    };
    // Templates may ask whether there is a value: to Liquid `[]` is one, and nothing is none.
    (Some(format!("write {value} for an empty {what}")), Some(unsafely(Change::ReplaceValue(value))))
}

/// A value alone where a list of such is wanted. Of one word every reader makes a list of one; a text with white space is
/// one item to some (Hugo's authors, Zod) and several to others (Jekyll's tags), and one with commas is meant as several.
fn listed(value: &Value, types: &[JsonType]) -> (Option<String>, Option<Suggestion>) {
    if !types.contains(&JsonType::Array) {
        return (None, None);
    }
    let is_list = |text: &str| text.contains([',', ';', '|', '\n']);
    let change = || Change::ReplaceValue(json!([value]));
    let suggestion = match value {
        Value::String(text) if is_list(text) => None,
        // What readers of YAML 1.1 take for true, a number or a date becomes another thing in the list.
        Value::String(text) if text.contains(char::is_whitespace) || Form::of(text).is_some() => {
            Some(unsafely(change()))
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Some(safely(change())),
        _ => return (None, None),
    };
    (Some("write it as a list, in brackets".to_owned()), suggestion)
}

/// How a value becomes one that differs from it in its type or in the white space around it alone: `"7"` and 7, `" a"` and
/// `"a"`.
fn retyped(value: &Value, wanted: &Value) -> Option<Change> {
    let replaced = || Some(Change::ReplaceValue(wanted.clone()));
    match (value, wanted) {
        (Value::String(text), Value::String(wanted)) if text.trim() == wanted => replaced(),
        (Value::String(text), Value::Number(_) | Value::Bool(_)) if is_written(wanted, text) => replaced(),
        (Value::Number(_) | Value::Bool(_), Value::String(wanted)) if is_written(value, wanted) => {
            Some(Change::QuoteValue)
        }
        _ => None,
    }
}

fn is_written(value: &Value, text: &str) -> bool {
    let written = value.to_string();
    written == text
}

/// The text without the white space around it, which nobody sees.
fn trimmed(value: &Value) -> Option<Suggestion> {
    let text = value.as_str()?;
    let trimmed = text.trim();
    (trimmed != text && !trimmed.is_empty()).then(|| safely(Change::ReplaceValue(trimmed.into())))
}

fn replacement(value: bool) -> (Option<String>, Option<Suggestion>) {
    (Some(format!("did you mean {value}?")), Some(unsafely(Change::ReplaceValue(value.into()))))
}

/// The value that a text is, where one of the types wants it and nothing is lost: `"7"`, but not `"007"`.
fn unquoted(text: &str, types: &[JsonType]) -> Option<Value> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => return None,
    };
    let fits = match &value {
        Value::Bool(_) => types.contains(&JsonType::Boolean),
        Value::Number(number) if number.is_f64() => types.contains(&JsonType::Number),
        _ => types.contains(&JsonType::Number) || types.contains(&JsonType::Integer),
    };
    let written = value.to_string();
    (fits && written == text).then_some(value)
}

fn const_note(subject: &str, value: &Value, expected: &Value) -> Note {
    let change = (!expected.is_null()).then(|| match retyped(value, expected) {
        Some(change) => safely(change),
        None => unsafely(Change::ReplaceValue(expected.clone())),
    });
    // A list or mapping is not "a list of 3 items" here: the reader needs to know which.
    let wanted = match expected {
        Value::Array(_) | Value::Object(_) => format!("exactly {}", quoted(&expected.to_string())),
        expected => shown(expected),
    };
    Note {
        message: format!("{subject} is {}, but should be {wanted}", shown(value)),
        help: None,
        suggestion: change,
    }
}

fn not_message(subject: &str, value: &Value, schema: &Value) -> String {
    let keys: Vec<String> = required_keys(schema).into_iter().map(quoted).collect();
    match keys.as_slice() {
        [] => {}
        [only] => return format!("{only} is not allowed here"),
        keys => return format!("{} must not stand together", both(keys)),
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        return format!("{subject} is {}, which matches {}, but must not", shown(value), quoted(pattern));
    }
    match describe(schema) {
        Some(what) if what == shown(value) => format!("{subject} must not be {what}"),
        Some(what) => format!("{subject} is {}, but must not be {what}", shown(value)),
        None => format!("{subject} is {}, which the schema rules out", shown(value)),
    }
}

fn other_message(error: &ValidationError<'_>, subject: &str, kind: &Kind) -> String {
    let value = error.instance();
    let length = value.as_str().map_or(0, |text| text.chars().count() as u64);
    let items = value.as_array().map_or(0, Vec::len) as u64;
    let keys = value.as_object().map_or(0, serde_json::Map::len) as u64;
    let least = |has: u64, limit: u64, one: &str, many: &str| match has {
        0 => format!("{subject} is empty, but should have at least {}", count(limit, one, many)),
        _ => format!("{subject} has {}, but should have at least {limit}", count(has, one, many)),
    };
    let most = |has: u64, limit: u64, one: &str, many: &str| {
        format!("{subject} has {}, but should have at most {limit}", count(has, one, many))
    };
    match kind {
        Kind::MinLength { limit } => least(length, *limit, "character", "characters"),
        Kind::MaxLength { limit } => most(length, *limit, "character", "characters"),
        Kind::MinItems { limit } => least(items, *limit, "item", "items"),
        Kind::MaxItems { limit } => most(items, *limit, "item", "items"),
        Kind::MinProperties { limit } => least(keys, *limit, "key", "keys"),
        Kind::MaxProperties { limit } => most(keys, *limit, "key", "keys"),
        Kind::Minimum { limit } => format!("{subject} is {}, but should be at least {limit}", shown(value)),
        Kind::Maximum { limit } => format!("{subject} is {}, but should be at most {limit}", shown(value)),
        Kind::ExclusiveMinimum { limit } => {
            format!("{subject} is {}, but should be more than {limit}", shown(value))
        }
        Kind::ExclusiveMaximum { limit } => {
            format!("{subject} is {}, but should be less than {limit}", shown(value))
        }
        Kind::MultipleOf { multiple_of } => {
            format!("{subject} is {}, but should be a multiple of {multiple_of}", shown(value))
        }
        Kind::ContentEncoding { content_encoding } => {
            format!("{subject} should be encoded as {}, but it is {}", quoted(content_encoding), found(value))
        }
        Kind::ContentMediaType { content_media_type } => {
            format!("{subject} should hold {}, but it is {}", quoted(content_media_type), found(value))
        }
        Kind::FromUtf8 { .. } => format!("{subject} holds encoded bytes that are not UTF-8"),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            format!("{subject} is {}, for which the pattern took too long", shown(value))
        }
        // Keywords of our own there are none; references are checked when the schema is compiled. The others have
        // their places in `Explainer::explain` and `Explainer::note_about`, save where they are inside
        // `propertyNames`. The masked text never holds the document.
        Kind::Custom { .. }
        | Kind::Referencing(_)
        | Kind::AdditionalItems { .. }
        | Kind::AdditionalProperties { .. }
        | Kind::AnyOf { .. }
        | Kind::Constant { .. }
        | Kind::Contains
        | Kind::Enum { .. }
        | Kind::FalseSchema
        | Kind::Format { .. }
        | Kind::Not { .. }
        | Kind::OneOfMultipleValid { .. }
        | Kind::OneOfNotValid { .. }
        | Kind::Pattern { .. }
        | Kind::PropertyNames { .. }
        | Kind::Required { .. }
        | Kind::Type { .. }
        | Kind::UnevaluatedItems { .. }
        | Kind::UnevaluatedProperties { .. }
        | Kind::UniqueItems => {
            let masked = error.masked_with(subject).to_string();
            masked.chars().take(200).collect()
        }
    }
}

/// What the value itself should have been, where an error is about that alone: the words to join with "or".
pub(in crate::schema) fn expectations(kind: &Kind) -> Option<Vec<String>> {
    Some(match kind {
        Kind::Type { kind } => types(kind).into_iter().map(|kind| type_name(kind).to_owned()).collect(),
        Kind::Constant { expected_value } => vec![shown(expected_value)],
        Kind::Enum { options } => options.as_array()?.iter().map(shown).collect(),
        Kind::Format { format: name } => {
            vec![format(name).map_or_else(|| quoted(name), |(what, _)| what.to_owned())]
        }
        _ => return None,
    })
}

/// Whether an error is about the value at this pointer and not about something inside it.
pub(in crate::schema) fn is_own(error: &ValidationError<'_>, pointer: &str) -> bool {
    error.instance_path().as_str() == pointer
}

pub(in crate::schema) fn types(kind: &TypeKind) -> Vec<JsonType> {
    match kind {
        TypeKind::Single(kind) => vec![*kind],
        TypeKind::Multiple(kinds) => kinds.iter().collect(),
    }
}

/// The keyword of a kind of error; listed in full, so that a new kind does not compile until it has words.
pub(super) fn keyword(kind: &Kind) -> &'static str {
    match kind {
        Kind::AdditionalItems { .. } => "additionalItems",
        Kind::AdditionalProperties { .. } => "additionalProperties",
        Kind::AnyOf { .. } => "anyOf",
        Kind::Pattern { .. } | Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            "pattern"
        }
        Kind::Constant { .. } => "const",
        Kind::Contains => "contains",
        Kind::ContentEncoding { .. } | Kind::FromUtf8 { .. } => "contentEncoding",
        Kind::ContentMediaType { .. } => "contentMediaType",
        Kind::Custom { .. } => "custom",
        Kind::Enum { .. } => "enum",
        Kind::ExclusiveMaximum { .. } => "exclusiveMaximum",
        Kind::ExclusiveMinimum { .. } => "exclusiveMinimum",
        Kind::FalseSchema => "false",
        Kind::Format { .. } => "format",
        Kind::MaxItems { .. } => "maxItems",
        Kind::Maximum { .. } => "maximum",
        Kind::MaxLength { .. } => "maxLength",
        Kind::MaxProperties { .. } => "maxProperties",
        Kind::MinItems { .. } => "minItems",
        Kind::Minimum { .. } => "minimum",
        Kind::MinLength { .. } => "minLength",
        Kind::MinProperties { .. } => "minProperties",
        Kind::MultipleOf { .. } => "multipleOf",
        Kind::Not { .. } => "not",
        Kind::OneOfMultipleValid { .. } | Kind::OneOfNotValid { .. } => "oneOf",
        Kind::PropertyNames { .. } => "propertyNames",
        Kind::Referencing(_) => "$ref",
        Kind::Required { .. } => "required",
        Kind::Type { .. } => "type",
        Kind::UnevaluatedItems { .. } => "unevaluatedItems",
        Kind::UnevaluatedProperties { .. } => "unevaluatedProperties",
        Kind::UniqueItems => "uniqueItems",
    }
}
