//! What is kept between runs, in a folder beside the config: the replies of the web.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::web::{Policy, Questions, Reply};

/// The replies that earlier runs kept in a folder.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// What was found in a cache.
#[derive(Debug, Default)]
pub struct Kept {
    /// The replies that are fresh, and go as deep as the questions.
    pub replies: HashMap<Arc<str>, Reply>,
    /// What is wrong with the cache, where it was dropped.
    pub damage: Option<String>,
}

impl Cache {
    /// The cache in this folder, which need not be there yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// What is known of these questions at this moment, in seconds since 1970.
    #[must_use]
    pub fn load(&self, questions: &Questions, policy: &Policy, now: u64) -> Kept {
        let _ = (&self.folder, questions, policy, now);
        Kept::default()
    }

    /// Keeps replies beside those that are there, and lets go of what is too old.
    ///
    /// # Errors
    /// Why they cannot be kept.
    pub fn keep(&self, replies: &HashMap<Arc<str>, Reply>, policy: &Policy, now: u64) -> Result<(), String> {
        let _ = (&self.folder, replies, policy, now);
        Ok(())
    }
}
