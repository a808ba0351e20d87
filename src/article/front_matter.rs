//! The block of data at the head of an article: where it begins and ends, and what it says.

mod fences;

use crate::data::{Document, Node, Problem};
use crate::text::{Span, behind_mark};
use crate::{toml, yaml};

/// The language of a front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Between lines of `---`.
    Yaml,
    /// Between lines of `+++`.
    Toml,
    /// An object in braces.
    Json,
}

/// The block of data at the head of an article.
#[derive(Debug)]
pub struct FrontMatter {
    /// Its language.
    pub format: Format,
    /// The whole block, fences included.
    pub span: Span,
    /// The opening fence (`---`, `+++`, `{`): where what is missing from the block is reported.
    pub opening: Span,
    /// What stands between the fences; for JSON the object.
    pub content: Span,
    /// What it says.
    pub document: Document,
    /// Why some site generators do not take it for a front matter, or none does.
    pub flaws: Vec<Flaw>,
}

/// What is wrong with the place of a block or with its fences. It is read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Blank lines, or an indentation, stand before the opening fence: these bytes. Only of YAML, since what reads
    /// TOML and JSON reads over them.
    Space(Span),
    /// This text stands before the opening fence.
    Text(Span),
    /// The opening fence is missing: the block begins with this key.
    Unopened(Span),
    /// The opening fence is written with other characters: these.
    Opening(Span),
    /// The closing fence is written with other characters, or indented: its line.
    Closing(Span),
    /// Nothing closes the block, so that it cannot be read.
    Unclosed,
}

impl FrontMatter {
    /// Finds the block at the head of a text, with the offset at which the body begins. `None` where there is none.
    ///
    /// A byte-order mark may stand before it. What is not quite at its place, or has fences that are not quite right, is
    /// found as well where its content leaves no doubt: `---` is a thematic break otherwise.
    #[must_use]
    pub fn find(text: &str) -> Option<(Self, usize)> {
        let start = behind_mark(text);
        let first = start + text[start..].len() - text[start..].trim_start().len();
        let is_indented = !text[start..first].is_empty() && !text[start..first].ends_with(['\n', '\r']);
        let rest = &text[first..];
        if rest.starts_with('{') {
            return if is_indented { None } else { json(text, first) };
        }
        let format = match rest.as_bytes() {
            [b'-', b'-', b'-', ..] => Format::Yaml,
            [b'+', b'+', b'+', ..] => Format::Toml,
            _ => return fences::misplaced(text, start, first),
        };
        let Some((mut block, body)) = fenced(text, first, format) else {
            return fences::misplaced(text, start, first);
        };
        if first > start && format == Format::Yaml {
            block.flaws.insert(0, Flaw::Space(Span::new(start, first)));
        }
        let is_certain = match format {
            _ if is_indented => fences::is_titled(&block),
            Format::Yaml if first > start => fences::is_data(&block),
            _ => true,
        };
        is_certain.then_some((block, body))
    }

    /// The mapping; `None` where the block is empty or could not be read.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.document.root.as_ref()
    }

    /// Whether its values can be relied on: it was read without a mistake.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.document.problems.is_empty()
    }
}

fn fenced(text: &str, start: usize, format: Format) -> Option<(FrontMatter, usize)> {
    let mut lines = Lines { text, at: start };
    let opening = lines.next()?;
    if text[opening.range()].trim_end().len() != 3 {
        return None;
    }
    let opening = Span::new(start, start + 3);
    let content_start = lines.at;
    let closing = lines.find(|line| is_closing(text[line.range()].trim_end(), format));
    let found = closing.map(|closing| (block(text, opening, (content_start, closing), format), lines.at));
    match found {
        Some((block, body)) if block.is_sound() => Some((block, body)),
        _ => fences::oddly_closed(text, opening, content_start, format)
            .or(found)
            .or_else(|| unclosed(text, opening, Span::new(content_start, text.len()), format)),
    }
}

/// The block between two fences; the content begins at an offset and ends at the line of the closing fence.
fn block(text: &str, opening: Span, (start, closing): (usize, Span), format: Format) -> FrontMatter {
    let content = Span::new(start, closing.start as usize);
    let inner = &text[content.range()];
    let mut document = match format {
        Format::Toml => toml::parse(inner, start),
        Format::Yaml | Format::Json => yaml::parse(inner, start),
    };
    require_mapping(&mut document);
    FrontMatter { format, span: opening.to(closing), opening, content, document, flaws: Vec::new() }
}

fn is_closing(line: &str, format: Format) -> bool {
    match format {
        Format::Toml => line == "+++",
        // Jekyll and Pandoc close with dots as well.
        Format::Yaml | Format::Json => line == "---" || line == "...",
    }
}

/// A `---` that nothing closes is a thematic break, unless what follows looks like data.
fn unclosed(text: &str, opening: Span, content: Span, format: Format) -> Option<(FrontMatter, usize)> {
    let first = text[content.range()].split(['\n', '\r']).next().unwrap_or_default();
    // An address is no key.
    let parts = first.split_once([':', '=']).filter(|(_, value)| !value.starts_with("//"));
    let key = parts.map_or("", |(key, _)| key.trim_end());
    let looks_like_data = !key.is_empty()
        && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '"' | '\''));
    if !looks_like_data {
        return None;
    }
    let fence = &text[opening.range()];
    let problem = Problem {
        span: opening,
        message: format!("the front matter is opened with \"{fence}\" and never closed"),
        help: Some(format!("put a line \"{fence}\" behind its last key")),
        replacement: None,
    };
    let document = Document { problems: vec![problem], ..Document::default() };
    let span = opening.to(content);
    let flaws = vec![Flaw::Unclosed];
    Some((FrontMatter { format, span, opening, content, document, flaws }, text.len()))
}

fn require_mapping(document: &mut Document) {
    if let Some(root) = &document.root
        && !matches!(root.value, crate::data::Value::Mapping(_))
        && !root.is_null()
    {
        let problem = Problem {
            span: root.span,
            message: "the front matter is no mapping of keys to values".to_owned(),
            help: Some(
                "write one `key: value` a line; a line `---` at the head of a file opens a front matter"
                    .to_owned(),
            ),
            replacement: None,
        };
        document.problems.push(problem);
        document.root = None;
    }
}

/// An object at the head of the file whose first token is a key, so that `{{ shortcode }}`, `{% tag %}`, `{: .class}`
/// and `{expression}` are none.
fn json(text: &str, start: usize) -> Option<(FrontMatter, usize)> {
    let inside = text[start + 1..].trim_start();
    if !inside.starts_with(['"', '}']) {
        return None;
    }
    let opening = Span::new(start, start + 1);
    let end = closing_brace(&text[start..]).map(|end| start + end);
    let is_empty = inside.starts_with('}');
    let is_key = is_empty || key_follows(inside);
    let rest = end.map_or("", |end| &text[end..]);
    let line_ends = rest.is_empty() || rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    if !is_key || !line_ends {
        return None;
    }
    let Some(end) = end else {
        let content = Span::new(start, text.len());
        let problem = Problem {
            span: opening,
            message: "the front matter is opened with \"{\" and never closed".to_owned(),
            help: Some("put a \"}\" behind its last key".to_owned()),
            replacement: None,
        };
        let document = Document { problems: vec![problem], ..Document::default() };
        let (format, flaws) = (Format::Json, vec![Flaw::Unclosed]);
        return Some((FrontMatter { format, span: content, opening, content, document, flaws }, text.len()));
    };
    let content = Span::new(start, end);
    let inner = &text[start..end];
    let mut document = yaml::parse(inner, start);
    // YAML reads more than JSON allows: comments, single quotes, trailing commas.
    if document.problems.is_empty()
        && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(inner)
    {
        document.problems.push(json_problem(&error, inner, start));
        document.root = None;
    }
    // The rest of the line is blank, as checked above: the body begins on the next.
    let mut lines = Lines { text, at: end };
    lines.next();
    let (format, flaws) = (Format::Json, Vec::new());
    Some((FrontMatter { format, span: content, opening, content, document, flaws }, lines.at))
}

fn key_follows(inside: &str) -> bool {
    let mut escaped = false;
    for (at, character) in inside.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return inside[at + 1..].trim_start().starts_with(':'),
            '\n' | '\r' => return false,
            _ => {}
        }
    }
    false
}

/// One past the brace that closes the first one.
fn closing_brace(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn json_problem(error: &serde_json::Error, inner: &str, start: usize) -> Problem {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => inner.match_indices('\n').nth(line - 2).map_or(inner.len(), |(at, _)| at + 1),
    };
    let mut at = (line_start + error.column().saturating_sub(1)).min(inner.len());
    while !inner.is_char_boundary(at) {
        at -= 1;
    }
    let text = error.to_string();
    let message = match inner.as_bytes().get(at) {
        Some(b'}' | b']') if text.starts_with("key must be") || text.starts_with("trailing comma") => {
            "a comma stands before the closing bracket"
        }
        Some(b'\'') => "a text of JSON stands in double quotes",
        Some(b'#' | b'/') => "JSON has no comments",
        _ => text.split(" at line ").next().unwrap_or(&text),
    };
    let end = at + inner[at..].chars().next().map_or(0, char::len_utf8);
    Problem {
        span: Span::new(start + at, start + end),
        message: format!("JSON error: {message}"),
        help: None,
        replacement: None,
    }
}

/// Lines without their ends (LF, CRLF, lone CR), with their places; `at` is where the next one begins.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let line = Span::new(self.at, self.at + length);
        let line_break =
            if rest[length..].starts_with("\r\n") { 2 } else { usize::from(length < rest.len()) };
        self.at += length + line_break;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format, the content between the fences, and the body.
    fn parts(text: &str) -> Option<(Format, &str, &str)> {
        let (block, body) = FrontMatter::find(text)?;
        Some((block.format, &text[block.content.range()], &text[body..]))
    }

    #[test]
    fn blocks_are_found_with_every_line_end() {
        use Format::{Json, Toml, Yaml};
        let cases = [
            ("---\na: 1\n---\nbody", Some((Yaml, "a: 1\n", "body"))),
            ("---\r\na: 1\r\n---\r\nbody", Some((Yaml, "a: 1\r\n", "body"))),
            ("---\ra: 1\r---\rbody", Some((Yaml, "a: 1\r", "body"))),
            ("\u{feff}---\na: 1\n---", Some((Yaml, "a: 1\n", ""))),
            ("--- \na: 1\n...\nbody", Some((Yaml, "a: 1\n", "body"))),
            ("---\n---\n", Some((Yaml, "", ""))),
            ("\n\n---\na: 1\n---\nbody", Some((Yaml, "a: 1\n", "body"))),
            ("\n+++\na = 1\n+++\nbody", Some((Toml, "a = 1\n", "body"))),
            ("{\"a\": {\"b\": \"}\"}}\nbody", Some((Json, "{\"a\": {\"b\": \"}\"}}", "body"))),
            ("{\n  \"a\": 1\n}", Some((Json, "{\n  \"a\": 1\n}", ""))),
            ("{}\n\nbody", Some((Json, "{}", "\nbody"))),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_block_is_none() {
        let cases = [
            "",
            "# Doors\n",
            "---",
            "----\na: 1\n----\n",
            "  ---\na: 1\n---\n",
            "---\n\nNothing closes this break.\n",
            "---\nBreak \n",
            "---\nhttps://example.org\n",
            "---\rBreak\r",
            "\n---\nA break, not a fence.\n\n---\n",
            "{{< figure src=\"a.png\" >}}\n",
            "{% include a.html %}\n",
            "{: .class}\n",
            "{\"a sentence in quotes\"} opens this page.\n",
            "{\"a\": 1} and more text\n",
        ];
        for text in cases {
            assert_eq!(parts(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_meant_as_a_block_is_found_with_its_flaws() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("\n---\na: 1\n---\nbody", "a: 1\n", &["space"]),
            ("  ---\ntitle: a\nb: 1\n---\nbody", "title: a\nb: 1\n", &["space"]),
            ("---\na: 1\n----\nbody", "a: 1\n", &["closing"]),
            ("---\na: 1\n—\nbody\n---\nmore", "a: 1\n", &["closing"]),
            ("---\na: 1\n***\nbody", "a: 1\n", &["closing"]),
            ("---\na: 1\n ---\nbody\n", "a: 1\n", &["closing"]),
            ("+++\na = 1\n---\nbody", "a = 1\n", &["closing"]),
            ("----\ntitle: a\nb: 1\n----\nbody", "title: a\nb: 1\n", &["opening", "closing"]),
            ("\u{feff}—\r\ntitle: a\r\nb: 1\r\n---\r\nbody", "title: a\r\nb: 1\r\n", &["opening"]),
            ("<!-- lint off -->\n---\ntitle: a\nb: 1\n---\nbody", "title: a\nb: 1\n", &["text"]),
            ("title: a\nb:\n  - c\n---\nbody", "title: a\nb:\n  - c\n", &["unopened"]),
            ("---\na: 1\nno fence", "a: 1\nno fence", &["unclosed"]),
            ("{\"a\": 1", "{\"a\": 1", &["unclosed"]),
        ];
        for (text, content, flaws) in cases {
            let (block, body) = FrontMatter::find(text).unwrap_or_else(|| panic!("{text:?} has a block"));
            let name = |flaw: &Flaw| match flaw {
                Flaw::Space(_) => "space",
                Flaw::Text(_) => "text",
                Flaw::Unopened(_) => "unopened",
                Flaw::Opening(_) => "opening",
                Flaw::Closing(_) => "closing",
                Flaw::Unclosed => "unclosed",
            };
            assert_eq!(block.flaws.iter().map(name).collect::<Vec<_>>(), *flaws, "{text:?}");
            assert_eq!(&text[block.content.range()], *content, "{text:?}");
            assert!(text[body..].is_empty() || text[body..].starts_with("body"), "{text:?}");
        }
    }

    #[test]
    fn breaks_and_headings_are_no_fences() {
        let cases = [
            "Text\n\n---\nNote: this\n---\n",
            "Text\n\n---\ntitle: a sentence with a colon\n---\n",
            "Text\n\n---\nlayout: center\nclass: big\n---\n",
            "```yaml\n---\ntitle: a\nb: 1\n---\n```\n",
            "<!--\n---\ntitle: a\nb: 1\n---\n-->\n",
            "Text\n\n---\n\nMore\n\n---\ntitle: a\nb: 1\n---\n",
            "    ---\n    code\n    ---\n",
            "\n---\nNote: this\n---\n",
            "----\na: 1\nb: 2\n----\n",
            "title: a\nb: 1\n\nText\n\n---\n",
            "Note: a sentence\nand: more\n---\n",
            "- - -\ntitle: a\nb: 1\n- - -\n",
            "| a |\n|---|\n| b |\n",
        ];
        for text in cases {
            assert_eq!(parts(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_line_within_a_broken_block_does_not_close_it() {
        for text in ["---\na: b: c\nd: |\n  ---\n---\n", "---\na: 1\n***\nb: c: d\n---\n"] {
            let (block, _) = FrontMatter::find(text).expect("it has a block");
            assert_eq!(block.flaws, [], "{text:?}");
            assert!(!block.is_sound());
        }
    }

    #[test]
    fn what_is_wrong_with_a_block_is_a_problem_with_a_place() {
        let cases = [
            ("---\ntitle: Doors\n\n# No fence\n", "---", "never closed"),
            ("---\n- a\n---\n", "- a", "no mapping"),
            ("{\n\"a\": 1,\n}\n", "}", "a comma stands before"),
            ("{\"a\": 'x'}\n", "'", "in double quotes"),
            ("{\"a\": 1, # one\n\"b\": 2}\n", "#", "no comments"),
            ("+++\na = \n+++\n", "", "TOML error"),
        ];
        for (text, marked, message) in cases {
            let (block, _) = FrontMatter::find(text).expect("each case has a block");
            let problem = block.document.problems.first().expect("each case has a problem");
            assert!(problem.message.contains(message), "{text:?}: {}", problem.message);
            assert_eq!(&text[problem.span.range()], marked, "{text:?}");
            assert!(block.root().is_none(), "{text:?}");
        }
    }
}
