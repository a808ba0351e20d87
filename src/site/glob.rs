//! A glob that knows how it was written, so that two sites can be compared.

use std::hash::{Hash, Hasher};

use globset::{GlobBuilder, GlobMatcher};

/// A glob of paths or of addresses; `*` stays within a segment.
#[derive(Clone, Debug)]
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
