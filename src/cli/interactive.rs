//! `copydesk lint --interactive`: shows each finding that has a fix with the difference that the fix makes, and asks.
//!
//! What somebody says yes to is written before the next question. So whatever ends a run, be it `q`, the end of the input,
//! Ctrl-C or a terminal that is closed, no answer is lost: what was accepted stands in the file, and nothing else does.
//! It also means that somebody who edits the file meanwhile is noticed at the next yes, not after forty of them.

mod interview;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;

use super::plan::Task;
use super::{Failure, Terminal};
use crate::engine;
use crate::fix::{self, Applied};
use crate::mistake::Mistake;
use crate::text::Source;
use crate::write;

use interview::Interview;

/// What became of the files that were asked about.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The files that were changed: each with its new text and what was done in it, in order of place.
    pub(super) changed: Vec<(Source, Vec<Applied>)>,
    /// Fixes that were accepted and did what no fix may do: the file and what they did. Each is a bug of a rule.
    pub(super) failures: Vec<(Arc<str>, fix::Failure)>,
    /// The files that could not be written, and why. The last yes to each came to nothing.
    pub(super) unwritten: Vec<(Arc<str>, String)>,
}

/// Says why nobody can be asked, if that is so.
pub(super) fn demand_terminal() -> Result<(), Mistake> {
    let missing = match (io::stdin().is_terminal(), io::stdout().is_terminal()) {
        (true, true) => return Ok(()),
        (false, true) => "standard input is none",
        (true, false) => "standard output is none",
        (false, false) => "standard input and output are none",
    };
    let message = format!("--interactive needs a terminal: {missing}");
    let help = "use `--fix` to apply the safe fixes, or `--diff` to see what they change";
    Err(Mistake::new(message).with_help(Some(help)))
}

/// Asks about all fixes of these files, in the order of their names. What remains is for a run behind it to find.
pub(super) fn run(tasks: &[Task], terminal: &Terminal) -> Result<Asked, Failure> {
    let found = engine::run(tasks, |task| (task.open(), &*task.settings)).findings;
    let fixable: BTreeSet<&str> =
        found.iter().filter(|finding| finding.fix.is_some()).map(|finding| &*finding.path).collect();
    let mut files: Vec<&Task> = tasks.iter().filter(|task| fixable.contains(&*task.name)).collect();
    files.sort_by_key(|task| &task.name);
    let mut asked = Asked::default();
    let mut out = terminal.stdout();
    if files.is_empty() {
        writeln!(out, "there is nothing to ask: no finding has a fix")?;
    }
    let open = |path: &str| tasks.iter().find(|task| *task.name == *path).map(Task::open);
    let mut interview = Interview::new(io::stdin().lock(), out, terminal.report_options(), &open);
    for (at, task) in files.iter().enumerate() {
        let Some(path) = task.file() else { continue };
        let mut put = |old: &str, new: &str| write::replace(path, old.as_bytes(), new.as_bytes());
        let answers = interview.article(&task.open(), &task.settings, (at + 1, files.len()), &mut put)?;
        let name = || Arc::clone(&task.name);
        if !answers.applied.is_empty() {
            asked.changed.push((Source::new(name(), answers.text.into_bytes()), answers.applied));
        }
        asked.failures.extend(answers.failures.into_iter().map(|failure| (name(), failure)));
        asked.unwritten.extend(answers.unwritten.map(|why| (name(), why)));
        if interview.has_quit() {
            break;
        }
    }
    Ok(asked)
}
