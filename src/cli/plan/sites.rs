//! The sites of a plan: the articles that are only known, and what there is besides.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Input, Plan, Task, absolute, shown};
use crate::cli::Failure;
use crate::config::{BaselineFile, Config};
use crate::corpus::Ground;
use crate::discover::{self, Reach};
use crate::git::Changes;
use crate::mistake::Mistake;

impl Plan<'_> {
    pub(super) fn has_walked(&self, folder: &Path) -> bool {
        self.walked.iter().any(|walked| folder.starts_with(walked))
    }

    /// Plans to know the articles of the sites that are not to be checked, too: what is found in an article does not
    /// depend on which others somebody named. What lies below no config is no site, and of that nothing more is known.
    ///
    /// # Errors
    /// What is wrong with a config below.
    pub(in crate::cli) fn know_others(&mut self) -> Result<(), Failure> {
        self.knows_others = true;
        for site in self.sites.clone() {
            let folder = site.folder();
            if folder.as_os_str().is_empty() || self.has_walked(folder) {
                continue;
            }
            let folders = [folder.to_owned()];
            let found = discover::discover(&folders).map_err(Mistake::new)?;
            let mut paths = found.files;
            paths.extend(self.absent(&folders));
            for path in paths {
                let absolute = absolute(&self.here, &path);
                let config = self.configs.of_file(&absolute)?;
                let is_out = |changes: &mut Changes| changes.is_uncommitted(&absolute);
                if config.folder() == folder
                    && self.known.insert(absolute.clone())
                    && !self.changes.as_mut().is_some_and(is_out)
                {
                    let task = self.task(&config, &path, &absolute, Input::File(path.clone()))?;
                    self.others.extend(task.ok());
                }
            }
        }
        Ok(())
    }

    /// Where articles are looked for: under these paths, and in the sites of which others are known.
    pub(in crate::cli) fn searched(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let sites =
            self.sites.iter().map(|site| site.folder()).filter(|folder| !folder.as_os_str().is_empty());
        let sites = sites.filter(|folder| !self.others.is_empty() && !self.has_walked(folder));
        paths.iter().cloned().chain(sites.map(Path::to_owned)).collect()
    }

    /// What the config of each site names as its baseline, by [`Place::site`].
    pub(in crate::cli) fn baselines(&self) -> impl Iterator<Item = Option<&BaselineFile>> {
        self.sites.iter().map(|site| site.baseline())
    }

    /// The site whose config a file belongs to that is no article; its path goes from the root of the system.
    pub(in crate::cli) fn site_of(&self, file: &Path) -> Option<usize> {
        let above = self.sites.iter().enumerate().filter(|(_, site)| file.starts_with(site.folder()));
        above.max_by_key(|(_, site)| site.folder().components().count()).map(|(number, _)| number)
    }

    /// Whether all articles of a site are known, so that what rules about many do not find is not there. Without a config
    /// nobody knows what is all: then it is what lies below `folder`.
    pub(in crate::cli) fn knows_all(&self, site: usize, folder: &Path) -> bool {
        let own = self.sites[site].folder();
        let is_known = if own.as_os_str().is_empty() {
            self.has_walked(folder)
        } else {
            self.knows_others || self.has_walked(own)
        };
        is_known && !self.is_cut
    }

    /// Whether all files below a folder were looked at that are articles, and none of them is only known.
    pub(in crate::cli) fn checks_all(&self, folder: &Path) -> bool {
        self.has_walked(folder) && self.others.is_empty() && !self.is_cut
    }

    /// What is known of the sites besides their articles; `lists_files` says whether to list their files.
    pub(in crate::cli) fn grounds(&self, lists_files: bool) -> Vec<Ground> {
        let grounds = self.sites.iter().enumerate().map(|(number, site)| {
            let folder = self.folder(site);
            // Without a config the site is what was named, if it was more than files.
            let has_config = !site.folder().as_os_str().is_empty();
            let is_known = if has_config {
                self.knows_others || self.has_walked(folder)
            } else {
                !self.walked.is_empty()
            };
            let ground = Ground {
                site: Arc::clone(site.site()),
                taxonomy: site.taxonomy().cloned(),
                is_whole: !self.is_cut && is_known,
                ..Ground::default()
            };
            if lists_files { self.listed(number, ground) } else { ground }
        });
        grounds.collect()
    }

    /// What is known of a site, and its files. Without a config they are those of the folders that somebody named, or
    /// those beside the files: what else lies in the working directory may be all that somebody has.
    fn listed(&self, number: usize, mut ground: Ground) -> Ground {
        let site = &self.sites[number];
        let folder = self.folder(site);
        let beside = || {
            let tasks = self.tasks.iter().filter(|task| task.place.site == number);
            let files = tasks.filter_map(Task::file).map(|file| absolute(&self.here, file));
            files.filter_map(|file| file.parent().map(Path::to_owned)).collect::<BTreeSet<_>>()
        };
        let (folders, reach) = if !site.folder().as_os_str().is_empty() {
            (BTreeSet::from([folder.to_owned()]), Reach::Below)
        } else if self.walked.is_empty() {
            (beside(), Reach::Alone)
        } else {
            (self.walked.iter().cloned().collect(), Reach::Below)
        };
        let name = |path: &Path| path.to_str().map(|_| Box::from(&*shown(path, path, folder)));
        let mut files = BTreeSet::new();
        for folder in &folders {
            let found = discover::listing(folder, reach, name);
            files.extend(found.files);
            ground.unlisted.extend(found.unlisted);
        }
        let below = |folder: &PathBuf| match &*name(folder)? {
            "" => Some(Box::from("")),
            name => Some(format!("{}/", name.trim_end_matches('/')).into()),
        };
        ground.listed = folders.iter().filter_map(below).collect();
        // A folder that is listed by itself is left out of the one above.
        let is_listed = |folder: &str| ground.listed.iter().any(|one| one.strip_suffix('/') == Some(folder));
        ground.unlisted.retain(|folder| !folder.is_empty() && !is_listed(folder));
        // What lies in it has short names, by which no article elsewhere knows it.
        ground.unlisted.extend(folder.to_str().map(|folder| Box::from(&*folder.replace('\\', "/"))));
        ground.files = Some(files);
        ground
    }

    /// The folder that the paths of a site begin in.
    pub(super) fn folder<'a>(&'a self, site: &'a Config) -> &'a Path {
        if site.folder().as_os_str().is_empty() { &self.here } else { site.folder() }
    }

    /// The number of a site.
    pub(super) fn site(&mut self, config: &Arc<Config>) -> usize {
        let at = self.sites.iter().position(|site| site.folder() == config.folder());
        at.unwrap_or_else(|| {
            self.sites.push(Arc::clone(config));
            self.sites.len() - 1
        })
    }
}
