//! The front matter fits the JSON Schema of its collection.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::article::{Article, Format};
use crate::finding::{Edit, Fix, Safety};
use crate::rule::{ArticleCheck, Context, Sink};
use crate::schema::{Change, Suggestion, Violation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {}

impl ArticleCheck for Schema {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let (Some(schema), Some(front_matter)) = (context.schema, &article.front_matter) else { return };
        if !front_matter.is_sound() {
            return;
        }
        for violation in schema.violations(front_matter.root(), front_matter.opening) {
            let fix = fix(article.text(), front_matter.format, &violation);
            let finding = sink.report(violation.span, violation.message);
            finding.help = violation.help;
            finding.fix = fix;
        }
    }
}

/// The suggestion as an edit, where one replacement of bytes makes it.
fn fix(text: &str, format: Format, violation: &Violation) -> Option<Fix> {
    let Suggestion { change, safety } = violation.suggestion.as_ref()?;
    let written = text.get(violation.span.range())?;
    let (title, new) = match change {
        Change::RenameKey { to } => (format!("rename it to \"{to}\""), key(written, to)?),
        Change::ReplaceValue(value) => (format!("write {value}"), scalar(written, value)?),
        Change::QuoteValue => {
            let quoted = Json::from(written).to_string();
            (format!("write {quoted}"), quoted)
        }
        Change::InsertKey { .. } => return None,
    };
    // An alias shows a value that stands elsewhere: its bytes are not the value's.
    let is_alias = format == Format::Yaml && written.starts_with('*');
    let edits = [Edit::replace(violation.span, new)];
    (!is_alias).then(|| match safety {
        Safety::Safe => Fix::safe(title, edits),
        Safety::Unsafe => Fix::r#unsafe(title, edits),
    })
}

/// The new key in the quotes of the old one.
fn key(written: &str, to: &str) -> Option<String> {
    let is_word = to.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\'')).map(String::from);
    let quote = quote.unwrap_or_default();
    is_word.then(|| format!("{quote}{to}{quote}"))
}

/// A scalar in the style of the old one. JSON's texts are read alike by YAML, TOML and JSON.
fn scalar(written: &str, value: &Json) -> Option<String> {
    match value {
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        Json::String(text) if written.starts_with('\'') && !text.contains(['\'', '\n', '\r']) => {
            Some(format!("'{text}'"))
        }
        Json::String(text) => {
            let is_word = text.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-');
            let is_plain = !written.starts_with(['"', '\'']) && is_word && text.len() > 3;
            Some(if is_plain { text.clone() } else { value.to_string() })
        }
        _ => None,
    }
}
