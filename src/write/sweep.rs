//! The temporary files that a run leaves beside articles when it is ended in the middle, and how the next one clears
//! them away.
//!
//! A temporary file is locked from just behind its creation until it is renamed, and the system lets go of the lock with
//! the run, however that ends. So one that can be locked belongs to nobody. What can happen between two runs:
//!
//! - One sweeps what the other has made and not yet locked. The other finds that it cannot lock it, or later that it
//!   cannot rename it, and begins anew: an article is not touched before the rename.
//! - One opens a temporary file just before the other renames it, and locks what is an article by now. It then removes
//!   a name that is gone. Names are random and never used twice, so it is no other file's.
//! - The file system has no locks, or the file is another user's: nobody knows whose it is, so it is left and named.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// How the name of a temporary file begins. The dot keeps it from being served, and the walk from looking at it.
pub(super) const PREFIX: &str = ".copydesk-";
/// How it ends.
pub(super) const SUFFIX: &str = ".tmp";
/// How many random letters and digits stand between.
pub(super) const LETTERS: usize = 12;

/// What was done about temporary files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Those that nobody needed, which are gone.
    pub removed: Vec<PathBuf>,
    /// Those of which it cannot be known whether a run needs them, and why.
    pub left: Vec<(PathBuf, String)>,
    /// The folders that could not be looked through, and why.
    pub unread: Vec<(PathBuf, String)>,
}

/// Removes the temporary files of runs that have ended, beside each of these files and beside what they lead to. Those
/// of runs that go on are left. Reads each folder once.
#[must_use]
pub fn sweep<'p>(files: impl IntoIterator<Item = &'p Path>) -> Swept {
    let mut by_folder: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for file in files {
        by_folder.entry(file.parent().unwrap_or(Path::new(""))).or_default().push(file);
    }
    let mut swept = Swept::default();
    let mut elsewhere: BTreeSet<PathBuf> = BTreeSet::new();
    for (folder, files) in &by_folder {
        let links = swept.sweep(folder);
        let files = files.iter().filter(|_| !links.is_empty());
        let leading_on = files.filter(|file| file.file_name().is_some_and(|name| links.contains(name)));
        let targets = leading_on.filter_map(|file| fs::canonicalize(file).ok());
        elsewhere.extend(targets.filter_map(|target| target.parent().map(Path::to_owned)));
    }
    if !elsewhere.is_empty() {
        let known: BTreeSet<PathBuf> =
            by_folder.keys().filter_map(|folder| fs::canonicalize(here(folder)).ok()).collect();
        for folder in elsewhere.difference(&known) {
            swept.sweep(folder);
        }
    }
    swept
}

impl Swept {
    /// Looks through a folder, and returns the names of the links in it.
    fn sweep(&mut self, folder: &Path) -> HashSet<OsString> {
        let entries = match fs::read_dir(here(folder)) {
            Ok(entries) => entries,
            Err(error) => {
                self.unread.push((here(folder).to_owned(), error.to_string()));
                return HashSet::new();
            }
        };
        // The kind is known from the folder itself: no question to the system for each file.
        self.go_through(
            folder,
            entries.map(|entry| entry.map(|entry| (entry.file_name(), entry.file_type()))),
        )
    }

    /// Looks at what is in a folder, and returns the names of what may be a link.
    fn go_through(
        &mut self,
        folder: &Path,
        entries: impl Iterator<Item = io::Result<Entry>>,
    ) -> HashSet<OsString> {
        let mut links = HashSet::new();
        for entry in entries {
            let (name, kind) = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unread.push((here(folder).to_owned(), error.to_string()));
                    // Some systems would say the same for ever.
                    break;
                }
            };
            let done = match kind {
                Ok(kind) if kind.is_file() && is_ours(&name) => remove_if_abandoned(&folder.join(&name)),
                Ok(kind) if !kind.is_symlink() => continue,
                Err(error) if is_ours(&name) && error.kind() != ErrorKind::NotFound => Err(error),
                // Where it leads is asked of the articles of the run only, and costs nothing if it is none.
                Ok(_) | Err(_) => {
                    links.insert(name);
                    continue;
                }
            };
            match done {
                Ok(true) => self.removed.push(folder.join(name)),
                Ok(false) => {}
                Err(error) => self.left.push((folder.join(name), error.to_string())),
            }
        }
        links
    }
}

/// What stands in a folder: a name, and of what kind it is, if that can be known.
type Entry = (OsString, io::Result<fs::FileType>);

/// A folder by a name that the system knows: that of the working directory is empty in a path like `a.md`.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Whether a name is one that we give to temporary files.
fn is_ours(name: &OsStr) -> bool {
    let letters =
        name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|name| name.strip_suffix(SUFFIX));
    letters.is_some_and(|letters| {
        letters.len() == LETTERS && letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

/// Removes a temporary file unless a run holds it. What is gone meanwhile was not abandoned.
fn remove_if_abandoned(path: &Path) -> io::Result<bool> {
    let done = OpenOptions::new().read(true).write(true).open(path).and_then(|file| match file.try_lock() {
        // The lock is held until it is gone, so that a run that has just made it does not take it for its own.
        Ok(()) => fs::remove_file(path).map(|()| true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    });
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_exact_pattern_are_ours() {
        assert!(is_ours(OsStr::new(".copydesk-0aZ9bY8cX7dW.tmp")));
        for name in [
            ".copydesk-0aZ9bY8cX7d.tmp",
            ".copydesk-0aZ9bY8cX7dWe.tmp",
            ".copydesk-0aZ9bY8-X7dW.tmp",
            ".copydesk-0aZ9bY8cX7dW",
            ".copydesk-0aZ9bY8cX7dW.tmp.md",
            "copydesk-0aZ9bY8cX7dW.tmp",
            ".copydesk-config",
            ".copydesk-.tmp",
        ] {
            assert!(!is_ours(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn what_is_abandoned_is_removed_and_what_is_held_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let abandoned = at(".copydesk-aaaaaaaaaaaa.tmp");
        let held = at(".copydesk-bbbbbbbbbbbb.tmp");
        let foreign = at(".copydesk-config.tmp");
        for path in [&abandoned, &held, &foreign, &at("a.md")] {
            fs::write(path, "text").unwrap();
        }
        fs::create_dir(at(".copydesk-cccccccccccc.tmp")).unwrap();
        let lock = fs::File::open(&held).unwrap();
        lock.try_lock().unwrap();
        let files = [at("a.md"), at("b.md")];
        let swept = sweep(files.iter().map(PathBuf::as_path));
        assert_eq!(swept, Swept { removed: vec![abandoned.clone()], ..Swept::default() });
        assert!(!abandoned.exists() && held.exists() && foreign.exists());
        drop(lock);
        assert_eq!(sweep([files[0].as_path()]).removed, [held]);
        assert_eq!(sweep([files[0].as_path()]), Swept::default());
        let nowhere = at("nowhere/a.md");
        assert_eq!(sweep([nowhere.as_path()]).unread[0].0, at("nowhere"));
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_and_no_other_is_missed_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let ours = |letter: &str| OsString::from(format!(".copydesk-{}.tmp", letter.repeat(12)));
        let abandoned = folder.path().join(ours("a"));
        fs::write(&abandoned, "text").unwrap();
        let kind = fs::metadata(&abandoned).unwrap().file_type();
        let denied = || io::Error::from(ErrorKind::PermissionDenied);
        let entries = [
            Ok((ours("b"), Err(denied()))),
            Ok((ours("c"), Err(ErrorKind::NotFound.into()))),
            Ok((OsString::from("a.md"), Err(denied()))),
            Ok((ours("a"), Ok(kind))),
            Err(denied()),
        ];
        let mut swept = Swept::default();
        let links = swept.go_through(folder.path(), entries.into_iter());
        let why = denied().to_string();
        let left = vec![(folder.path().join(ours("b")), why.clone())];
        let unread = vec![(folder.path().to_owned(), why)];
        assert_eq!(swept, Swept { removed: vec![abandoned], left, unread });
        assert!(links.contains(OsStr::new("a.md")), "it may be a link");
    }

    #[cfg(unix)]
    #[test]
    fn the_folders_that_links_lead_to_are_swept_and_links_are_left() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["site", "shared", "other"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("a.md"), "text").unwrap();
            fs::write(at(name).join(".copydesk-aaaaaaaaaaaa.tmp"), "text").unwrap();
        }
        symlink("../shared/a.md", at("site/link.md")).unwrap();
        symlink("../other/a.md", at("site/unplanned.md")).unwrap();
        symlink("a.md", at("site/.copydesk-bbbbbbbbbbbb.tmp")).unwrap();
        let swept = sweep([at("site/link.md").as_path()]);
        let shared = fs::canonicalize(at("shared")).unwrap();
        let name = ".copydesk-aaaaaaaaaaaa.tmp";
        let removed = vec![at("site").join(name), shared.join(name)];
        assert_eq!(swept, Swept { removed, ..Swept::default() });
        assert!(at("other").join(name).exists() && at("site/.copydesk-bbbbbbbbbbbb.tmp").is_symlink());
    }
}
