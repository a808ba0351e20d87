//! `copydesk lint`: plans, checks, fixes if it is asked to, reports.

use std::io::{self, Read, Write as _};
use std::path::Path;

use super::args::{Fixing, Lint, Selection};
use super::baseline::Baselines;
use super::changed::Narrowing;
use super::corpus;
use super::diff::Look;
use super::ending::Ending;
use super::fix::{Mender, Mode, Repairs};
use super::interactive;
use super::memory::{self, Kept};
use super::online;
use super::outputs::Outputs;
use super::plan::Plan;
use super::setup::{self, working_directory};
use super::shard;
use super::{CLEAN, Failure, Terminal};
use crate::config::Configs;
use crate::corpus::Portrait;
use crate::engine::Outcome;
use crate::facts::Wants;
use crate::mistake::Mistake;
use crate::report::Format;

pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    let here = working_directory()?;
    let mut outputs = Outputs::of(&arguments.reporting.formats, &here)?;
    outputs.lists_fixes = arguments.fixing.show_fixes;
    let (mender, mut configs) = prepare(arguments, &outputs, &here, terminal)?;
    let narrowing = Narrowing::of(&arguments.scope, &arguments.selection);
    let changes = narrowing.as_ref().map(|narrowing| narrowing.ask(&here)).transpose()?;
    let mut plan = Plan::new(&mut configs, here);
    plan.changes = changes;
    let input = fill(&mut plan, arguments)?;
    let nothing = narrowing.map(|narrowing| narrowing.apply(&mut plan)).transpose()?.flatten();
    outputs.demand_room(&plan, &[])?;
    let baselines = open_baselines(arguments, &plan, &outputs)?;
    let is_over = !outputs.are_expected() && !baselines.is_strict();
    if let Some(nothing) = nothing.filter(|_| is_over) {
        let mode = mender.as_ref().map(|mender| mender.mode);
        return say_nothing_changed(&nothing, mode, &plan, terminal);
    }
    let share = arguments.sharing.shard.zip(arguments.sharing.output_part.as_ref());
    // Whoever merges parts may want any report.
    let besides = if share.is_some() { Portrait::wants() } else { outputs.wants() };
    let wants = corpus::prepare(&mut plan, arguments.selection.alone, besides)?;
    if let Some((shard, output)) = share {
        return shard::run(arguments, (shard, output), (&plan, &wants), terminal);
    }
    let online = online::ask(&mut plan, &arguments.asking, terminal)?;
    let kept = if arguments.asking.no_cache { Kept::default() } else { memory::open(&mut plan) };
    let lists = lists(arguments, &outputs);
    let (outcome, repairs) = work((arguments, lists), mender.as_ref(), (&mut plan, &wants), terminal)?;
    plan.notes.extend(kept.finish());
    let fails_if_fixed = arguments.fixing.exit_non_zero_on_fix;
    let ending = Ending {
        reporting: &arguments.reporting,
        outputs: &outputs,
        baselines: &baselines,
        mender: mender.as_ref(),
        fails_if_fixed,
        input,
        outcome,
        repairs,
        online,
    };
    ending.report(&mut plan, terminal)
}

/// What can be said before a file is looked at: how to fix, the configs, and the folder of the run.
fn prepare(
    arguments: &Lint,
    outputs: &Outputs,
    here: &Path,
    terminal: &Terminal,
) -> Result<(Option<Mender>, Configs), Failure> {
    let mut mender = Mender::of(&arguments.fixing, lists(arguments, outputs))?;
    if let Some(mender) = mender.as_mut().filter(|_| terminal.is_for_the_eye()) {
        mender.look = Some(Look::of(&terminal.report_options()));
    }
    if arguments.fixing.interactive {
        demand_person(outputs.stdout)?;
        interactive::demand_terminal()?;
    }
    begin(&arguments.selection)?;
    let mut overrides = setup::overrides(&arguments.selection)?;
    overrides.ignores_suppressions = arguments.no_suppressions;
    let configs = setup::configs(overrides, &arguments.selection.setup, here)?;
    Ok((mender, configs))
}

/// Reads what is known already, where findings are held against it: a part of a run and a rehearsal report none.
fn open_baselines(arguments: &Lint, plan: &Plan<'_>, outputs: &Outputs) -> Result<Baselines, Failure> {
    let Fixing { diff, fix_dry_run, .. } = arguments.fixing;
    if arguments.sharing.shard.is_some() || diff || fix_dry_run {
        return Ok(Baselines::default());
    }
    Baselines::open(&arguments.reporting.baselining, &arguments.selection, (plan, outputs))
}

/// Plans what is asked for. Brings what came by standard input.
fn fill(plan: &mut Plan<'_>, arguments: &Lint) -> Result<Option<Vec<u8>>, Failure> {
    let mut input = None;
    if let Some(name) = &arguments.stdin_file_path {
        let mut bytes = Vec::new();
        io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| Mistake::new(format!("standard input cannot be read: {error}")))?;
        plan.stdin(name, bytes.clone())?;
        input = Some(bytes);
    } else {
        plan.paths_or_all(&arguments.selection.paths)?;
        if arguments.force_exclude {
            plan.leave_out_ignored();
        }
    }
    demand_rules(plan)?;
    Ok(input)
}

/// Checks the articles and fixes them, if that is wanted: all alike, or as somebody says.
fn work(
    (arguments, lists): (&Lint, bool),
    mender: Option<&Mender>,
    (plan, wants): (&mut Plan<'_>, &Wants),
    terminal: &Terminal,
) -> Result<(Outcome, Repairs), Failure> {
    let is_interactive = arguments.fixing.interactive;
    if is_interactive || mender.is_some_and(|mender| mender.mode == Mode::Write) {
        plan.sweep();
    }
    let repairs = if let Some(mender) = mender {
        let bugs = corpus::know(plan, wants);
        let (mut outcome, repairs) = mender.run(&plan.tasks);
        // What is left in an article may be another thing as soon as the others have changed.
        if mender.mode != Mode::Write || wants.is_nothing() {
            outcome.bugs.extend(bugs);
            return Ok((outcome, repairs));
        }
        repairs
    } else if is_interactive {
        corpus::know(plan, wants);
        interactive::run(&plan.tasks, lists, terminal)?
    } else {
        Repairs::default()
    };
    corpus::forget(plan);
    if let Some((_, text)) = repairs.texts.first().filter(|_| arguments.stdin_file_path.is_some()) {
        plan.type_in(text);
    }
    Ok((corpus::run(plan, wants), repairs))
}

/// Ends a run in which there is nothing to check, as it should be. Where a difference is wanted, standard output has none.
fn say_nothing_changed(
    nothing: &str,
    mode: Option<Mode>,
    plan: &Plan<'_>,
    terminal: &Terminal,
) -> Result<u8, Failure> {
    match mode {
        _ if terminal.is_quiet => {}
        Some(Mode::Diff) => writeln!(terminal.stderr().0, "{nothing}")?,
        _ => writeln!(terminal.stdout(), "{nothing}")?,
    }
    terminal.write_notes(&plan.notes);
    Ok(CLEAN)
}

/// Questions and a report for programs would be mixed in one stream.
fn demand_person(format: Option<Format>) -> Result<(), Mistake> {
    let Some(format) = format.filter(|format| !format.is_for_people()) else { return Ok(()) };
    let help = format!("give it a file, as in `--format {format}=FILE`");
    Err(Mistake::new(format!("`--interactive` asks a person, and `--format {format}` is for programs"))
        .with_help(Some(help)))
}

/// Whether each fix is to be listed.
fn lists(arguments: &Lint, outputs: &Outputs) -> bool {
    arguments.fixing.show_fixes || outputs.formats().any(Format::lists_fixes)
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
