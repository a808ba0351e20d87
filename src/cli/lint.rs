//! `copydesk lint`: plans, checks, reports.

use std::collections::HashMap;
use std::io::{ErrorKind, Read};

use super::args::{Lint, Selection};
use super::plan::{Plan, Task};
use super::setup::{self, working_directory};
use super::{CLEAN, FINDINGS, Failure, Terminal, USAGE};
use crate::engine;
use crate::mistake::Mistake;
use crate::report::{self, Format};
use crate::triage::{Run, Skipped, Summary, Unit};

pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.fixing.fix {
        let help = "each fix is in the report of `--format json`, as bytes to replace";
        return Err(Mistake::new("copydesk does not apply fixes yet").with_help(Some(help)).into());
    }
    begin(&arguments.selection)?;
    let here = working_directory()?;
    let mut overrides = setup::overrides(&arguments.selection)?;
    overrides.ignores_suppressions = arguments.no_suppressions;
    let mut configs = setup::configs(overrides, &arguments.selection.setup, &here)?;
    let mut plan = Plan::new(&mut configs, here);
    match &arguments.stdin_file_path {
        Some(name) => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Mistake::new(format!("standard input cannot be read: {error}")))?;
            plan.stdin(name, bytes)?;
        }
        None => plan.paths_or_all(&arguments.selection.paths)?,
    }
    demand_rules(&plan)?;
    let outcome = engine::run(&plan.tasks, |task| (task.open(), &*task.settings));
    let mut skipped = plan.skipped;
    skipped.push(files("unreadable", outcome.unreadable));
    skipped.push(files("copydesk failed", outcome.bugs.len()));
    let mut summary = Summary::of(&outcome.findings, outcome.checked, skipped);
    summary.suppressed = outcome.suppressed.len();
    let fails = outcome.findings.iter().any(|finding| finding.level >= arguments.fail_on);
    let is_barren = outcome.checked == 0 && outcome.unreadable > 0 && outcome.findings.is_empty();
    let suppressed = if arguments.report_suppressed { outcome.suppressed } else { Vec::new() };
    let run = Run { findings: outcome.findings, suppressed, summary };
    write(arguments.format, &run, &plan.tasks, terminal)?;
    terminal.write_notes(&plan.notes);
    let mut mistakes: Vec<Mistake> = outcome.bugs.iter().map(bug).collect();
    if is_barren {
        mistakes.push(Mistake::new(format!("no file was checked: {} unreadable", outcome.unreadable)));
    }
    if !mistakes.is_empty() {
        terminal.write_mistakes(&mistakes);
        return Ok(USAGE);
    }
    Ok(if fails { FINDINGS } else { CLEAN })
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

fn write(format: Option<Format>, run: &Run, tasks: &[Task], terminal: &Terminal) -> Result<(), Failure> {
    let tasks: HashMap<&str, &Task> = tasks.iter().map(|task| (task.name.as_ref(), task)).collect();
    let default = if Terminal::is_interactive() { Format::Pretty } else { Format::Concise };
    let written = report::write(
        format.unwrap_or(default),
        run,
        &mut |path| tasks.get(path).map(|task| task.open()),
        &terminal.report_options(),
        &mut terminal.stdout(),
    );
    match written {
        // Whoever read the report has seen enough of it; what it came to is the same.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

pub(super) fn bug((path, message): &(String, String)) -> Mistake {
    Mistake::new(format!("copydesk failed at \"{path}\": {message}")).with_help(Some(format!(
        "this is a bug of copydesk {}: please report it at {}/issues with this file",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY")
    )))
}
