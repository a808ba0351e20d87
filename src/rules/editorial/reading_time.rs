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
        let (word, take) = if counted == 1 { ("word", "takes") } else { ("words", "take") };
        let message = format!(
            "the reading time is {stated} {}, but {counted} {word}{cjk} {take} {right}",
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

/// The minutes that a value states, as a number or as a text like `5 min read`, and the bytes of the number. A text
/// with more numbers (`9:30`, `5-7 min`) says something else.
fn minutes(text: &str, node: &Node) -> Option<(f64, Span)> {
    let written = &text[node.span.range()];
    match &node.value {
        Value::Number(number) => {
            let is_decimal = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            Some((number.as_f64().filter(|_| is_decimal)?, node.span))
        }
        Value::String(value) => {
            let value = value.trim();
            let unit = value.trim_start_matches(|digit: char| digit.is_ascii_digit());
            let (digits, unit) = (&value[..value.len() - unit.len()], unit.trim_start());
            let is_plain =
                unit.starts_with(char::is_alphabetic) && !unit.contains(|letter: char| letter.is_numeric());
            let start =
                written.find(digits).filter(|_| !digits.is_empty() && (unit.is_empty() || is_plain))?;
            let span = Span::new(start, start + digits.len()).shifted(node.span.start as usize);
            digits.parse().ok().map(|minutes| (minutes, span))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_number_of_minutes_is_one() {
        let cases = [
            ("7", Some((7.0, "7"))),
            ("7.5", Some((7.5, "7.5"))),
            ("\"7\"", Some((7.0, "7"))),
            ("7 min read", Some((7.0, "7"))),
            ("' 7min'", Some((7.0, "7"))),
            ("-1", None),
            ("0x1F", None),
            ("9-12 min", None),
            ("'9:30'", None),
            ("12:30", None),
            ("9_0", None),
            ("7 of 9", None),
            ("about 7 minutes", None),
            ("PT9M", None),
            ("[7]", None),
        ];
        for (value, expected) in cases {
            let text = format!("t: {value}\n");
            let document = crate::yaml::parse(&text, 0);
            let node = document.root.as_ref().and_then(|root| root.get("t")).expect("it parses");
            let found = minutes(&text, node).map(|(minutes, span)| (minutes, &text[span.range()]));
            assert_eq!(found, expected, "{value}");
        }
    }
}
