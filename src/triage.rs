//! What a run comes to: the findings that count, and the numbers that close a report.

pub mod baseline;
mod fingerprint;
mod suppress;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::corpus::Portrait;
use crate::finding::{Finding, Level, Safety};
use crate::rule::Page;
use crate::text::Position;

pub use fingerprint::{Fingerprint, fingerprint};
pub use suppress::{Known, Sorted, Suppressed, hides_itself, suppress};

/// All that a report says.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The findings, sorted by [`Finding::key`].
    pub findings: Vec<Finding>,
    /// The findings that their authors want to be left alone and the report is to show all the same, sorted likewise.
    pub suppressed: Vec<Suppressed>,
    /// The findings that a baseline knows and the report is to show all the same, sorted likewise.
    pub baselined: Vec<Finding>,
    /// The fixes that were made and are to be listed, by file and place.
    pub fixed: Vec<Fixed>,
    /// The least trust at which fixes were applied; `None` where none were to be.
    pub fixing: Option<Safety>,
    /// The pages of the rules that were on for any of the files, by their ids.
    pub rules: Vec<Arc<Page>>,
    /// What the articles are like, where somebody wants to know.
    pub portrait: Option<Portrait>,
    /// The numbers.
    pub summary: Summary,
}

/// What a finding is to the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It counts.
    Counted,
    /// Its author wants it to be left alone.
    Suppressed(&'a Suppressed),
    /// A baseline knows it.
    Baselined,
}

/// A fix that was made, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The rule.
    pub rule: Arc<str>,
    /// What it does.
    pub title: String,
    /// Whether it keeps the meaning.
    pub safety: Safety,
    /// The file.
    pub path: Arc<str>,
    /// Where it is in the new text. That text is let go as soon as it is written, so the place is told here.
    pub position: Position,
}

/// The numbers of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many articles were read and checked.
    pub checked: usize,
    /// How many files have at least one finding.
    pub with_findings: usize,
    /// How many findings are errors.
    pub errors: usize,
    /// How many findings are warnings.
    pub warnings: usize,
    /// How many findings are infos.
    pub infos: usize,
    /// How many findings carry a fix.
    pub fixable: Fixable,
    /// How many findings were fixed, and are none any more.
    pub fixed: Fixes,
    /// How many findings are suppressed. They count as nothing else.
    pub suppressed: usize,
    /// What a baseline knows; `None` in a run without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baselined: Option<Baselined>,
    /// What was not read, not parsed or not asked: one entry for each reason, none with a count of 0.
    pub skipped: Vec<Skipped>,
    /// What the web answered; `None` in a run that did not ask it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// What a baseline knows, in numbers of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Baselined {
    /// How many were found again. They count as nothing else.
    pub known: usize,
    /// How many would have been found, and are not there any more.
    pub gone: usize,
}

/// What the web answered, in numbers of distinct addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// How many are there.
    pub alive: usize,
    /// How many are not.
    pub dead: usize,
    /// Of how many nobody knows.
    pub unverified: usize,
    /// How many of these answers an earlier run had kept.
    pub cached: usize,
}

/// How many findings carry a fix of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fixable {
    /// Fixes that keep the meaning.
    pub safe: usize,
    /// Fixes that a person should look at first.
    pub r#unsafe: usize,
}

/// How many fixes of each kind were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fixes {
    /// Fixes that keep the meaning.
    pub safe: usize,
    /// Fixes that a person should look at first.
    pub r#unsafe: usize,
    /// How many files they are in.
    pub files: usize,
}

impl Fixes {
    /// Counts one more.
    pub fn count(&mut self, safety: Safety) {
        match safety {
            Safety::Safe => self.safe += 1,
            Safety::Unsafe => self.r#unsafe += 1,
        }
    }

    /// Adds those of other files.
    pub fn add(&mut self, other: Self) {
        self.safe += other.safe;
        self.r#unsafe += other.r#unsafe;
        self.files += other.files;
    }

    /// How many there are, of any kind.
    #[must_use]
    pub fn all(self) -> usize {
        self.safe + self.r#unsafe
    }
}

/// A kind of thing that can be left out of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A file that was not read or not parsed.
    File,
    /// A path of the command line under which there is nothing to check.
    Path,
    /// An address that was not asked.
    Url,
}

/// Things that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// What was left out.
    pub unit: Unit,
    /// Why, as it reads in brackets: `ignored by .gitignore`, `not UTF-8`, `offline`.
    pub reason: Cow<'static, str>,
    /// How many.
    pub count: usize,
}

impl Run {
    /// All that is to be shown, in order, and what it is to the run.
    pub fn shown(&self) -> impl Iterator<Item = (&Finding, Standing<'_>)> {
        let counted = self.findings.iter().map(|finding| (finding, Standing::Counted));
        let suppressed = self.suppressed.iter().map(|one| (&one.finding, Standing::Suppressed(one)));
        let baselined = self.baselined.iter().map(|finding| (finding, Standing::Baselined));
        merged(merged(counted, suppressed), baselined)
    }
}

/// Two sorted lists as one; of two that stand at one place the first list's comes first.
fn merged<'a>(
    left: impl Iterator<Item = (&'a Finding, Standing<'a>)>,
    right: impl Iterator<Item = (&'a Finding, Standing<'a>)>,
) -> impl Iterator<Item = (&'a Finding, Standing<'a>)> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    std::iter::from_fn(move || {
        let is_next = |(one, _): &(&Finding, Standing<'_>)| {
            left.peek().is_none_or(|(other, _)| one.key() < other.key())
        };
        right.next_if(is_next).or_else(|| left.next())
    })
}

impl Summary {
    /// Counts these findings. Entries of `skipped` with the same reason are added up.
    #[must_use]
    pub fn of(findings: &[Finding], checked: usize, skipped: impl IntoIterator<Item = Skipped>) -> Self {
        let mut summary = Self { checked, ..Self::default() };
        for finding in findings {
            match finding.level {
                Level::Error => summary.errors += 1,
                Level::Warning => summary.warnings += 1,
                Level::Info => summary.infos += 1,
            }
            match finding.fix.as_ref().map(|fix| fix.safety) {
                Some(Safety::Safe) => summary.fixable.safe += 1,
                Some(Safety::Unsafe) => summary.fixable.r#unsafe += 1,
                None => {}
            }
        }
        summary.with_findings = findings.iter().map(|finding| &finding.path).collect::<HashSet<_>>().len();
        let mut counts = BTreeMap::new();
        for Skipped { unit, reason, count } in skipped {
            *counts.entry((unit, reason)).or_default() += count;
        }
        summary.skipped = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|((unit, reason), count)| Skipped { unit, reason, count })
            .collect();
        summary
    }

    /// How many findings there are, of any level.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Edit, Fix};
    use crate::text::Span;

    fn finding(path: &str, level: Level, fix: Option<Fix>) -> Finding {
        let (rule, message) = ("a-rule".into(), "wrong".to_owned());
        Finding {
            rule,
            level,
            path: path.into(),
            span: Span::empty(0),
            message,
            help: None,
            related: vec![],
            fix,
        }
    }

    #[test]
    fn each_finding_is_counted_once() {
        let edits = || [Edit::insert(0, "x")];
        let findings = [
            finding("a.md", Level::Error, Some(Fix::safe("add x", edits()))),
            finding("a.md", Level::Warning, Some(Fix::r#unsafe("add x", edits()))),
            finding("b.md", Level::Warning, None),
            finding("b.md", Level::Info, None),
        ];
        let summary = Summary::of(&findings, 7, []);
        assert_eq!((summary.checked, summary.with_findings, summary.findings()), (7, 2, 4));
        assert_eq!((summary.errors, summary.warnings, summary.infos), (1, 2, 1));
        assert_eq!(summary.fixable, Fixable { safe: 1, r#unsafe: 1 });
    }

    #[test]
    fn what_was_skipped_is_added_up_by_reason() {
        let skipped = |unit, reason: &'static str, count| Skipped { unit, reason: reason.into(), count };
        let summary = Summary::of(
            &[],
            0,
            [
                skipped(Unit::Url, "offline", 4),
                skipped(Unit::File, "not UTF-8", 1),
                skipped(Unit::File, "not UTF-8", 2),
                skipped(Unit::File, "unreadable", 0),
            ],
        );
        assert_eq!(summary.skipped, [skipped(Unit::File, "not UTF-8", 3), skipped(Unit::Url, "offline", 4)]);
    }
}
