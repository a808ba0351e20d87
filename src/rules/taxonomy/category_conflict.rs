//! Each category stands at one tier, and under one parent.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Tiered, Want, Wants};
use crate::rule::{Check, Comparison, Own, Sink, category, others};
use crate::taxonomy::{Census, Taxonomy, parent};

#[derive(Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CategoryConflict {
    /// From the widest to the narrowest.
    tiers: Vec<Box<str>>,
    at_least: usize,
}

impl Check for CategoryConflict {
    fn wants(&self) -> Wants {
        Wants::of([Want::Categories])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        if let Some(taxonomy) = &corpus.ground.taxonomy {
            return Some(Box::new(AgainstFile(Arc::clone(taxonomy))));
        }
        // What most articles say can only be said where all are known.
        let articles = numbers.iter().map(|number| (*number, &corpus.articles[*number].facts));
        corpus.ground.is_whole.then(|| {
            let census = Census::of(articles, &self.tiers);
            Box::new(AmongArticles { corpus: Arc::clone(corpus), census, rule: self.clone() }) as _
        })
    }
}

/// The categories of an article that have a tier, with their tiers.
fn tiered(facts: &Facts) -> impl Iterator<Item = (&Tiered, &str)> {
    facts.categories.iter().filter_map(|category| Some((category, category.tier.as_deref()?)))
}

struct AgainstFile(Arc<Taxonomy>);

impl Comparison for AgainstFile {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let mut told = Vec::new();
        for (category, tier) in tiered(own.facts) {
            let Some(known) = self.0.find(&category.name.text).filter(|known| !told.contains(&&known.name))
            else {
                continue;
            };
            let name = &category.name.text;
            let Some(right) = &known.tier else { continue };
            if **right != *tier {
                let message = format!("\"{name}\" is \"{right}\" in the taxonomy, \"{tier}\" here");
                sink.report(category.name.span, message).help(format!(
                    "write a category that is \"{tier}\" in its place, or change the taxonomy"
                ));
                told.push(&known.name);
            } else if let Some(parent) = self.wrong_parent(own.facts, tier, &known.parents) {
                let parents = known.parents.join("\" or \"");
                let message = format!(
                    "\"{name}\" stands under \"{parents}\" in the taxonomy, under \"{}\" here",
                    parent.name.text
                );
                sink.report(category.name.span, message)
                    .help("change one of the two, or add this parent to the taxonomy")
                    .related(parent.name.span, "under this");
                told.push(&known.name);
            }
        }
    }
}

impl AgainstFile {
    /// The category at the tier above this one, where the file knows it, and as none of these parents. One that stands at
    /// a wrong tier itself is told of by itself.
    fn wrong_parent<'f>(&self, facts: &'f Facts, tier: &str, parents: &[Box<str>]) -> Option<&'f Tiered> {
        let (_, parent) = parent(facts, tier, &self.0.tiers).filter(|_| !parents.is_empty())?;
        let known = self.0.find(&parent.name.text)?;
        (known.tier == parent.tier && !parents.contains(&known.name)).then_some(parent)
    }
}

struct AmongArticles {
    corpus: Arc<Corpus>,
    census: Census,
    rule: CategoryConflict,
}

impl Comparison for AmongArticles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let mut told = Vec::new();
        for (category, tier) in tiered(own.facts) {
            let Some(number) = self.census.find(&category.name.text).filter(|number| !told.contains(number))
            else {
                continue;
            };
            let is_told = match self.census.usage(number).tier.as_deref() {
                Some(right) if right == tier => self.check_parent(own, (number, category), tier, sink),
                Some(right) => self.check_tier(own, (number, category), (tier, right), sink),
                None => false,
            };
            told.extend(is_told.then_some(number));
        }
    }
}

impl AmongArticles {
    fn check_tier(
        &self,
        own: &Own<'_>,
        (number, category): (usize, &Tiered),
        (tier, right): (&str, &str),
        sink: &mut Sink<'_>,
    ) -> bool {
        let usage = self.census.usage(number);
        let agreed = &usage.tiers[right];
        if agreed.len() < self.rule.at_least {
            return false;
        }
        let (most, here) =
            (category::articles(agreed.len()), category::here(usage.tiers.get(tier).map_or(0, Vec::len)));
        let message = format!("\"{}\" is \"{right}\" in {most}, \"{tier}\" {here}", category.name.text);
        let finding = sink.report(category.name.span, message);
        finding.help(format!(
            "write a category that is \"{tier}\" everywhere in its place, or make this one so in all articles"
        ));
        let (known, count) = others::besides(own, &self.corpus, agreed);
        let places = known.filter_map(|known| {
            let is_there = |one: &&Tiered| {
                one.tier.as_deref() == Some(right) && self.census.find(&one.name.text) == Some(number)
            };
            let there = known.facts.categories.iter().find(is_there)?;
            Some(others::place(known, there.name.span, format!("\"{right}\" here")))
        });
        others::show(finding, places, count);
        true
    }

    fn check_parent(
        &self,
        own: &Own<'_>,
        (number, category): (usize, &Tiered),
        tier: &str,
        sink: &mut Sink<'_>,
    ) -> bool {
        let usage = self.census.usage(number);
        let Some((_, parent_here)) = parent(own.facts, tier, &self.rule.tiers) else { return false };
        let (Some(right), Some(wrong)) = (usage.parent, self.census.find(&parent_here.name.text)) else {
            return false;
        };
        let articles =
            |parent: usize| usage.parents.get(&(tier.into(), parent)).map_or(&[][..], Vec::as_slice);
        let agreed = articles(right);
        // A parent that stands at a wrong tier itself is told of by itself.
        if wrong == right
            || self.census.usage(wrong).tier != parent_here.tier
            || agreed.len() < self.rule.at_least
        {
            return false;
        }
        let (most, here) = (category::articles(agreed.len()), category::here(articles(wrong).len()));
        let name = &self.census.usage(right).name;
        let message = format!(
            "\"{}\" stands under \"{name}\" in {most}, under \"{}\" {here}",
            category.name.text, parent_here.name.text
        );
        let finding = sink.report(category.name.span, message);
        finding.help(format!("choose one of the two for \"{tier}\" categories of this name in all articles, or list both as its parents in a taxonomy"));
        let (known, count) = others::besides(own, &self.corpus, agreed);
        let places = known.filter_map(|known| {
            let (_, there) = parent(&known.facts, tier, &self.rule.tiers)?;
            Some(others::place(known, there.name.span, format!("under \"{name}\" here")))
        });
        others::show(finding, places, count);
        true
    }
}
