//! `existence`: words or patterns that must not occur.

use regex::Regex;
use serde::Deserialize;
use serde_json::Value as Json;

use super::scope::Scope;
use crate::article::Article;
use crate::rule::{ArticleCheck, Context, Sink};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// What a finding says; `{match}` is what was found.
    message: String,
    #[serde(default)]
    help: Option<String>,
    /// Regular expressions, any of which is looked for, as whole words.
    #[serde(default)]
    tokens: Vec<String>,
    /// Regular expressions that together make one pattern.
    #[serde(default)]
    raw: Vec<String>,
    #[serde(default)]
    ignorecase: bool,
    /// Whether tokens may begin and end anywhere, not only where words do.
    #[serde(default)]
    nonword: bool,
    /// Where to look.
    scope: Vec<Scope>,
    /// Texts that are let pass though a token matches them.
    #[serde(default)]
    exceptions: Vec<String>,
}

/// The check: one expression over all that the scopes name.
pub(super) struct Existence {
    settings: Settings,
    pattern: Regex,
}

impl Existence {
    pub(super) fn new(settings: Json) -> Result<Self, String> {
        let settings: Settings = serde_json::from_value(settings).map_err(|error| error.to_string())?;
        let pattern = Regex::new(&settings.pattern()).map_err(|error| error.to_string())?;
        Ok(Self { settings, pattern })
    }

    fn is_exception(&self, text: &str) -> bool {
        self.settings.exceptions.iter().any(|exception| {
            exception == text || self.settings.ignorecase && exception.to_lowercase() == text.to_lowercase()
        })
    }
}

impl Settings {
    /// As Vale does it: tokens are alternatives between word boundaries, `raw` is put together as it stands.
    fn pattern(&self) -> String {
        let flags = if self.ignorecase { "(?im)" } else { "(?m)" };
        let tokens = self.tokens.join("|");
        let tokens = match (tokens.is_empty(), self.nonword) {
            (true, _) => None,
            (false, true) => Some(format!("(?:{tokens})")),
            (false, false) => Some(format!(r"\b(?:{tokens})\b")),
        };
        let raw = (!self.raw.is_empty()).then(|| format!("(?:{})", self.raw.concat()));
        let parts: Vec<String> = tokens.into_iter().chain(raw).collect();
        format!("{flags}{}", parts.join("|"))
    }
}

impl ArticleCheck for Existence {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        for scope in &self.settings.scope {
            scope.search(article, &self.pattern, &mut |found, span| {
                if found.is_empty() || self.is_exception(found) {
                    return;
                }
                let finding = sink.report(span, self.settings.message.replace("{match}", found));
                if let Some(help) = &self.settings.help {
                    finding.help(help.replace("{match}", found));
                }
            });
        }
    }
}
