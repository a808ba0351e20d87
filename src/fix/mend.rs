//! Fixes an article until there is nothing left to fix.

use std::sync::Arc;

use super::apply;
use crate::article::Article;
use crate::engine::{self, Checked, Settings};
use crate::finding::{Finding, Safety};
use crate::text::Source;

/// How many passes an article gets. Real ones rest after two: fixes that overlap wait for each other, and one may uncover
/// another.
pub const MAX_PASSES: usize = 10;

/// What became of an article.
#[derive(Debug)]
pub struct Mended {
    /// The new text; `None` where nothing was to be fixed.
    pub text: Option<String>,
    /// The fixes that made it, in the order of their places.
    pub applied: Vec<Applied>,
    /// What is found in the new text.
    pub left: Checked,
    /// What went wrong with the fixes of some rules, which were left out.
    pub failures: Vec<Failure>,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The rule.
    pub rule: Arc<str>,
    /// What it did.
    pub title: String,
    /// Whether it kept the meaning.
    pub safety: Safety,
    /// Where it is in the new text.
    pub at: u32,
}

/// Fixes that did what no fix may do. They are not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rules whose fixes did it together.
    pub rules: Vec<Arc<str>>,
    /// What they did.
    pub kind: FailureKind,
}

/// What no fix may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// They undo each other, or never end.
    Unrest,
    /// The front matter could be read before, and could not after.
    Breakage,
}

/// Applies the fixes that are trusted this much, and those that they uncover.
#[must_use]
pub fn mend(source: &Source, settings: &Settings, least: Safety) -> Mended {
    let mut left = engine::check(source, settings);
    let mut text: Option<String> = None;
    let mut applied: Vec<Applied> = Vec::new();
    for _ in 0..MAX_PASSES {
        let is_wanted = |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety >= least);
        let new = apply(text.as_deref().unwrap_or(source.text()), left.findings.iter().filter(is_wanted));
        if new.taken.is_empty() {
            break;
        }
        for old in &mut applied {
            old.at = new.moved(old.at);
        }
        applied.extend(new.taken.iter().map(|(finding, at)| {
            let fix = finding.fix.as_ref().expect("it was taken");
            Applied { rule: Arc::clone(&finding.rule), title: fix.title.clone(), safety: fix.safety, at: *at }
        }));
        let mended = Source::new(Arc::clone(source.path()), new.text.clone().into_bytes());
        let _ = Article::parse(&mended);
        text = Some(new.text);
        left = engine::check(&mended, settings);
    }
    applied.sort_by_key(|applied| applied.at);
    Mended { text, applied, left, failures: Vec::new() }
}
