//! `copydesk suppress`: writes a suppression for all that is found, and changes nothing else.
//!
//! What is written is held against the article before it is written: the page reads the same, and the same lint finds
//! nothing in it. Where a comment cannot stand before a block or does not help, one for the whole file takes its place.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use rayon::prelude::*;

use super::args::Suppress;
use super::corpus;
use super::lint;
use super::plan::{Plan, Task};
use super::setup::{self, working_directory};
use super::{CLEAN, FINDINGS, Failure, Terminal, USAGE};
use crate::article::suppressions::{Blocks, Keys};
use crate::article::{Article, Format, Syntax};
use crate::engine::{self, Settings};
use crate::facts::Wants;
use crate::finding::{self, Edit, Finding};
use crate::mistake::Mistake;
use crate::report::counted;
use crate::rules::{SUPPRESSION, UNREADABLE_FILE};
use crate::text::{Source, line_break};
use crate::write;

/// How often a file is tried: each time more of it is suppressed as a whole.
const TRIES: usize = 4;

/// What came of one file.
enum Ended {
    Nothing,
    Written(Written),
    /// It was left as it is, and why.
    Left(String),
    Bug(String),
}

/// What is put into a file.
struct Written {
    /// The number of findings that are suppressed by it.
    findings: usize,
    text: String,
    /// Each comment with the line it comes to stand on.
    comments: Vec<(u32, String)>,
}

pub(super) fn run(arguments: &Suppress, terminal: &Terminal) -> Result<u8, Failure> {
    let author = Author::new(arguments)?;
    let selection = &arguments.selection;
    lint::begin(selection)?;
    let here = working_directory()?;
    let mut configs = setup::configs(setup::overrides(selection)?, &selection.setup, &here)?;
    let mut plan = Plan::new(&mut configs, here);
    plan.paths_or_all(&selection.paths)?;
    lint::demand_rules(&plan)?;
    if !arguments.dry_run {
        plan.sweep();
    }
    let wants = corpus::prepare(&mut plan, selection.alone, Wants::default())?;
    let bugs = corpus::know(&mut plan, &wants);
    let results: Vec<Ended> = plan.tasks.par_iter().with_max_len(16).map(|task| author.file(task)).collect();
    let mut mistakes: Vec<Mistake> = bugs.iter().map(lint::bug).collect();
    let (mut findings, mut comments, mut files) = (0, 0, 0);
    let mut out = terminal.stdout();
    for (task, result) in plan.tasks.iter().zip(&results) {
        match result {
            Ended::Nothing => {}
            Ended::Written(written) => {
                findings += written.findings;
                comments += written.comments.len();
                files += 1;
                for (line, comment) in &written.comments {
                    writeln!(out, "{}:{line}: {comment}", task.name)?;
                }
            }
            Ended::Left(why) => {
                mistakes.push(Mistake::new(format!("\"{}\" is left as it is: {why}", task.name)));
            }
            Ended::Bug(message) => mistakes.push(lint::bug(&(task.name.to_string(), message.clone()))),
        }
    }
    let (findings, comments) = (counted(findings, "finding"), counted(comments, "comment"));
    let done = if arguments.dry_run { "would be suppressed" } else { "suppressed" };
    writeln!(out, "{findings} {done} with {comments} in {}", counted(files, "file"))?;
    out.flush()?;
    terminal.write_notes(&plan.notes);
    terminal.write_mistakes(&mistakes);
    let is_bug = results.iter().any(|result| matches!(result, Ended::Bug(_)));
    Ok(match mistakes.len() {
        0 => CLEAN,
        _ if is_bug => USAGE,
        _ => FINDINGS,
    })
}

/// Knows what to write.
struct Author {
    /// What stands behind the names of the rules.
    tail: String,
    whole_file: bool,
    dry_run: bool,
}

impl Author {
    fn new(arguments: &Suppress) -> Result<Self, Mistake> {
        let reason = arguments.reason.trim();
        let breaks = |text: &&str| reason.contains(text);
        let is_plain = reason.chars().all(|letter| !letter.is_control());
        if reason.is_empty() || !is_plain || ["-->", "--!>", "*/", "until="].iter().any(breaks) {
            let message = "the reason is one line of text, without \"-->\", \"*/\" and \"until=\"";
            return Err(Mistake::new(message));
        }
        if let Some(until) = arguments.until.filter(|until| *until < setup::today(&arguments.selection)) {
            return Err(Mistake::new(format!("the day {until} is over: it would suppress nothing")));
        }
        let until = arguments.until.map(|day| format!(" until={day}")).unwrap_or_default();
        let tail = format!("{until}: {reason}");
        Ok(Self { tail, whole_file: arguments.file, dry_run: arguments.dry_run })
    }

    fn file(&self, task: &Task) -> Ended {
        let source = task.open();
        let planned = engine::attempt(|| self.plan(&source, &task.settings));
        let written = match planned {
            Ok(Ok(None)) => return Ended::Nothing,
            Ok(Ok(Some(written))) => written,
            Ok(Err(why)) => return Ended::Left(why),
            Err(message) => return Ended::Bug(message),
        };
        let Some(path) = task.file().filter(|_| !self.dry_run) else { return Ended::Written(written) };
        match write::replace(path, source.text().as_bytes(), written.text.as_bytes()) {
            Ok(()) => Ended::Written(written),
            Err(why) => Ended::Left(why),
        }
    }

    /// What is to be written into an article, tried out. Nothing where nothing is found.
    fn plan(&self, source: &Source, settings: &Settings) -> Result<Option<Written>, String> {
        let before = engine::check(source, settings);
        if before.is_unreadable {
            return Err("it cannot be read as text".to_owned());
        }
        let found: Vec<&Finding> = before.findings.iter().filter(|finding| is_ours(finding)).collect();
        if found.is_empty() {
            return Ok(None);
        }
        let article = Article::parse(source);
        let rules = |findings: &[&Finding]| -> BTreeSet<Arc<str>> {
            findings.iter().map(|finding| Arc::clone(&finding.rule)).collect()
        };
        let all = rules(&found);
        let mut whole = if self.whole_file { all.clone() } else { BTreeSet::new() };
        let mut why = String::new();
        for _ in 0..TRIES {
            let comments = self.comments(&article, &found, &mut whole);
            let (text, numbered) = insert(source, &comments);
            let more = if reads_alike(&article, &text) {
                let new = source.with(&text);
                let after = engine::check(&new, settings);
                let left: Vec<&Finding> = after.findings.iter().filter(|finding| is_ours(finding)).collect();
                let said = after.findings.iter().filter(|finding| !is_ours(finding));
                let complaint = said.into_iter().find(|finding| is_new(finding, &before.findings));
                match (left.first(), complaint) {
                    (None, None) => {
                        return Ok(Some(Written { findings: found.len(), text, comments: numbered }));
                    }
                    (Some(first), _) => why = format!("no suppression helps against \"{}\"", first.rule),
                    (None, Some(said)) => why = format!("\"{}\" would say: {}", said.rule, said.message),
                }
                rules(&left)
            } else {
                "no comment can be written that changes nothing else".clone_into(&mut why);
                let parting = comments.iter().filter(|one| !reads_alike(&article, &insert(source, [*one]).0));
                let more: BTreeSet<Arc<str>> = parting.flat_map(|one| one.rules.iter().cloned()).collect();
                if more.is_subset(&whole) { all.clone() } else { more }
            };
            let known = whole.len();
            whole.extend(more);
            if whole.len() == known {
                break;
            }
        }
        Err(why)
    }

    /// The comments for these findings. Rules whose findings have no place before which a comment can stand join those
    /// of the whole file.
    fn comments(
        &self,
        article: &Article<'_>,
        findings: &[&Finding],
        whole: &mut BTreeSet<Arc<str>>,
    ) -> Vec<Comment> {
        let places = Places::of(article);
        let mut by_place: BTreeMap<Place, BTreeSet<Arc<str>>> = BTreeMap::new();
        for finding in findings {
            match places.before(finding.span.start) {
                _ if whole.contains(&finding.rule) => {}
                Some(place) => {
                    by_place.entry(place).or_default().insert(Arc::clone(&finding.rule));
                }
                None => {
                    whole.insert(Arc::clone(&finding.rule));
                }
            }
        }
        let (open, close) = match article.syntax() {
            Syntax::Mdx => ("{/* ", " */}"),
            Syntax::Markdown => ("<!-- ", " -->"),
        };
        let tail = &self.tail;
        let mut comments = Vec::new();
        if !whole.is_empty() {
            let text = format!("{open}copydesk-ignore-file {}{tail}{close}", joined(whole));
            // An import of MDX wants a blank line before it.
            let wants_blank = article.syntax() == Syntax::Mdx;
            let at = article.body.span.start as usize;
            comments.push(Comment { at, prefix: String::new(), text, rules: whole.clone(), wants_blank });
        }
        for (place, mut rules) in by_place {
            rules.retain(|rule| !whole.contains(rule));
            let (open, close) = if place.is_key { ("# ", "") } else { (open, close) };
            let text = format!("{open}copydesk-ignore {}{tail}{close}", joined(&rules));
            if !rules.is_empty() {
                comments.push(Comment {
                    at: place.line,
                    prefix: place.prefix,
                    text,
                    rules,
                    wants_blank: false,
                });
            }
        }
        comments
    }
}

/// A comment to be written.
struct Comment {
    /// Where its line begins.
    at: usize,
    /// What stands before it on its line.
    prefix: String,
    text: String,
    rules: BTreeSet<Arc<str>>,
    /// Whether a blank line must follow.
    wants_blank: bool,
}

fn joined(rules: &BTreeSet<Arc<str>>) -> String {
    rules.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ")
}

/// Whether the page stays the same with this text.
fn reads_alike(article: &Article<'_>, text: &str) -> bool {
    let source = Source::new(Arc::clone(article.source.path()), text.as_bytes().to_vec());
    article.reads_like(&Article::parse(&source))
}

/// Whether it is a finding that a suppression is written for.
fn is_ours(finding: &Finding) -> bool {
    !matches!(finding.rule.as_ref(), SUPPRESSION | UNREADABLE_FILE)
}

/// Whether nothing of the kind was found before.
fn is_new(finding: &Finding, before: &[Finding]) -> bool {
    !before.iter().any(|known| known.rule == finding.rule && known.message == finding.message)
}

/// Puts comments on lines of their own, with the line ends of their surroundings, and says on which lines they stand.
fn insert<'c>(
    source: &Source,
    comments: impl IntoIterator<Item = &'c Comment>,
) -> (String, Vec<(u32, String)>) {
    let text = source.text();
    let mut lines: BTreeMap<usize, Vec<&Comment>> = BTreeMap::new();
    for comment in comments {
        lines.entry(comment.at).or_default().push(comment);
    }
    let mut edits = Vec::new();
    let mut numbered = Vec::new();
    let mut added = 0;
    for (at, comments) in lines {
        let end = line_break(text, at);
        let mut new = String::new();
        if at == text.len() && !text.is_empty() && !text.ends_with(['\n', '\r', '\u{feff}']) {
            new.push_str(end);
            added += 1;
        }
        for comment in comments {
            numbered.push((source.position(at as u32).line + added, comment.text.clone()));
            new += &[&comment.prefix, &comment.text, end].concat();
            added += 1;
            if comment.wants_blank && !text[at..].starts_with(['\n', '\r']) {
                new.push_str(end);
                added += 1;
            }
        }
        edits.push(Edit::insert(at as u32, new));
    }
    (finding::rewrite(text, &edits), numbered)
}

/// A line before which a comment can stand.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Where the line begins.
    line: usize,
    /// What stands before the comment on its own line.
    prefix: String,
    /// Whether it is in the front matter.
    is_key: bool,
}

/// The places of an article before which a comment can stand.
struct Places<'a> {
    article: &'a Article<'a>,
    blocks: Blocks<'a>,
    keys: Option<Keys<'a>>,
}

impl<'a> Places<'a> {
    fn of(article: &'a Article<'a>) -> Self {
        let front_matter =
            article.front_matter.as_ref().filter(|block| block.format != Format::Json && block.is_sound());
        let keys = front_matter.map(|block| Keys::of(article.text(), block));
        Self { article, blocks: Blocks::of(article.text(), &article.body), keys }
    }

    /// The line before which a comment is about this byte.
    fn before(&self, at: u32) -> Option<Place> {
        let text = self.article.text();
        let line_start = |at: u32| {
            let from =
                if at < self.article.body.span.start { 0 } else { self.article.body.span.start as usize };
            text[from..at as usize].rfind(['\n', '\r']).map_or(from, |end| from + end + 1)
        };
        if at < self.article.body.span.start {
            let things = self.keys.as_ref()?.around(at);
            let mut lines = things.map(|thing| (line_start(thing.start), thing.start as usize));
            let is_first = |(line, start): &(usize, usize)| {
                text[*line..*start].trim_matches([' ', '\t', '-', '[']).is_empty()
            };
            let (line, _) = lines.find(is_first)?;
            let rest = &text[line..];
            let prefix = rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()].to_owned();
            return Some(Place { line, prefix, is_key: true });
        }
        self.blocks.around(at).find_map(|block| {
            let line = line_start(block.span.start);
            let before = &text[line..block.span.start as usize];
            let stands = before.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'));
            let prefix = if block.is_indented_code { "" } else { before };
            stands.then(|| Place { line, prefix: prefix.to_owned(), is_key: false })
        })
    }
}
