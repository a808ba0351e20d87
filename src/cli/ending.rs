//! How a run over articles ends: with a report of what it came to, and an exit code.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path};
use std::str::FromStr;
use std::sync::Arc;

use super::args::Reporting;
use super::baseline::{Baselines, Triaged};
use super::fix::{self, Mender, Mode, Repairs};
use super::lint::bug;
use super::online::{self, Online};
use super::outputs::{self, Outputs};
use super::plan::Plan;
use super::{CLEAN, FINDINGS, Failure, INTERRUPTED, Terminal, USAGE};
use crate::engine::Outcome;
use crate::finding::{Finding, Level};
use crate::mistake::Mistake;
use crate::report::{self, Format};
use crate::rules::UNREADABLE_FILE;
use crate::text::Source;
use crate::triage::{Fixes, Run, Skipped, Summary, Unit};

/// From which level on findings fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threshold {
    From(Level),
    Never,
}

impl Threshold {
    fn is_reached(self, level: Level) -> bool {
        matches!(self, Self::From(least) if level >= least)
    }
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Never);
        }
        text.parse().map(Self::From).map_err(|why| format!("{why}, or `never`"))
    }
}

/// What a run came to, and how it is to be told.
pub(super) struct Ending<'a> {
    pub(super) reporting: &'a Reporting,
    /// Where it is told.
    pub(super) outputs: &'a Outputs,
    /// What was known before.
    pub(super) baselines: &'a Baselines,
    /// How it was fixed; `None` where it was not, or one by one.
    pub(super) mender: Option<&'a Mender>,
    /// Whether it fails if anything was fixed.
    pub(super) fails_if_fixed: bool,
    /// The text that came by standard input.
    pub(super) input: Option<Vec<u8>>,
    pub(super) outcome: Outcome,
    pub(super) repairs: Repairs,
    pub(super) online: Online,
}

impl<'a> Ending<'a> {
    /// That of a run that neither fixes nor asks.
    pub(super) fn plain(
        (reporting, outputs): (&'a Reporting, &'a Outputs),
        baselines: &'a Baselines,
        outcome: Outcome,
    ) -> Self {
        let (repairs, online) = (Repairs::default(), Online::default());
        Self {
            reporting,
            outputs,
            baselines,
            mender: None,
            fails_if_fixed: false,
            input: None,
            outcome,
            repairs,
            online,
        }
    }

    /// Prints the report, and says how the program ends.
    pub(super) fn report(mut self, plan: &mut Plan<'_>, terminal: &Terminal) -> Result<u8, Failure> {
        let triaged = self.triage(plan);
        let code = match self.code() {
            CLEAN | FINDINGS if self.online.is_interrupted => INTERRUPTED,
            CLEAN if triaged.fails => FINDINGS,
            code => code,
        };
        let mode = self.mode();
        let (mut mistakes, summary) = (self.mistakes(), self.summary(plan, &triaged));
        let Ending { outcome, repairs, input, .. } = self;
        let suppressed = if self.reporting.report_suppressed { outcome.suppressed } else { Vec::new() };
        let fixing = self.mender.map(|mender| mender.least);
        let Repairs { list, rules, texts, seen, parted, .. } = repairs;
        let is_applied = mode == Some(Mode::Diff) && !terminal.is_for_the_eye();
        let elsewhere =
            texts.iter().find(|(path, _)| is_applied && is_beyond(path)).map(|(path, _)| path.clone());
        let mut run = Run {
            findings: outcome.findings,
            suppressed,
            baselined: triaged.known,
            fixed: list,
            fixing,
            rules: plan.pages(),
            portrait: outcome.portrait,
            summary,
        };
        plan.notes.extend(seen.and_then(|seen| keep_seen(&mut run, &seen)));
        let root = outputs::root(plan.here());
        let told = Told { run: &run, rules: &rules, texts: &texts, root: &root, outputs: self.outputs };
        let written = told.print((mode, input), plan, terminal);
        let mut unwritten = self.outputs.write_files(&run, plan, &root);
        // Whoever read the report has seen enough of it; what it came to is the same.
        written.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
        plan.notes.extend(self.outputs.formats().find_map(|format| report::caution(format, &run)));
        unwritten.extend(triaged.mistakes);
        let code = if unwritten.is_empty() { code } else { USAGE };
        mistakes.extend(unwritten);
        plan.notes.extend(triaged.notes);
        if let Some(done) = triaged.done.filter(|_| !terminal.is_quiet) {
            writeln!(terminal.stderr().0, "{done}")?;
        }
        plan.notes.extend(elsewhere.as_deref().map(beyond));
        plan.notes.extend(parted.iter().map(|path| fix::parted(path)));
        if matches!(mode, Some(Mode::Diff | Mode::Count)) {
            for finding in run.findings.iter().filter(|finding| is_unread(finding)) {
                terminal.write_all(&[unread(finding)], finding.level);
            }
        }
        terminal.write_notes(&plan.notes);
        terminal.write_mistakes(&mistakes);
        Ok(code)
    }

    /// Takes out what is known. A rehearsal shows no findings, and those that it has are of texts that nobody wrote.
    fn triage(&mut self, plan: &Plan<'_>) -> Triaged {
        match self.mode() {
            Some(Mode::Diff | Mode::Count) => Triaged::default(),
            _ => self.baselines.triage(&mut self.outcome, plan, &self.online),
        }
    }

    /// What went wrong with it.
    fn mistakes(&self) -> Vec<Mistake> {
        let Self { outcome, repairs, .. } = self;
        let mut mistakes = repairs.mistakes();
        mistakes.extend(outcome.bugs.iter().map(bug));
        if is_barren(outcome) {
            mistakes.push(Mistake::new(format!("no file was checked: {} unreadable", outcome.unreadable)));
        }
        mistakes
    }

    fn summary(&self, plan: &Plan<'_>, triaged: &Triaged) -> Summary {
        let Self { outcome, repairs, online, .. } = self;
        let mut skipped = plan.skipped.clone();
        skipped.push(files("unreadable", outcome.unreadable));
        skipped.push(files("copydesk failed", outcome.bugs.len()));
        skipped.push(online::urls("offline", outcome.unasked.len()));
        skipped.extend(online.skipped.iter().cloned());
        Summary {
            suppressed: outcome.suppressed.len(),
            fixed: repairs.all,
            asked: online.asked,
            baselined: triaged.numbers,
            ..Summary::of(&outcome.findings, outcome.checked, skipped)
        }
    }

    fn mode(&self) -> Option<Mode> {
        self.mender.map(|mender| mender.mode)
    }

    fn code(&self) -> u8 {
        let Self { outcome, repairs, .. } = self;
        let is_rehearsal = matches!(self.mode(), Some(Mode::Diff | Mode::Count));
        let is_bug = !outcome.bugs.is_empty() || !repairs.failures.is_empty();
        let is_fixed = repairs.all.all() > 0;
        // What a rehearsal shows is what would be fixed, and what it could not look at.
        let counts = |finding: &&Finding| !is_rehearsal || is_unread(finding);
        let fails = || {
            outcome
                .findings
                .iter()
                .filter(counts)
                .any(|finding| self.reporting.fail_on.is_reached(finding.level))
        };
        if is_bug || is_barren(outcome) {
            USAGE
        } else if !repairs.unwritten.is_empty()
            || is_fixed && (is_rehearsal || self.fails_if_fixed)
            || fails()
        {
            FINDINGS
        } else {
            CLEAN
        }
    }
}

/// What is printed at the end of a run.
struct Told<'a> {
    run: &'a Run,
    /// What was fixed of each rule.
    rules: &'a BTreeMap<Arc<str>, Fixes>,
    /// The differences of files, or the new text of standard input.
    texts: &'a [(Arc<str>, String)],
    /// What stands before the paths of the run, from the root of the repository.
    root: &'a str,
    outputs: &'a Outputs,
}

impl Told<'_> {
    /// Prints it as it was fixed; with what came by standard input, if anything did.
    fn print(
        &self,
        (mode, input): (Option<Mode>, Option<Vec<u8>>),
        plan: &Plan<'_>,
        terminal: &Terminal,
    ) -> io::Result<()> {
        let Self { run, rules, texts, root, outputs } = *self;
        let (stdout, lists_fixes) = (outputs.stdout, outputs.lists_fixes);
        match (mode, input) {
            (Some(Mode::Diff), _) => {
                let texts = texts.iter().map(|(_, text)| text.as_bytes());
                if terminal.is_for_the_eye() {
                    fix::print(terminal.stdout(), texts)?;
                } else {
                    fix::print(io::stdout().lock(), texts)?;
                }
                let (mut out, options) = terminal.stderr();
                report::write_forecast(run, &BTreeMap::new(), &options, &mut out)
            }
            (Some(Mode::Count), _) => {
                report::write_forecast(run, rules, &terminal.report_options(), &mut terminal.stdout())
            }
            (Some(Mode::Write), Some(old)) => {
                let new = texts.first().map_or(old, |(_, text)| text.clone().into_bytes());
                fix::print(io::stdout().lock(), [new.as_slice()])?;
                let (mut out, options) = terminal.stderr();
                let options = report::Options { lists_fixes, root, ..options };
                let mut open = |path: &str| Some(Source::new(path, new.clone()));
                report::write(stdout.unwrap_or(Format::Concise), run, &mut open, &options, &mut out)
            }
            (Some(Mode::Write) | None, _) => {
                let default = if Terminal::is_interactive() { Format::Pretty } else { Format::Concise };
                let tasks = plan.by_name();
                report::write(
                    stdout.unwrap_or(default),
                    run,
                    &mut |path| tasks.get(path).map(|task| task.open()),
                    &report::Options { lists_fixes, root, ..terminal.report_options() },
                    &mut terminal.stdout(),
                )
            }
        }
    }
}

/// Whether a path leads out of the folder of the run. `git apply` and `patch` refuse to follow it.
fn is_beyond(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    matches!(parts.next(), Some(Component::ParentDir | Component::RootDir | Component::Prefix(_)))
}

fn beyond(path: &str) -> Mistake {
    Mistake::new(format!("the difference names \"{path}\", which is not below this folder"))
        .with_help(Some("`git apply` takes no such path: run `--diff` in a folder above all the files"))
}

/// Whether nothing was checked, and nothing that is shown says so.
fn is_barren(outcome: &Outcome) -> bool {
    outcome.checked == 0 && outcome.unreadable > 0 && outcome.findings.is_empty()
}

/// Whether a finding says that a file cannot be read.
fn is_unread(finding: &Finding) -> bool {
    *finding.rule == *UNREADABLE_FILE
}

/// What a rehearsal, which shows no findings, says of a file that it could not look at.
fn unread(finding: &Finding) -> Mistake {
    Mistake::new(format!("\"{}\": {}", finding.path, finding.message)).with_help(finding.help.as_deref())
}

/// Takes out what is not in the files that somebody was asked about before they had enough, and says so: the numbers
/// are those of all files.
fn keep_seen(run: &mut Run, seen: &BTreeSet<Arc<str>>) -> Option<Mistake> {
    let before = run.findings.len();
    run.findings.retain(|finding| seen.contains(&finding.path));
    run.suppressed.retain(|one| seen.contains(&one.finding.path));
    run.baselined.retain(|finding| seen.contains(&finding.path));
    let told = match before - run.findings.len() {
        0 => return None,
        1 => "1 finding is not listed: it is in a file".to_owned(),
        more => format!("{more} findings are not listed: they are in files"),
    };
    let message = format!("{told} that you were not asked about");
    Some(Mistake::new(message).with_help(Some("`copydesk lint` without `--interactive` lists all")))
}

fn files(reason: &'static str, count: usize) -> Skipped {
    Skipped { unit: Unit::File, reason: reason.into(), count }
}
