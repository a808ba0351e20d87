//! Expressions of rule pages: the syntax is that of Jinja's expressions, read by minijinja's parser. The checking and
//! the evaluation are ours, because Jinja lets pass in silence what a linter must not: a misspelt name, a number
//! compared with a text, a field that is not there.

mod calls;
mod compile;
mod evaluate;
mod filters;
mod metrics;
mod term;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;

use crate::article::Article;
use crate::data::Place;
use crate::rule::Context;
use crate::text::Span;

use super::settings::Settings;
use evaluate::Evaluator;
use term::{Op, Term};
use value::{Kinds, Value};
use vocabulary::{FILE_PARTS, METRICS};

pub(super) use evaluate::span_of;
pub(super) use vocabulary::camel;

/// A checked expression. It is read once, when its page is, and evaluated in every article.
#[derive(Debug)]
pub(super) struct Expression {
    source: String,
    root: Term,
    /// Whether it asks for a field or a role.
    pub(super) names_front_matter: bool,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) article: &'a Article<'a>,
    pub(super) context: &'a Context<'a>,
}

/// What the answer is to a question about something that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// No: a rule `when: article.layout == "post"` is not for articles without a layout.
    When,
    /// Nobody knows, so that the rule is silent.
    That,
}

/// Why an expression comes to nothing in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The field that does not fit, where it is one.
    pub(super) span: Option<Span>,
    pub(super) message: String,
}

impl Expression {
    /// Reads a setting that is an expression. `None` where it is absent, and where something is wrong with it, which is
    /// then among the mistakes.
    pub(super) fn parse(settings: &mut Settings<'_>, key: &str) -> Option<Self> {
        let text = settings.text(key)?;
        match compile::compile(&text.text, settings.options()) {
            Ok(root) => Some(Self::new(text.text, root)),
            Err(wrong) => {
                for wrong in wrong {
                    settings.mistake(
                        settings.inside(&text, wrong.range),
                        wrong.message,
                        wrong.help.as_deref(),
                    );
                }
                None
            }
        }
    }

    fn new(source: String, root: Term) -> Self {
        let mut names_front_matter = false;
        root.visit(&mut |term| names_front_matter |= matches!(term.op, Op::Field(_) | Op::Role(_)));
        Self { source, root, names_front_matter }
    }

    /// The names beside fields, roles and options: metrics, parts of the file's name, and the day.
    pub(super) fn names() -> impl Iterator<Item = String> {
        let metrics = METRICS.iter().map(|(name, ..)| (*name).to_owned());
        let parts = FILE_PARTS.iter().map(|(name, _)| format!("file.{name}"));
        metrics.chain(parts).chain(["today".to_owned()])
    }

    /// The value of one of [`Expression::names`].
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let metric =
            METRICS.iter().find(|(known, ..)| *known == name).map(|(_, metric, _)| Op::Metric(*metric));
        let part = name.strip_prefix("file.");
        let part = FILE_PARTS.iter().find(|(known, _)| Some(*known) == part).map(|(_, part)| Op::File(*part));
        let op = metric.or(part).or_else(|| (name == "today").then_some(Op::Today))?;
        Some(Self::new(name.to_owned(), Term { op, range: 0..name.len(), kinds: Kinds::ANY }))
    }

    /// Whether it holds; `None` where that is not known.
    pub(super) fn holds<'a>(&'a self, scene: Scene<'a>, mood: Mood) -> Result<Option<bool>, Fault> {
        Ok(self.value(scene, mood)?.truth())
    }

    /// What it comes to.
    pub(super) fn value<'a>(&'a self, scene: Scene<'a>, mood: Mood) -> Result<Value<'a>, Fault> {
        Evaluator::new(scene, &self.source, mood).value(&self.root)
    }

    /// The first field or role in it that the article has.
    pub(super) fn place<'a>(&'a self, scene: Scene<'a>) -> Option<Place<'a>> {
        Evaluator::new(scene, &self.source, Mood::That).place(&self.root)
    }
}
