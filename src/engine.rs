//! Runs the checks: a map over articles, each on its own, and a reduce that puts the results in order.
//!
//! The map is a pure function of settings, path and bytes. Whatever runs it (one thread or many, this machine or
//! several) gets the same findings, and the reduce sorts them the same way. Rules about
//! many articles are asked behind the map, of its facts: see [`Surveys`].

mod digest;
mod memory;
mod session;
mod stored;
mod surveys;
mod whole;

use std::cmp::Ordering;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::article::suppressions::{self, Directive};
use crate::article::{Article, Roles};
use crate::corpus::Portrait;
use crate::date::{Clock, Days};
use crate::facts::{Facts, Wants};
use crate::finding::{Finding, Level, Text};
use crate::rule::{Check, Context, Own, Page, Sink, address, gather};
use crate::rules::{SUPPRESSION, UNREADABLE_FILE};
use crate::schema::Schema;
use crate::site::Site;
use crate::text::Source;
use crate::triage::{self, Known, Suppressed};
use crate::web::{self, Asks, Question, Replies};

pub use digest::{Digest, Digests, Number, number};
pub use memory::{Kind, Memory, Store};
pub use session::Session;
pub use stored::Stored;
pub use surveys::{Member, Surveys};
pub use whole::{File, Mapped, Place, check_file, know, reduce, run_whole, tell, wants};

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
    /// The names of all rules there are, whether they are on or not: what a suppression may name.
    pub known: Arc<[Arc<str>]>,
    /// Whether suppressions are taken for mere comments: all findings count.
    pub ignores_suppressions: bool,
    /// What the web answered; `None` in a run that does not ask it.
    pub replies: Option<Arc<Replies>>,
    /// The names of the collections, in the order of the config.
    pub collections: Arc<[Arc<str>]>,
    /// How the files of the site become addresses.
    pub site: Arc<Site>,
    /// What the rules of a run want to know of every article: of this one as of all others, whatever its own rules want.
    pub wants: Arc<Wants>,
    /// What was said of its rules, as one text: their options, and how far their fixes are trusted. `None` where nobody
    /// wrote it down: then these settings cannot be told from others, and nothing that they find is kept.
    pub said: Option<Arc<str>>,
    /// What the rules made of all articles; `None` where they are not known, or not yet.
    pub surveys: Option<Arc<Surveys>>,
}

impl Settings {
    /// What its rules want to have asked of the web.
    #[must_use]
    pub fn asks(&self) -> Asks {
        self.rules.iter().fold(Asks::default(), |asks, rule| asks.and(rule.check.asks()))
    }

    /// Whether suppressions name a rule that is asked only when all articles are known.
    fn is_open(&self, directives: &[Directive]) -> bool {
        let mut named = directives.iter().flat_map(|directive| &directive.rules);
        named.any(|name| {
            let rule = self.rules.iter().find(|rule| *rule.page.id == name.name);
            rule.is_some_and(|rule| !rule.check.wants().is_nothing())
        })
    }

    /// What its rules may know besides an article, but for the day.
    fn context(&self) -> Context<'_> {
        Context {
            roles: &self.roles,
            schema: self.schema.as_deref(),
            site: &self.site,
            clock: None,
            replies: self.replies.as_deref(),
            suppressions: &[],
        }
    }
}

/// A rule that is on.
#[derive(Clone)]
pub struct ActiveRule {
    /// Its page.
    pub page: Arc<Page>,
    /// The level of its findings.
    pub level: Level,
    /// Its logic, with its options in it.
    pub check: Arc<dyn Check>,
}

/// What one article came to.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What its rules found, in the order of the rules.
    pub findings: Vec<Finding>,
    /// What they found and the author wants to be left alone.
    pub suppressed: Vec<Suppressed>,
    /// Whether it could not be read as text, so that only that was reported.
    pub is_unreadable: bool,
    /// The addresses that its rules would have asked, in a run that does not: a number for each.
    pub unasked: Vec<u64>,
    /// On which days the same would be found.
    pub days: Days,
    /// What it tells the corpus, where somebody wants to know and does not know yet.
    pub facts: Option<Box<Facts>>,
    /// Whether it names rules in suppressions that can be asked only when all articles are known: all else is still to be
    /// found out then.
    pub is_open: bool,
}

/// What all articles came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All findings, sorted.
    pub findings: Vec<Finding>,
    /// All suppressed findings, sorted.
    pub suppressed: Vec<Suppressed>,
    /// How many articles were checked.
    pub checked: usize,
    /// How many files could not be read as text.
    pub unreadable: usize,
    /// The addresses that would have been asked, in a run that does not: a number for each.
    pub unasked: HashSet<u64>,
    /// The files at which a rule failed, and what it said. Each is a bug of ours.
    pub bugs: Vec<(String, String)>,
    /// What the articles are like, where their settings want to know ([`Portrait::wants`]).
    pub portrait: Option<Portrait>,
}

/// Checks one article: the map.
#[must_use]
pub fn check(source: &Source, settings: &Settings) -> Checked {
    let article = Article::parse(source);
    let clock = settings.today.map(Clock::new);
    let context = Context { clock: clock.as_ref(), ..settings.context() };
    let mut checked = Checked { is_unreadable: source.damage().is_some(), ..Checked::default() };
    let counts = !settings.ignores_suppressions && !checked.is_unreadable;
    let directives = if counts { suppressions::read(&article) } else { Vec::new() };
    // What it tells is the same on every day.
    let gathered = || gather::gather(&article, &settings.context(), &settings.wants);
    let facts = (!settings.wants.is_nothing())
        .then(|| if checked.is_unreadable { Facts::of_damaged() } else { gathered() });
    if facts.is_some() && settings.surveys.is_none() && settings.is_open(&directives) {
        return Checked { facts: facts.map(Box::new), is_open: true, ..checked };
    }
    for rule in &settings.rules {
        // Of a file that is no text, the rules about text would tell nonsense.
        if checked.is_unreadable && rule.page.id.as_ref() != UNREADABLE_FILE {
            continue;
        }
        if rule.page.id.as_ref() != SUPPRESSION {
            let mut sink = Sink::new(&rule.page.id, rule.level, source.path(), &mut checked.findings);
            rule.check.check(&article, &context, &mut sink);
        }
    }
    match (&settings.surveys, facts) {
        (Some(surveys), Some(facts)) if !checked.is_unreadable => {
            if let Some(number) = surveys.number(source.path()) {
                let own = Own { number, facts: &facts, name: source.path() };
                surveys.compare(&own, settings, &mut checked.findings);
            }
        }
        (None, facts) => checked.facts = facts.map(Box::new),
        _ => {}
    }
    if !directives.is_empty() {
        suppress((&article, directives), settings, context, &mut checked);
    }
    if settings.replies.is_none() && !checked.is_unreadable {
        let asked = address::asked(&article, &context, settings.asks());
        checked.unasked = asked.map(|(address, ..)| address.number()).collect();
    }
    checked.days = clock.map(|clock| clock.days()).unwrap_or_default();
    checked
}

/// What an article tells the corpus.
#[must_use]
pub fn facts(source: &Source, settings: &Settings) -> Facts {
    if source.damage().is_some() {
        return Facts::of_damaged();
    }
    gather::gather(&Article::parse(source), &settings.context(), &settings.wants)
}

/// What the rules about one article want to have asked of the web.
#[must_use]
pub fn questions(source: &Source, settings: &Settings) -> Vec<Question> {
    let asks = settings.asks();
    if source.damage().is_some() || asks.is_nothing() {
        return Vec::new();
    }
    let article = Article::parse(source);
    let context = settings.context();
    let asked = address::asked(&article, &context, asks);
    asked
        .filter_map(|(address, used_as, depth)| {
            let url = web::target(address.url)?.as_str().into();
            Some(Question { url, depth, path: Arc::clone(source.path()), used_as })
        })
        .collect()
}

/// Takes the suppressed findings out, and runs the rule about suppressions.
fn suppress(
    (article, directives): (&Article<'_>, Vec<Directive>),
    settings: &Settings,
    context: Context<'_>,
    checked: &mut Checked,
) {
    let rule = |id: &str| settings.rules.iter().find(|rule| rule.page.id.as_ref() == id);
    // That a host is well today, or was not asked, does not make a suppression needless; and without the other articles
    // nobody knows.
    let was_run = |id: &str| {
        let knows_all = |rule: &ActiveRule| settings.surveys.is_some() || rule.check.wants().is_nothing();
        rule(id).is_some_and(|rule| !rule.check.looks_at_replies() && knows_all(rule))
    };
    let known = Known { rules: &settings.known, was_run: &was_run, clock: context.clock };
    let sorted = triage::suppress(std::mem::take(&mut checked.findings), directives, &known);
    (checked.findings, checked.suppressed) = (sorted.kept, sorted.suppressed);
    let Some(rule) = rule(SUPPRESSION) else { return };
    let mut findings = Vec::new();
    let mut sink = Sink::new(&rule.page.id, rule.level, article.source.path(), &mut findings);
    rule.check.check(article, &Context { suppressions: &sorted.judged, ..context }, &mut sink);
    match triage::hides_itself(&sorted.judged, context.clock) {
        None => checked.findings.extend(findings),
        Some(reason) => checked
            .suppressed
            .extend(findings.into_iter().map(|finding| Suppressed { finding, reason: reason.clone() })),
    }
}

/// Checks many articles on all cores and puts the results together. `open` brings a file and its settings.
///
/// A rule that panics does not end the run: its file is named in [`Outcome::bugs`].
pub fn run<'f, T: Sync>(files: &'f [T], open: impl Fn(&'f T) -> (Source, &'f Settings) + Sync) -> Outcome {
    run_with(files, open, |_, source, settings| (check(source, settings), ())).0
}

/// So many files are checked before their findings are put together: of a large site that would need the memory of all
/// of them twice.
const BATCH: usize = 4096;

/// Does the same with more than a check: `work` brings what it comes to, and something of its own for each file, which
/// is put in the order of the files, those left out at which a rule failed.
pub fn run_with<'f, T: Sync, R: Send>(
    files: &'f [T],
    open: impl Fn(&'f T) -> (Source, &'f Settings) + Sync,
    work: impl Fn(&'f T, &Source, &'f Settings) -> (Checked, R) + Sync,
) -> (Outcome, Vec<R>) {
    let (mut outcome, mut all) = (Outcome::default(), Vec::with_capacity(files.len()));
    let mut helps = HashSet::new();
    for batch in files.chunks(BATCH) {
        let results: Vec<Result<(Checked, R), (String, String)>> = batch
            .par_iter()
            .with_max_len(16)
            .map(|file| {
                let (source, settings) = open(file);
                let done = attempt(|| work(file, &source, settings));
                let (mut checked, own) = done.map_err(|message| (source.path().to_string(), message))?;
                // All that is left to sort is files, of which most are in order.
                checked
                    .findings
                    .sort_by(|left, right| (left.span, &left.rule).cmp(&(right.span, &right.rule)));
                checked.findings.iter_mut().for_each(|finding| finding.message.shrink_to_fit());
                Ok((checked, own))
            })
            .collect();
        for result in results {
            match result {
                Ok((mut checked, own)) => {
                    checked.findings.iter_mut().for_each(|finding| share(finding, &mut helps));
                    outcome.add(checked);
                    all.push(own);
                }
                Err(bug) => outcome.bugs.push(bug),
            }
        }
    }
    outcome.sort();
    (outcome, all)
}

/// What to do is the same in many findings: those that were remembered have each a text of their own, of which one is
/// enough.
fn share(finding: &mut Finding, helps: &mut HashSet<Arc<str>>) {
    if let Some(Text::Shared(text)) = &mut finding.help {
        match helps.get(&**text) {
            Some(known) => *text = Arc::clone(known),
            None => drop(helps.insert(Arc::clone(text))),
        }
    }
}

impl Outcome {
    /// Puts all in the order of output.
    pub fn sort(&mut self) {
        sort(&mut self.findings, |left, right| left.key().cmp(&right.key()));
        sort(&mut self.suppressed, |left, right| left.finding.key().cmp(&right.finding.key()));
    }

    /// Adds what one more article came to; of an open one nothing, since it is still to be found out.
    pub fn add(&mut self, checked: Checked) {
        if checked.is_open {
            return;
        }
        self.checked += usize::from(!checked.is_unreadable);
        self.unreadable += usize::from(checked.is_unreadable);
        self.findings.extend(checked.findings);
        self.suppressed.extend(checked.suppressed);
        self.unasked.extend(checked.unasked);
    }
}

/// Sorts what is large and many in its place, what is equal stays in its order: to sort it as it stands would need the
/// memory of half of it more.
fn sort<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order: Vec<u32> = (0..).take(items.len()).collect();
    order.sort_by(|left, right| compare(&items[*left as usize], &items[*right as usize]));
    for first in 0..items.len() {
        // Around in a ring: to each place comes what belongs there, and what stood in the first goes on to the last.
        let mut at = first;
        loop {
            let next = std::mem::replace(&mut order[at], at as u32) as usize;
            if next == first || next == at {
                break;
            }
            items.swap(at, next);
            at = next;
        }
    }
}

/// Does work at which a rule may fail, of which nothing is used if it does.
///
/// # Errors
/// What the rule said when it failed.
pub fn attempt<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Catalog, check_of};
    use crate::text::Span;

    /// All rules that come with the program, as warnings, with the options of their pages.
    pub(super) fn every_rule() -> Vec<ActiveRule> {
        let rule = |page: &Arc<Page>| ActiveRule {
            page: Arc::clone(page),
            level: Level::Warning,
            check: Arc::from(check_of(page, &serde_json::Map::new()).unwrap()),
        };
        Catalog::built_in().pages().iter().map(rule).collect()
    }

    /// Reports every article, and panics at one.
    struct Loud;

    impl Check for Loud {
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
    fn what_is_sorted_in_its_place_is_sorted_and_what_is_equal_stays_in_its_order() {
        let mut seed = 1u32;
        for length in [0, 1, 2, 3, 10, 100, 1000] {
            let numbers = std::iter::repeat_with(|| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed >> 24
            });
            let mut items: Vec<(u32, usize)> = numbers.take(length).zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort(&mut items, |left, right| left.0.cmp(&right.0));
            assert_eq!(items, expected);
        }
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
