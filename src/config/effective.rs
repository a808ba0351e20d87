//! What a config comes to for one file, and who said each part of it: for people who wonder.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::baseline::BaselineFile;
use super::network::EffectivePart;
use super::origin::Origin;
use super::resolve::Config;
use crate::article::{Role, Roles};
use crate::finding::Level;
use crate::rule::{Page, Trust};
use crate::text::Source;

/// The settings of one file, each with its origin.
pub struct Effective {
    /// The config files, the one with the last word first.
    pub sources: Vec<Arc<Source>>,
    /// The names of the collections that the file belongs to, in order.
    pub collections: Vec<Arc<str>>,
    /// The schema, by the name that the config gives it.
    pub schema: Option<(String, Origin)>,
    /// The file of the categories, by the path that the config gives it.
    pub taxonomy: Option<(String, Origin)>,
    /// The file of what is known already.
    pub baseline: Option<BaselineFile>,
    /// The fields of each role.
    pub roles: Vec<(Role, Vec<String>, Origin)>,
    /// How the files of the site become addresses.
    pub site: EffectivePart,
    /// How the network is asked.
    pub network: EffectivePart,
    /// All rules, sorted by id.
    pub rules: Vec<EffectiveRule>,
}

/// A rule as it stands for one file.
pub struct EffectiveRule {
    /// Its page.
    pub page: Arc<Page>,
    /// Its level; `None` where it is off.
    pub level: Option<Level>,
    /// Who said so.
    pub level_from: Origin,
    /// How far its fixes are trusted, where somebody said so.
    pub fix: Trust,
    /// Who said so.
    pub fix_from: Origin,
    /// All its options with their values.
    pub options: Vec<(String, Json, Origin)>,
}

impl Config {
    /// What the config comes to for a file, given by its absolute path; without one, for files of no collection.
    #[must_use]
    pub fn effective(&self, file: Option<&Path>) -> Effective {
        let matching = file.map(|file| self.collections_of(file)).unwrap_or_default();
        let choices = self.choices(&matching);
        let mut roles = Roles::default();
        let mut named = Vec::new();
        let collections = matching.iter().map(|at| &self.collections.all()[*at as usize]);
        for (role, field, origin) in collections.clone().flat_map(|collection| &collection.roles) {
            roles.set(*role, field);
            named.push((*role, origin));
        }
        let role = |role: Role| {
            let origin = named.iter().rev().find(|(known, _)| *known == role);
            let origin = origin.map_or(Origin::Default, |(_, origin)| (*origin).clone());
            (role, roles.fields(role), origin)
        };
        let active = self.catalog().pages().iter().zip(choices).map(|(page, choice)| EffectiveRule {
            options: page
                .values(&choice.chosen())
                .into_iter()
                .map(|(name, value)| {
                    let said = choice.options.iter().find(|(known, ..)| *known == name);
                    let origin = said.map_or(Origin::Default, |(.., origin)| origin.clone());
                    (name, value, origin)
                })
                .collect(),
            page: Arc::clone(page),
            level: choice.level,
            level_from: choice.level_from,
            fix: choice.fix,
            fix_from: choice.fix_from,
        });
        Effective {
            sources: self.sources.iter().rev().cloned().collect(),
            collections: collections.map(|collection| Arc::clone(&collection.name)).collect(),
            schema: self.schema_of(&matching).map(|named| (named.name.clone(), named.origin.clone())),
            taxonomy: self.taxonomy_name.clone(),
            baseline: self.baseline().cloned(),
            roles: Role::all().map(role).collect(),
            site: self.site.effective(),
            network: self.network.effective(),
            rules: active.collect(),
        }
    }

    /// The names of the collections that a file belongs to, and of its schema.
    #[must_use]
    pub fn groups(&self, file: &Path) -> (Vec<Arc<str>>, Option<String>) {
        let matching = self.collections_of(file);
        let names = matching.iter().map(|at| Arc::clone(&self.collections.all()[*at as usize].name));
        (names.collect(), self.schema_of(&matching).map(|named| named.name.clone()))
    }

    /// The config file itself; `None` for the settings without one.
    #[must_use]
    pub fn source(&self) -> Option<&Arc<Source>> {
        self.sources.last()
    }

    fn collections_of(&self, file: &Path) -> Vec<u32> {
        self.collections.matching(file.strip_prefix(&self.folder).unwrap_or(file))
    }
}
