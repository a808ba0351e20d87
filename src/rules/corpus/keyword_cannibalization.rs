//! No two articles are written for the same search word.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Told, Want, Wants};
use crate::rule::scope::Among;
use crate::rule::shared::{Shared, read_as};
use crate::rule::{Check, Comparison, Own, Sink, scalar};

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct KeywordCannibalization(Among);

impl Check for KeywordCannibalization {
    fn wants(&self) -> Wants {
        self.0.wants([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let shared = Shared::of(&self.0, (corpus, numbers), 2, |_, facts| first(facts).map(|word| word.0))?;
        Some(Box::new(Rivals(shared)))
    }
}

/// The first keyword, which is the one that the article is written for.
fn first(facts: &Facts) -> Option<(u64, &Told)> {
    let first = facts.keywords.first().filter(|first| !scalar::is_template(&first.text))?;
    Some((read_as(&first.text)?, first))
}

/// The articles that share their first keyword.
struct Rivals(Shared);

impl Comparison for Rivals {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let Some((key, word)) = first(own.facts) else { return };
        let message = |others: &str| format!("\"{}\" is the first keyword of {others}, too", word.text);
        let place = |facts: &Facts| facts.keywords.first().map(|word| word.span);
        if let Some(finding) = self.0.report(own, (key, word.span), sink, message, place) {
            finding.help("write each for a search of its own, or make one article of them");
        }
    }
}
