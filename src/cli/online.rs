//! `--online`: collects what the rules want to know of the web, asks it once, and gives the replies to the articles.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::args::Asking;
use super::cache::{folder, now};
use super::plan::{Plan, Task};
use super::{Failure, Terminal, progress};
use crate::cache::Cache;
use crate::config::Network;
use crate::engine::{self, Settings};
use crate::mistake::Mistake;
use crate::network::{self, Watch};
use crate::triage::{Asked, Skipped, Unit};
use crate::web::{Question, Questions, Replies, Verdict};

/// What came of asking.
#[derive(Default)]
pub(super) struct Online {
    /// The numbers; `None` where nothing was to be asked.
    pub(super) asked: Option<Asked>,
    /// What was not asked, and why.
    pub(super) skipped: Vec<Skipped>,
    /// Whether somebody stopped it.
    pub(super) is_interrupted: bool,
}

/// Asks the web what the rules of a plan want to know, if that is wanted, and gives the replies to its tasks.
pub(super) fn ask(plan: &mut Plan<'_>, asking: &Asking, terminal: &Terminal) -> Result<Online, Failure> {
    if asking.offline || !asking.online && !plan.configs().is_online() {
        return Ok(Online::default());
    }
    let network = plan.configs().network()?;
    if plan.tasks.iter().all(|task| task.settings.asks().is_nothing()) {
        let mistake = Mistake::new("nothing is asked: no rule that is on wants to know anything of the web");
        plan.notes.push(mistake.with_help(Some(
            "`copydesk rules` lists those of the group \"network\"; redirect-permanent looks at what others ask, or asks \
             by itself with `-o redirect-permanent.ask=true`",
        )));
    }
    let (questions, mut skipped) = collect(&plan.tasks, &network);
    let cache = (!asking.no_cache).then(|| Cache::new(&folder(&network, plan.here())));
    let kept = cache.as_ref().map(|cache| cache.load(&questions, &network.policy, now())).unwrap_or_default();
    plan.notes.extend(kept.damage.map(Mistake::new));
    let mut replies = kept.replies;
    let open: Vec<Question> =
        questions.iter().filter(|question| !replies.contains_key(&question.url)).cloned().collect();
    let cached = replies.len();
    let watch = Arc::new(Watch::default());
    let silent = if open.is_empty() {
        watch.end();
        BTreeMap::new()
    } else {
        network::stop_on_interrupt(&watch).map_err(Mistake::new)?;
        let asked = progress::during(&watch, terminal, || network::ask(&open, &network.policy, &watch));
        watch.end();
        let asked = asked.map_err(Mistake::new)?;
        let failed = cache.and_then(|cache| cache.keep(&asked.replies, &network.policy, now()).err());
        plan.notes.extend(failed.map(Mistake::new));
        replies.extend(asked.replies);
        asked.silent
    };
    skipped.push(urls("stopped by Ctrl-C", questions.len() - replies.len()));
    let replies = Arc::new(Replies::new(&questions, replies, &silent, &network.policy));
    let left = replies.left_alone().values().map(|left| left.addresses).sum();
    skipped.push(urls("their host was left alone", left));
    let asked = Some(counted(&questions, &replies, cached, left));
    give(&mut plan.tasks, &replies);
    Ok(Online { asked, skipped, is_interrupted: watch.is_stopped() })
}

/// What all articles want to have asked, and what the config leaves out.
fn collect(tasks: &[Task], network: &Network) -> (Questions, Vec<Skipped>) {
    let lists: Vec<Vec<Question>> = tasks
        .par_iter()
        .with_max_len(16)
        // At an article at which a rule fails, the check that follows says so.
        .map(|task| engine::attempt(|| engine::questions(&task.open(), &task.settings)).unwrap_or_default())
        .collect();
    let mut questions = Questions::default();
    let mut left_out: HashMap<Arc<str>, bool> = HashMap::new();
    for question in lists.into_iter().flatten() {
        let is_out =
            *left_out.entry(Arc::clone(&question.url)).or_insert_with(|| network.policy.skips(&question.url));
        if !is_out {
            questions.add(question);
        }
    }
    let count = left_out.values().filter(|is_out| **is_out).count();
    (questions, vec![urls("skipped by the config", count)])
}

/// The numbers; hosts that were left alone are told elsewhere.
fn counted(questions: &Questions, replies: &Replies, cached: usize, left: usize) -> Asked {
    let mut asked = Asked { cached, ..Asked::default() };
    for answer in questions.iter().filter_map(|question| replies.of(&question.url)) {
        match answer.verdict {
            Verdict::Alive => asked.alive += 1,
            Verdict::Dead => asked.dead += 1,
            Verdict::Unverified => asked.unverified += 1,
        }
    }
    asked.unverified -= left;
    asked
}

/// Puts the replies into the settings of all tasks. Many share one.
fn give(tasks: &mut [Task], replies: &Arc<Replies>) {
    let mut given: HashMap<*const Settings, Arc<Settings>> = HashMap::new();
    for task in tasks {
        let settings = given.entry(Arc::as_ptr(&task.settings)).or_insert_with(|| {
            Arc::new(Settings { replies: Some(Arc::clone(replies)), ..(*task.settings).clone() })
        });
        task.settings = Arc::clone(settings);
    }
}

/// Addresses that were not asked, and why.
pub(super) fn urls(reason: &'static str, count: usize) -> Skipped {
    Skipped { unit: Unit::Url, reason: reason.into(), count }
}
