//! What is said of each rule: its level, its options and its fixes, laid over each other statement by statement.

use std::ops::Range;
use std::str::FromStr;

use serde_json::{Map, Value as Json};

use super::origin::{Origin, Speaker};
use crate::data::{Entry, Node, Value};
use crate::finding::Level;
use crate::mistake::Mistake;
use crate::rule::{Fixability, Page, Trust};
use crate::rules::Catalog;
use crate::schema::Schema;

/// A word for a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// This level.
    At(Level),
    /// The level of the rule's page, or warning where the page says off.
    On,
    /// What the rule's page says.
    Default,
    /// The rule does not run.
    Off,
}

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "on" => Ok(Self::On),
            "default" => Ok(Self::Default),
            "off" => Ok(Self::Off),
            _ => text
                .parse()
                .map(Self::At)
                .map_err(|_| format!("\"{text}\" is not a level: error, warning, info, on, default or off")),
        }
    }
}

impl Word {
    fn level(self, page: &Page) -> Option<Level> {
        match self {
            Self::At(level) => Some(level),
            Self::On => Some(page.level_when_named()),
            Self::Default => page.level,
            Self::Off => None,
        }
    }
}

/// What one entry of `rules` says.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The rules that it speaks of, as indices of the catalog.
    pub(super) rules: Range<usize>,
    pub(super) level: Option<(Word, Origin)>,
    pub(super) options: Vec<(String, Json, Origin)>,
    pub(super) fix: Option<(Trust, Origin)>,
    /// Where it names the rule.
    pub(super) origin: Origin,
}

/// What all statements come to for one rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub(super) level: Option<Level>,
    pub(super) level_from: Origin,
    /// The options that somebody set.
    pub(super) options: Vec<(String, Json, Origin)>,
    /// Who set some of them last.
    pub(super) options_from: Origin,
    /// How far its fixes are trusted.
    pub(super) fix: Trust,
    pub(super) fix_from: Origin,
}

impl Choice {
    /// Lays a statement over what was said before. A rule that is named with options and no level is on, but to speak of
    /// its fixes alone is not to ask for it.
    fn take(&mut self, statement: &Statement, page: &Page) {
        let is_about_fixes = statement.fix.is_some() && statement.options.is_empty();
        match &statement.level {
            Some((word, origin)) => {
                self.level = word.level(page);
                self.level_from = origin.clone();
            }
            None if self.level.is_none() && !is_about_fixes => {
                self.level = Some(page.level_when_named());
                self.level_from = statement.origin.clone();
            }
            None => {}
        }
        for option in &statement.options {
            self.set(option.clone());
            self.options_from = statement.origin.clone();
        }
        if let Some((trust, origin)) = &statement.fix {
            (self.fix, self.fix_from) = (*trust, origin.clone());
        }
    }

    /// Sets one option.
    pub(super) fn set(&mut self, option: (String, Json, Origin)) {
        match self.options.iter_mut().find(|(name, ..)| *name == option.0) {
            Some(known) => *known = option,
            None => self.options.push(option),
        }
    }

    /// The options that differ from the page's defaults.
    pub(super) fn chosen(&self) -> Map<String, Json> {
        self.options.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect()
    }
}

/// Lays statements over the choices of all rules of the catalog.
pub(super) fn apply(statements: &[Statement], choices: &mut [Choice], catalog: &Catalog) {
    for statement in statements {
        for at in statement.rules.clone() {
            choices[at].take(statement, &catalog.pages()[at]);
        }
    }
}

/// Statements that trust the fixes of rules which have none: likely a slip in the name of a rule.
pub(super) fn vain(statements: &[Statement], catalog: &Catalog) -> impl Iterator<Item = Mistake> {
    statements.iter().filter_map(|statement| {
        let (trust @ (Trust::Safe | Trust::Unsafe), origin) = statement.fix.as_ref()? else { return None };
        let pages = &catalog.pages()[statement.rules.clone()];
        if pages.iter().any(|page| page.fix != Fixability::None) {
            return None;
        }
        let why = match pages {
            [page] => format!("\"{}\" has no fixes", page.id),
            _ => "none of these rules has fixes".to_owned(),
        };
        let mistake = origin.mistake(format!("\"fix: {}\" does nothing here: {why}", trust.as_str()));
        Some(mistake.with_help(Some("take it out; `copydesk rules` shows which rules have fixes")))
    })
}

/// Reads entries of `rules`. In one file what is said of all rules comes first, then of a pack, then of one rule, in
/// whatever order it is written. A preset of ours is taken on trust: it may name rules that are still to be written.
pub(super) fn read(
    entries: &[Entry],
    speaker: &Speaker,
    catalog: &Catalog,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Statement> {
    let mut statements = Vec::new();
    let is_trusted = matches!(speaker, Speaker::Preset(_));
    for entry in entries {
        let rules = match catalog.select(&entry.key) {
            Ok(rules) => rules,
            Err(_) if is_trusted => continue,
            Err(unknown) => {
                mistakes.push(speaker.mistake(entry.key_span, unknown.message).with_help(unknown.help));
                continue;
            }
        };
        let rank = if entry.key == "*" { 0 } else { 1 + u8::from(!entry.key.ends_with("/*")) };
        let word = |key: &str| {
            let word = entry.value.entry(key)?;
            Some((word.value.as_str()?, word.key_span))
        };
        let level = entry.value.as_str().map(|word| (word, entry.key_span)).or_else(|| word("level"));
        let level = level.and_then(|(word, span)| Some((word.parse().ok()?, speaker.origin(span))));
        let fix = word("fix").and_then(|(word, span)| Some((word.parse().ok()?, speaker.origin(span))));
        let own = ["level", "fix"];
        let options = entry.value.entries().iter().filter(|option| !own.contains(&option.key.as_str()));
        let options: Vec<Entry> = options.cloned().collect();
        let fits = is_trusted || fits(&catalog.pages()[rules.start], &options, entry, speaker, mistakes);
        let options = options
            .iter()
            .filter(|_| fits)
            .map(|one| (one.key.clone(), one.value.to_json(), speaker.origin(one.key_span)))
            .collect();
        statements
            .push((rank, Statement { rules, level, options, fix, origin: speaker.origin(entry.key_span) }));
    }
    statements.sort_by_key(|(rank, _)| *rank);
    statements.into_iter().map(|(_, statement)| statement).collect()
}

/// Whether options are those of the rule's page.
fn fits(
    page: &Page,
    options: &[Entry],
    entry: &Entry,
    speaker: &Speaker,
    mistakes: &mut Vec<Mistake>,
) -> bool {
    if options.is_empty() {
        return true;
    }
    let node = Node { span: entry.value.span, value: Value::Mapping(options.to_vec()) };
    let violations = options_schema(page).violations(Some(&node), entry.key_span);
    let fits = violations.is_empty();
    mistakes.extend(
        violations
            .into_iter()
            .map(|violation| speaker.mistake(violation.span, violation.message).with_help(violation.help)),
    );
    fits
}

/// What the options of a rule are held against. Those of a pack's page were compiled when the pack was read.
pub(super) fn options_schema(page: &Page) -> Schema {
    Schema::own(&page.options_schema().to_string(), "https://copydesk.dev/options")
}
