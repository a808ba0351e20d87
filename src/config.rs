//! `copydesk.yaml`: found, read, and resolved into the settings of each file.
//!
//! It is read in steps. First raw: the text is data that fits its schema, with places. Then layers: what it extends, file
//! by file and preset by preset. Then resolved: packs become rules, levels and options checks, globs matchers, schemas
//! are compiled. The mistakes of a step come all at once.

mod checks;
mod choices;
mod collections;
mod effective;
mod layers;
mod origin;
mod overrides;
mod packs;
mod raw;
mod resolve;
mod schemas;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::engine::Settings;
use crate::mistake::Mistake;
use crate::rules::Catalog;

use checks::Checks;
use layers::File;

pub use choices::Word;
pub use effective::{Effective, EffectiveRule};
pub use origin::Origin;
pub use overrides::Overrides;
pub use resolve::Config;

/// The name of a config file.
pub const FILE_NAME: &str = "copydesk.yaml";

/// Names that a config may have been given by mistake. Not to read one in silence would make every run look clean.
const NEAR_NAMES: [&str; 3] = ["copydesk.yml", ".copydesk.yaml", ".copydesk.yml"];

/// Brings the bytes of a schema from an address, or says why not. An edge does not know the network: it is handed in.
pub type Fetch = fn(&str) -> Result<Vec<u8>, String>;

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
    checks: Mutex<Checks>,
}

/// All configs of a run, each read once.
pub struct Configs {
    outside: Arc<Outside>,
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
        let built_in = Catalog::built_in();
        let own = overrides.without_packs();
        own.check_names(&[built_in])?;
        let wrong = own.wrong_options(built_in);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let outside = Arc::new(Outside { overrides, fetch, checks: Mutex::default() });
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
        self.of_folder(file.parent().unwrap_or(file))
    }

    /// The config of the files of a folder, given by its absolute path.
    ///
    /// # Errors
    /// What is wrong with the config.
    pub fn of_folder(&mut self, folder: &Path) -> Result<Arc<Config>, Vec<Mistake>> {
        if let Some(forced) = &self.forced {
            return Ok(Arc::clone(forced));
        }
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
        let layers = layers::stack(None, self.outside.overrides.extends.as_deref())?;
        let config = Arc::new(Config::resolve(&layers, Path::new(""), &self.outside)?);
        self.without = Some(Arc::clone(&config));
        Ok(config)
    }

    fn load(&self, path: &Path) -> Result<Config, Vec<Mistake>> {
        let layers = layers::stack(Some(File::read(path)?), self.outside.overrides.extends.as_deref())?;
        Config::resolve(&layers, path.parent().unwrap_or(Path::new("")), &self.outside)
    }

    /// Whether every rule that the command line names is known to one of the configs that were asked about files.
    ///
    /// # Errors
    /// The names that are not.
    pub fn check_names(&self) -> Result<(), Vec<Mistake>> {
        let catalogs: Vec<&Catalog> = self.used().map(Config::catalog).collect();
        if catalogs.is_empty() { Ok(()) } else { self.outside.overrides.check_names(&catalogs) }
    }
}
