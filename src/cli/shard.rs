//! `copydesk lint --shard 3/8 --output-part FILE`: the map for a share of the files, for `copydesk merge` to finish.

use std::io::Write as _;
use std::path::Path;

use rayon::prelude::*;

use super::args::Lint;
use super::part::{self, Part, Shard, Share, Wording};
use super::plan::{Plan, Task};
use super::{CLEAN, Failure, Terminal, USAGE, lint, setup};
use crate::engine::{self, Checked};
use crate::facts::Wants;
use crate::mistake::Mistake;
use crate::report::counted;
use crate::write;

/// What a share is not made for.
fn refuse(arguments: &Lint, plan: &Plan<'_>) -> Result<(), Mistake> {
    let asking = &arguments.asking;
    if asking.online || plan.configs().is_online() && !asking.offline {
        let help = "say `--offline` here, and ask the web in a job of its own";
        return Err(
            Mistake::new("the machines of a run cannot share what they ask the web").with_help(Some(help))
        );
    }
    Ok(())
}

/// Checks this machine's share and writes it down.
pub(super) fn run(
    arguments: &Lint,
    (shard, output): (Shard, &Path),
    (plan, wants): (&Plan<'_>, &Wants),
    terminal: &Terminal,
) -> Result<u8, Failure> {
    refuse(arguments, plan)?;
    let wording = Wording {
        selection: arguments.selection.clone(),
        no_suppressions: arguments.no_suppressions,
        today: setup::today(&arguments.selection).to_string(),
    };
    let mut part = Part::new(shard, wording, part::settings(plan));
    let tasks: Vec<&Task> = plan.tasks.iter().filter(|task| shard.has(&task.name)).collect();
    let checked: Vec<(String, Result<Checked, String>)> = tasks
        .par_iter()
        .with_max_len(16)
        .map(|task| {
            let source = task.open();
            let checked = engine::attempt(|| engine::check_file(*task, &source));
            (part::number(&source), checked)
        })
        .collect();
    for (task, (text, checked)) in tasks.iter().zip(&checked) {
        match checked {
            Ok(checked) => part.files.push(Share::new(&task.name, text, checked)),
            Err(message) => part.bugs.push((task.name.to_string(), message.clone())),
        }
    }
    if !wants.is_nothing() {
        let others: Vec<&Task> = plan.others.iter().filter(|task| shard.has(&task.name)).collect();
        let told = engine::tell(&others);
        part.others = told.into_iter().map(|told| (told.file.name.clone(), told.facts)).collect();
    }
    let mut bytes = serde_json::to_vec(&part).map_err(|error| {
        Mistake::new(format!("the part cannot be written: {error}"))
            .with_help(Some("paths that are no text cannot be sent to another machine"))
    })?;
    bytes.push(b'\n');
    write::save(output, &bytes)
        .map_err(|why| Mistake::new(format!("\"{}\" cannot be written: {why}", output.display())))?;
    if !arguments.reporting.quiet {
        let (number, of) = (shard.number, shard.of);
        let files = counted(part.files.len(), "article");
        writeln!(terminal.stdout(), "part {number} of {of}: {files}, written to \"{}\"", output.display())?;
    }
    terminal.write_notes(&plan.notes);
    let bugs: Vec<Mistake> = part.bugs.iter().map(lint::bug).collect();
    terminal.write_mistakes(&bugs);
    Ok(if bugs.is_empty() { CLEAN } else { USAGE })
}
