//! A published article links to no draft.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Use, Wants};
use crate::rule::resolve::{self, Target, resolve};
use crate::rule::{Check, Comparison, Own, Sink};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DraftLinked {}

impl Check for DraftLinked {
    fn wants(&self) -> Wants {
        resolve::wants()
    }

    fn survey(&self, corpus: &Arc<Corpus>, _: &[usize]) -> Option<Box<dyn Comparison>> {
        let has_drafts = corpus.articles.iter().any(|known| known.facts.is_draft);
        has_drafts.then(|| Box::new(Drafts(Arc::clone(corpus))) as _)
    }
}

struct Drafts(Arc<Corpus>);

impl Comparison for Drafts {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        if own.facts.is_draft {
            return;
        }
        for reference in own.facts.links.iter().filter(|reference| reference.used_as == Use::Link) {
            let Target::Article(number) = resolve(&self.0, own.number, reference) else { continue };
            let other = &self.0.articles[number];
            if number != own.number && other.facts.is_draft {
                let message = format!("\"{}\" is a draft, so readers find nothing there", other.path);
                sink.report(reference.span, message).help("publish it first, or take the link out");
            }
        }
    }
}
