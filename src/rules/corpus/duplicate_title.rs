//! No two articles have the same title.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Told, Want, Wants};
use crate::rule::scope::Among;
use crate::rule::shared::{Shared, read_as};
use crate::rule::{Check, Comparison, Own, Sink, scalar};

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct DuplicateTitle(Among);

impl Check for DuplicateTitle {
    fn wants(&self) -> Wants {
        self.0.wants([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let shared = Shared::of(&self.0, (corpus, numbers), 2, |_, facts| title(facts).map(|title| title.0))?;
        Some(Box::new(Doubles(shared)))
    }
}

fn title(facts: &Facts) -> Option<(u64, &Told)> {
    let title = facts.title.as_ref().filter(|title| !scalar::is_template(&title.text))?;
    Some((read_as(&title.text)?, title))
}

/// The articles that share a title.
struct Doubles(Shared);

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let Some((key, title)) = title(own.facts) else { return };
        let message = |others: &str| format!("the title \"{}\" is that of {others}, too", title.text);
        let place = |facts: &Facts| facts.title.as_ref().map(|title| title.span);
        if let Some(finding) = self.0.report(own, (key, title.span), sink, message, place) {
            finding.help("say in the title what this article has that the others have not");
        }
    }
}
