//! What a file is called in a baseline: its path from the folder of that file, wherever the run was started.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::cli::plan::shown;

/// Names the files of one baseline.
pub(super) struct Locator<'b> {
    /// The folder that names count from, from the root of the system.
    folder: &'b Path,
    /// The same without symbolic links.
    real: PathBuf,
    /// Folders without symbolic links: many files lie in one.
    parents: HashMap<PathBuf, PathBuf>,
}

impl<'b> Locator<'b> {
    pub(super) fn new(folder: &'b Path) -> Self {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Self { folder, real, parents: HashMap::new() }
    }

    /// The name of a file, given by its path from the root of the system.
    pub(super) fn name(&mut self, file: &Path) -> String {
        if let Ok(below) = file.strip_prefix(self.folder) {
            return text(below);
        }
        let named = climb(self.folder, file);
        let (Some(parent), Some(last)) = (file.parent(), file.file_name()) else { return text(&named) };
        let real = self
            .parents
            .entry(parent.to_owned())
            .or_insert_with(|| parent.canonicalize().unwrap_or_else(|_| parent.to_owned()))
            .join(last);
        // Somebody may have come to one of them through a symbolic link.
        let real = climb(&self.real, &real);
        text(if steps(&real) < steps(&named) { &real } else { &named })
    }
}

/// The way from a folder to a file; where there is none, as between two disks, the path of the file.
fn climb(folder: &Path, file: &Path) -> PathBuf {
    let common = folder.components().zip(file.components()).take_while(|(left, right)| left == right).count();
    if common == 0 {
        return file.to_owned();
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(file.components().skip(common)).collect()
}

/// How many folders a way goes up.
fn steps(way: &Path) -> usize {
    way.components().take_while(|part| *part == Component::ParentDir).count()
}

fn text(path: &Path) -> String {
    shown(path, path, Path::new("")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_from_the_folder_of_the_baseline() {
        for (folder, file, name) in [
            ("/site", "/site/posts/a.md", "posts/a.md"),
            ("/site/.ci", "/site/posts/a.md", "../posts/a.md"),
            ("/site/.ci/lint", "/site/a.md", "../../a.md"),
            ("/site/posts", "/other/a.md", "../../other/a.md"),
            ("/", "/a.md", "a.md"),
        ] {
            assert_eq!(Locator::new(Path::new(folder)).name(Path::new(file)), name, "{folder} {file}");
        }
    }
}
