//! An article whose fixes are decided on one by one. What is accepted is written before the next is offered.
//!
//! It is watched like an article that is mended at once, but for what was declined: that is known again where it moves
//! to, and is not offered twice.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::mend::{Applied, Failure, FailureKind, MAX_PASSES, MOST_PASSES, Work, again, is_broken};
use super::{Fixed, apply};
use crate::engine::{self, Settings};
use crate::finding::{Finding, Text};
use crate::text::{Source, Span};

/// The article that is decided on.
pub struct Desk<'a> {
    source: &'a Source,
    settings: &'a Settings,
    /// The texts that there were, with the rule whose fix made the next one.
    past: Vec<(u64, Arc<str>)>,
    declined: Vec<Declined>,
    /// What is applied without being offered, by rule, since that was last taken note of.
    unasked: BTreeMap<Arc<str>, Turns>,
    /// The rules that have more to fix than one run does.
    long: BTreeSet<Arc<str>>,
    answers: Answers,
}

/// What became of one article.
#[derive(Debug, Default)]
pub struct Answers {
    /// The text as it now stands in the file.
    pub text: String,
    /// The fixes that made it, in the order of their places.
    pub applied: Vec<Applied>,
    /// What went wrong with the fixes of some rules, of which no more were applied.
    pub failures: Vec<Failure>,
    /// Why it could not be written, and all further fixes are left.
    pub unwritten: Option<String>,
    /// Whether there is more to fix of what was agreed on than one run does. Another run goes on with it.
    pub is_unfinished: bool,
    /// Whether a rule failed at the text: the run that reports what remains will meet it again.
    pub is_bug: bool,
}

/// Puts the second text in the place of the first.
pub type Put<'a> = &'a mut dyn FnMut(&str, &str) -> Result<(), String>;

/// A fix that somebody does not want.
struct Declined {
    rule: Arc<str>,
    title: Text,
    span: Span,
}

/// What was applied of a rule without being offered.
#[derive(Default)]
struct Turns {
    work: Work,
    fixes: usize,
}

impl<'a> Desk<'a> {
    /// The article as it is.
    #[must_use]
    pub fn new(source: &'a Source, settings: &'a Settings) -> Self {
        let answers = Answers { text: source.text().to_owned(), ..Answers::default() };
        let (past, declined, unasked, long) = Default::default();
        Self { source, settings, past, declined, unasked, long, answers }
    }

    /// The path of the article.
    #[must_use]
    pub fn path(&self) -> &'a Arc<str> {
        self.source.path()
    }

    /// The text as it stands.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.answers.text
    }

    /// The article as it stands.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source.with(self.text())
    }

    /// Whether nothing more can be done here.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.answers.unwritten.is_some() || self.answers.is_bug
    }

    /// What went wrong so far.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.answers.failures
    }

    /// What became of it.
    #[must_use]
    pub fn close(mut self) -> Answers {
        self.answers.applied.sort_by_key(|applied| applied.at);
        self.answers
    }

    /// What is found in the text as it stands, in order of place.
    pub fn check(&mut self) -> Vec<Finding> {
        let source = self.source();
        let checked = engine::attempt(|| engine::check(&source, self.settings));
        self.answers.is_bug = checked.is_err();
        let mut findings = checked.map(|checked| checked.findings).unwrap_or_default();
        findings.sort_by(|left, right| left.key().cmp(&right.key()));
        findings
    }

    /// Whether a finding has a fix that is still to be decided on.
    #[must_use]
    pub fn offers(&self, finding: &Finding) -> bool {
        let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits().is_empty()) else { return false };
        // What was put in at one end of it may count as a part of it or not.
        let is_it = |one: &Declined| {
            one.rule == finding.rule
                && one.title == fix.title
                && (one.span.start == finding.span.start || one.span.end == finding.span.end)
        };
        let has_failed = self.failures().iter().any(|failure| failure.rules.contains(&finding.rule));
        !has_failed && !self.long.contains(&finding.rule) && !self.declined.iter().any(is_it)
    }

    /// Offers the fix of a finding no more.
    pub fn decline(&mut self, finding: &Finding) {
        let Some(fix) = &finding.fix else { return };
        let (rule, title) = (Arc::clone(&finding.rule), fix.title.clone());
        self.declined.push(Declined { rule, title, span: finding.span });
    }

    /// Applies the fixes that are agreed on, of the first rule that has some; whether there was one. It could go on for
    /// ever, or merely for long, so each rule gets as many turns as an article gets passes.
    pub fn apply_unasked(
        &mut self,
        findings: &[Finding],
        is_agreed: impl Fn(&Finding) -> bool,
        put: Put<'_>,
    ) -> bool {
        let agreed: Vec<&Finding> =
            findings.iter().filter(|finding| self.offers(finding) && is_agreed(finding)).collect();
        let Some(rule) = agreed.first().map(|first| Arc::clone(&first.rule)) else { return false };
        let turns = self.unasked.entry(Arc::clone(&rule)).or_default();
        turns.work.turn(&rule, findings, self.answers.text.len());
        if turns.work.turns > MOST_PASSES {
            self.answers.is_unfinished = true;
            self.long.insert(rule);
            return true;
        }
        if turns.work.turns > MAX_PASSES && turns.work.is_suspect() {
            let suspects = self.unasked.iter().filter(|(_, turns)| turns.work.is_suspect());
            let rules = suspects.map(|(rule, _)| Arc::clone(rule)).collect();
            self.fail(FailureKind::Unrest, rules);
            return true;
        }
        let fixes = self.apply(agreed.into_iter().filter(|finding| finding.rule == rule), put);
        self.unasked.entry(rule).or_default().fixes += fixes;
        true
    }

    /// How many fixes of each rule were applied without being offered, since this was last asked.
    pub fn take_unasked(&mut self) -> impl Iterator<Item = (Arc<str>, usize)> + use<> {
        let unasked = std::mem::take(&mut self.unasked).into_iter();
        unasked.map(|(rule, turns)| (rule, turns.fixes)).filter(|(_, fixes)| *fixes > 0)
    }

    /// Applies fixes of one rule, writes the file, and says how many fixes that were.
    pub fn apply<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>, put: Put<'_>) -> usize {
        let new = apply(self.text(), findings);
        let count = new.taken.len();
        if self.accept(&new, put) {
            self.answers.text = new.text;
            count
        } else {
            0
        }
    }

    /// Whether the new text is now the one that holds.
    fn accept(&mut self, new: &Fixed<'_>, put: Put<'_>) -> bool {
        let Some((first, _)) = new.taken.first() else { return false };
        let rule = Arc::clone(&first.rule);
        if is_broken(self.text(), &new.text) {
            self.fail(FailureKind::Breakage, BTreeSet::from([rule]));
            return false;
        }
        self.past.push((fingerprint(self.text()), rule));
        if let Some(since) = again(&self.past, &fingerprint(&new.text)) {
            let rules = self.past.drain(since..).map(|(_, rule)| rule).collect();
            self.fail(FailureKind::Unrest, rules);
            return false;
        }
        if let Err(why) = put(self.text(), &new.text) {
            self.answers.unwritten = Some(why);
            return false;
        }
        for before in &mut self.answers.applied {
            before.at = new.moved(before.at);
        }
        for declined in &mut self.declined {
            let Span { start, end } = declined.span;
            declined.span = Span { start: new.moved(start), end: new.moved(end).max(new.moved(start)) };
        }
        self.answers.applied.extend(new.taken.iter().map(|(finding, at)| Applied::new(finding, *at)));
        true
    }

    fn fail(&mut self, kind: FailureKind, rules: BTreeSet<Arc<str>>) {
        self.answers.failures.push(Failure { rules: rules.into_iter().collect(), kind });
    }
}

/// A number that stands for a text, so that the texts of a long talk need not be kept.
fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
