//! `existence`: words or patterns that must not occur.

use super::hit::Search;
use super::message::Wording;
use super::pattern::{Joint, Pattern};
use super::settings::{Settings, Text};
use crate::article::Article;
use crate::rule::{Check, Context, Sink};

/// The check: one pattern over all that the scopes name.
pub(super) struct Existence {
    search: Search,
    wording: Wording,
}

impl Existence {
    /// As Vale does it: `tokens` are alternatives between word boundaries, or anywhere with `nonword`; `raw` is put
    /// together as it stands.
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let ignorecase = settings.flag("ignorecase");
        let tokens = settings.texts("tokens");
        let raw = settings.texts("raw");
        if !raw.is_empty() && !tokens.is_empty() {
            let place = Some(settings.span("raw"));
            settings.mistake(place, "\"raw\" stands beside \"tokens\"", Some("make two searches of them"));
        }
        let pattern = if raw.is_empty() {
            Pattern::compile(
                settings,
                "tokens",
                &tokens,
                Joint { ignorecase, words: !settings.flag("nonword") },
            )
        } else {
            let parts: Vec<&str> = raw.iter().map(|part| part.text.as_str()).collect();
            let whole = Text { text: parts.concat(), span: Some(settings.span("raw")) };
            Pattern::compile(settings, "raw", &[whole], Joint { ignorecase, words: false })
        };
        let groups = pattern.as_ref().map(Pattern::group_names).unwrap_or_default();
        let holes: Vec<&str> =
            ["match", "heading"].into_iter().chain(groups.iter().map(String::as_str)).collect();
        let wording = Wording::read(settings, &holes);
        let search = Search::new(settings, pattern);
        Some(Self { search: search?, wording: wording? })
    }
}

impl Check for Existence {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        self.search.run(article, context, sink, &mut |found, sink| {
            let span = found.passage.locate(found.hit.range.clone()).span;
            found.values(&self.wording, &[], |values| {
                self.wording.report(sink, span, values);
            });
        });
    }
}
