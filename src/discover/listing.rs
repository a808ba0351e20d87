//! Lists all files of a site, articles and others alike: what its links may lead to.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use ignore::{DirEntry, Error, WalkBuilder, WalkState};

use crate::corpus::FOREIGN;

/// Marks a folder of things that can be made again: <https://bford.info/cachedir/>.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// The files of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Paths with `/`.
    pub files: BTreeSet<Box<str>>,
    /// The folders that were not looked into: they hold what other programs keep, or cannot be opened.
    pub unlisted: BTreeSet<Box<str>>,
}

/// How far a listing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All folders below.
    Below,
    /// The folder alone.
    Alone,
}

/// All files in a folder, as `name` calls them; those that are hidden or ignored too, since a link may lead to them.
/// Names that are no text are left out.
///
/// # Panics
/// Never, but where `name` does.
#[must_use]
pub fn listing(folder: &Path, reach: Reach, name: impl Fn(&Path) -> Option<Box<str>> + Sync) -> Listing {
    let is_end = |entry: &DirEntry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        is_folder && entry.depth() > 0 && (reach == Reach::Alone || is_foreign(entry))
    };
    let found = Mutex::new(Listing::default());
    let lock = || found.lock().expect("no thread panics while it holds the lock");
    WalkBuilder::new(folder)
        .follow_links(true)
        .standard_filters(false)
        .threads(rayon::current_num_threads())
        .build_parallel()
        .run(|| {
            Box::new(|entry| match entry {
                Ok(entry) if is_end(&entry) => {
                    lock().unlisted.extend(name(entry.path()));
                    WalkState::Skip
                }
                Ok(entry) => {
                    if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
                        lock().files.extend(name(entry.path()));
                    }
                    WalkState::Continue
                }
                Err(error) => {
                    lock().unlisted.extend(place(&error).and_then(&name));
                    WalkState::Continue
                }
            })
        });
    found.into_inner().expect("no thread panicked while it held the lock")
}

/// What could not be looked at.
fn place(error: &Error) -> Option<&Path> {
    match error {
        Error::WithPath { path, .. } => Some(path),
        Error::Loop { child, .. } => Some(child),
        Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => place(err),
        Error::Partial(errors) => errors.iter().find_map(place),
        _ => None,
    }
}

/// Whether a folder holds what is not the site's.
pub(super) fn is_foreign(folder: &DirEntry) -> bool {
    let is_named = folder.file_name().to_str().is_some_and(|name| FOREIGN.contains(&name));
    is_named || folder.path().join(CACHE_TAG).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_listed_but_those_of_other_programs() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "a.md",
            "img/a.png",
            ".hidden/b",
            "node_modules/x/a.js",
            ".git/HEAD",
            "out/CACHEDIR.TAG",
            "out/a",
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let name = |path: &Path| {
            let path = path.strip_prefix(folder.path()).unwrap();
            Some(path.to_str().unwrap().replace('\\', "/").into_boxed_str())
        };
        let Listing { files, unlisted } = listing(folder.path(), Reach::Below, name);
        assert_eq!(files.iter().map(AsRef::as_ref).collect::<Vec<_>>(), [".hidden/b", "a.md", "img/a.png"]);
        assert_eq!(unlisted.iter().map(AsRef::as_ref).collect::<Vec<_>>(), [".git", "node_modules", "out"]);
        let Listing { files, unlisted } = listing(folder.path(), Reach::Alone, name);
        assert_eq!(files.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["a.md"]);
        assert_eq!(unlisted.len(), 5);
    }
}
