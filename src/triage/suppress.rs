//! Holds the findings of an article against its suppressions.

use std::collections::HashMap;
use std::sync::Arc;

use crate::article::suppressions::{Directive, Scope};
use crate::date::Clock;
use crate::finding::Finding;
use crate::rule::{Fate, Judged};
use crate::rules::SUPPRESSION;
use crate::schema::nearest;

/// A finding that its author wants to be left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why, where the suppression says so.
    pub reason: Option<String>,
}

/// What is known besides the article.
pub struct Known<'a> {
    /// The names of all rules there are.
    pub rules: &'a [Arc<str>],
    /// Whether a rule was run, and would find the same the next time.
    pub was_run: &'a dyn Fn(&str) -> bool,
    /// What day it is; without it nothing expires.
    pub clock: Option<&'a Clock>,
}

/// The findings of an article, sorted out.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Those that count.
    pub kept: Vec<Finding>,
    /// Those that do not.
    pub suppressed: Vec<Suppressed>,
    /// What became of each directive.
    pub judged: Vec<Judged>,
}

/// How many misspelt names of an article are compared with those of all rules.
const COMPARED: usize = 64;

/// Sorts out the findings of one article. A finding is suppressed where its rule is named, and its span begins in what
/// the directive covers. Of several such directives the one that begins last counts as used, and one for the whole file
/// only where no other is.
#[must_use]
pub fn suppress(findings: Vec<Finding>, directives: Vec<Directive>, known: &Known<'_>) -> Sorted {
    let is_over = |directive: &Directive| directive.is_over(known.clock);
    let mut fates: Vec<Vec<bool>> =
        directives.iter().map(|directive| vec![false; directive.rules.len()]).collect();
    let valid = Index::new(&directives, |directive| !is_over(directive));
    let over = Index::new(&directives, is_over);
    let mut sorted = Sorted::default();
    for finding in findings {
        if let Some((directive, name)) = valid.find(&finding) {
            fates[directive][name] = true;
            let reason = directives[directive].reason.clone();
            sorted.suppressed.push(Suppressed { finding, reason });
        } else {
            if let Some((directive, name)) = over.find(&finding) {
                fates[directive][name] = true;
            }
            sorted.kept.push(finding);
        }
    }
    drop((valid, over));
    let mut near: HashMap<String, Option<String>> = HashMap::new();
    for (directive, matched) in directives.into_iter().zip(fates) {
        let fates = directive.rules.iter().zip(matched).map(|(name, matched)| match name.name.as_str() {
            _ if directive.scope == Scope::Unknown => Fate::NotRun,
            SUPPRESSION if directive.scope == Scope::File => Fate::NotRun,
            SUPPRESSION => Fate::FileOnly,
            _ if matched => {
                if is_over(&directive) {
                    Fate::Expired
                } else {
                    Fate::Used
                }
            }
            rule if (known.was_run)(rule) => Fate::Unused,
            rule if known.rules.iter().any(|known| **known == *rule) => Fate::NotRun,
            rule if near.len() < COMPARED || near.contains_key(rule) => {
                let names = || nearest(rule, known.rules.iter().map(AsRef::as_ref)).map(str::to_owned);
                Fate::Unknown(near.entry(rule.to_owned()).or_insert_with(names).clone())
            }
            _ => Fate::Unknown(None),
        });
        let fates = fates.collect();
        sorted.judged.push(Judged { directive, fates });
    }
    sorted
}

/// Whether a directive for the whole file wants nothing to be said of the suppressions themselves, and why.
#[must_use]
pub fn hides_itself(judged: &[Judged], clock: Option<&Clock>) -> Option<Option<String>> {
    let hides = |directive: &Directive| {
        !directive.is_over(clock)
            && directive.scope == Scope::File
            && directive.rules.iter().any(|name| name.name == SUPPRESSION)
    };
    let mut directives = judged.iter().map(|judged| &judged.directive);
    directives.find(|directive| hides(directive)).map(|directive| directive.reason.clone())
}

/// The bytes that one name in a directive covers.
struct Cover {
    start: u32,
    end: u32,
    /// Where this and all before it have ended.
    reach: u32,
    at: (usize, usize),
}

/// What the directives cover for one rule.
#[derive(Default)]
struct Covers {
    bytes: Vec<Cover>,
    file: Option<(usize, usize)>,
}

/// Finds the directive that a finding falls under, without looking at all of them.
struct Index<'d>(HashMap<&'d str, Covers>);

impl<'d> Index<'d> {
    fn new(directives: &'d [Directive], counts: impl Fn(&Directive) -> bool) -> Self {
        let mut index: HashMap<&str, Covers> = HashMap::new();
        for (number, directive) in directives.iter().enumerate().filter(|(_, directive)| counts(directive)) {
            for (name, rule) in directive.rules.iter().enumerate() {
                let covers = index.entry(&rule.name).or_default();
                let at = (number, name);
                match directive.scope {
                    Scope::File => covers.file = covers.file.or(Some(at)),
                    Scope::Bytes(span) => {
                        covers.bytes.push(Cover { start: span.start, end: span.end, reach: 0, at });
                    }
                    Scope::Nothing | Scope::Unknown => {}
                }
            }
        }
        for covers in index.values_mut() {
            covers.bytes.sort_by_key(|cover| (cover.start, cover.at));
            let mut reach = 0;
            for cover in &mut covers.bytes {
                reach = reach.max(cover.end);
                cover.reach = reach;
            }
        }
        Self(index)
    }

    fn find(&self, finding: &Finding) -> Option<(usize, usize)> {
        let covers = self.0.get(finding.rule.as_ref())?;
        let at = finding.span.start;
        let before = covers.bytes.partition_point(|cover| cover.start <= at);
        let mut near = covers.bytes[..before].iter().rev().take_while(|cover| cover.reach >= at);
        near.find(|cover| cover.end >= at).map(|cover| cover.at).or(covers.file)
    }
}
