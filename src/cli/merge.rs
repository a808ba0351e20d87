//! `copydesk merge`: puts the parts of a run together and reports what one machine would have.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::args::Merge;
use super::baseline::Baselines;
use super::ending::Ending;
use super::outputs::Outputs;
use super::part::{self, Part, Share};
use super::plan::{Plan, Task};
use super::setup::{self, working_directory};
use super::{Failure, Terminal, corpus, lint};
use crate::corpus::Portrait;
use crate::engine::{self, Mapped, Outcome};
use crate::facts::{Facts, Wants};
use crate::mistake::Mistake;

/// So many files are named where the parts do not fit what is here; more are counted.
const NAMED: usize = 5;

pub(super) fn run(arguments: &Merge, terminal: &Terminal) -> Result<u8, Failure> {
    let here = working_directory()?;
    let outputs = Outputs::of(&arguments.reporting.formats, &here)?;
    let bytes = part::read(&arguments.parts)?;
    let mut parts = Vec::new();
    let mut mistakes = Vec::new();
    for (path, bytes) in arguments.parts.iter().zip(&bytes) {
        match Part::parse(path, bytes) {
            Ok(part) => parts.push((path, part)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes.into());
    }
    parts.sort_by_key(|(_, part)| part.shard.number);
    complete(&parts)?;
    let Some((_, first)) = parts.first() else {
        return Err(Mistake::new("no part was named").into());
    };
    let (wording, digest) = (first.wording.clone(), first.settings.clone());
    let mut selection = wording.selection;
    selection.today = wording.today.parse().ok();
    selection.threads = arguments.threads;
    lint::begin(&selection)?;
    let mut overrides = setup::overrides(&selection)?;
    overrides.ignores_suppressions = wording.no_suppressions;
    let mut configs = setup::configs(overrides, &selection.setup, &here)?;
    let mut plan = Plan::new(&mut configs, here);
    plan.paths_or_all(&selection.paths)?;
    lint::demand_rules(&plan)?;
    outputs.demand_room(&plan, &arguments.parts)?;
    let baselining = &arguments.reporting.baselining;
    let baselines = Baselines::open(baselining, &selection, (&plan, &outputs))?;
    let wants = corpus::prepare(&mut plan, selection.alone, Portrait::wants())?;
    let outcome = gather(parts.into_iter().map(|(_, part)| part), &plan, &wants, &digest)?;
    let ending = Ending::plain((&arguments.reporting, &outputs), &baselines, outcome);
    ending.report(&mut plan, terminal)
}

/// Whether all parts of one run are there, each once; they are sorted by their numbers.
fn complete(parts: &[(&PathBuf, Part<'_>)]) -> Result<(), Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let Some((first_path, first)) = parts.first() else { return Ok(()) };
    let of = first.shard.of;
    for (path, part) in parts {
        let differs = if part.shard.of != of {
            format!("is one of {}, and \"{}\" one of {of}", part.shard.of, first_path.display())
        } else if part.wording != first.wording {
            format!("was made with other arguments or on another day than \"{}\"", first_path.display())
        } else if part.settings != first.settings {
            format!("was made with other settings than \"{}\"", first_path.display())
        } else {
            continue;
        };
        mistakes.push(
            Mistake::new(format!("\"{}\" {differs}", path.display()))
                .with_help(Some("make all parts of the same commit, with the same arguments")),
        );
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    for pair in parts.windows(2) {
        let [(path, part), (next_path, next)] = pair else { continue };
        if part.shard == next.shard {
            mistakes.push(Mistake::new(format!(
                "part {} of {of} is there twice: \"{}\" and \"{}\"",
                part.shard.number,
                path.display(),
                next_path.display()
            )));
        }
    }
    let missing: Vec<String> = (1..=of)
        .filter(|number| parts.iter().all(|(_, part)| part.shard.number != *number))
        .map(|number| number.to_string())
        .collect();
    match missing.as_slice() {
        [] => {}
        [one] => mistakes.push(Mistake::new(format!("part {one} of {of} is missing"))),
        many => mistakes.push(Mistake::new(format!("the parts {} of {of} are missing", many.join(", ")))),
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

/// Holds the parts against the files that are here, and makes of them what one run would have.
fn gather<'a>(
    parts: impl Iterator<Item = Part<'a>>,
    plan: &Plan<'_>,
    wants: &Wants,
    digest: &str,
) -> Result<Outcome, Vec<Mistake>> {
    let mut shares: BTreeMap<Arc<str>, Share<'a>> = BTreeMap::new();
    let mut others: HashMap<Arc<str>, Facts> = HashMap::new();
    let mut bugs = Vec::new();
    for part in parts {
        shares.extend(part.files.into_iter().map(|share| (Arc::clone(&share.name), share)));
        others.extend(part.others);
        bugs.extend(part.bugs);
    }
    let is_bug = |name: &str| bugs.iter().any(|(path, _)| path == name);
    let new = named(plan.tasks.iter().filter(|task| !shares.contains_key(&task.name) && !is_bug(&task.name)));
    let changed: Vec<&Task> = plan
        .tasks
        .par_iter()
        .filter(|task| shares.get(&task.name).is_some_and(|share| share.text != part::number(&task.open())))
        .collect();
    let changed = named(changed.into_iter());
    let mut mistakes: Vec<Mistake> =
        [(new, "no part has"), (changed, "the parts were made of another text of")]
            .into_iter()
            .filter_map(|(names, what)| Some(unfit(&format!("{what} {}", names?))))
            .collect();
    let known = plan.tasks.iter().filter(|task| shares.contains_key(&task.name)).count();
    if known < shares.len() {
        let here: std::collections::HashSet<&str> = plan.tasks.iter().map(|task| &*task.name).collect();
        let gone = shares.keys().filter(|name| !here.contains(&***name));
        mistakes.extend(
            listed(gone.map(|name| &**name)).map(|names| unfit(&format!("what is not here is {names}"))),
        );
    }
    if mistakes.is_empty() && part::settings(plan) != digest {
        mistakes.push(unfit("the config, a schema or a page of rules differs from that of the parts"));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut outcome = Outcome::default();
    let mut mapped = Vec::with_capacity(plan.tasks.len());
    for task in &plan.tasks {
        let Some(share) = shares.remove(&task.name) else { continue };
        let Some(mut checked) = share.restore(&task.settings) else {
            return Err(vec![unfit("the parts name rules that are not on here")]);
        };
        mapped.push(Mapped::of(task, &mut checked));
        outcome.add(checked);
    }
    outcome.bugs.extend(bugs);
    if wants.is_nothing() {
        outcome.sort();
        return Ok(outcome);
    }
    let told = plan.others.iter().map(|task| {
        let facts = others.remove(&task.name).unwrap_or_default();
        Mapped { file: task, facts, is_open: false }
    });
    let told = told.collect();
    Ok(engine::reduce(outcome, (mapped, told), corpus::grounds(plan, wants)))
}

fn unfit(message: &str) -> Mistake {
    let help =
        "merge in a checkout of the commit that the parts were made of, in the folder they were made in";
    Mistake::new(format!("the parts do not fit what is here: {message}")).with_help(Some(help))
}

fn named<'t>(tasks: impl Iterator<Item = &'t Task>) -> Option<String> {
    listed(tasks.map(|task| &*task.name))
}

/// The first few of these names and the number of the others; `None` without any.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let mut names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    names.sort();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| names.join(", ") + &more)
}
