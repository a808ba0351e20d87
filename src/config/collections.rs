//! Groups of articles: which files belong to them, and what they set.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use globset::{Candidate, Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::choices::Statement;
use super::origin::{Origin, Speaker};
use super::raw::Text;
use crate::article::Role;
use crate::mistake::Mistake;
use crate::schema::Schema;

/// A group of articles, with what it says of them.
pub(super) struct Collection {
    pub(super) name: Arc<str>,
    pub(super) schema: Option<Named>,
    pub(super) roles: Vec<(Role, String, Origin)>,
    pub(super) statements: Vec<Statement>,
    /// Whether it had a file in this run.
    is_used: AtomicBool,
    /// What to say if it had none.
    idle: Mistake,
}

/// A compiled schema with the name that the config gives it.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) schema: Option<Arc<Schema>>,
    pub(super) name: String,
    pub(super) origin: Origin,
}

impl Collection {
    pub(super) fn new(name: &str, speaker: &Speaker, files: &[Text]) -> Self {
        let span = files.first().map(|glob| glob.span).unwrap_or_default();
        let help =
            "a glob counts from the folder of the config; `posts/**` means all files in `posts` and below";
        let idle = speaker.mistake(span, format!("the collection \"{name}\" has no files"));
        Self {
            name: name.into(),
            schema: None,
            roles: Vec::new(),
            statements: Vec::new(),
            is_used: AtomicBool::new(false),
            idle: idle.with_help(Some(help)),
        }
    }
}

/// All collections of a config, in order.
pub(super) struct Collections {
    all: Vec<Collection>,
    files: Owned,
    excluded: Owned,
}

impl Collections {
    /// Puts collections together with the globs of their files, and of those that they leave out.
    pub(super) fn new(
        all: Vec<Collection>,
        files: Globs,
        excluded: Globs,
        mistakes: &mut Vec<Mistake>,
    ) -> Self {
        Self { all, files: files.build(mistakes), excluded: excluded.build(mistakes) }
    }

    pub(super) fn all(&self) -> &[Collection] {
        &self.all
    }

    /// The collections that a file belongs to, as indices in their order. Only `verdict`s count as use.
    pub(super) fn matching(&self, path: &Path) -> Vec<u32> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let candidate = Candidate::new(path);
        let mut matching = self.files.owners(&candidate);
        if !matching.is_empty() {
            let excluded = self.excluded.owners(&candidate);
            matching.retain(|one| !excluded.contains(one));
        }
        matching
    }

    /// Notes that these collections have a file.
    pub(super) fn use_up(&self, matching: &[u32]) {
        for one in matching {
            self.all[*one as usize].is_used.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn idle(&self) -> impl Iterator<Item = &Mistake> {
        let idle = self.all.iter().filter(|collection| !collection.is_used.load(Ordering::Relaxed));
        idle.map(|collection| &collection.idle)
    }
}

/// Globs on the way into one set, each with the index of its owner.
#[derive(Default)]
pub(super) struct Globs {
    patterns: Vec<Glob>,
    owners: Vec<u32>,
    first: Option<Origin>,
}

impl Globs {
    /// Adds the globs of one owner.
    pub(super) fn add(
        &mut self,
        owner: usize,
        globs: &[Text],
        speaker: &Speaker,
        mistakes: &mut Vec<Mistake>,
    ) {
        for Text { text, span } in globs {
            match GlobBuilder::new(text.strip_prefix("./").unwrap_or(text)).literal_separator(true).build() {
                Ok(glob) => {
                    self.patterns.push(glob);
                    self.owners.push(owner as u32);
                    self.first.get_or_insert_with(|| speaker.origin(*span));
                }
                Err(error) => {
                    mistakes.push(speaker.mistake(*span, format!("\"{text}\" is no glob: {}", error.kind())));
                }
            }
        }
    }

    fn build(self, mistakes: &mut Vec<Mistake>) -> Owned {
        let mut set = GlobSetBuilder::new();
        for glob in self.patterns {
            set.add(glob);
        }
        let set = set.build().unwrap_or_else(|error| {
            let message = format!("these globs are too large: {error}");
            mistakes.push(self.first.unwrap_or_default().mistake(message));
            GlobSet::empty()
        });
        Owned { set, owners: self.owners }
    }

    /// The globs as a set in which the owners make no difference.
    pub(super) fn set(self, mistakes: &mut Vec<Mistake>) -> GlobSet {
        self.build(mistakes).set
    }
}

/// A set of globs, each with its owner; owners stand in their order.
struct Owned {
    set: GlobSet,
    owners: Vec<u32>,
}

impl Owned {
    fn owners(&self, candidate: &Candidate<'_>) -> Vec<u32> {
        let mut owners: Vec<u32> =
            self.set.matches_candidate(candidate).into_iter().map(|glob| self.owners[glob]).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}
