//! Questions and answers about the fixes of one article after the other.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::cli::diff::{self, Look};
use crate::cli::fix::what_they_do;
use crate::engine::{self, Settings};
use crate::finding::{self, Finding, Fix, Safety};
use crate::fix::{self, Applied, Failure, FailureKind, Fixed, MAX_PASSES};
use crate::report;
use crate::text::{Source, Span};

const QUESTION: &str =
    "Apply this fix? [y]es, [n]o, [a]ll of this rule, [d]one with this file, [q]uit, [?] help: ";

/// Asks, and knows what holds for all articles that follow.
pub(super) struct Interview<'a, R, W> {
    input: R,
    out: W,
    options: report::Options<'a>,
    /// Opens a file that a finding relates to.
    open: &'a dyn Fn(&str) -> Option<Source>,
    /// The rules whose fixes are applied without a question, if they are trusted this much.
    always: BTreeMap<Arc<str>, Safety>,
    /// Whether a file was written.
    has_written: bool,
    has_quit: bool,
}

/// What became of one article.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// The text as it now stands in the file.
    pub(super) text: String,
    pub(super) applied: Vec<Applied>,
    pub(super) failures: Vec<Failure>,
    pub(super) unwritten: Option<String>,
    /// Whether a rule failed at the text: the run that reports what remains will meet it again.
    pub(super) is_bug: bool,
}

/// Puts the second text in the place of the first.
pub(super) type Put<'a> = &'a mut dyn FnMut(&str, &str) -> Result<(), String>;

enum Answer {
    Yes,
    No,
    All,
    Done,
    Quit,
}

impl<'a, R: BufRead, W: Write> Interview<'a, R, W> {
    pub(super) fn new(
        input: R,
        out: W,
        options: report::Options<'a>,
        open: &'a dyn Fn(&str) -> Option<Source>,
    ) -> Self {
        Self { input, out, options, open, always: BTreeMap::new(), has_written: false, has_quit: false }
    }

    /// Whether nothing more is to be asked.
    pub(super) fn has_quit(&self) -> bool {
        self.has_quit
    }

    /// Asks about each fix of an article, which is the file with this number of so many.
    pub(super) fn article(
        &mut self,
        source: &Source,
        settings: &Settings,
        (number, count): (usize, usize),
        put: Put<'_>,
    ) -> io::Result<Answers> {
        let mut desk = Desk::new(source, settings);
        let path = report::visible_line(source.path());
        let mut is_introduced = false;
        let mut unasked = Unasked::new();
        let mut told = 0;
        while !desk.is_closed() {
            let findings = desk.check();
            let offered: Vec<&Finding> = findings.iter().filter(|finding| desk.offers(finding)).collect();
            if let Some(first) = offered.iter().find(|finding| self.is_agreed(finding)) {
                let is_alike = |one: &&Finding| one.rule == first.rule && self.is_agreed(one);
                desk.apply_unasked(offered.iter().copied().filter(is_alike), &mut unasked, put);
                continue;
            }
            self.tell(&path, &unasked, &desk.answers.failures[told..])?;
            told = desk.answers.failures.len();
            unasked.clear();
            let Some(finding) = offered.first() else { break };
            if !is_introduced {
                writeln!(self.out, "{}", self.strong(&format!("{path} (file {number} of {count})")))?;
                is_introduced = true;
            }
            self.show(finding, &desk)?;
            match self.ask(finding)? {
                Answer::Yes => _ = desk.apply([*finding], put),
                Answer::No => desk.decline(finding),
                Answer::All => {
                    let safety = fix_of(finding).safety;
                    let least = self.always.entry(Arc::clone(&finding.rule)).or_insert(safety);
                    *least = safety.min(*least);
                }
                Answer::Done => break,
                Answer::Quit => {
                    self.has_quit = true;
                    break;
                }
            }
        }
        self.tell(&path, &unasked, &desk.answers.failures[told..])?;
        let answers = desk.close();
        self.has_written |= !answers.applied.is_empty();
        if let Some(why) = &answers.unwritten {
            writeln!(self.out, "{path} is left as it is: {}\n", report::visible_line(why))?;
        }
        if self.has_quit {
            let rest = match count - number {
                0 => String::new(),
                1 => "; 1 more file with fixes is left alone".to_owned(),
                more => format!("; {more} more files with fixes are left alone"),
            };
            let done =
                if self.has_written { "what you said yes to is written" } else { "nothing is changed" };
            writeln!(self.out, "{done}{rest}\n")?;
        }
        Ok(answers)
    }

    /// Whether somebody said yes to this fix when they said it to another one of its rule. Whoever trusts the safe fixes of
    /// a rule has not seen its unsafe ones.
    fn is_agreed(&self, finding: &Finding) -> bool {
        self.always.get(&finding.rule).is_some_and(|least| fix_of(finding).safety >= *least)
    }

    /// Says what was done without a question, and what was left out.
    fn tell(&mut self, path: &str, unasked: &Unasked, failures: &[Failure]) -> io::Result<()> {
        for (rule, Turns { fixes, .. }) in unasked.iter().filter(|(_, turns)| turns.fixes > 0) {
            let fixes = if *fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") };
            writeln!(self.out, "{path}: applied {fixes} of {}\n", report::visible_line(rule))?;
        }
        for failure in failures {
            let (rules, did) = (failure.rules.join(" and "), what_they_do(failure));
            let rules = report::visible_line(&rules);
            writeln!(self.out, "{path}: the fixes of {rules} {did}: no more of them are applied here\n")?;
        }
        Ok(())
    }

    /// The finding in its frame, and what the fix would change.
    fn show(&mut self, finding: &Finding, desk: &Desk<'_>) -> io::Result<()> {
        let fix = fix_of(finding);
        let mut open = |path: &str| {
            if path == &**desk.source.path() { Some(desk.source()) } else { (self.open)(path) }
        };
        // The fix has a line of its own below the frame.
        let bare = Finding { fix: None, ..finding.clone() };
        report::write_finding(&bare, &mut open, &self.options, &mut self.out)?;
        let title = report::visible_line(&fix.title);
        match fix.safety {
            Safety::Safe => writeln!(self.out, "safe fix: {title}")?,
            Safety::Unsafe => {
                let mark = self.paint("33", "unsafe fix, look at it first:");
                writeln!(self.out, "{mark} {title}")?;
            }
        }
        let new = finding::rewrite(&desk.text, fix.edits());
        // The sign and two ellipses need room, and a line that fills the terminal may wrap.
        let cells = Some(self.options.width.saturating_sub(8).max(32));
        let look = Look { cells, context: 1, ..Look::of(&self.options) };
        self.out.write_all(diff::shown(None, (&desk.text, &new), &look).as_bytes())
    }

    fn ask(&mut self, finding: &Finding) -> io::Result<Answer> {
        loop {
            self.out.write_all(self.strong(QUESTION).as_bytes())?;
            self.out.flush()?;
            let mut line = Vec::new();
            if self.input.read_until(b'\n', &mut line)? == 0 {
                writeln!(self.out, "\nthe input has ended")?;
                return Ok(Answer::Quit);
            }
            let answer = match String::from_utf8_lossy(&line).trim().to_lowercase().as_str() {
                "y" | "yes" => Answer::Yes,
                "n" | "no" => Answer::No,
                "a" | "all" => Answer::All,
                "d" | "done" => Answer::Done,
                "q" | "quit" => Answer::Quit,
                _ => {
                    self.help(finding)?;
                    continue;
                }
            };
            writeln!(self.out)?;
            return Ok(answer);
        }
    }

    fn help(&mut self, finding: &Finding) -> io::Result<()> {
        let rule = report::visible_line(&finding.rule);
        let kind = match fix_of(finding).safety {
            Safety::Safe => "safe fixes",
            Safety::Unsafe => "fixes, safe and unsafe,",
        };
        writeln!(
            self.out,
            "y  apply it and write the file\n\
             n  leave it, and do not ask again\n\
             a  apply it and all further {kind} of {rule}, in the files that follow, too\n\
             d  leave all further fixes of this file\n\
             q  leave all further fixes; so does the end of the input\n\
             ?  show this"
        )
    }

    fn strong(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.options.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// What was applied to an article since the last question, by rule.
type Unasked = BTreeMap<Arc<str>, Turns>;

#[derive(Default)]
struct Turns {
    passes: usize,
    fixes: usize,
}

/// Only findings that have a fix are offered.
fn fix_of(finding: &Finding) -> &Fix {
    finding.fix.as_ref().expect("it is offered")
}

/// The article that is asked about.
struct Desk<'a> {
    source: &'a Source,
    settings: &'a Settings,
    text: String,
    /// The texts that there were, with the rule whose fix made the next one.
    past: Vec<(u64, Arc<str>)>,
    declined: Vec<Declined>,
    answers: Answers,
}

/// A fix that somebody does not want.
struct Declined {
    rule: Arc<str>,
    title: String,
    span: Span,
}

impl<'a> Desk<'a> {
    fn new(source: &'a Source, settings: &'a Settings) -> Self {
        let text = source.text().to_owned();
        Self { source, settings, text, past: Vec::new(), declined: Vec::new(), answers: Answers::default() }
    }

    fn source(&self) -> Source {
        Source::new(Arc::clone(self.source.path()), self.text.clone().into_bytes())
    }

    /// Whether nothing more can be done here.
    fn is_closed(&self) -> bool {
        self.answers.unwritten.is_some() || self.answers.is_bug
    }

    fn close(mut self) -> Answers {
        self.answers.applied.sort_by_key(|applied| applied.at);
        Answers { text: self.text, ..self.answers }
    }

    /// What is found in the text as it is, in order of place.
    fn check(&mut self) -> Vec<Finding> {
        let source = self.source();
        let checked = catch_unwind(AssertUnwindSafe(|| engine::check(&source, self.settings)));
        self.answers.is_bug = checked.is_err();
        let mut findings = checked.map(|checked| checked.findings).unwrap_or_default();
        findings.sort_by(|left, right| left.key().cmp(&right.key()));
        findings
    }

    fn offers(&self, finding: &Finding) -> bool {
        let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits().is_empty()) else { return false };
        // What was put in at one end of it may count as a part of it or not.
        let is_it = |one: &Declined| {
            one.rule == finding.rule
                && one.title == fix.title
                && (one.span.start == finding.span.start || one.span.end == finding.span.end)
        };
        let has_failed = self.answers.failures.iter().any(|failure| failure.rules.contains(&finding.rule));
        !has_failed && !self.declined.iter().any(is_it)
    }

    fn decline(&mut self, finding: &Finding) {
        let (rule, title) = (Arc::clone(&finding.rule), fix_of(finding).title.clone());
        self.declined.push(Declined { rule, title, span: finding.span });
    }

    fn fail(&mut self, kind: FailureKind, mut rules: Vec<Arc<str>>) {
        rules.sort();
        rules.dedup();
        self.answers.failures.push(Failure { rules, kind });
    }

    /// Applies fixes of one rule that are agreed on, and keeps count of that, for they could go on for ever.
    fn apply_unasked<'f>(
        &mut self,
        findings: impl Iterator<Item = &'f Finding>,
        unasked: &mut Unasked,
        put: Put<'_>,
    ) {
        let mut findings = findings.peekable();
        let Some(rule) = findings.peek().map(|first| Arc::clone(&first.rule)) else { return };
        let turns = unasked.entry(rule).or_default();
        turns.passes += 1;
        if turns.passes > MAX_PASSES {
            let is_busy = |turns: &Turns| turns.passes >= MAX_PASSES;
            let busy = unasked.iter().filter(|(_, turns)| is_busy(turns));
            self.fail(FailureKind::Unrest, busy.map(|(rule, _)| Arc::clone(rule)).collect());
            return;
        }
        turns.fixes += self.apply(findings, put);
    }

    /// Applies fixes of one rule, writes the file, and says how many fixes that were.
    fn apply<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>, put: Put<'_>) -> usize {
        let old = std::mem::take(&mut self.text);
        let new = fix::apply(&old, findings);
        let is_accepted = self.accept(&old, &new, put);
        let count = new.taken.len();
        self.text = if is_accepted { new.text } else { old };
        if is_accepted { count } else { 0 }
    }

    /// Whether the new text is now the one that holds.
    fn accept(&mut self, old: &str, new: &Fixed<'_>, put: Put<'_>) -> bool {
        let Some((first, _)) = new.taken.first() else { return false };
        let rule = Arc::clone(&first.rule);
        if fix::is_broken(old, &new.text) {
            self.fail(FailureKind::Breakage, vec![rule]);
            return false;
        }
        self.past.push((fingerprint(old), rule));
        let again = fingerprint(&new.text);
        if let Some(since) = self.past.iter().position(|(known, _)| *known == again) {
            let rules = self.past.drain(since..).map(|(_, rule)| rule).collect();
            self.fail(FailureKind::Unrest, rules);
            return false;
        }
        if let Err(why) = put(old, &new.text) {
            self.answers.unwritten = Some(why);
            return false;
        }
        for before in &mut self.answers.applied {
            before.at = new.moved(before.at);
        }
        for declined in &mut self.declined {
            let Span { start, end } = declined.span;
            declined.span = Span { start: new.moved(start), end: new.moved(end).max(new.moved(start)) };
        }
        let applied = |(finding, at): &(&Finding, u32)| {
            let Fix { title, safety, .. } = fix_of(finding);
            Applied { rule: Arc::clone(&finding.rule), title: title.clone(), safety: *safety, at: *at }
        };
        self.answers.applied.extend(new.taken.iter().map(applied));
        true
    }
}

/// A number that stands for a text, so that the texts of a long talk need not be kept.
fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
