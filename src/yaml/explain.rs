//! The parser's errors in a writer's words, with the bytes that a writer would change.

use granit_parser::ErrorKind;

use super::repair::{self, Repair};
use crate::data::Problem;
use crate::text::{Span, line_end, line_start};

/// Explains an error that the parser met at byte `at` of `text`.
pub(super) fn problem(text: &str, at: usize, kind: &ErrorKind, map: &dyn Fn(usize) -> usize) -> Problem {
    let at = floor_char_boundary(text, at);
    let error = Error { text, at, line: Line::around(text, at) };
    let explained = error
        .about_colon(kind)
        .or_else(|| error.about_open_quote(kind))
        .or_else(|| error.about_value(kind))
        .or_else(|| {
            let (message, help) = error.about_quotes(kind)?;
            Some(Explained { edit: repair::quotes(&error), ..error.here(message, help) })
        })
        .unwrap_or_else(|| match error.about_brackets(kind).or_else(|| about_layout(kind)) {
            Some((message, help)) => error.here(message, help),
            None => Explained {
                start: at,
                end: at,
                message: format!("YAML error: {kind}"),
                help: None,
                edit: None,
            },
        });
    Problem {
        span: Span::new(map(explained.start), map(explained.end.max(explained.start))),
        message: explained.message,
        help: explained.help.map(str::to_owned),
        replacement: explained.edit.and_then(|edit| edit.map(map)),
    }
}

struct Explained {
    start: usize,
    end: usize,
    message: String,
    help: Option<&'static str>,
    /// What would mend it.
    edit: Option<Repair>,
}

/// What is wrong with the character at hand, and what to do.
type Words = (&'static str, &'static str);

const OPEN_QUOTE: Words = (
    "a quote is opened and not closed",
    "close the quote; inside double quotes a `\"` is written `\\\"`, inside single quotes a `'` is written `''`",
);

/// Where the parser stopped.
pub(super) struct Error<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) line: Line<'a>,
}

impl Error<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Marks the character that the parser stopped at.
    fn here(&self, message: &str, help: &'static str) -> Explained {
        let next = self.rest().chars().next().filter(|next| !next.is_control());
        let end = self.at + next.map_or(0, char::len_utf8);
        Explained { start: self.at, end, message: message.to_owned(), help: Some(help), edit: None }
    }

    /// Marks the value of the line, which wants quotes unless it has them: then something else is wrong.
    fn value(&self, message: String) -> Explained {
        let (start, end) = self.line.value(self.at);
        let value = &self.text[start..end];
        // What follows may be a comment; written so, it is rather a part of the text.
        let behind = self.text[end..].trim_start_matches([' ', '\t']);
        let has_hashtag = behind.strip_prefix('#').is_some_and(|tag| tag.starts_with(char::is_alphanumeric));
        let is_quoted = ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote));
        Explained {
            start,
            end,
            message,
            help: Some("put the whole value in quotes"),
            edit: (start < end && !is_quoted && !has_hashtag)
                .then(|| Repair::new(start..end, repair::in_quotes(value))),
        }
    }

    /// The backslash that begins no escape; the parser stops at the quote before it.
    fn wrong_escape(&self) -> usize {
        let mut rest = self.rest().char_indices();
        while let Some((at, letter)) = rest.next() {
            let is_known = |next: char| "0abt\tnvfre \"/\\N_LPxuU\n\r".contains(next);
            if letter == '\\' && rest.next().is_none_or(|(_, next)| !is_known(next)) {
                return self.at + at;
            }
        }
        self.at
    }

    /// The colon of a `key:value` on this line or the one above, which YAML reads as one word.
    fn colon_without_space(&self) -> Option<usize> {
        let above = self.text[..self.line.start].trim_end_matches(['\n', '\r']);
        let above_start = line_start(above, above.len());
        let lines = [(self.line.start, self.line.text), (above_start, &above[above_start..])];
        lines.into_iter().find_map(|(start, line)| {
            let colon = line.find(':')?;
            let is_key = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ' ');
            let (key, value) = (&line[..colon], &line[colon + 1..]);
            let touches = !value.is_empty() && !value.starts_with([' ', '\t', '/', ':']);
            (touches && !key.trim().is_empty() && key.chars().all(is_key)).then_some(start + colon)
        })
    }

    /// A key whose colon has no space behind it.
    fn about_colon(&self, kind: &ErrorKind) -> Option<Explained> {
        let is_layout = matches!(
            kind,
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::MappingValueNotAllowed
        );
        let colon = is_layout.then(|| self.colon_without_space()).flatten()?;
        Some(Explained {
            start: colon,
            end: colon + 1,
            message: "a space is missing behind this colon".to_owned(),
            help: Some("write `key: value`"),
            edit: Some(Repair::new(colon + 1..colon + 1, " ".to_owned())),
        })
    }

    /// A quote on a line above that is never closed: the parser stops where the next one seems to close it.
    fn about_open_quote(&self, kind: &ErrorKind) -> Option<Explained> {
        self.about_quotes(kind)?;
        let start = repair::open_quote(self)?;
        let end = Line::around(self.text, start).value(start).1;
        let quote = &self.text[start..=start];
        let (message, help) = OPEN_QUOTE;
        Some(Explained {
            start,
            end: start + 1,
            message: message.to_owned(),
            help: Some(help),
            edit: Some(Repair::new(end..end, quote.to_owned())),
        })
    }

    /// Errors that are about more than one character.
    fn about_value(&self, kind: &ErrorKind) -> Option<Explained> {
        Some(match kind {
            ErrorKind::TabInBlockIndentation
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart => {
                let behind = self.rest().find('\t').map_or(self.at, |tab| self.at + tab);
                let tab = self.line.text.find('\t').map_or(behind, |tab| self.line.start + tab);
                Explained {
                    start: tab,
                    end: (tab + 1).min(self.text.len()),
                    message: "a tab is used to indent".to_owned(),
                    help: Some("YAML allows only spaces to indent: put spaces in its place"),
                    edit: repair::tabs(self),
                }
            }
            ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed
                if self.line.has_colon_in_value(self.at) =>
            {
                self.value("a colon and a space stand in a text without quotes".to_owned())
            }
            ErrorKind::UnexpectedCharacter { character } => {
                let value = self.value(format!("a text without quotes cannot begin with \"{character}\""));
                let begins = self.text[value.start..].starts_with(*character);
                Explained { edit: value.edit.filter(|_| begins), ..value }
            }
            ErrorKind::UnknownAnchor => {
                let name = self.rest().split(|end: char| end.is_whitespace() || ",]}".contains(end)).next();
                let name = name.unwrap_or_default().trim_start_matches('*');
                self.value(format!(
                    "\"*{name}\" needs quotes: a \"*\" without them repeats a value marked \"&{name}\", and there is none"
                ))
            }
            ErrorKind::InvalidDirectiveName
            | ErrorKind::MissingDirectiveName
            | ErrorKind::MissingDocumentEndBeforeDirective => {
                self.value("a text without quotes cannot begin with \"%\"".to_owned())
            }
            ErrorKind::ExpectedDocumentStart if self.text.starts_with('%') => Explained {
                start: 0,
                end: self.text.find(['\n', '\r']).unwrap_or(self.text.len()),
                message: "a line cannot begin with \"%\"".to_owned(),
                help: Some("put the key in quotes"),
                edit: None,
            },
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidUnicodeEscape => {
                let escape = self.wrong_escape();
                let end =
                    self.text[escape..].char_indices().nth(2).map_or(self.text.len(), |(at, _)| escape + at);
                Explained {
                    start: escape,
                    end,
                    message: "this backslash begins no escape that YAML knows".to_owned(),
                    help: Some("write `\\\\` for a backslash, or put the value in single quotes"),
                    edit: None,
                }
            }
            ErrorKind::MappingValueNotAllowed if self.line.is_deeper_than_the_one_above(self.text) => {
                let (start, end) = self.line.trimmed();
                Explained {
                    start,
                    end,
                    message: "this line is indented, so it continues the text of the line above".to_owned(),
                    help: Some(
                        "move it to the left if it is a key of its own, or put the whole text in quotes",
                    ),
                    edit: None,
                }
            }
            ErrorKind::ExpectedBlockMappingKey if self.line.value_starts_with(&['[', '{']) => {
                self.value("text follows the closing bracket".to_owned())
            }
            ErrorKind::BlockSequenceEntryNotAllowed if self.line.value(self.at).0 == self.at => Explained {
                start: self.at,
                end: self.line.value(self.at).1,
                message: "a list cannot begin on the line of its key".to_owned(),
                help: Some("put each item on a line of its own, or the value in quotes if it is no list"),
                edit: None,
            },
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
                let (start, end) = self.line.trimmed();
                Explained {
                    start,
                    end,
                    message: "this line has no `key: value`".to_owned(),
                    help: Some(
                        "write a key and a colon before it, or indent it if it belongs to the line above",
                    ),
                    edit: None,
                }
            }
            _ => return None,
        })
    }

    fn about_quotes(&self, kind: &ErrorKind) -> Option<Words> {
        Some(match kind {
            ErrorKind::UnclosedQuotedScalar
            | ErrorKind::UnexpectedEof
            | ErrorKind::DocumentIndicatorInQuotedScalar => OPEN_QUOTE,
            ErrorKind::InvalidTrailingDoubleQuotedScalar => (
                "text follows the closing quote",
                "write a `\"` inside a text in double quotes as `\\\"`, or put the whole value in single quotes",
            ),
            ErrorKind::InvalidTrailingSingleQuotedScalar => (
                "text follows the closing quote",
                "write a `'` inside a text in single quotes as `''`, or put the whole value in double quotes",
            ),
            ErrorKind::ExpectedBlockMappingKey if self.line.value_starts_with(&['"', '\'']) => (
                "text follows the closing quote",
                "write a quote inside a text in double quotes as `\\\"`, one inside a text in single quotes as `''`",
            ),
            ErrorKind::InvalidQuotedScalarIndent | ErrorKind::InvalidFlowScalarIndent => {
                ("the next line of a quoted text is not indented", "indent it deeper than its key")
            }
            _ => return None,
        })
    }

    fn about_brackets(&self, kind: &ErrorKind) -> Option<Words> {
        Some(match kind {
            ErrorKind::InvalidColonPlacement => (
                "a colon stands where none can",
                "close the bracket or quote that was opened before it, or put a text that holds a colon in quotes",
            ),
            _ if self.rest().starts_with(',') => (
                "a value is missing before this comma",
                "take the comma out, or put a text that begins with one in quotes",
            ),
            ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping => (
                "a \"[\" or \"{\" is opened and not closed",
                "close it, or put a text that begins with it in quotes",
            ),
            ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => (
                "this bracket closes nothing that was opened",
                "take it out, or put the text that holds it in quotes",
            ),
            ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator => (
                "a comma or the closing bracket is missing before this",
                "put commas between the items, and a text that holds brackets, quotes or commas in quotes",
            ),
            _ => return None,
        })
    }
}

fn about_layout(kind: &ErrorKind) -> Option<Words> {
    Some(match kind {
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::MappingKeyNotAllowed => (
            "this does not fit the lines above",
            "indent keys of one mapping alike, and put a text that holds `: ` in quotes",
        ),
        ErrorKind::RecursionLimitExceeded => {
            ("lists and mappings nest too deep", "write it with fewer levels")
        }
        _ => return None,
    })
}

/// The line that an error stands in.
pub(super) struct Line<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn around(text: &'a str, at: usize) -> Self {
        // An error at a line's end is met behind the line break: look at the line before it.
        let before = text[..at].trim_end_matches(['\n', '\r', ' ', '\t']);
        let at = if text[at..].trim().is_empty() { before.len() } else { at };
        let start = line_start(text, at);
        let end = line_end(text, start);
        Self { start, text: &text[start..end] }
    }

    /// Where the value begins that follows `key: ` or `- ` on this line.
    fn value_start(&self) -> usize {
        let colon = self.text.find(": ").map(|colon| colon + 2);
        let dash = self.text.trim_start().starts_with("- ").then(|| self.text.find('-').unwrap_or(0) + 2);
        let start = colon.or(dash).unwrap_or(0);
        let rest = &self.text[start..];
        start + rest.len() - rest.trim_start().len()
    }

    /// The value of the line without a comment behind it; from `at` on where the line has no value before it.
    pub(super) fn value(&self, at: usize) -> (usize, usize) {
        let behind = &self.text[self.value_start()..];
        let value = behind.find(" #").map_or(behind, |comment| &behind[..comment]);
        let start = self.start + self.value_start();
        let end = start + value.trim_end().len();
        if start < end { (start, end) } else { (at.min(end), end.max(at.min(end))) }
    }

    fn value_starts_with(&self, openings: &[char]) -> bool {
        self.text[self.value_start()..].starts_with(openings)
    }

    /// Whether the line above has a key at the left of this one's.
    fn is_deeper_than_the_one_above(&self, text: &str) -> bool {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let above = text[..self.start].trim_end().rsplit(['\n', '\r']).next().unwrap_or_default();
        above.contains(": ") && indent(above) < indent(self.text)
    }

    /// Whether the colon at or before `at` stands in the value of a `key: value` line.
    fn has_colon_in_value(&self, at: usize) -> bool {
        let first = self.text.find(": ");
        first.is_some_and(|first| self.start + first < at && self.text[first + 2..].contains(':'))
    }

    fn trimmed(&self) -> (usize, usize) {
        let start = self.start + self.text.len() - self.text.trim_start().len();
        (start, (self.start + self.text.trim_end().len()).max(start))
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
