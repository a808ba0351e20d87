//! Workflow commands of GitHub: they become annotations of a pull request. Beneath them stands every finding as a plain
//! line, since the log shows of an annotation its message alone.
//!
//! GitHub takes ten annotations of a level from one step, fifty from a job, and drops the others in silence
//! (github.com/actions/toolkit, `docs/problem-matchers.md`). So the tenth says how many more there are.
//!
//! What a runner takes for a command was read in its source (github.com/actions/runner, `ActionCommand.cs`): a line that
//! begins with `::` behind white space, and one that has `##[` anywhere. A line of ours that shows an article is neither.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use super::closing::{self, counted};
use super::paint::Paint;
use super::texts::{Texts, fits};
use super::{Options, concise, fixes, listed, rooted, visible};
use crate::finding::{Finding, Level};
use crate::text::{Source, Span};
use crate::triage::Run;

/// So many annotations of a level a step may have.
const SHOWN: usize = 10;

/// So many rules are named in the annotation that stands for those left out.
const NAMED: usize = 10;

/// Writes the annotations, most severe first, the plain lines, and the closing ones.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for level in [Level::Error, Level::Warning, Level::Info] {
        let findings: Vec<&Finding> = run.findings.iter().filter(|finding| finding.level == level).collect();
        let room = if findings.len() > SHOWN { SHOWN - 1 } else { findings.len() };
        let (shown, more) = findings.split_at(room);
        for finding in shown {
            out.write_all(annotation(finding, texts, options.root).as_bytes())?;
        }
        if !more.is_empty() {
            let message = escaped(&roll_up(level, more));
            writeln!(out, "::{} title=copydesk::{message}", command(level))?;
        }
    }
    let shown = run.shown().count();
    if shown > 0 {
        writeln!(out, "::group::{}, a line each", counted(shown, "finding"))?;
        for (finding, standing) in run.shown() {
            plain(&concise::finding(finding, standing, texts, Paint(false)), out)?;
        }
        writeln!(out, "::endgroup::")?;
    }
    for fixed in listed(run, options) {
        plain(&fixes::line(fixed, "fixed", Paint(false)), out)?;
    }
    if options.quiet { Ok(()) } else { plain(&closing::closing(run, Paint(false)), out) }
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    }
}

/// The annotation of a finding, with its line end.
fn annotation(finding: &Finding, texts: &mut Texts<'_>, root: &str) -> String {
    let source = texts.current(&finding.path);
    let place = source.filter(|source| fits(source, finding.span));
    let place = place.map(|source| place_of(&source, finding.span)).unwrap_or_default();
    let file = property(&rooted(&finding.path, root));
    let message = match &finding.help {
        Some(help) => format!("{}\n{}", visible::line(&finding.message), visible::lines(help)),
        None => visible::line(&finding.message).into_owned(),
    };
    let (command, title, message) = (command(finding.level), property(&finding.rule), escaped(&message));
    format!("::{command} file={file}{place},title={title}::{message}\n")
}

/// The lines from the first to the last character, and the columns where these stand in one line: GitHub takes none
/// otherwise. An end is the last character's own place, since it is taken to be that of the beginning if it is not told
/// (github.com/actions/toolkit, `AnnotationProperties`).
fn place_of(source: &Source, span: Span) -> String {
    let marked = &source.text()[span.range()];
    let last = marked
        .char_indices()
        .next_back()
        .map_or(span, |(at, _)| Span::empty(at).shifted(span.start as usize));
    let (start, end) = (source.position(span.start), source.position(last.start));
    if start.line == end.line {
        let (column, end_column) = (start.column, end.column);
        format!(",line={},endLine={},col={column},endColumn={end_column}", start.line, end.line)
    } else {
        format!(",line={},endLine={}", start.line, end.line)
    }
}

/// `and 14 more errors in 3 files: heading-increment (12), image-alt (2)`.
fn roll_up(level: Level, more: &[&Finding]) -> String {
    let files: HashSet<&str> = more.iter().map(|finding| &*finding.path).collect();
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in more {
        *rules.entry(&finding.rule).or_default() += 1;
    }
    let mut rules: Vec<(&str, usize)> = rules.into_iter().collect();
    rules.sort_by_key(|(_, count)| Reverse(*count));
    let named = rules.iter().take(NAMED);
    let mut named: Vec<String> =
        named.map(|(rule, count)| format!("{} ({count})", visible::line(rule))).collect();
    if rules.len() > NAMED {
        named.push(format!("and of {} more rules", rules.len() - NAMED));
    }
    let (count, files) = (more.len(), counted(files.len(), "file"));
    let noun = if count == 1 { "" } else { "s" };
    format!(
        "and {count} more {level}{noun} in {files}: {}\nthe log of this step has them all",
        named.join(", ")
    )
}

/// A message, as the runner reads it back.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties of a command, likewise.
fn property(text: &str) -> String {
    let escaped = escaped(text).replace(':', "%3A").replace(',', "%2C");
    visible::line(&escaped).into_owned()
}

/// Writes lines in which no runner finds a command.
fn plain(lines: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in lines.lines() {
        writeln!(out, "{}", defused(line))?;
    }
    Ok(())
}

/// The line with a space in each `##[`. One that begins with a colon, be it behind characters that a runner may pass over,
/// begins with the name of a file, which `./` leaves what it is.
fn defused(line: &str) -> Cow<'_, str> {
    let passes_over = |letter: char| letter.is_whitespace() || !letter.is_ascii();
    let begins_with_colon = line.trim_start_matches(passes_over).starts_with(':');
    let line = if begins_with_colon { Cow::Owned(format!("./{line}")) } else { Cow::Borrowed(line) };
    if line.contains("##[") { Cow::Owned(line.replace("##[", "## [")) } else { line }
}
