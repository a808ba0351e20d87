//! `copydesk lint`: plans, checks, fixes if it is asked to, reports.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind, Read};

use super::args::{Lint, Selection};
use super::diff::Look;
use super::fix::{self, Mender, Mode, Repairs};
use super::interactive;
use super::plan::{Plan, Task};
use super::setup::{self, working_directory};
use super::{CLEAN, FINDINGS, Failure, Terminal, USAGE};
use crate::engine::{self, Outcome};
use crate::mistake::Mistake;
use crate::report::{self, Format};
use crate::text::Source;
use crate::triage::{Run, Skipped, Summary, Unit};

pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    let mut mender = Mender::of(&arguments.fixing, lists(arguments))?;
    if let Some(mender) = mender.as_mut().filter(|_| Terminal::is_interactive()) {
        mender.look = Some(Look::of(&terminal.report_options()));
    }
    if arguments.fixing.interactive {
        interactive::demand_terminal()?;
    }
    begin(&arguments.selection)?;
    let here = working_directory()?;
    let mut overrides = setup::overrides(&arguments.selection)?;
    overrides.ignores_suppressions = arguments.no_suppressions;
    let mut configs = setup::configs(overrides, &arguments.selection.setup, &here)?;
    let mut plan = Plan::new(&mut configs, here);
    let mut input = None;
    match &arguments.stdin_file_path {
        Some(name) => {
            let mut bytes = Vec::new();
            io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Mistake::new(format!("standard input cannot be read: {error}")))?;
            plan.stdin(name, bytes.clone())?;
            input = Some(bytes);
        }
        None => plan.paths_or_all(&arguments.selection.paths)?,
    }
    demand_rules(&plan)?;
    let mode = mender.as_ref().map(|mender| mender.mode);
    let (outcome, repairs) = work(arguments, mender.as_ref(), &mut plan, terminal)?;
    let code = code(arguments, mode, &outcome, &repairs);
    let mut mistakes = repairs.mistakes();
    mistakes.extend(outcome.bugs.iter().map(bug));
    if is_barren(mode, &outcome) {
        mistakes.push(Mistake::new(format!("no file was checked: {} unreadable", outcome.unreadable)));
    }
    let mut skipped = std::mem::take(&mut plan.skipped);
    skipped.push(files("unreadable", outcome.unreadable));
    skipped.push(files("copydesk failed", outcome.bugs.len()));
    let mut summary = Summary::of(&outcome.findings, outcome.checked, skipped);
    summary.suppressed = outcome.suppressed.len();
    summary.fixed = repairs.all;
    let suppressed = if arguments.report_suppressed { outcome.suppressed } else { Vec::new() };
    let fixing = mender.as_ref().map(|mender| mender.least);
    let Repairs { list, rules, texts, .. } = repairs;
    let run = Run { findings: outcome.findings, suppressed, fixed: list, fixing, summary };
    let written = match (mode, input) {
        (Some(Mode::Diff), _) => {
            let texts = texts.iter().map(|(_, text)| text.as_bytes());
            let printed = if Terminal::is_interactive() {
                fix::print(terminal.stdout(), texts)
            } else {
                fix::print(io::stdout().lock(), texts)
            };
            let (mut out, options) = terminal.stderr();
            printed.and_then(|()| report::write_forecast(&run, &BTreeMap::new(), &options, &mut out))
        }
        (Some(Mode::Count), _) => {
            report::write_forecast(&run, &rules, &terminal.report_options(), &mut terminal.stdout())
        }
        (Some(Mode::Write), Some(old)) => {
            let new = texts.into_iter().next().map_or(old, |(_, text)| text.into_bytes());
            let (mut out, options) = terminal.stderr();
            let mut open = |path: &str| Some(Source::new(path, new.clone()));
            fix::print(io::stdout().lock(), [new.as_slice()]).and_then(|()| {
                report::write(
                    arguments.format.unwrap_or(Format::Concise),
                    &run,
                    &mut open,
                    &options,
                    &mut out,
                )
            })
        }
        (Some(Mode::Write) | None, _) => {
            let default = if Terminal::is_interactive() { Format::Pretty } else { Format::Concise };
            let tasks: HashMap<&str, &Task> =
                plan.tasks.iter().map(|task| (task.name.as_ref(), task)).collect();
            report::write(
                arguments.format.unwrap_or(default),
                &run,
                &mut |path| tasks.get(path).map(|task| task.open()),
                &terminal.report_options(),
                &mut terminal.stdout(),
            )
        }
    };
    // Whoever read the report has seen enough of it; what it came to is the same.
    written.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    terminal.write_notes(&plan.notes);
    terminal.write_mistakes(&mistakes);
    Ok(code)
}

/// Checks the articles and fixes them, if that is wanted: all alike, or as somebody says.
fn work(
    arguments: &Lint,
    mender: Option<&Mender>,
    plan: &mut Plan<'_>,
    terminal: &Terminal,
) -> Result<(Outcome, Repairs), Failure> {
    let is_interactive = arguments.fixing.interactive;
    if is_interactive || mender.is_some_and(|mender| mender.mode == Mode::Write) {
        plan.sweep();
    }
    if let Some(mender) = mender {
        return Ok(mender.run(&plan.tasks));
    }
    let repairs = if is_interactive {
        interactive::run(&plan.tasks, lists(arguments), terminal)?
    } else {
        Repairs::default()
    };
    Ok((engine::run(&plan.tasks, |task| (task.open(), &*task.settings)), repairs))
}

/// Whether each fix is to be listed.
fn lists(arguments: &Lint) -> bool {
    arguments.fixing.show_fixes || arguments.format == Some(Format::Json)
}

/// How a run ends.
fn code(arguments: &Lint, mode: Option<Mode>, outcome: &Outcome, repairs: &Repairs) -> u8 {
    let is_rehearsal = matches!(mode, Some(Mode::Diff | Mode::Count));
    let is_bug = !outcome.bugs.is_empty() || !repairs.failures.is_empty();
    let is_fixed = repairs.all.all() > 0;
    let fails = || outcome.findings.iter().any(|finding| finding.level >= arguments.fail_on);
    if is_bug || is_barren(mode, outcome) {
        USAGE
    } else if !repairs.unwritten.is_empty()
        || is_fixed && (is_rehearsal || arguments.fixing.exit_non_zero_on_fix)
        || !is_rehearsal && fails()
    {
        FINDINGS
    } else {
        CLEAN
    }
}

/// Whether nothing was checked, and nothing that is shown says so.
fn is_barren(mode: Option<Mode>, outcome: &Outcome) -> bool {
    let shows_findings = matches!(mode, Some(Mode::Write) | None) && !outcome.findings.is_empty();
    outcome.checked == 0 && outcome.unreadable > 0 && !shows_findings
}

/// Starts the threads.
pub(super) fn begin(selection: &Selection) -> Result<(), Mistake> {
    let Some(threads) = selection.threads else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into());
    pool.build_global().map_err(|error| Mistake::new(format!("no threads can be started: {error}")))
}

/// A run without rules must not look like one that found nothing.
pub(super) fn demand_rules(plan: &Plan<'_>) -> Result<(), Failure> {
    if plan.tasks.iter().all(|task| task.settings.rules.is_empty()) && !plan.tasks.is_empty() {
        let help = "the config and the command line leave none: see `extends`, `--only` and `--skip`";
        return Err(Mistake::new("no rule is on").with_help(Some(help)).into());
    }
    Ok(())
}

fn files(reason: &'static str, count: usize) -> Skipped {
    Skipped { unit: Unit::File, reason: reason.into(), count }
}

pub(super) fn bug((path, message): &(String, String)) -> Mistake {
    Mistake::new(format!("copydesk failed at \"{path}\": {message}")).with_help(Some(please_report()))
}

/// What to do about a bug of ours.
pub(super) fn please_report() -> String {
    format!(
        "this is a bug of copydesk {}: please report it at {}/issues with this file",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY")
    )
}
