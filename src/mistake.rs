//! A mistake in the set-up: the config, a schema, a rule page, the command line. Not a finding: nothing is checked
//! until it is mended.

use std::sync::Arc;

use crate::data::Document;
use crate::schema::Violation;
use crate::text::{Source, Span};

/// What is wrong with the set-up, and where.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// What is wrong: lower case, no full stop, things in quotes.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The file and the bytes in it; `None` for a mistake on the command line.
    pub place: Option<(Arc<Source>, Span)>,
}

impl Mistake {
    /// A mistake without a place in a file.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, place: None }
    }

    /// A mistake in a file.
    #[must_use]
    pub fn at(source: &Arc<Source>, span: Span, message: impl Into<String>) -> Self {
        Self { place: Some((Arc::clone(source), span)), ..Self::new(message) }
    }

    /// What is wrong with the syntax of a file, and keys that stand in it twice.
    #[must_use]
    pub fn of_document(source: &Arc<Source>, document: &Document) -> Vec<Self> {
        let problems = document.problems.iter().map(|problem| {
            Self::at(source, problem.span, problem.message.as_str()).with_help(problem.help.as_deref())
        });
        let duplicates = document.duplicates.iter().map(|duplicate| {
            Self::at(
                source,
                duplicate.span,
                format!("the key \"{}\" stands here a second time", duplicate.key),
            )
            .with_help(Some("keep one of the two"))
        });
        problems.chain(duplicates).collect()
    }

    /// What a schema finds wrong with a file.
    #[must_use]
    pub fn of_violations(source: &Arc<Source>, violations: Vec<Violation>) -> Vec<Self> {
        let mistake = |violation: Violation| {
            Self::at(source, violation.span, violation.message).with_help(violation.help)
        };
        violations.into_iter().map(mistake).collect()
    }

    /// Says what to do, if anything can be said.
    #[must_use]
    pub fn with_help(mut self, help: Option<impl Into<String>>) -> Self {
        self.help = help.map(Into::into);
        self
    }
}
