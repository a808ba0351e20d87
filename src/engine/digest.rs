//! By which numbers settings are told from others: what was found with some is not what others would find.

use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::Arc;

use super::Settings;
use crate::rule::Page;

/// A number of 128 bits that no other content has: the first half of its BLAKE3.
pub type Number = u128;

/// The numbers of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Of all that the facts of an article depend on. That no rule is among it is the point: to change an option leaves the
    /// facts of all articles as they are.
    pub facts: Number,
    /// Of all that the findings depend on besides, but for the day.
    pub findings: Number,
}

/// Makes the digests of a run.
#[derive(Debug)]
pub struct Digests {
    program: String,
    /// The numbers of pages, each with the page, so that no other is made at its address meanwhile.
    pages: HashMap<usize, (Arc<Page>, Number)>,
}

impl Digests {
    /// `program` is what tells this program from others: another may find something else in the same article.
    #[must_use]
    pub fn new(program: impl Into<String>) -> Self {
        Self { program: program.into(), pages: HashMap::new() }
    }

    /// The digest of settings; `None` where nobody wrote down what was said of the rules ([`Settings::said`]).
    pub fn of(&mut self, settings: &Settings) -> Option<Digest> {
        // Named one by one, so that whoever adds a setting thinks of this place.
        let Settings { rules, roles, schema, today, known, ignores_suppressions, said, .. } = settings;
        let Settings { collections, site, wants, replies: _, surveys: _, .. } = settings;
        let said = said.as_ref()?;
        let mut facts = Hasher::default();
        facts.part(&self.program);
        facts.part(schema.as_ref().map_or("", |schema| schema.text()));
        facts.shown(&(roles, site));
        let mut findings = facts.clone();
        facts.shown(wants);
        findings.part(said);
        findings.shown(&(collections, today.is_some(), ignores_suppressions, wants.is_nothing(), known));
        for rule in rules {
            let page = self.page(&rule.page);
            findings.shown(&(&rule.page.id, rule.level, page));
        }
        Some(Digest { facts: facts.number(), findings: findings.number() })
    }

    fn page(&mut self, page: &Arc<Page>) -> Number {
        let at = Arc::as_ptr(page) as usize;
        let (_, number) = self.pages.entry(at).or_insert_with(|| {
            let mut hasher = Hasher::default();
            hasher.part(page.source.text());
            (Arc::clone(page), hasher.number())
        });
        *number
    }
}

/// The number of these texts, in their order.
#[must_use]
pub fn number<'t>(texts: impl IntoIterator<Item = &'t str>) -> Number {
    let mut hasher = Hasher::default();
    texts.into_iter().for_each(|text| hasher.part(text));
    hasher.number()
}

/// Takes in parts, each with its length, so that no two lists of parts are one.
#[derive(Clone, Default)]
pub(super) struct Hasher(blake3::Hasher);

impl Hasher {
    pub(super) fn part(&mut self, text: &str) {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    pub(super) fn own(&mut self, number: Number) {
        self.0.update(&number.to_le_bytes());
    }

    /// Plain data as it is printed for programmers: all of it stands there.
    fn shown(&mut self, data: &impl fmt::Debug) {
        let mut printed = String::new();
        write!(printed, "{data:?}").expect("a String takes all");
        self.part(&printed);
    }

    pub(super) fn number(&self) -> Number {
        half(&self.0.finalize())
    }
}

/// The number of a text. Nothing stands before it, so that it is taken in many blocks at a time.
pub(super) fn of_text(text: &str) -> Number {
    half(&blake3::hash(text.as_bytes()))
}

fn half(hash: &blake3::Hash) -> Number {
    let (half, _) = hash.as_bytes().split_first_chunk().expect("there are 32 bytes");
    Number::from_le_bytes(*half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Role;
    use crate::engine::tests::every_rule;
    use crate::facts::{Want, Wants};
    use crate::finding::Level;

    type Change<'a> = &'a dyn Fn(&mut Settings);

    fn settings() -> Settings {
        let rules = every_rule().into_iter().take(3).collect();
        Settings { rules, said: Some("".into()), ..Settings::default() }
    }

    fn digest(change: impl Fn(&mut Settings)) -> Digest {
        let mut settings = settings();
        change(&mut settings);
        Digests::new("1.0").of(&settings).unwrap()
    }

    #[test]
    fn all_that_a_check_can_see_makes_another_number() {
        let same = digest(|_| {});
        assert_eq!(same, digest(|_| {}));
        let wants = |want| Arc::new(Wants::of([want]));
        let changes: [(&str, bool, Change); 9] = [
            ("options", true, &|settings| settings.said = Some("x".into())),
            ("level", true, &|settings| settings.rules[0].level = Level::Error),
            ("rules", true, &|settings| drop(settings.rules.pop())),
            ("page", true, &|settings| settings.rules[0].page = Arc::clone(&settings.rules[1].page)),
            ("known", true, &|settings| settings.known = ["a".into()].into()),
            ("suppressions", true, &|settings| settings.ignores_suppressions = true),
            ("collections", true, &|settings| settings.collections = ["a".into()].into()),
            ("roles", false, &|settings| settings.roles.set(Role::Title, "name")),
            ("wants", false, &|settings| settings.wants = wants(Want::Head)),
        ];
        for (name, keeps_facts, change) in changes {
            let other = digest(change);
            assert_eq!(other.facts == same.facts, keeps_facts, "{name}");
            assert_ne!(other.findings, same.findings, "{name}");
        }
        let (head, links) =
            (digest(|one| one.wants = wants(Want::Head)), digest(|one| one.wants = wants(Want::Links)));
        assert!(head.facts != links.facts && head.findings == links.findings, "findings depend on no want");
        let other = Digests::new("1.1").of(&settings()).unwrap();
        assert!(other.facts != same.facts && other.findings != same.findings);
        assert_eq!(Digests::new("1.0").of(&Settings { said: None, ..settings() }), None);
    }
}
