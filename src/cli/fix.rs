//! `copydesk lint --fix`, and its rehearsals: `--diff` and `--fix-dry-run`.
//!
//! Each file is opened, mended and written before the next, so that a run holds few texts at a time. What is left in it is
//! reported like any other finding.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use super::args::Fixing;
use super::diff::{self, Look};
use super::lint::please_report;
use super::plan::Task;
use crate::engine::{self, Checked, Outcome, Settings};
use crate::finding::Safety;
use crate::fix::{self, Applied, Failure, FailureKind};
use crate::mistake::Mistake;
use crate::text::Source;
use crate::triage::{Fixed, Fixes};
use crate::write;

/// What becomes of a text that was fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is written; where it came by standard input, to standard output.
    Write,
    /// It is compared with the old one.
    Diff,
    /// It is counted.
    Count,
}

/// Mends articles.
pub(super) struct Mender {
    pub(super) mode: Mode,
    /// The least trust at which a fix is applied.
    pub(super) least: Safety,
    /// Whether each fix is to be listed.
    pub(super) lists: bool,
    /// How a difference is shown to a person; `None` where a program is to read it.
    pub(super) look: Option<Look>,
}

/// What was fixed in a run, and what went wrong with it.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    /// How many fixes there were of each rule.
    pub(super) rules: BTreeMap<Arc<str>, Fixes>,
    /// How many in all.
    pub(super) all: Fixes,
    /// Each of them, where they are to be listed: by file and place.
    pub(super) list: Vec<Fixed>,
    /// The rules whose fixes were left out in a file.
    pub(super) failures: Vec<(Arc<str>, Failure)>,
    /// The files that could not be written, and why.
    pub(super) unwritten: Vec<(Arc<str>, String)>,
    /// The files that have more to fix than one run does.
    pub(super) unfinished: Vec<Arc<str>>,
    /// The files that have something to fix and were let alone, since the index has another text than they have.
    pub(super) parted: Vec<Arc<str>>,
    /// For each file that would change, the difference; for standard input, the new text.
    pub(super) texts: Vec<(Arc<str>, String)>,
    /// Where somebody was asked and had enough: the files that it was about until then.
    pub(super) seen: Option<BTreeSet<Arc<str>>>,
}

impl Mender {
    /// What the command line wants to be fixed; `None` where it is nothing, or is asked for one by one.
    ///
    /// # Errors
    /// An option that says how to fix where nothing is fixed.
    pub(super) fn of(fixing: &Fixing, lists: bool) -> Result<Option<Self>, Mistake> {
        let mode = match (fixing.diff, fixing.fix_dry_run) {
            (true, _) => Some(Mode::Diff),
            (_, true) => Some(Mode::Count),
            _ => (fixing.fix && !fixing.interactive).then_some(Mode::Write),
        };
        let lost = [
            (fixing.unsafe_fixes && mode.is_none(), "--unsafe-fixes", "--fix`, `--diff` or `--fix-dry-run"),
            (
                fixing.show_fixes && (mode == Some(Mode::Diff) || mode.is_none() && !fixing.interactive),
                "--show-fixes",
                "--fix`, `--fix-dry-run` or `--interactive",
            ),
            (
                fixing.exit_non_zero_on_fix && mode.is_none() && !fixing.interactive,
                "--exit-non-zero-on-fix",
                "--fix` or `--interactive",
            ),
        ];
        if let Some((_, option, with)) = lost.into_iter().find(|(is_lost, ..)| *is_lost) {
            let help = if fixing.interactive {
                "`--interactive` offers safe and unsafe fixes alike".to_owned()
            } else {
                format!("say it with `{with}`")
            };
            return Err(Mistake::new(format!("`{option}` does nothing here")).with_help(Some(help)));
        }
        let least = if fixing.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        Ok(mode.map(|mode| Self { mode, least, lists, look: None }))
    }

    /// Mends all articles of a plan, and brings what is left to find in them.
    pub(super) fn run(&self, tasks: &[Task]) -> (Outcome, Repairs) {
        let (outcome, done) = engine::run_with(
            tasks,
            |task| (task.open(), &*task.settings),
            |task, source, settings| self.file(task, source, settings),
        );
        let mut repairs = Repairs::default();
        done.into_iter().flatten().for_each(|done| repairs.add(*done));
        repairs.list.sort_by(|left, right| (&left.path, left.position).cmp(&(&right.path, right.position)));
        repairs.texts.sort();
        (outcome, repairs)
    }

    fn file(&self, task: &Task, source: &Source, settings: &Settings) -> (Checked, Option<Box<Repairs>>) {
        let mended = fix::mend(source, settings, self.least);
        let path = source.path();
        let mut repairs = Repairs::default();
        if task.is_staged_otherwise() {
            repairs.parted.extend(mended.text.is_some().then(|| Arc::clone(path)));
            return (engine::check(source, settings), Some(Box::new(repairs)));
        }
        repairs.failures.extend(mended.failures.into_iter().map(|failure| (Arc::clone(path), failure)));
        repairs.unfinished.extend(mended.is_unfinished.then(|| Arc::clone(path)));
        let Some(text) = mended.text else {
            return (mended.left, (!repairs.failures.is_empty()).then(|| Box::new(repairs)));
        };
        if let (Mode::Write, Some(file)) = (self.mode, task.file())
            && let Err(why) = write::replace(file, source.text().as_bytes(), text.as_bytes())
        {
            repairs.unwritten.push((Arc::clone(path), why));
            repairs.unfinished.clear();
            return (engine::check(source, settings), Some(Box::new(repairs)));
        }
        repairs.record(path, &mended.applied, self.lists.then_some(text.as_str()));
        match self.mode {
            Mode::Diff => {
                let texts = (source.text(), text.as_str());
                let difference = match &self.look {
                    Some(look) => diff::shown(Some(path), texts, look),
                    None => diff::unified(path, texts.0, texts.1),
                };
                repairs.texts.push((Arc::clone(path), difference));
            }
            Mode::Write if task.file().is_none() => repairs.texts.push((Arc::clone(path), text)),
            Mode::Write | Mode::Count => {}
        }
        (mended.left, Some(Box::new(repairs)))
    }
}

impl Repairs {
    /// Counts the fixes of one file, and lists them where its new text is given.
    pub(super) fn record(&mut self, path: &Arc<str>, applied: &[Applied], text: Option<&str>) {
        let source = text.map(|text| Source::new(Arc::clone(path), text.as_bytes().to_vec()));
        let mut own: BTreeMap<Arc<str>, Fixes> = BTreeMap::new();
        for one in applied {
            own.entry(Arc::clone(&one.rule)).or_default().count(one.safety);
            self.list.extend(source.as_ref().map(|source| Fixed {
                rule: Arc::clone(&one.rule),
                title: one.title.clone(),
                safety: one.safety,
                path: Arc::clone(path),
                position: source.position(one.at),
            }));
        }
        let mut all = Fixes::default();
        for (rule, fixes) in own {
            all.add(fixes);
            self.rules.entry(rule).or_default().add(Fixes { files: 1, ..fixes });
        }
        self.all.add(Fixes { files: 1, ..all });
    }

    fn add(&mut self, other: Self) {
        for (rule, fixes) in other.rules {
            self.rules.entry(rule).or_default().add(fixes);
        }
        self.all.add(other.all);
        self.list.extend(other.list);
        self.failures.extend(other.failures);
        self.unwritten.extend(other.unwritten);
        self.unfinished.extend(other.unfinished);
        self.parted.extend(other.parted);
        self.texts.extend(other.texts);
    }

    /// What is to be said of files that could not be written or not be fixed in one run, and of fixes that did what no
    /// fix may do.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let unwritten = self
            .unwritten
            .iter()
            .map(|(path, why)| Mistake::new(format!("\"{path}\" is left as it is: {why}")));
        let unfinished = self.unfinished.iter().map(|path| {
            Mistake::new(format!("\"{path}\" has more to fix than one run does"))
                .with_help(Some("run it again: it goes on where it stopped"))
        });
        let mut failures: BTreeMap<&Failure, Vec<&str>> = BTreeMap::new();
        for (path, failure) in &self.failures {
            failures.entry(failure).or_default().push(path);
        }
        let named = unwritten.chain(unfinished);
        named.chain(failures.iter().map(|(failure, paths)| told(failure, paths))).collect()
    }
}

/// Writes texts one after the other. Standard output is to be given as it is where they are not ours: our stream takes
/// escapes out where there is no terminal, and these may be the text's own.
pub(super) fn print<'t>(mut out: impl Write, texts: impl IntoIterator<Item = &'t [u8]>) -> io::Result<()> {
    for text in texts {
        out.write_all(text)?;
    }
    out.flush()
}

/// What to say of a file that is let alone: a fix of what is staged is none of what the file has.
pub(super) fn parted(path: &str) -> Mistake {
    Mistake::new(format!("\"{path}\" is not fixed: what is staged of it is not what the file has"))
        .with_help(Some("stage all of it, or fix it after the commit"))
}

/// What fixes did that no fix may do, as in `the fixes of "a" never end`.
pub(super) fn what_they_do(failure: &Failure) -> &'static str {
    match (failure.kind, failure.rules.len()) {
        (FailureKind::Unrest, 1) => "never end",
        (FailureKind::Unrest, _) => "undo each other, or never end",
        (FailureKind::Breakage, _) => "leave a text that cannot be read",
    }
}

/// Fixes that did what no fix may do, and whose business that is.
fn told(failure: &Failure, paths: &[&str]) -> Mistake {
    let names: Vec<String> = failure.rules.iter().map(|rule| format!("\"{rule}\"")).collect();
    let many = names.len() > 1;
    let rules = format!("the rule{} {}", if many { "s" } else { "" }, names.join(" and "));
    let did = what_they_do(failure);
    let place = match paths {
        [path, more @ ..] if !more.is_empty() => format!("\"{path}\" and {} more", more.len()),
        paths => format!("\"{}\"", paths.concat()),
    };
    let mut packs: Vec<String> = failure
        .rules
        .iter()
        .filter_map(|rule| rule.split_once('/'))
        .map(|(pack, _)| format!("\"{pack}\""))
        .collect();
    packs.dedup();
    let help = if packs.is_empty() {
        please_report()
    } else {
        format!("please tell whoever wrote the pack {}", packs.join(" and "))
    };
    Mistake::new(format!("the fixes of {rules} {did} in {place}: they were left out")).with_help(Some(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::engine::ActiveRule;
    use crate::finding::{Edit, Fix, Level};
    use crate::rule::{Check, Context, Sink};
    use crate::rules::Catalog;
    use crate::text::Span;

    fn said(rules: &[&str], kind: FailureKind, paths: &[&str]) -> String {
        let failure = Failure { rules: rules.iter().map(|rule| (*rule).into()).collect(), kind };
        let repairs = Repairs {
            failures: paths.iter().map(|path| ((*path).into(), failure.clone())).collect(),
            ..Repairs::default()
        };
        let mistakes = repairs.mistakes();
        assert_eq!(mistakes.len(), 1, "one bug is told once");
        format!("{} | {}", mistakes[0].message, mistakes[0].help.as_deref().unwrap_or_default())
    }

    /// Wants "old" to be "new".
    struct Newer;

    impl Check for Newer {
        fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
            if let Some(at) = article.text().find("old") {
                let span = Span::new(at, at + 3);
                sink.report(span, "it is old").fix(Fix::safe("renew", [Edit::replace(span, "new")]));
            }
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_mended_is_left_and_what_was_found_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let page = Arc::clone(&Catalog::built_in().pages()[0]);
        let rule = ActiveRule { page, level: Level::Error, check: Arc::new(Newer) };
        let task = Task::of_file(path.clone(), Settings { rules: vec![rule], ..Settings::default() });
        std::fs::write(&path, "old").unwrap();
        let source = task.open();
        std::fs::write(&path, "older").unwrap();
        let mender = Mender { mode: Mode::Write, least: Safety::Safe, lists: true, look: None };
        let (checked, repairs) = mender.file(&task, &source, &task.settings);
        let repairs = repairs.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"older");
        assert_eq!((checked.findings.len(), repairs.all, repairs.list.len()), (1, Fixes::default(), 0));
        let said = &repairs.mistakes()[0].message;
        assert!(said.starts_with("\"a.md\" is left as it is: ") && said.contains("changed"), "{said}");
        let (checked, repairs) = mender.file(&task, &task.open(), &task.settings);
        assert_eq!(std::fs::read(&path).unwrap(), b"newer");
        assert_eq!((checked.findings.len(), repairs.unwrap().list.len()), (0, 1));
    }

    #[test]
    fn a_file_that_wants_another_run_is_named() {
        let mut repairs = Repairs::default();
        repairs.add(Repairs { unfinished: vec!["a.md".into()], ..Repairs::default() });
        let mistakes = repairs.mistakes();
        assert_eq!(mistakes.len(), 1);
        assert_eq!(mistakes[0].message, "\"a.md\" has more to fix than one run does");
    }

    #[test]
    fn a_bug_is_told_to_whom_it_belongs() {
        let ours = said(&["one", "two"], FailureKind::Unrest, &["a.md", "b.md", "c.md"]);
        assert!(ours.starts_with(
            "the fixes of the rules \"one\" and \"two\" undo each other, or never end in \"a.md\" and 2 more: \
             they were left out | this is a bug of copydesk "
        ));
        let theirs = said(&["house/one", "house/two", "three"], FailureKind::Unrest, &["a.md"]);
        assert!(theirs.ends_with(" | please tell whoever wrote the pack \"house\""), "{theirs}");
        let broken = said(&["one"], FailureKind::Breakage, &["a.md"]);
        assert!(
            broken.starts_with("the fixes of the rule \"one\" leave a text that cannot be read in \"a.md\"")
        );
    }
}
