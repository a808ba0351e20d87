//! What the rules about the corpus made of all articles: the reduce.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::{ActiveRule, Settings, attempt};
use crate::corpus::{Corpus, Ground, Known};
use crate::finding::Finding;
use crate::rule::{Comparison, Own, Sink};

/// An article on its way into the corpus.
pub struct Member {
    /// What is known of it.
    pub known: Known,
    /// How it is checked.
    pub settings: Arc<Settings>,
}

/// The numbers of rules in their settings, each with where what it made is.
type Places = Vec<(usize, usize)>;

/// A rule with its options.
type Key = (Arc<str>, usize);

fn key(rule: &ActiveRule) -> Key {
    (Arc::clone(&rule.page.id), rule.check.address())
}

/// The corpus, and what each rule made of it.
pub struct Surveys {
    /// The articles.
    pub corpus: Arc<Corpus>,
    /// The numbers of the articles by their names.
    numbers: HashMap<Arc<str>, usize>,
    /// What the rules made.
    made: Vec<Box<dyn Comparison>>,
    /// Where in it that of a rule with its options is.
    by_rule: HashMap<Key, usize>,
    /// For settings, which are kept so that no others are made at their address: where in it that of each of their rules
    /// is, by the number of the rule.
    by_settings: HashMap<usize, (Arc<Settings>, Places)>,
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
        let mut known: HashMap<usize, (Arc<Settings>, Vec<Key>)> = HashMap::new();
        for (number, member) in members.iter().enumerate() {
            let at = Arc::as_ptr(&member.settings) as usize;
            let (settings, keys) = known.entry(at).or_insert_with(|| {
                let looks_at_all = |rule: &&ActiveRule| !rule.check.wants().is_nothing();
                let keys = member.settings.rules.iter().filter(looks_at_all).map(key).collect();
                (Arc::clone(&member.settings), keys)
            });
            for key in keys {
                let rule = || settings.rules.iter().find(|rule| rule.page.id == key.0).cloned();
                if let Some((_, numbers)) = rules.get_mut(key) {
                    numbers.push(number);
                } else if let Some(rule) = rule() {
                    rules.insert(key.clone(), (rule, vec![number]));
                }
            }
        }
        let articles = members.into_iter().map(|member| member.known).collect();
        let corpus = Arc::new(Corpus::new(articles, ground));
        let rules: Vec<_> = rules.into_iter().collect();
        let surveyed: Vec<_> = rules
            .into_par_iter()
            .map(|(key, (rule, numbers))| (key, attempt(|| rule.check.survey(&corpus, &numbers))))
            .collect();
        let (mut made, mut by_rule, mut bugs) = (Vec::new(), HashMap::new(), Vec::new());
        for (key, survey) in surveyed {
            match survey {
                Ok(None) => {}
                Ok(Some(comparison)) => {
                    by_rule.insert(key, made.len());
                    made.push(comparison);
                }
                Err(message) => bugs.push((format!("all articles, in the rule {}", key.0), message)),
            }
        }
        let by_settings = known.into_iter().map(|(at, (settings, _))| {
            let places = places(&settings, &by_rule);
            (at, (settings, places))
        });
        let by_settings = by_settings.collect();
        bugs.sort();
        let named = corpus.articles.iter().enumerate();
        let numbers = named.map(|(number, known)| (Arc::clone(&known.name), number)).collect();
        Self { corpus, numbers, made, by_rule, by_settings, bugs }
    }

    /// Lets the rules go, and brings the articles back; `None` where somebody else still looks at them.
    pub(super) fn into_articles(self) -> Option<Vec<Known>> {
        drop(self.made);
        Arc::into_inner(self.corpus).map(|corpus| corpus.articles)
    }

    /// The number of an article in the corpus.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// Holds one article against the others; `own` has the facts of its text as it stands now.
    pub(super) fn compare(&self, own: &Own<'_>, settings: &Settings, findings: &mut Vec<Finding>) {
        let known = self.by_settings.get(&(std::ptr::from_ref(settings) as usize));
        let made_now = if known.is_some() { Vec::new() } else { places(settings, &self.by_rule) };
        for (rule, comparison) in known.map_or(&made_now, |(_, places)| places) {
            let rule = &settings.rules[*rule];
            let before = findings.len();
            let mut sink = Sink::new(&rule.page.id, rule.level, own.name, findings);
            self.made[*comparison].compare(own, &mut sink);
            rule.check.regrade(&mut findings[before..]);
        }
    }
}

/// Where what each of these rules made is: by the number of the rule.
fn places(settings: &Settings, by_rule: &HashMap<Key, usize>) -> Places {
    let rules = settings.rules.iter().enumerate();
    rules.filter_map(|(number, rule)| Some((number, *by_rule.get(&key(rule))?))).collect()
}
