//! What a rule leaves behind: a finding, and perhaps a fix made of edits.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How much a finding weighs. The order is that of severity: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warning,
    /// Must be mended: fails the run by default.
    Error,
}

impl Level {
    /// The word that config, reports and command line use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "info" => Ok(Self::Info),
            "warning" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            _ => Err(format!("\"{text}\" is not a level: error, warning or info")),
        }
    }
}

/// A sentence of a finding. Most are the same in many findings, so none has a copy of its own.
#[derive(Clone, Debug)]
pub enum Text {
    /// A sentence in the program.
    Fixed(&'static str),
    /// A sentence of a page, or one that was made.
    Shared(Arc<str>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self)
    }
}

/// One thing that a rule found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule, as in `heading-increment`.
    pub rule: Arc<str>,
    /// How much it weighs.
    pub level: Level,
    /// The file, as [`Source::path`](crate::text::Source::path) names it.
    pub path: Arc<str>,
    /// The bytes it is about; empty where something is missing.
    pub span: Span,
    /// What is wrong: lower case, no full stop, things in quotes.
    pub message: String,
    /// What to do.
    pub help: Option<Text>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// How to mend it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Says what to do.
    pub fn help(&mut self, help: impl Into<Text>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Shows another place of the same file.
    pub fn related(&mut self, span: Span, text: impl Into<Text>) -> &mut Self {
        let path = Arc::clone(&self.path);
        // Most have one, and of a large site all are held at a time.
        self.related.reserve_exact(1);
        self.related.push(Related { path, span, text: text.into() });
        self
    }

    /// Says how to mend it.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }

    /// The order of all output: by path, place, rule and, where all these are equal, message.
    #[must_use]
    pub fn key(&self) -> (&str, Span, &str, &str) {
        (&self.path, self.span, &self.rule, &self.message)
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub path: Arc<str>,
    /// The bytes in it.
    pub span: Span,
    /// What stands there, as in `first set here`.
    pub text: Text,
}

/// Whether a fix keeps the meaning. The order is that of trust: `Unsafe < Safe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// A person should look at it first.
    Unsafe,
    /// The meaning is kept.
    Safe,
}

/// A way to mend a finding: all of its edits or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as in `replace "8" with "5"`.
    pub title: Text,
    /// Whether it keeps the meaning.
    pub safety: Safety,
    edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps the meaning.
    #[must_use]
    pub fn safe(title: impl Into<Text>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self::new(title.into(), Safety::Safe, edits)
    }

    /// A fix that a person should look at first.
    #[must_use]
    pub fn r#unsafe(title: impl Into<Text>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self::new(title.into(), Safety::Unsafe, edits)
    }

    fn new(title: Text, safety: Safety, edits: impl IntoIterator<Item = Edit>) -> Self {
        let mut edits: Vec<_> = edits.into_iter().collect();
        edits.sort_by_key(|edit| edit.span);
        edits.shrink_to_fit();
        debug_assert!(
            edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start),
            "the edits of a fix do not overlap: {edits:?}"
        );
        Self { title, safety, edits }
    }

    /// The edits, sorted by place; they do not overlap.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

/// One replacement of bytes by text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}

impl Edit {
    /// Puts `text` in the place of `span`.
    #[must_use]
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Takes `span` out.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// Puts `text` before the byte at `at`.
    #[must_use]
    pub fn insert(at: u32, text: impl Into<String>) -> Self {
        Self::replace(Span { start: at, end: at }, text)
    }
}

/// Applies edits to a text; they are in order and do not overlap.
#[must_use]
pub fn rewrite<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        new.push_str(&text[at..edit.span.start as usize]);
        new.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    new.push_str(&text[at..]);
    new
}
