//! A run over the articles of whole sites: the map, the corpus, and what the rules about it find.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Checked, Member, Outcome, Settings, Surveys, attempt, check, facts, run_with};
use crate::corpus::{Ground, Known};
use crate::facts::{Facts, Wants};
use crate::text::Source;

/// A file of a run.
pub trait File: Sync {
    /// The name that findings carry.
    fn name(&self) -> &Arc<str>;
    /// Its text as it is now.
    fn open(&self) -> Source;
    /// How it is checked.
    fn settings(&self) -> &Arc<Settings>;
    /// Where it stands.
    fn place(&self) -> Place;
}

/// Where a file stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of its site in the run.
    pub site: usize,
    /// Its path: [`Known::path`].
    pub path: Arc<str>,
}

/// What the rules of these files want to know of every article.
pub fn wants<'f, F: File + 'f>(files: impl IntoIterator<Item = &'f F>) -> Wants {
    let mut seen = Vec::new();
    let mut wants = Wants::default();
    for file in files {
        let settings = Arc::as_ptr(file.settings());
        if !seen.contains(&settings) {
            seen.push(settings);
            let rules = &file.settings().rules;
            wants = rules.iter().fold(wants, |wants, rule| wants.and(rule.check.wants()));
        }
    }
    wants
}

/// What the map left of a file.
struct Mapped<'f, F> {
    file: &'f F,
    facts: Facts,
    is_open: bool,
}

/// Checks files beside each other and beside `others`, of which only the facts are looked at. Their settings say what is
/// wanted ([`Settings::wants`]) and have no surveys; `grounds` are those of the sites, by [`Place::site`].
///
/// Each text is parsed once, but for those whose suppressions name a rule about many articles: what is found in them is
/// known at the end.
pub fn run_whole<F: File>(files: &[F], others: &[F], grounds: Vec<Ground>) -> Outcome {
    let (mut outcome, mapped) = run_with(
        files,
        |file| (file.open(), &**file.settings()),
        |file, source, settings| {
            let mut checked = check(source, settings);
            let facts = checked.facts.take().map_or_else(Facts::default, |facts| *facts);
            let is_open = checked.is_open;
            (checked, Mapped { file, facts, is_open })
        },
    );
    let open: Vec<&F> = mapped.iter().filter(|one| one.is_open).map(|one| one.file).collect();
    let done: Vec<&F> = mapped.iter().filter(|one| !one.is_open).map(|one| one.file).collect();
    let surveys = surveys(mapped, others, grounds);
    outcome.bugs.extend(surveys.iter().flat_map(|survey| survey.bugs.clone()));
    let settled = |file: &F| settled(file, &surveys[file.place().site]);
    let finished = |file: &F| finished(file, &surveys[file.place().site]);
    let tried = |file: &F, work: &(dyn Fn(&F) -> Checked + Sync)| {
        attempt(|| work(file)).map_err(|message| (file.name().to_string(), message))
    };
    let found: Vec<_> = done.par_iter().with_max_len(64).map(|file| tried(file, &settled)).collect();
    for result in found {
        match result {
            Ok(checked) => outcome.findings.extend(checked.findings),
            Err(bug) => outcome.bugs.push(bug),
        }
    }
    let found: Vec<_> = open.par_iter().with_max_len(16).map(|file| tried(file, &finished)).collect();
    for result in found {
        match result {
            Ok(checked) => outcome.add(checked),
            Err(bug) => outcome.bugs.push(bug),
        }
    }
    outcome.sort();
    outcome
}

/// What the rules about many articles find in a file, of its facts.
pub(super) fn settled<F: File>(file: &F, survey: &Surveys) -> Checked {
    let mut checked = Checked::default();
    if let Some(number) = survey.corpus.number(file.name()) {
        let facts = &survey.corpus.articles[number].facts;
        survey.compare((file.name(), facts), file.settings(), &mut checked.findings);
    }
    checked
}

/// What all rules find in a file whose suppressions name a rule about many articles.
pub(super) fn finished<F: File>(file: &F, survey: &Arc<Surveys>) -> Checked {
    let surveys = Some(Arc::clone(survey));
    check(&file.open(), &Settings { surveys, ..(**file.settings()).clone() })
}

/// Only lets the rules look at all articles: what they made of it, for each site. A file can then be checked by itself,
/// beside the others as they are now, as often as its text changes.
pub fn know<F: File>(files: &[F], others: &[F], grounds: Vec<Ground>) -> Vec<Arc<Surveys>> {
    let mapped = files.par_iter().with_max_len(16).map(told).collect();
    surveys(mapped, others, grounds)
}

/// The facts of a file. At an article at which a rule fails, the check says so.
fn told<F: File>(file: &F) -> Mapped<'_, F> {
    let facts = attempt(|| facts(&file.open(), file.settings())).unwrap_or_default();
    Mapped { file, facts, is_open: false }
}

fn surveys<'f, F: File>(
    mut mapped: Vec<Mapped<'f, F>>,
    others: &'f [F],
    grounds: Vec<Ground>,
) -> Vec<Arc<Surveys>> {
    mapped.par_extend(others.par_iter().with_max_len(16).map(told));
    let mut members: Vec<Vec<Member>> = grounds.iter().map(|_| Vec::new()).collect();
    for Mapped { file, facts, .. } in mapped {
        let Place { site, path } = file.place();
        let collections = Arc::clone(&file.settings().collections);
        let known = Known { name: Arc::clone(file.name()), path, collections, facts };
        members[site].push(Member { known, settings: Arc::clone(file.settings()) });
    }
    members.into_iter().zip(grounds).map(|(members, ground)| Arc::new(Surveys::of(members, ground))).collect()
}
