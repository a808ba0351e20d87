//! `copydesk.yaml`: found, read, and resolved into the settings of each file.
//!
//! It is read in steps. First raw: the text is data that fits its schema, with places. Then layers: what it extends, file
//! by file and preset by preset. Then resolved: packs become rules, levels and options checks, globs matchers, schemas
//! are compiled. The mistakes of a step come all at once.

mod baseline;
mod checks;
mod choices;
mod collections;
mod effective;
mod layers;
mod network;
mod origin;
mod overrides;
mod packs;
mod raw;
mod resolve;
mod schemas;
mod site;
mod taxonomy;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::env::VarError;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::engine::Settings;
use crate::mistake::Mistake;
use crate::rules::Catalog;
use crate::web::Policy;

use checks::Checks;
use layers::File;
use network::Variables;
use packs::Packs;

pub use baseline::BaselineFile;
pub use choices::Word;
pub use effective::{Effective, EffectiveRule};
pub use network::EffectivePart;
pub use origin::Origin;
pub use overrides::Overrides;
pub use resolve::Config;

/// The name of a config file.
pub const FILE_NAME: &str = "copydesk.yaml";

/// Names that a config may have been given by mistake. Not to read one in silence would make every run look clean.
pub const NEAR_NAMES: [&str; 3] = ["copydesk.yml", ".copydesk.yaml", ".copydesk.yml"];

/// The config file of a folder, if there is one.
fn file_in(folder: &Path) -> Result<Option<PathBuf>, Vec<Mistake>> {
    let path = folder.join(FILE_NAME);
    if path.is_file() {
        return Ok(Some(path));
    }
    let Some(near) = NEAR_NAMES.into_iter().find(|near| folder.join(near).is_file()) else { return Ok(None) };
    let shown = folder.join(near).to_string_lossy().into_owned();
    let message = format!("\"{shown}\" is not read: a config is called \"{FILE_NAME}\"");
    Err(vec![Mistake::new(message).with_help(Some("rename it"))])
}

/// Mistakes without those that come again, as they do in a file that is extended in two ways.
fn once(mistakes: Vec<Mistake>) -> Vec<Mistake> {
    let mut seen = HashSet::new();
    let mut once = mistakes;
    once.retain(|mistake| {
        let place = mistake.place.as_ref().map(|(source, span)| (Arc::clone(source.path()), *span));
        seen.insert((mistake.message.clone(), place))
    });
    once
}

/// The rules that the config of a folder can speak of: of what it says, only its packs are looked at. `forced` names a
/// config; without it, the nearest one counts.
///
/// # Errors
/// What is wrong with the packs, or with the shape of the config.
pub fn catalog(folder: &Path, forced: Option<&Path>) -> Result<Cow<'static, Catalog>, Vec<Mistake>> {
    let mut path = forced.map(Path::to_owned);
    for folder in folder.ancestors().filter(|_| forced.is_none()) {
        if let Some(found) = file_in(folder)? {
            path = Some(found);
            break;
        }
    }
    let Some(path) = path else { return Ok(Cow::Borrowed(Catalog::built_in())) };
    let layers = layers::stack(Some(File::read(&path)?), None)?;
    let mut mistakes = Vec::new();
    let packs = Packs::read(&layers, &mut mistakes);
    if mistakes.is_empty() { Ok(packs.catalog()) } else { Err(mistakes) }
}

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

/// What the configs of a run say of the network.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// How it is asked.
    pub policy: Policy,
    /// The folder that the cache stands in: that of the config, or the empty path where there is none.
    pub folder: PathBuf,
}

/// The value of an environment variable.
fn variable(name: &str) -> Result<String, &'static str> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Err("is empty"),
        Ok(value) => Ok(value),
        Err(VarError::NotPresent) => Err("is not set"),
        Err(VarError::NotUnicode(_)) => Err("is not UTF-8"),
    }
}

/// What to say of a config that speaks of the network in another way than the first that does.
fn differs(first: &Config, config: &Config) -> Option<Mistake> {
    let setting = config.network.difference(&first.network)?;
    let other = first.source().map(|source| source.path().to_string()).unwrap_or_default();
    let message = format!("one run asks the network in one way, but \"{other}\" has another \"{setting}\"");
    let help = "name the config that counts with `--config`, or have both extend one file that speaks of the network";
    Some(config.network.spoken()?.mistake(message).with_help(Some(help)))
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
        let config = if let Some(path) = file_in(folder)? {
            Arc::new(self.load(&path)?)
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

    /// Whether a config that was asked about files wants the network to be asked in every run.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.used().any(|config| config.network.is_enabled())
    }

    /// How the network is to be asked in a run over the files asked about, the values of environment variables filled in.
    /// One policy holds for all, since each address is asked once, whoever has it: configs that say nothing of the
    /// network go with the one that does.
    ///
    /// # Errors
    /// Two configs that speak of the network in different ways, or a variable that is not set.
    pub fn network(&self) -> Result<Network, Vec<Mistake>> {
        self.network_with(Some(&variable))
    }

    /// The same for what asks nothing, as when the cache is shown: no variable is looked at, and headers and the proxy are
    /// left out.
    ///
    /// # Errors
    /// Two configs that speak of the network in different ways.
    pub fn network_without_secrets(&self) -> Result<Network, Vec<Mistake>> {
        self.network_with(None)
    }

    fn network_with(&self, variables: Option<Variables<'_>>) -> Result<Network, Vec<Mistake>> {
        let mut speaking = self.used().filter(|config| config.network.spoken().is_some());
        let Some(first) = speaking.next() else {
            let folder = self.used().map(Config::folder).find(|folder| !folder.as_os_str().is_empty());
            return Ok(Network {
                folder: folder.map(Path::to_owned).unwrap_or_default(),
                ..Network::default()
            });
        };
        let mistakes: Vec<Mistake> = speaking.filter_map(|config| differs(first, config)).collect();
        if !mistakes.is_empty() {
            return Err(once(mistakes));
        }
        let policy = first.network.policy(variables)?;
        Ok(Network { policy, folder: first.folder().to_owned() })
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
        let layers = layers::stack(Some(File::read(path)?), self.outside.overrides.extends.as_deref());
        let config = layers.and_then(|layers| {
            Config::resolve(&layers, path.parent().unwrap_or(Path::new("")), &self.outside)
        });
        config.map_err(once)
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
