//! `copydesk lint`: finds files, checks them, reports.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::args::Lint;
use super::{CLEAN, FINDINGS, Failure, Terminal, USAGE};
use crate::config::{Configs, Overrides, Preset, Verdict};
use crate::discover::{self, Found};
use crate::engine::{self, Settings};
use crate::mistake::Mistake;
use crate::network;
use crate::report::{self, Format};
use crate::text::Source;
use crate::triage::{Run, Skipped, Summary, Unit};
use crate::yaml;

/// A file to check.
struct Task {
    name: Arc<str>,
    settings: Arc<Settings>,
    input: Input,
}

/// Where the bytes of a file come from.
enum Input {
    File(PathBuf),
    Stdin(Vec<u8>),
    Unreadable(String),
}

impl Task {
    fn open(&self) -> Source {
        match &self.input {
            Input::File(path) => match std::fs::read(path) {
                Ok(bytes) => Source::new(Arc::clone(&self.name), bytes),
                Err(_) if path.is_symlink() => {
                    let reason = "it is a symbolic link that leads nowhere".to_owned();
                    Source::unreadable(Arc::clone(&self.name), reason)
                }
                Err(error) => Source::unreadable(Arc::clone(&self.name), error.to_string()),
            },
            Input::Stdin(bytes) => Source::new(Arc::clone(&self.name), bytes.clone()),
            Input::Unreadable(reason) => Source::unreadable(Arc::clone(&self.name), reason.clone()),
        }
    }
}

/// What is to be checked, and what is left out.
struct Plan {
    tasks: Vec<Task>,
    skipped: BTreeMap<&'static str, usize>,
}

pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    if let Some(threads) = arguments.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into());
        pool.build_global().map_err(|error| Mistake::new(format!("no threads can be started: {error}")))?;
    }
    let mut configs =
        Configs::new(overrides(arguments)?, network::fetch_schema, arguments.config.as_deref())?;
    let plan = match &arguments.stdin_file_path {
        Some(name) => plan_stdin(name, &mut configs)?,
        None => plan_paths(&arguments.paths, &mut configs)?,
    };
    let outcome = engine::run(&plan.tasks, |task| (task.open(), &*task.settings));
    let unreadable = [("unreadable", outcome.unreadable)];
    let skipped = plan.skipped.into_iter().chain(unreadable).map(|(reason, count)| Skipped {
        unit: Unit::File,
        reason: reason.into(),
        count,
    });
    let summary = Summary::of(&outcome.findings, outcome.checked, skipped);
    let fails = outcome.findings.iter().any(|finding| finding.level >= arguments.fail_on);
    let run = Run { findings: outcome.findings, summary };
    let tasks: HashMap<&str, &Task> = plan.tasks.iter().map(|task| (task.name.as_ref(), task)).collect();
    let default = if Terminal::is_interactive() { Format::Pretty } else { Format::Concise };
    report::write(
        arguments.format.unwrap_or(default),
        &run,
        &mut |path| tasks.get(path).map(|task| task.open()),
        &terminal.report_options(),
        &mut terminal.stdout(),
    )?;
    let bugs: Vec<Mistake> = outcome.bugs.iter().map(bug).collect();
    if !bugs.is_empty() {
        terminal.write_mistakes(&bugs);
        return Ok(USAGE);
    }
    Ok(if fails { FINDINGS } else { CLEAN })
}

fn bug((path, message): &(String, String)) -> Mistake {
    Mistake::new(format!("copydesk failed at \"{path}\": {message}")).with_help(Some(format!(
        "this is a bug of copydesk {}: please report it at {}/issues with this file",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY")
    )))
}

fn plan_stdin(name: &Path, configs: &mut Configs) -> Result<Plan, Failure> {
    let mut plan = Plan { tasks: Vec::new(), skipped: BTreeMap::new() };
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    plan.add(name, Input::Stdin(bytes), configs)?;
    plan.require_files(String::new)?;
    Ok(plan)
}

fn plan_paths(paths: &[PathBuf], configs: &mut Configs) -> Result<Plan, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let found: Found = discover::discover(paths).map_err(|message| {
        let is_dash = paths.iter().any(|path| path.as_os_str() == "-");
        Mistake::new(message)
            .with_help(is_dash.then_some("standard input is read with `--stdin-file-path NAME`"))
    })?;
    let mut plan = Plan { tasks: Vec::new(), skipped: found.skipped.clone() };
    for path in &found.files {
        plan.add(path, Input::File(path.clone()), configs)?;
    }
    for (path, reason) in &found.unreadable {
        plan.add(path, Input::Unreadable(reason.clone()), configs)?;
    }
    plan.require_files(|| discover::explain_nothing(paths, &found))?;
    Ok(plan)
}

impl Plan {
    fn add(&mut self, path: &Path, input: Input, configs: &mut Configs) -> Result<(), Failure> {
        let absolute = std::path::absolute(path)?;
        match configs.of_file(&absolute)?.verdict(&absolute) {
            Verdict::Check(settings) => {
                self.tasks.push(Task { name: shown(path, &absolute), settings, input });
            }
            Verdict::Skip(reason) => *self.skipped.entry(reason).or_default() += 1,
        }
        Ok(())
    }

    /// A run that checked nothing must not look like one that found nothing.
    fn require_files(&self, why: impl FnOnce() -> String) -> Result<(), Failure> {
        if !self.tasks.is_empty() {
            return Ok(());
        }
        let left_out = self.skipped.iter().filter(|(reason, _)| reason.contains("config"));
        let mut reasons: Vec<String> = left_out.map(|(reason, count)| format!("{count} {reason}")).collect();
        if reasons.is_empty() {
            reasons.push(why());
        }
        let message = format!("no file was checked: {}", reasons.join("; "));
        let help = "copydesk checks files that end in .md, .mdx or .markdown";
        Err(Mistake::new(message).with_help(Some(help)).into())
    }
}

/// The name that findings carry: relative to the working directory where it lies below, with forward slashes.
fn shown(path: &Path, absolute: &Path) -> Arc<str> {
    let here = std::env::current_dir().ok();
    let relative = here.as_ref().and_then(|here| absolute.strip_prefix(here).ok()).unwrap_or(path);
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/").into() } else { text.into() }
}

fn overrides(arguments: &Lint) -> Result<Overrides, Vec<Mistake>> {
    let extends = match &arguments.extends {
        None => None,
        Some(name) => Some(Preset::named(name).ok_or_else(|| {
            let known = Preset::ALL.map(|(name, _)| name);
            let near = crate::schema::nearest(name, known).map(|near| format!("did you mean \"{near}\"?"));
            let help = near.unwrap_or_else(|| format!("the presets are {}", known.join(", ")));
            vec![Mistake::new(format!("there is no preset \"{name}\"")).with_help(Some(help))]
        })?),
    };
    let mut options: HashMap<String, Map<String, Json>> = HashMap::new();
    for option in &arguments.options {
        let (rule, name, value) = split_option(option)?;
        options.entry(rule).or_default().insert(name, value);
    }
    Ok(Overrides {
        extends,
        only: arguments.only.clone(),
        skip: arguments.skip.clone(),
        options,
        schema: arguments.schema.clone(),
    })
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
