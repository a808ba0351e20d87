//! `copydesk baseline prune`: lints as `lint` would, and takes out of the baselines what is gone.

use std::io::Write;

use super::Baselines;
use super::account::Account;
use crate::cli::args::{Baselining, Prune};
use crate::cli::memory::{self, Kept};
use crate::cli::outputs::Outputs;
use crate::cli::plan::Plan;
use crate::cli::setup::{self, working_directory};
use crate::cli::{CLEAN, Failure, INTERRUPTED, Terminal, USAGE, corpus, lint, online};
use crate::facts::Wants;
use crate::mistake::Mistake;
use crate::report::{counted, visible_line};

pub(in crate::cli) fn prune(arguments: &Prune, terminal: &Terminal) -> Result<u8, Failure> {
    let selection = &arguments.selection;
    lint::begin(selection)?;
    let here = working_directory()?;
    let mut configs = setup::configs(setup::overrides(selection)?, &selection.setup, &here)?;
    let mut plan = Plan::new(&mut configs, here);
    plan.paths_or_all(&selection.paths)?;
    lint::demand_rules(&plan)?;
    let named = Baselining { baseline: arguments.baseline.clone(), ..Baselining::default() };
    let baselines = Baselines::open(&named, selection, (&plan, &Outputs::default()))?;
    if baselines.books.is_empty() {
        let help = "name it with `--baseline FILE`, or with the key `baseline` of the config";
        return Err(Mistake::new("there is no baseline to prune").with_help(Some(help)).into());
    }
    let wants = corpus::prepare(&mut plan, selection.alone, Wants::default())?;
    let online = online::ask(&mut plan, &arguments.asking, terminal)?;
    let kept = if arguments.asking.no_cache { Kept::default() } else { memory::open(&mut plan) };
    let outcome = corpus::run(&plan, &wants);
    plan.notes.extend(kept.finish());
    let account = Account::new(&baselines, &outcome, &plan, &online);
    plan.notes.extend(baselines.strangers(&account));
    let mut mistakes: Vec<Mistake> = outcome.bugs.iter().map(lint::bug).collect();
    let mut out = terminal.stdout();
    for (book, gone) in baselines.books.iter().zip(&account.gone) {
        for (entry, gone) in book.baseline.entries().iter().zip(gone).filter(|(_, gone)| **gone > 0) {
            let count = if *gone > 1 { format!(" ({gone} findings)") } else { String::new() };
            writeln!(out, "{}: {}{count}", visible_line(&entry.path), visible_line(&entry.rule))?;
        }
        let left = book.baseline.without(gone);
        let taken = book.baseline.findings() - left.findings();
        if taken > 0 && !arguments.dry_run {
            mistakes.extend(book.write(&left).err());
        }
        let done = if arguments.dry_run { "would be taken out of" } else { "taken out of" };
        let (taken, left) = (counted(taken, "finding"), left.findings());
        writeln!(out, "{taken} {done} the baseline \"{}\", {left} left", book.name)?;
    }
    out.flush()?;
    terminal.write_notes(&plan.notes);
    terminal.write_mistakes(&mistakes);
    Ok(match mistakes.len() {
        0 if online.is_interrupted => INTERRUPTED,
        0 => CLEAN,
        _ => USAGE,
    })
}
