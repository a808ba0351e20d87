//! Each category is one that the site has, in its right spelling.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Tiered, Want, Wants};
use crate::finding::{Finding, Fix};
use crate::rule::{Check, Comparison, Own, Sink, category, others};
use crate::schema::nearest;
use crate::taxonomy::{Census, Taxonomy};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoryUnknown {}

/// So many names are compared with each other in a run, to find out which may have been meant: the time for a file that
/// has nothing to do with its site stays bounded.
const BUDGET: usize = 500_000;

impl Check for CategoryUnknown {
    fn wants(&self) -> Wants {
        Wants::of([Want::Categories])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let articles = numbers.iter().map(|number| (*number, &corpus.articles[*number].facts));
        if let Some(taxonomy) = &corpus.ground.taxonomy {
            let near = near(taxonomy, articles.map(|(_, facts)| facts));
            return Some(Box::new(AgainstFile { taxonomy: Arc::clone(taxonomy), near }));
        }
        // Which spelling most articles have can only be said where all are known.
        corpus.ground.is_whole.then(|| {
            Box::new(AmongArticles { corpus: Arc::clone(corpus), census: Census::of(articles, &[]) }) as _
        })
    }
}

/// For each name that the file lacks the one that was likely meant, as far as the budget goes.
fn near<'f>(taxonomy: &Taxonomy, articles: impl Iterator<Item = &'f Facts>) -> HashMap<Box<str>, Box<str>> {
    let all = articles.flat_map(named).map(|category| &*category.name.text);
    let unknown: BTreeSet<&str> = all.filter(|name| taxonomy.find(name).is_none()).collect();
    let names = || taxonomy.categories.iter().map(|category| &*category.name);
    let most = BUDGET / taxonomy.categories.len().max(1);
    let near =
        unknown.into_iter().take(most).filter_map(|name| Some((name.into(), nearest(name, names())?.into())));
    near.collect()
}

/// The categories of an article, and behind them the one category.
fn named(facts: &Facts) -> impl Iterator<Item = &Tiered> {
    facts.categories.iter().chain(&facts.category)
}

/// The places of each spelling that an article has, in the order of the first.
fn spellings(facts: &Facts) -> Vec<Vec<&Tiered>> {
    let mut spellings: Vec<Vec<&Tiered>> = Vec::new();
    for category in named(facts) {
        match spellings.iter_mut().find(|places| places[0].name.text == category.name.text) {
            Some(places) => places.push(category),
            None => spellings.push(vec![category]),
        }
    }
    spellings
}

struct AgainstFile {
    taxonomy: Arc<Taxonomy>,
    near: HashMap<Box<str>, Box<str>>,
}

impl Comparison for AgainstFile {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        for places in spellings(own.facts) {
            let name = &places[0].name.text;
            let (message, right) = match self.taxonomy.find(name) {
                Some(category) if category.name == *name => continue,
                Some(category) if category.aliases.contains(name) => (
                    format!("\"{name}\" is called \"{}\" in the taxonomy", category.name),
                    Some(&category.name),
                ),
                Some(category) => (
                    format!("\"{name}\" is spelt \"{}\" in the taxonomy", category.name),
                    Some(&category.name),
                ),
                None => (format!("the taxonomy has no category \"{name}\""), self.near.get(name)),
            };
            let finding = sink.report(places[0].name.span, message);
            match right {
                Some(right) => mend(finding, own.facts, &places, right),
                None => drop(finding.help(
                    "write one that it has, or add this one: `copydesk taxonomy show` prints them all",
                )),
            }
        }
    }
}

struct AmongArticles {
    corpus: Arc<Corpus>,
    census: Census,
}

impl Comparison for AmongArticles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        for places in spellings(own.facts) {
            let name = &places[0].name.text;
            let Some(usage) = self.census.find(name).map(|number| self.census.usage(number)) else {
                continue;
            };
            if usage.name == *name {
                continue;
            }
            let right = &usage.name;
            let count = usage.spellings.get(name).map_or(0, Vec::len);
            let (most, here) = (category::articles(usage.spellings[right].len()), category::here(count));
            let finding = sink.report(
                places[0].name.span,
                format!("\"{name}\" is spelt \"{right}\" in {most}, as \"{name}\" {here}"),
            );
            mend(finding, own.facts, &places, right);
            let (known, count) = others::besides(own, &self.corpus, &usage.spellings[right]);
            let related = known.filter_map(|known| {
                let there = named(&known.facts).find(|there| there.name.text == *right)?;
                Some(others::place(known, there.name.span, format!("\"{right}\" here")))
            });
            others::show(finding, related, count);
        }
    }
}

/// Says what to write in all places of a name in the article.
fn mend(finding: &mut Finding, facts: &Facts, places: &[&Tiered], right: &str) {
    for place in &places[1..] {
        finding.related(place.name.span, "and here");
    }
    if facts.categories.iter().any(|category| *category.name.text == *right)
        && facts.categories.iter().any(|one| one == places[0])
    {
        finding.help(format!("take it out: \"{right}\" stands in this article, too"));
        return;
    }
    finding.help(format!("write \"{right}\""));
    let edits: Option<Vec<_>> = places.iter().map(|place| category::rename(place, right)).collect();
    finding.fix = edits.map(|edits| Fix::r#unsafe(format!("write \"{right}\""), edits));
}
