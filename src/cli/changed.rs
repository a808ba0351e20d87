//! `--changed` and `--staged`: a plan that checks only what git says has changed, and knows the rest.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::{Scope, Selection};
use super::plan::Plan;
use crate::discover;
use crate::git::{Against, Changes};
use crate::mistake::Mistake;

/// What a run is narrowed to.
pub(super) struct Narrowing<'a> {
    against: Against,
    selection: &'a Selection,
}

impl<'a> Narrowing<'a> {
    /// What the command line says; `None` where all is to be checked.
    pub(super) fn of(scope: &Scope, selection: &'a Selection) -> Option<Self> {
        let against = match (scope.staged, scope.changed) {
            (true, _) => Against::Index,
            (_, true) => Against::Commit(scope.since.clone().unwrap_or_else(|| "HEAD".to_owned())),
            (false, false) => return None,
        };
        Some(Self { against, selection })
    }

    /// Asks git, before anything is planned.
    ///
    /// # Errors
    /// Why git does not answer.
    pub(super) fn ask(&self, here: &Path) -> Result<Changes, Mistake> {
        let mut folders: Vec<PathBuf> =
            self.selection.paths.iter().map(|path| here.join(discover::folder_of(path))).collect();
        if folders.is_empty() {
            folders.push(here.to_owned());
        }
        Changes::ask(&folders, here, &self.against, &|path| discover::is_markdown(path))
    }

    /// Takes out of a plan what has not changed. Brings a sentence where nothing is left.
    ///
    /// # Errors
    /// What is wrong with the config of what is to be committed and not in the working tree.
    pub(super) fn apply(&self, plan: &mut Plan<'_>) -> Result<Option<String>, Failure> {
        let (reason, nothing) = match &self.against {
            Against::Commit(name) => {
                (format!("not changed since {name}"), format!("no article has changed since \"{name}\""))
            }
            Against::Index => ("not staged".to_owned(), "no article is staged".to_owned()),
        };
        plan.narrow(&self.selection.paths, self.selection.alone, reason)?;
        Ok(plan.tasks.is_empty().then_some(nothing))
    }
}
