//! The expressions of GitHub's workflows, as far as our Action uses them.

use super::runner::Context;

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Truth(bool),
}

impl Value {
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Truth(truth) => *truth,
        }
    }

    /// Texts are equal whatever their case.
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.eq_ignore_ascii_case(other),
            (Self::Truth(one), Self::Truth(other)) => one == other,
            _ => panic!("GitHub would make numbers of {self:?} and {other:?}"),
        }
    }
}

/// Puts the values of its expressions into a text.
pub(super) fn fill(text: &str, context: &Context<'_>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${{") {
        let (expression, behind) = behind.split_once("}}").unwrap_or_else(|| panic!("no end: {text}"));
        filled += before;
        match evaluate(expression, context) {
            Value::Text(value) => filled += &value,
            Value::Truth(value) => filled += &value.to_string(),
        }
        rest = behind;
    }
    filled + rest
}

pub(super) fn evaluate(expression: &str, context: &Context<'_>) -> Value {
    let mut reader = Reader { rest: expression.trim_start(), context };
    let value = reader.or();
    assert!(reader.rest.is_empty(), "\"{}\" is not understood in: {expression}", reader.rest);
    value
}

struct Reader<'a> {
    rest: &'a str,
    context: &'a Context<'a>,
}

impl Reader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn or(&mut self) -> Value {
        let mut value = self.and();
        while self.takes("||") {
            let other = self.and();
            value = if value.is_true() { value } else { other };
        }
        value
    }

    fn and(&mut self) -> Value {
        let mut value = self.equality();
        while self.takes("&&") {
            let other = self.equality();
            value = if value.is_true() { other } else { value };
        }
        value
    }

    fn equality(&mut self) -> Value {
        let value = self.single();
        if self.takes("==") {
            Value::Truth(value.equals(&self.single()))
        } else if self.takes("!=") {
            Value::Truth(!value.equals(&self.single()))
        } else {
            value
        }
    }

    fn single(&mut self) -> Value {
        if self.takes("!") {
            return Value::Truth(!self.single().is_true());
        }
        if self.takes("(") {
            let value = self.or();
            assert!(self.takes(")"), "a `)` is missing before: {}", self.rest);
            return value;
        }
        if let Some(text) = self.rest.strip_prefix('\'') {
            let (text, rest) = text.split_once('\'').expect("the text has an end");
            assert!(!rest.starts_with('\''), "a quote within a text is not understood");
            self.rest = rest.trim_start();
            return Value::Text(text.to_owned());
        }
        let is_part = |letter: char| letter.is_alphanumeric() || "._-".contains(letter);
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        if !self.takes("()") {
            return self.context.get(name);
        }
        Value::Truth(match name {
            "always" => true,
            "success" => !self.context.has_failed,
            "failure" => self.context.has_failed,
            // Nobody cancels a test.
            "cancelled" => false,
            _ => panic!("the function \"{name}\" is unknown"),
        })
    }
}
