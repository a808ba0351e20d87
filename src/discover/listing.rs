//! Lists all files of a site, articles and others alike: what its links may lead to.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};

/// Folders that hold nothing of the site: what version control, package managers and we ourselves keep.
pub const FOREIGN: [&str; 4] = [".git", ".hg", "node_modules", ".copydesk"];

/// Marks a folder of things that can be made again: <https://bford.info/cachedir/>.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// All files below a folder, as paths from there with `/`; those that are hidden or ignored too, since a link may lead to
/// them. Names that are no text, and what cannot be looked at, are left out.
#[must_use]
pub fn listing(folder: &Path) -> BTreeSet<Box<str>> {
    let mut builder = WalkBuilder::new(folder);
    builder.follow_links(true).standard_filters(false).filter_entry(|entry| !is_foreign(entry));
    let files = Mutex::new(BTreeSet::new());
    builder.threads(rayon::current_num_threads()).build_parallel().run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry
                && entry.file_type().is_some_and(|kind| !kind.is_dir())
                && let Ok(path) = entry.path().strip_prefix(folder)
                && let Some(path) = path.to_str()
            {
                let path =
                    if std::path::MAIN_SEPARATOR == '\\' { path.replace('\\', "/") } else { path.into() };
                files.lock().expect("no thread panics while it holds the lock").insert(path.into_boxed_str());
            }
            WalkState::Continue
        })
    });
    files.into_inner().expect("no thread panicked while it held the lock")
}

pub(super) fn is_foreign(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let is_named = entry.file_name().to_str().is_some_and(|name| FOREIGN.contains(&name));
    is_folder && entry.depth() > 0 && (is_named || entry.path().join(CACHE_TAG).exists())
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
        let listed = listing(folder.path());
        assert_eq!(listed.iter().map(AsRef::as_ref).collect::<Vec<_>>(), [".hidden/b", "a.md", "img/a.png"]);
    }
}
