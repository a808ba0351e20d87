//! A working tree with its repository: which commits there are, and how trees differ.

use std::path::{Path, PathBuf};

use super::program::{self, Program};
use super::raw::{self, Change};
use crate::mistake::Mistake;

/// A working tree.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) program: Program,
    /// Its folder, without links.
    pub(super) root: PathBuf,
}

impl Repository {
    /// The working trees that these folders are in, each once.
    ///
    /// Where the environment names a repository, that one is asked, in the working directory: what is said there may be
    /// relative to it.
    pub(super) fn all(folders: &[PathBuf], here: &Path) -> Result<Vec<Self>, Mistake> {
        let mut all: Vec<Self> = Vec::new();
        let is_told = program::is_told();
        for folder in folders {
            let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
            if all.iter().any(|known| known.holds(&real)) {
                continue;
            }
            let asked = if is_told { here } else { &real };
            let found = Self::open(Program { folder: asked.to_owned(), is_elsewhere: false })?;
            if !real.starts_with(&found.root) {
                let message = format!(
                    "\"{}\" is not in the working tree \"{}\"",
                    folder.display(),
                    found.root.display()
                );
                let help =
                    "git, or a hook of it, names the repository by the environment: see `env | grep GIT_`";
                return Err(Mistake::new(message).with_help(Some(help)));
            }
            all.push(found);
        }
        Ok(all)
    }

    fn open(program: Program) -> Result<Self, Mistake> {
        if program.demand(&["rev-parse", "--is-inside-work-tree"])? != b"true\n" {
            let message = format!("\"{}\" is in no working tree of git", program.folder.display());
            let help =
                "in a bare repository, or in a folder \".git\", there are no articles: run it in a worktree";
            return Err(Mistake::new(message).with_help(Some(help)));
        }
        let printed = program.demand(&["rev-parse", "--show-toplevel"])?;
        let root = program::path(printed.strip_suffix(b"\n").unwrap_or(&printed));
        let root = root.canonicalize().unwrap_or(root);
        Ok(Self { program, root })
    }

    /// The working tree of a submodule.
    pub(super) fn submodule(path: &Path) -> Result<Self, Mistake> {
        Self::open(Program { folder: path.to_owned(), is_elsewhere: true })
    }

    /// Whether a folder belongs to it, and to no repository within.
    fn holds(&self, folder: &Path) -> bool {
        folder.starts_with(&self.root)
            && folder
                .ancestors()
                .take_while(|above| *above != self.root)
                .all(|above| !above.join(".git").exists())
    }

    /// The hash of a commit; `None` where this names none.
    pub(super) fn commit(&self, name: &str) -> Result<Option<String>, Mistake> {
        // Git lets no name begin like this, and would take it for an option, or for the contrary of a name.
        if name.is_empty() || name.starts_with(['-', '^']) {
            return Ok(None);
        }
        let output =
            self.program.ask(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let hash = printed.trim();
        let is_hash = hash.len() >= 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok((output.status.success() && is_hash).then(|| hash.to_owned()))
    }

    /// What the working tree is compared with, to see what has changed since `HEAD` and this commit parted: a hash.
    pub(super) fn base(&self, name: &str) -> Result<String, Mistake> {
        let Some(head) = self.commit("HEAD")? else {
            if name == "HEAD" {
                // Before the first commit, all is new.
                return self.empty_tree();
            }
            let message = format!("nothing is committed yet that could be compared with \"{name}\"");
            return Err(Mistake::new(message).with_help(Some("leave out `--since`: then all files are new")));
        };
        if name == "HEAD" {
            return Ok(head);
        }
        let Some(commit) = self.commit(name)? else { return Err(self.unknown(name)?) };
        let output = self.program.ask(&["merge-base", &commit, &head])?;
        let printed = String::from_utf8_lossy(&output.stdout);
        match (output.status.code(), printed.lines().next()) {
            (Some(0), Some(base)) => Ok(base.to_owned()),
            (Some(1), _) => {
                let message = format!("\"{name}\" and \"HEAD\" have no commit in common");
                let other = "name a branch or a commit of the same history with `--since`";
                let help = if self.is_shallow()? { DEEPEN } else { other };
                Err(Mistake::new(message).with_help(Some(help)))
            }
            _ => Err(self.program.refusal(&output.stderr)),
        }
    }

    /// What to say of a name that git does not know.
    fn unknown(&self, name: &str) -> Result<Mistake, Mistake> {
        let mistake = Mistake::new(format!("git knows no commit \"{name}\""));
        let remote = format!("origin/{name}");
        let help = if self.commit(&remote)?.is_some() {
            format!("there is \"{remote}\": `--since {remote}`")
        } else if self.is_shallow()? {
            DEEPEN.to_owned()
        } else {
            "name a branch, a tag or a commit that `git log` shows, or fetch it: `git fetch origin`"
                .to_owned()
        };
        Ok(mistake.with_help(Some(help)))
    }

    /// Whether a submodule has the commit that the repository above names.
    pub(super) fn demand(&self, commit: &str) -> Result<(), Mistake> {
        if self.program.ask(&["cat-file", "-e", commit])?.status.success() {
            return Ok(());
        }
        let message = format!("the submodule \"{}\" does not have the commit {commit}", self.root.display());
        let help = "fetch it: `git submodule update --init --recursive`, and there `git fetch --unshallow`";
        Err(Mistake::new(message).with_help(Some(help)))
    }

    fn is_shallow(&self) -> Result<bool, Mistake> {
        Ok(self.program.ask(&["rev-parse", "--is-shallow-repository"])?.stdout == b"true\n")
    }

    /// The hash of the tree without files, in the algorithm of this repository.
    pub(super) fn empty_tree(&self) -> Result<String, Mistake> {
        let printed = self.program.demand(&["hash-object", "-t", "tree", "--stdin"])?;
        Ok(String::from_utf8_lossy(&printed).trim().to_owned())
    }

    /// How two of these differ: a tree, the index, the working tree, as the options of `git diff` say.
    pub(super) fn difference(&self, what: &[&str]) -> Result<Vec<Change>, Mistake> {
        // The command for people and not `diff-index`: that one takes a file for changed as soon as its times are.
        let mut arguments = vec!["diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-color"];
        arguments.extend(["--no-ext-diff", "--ignore-submodules=none"]);
        arguments.extend(what);
        arguments.push("--");
        let printed = self.program.demand(&arguments)?;
        raw::read(&printed).ok_or_else(|| Mistake::new("what git says of changes cannot be read"))
    }

    /// The files that are neither tracked nor ignored, as paths from the root.
    pub(super) fn untracked(&self) -> Result<Vec<PathBuf>, Mistake> {
        let arguments = ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"];
        let printed = self.program.demand(&arguments)?;
        let paths = printed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(program::path).collect())
    }
}

/// What to do where a clone was made with a part of the history.
const DEEPEN: &str = "this clone has a part of the history only: fetch the rest with `git fetch --unshallow`, or in GitHub \
                      Actions let `actions/checkout` have `fetch-depth: 0`";
