//! A run over the articles of whole sites: the map, the corpus, and what the rules about it find.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Checked, Member, Memory, Outcome, Settings, Surveys, attempt, check, facts, run_with};
use crate::corpus::{Ground, Known, Portrait};
use crate::facts::{Facts, Wants};
use crate::rule::Own;
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
    /// What is remembered of it, where something may be.
    fn memory(&self) -> Option<&Memory> {
        None
    }
}

/// Checks a file as it is now, unless what it comes to is remembered.
pub fn check_file<F: File>(file: &F, source: &Source) -> Checked {
    match file.memory() {
        Some(memory) => memory.check(source, file.settings()),
        None => check(source, file.settings()),
    }
}

impl<F: File> File for &F {
    fn name(&self) -> &Arc<str> {
        (**self).name()
    }

    fn open(&self) -> Source {
        (**self).open()
    }

    fn settings(&self) -> &Arc<Settings> {
        (**self).settings()
    }

    fn place(&self) -> Place {
        (**self).place()
    }

    fn memory(&self) -> Option<&Memory> {
        (**self).memory()
    }
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

/// What the map left of a file, besides its findings.
pub struct Mapped<'f, F> {
    /// The file.
    pub file: &'f F,
    /// What it tells.
    pub facts: Facts,
    /// Whether it is to be checked again when all are known: [`Checked::is_open`].
    pub is_open: bool,
}

impl<'f, F> Mapped<'f, F> {
    /// Takes out of what a check came to what the reduce wants to know.
    pub fn of(file: &'f F, checked: &mut Checked) -> Self {
        let facts = checked.facts.take().map_or_else(Facts::default, |facts| *facts);
        Self { file, facts, is_open: checked.is_open }
    }
}

/// Checks files beside each other and beside `others`, of which only the facts are looked at. Their settings say what is
/// wanted ([`Settings::wants`]) and have no surveys; `grounds` are those of the sites, by [`Place::site`].
///
/// Each text is parsed once, but for those whose suppressions name a rule about many articles: what is found in them is
/// known at the end.
pub fn run_whole<F: File>(files: &[F], others: &[F], grounds: Vec<Ground>) -> Outcome {
    let (outcome, mapped) = run_with(
        files,
        |file| (file.open(), &**file.settings()),
        |file, source, _| {
            let mut checked = check_file(file, source);
            let mapped = Mapped::of(file, &mut checked);
            (checked, mapped)
        },
    );
    reduce(outcome, (mapped, tell(others)), grounds)
}

/// The facts of files that are not to be checked. Of an article at which a rule fails there are none, and its check says so.
pub fn tell<F: File>(files: &[F]) -> Vec<Mapped<'_, F>> {
    let told = |file| {
        let facts = attempt(|| {
            let (source, settings) = (F::open(file), F::settings(file));
            match F::memory(file) {
                Some(memory) => memory.facts(&source, settings),
                None => facts(&source, settings),
            }
        });
        Mapped { file, facts: facts.unwrap_or_default(), is_open: false }
    };
    files.par_iter().with_max_len(16).map(told).collect()
}

/// The reduce: adds to what was found in each file by itself what is found when all are known. The first of the two lists
/// are the files that were checked, the second those that are only known.
#[must_use]
pub fn reduce<F: File>(
    mut outcome: Outcome,
    (mapped, others): (Vec<Mapped<'_, F>>, Vec<Mapped<'_, F>>),
    grounds: Vec<Ground>,
) -> Outcome {
    let open: Vec<&F> = mapped.iter().filter(|one| one.is_open).map(|one| one.file).collect();
    let done: Vec<&F> = mapped.iter().filter(|one| !one.is_open).map(|one| one.file).collect();
    let wants = mapped.first().map(|one| Arc::clone(&one.file.settings().wants)).unwrap_or_default();
    outcome.portrait = Portrait::of(mapped.iter().map(|one| &one.facts), &wants);
    let surveys = surveys(mapped.into_iter().chain(others), grounds);
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
    // The program is about to end, and to hand back the facts of a large site piece by piece would take longer than to
    // print the report.
    std::mem::forget(surveys);
    outcome
}

/// What the rules about many articles find in a file, of its facts.
pub(super) fn settled<F: File>(file: &F, survey: &Surveys) -> Checked {
    let mut checked = Checked::default();
    if let Some(number) = survey.number(file.name()) {
        let facts = &survey.corpus.articles[number].facts;
        let own = Own { number, facts, name: file.name() };
        survey.compare(&own, file.settings(), &mut checked.findings);
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
    surveys(tell(files).into_iter().chain(tell(others)), grounds)
}

/// Lets the rules look at the articles of each site.
pub(super) fn surveys<'f, F: File + 'f>(
    mapped: impl IntoIterator<Item = Mapped<'f, F>>,
    grounds: Vec<Ground>,
) -> Vec<Arc<Surveys>> {
    let mut members: Vec<Vec<Member>> = grounds.iter().map(|_| Vec::new()).collect();
    for Mapped { file, facts, .. } in mapped {
        let Place { site, path } = file.place();
        let collections = Arc::clone(&file.settings().collections);
        let known = Known { name: Arc::clone(file.name()), path, collections, facts };
        members[site].push(Member { known, settings: Arc::clone(file.settings()) });
    }
    members.into_iter().zip(grounds).map(|(members, ground)| Arc::new(Surveys::of(members, ground))).collect()
}
