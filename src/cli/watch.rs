//! `copydesk lint --watch`: lints, reports, waits until something has changed, and lints what has.
//!
//! What the articles came to is kept in memory, so that a change costs the reading of what has changed, and the corpus made
//! anew of what is known of all. When the set-up changes, all begins anew. Nothing is written: an editor may have the files
//! open. So Ctrl-C needs no care, and ends the program as it ends any other.

mod eye;
mod knowledge;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Zoned;

use super::args::Lint;
use super::baseline::Baselines;
use super::ending::Ending;
use super::lint::{begin, demand_rules};
use super::outputs::Outputs;
use super::plan::Plan;
use super::setup::{self, working_directory};
use super::{Failure, Terminal, corpus};
use crate::config::Overrides;
use crate::discover;
use crate::engine::{Outcome, Session};
use crate::facts::Want;
use crate::finding::Finding;
use crate::mistake::Mistake;
use crate::report;

use eye::Eye;
use knowledge::{Concern, Knowledge};

/// How often a set-up that is wrong is looked at again. It is not watched: what is wrong may be that a file is missing, or
/// stand in one far from here.
const RETRY: Duration = Duration::from_millis(500);

/// How often somebody looks whether a new day has begun, when nothing else happens.
const NAP: Duration = Duration::from_secs(60);

/// Runs until somebody ends it.
pub(super) fn run(arguments: &Lint, terminal: &Terminal) -> Result<u8, Failure> {
    let here = working_directory()?;
    let outputs = Outputs::of(&arguments.reporting.formats, &here)?;
    if let Some(format) = outputs.stdout.filter(|format| !format.is_for_people()) {
        let help = format!("give it a file, which is written anew each time: `--format {format}=FILE`");
        let message =
            format!("`--watch` reports again and again, and `--format {format}` is one report for a program");
        return Err(Mistake::new(message).with_help(Some(help)).into());
    }
    begin(&arguments.selection)?;
    let paths = &arguments.selection.paths;
    // One that is missing from the start is misspelt; one that goes later may come again.
    let missing: Vec<PathBuf> = paths.iter().filter(|path| !path.exists()).cloned().collect();
    discover::discover(&missing).map_err(Mistake::new)?;
    let mut watch = Watch {
        arguments,
        outputs,
        terminal,
        overrides: overrides(arguments)?,
        paths: if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.clone() },
        here,
        eye: Eye::open()?,
        has_reported: false,
    };
    let (mut why, mut wrong) = (None, String::new());
    loop {
        match watch.session(why.take()) {
            Ok(next) => {
                why = Some(next);
                wrong.clear();
            }
            Err(Failure::Io(error)) => return Err(error.into()),
            Err(Failure::Mistakes(mistakes)) => {
                let said = format!("{mistakes:?}");
                if said != wrong {
                    watch.begin_report(Some("the set-up is wrong: nothing is checked until it is mended"))?;
                    terminal.write_mistakes(&mistakes);
                    wrong = said;
                }
                watch.eye.wait(RETRY, &|_| false);
                why = Some("the set-up is right again".to_owned());
            }
        }
    }
}

/// What the command line says; the day is today's.
fn overrides(arguments: &Lint) -> Result<Overrides, Vec<Mistake>> {
    let overrides = setup::overrides(&arguments.selection)?;
    Ok(Overrides { ignores_suppressions: arguments.no_suppressions, ..overrides })
}

struct Watch<'a> {
    arguments: &'a Lint,
    outputs: Outputs,
    terminal: &'a Terminal,
    overrides: Overrides,
    paths: Vec<PathBuf>,
    here: PathBuf,
    eye: Eye,
    has_reported: bool,
}

impl Watch<'_> {
    /// Lints as long as the set-up stays as it is, and says what has ended it.
    fn session(&mut self, mut why: Option<String>) -> Result<String, Failure> {
        self.overrides.today = Some(setup::today(&self.arguments.selection));
        let mut configs =
            setup::configs(self.overrides.clone(), &self.arguments.selection.setup, &self.here)?;
        let mut session = Session::default();
        let mut last: Option<Vec<Finding>> = None;
        loop {
            let mut plan = Plan::new(&mut configs, self.here.clone());
            plan.paths_or_all(&self.paths)?;
            demand_rules(&plan)?;
            self.outputs.demand_room(&plan, &[])?;
            let wants = corpus::prepare(&mut plan, self.arguments.selection.alone, self.outputs.wants())?;
            let baselining = &self.arguments.reporting.baselining;
            let baselines = Baselines::open(baselining, &self.arguments.selection, (&plan, &self.outputs))?;
            let knowledge = Knowledge::of(&plan, &baselines, wants.has(&Want::Files));
            let mut folders = discover::folders(&plan.searched(&self.paths));
            folders.extend(knowledge.folders(&self.paths));
            if self.eye.look(folders)? {
                // What came into a new folder before it was looked at is to be planned, too.
                continue;
            }
            let mut has_moved = true;
            loop {
                let changed = session.refresh(&plan.tasks, &plan.others);
                if !changed.is_empty() || has_moved {
                    let grounds =
                        if wants.is_nothing() { Vec::new() } else { plan.grounds(wants.has(&Want::Files)) };
                    let outcome = session.conclude(&plan.tasks, &plan.others, grounds);
                    if !changed.is_empty() || last.as_ref() != Some(&outcome.findings) {
                        last = Some(outcome.findings.clone());
                        let said = why.take().unwrap_or_else(|| told(&changed));
                        self.report(&mut plan, (outcome, &baselines), &said)?;
                    }
                }
                let concerns = |path: &Path| knowledge.concern(path) != Concern::Nothing;
                let Some(seen) = self.eye.wait(NAP, &concerns) else {
                    if self.overrides.today != Some(setup::today(&self.arguments.selection)) {
                        return Ok("a new day has begun".to_owned());
                    }
                    has_moved = false;
                    continue;
                };
                let all = || seen.written.iter().chain(&seen.moved);
                if let Some(path) = all().find(|path| knowledge.concern(path) == Concern::SetUp) {
                    let path = super::plan::shown(path, path, &self.here);
                    return Ok(format!("\"{path}\" has changed"));
                }
                all().flat_map(|path| knowledge.known(path)).for_each(|name| session.doubt(name));
                if seen.is_blurred {
                    knowledge.changed().for_each(|name| session.doubt(name));
                }
                has_moved = !seen.moved.is_empty() || seen.is_blurred;
                if has_moved {
                    break;
                }
            }
        }
    }

    fn report(
        &mut self,
        plan: &mut Plan<'_>,
        (outcome, baselines): (Outcome, &Baselines),
        why: &str,
    ) -> Result<(), Failure> {
        let is_first = !self.has_reported;
        self.begin_report((!is_first).then_some(why))?;
        let ending = Ending::plain((&self.arguments.reporting, &self.outputs), baselines, outcome);
        ending.report(plan, self.terminal)?;
        if !self.terminal.is_quiet {
            let mut out = self.terminal.stdout();
            writeln!(out, "watching for changes: Ctrl-C ends it")?;
            out.flush()?;
        }
        Ok(())
    }

    /// Clears the screen, or sets off what follows in a stream, and says when it is and what has happened.
    fn begin_report(&mut self, why: Option<&str>) -> io::Result<()> {
        let is_screen =
            Terminal::is_interactive() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let mut out = self.terminal.stdout();
        if is_screen {
            // As `clear` does it: the cursor to the corner, the screen, and what has gone off it at the top.
            let mut screen = anstream::AutoStream::always(io::stdout());
            screen.write_all(b"\x1b[H\x1b[2J\x1b[3J")?;
            screen.flush()?;
        } else if self.has_reported {
            writeln!(out)?;
        }
        self.has_reported = true;
        if let Some(why) = why {
            writeln!(out, "[{}] {}", Zoned::now().strftime("%H:%M:%S"), report::visible_line(why))?;
        }
        out.flush()
    }
}

/// Says which articles have changed.
fn told(changed: &[Arc<str>]) -> String {
    match changed {
        [] => "the files of the site have changed".to_owned(),
        [one] => format!("\"{one}\" has changed"),
        [one, more @ ..] => format!("\"{one}\" and {} more have changed", more.len()),
    }
}
