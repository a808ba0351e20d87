//! What the map left of the files of a site, kept in memory while somebody works on them: what has not changed is neither
//! read nor checked again, and the corpus is made anew of the facts of all.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use rayon::prelude::*;

use super::whole::{File, Mapped, finished, settled, surveys};
use super::{Checked, Outcome, Surveys, attempt, check, facts};
use crate::corpus::{Ground, Portrait};
use crate::facts::Wants;
use crate::text::Source;

/// The results of earlier runs, by the names of the files. It belongs to one set of configs: a file of the same name is
/// taken to have the same settings, but for what the rules of a run want to know.
#[derive(Debug, Default)]
pub struct Session {
    wants: Arc<Wants>,
    kept: HashMap<Arc<str>, Kept>,
}

#[derive(Debug)]
struct Kept {
    /// The hash of what was read.
    text: u64,
    /// Whether it is one to report on; of others, only the facts are known.
    is_own: bool,
    is_doubted: bool,
    /// What it came to, or what a rule said that failed at it.
    result: Result<Checked, String>,
}

impl Session {
    /// Has a file be read again, and checked again if it is another than before.
    pub fn doubt(&mut self, name: &str) {
        if let Some(kept) = self.kept.get_mut(name) {
            kept.is_doubted = true;
        }
    }

    /// Reads and checks what is not known, or doubted; brings the names of the files that are new, changed or gone, sorted.
    /// `files` are reported on, `others` only known.
    pub fn refresh<F: File>(&mut self, files: &[F], others: &[F]) -> Vec<Arc<str>> {
        let wants = files.first().map(|file| Arc::clone(&file.settings().wants)).unwrap_or_default();
        if wants != self.wants {
            (self.wants, self.kept) = (wants, HashMap::new());
        }
        let all = || files.iter().map(|file| (file, true)).chain(others.iter().map(|file| (file, false)));
        let names: HashSet<&Arc<str>> = all().map(|(file, _)| file.name()).collect();
        let gone = self.kept.extract_if(|name, _| !names.contains(name)).map(|(name, _)| name);
        let mut changed: Vec<Arc<str>> = gone.collect();
        let open = |(file, is_own): &(&F, bool)| {
            self.kept.get(file.name()).is_none_or(|kept| kept.is_doubted || kept.is_own != *is_own)
        };
        let open: Vec<(&F, bool)> = all().filter(open).collect();
        let read: Vec<_> = open
            .into_par_iter()
            .with_max_len(16)
            .map(|(file, is_own)| {
                let source = file.open();
                let text = hash(&source);
                let old = self.kept.get(file.name());
                let is_same = old.is_some_and(|kept| kept.text == text && kept.is_own == is_own);
                let is_new_text = old.is_none_or(|kept| kept.text != text);
                let made = (!is_same).then(|| Kept::of(&source, file, text, is_own));
                (Arc::clone(file.name()), is_new_text, made)
            })
            .collect();
        for (name, is_new_text, made) in read {
            if is_new_text {
                changed.push(Arc::clone(&name));
            }
            match (made, self.kept.get_mut(&name)) {
                (Some(made), _) => drop(self.kept.insert(name, made)),
                (None, Some(kept)) => kept.is_doubted = false,
                (None, None) => {}
            }
        }
        changed.sort();
        changed
    }

    /// What files came to that were refreshed: as [`super::run_whole`] has it. `grounds` are those of the sites.
    pub fn conclude<F: File>(&mut self, files: &[F], others: &[F], grounds: Vec<Ground>) -> Outcome {
        let told = files
            .iter()
            .filter_map(|file| self.kept.get(file.name())?.result.as_ref().ok()?.facts.as_deref());
        let portrait = Portrait::of(told, &self.wants);
        let mut outcome = Outcome { portrait, ..Outcome::default() };
        let surveys = if self.wants.is_nothing() { Vec::new() } else { self.survey(files, others, grounds) };
        outcome.bugs.extend(surveys.iter().flat_map(|survey| survey.bugs.clone()));
        let results: Vec<Result<Checked, String>> = files
            .par_iter()
            .with_max_len(64)
            .map(|file| {
                let Some(kept) = self.kept.get(file.name()) else { return Ok(Checked::default()) };
                let mut checked = kept.result.clone()?;
                let Some(survey) = surveys.get(file.place().site) else { return Ok(checked) };
                if checked.is_open {
                    return attempt(|| finished(file, survey));
                }
                checked.findings.extend(attempt(|| settled(file, survey))?.findings);
                Ok(checked)
            })
            .collect();
        for (file, result) in files.iter().zip(results) {
            match result {
                Ok(checked) => outcome.add(checked),
                Err(message) => outcome.bugs.push((file.name().to_string(), message)),
            }
        }
        outcome.sort();
        self.take_back(surveys);
        outcome
    }

    /// Lends the facts to the surveys.
    fn survey<F: File>(&mut self, files: &[F], others: &[F], grounds: Vec<Ground>) -> Vec<Arc<Surveys>> {
        let lent = files.iter().chain(others).map(|file| {
            let kept = self.kept.get_mut(file.name());
            let facts = kept.and_then(|kept| kept.result.as_mut().ok()?.facts.take());
            Mapped { file, facts: facts.map(|facts| *facts).unwrap_or_default(), is_open: false }
        });
        surveys(lent, grounds)
    }

    /// Takes the facts back: two copies of those of a large site would be too much.
    fn take_back(&mut self, surveys: Vec<Arc<Surveys>>) {
        for survey in surveys {
            let Some(articles) = Arc::into_inner(survey).and_then(Surveys::into_articles) else {
                // A rule has kept the corpus for itself. Then all is found out again.
                self.kept.clear();
                return;
            };
            for known in articles {
                if let Some(Ok(checked)) = self.kept.get_mut(&known.name).map(|kept| kept.result.as_mut()) {
                    checked.facts = Some(Box::new(known.facts));
                }
            }
        }
    }
}

impl Kept {
    fn of<F: File>(source: &Source, file: &F, text: u64, is_own: bool) -> Self {
        let settings = &**file.settings();
        let result = attempt(|| {
            if is_own {
                return check(source, settings);
            }
            Checked { facts: Some(Box::new(facts(source, settings))), ..Checked::default() }
        });
        Self { text, is_own, is_doubted: false, result }
    }
}

/// Two texts of one file that follow each other and have the same hash are not to be expected: it has 64 bits.
fn hash(source: &Source) -> u64 {
    let mut hasher = DefaultHasher::new();
    source.text().hash(&mut hasher);
    if let Some(damage) = source.damage() {
        format!("{damage:?}").hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
