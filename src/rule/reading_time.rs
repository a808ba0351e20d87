//! How long a text takes to read, and what time a field states.

use crate::article::body::Words;
use crate::data::{Node, Value};
use crate::text::Span;

/// How much a reader reads in a minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pace {
    /// Words.
    pub(crate) words: f64,
    /// Characters of scripts written without spaces.
    pub(crate) cjk: f64,
}

impl Pace {
    /// That of the rule's page; its own test holds the two together.
    pub(crate) const USUAL: Self = Self { words: 200.0, cjk: 500.0 };

    /// The minutes that so many words and characters take, not rounded.
    pub(crate) fn minutes(self, words: u32, cjk: u32) -> f64 {
        f64::from(words) / self.words + f64::from(cjk) / self.cjk
    }
}

/// The whole minutes that a body takes by the defaults of the rule; `None` of one without words.
pub(crate) fn usual(words: Words) -> Option<f64> {
    let is_empty = words.source + words.cjk == 0;
    (!is_empty).then(|| Pace::USUAL.minutes(words.source, words.cjk).ceil().max(1.0))
}

/// The minutes that a value states, as a number or as a text like `5 min read`, and the bytes of the number. A text
/// with more numbers (`9:30`, `5-7 min`) says something else.
pub(crate) fn stated(text: &str, node: &Node) -> Option<(f64, Span)> {
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
    use crate::rules::Catalog;

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
            let found = stated(&text, node).map(|(minutes, span)| (minutes, &text[span.range()]));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn the_usual_pace_is_that_of_the_page() {
        let page = Catalog::built_in().get("reading-time").expect("it is one of our rules");
        let default = |name: &str| page.options.iter().find(|option| option.name == name)?.default.as_f64();
        let words = default("words-per-minute").expect("a number");
        let cjk = default("cjk-characters-per-minute").expect("a number");
        assert_eq!(Pace { words, cjk }, Pace::USUAL);
    }
}
