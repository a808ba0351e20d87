//! A plan that is narrowed to what git says has changed.

use std::path::PathBuf;

use super::{Input, Plan, absolute, shown};
use crate::cli::Failure;
use crate::config::Config;
use crate::discover;
use crate::git::Changes;
use crate::mistake::Mistake;
use crate::triage::Unit;

impl Plan<'_> {
    /// Takes what has not changed out of what is checked; it is known all the same, unless `alone`. What is to be
    /// committed and not in the working tree is added.
    pub(in crate::cli) fn narrow(
        &mut self,
        paths: &[PathBuf],
        alone: bool,
        reason: String,
    ) -> Result<(), Failure> {
        let all = [PathBuf::from(".")];
        for path in self.absent(if paths.is_empty() { &all } else { paths }) {
            self.add(&path, Input::File(path.clone()))?;
        }
        let Some(changes) = &mut self.changes else { return Ok(()) };
        let before = self.tasks.len();
        let mut others = Vec::new();
        for task in std::mem::take(&mut self.tasks) {
            let Some(path) = task.location() else { continue };
            let path = absolute(&self.here, path);
            // What cannot be looked at may hold what has changed.
            if changes.has(&path)
                || matches!(task.input, Input::Unreadable(..)) && !discover::is_markdown(&path)
            {
                self.tasks.push(task);
            } else if !changes.is_uncommitted(&path) {
                others.push(task);
            }
        }
        let configs = self.configs.used().flat_map(Config::inputs);
        let input = configs.map(|path| absolute(&self.here, path)).find(|path| changes.has(path));
        self.notes.extend(input.map(|path| set_up_changed(&shown(&path, &path, &self.here))));
        self.skip(Unit::File, reason, before - self.tasks.len());
        self.is_cut = alone && !others.is_empty();
        self.others.extend(others.into_iter().filter(|_| !alone));
        Ok(())
    }

    /// The articles under these paths that are to be committed and not in the working tree.
    pub(super) fn absent(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let absent = self.changes.as_ref().map(Changes::absent).unwrap_or_default();
        absent.into_iter().filter(|path| discover::covers(paths, &self.here, path)).collect()
    }
}

/// What to say where only what has changed is checked, and what it is checked by has changed as well.
fn set_up_changed(path: &str) -> Mistake {
    let message = format!("\"{path}\" has changed, too: there may be findings in articles that have not");
    Mistake::new(message).with_help(Some("`copydesk lint` by itself looks at all of them"))
}
