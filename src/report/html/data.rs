//! The findings as the page's script reads them: JSON that no text can break out of, one finding at a time.
//!
//! `{"rules": {id: {"group", "summary", "url"}}, "files": [[path, [row, …]], …], "framed": count, "left": count}`. A row is
//! what [`Row`] names, without the names. A text that may come again stands there in full the first time, and is a number
//! after that: how many such texts came before it. Lines of a file that are not marked are written once and are `0` after.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

use super::super::excerpt::{Cut, Excerpt, Mark};
use super::super::texts::{Texts, fits};
use super::super::{mark, visible};
use crate::finding::{Edit, Finding, Fix, Level, Related, Safety};
use crate::text::{Source, Span, line_end, line_start};
use crate::triage::{Run, Standing};

/// What a browser can hold.
#[derive(Clone, Copy)]
pub(in crate::report) struct Room {
    /// How many bytes of findings are written before the rest goes without source lines and edits.
    pub(in crate::report) bytes: usize,
    /// How many findings are listed.
    pub(in crate::report) findings: usize,
}

impl Room {
    /// Measured in Chromium on two busy cores: a page of 57,000 findings in 10 MB is there in 1.3 seconds, and one of 102,000
    /// in 18 MB in two. On real articles a finding has 430 bytes, most of them its lines; so 64 MiB have room for 150,000, and
    /// without lines the rest needs 150 bytes each.
    pub(super) const USUAL: Self = Self { bytes: 64 << 20, findings: 300_000 };
}

/// What is told of a rule.
#[derive(Serialize)]
pub(super) struct Rule<'a> {
    pub(super) group: &'a str,
    pub(super) summary: &'a str,
    pub(super) url: Option<String>,
}

/// How many related places of a finding are listed, and how many edits of its fix; the others are counted.
const LISTED: usize = 5;

/// How many characters of an edit are shown, and how many around it.
const EDIT: usize = 300;
const AROUND: usize = 40;

const FRAME: Cut = Cut { context: 2, cells: 160, ellipsis: "…" };
const LINE: Cut = Cut { context: 0, ..FRAME };

/// Writes the object.
pub(super) fn write(
    run: &Run,
    rules: &BTreeMap<&str, Rule<'_>>,
    texts: &mut Texts<'_>,
    room: Room,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"{\"rules\":")?;
    value(rules, out)?;
    out.write_all(b",\"files\":[")?;
    let mut list = List::default();
    let mut buffer = Vec::new();
    let (mut bytes, mut listed, mut framed, mut left) = (0, 0, 0, 0);
    let mut file = None;
    for (finding, standing) in run.shown() {
        if listed == room.findings {
            left += 1;
            continue;
        }
        if file == Some(&finding.path) {
            out.write_all(b",\n")?;
        } else {
            out.write_all(if file.is_some() { b"]],\n[" } else { b"\n[" })?;
            value(&visible::line(&finding.path), out)?;
            out.write_all(b",[\n")?;
            file = Some(&finding.path);
            list.lines.clear();
        }
        let has_room = bytes < room.bytes;
        buffer.clear();
        value(&list.row(finding, standing, texts, has_room), &mut buffer)?;
        out.write_all(&buffer)?;
        bytes += buffer.len();
        listed += 1;
        framed += usize::from(has_room);
    }
    out.write_all(if file.is_some() { b"]]" } else { b"" })?;
    write!(out, "\n],\"framed\":{framed},\"left\":{left}}}")
}

/// The rule, its level (0 for an error), its standing, the place, the message, the help, the fix, related places, how many
/// more of them there are, and the lines around it.
#[derive(Serialize)]
struct Row<'a>(
    Once<'a>,
    u8,
    Option<(u8, String)>,
    Place,
    Once<'a>,
    Option<Once<'a>>,
    Option<FixRow<'a>>,
    Vec<RelatedRow<'a>>,
    usize,
    Option<Frame>,
);

/// A text, or its number where it came before.
#[derive(Serialize)]
#[serde(untagged)]
enum Once<'a> {
    First(Cow<'a, str>),
    Again(usize),
}

/// A line and a column, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Place {
    At(u32, u32),
    Nowhere(&'static str),
}

/// The title, whether it is safe, its edits, and how many more there are.
#[derive(Serialize)]
struct FixRow<'a>(Once<'a>, bool, Vec<EditRow>, usize);

/// The line, the text before the edit, what goes, what comes, and the text behind.
#[derive(Serialize)]
struct EditRow(u32, String, String, String, String);

/// The file, the place, what stands there, and its line.
#[derive(Serialize)]
struct RelatedRow<'a>(Once<'a>, Place, Once<'a>, Option<Line>);

/// The number of the first line, the lines, and the line on which the mark ends if that is not shown.
#[derive(Serialize)]
struct Frame(usize, Vec<Line>, Option<usize>);

#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Plain(String),
    /// What stands before the mark, in it and behind it.
    Marked([String; 3]),
    /// `0`: a line that stands in an earlier frame of the file.
    Again(u8),
}

/// What was written before.
#[derive(Default)]
struct List<'a> {
    texts: HashMap<&'a str, usize>,
    /// The lines of the file at hand.
    lines: HashSet<usize>,
}

impl<'a> List<'a> {
    fn row(
        &mut self,
        finding: &'a Finding,
        standing: Standing<'_>,
        texts: &mut Texts<'_>,
        has_room: bool,
    ) -> Row<'a> {
        let source = texts.current(&finding.path);
        let source = source.as_deref();
        let shown = source.filter(|source| has_room && fits(source, finding.span));
        let level = match finding.level {
            Level::Error => 0,
            Level::Warning => 1,
            Level::Info => 2,
        };
        let kind = match standing {
            Standing::Counted => 0,
            Standing::Suppressed(_) => 1,
            Standing::Baselined => 2,
        };
        // The script numbers the texts in this order.
        let rule = self.once(&finding.rule);
        let message = self.once(&finding.message);
        let help = finding.help.as_ref().map(|help| self.once(help));
        let fix = finding.fix.as_ref().map(|fix| self.fix(fix, shown));
        let places = &finding.related[..finding.related.len().min(LISTED)];
        let related = places.iter().map(|related| self.related(related, texts, has_room)).collect();
        let more = finding.related.len() - places.len();
        let frame = shown.map(|source| self.frame(source, finding.span));
        let standing = mark(standing).map(|words| (kind, words));
        Row(rule, level, standing, Place::of(source, finding.span), message, help, fix, related, more, frame)
    }

    fn once(&mut self, text: &'a str) -> Once<'a> {
        let count = self.texts.len();
        let number = *self.texts.entry(text).or_insert(count);
        if number < count { Once::Again(number) } else { Once::First(visible::lines(text)) }
    }

    fn fix(&mut self, fix: &'a Fix, source: Option<&Source>) -> FixRow<'a> {
        let title = self.once(&fix.title);
        let is_safe = fix.safety == Safety::Safe;
        // In a text that has changed, a part of a fix would say something else.
        let source = source.filter(|source| fix.edits().iter().all(|edit| fits(source, edit.span)));
        let Some(source) = source else { return FixRow(title, is_safe, vec![], 0) };
        let (shown, more) = fix.edits().split_at(fix.edits().len().min(LISTED));
        FixRow(title, is_safe, shown.iter().map(|edit| EditRow::new(source, edit)).collect(), more.len())
    }

    fn related(&mut self, related: &'a Related, texts: &mut Texts<'_>, has_room: bool) -> RelatedRow<'a> {
        let source = texts.other(&related.path);
        let shown = source.as_deref().filter(|source| has_room && fits(source, related.span));
        let line = shown.and_then(|source| {
            let (excerpt, marks) = Excerpt::new(source, &[related.span], LINE);
            excerpt.lines().next().map(|(_, line)| line_of(excerpt.text(), line, &marks[0]))
        });
        let (path, text) = (self.once(&related.path), self.once(&related.text));
        RelatedRow(path, Place::of(source.as_deref(), related.span), text, line)
    }

    fn frame(&mut self, source: &Source, span: Span) -> Frame {
        let (excerpt, marks) = Excerpt::new(source, &[span], FRAME);
        let mut first = None;
        let lines = excerpt.lines().map(|(number, line)| {
            first.get_or_insert(number);
            match line_of(excerpt.text(), line, &marks[0]) {
                Line::Plain(_) if !self.lines.insert(number) => Line::Again(0),
                line => line,
            }
        });
        let lines = lines.collect();
        Frame(first.unwrap_or(1), lines, marks[0].goes_on_to)
    }
}

impl Place {
    fn of(source: Option<&Source>, span: Span) -> Self {
        match source {
            None => Self::Nowhere("gone"),
            Some(source) if fits(source, span) => {
                let place = source.position(span.start);
                Self::At(place.line, place.column)
            }
            Some(_) => Self::Nowhere("changed"),
        }
    }
}

impl EditRow {
    fn new(source: &Source, edit: &Edit) -> Self {
        let text = source.text();
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let before = &text[line_start(text, start)..start];
        let behind = &text[end..line_end(text, end)];
        let skipped = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let dots = if skipped > 0 { "…" } else { "" };
        let before = before[skipped..].trim_start_matches('\u{feff}');
        let line = source.position(edit.span.start).line;
        let shown = |text: &str, count| shortened(&visible::lines(&text.replace("\r\n", "\n")), count);
        Self(
            line,
            format!("{dots}{}", visible::lines(before)),
            shown(&text[start..end], EDIT),
            shown(&edit.text, EDIT),
            shown(behind, AROUND),
        )
    }
}

fn shortened(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A line of an excerpt, in three parts if the mark touches it. A mark of nothing, or of a line end, has an empty part.
fn line_of(text: &str, line: Range<usize>, mark: &Mark) -> Line {
    let marked = &mark.range;
    let touches = marked.start <= line.end
        && if marked.is_empty() { line.start <= marked.start } else { line.start < marked.end };
    if !touches {
        return Line::Plain(text[line].to_owned());
    }
    let (start, end) = (marked.start.max(line.start), marked.end.min(line.end));
    Line::Marked([&text[line.start..start], &text[start..end], &text[end..line.end]].map(str::to_owned))
}

fn value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Inert)).map_err(io::Error::from)
}

/// Escapes what an HTML parser might take for an end of the element, and shows what a reader could not see.
struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly all of them: so many bytes are looked at together.
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'<' | b'>' | b'&')) {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        let mut rest = fragment;
        let is_special =
            |character: char| matches!(character, '<' | '>' | '&') || visible::symbol(character).is_some();
        while let Some((at, character)) = rest.char_indices().find(|(_, character)| is_special(*character)) {
            CompactFormatter.write_string_fragment(writer, &rest[..at])?;
            match visible::symbol(character) {
                Some(symbol) => write!(writer, "{symbol}")?,
                None => write!(writer, "\\u{:04x}", u32::from(character))?,
            }
            rest = &rest[at + character.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        let control = match escape {
            CharEscape::AsciiControl(byte) => char::from(byte),
            CharEscape::Backspace => '\x08',
            CharEscape::FormFeed => '\x0c',
            CharEscape::CarriageReturn => '\r',
            _ => return CompactFormatter.write_char_escape(writer, escape),
        };
        write!(writer, "{}", visible::symbol(control).unwrap_or(' '))
    }
}
