//! What a run will check: files with their names and settings, and what is left out.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use crate::config::{Config, Configs, Verdict};
use crate::discover::{self, Found};
use crate::engine::Settings;
use crate::mistake::Mistake;
use crate::text::Source;
use crate::triage::{Skipped, Unit};
use crate::write;

/// A file to check.
pub(super) struct Task {
    pub(super) name: Arc<str>,
    pub(super) settings: Arc<Settings>,
    input: Input,
}

/// Where the bytes of a file come from.
enum Input {
    File(PathBuf),
    Stdin(Vec<u8>),
    Unreadable(PathBuf, String),
}

impl Task {
    #[cfg(test)]
    pub(super) fn of_file(path: PathBuf, settings: Settings) -> Self {
        Self { name: "a.md".into(), settings: Arc::new(settings), input: Input::File(path) }
    }

    pub(super) fn open(&self) -> Source {
        let name = Arc::clone(&self.name);
        match &self.input {
            Input::File(path) => match std::fs::read(path) {
                Ok(bytes) => Source::new(name, bytes),
                Err(_) if path.is_symlink() => {
                    Source::unreadable(name, "it is a symbolic link that leads nowhere".to_owned())
                }
                Err(error) => Source::unreadable(name, error.to_string()),
            },
            Input::Stdin(bytes) => Source::new(name, bytes.clone()),
            Input::Unreadable(_, reason) => Source::unreadable(name, reason.clone()),
        }
    }

    /// The file, where it is one that was read.
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.input {
            Input::File(path) => Some(path),
            Input::Stdin(_) | Input::Unreadable(..) => None,
        }
    }
}

/// What is to be checked, and what is left out.
pub(super) struct Plan<'c> {
    pub(super) tasks: Vec<Task>,
    pub(super) skipped: Vec<Skipped>,
    /// What looks like a slip of the config and does not keep the run from going on.
    pub(super) notes: Vec<Mistake>,
    /// The files that the config leaves out, and why.
    pub(super) left_out: Vec<(Arc<str>, &'static str)>,
    /// What was planned, by its absolute path: one file may be named in several ways.
    known: HashSet<PathBuf>,
    configs: &'c mut Configs,
    here: PathBuf,
}

impl<'c> Plan<'c> {
    /// A plan with nothing in it; `here` is the working directory.
    pub(super) fn new(configs: &'c mut Configs, here: PathBuf) -> Self {
        let (tasks, skipped, notes, left_out, known) = Default::default();
        Self { tasks, skipped, notes, left_out, known, configs, here }
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
        let folders: Vec<PathBuf> =
            paths.iter().filter(|path| path.is_dir()).map(|path| absolute(&self.here, path)).collect();
        let is_whole = |folder: &Path| folders.iter().any(|walked| folder.starts_with(walked));
        let configs = self.configs.used().filter(|config| is_whole(config.folder()));
        self.notes.extend(configs.flat_map(Config::idle).cloned());
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
            .filter_map(|task| match &task.input {
                Input::File(path) | Input::Unreadable(path, _) => {
                    Some((Arc::clone(&task.name), absolute(&self.here, path)))
                }
                Input::Stdin(_) => None,
            })
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

    fn skip(&mut self, unit: Unit, reason: String, count: usize) {
        self.skipped.push(Skipped { unit, reason: reason.into(), count });
    }

    fn add(&mut self, path: &Path, input: Input) -> Result<(), Failure> {
        let absolute = absolute(&self.here, path);
        if !self.known.insert(absolute.clone()) {
            return Ok(());
        }
        let config = self.configs.of_file(&absolute)?;
        let name = shown(path, &absolute, &self.here);
        // What could not be looked at may hold articles, or be one: what files it includes says nothing of it.
        let verdict = match &input {
            Input::Unreadable(..) if !discover::is_markdown(path) => config.verdict_of_folder(&absolute)?,
            _ => config.verdict(&absolute)?,
        };
        match verdict {
            Verdict::Check(settings) => {
                self.tasks.push(Task { name, settings, input });
            }
            Verdict::Skip(reason) => self.left_out.push((name, reason)),
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
