//! What became of the suppressions of an article: what the rule about them looks at.

use crate::article::suppressions::Directive;

/// A directive, and what became of each rule that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The directive.
    pub directive: Directive,
    /// One for each of its rules.
    pub fates: Vec<Fate>,
}

/// What became of a name in a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It suppresses a finding.
    Used,
    /// The rule finds nothing there.
    Unused,
    /// There is no such rule; perhaps this one was meant.
    Unknown(Option<String>),
    /// Its last day is over, and something is found there.
    Expired,
    /// The rule did not run: nothing is known.
    NotRun,
    /// The rule can be suppressed for whole files only.
    FileOnly,
}
