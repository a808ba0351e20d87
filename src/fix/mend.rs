//! Fixes an article until there is nothing left to fix.
//!
//! A fix is the word of a rule, and rules can be wrong together. So each pass is watched: fixes that never come to rest,
//! and fixes that break a front matter, are traced to their rules, and the article is mended again without those.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Fixed, apply};
use crate::article::FrontMatter;
use crate::engine::{self, Checked, Settings};
use crate::finding::{Finding, Safety};
use crate::text::Source;

/// How many passes an article gets. Real ones rest after two: fixes that overlap wait for each other, and one may uncover
/// another. Those in which rules only go on with work that gets less with each are not counted.
pub const MAX_PASSES: usize = 10;

/// How many passes an article gets in all. Only where a rule offers its fixes bit by bit, as `schema` does for thousands
/// of values and `front-matter-syntax` for each line, they may not suffice.
pub const MOST_PASSES: usize = 100;

/// What became of an article.
#[derive(Debug)]
pub struct Mended {
    /// The new text; `None` where nothing was to be fixed.
    pub text: Option<String>,
    /// The fixes that made it, in the order of their places.
    pub applied: Vec<Applied>,
    /// What is found in the new text.
    pub left: Checked,
    /// What went wrong with the fixes of some rules, which were left out.
    pub failures: Vec<Failure>,
    /// Whether there is more to fix than the passes sufficed for. Another run goes on with it.
    pub is_unfinished: bool,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The rule.
    pub rule: Arc<str>,
    /// What it did.
    pub title: String,
    /// Whether it kept the meaning.
    pub safety: Safety,
    /// Where it is in the new text.
    pub at: u32,
}

/// Fixes that did what no fix may do. They are not applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The rules whose fixes did it together.
    pub rules: Vec<Arc<str>>,
    /// What they did.
    pub kind: FailureKind,
}

/// What no fix may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// They undo each other, or never end.
    Unrest,
    /// The front matter, or the whole file, could be read before, and could not after.
    Breakage,
}

/// Applies the fixes that are trusted this much, and those that they uncover. What is suppressed is not fixed.
#[must_use]
pub fn mend(source: &Source, settings: &Settings, least: Safety) -> Mended {
    let bench = Bench { source, settings, least };
    let mut failures: Vec<Failure> = Vec::new();
    // Each failure leaves out a rule more, so there is an end.
    loop {
        let is_left_out = |rule: &Arc<str>| failures.iter().any(|failure| failure.rules.contains(rule));
        match bench.passes(source.text(), engine::check(source, settings), &|rule| !is_left_out(rule)) {
            Ok(mended) => return Mended { failures, ..mended },
            Err(failure) => failures.push(failure),
        }
    }
}

/// Where an article is worked on.
struct Bench<'a> {
    source: &'a Source,
    settings: &'a Settings,
    least: Safety,
}

impl Bench<'_> {
    /// Applies fixes of these rules until there are none left.
    fn passes(
        &self,
        old: &str,
        mut left: Checked,
        is_wanted: &dyn Fn(&Arc<str>) -> bool,
    ) -> Result<Mended, Failure> {
        let mut applied: Vec<Applied> = Vec::new();
        let mut past = Past::new();
        let mut text = Cow::Borrowed(old);
        let mut watch = Watch::default();
        let is_unfinished = loop {
            let new = apply(&text, self.fixable(&left.findings, is_wanted));
            if new.taken.is_empty() {
                break false;
            }
            if past.len() == MOST_PASSES {
                break true;
            }
            let rules = rules_of(&new);
            let is_too_much = watch.is_too_much(&rules, &left.findings, text.len());
            if is_broken(&text, &new.text) {
                return Err(self.breakage(&text, &left.findings, rules));
            }
            for old in &mut applied {
                old.at = new.moved(old.at);
            }
            applied.extend(new.taken.iter().map(|(finding, at)| Applied::new(finding, *at)));
            let new = Cow::Owned(new.text);
            past.push((std::mem::replace(&mut text, new), rules));
            if let Some(since) = again(&past, &*text).or_else(|| is_too_much.then_some(0)) {
                return Err(self.unrest(&past[since..]));
            }
            left = engine::check(&self.source.with(&text), self.settings);
        };
        applied.sort_by_key(|applied| applied.at);
        let text = (!past.is_empty()).then(|| text.into_owned());
        Ok(Mended { text, applied, left, failures: Vec::new(), is_unfinished })
    }

    fn fixable<'f>(
        &self,
        findings: &'f [Finding],
        is_wanted: impl Fn(&Arc<str>) -> bool,
    ) -> impl Iterator<Item = &'f Finding> {
        let least = self.least;
        let is_trusted =
            move |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety >= least);
        findings.iter().filter(is_trusted).filter(move |finding| is_wanted(&finding.rule))
    }

    /// Which rules broke this text in one pass.
    fn breakage(&self, text: &str, findings: &[Finding], rules: BTreeSet<Arc<str>>) -> Failure {
        let breaks = |rules: &[Arc<str>]| {
            is_broken(text, &apply(text, self.fixable(findings, |rule| rules.contains(rule))).text)
        };
        Failure { rules: needed(rules, breaks), kind: FailureKind::Breakage }
    }

    /// Which rules do not come to rest over these texts.
    fn unrest(&self, past: &[(Cow<'_, str>, BTreeSet<Arc<str>>)]) -> Failure {
        let all = past.iter().flat_map(|(_, rules)| rules.iter().cloned()).collect();
        let never_rests = |rules: &[Arc<str>]| {
            let mut text = past[0].0.clone();
            let (mut seen, mut watch) = (Past::new(), Watch::default());
            while again(&seen, &*text).is_none() {
                let found = engine::check(&self.source.with(&text), self.settings);
                let new = apply(&text, self.fixable(&found.findings, |rule| rules.contains(rule)));
                if new.taken.is_empty() || seen.len() == MOST_PASSES {
                    return false;
                }
                if watch.is_too_much(&rules_of(&new), &found.findings, text.len()) {
                    return true;
                }
                let new = Cow::Owned(new.text);
                seen.push((std::mem::replace(&mut text, new), BTreeSet::new()));
            }
            true
        };
        Failure { rules: needed(all, never_rests), kind: FailureKind::Unrest }
    }
}

impl Applied {
    pub(super) fn new(finding: &Finding, at: u32) -> Self {
        let fix = finding.fix.as_ref().expect("it was taken");
        Self { rule: Arc::clone(&finding.rule), title: fix.title.to_string(), safety: fix.safety, at }
    }
}

/// How the fixes of one rule get on, turn by turn.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// How often it had something to fix.
    pub(super) turns: usize,
    /// How many findings there were at the last turn, and how many bytes from the first that has a fix to the end.
    last: (usize, usize),
    /// Whether either did not get less at each turn.
    stuck: (bool, bool),
}

impl Work {
    /// A turn of the rule, in a text of so many bytes of which this was found.
    pub(super) fn turn(&mut self, rule: &str, findings: &[Finding], length: usize) {
        let own = || findings.iter().filter(|finding| *finding.rule == *rule);
        let first = own().filter(|finding| finding.fix.is_some()).map(|finding| finding.span.start).min();
        let now = (own().count(), first.map_or(0, |first| length.saturating_sub(first as usize)));
        if self.turns > 0 {
            self.stuck.0 |= now.0 >= self.last.0;
            self.stuck.1 |= now.1 >= self.last.1;
        }
        self.turns += 1;
        self.last = now;
    }

    /// Whether it came nearer to its end at each turn: what gets less each time is long at most, and not endless.
    pub(super) fn advances(&self) -> bool {
        self.turns > 1 && self.stuck != (true, true)
    }

    /// Whether it may be what never ends.
    pub(super) fn is_suspect(&self) -> bool {
        self.turns >= MAX_PASSES && !self.advances()
    }
}

/// Counts passes, but for those in which all rules merely go on with what gets less.
#[derive(Default)]
struct Watch {
    works: BTreeMap<Arc<str>, Work>,
    spent: usize,
}

impl Watch {
    /// A pass of these rules; whether it is one too many.
    fn is_too_much(&mut self, rules: &BTreeSet<Arc<str>>, findings: &[Finding], length: usize) -> bool {
        for rule in rules {
            self.works.entry(Arc::clone(rule)).or_default().turn(rule, findings, length);
        }
        self.spent += usize::from(!rules.iter().all(|rule| self.works[rule].advances()));
        self.spent > MAX_PASSES
    }
}

/// The rules whose fixes were taken.
fn rules_of(new: &Fixed<'_>) -> BTreeSet<Arc<str>> {
    new.taken.iter().map(|(finding, _)| Arc::clone(&finding.rule)).collect()
}

/// Each text that there was, with the rules whose fixes made the next of it.
type Past<'a> = Vec<(Cow<'a, str>, BTreeSet<Arc<str>>)>;

/// Since when there has been nothing but a way back: where, of all the texts that there were, or what stands for them,
/// this one is.
pub(super) fn again<T: PartialEq<U>, U: ?Sized, R>(past: &[(T, R)], text: &U) -> Option<usize> {
    past.iter().position(|(old, _)| old == text)
}

/// Those of these rules without which something would not be so.
fn needed(rules: BTreeSet<Arc<str>>, is_so: impl Fn(&[Arc<str>]) -> bool) -> Vec<Arc<str>> {
    let mut rules: Vec<Arc<str>> = rules.into_iter().collect();
    let mut at = 0;
    while at < rules.len() && rules.len() > 1 {
        let rule = rules.remove(at);
        if !is_so(&rules) {
            rules.insert(at, rule);
            at += 1;
        }
    }
    rules
}

/// Whether a text could be read and its successor cannot. What a front matter says that could not be read before is
/// nobody's loss: there, a new problem may be an old one that now shows.
#[must_use]
pub fn is_broken(old: &str, new: &str) -> bool {
    let lost = |text: &str| Source::new("", text.as_bytes().to_vec()).damage().is_some();
    let state = |text: &str| {
        let block = FrontMatter::find(text).map(|(block, _)| block);
        block.map(|block| (block.is_sound(), block.document.duplicates.len()))
    };
    let is_worse = match (state(old), state(new)) {
        (Some((true, before)), Some((is_sound, after))) => !is_sound || after > before,
        (Some(_), None) | (None, Some((false, _))) => true,
        (Some((false, _)), Some(_)) | (None, _) => false,
    };
    is_worse || (lost(new) && !lost(old))
}

#[cfg(test)]
mod tests;
