//! What a file has besides its bytes, for the file that takes its place: owner, group, mode, and the extended attributes,
//! among which are access lists and what desktops put there.
//!
//! What decides who may read or write a file is kept, or the file is left as it is. Not kept are the number of the file,
//! so that other hard links to it go on holding the old text, its date of birth, and on macOS and Windows its access
//! list: the new one has that which its folder gives.

use std::fs::{File, Metadata};

/// Gives a new file what the old one has.
///
/// # Errors
/// What could not be given to it, and why.
pub(super) fn keep(old: &File, metadata: &Metadata, new: &File) -> Result<(), String> {
    #[cfg(unix)]
    {
        unix::keep_owner(metadata, new)?;
        unix::keep_attributes(old, new)
            .map_err(|error| format!("its extended attributes cannot be kept: {error}"))?;
    }
    #[cfg(not(unix))]
    let _ = old;
    // As the last, since a new owner or access list changes it. Where it is right already, as it is on file systems with
    // one mode for all, there is nothing to ask for.
    let is_kept = new.metadata().is_ok_and(|fresh| fresh.permissions() == metadata.permissions());
    if is_kept {
        return Ok(());
    }
    new.set_permissions(metadata.permissions()).map_err(|error| format!("its mode cannot be kept: {error}"))
}

#[cfg(unix)]
mod unix {
    use std::collections::BTreeSet;
    use std::ffi::{OsStr, OsString};
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::unix::fs::{MetadataExt as _, fchown};

    use xattr::FileExt as _;

    pub(super) fn keep_owner(metadata: &Metadata, new: &File) -> Result<(), String> {
        let fresh = new.metadata().map_err(|error| error.to_string())?;
        let (owner, group) = (metadata.uid(), metadata.gid());
        if (fresh.uid(), fresh.gid()) == (owner, group) {
            return Ok(());
        }
        fchown(new, Some(owner), Some(group)).map_err(|error| {
            let what = if fresh.uid() == owner { "group" } else { "owner" };
            format!("its {what} cannot be kept: {error}")
        })
    }

    pub(super) fn keep_attributes(old: &File, new: &File) -> io::Result<()> {
        let (names, fresh) = (attributes(old), attributes(new));
        for name in &names {
            let value = old.get_xattr(name)?;
            let Some(value) =
                value.filter(|value| new.get_xattr(name).ok().flatten().as_ref() != Some(value))
            else {
                continue;
            };
            match new.set_xattr(name, &value) {
                Err(error) if !is_of_the_system(name) => return Err(error),
                _ => {}
            }
        }
        // An access list that the folder gives to new files.
        for name in fresh.difference(&names).filter(|name| !is_of_the_system(name)) {
            new.remove_xattr(name)?;
        }
        Ok(())
    }

    /// The names of what a file has; none where the file system knows no attributes.
    fn attributes(file: &File) -> BTreeSet<OsString> {
        let names = file.list_xattr().into_iter().flatten();
        // Sums and capabilities are about the old bytes.
        let is_of_bytes = |name: &OsString| {
            [b"security.ima".as_slice(), b"security.evm", b"security.capability"]
                .contains(&name.as_encoded_bytes())
        };
        names.filter(|name| !is_of_bytes(name)).collect()
    }

    /// Whether the system gives an attribute to files by its own rules, and may keep us from it.
    fn is_of_the_system(name: &OsStr) -> bool {
        let name = name.as_encoded_bytes();
        [b"security.".as_slice(), b"trusted.", b"com.apple."].iter().any(|prefix| name.starts_with(prefix))
    }
}
