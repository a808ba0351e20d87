//! All tests that look at the project from the outside, in one binary.

mod cache;
mod cli;
mod config;
mod docs;
mod edits;
mod fields;
mod fixing;
mod hostile;
#[cfg(unix)]
mod interactive;
mod kill;
mod network_config;
mod packs;
mod pages;
mod presets;
mod proof;
mod schema_fixes;
mod sites;
mod suppressions;
mod tidy;
mod whitespace;
mod writing;

use std::path::{Path, PathBuf};

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the project with this ending, sorted.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.expect("an entry of a folder of ours").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
