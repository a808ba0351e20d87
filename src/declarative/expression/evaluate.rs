//! What an expression comes to in an article. What is not there stays apart from what is false, values of unlike kinds
//! are never compared in silence, and the work is limited.

use std::cell::Cell;
use std::cmp::Ordering;

use super::metrics;
use super::term::{Arithmetic, Call, Comparison, Op, Term};
use super::value::{Kinds, Value};
use super::vocabulary::{Filter, Test, role_kinds};
use super::{Fault, Mood, Scene};
use crate::article::{FrontMatter, Role};
use crate::data::{self, Node, Place};
use crate::rule::{reading_time, scalar};
use crate::text::Span;

/// Steps that any evaluation gets; to them come some for each byte of the file, so that a filter over the body of a long
/// article has enough.
const STEPS: usize = 100_000;
const STEPS_A_BYTE: usize = 32;

pub(super) struct Evaluator<'a> {
    pub(super) scene: Scene<'a>,
    /// The text of the expression.
    source: &'a str,
    mood: Mood,
    left: Cell<usize>,
}

pub(super) type Evaluated<'a> = Result<Value<'a>, Fault>;

impl<'a> Evaluator<'a> {
    pub(super) fn new(scene: Scene<'a>, source: &'a str, mood: Mood) -> Self {
        let left = STEPS.saturating_add(STEPS_A_BYTE.saturating_mul(scene.article.text().len()));
        Self { scene, source, mood, left: Cell::new(left) }
    }

    pub(super) fn value(&self, term: &'a Term) -> Evaluated<'a> {
        self.spend(1)?;
        Ok(match &term.op {
            Op::Constant(value) => value.borrowed(),
            Op::Field(path) => {
                let Some(place) = self.field(path) else { return Ok(Value::Absent) };
                self.spend(place.node.items().len())?;
                Value::of(place.node)
            }
            Op::Role(role) => self.role(*role),
            Op::Metric(metric) => metrics::measure(*metric, self.scene.article),
            Op::File(part) => Value::Text(metrics::part(*part, self.scene.article.source.path())),
            Op::Today => {
                let clock = self.scene.context.clock;
                clock.map_or(Value::Unknown, |clock| Value::Text(clock.today().to_string().into()))
            }
            Op::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Op::Item(base, key) => self.item(base, key)?,
            Op::Slice(base, start, end) => self.slice(base, start.as_deref(), end.as_deref())?,
            Op::Not(one) => Value::answer(self.value(one)?.truth().map(|truth| !truth)),
            Op::Negative(one) => match self.value(one)? {
                Value::Number(number) => Value::Number(-number),
                value @ (Value::Absent | Value::Unknown) => value,
                value => return Err(self.fault(one, &value, "the rule computes with it")),
            },
            Op::And(left, right) => self.both(left, right, false)?,
            Op::Or(left, right) => self.both(left, right, true)?,
            Op::Compare(first, rest) => self.compare(first, rest)?,
            Op::Arithmetic(op, left, right) => self.arithmetic(*op, left, right)?,
            Op::Concat(left, right) => match (self.value(left)?, self.value(right)?) {
                (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
                (Value::Absent, _) | (_, Value::Absent) => Value::Absent,
                (left, right) => self.text(format!("{left}{right}"))?,
            },
            Op::If(condition, yes, no) => match self.value(condition)?.truth() {
                Some(true) => self.value(yes)?,
                Some(false) => no.as_ref().map_or(Ok(Value::Absent), |no| self.value(no))?,
                None => Value::Unknown,
            },
            Op::Filter(base, call) => self.call(call, self.value(base)?, base)?,
            Op::Test(base, question) => {
                let place = match (&base.op, question.test) {
                    (Op::Field(path), Test::Defined | Test::Undefined) => Some(self.field(path)),
                    (Op::Role(role), Test::Defined | Test::Undefined) => Some(self.place_of_role(*role)),
                    _ => None,
                };
                match place {
                    // A template is there, whatever it will say.
                    Some(place) => {
                        let is_there = place.is_some_and(|place| !place.node.is_null());
                        Value::Bool(is_there == (question.test == Test::Defined))
                    }
                    None => Value::answer(self.ask(question, &self.value(base)?, base)?),
                }
            }
        })
    }

    pub(super) fn spend(&self, steps: usize) -> Result<(), Fault> {
        match self.left.get().checked_sub(steps) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Fault {
                span: None,
                message: format!("the expression \"{}\" takes too much work in this article", self.source),
            }),
        }
    }

    /// A text that was made, and is paid for.
    pub(super) fn text(&self, text: String) -> Evaluated<'a> {
        self.spend(text.len())?;
        Ok(Value::Text(text.into()))
    }

    fn field(&self, path: &[String]) -> Option<Place<'a>> {
        let root = self.scene.article.front_matter.as_ref().and_then(FrontMatter::root)?;
        root.find(path.iter().map(String::as_str))
    }

    fn place_of_role(&self, role: Role) -> Option<Place<'a>> {
        self.scene.context.roles.find(self.scene.article, role)
    }

    /// The value of a role as what the role is: a title that is a number is the text it is written as, and a list may be
    /// written with commas.
    fn role(&self, role: Role) -> Value<'a> {
        let place = self.place_of_role(role);
        // More than one field tells a draft, and the folder does.
        if role == Role::Draft && place.is_none_or(|place| Value::of(place.node) != Value::Unknown) {
            return Value::Bool(self.scene.context.roles.is_draft(self.scene.article));
        }
        let Some(Place { node, .. }) = place else { return Value::Absent };
        let file: &'a str = self.scene.article.text();
        let kinds = role_kinds(role);
        match &node.value {
            _ if role == Role::ReadingTime => {
                reading_time::stated(file, node).map_or(Value::Unknown, |(minutes, _)| Value::Number(minutes))
            }
            data::Value::Number(_) | data::Value::Bool(_) if kinds == Kinds::TEXT => {
                Value::of_text(&file[node.span.range()])
            }
            data::Value::String(text) if kinds == Kinds::LIST => match Value::of_text(text) {
                Value::Text(_) => Value::List(
                    text.split(scalar::is_comma).map(|item| Value::of_text(item.trim())).collect(),
                ),
                other => other,
            },
            _ => Value::of(node),
        }
    }

    fn item(&self, base: &'a Term, key: &'a Term) -> Evaluated<'a> {
        let (value, index) = (self.value(base)?, self.value(key)?);
        Ok(match (value, index) {
            (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
            (Value::Absent, _) | (_, Value::Absent) => Value::Absent,
            (Value::Map(node), Value::Text(key)) => node.get(&key).map_or(Value::Absent, Value::of),
            (Value::List(mut items), Value::Number(index)) => {
                let index = place(index, items.len());
                if index < items.len() { items.swap_remove(index) } else { Value::Absent }
            }
            (value, _) => return Err(self.fault(base, &value, "the rule takes an item of it")),
        })
    }

    fn slice(&self, base: &'a Term, start: Option<&'a Term>, end: Option<&'a Term>) -> Evaluated<'a> {
        let value = self.value(base)?;
        if matches!(value, Value::Absent | Value::Unknown) {
            return Ok(value);
        }
        self.spend(value.size())?;
        let length = match &value {
            Value::Text(text) => text.chars().count(),
            value => value.size(),
        };
        let bound = |term: Option<&'a Term>, otherwise| match term {
            None => Ok(Some(otherwise)),
            Some(term) => match self.value(term)? {
                Value::Number(number) => Ok(Some(place(number, length).min(length))),
                Value::Absent | Value::Unknown => Ok(None),
                value => Err(self.fault(term, &value, "the rule counts with it")),
            },
        };
        let (Some(start), Some(end)) = (bound(start, 0)?, bound(end, length)?) else {
            return Ok(Value::Unknown);
        };
        let count = end.saturating_sub(start);
        match value {
            Value::Text(text) => self.text(text.chars().skip(start).take(count).collect()),
            Value::List(items) => Ok(Value::List(items.into_iter().skip(start).take(count).collect())),
            value => Err(self.fault(base, &value, "the rule takes a part of it")),
        }
    }

    /// `or` where `decisive` is true, `and` where it is false: the side that decides, even where the other is unknown.
    fn both(&self, left: &'a Term, right: &'a Term, decisive: bool) -> Evaluated<'a> {
        let left = self.value(left)?;
        match left.truth() {
            Some(truth) if truth == decisive => Ok(left),
            Some(_) => self.value(right),
            None => {
                let right = self.value(right)?;
                Ok(if right.truth() == Some(decisive) { right } else { Value::Unknown })
            }
        }
    }

    fn compare(&self, first: &'a Term, rest: &'a [(Comparison, Term)]) -> Evaluated<'a> {
        let (mut left, mut left_term) = (self.value(first)?, first);
        let mut answer = Some(true);
        for (op, right_term) in rest {
            let right = self.value(right_term)?;
            match self.compare_two(*op, (&left, left_term), (&right, right_term))? {
                Some(true) => {}
                Some(false) => return Ok(Value::Bool(false)),
                None => answer = None,
            }
            (left, left_term) = (right, right_term);
        }
        Ok(Value::answer(answer))
    }

    fn compare_two(
        &self,
        op: Comparison,
        (left, left_term): (&Value<'a>, &'a Term),
        (right, right_term): (&Value<'a>, &'a Term),
    ) -> Result<Option<bool>, Fault> {
        if matches!(left, Value::Unknown) || matches!(right, Value::Unknown) {
            return Ok(None);
        }
        if matches!(left, Value::Absent) || matches!(right, Value::Absent) {
            let is_denial = matches!(op, Comparison::Unequal | Comparison::NotIn);
            return Ok(self.absent().map(|answer| answer != is_denial));
        }
        let order = match op {
            Comparison::Equal => return Ok(Some(left == right)),
            Comparison::Unequal => return Ok(Some(left != right)),
            Comparison::In => return self.contains((right, right_term), (left, left_term)),
            Comparison::NotIn => {
                let found = self.contains((right, right_term), (left, left_term))?;
                return Ok(found.map(|found| !found));
            }
            _ => match (left, right) {
                (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
                (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
                _ => {
                    // To blame is what has no order at all, or else what the article says: a field before a role, whose
                    // kind is known.
                    let weight = |term: &Term, value: &Value<'_>| {
                        let is_ordered = value.kinds().meets(Kinds::TEXT_OR_NUMBER);
                        let given = self.source_of(term).map(|term| matches!(term.op, Op::Field(_)));
                        (!is_ordered, given.is_some(), given)
                    };
                    let blames_left = weight(left_term, left) >= weight(right_term, right);
                    let (blamed, value, other) =
                        if blames_left { (left_term, left, right) } else { (right_term, right, left) };
                    let why = format!("the rule compares it with {}", other.kinds());
                    return Err(self.fault(blamed, value, &why));
                }
            },
        };
        Ok(order.map(|order| match op {
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::More => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }))
    }

    /// The answer to a question about what is not there.
    pub(super) fn absent(&self) -> Option<bool> {
        match self.mood {
            Mood::When => Some(false),
            Mood::That => None,
        }
    }

    pub(super) fn contains(
        &self,
        (whole, whole_term): (&Value<'a>, &'a Term),
        (part, part_term): (&Value<'a>, &'a Term),
    ) -> Result<Option<bool>, Fault> {
        self.spend(whole.size())?;
        match (whole, part) {
            (Value::List(items), part) => {
                let is_found = items.contains(part);
                Ok(if !is_found && items.contains(&Value::Unknown) { None } else { Some(is_found) })
            }
            (Value::Text(text), Value::Text(part)) => Ok(Some(text.contains(&**part))),
            (Value::Map(node), Value::Text(key)) => Ok(Some(node.get(key).is_some())),
            (Value::Text(_), _) => Err(self.fault(part_term, part, "the rule looks for it in a text")),
            _ => Err(self.fault(whole_term, whole, "the rule looks for something in it")),
        }
    }

    fn arithmetic(&self, op: Arithmetic, left_term: &'a Term, right_term: &'a Term) -> Evaluated<'a> {
        let (left, right) = (self.value(left_term)?, self.value(right_term)?);
        for (value, term) in [(&left, left_term), (&right, right_term)] {
            if !value.kinds().meets(Kinds::NUMBER) {
                return Err(self.fault(term, value, "the rule computes with it"));
            }
        }
        let (Value::Number(left), Value::Number(right)) = (&left, &right) else {
            let is_unknown = left == Value::Unknown || right == Value::Unknown;
            return Ok(if is_unknown { Value::Unknown } else { Value::Absent });
        };
        let result = match op {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::DivideWhole => left.div_euclid(*right),
            Arithmetic::Remainder => left.rem_euclid(*right),
            Arithmetic::Power => left.powf(*right),
        };
        // Nobody knows what a part of nothing is.
        Ok(if result.is_finite() { Value::Number(result) } else { Value::Unknown })
    }

    fn call(&self, call: &'a Call, value: Value<'a>, base: &'a Term) -> Evaluated<'a> {
        if let Call::Plain(Filter::Default, args) = call {
            return if value == Value::Absent { self.value(&args[0]) } else { Ok(value) };
        }
        if let Call::Ask(question) = call {
            return Ok(Value::answer(self.ask(question, &value, base)?));
        }
        if matches!(value, Value::Absent | Value::Unknown) {
            return Ok(value);
        }
        let items = match (call, value) {
            (Call::Plain(filter, args), value) => return self.filter(*filter, args, value, base),
            (_, Value::List(items)) => items,
            (_, value) => return Err(self.fault(base, &value, "the rule goes through its items")),
        };
        self.spend(items.len())?;
        let mut kept = Vec::with_capacity(items.len());
        // The same for all of them, and they may be all the headings in one.
        let mut asked = None;
        for item in items {
            match call {
                Call::Select(question, wanted) => match self.ask_again(question, &item, base, &mut asked)? {
                    Some(answer) if answer == *wanted => kept.push(item),
                    Some(_) => {}
                    None => return Ok(Value::Unknown),
                },
                Call::MapKey(key) => kept.push(match item {
                    Value::Map(node) => node.get(key).map_or(Value::Absent, Value::of),
                    Value::Unknown => Value::Unknown,
                    _ => Value::Absent,
                }),
                Call::Map(call) => kept.push(self.call(call, item, base)?),
                Call::Plain(..) | Call::Ask(_) => unreachable!("these were handled above"),
            }
        }
        Ok(Value::List(kept))
    }

    pub(super) fn day(&self, term: &Term, text: &str) -> Result<jiff::civil::Date, Fault> {
        metrics::day(text).ok_or_else(|| self.not_a(term, text, "date"))
    }

    pub(super) fn not_a(&self, term: &Term, text: &str, what: &str) -> Fault {
        let (span, name) = self.name(term);
        Fault { span, message: format!("{name} is \"{text}\", which the rule cannot read as a {what}") }
    }

    pub(super) fn fault(&self, term: &Term, value: &Value<'_>, why: &str) -> Fault {
        let (span, name) = self.name(term);
        Fault { span, message: format!("{name} is {}, and {why}", value.kinds()) }
    }

    pub(super) fn fault_of_item(&self, term: &Term, item: &Value<'_>, why: &str) -> Fault {
        let (span, name) = self.name(term);
        Fault { span, message: format!("an item of {name} is {}, and {why}", item.kinds()) }
    }

    /// The field or the role that a term is about, in quotes, and its bytes.
    fn name(&self, term: &Term) -> (Option<Span>, String) {
        let file = self.scene.article.text();
        let place = self.place(term);
        let name = match (&term.op, place) {
            (Op::Field(path), _) => path.join("."),
            (Op::Role(_), Some(Place { key_span: Some(key), .. })) => {
                file[key.range()].trim_matches(['"', '\'']).to_owned()
            }
            _ => self.source[term.range.clone()].to_owned(),
        };
        (place.map(span_of), format!("\"{name}\""))
    }

    /// The first field or role in a term that the article has.
    pub(super) fn place(&self, term: &Term) -> Option<Place<'a>> {
        self.place_of(self.source_of(term)?)
    }

    fn source_of<'t>(&self, term: &'t Term) -> Option<&'t Term> {
        let mut found = None;
        term.visit(&mut |term| {
            if found.is_none() && self.place_of(term).is_some() {
                found = Some(term);
            }
        });
        found
    }

    fn place_of(&self, term: &Term) -> Option<Place<'a>> {
        match &term.op {
            Op::Field(path) => self.field(path),
            Op::Role(role) => self.place_of_role(*role),
            _ => None,
        }
    }
}

/// What is marked of a field: its value, or its key where the value is empty or goes over many lines.
pub(in crate::declarative) fn span_of(place: Place<'_>) -> Span {
    let is_scalar = |node: &Node| !matches!(node.value, data::Value::Mapping(_) | data::Value::Sequence(_));
    match place.key_span {
        Some(key) if place.node.span.is_empty() || !is_scalar(place.node) => key,
        _ => place.node.span,
    }
}

/// An index as a place in so many things; a negative one counts from the end.
#[expect(clippy::cast_sign_loss, reason = "it is not negative there, and a cast of a float saturates")]
fn place(index: f64, length: usize) -> usize {
    if index >= 0.0 { index as usize } else { length.saturating_sub((-index) as usize) }
}
