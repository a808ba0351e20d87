//! `copydesk lint`: plans, checks, reports.

use std::collections::HashMap;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::args::Lint;
use super::plan::{Plan, Task, absolute};
use super::{CLEAN, FINDINGS, Failure, Terminal, USAGE};
use crate::config::{Configs, Overrides, Preset};
use crate::engine;
use crate::mistake::Mistake;
use crate::network;
use crate::report::{self, Format};
use crate::schema::nearest;
use crate::triage::{Run, Skipped, Summary, Unit};
use crate::yaml;

pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    if arguments.fix {
        let help = "each fix is in the report of `--format json`, as bytes to replace";
        return Err(Mistake::new("copydesk does not apply fixes yet").with_help(Some(help)).into());
    }
    let here = begin(arguments)?;
    let mut configs = configs(arguments, &here)?;
    let mut plan = Plan::new(&mut configs, here);
    match &arguments.stdin_file_path {
        Some(name) => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Mistake::new(format!("standard input cannot be read: {error}")))?;
            plan.stdin(name, bytes)?;
        }
        None => named(arguments, &mut plan)?,
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

/// Starts the threads, and finds where we are.
pub(super) fn begin(arguments: &Lint) -> Result<PathBuf, Failure> {
    if let Some(threads) = arguments.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into());
        pool.build_global().map_err(|error| Mistake::new(format!("no threads can be started: {error}")))?;
    }
    let here = std::env::current_dir()
        .map_err(|error| Mistake::new(format!("the working directory cannot be found: {error}")))?;
    Ok(here)
}

/// The configs under what the command line says.
pub(super) fn configs(arguments: &Lint, here: &Path) -> Result<Configs, Failure> {
    let forced = arguments.config.as_ref().map(|path| absolute(here, path));
    Ok(Configs::new(overrides(arguments)?, network::fetch_schema, forced.as_deref())?)
}

/// Plans to check the paths of the command line.
pub(super) fn named(arguments: &Lint, plan: &mut Plan<'_>) -> Result<(), Failure> {
    if arguments.paths.is_empty() { plan.paths(&[PathBuf::from(".")]) } else { plan.paths(&arguments.paths) }
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

/// What day it is.
pub(super) fn today(arguments: &Lint) -> Date {
    arguments.today.unwrap_or_else(|| Zoned::now().date())
}

fn overrides(arguments: &Lint) -> Result<Overrides, Vec<Mistake>> {
    let extends = match &arguments.extends {
        None => None,
        Some(name) => Some(Preset::named(name).ok_or_else(|| {
            let known = Preset::ALL.map(|(name, _)| name);
            let near = nearest(name, known).map(|near| format!("did you mean \"{near}\"?"));
            let help = near.unwrap_or_else(|| format!("the presets are {}", known.join(", ")));
            vec![Mistake::new(format!("there is no preset \"{name}\"")).with_help(Some(help))]
        })?),
    };
    let mut options: HashMap<String, Map<String, Json>> = HashMap::new();
    for option in &arguments.options {
        let (rule, name, value) = split_option(option)?;
        options.entry(rule).or_default().insert(name, value);
    }
    let trimmed = |names: &[String]| names.iter().map(|name| name.trim().to_owned()).collect();
    let (only, skip, schema) = (trimmed(&arguments.only), trimmed(&arguments.skip), arguments.schema.clone());
    let today = Some(today(arguments));
    let ignores_suppressions = arguments.no_suppressions;
    Ok(Overrides { extends, only, skip, options, schema, today, ignores_suppressions })
}

/// `rule.option=value`; the value is read as the config would read it.
fn split_option(option: &str) -> Result<(String, String, Json), Vec<Mistake>> {
    let wrong = || {
        let message = format!("\"{option}\" is no `RULE.OPTION=VALUE`");
        vec![Mistake::new(message).with_help(Some("write it as in `-o reading-time.tolerance=0`"))]
    };
    let (path, value) = option.split_once('=').ok_or_else(wrong)?;
    let (rule, name) = path.split_once('.').ok_or_else(wrong)?;
    let document = yaml::parse(value, 0);
    match document.problems.first() {
        Some(problem) => Err(vec![Mistake::new(format!("-o {rule}.{name}: {}", problem.message))]),
        None => {
            Ok((rule.to_owned(), name.to_owned(), document.root.map_or(Json::Null, |root| root.to_json())))
        }
    }
}
