//! `copydesk.yaml`: found, read, and resolved into the settings of each file.
//!
//! It is read in two steps. First raw: the text is data that fits its schema, with places. Then resolved: presets,
//! levels and options become checks, globs become matchers, schemas are compiled. The mistakes of a step come all at
//! once.

mod raw;
mod resolve;
mod schemas;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::engine::Settings;
use crate::mistake::Mistake;
use crate::text::Source;

pub use resolve::Config;

/// The name of a config file.
pub const FILE_NAME: &str = "copydesk.yaml";

/// Names that a config may have been given by mistake. Not to read one in silence would make every run look clean.
const NEAR_NAMES: [&str; 3] = ["copydesk.yml", ".copydesk.yaml", ".copydesk.yml"];

/// A set of rules to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// Each rule at the level of its page.
    #[default]
    Recommended,
    /// Every rule; those that are off by default as warnings.
    All,
    /// No rule.
    None,
}

impl Preset {
    /// All presets with their names.
    pub const ALL: [(&str, Self); 3] =
        [("recommended", Self::Recommended), ("all", Self::All), ("none", Self::None)];

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, preset)| preset)
    }
}

/// Brings the bytes of a schema from an address, or says why not. An edge does not know the network: it is handed in.
pub type Fetch = fn(&str) -> Result<Vec<u8>, String>;

/// What the command line says over every config.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The preset, in the place of the config's.
    pub extends: Option<Preset>,
    /// If not empty, only these rules run, whatever their level in the config.
    pub only: Vec<String>,
    /// These rules do not run.
    pub skip: Vec<String>,
    /// Options of rules.
    pub options: HashMap<String, Map<String, Json>>,
    /// The schema of every file: `article` or a path.
    pub schema: Option<String>,
    /// What day it is.
    pub today: Option<Date>,
    /// Suppressions are taken for mere comments.
    pub ignores_suppressions: bool,
}

/// What the config says of a file.
#[derive(Clone)]
pub enum Verdict {
    /// It is checked like this.
    Check(Arc<Settings>),
    /// It is left out, for this reason.
    Skip(&'static str),
}

/// What settings are made of besides the config.
struct Outside {
    overrides: Overrides,
    fetch: Fetch,
}

/// All configs of a run, each read once.
pub struct Configs {
    outside: Outside,
    forced: Option<Arc<Config>>,
    by_folder: HashMap<PathBuf, Arc<Config>>,
    without: Option<Arc<Config>>,
}

impl Configs {
    /// Configs are found upward from each file, unless `forced`, an absolute path, names the one for all. `fetch` is
    /// used only for addresses that a config allows.
    ///
    /// # Errors
    /// What is wrong with the command line's overrides or with the forced config.
    pub fn new(overrides: Overrides, fetch: Fetch, forced: Option<&Path>) -> Result<Self, Vec<Mistake>> {
        resolve::check_names(&overrides)?;
        let outside = Outside { overrides, fetch };
        let mut configs = Self { outside, forced: None, by_folder: HashMap::new(), without: None };
        if let Some(path) = forced {
            configs.forced = Some(Arc::new(configs.load(path)?));
        }
        Ok(configs)
    }

    /// The config of a file, given by its absolute path.
    ///
    /// # Errors
    /// What is wrong with the config.
    pub fn of_file(&mut self, file: &Path) -> Result<Arc<Config>, Vec<Mistake>> {
        match &self.forced {
            Some(forced) => Ok(Arc::clone(forced)),
            None => self.of_folder(file.parent().unwrap_or(file)),
        }
    }

    fn of_folder(&mut self, folder: &Path) -> Result<Arc<Config>, Vec<Mistake>> {
        if let Some(config) = self.by_folder.get(folder) {
            return Ok(Arc::clone(config));
        }
        let path = folder.join(FILE_NAME);
        let config = if path.is_file() {
            Arc::new(self.load(&path)?)
        } else if let Some(near) = NEAR_NAMES.into_iter().find(|near| folder.join(near).is_file()) {
            let shown = folder.join(near).to_string_lossy().into_owned();
            let message = format!("\"{shown}\" is not read: a config is called \"{FILE_NAME}\"");
            return Err(vec![Mistake::new(message).with_help(Some("rename it"))]);
        } else if let Some(parent) = folder.parent() {
            self.of_folder(parent)?
        } else {
            self.without()?
        };
        self.by_folder.insert(folder.to_owned(), Arc::clone(&config));
        Ok(config)
    }

    /// All configs that were asked about files.
    pub fn used(&self) -> impl Iterator<Item = &Config> {
        let mut used: Vec<&Config> =
            self.forced.iter().chain(self.by_folder.values()).map(Arc::as_ref).collect();
        used.sort_by_key(|config| config.folder());
        used.dedup_by_key(|config| config.folder());
        used.into_iter()
    }

    /// The settings of files that no config speaks of.
    fn without(&mut self) -> Result<Arc<Config>, Vec<Mistake>> {
        if let Some(config) = &self.without {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(Config::resolve(&raw::Raw::default(), None, &self.outside)?);
        self.without = Some(Arc::clone(&config));
        Ok(config)
    }

    fn load(&self, path: &Path) -> Result<Config, Vec<Mistake>> {
        let shown = path.to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(path)
            .map_err(|error| vec![Mistake::new(format!("the config \"{shown}\" cannot be read: {error}"))])?;
        let source = Arc::new(Source::new(shown, bytes));
        let raw = raw::Raw::parse(&source)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Config::resolve(&raw, Some((folder, &source)), &self.outside)
    }
}
