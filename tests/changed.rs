//! `lint --changed` and `lint --staged`, from the outside: in repositories of every shape that people have.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::cli::{Desk, Ended};

/// An article with one finding in each line that says so.
const BAD: &str = "# A\n\n#### Deep\n\nText of it.\n";
const GOOD: &str = "# A\n\nText of it.\n";
/// The finding of `BAD`.
const ONLY: [&str; 2] = ["--only", "heading-increment"];

/// A folder with a repository in it.
struct Clone {
    desk: Desk,
}

impl Clone {
    /// A repository with these files committed, and the branch "topic" checked out behind "main".
    fn new(files: &[(&str, &str)]) -> Self {
        let clone = Self::empty();
        for (path, text) in files {
            clone.desk.write(path, text.as_bytes());
        }
        clone.commit("first");
        clone.git(&["checkout", "-q", "-b", "topic"]);
        clone
    }

    fn empty() -> Self {
        let clone = Self { desk: Desk::new(&[]) };
        clone.git(&["init", "-q", "-b", "main"]);
        clone
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.desk.path(), arguments)
    }

    fn write(&self, path: &str, text: &str) {
        self.desk.write(path, text.as_bytes());
    }

    fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = self.desk.command(&[]);
        command.arg("lint").args(arguments).current_dir(self.desk.path().join(folder));
        alone(&mut command);
        command
    }

    fn lint_in(&self, folder: &str, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(folder, arguments).output().expect("the program starts"))
    }

    fn lint(&self, arguments: &[&str]) -> Ended {
        self.lint_in("", &[&ONLY[..], arguments].concat())
    }
}

/// Takes away what the person, the machine and a hook around the tests may have set for git.
fn alone(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" });
    command.env("GIT_CONFIG_NOSYSTEM", "1");
}

#[track_caller]
pub(super) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = tried(folder, arguments);
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn tried(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    alone(&mut command);
    command.args(["-c", "user.name=A", "-c", "user.email=a@a.test", "-c", "protocol.file.allow=always"]);
    command.args(["-c", "core.hooksPath=.git/hooks"]).args(arguments).current_dir(folder);
    command.output().expect("the tests need git")
}

#[test]
fn only_what_is_not_committed_is_reported() {
    let clone = Clone::new(&[("a.md", BAD), ("b.md", BAD), ("c.md", BAD), ("old.md", BAD)]);
    clone.write("b.md", &format!("{BAD}More.\n"));
    clone.write("c.md", &format!("{BAD}More.\n"));
    clone.git(&["add", "c.md"]);
    clone.write("new.md", BAD);
    fs::remove_file(clone.desk.path().join("old.md")).expect("it is there");
    let ended = clone.lint(&["--changed"]);
    ended.code(1).found(&[
        "b.md:3:1 heading-increment",
        "c.md:3:1 heading-increment",
        "new.md:3:1 heading-increment",
    ]);
    ended.says("skipped 1 file (not changed since HEAD)");
}

#[test]
fn a_branch_is_held_against_where_it_began() {
    let clone = Clone::new(&[("a.md", BAD), ("b.md", BAD), ("c.md", BAD)]);
    clone.write("a.md", &format!("{BAD}More.\n"));
    clone.commit("on the branch");
    clone.git(&["checkout", "-q", "main"]);
    // What others did meanwhile is not ours.
    clone.write("b.md", &format!("{BAD}Theirs.\n"));
    clone.commit("on main");
    clone.git(&["checkout", "-q", "topic"]);
    clone.lint(&["--changed", "--since", "main"]).code(1).found(&["a.md:3:1 heading-increment"]);
    clone.write("c.md", &format!("{BAD}Mine, too.\n"));
    let both = ["a.md:3:1 heading-increment", "c.md:3:1 heading-increment"];
    clone.lint(&["--changed", "--since=main"]).code(1).found(&both);
    clone.lint(&["--changed", "--since", "HEAD~1"]).code(1).found(&both);
    clone.lint(&["--changed"]).code(1).found(&["c.md:3:1 heading-increment"]);
}

#[test]
fn nothing_changed_is_said_and_no_failure() {
    let clone = Clone::new(&[("a.md", BAD)]);
    clone.lint(&["--changed"]).code(0).says("no article has changed since \"HEAD\"\n").found(&[]);
    clone.lint(&["--changed", "--since", "main"]).code(0).says("no article has changed since \"main\"\n");
    clone.lint(&["--staged"]).code(0).says("no article is staged\n");
    let quiet = clone.lint(&["--staged", "-q"]);
    assert_eq!((quiet.code, &*quiet.stdout, &*quiet.stderr), (0, "", ""));
    let json = clone.lint(&["--changed", "--format", "json"]);
    assert_eq!(json.json()["summary"]["skipped"][0]["reason"], "not changed since HEAD");
    let diff = clone.lint(&["--changed", "--diff"]);
    assert_eq!((diff.code, &*diff.stdout), (0, ""));
    diff.complains("no article has changed");
    // Times alone are no change.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    let file = fs::File::options().write(true).open(clone.desk.path().join("a.md")).expect("it is there");
    file.set_modified(later).expect("it is ours");
    clone.lint(&["--changed"]).code(0).says("no article has changed");
}

#[test]
fn paths_narrow_it_and_names_are_as_ever() {
    let clone = Clone::new(&[("posts/a.md", BAD), ("notes/b.md", BAD)]);
    clone.write("posts/a.md", &format!("{BAD}More.\n"));
    clone.write("notes/b.md", &format!("{BAD}More.\n"));
    clone.lint(&["posts", "--changed"]).code(1).found(&["posts/a.md:3:1 heading-increment"]);
    clone.lint(&["--changed", "notes/*.md"]).code(1).found(&["notes/b.md:3:1 heading-increment"]);
    let within = [&ONLY[..], &["--changed"]].concat();
    clone.lint_in("posts", &within).code(1).found(&["a.md:3:1 heading-increment"]);
    let beside = [&ONLY[..], &["../notes", "--changed"]].concat();
    clone.lint_in("posts", &beside).code(1).found(&["../notes/b.md:3:1 heading-increment"]);
}

#[test]
fn the_others_are_known_with_a_config_and_without() {
    let article = |slug: &str| format!("---\ntitle: A\nslug: {slug}\n---\n# A\n\nText.\n");
    for config in [None, Some("collections: []\n")] {
        let clone = Clone::new(&[("a.md", &article("one")), ("b.md", &article("two"))]);
        if let Some(config) = config {
            clone.write("copydesk.yaml", config);
            clone.commit("config");
        }
        clone.write("b.md", &article("one"));
        let only = ["--only", "duplicate-slug"];
        let ended = clone.lint_in("", &[&only[..], &["--changed", "--format", "pretty"]].concat());
        ended.code(1).says("b.md:3").says("a.md:3");
        assert!(ended.stdout.contains("no article") || !ended.stdout.contains("2 errors"), "{ended:?}");
        clone.lint_in("", &[&only[..], &["--changed"]].concat()).found(&["b.md:3:7 duplicate-slug"]);
        clone.lint_in("", &[&only[..], &["--changed", "--alone"]].concat()).code(0).found(&[]);
    }
}

#[test]
fn a_config_that_changed_is_mentioned() {
    let clone = Clone::new(&[("a.md", GOOD), ("b.md", GOOD), ("copydesk.yaml", "rules: {}\n")]);
    clone.write("copydesk.yaml", "rules: {image-alt: off}\n");
    clone.lint(&["--changed"]).code(0).complains("\"copydesk.yaml\" has changed, too");
    clone.commit("all");
    let ended = clone.lint(&["--changed"]);
    assert_eq!(ended.stderr, "");
}

#[test]
fn before_the_first_commit_all_is_new() {
    let clone = Clone::empty();
    clone.write("a.md", BAD);
    clone.write("b.md", BAD);
    clone.git(&["add", "b.md"]);
    let all = ["a.md:3:1 heading-increment", "b.md:3:1 heading-increment"];
    clone.lint(&["--changed"]).code(1).found(&all);
    clone.lint(&["--staged"]).code(1).found(&all[1..]);
    let since = clone.lint(&["--changed", "--since", "main"]);
    since.code(2).complains("nothing is committed yet");
}

#[test]
fn renamed_files_are_changed_files() {
    let clone = Clone::new(&[("a.md", BAD), ("b.md", BAD)]);
    clone.git(&["mv", "a.md", "z.md"]);
    clone.lint(&["--changed"]).code(1).found(&["z.md:3:1 heading-increment"]);
    clone.lint(&["--staged"]).code(1).found(&["z.md:3:1 heading-increment"]);
}

#[cfg(unix)]
#[test]
fn names_of_any_kind_are_found() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let clone = Clone::new(&[("a.md", BAD)]);
    let names: [&[u8]; 6] = [
        b"with space.md",
        b"quote\"'s.md",
        b"new\nline.md",
        b"\xFF\xFEbytes.md",
        b"-dash.md",
        "ü:é.md".as_bytes(),
    ];
    for name in names {
        let path = clone.desk.path().join(OsStr::from_bytes(name));
        fs::write(path, BAD).expect("the system has such names");
    }
    for arguments in [["--changed"], ["--staged"]] {
        let ended = clone.lint(&arguments);
        assert_eq!(ended.stdout.matches(": error heading-increment").count(), 6, "{ended:?}");
        clone.git(&["add", "-A"]);
    }
}

#[test]
fn what_makes_no_sense_is_an_error_with_a_way_out() {
    let clone = Clone::new(&[("a.md", BAD)]);
    clone.lint(&["--changed", "--since", "mian"]).code(2).complains("git knows no commit \"mian\"");
    for name in ["--output=x", "-h", "^main", "", "main..topic", "HEAD:a.md"] {
        let ended = clone.lint(&["--changed", &format!("--since={name}")]);
        ended.code(2).complains(&format!("git knows no commit \"{name}\""));
    }
    assert!(!clone.desk.path().join("x").exists());
    clone.lint(&["--since", "main"]).code(2).complains("--changed");
    clone.lint(&["--changed", "--staged"]).code(2).complains("cannot be used with");
    clone.lint(&["--changed", "--stdin-file-path", "a.md"]).code(2).complains("cannot be used with");
    clone.git(&["update-ref", "refs/remotes/origin/trunk", "main"]);
    clone.lint(&["--changed", "--since", "trunk"]).code(2).complains("`--since origin/trunk`");
    clone.git(&["checkout", "-q", "--orphan", "other"]);
    clone.commit("unrelated");
    let ended = clone.lint(&["--changed", "--since", "main"]);
    ended.code(2).complains("\"main\" and \"HEAD\" have no commit in common");
}

#[test]
fn outside_of_a_repository_and_without_git_it_says_so() {
    let desk = Desk::new(&[("a.md", BAD)]);
    let mut command = desk.command(&["lint", "--changed"]);
    alone(&mut command);
    // Were the folder for temporary files in a repository, it would be asked.
    command.env("GIT_CEILING_DIRECTORIES", desk.path().parent().expect("it is in one"));
    let ended = Ended::of(&command.output().expect("the program starts"));
    ended.code(2).complains("is in no git repository");
    let ended = Ended::of(&command.env("PATH", desk.path()).output().expect("the program starts"));
    ended.code(2).complains("the program `git` is not found");
}

#[test]
fn a_bare_repository_has_no_articles() {
    let desk = Desk::new(&[("x/a.md", BAD)]);
    git(desk.path(), &["init", "-q", "--bare", "bare"]);
    fs::copy(desk.path().join("x/a.md"), desk.path().join("bare/a.md")).expect("it can be copied");
    for arguments in ["--changed", "--staged"] {
        let mut command = desk.command(&["lint", arguments]);
        alone(&mut command);
        command.current_dir(desk.path().join("bare"));
        let ended = Ended::of(&command.output().expect("the program starts"));
        ended.code(2).complains("is in no working tree of git");
    }
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let clone = Clone::new(&[("a.md", BAD)]);
    clone.write("b.md", BAD);
    clone.commit("second");
    let from = format!("file://{}", clone.desk.path().display());
    clone.git(&["clone", "-q", "--depth", "1", &from, "shallow"]);
    let lint = |arguments: &[&str]| clone.lint_in("shallow", &[&ONLY[..], arguments].concat());
    lint(&["--changed", "--since", "HEAD~1"]).code(2).complains("fetch-depth: 0");
    lint(&["--changed", "--since", "main"]).code(2).complains("git knows no commit \"main\"");
    git(&clone.desk.path().join("shallow"), &["fetch", "-q", "--depth", "1", "origin", "main:main"]);
    let ended = lint(&["--changed", "--since", "main"]);
    ended.code(2).complains("have no commit in common").complains("fetch-depth: 0");
}

#[test]
fn worktrees_have_their_own_changes() {
    let clone = Clone::new(&[("a.md", BAD), ("b.md", BAD)]);
    clone.git(&["worktree", "add", "-q", "tree", "-b", "side"]);
    clone.write("tree/a.md", &format!("{BAD}More.\n"));
    let arguments = [&ONLY[..], &["--changed"]].concat();
    clone.lint_in("tree", &arguments).code(1).found(&["a.md:3:1 heading-increment"]);
    // From outside it is a repository of its own, with all that it has.
    let named = [&ONLY[..], &["--changed", "--since", "main", "tree", "a.md"]].concat();
    clone.lint_in("", &named).code(1).found(&["tree/a.md:3:1 heading-increment"]);
}

#[test]
fn submodules_are_looked_into() {
    let library = Clone::new(&[("a.md", BAD), ("b.md", BAD), ("c.md", BAD)]);
    let clone = Clone::new(&[("own.md", BAD)]);
    let from = library.desk.path().display().to_string();
    clone.git(&["submodule", "add", "-q", &from, "sub"]);
    clone.lint(&["--changed"]).code(1).found(&[
        "sub/a.md:3:1 heading-increment",
        "sub/b.md:3:1 heading-increment",
        "sub/c.md:3:1 heading-increment",
    ]);
    clone.commit("with a submodule");
    clone.lint(&["--changed"]).code(0);
    clone.write("sub/a.md", &format!("{BAD}More.\n"));
    git(&clone.desk.path().join("sub"), &["commit", "-q", "-a", "-m", "in the submodule"]);
    clone.write("sub/b.md", &format!("{BAD}More.\n"));
    let both = ["sub/a.md:3:1 heading-increment", "sub/b.md:3:1 heading-increment"];
    clone.lint(&["--changed"]).code(1).found(&both);
    // As in a hook of the repository above.
    let mut command = clone.command("", &[&ONLY[..], &["--changed"]].concat());
    command.env("GIT_DIR", clone.desk.path().join(".git")).env("GIT_INDEX_FILE", ".git/index");
    Ended::of(&command.output().expect("the program starts")).code(1).found(&both);
    clone.git(&["add", "-A"]);
    clone.lint(&["--staged"]).code(0).says("no article is staged");
}

#[cfg(unix)]
#[test]
fn a_link_changes_with_what_it_leads_to() {
    use std::os::unix::fs::symlink;
    let clone = Clone::new(&[("posts/a.md", BAD), ("real/b.md", BAD), ("real/c.md", BAD)]);
    symlink("../real/b.md", clone.desk.path().join("posts/l.md")).expect("links can be made");
    clone.commit("a link");
    clone.write("real/b.md", &format!("{BAD}More.\n"));
    clone.lint(&["posts", "--changed"]).code(1).found(&["posts/l.md:3:1 heading-increment"]);
    symlink("real", clone.desk.path().join("way")).expect("links can be made");
    clone.lint(&["way", "--changed"]).code(1).found(&["way/b.md:3:1 heading-increment"]);
}

#[test]
fn what_is_staged_is_checked_as_it_is_staged() {
    let clone = Clone::new(&[("a.md", GOOD), ("b.md", GOOD), ("c.md", BAD), ("gone.md", GOOD)]);
    // Bad in the index and mended since; the other way round; and gone from the working tree.
    clone.write("a.md", BAD);
    clone.write("b.md", &format!("{GOOD}More.\n"));
    clone.write("gone.md", BAD);
    clone.git(&["add", "-A"]);
    clone.write("a.md", GOOD);
    clone.write("b.md", BAD);
    clone.write("c.md", &format!("{BAD}Not staged.\n"));
    fs::remove_file(clone.desk.path().join("gone.md")).expect("it is there");
    let expected = ["a.md:3:1 heading-increment", "gone.md:3:1 heading-increment"];
    clone.lint(&["--staged"]).code(1).found(&expected).says("skipped 1 file (not staged)");
    clone.lint(&["--staged", "--format", "pretty"]).says("#### Deep");
    clone.lint(&["--staged", "b.md"]).code(0);
}

#[test]
fn a_commit_is_held_against_what_will_be_committed() {
    let article = |slug: &str| format!("---\ntitle: A\nslug: {slug}\n---\n# A\n\nText.\n");
    let only = ["--only", "duplicate-slug", "--staged"];
    for config in ["", "copydesk.yaml"] {
        let clone = Clone::new(&[("a.md", &article("one")), ("b.md", &article("two"))]);
        if !config.is_empty() {
            clone.write(config, "rules: {}\n");
            clone.commit("a config");
        }
        clone.write("c.md", &article("three"));
        clone.git(&["add", "c.md"]);
        // Neither a draft nor an edit that is not staged is in the commit.
        clone.write("draft.md", &article("three"));
        clone.write("b.md", &article("three"));
        clone.lint_in("", &only).code(0).found(&[]);
        clone.git(&["add", "b.md"]);
        clone.write("b.md", &article("two"));
        clone.lint_in("", &only).code(1).found(&["b.md:3:7 duplicate-slug", "c.md:3:7 duplicate-slug"]);
        clone.git(&["commit", "-q", "-m", "both"]);
        fs::remove_file(clone.desk.path().join("b.md")).expect("it is there");
        clone.write("c.md", &format!("{}More.\n", article("three")));
        clone.git(&["add", "c.md"]);
        clone.lint_in("", &only).code(1).found(&["c.md:3:7 duplicate-slug"]);
    }
}

#[test]
fn fixes_leave_alone_what_is_staged_in_part() {
    let staged = "# A\n\n## Inside.\n\nText.\n";
    let clone = Clone::new(&[("a.md", GOOD), ("b.md", GOOD)]);
    clone.write("a.md", staged);
    clone.write("b.md", staged);
    clone.git(&["add", "-A"]);
    let edited = "# A\n\n## Inside.\n\nText, and more that is not done yet.\n";
    clone.write("a.md", edited);
    let only = ["--only", "heading-punctuation", "--staged"];
    for how in ["--fix", "--diff", "--fix-dry-run"] {
        let ended = clone.lint_in("", &[&only[..], &[how]].concat());
        ended.complains("\"a.md\" is not fixed: what is staged of it is not what the file has");
        assert!(!ended.stdout.contains("a/a.md"), "{ended:?}");
    }
    assert_eq!(clone.desk.bytes("a.md"), edited.as_bytes());
    assert_eq!(clone.git(&["show", ":a.md"]), staged.trim());
    assert_eq!(clone.desk.bytes("b.md"), staged.replace("Inside.", "Inside").as_bytes());
    assert_eq!(clone.git(&["show", ":b.md"]), staged.trim());
}

#[test]
fn many_staged_texts_come_from_one_process() {
    let clone = Clone::new(&[("a.md", GOOD)]);
    // More than pipes hold, both ways.
    let text = format!("{BAD}{}", "Words and words.\n".repeat(300));
    for number in 0..2000 {
        clone.write(&format!("{number}.md"), &format!("{text}{number}\n"));
    }
    clone.git(&["add", "-A"]);
    for number in 0..2000 {
        clone.write(&format!("{number}.md"), GOOD);
    }
    let ended = clone.lint(&["--staged", "-q"]);
    assert_eq!(ended.code(1).stdout.lines().count(), 2000);
}

/// The script that the manuals give.
#[cfg(unix)]
#[test]
fn the_hook_of_the_manual_fixes_and_stops_and_then_lets_pass() {
    use std::os::unix::fs::PermissionsExt as _;
    let script = |manual: &str| {
        let text = fs::read_to_string(super::root().join(manual)).expect("a manual");
        let block = text.split_once("<!-- hook -->\n```sh\n").expect("it shows a hook").1;
        block.split_once("```").expect("it ends").0.to_owned()
    };
    assert_eq!(script("README.md"), script("docs/changed.md"));
    assert_eq!(script("README.md"), script("docs/pre-commit.md"));
    let program = Path::new(env!("CARGO_BIN_EXE_copydesk")).parent().expect("it is in a folder");
    let clone = Clone::new(&[
        ("a.md", GOOD),
        ("copydesk.yaml", "extends: none\nrules: {heading-punctuation: error}\n"),
    ]);
    let hook = script("README.md").replacen("exec ", &format!("PATH='{}':$PATH exec ", program.display()), 1);
    clone.write(".git/hooks/pre-commit", &hook);
    let path = clone.desk.path().join(".git/hooks/pre-commit");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    clone.write("a.md", "# Ends.\n");
    clone.git(&["add", "a.md"]);
    let commit = || tried(clone.desk.path(), &["commit", "-q", "-m", "x"]);
    let output = commit();
    assert!(!output.status.success(), "{output:?}");
    assert_eq!(clone.desk.bytes("a.md"), b"# Ends\n");
    clone.git(&["add", "a.md"]);
    assert!(commit().status.success());
    // What has no articles is no business of ours.
    clone.write("notes.txt", "x");
    clone.git(&["add", "notes.txt"]);
    assert!(commit().status.success());
}

/// What git sets for a hook.
#[cfg(unix)]
#[test]
fn a_hook_stops_a_commit_and_sees_the_index_that_git_hands_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let clone = Clone::new(&[("posts/a.md", GOOD), ("posts/b.md", GOOD)]);
    let program = env!("CARGO_BIN_EXE_copydesk");
    let hook = format!("#!/bin/sh\n'{program}' lint --staged --only heading-increment posts\n");
    clone.write(".git/hooks/pre-commit", &hook);
    let path = clone.desk.path().join(".git/hooks/pre-commit");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    clone.write("posts/a.md", BAD);
    // In each of these git works with another index, which it names by the environment.
    for arguments in [&["commit", "-q", "-a", "-m", "x"][..], &["commit", "-q", "-m", "x", "posts/a.md"]] {
        for folder in ["", "posts"] {
            let arguments = match (folder, arguments.last()) {
                ("posts", Some(&"posts/a.md")) => ["commit", "-q", "-m", "x", "a.md"].to_vec(),
                _ => arguments.to_vec(),
            };
            let output = tried(&clone.desk.path().join(folder), &arguments);
            let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
            assert!(!output.status.success(), "{arguments:?}: {said}");
            assert!(said.contains("posts/a.md:3:1: error heading-increment"), "{arguments:?}: {said}");
        }
    }
    clone.write("posts/b.md", &format!("{GOOD}More.\n"));
    clone.git(&["commit", "-q", "-m", "only b", "posts/b.md"]);
    clone.git(&["worktree", "add", "-q", "tree", "-b", "side"]);
    clone.write("tree/posts/a.md", BAD);
    // In a worktree of its own the hooks are those of the repository, and git names its folder.
    let hooks = format!("core.hooksPath={}", clone.desk.path().join(".git/hooks").display());
    let output = tried(&clone.desk.path().join("tree"), &["-c", &hooks, "commit", "-q", "-a", "-m", "x"]);
    assert!(!output.status.success());
    clone.write("tree/posts/a.md", &format!("{GOOD}More.\n"));
    git(&clone.desk.path().join("tree"), &["-c", &hooks, "commit", "-q", "-a", "-m", "x"]);
}
