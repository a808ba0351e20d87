//! Puts a new text in the place of a file, in one step and only if the file is what was read.
//!
//! The new text goes into a temporary file of the same folder, comes to rest on the disk, and is then renamed. Whenever a
//! run ends, be it by a signal or with the power, the file has its old text or its new one. The folder is not brought to
//! the disk as well: after a power cut a file may have its old text again, and the next run fixes it again. What a killed
//! run leaves behind is cleared away by [`sweep`].
//!
//! A file is never written in place, which would keep all that belongs to it and might leave half of a text. Where no
//! file can be put into its place, it is left as it is.

mod keep;
mod sweep;

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub use sweep::{Swept, sweep};

/// Replaces the bytes of a file. Whoever reads it meanwhile sees the old text or the new one and never a part. Owner,
/// group, mode and extended attributes are kept, and symbolic links still lead to the file. Another hard link to it keeps
/// the old text: such links are often made so that a copy stays what it was.
///
/// # Errors
/// Why it was not done, for a person: the file has changed since it was read, may not be written, or the system's word.
/// It is then as it was.
pub fn replace(path: &Path, expected: &[u8], new: &[u8]) -> Result<(), String> {
    let outcome = match put(path, expected, new) {
        // Each other run sweeps once, when it begins: a second time is not to be feared.
        Err(Refusal::Swept) => put(path, expected, new),
        outcome => outcome,
    };
    outcome.map_err(|refusal| match refusal {
        Refusal::Swept => "another run took the temporary file away".to_owned(),
        Refusal::Because(why) => why,
    })
}

/// Writes a file that is not there yet, with the rights that new files have.
///
/// # Errors
/// Why it was not written, for a person: that it is there, or the system's word. What there is of it is taken away.
pub fn create(path: &Path, new: &[u8]) -> Result<(), String> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => "it is there already".to_owned(),
        _ => error.to_string(),
    })?;
    file.write_all(new).and_then(|()| file.sync_all()).map_err(|error| {
        drop(file);
        // Nothing more can be done where that fails, too.
        let _ = fs::remove_file(path);
        format!("it cannot be written: {error}")
    })
}

/// Why a file was not replaced.
enum Refusal {
    /// Another run took the temporary file for one that nobody needs, as `sweep` tells.
    Swept,
    Because(String),
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self::Because(why)
    }
}

fn put(path: &Path, expected: &[u8], new: &[u8]) -> Result<(), Refusal> {
    let target = Target::find(path, expected)?;
    let folder = target.path.parent().ok_or_else(|| "it is in no folder".to_owned())?;
    let file = temporary(folder)?;
    file.as_file().write_all(new).map_err(|error| format!("the new text cannot be written: {error}"))?;
    keep::keep(&target.file, &target.metadata, file.as_file())?;
    file.as_file()
        .sync_all()
        .map_err(|error| format!("the new text cannot be brought to the disk: {error}"))?;
    // As late as can be: what somebody writes between here and the rename is lost.
    let again = Target::find(path, expected)?;
    if again.path != target.path || again.metadata.permissions() != target.metadata.permissions() {
        return Err(CHANGED.to_owned().into());
    }
    // Windows renames over no file that is open.
    drop((target.file, again.file));
    match file.persist(&target.path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::NotFound => Err(Refusal::Swept),
        Err(error) => Err(error.error.to_string().into()),
    }
}

const CHANGED: &str = "it has changed since it was read";

/// The file that a path leads to, which is what was read and may be written.
struct Target {
    /// Without links.
    path: PathBuf,
    file: File,
    metadata: Metadata,
}

impl Target {
    fn find(path: &Path, expected: &[u8]) -> Result<Self, String> {
        let gone = |error: io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => "it is gone since it was read".to_owned(),
            _ => error.to_string(),
        };
        let path = fs::canonicalize(path).map_err(gone)?;
        let metadata = fs::metadata(&path).map_err(gone)?;
        if !metadata.is_file() {
            return Err("it is no file any more".to_owned());
        }
        // The folder would let us, but whoever took the right to write from the file meant it. The mode is asked besides
        // the system, which lets an administrator write to all files.
        if metadata.permissions().readonly() {
            return Err("it is read-only".to_owned());
        }
        let file = OpenOptions::new().read(true).write(true).open(&path);
        let file = file.map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => "it may not be written".to_owned(),
            _ => gone(error),
        })?;
        let mut bytes = Vec::with_capacity(expected.len() + 1);
        let most = expected.len() as u64 + 1;
        (&file).take(most).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes != expected {
            return Err(CHANGED.to_owned());
        }
        Ok(Self { path, file, metadata })
    }
}

/// A temporary file of ours, locked as long as it is open. It is removed unless it is renamed.
fn temporary(folder: &Path) -> Result<NamedTempFile, Refusal> {
    let mut file = tempfile::Builder::new();
    file.prefix(sweep::PREFIX).suffix(sweep::SUFFIX).rand_bytes(sweep::LETTERS);
    // The kind of the error alone: behind it stands a random name that says nothing to anybody.
    let file = file.tempfile_in(folder).map_err(|error| {
        format!("no file can be made in its folder \"{}\": {}", folder.display(), error.kind())
    })?;
    match file.as_file().try_lock() {
        Err(TryLockError::WouldBlock) => Err(Refusal::Swept),
        // Where the file system has no locks, nobody takes it for abandoned.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Writes a file of a report, whole or not at all; what was there under its name is gone then.
///
/// # Errors
/// The system's word.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), String> {
    save_with(path, |file| file.write_all(bytes))
}

/// As [`save`], with a content that is made on the way.
///
/// # Errors
/// The system's word, or that of whoever makes the content.
pub fn save_with(
    path: &Path,
    content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<(), String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new();
    file.prefix(sweep::PREFIX).suffix(sweep::SUFFIX).rand_bytes(sweep::LETTERS);
    // Read by whoever may read other new files: those that hold temporary things are their owner's alone.
    #[cfg(unix)]
    file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let failed = |error: std::io::Error| error.kind().to_string();
    let mut file = file.tempfile_in(folder).map_err(failed)?;
    content(&mut file).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replaces, and looks that nothing is left beside the files that were there.
    fn replaced(path: &Path, expected: &str, new: &str) -> Result<(), String> {
        let entries = || fs::read_dir(path.parent().unwrap()).map_or(0, Iterator::count);
        let before = entries();
        let outcome = replace(path, expected.as_bytes(), new.as_bytes());
        assert_eq!(entries(), before, "nothing is left beside it: {outcome:?}");
        outcome
    }

    #[test]
    fn a_file_is_replaced_if_it_is_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "old").unwrap();
        for expected in ["older", "ol", "OLD", ""] {
            assert_eq!(replaced(&path, expected, "new"), Err(CHANGED.to_owned()));
        }
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(replaced(&path, "old", "new"), Ok(()));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(replaced(&path, "new", ""), Ok(()));
        assert_eq!(replaced(&path, "", "new"), Ok(()));
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_file_is_made_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        assert_eq!(create(&path, b"new"), Ok(()));
        assert_eq!(create(&path, b"newer"), Err("it is there already".to_owned()));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(create(&folder.path().join("nowhere/a.yaml"), b"new").is_err());
    }

    #[test]
    fn a_file_that_is_gone_or_none_any_more_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let gone = Err("it is gone since it was read".to_owned());
        assert_eq!(replaced(&folder.path().join("a.md"), "old", "new"), gone);
        assert_eq!(replaced(&folder.path().join("nowhere/a.md"), "old", "new"), gone);
        fs::create_dir(folder.path().join("b.md")).unwrap();
        assert_eq!(
            replaced(&folder.path().join("b.md"), "", "new"),
            Err("it is no file any more".to_owned())
        );
    }

    #[test]
    fn what_is_being_written_is_not_swept() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(file) = temporary(folder.path()) else { panic!("there is a folder") };
        let article = folder.path().join("a.md");
        assert_eq!(sweep([article.as_path()]), Swept::default());
        let (file, path) = file.keep().unwrap();
        drop(file);
        assert_eq!(sweep([article.as_path()]).removed, [path]);
    }

    #[test]
    fn runs_that_sweep_do_not_keep_others_from_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "0").unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for turn in 0..60 {
                    let (old, new) = (turn.to_string(), (turn + 1).to_string());
                    // A sweeper that never rests may take the second one, too. It is said then, and nothing is written.
                    while let Err(why) = replace(&path, old.as_bytes(), new.as_bytes()) {
                        assert_eq!(why, "another run took the temporary file away");
                        assert_eq!(fs::read_to_string(&path).unwrap(), old);
                    }
                    assert_eq!(fs::read_to_string(&path).unwrap(), new);
                }
            });
            while !writer.is_finished() {
                let swept = sweep([path.as_path()]);
                assert_eq!((swept.left, swept.unread), (vec![], vec![]));
            }
        });
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    mod unix {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

        use super::*;

        fn set_mode(path: &Path, mode: u32) {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().mode() & 0o7777
        }

        #[test]
        fn mode_is_kept_and_read_only_means_it() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.md");
            fs::write(&path, "old").unwrap();
            for kept in [0o600, 0o640, 0o666, 0o755, 0o4755, 0o2755, 0o1644, 0o6777] {
                set_mode(&path, kept);
                assert_eq!(replaced(&path, "old", "old"), Ok(()));
                assert_eq!(mode(&path), kept, "{kept:o}");
            }
            set_mode(&path, 0o444);
            assert_eq!(replaced(&path, "old", "new"), Err("it is read-only".to_owned()));
            assert_eq!(fs::read(&path).unwrap(), b"old");
        }

        #[test]
        fn links_still_lead_to_the_file() {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            fs::create_dir_all(at("site/pages")).unwrap();
            fs::create_dir(at("shared")).unwrap();
            fs::write(at("shared/a.md"), "old").unwrap();
            symlink("../../shared/a.md", at("site/pages/b.md")).unwrap();
            symlink("pages/b.md", at("site/c.md")).unwrap();
            symlink(at("site"), at("folder")).unwrap();
            assert_eq!(replaced(&at("folder/c.md"), "old", "new"), Ok(()));
            assert_eq!(fs::read(at("shared/a.md")).unwrap(), b"new");
            assert!(at("site/c.md").is_symlink() && at("site/pages/b.md").is_symlink());
            assert!(!at("shared/a.md").is_symlink());
            assert_eq!(fs::read_dir(at("shared")).unwrap().count(), 1);
            // A link in the place of what was read.
            fs::remove_file(at("shared/a.md")).unwrap();
            fs::write(at("other.md"), "other").unwrap();
            symlink("../other.md", at("shared/a.md")).unwrap();
            assert_eq!(replaced(&at("shared/a.md"), "new", "newer"), Err(CHANGED.to_owned()));
            assert_eq!(fs::read(at("other.md")).unwrap(), b"other");
            fs::remove_file(at("other.md")).unwrap();
            assert!(replaced(&at("shared/a.md"), "new", "newer").unwrap_err().starts_with("it is gone"));
            symlink("loop.md", at("loop.md")).unwrap();
            assert!(replaced(&at("loop.md"), "new", "newer").is_err());
        }

        #[test]
        fn other_hard_links_keep_the_old_text() {
            let folder = tempfile::tempdir().unwrap();
            let (path, backup) = (folder.path().join("a.md"), folder.path().join("a.bak"));
            fs::write(&path, "old").unwrap();
            fs::hard_link(&path, &backup).unwrap();
            assert_eq!(replaced(&path, "old", "new"), Ok(()));
            assert_eq!(
                (fs::read(&path).unwrap(), fs::read(&backup).unwrap()),
                (b"new".into(), b"old".into())
            );
        }

        #[test]
        fn any_name_will_do() {
            let folder = tempfile::tempdir().unwrap();
            for name in [&b"\xff\xfe.md"[..], b"a\nb.md", b"-.md", b" .md", &[b'a'; 255]] {
                let path = folder.path().join(OsStr::from_bytes(name));
                // Not every file system takes every name.
                if fs::write(&path, "old").is_ok() {
                    assert_eq!(replaced(&path, "old", "new"), Ok(()));
                    assert_eq!(fs::read(&path).unwrap(), b"new");
                }
            }
        }

        /// Only an administrator may give a file to somebody else, so others see half of this.
        #[test]
        fn owner_and_group_are_kept() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.md");
            fs::write(&path, "old").unwrap();
            let is_given = chown(&path, Some(12_345), Some(23_456)).is_ok();
            set_mode(&path, 0o6664);
            let before = fs::metadata(&path).unwrap();
            assert!(!is_given || before.uid() == 12_345);
            assert_eq!(replaced(&path, "old", "new"), Ok(()));
            let after = fs::metadata(&path).unwrap();
            let facts = |metadata: &Metadata| (metadata.uid(), metadata.gid(), metadata.mode());
            assert_eq!(facts(&after), facts(&before));
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn attributes_and_access_lists_are_kept() {
            const LIST: &str = "system.posix_acl_access";
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.md");
            fs::write(&path, "old").unwrap();
            set_mode(&path, 0o640);
            // The file system of the test may know neither.
            if xattr::set(&path, "user.colour", b"red").is_ok() {
                assert_eq!(replaced(&path, "old", "new"), Ok(()));
                assert_eq!(xattr::get(&path, "user.colour").unwrap().as_deref(), Some(&b"red"[..]));
            }
            fs::write(&path, "new").unwrap();
            // The owner may read and write, user 12,345 as well, the group read, the mask lets all of that, others nothing.
            let nobody = u32::MAX;
            let entries = [(1, 6, nobody), (2, 6, 12_345), (4, 4, nobody), (16, 6, nobody), (32, 0, nobody)];
            let list: Vec<u8> = [2_u32.to_le_bytes()]
                .concat()
                .into_iter()
                .chain(entries.iter().flat_map(|(tag, access, id): &(u16, u16, u32)| {
                    [&tag.to_le_bytes()[..], &access.to_le_bytes(), &id.to_le_bytes()].concat()
                }))
                .collect();
            if xattr::set(&path, LIST, &list).is_ok() {
                let kept = mode(&path);
                assert_eq!(replaced(&path, "new", "newer"), Ok(()));
                assert_eq!(xattr::get(&path, LIST).unwrap(), Some(list.clone()));
                assert_eq!(mode(&path), kept);
            }
            // The folder gives the list to new files, which the old one never had.
            if xattr::set(folder.path(), "system.posix_acl_default", &list).is_ok() {
                xattr::remove(&path, LIST).unwrap();
                set_mode(&path, 0o640);
                assert_eq!(replaced(&path, "newer", "newest"), Ok(()));
                assert_eq!((xattr::get(&path, LIST).unwrap(), mode(&path)), (None, 0o640));
            }
        }
    }
}
