//! What filters make of a value, and what tests answer about it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

use super::evaluate::{Evaluated, Evaluator};
use super::term::{Question, Term};
use super::value::{Kinds, Value};
use super::vocabulary::{FILTERS, Filter, TESTS, Test};
use super::{Fault, metrics};
use crate::article::body::Words;
use crate::rule::slug;

/// The arguments of a filter or a test, or what the whole comes to where one of them is not there.
pub(super) type Args<'a> = Result<Vec<Value<'a>>, Value<'a>>;

impl<'a> Evaluator<'a> {
    /// What a filter makes of a value that is there.
    pub(super) fn filter(
        &self,
        filter: Filter,
        args: &'a [Term],
        value: Value<'a>,
        base: &'a Term,
    ) -> Evaluated<'a> {
        let known = FILTERS.iter().find(|known| known.word == filter).expect("every filter is in the table");
        if !value.kinds().meets(known.takes) {
            return Err(self.fault(base, &value, &format!("\"{}\" takes {}", known.name, known.takes)));
        }
        self.spend(value.size())?;
        let args = match self.args(args, known.name, known.args)? {
            Ok(args) => args,
            Err(missing) => return Ok(missing),
        };
        let text = |index: usize| match args.get(index) {
            Some(Value::Text(text)) => &**text,
            _ => "",
        };
        Ok(match (filter, value) {
            (Filter::Abs, Value::Number(number)) => Value::Number(number.abs()),
            (Filter::Round, Value::Number(number)) => {
                let places = match args.first() {
                    Some(Value::Number(places)) => 10_f64.powf(places.clamp(-9.0, 9.0).trunc()),
                    _ => 1.0,
                };
                Value::Number((number * places).round() / places)
            }
            (Filter::Number, Value::Text(text)) => {
                let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                let Some(number) = number else { return Err(self.not_a(base, &text, "number")) };
                Value::Number(number)
            }
            (Filter::DaysSince, Value::Text(date)) => {
                let day = self.day(base, &date)?;
                self.scene.context.clock.map_or(Value::Unknown, |clock| days(day, clock.today()))
            }
            (Filter::DaysBetween, Value::Text(date)) => {
                days(self.day(base, &date)?, self.day(base, text(0))?)
            }
            (Filter::Length, Value::Text(text)) => metrics::count(text.chars().count()),
            (Filter::Length, value) => metrics::count(value.size()),
            (Filter::Words, Value::Text(text)) => {
                let words = Words::seen(&text);
                Value::Number(f64::from(words.visible) + f64::from(words.cjk))
            }
            (Filter::Lower, Value::Text(text)) => self.text(text.to_lowercase())?,
            (Filter::Upper, Value::Text(text)) => self.text(text.to_uppercase())?,
            (Filter::Trim, Value::Text(Cow::Borrowed(text))) => Value::Text(text.trim().into()),
            (Filter::Trim, Value::Text(text)) => self.text(text.trim().to_owned())?,
            (Filter::Slugify, Value::Text(text)) => self.text(slug::slug(&text))?,
            (Filter::Replace, Value::Text(whole)) => {
                // Paid before it is made: the new text may be far longer.
                self.spend(whole.matches(text(0)).count().saturating_mul(text(1).len()))?;
                self.text(whole.replace(text(0), text(1)))?
            }
            (Filter::Split, Value::Text(whole)) => {
                let parts = whole.split(text(0)).filter(|_| !text(0).is_empty());
                Value::List(parts.map(|part| Value::Text(part.to_owned().into())).collect())
            }
            (Filter::First, Value::Text(text)) => self.text(text.chars().next().into_iter().collect())?,
            (Filter::Last, Value::Text(text)) => self.text(text.chars().next_back().into_iter().collect())?,
            (Filter::First, Value::List(items)) => items.into_iter().next().unwrap_or(Value::Absent),
            (Filter::Last, Value::List(items)) => items.into_iter().next_back().unwrap_or(Value::Absent),
            (Filter::Join, Value::List(items)) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                self.text(items.join(text(0)))?
            }
            (Filter::Unique, Value::List(items)) => {
                let mut seen = HashSet::new();
                let is_new = |item: &Value<'_>| seen.insert((item.kinds().to_string(), item.to_string()));
                let mut items = items;
                items.retain(is_new);
                Value::List(items)
            }
            (Filter::Sum, Value::List(items)) => self.sum(&items, base)?,
            (Filter::Max, Value::List(items)) => self.outermost(items, Ordering::Greater, base)?,
            (Filter::Min, Value::List(items)) => self.outermost(items, Ordering::Less, base)?,
            // What a filter gives back as it is.
            (_, value) => value,
        })
    }

    /// The arguments, or what the whole comes to where one of them is not there.
    fn args(&self, args: &'a [Term], name: &str, kinds: &[Kinds]) -> Result<Args<'a>, Fault> {
        let mut values = Vec::with_capacity(args.len());
        for (term, kinds) in args.iter().zip(kinds) {
            let value = self.value(term)?;
            if matches!(value, Value::Absent | Value::Unknown) {
                return Ok(Err(value));
            }
            if !value.kinds().meets(*kinds) {
                return Err(self.fault(term, &value, &format!("\"{name}\" is given {kinds}")));
            }
            values.push(value);
        }
        Ok(Ok(values))
    }

    fn sum(&self, items: &[Value<'a>], base: &'a Term) -> Evaluated<'a> {
        let mut sum = 0.0;
        for item in items {
            match item {
                Value::Number(number) => sum += number,
                Value::Absent | Value::Unknown => return Ok(Value::Unknown),
                item => return Err(self.fault_of_item(base, item, "the rule adds it up")),
            }
        }
        Ok(Value::Number(sum))
    }

    fn outermost(&self, items: Vec<Value<'a>>, wanted: Ordering, base: &'a Term) -> Evaluated<'a> {
        let mut best = Value::Absent;
        for item in items {
            let order = match (&item, &best) {
                (Value::Absent | Value::Unknown, _) => return Ok(Value::Unknown),
                (Value::Number(_) | Value::Text(_), Value::Absent) => Some(wanted),
                (Value::Number(item), Value::Number(best)) => item.partial_cmp(best),
                (Value::Text(item), Value::Text(best)) => Some(item.cmp(best)),
                (item, _) => {
                    return Err(self.fault_of_item(base, item, "the rule compares it with the others"));
                }
            };
            if order == Some(wanted) {
                best = item;
            }
        }
        Ok(best)
    }

    /// The answer to a test; `None` where it is not known.
    pub(super) fn ask(
        &self,
        question: &'a Question,
        value: &Value<'a>,
        base: &'a Term,
    ) -> Result<Option<bool>, Fault> {
        self.ask_again(question, value, base, &mut None)
    }

    /// As [`Evaluator::ask`], with the arguments of the test that an earlier value was asked with.
    pub(super) fn ask_again(
        &self,
        question: &'a Question,
        value: &Value<'a>,
        base: &'a Term,
        args: &mut Option<Args<'a>>,
    ) -> Result<Option<bool>, Fault> {
        let word = question.test;
        match value {
            Value::Absent if word == Test::Defined => return Ok(Some(false)),
            Value::Absent if word == Test::Undefined => return Ok(Some(true)),
            Value::Absent => return Ok(self.absent()),
            Value::Unknown => return Ok(None),
            _ => {}
        }
        let known = TESTS.iter().find(|known| known.word == word).expect("every test is in the table");
        if !value.kinds().meets(known.takes) {
            return Err(self.fault(base, value, &format!("\"{}\" asks about {}", known.name, known.takes)));
        }
        self.spend(value.size())?;
        let args = match args {
            Some(args) => args,
            None => args.insert(self.args(&question.args, known.name, known.args)?),
        };
        let args = match args {
            Ok(args) => args,
            Err(Value::Absent) => return Ok(self.absent()),
            Err(_) => return Ok(None),
        };
        Ok(Some(match (word, value, args.first()) {
            (Test::Defined, ..) => true,
            (Test::Boolean, value, _) => value.kinds() == Kinds::BOOL,
            (Test::List, value, _) => value.kinds() == Kinds::LIST,
            (Test::Mapping, value, _) => value.kinds() == Kinds::MAP,
            (Test::Number, value, _) => value.kinds() == Kinds::NUMBER,
            (Test::Text, value, _) => value.kinds() == Kinds::TEXT,
            (Test::Empty, value, _) => value.truth() == Some(false),
            (Test::Contains, whole, Some(part)) => {
                return self.contains((whole, base), (part, &question.args[0]));
            }
            (Test::In, part, Some(whole)) => {
                return self.contains((whole, &question.args[0]), (part, base));
            }
            (Test::StartsWith, Value::Text(text), Some(Value::Text(start))) => text.starts_with(&**start),
            (Test::EndsWith, Value::Text(text), Some(Value::Text(end))) => text.ends_with(&**end),
            (Test::Matches, Value::Text(text), _) => {
                question.pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
            }
            (Test::Lower, Value::Text(text), _) => !text.chars().any(char::is_uppercase),
            (Test::Upper, Value::Text(text), _) => !text.chars().any(char::is_lowercase),
            _ => false,
        }))
    }
}

fn days(from: jiff::civil::Date, to: jiff::civil::Date) -> Value<'static> {
    from.until(to).map_or(Value::Unknown, |span| Value::Number(f64::from(span.get_days())))
}
