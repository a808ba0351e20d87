//! `--force-exclude`: takes out of a plan what was named and a walk would pass over.

use std::path::{Path, PathBuf};

use super::{Plan, Task, absolute};
use crate::discover;
use crate::triage::Unit;

impl Plan<'_> {
    /// Leaves out what is hidden or ignored below the working directory, and counts it. What lies elsewhere stays: there is no
    /// saying from where a walk would have come to it.
    pub(in crate::cli) fn leave_out_ignored(&mut self) {
        let here = self.here.clone();
        let below = |task: &Task| -> Option<PathBuf> {
            let path = absolute(&here, task.location()?);
            path.strip_prefix(&here).ok().map(Path::to_owned)
        };
        let files: Vec<PathBuf> = self.tasks.iter().filter_map(below).collect();
        let ignored = discover::passed_over(&here, &files);
        let before = self.tasks.len();
        self.tasks.retain(|task| below(task).is_none_or(|path| !ignored.contains(&path)));
        self.skip(Unit::File, discover::IGNORED.to_owned(), before - self.tasks.len());
    }
}
