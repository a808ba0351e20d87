//! No two articles have the same slug.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Told, Want, Wants};
use crate::rule::scope::Among;
use crate::rule::shared::Shared;
use crate::rule::{Check, Comparison, Own, Sink, fingerprint, scalar};

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct DuplicateSlug(Among);

impl Check for DuplicateSlug {
    fn wants(&self) -> Wants {
        self.0.wants([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let shared = Shared::of(&self.0, (corpus, numbers), 2, |_, facts| slug(facts).map(|slug| slug.0))?;
        Some(Box::new(Doubles(shared)))
    }
}

/// The slug and its number. Slashes around it make no other address; capitals do, on most servers.
fn slug(facts: &Facts) -> Option<(u64, &Told)> {
    let slug = facts.slug.as_ref()?;
    let text = slug.text.trim_matches('/');
    (!text.is_empty() && !scalar::is_template(text)).then(|| (fingerprint::of(text.as_bytes()), slug))
}

/// The articles that share a slug.
struct Doubles(Shared);

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let Some((key, slug)) = slug(own.facts) else { return };
        let message = |others: &str| format!("the slug \"{}\" is taken by {others}", slug.text);
        let place = |facts: &Facts| facts.slug.as_ref().map(|slug| slug.span);
        if let Some(finding) = self.0.report(own, (key, slug.span), sink, message, place) {
            finding.help("give all but one a slug of their own; versions of one article are better made one");
        }
    }
}
