//! `--baseline` and its kin: what is known already is taken out of what was found, and what is gone is told.
//!
//! Behind the checks and in front of the report: nothing that is found, kept in the cache or sent from one machine to
//! another depends on a baseline.

mod account;
mod locate;
mod prune;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Baselining, Selection};
use super::online::Online;
use super::outputs::Outputs;
use super::plan::{Plan, absolute};
use super::{Failure, args};
use crate::config::BaselineFile;
use crate::engine::Outcome;
use crate::finding::Finding;
use crate::mistake::Mistake;
use crate::report::counted;
use crate::text::Source;
use crate::triage::Baselined;
use crate::triage::baseline::Baseline;
use crate::write;

use account::Account;

pub(super) use prune::prune;

/// So many entries that are gone are named; more are counted.
const NAMED: usize = 5;

/// The baselines of a run.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is what the command line says")]
pub(super) struct Baselines {
    books: Vec<Book>,
    /// Which of them holds for a site, by its number.
    of_site: Vec<Option<usize>>,
    /// Whether the one is to be written, and is not only read.
    writes: bool,
    is_strict: bool,
    /// Whether what is known is shown, too.
    shows: bool,
    /// Whether the command line says which rules run.
    chooses_rules: bool,
}

/// A baseline and its file.
struct Book {
    /// As somebody named it.
    name: String,
    /// From the root of the system.
    path: PathBuf,
    /// Whether the command line named it.
    is_asked_for: bool,
    baseline: Baseline,
}

impl Book {
    /// The folder that its paths count from.
    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// Puts another baseline into its file; a symbolic link still leads there.
    fn write(&self, baseline: &Baseline) -> Result<(), Mistake> {
        let mut bytes = Vec::new();
        baseline.write(&mut bytes).expect("a Vec takes all");
        let target = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        write::save(&target, &bytes)
            .map_err(|why| Mistake::new(format!("the baseline \"{}\" cannot be written: {why}", self.name)))
    }
}

/// What is left to be said of the baselines of a run.
#[derive(Default)]
pub(super) struct Triaged {
    /// The numbers; `None` in a run without one.
    pub(super) numbers: Option<Baselined>,
    /// The findings that are known, where they are to be shown.
    pub(super) known: Vec<Finding>,
    /// Whether something is gone that must not be.
    pub(super) fails: bool,
    pub(super) notes: Vec<Mistake>,
    /// Why a file could not be written.
    pub(super) mistakes: Vec<Mistake>,
    /// What was written.
    pub(super) done: Option<String>,
}

impl Baselines {
    /// Reads the baselines that hold for the files of a plan.
    ///
    /// # Errors
    /// What is wrong with them; options that do nothing without one; a report that would overwrite one.
    pub(super) fn open(
        arguments: &Baselining,
        selection: &Selection,
        (plan, outputs): (&Plan<'_>, &Outputs),
    ) -> Result<Self, Failure> {
        let args::Setup { only, skip, levels, .. } = &selection.setup;
        let mut baselines = Self {
            writes: arguments.write_baseline.is_some(),
            is_strict: arguments.strict_baseline,
            shows: arguments.report_baselined,
            chooses_rules: !(only.is_empty() && skip.is_empty() && levels.is_empty()),
            ..Self::default()
        };
        if arguments.no_baseline {
            return Ok(baselines);
        }
        let mut mistakes = Vec::new();
        let asked_for = arguments.write_baseline.as_ref().or(arguments.baseline.as_ref());
        for named in plan.baselines() {
            let place = match (asked_for, named) {
                (Some(file), _) => Some(baselines.add(&Wanted::Argument(file), plan.here(), &mut mistakes)),
                (None, Some(file)) => Some(baselines.add(&Wanted::Config(file), plan.here(), &mut mistakes)),
                (None, None) => None,
            };
            baselines.of_site.push(place);
        }
        // In a run over nothing, too, it must be right.
        if let Some(file) = asked_for.filter(|_| baselines.books.is_empty()) {
            baselines.add(&Wanted::Argument(file), plan.here(), &mut mistakes);
        }
        let lost = [(baselines.is_strict, "--strict-baseline"), (baselines.shows, "--report-baselined")];
        if let Some((_, option)) = lost.into_iter().find(|(is_said, _)| *is_said)
            && baselines.books.is_empty()
            && !plan.tasks.is_empty()
        {
            let help = "name one with `--baseline FILE`, or with the key `baseline` of the config";
            let mistake = Mistake::new(format!("`{option}` does nothing without a baseline"));
            mistakes.push(mistake.with_help(Some(help)));
        }
        for book in baselines.books.iter().filter(|book| outputs.fill(&book.path, plan.here())) {
            let message = format!("a report would overwrite the baseline \"{}\"", book.name);
            mistakes.push(Mistake::new(message).with_help(Some("give the report another name")));
        }
        if mistakes.is_empty() { Ok(baselines) } else { Err(mistakes.into()) }
    }

    /// Reads a file, unless another site has it as well; its number.
    fn add(&mut self, wanted: &Wanted<'_>, here: &Path, mistakes: &mut Vec<Mistake>) -> usize {
        let path = absolute(here, wanted.path());
        if let Some(known) = self.books.iter().position(|book| book.path == path) {
            return known;
        }
        let read = if self.writes { read_or_begin(&path, wanted) } else { read(&path, wanted) };
        let baseline = read.map_err(|wrong| mistakes.extend(wrong)).unwrap_or_default();
        let is_asked_for = matches!(wanted, Wanted::Argument(_));
        self.books.push(Book { name: wanted.name(), path, is_asked_for, baseline });
        self.books.len() - 1
    }

    /// The files, from the root of the system.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.books.iter().map(|book| book.path.as_path())
    }

    /// Whether a run fails over what is gone: then one that has nothing to check is no shorter than others.
    pub(super) fn is_strict(&self) -> bool {
        self.is_strict && !self.books.is_empty()
    }

    /// Takes what is known out of what was found, and writes all of it down where that is wanted.
    pub(super) fn triage(&self, outcome: &mut Outcome, plan: &Plan<'_>, online: &Online) -> Triaged {
        if self.books.is_empty() {
            return Triaged::default();
        }
        let account = Account::new(self, outcome, plan, online);
        let mut triaged = Triaged { notes: self.strangers(&account), ..Triaged::default() };
        let mut is_known = account.known.iter().copied();
        let (mut known, mut gone) = (outcome.findings.len(), account.gone.iter().flatten().sum::<u32>());
        if self.writes {
            if let Err(why) = self.write(&account, outcome, &mut triaged) {
                triaged.mistakes.push(why);
                return triaged;
            }
            triaged.known = std::mem::take(&mut outcome.findings);
            gone = 0;
        } else {
            let mut kept = Vec::with_capacity(outcome.findings.len());
            for finding in std::mem::take(&mut outcome.findings) {
                let to = if is_known.next() == Some(true) { &mut triaged.known } else { &mut kept };
                to.push(finding);
            }
            outcome.findings = kept;
            known -= outcome.findings.len();
        }
        if !self.shows {
            triaged.known = Vec::new();
        }
        triaged.numbers = Some(Baselined { known, gone: gone as usize });
        if self.is_strict && gone > 0 {
            triaged.fails = true;
            triaged.notes.extend(self.told(&account));
        }
        triaged
    }

    /// Writes down all that was found, and what this run could not find.
    fn write(&self, account: &Account, outcome: &Outcome, triaged: &mut Triaged) -> Result<(), Mistake> {
        let Some((book, gone)) = self.books.first().zip(account.gone.first()) else { return Ok(()) };
        if !outcome.bugs.is_empty() {
            let message = format!("the baseline \"{}\" is not written: not all could be checked", book.name);
            return Err(Mistake::new(message));
        }
        let mut entries = account.found.clone();
        entries.extend(account.kept(book, 0));
        let new = Baseline::of(entries);
        book.write(&new)?;
        let gone = gone.iter().sum::<u32>() as usize;
        let fresh = account.known.iter().filter(|is_known| !**is_known).count();
        let kept = new.findings() - account.known.len();
        let parts = [(fresh, "new"), (gone, "gone"), (kept, "of what was not looked at")];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        let findings = counted(new.findings(), "finding");
        triaged.done = Some(format!("wrote {findings} to the baseline \"{}\"{parts}", book.name));
        Ok(())
    }

    /// What to say of entries that are gone, one sentence for each baseline.
    fn told(&self, account: &Account) -> Vec<Mistake> {
        let told = self.books.iter().zip(&account.gone).filter_map(|(book, gone)| {
            let all = gone.iter().sum::<u32>() as usize;
            let entries = book.baseline.entries().iter().zip(gone).filter(|(_, gone)| **gone > 0);
            let mut names: Vec<String> = entries
                .clone()
                .take(NAMED)
                .map(|(entry, _)| format!("\"{}\" ({})", entry.path, entry.rule))
                .collect();
            let more = entries.count().saturating_sub(NAMED);
            if more > 0 {
                names.push(format!("and {more} more"));
            }
            let (is, it) = if all == 1 { ("is", "it") } else { ("are", "them") };
            let what = counted(all, "finding");
            let message = format!("{what} of the baseline \"{}\" {is} gone: {}", book.name, names.join(", "));
            let option = if book.is_asked_for { format!(" --baseline {}", book.name) } else { String::new() };
            let help = format!("take {it} out with `copydesk baseline prune{option}`");
            (all > 0).then(|| Mistake::new(message).with_help(Some(help)))
        });
        told.collect()
    }

    /// What to say of entries of rules that nobody knows here.
    fn strangers(&self, account: &Account) -> Vec<Mistake> {
        let told = self.books.iter().zip(&account.strangers).filter(|(_, rules)| !rules.is_empty());
        let told = told.map(|(book, rules)| {
            let rules: Vec<String> = rules.iter().map(|rule| format!("\"{rule}\"")).collect();
            let message = format!(
                "the baseline \"{}\" knows findings of rules that are not there: {}",
                book.name,
                rules.join(", ")
            );
            let help =
                "they are kept: if such a rule has another name now, or is gone for good, take its lines out";
            Mistake::new(message).with_help(Some(help))
        });
        told.collect()
    }
}

/// Who wants a baseline.
enum Wanted<'a> {
    Argument(&'a Path),
    Config(&'a BaselineFile),
}

impl Wanted<'_> {
    fn path(&self) -> &Path {
        match self {
            Self::Argument(path) => path,
            Self::Config(file) => &file.path,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Argument(path) => path.display().to_string(),
            Self::Config(file) => file.name.clone(),
        }
    }

    fn mistake(&self, message: String) -> Mistake {
        match self {
            Self::Argument(_) => Mistake::new(message),
            Self::Config(file) => file.mistake(message),
        }
    }
}

fn read(path: &Path, wanted: &Wanted<'_>) -> Result<Baseline, Vec<Mistake>> {
    let failed = |why: &dyn std::fmt::Display| {
        let help = "`copydesk lint --write-baseline FILE` writes one";
        let message = format!("the baseline \"{}\" cannot be read: {why}", wanted.name());
        vec![wanted.mistake(message).with_help(Some(help))]
    };
    // A pipe might never end, and its folder says nothing of where the articles are.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(failed(&"it is no file"));
    }
    let bytes = fs::read(path).map_err(|error| failed(&error))?;
    Baseline::read(&Arc::new(Source::new(wanted.name(), bytes)))
}

/// Reads the baseline that is to be written. What is no baseline is somebody's file, and never overwritten.
fn read_or_begin(path: &Path, wanted: &Wanted<'_>) -> Result<Baseline, Vec<Mistake>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        _ => return read(path, wanted),
    }
    if path.parent().is_none_or(|folder| !folder.is_dir()) {
        let message = format!("the folder of the baseline \"{}\" is not there", wanted.name());
        return Err(vec![Mistake::new(message).with_help(Some("make it first"))]);
    }
    Ok(Baseline::default())
}
