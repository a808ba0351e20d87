//! No sentence stands word for word in many articles.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Want, Wants};
use crate::rule::scope::{Among, Scope};
use crate::rule::shared::Shared;
use crate::rule::{Check, Comparison, Own, Sink, sentence};

#[derive(Deserialize)]
#[serde(from = "Options")]
pub(crate) struct BoilerplateSentence {
    among: Among,
    max: usize,
    /// The numbers of the sentences that may stand in many.
    exceptions: HashSet<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Options {
    scope: Scope,
    only_published: bool,
    max: usize,
    exceptions: Vec<String>,
}

impl From<Options> for BoilerplateSentence {
    fn from(options: Options) -> Self {
        let Options { scope, only_published, max, exceptions } = options;
        let exceptions =
            exceptions.iter().filter_map(|text| sentence::number(text, std::iter::empty())).collect();
        Self { among: Among { scope, only_published }, max, exceptions }
    }
}

impl Check for BoilerplateSentence {
    fn wants(&self) -> Wants {
        self.among.wants([Want::Sentences])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let is_free = |number: &u64| self.exceptions.contains(number);
        let keys = |_: &str, facts: &Facts| {
            let sentences = facts.sentences.iter().map(|(number, _)| *number);
            sentences.filter(|number| !is_free(number)).collect::<Vec<_>>()
        };
        Some(Box::new(Doubles(Shared::of(&self.among, (corpus, numbers), self.max.saturating_add(1), keys)?)))
    }
}

/// The articles that share a sentence.
struct Doubles(Shared);

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        // What an article repeats is reported where it begins.
        let mut seen = HashSet::new();
        for &(key, span) in own.facts.sentences.iter().filter(|(number, _)| seen.insert(*number)) {
            let message = |others: &str| format!("this sentence stands word for word in {others}");
            let place = |facts: &Facts| {
                facts.sentences.iter().find(|(other, _)| *other == key).map(|(_, span)| *span)
            };
            if let Some(finding) = self.0.report(own, (key, span), sink, message, place) {
                finding.help(
                    "say it in words that fit this article alone, or put what all say into the template",
                );
            }
        }
    }
}
