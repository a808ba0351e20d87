//! What the rules about the corpus made of all articles: the reduce.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::{ActiveRule, Settings, attempt};
use crate::corpus::{Corpus, Ground, Known};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::rule::{Comparison, Own, Sink};

/// An article on its way into the corpus.
pub struct Member {
    /// What is known of it.
    pub known: Known,
    /// How it is checked.
    pub settings: Arc<Settings>,
}

/// A rule with its options.
type Key = (Arc<str>, usize);

fn key(rule: &ActiveRule) -> Key {
    (Arc::clone(&rule.page.id), rule.check.address())
}

/// The corpus, and what each rule made of it.
pub struct Surveys {
    /// The articles.
    pub corpus: Arc<Corpus>,
    /// For each rule with its options.
    made: HashMap<Key, Box<dyn Comparison>>,
    /// The rules that failed at it, and what they said. Each is a bug of ours.
    pub bugs: Vec<(String, String)>,
}

impl fmt::Debug for Surveys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Surveys").field("corpus", &self.corpus).finish_non_exhaustive()
    }
}

impl Surveys {
    /// Lets every rule that is on for one of these articles look at all for which it is, with the same options.
    #[must_use]
    pub fn of(mut members: Vec<Member>, ground: Ground) -> Self {
        members.sort_by(|left, right| left.known.name.cmp(&right.known.name));
        let mut rules: HashMap<Key, (ActiveRule, Vec<usize>)> = HashMap::new();
        for (number, member) in members.iter().enumerate() {
            for rule in member.settings.rules.iter().filter(|rule| !rule.check.wants().is_nothing()) {
                let entry = rules.entry(key(rule)).or_insert_with(|| (rule.clone(), Vec::new()));
                entry.1.push(number);
            }
        }
        let articles = members.into_iter().map(|member| member.known).collect();
        let corpus = Arc::new(Corpus::new(articles, ground));
        let rules: Vec<_> = rules.into_iter().collect();
        let surveyed: Vec<_> = rules
            .into_par_iter()
            .map(|(key, (rule, numbers))| (key, attempt(|| rule.check.survey(&corpus, &numbers))))
            .collect();
        let (mut made, mut bugs) = (HashMap::new(), Vec::new());
        for (key, survey) in surveyed {
            match survey {
                Ok(comparison) => made.extend(comparison.map(|comparison| (key, comparison))),
                Err(message) => bugs.push((format!("all articles, in the rule {}", key.0), message)),
            }
        }
        bugs.sort();
        Self { corpus, made, bugs }
    }

    /// Lets the rules go, and brings the articles back; `None` where somebody else still looks at them.
    pub(super) fn into_articles(self) -> Option<Vec<Known>> {
        drop(self.made);
        Arc::into_inner(self.corpus).map(|corpus| corpus.articles)
    }

    /// Holds one article against the others; `facts` are those of its text as it stands now.
    pub(super) fn compare(
        &self,
        (name, facts): (&Arc<str>, &Facts),
        settings: &Settings,
        findings: &mut Vec<Finding>,
    ) {
        let Some(number) = self.corpus.number(name) else { return };
        for rule in settings.rules.iter().filter(|rule| !rule.check.wants().is_nothing()) {
            let Some(comparison) = self.made.get(&key(rule)) else { continue };
            let before = findings.len();
            let mut sink = Sink::new(&rule.page.id, rule.level, name, findings);
            comparison.compare(&Own { number, facts, name }, &mut sink);
            rule.check.regrade(&mut findings[before..]);
        }
    }
}
