//! Asks the program `git` which files have changed, and what of them a commit would hold.
//!
//! The program and no library: its users have it, and it knows all that a clone may be set up to do (worktrees, filters of
//! line ends, sparse checkouts, indexes that a hook is handed by the environment). It is started without a shell, asked
//! for bytes that end in NUL, and told nothing that a name or an address could turn into an option.

mod blobs;
mod program;
mod raw;
mod repository;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::mistake::Mistake;

use raw::{Change, Kind};
use repository::Repository;

/// With what the files are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// The working tree with the commit at which this one and `HEAD` parted: the changes of a branch, committed or not.
    Commit(String),
    /// What is staged with `HEAD`: what a commit would change.
    Index,
}

/// What has changed. Paths are those of real files, without links on the way to them.
#[derive(Debug, Default)]
pub struct Changes {
    changed: HashSet<PathBuf>,
    /// Folders of which every file is new: repositories in a repository that knows nothing of them.
    foreign: Vec<PathBuf>,
    /// What a commit would not hold, where that is asked.
    uncommitted: HashSet<PathBuf>,
    /// What a commit would hold of the files that are others in the working tree, or not there.
    texts: HashMap<PathBuf, Vec<u8>>,
    /// The folders that were looked at, and what they are without links.
    real: HashMap<PathBuf, PathBuf>,
}

impl Changes {
    /// Asks git in these folders, which are there; `here` is the working directory. `wants` says of which files the texts
    /// are needed that a commit would hold.
    ///
    /// # Errors
    /// What keeps git from answering: it is not installed, a folder is in no repository or has no working tree, the commit
    /// is not known, or shares no history with `HEAD`.
    pub fn ask(
        folders: &[PathBuf],
        here: &Path,
        against: &Against,
        wants: &dyn Fn(&Path) -> bool,
    ) -> Result<Self, Mistake> {
        let mut changes = Self::default();
        let repositories = Repository::all(folders, here)?;
        for repository in &repositories {
            match against {
                Against::Commit(name) => {
                    let base = repository.base(name)?;
                    changes.compare(repository, &base)?;
                }
                Against::Index => changes.stage(repository, wants)?,
            }
        }
        // One that was asked by itself has said what is new in it.
        let is_asked = |folder: &PathBuf| repositories.iter().any(|repository| repository.root == *folder);
        changes.foreign.retain(|folder| !is_asked(folder));
        Ok(changes)
    }

    /// Whether a file, given by its absolute path, has changed: itself or what it is a link to.
    pub fn has(&mut self, file: &Path) -> bool {
        let has =
            |path: &Path| self.changed.contains(path) || self.foreign.iter().any(|at| path.starts_with(at));
        let path = real(&mut self.real, file);
        has(&path) || path.is_symlink() && path.canonicalize().is_ok_and(|target| has(&target))
    }

    /// Whether a file, given by its absolute path, is unknown to the index, so that a commit would leave it out.
    pub fn is_uncommitted(&mut self, file: &Path) -> bool {
        let path = real(&mut self.real, file);
        // A repository in a repository that knows nothing of it is named as a folder.
        path.ancestors().any(|at| self.uncommitted.contains(at))
    }

    /// What a commit would hold of a file, given by its absolute path, where that is not what the working tree has.
    pub fn text(&mut self, file: &Path) -> Option<&[u8]> {
        if self.texts.is_empty() {
            return None;
        }
        let path = real(&mut self.real, file);
        self.texts.get(&path).map(Vec::as_slice)
    }

    /// The files that a commit would hold and the working tree has not, sorted.
    #[must_use]
    pub fn absent(&self) -> Vec<PathBuf> {
        let mut absent: Vec<_> = self.texts.keys().filter(|path| !path.exists()).cloned().collect();
        absent.sort();
        absent
    }

    /// Takes down what is not as it was in this tree or commit, here and in submodules.
    fn compare(&mut self, repository: &Repository, base: &str) -> Result<(), Mistake> {
        for Change { path, old, .. } in repository.difference(&[base])? {
            let path = repository.root.join(path);
            if path.join(".git").exists() {
                let module = Repository::submodule(&path)?;
                let base = if old.0 == Kind::Submodule {
                    module.demand(&old.1)?;
                    old.1
                } else {
                    module.empty_tree()?
                };
                self.compare(&module, &base)?;
            } else {
                self.changed.insert(path);
            }
        }
        for path in repository.untracked()? {
            // A folder is named with a slash behind it where it is a repository of its own.
            let is_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
            let path: PathBuf = repository.root.join(path).components().collect();
            if is_folder {
                self.foreign.push(path);
            } else {
                self.changed.insert(path);
            }
        }
        Ok(())
    }

    /// Takes down what is staged, and what the index has otherwise than the working tree. What changes in a submodule is
    /// committed there.
    fn stage(&mut self, repository: &Repository, wants: &dyn Fn(&Path) -> bool) -> Result<(), Mistake> {
        let head = match repository.commit("HEAD")? {
            Some(head) => head,
            None => repository.empty_tree()?,
        };
        let mut blobs = Vec::new();
        for Change { path, new, .. } in repository.difference(&["--cached", &head])? {
            let path = repository.root.join(path);
            if new.0 == Kind::File && wants(&path) && !path.exists() {
                blobs.push((path.clone(), new.1));
            }
            self.changed.insert(path);
        }
        for Change { path, old, is_new, .. } in repository.difference(&[])? {
            let path = repository.root.join(path);
            match old {
                // Somebody said that it is to be added, and has not added it.
                _ if is_new => drop(self.uncommitted.insert(path)),
                (Kind::File, blob) if wants(&path) => blobs.push((path, blob)),
                _ => {}
            }
        }
        for path in repository.untracked()? {
            self.uncommitted.insert(repository.root.join(path));
        }
        self.texts.extend(repository.blobs(blobs)?);
        Ok(())
    }
}

/// A path without links on the way to it; the file itself may be one.
fn real(known: &mut HashMap<PathBuf, PathBuf>, file: &Path) -> PathBuf {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return file.to_owned() };
    if let Some(real) = known.get(folder) {
        return real.join(name);
    }
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    known.insert(folder.to_owned(), real.clone());
    real.join(name)
}
