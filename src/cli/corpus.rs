//! What rules about many articles need in a run: the others, and the order in which all is looked at.

use std::collections::HashMap;
use std::sync::Arc;

use super::Failure;
use super::plan::{Plan, Task};
use crate::corpus::Ground;
use crate::engine::{self, File as _, Outcome, Settings, Surveys};
use crate::facts::{Want, Wants};

/// Plans to look at what the rules of a plan want to know; whether it is anything.
///
/// `alone` leaves out the articles that nobody named; `besides` is what a report wants to know of those that are named.
pub(super) fn prepare(plan: &mut Plan<'_>, alone: bool, besides: Wants) -> Result<Wants, Failure> {
    let wants = engine::wants(&plan.tasks);
    if !alone && !wants.is_nothing() {
        plan.know_others()?;
    }
    let wants = wants.and(besides);
    if wants.is_nothing() {
        return Ok(wants);
    }
    plan.close();
    let shared = Arc::new(wants.clone());
    change(plan.tasks.iter_mut().chain(&mut plan.others), |settings, _| Settings {
        wants: Arc::clone(&shared),
        ..settings.clone()
    });
    Ok(wants)
}

/// What is known of the sites besides their articles.
pub(super) fn grounds(plan: &Plan<'_>, wants: &Wants) -> Vec<Ground> {
    plan.grounds(wants.has(&Want::Files))
}

/// Checks the articles of a plan.
pub(super) fn run(plan: &Plan<'_>, wants: &Wants) -> Outcome {
    if wants.is_nothing() {
        let open = |task| (Task::open(task), &*task.settings);
        return engine::run_with(&plan.tasks, open, |task, source, _| (engine::check_file(task, source), ()))
            .0;
    }
    engine::run_whole(&plan.tasks, &plan.others, grounds(plan, wants))
}

/// Gives each article of a plan what the rules made of all, so that it can be checked by itself as its text changes.
/// Brings what went wrong with that.
pub(super) fn know(plan: &mut Plan<'_>, wants: &Wants) -> Vec<(String, String)> {
    if wants.is_nothing() {
        return Vec::new();
    }
    let surveys = engine::know(&plan.tasks, &plan.others, grounds(plan, wants));
    give(plan, |site| Some(Arc::clone(&surveys[site])));
    surveys.iter().flat_map(|survey| survey.bugs.clone()).collect()
}

/// Takes from the articles what they were given: it is what the others told before they were changed.
pub(super) fn forget(plan: &mut Plan<'_>) {
    give(plan, |_| None);
}

fn give(plan: &mut Plan<'_>, surveys: impl Fn(usize) -> Option<Arc<Surveys>>) {
    change(&mut plan.tasks, |settings, site| Settings { surveys: surveys(site), ..settings.clone() });
}

/// Changes the settings of articles. Many share one.
fn change<'t>(tasks: impl IntoIterator<Item = &'t mut Task>, change: impl Fn(&Settings, usize) -> Settings) {
    // The old ones are kept, so that no new one is made at the address of another meanwhile.
    let mut changed: HashMap<_, [Arc<Settings>; 2]> = HashMap::new();
    for task in tasks {
        let site = task.place().site;
        let old = Arc::clone(&task.settings);
        let entry = changed.entry((Arc::as_ptr(&old), site));
        let [_, new] = entry.or_insert_with(|| {
            let new = Arc::new(change(&old, site));
            [old, new]
        });
        task.settings = Arc::clone(new);
    }
}
