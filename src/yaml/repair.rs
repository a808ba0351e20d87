//! What to write where the parser stopped, where it is plain what was meant.
//!
//! A repair is a guess: whoever offers it reads the text again with it first.

use std::ops::Range;

use super::explain::{Error, Line};
use crate::finding::Edit;
use crate::text::{Span, line_end, line_start};

/// A text, and the bytes of the parsed text that it takes the place of.
pub(super) struct Repair {
    range: Range<usize>,
    text: String,
}

impl Repair {
    pub(super) fn new(range: Range<usize>, text: String) -> Self {
        Self { range, text }
    }

    /// The same in the file; `None` where the parser has read bytes in between that are not there.
    pub(super) fn map(self, map: &dyn Fn(usize) -> usize) -> Option<Edit> {
        let (start, end) = (map(self.range.start), map(self.range.end));
        (end.checked_sub(start)? == self.range.len()).then(|| Edit::replace(Span::new(start, end), self.text))
    }
}

/// A text in quotes: with as few escapes as can be.
pub(super) fn in_quotes(text: &str) -> String {
    let is_plain = !text.contains(char::is_control);
    if is_plain && !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else if is_plain && !text.contains('\'') {
        format!("'{text}'")
    } else {
        // JSON's texts are YAML's too.
        serde_json::Value::from(text).to_string()
    }
}

/// `{{ title }}`, which a template fills in and YAML takes for a mapping.
pub(super) fn template(text: &str, at: usize) -> Option<Repair> {
    let line = Line::around(text, at);
    let (start, end) = line.value(at);
    let value = &text[start..end];
    (value.starts_with("{{") && value.contains("}}")).then(|| Repair::new(start..end, in_quotes(value)))
}

/// Spaces for the tabs at the beginning of this line and of those below it.
pub(super) fn tabs(error: &Error<'_>) -> Option<Repair> {
    let text = error.text;
    let start = line_start(text, error.at);
    let start = if text[start..].starts_with('\t') { start } else { error.line.start };
    let mut new = String::new();
    let mut end = start;
    while text[end..].starts_with('\t') {
        let line = &text[end..line_end(text, end)];
        let rest = line.trim_start_matches('\t');
        new.extend(["  ".repeat(line.len() - rest.len()).as_str(), rest]);
        end += line.len();
        let next = &text[end..];
        let line_end = ["\r\n", "\n", "\r"].into_iter().find(|end| next.starts_with(end)).unwrap_or_default();
        new.push_str(line_end);
        end += line_end.len();
    }
    (end > start).then(|| Repair::new(start..end, new))
}

/// Where a quote is opened and not closed on its line, though the next line begins with a key: on the line of the error,
/// or above it where the quotes in between are in order.
pub(super) fn open_quote(error: &Error<'_>) -> Option<usize> {
    let mut at = error.line.start;
    loop {
        let line = Line { start: at, text: &error.text[at..line_end(error.text, at)] };
        let (start, end) = line.value(at);
        let value = &error.text[start..end];
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let is_open = quote.is_some_and(|quote| value.len() > 1 && !value[1..].contains(quote));
        if is_open && is_key(next_line(error.text, end)) {
            return (!value.contains('\\') && !line.text.contains(" #")).then_some(start);
        }
        let is_whole = quote.is_some_and(|quote| {
            value.len() > 1 && value.ends_with(quote) && value.matches(quote).count() == 2
        });
        let is_other = quote.is_none() && at < error.line.start && !line.text.trim().is_empty();
        if at == 0 || !(is_whole || is_other) {
            return None;
        }
        let above = error.text[..at].strip_suffix('\n').unwrap_or(&error.text[..at]);
        let above = above.strip_suffix('\r').unwrap_or(above);
        at = line_start(above, above.len());
    }
}

/// Quotes for a text whose own end too early.
pub(super) fn quotes(error: &Error<'_>) -> Option<Repair> {
    let (start, end) = error.line.value(error.at);
    let value = &error.text[start..end];
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    // What stands behind a `#` may be a comment, and an escape was written for these quotes.
    if value.contains('\\') || error.line.text.contains(" #") {
        return None;
    }
    let inside = &value[1..];
    let meant = match inside.strip_suffix(quote) {
        Some(inside) if inside.contains(quote) && are_within(inside, quote) => inside,
        Some(_) => return None,
        None => {
            // "Doors" of the old town
            let (_, rest) = inside.split_once(quote)?;
            let goes_on = rest.strip_prefix(' ')?.starts_with(char::is_alphanumeric);
            (goes_on && !rest.contains(quote)).then_some(value)?
        }
    };
    Some(Repair::new(start..end, in_quotes(meant)))
}

/// Whether all these quotes belong to the text: apostrophes between letters, or pairs around words. What looks like
/// several texts in a row was meant as a list.
fn are_within(inside: &str, quote: char) -> bool {
    let mut opens = true;
    inside.match_indices(quote).all(|(at, _)| {
        let before = inside[..at].chars().next_back();
        let behind = inside[at + 1..].chars().next();
        if quote == '\'' {
            return before.is_some_and(char::is_alphanumeric) && behind.is_some_and(char::is_alphanumeric);
        }
        let is_right = if opens {
            before.is_none_or(|before| before == ' ' || before == '(')
                && behind.is_some_and(char::is_alphanumeric)
        } else {
            before.is_some_and(|before| before != ' ')
                && behind.is_none_or(|behind| behind == ' ' || ".,;:!?)".contains(behind))
        };
        opens = !opens;
        is_right
    }) && opens
}

/// The next line that says something.
fn next_line(text: &str, at: usize) -> &str {
    text[line_end(text, at)..].split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or_default()
}

/// Whether a line is none, or begins with a key.
fn is_key(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("- ");
    let is_word = |key: &str| key.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter));
    line.is_empty()
        || line.split_once(':').is_some_and(|(key, rest)| {
            !key.is_empty() && is_word(key) && (rest.is_empty() || rest.starts_with(' '))
        })
}
