//! What the command line says over every config.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::choices::{Choice, Statement, Word, apply, options_schema};
use super::origin::Origin;
use crate::mistake::Mistake;
use crate::rules::Catalog;
use crate::text::Span;
use crate::yaml;

/// What the command line says over every config. Rules are named by id, or as `*` or `pack/*`.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Presets and files, in the place of what the config extends.
    pub extends: Option<Vec<String>>,
    /// If not empty, only these rules run, whatever their level in the config.
    pub only: Vec<String>,
    /// These rules do not run.
    pub skip: Vec<String>,
    /// Levels of rules, the last word last.
    pub levels: Vec<(String, Word)>,
    /// Options of rules.
    pub options: BTreeMap<String, Map<String, Json>>,
    /// The schema of every file: `article` or a path.
    pub schema: Option<String>,
    /// What day it is.
    pub today: Option<Date>,
    /// Suppressions are taken for mere comments.
    pub ignores_suppressions: bool,
    /// The taxonomy that a config names is not read: it may be about to be written.
    pub ignores_taxonomy: bool,
}

impl Overrides {
    /// Everything that names a rule or rules.
    fn names(&self) -> impl Iterator<Item = &str> {
        let levels = self.levels.iter().map(|(name, _)| name);
        let names = self.only.iter().chain(&self.skip).chain(levels).chain(self.options.keys());
        names.map(String::as_str)
    }

    /// Whether all names of rules are known to one of these catalogs or another: rules of packs are known only where a
    /// config names the pack.
    pub(super) fn check_names(&self, catalogs: &[&Catalog]) -> Result<(), Vec<Mistake>> {
        let mut mistakes: Vec<Mistake> = Vec::new();
        for name in self.names() {
            let wrong: Vec<Mistake> =
                catalogs.iter().map_while(|catalog| catalog.select(name).err()).collect();
            let near =
                wrong.iter().position(|one| one.help.as_ref().is_some_and(|help| help.starts_with("did")));
            if wrong.len() == catalogs.len() && !mistakes.iter().any(|one| one.message == wrong[0].message) {
                mistakes.extend(wrong.into_iter().nth(near.unwrap_or(0)));
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    /// What of the names can be judged before any config is read: rules that come with the program.
    pub(super) fn without_packs(&self) -> Self {
        let is_own = |name: &str| !name.contains('/');
        let own = |names: &[String]| names.iter().filter(|name| is_own(name)).cloned().collect();
        Self {
            only: own(&self.only),
            skip: own(&self.skip),
            levels: self.levels.iter().filter(|(name, _)| is_own(name)).cloned().collect(),
            options: self.options.clone().into_iter().filter(|(name, _)| is_own(name)).collect(),
            ..Self::default()
        }
    }

    /// The options that are not those of the rules' pages, as far as the catalog knows the rules.
    pub(super) fn wrong_options(&self, catalog: &Catalog) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        for (name, options) in &self.options {
            let Some(page) = catalog.get(name) else { continue };
            let text = Json::Object(options.clone()).to_string();
            let root = yaml::parse(&text, 0).root;
            for violation in options_schema(page).violations(root.as_ref(), Span::default()) {
                let message = format!("-o {name}: {}", violation.message);
                mistakes.push(Mistake::new(message).with_help(violation.help));
            }
        }
        mistakes
    }

    /// Lays this over what the config says. Options alone turn no rule on.
    pub(super) fn apply(&self, choices: &mut [Choice], catalog: &Catalog) {
        let select = |name: &String| catalog.select(name).ok();
        for (name, word) in &self.levels {
            let Some(rules) = select(name) else { continue };
            let level = Some((*word, Origin::CommandLine));
            apply(
                &[Statement { rules, level, options: vec![], fix: None, origin: Origin::CommandLine }],
                choices,
                catalog,
            );
        }
        for (name, options) in &self.options {
            for at in select(name).into_iter().flatten() {
                for (option, value) in options {
                    choices[at].set((option.clone(), value.clone(), Origin::CommandLine));
                    choices[at].options_from = Origin::CommandLine;
                }
            }
        }
        if !self.only.is_empty() {
            let mut is_wanted = vec![false; choices.len()];
            self.only.iter().filter_map(select).for_each(|rules| is_wanted[rules].fill(true));
            for ((choice, page), is_wanted) in choices.iter_mut().zip(catalog.pages()).zip(is_wanted) {
                let level = is_wanted.then(|| choice.level.unwrap_or_else(|| page.level_when_named()));
                if level != choice.level {
                    (choice.level, choice.level_from) = (level, Origin::CommandLine);
                }
            }
        }
        for at in self.skip.iter().filter_map(select).flatten() {
            (choices[at].level, choices[at].level_from) = (None, Origin::CommandLine);
        }
    }
}
