//! Questions and answers about the fixes of one article after the other.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use crate::cli::diff::{self, Look};
use crate::cli::fix::what_they_do;
use crate::engine::Settings;
use crate::finding::{self, Finding, Fix, Safety};
use crate::fix::{Answers, Desk, Failure, Put};
use crate::report;
use crate::text::Source;

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
        let mut told = 0;
        while !desk.is_closed() {
            let findings = desk.check();
            if desk.apply_unasked(&findings, |finding| self.is_agreed(finding), put) {
                continue;
            }
            self.tell(&path, &mut desk, &mut told)?;
            let Some(finding) = findings.iter().find(|finding| desk.offers(finding)) else { break };
            if !is_introduced {
                writeln!(self.out, "{}", self.strong(&format!("{path} (file {number} of {count})")))?;
                is_introduced = true;
            }
            self.show(finding, &desk)?;
            match self.ask(finding)? {
                Answer::Yes => _ = desk.apply([finding], put),
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
        self.tell(&path, &mut desk, &mut told)?;
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

    /// Says what was done without a question, and what was left out; so many failures were told before.
    fn tell(&mut self, path: &str, desk: &mut Desk<'_>, told: &mut usize) -> io::Result<()> {
        for (rule, fixes) in desk.take_unasked() {
            let fixes = if fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") };
            writeln!(self.out, "{path}: applied {fixes} of {}\n", report::visible_line(&rule))?;
        }
        let failures: &[Failure] = &desk.failures()[*told..];
        *told += failures.len();
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
            if path == &**desk.path() { Some(desk.source()) } else { (self.open)(path) }
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
        let new = finding::rewrite(desk.text(), fix.edits());
        // The sign and two ellipses need room, and a line that fills the terminal may wrap.
        let cells = Some(self.options.width.saturating_sub(8).max(32));
        let look = Look { cells, context: 1, ..Look::of(&self.options) };
        self.out.write_all(diff::shown(None, (desk.text(), &new), &look).as_bytes())
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

/// Only findings that have a fix are offered.
fn fix_of(finding: &Finding) -> &Fix {
    finding.fix.as_ref().expect("it is offered")
}
