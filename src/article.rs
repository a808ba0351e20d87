//! An article: the data at its head and the Markdown below, each parsed once, with the bytes of everything.

pub mod body;
mod front_matter;
mod prose;
mod roles;

use std::sync::OnceLock;

pub use body::{Body, Syntax};
pub use front_matter::{Format, FrontMatter};
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
    prose: OnceLock<Prose>,
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
        let is_mdx = source.path().rsplit('.').next().is_some_and(|end| end.eq_ignore_ascii_case("mdx"));
        let syntax = if is_mdx { Syntax::Mdx } else { Syntax::Markdown };
        Self { source, front_matter, body: Body::parse(text, start, syntax), prose: OnceLock::new() }
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
}
