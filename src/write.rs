//! Puts a new text in the place of a file, in one step and only if the file is what was read.

mod sweep;

use std::fs;
use std::io::Write as _;
use std::path::Path;

pub use sweep::{Swept, sweep};

/// Replaces the bytes of a file. Whoever reads it meanwhile sees the old text or the new one and never a part. The mode
/// is kept, and a symbolic link still leads to the file.
///
/// # Errors
/// Why it was not done, for a person: the file has changed since it was read, may not be written, or the system's word.
/// It is then as it was.
pub fn replace(path: &Path, expected: &[u8], new: &[u8]) -> Result<(), String> {
    let target = fs::canonicalize(path).map_err(|error| error.to_string())?;
    let metadata = fs::metadata(&target).map_err(|error| error.to_string())?;
    // The folder would let us, but whoever took the right to write from the file meant it.
    if metadata.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    let folder = target.parent().ok_or("it is in no folder")?;
    let mut file = tempfile::Builder::new()
        .prefix(sweep::PREFIX)
        .suffix(sweep::SUFFIX)
        .rand_bytes(sweep::LETTERS)
        .tempfile_in(folder)
        .map_err(|error| format!("no file can be made beside it: {error}"))?;
    // Where the file system has no locks, nobody will take it for abandoned.
    let _ = file.as_file().try_lock();
    file.write_all(new).and_then(|()| file.as_file().sync_all()).map_err(|error| error.to_string())?;
    fs::set_permissions(file.path(), metadata.permissions()).map_err(|error| error.to_string())?;
    // As late as can be: what somebody writes between here and the next line is lost.
    if fs::read(&target).map_err(|error| error.to_string())? != expected {
        return Err("it has changed since it was read".to_owned());
    }
    file.persist(&target).map_err(|error| error.error.to_string())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_if_it_is_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "old").unwrap();
        assert_eq!(replace(&path, b"older", b"new"), Err("it has changed since it was read".to_owned()));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(replace(&path, b"old", b"new"), Ok(()));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(replace(&folder.path().join("b.md"), b"", b"new").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_links_are_kept() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let link = folder.path().join("link.md");
        fs::write(&path, "old").unwrap();
        symlink("a.md", &link).unwrap();
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o640);
        assert_eq!(replace(&link, b"old", b"new"), Ok(()));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        mode(0o444);
        assert_eq!(replace(&path, b"new", b"newer"), Err("it is read-only".to_owned()));
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
}
