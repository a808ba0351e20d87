//! A forge for the tests of the Action: a repository on a server, a machine that checks it out, and what is asked of a run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::runner::{Job, Run};
use crate::changed::git;
use crate::root;

const CONFIG: &str = "extends: none\nrules: {heading-increment: error, bare-url: warning}\n";

/// A repository on a server, and a machine that checks it out.
pub(super) struct Forge {
    folder: TempDir,
    env: BTreeMap<String, String>,
    pub(super) event: BTreeMap<String, String>,
}

impl Forge {
    /// One with these files and a config on the branch "main".
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let forge = Self {
            folder: TempDir::new().expect("a temporary folder"),
            env: BTreeMap::new(),
            event: BTreeMap::new(),
        };
        for folder in ["author", "workspace", "temp", "bin"] {
            fs::create_dir(forge.at(folder)).expect("the folder can be made");
        }
        forge.author(&["init", "-q", "-b", "main"]);
        forge.commit(&[&[("copydesk.yaml", CONFIG)], files].concat());
        forge
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(super) fn author(&self, arguments: &[&str]) -> String {
        git(&self.at("author"), arguments)
    }

    /// Commits files to the branch that the author is on.
    pub(super) fn commit(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            write(&self.at("author").join(path), text);
        }
        self.author(&["add", "-A"]);
        self.author(&["commit", "-q", "-m", "more"]);
    }

    /// Opens a pull request with these files; meanwhile, others have added an article to "main".
    pub(super) fn pull(&mut self, files: &[(&str, &str)], theirs: &str) {
        self.author(&["checkout", "-q", "-b", "topic"]);
        self.commit(files);
        self.author(&["checkout", "-q", "main"]);
        self.commit(&[("posts/theirs.md", theirs)]);
        self.author(&["checkout", "-q", "--detach"]);
        self.author(&["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
        self.author(&["update-ref", "refs/pull/7/merge", "HEAD"]);
        self.trigger("pull_request", &self.author(&["rev-parse", "HEAD"]));
        self.env.insert("GITHUB_BASE_REF".to_owned(), "main".to_owned());
    }

    pub(super) fn trigger(&mut self, name: &str, commit: &str) {
        self.env.insert("GITHUB_EVENT_NAME".to_owned(), name.to_owned());
        self.env.insert("GITHUB_SHA".to_owned(), commit.to_owned());
    }

    /// Checks a commit out as actions/checkout does, with so many commits of its history.
    pub(super) fn checkout(&self, commit: &str, depth: u32) {
        let workspace = self.at("workspace");
        let server = format!("file://{}", self.at("author").display());
        let commit = git(&self.at("author"), &["rev-parse", commit]);
        git(&workspace, &["init", "-q"]);
        git(&workspace, &["remote", "add", "origin", &server]);
        git(&workspace, &["fetch", "-q", "--no-tags", &format!("--depth={depth}"), "origin", &commit]);
        git(&workspace, &["checkout", "-q", "--force", &commit]);
    }

    /// A machine on which copydesk is installed.
    pub(super) fn run(&self, with: &[(&str, &str)]) -> Run {
        self.job().run(root(), &[&[("version", "installed")], with].concat())
    }

    pub(super) fn job(&self) -> Job {
        let program = Path::new(env!("CARGO_BIN_EXE_copydesk")).parent().expect("a file is in a folder");
        let path = std::env::var("PATH").expect("there is a PATH");
        let mut env = self.env.clone();
        for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")] {
            env.insert(name.to_owned(), value.to_owned());
        }
        Job {
            workspace: self.at("workspace"),
            temp: self.at("temp"),
            path: format!("{}:{}:{path}", self.at("bin").display(), program.display()),
            env,
            event: self.event.clone(),
        }
    }

    /// Whether something that was only to be read has been run.
    pub(super) fn is_harmed(&self) -> bool {
        ["workspace", "workspace/docs", "temp", ""]
            .iter()
            .any(|folder| self.at(folder).join("pwned").exists())
    }
}

impl Run {
    #[track_caller]
    pub(super) fn code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    #[track_caller]
    pub(super) fn says(&self, text: &str) -> &Self {
        assert!(self.log.contains(text), "\"{text}\" is not said: {self:#?}");
        self
    }

    /// The files that annotations are for.
    #[track_caller]
    pub(super) fn annotates(&self, files: &[&str]) -> &Self {
        let commands = self.log.lines().filter_map(|line| line.strip_prefix("::error file="));
        let found: Vec<&str> = commands.filter_map(|command| command.split(',').next()).collect();
        assert_eq!(found, files, "{self:#?}");
        self
    }

    #[track_caller]
    pub(super) fn outputs(&self, expected: &[(&str, &str)]) -> &Self {
        for (name, value) in expected {
            assert_eq!(self.outputs[*name], *value, "{name}: {self:#?}");
        }
        self
    }
}

/// What the runner takes for a command: a line that begins with `::`, and in its old form any that has `##[`. It ends lines
/// as .NET does.
pub(super) fn commands(log: &str) -> impl Iterator<Item = &str> {
    let lines = log.split(['\n', '\r']).map(str::trim_start);
    lines.filter(|line| line.starts_with("::") || line.contains("##["))
}

pub(super) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}
