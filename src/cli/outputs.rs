//! Where reports go: one to standard output, others to files.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Failure;
use super::plan::{Plan, absolute};
use crate::config::Config;
use crate::corpus::Portrait;
use crate::discover;
use crate::facts::Wants;
use crate::mistake::Mistake;
use crate::report::{self, Format};
use crate::triage::Run;
use crate::write;

/// Names of standard output. A file that is called `-` is `./-`.
const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Folders of the system in which no file is made or replaced: what is in them is written to, like a pipe.
const DEVICES: [&str; 2] = ["/dev", "/proc"];

/// A format, and the file that a report in it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    /// `None` for standard output.
    pub(super) file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("behind `=` stands the file that the report goes to".to_owned()),
            // Another report there would be mixed with this one.
            Some((format, file)) if STDOUT.contains(&file) => (format, None),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(Self { format: format.parse()?, file })
    }
}

/// The reports of a run.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// That of standard output; `None` where nobody said how it is to be.
    pub(super) stdout: Option<Format>,
    files: Vec<(Format, PathBuf)>,
    /// Whether those for people list each fix that was made, which those for programs do unasked.
    pub(super) lists_fixes: bool,
}

impl Outputs {
    /// Sorts what the command line asks for.
    ///
    /// # Errors
    /// Two reports that go to one place.
    pub(super) fn of(wanted: &[Output], here: &Path) -> Result<Self, Mistake> {
        let mut outputs = Self::default();
        for Output { format, file } in wanted {
            let Some(file) = file else {
                if let Some(other) = outputs.stdout.replace(*format) {
                    let message = format!("two reports go to standard output: `{other}` and `{format}`");
                    let help = format!("give one of them a file: `--format {format}=FILE`");
                    return Err(Mistake::new(message).with_help(Some(help)));
                }
                continue;
            };
            if outputs.files.iter().any(|(_, other)| real(here, other) == real(here, file)) {
                let message = format!("two reports go to the file \"{}\"", file.display());
                return Err(Mistake::new(message).with_help(Some("give each a file of its own")));
            }
            outputs.files.push((*format, file.clone()));
        }
        Ok(outputs)
    }

    /// All formats that are written.
    pub(super) fn formats(&self) -> impl Iterator<Item = Format> {
        self.stdout.into_iter().chain(self.files.iter().map(|(format, _)| *format))
    }

    /// Whether a report goes to this file; its path goes from the root of the system.
    pub(super) fn fill(&self, file: &Path, here: &Path) -> bool {
        self.files.iter().any(|(_, own)| absolute(here, own) == file)
    }

    /// Whether there is a report that must be written, be it of nothing.
    pub(super) fn are_expected(&self) -> bool {
        !self.files.is_empty() || self.stdout.is_some_and(|format| !format.is_for_people())
    }

    /// What they want to know of each article.
    pub(super) fn wants(&self) -> Wants {
        if self.formats().any(Format::wants_portrait) { Portrait::wants() } else { Wants::default() }
    }

    /// Before anything is checked: whether each file can be written, and nothing is lost by it. `parts` are read, too.
    ///
    /// # Errors
    /// An article, a part or what the set-up is made of would be overwritten, or a folder is not there.
    pub(super) fn demand_room(&self, plan: &Plan<'_>, parts: &[PathBuf]) -> Result<(), Failure> {
        if self.files.is_empty() {
            return Ok(());
        }
        let here = plan.here();
        let inputs = plan.configs().used().flat_map(Config::inputs).map(|path| real(here, path));
        let inputs: Vec<PathBuf> = inputs.collect();
        let is_input = |file: &Path| file.ancestors().any(|at| inputs.iter().any(|input| input == at));
        let mut mistakes = Vec::new();
        for (format, file) in &self.files {
            let whole = real(here, file);
            let shown = file.display();
            let folder = whole.parent().unwrap_or(&whole);
            let (message, help) = if plan.holds(&whole) || plan.holds(&absolute(here, file)) {
                let help = "give it another ending, or exclude it in the config";
                (format!("the report would overwrite the article \"{shown}\""), help)
            } else if whole.is_dir() {
                (format!("\"{shown}\" is a folder"), "name a file in it")
            } else if !folder.is_dir() {
                (format!("the folder of \"{shown}\" is not there"), "make it first")
            } else if parts.iter().any(|part| real(here, part) == whole) {
                (format!("the report would overwrite the part \"{shown}\""), "give the report another name")
            } else if whole.is_file() && (is_input(&whole) || is_written_by_hand(&whole)) {
                (format!("\"{shown}\" is no report: it would be lost"), "give the report another name")
            } else {
                continue;
            };
            mistakes.push(Mistake::new(format!("--format {format}: {message}")).with_help(Some(help)));
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes.into()) }
    }

    /// Writes the reports that go to files; brings what went wrong with them.
    pub(super) fn write_files(&self, run: &Run, plan: &Plan<'_>, root: &str) -> Vec<Mistake> {
        let tasks = plan.by_name();
        let mut open = |path: &str| tasks.get(path).map(|task| task.open());
        let mut mistakes = Vec::new();
        for (format, file) in &self.files {
            let options = report::Options {
                root,
                rule_url: &super::rule_url,
                lists_fixes: self.lists_fixes,
                ..report::Options::default()
            };
            let whole = real(plan.here(), file);
            let written = fill(&whole, |out| report::write(*format, run, &mut open, &options, out));
            mistakes.extend(written.err().map(|why| {
                Mistake::new(format!("the report \"{}\" cannot be written: {why}", file.display()))
            }));
        }
        mistakes
    }
}

/// Whether a file is of a kind that people write by hand and no report is, or an article and no summary of ours.
fn is_written_by_hand(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    if ending.is_some_and(|ending| ["yaml", "yml", "toml"].contains(&&*ending)) {
        return true;
    }
    let mut head = Vec::new();
    let summary = report::SUMMARY_HEAD.as_bytes();
    let mut is_read = || File::open(path)?.take(summary.len() as u64).read_to_end(&mut head);
    // An empty one is what `mktemp` makes.
    discover::is_markdown(path) && !(is_read().is_ok() && (head.is_empty() || head == summary))
}

/// The file itself, wherever links lead; its path goes from the root of the system. Where it is not there yet, its folder
/// may be.
fn real(here: &Path, path: &Path) -> PathBuf {
    let whole = here.join(path);
    // What these lead to is what a stream is bound to at the moment, and no name for it.
    if DEVICES.iter().any(|devices| whole.starts_with(devices)) {
        return whole;
    }
    let folder = || Some(whole.parent()?.canonicalize().ok()?.join(whole.file_name()?));
    whole.canonicalize().ok().or_else(folder).unwrap_or_else(|| absolute(here, path))
}

/// Writes a file whole or not at all; into what is no file of a disk, like a pipe, as it comes.
fn fill(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), String> {
    let failed = |error: io::Error| error.kind().to_string();
    let is_device = DEVICES.iter().any(|devices| path.starts_with(devices));
    if is_device || fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        // Where a stream is bound to a file, what it has said before stays.
        let mut file = File::options().append(true).open(path).map_err(failed)?;
        return match content(&mut file) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failed(error)),
            _ => Ok(()),
        };
    }
    write::save_with(path, content)
}

/// What stands before the paths of a run, from the root of the repository that its folder is in: as in `docs/`. A forge
/// counts from there. Without a repository, it is taken to be the folder of the run.
pub(super) fn root(here: &Path) -> String {
    let real = here.canonicalize().unwrap_or_else(|_| here.to_owned());
    let Some(top) = real.ancestors().find(|folder| folder.join(".git").exists()) else {
        return String::new();
    };
    let below = real.strip_prefix(top).unwrap_or(Path::new(""));
    let parts = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned() + "/");
    parts.collect()
}
