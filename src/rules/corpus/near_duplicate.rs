//! No two articles have nearly the same text.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Want, Wants};
use crate::rule::alike::{Alike, Text, similarity};
use crate::rule::scope::{Among, Scope};
use crate::rule::{Check, Comparison, Own, Sink, others};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(from = "Options")]
pub(crate) struct NearDuplicate {
    among: Among,
    similarity: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Options {
    scope: Scope,
    only_published: bool,
    similarity: f64,
}

impl From<Options> for NearDuplicate {
    fn from(Options { scope, only_published, similarity }: Options) -> Self {
        Self { among: Among { scope, only_published }, similarity }
    }
}

impl Check for NearDuplicate {
    fn wants(&self) -> Wants {
        self.among.wants([Want::Head, Want::Signature])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let parts = self.among.scope.parts(corpus, numbers);
        let texts = numbers.iter().filter_map(|number| {
            let facts = &corpus.articles[*number].facts;
            let is_text = self.among.takes(facts) && !facts.signature.is_empty();
            let part = parts.of(*number).filter(|_| is_text)?;
            Some(Text { number: *number, part, area: parts.area(part), signature: &facts.signature })
        });
        let alike = Alike::of(texts.collect(), self.similarity, |left, right| parts.meet(left, right));
        let (only_published, corpus) = (self.among.only_published, Arc::clone(corpus));
        let likeness = Likeness { corpus, only_published, least: self.similarity, alike };
        (!likeness.alike.is_empty()).then(|| Box::new(likeness) as _)
    }
}

/// The articles that are alike.
struct Likeness {
    corpus: Arc<Corpus>,
    only_published: bool,
    least: f64,
    alike: Alike,
}

impl Comparison for Likeness {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        if self.only_published && own.facts.is_draft {
            return;
        }
        let Some((nearest, cluster)) = self.alike.like(own.number) else { return };
        let other = &self.corpus.articles[nearest];
        // While it is being fixed, its text changes.
        let likeness = similarity(&own.facts.signature, &other.facts.signature);
        if likeness < self.least {
            return;
        }
        let more = cluster.len().saturating_sub(2);
        let and_more =
            if more > 0 { format!(" and that of {}", others::articles(more)) } else { String::new() };
        let message = format!(
            "the text is nearly that of \"{}\"{and_more}: their similarity is {likeness:.2}",
            other.name
        );
        let finding = sink.report(place(own.facts), message);
        finding.help("make one article of them, or say in each what the other does not");
        let (rest, count) = others::besides(own, &self.corpus, cluster);
        let first = others::place(other, place(&other.facts), "the nearest");
        let rest = rest.filter(|known| known.name != other.name);
        let rest = rest.map(|known| others::place(known, place(&known.facts), "much the same"));
        others::show(finding, std::iter::once(first).chain(rest), count);
    }
}

/// What stands for a text: its title, or where there is none the beginning of the file.
fn place(facts: &Facts) -> Span {
    facts.title.as_ref().map_or(Span::empty(0), |title| title.span)
}
