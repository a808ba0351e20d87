//! Paths and addresses: their parts, what they are written for, and how one is put behind another.

use std::borrow::Cow;

/// An address within a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'u> {
    /// Without query and fragment.
    pub(crate) path: &'u str,
    /// The query and the fragment, with their marks.
    pub(crate) rest: &'u str,
    /// What stands behind `#`, if it is there.
    pub(crate) fragment: Option<&'u str>,
}

impl<'u> Parts<'u> {
    pub(crate) fn of(url: &'u str) -> Self {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let (path, rest) = url.split_at(end);
        Self { path, rest, fragment: rest.split_once('#').map(|(_, fragment)| fragment) }
    }
}

/// The text that an address stands for: `%20` is a space. `None` where it stands for no text. A percent sign that
/// nothing follows stands for itself.
pub(crate) fn decoded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(Cow::Borrowed(path));
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    while let Some((&first, behind)) = rest.split_first() {
        let code = match (first, digit(behind.first()), digit(behind.get(1))) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        bytes.push(code.unwrap_or(first));
        rest = &behind[if code.is_some() { 2 } else { 0 }..];
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// A path put behind a folder, without `.` and `..`; `None` where it leads out of the root.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    let root = if folder.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(format!("{root}{}", parts.join("/")))
}

/// A path put behind an address as browsers do it: `..` at the root stays there, and of `/a/b` only `/a/` counts.
pub(super) fn join_address(base: &str, path: &str) -> String {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let is_folder = path.ends_with('/') || path.ends_with("..") || path == ".";
    let end = if is_folder && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

/// Whether a path names a file as it lies on a disk, by the ending of its last part. What ends as pages of the web do
/// names what is made of a file.
pub(super) fn is_file(path: &str) -> bool {
    const MADE: [&str; 6] = ["html", "htm", "php", "asp", "aspx", "jsp"];
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((before, ending)) = name.rsplit_once('.') else { return false };
    let is_ending =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // Not `v1.2`.
    let is_word = ending.bytes().any(|byte| byte.is_ascii_alphabetic());
    !before.is_empty() && is_ending && is_word && !MADE.contains(&&*ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_parts() {
        for (url, path, rest, fragment) in [
            ("a/b.md", "a/b.md", "", None),
            ("a?b#c", "a", "?b#c", Some("c")),
            ("#c?d", "", "#c?d", Some("c?d")),
            ("#", "", "#", Some("")),
            ("?b", "", "?b", None),
        ] {
            assert_eq!(Parts::of(url), Parts { path, rest, fragment }, "{url}");
        }
    }

    #[test]
    fn percent_signs_stand_for_bytes() {
        for (path, expected) in [
            ("a%20b", Some("a b")),
            ("t%C3%BCr", Some("tür")),
            ("%FF", None),
            ("100%", Some("100%")),
            ("%2", Some("%2")),
            ("%zz%41", Some("%zzA")),
            ("%+1", Some("%+1")),
        ] {
            assert_eq!(decoded(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn paths_are_put_behind_folders() {
        for (folder, path, expected) in [
            ("a/b", "c.md", Some("a/b/c.md")),
            ("a/b", "./../c.md", Some("a/c.md")),
            ("a/b", "../..", Some("")),
            ("a", "../../c", None),
            ("", "c//d/", Some("c/d")),
            ("/a/b", "../c", Some("/a/c")),
        ] {
            assert_eq!(join(folder, path).as_deref(), expected, "{folder} {path}");
        }
        for (base, path, expected) in [
            ("/a/b/", "c", "/a/b/c"),
            ("/a/b", "c", "/a/c"),
            ("/a/b.html", "../c/", "/c/"),
            ("/a/b/", "../../../c", "/c"),
            ("/a/b/", "..", "/a/"),
            ("/a/b/", ".", "/a/b/"),
            ("/", "..", "/"),
        ] {
            assert_eq!(join_address(base, path), expected, "{base} {path}");
        }
    }

    #[test]
    fn files_are_told_by_their_ending() {
        for path in ["a.md", "../a.b.png", "a.mp4", "A.MD", "x/a.tar.gz"] {
            assert!(is_file(path), "{path}");
        }
        for path in ["a", "a/", "v1.2", "a.html", "a.PHP", ".env", "a.b/c", "a. md", "..", "."] {
            assert!(!is_file(path), "{path}");
        }
    }
}
