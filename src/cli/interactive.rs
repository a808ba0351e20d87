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

use super::fix::Repairs;
use super::plan::Task;
use super::{Failure, Terminal};
use crate::engine;
use crate::mistake::Mistake;
use crate::write;

use interview::Interview;

/// Says why nobody can be asked, if that is so.
pub(super) fn demand_terminal() -> Result<(), Mistake> {
    let missing = match (io::stdin().is_terminal(), io::stdout().is_terminal()) {
        (true, true) => return Ok(()),
        (false, true) => "standard input is none",
        (true, false) => "standard output is none",
        (false, false) => "standard input and output are none",
    };
    let message = format!("`--interactive` needs a terminal: {missing}");
    let help = "use `--fix` to apply the safe fixes, or `--diff` to see what they change";
    Err(Mistake::new(message).with_help(Some(help)))
}

/// Asks about all fixes of these files, in the order of their names, and says what was done; each fix of it, if they are
/// to be listed. What remains is for a run behind it to find.
pub(super) fn run(tasks: &[Task], lists: bool, terminal: &Terminal) -> Result<Repairs, Failure> {
    let found = engine::run(tasks, |task| (task.open(), &*task.settings)).findings;
    let has_fix = found.iter().filter(|finding| finding.fix.is_some());
    let fixable: BTreeSet<&str> = has_fix.map(|finding| &*finding.path).collect();
    let mut files: Vec<_> = tasks
        .iter()
        .filter(|task| fixable.contains(&*task.name))
        .filter_map(|task| Some((task, task.file()?)))
        .collect();
    files.sort_by_key(|(task, _)| &task.name);
    let parted = tasks.iter().filter(|task| task.is_staged_otherwise() && fixable.contains(&*task.name));
    let mut repairs =
        Repairs { parted: parted.map(|task| Arc::clone(&task.name)).collect(), ..Repairs::default() };
    let mut out = terminal.stdout();
    if files.is_empty() {
        writeln!(out, "there is nothing to ask: no finding has a fix")?;
    }
    let open = |path: &str| tasks.iter().find(|task| *task.name == *path).map(Task::open);
    let mut interview = Interview::new(io::stdin().lock(), out, terminal.report_options(), &open);
    for (at, (task, path)) in files.iter().enumerate() {
        let mut put = |old: &str, new: &str| write::replace(path, old.as_bytes(), new.as_bytes());
        let answers = interview.article(&task.open(), &task.settings, (at + 1, files.len()), &mut put)?;
        if !answers.applied.is_empty() {
            repairs.record(&task.name, &answers.applied, lists.then_some(answers.text.as_str()));
        }
        let name = || Arc::clone(&task.name);
        repairs.failures.extend(answers.failures.into_iter().map(|failure| (name(), failure)));
        repairs.unwritten.extend(answers.unwritten.map(|why| (name(), why)));
        repairs.unfinished.extend(answers.is_unfinished.then(name));
        if interview.has_quit() {
            let seen = files[..=at].iter().map(|(task, _)| Arc::clone(&task.name));
            repairs.seen = Some(seen.collect());
            break;
        }
    }
    Ok(repairs)
}
