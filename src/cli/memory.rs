//! What earlier runs found: opened for the articles of a run, and kept for the next.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::cache::{now, seen_from};
use super::plan::Plan;
use crate::cache::Results;
use crate::engine::{Memory, Store};
use crate::mistake::Mistake;

/// The results of a run, until they are kept.
#[derive(Default)]
pub(super) struct Kept(Vec<Arc<Results>>);

/// Gives each article of a plan what is remembered of the articles of its site. Where no config is, there is no place to
/// keep it.
pub(super) fn open(plan: &mut Plan<'_>) -> Kept {
    let mut opened: HashMap<PathBuf, (Arc<Results>, Arc<Memory>)> = HashMap::new();
    let here = plan.here().to_owned();
    let program = program();
    plan.remember(|config| {
        let folder = seen_from(&here, &config.cache_folder()?);
        let (_, memory) = opened.entry(folder).or_insert_with_key(|folder| {
            let results = Arc::new(Results::new(folder, now()));
            let store: Arc<dyn Store> = Arc::<Results>::clone(&results);
            (results, Arc::new(Memory::new(store, program.as_str())))
        });
        Some(Arc::clone(memory))
    });
    Kept(opened.into_values().map(|(results, _)| results).collect())
}

impl Kept {
    /// Keeps what was found, and says what went wrong with that.
    pub(super) fn finish(self) -> Vec<Mistake> {
        let mut notes: Vec<String> = self.0.iter().flat_map(|results| results.finish()).collect();
        notes.sort();
        notes.into_iter().map(Mistake::new).collect()
    }
}

/// What tells this program from others: its version and size, and in builds for its developers the moment of its making, so
/// that none of them is told what the program found before they changed it.
fn program() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let file = std::env::current_exe().and_then(|path: PathBuf| Path::metadata(&path)).ok();
    let size = file.as_ref().map(std::fs::Metadata::len);
    let made = file.filter(|_| cfg!(debug_assertions)).and_then(|file| file.modified().ok());
    let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    format!("{version} {size:?} {made:?}")
}
