//! The reading time fits the number of words.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::finding::{Edit, Fix};
use crate::rule::reading_time::{Pace, stated};
use crate::rule::{Check, Context, Sink};

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

impl Check for ReadingTime {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(place) = context.roles.find(article, Role::ReadingTime) else { return };
        let Some((stated, digits)) = stated(article.text(), place.node) else { return };
        let (counted, cjk) = match self.count {
            Count::Source => article.body.source_words(article.text()),
            Count::Text => {
                let words = article.body.words(article.text());
                (words.visible, words.cjk)
            }
        };
        if counted + cjk == 0 {
            return;
        }
        let speed = Pace { words: self.words_per_minute, cjk: self.cjk_characters_per_minute };
        let right = self.round(speed.minutes(counted, cjk));
        if (stated - right).abs() <= self.tolerance {
            return;
        }
        let and_cjk = if cjk > 0 { format!(" and {cjk} CJK characters") } else { String::new() };
        let (word, take) = if counted == 1 { ("word", "takes") } else { ("words", "take") };
        let message = format!(
            "the reading time is {stated} {}, but {counted} {word}{and_cjk} {take} {right}",
            if (stated - 1.0).abs() < f64::EPSILON { "minute" } else { "minutes" },
        );
        sink.report(place.node.span, message)
            .help(self.explanation(cjk > 0))
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
