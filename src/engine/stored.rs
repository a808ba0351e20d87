//! What the map left of an article, as it is kept between runs and sent between machines.
//!
//! Its file is not in it: whoever keeps it knows whose it is. Names of rules are texts, and become those of the run again.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Checked, Settings};
use crate::date::Days;
use crate::facts::Facts;
use crate::finding::{Edit, Finding, Fix, Level, Related, Safety, Text};
use crate::text::Span;
use crate::triage::Suppressed;

/// A [`Checked`] without its path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored<'a> {
    #[serde(borrow)]
    findings: Vec<StoredFinding<'a>>,
    suppressed: Vec<(StoredFinding<'a>, Option<Cow<'a, str>>)>,
    is_unreadable: bool,
    unasked: Cow<'a, [u64]>,
    /// The first and the last of its days; `None` where it holds on every day.
    days: Option<(Day, Day)>,
    facts: Option<Cow<'a, Facts>>,
    is_open: bool,
}

/// Year, month and day.
type Day = (i16, i8, i8);

fn day(day: Date) -> Day {
    (day.year(), day.month(), day.day())
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredFinding<'a> {
    #[serde(borrow)]
    rule: Cow<'a, str>,
    level: Level,
    span: Span,
    message: Cow<'a, str>,
    help: Option<Cow<'a, str>>,
    related: Vec<(Span, Cow<'a, str>)>,
    fix: Option<(Cow<'a, str>, Safety, Cow<'a, [Edit]>)>,
}

impl<'a> StoredFinding<'a> {
    fn of(finding: &'a Finding) -> Self {
        // Rules about one article speak of no other.
        debug_assert!(finding.related.iter().all(|one| one.path == finding.path), "{finding:?}");
        Self {
            rule: Cow::Borrowed(&finding.rule),
            level: finding.level,
            span: finding.span,
            message: Cow::Borrowed(&finding.message),
            help: finding.help.as_deref().map(Cow::Borrowed),
            related: finding.related.iter().map(|one| (one.span, Cow::Borrowed(&*one.text))).collect(),
            fix: finding
                .fix
                .as_ref()
                .map(|fix| (Cow::Borrowed(&*fix.title), fix.safety, Cow::Borrowed(fix.edits()))),
        }
    }

    /// `None` where it names a rule that is not on.
    fn restore(self, path: &Arc<str>, settings: &Settings) -> Option<Finding> {
        let rule = settings.rules.iter().find(|rule| *rule.page.id == *self.rule)?;
        let text = |text: Cow<'_, str>| Text::from(text.into_owned());
        let related = self.related.into_iter().map(|(span, said)| Related {
            path: Arc::clone(path),
            span,
            text: text(said),
        });
        let fix = self.fix.map(|(title, safety, edits)| match safety {
            Safety::Safe => Fix::safe(text(title), edits.into_owned()),
            Safety::Unsafe => Fix::r#unsafe(text(title), edits.into_owned()),
        });
        Some(Finding {
            rule: Arc::clone(&rule.page.id),
            level: self.level,
            path: Arc::clone(path),
            span: self.span,
            message: self.message.into_owned(),
            help: self.help.map(text),
            related: related.collect(),
            fix,
        })
    }
}

impl<'a> Stored<'a> {
    /// What is to be kept.
    #[must_use]
    pub fn of(checked: &'a Checked) -> Self {
        let suppressed = checked.suppressed.iter();
        Self {
            findings: checked.findings.iter().map(StoredFinding::of).collect(),
            suppressed: suppressed
                .map(|one| (StoredFinding::of(&one.finding), one.reason.as_deref().map(Cow::Borrowed)))
                .collect(),
            is_unreadable: checked.is_unreadable,
            unasked: Cow::Borrowed(&checked.unasked),
            days: (checked.days != Days::default())
                .then(|| (day(checked.days.first), day(checked.days.last))),
            facts: checked.facts.as_deref().map(Cow::Borrowed),
            is_open: checked.is_open,
        }
    }

    /// What was kept of the file with this path, which was checked with these settings; `None` where it was not.
    #[must_use]
    pub fn restore(self, path: &Arc<str>, settings: &Settings) -> Option<Checked> {
        let suppressed = self.suppressed.into_iter().map(|(finding, reason)| {
            let finding = finding.restore(path, settings)?;
            Some(Suppressed { finding, reason: reason.map(Cow::into_owned) })
        });
        let date = |(year, month, day)| Date::new(year, month, day).ok();
        let days = match self.days {
            Some((first, last)) => Days { first: date(first)?, last: date(last)? },
            None => Days::default(),
        };
        Some(Checked {
            findings: self
                .findings
                .into_iter()
                .map(|finding| finding.restore(path, settings))
                .collect::<Option<_>>()?,
            suppressed: suppressed.collect::<Option<_>>()?,
            is_unreadable: self.is_unreadable,
            unasked: self.unasked.into_owned(),
            days,
            facts: self.facts.map(|facts| Box::new(facts.into_owned())),
            is_open: self.is_open,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::check;
    use crate::engine::tests::every_rule;
    use crate::facts::{Want, Wants};
    use crate::text::Source;

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        let rules = every_rule();
        let wants = Arc::new(Wants::of([Want::Head]));
        let settings = Settings { rules, wants, ..Settings::default() };
        let text = "---\ntitle: A\nslug: a b\nslug: c\n---\n# A\n### B  b\n<!-- copydesk-ignore bare-url: known -->\n\
                    https://a.test the the <!-- copydesk-ignore nothing -->\n";
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let checked = check(&source, &settings);
        assert!(checked.findings.len() > 5 && checked.suppressed.len() == 1, "{checked:#?}");
        let json = serde_json::to_string(&Stored::of(&checked)).unwrap();
        let back: Stored<'_> = serde_json::from_str(&json).unwrap();
        let back = back.restore(source.path(), &settings).unwrap();
        assert_eq!(format!("{back:?}"), format!("{checked:?}").replace("Fixed(", "Shared("));
        assert!(
            serde_json::from_str::<Stored<'_>>(&json)
                .unwrap()
                .restore(source.path(), &Settings::default())
                .is_none()
        );
    }
}
