//! The reading time fits the number of words.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::data::{Node, Value};
use crate::finding::{Edit, Fix};
use crate::rule::{ArticleCheck, Context, Sink};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ReadingTime {
    words_per_minute: f64,
    cjk_characters_per_minute: f64,
    rounding: Rounding,
    tolerance: f64,
    count: Count,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Rounding {
    Up,
    Nearest,
    Down,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Count {
    Source,
    Text,
}

impl ArticleCheck for ReadingTime {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(place) = context.roles.find(article, Role::ReadingTime) else { return };
        let Some((stated, digits)) = minutes(article.text(), place.node) else { return };
        let words = article.body.words(article.text());
        let counted = match self.count {
            Count::Source => words.source,
            Count::Text => words.visible,
        };
        if counted + words.cjk == 0 {
            return;
        }
        let right = self.round(
            f64::from(counted) / self.words_per_minute
                + f64::from(words.cjk) / self.cjk_characters_per_minute,
        );
        if (stated - right).abs() <= self.tolerance {
            return;
        }
        let cjk = if words.cjk > 0 { format!(" and {} CJK characters", words.cjk) } else { String::new() };
        let message = format!(
            "the reading time is {stated} {}, but {counted} words{cjk} take {right}",
            if (stated - 1.0).abs() < f64::EPSILON { "minute" } else { "minutes" },
        );
        sink.report(place.node.span, message)
            .help(self.explanation(words.cjk > 0))
            .fix(Fix::safe(format!("write {right}"), [Edit::replace(digits, right.to_string())]));
    }
}

impl ReadingTime {
    /// Nobody reads in no time: at least one minute.
    fn round(&self, minutes: f64) -> f64 {
        let rounded = match self.rounding {
            Rounding::Up => minutes.ceil(),
            Rounding::Nearest => minutes.round(),
            Rounding::Down => minutes.floor(),
        };
        rounded.max(1.0)
    }

    fn explanation(&self, has_cjk: bool) -> String {
        let cjk = if has_cjk {
            format!(" and {} CJK characters", self.cjk_characters_per_minute)
        } else {
            String::new()
        };
        let rounding = match self.rounding {
            Rounding::Up => "up",
            Rounding::Nearest => "to the nearest minute",
            Rounding::Down => "down",
        };
        let tolerance = match self.tolerance {
            0.0 => "it must be exact".to_owned(),
            tolerance => format!("it may be off by {tolerance}"),
        };
        format!("{} words{cjk} a minute, rounded {rounding}; {tolerance}", self.words_per_minute)
    }
}

/// The minutes that a value states, as a number or as a text like `5 min read`, and the bytes of the number.
fn minutes(text: &str, node: &Node) -> Option<(f64, Span)> {
    let written = &text[node.span.range()];
    let start = written.find(|first: char| first.is_ascii_digit())?;
    match &node.value {
        Value::Number(number) => Some((number.as_f64()?, node.span)),
        Value::String(value) => {
            let digits = value.trim_start().split(|end: char| !end.is_ascii_digit()).next()?;
            let span = Span::new(start, start + digits.len()).shifted(node.span.start as usize);
            (&text[span.range()] == digits).then(|| digits.parse().ok())?.map(|minutes| (minutes, span))
        }
        _ => None,
    }
}
