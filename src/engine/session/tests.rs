//! A memory that goes along with a site that changes, held against runs that know nothing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::engine::{ActiveRule, Place, Settings, run_whole, wants};
use crate::facts::Facts;
use crate::finding::Level;
use crate::rules::{Catalog, check_of};

/// An article that counts how often it is read.
struct Page {
    name: Arc<str>,
    text: String,
    settings: Arc<Settings>,
    read: AtomicUsize,
}

impl File for Page {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn open(&self) -> Source {
        self.read.fetch_add(1, Ordering::Relaxed);
        Source::new(Arc::clone(&self.name), self.text.as_bytes().to_vec())
    }

    fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    fn place(&self) -> Place {
        Place { site: 0, path: Arc::clone(&self.name) }
    }
}

fn settings() -> Arc<Settings> {
    let rule = |page: &Arc<crate::rule::Page>| ActiveRule {
        page: Arc::clone(page),
        level: Level::Warning,
        check: Arc::from(check_of(page, &serde_json::Map::new()).expect("a rule of ours")),
    };
    let rules: Vec<_> = Catalog::built_in().pages().iter().map(rule).collect();
    let known = Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect();
    Arc::new(Settings { rules, known, ..Settings::default() })
}

fn pages(texts: &BTreeMap<String, String>, settings: &Arc<Settings>) -> Vec<Page> {
    let page = |(name, text): (&String, &String)| Page {
        name: name.as_str().into(),
        text: text.clone(),
        settings: Arc::clone(settings),
        read: AtomicUsize::new(0),
    };
    let pages: Vec<Page> = texts.iter().map(page).collect();
    let wants = Arc::new(wants(&pages));
    let settings = Arc::new(Settings { wants, ..(**settings).clone() });
    pages.into_iter().map(|page| Page { settings: Arc::clone(&settings), ..page }).collect()
}

fn told(outcome: &Outcome) -> String {
    format!("{:?} {:?} {} {}", outcome.findings, outcome.suppressed, outcome.checked, outcome.unreadable)
}

fn doubles(outcome: &Outcome) -> usize {
    outcome.findings.iter().filter(|finding| *finding.rule == *"duplicate-slug").count()
}

fn article(slug: u32, words: u32) -> String {
    let mark =
        if words.is_multiple_of(3) { "<!-- copydesk-ignore-file duplicate-slug: known -->\n" } else { "" };
    format!(
        "---\ntitle: A\nslug: s{slug}\n---\n# A\n\n#### Deep\n\n{mark}{}\n",
        "word ".repeat(words as usize)
    )
}

#[test]
fn it_says_at_each_step_what_a_run_says_that_knows_nothing() {
    let settings = settings();
    let mut texts = BTreeMap::new();
    let mut session = Session::default();
    let mut random = 7_u32;
    let mut next = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % below
    };
    let mut found = 0;
    for step in 0..60 {
        let name = format!("{}.md", next(6));
        let is_gone = next(4) == 0 && texts.len() > 1;
        if is_gone {
            texts.remove(&name);
        } else {
            texts.insert(name.clone(), article(next(4), next(5)));
        }
        let own = pages(&texts, &settings);
        // Some of them are only known, and not always the same.
        let split = if step % 10 < 5 { own.len() } else { own.len().div_ceil(2) };
        let (files, others) = own.split_at(split);
        session.doubt(&name);
        session.refresh(files, others);
        let outcome = session.conclude(files, others, vec![Ground::default()]);
        let fresh = run_whole(files, others, vec![Ground::default()]);
        assert_eq!(told(&outcome), told(&fresh), "step {step}");
        assert!(outcome.bugs.is_empty());
        found += doubles(&outcome);
    }
    assert!(found > 10, "it is about rules that look at all articles");
}

#[test]
fn what_is_not_doubted_is_not_read_again_and_facts_come_back() {
    let settings = settings();
    let mut texts: BTreeMap<_, _> =
        (1..5).map(|number| (format!("{number}.md"), article(number, 1))).collect();
    let mut session = Session::default();
    let first = pages(&texts, &settings);
    assert_eq!(session.refresh(&first, &[]).len(), 4);
    assert_eq!(doubles(&session.conclude(&first, &[], vec![Ground::default()])), 0);
    texts.insert("2.md".into(), article(1, 1));
    let second = pages(&texts, &settings);
    assert!(session.refresh(&second, &[]).is_empty(), "nobody said that it has changed");
    session.doubt("2.md");
    session.doubt("3.md");
    assert_eq!(session.refresh(&second, &[]), ["2.md".into()]);
    let outcome = session.conclude(&second, &[], vec![Ground::default()]);
    assert_eq!(doubles(&outcome), 2, "one slug stands in two files now");
    let read: Vec<usize> = second.iter().map(|page| page.read.load(Ordering::Relaxed)).collect();
    assert_eq!(read, [0, 1, 1, 0]);
    texts.remove("1.md");
    let third = pages(&texts, &settings);
    assert_eq!(session.refresh(&third, &[]), ["1.md".into()]);
    let left =
        session.kept.values().map(|kept| kept.result.as_ref().expect("no rule fails").facts.as_deref());
    assert!(left.into_iter().all(|facts| facts.is_some_and(|facts| *facts != Facts::default())));
}
