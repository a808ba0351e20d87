//! Reads what `git diff --raw -z` prints: <https://git-scm.com/docs/git-diff#_raw_output_format>.

use std::path::PathBuf;

use super::program;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file.
    File,
    /// A commit of another repository.
    Submodule,
    /// A link, or nothing.
    Other,
}

/// A path at which two trees differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The path from the root of the working tree.
    pub(super) path: PathBuf,
    /// What was there, and its object.
    pub(super) old: (Kind, String),
    /// What is there now, and its object: zeros where that is not known.
    pub(super) new: (Kind, String),
    /// Whether nothing was there.
    pub(super) is_new: bool,
}

/// The changes that are listed; `None` where that cannot be read.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Change>> {
    let mut fields = bytes.split(|byte| *byte == 0);
    let mut changes = Vec::new();
    while let Some(head) = fields.next().filter(|head| !head.is_empty()) {
        let head = std::str::from_utf8(head).ok()?.strip_prefix(':')?;
        let mut parts = head.split(' ');
        let (old, new) = (kind(parts.next()?), kind(parts.next()?));
        let (before, after) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let is_new = parts.next()? == "A";
        // Renames and copies, which would have two paths, were not asked for.
        let path = program::path(fields.next().filter(|path| !path.is_empty())?);
        changes.push(Change { path, old: (old, before), new: (new, after), is_new });
    }
    Some(changes)
}

fn kind(mode: &str) -> Kind {
    match mode {
        "100644" | "100755" | "100664" => Kind::File,
        "160000" => Kind::Submodule,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whatever_is_in_its_names() {
        let bytes = b":100644 100755 aa bb M\0a \"b\"\n:c.md\0:000000 160000 00 cc A\0sub\0:120000 000000 dd 00 D\0l\0";
        let changes = read(bytes).unwrap();
        assert_eq!(changes[0].path, PathBuf::from("a \"b\"\n:c.md"));
        assert_eq!((changes[0].old.clone(), changes[0].is_new), ((Kind::File, "aa".to_owned()), false));
        assert_eq!((changes[1].new.clone(), changes[1].is_new), ((Kind::Submodule, "cc".to_owned()), true));
        assert_eq!(changes[2].old.0, Kind::Other);
        assert_eq!(read(b""), Some(vec![]));
        assert_eq!(read(b":100644 100755 aa bb M\0"), None);
        assert_eq!(read(b"warning: x\0"), None);
    }
}
