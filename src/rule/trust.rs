//! What a user says of the fixes of a rule, over what the rule itself says.

use std::str::FromStr;
use std::sync::Arc;

use super::{Check, Comparison, Context, Sink};
use crate::article::Article;
use crate::corpus::Corpus;
use crate::facts::Wants;
use crate::finding::{Finding, Safety};
use crate::web::Asks;

/// How far a user trusts the fixes of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// As far as the rule says of each.
    #[default]
    Default,
    /// Not at all: its findings carry none.
    None,
    /// All count as safe: the user vouches for them.
    Safe,
    /// All want a look first.
    Unsafe,
}

impl Trust {
    /// The word that the config uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::None => "none",
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }

    /// The check of a rule whose fixes are trusted this far.
    #[must_use]
    pub fn over(self, check: Arc<dyn Check>) -> Arc<dyn Check> {
        let safety = match self {
            Self::Default => return check,
            Self::None => None,
            Self::Safe => Some(Safety::Safe),
            Self::Unsafe => Some(Safety::Unsafe),
        };
        Arc::new(Regraded { check, safety })
    }
}

impl FromStr for Trust {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Default, Self::None, Self::Safe, Self::Unsafe];
        let found = all.into_iter().find(|trust| trust.as_str() == text);
        found.ok_or_else(|| format!("\"{text}\" says nothing of fixes: none, safe, unsafe or default"))
    }
}

/// A check whose fixes all have this safety, or are taken away. As a check around the check it holds wherever that one
/// is run, and no check needs to know of it.
struct Regraded {
    check: Arc<dyn Check>,
    safety: Option<Safety>,
}

impl Check for Regraded {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let before = sink.findings.len();
        self.check.check(article, context, sink);
        self.regrade(&mut sink.findings[before..]);
    }

    fn asks(&self) -> Asks {
        self.check.asks()
    }

    fn looks_at_replies(&self) -> bool {
        self.check.looks_at_replies()
    }

    fn wants(&self) -> Wants {
        self.check.wants()
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        self.check.survey(corpus, numbers)
    }

    fn regrade(&self, findings: &mut [Finding]) {
        for finding in findings {
            match (self.safety, &mut finding.fix) {
                (Some(safety), Some(fix)) => fix.safety = safety,
                (None, fix) => *fix = None,
                (Some(_), None) => {}
            }
        }
    }

    fn address(&self) -> usize {
        self.check.address()
    }
}
