//! What the page says before its list: the verdict, the numbers, the charts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::closing::{asides, counted, listed};
use super::super::visible;
use super::chart::{Chart, Row, grouped};
use super::data::Rule;
use crate::corpus::Portrait;
use crate::finding::Level;
use crate::triage::{Run, Standing};

/// How many rules are charted at once; the others are a click away.
const RULES: usize = 12;

/// How many categories of a tier are charted, and how many tiers.
const CATEGORIES: usize = 8;
const TIERS: usize = 9;

/// All that the template shows.
#[derive(Serialize)]
pub(super) struct View {
    version: &'static str,
    edition: String,
    verdict: String,
    numbers: Vec<Number>,
    asides: Vec<String>,
    rules: Chart,
    more_rules: Chart,
    groups: Chart,
    corpus: Option<Corpus>,
    /// Whether there is no finding to list, suppressed ones included.
    pub(super) is_empty: bool,
}

#[derive(Serialize)]
struct Number {
    kind: &'static str,
    name: &'static str,
    count: String,
}

#[derive(Serialize)]
struct Corpus {
    told: String,
    measures: Vec<Measure>,
    tiers: Vec<Tier>,
    more_tiers: Option<String>,
}

#[derive(Serialize)]
struct Measure {
    id: &'static str,
    name: &'static str,
    unit: &'static str,
    told: String,
    table: Chart,
}

#[derive(Serialize)]
struct Tier {
    name: String,
    table: Chart,
}

impl View {
    pub(super) fn new(run: &Run, rules: &BTreeMap<&str, Rule<'_>>) -> Self {
        let [chart, more_rules] = by_rule(run, rules);
        Self {
            version: env!("CARGO_PKG_VERSION"),
            edition: format!("{} checked", articles(run.summary.checked)),
            verdict: verdict(run),
            numbers: numbers(run),
            asides: asides(run).collect(),
            rules: chart,
            more_rules,
            groups: by_group(run, rules),
            corpus: run.portrait.as_ref().filter(|portrait| portrait.articles > 0).map(Corpus::new),
            is_empty: run.shown().next().is_none(),
        }
    }
}

/// `2 errors and 1 info in 1 file`.
fn verdict(run: &Run) -> String {
    let summary = &run.summary;
    let levels = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info")];
    let levels = levels.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| told(count, noun));
    let levels: Vec<_> = levels.collect();
    match (summary.checked, levels.is_empty()) {
        (0, true) => "No article was checked".to_owned(),
        (_, true) => "Nothing was found".to_owned(),
        _ => format!("{} in {}", listed(&levels), told(summary.with_findings, "file")),
    }
}

fn numbers(run: &Run) -> Vec<Number> {
    let summary = &run.summary;
    let number = |kind, name, count| {
        let kind = if count == 0 { "zero" } else { kind };
        Number { kind, name, count: grouped(count) }
    };
    let mut numbers = vec![
        number("error", "errors", summary.errors),
        number("warning", "warnings", summary.warnings),
        number("info", "infos", summary.infos),
        number("", "articles checked", summary.checked),
        number("", "with a safe fix", summary.fixable.safe),
        number("", "with an unsafe fix", summary.fixable.r#unsafe),
        number("", "suppressed", summary.suppressed),
    ];
    if let Some(baselined) = summary.baselined {
        numbers.push(number("", "in the baseline", baselined.known));
        numbers.push(number("", "gone from the baseline", baselined.gone));
    }
    if summary.fixed.all() > 0 {
        numbers.push(number("", "fixed", summary.fixed.all()));
    }
    let skipped = summary.skipped.iter().map(|skipped| skipped.count).sum();
    if skipped > 0 {
        numbers.push(number("", "skipped", skipped));
    }
    if let Some(asked) = summary.asked {
        numbers.push(number("", "addresses asked", asked.alive + asked.dead + asked.unverified));
    }
    numbers
}

/// How many findings that count each name has, by level; names with the most come first.
fn tally<'a>(run: &'a Run, name: impl Fn(&'a str) -> &'a str) -> Vec<(&'a str, [usize; 3])> {
    let mut tally: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (finding, standing) in run.shown() {
        if standing == Standing::Counted {
            let level = match finding.level {
                Level::Error => 0,
                Level::Warning => 1,
                Level::Info => 2,
            };
            tally.entry(name(&finding.rule)).or_default()[level] += 1;
        }
    }
    let mut tally: Vec<_> = tally.into_iter().collect();
    tally.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    tally
}

fn most(tally: &[(&str, [usize; 3])]) -> usize {
    tally.first().map_or(0, |(_, counts)| counts.iter().sum())
}

/// The rules with the most findings, and the others.
fn by_rule(run: &Run, rules: &BTreeMap<&str, Rule<'_>>) -> [Chart; 2] {
    let tally = tally(run, |rule| rule);
    let most = most(&tally);
    let row = |(id, counts): &(&str, _)| {
        let name = visible::line(id).into_owned();
        let url = rules.get(id).and_then(|rule| rule.url.clone());
        Row::of_findings(name, url, *counts, most)
    };
    let (first, others) = tally.split_at(tally.len().min(RULES));
    let caption = told(others.len(), "more rule");
    [
        Chart {
            caption: "findings by rule and level".to_owned(),
            rows: first.iter().map(row).collect(),
            more: None,
        },
        Chart { caption, rows: others.iter().map(row).collect(), more: None },
    ]
}

fn by_group<'a>(run: &'a Run, rules: &'a BTreeMap<&str, Rule<'_>>) -> Chart {
    let tally = tally(run, |id| rules.get(id).map_or("", |rule| rule.group));
    let most = most(&tally);
    let row = |(name, counts): &(&str, _)| Row::of_findings((*name).to_owned(), None, *counts, most);
    Chart {
        caption: "findings by group and level".to_owned(),
        rows: tally.iter().map(row).collect(),
        more: None,
    }
}

impl Corpus {
    fn new(portrait: &Portrait) -> Self {
        let drafts = match portrait.drafts {
            0 => "no drafts".to_owned(),
            count => told(count, "draft"),
        };
        let told_of = format!("{}, {drafts} among them", articles(portrait.articles));
        let mut measures = vec![measure("words", "Words", "words", &portrait.words)];
        if !portrait.minutes.is_empty() {
            let mut minutes = measure("minutes", "Reading time", "minutes", &portrait.minutes);
            minutes.told = format!("{}, stated by {}", minutes.told, articles(portrait.minutes.len()));
            measures.push(minutes);
        }
        let tiers = portrait.tiers.iter().take(TIERS).map(|(tier, names)| Tier::new(tier, names)).collect();
        let more_tiers = (portrait.tiers.len() > TIERS)
            .then(|| format!("and {}", told(portrait.tiers.len() - TIERS, "more tier")));
        Self { told: told_of, measures, tiers, more_tiers }
    }
}

fn measure(id: &'static str, name: &'static str, unit: &'static str, values: &[u32]) -> Measure {
    let at = |at: usize| values.get(at).map_or(0, |value| *value as usize);
    let end = values.len().saturating_sub(1);
    let [least, middle, most] = [at(0), at(end / 2), at(end)].map(grouped);
    Measure {
        id,
        name,
        unit,
        told: format!("{least} to {most} {unit}, median {middle}"),
        table: Chart::histogram(format!("articles by {unit}"), values),
    }
}

impl Tier {
    fn new(tier: &str, names: &BTreeMap<Box<str>, usize>) -> Self {
        let mut names: Vec<_> = names.iter().map(|(name, count)| (&**name, *count)).collect();
        names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let (shown, others) = names.split_at(names.len().min(CATEGORIES));
        let most = shown.first().map_or(0, |(_, count)| *count);
        let row =
            |(name, count): &(&str, usize)| Row::of_articles(visible::line(name).into_owned(), *count, most);
        let name = match visible::line(tier) {
            tier if tier.is_empty() => "Categories".to_owned(),
            tier => format!("Categories, {tier}"),
        };
        let caption = format!("{name}: articles in each");
        let more = (!others.is_empty()).then(|| format!("and {} more", grouped(others.len())));
        Self { name, table: Chart { caption, rows: shown.iter().map(row).collect(), more } }
    }
}

/// `no article`, `1 article`, `12,345 articles`.
fn articles(count: usize) -> String {
    if count == 0 { "no article".to_owned() } else { told(count, "article") }
}

/// As [`counted`], in threes.
fn told(count: usize, noun: &str) -> String {
    counted(count, noun).replacen(&count.to_string(), &grouped(count), 1)
}
