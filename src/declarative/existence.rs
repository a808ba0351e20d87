//! `existence`: words or patterns that must not occur.

use regex::Regex;

use super::scope::Scope;
use super::settings::Settings;
use crate::article::Article;
use crate::rule::{ArticleCheck, Context, Sink};

/// The check: one expression over all that the scopes name.
pub(super) struct Existence {
    /// What a finding says; `{match}` is what was found.
    message: String,
    help: Option<String>,
    pattern: Regex,
    scopes: Vec<Scope>,
    ignorecase: bool,
    /// Texts that are let pass though a token matches them.
    exceptions: Vec<String>,
}

impl Existence {
    /// As Vale does it: `tokens` are alternatives between word boundaries, or anywhere with `nonword`; `raw` is put
    /// together as it stands.
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let ignorecase = settings.flag("ignorecase");
        let parts =
            |key: &str| -> Vec<String> { settings.texts(key).into_iter().map(|text| text.text).collect() };
        let (tokens, raw) = (parts("tokens").join("|"), parts("raw").concat());
        let tokens = match (tokens.is_empty(), settings.flag("nonword")) {
            (true, _) => None,
            (false, true) => Some(format!("(?:{tokens})")),
            (false, false) => Some(format!(r"\b(?:{tokens})\b")),
        };
        let raw = (!raw.is_empty()).then(|| format!("(?:{raw})"));
        let flags = if ignorecase { "(?im)" } else { "(?m)" };
        let parts: Vec<String> = tokens.into_iter().chain(raw).collect();
        let pattern = match Regex::new(&format!("{flags}{}", parts.join("|"))) {
            Ok(pattern) => pattern,
            Err(error) => {
                settings.mistake(Some(settings.span("tokens")), error.to_string(), None);
                return None;
            }
        };
        let scopes = Scope::read(settings)?;
        let exceptions = settings.texts("exceptions").into_iter().map(|text| text.text).collect();
        let message = settings.text("message")?.text;
        let help = settings.text("help").map(|text| text.text);
        Some(Self { message, help, pattern, scopes, ignorecase, exceptions })
    }

    fn is_exception(&self, text: &str) -> bool {
        self.exceptions.iter().any(|exception| {
            exception == text || self.ignorecase && exception.to_lowercase() == text.to_lowercase()
        })
    }
}

impl ArticleCheck for Existence {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        for scope in &self.scopes {
            scope.search(article, &self.pattern, &mut |found, span| {
                if found.is_empty() || self.is_exception(found) {
                    return;
                }
                let finding = sink.report(span, self.message.replace("{match}", found));
                if let Some(help) = &self.help {
                    finding.help(help.replace("{match}", found));
                }
            });
        }
    }
}
