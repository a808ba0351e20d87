//! The parser's errors in a writer's words, with the bytes that a writer would change.

use granit_parser::ErrorKind;

use crate::data::Problem;
use crate::text::Span;

/// Explains an error that the parser met at byte `at` of `text`.
pub(super) fn problem(text: &str, at: usize, kind: &ErrorKind, map: &dyn Fn(usize) -> usize) -> Problem {
    let at = floor_char_boundary(text, at);
    let line = Line::around(text, at);
    let explained = explain(text, at, kind, &line);
    Problem {
        span: Span::new(map(explained.start), map(explained.end.max(explained.start))),
        message: explained.message,
        help: explained.help.map(str::to_owned),
    }
}

struct Explained {
    start: usize,
    end: usize,
    message: String,
    help: Option<&'static str>,
}

const QUOTE_IT: &str = "put the whole value in quotes";

fn explain(text: &str, at: usize, kind: &ErrorKind, line: &Line<'_>) -> Explained {
    let here = |message: &str, help| {
        let end = at + text[at..].chars().next().filter(|next| !next.is_control()).map_or(0, char::len_utf8);
        Explained { start: at, end, message: message.to_owned(), help: Some(help) }
    };
    let value = |message: String| {
        let (start, end) = line.value(at);
        Explained { start, end, message, help: Some(QUOTE_IT) }
    };
    match kind {
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            let tab = text[at..].find('\t').map_or(at, |tab| at + tab);
            let tab = line.text.find('\t').map_or(tab, |tab| line.start + tab);
            Explained {
                start: tab,
                end: (tab + 1).min(text.len()),
                message: "a tab is used to indent".to_owned(),
                help: Some("YAML allows only spaces to indent: put spaces in its place"),
            }
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed
            if line.has_colon_in_value(at) =>
        {
            value("a colon and a space stand in a text without quotes".to_owned())
        }
        ErrorKind::UnexpectedCharacter { character } => {
            value(format!("a text without quotes cannot begin with \"{character}\""))
        }
        ErrorKind::UnknownAnchor => {
            let name = text[at..].split(|end: char| end.is_whitespace() || ",]}".contains(end)).next();
            let name = name.unwrap_or_default().trim_start_matches('*');
            value(format!("\"*{name}\" repeats the value marked \"&{name}\", and there is none"))
        }
        ErrorKind::InvalidDirectiveName
        | ErrorKind::MissingDirectiveName
        | ErrorKind::MissingDocumentEndBeforeDirective => {
            value("a text without quotes cannot begin with \"%\"".to_owned())
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::UnexpectedEof
        | ErrorKind::DocumentIndicatorInQuotedScalar => here(
            "a quote is opened and not closed",
            "close the quote; inside double quotes a `\"` is written `\\\"`, inside single quotes a `'` is written `''`",
        ),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => here(
            "text follows the closing quote",
            "write a `\"` inside a text in double quotes as `\\\"`, or put the whole value in single quotes",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar => here(
            "text follows the closing quote",
            "write a `'` inside a text in single quotes as `''`, or put the whole value in double quotes",
        ),
        ErrorKind::ExpectedBlockMappingKey if line.value_is_quoted() => here(
            "text follows the closing quote",
            "write a quote inside a text in double quotes as `\\\"`, one inside a text in single quotes as `''`",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => here(
            "this backslash begins no escape that YAML knows",
            "write `\\\\` for a backslash, or put the value in single quotes",
        ),
        ErrorKind::ExpectedDocumentStart if text.starts_with('%') => {
            let end = text.find(['\n', '\r']).unwrap_or(text.len());
            let message = "a line cannot begin with \"%\"".to_owned();
            Explained { start: 0, end, message, help: Some("put the key in quotes") }
        }
        ErrorKind::BlockSequenceEntryNotAllowed if line.value(at).0 == at => Explained {
            start: at,
            end: line.value(at).1,
            message: "a list cannot begin on the line of its key".to_owned(),
            help: Some("put each item on a line of its own, or the value in quotes if it is no list"),
        },
        ErrorKind::InvalidColonPlacement => here(
            "a colon stands where none can",
            "close the bracket or quote that was opened before it, or put a text that holds a colon in quotes",
        ),
        _ if text[at..].starts_with(',') => here(
            "a value is missing before this comma",
            "take the comma out, or put a text that begins with one in quotes",
        ),
        ErrorKind::UnclosedFlowCollection { open } => here(
            &format!("\"{open}\" is opened and not closed"),
            "close it, or put a text that begins with it in quotes",
        ),
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => here(
            "a \"[\" or \"{\" is opened and not closed",
            "close it, or put a text that begins with it in quotes",
        ),
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => here(
            "this bracket closes nothing that was opened",
            "take it out, or put the text that holds it in quotes",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator => here(
            "a `,` or the closing bracket is missing before this",
            "put commas between the items, and a text that holds brackets, quotes or commas in quotes",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            let (start, end) = line.trimmed();
            Explained {
                start,
                end,
                message: "this line has no `key: value`".to_owned(),
                help: Some("write a key and a colon before it, or indent it if it belongs to the line above"),
            }
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::MappingKeyNotAllowed => here(
            "this does not fit the lines above",
            "indent keys of one mapping alike, and put a text that holds `: ` in quotes",
        ),
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::InvalidFlowScalarIndent => {
            here("the next line of a quoted text is not indented", "indent it deeper than its key")
        }
        ErrorKind::RecursionLimitExceeded => {
            here("lists and mappings nest too deep", "write it with fewer levels")
        }
        other => Explained { start: at, end: at, message: format!("YAML error: {other}"), help: None },
    }
}

/// The line that an error stands in.
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn around(text: &'a str, at: usize) -> Self {
        // An error at a line's end is met behind the line break: look at the line before it.
        let before = text[..at].trim_end_matches(['\n', '\r', ' ', '\t']);
        let at = if text[at..].trim().is_empty() { before.len() } else { at };
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
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

    /// The value of the line; from `at` on where the line has no value before it.
    fn value(&self, at: usize) -> (usize, usize) {
        let end = self.start + self.text.trim_end().len();
        let start = self.start + self.value_start();
        if start < end { (start, end) } else { (at.min(end), end.max(at.min(end))) }
    }

    fn value_is_quoted(&self) -> bool {
        self.text[self.value_start()..].starts_with(['"', '\''])
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
