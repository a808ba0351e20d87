//! How a value is written in YAML, TOML and JSON: the ways that come into question, the plainest first.

use serde_json::Value as Json;

use crate::article::Format;
use crate::yaml::{self, Form};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes, as are numbers and dates.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `'''…'''`, of TOML.
    SingleLines,
    /// `"""…"""`, of TOML.
    DoubleLines,
}

impl Style {
    /// The style of a value as it is written.
    pub(super) fn of(written: &str, format: Format) -> Self {
        let is_toml = format == Format::Toml;
        match written.as_bytes() {
            [b'"', b'"', b'"', ..] if is_toml => Self::DoubleLines,
            [b'\'', b'\'', b'\'', ..] if is_toml => Self::SingleLines,
            [b'"', ..] => Self::Double,
            [b'\'', ..] => Self::Single,
            _ => Self::Plain,
        }
    }
}

/// Where something is to be written, as far as that decides how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a> {
    pub(super) format: Format,
    /// The quotes that the front matter uses.
    pub(super) quote: char,
    /// Whether brackets are around it.
    pub(super) in_flow: bool,
    pub(super) line_end: &'a str,
}

impl Writer<'_> {
    /// The ways to write a value in the place of one of this style.
    pub(super) fn value(&self, value: &Json, style: Style) -> Vec<String> {
        match value {
            Json::String(text) => self.text(text, style),
            Json::Null if self.format == Format::Toml => Vec::new(),
            Json::Null | Json::Bool(_) => vec![value.to_string()],
            Json::Number(number) => vec![number_text(&number.to_string())],
            Json::Array(_) | Json::Object(_) => self.collection(value).into_iter().collect(),
        }
    }

    /// The ways to write a text in the place of one of this style.
    pub(super) fn text(&self, text: &str, style: Style) -> Vec<String> {
        let mut ways = Vec::new();
        match (self.format, style) {
            (Format::Json, _) | (_, Style::Double) => {}
            (Format::Yaml, Style::Plain) => {
                if is_plain(text, self.in_flow) {
                    ways.push(text.to_owned());
                }
                ways.extend(self.preferred(text));
            }
            (Format::Toml, Style::Plain) => ways.extend(self.preferred(text)),
            (Format::Toml, Style::DoubleLines | Style::SingleLines) => {
                ways.extend(self.lines(text, style));
                ways.extend(single_quoted(text, self.format).filter(|_| style == Style::SingleLines));
            }
            (Format::Yaml | Format::Toml, _) => ways.extend(single_quoted(text, self.format)),
        }
        ways.push(double_quoted(text));
        ways
    }

    /// The ways to write a key in the place of one of this style.
    pub(super) fn key(&self, key: &str, style: Style) -> Vec<String> {
        let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if self.format == Format::Toml && style == Style::Plain && !key.is_empty() && key.bytes().all(is_bare)
        {
            return vec![key.to_owned()];
        }
        self.text(key, style)
    }

    /// In the quotes of this front matter, unless the others need no escapes where these do.
    fn preferred(&self, text: &str) -> Option<String> {
        let is_escaped = text.contains(['"', '\\']);
        let fits = if self.quote == '\'' { is_escaped || !text.contains('\'') } else { is_escaped };
        let is_single = fits && (self.quote == '\'' || !text.contains('\''));
        single_quoted(text, self.format).filter(|_| is_single)
    }

    /// A text of TOML in three quotes at each end.
    fn lines(&self, text: &str, style: Style) -> Option<String> {
        let is_plain = |letter: char| letter == '\n' || !needs_escape(letter);
        if !text.chars().all(is_plain) {
            return None;
        }
        let quotes = if style == Style::SingleLines { "'''" } else { "\"\"\"" };
        if text.contains(quotes) || text.ends_with(&quotes[..1]) {
            return None;
        }
        let text = if style == Style::SingleLines { text.to_owned() } else { text.replace('\\', "\\\\") };
        // A line end right behind the opening quotes is no part of the text.
        let opening = if text.contains('\n') { self.line_end } else { "" };
        Some(format!("{quotes}{opening}{}{quotes}", text.replace('\n', self.line_end)))
    }

    /// A list or mapping in brackets, on one line.
    fn collection(&self, value: &Json) -> Option<String> {
        let inside = Self { in_flow: true, ..*self };
        let first = |ways: Vec<String>| ways.into_iter().next();
        match value {
            Json::Array(items) => {
                let items = items.iter().map(|item| first(inside.value(item, Style::Plain)));
                Some(format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            Json::Object(entries) => {
                let colon = if self.format == Format::Toml { " = " } else { ": " };
                let entry = |(key, value): (&String, &Json)| {
                    let key = first(inside.key(key, Style::Plain))?;
                    Some(format!("{key}{colon}{}", first(inside.value(value, Style::Plain))?))
                };
                let entries = entries.iter().map(entry).collect::<Option<Vec<_>>>()?.join(", ");
                let is_spaced = self.format == Format::Toml && !entries.is_empty();
                Some(if is_spaced { format!("{{ {entries} }}") } else { format!("{{{entries}}}") })
            }
            _ => first(inside.value(value, Style::Plain)),
        }
    }
}

/// A number whose exponent is written as YAML 1.1 wants it: with a point before and a sign.
fn number_text(number: &str) -> String {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else { return number.to_owned() };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Whether a character cannot stand for itself in a text: control characters, the line ends that only some know, and
/// the byte-order mark.
pub(super) fn needs_escape(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The escapes are those that YAML, TOML and JSON have in common.
fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if needs_escape(letter) => quoted.extend(format!("\\u{:04X}", u32::from(letter)).chars()),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// `None` where a text cannot be written so.
fn single_quoted(text: &str, format: Format) -> Option<String> {
    let is_right = match format {
        Format::Yaml => true,
        Format::Toml => !text.contains('\''),
        Format::Json => false,
    };
    (is_right && !text.contains(needs_escape)).then(|| format!("'{}'", text.replace('\'', "''")))
}

/// Whether all readers of YAML 1.1 and 1.2 read these characters, without quotes and on one line, as this text.
fn is_plain(text: &str, in_flow: bool) -> bool {
    const FIRST: &str = "!&*?|>@`%\"'#,[]{}-:";
    const OTHERS: [&str; 5] = ["<<", "=", "y", "n", "null"];
    let lower = text.to_lowercase();
    let is_clean = text.trim() == text
        && !text.contains(needs_escape)
        && !text.starts_with(|first| FIRST.contains(first))
        && !text.starts_with("...")
        && text.contains(char::is_alphanumeric)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':');
    // Old readers end a text in brackets at any colon.
    let fits = !in_flow || !text.contains([',', '[', ']', '{', '}', ':']);
    is_clean && fits && !OTHERS.contains(&&*lower) && !is_typed(text, &lower)
}

/// Whether some reader takes a text without quotes for a number, a date, or true or false.
fn is_typed(text: &str, lower: &str) -> bool {
    if Form::of(text).is_some() || ["yes", "no", "on", "off", "true", "false"].contains(&lower) {
        return true;
    }
    let signless = lower.strip_prefix(['+', '-']).unwrap_or(lower);
    if !signless.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    let digits: String = signless.chars().filter(|letter| !matches!(letter, '_' | ',')).collect();
    let is_number = |text: &str| yaml::parse(text, 0).root.is_some_and(|root| root.as_str().is_none());
    let is_of_base = |prefix| {
        let rest = digits.strip_prefix(prefix);
        rest.is_some_and(|rest: &str| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let is_base_60 = || {
        digits.contains(':')
            && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
    };
    // Infinity, and what is not a number.
    matches!(digits.as_str(), ".inf" | ".nan")
        || ["0x", "0b", "0o"].into_iter().any(is_of_base)
        || is_base_60()
        || (!digits.contains([':', '#', ' ']) && is_number(&digits))
        || Form::of(&digits) == Some(Form::Date)
        || is_date_with_time(&digits)
}

/// `2026-03-01t10:00:00z` in any of its ways.
fn is_date_with_time(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut is_part = |length: usize| {
        parts
            .next()
            .is_some_and(|part| part.len() <= length && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_day = is_part(4) && is_part(2);
    let day = parts.next().unwrap_or_default();
    let rest = day.trim_start_matches(|digit: char| digit.is_ascii_digit());
    is_day
        && rest.len() < day.len()
        && (rest.is_empty() || rest.starts_with(['t', ' ']))
        && rest.chars().all(|letter| letter.is_ascii_digit() || "tz:.+- ".contains(letter))
}
