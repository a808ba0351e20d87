//! A summary in Markdown: for the page of a job (`$GITHUB_STEP_SUMMARY`), or for a comment under a pull request.
//!
//! It is no longer than a comment may be, and says what it leaves out. What stands in articles comes out as the text that
//! it is: see [`text`].

mod text;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::closing::{self, counted};
use super::paint::Paint;
use super::texts::{Texts, fits};
use super::{Options, mark};
use crate::finding::{Finding, Level, Safety};
use crate::triage::{Run, Standing};

/// What each summary begins with.
pub(crate) const HEAD: &str = "## copydesk: ";

/// GitHub refuses comments of more than 65,536 characters; the difference is for what somebody puts around the summary.
const LIMIT: usize = 60_000;

/// Of these, so many for what is left out.
const RESERVE: usize = 500;

/// So many findings of one file are shown: more of them say little more.
const OF_A_FILE: usize = 20;

type Shown<'a> = (&'a Finding, Standing<'a>);

/// Writes the verdict, the numbers, and as many findings as there is room for: the files with the worst first.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = format!("{HEAD}{}\n", verdict(run));
    if !options.quiet {
        page.push('\n');
        for line in closing::closing(run, Paint(false)).lines() {
            let _ = writeln!(page, "- {}", text::prose(line));
        }
    }
    if !run.findings.is_empty() {
        page += &levels(run);
        page += &rules(run, options);
    }
    let shown: Vec<Shown<'_>> = run.shown().collect();
    let mut files: Vec<&[Shown<'_>]> =
        shown.chunk_by(|(left, _), (right, _)| left.path == right.path).collect();
    files.sort_by_key(|file| file.iter().map(rank).min());
    let mut left_out = LeftOut::default();
    for file in files {
        // Behind the first that does not fit, none is shown: they are sorted.
        if left_out.files == 0 {
            let block = block(file, shown.len() <= OF_A_FILE, texts, options);
            if length(&page) + length(&block) <= LIMIT - RESERVE {
                page += &block;
                continue;
            }
        }
        left_out.files += 1;
        left_out.findings += file.len();
    }
    if left_out.files > 0 {
        let LeftOut { findings, files } = left_out;
        let (findings, files) = (counted(findings, "finding"), counted(files, "file"));
        let _ = writeln!(
            page,
            "\nNo room is left for {findings} in {files}: `--format json=FILE` writes them all."
        );
    }
    out.write_all(page.as_bytes())
}

/// What there was no room for.
#[derive(Default)]
struct LeftOut {
    findings: usize,
    files: usize,
}

/// As whoever counts it who lets in the fewest: a character beyond the first 65,536 of Unicode is two.
fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// `2 errors and 1 warning`, or that there is nothing.
fn verdict(run: &Run) -> String {
    match (run.findings.is_empty(), run.summary.checked) {
        (true, 0) => "no article was checked".to_owned(),
        (true, _) => "nothing found".to_owned(),
        (false, _) => format!("{} found", closing::levels(&run.summary, Paint(false))),
    }
}

/// The order of severity; what does not count comes last.
fn rank((finding, standing): &Shown<'_>) -> (bool, Reverse<Level>) {
    (*standing != Standing::Counted, Reverse(finding.level))
}

/// The numbers of something in a row of a table.
#[derive(Default)]
struct Numbers {
    findings: usize,
    safe: usize,
    r#unsafe: usize,
}

impl Numbers {
    fn count(&mut self, finding: &Finding) {
        self.findings += 1;
        match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => self.safe += 1,
            Some(Safety::Unsafe) => self.r#unsafe += 1,
            None => {}
        }
    }

    fn row(&self, name: &str) -> String {
        format!("| {name} | {} | {} | {} |\n", self.findings, self.safe, self.r#unsafe)
    }
}

fn levels(run: &Run) -> String {
    let mut levels: BTreeMap<Reverse<Level>, Numbers> = BTreeMap::new();
    for finding in &run.findings {
        levels.entry(Reverse(finding.level)).or_default().count(finding);
    }
    let head = "\n| level | findings | safe fixes | unsafe fixes |\n|---|---:|---:|---:|\n".to_owned();
    levels.iter().fold(head, |table, (level, numbers)| table + &numbers.row(level.0.as_str()))
}

/// The rules, those of the worst level first and of them those with the most findings, in at most half of the room.
fn rules(run: &Run, options: &Options<'_>) -> String {
    let mut rules: BTreeMap<&str, (Level, Numbers)> = BTreeMap::new();
    for finding in &run.findings {
        let (level, numbers) = rules.entry(&finding.rule).or_insert((finding.level, Numbers::default()));
        *level = finding.level.max(*level);
        numbers.count(finding);
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    rules.sort_by_key(|(_, (level, numbers))| Reverse((*level, numbers.findings)));
    let mut table = "\n| rule | findings | safe fixes | unsafe fixes |\n|---|---:|---:|---:|\n".to_owned();
    for (number, (rule, (_, numbers))) in rules.iter().enumerate() {
        let row = numbers.row(&text::rule(rule, options));
        if length(&table) + length(&row) > LIMIT / 2 {
            let _ = writeln!(table, "\nNo room is left for {} more rules.", rules.len() - number);
            break;
        }
        table += &row;
    }
    table
}

/// What was found in one file, to be folded out.
fn block(file: &[Shown<'_>], is_open: bool, texts: &mut Texts<'_>, options: &Options<'_>) -> String {
    let mut sorted = file.to_vec();
    sorted.sort_by_key(rank);
    let path = file.first().map_or("", |(finding, _)| &finding.path);
    let open = if is_open { " open" } else { "" };
    let mut block =
        format!("\n<details{open}><summary>{}: {}</summary>\n\n", text::element(path), told(file));
    for one in sorted.iter().take(OF_A_FILE) {
        block += &item(one, texts, options);
    }
    if sorted.len() > OF_A_FILE {
        let _ = writeln!(block, "- and {} more", sorted.len() - OF_A_FILE);
    }
    block + "\n</details>\n"
}

/// `1 error, 2 warnings, 1 suppressed`.
fn told(file: &[Shown<'_>]) -> String {
    let count = |wanted: &dyn Fn(&Shown<'_>) -> bool| file.iter().filter(|one| wanted(one)).count();
    let levels = [Level::Error, Level::Warning, Level::Info].map(|level| {
        let count = count(&|(finding, standing)| finding.level == level && *standing == Standing::Counted);
        (count, counted(count, level.as_str()))
    });
    let suppressed = count(&|(_, standing)| matches!(standing, Standing::Suppressed(_)));
    let baselined = count(&|(_, standing)| *standing == Standing::Baselined);
    let others = [
        (suppressed, format!("{suppressed} suppressed")),
        (baselined, format!("{baselined} in the baseline")),
    ];
    let all = levels.into_iter().chain(others).filter(|(count, _)| *count > 0);
    all.map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// An item of a list: level, place, rule and message, and below it what to do.
fn item((finding, standing): &Shown<'_>, texts: &mut Texts<'_>, options: &Options<'_>) -> String {
    let source = texts.current(&finding.path).filter(|source| fits(source, finding.span));
    let place = source.map(|source| source.position(finding.span.start));
    let place = place.map(|place| format!(" {}:{}", place.line, place.column)).unwrap_or_default();
    let (level, rule) = (finding.level, text::rule(&finding.rule, options));
    let mut item = match standing {
        Standing::Counted => format!("- **{level}**{place} {rule}: {}", text::prose(&finding.message)),
        _ => format!("- {level}{place} {rule}: {}", text::prose(&finding.message)),
    };
    if let Some(mark) = mark(*standing) {
        let _ = write!(item, "<br>{}", text::prose(&mark));
    }
    if let Some(help) = &finding.help {
        let _ = write!(item, "<br>{}", text::prose(help));
    }
    if let Some(fix) = &finding.fix {
        let kind = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
        let _ = write!(item, "<br>{} ({kind} fix)", text::prose(&fix.title));
    }
    item + "\n"
}
