//! `JUnit` XML, which nearly every CI shows: a suite for each file with findings, in it a test that fails for each finding.
//!
//! Warnings and infos fail like errors, as in the `JUnit` of `ESLint`, Ruff and Biome: readers know only what passed and
//! what did not, and `type` says the level. A finding that does not count is a test that was skipped. The last suite,
//! `copydesk`, has one test: it passes, with the numbers of the run, so that a clean run is not one without tests, or is
//! skipped where no article was checked.
//!
//! Readers tell tests apart by their names, and drop all but one of the same: so the place belongs to the name, and where
//! that is not enough, a number. Elements and attributes are those of the schema of Jenkins, which knows no `file` or
//! `line`: both stand in the text of each test. A character that XML cannot hold is shown as a symbol.

use std::collections::HashMap;
use std::io::{self, Write};

use super::paint::Paint;
use super::texts::{Texts, fits};
use super::xml::Document;
use super::{Options, closing, concise, visible};
use crate::finding::Finding;
use crate::triage::{Run, Standing};

/// Writes the whole document.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    _options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut document = Document::begin(out)?;
    let left_alone = run.suppressed.len() + run.baselined.len();
    let all = (run.findings.len() + left_alone + 1).to_string();
    let failures = run.findings.len().to_string();
    document.open(
        "testsuites",
        &[("name", "copydesk"), ("tests", &all), ("failures", &failures), ("errors", "0"), ("time", "0")],
    )?;
    let mut shown = run.shown().peekable();
    let mut file = vec![];
    while let Some(first) = shown.next() {
        let path = &first.0.path;
        file.push(first);
        while let Some(next) = shown.next_if(|(finding, _)| finding.path == *path) {
            file.push(next);
        }
        suite(path, &file, texts, &mut document)?;
        file.clear();
    }
    numbers(run, &mut document)?;
    document.close("testsuites")?;
    document.end()
}

fn suite(
    path: &str,
    file: &[(&Finding, Standing<'_>)],
    texts: &mut Texts<'_>,
    document: &mut Document<'_>,
) -> io::Result<()> {
    let failures = file.iter().filter(|(_, standing)| *standing == Standing::Counted).count();
    open(document, path, [file.len(), failures, file.len() - failures])?;
    // A dot would make it a package and a class.
    let class = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut names: HashMap<String, usize> = HashMap::new();
    for (finding, standing) in file {
        let name = name(finding, texts, &mut names);
        document.open("testcase", &[("name", &name), ("classname", class), ("time", "0")])?;
        let story = story(finding, *standing, texts);
        if *standing == Standing::Counted {
            let attributes = [("message", &*finding.message), ("type", finding.level.as_str())];
            document.text("failure", &attributes, &story)?;
        } else {
            document.text("skipped", &[], &story)?;
        }
        document.close("testcase")?;
    }
    document.close("testsuite")
}

fn open(document: &mut Document<'_>, name: &str, [tests, failures, skipped]: [usize; 3]) -> io::Result<()> {
    let [tests, failures, skipped] = [tests, failures, skipped].map(|count| count.to_string());
    let counts = [("tests", &*tests), ("failures", &*failures), ("errors", "0"), ("skipped", &*skipped)];
    document.open("testsuite", &[&[("name", name)], &counts[..], &[("time", "0")]].concat())
}

/// `heading-increment at 7:1`; the second of that name ends with ` (2)`.
fn name(finding: &Finding, texts: &mut Texts<'_>, names: &mut HashMap<String, usize>) -> String {
    let source = texts.current(&finding.path).filter(|source| fits(source, finding.span));
    let name = match source.map(|source| source.position(finding.span.start)) {
        Some(start) => format!("{} at {}:{}", finding.rule, start.line, start.column),
        None => finding.rule.to_string(),
    };
    let count = names.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name} ({count})") }
}

/// The line that people get, then the help and the places that belong to it.
fn story(finding: &Finding, standing: Standing<'_>, texts: &mut Texts<'_>) -> String {
    let mut lines = vec![concise::finding(finding, standing, texts, Paint(false))];
    lines.extend(finding.help.as_deref().map(|help| format!("help: {}\n", visible::line(help))));
    for related in &finding.related {
        let source = texts.other(&related.path).filter(|source| fits(source, related.span));
        let place = source.map(|source| source.position(related.span.start));
        let place = place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
        lines.push(format!("{}{place}: {}\n", visible::line(&related.path), visible::line(&related.text)));
    }
    lines.concat()
}

/// The test that passes when anything was checked.
fn numbers(run: &Run, document: &mut Document<'_>) -> io::Result<()> {
    let is_empty = run.summary.checked == 0;
    open(document, "copydesk", [1, 0, usize::from(is_empty)])?;
    let case = [("name", "articles are checked"), ("classname", "copydesk"), ("time", "0")];
    document.open("testcase", &case)?;
    let numbers = closing::closing(run, Paint(false));
    document.text(if is_empty { "skipped" } else { "system-out" }, &[], &numbers)?;
    document.close("testcase")?;
    document.close("testsuite")
}
