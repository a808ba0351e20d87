//! What an expression can come to, and what kinds of values there are.

use std::borrow::Cow;
use std::fmt;
use std::ops::BitOr;

use serde_json::Value as Json;

use crate::data::{self, Node};
use crate::rule::scalar;

/// A value; texts and mappings are those of the article or the page, not copies.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::declarative) enum Value<'a> {
    /// Not there: a field that the article lacks or leaves empty, and what is computed from one.
    Absent,
    /// There, but a template writes it, so nobody knows what it will be; or the answer to a question about what is not
    /// there.
    Unknown,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// A mapping of the front matter.
    Map(&'a Node),
}

/// A set of kinds that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::declarative) struct Kinds(u8);

impl Kinds {
    pub(super) const TEXT: Self = Self(1);
    pub(super) const NUMBER: Self = Self(1 << 1);
    pub(super) const BOOL: Self = Self(1 << 2);
    pub(super) const LIST: Self = Self(1 << 3);
    pub(super) const MAP: Self = Self(1 << 4);
    pub(super) const ANY: Self = Self(0b1_1111);
    pub(super) const TEXT_OR_NUMBER: Self = Self(0b0_0011);
    pub(super) const TEXT_OR_LIST: Self = Self(0b0_1001);
    /// What has a length.
    pub(super) const COUNTABLE: Self = Self(0b1_1001);

    const NAMES: [&'static str; 5] = ["a text", "a number", "true or false", "a list", "a mapping"];

    /// Those in both sets.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether a value may be of both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.and(other).0 != 0
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// As in "a text or a list".
impl fmt::Display for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::NAMES.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        formatter.write_str(&names.join(" or "))
    }
}

impl<'a> Value<'a> {
    /// The value of a node. An empty one is absent, and a text that holds a template is unknown.
    pub(super) fn of(node: &'a Node) -> Self {
        match &node.value {
            data::Value::Null => Self::Absent,
            data::Value::Bool(value) => Self::Bool(*value),
            data::Value::Number(number) => number.as_f64().map_or(Self::Absent, Self::Number),
            data::Value::String(text) => Self::of_text(text),
            data::Value::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            data::Value::Mapping(_) => Self::Map(node),
        }
    }

    /// A text of the front matter.
    pub(super) fn of_text(text: &'a str) -> Self {
        if scalar::is_template(text) { Self::Unknown } else { Self::Text(text.into()) }
    }

    /// The value of an option. A mapping is of no use in an expression.
    pub(super) fn of_option(json: &Json) -> Value<'static> {
        match json {
            Json::Null | Json::Object(_) => Value::Absent,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => number.as_f64().map_or(Value::Absent, Value::Number),
            Json::String(text) => Value::Text(text.clone().into()),
            Json::Array(items) => Value::List(items.iter().map(Value::of_option).collect()),
        }
    }

    /// The same value without a copy of its text.
    pub(super) fn borrowed<'b>(&'b self) -> Value<'b>
    where
        'a: 'b,
    {
        match self {
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::List(items) => Value::List(items.iter().map(Value::borrowed).collect()),
            Self::Map(node) => Value::Map(node),
            Self::Absent => Value::Absent,
            Self::Unknown => Value::Unknown,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(*number),
        }
    }

    /// What it is; anything where it is not there or not known.
    pub(super) fn kinds(&self) -> Kinds {
        match self {
            Self::Absent | Self::Unknown => Kinds::ANY,
            Self::Bool(_) => Kinds::BOOL,
            Self::Number(_) => Kinds::NUMBER,
            Self::Text(_) => Kinds::TEXT,
            Self::List(_) => Kinds::LIST,
            Self::Map(_) => Kinds::MAP,
        }
    }

    /// Whether it counts as true: neither false, nor zero, nor empty, nor absent. `None` where it is not known.
    pub(super) fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::Unknown => return None,
            Self::Absent => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.trim().is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(node) => !node.entries().is_empty(),
        })
    }

    /// The answer to a question.
    pub(super) fn answer(answer: Option<bool>) -> Self {
        answer.map_or(Self::Unknown, Self::Bool)
    }

    /// What it costs to go through it: bytes of a text, items of a list.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.len(),
            Self::Map(node) => node.entries().len(),
            _ => 0,
        }
    }
}

/// As a reader writes it. What is not there is empty.
impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent | Self::Unknown | Self::Map(_) => Ok(()),
            Self::Bool(value) => value.fmt(formatter),
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(formatter, "{comma}{item}")?;
                }
                Ok(())
            }
        }
    }
}
