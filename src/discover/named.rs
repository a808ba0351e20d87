//! Finds which of some files a walk would pass over: in a hook, somebody names files without asking the ignore files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::without_dot;

/// Those of these files that [`super::discover`] would pass over in the folder, since they are hidden or listed in a
/// `.gitignore` or `.ignore`. Their paths count from the folder; only the folders on the way to them are looked into.
#[must_use]
pub fn passed_over(folder: &Path, files: &[PathBuf]) -> HashSet<PathBuf> {
    let on_the_way: HashSet<&Path> = files.iter().flat_map(|file| file.ancestors()).collect();
    let seen = |respect_ignores| {
        let on_the_way: HashSet<PathBuf> = on_the_way.iter().map(|path| folder.join(path)).collect();
        let mut builder = WalkBuilder::new(folder);
        builder.follow_links(true).require_git(false).standard_filters(respect_ignores);
        builder.filter_entry(move |entry| entry.depth() == 0 || on_the_way.contains(entry.path()));
        let entries = builder.build().filter_map(Result::ok);
        let below = entries.filter_map(|entry| Some(without_dot(entry.path().strip_prefix(folder).ok()?)));
        below.collect::<HashSet<PathBuf>>()
    };
    // What neither walk comes by, as in a folder that cannot be listed, is not left out for that.
    let (all, left) = (seen(false), seen(true));
    files.iter().filter(|file| all.contains(*file) && !left.contains(*file)).cloned().collect()
}
