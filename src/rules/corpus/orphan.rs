//! Another article links to each.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::{Corpus, INDEXES};
use crate::facts::{Use, Want, Wants};
use crate::rule::resolve::{self, Target, resolve};
use crate::rule::{Check, Comparison, Own, Sink};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Orphan {
    allow_drafts: bool,
    allow_indexes: bool,
}

impl Check for Orphan {
    fn wants(&self) -> Wants {
        resolve::wants().and(Wants::of([Want::Head]))
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        if !corpus.ground.is_whole {
            return None;
        }
        let mut is_linked = vec![false; corpus.articles.len()];
        // No reader comes along a link in a draft.
        let readable = corpus.articles.iter().enumerate().filter(|(_, known)| !known.facts.is_draft);
        for (number, known) in readable {
            for reference in known.facts.links.iter().filter(|reference| reference.used_as == Use::Link) {
                if let Target::Article(other) = resolve(corpus, number, reference)
                    && other != number
                {
                    is_linked[other] = true;
                }
            }
        }
        let is_let_pass = |number: usize| {
            let known = &corpus.articles[number];
            self.allow_drafts && known.facts.is_draft || self.allow_indexes && is_index(&known.path)
        };
        let alone = numbers.iter().copied().filter(|number| !is_linked[*number] && !is_let_pass(*number));
        let alone: Vec<usize> = alone.collect();
        (!alone.is_empty()).then(|| Box::new(Alone(alone)) as _)
    }
}

fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    INDEXES.contains(&stem)
}

/// The numbers of the articles that no other links to, sorted.
struct Alone(Vec<usize>);

impl Comparison for Alone {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        if self.0.binary_search(&own.number).is_ok() {
            let span = own.facts.title.as_ref().map_or(Span::empty(0), |title| title.span);
            sink.report(span, "no other article links to this one")
                .help("link to it from an article on the same matter");
        }
    }
}
