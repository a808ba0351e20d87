//! A glob that knows how it was written, so that two sites can be compared.

use std::fmt;
use std::hash::{Hash, Hasher};

use globset::{GlobBuilder, GlobMatcher};

/// A glob of paths or of addresses; `*` stays within a segment.
#[derive(Clone)]
pub struct Glob {
    written: Box<str>,
    matcher: GlobMatcher,
}

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(written: &str) -> Result<Self, String> {
        let plain = written.strip_prefix("./").unwrap_or(written);
        let glob = GlobBuilder::new(plain).literal_separator(true).build();
        let glob = glob.map_err(|error| error.kind().to_string())?;
        Ok(Self { written: written.into(), matcher: glob.compile_matcher() })
    }

    /// One of ours.
    pub(super) fn known(written: &str) -> Self {
        Self::read(written).expect("a test builds all presets")
    }

    /// As it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

/// As it was written: the matcher has memory of its own, which is another in each run, and by what is printed here one site
/// is told from another.
impl fmt::Debug for Glob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Glob").field(&self.written).finish()
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Glob {}

impl Hash for Glob {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.written.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_prints_does_not_change_as_it_is_used() {
        let printed = || format!("{:?}", Glob::known("content/*/a.md"));
        let (before, glob) = (printed(), Glob::known("content/*/a.md"));
        std::thread::spawn({
            let glob = glob.clone();
            move || assert!(glob.matches("content/en/a.md"))
        })
        .join()
        .unwrap();
        assert_eq!(format!("{glob:?}"), before);
        assert_eq!(printed(), r#"Glob("content/*/a.md")"#);
    }
}
