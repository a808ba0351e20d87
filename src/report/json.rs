//! The run as one JSON object, described by `schemas/report.schema.json`.
//!
//! It is written as it goes, one finding a line, so that two reports can be compared with `diff` and a large one
//! needs no memory.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::texts::{Texts, fits};
use super::{Options, visible};
use crate::finding::{Edit, Finding, Level, Related, Safety};
use crate::text::{Position, Source, Span};
use crate::triage::{Fixed, Run, Standing};

/// Grows when a reader of the report would have to change.
pub(super) const VERSION: u32 = 3;

/// Writes the whole object.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    _options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "{{\"version\":{VERSION},\"findings\":[")?;
    let mut separator = "\n";
    for (finding, standing) in run.shown() {
        out.write_all(separator.as_bytes())?;
        value(&Entry::new(finding, standing, texts), out)?;
        separator = ",\n";
    }
    out.write_all(b"\n],\"fixed\":[")?;
    let mut separator = "\n";
    for fixed in &run.fixed {
        out.write_all(separator.as_bytes())?;
        value(&FixedEntry::new(fixed), out)?;
        separator = ",\n";
    }
    out.write_all(b"\n],\"summary\":")?;
    value(&run.summary, out)?;
    out.write_all(b"}\n")
}

/// Writes one value with nothing in it that a terminal might obey.
pub(super) fn value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping)).map_err(io::Error::from)
}

/// A finding.
#[derive(Serialize)]
pub(super) struct Entry<'a> {
    rule: &'a str,
    level: Level,
    path: &'a str,
    #[serde(flatten)]
    place: Place,
    message: &'a str,
    help: Option<&'a str>,
    fix: Option<FixEntry<'a>>,
    related: Vec<RelatedEntry<'a>>,
    suppressed: Option<SuppressedEntry<'a>>,
    #[serde(rename = "baselined")]
    is_baselined: bool,
}

#[derive(Serialize)]
struct SuppressedEntry<'a> {
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    title: &'a str,
    safety: Safety,
    edits: &'a [Edit],
}

/// A fix that was made.
#[derive(Serialize)]
pub(super) struct FixedEntry<'a> {
    rule: &'a str,
    title: &'a str,
    safety: Safety,
    path: &'a str,
    position: Position,
}

#[derive(Serialize)]
struct RelatedEntry<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: Place,
    text: &'a str,
}

/// A span, with lines and columns unless the file is gone or has changed.
#[derive(Serialize)]
struct Place {
    span: Span,
    start: Option<Position>,
    end: Option<Position>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(finding: &'a Finding, standing: Standing<'a>, texts: &mut Texts<'_>) -> Self {
        let source = texts.current(&finding.path);
        Self {
            rule: &finding.rule,
            level: finding.level,
            path: &finding.path,
            place: Place::new(source.as_deref(), finding.span),
            message: &finding.message,
            help: finding.help.as_deref(),
            fix: finding.fix.as_ref().map(|fix| FixEntry {
                title: &fix.title,
                safety: fix.safety,
                edits: fix.edits(),
            }),
            related: finding.related.iter().map(|related| RelatedEntry::new(related, texts)).collect(),
            suppressed: match standing {
                Standing::Suppressed(suppressed) => {
                    Some(SuppressedEntry { reason: suppressed.reason.as_deref() })
                }
                _ => None,
            },
            is_baselined: standing == Standing::Baselined,
        }
    }
}

impl<'a> FixedEntry<'a> {
    pub(super) fn new(fixed: &'a Fixed) -> Self {
        let Fixed { rule, title, safety, path, position } = fixed;
        Self { rule, title, safety: *safety, path, position: *position }
    }
}

impl<'a> RelatedEntry<'a> {
    fn new(related: &'a Related, texts: &mut Texts<'_>) -> Self {
        let place = Place::new(texts.other(&related.path).as_deref(), related.span);
        Self { path: &related.path, place, text: &related.text }
    }
}

impl Place {
    fn new(source: Option<&Source>, span: Span) -> Self {
        let source = source.filter(|source| fits(source, span));
        let position = |offset| source.map(|source| source.position(offset));
        Self { span, start: position(span.start), end: position(span.end) }
    }
}

/// Escapes what JSON allows but a terminal might obey.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly all of them: so many bytes are looked at together.
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        let mut rest = fragment;
        while let Some((at, character)) =
            rest.char_indices().find(|(_, char)| visible::symbol(*char).is_some())
        {
            CompactFormatter.write_string_fragment(writer, &rest[..at])?;
            write!(writer, "\\u{:04x}", u32::from(character))?;
            rest = &rest[at + character.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}
