//! What a run will check: files with their names and settings, and what is left out.

mod ignored;
mod narrow;
mod sites;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use crate::config::{Config, Configs, Verdict};
use crate::discover::{self, Found};
use crate::engine::{self, Memory, Place, Settings};
use crate::git::Changes;
use crate::mistake::Mistake;
use crate::rule::Page;
use crate::text::Source;
use crate::triage::{Skipped, Unit};
use crate::write;

/// A file to check.
pub(super) struct Task {
    pub(super) name: Arc<str>,
    pub(super) settings: Arc<Settings>,
    pub(super) place: Place,
    input: Input,
    memory: Option<Arc<Memory>>,
}

/// Where the bytes of a file come from.
enum Input {
    File(PathBuf),
    Stdin(Vec<u8>),
    /// What a commit would hold of a file that is another in the working tree, or not there.
    Staged(PathBuf, Vec<u8>),
    Unreadable(PathBuf, String),
}

impl Task {
    #[cfg(test)]
    pub(super) fn of_file(path: PathBuf, settings: Settings) -> Self {
        Self {
            name: "a.md".into(),
            settings: Arc::new(settings),
            place: Place::default(),
            input: Input::File(path),
            memory: None,
        }
    }

    pub(super) fn open(&self) -> Source {
        let name = Arc::clone(&self.name);
        let source = match &self.input {
            Input::File(path) => match std::fs::read(path) {
                Ok(bytes) => Source::new(name, bytes),
                Err(_) if path.is_symlink() => {
                    Source::unreadable(name, "it is a symbolic link that leads nowhere".to_owned())
                }
                Err(error) => Source::unreadable(name, error.to_string()),
            },
            Input::Stdin(bytes) | Input::Staged(_, bytes) => Source::new(name, bytes.clone()),
            Input::Unreadable(_, reason) => Source::unreadable(name, reason.clone()),
        };
        source.placed(Arc::clone(&self.place.path))
    }

    /// The file, where it is one that was read.
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.input {
            Input::File(path) => Some(path),
            Input::Stdin(_) | Input::Staged(..) | Input::Unreadable(..) => None,
        }
    }

    /// Whether its text is not that of the file, so that no fix of it can be written there.
    pub(super) fn is_staged_otherwise(&self) -> bool {
        matches!(self.input, Input::Staged(..))
    }

    /// Where its file is, or would be.
    pub(super) fn location(&self) -> Option<&Path> {
        match &self.input {
            Input::File(path) | Input::Staged(path, _) | Input::Unreadable(path, _) => Some(path),
            Input::Stdin(_) => None,
        }
    }
}

impl engine::File for Task {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn open(&self) -> Source {
        Self::open(self)
    }

    fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    fn place(&self) -> Place {
        self.place.clone()
    }

    fn memory(&self) -> Option<&Memory> {
        self.memory.as_deref()
    }
}

/// What is to be checked, and what is left out.
pub(super) struct Plan<'c> {
    pub(super) tasks: Vec<Task>,
    /// The articles beside them, which are only known.
    pub(super) others: Vec<Task>,
    /// The configs of its files, each a site: what no config speaks of is one, too.
    sites: Vec<Arc<Config>>,
    /// The folders that were looked through, from the root of the system.
    walked: Vec<PathBuf>,
    /// Whether all articles of sites with a config are known.
    knows_others: bool,
    pub(super) skipped: Vec<Skipped>,
    /// What looks like a slip of the config and does not keep the run from going on.
    pub(super) notes: Vec<Mistake>,
    /// The files that the config leaves out, and why.
    pub(super) left_out: Vec<(Arc<str>, &'static str)>,
    /// What was planned, by its absolute path: one file may be named in several ways.
    known: HashSet<PathBuf>,
    /// What git says of the files, where that counts.
    pub(super) changes: Option<Changes>,
    /// Whether it leaves out articles of which nothing is known then.
    is_cut: bool,
    configs: &'c mut Configs,
    here: PathBuf,
}

impl<'c> Plan<'c> {
    /// A plan with nothing in it; `here` is the working directory.
    pub(super) fn new(configs: &'c mut Configs, here: PathBuf) -> Self {
        let (tasks, others, sites, walked, knows_others, skipped, notes, left_out, known) =
            Default::default();
        let (changes, is_cut) = (None, false);
        Self {
            tasks,
            others,
            sites,
            walked,
            knows_others,
            skipped,
            notes,
            left_out,
            known,
            changes,
            is_cut,
            configs,
            here,
        }
    }

    /// The configs of its files.
    pub(super) fn configs(&self) -> &Configs {
        self.configs
    }

    /// The folder that the run was started in.
    pub(super) fn here(&self) -> &Path {
        &self.here
    }

    /// Plans to check a text that came by standard input.
    pub(super) fn stdin(&mut self, name: &Path, bytes: Vec<u8>) -> Result<(), Failure> {
        self.add(name, Input::Stdin(bytes))?;
        self.configs.check_names()?;
        self.finish(true, String::new)
    }

    /// Puts another text in the place of what came by standard input.
    pub(super) fn type_in(&mut self, text: &str) {
        for task in &mut self.tasks {
            if let Input::Stdin(bytes) = &mut task.input {
                *bytes = text.as_bytes().to_vec();
            }
        }
    }

    /// Plans to check what is under these paths, or without any under the working directory.
    pub(super) fn paths_or_all(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        if paths.is_empty() { self.paths(&[PathBuf::from(".")]) } else { self.paths(paths) }
    }

    /// Plans to check what is under these paths, of which there must be something.
    pub(super) fn paths(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        let found = self.look(paths)?;
        let are_files = paths.iter().all(|path| path.is_file());
        self.finish(are_files, || discover::explain_nothing(paths, &found))?;
        // Where the whole folder of a config was looked through, each of its collections should have a file.
        let folders = paths.iter().filter(|path| path.is_dir()).map(|path| absolute(&self.here, path));
        self.walked = folders.collect();
        let configs = self.configs.used().filter(|config| self.has_walked(config.folder()));
        let idle: Vec<Mistake> = configs.flat_map(Config::idle).cloned().collect();
        self.notes.extend(idle);
        self.notes.extend(self.configs.used().flat_map(Config::notes).cloned());
        for path in &found.barren {
            let why = discover::explain_nothing(std::slice::from_ref(path), &Found::default());
            self.skip(Unit::Path, why, 1);
        }
        Ok(())
    }

    /// Before files are written: clears away what runs that were ended in the middle have left beside them, and notes it.
    pub(super) fn sweep(&mut self) {
        let swept = write::sweep(self.tasks.iter().filter_map(Task::file));
        let shown = |path: &Path| shown(path, &absolute(&self.here, path), &self.here);
        let removed = swept.removed.iter().map(|path| {
            let path = shown(path);
            Mistake::new(format!("\"{path}\" is removed: a run that was ended in the middle had left it"))
        });
        let left = swept.left.iter().map(|(path, why)| {
            let path = shown(path);
            Mistake::new(format!("a run that was ended in the middle may have left \"{path}\": {why}"))
                .with_help(Some("delete it if no other copydesk is running"))
        });
        let unread = swept.unread.iter().map(|(path, why)| {
            let path = Some(shown(path)).filter(|path| !path.is_empty()).unwrap_or_else(|| ".".into());
            Mistake::new(format!("what ended runs may have left in \"{path}\" cannot be seen: {why}"))
        });
        self.notes.extend(removed.chain(left).chain(unread));
    }

    /// The files to check, by the name that findings carry and by their absolute path.
    pub(super) fn names(&self) -> Vec<(Arc<str>, PathBuf)> {
        let mut names: Vec<_> = self
            .tasks
            .iter()
            .filter_map(|task| Some((Arc::clone(&task.name), absolute(&self.here, task.location()?))))
            .collect();
        names.sort();
        names
    }

    /// Plans to check what is under these paths, be it nothing.
    pub(super) fn look(&mut self, paths: &[PathBuf]) -> Result<Found, Failure> {
        let found: Found = discover::discover(paths).map_err(|message| {
            let is_dash = paths.iter().any(|path| path.as_os_str() == "-");
            let help = is_dash.then_some("standard input is read with `--stdin-file-path NAME`");
            Mistake::new(message).with_help(help)
        })?;
        for path in &found.files {
            self.add(path, Input::File(path.clone()))?;
        }
        for (path, reason) in &found.unreadable {
            self.add(path, Input::Unreadable(path.clone(), reason.clone()))?;
        }
        for (reason, count) in &found.skipped {
            self.skip(Unit::File, (*reason).to_owned(), *count);
        }
        self.configs.check_names()?;
        Ok(found)
    }

    /// The files that are checked or known, by the name that findings carry.
    pub(super) fn by_name(&self) -> HashMap<&str, &Task> {
        self.tasks.iter().chain(&self.others).map(|task| (task.name.as_ref(), task)).collect()
    }

    /// Whether a file is among the articles that are checked or known; its path goes from the root of the system.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let real = path.canonicalize();
        self.articles()
            .any(|(_, article)| article == path || real.as_ref().is_ok_and(|real| article == *real))
    }

    /// The pages of the rules that are on for any of its files, by their ids.
    pub(super) fn pages(&self) -> Vec<Arc<Page>> {
        let settings: HashMap<_, _> =
            self.tasks.iter().map(|task| (Arc::as_ptr(&task.settings), &task.settings)).collect();
        let rules = settings.values().flat_map(|settings| &settings.rules);
        let pages: BTreeMap<_, _> = rules.map(|rule| (Arc::clone(&rule.page.id), &rule.page)).collect();
        pages.into_values().cloned().collect()
    }

    /// Lets go of what only matters while files are planned: of a large site it takes room that the run can use.
    pub(super) fn close(&mut self) {
        self.known = HashSet::new();
    }

    /// Gives each file what is remembered of the articles of its site. A text that came by standard input is a step on the
    /// way to another, and nothing to be remembered.
    pub(super) fn remember(&mut self, memory: impl FnMut(&Config) -> Option<Arc<Memory>>) {
        let memories: Vec<_> = self.sites.iter().map(AsRef::as_ref).map(memory).collect();
        for task in self.tasks.iter_mut().chain(&mut self.others) {
            task.memory = memories[task.place.site].clone().filter(|_| task.file().is_some());
        }
    }

    /// All articles that are checked or known, with the absolute paths of their files.
    pub(super) fn articles(&self) -> impl Iterator<Item = (&Arc<str>, PathBuf)> {
        let tasks = self.tasks.iter().chain(&self.others);
        tasks.filter_map(|task| Some((&task.name, absolute(&self.here, task.location()?))))
    }

    /// A file with what is to be done with it; or its name, and why it is left out.
    fn task(
        &mut self,
        config: &Arc<Config>,
        path: &Path,
        absolute: &Path,
        input: Input,
    ) -> Result<Result<Task, (Arc<str>, &'static str)>, Failure> {
        let name = shown(path, absolute, &self.here);
        // What could not be looked at may hold articles, or be one: what files it includes says nothing of it.
        let verdict = match &input {
            Input::Unreadable(..) if !discover::is_markdown(path) => config.verdict_of_folder(absolute)?,
            _ => config.verdict(absolute)?,
        };
        let staged = self.changes.as_mut().and_then(|changes| changes.text(absolute));
        let input = staged.map_or(input, |text| Input::Staged(absolute.to_owned(), text.to_vec()));
        Ok(match verdict {
            Verdict::Check(settings) => {
                let site = self.site(config);
                let path = shown(absolute, absolute, self.folder(config));
                Ok(Task { name, settings, place: Place { site, path }, input, memory: None })
            }
            Verdict::Skip(reason) => Err((name, reason)),
        })
    }

    fn skip(&mut self, unit: Unit, reason: String, count: usize) {
        self.skipped.push(Skipped { unit, reason: reason.into(), count });
    }

    fn add(&mut self, path: &Path, input: Input) -> Result<(), Failure> {
        let absolute = absolute(&self.here, path);
        if !self.known.insert(absolute.clone()) {
            return Ok(());
        }
        let config = self.configs.of_file(&absolute)?;
        match self.task(&config, path, &absolute, input)? {
            Ok(task) => self.tasks.push(task),
            Err(left_out) => self.left_out.push(left_out),
        }
        Ok(())
    }

    /// A run that checked nothing must not look like one that found nothing. But where only files were named and the
    /// config leaves them out, as in a commit hook or an editor, all is as it should be.
    fn finish(&mut self, are_files: bool, why: impl FnOnce() -> String) -> Result<(), Failure> {
        let mut left_out: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (_, reason) in &self.left_out {
            *left_out.entry(reason).or_default() += 1;
        }
        let is_wanted = are_files && !left_out.is_empty();
        if self.tasks.is_empty() && !is_wanted {
            let mut reasons: Vec<String> =
                left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
            reasons.extend(Some(why()).filter(|why| !why.is_empty() && left_out.is_empty()));
            reasons.extend(
                self.skipped
                    .iter()
                    .filter(|_| !left_out.is_empty())
                    .map(|one| format!("{} {}", one.count, one.reason)),
            );
            let message = format!("no file was checked: {}", reasons.join("; "));
            let help = if left_out.is_empty() {
                "copydesk checks files that end in .md, .mdx or .markdown"
            } else {
                "see `include` and `exclude` in the config"
            };
            return Err(Mistake::new(message).with_help(Some(help)).into());
        }
        for (reason, count) in left_out {
            self.skip(Unit::File, reason.to_owned(), count);
        }
        Ok(())
    }
}

/// A path from the root, without `.` and `..`, so that one file has one.
pub(super) fn absolute(here: &Path, path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for part in here.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            part => absolute.push(part),
        }
    }
    absolute
}

/// The name that findings carry: relative to the working directory where it lies below, with forward slashes, and with
/// bytes that are no text written as `\xFE`.
pub(super) fn shown(path: &Path, absolute: &Path, here: &Path) -> Arc<str> {
    let relative = absolute.strip_prefix(here).unwrap_or(path);
    let mut text = String::new();
    for chunk in relative.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_a_file_is_one_path() {
        let here = Path::new("/site/posts");
        for path in
            ["a.md", "./a.md", "../posts/a.md", "x/../a.md", "/site/posts/a.md", "/site/./posts//a.md"]
        {
            assert_eq!(absolute(here, Path::new(path)), Path::new("/site/posts/a.md"), "{path}");
        }
    }
}
