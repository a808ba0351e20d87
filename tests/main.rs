//! All tests that look at the project from the outside, in one binary.

#[cfg(unix)]
mod action;
mod baseline;
mod cache;
mod changed;
mod cli;
mod config;
mod corpus;
mod docs;
mod edits;
mod fields;
mod fixing;
mod formats;
mod hooks;
mod hostile;
mod html;
#[cfg(unix)]
mod interactive;
mod kill;
mod links;
mod network_config;
mod online;
mod outputs;
mod packs;
mod pages;
mod presets;
mod proof;
mod results;
mod schema_fixes;
mod shards;
mod site_config;
mod sites;
mod suppressions;
mod taxonomy;
mod tidy;
mod unique;
mod watch;
mod web;
mod whitespace;
mod whole;
mod writing;

use std::path::{Path, PathBuf};

use proptest::test_runner::Config as ProptestConfig;

/// As many made-up cases as `PROPTEST_CASES` asks for, or as few as a run of the whole suite has time for.
fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(few)) }
}

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
