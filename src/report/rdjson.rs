//! The JSON of reviewdog: a `DiagnosticResult` of its format
//! (<https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>).
//!
//! Columns count bytes of the line, from 1, a byte-order mark included: reviewdog cuts the line as it stands in the diff.
//! A message, its help and the title of a fix are one text, as paragraphs. A fix becomes one suggestion, since reviewdog takes
//! several for alternatives: its edits and what stands between them. Unsafe fixes are suggested as well, and called so: a
//! person looks at each before it is applied. What does not count is `INFO`, says so, and is not to be changed.

use std::io::{self, Write};

use serde::Serialize;

use super::json::value;
use super::texts::{Texts, fits};
use super::{Options, mark};
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::text::{Source, Span};
use crate::triage::{Run, Standing};

/// Writes the whole object.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"{\"source\":")?;
    value(&Tool { name: "copydesk", url: env!("CARGO_PKG_REPOSITORY") }, out)?;
    out.write_all(b",\"diagnostics\":[")?;
    let mut separator = "\n";
    for (finding, standing) in run.shown() {
        out.write_all(separator.as_bytes())?;
        value(&diagnostic(finding, standing, texts, options), out)?;
        separator = ",\n";
    }
    out.write_all(b"\n]}\n")
}

fn diagnostic<'a>(
    finding: &'a Finding,
    standing: Standing<'_>,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
) -> Diagnostic<'a> {
    let source = texts.current(&finding.path);
    let source = source.as_deref();
    let fix = finding.fix.as_ref().filter(|_| standing == Standing::Counted);
    let suggestion = fix.and_then(|fix| Some((fix, Suggestion::of(fix, source?)?)));
    let title = suggestion.as_ref().map(|(fix, _)| match fix.safety {
        Safety::Safe => format!("fix: {}", fix.title),
        Safety::Unsafe => format!("unsafe fix: {}", fix.title),
    });
    let mark = mark(standing).map(|mark| format!("[{mark}]"));
    let help = finding.help.as_deref().map(str::to_owned);
    let paragraphs = [Some(finding.message.clone()), help, title, mark];
    let related = finding.related.iter().map(|related| RelatedLocation {
        message: &related.text,
        location: Location::of(&related.path, related.span, texts.other(&related.path).as_deref()),
    });
    Diagnostic {
        message: paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n"),
        location: Location::of(&finding.path, finding.span, source),
        severity: match (standing, finding.level) {
            (Standing::Counted, Level::Error) => "ERROR",
            (Standing::Counted, Level::Warning) => "WARNING",
            _ => "INFO",
        },
        code: Code { value: &finding.rule, url: (options.rule_url)(&finding.rule) },
        suggestions: suggestion.map(|(_, suggestion)| suggestion).into_iter().collect(),
        related_locations: related.collect(),
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct RelatedLocation<'a> {
    message: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

impl<'a> Location<'a> {
    fn of(path: &'a str, span: Span, source: Option<&Source>) -> Self {
        Self { path, range: source.and_then(|source| Range::of(span, source)) }
    }
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

impl Suggestion {
    /// The edits of a fix as one, with what stands between them.
    fn of(fix: &Fix, source: &Source) -> Option<Self> {
        let (first, last) = (fix.edits().first()?, fix.edits().last()?);
        let whole = Span { start: first.span.start, end: last.span.end };
        let range = Range::of(whole, source)?;
        let mut text = String::new();
        let mut at = whole.start;
        for Edit { span, text: new } in fix.edits() {
            text += source.text().get(at as usize..span.start as usize)?;
            text += new;
            at = span.end;
        }
        Some(Self { range, text })
    }
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

impl Range {
    /// `None` where the text has changed since the finding was made.
    fn of(span: Span, source: &Source) -> Option<Self> {
        fits(source, span)
            .then(|| Self { start: Place::of(span.start, source), end: Place::of(span.end, source) })
    }
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
}

impl Place {
    fn of(offset: u32, source: &Source) -> Self {
        let line = source.lines().line_of(offset);
        let start = source.lines().start(line).expect("a line that holds an offset begins somewhere");
        Self { line: source.position(offset).line, column: offset - start + 1 }
    }
}
