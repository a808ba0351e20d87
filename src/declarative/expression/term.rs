//! A checked expression: every name in it is known, and no kind of value is where it cannot be.

use std::ops::Range;

use regex::Regex;

use super::value::{Kinds, Value};
use super::vocabulary::{FilePart, Filter, Metric, Test};
use crate::article::Role;

/// A part of an expression, and its bytes in it.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) op: Op,
    pub(super) range: Range<usize>,
    /// What it can come to.
    pub(super) kinds: Kinds,
}

/// What a term does.
#[derive(Debug)]
pub(super) enum Op {
    /// A literal or an option.
    Constant(Value<'static>),
    /// A field of the front matter, by its path.
    Field(Vec<String>),
    Role(Role),
    Metric(Metric),
    File(FilePart),
    Today,
    List(Vec<Term>),
    /// A key or an index.
    Item(Box<Term>, Box<Term>),
    /// From one index to another.
    Slice(Box<Term>, Option<Box<Term>>, Option<Box<Term>>),
    Not(Box<Term>),
    Negative(Box<Term>),
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    /// Each with the one before, as in `1 < x < 3`.
    Compare(Box<Term>, Vec<(Comparison, Term)>),
    Arithmetic(Arithmetic, Box<Term>, Box<Term>),
    /// Texts put together.
    Concat(Box<Term>, Box<Term>),
    /// The condition, what it is where that holds, and what it is where not.
    If(Box<Term>, Box<Term>, Option<Box<Term>>),
    Filter(Box<Term>, Call),
    Test(Box<Term>, Question),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    In,
    NotIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    DivideWhole,
    Remainder,
    Power,
}

/// A filter and what it is given.
#[derive(Debug)]
pub(super) enum Call {
    Plain(Filter, Vec<Term>),
    /// The items of a list that pass a test, or those that do not.
    Select(Question, bool),
    /// What a filter makes of each item.
    Map(Box<Call>),
    /// The value that each item has for a key.
    MapKey(String),
    /// A test in the place of a filter, as in `title | contains("x")`.
    Ask(Question),
}

/// A test and what it is given.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) test: Test,
    pub(super) args: Vec<Term>,
    /// The pattern of `matches`.
    pub(super) pattern: Option<Regex>,
}

impl Term {
    /// Calls `visit` with this term and all below it, in the order of the text.
    pub(super) fn visit<'t>(&'t self, visit: &mut dyn FnMut(&'t Self)) {
        visit(self);
        match &self.op {
            Op::Constant(_) | Op::Field(_) | Op::Role(_) | Op::Metric(_) | Op::File(_) | Op::Today => {}
            Op::List(items) => items.iter().for_each(|item| item.visit(visit)),
            Op::Not(one) | Op::Negative(one) => one.visit(visit),
            Op::And(left, right)
            | Op::Or(left, right)
            | Op::Item(left, right)
            | Op::Concat(left, right)
            | Op::Arithmetic(_, left, right) => {
                left.visit(visit);
                right.visit(visit);
            }
            Op::Slice(list, start, end) => {
                list.visit(visit);
                start.iter().chain(end).for_each(|term| term.visit(visit));
            }
            Op::Compare(first, rest) => {
                first.visit(visit);
                for (_, term) in rest {
                    term.visit(visit);
                }
            }
            Op::If(condition, yes, no) => {
                yes.visit(visit);
                condition.visit(visit);
                if let Some(no) = no {
                    no.visit(visit);
                }
            }
            Op::Filter(base, call) => {
                base.visit(visit);
                call.args().iter().for_each(|term| term.visit(visit));
            }
            Op::Test(base, question) => {
                base.visit(visit);
                question.args.iter().for_each(|term| term.visit(visit));
            }
        }
    }
}

impl Call {
    fn args(&self) -> &[Term] {
        match self {
            Self::Plain(_, args) => args,
            Self::Select(question, _) | Self::Ask(question) => &question.args,
            Self::Map(call) => call.args(),
            Self::MapKey(_) => &[],
        }
    }
}
