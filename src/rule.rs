//! What a rule is: a page that describes it, and a check that is made from its options.

pub(crate) mod address;
pub(crate) mod asked;
pub(crate) mod gather;
pub(crate) mod invisible;
mod judged;
pub(crate) mod moment;
pub(crate) mod moved;
pub(crate) mod others;
pub(crate) mod outline;
pub mod page;
pub(crate) mod reach;
pub(crate) mod readability;
pub(crate) mod readdress;
pub(crate) mod reading_time;
pub(crate) mod reference;
pub(crate) mod repeated;
pub(crate) mod scalar;
pub(crate) mod slug;
pub(crate) mod suggested;
pub(crate) mod truncation;
mod trust;
pub(crate) mod verbatim;

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use crate::article::{Article, Roles};
use crate::corpus::Corpus;
use crate::facts::{Facts, Wants};
use crate::finding::{Finding, Level};
use crate::schema::Schema;
use crate::site::Site;
use crate::text::Span;
use crate::web::{Asks, Replies};

pub use judged::{Fate, Judged};
pub use page::{Fixability, Implementation, Page, RuleOption};
pub use trust::Trust;

/// The logic of a rule. Its functions are pure: no files, no clock, no printing.
///
/// A rule about single articles has a [`check`](Self::check). A rule about many says what it [`wants`](Self::wants) to
/// know of each, makes a [`survey`](Self::survey) of all once, and is then asked about each: it never sees them whole.
pub trait Check: Send + Sync {
    /// Looks at one article and reports what it finds.
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let _ = (article, context, sink);
    }

    /// What is to be asked of the web before it can check. Where nothing was ([`Context::replies`]), it is silent.
    fn asks(&self) -> Asks {
        Asks::default()
    }

    /// Whether what it finds depends on the web: nothing, or something else, may be found the next time.
    fn looks_at_replies(&self) -> bool {
        !self.asks().is_nothing()
    }

    /// What it wants to know of every article; nothing for a rule about single ones.
    fn wants(&self) -> Wants {
        Wants::default()
    }

    /// Looks at all articles for which it is on, given by their numbers in [`Corpus::articles`], in ascending order;
    /// `None` where it has nothing to say of any.
    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let _ = (corpus, numbers);
        None
    }

    /// Changes how far fixes of its [`Comparison`] are trusted, if a user says so.
    fn regrade(&self, findings: &mut [Finding]) {
        let _ = findings;
    }

    /// By which two checks with the same options can be told to be one.
    fn address(&self) -> usize {
        std::ptr::from_ref(self).cast::<()>() as usize
    }
}

/// What a rule made of all articles, to be held against each. As pure as a [`Check`].
pub trait Comparison: Send + Sync {
    /// Reports what it finds in one article.
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>);
}

/// The article that a [`Comparison`] is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// Its number in [`Corpus::articles`].
    pub number: usize,
    /// What it tells now. While it is being fixed, the corpus still has what it told before: spans are to be taken from
    /// here.
    pub facts: &'a Facts,
    /// The name that findings carry.
    pub name: &'a Arc<str>,
}

/// What a check may know besides the article: the settings of the collection that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Which fields hold the title, the description and so on.
    pub roles: &'a Roles,
    /// The schema of the front matter.
    pub schema: Option<&'a Schema>,
    /// How the files of the site become addresses.
    pub site: &'a Site,
    /// What day it is; without it, rules that ask for it are silent.
    pub today: Option<Date>,
    /// What the web answered, where it was asked.
    pub replies: Option<&'a Replies>,
    /// The suppressions of the article, where all other rules have been run.
    pub suppressions: &'a [Judged],
}

/// A site of which nothing is known.
static NOWHERE: LazyLock<Site> = LazyLock::new(Site::default);

impl<'a> Context<'a> {
    /// Nothing is known but the roles.
    #[must_use]
    pub fn new(roles: &'a Roles) -> Self {
        Self { roles, schema: None, site: &NOWHERE, today: None, replies: None, suppressions: &[] }
    }
}

/// Takes what one rule finds in one file, and stamps its id, level and path on it.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'a Arc<str>,
    level: Level,
    path: &'a Arc<str>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Sink<'a> {
    /// A sink for one rule and one file.
    pub fn new(rule: &'a Arc<str>, level: Level, path: &'a Arc<str>, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, level, path, findings }
    }

    /// Reports a finding; help, related places and a fix can be put on what is returned.
    ///
    /// # Panics
    /// Never: what is returned was just put in.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.findings.push(Finding {
            rule: Arc::clone(self.rule),
            level: self.level,
            path: Arc::clone(self.path),
            span,
            message: message.into(),
            help: None,
            related: Vec::new(),
            fix: None,
        });
        self.findings.last_mut().expect("it was just pushed")
    }

    /// Reports what may be so and may not: at this level at most.
    pub fn report_at_most(&mut self, level: Level, span: Span, message: impl Into<String>) -> &mut Finding {
        let finding = self.report(span, message);
        finding.level = finding.level.min(level);
        finding
    }
}
