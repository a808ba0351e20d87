//! `copydesk lint`: plans, checks, fixes if it is asked to, reports.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::args::{Lint, Selection};
use super::changed::Narrowing;
use super::corpus;
use super::diff::Look;
use super::fix::{self, Mender, Mode, Repairs};
use super::interactive;
use super::online;
use super::plan::{Plan, Task};
use super::setup::{self, working_directory};
use super::{CLEAN, FINDINGS, Failure, INTERRUPTED, Terminal, USAGE};
use crate::config::Configs;
use crate::engine::Outcome;
use crate::facts::Wants;
use crate::finding::Finding;
use crate::mistake::Mistake;
use crate::report::{self, Format};
use crate::rules::UNREADABLE_FILE;
use crate::text::Source;
use crate::triage::{Run, Skipped, Summary, Unit};

pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    let (mender, mut configs, here) = prepare(arguments, terminal)?;
    let mode = mender.as_ref().map(|mender| mender.mode);
    let narrowing = Narrowing::of(&arguments.scope, &arguments.selection);
    let changes = narrowing.as_ref().map(|narrowing| narrowing.ask(&here)).transpose()?;
    let mut plan = Plan::new(&mut configs, here);
    plan.changes = changes;
    let input = fill(&mut plan, arguments)?;
    let nothing = narrowing.map(|narrowing| narrowing.apply(&mut plan)).transpose()?.flatten();
    if let Some(nothing) = nothing.filter(|_| arguments.format != Some(Format::Json)) {
        return say_nothing_changed(&nothing, mode, &plan, terminal);
    }
    let wants = corpus::prepare(&mut plan, arguments.selection.alone)?;
    let online = online::ask(&mut plan, &arguments.asking, terminal)?;
    let (outcome, repairs) = work(arguments, mender.as_ref(), (&mut plan, &wants), terminal)?;
    let code = match code(arguments, mode, &outcome, &repairs) {
        CLEAN | FINDINGS if online.is_interrupted => INTERRUPTED,
        code => code,
    };
    let mut mistakes = repairs.mistakes();
    mistakes.extend(outcome.bugs.iter().map(bug));
    if is_barren(&outcome) {
        mistakes.push(Mistake::new(format!("no file was checked: {} unreadable", outcome.unreadable)));
    }
    let mut skipped = std::mem::take(&mut plan.skipped);
    skipped.push(files("unreadable", outcome.unreadable));
    skipped.push(files("copydesk failed", outcome.bugs.len()));
    skipped.push(online::urls("offline", outcome.unasked.len()));
    skipped.extend(online.skipped);
    let mut summary = Summary::of(&outcome.findings, outcome.checked, skipped);
    summary.suppressed = outcome.suppressed.len();
    summary.fixed = repairs.all;
    summary.asked = online.asked;
    let suppressed = if arguments.report_suppressed { outcome.suppressed } else { Vec::new() };
    let fixing = mender.as_ref().map(|mender| mender.least);
    let Repairs { list, rules, texts, seen, parted, .. } = repairs;
    let is_applied = mode == Some(Mode::Diff) && !terminal.is_for_the_eye();
    let elsewhere =
        texts.iter().find(|(path, _)| is_applied && is_beyond(path)).map(|(path, _)| path.clone());
    let mut run = Run { findings: outcome.findings, suppressed, fixed: list, fixing, summary };
    plan.notes.extend(seen.and_then(|seen| keep_seen(&mut run, &seen)));
    let written = match (mode, input) {
        (Some(Mode::Diff), _) => {
            let texts = texts.iter().map(|(_, text)| text.as_bytes());
            let printed = if terminal.is_for_the_eye() {
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
            // Findings may relate to places in articles that are only known.
            let tasks = plan.tasks.iter().chain(&plan.others);
            let tasks: HashMap<&str, &Task> = tasks.map(|task| (task.name.as_ref(), task)).collect();
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

/// What can be said before a file is looked at: how to fix, the configs, and the folder of the run.
fn prepare(arguments: &Lint, terminal: &Terminal) -> Result<(Option<Mender>, Configs, PathBuf), Failure> {
    let mut mender = Mender::of(&arguments.fixing, lists(arguments))?;
    if let Some(mender) = mender.as_mut().filter(|_| terminal.is_for_the_eye()) {
        mender.look = Some(Look::of(&terminal.report_options()));
    }
    if arguments.fixing.interactive {
        demand_person(arguments.format)?;
        interactive::demand_terminal()?;
    }
    begin(&arguments.selection)?;
    let here = working_directory()?;
    let mut overrides = setup::overrides(&arguments.selection)?;
    overrides.ignores_suppressions = arguments.no_suppressions;
    let configs = setup::configs(overrides, &arguments.selection.setup, &here)?;
    Ok((mender, configs, here))
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
    }
    demand_rules(plan)?;
    Ok(input)
}

/// Checks the articles and fixes them, if that is wanted: all alike, or as somebody says.
fn work(
    arguments: &Lint,
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
        interactive::run(&plan.tasks, lists(arguments), terminal)?
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
    if format != Some(Format::Json) {
        return Ok(());
    }
    let help = "apply fixes with `--fix --format json`, or run `--format json` again afterwards";
    Err(Mistake::new("`--interactive` asks a person, and `--format json` is for programs")
        .with_help(Some(help)))
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

/// Whether each fix is to be listed.
fn lists(arguments: &Lint) -> bool {
    arguments.fixing.show_fixes || arguments.format == Some(Format::Json)
}

/// How a run ends.
fn code(arguments: &Lint, mode: Option<Mode>, outcome: &Outcome, repairs: &Repairs) -> u8 {
    let is_rehearsal = matches!(mode, Some(Mode::Diff | Mode::Count));
    let is_bug = !outcome.bugs.is_empty() || !repairs.failures.is_empty();
    let is_fixed = repairs.all.all() > 0;
    // What a rehearsal shows is what would be fixed, and what it could not look at.
    let counts = |finding: &&Finding| !is_rehearsal || is_unread(finding);
    let fails = || outcome.findings.iter().filter(counts).any(|finding| finding.level >= arguments.fail_on);
    if is_bug || is_barren(outcome) {
        USAGE
    } else if !repairs.unwritten.is_empty()
        || is_fixed && (is_rehearsal || arguments.fixing.exit_non_zero_on_fix)
        || fails()
    {
        FINDINGS
    } else {
        CLEAN
    }
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
    let told = match before - run.findings.len() {
        0 => return None,
        1 => "1 finding is not listed: it is in a file".to_owned(),
        more => format!("{more} findings are not listed: they are in files"),
    };
    let message = format!("{told} that you were not asked about");
    Some(Mistake::new(message).with_help(Some("`copydesk lint` without `--interactive` lists all")))
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

pub(super) fn files(reason: &'static str, count: usize) -> Skipped {
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
