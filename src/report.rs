//! Shows a run: for people, and in the formats that other programs read.
//!
//! Findings hold byte spans only, so a report reads the files again, one after the other, to show lines and columns.
//! Whatever comes from an article, its name included, is shown and never sent as it is: see `visible`.

mod checkstyle;
mod closing;
mod concise;
mod excerpt;
mod fixes;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod numbered;
mod paint;
mod pretty;
mod rdjson;
mod sarif;
mod texts;
mod visible;
mod xml;

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
use crate::triage::{Fixed, Fixes, Run, Standing};

pub(crate) use closing::counted;
pub(crate) use markdown::HEAD as SUMMARY_HEAD;
use paint::Paint;
use pretty::Painter;
use texts::Texts;

/// The shape of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Each finding with the lines it is about.
    #[default]
    Pretty,
    /// One line a finding: `path:line:column: level rule: message`.
    Concise,
    /// One object, described by `schemas/report.schema.json`.
    Json,
    /// One object a line: each finding, each fix, and the summary at the end.
    Jsonl,
    /// Workflow commands of GitHub, which become annotations of a pull request.
    Github,
    /// SARIF 2.1.0, for GitHub code scanning and others.
    Sarif,
    /// The code quality report of GitLab.
    Gitlab,
    /// `JUnit` XML, which nearly every CI shows: a test suite for each file.
    Junit,
    /// The XML of Checkstyle.
    Checkstyle,
    /// The JSON of reviewdog, with suggestions.
    Rdjson,
    /// A summary for a job, or for a comment under a pull request.
    Markdown,
    /// One page with all that it needs, to be looked at in a browser.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 12] = [
        Self::Pretty,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Github,
        Self::Sarif,
        Self::Gitlab,
        Self::Junit,
        Self::Checkstyle,
        Self::Rdjson,
        Self::Markdown,
        Self::Html,
    ];

    /// The word for it on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Github => "github",
            Self::Sarif => "sarif",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Checkstyle => "checkstyle",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// Whether it is read as it comes, line by line: others are one document, to which nothing may be added.
    #[must_use]
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Pretty | Self::Concise)
    }

    /// Whether it lists the fixes that were made, one by one.
    #[must_use]
    pub fn lists_fixes(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// Whether it shows what the articles are like ([`Run::portrait`]).
    #[must_use]
    pub fn wants_portrait(self) -> bool {
        self == Self::Html
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

/// How a report looks in the terminal at hand, and what it says of the world. Formats for programs take no notice of the
/// former.
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
    /// Whether each fix that was made is listed; formats for programs list them all the same.
    pub lists_fixes: bool,
    /// What stands before a path that findings carry, from the root of the repository: `docs/` in a run below that
    /// folder. Formats that a forge reads want it.
    pub root: &'a str,
    /// Where the manual of a rule stands, by the rule's id.
    pub rule_url: &'a dyn Fn(&str) -> Option<String>,
}

impl Default for Options<'_> {
    /// Plain text in box characters, a hundred cells wide, as for a file or a pipe.
    fn default() -> Self {
        Self {
            color: false,
            links: false,
            unicode: true,
            width: 100,
            quiet: false,
            lists_fixes: true,
            root: "",
            rule_url: &|_| None,
        }
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
            for (finding, standing) in run.shown() {
                out.write_all(painter.finding(finding, standing, &mut texts).as_bytes())?;
            }
        }
        Format::Concise => {
            for (finding, standing) in run.shown() {
                out.write_all(concise::finding(finding, standing, &mut texts, paint).as_bytes())?;
            }
        }
        _ => {
            let write = match format {
                Format::Jsonl => jsonl::write,
                Format::Github => github::write,
                Format::Sarif => sarif::write,
                Format::Gitlab => gitlab::write,
                Format::Junit => junit::write,
                Format::Checkstyle => checkstyle::write,
                Format::Rdjson => rdjson::write,
                Format::Markdown => markdown::write,
                Format::Html => html::write,
                Format::Pretty | Format::Concise | Format::Json => json::write,
            };
            write(run, &mut texts, options, &mut out)?;
            return out.flush();
        }
    }
    for fixed in listed(run, options) {
        out.write_all(fixes::line(fixed, "fixed", paint).as_bytes())?;
    }
    if !options.quiet {
        out.write_all(closing::closing(run, paint).as_bytes())?;
    }
    out.flush()
}

/// The fixes that people want to read of.
fn listed<'r>(run: &'r Run, options: &Options<'_>) -> &'r [Fixed] {
    if options.lists_fixes { &run.fixed } else { &[] }
}

/// What somebody who gave a report to its readers should know: that they do not take all of it.
#[must_use]
pub fn caution(format: Format, run: &Run) -> Option<Mistake> {
    let caution = (format == Format::Sarif).then(|| sarif::caution(run)).flatten()?;
    Some(
        Mistake::new(caution)
            .with_help(Some("check fewer files in one run, or turn off what is found everywhere")),
    )
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

/// The words that mark what does not count.
fn mark(standing: Standing<'_>) -> Option<String> {
    match standing {
        Standing::Counted => None,
        Standing::Suppressed(suppressed) => Some(match &suppressed.reason {
            Some(reason) => format!("suppressed: {}", visible::line(reason)),
            None => "suppressed".to_owned(),
        }),
        Standing::Baselined => Some("in the baseline".to_owned()),
    }
}

/// What is wrong and what to do on one line, for formats that have one text for both; behind it what marks a finding that
/// does not count.
fn told(finding: &Finding, standing: Standing<'_>) -> String {
    let help = finding.help.as_deref().map(|help| format!(". {help}")).unwrap_or_default();
    let mark = mark(standing).map(|mark| format!(" [{mark}]")).unwrap_or_default();
    format!("{}{help}{mark}", finding.message)
}

/// A path from the root of the repository, where it lies below the folder of the run.
fn rooted(path: &str, root: &str) -> String {
    if is_elsewhere(path) { path.to_owned() } else { format!("{root}{path}") }
}

/// Whether a path leads out of the folder of the run, or may do so.
fn is_elsewhere(path: &str) -> bool {
    path.starts_with('/') || path.contains(':') || path.split('/').any(|part| part == "..")
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
    out.write_all(
        Painter::new(options).finding(finding, Standing::Counted, &mut Texts::new(texts)).as_bytes(),
    )
}
