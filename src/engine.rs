//! Runs the checks: a map over articles, each on its own, and a reduce that puts the results in order.
//!
//! The map is a pure function of settings, path and bytes. Whatever runs it (one thread or many, this machine or
//! several) gets the same findings, and the reduce sorts them the same way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::article::{Article, Roles};
use crate::finding::{Finding, Level};
use crate::rule::{ArticleCheck, Context, Page, Sink};
use crate::rules::UNREADABLE_FILE;
use crate::schema::Schema;
use crate::text::Source;

/// What is checked in the articles of one collection, and how.
#[derive(Clone, Default)]
pub struct Settings {
    /// The rules that are on.
    pub rules: Vec<ActiveRule>,
    /// Which fields play which role.
    pub roles: Roles,
    /// The schema of the front matter.
    pub schema: Option<Arc<Schema>>,
    /// What day it is. A setting and no look at the clock, so that a check stays a pure function.
    pub today: Option<Date>,
}

/// A rule that is on.
#[derive(Clone)]
pub struct ActiveRule {
    /// Its page.
    pub page: Arc<Page>,
    /// The level of its findings.
    pub level: Level,
    /// Its logic, with its options in it.
    pub check: Arc<dyn ArticleCheck>,
}

/// What one article came to.
#[derive(Debug, Default)]
pub struct Checked {
    /// What its rules found, in the order of the rules.
    pub findings: Vec<Finding>,
    /// Whether it could not be read as text, so that only that was reported.
    pub is_unreadable: bool,
}

/// What all articles came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All findings, sorted.
    pub findings: Vec<Finding>,
    /// How many articles were checked.
    pub checked: usize,
    /// How many files could not be read as text.
    pub unreadable: usize,
    /// The files at which a rule failed, and what it said. Each is a bug of ours.
    pub bugs: Vec<(String, String)>,
}

/// Checks one article: the map.
#[must_use]
pub fn check(source: &Source, settings: &Settings) -> Checked {
    let article = Article::parse(source);
    let context =
        Context { roles: &settings.roles, schema: settings.schema.as_deref(), today: settings.today };
    let mut checked = Checked { findings: Vec::new(), is_unreadable: source.damage().is_some() };
    for rule in &settings.rules {
        // Of a file that is no text, the rules about text would tell nonsense.
        if checked.is_unreadable && rule.page.id.as_ref() != UNREADABLE_FILE {
            continue;
        }
        let mut sink = Sink::new(&rule.page.id, rule.level, source.path(), &mut checked.findings);
        rule.check.check(&article, &context, &mut sink);
    }
    checked
}

/// Checks many articles on all cores and puts the results together. `open` brings a file and its settings.
///
/// A rule that panics does not end the run: its file is named in [`Outcome::bugs`].
pub fn run<'f, T: Sync>(files: &'f [T], open: impl Fn(&'f T) -> (Source, &'f Settings) + Sync) -> Outcome {
    let results: Vec<Result<Checked, (String, String)>> = files
        .par_iter()
        .with_max_len(16)
        .map(|file| {
            let (source, settings) = open(file);
            catch_unwind(AssertUnwindSafe(|| check(&source, settings)))
                .map_err(|panic| (source.path().to_string(), panic_message(&*panic)))
        })
        .collect();
    reduce(results)
}

fn reduce(results: Vec<Result<Checked, (String, String)>>) -> Outcome {
    let mut outcome = Outcome::default();
    for result in results {
        match result {
            Ok(checked) => {
                outcome.checked += usize::from(!checked.is_unreadable);
                outcome.unreadable += usize::from(checked.is_unreadable);
                outcome.findings.extend(checked.findings);
            }
            Err(bug) => outcome.bugs.push(bug),
        }
    }
    outcome.findings.sort_by(|left, right| left.key().cmp(&right.key()));
    outcome
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Catalog;
    use crate::text::Span;

    /// Reports every article, and panics at one.
    struct Loud;

    impl ArticleCheck for Loud {
        fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
            assert!(!article.text().contains("boom"), "the fuse was lit");
            sink.report(Span::empty(0), "seen");
        }
    }

    fn settings() -> Settings {
        let page = Arc::clone(&Catalog::built_in().pages()[0]);
        let rule = ActiveRule { page, level: Level::Info, check: Arc::new(Loud) };
        Settings { rules: vec![rule], ..Settings::default() }
    }

    #[test]
    fn a_rule_that_panics_is_a_bug_with_a_name_and_the_run_goes_on() {
        let settings = settings();
        let files = [("b.md", "boom"), ("c.md", "text"), ("a.md", "text")];
        let outcome = run(&files, |(path, text)| (Source::new(*path, text.as_bytes().to_vec()), &settings));
        assert_eq!(outcome.bugs, [("b.md".to_owned(), "the fuse was lit".to_owned())]);
        let paths: Vec<&str> = outcome.findings.iter().map(|finding| finding.path.as_ref()).collect();
        assert_eq!(paths, ["a.md", "c.md"]);
        assert_eq!(outcome.checked, 2);
    }
}
