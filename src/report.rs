//! Shows a run: framed for people, one line a finding, or JSON.
//!
//! Findings hold byte spans only, so a report reads the files again, one after the other, to show lines and columns.
//! Whatever comes from an article, its name included, is shown and never sent as it is: see `visible`.

mod closing;
mod concise;
mod excerpt;
mod fixes;
mod json;
mod paint;
mod pretty;
mod texts;
mod visible;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;
use std::sync::Arc;

use crate::finding::{Finding, Level};
use crate::mistake::Mistake;
use crate::text::Source;
use crate::triage::{Fixes, Run, Suppressed};

pub(crate) use closing::counted;
use paint::Paint;
use pretty::Painter;
use texts::Texts;

/// The shape of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Each finding with the lines it is about.
    #[default]
    Pretty,
    /// One line a finding: `path:line:column: level rule: message`.
    Concise,
    /// One object, described by `schemas/report.schema.json`.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Pretty, Self::Concise, Self::Json];

    /// The word for it on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Concise => "concise",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|format| format.as_str() == text);
        known.ok_or_else(|| format!("\"{text}\" is not a format: {}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

/// How a report looks in the terminal at hand. JSON takes no notice of it.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each says what a terminal can, or its user wants")]
pub struct Options<'a> {
    /// Whether to use ANSI colours.
    pub color: bool,
    /// Whether to make the ids of rules links, with the OSC 8 escape.
    pub links: bool,
    /// Whether to draw frames with box characters and not with ASCII.
    pub unicode: bool,
    /// How many cells a line of the terminal has; long lines of articles are cut to it.
    pub width: usize,
    /// Whether the lines that count everything are left out.
    pub quiet: bool,
    /// Where the manual of a rule stands, by the rule's id.
    pub rule_url: &'a dyn Fn(&str) -> Option<String>,
}

impl Default for Options<'_> {
    /// Plain text in box characters, a hundred cells wide, as for a file or a pipe.
    fn default() -> Self {
        Self { color: false, links: false, unicode: true, width: 100, quiet: false, rule_url: &|_| None }
    }
}

/// Writes a run. `texts` reads a file by the path that findings carry, or says that it is gone; each is asked for
/// once, as long as the findings are sorted, but for files that many others relate to.
pub fn write(
    format: Format,
    run: &Run,
    texts: &mut dyn FnMut(&str) -> Option<Source>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut texts = Texts::new(texts);
    let paint = Paint(options.color);
    match format {
        Format::Pretty => {
            let painter = Painter::new(options);
            for (finding, suppressed) in run.shown() {
                out.write_all(painter.finding(finding, suppressed, &mut texts).as_bytes())?;
            }
        }
        Format::Concise => {
            for (finding, suppressed) in run.shown() {
                out.write_all(concise::finding(finding, suppressed, &mut texts, paint).as_bytes())?;
            }
        }
        Format::Json => {
            json::write(run, &mut texts, &mut out)?;
            return out.flush();
        }
    }
    for fixed in &run.fixed {
        out.write_all(fixes::line(fixed, "fixed", paint).as_bytes())?;
    }
    if !options.quiet {
        out.write_all(closing::closing(run, paint).as_bytes())?;
    }
    out.flush()
}

/// Writes what a run would fix: each fix that it lists, the numbers of each rule that are given, and those of all.
pub fn write_forecast(
    run: &Run,
    rules: &BTreeMap<Arc<str>, Fixes>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let paint = Paint(options.color);
    for fixed in &run.fixed {
        out.write_all(fixes::line(fixed, "would fix", paint).as_bytes())?;
    }
    for (rule, fixes) in rules {
        out.write_all(fixes::of_rule(rule, *fixes, paint).as_bytes())?;
    }
    if !options.quiet {
        out.write_all(closing::forecast(run, paint).as_bytes())?;
    }
    out.flush()
}

/// A text of somebody else on one line, fit for a terminal: with a symbol for each character that must not be printed.
#[must_use]
pub fn visible_line(text: &str) -> Cow<'_, str> {
    visible::line(text)
}

/// The words that mark what is suppressed.
fn mark(suppressed: &Suppressed) -> String {
    match &suppressed.reason {
        Some(reason) => format!("suppressed: {}", visible::line(reason)),
        None => "suppressed".to_owned(),
    }
}

/// Writes a mistake with its frame, as [`Format::Pretty`] writes a finding.
pub fn write_mistake(
    mistake: &Mistake,
    level: Level,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(Painter::new(options).mistake(mistake, level).as_bytes())
}

/// Writes one finding with its frame, as [`Format::Pretty`] writes all. `texts` is that of [`write()`].
pub fn write_finding(
    finding: &Finding,
    texts: &mut dyn FnMut(&str) -> Option<Source>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(Painter::new(options).finding(finding, None, &mut Texts::new(texts)).as_bytes())
}
