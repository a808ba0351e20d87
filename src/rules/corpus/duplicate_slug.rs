//! No two articles have the same slug.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::{Corpus, Known};
use crate::facts::{Facts, Told, Want, Wants};
use crate::rule::{Check, Comparison, Own, Sink, others};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DuplicateSlug {
    scope: Scope,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    Collection,
    Site,
}

impl Scope {
    fn group(self, known: &Known) -> Arc<[Arc<str>]> {
        match self {
            Self::Collection => Arc::clone(&known.collections),
            Self::Site => Arc::from([]),
        }
    }
}

impl Check for DuplicateSlug {
    fn wants(&self) -> Wants {
        Wants::of([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let mut groups: HashMap<(Arc<[Arc<str>]>, Box<str>), Vec<usize>> = HashMap::new();
        for &number in numbers {
            let known = &corpus.articles[number];
            if let Some(slug) = slug(&known.facts) {
                groups.entry((self.scope.group(known), slug.text.clone())).or_default().push(number);
            }
        }
        groups.retain(|_, numbers| numbers.len() > 1);
        (!groups.is_empty())
            .then(|| Box::new(Doubles { corpus: Arc::clone(corpus), scope: self.scope, groups }) as _)
    }
}

fn slug(facts: &Facts) -> Option<&Told> {
    facts.slug.as_ref().filter(|_| !facts.is_draft)
}

/// The articles that share a slug, by their group and slug.
struct Doubles {
    corpus: Arc<Corpus>,
    scope: Scope,
    groups: HashMap<(Arc<[Arc<str>]>, Box<str>), Vec<usize>>,
}

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let Some(slug) = slug(own.facts) else { return };
        let group = self.scope.group(&self.corpus.articles[own.number]);
        let Some(numbers) = self.groups.get(&(group, slug.text.clone())) else { return };
        let (others, count) = others::besides(own, &self.corpus, numbers);
        if count > 0 {
            let by = others::articles(count);
            let finding = sink.report(slug.span, format!("the slug \"{}\" is taken by {by}", slug.text));
            finding.help("give it a slug of its own");
            let places = others
                .filter_map(|known| Some(others::place(known, known.facts.slug.as_ref()?.span, "also here")));
            others::show(finding, places, count);
        }
    }
}
