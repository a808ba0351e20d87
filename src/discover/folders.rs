//! Lists the folders in which files are found: what is to be looked at when files come and go.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ignore::{WalkBuilder, WalkState};

use super::{folder_of, listing};

/// The folders that [`super::discover`] would look through for these paths, and those that hold the files among them, without
/// links on the way to them. Folders that are hidden, ignored, or of other programs are left out.
#[must_use]
pub fn folders(paths: &[PathBuf]) -> BTreeSet<PathBuf> {
    let folders = Mutex::new(BTreeSet::new());
    for path in paths {
        let folder = folder_of(path);
        if path.is_file() {
            folders.lock().unwrap_or_else(PoisonError::into_inner).extend(folder.canonicalize());
            continue;
        }
        let mut builder = WalkBuilder::new(folder);
        builder.follow_links(true).require_git(false).filter_entry(|entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !(is_folder && entry.depth() > 0 && listing::is_foreign(entry))
        });
        builder.threads(rayon::current_num_threads()).build_parallel().run(|| {
            Box::new(|entry| {
                if let Ok(entry) = entry
                    && entry.file_type().is_some_and(|kind| kind.is_dir())
                    && let Ok(folder) = entry.path().canonicalize()
                {
                    folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder);
                }
                WalkState::Continue
            })
        });
    }
    folders.into_inner().unwrap_or_else(PoisonError::into_inner)
}
