//! The program `git`: how it is started, and what is made of its complaints.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::mistake::Mistake;

/// What git is told of one repository by the environment, as in a hook: the list of `git rev-parse --local-env-vars`. It
/// must not be told to another.
const LOCAL: [&str; 16] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
];

/// What would have git read paths in another way than they are given to it here.
const PATHSPECS: [&str; 4] =
    ["GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"];

/// Whether the environment names a repository, as git does for its hooks.
pub(super) fn is_told() -> bool {
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"].iter().any(|name| std::env::var_os(name).is_some())
}

/// The program, to be asked in one folder.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) folder: PathBuf,
    /// Whether the environment speaks of another repository.
    pub(super) is_elsewhere: bool,
}

impl Program {
    /// The answer, be it a refusal.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Output, Mistake> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|error| unstarted(&error))
    }

    /// What is printed, which must come with success.
    pub(super) fn demand(&self, arguments: &[&str]) -> Result<Vec<u8>, Mistake> {
        let output = self.ask(arguments)?;
        if output.status.success() { Ok(output.stdout) } else { Err(self.refusal(&output.stderr)) }
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // A setting of a person must not change what the answer means: no lists of what is below this folder only, none of
        // files whose times have changed and nothing else.
        command.args(["-c", "diff.relative=false", "-c", "diff.autoRefreshIndex=true"]);
        command.args(arguments).current_dir(&self.folder);
        // Nothing is written, be it only the index with newer times: another git may be at work, and wait for us.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        for name in PATHSPECS {
            command.env_remove(name);
        }
        if self.is_elsewhere {
            for name in LOCAL {
                command.env_remove(name);
            }
        }
        command
    }

    /// What git said when it did not answer.
    pub(super) fn refusal(&self, stderr: &[u8]) -> Mistake {
        let said = String::from_utf8_lossy(stderr);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let folder = self.folder.display();
        let fatal = lines.iter().find_map(|line| line.strip_prefix("fatal: "));
        let reason = fatal.or(lines.first().copied()).unwrap_or("it gives no reason");
        if reason.starts_with("not a git repository") && !is_told() {
            let help = "git says what has changed: run it in a clone, or leave out what asks for that";
            return Mistake::new(format!("\"{folder}\" is in no git repository")).with_help(Some(help));
        }
        let help =
            lines.iter().find(|line| line.starts_with("git config ")).map(|line| format!("say `{line}`"));
        Mistake::new(format!("git does not answer in \"{folder}\": {reason}")).with_help(help)
    }
}

pub(super) fn unstarted(error: &io::Error) -> Mistake {
    if error.kind() == ErrorKind::NotFound {
        let help = "install it, or leave out what asks for changes: `--changed` and `--staged`";
        return Mistake::new("the program `git` is not found").with_help(Some(help));
    }
    Mistake::new(format!("the program `git` cannot be started: {error}"))
}

/// A path as git gives it: bytes, on Windows UTF-8.
#[cfg(unix)]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(OsStr::from_bytes(bytes)).to_owned()
}

/// A path as git gives it: bytes, on Windows UTF-8.
#[cfg(not(unix))]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    let text = String::from_utf8_lossy(bytes);
    Path::new(OsStr::new(text.as_ref())).to_owned()
}
