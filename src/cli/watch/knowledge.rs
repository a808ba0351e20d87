//! What a watch knows of files: which are articles, which the set-up is made of, and which do not matter.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::cli::baseline::Baselines;
use crate::cli::plan::{Plan, absolute};
use crate::config::{Config, FILE_NAME};
use crate::discover;

/// Whose business a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concern {
    /// Config, schema, rule page: all is to be checked again.
    SetUp,
    /// It is an article, or may be one, or say what is one, or hold some, or be what links lead to.
    Site,
    /// Nobody's.
    Nothing,
}

/// When a file was written, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

pub(super) struct Knowledge {
    /// The articles by their real paths. One may have two: that of a link, and that of what it leads to.
    articles: BTreeMap<PathBuf, (Arc<str>, Stamp)>,
    inputs: BTreeSet<PathBuf>,
    /// Whether all files count, since links may lead to them.
    has_files: bool,
    here: PathBuf,
}

impl Knowledge {
    pub(super) fn of(plan: &Plan<'_>, baselines: &Baselines, has_files: bool) -> Self {
        let mut folders: HashMap<PathBuf, PathBuf> = HashMap::new();
        let mut articles = BTreeMap::new();
        for (name, path) in plan.articles() {
            let (Some(folder), Some(file)) = (path.parent(), path.file_name()) else { continue };
            let real = folders
                .entry(folder.to_owned())
                .or_insert_with(|| folder.canonicalize().unwrap_or_else(|_| folder.to_owned()));
            let real = real.join(file);
            if let Some(target) = real.is_symlink().then(|| real.canonicalize().ok()).flatten() {
                let stamp = stamp(&target);
                articles.insert(target, (Arc::clone(name), stamp));
            }
            let stamp = stamp(&real);
            articles.insert(real, (Arc::clone(name), stamp));
        }
        let inputs = plan.configs().used().flat_map(Config::inputs).chain(baselines.paths());
        let inputs = inputs.map(|path| absolute(plan.here(), path));
        let inputs = inputs.flat_map(|path| [path.canonicalize().unwrap_or_else(|_| path.clone()), path]);
        Self { articles, inputs: inputs.collect(), has_files, here: plan.here().to_owned() }
    }

    /// Whose business a file is that something has happened to.
    pub(super) fn concern(&self, path: &Path) -> Concern {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_config = name == FILE_NAME || crate::config::NEAR_NAMES.contains(&&*name);
        if is_config || path.ancestors().any(|at| self.inputs.contains(at)) {
            Concern::SetUp
        } else if self.articles.contains_key(path) || matches!(&*name, ".gitignore" | ".ignore") {
            Concern::Site
        } else if name.starts_with('.') || crate::corpus::FOREIGN.contains(&&*name) {
            Concern::Nothing
        } else if self.has_files || discover::is_markdown(path) || path.is_dir() || self.holds_articles(path)
        {
            Concern::Site
        } else {
            Concern::Nothing
        }
    }

    fn holds_articles(&self, folder: &Path) -> bool {
        self.below(folder).next().is_some()
    }

    fn below(&self, folder: &Path) -> impl Iterator<Item = &(Arc<str>, Stamp)> {
        let from = self.articles.range(folder.to_owned()..);
        let below = from.take_while({
            let folder = folder.to_owned();
            move |(path, _)| path.starts_with(&folder)
        });
        below.map(|(_, article)| article)
    }

    /// The articles that are this file, or lie in this folder.
    pub(super) fn known(&self, path: &Path) -> impl Iterator<Item = &Arc<str>> {
        self.below(path).map(|(name, _)| name)
    }

    /// The articles whose files are not as they were when this was made, as far as their times and sizes tell.
    pub(super) fn changed(&self) -> impl Iterator<Item = &Arc<str>> {
        let changed = self.articles.iter().filter(|(path, (_, before))| stamp(path) != *before);
        changed.map(|(_, (name, _))| name)
    }

    /// The folders that hold what it knows of, and those between here and what was asked for, which may get a config.
    pub(super) fn folders(&self, paths: &[PathBuf]) -> BTreeSet<PathBuf> {
        let files = self.articles.keys().chain(&self.inputs).filter_map(|path| path.parent());
        let mut folders: BTreeSet<PathBuf> = files.map(Path::to_owned).collect();
        folders.extend(
            self.inputs
                .iter()
                .filter(|path| path.is_dir())
                .flat_map(|path| discover::folders(std::slice::from_ref(path))),
        );
        for path in paths {
            let path = absolute(&self.here, path);
            let between = path.ancestors().filter(|at| at.starts_with(&self.here) && at.is_dir());
            folders.extend(between.filter_map(|folder| folder.canonicalize().ok()));
        }
        folders
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
