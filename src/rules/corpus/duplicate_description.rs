//! No two articles have the same description or excerpt.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Readings, Told, Want, Wants};
use crate::rule::scope::Among;
use crate::rule::shared::Shared;
use crate::rule::truncation::{Relation, normalised, relation};
use crate::rule::{Check, Comparison, Own, Sink, scalar};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct DuplicateDescription(Among);

impl Check for DuplicateDescription {
    fn wants(&self) -> Wants {
        self.0.wants([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let keys = |_: &str, facts: &Facts| texts(facts).map(|(key, ..)| key).collect::<Vec<_>>();
        Some(Box::new(Doubles(Shared::of(&self.0, (corpus, numbers), 2, keys)?)))
    }
}

/// The excerpt and the description, as far as there are any, each with its number and what it is called.
fn texts(facts: &Facts) -> impl Iterator<Item = (u64, &Told, &'static str)> {
    let Readings { excerpt, description, .. } = facts.readings;
    let all = [
        (excerpt, facts.excerpt.as_ref(), "excerpt"),
        (description, facts.description.as_ref(), "description"),
    ];
    let written = all.into_iter().filter_map(|(key, told, what)| Some((key?, told?, what)));
    written.filter(|(_, told, _)| !scalar::is_template(&told.text))
}

/// The articles that share a description or excerpt.
struct Doubles(Shared);

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let mut found: Option<&Told> = None;
        for (key, told, what) in texts(own.facts) {
            // A description that is the excerpt, or its beginning, is mended with it.
            if found.is_some_and(|excerpt| is_cut_from(excerpt, told)) {
                continue;
            }
            let message = |others: &str| format!("the {what} is that of {others}, too");
            let place = |facts: &Facts| place(facts, key);
            if let Some(finding) = self.0.report(own, (key, told.span), sink, message, place) {
                finding.help("say what this article is about, and no other");
                found = Some(told);
            }
        }
    }
}

fn is_cut_from(excerpt: &Told, description: &Told) -> bool {
    relation(&normalised(&excerpt.text), &normalised(&description.text)) != Relation::Other
}

/// Where the same text stands in another article.
fn place(facts: &Facts, key: u64) -> Option<Span> {
    texts(facts).find(|(other, ..)| *other == key).map(|(_, told, _)| told.span)
}
