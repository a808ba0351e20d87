//! A folder of a site, and where its files stand in addresses.

/// A folder and the address of its files. A `*` in the one is a segment that the other takes up: `i18n/*/pages` at `/*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mount {
    /// The path from the folder of the site; empty for that folder itself.
    folder: Box<str>,
    /// The path from the root, without slashes at its ends.
    at: Box<str>,
}

/// A file below a mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Below<'a> {
    /// Where the files of the mount stand, without slashes at its ends.
    pub(super) at: String,
    /// The path below the folder.
    pub(super) path: &'a str,
}

impl Mount {
    /// A mount of a folder at an address.
    ///
    /// # Errors
    /// What is wrong, to be put behind the folder in a sentence.
    pub fn read(folder: &str, at: &str) -> Result<Self, &'static str> {
        let folder = folder.strip_prefix("./").unwrap_or(folder).trim_end_matches('/');
        let folder = if folder == "." { "" } else { folder };
        if folder.starts_with('/') || folder.contains(['\\', ':']) {
            return Err("is no path from the folder of the config");
        }
        let parts = || folder.split('/').filter(|_| !folder.is_empty());
        if parts().any(|part| matches!(part, "" | "." | "..")) {
            return Err("leads out of the folder of the config, or has an empty part");
        }
        if parts().any(|part| part.matches('*').count() > 1) {
            return Err("has more than one `*` in a part");
        }
        if at.contains(['?', '#', '\\']) || at.split('/').any(|part| matches!(part, "." | "..")) {
            return Err("stands at what is no path from the root");
        }
        let stars = |text: &str| text.matches('*').count();
        if stars(at) > stars(folder) {
            return Err("stands at an address with more `*` than it has itself");
        }
        Ok(Self { folder: folder.into(), at: at.trim_matches('/').into() })
    }

    /// One of ours.
    pub(super) fn known((folder, at): (&str, &str)) -> Self {
        Self::read(folder, at).expect("a test builds all presets")
    }

    /// Its folder as the config writes it.
    #[must_use]
    pub fn folder(&self) -> &str {
        if self.folder.is_empty() { "." } else { &self.folder }
    }

    /// Its address as the config writes it.
    #[must_use]
    pub fn at(&self) -> String {
        format!("/{}", self.at)
    }

    /// How many segments it has, those without a star twice: of two that hold a file, the one with more says more of it.
    pub(super) fn weight(&self) -> usize {
        let parts = self.folder.split('/').filter(|part| !part.is_empty());
        parts.map(|part| if part == "*" { 1 } else { 2 }).sum()
    }

    /// The file with this path from the folder of the site, if it is below.
    pub(super) fn below<'a>(&self, path: &'a str) -> Option<Below<'a>> {
        let mut rest = path;
        let mut stars = Vec::new();
        for part in self.folder.split('/').filter(|part| !part.is_empty()) {
            let (first, behind) = rest.split_once('/')?;
            match part.split_once('*') {
                Some((head, tail)) => {
                    let star = first.strip_prefix(head)?.strip_suffix(tail)?;
                    stars.push(Some(star).filter(|star| !star.is_empty())?);
                }
                None if part == first => {}
                None => return None,
            }
            rest = behind;
        }
        let mut stars = stars.into_iter();
        let mut at = String::with_capacity(self.at.len());
        for letter in self.at.chars() {
            match letter {
                '*' => at.push_str(stars.next().unwrap_or_default()),
                letter => at.push(letter),
            }
        }
        (!rest.is_empty()).then_some(Below { at, path: rest })
    }

    /// The path of the file that stands at this path from the root, without slashes at its ends; `None` where it stands
    /// elsewhere, or where the folder has a star that the address does not tell.
    pub(super) fn file(&self, address: &str) -> Option<String> {
        let mut rest = Some(address);
        let mut stars = Vec::new();
        for part in self.at.split('/').filter(|part| !part.is_empty()) {
            let (first, behind) = match rest?.split_once('/') {
                Some((first, behind)) => (first, Some(behind)),
                None => (rest?, None),
            };
            match part.split_once('*') {
                Some((head, tail)) => stars.push(first.strip_prefix(head)?.strip_suffix(tail)?),
                None if part == first => {}
                None => return None,
            }
            rest = behind;
        }
        let mut stars = stars.into_iter();
        let mut file = String::new();
        for letter in self.folder.chars() {
            match letter {
                '*' => file.push_str(stars.next()?),
                letter => file.push(letter),
            }
        }
        let rest = rest.unwrap_or_default();
        let gap = if file.is_empty() || rest.is_empty() { "" } else { "/" };
        Some(file + gap + rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_where_its_folder_is_mounted() {
        for (folder, at, path, expected) in [
            ("content/en", "/", "content/en/posts/a.md", Some(("", "posts/a.md"))),
            ("./docs/", "/docs/", "docs/a.md", Some(("docs", "a.md"))),
            ("docs", "/docs", "docs2/a.md", None),
            ("docs", "/docs", "docs", None),
            (".", "/", "a.md", Some(("", "a.md"))),
            ("_*", "/*", "_films/a.md", Some(("films", "a.md"))),
            ("_*", "/*", "_/a.md", None),
            ("i18n/*/pages", "/*", "i18n/fr/pages/a/b.md", Some(("fr", "a/b.md"))),
            (
                "versioned_docs/version-*",
                "/docs/*",
                "versioned_docs/version-1.0/a.md",
                Some(("docs/1.0", "a.md")),
            ),
        ] {
            let mount = Mount::read(folder, at).unwrap();
            let below = mount.below(path);
            assert_eq!(
                below.as_ref().map(|below| (below.at.as_str(), below.path)),
                expected,
                "{folder} {path}"
            );
            if let Some(below) = below {
                let address = [below.at.as_str(), below.path].join("/");
                assert_eq!(mount.file(address.trim_matches('/')).as_deref(), Some(path), "{address}");
            }
        }
        assert_eq!(Mount::read("content/*", "/").unwrap().file("a"), None);
    }

    #[test]
    fn what_is_no_folder_is_refused() {
        for (folder, at) in [
            ("/a", "/"),
            ("../a", "/"),
            ("a//b", "/"),
            ("a**", "/"),
            ("a", "/?"),
            ("a", "/*"),
            ("a", "/../b"),
            ("c:", "/"),
        ] {
            assert!(Mount::read(folder, at).is_err(), "{folder} {at}");
        }
    }
}
