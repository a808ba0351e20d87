//! The hooks for pre-commit: `.pre-commit-hooks.yaml` and its manual, held against the command line. The real pre-commit runs
//! them in `tests/outside/pre-commit`.

use std::process::Command;

use copydesk::discover::EXTENSIONS;
use serde::Deserialize;
use serde_json::Value as Json;

use super::cli::{Desk, Ended};
use super::pages::{Block, blocks};

const BAD: &str = "Words.\n\n![](/a.png)\n";
const GOOD: &str = "Words.\n";
const MENDABLE: &str = "# End.\n\nMore.\n";

/// What `.pre-commit-hooks.yaml` says of a hook; other keys are a mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hook {
    id: String,
    name: String,
    description: String,
    entry: String,
    language: String,
    args: Vec<String>,
    types_or: Vec<String>,
    require_serial: bool,
    stages: Vec<String>,
    minimum_pre_commit_version: String,
}

impl Hook {
    /// Runs it on files as pre-commit does, with these arguments in the place of its own.
    fn run(&self, desk: &Desk, args: &[String], files: &[&str]) -> Ended {
        let words = self.entry.split(' ').chain(args.iter().map(String::as_str)).chain(files.iter().copied());
        let words: Vec<&str> = words.collect();
        assert_eq!(words[0], "copydesk");
        desk.run(&words[1..])
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(super::root().join(path)).expect("a file of ours")
}

fn hooks() -> Vec<Hook> {
    serde_yaml::from_str(&read(".pre-commit-hooks.yaml")).expect("a list of hooks")
}

fn manual() -> Vec<Block> {
    blocks(&read("docs/pre-commit.md"))
}

#[test]
fn there_are_three_hooks_and_the_manual_names_what_they_are() {
    let hooks = hooks();
    let ids: Vec<&str> = hooks.iter().map(|hook| hook.id.as_str()).collect();
    assert_eq!(ids, ["copydesk", "copydesk-fix", "copydesk-online"]);
    let manual = read("docs/pre-commit.md");
    for hook in &hooks {
        let stages: Vec<String> = hook.stages.iter().map(|stage| format!("`{stage}`")).collect();
        let row = manual.lines().find(|line| line.starts_with(&format!("| `{}` |", hook.id)));
        let row = row.unwrap_or_else(|| panic!("docs/pre-commit.md has no row of \"{}\"", hook.id));
        assert!(row.ends_with(&format!("| {} |", stages.join(", "))), "the stages of {}: {row}", hook.id);
        assert!(hook.name.starts_with("copydesk") && !hook.description.is_empty(), "{hook:?}");
        assert!(hook.require_serial && hook.language == "rust", "{hook:?}");
        // The tags of the program `identify` for the endings that we read: .md and .markdown have one.
        assert_eq!(hook.types_or, ["markdown", "mdx"]);
        // The first that knows the stages by these names.
        assert_eq!(hook.minimum_pre_commit_version, "3.2.0");
        assert!(hook.entry.contains(" --force-exclude"), "{hook:?}");
    }
    assert_eq!(EXTENSIONS, ["md", "mdx", "markdown"]);
    assert!(read("README.md").contains("(docs/pre-commit.md)"));
}

#[test]
fn each_hook_fails_on_a_bad_article_and_passes_on_a_good_one() {
    for hook in hooks() {
        let desk = Desk::new(&[("a.md", GOOD), ("b.md", BAD), ("-dash.md", BAD), ("with space.mdx", BAD)]);
        hook.run(&desk, &hook.args, &["a.md"]).code(0).found(&[]);
        hook.run(&desk, &hook.args, &["-dash.md", "a.md", "b.md", "with space.mdx"]).code(1).found(&[
            "-dash.md:3:1 image-alt",
            "b.md:3:1 image-alt",
            "with space.mdx:3:1 image-alt",
        ]);
    }
}

#[test]
fn only_the_fixing_hook_writes_and_it_fails_once() {
    for hook in hooks() {
        let desk = Desk::new(&[("a.md", MENDABLE)]);
        let fixes = hook.id == "copydesk-fix";
        hook.run(&desk, &hook.args, &["a.md"]).code(i32::from(fixes));
        assert_eq!(desk.bytes("a.md") != MENDABLE.as_bytes(), fixes, "{}", hook.id);
        hook.run(&desk, &hook.args, &["a.md"]).code(0);
    }
}

#[test]
fn what_a_full_run_leaves_out_the_hooks_leave_out_though_it_is_named() {
    for hook in hooks() {
        let desk = Desk::new(&[
            ("copydesk.yaml", "exclude: [old/**]\n"),
            (".ignore", "kept/\n"),
            ("old/a.md", BAD),
            ("kept/a.md", BAD),
            (".github/a.md", BAD),
        ]);
        hook.run(&desk, &hook.args, &["old/a.md"]).code(0).found(&[]);
        let all = hook.run(&desk, &hook.args, &[".github/a.md", "kept/a.md", "old/a.md"]);
        all.code(0)
            .found(&[])
            .says("no article checked")
            .says("excluded by the config")
            .says("hidden, or listed");
    }
}

/// A hook knows the others of the site, though only one is named: with a config.
#[test]
fn a_slug_that_is_taken_is_found_where_there_is_a_config() {
    let article = |title: &str| format!("---\ntitle: {title}\nslug: oak\n---\n\nText.\n");
    let desk = Desk::new(&[("oak.md", &article("Oak")), ("new.md", &article("New"))]);
    for hook in hooks() {
        let args: Vec<String> = ["--only", "duplicate-slug", "--offline", "--"].map(str::to_owned).to_vec();
        let args = if hook.entry.contains("--online") { [&args[..2], &args[3..]].concat() } else { args };
        let _ = std::fs::remove_file(desk.path().join("copydesk.yaml"));
        hook.run(&desk, &args, &["new.md"]).code(0).found(&[]);
        desk.write("copydesk.yaml", b"collections: []\n");
        hook.run(&desk, &args, &["new.md"]).code(1).found(&["new.md:3:7 duplicate-slug"]);
    }
}

#[test]
fn the_configs_of_the_manual_run() {
    let manual = manual();
    let ours = hooks();
    let desk = Desk::new(&[("content/a.md", BAD)]);
    let strings = |value: &Json| -> Vec<String> {
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let mut own = 0;
    for block in manual.iter().filter(|block| block.is("pre-commit")) {
        let config: Json = serde_yaml::from_str(&block.text).expect("it is YAML");
        for repository in config["repos"].as_array().expect("repositories") {
            let is_local = repository["repo"] == "local";
            if !is_local {
                assert_eq!(repository["repo"], env!("CARGO_PKG_REPOSITORY"));
                assert_eq!(repository["rev"], concat!("v", env!("CARGO_PKG_VERSION")));
            }
            for said in repository["hooks"].as_array().expect("hooks") {
                let hook = ours.iter().find(|hook| said["id"] == *hook.id).expect("a hook of ours");
                if is_local {
                    own += 1;
                    assert_eq!(
                        (&said["entry"], &said["language"]),
                        (&hook.entry.clone().into(), &"system".into())
                    );
                    assert_eq!(strings(&said["types_or"]), hook.types_or);
                    assert_eq!(said["require_serial"], hook.require_serial);
                    assert_eq!(strings(&said["args"]), hook.args);
                }
                let args = said.get("args").map_or_else(|| hook.args.clone(), strings);
                assert_eq!(args.last().map(String::as_str), Some("--"), "{said}");
                let ended = hook.run(&desk, &args, &["content/a.md"]);
                assert!(ended.code < 2, "{said}: {ended:?}");
                assert!(strings(&said["stages"]).iter().all(|stage| hook.stages.contains(stage)), "{said}");
            }
        }
    }
    assert_eq!(own, 1, "the manual shows a hook without a build");
}

#[test]
fn the_other_commands_of_the_manual_run() {
    let manual = manual();
    let block = |word: &str| &manual.iter().find(|block| block.is(word)).expect("the manual shows it").text;
    let lefthook: Json = serde_yaml::from_str(block("lefthook")).expect("it is YAML");
    let lefthook = lefthook["pre-commit"]["commands"]["copydesk"]["run"].as_str().expect("a command");
    let desk = Desk::new(&[("a.md", BAD)]);
    let git = Command::new("git").args(["init", "-q"]).current_dir(desk.path()).status();
    assert!(git.expect("the tests need git").success());
    for command in [lefthook, block("husky").trim()] {
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(words[0], "copydesk");
        desk.run(&words[1..]).code(0).says("no article is staged");
    }
}
