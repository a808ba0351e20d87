//! The findings of a run, held against its baselines: what is known, what is gone, and what this run cannot tell.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::locate::Locator;
use super::{Baselines, Book};
use crate::cli::online::Online;
use crate::cli::plan::{Plan, Task, absolute};
use crate::discover;
use crate::engine::{self, Outcome};
use crate::finding::Finding;
use crate::rules::{SUPPRESSION, UNREADABLE_FILE};
use crate::text::Source;
use crate::triage::baseline::{Entry, hold};
use crate::triage::{Fingerprint, fingerprint};
use crate::web::Verdict;

/// What became of findings and entries.
pub(super) struct Account {
    /// Of each finding, whether a baseline knows it.
    pub(super) known: Vec<bool>,
    /// All that was found, where it is to be written.
    pub(super) found: Vec<Entry>,
    /// Of each entry of each baseline, how many findings were not there.
    missing: Vec<Vec<u32>>,
    /// Of these, how many would have been found if they were there still.
    pub(super) gone: Vec<Vec<u32>>,
    /// The rules that no config knows, of each baseline.
    pub(super) strangers: Vec<BTreeSet<Arc<str>>>,
}

/// A file of a baseline.
struct Spot<'p> {
    /// The number of the baseline.
    book: usize,
    /// What the file is called in it.
    name: String,
    /// What was checked of it; `None` for what is no article.
    task: Option<&'p Task>,
}

impl Account {
    pub(super) fn new(baselines: &Baselines, outcome: &Outcome, plan: &Plan<'_>, online: &Online) -> Self {
        let desk = Desk { baselines, plan, outcome, online, about_many: about_many(plan) };
        let mut locators: Vec<Locator<'_>> =
            baselines.books.iter().map(|book| Locator::new(book.folder())).collect();
        let spots = desk.spots(&mut locators);
        let groups: Vec<(Option<Spot<'_>>, &[Finding])> = outcome
            .findings
            .chunk_by(|left, right| left.path == right.path)
            .map(|group| (desk.spot(&group[0].path, &spots, &mut locators), group))
            .collect();
        let prints: Vec<Vec<Option<Fingerprint>>> = groups
            .par_iter()
            .with_max_len(16)
            .map(|(spot, group)| desk.prints(spot.as_ref(), group))
            .collect();
        let mut account = Self {
            known: Vec::with_capacity(outcome.findings.len()),
            found: Vec::new(),
            missing: baselines.books.iter().map(|book| book.baseline.counts()).collect(),
            gone: Vec::new(),
            strangers: Vec::new(),
        };
        for ((spot, group), prints) in groups.iter().zip(prints) {
            account.hold(baselines, spot.as_ref(), group.iter().zip(prints));
        }
        desk.look_for_gone(&spots, &mut account);
        account
    }

    /// Holds the findings of one file against its baseline.
    fn hold<'f>(
        &mut self,
        baselines: &Baselines,
        spot: Option<&Spot<'_>>,
        group: impl Iterator<Item = (&'f Finding, Option<Fingerprint>)> + Clone,
    ) {
        let at = self.known.len();
        self.known.extend(group.clone().map(|_| false));
        let Some(spot) = spot else { return };
        let baseline = &baselines.books[spot.book].baseline;
        let range = baseline.of_file(&spot.name);
        let printed = group.enumerate().filter_map(|(n, (finding, print))| Some((n, finding, print?)));
        let found = printed.clone().map(|(_, finding, print)| (&*finding.rule, print));
        let held = hold(&baseline.entries()[range.clone()], &mut self.missing[spot.book][range], found);
        for ((n, ..), is_known) in printed.clone().zip(held) {
            self.known[at + n] = is_known;
        }
        if baselines.writes {
            let path: Arc<str> = spot.name.as_str().into();
            self.found.extend(printed.map(|(_, finding, fingerprint)| Entry {
                path: Arc::clone(&path),
                rule: Arc::clone(&finding.rule),
                fingerprint,
                count: std::num::NonZeroU32::MIN,
            }));
        }
    }

    /// What of a baseline this run says nothing of.
    pub(super) fn kept(&self, book: &Book, number: usize) -> impl Iterator<Item = Entry> {
        let left = self.missing[number].iter().zip(&self.gone[number]);
        book.baseline.entries().iter().zip(left).filter_map(|(entry, (missing, gone))| {
            let count = std::num::NonZeroU32::new(missing - gone)?;
            Some(Entry { count, ..entry.clone() })
        })
    }
}

/// The things that an account is made of.
struct Desk<'d> {
    baselines: &'d Baselines,
    plan: &'d Plan<'d>,
    outcome: &'d Outcome,
    online: &'d Online,
    about_many: HashSet<&'d str>,
}

impl<'d> Desk<'d> {
    /// The articles that were checked and have a baseline, by the name that findings carry.
    fn spots(&self, locators: &mut [Locator<'_>]) -> HashMap<&'d str, Spot<'d>> {
        let mut spots = HashMap::with_capacity(self.plan.tasks.len());
        for task in &self.plan.tasks {
            let Some(book) = self.baselines.of_site.get(task.place.site).copied().flatten() else { continue };
            let path = task.location().unwrap_or(Path::new(&*task.name));
            let name = locators[book].name(&absolute(self.plan.here(), path));
            spots.insert(&*task.name, Spot { book, name, task: Some(task) });
        }
        spots
    }

    /// The file of a finding.
    fn spot(
        &self,
        path: &str,
        spots: &HashMap<&'d str, Spot<'d>>,
        locators: &mut [Locator<'_>],
    ) -> Option<Spot<'d>> {
        if let Some(Spot { book, name, task }) = spots.get(path) {
            return Some(Spot { book: *book, name: name.clone(), task: *task });
        }
        let file = absolute(self.plan.here(), Path::new(path));
        let book = self.baselines.of_site.get(self.plan.site_of(&file)?).copied().flatten()?;
        Some(Spot { book, name: locators[book].name(&file), task: None })
    }

    /// The fingerprints of findings, as far as somebody wants them: each of these files is read once more.
    fn prints(&self, spot: Option<&Spot<'_>>, group: &[Finding]) -> Vec<Option<Fingerprint>> {
        let Some(spot) = spot else { return vec![None; group.len()] };
        let baseline = &self.baselines.books[spot.book].baseline;
        let entries = &baseline.entries()[baseline.of_file(&spot.name)];
        let is_wanted = |finding: &Finding| {
            self.baselines.writes || entries.binary_search_by(|entry| entry.rule.cmp(&finding.rule)).is_ok()
        };
        if !group.iter().any(is_wanted) {
            return vec![None; group.len()];
        }
        // A picture that nobody uses has no text.
        let source = spot.task.map_or_else(|| Source::new(spot.name.as_str(), Vec::new()), Task::open);
        group.iter().map(|finding| is_wanted(finding).then(|| fingerprint(&source, finding))).collect()
    }

    /// Finds out of which entries this run would have found more, if there were more.
    fn look_for_gone(&self, spots: &HashMap<&'d str, Spot<'d>>, account: &mut Account) {
        account.gone = account.missing.iter().map(|missing| vec![0; missing.len()]).collect();
        account.strangers = account.missing.iter().map(|_| BTreeSet::new()).collect();
        // What could not be checked to the end says nothing of what is not there.
        if !self.outcome.bugs.is_empty() {
            return;
        }
        let tasks: HashMap<(usize, &str), &Task> =
            spots.values().filter_map(|spot| Some(((spot.book, spot.name.as_str()), spot.task?))).collect();
        let mut open: Vec<(usize, Range<usize>)> = Vec::new();
        for (number, book) in self.baselines.books.iter().enumerate() {
            let mut at = 0;
            for entries in book.baseline.entries().chunk_by(|left, right| left.path == right.path) {
                let range = at..at + entries.len();
                at = range.end;
                if account.missing[number][range.clone()].iter().any(|missing| *missing > 0) {
                    open.push((number, range));
                }
            }
        }
        let missing = &account.missing;
        let told: Vec<Vec<Fate>> = open
            .par_iter()
            .with_max_len(64)
            .map(|(number, range)| {
                let entries = &self.baselines.books[*number].baseline.entries()[range.clone()];
                let task = tasks.get(&(*number, &*entries[0].path)).copied();
                self.fates(&self.baselines.books[*number], task, entries, &missing[*number][range.clone()])
            })
            .collect();
        for ((number, range), fates) in open.into_iter().zip(told) {
            for (at, fate) in range.zip(fates) {
                match fate {
                    Fate::Gone => account.gone[number][at] = account.missing[number][at],
                    Fate::Untold => {}
                    Fate::Stranger => {
                        let rule = &self.baselines.books[number].baseline.entries()[at].rule;
                        account.strangers[number].insert(Arc::clone(rule));
                    }
                }
            }
        }
    }

    /// What became of the entries of one file, of each of which so many findings are missing.
    fn fates(&self, book: &Book, task: Option<&Task>, entries: &[Entry], missing: &[u32]) -> Vec<Fate> {
        let Some(task) = task else {
            let path = absolute(book.folder(), Path::new(&*entries[0].path));
            let is_gone = is_gone(&path);
            let fate = |entry: &Entry| {
                if is_gone || self.looks_at(&path, &entry.rule) { Fate::Gone } else { Fate::Untold }
            };
            return entries.iter().map(fate).collect();
        };
        let source = LazyCell::new(|| task.open());
        let fate = |(entry, missing): (&Entry, &u32)| {
            if *missing == 0 {
                return Fate::Untold;
            }
            let rule = &*entry.rule;
            if !task.settings.known.iter().any(|known| **known == *rule) {
                return Fate::Stranger;
            }
            if self.speaks(book, (task, &source), rule) { Fate::Gone } else { Fate::Untold }
        };
        entries.iter().zip(missing).map(fate).collect()
    }

    /// Whether a rule has said of an article all that it has to say.
    fn speaks<F: FnOnce() -> Source>(
        &self,
        book: &Book,
        (task, source): (&Task, &LazyCell<Source, F>),
        rule: &str,
    ) -> bool {
        let settings = &task.settings;
        let Some(active) = settings.rules.iter().find(|active| *active.page.id == *rule) else {
            return false;
        };
        let knows_all = || self.plan.knows_all(task.place.site, book.folder());
        if rule == UNREADABLE_FILE {
            return true;
        }
        // It speaks of what the others find.
        if rule == SUPPRESSION
            && (settings.ignores_suppressions || self.baselines.chooses_rules || !knows_all())
        {
            return false;
        }
        if !active.check.wants().is_nothing() && !knows_all() {
            return false;
        }
        if self.outcome.unreadable > 0 && source.damage().is_some() {
            return false;
        }
        if !active.check.looks_at_replies() {
            return true;
        }
        // What a host did not answer may be as dead as ever.
        let Some(replies) = settings.replies.as_ref().filter(|_| !self.online.is_interrupted) else {
            return false;
        };
        let questions = engine::attempt(|| engine::questions(source, settings)).unwrap_or_default();
        questions.iter().all(|question| {
            replies.of(&question.url).is_some_and(|answer| answer.verdict != Verdict::Unverified)
        })
    }

    /// Whether a rule about all files would have spoken of this one, which is no article.
    fn looks_at(&self, path: &Path, rule: &str) -> bool {
        let folder = path.parent().filter(|_| !discover::is_markdown(path));
        self.about_many.contains(rule) && folder.is_some_and(|folder| self.plan.checks_all(folder))
    }
}

/// The rules that are on and look at all articles.
fn about_many<'d>(plan: &'d Plan<'_>) -> HashSet<&'d str> {
    let settings: HashMap<_, _> =
        plan.tasks.iter().map(|task| (Arc::as_ptr(&task.settings), &task.settings)).collect();
    let rules = settings.into_values().flat_map(|settings| &settings.rules);
    rules.filter(|active| !active.check.wants().is_nothing()).map(|active| &*active.page.id).collect()
}

/// What became of an entry of which findings are missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// They would have been found.
    Gone,
    /// This run did not look for them.
    Untold,
    /// Nobody knows the rule.
    Stranger,
}

/// Whether a file is not there any more. One whose name is no text stands in a baseline by another.
fn is_gone(path: &Path) -> bool {
    let is_written_otherwise = path.to_string_lossy().contains("\\x");
    !is_written_otherwise
        && fs::symlink_metadata(path)
            .is_err_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
}
