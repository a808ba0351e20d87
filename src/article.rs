//! An article: the data at its head and the Markdown below, each parsed once, with the bytes of everything.

pub mod body;
pub mod edit;
mod front_matter;
mod prose;
mod roles;
pub mod suppressions;

use std::sync::OnceLock;

pub use body::{Body, Syntax};
pub use front_matter::{Flaw, Format, FrontMatter};
pub use prose::{Block, Prose, Section};
pub use roles::{Role, Roles};

use crate::text::{Source, behind_mark};

/// A parsed article. Its lists are plain data: a rule is a loop over one of them.
#[derive(Debug)]
pub struct Article<'s> {
    /// The file.
    pub source: &'s Source,
    /// The data at its head.
    pub front_matter: Option<FrontMatter>,
    /// The Markdown below.
    pub body: Body,
    /// Which keys the front matter may have: see [`roles::key_bits`].
    keys: u64,
    prose: OnceLock<Prose>,
    ease: OnceLock<Option<f64>>,
}

impl<'s> Article<'s> {
    /// Parses a file. Never fails: what is wrong is data of the article, and rules report it.
    #[must_use]
    pub fn parse(source: &'s Source) -> Self {
        let text = source.text();
        let (front_matter, start) = match FrontMatter::find(text) {
            Some((front_matter, start)) => (Some(front_matter), start),
            None => (None, behind_mark(text)),
        };
        let body = Body::parse(text, start, syntax(source));
        let root = front_matter.as_ref().and_then(FrontMatter::root);
        let keys = match root {
            Some(root) if root.items().is_empty() => roles::key_bits(root),
            Some(_) => u64::MAX,
            None => 0,
        };
        Self { source, front_matter, body, keys, prose: OnceLock::new(), ease: OnceLock::new() }
    }

    /// What its body is written in.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        syntax(self.source)
    }

    /// Whether a site makes the same page of another article: both have the same front matter, and the same body but for
    /// comments.
    #[must_use]
    pub fn reads_like(&self, other: &Article<'_>) -> bool {
        let data = |article: &Article<'_>| {
            article.front_matter.as_ref().map(|block| {
                let values = block.root().map(|root| root.to_json().to_string());
                (block.format, values, block.document.problems.len(), block.document.duplicates.len())
            })
        };
        let start = |article: &Article<'_>| article.body.span.start as usize;
        data(self) == data(other)
            && body::reads_alike((self.text(), start(self)), (other.text(), start(other)), self.syntax())
    }

    /// The whole text of the file.
    #[must_use]
    pub fn text(&self) -> &'s str {
        self.source.text()
    }

    /// The text that the reader sees, made at the first call.
    pub fn prose(&self) -> &Prose {
        self.prose.get_or_init(|| Prose::of(&self.body, self.text()))
    }

    /// How easy it is to read, measured at the first call: a rule asks for it, and then its message.
    pub(crate) fn ease(&self, measure: impl FnOnce() -> Option<f64>) -> Option<f64> {
        *self.ease.get_or_init(measure)
    }
}

fn syntax(source: &Source) -> Syntax {
    let is_mdx = source.path().rsplit('.').next().is_some_and(|end| end.eq_ignore_ascii_case("mdx"));
    if is_mdx { Syntax::Mdx } else { Syntax::Markdown }
}
