//! The Action of GitHub: its steps are run as GitHub runs them, on checkouts as GitHub makes them.

mod expression;
mod forge;
mod manual;
mod runner;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use super::changed::git;
use super::root;
use forge::{Forge, commands, write};
use manual::page;
use runner::{Job, Run};

/// One finding, in line 3.
const BAD: &str = "# A\n\n#### Deep\n\nText of it.\n";
const GOOD: &str = "# A\n\nText of it.\n";
/// What an Action leaves behind that read an input as more than a text.
const SPELL: &str = "$(touch pwned) `touch pwned` ; touch pwned";

#[test]
fn a_bad_article_fails_a_pull_request_with_its_annotation() {
    let mut forge = Forge::new(&[("posts/old.md", GOOD)]);
    forge.pull(&[("posts/bad.md", BAD)], GOOD);
    forge.checkout("refs/pull/7/merge", 1);
    let run = forge.run(&[]);
    run.code(1).annotates(&["posts/bad.md"]).says("line=3");
    run.outputs(&[("errors", "1"), ("warnings", "0"), ("infos", "0"), ("findings", "1"), ("checked", "3")]);
    run.outputs(&[("exit-code", "1"), ("sarif-file", "")]);
    assert!(run.summary.contains("heading-increment"), "{run:#?}");
    let report = fs::read_to_string(&run.outputs["json-file"]).expect("the report");
    assert!(report.contains("\"posts/bad.md\""), "{report}");
    assert_eq!(run.steps, ["Read the inputs", "Check the articles"]);
    assert!(run.uses.is_empty());
}

#[test]
fn good_articles_pass() {
    let forge = Forge::new(&[("posts/a.md", GOOD)]);
    forge.checkout("main", 1);
    let run = forge.run(&[]);
    run.code(0).annotates(&[]).outputs(&[("findings", "0"), ("checked", "1"), ("exit-code", "0")]);
    assert!(!run.summary.is_empty());
}

#[test]
fn the_level_says_what_fails() {
    let forge = Forge::new(&[("a.md", "# A\n\nSee https://doors.test/ for more.\n"), ("b.md", BAD)]);
    forge.checkout("main", 1);
    forge.run(&[("fail-on", "never")]).code(0).outputs(&[
        ("errors", "1"),
        ("warnings", "1"),
        ("findings", "2"),
    ]);
    forge.run(&[("paths", "a.md")]).code(0).outputs(&[("warnings", "1"), ("checked", "1")]);
    forge.run(&[("paths", "a.md"), ("fail-on", "warning")]).code(1);
    let wrong = forge.run(&[("fail-on", "none")]);
    wrong
        .code(2)
        .says("::error title=copydesk::\"fail-on\" is \"none\", and should be one of: error warning");
    assert_eq!(wrong.steps, ["Read the inputs"]);
}

#[test]
fn a_wrong_set_up_fails_whatever_is_said_of_findings() {
    let forge = Forge::new(&[("a.md", GOOD), ("wrong.yaml", "rules: {no-such-rule: error}\n")]);
    forge.checkout("main", 1);
    let run = forge.run(&[("config", "wrong.yaml"), ("fail-on", "never"), ("sarif-file", "out.sarif")]);
    run.code(2).says("no-such-rule").outputs(&[("exit-code", "2"), ("findings", ""), ("sarif-file", "")]);
    // A report that cannot be written, after others were.
    let unwritten = format!("--format=jsonl={}", "x".repeat(300));
    let run = forge.run(&[("sarif-file", "out.sarif"), ("args", &unwritten)]);
    run.code(2).outputs(&[("exit-code", "2"), ("findings", "0"), ("sarif-file", "")]);
    forge.run(&[("working-directory", "nowhere")]).code(2).says("\"nowhere\" is not there");
    forge.run(&[("working-directory", "")]).code(2).says("\"\" is not there");
    forge.run(&[("paths", "posts")]).code(2).says("posts");
    forge.run(&[("format", "json=a.json")]).code(2).says("it names no file");
    forge.run(&[("version", "latest")]).code(2).says("\"version\" is \"latest\"");
    forge.run(&[("config", "a\r\nb")]).code(2).says("\"config\" has a line break");
    forge.run(&[("working-directory", "a\nb")]).code(2).says("\"working-directory\" has a line break");
}

#[test]
fn annotations_name_files_from_the_root_of_the_repository() {
    let forge = Forge::new(&[("docs/posts/bad.md", BAD), ("outside.md", BAD)]);
    forge.checkout("main", 1);
    let run = forge.run(&[("working-directory", "docs"), ("sarif-file", "found.sarif")]);
    run.code(1).annotates(&["docs/posts/bad.md"]).outputs(&[("checked", "1")]);
    assert_eq!(Path::new(&run.outputs["sarif-file"]), forge.at("workspace/docs/found.sarif"));
    assert!(Path::new(&run.outputs["sarif-file"]).is_file());
}

#[test]
fn only_what_a_pull_request_changes_is_reported() {
    // With the least of the history, with two commits of it, and with all.
    for depth in [1, 2, 100] {
        let mut forge = Forge::new(&[("posts/old.md", BAD)]);
        forge.pull(&[("posts/bad.md", BAD), ("posts/good.md", GOOD)], BAD);
        forge.checkout("refs/pull/7/merge", depth);
        if depth > 1 {
            // All is there: nothing has to be fetched.
            fs::remove_dir_all(forge.at("author")).expect("it is ours");
        }
        let run = forge.run(&[("changed-only", "true")]);
        run.code(1).annotates(&["posts/bad.md"]).outputs(&[("checked", "2")]);
        let is_shallow = git(&forge.at("workspace"), &["rev-parse", "--is-shallow-repository"]);
        assert_eq!(
            is_shallow,
            if depth == 100 { "false" } else { "true" },
            "no more is fetched than it takes"
        );
        forge.run(&[]).annotates(&["posts/bad.md", "posts/old.md", "posts/theirs.md"]);
    }
}

#[test]
fn the_branch_of_a_pull_request_is_held_against_where_it_began() {
    for depth in [1, 100] {
        let mut forge = Forge::new(&[("posts/old.md", BAD)]);
        forge.pull(&[("posts/bad.md", BAD)], BAD);
        // As with `ref: ${{ github.event.pull_request.head.sha }}`.
        forge.checkout("topic", depth);
        forge.run(&[("changed-only", "true")]).code(1).annotates(&["posts/bad.md"]);
    }
}

#[test]
fn a_group_of_the_merge_queue_is_held_against_its_base() {
    let mut forge = Forge::new(&[("posts/old.md", BAD)]);
    let base = forge.author(&["rev-parse", "HEAD"]);
    forge.commit(&[("posts/one.md", BAD)]);
    forge.commit(&[("posts/two.md", BAD)]);
    forge.trigger("merge_group", &forge.author(&["rev-parse", "HEAD"]));
    forge.event.insert("merge_group.base_sha".to_owned(), base);
    forge.checkout("main", 1);
    forge.run(&[("changed-only", "true")]).annotates(&["posts/one.md", "posts/two.md"]);
}

#[test]
fn a_pull_request_without_changed_articles_passes() {
    let mut forge = Forge::new(&[("posts/old.md", BAD)]);
    forge.pull(&[("notes.txt", "a note")], BAD);
    forge.checkout("refs/pull/7/merge", 1);
    let run = forge.run(&[("changed-only", "true")]);
    run.code(0).outputs(&[("checked", "0"), ("findings", "0"), ("exit-code", "0")]);
}

#[test]
fn without_a_pull_request_all_is_checked() {
    let mut forge = Forge::new(&[("posts/old.md", BAD)]);
    forge.trigger("push", &forge.author(&["rev-parse", "HEAD"]));
    forge.checkout("main", 1);
    let run = forge.run(&[("changed-only", "true")]);
    run.code(1).annotates(&["posts/old.md"]).says("::notice title=copydesk::there is no pull request");
}

#[test]
fn a_history_that_cannot_be_fetched_is_told_with_the_way_out() {
    let mut forge = Forge::new(&[("posts/old.md", BAD)]);
    forge.pull(&[("posts/bad.md", BAD)], BAD);
    forge.checkout("refs/pull/7/merge", 1);
    fs::remove_dir_all(forge.at("author")).expect("it is ours");
    let run = forge.run(&[("changed-only", "true")]);
    run.code(2).says("give actions/checkout fetch-depth: 0").annotates(&[]);
    assert_eq!(run.steps.last().expect("a step"), "Find what the changes are held against");
}

#[test]
fn names_of_any_kind_are_only_names() {
    let name = format!("posts/a {SPELL} \"quoted\" 'too' %0A.md");
    let forge = Forge::new(&[(&name, BAD), ("--fix.md", BAD), ("posts/unnamed.md", BAD)]);
    forge.checkout("main", 1);
    let run = forge.run(&[("paths", &format!("\n  {name}  \r\n\n--fix.md\n"))]);
    run.code(1).outputs(&[("checked", "2"), ("errors", "2")]);
    assert!(!forge.is_harmed());
    assert_eq!(git(&forge.at("workspace"), &["status", "--porcelain", "--", "*.md"]), "", "nothing is fixed");
    forge.run(&[("paths", "--fix\n--version\n-h")]).code(2).says("--fix");
}

#[test]
fn no_input_becomes_a_command() {
    let forge = Forge::new(&[("posts/a.md", BAD), ("::warning::pwned.md", BAD)]);
    forge.checkout("main", 1);
    let ours = [
        "::error title=copydesk::",
        "::error file=posts/a.md,",
        "::error file=%3A%3Awarning%3A%3Apwned.md,",
        "::group::",
        "::endgroup::",
    ];
    let is_harmless = |run: &Run| {
        let strange: Vec<&str> =
            commands(&run.log).filter(|command| !ours.iter().any(|ours| command.starts_with(ours))).collect();
        assert!(strange.is_empty(), "{strange:?}: {run:#?}");
        assert!(!run.outputs.keys().any(|name| name.contains("pwned")), "{run:#?}");
        assert!(!forge.is_harmed(), "{run:#?}");
    };
    let page = page();
    let long = "word ".repeat(40);
    for name in page["inputs"].as_mapping().expect("inputs").keys() {
        let name = name.as_str().expect("a name");
        for text in [
            format!("x\n::warning::pwned {SPELL}\npwned=1"),
            format!("{long}::warning::pwned ##[warning]x ' {SPELL} \" $((1/0)) ${{HOME}}"),
        ] {
            let run = forge.run(&[(name, &text)]);
            is_harmless(&run);
            // It only names a report that is not uploaded.
            assert!(run.code != 0 || name == "sarif-category", "{name}: {run:#?}");
        }
    }
    for format in ["github", "concise", "pretty"] {
        let run = forge.run(&[("format", format)]);
        run.code(1).outputs(&[("errors", "2")]);
        is_harmless(&run);
    }
}

#[test]
fn what_a_baseline_knows_does_not_count() {
    let forge = Forge::new(&[("docs/a.md", BAD)]);
    forge.checkout("main", 1);
    let docs = ("working-directory", "docs");
    forge.run(&[docs, ("args", "--write-baseline=known.jsonl")]).outputs(&[("exit-code", "0")]);
    forge.run(&[docs]).code(1);
    forge.run(&[docs, ("baseline", "known.jsonl")]).code(0).annotates(&[]).outputs(&[("findings", "0")]);
    forge.run(&[docs, ("baseline", "nowhere.jsonl")]).code(2).says("nowhere.jsonl");
}

#[test]
fn arguments_are_handed_on_as_they_are() {
    let forge = Forge::new(&[("a b.md", BAD)]);
    forge.checkout("main", 1);
    let run = forge.run(&[("args", "--level=heading-increment=warning\n--alone\n")]);
    run.code(0).outputs(&[("warnings", "1")]);
    forge.run(&[("args", "--format=jsonl=found.jsonl")]).code(1);
    assert!(forge.at("workspace/found.jsonl").is_file());
    forge.run(&[("online", "true"), ("args", "--offline")]).code(2).says("--online");
    forge.run(&[("online", "false"), ("args", "--online")]).code(2).says("--offline");
}

#[test]
fn a_report_for_code_scanning_is_uploaded_even_if_something_was_found() {
    let forge = Forge::new(&[("a.md", BAD)]);
    forge.checkout("main", 1);
    let run = forge.run(&[("upload-sarif", "true"), ("sarif-category", "articles")]);
    let [(action, with)] = &run.code(1).uses[..] else { panic!("{run:#?}") };
    assert!(action.starts_with("github/codeql-action/upload-sarif@"));
    assert_eq!(with["sarif_file"], run.outputs["sarif-file"]);
    assert_eq!(with["category"], "articles");
    assert!(Path::new(&with["sarif_file"]).is_file());
    // Without a report there is nothing to upload.
    assert!(forge.run(&[("upload-sarif", "true"), ("paths", "nowhere")]).code(2).uses.is_empty());
}

#[test]
fn the_program_is_built_once_and_kept() {
    let forge = Forge::new(&[("a.md", GOOD)]);
    forge.checkout("main", 1);
    let cargo = "#!/bin/bash\nset -eu\necho \"cargo $*\"\n[[ $PWD == \"$RUNNER_TEMP\" ]]\nmkdir -p \"$5/bin\"\n\
                 ln -s \"$(command -v copydesk)\" \"$5/bin/copydesk\"\n";
    write(&forge.at("bin/cargo"), cargo);
    fs::set_permissions(forge.at("bin/cargo"), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let own = forge.job().run(root(), &[]);
    own.code(0).says("cargo install --locked --force --root ").says(&format!("--path {}", root().display()));
    let [(action, kept)] = &own.uses[..] else { panic!("{own:#?}") };
    assert!(action.starts_with("actions/cache@"));
    assert!(Path::new(&kept["path"]).join("bin/copydesk").is_file());
    assert!(kept["key"].starts_with("copydesk-Linux-X64-other-") && kept["path"].ends_with(&kept["key"]));
    let again = forge.job().run(root(), &[]);
    assert!(!again.code(0).log.contains("cargo install") && again.uses == own.uses, "{again:#?}");
    let other = forge.job().run(root(), &[("version", "1.2.3-rc.1")]);
    other.code(0).says("--version =1.2.3-rc.1 copydesk");
    assert!(other.uses[0].1["key"].ends_with("-1.2.3-rc.1"));
    forge.job().run(root(), &[("version", "1.2.3 --path=/")]).code(2).says("no version of copydesk");
}

#[test]
fn what_cannot_be_had_is_told() {
    let forge = Forge::new(&[("a.md", GOOD)]);
    forge.checkout("main", 1);
    // All that the scripts need, and neither copydesk nor cargo.
    let path = std::env::var("PATH").expect("there is a PATH");
    for name in ["bash", "git", "tr", "sed", "find", "sort"] {
        let program =
            std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
        symlink(program.expect("the tests need it"), forge.at("bin").join(name)).expect("a link can be made");
    }
    let job = Job { path: forge.at("bin").display().to_string(), ..forge.job() };
    job.run(root(), &[]).code(2).says("there is no cargo to build copydesk with");
    job.run(root(), &[("version", "installed")]).code(2).says("there is no copydesk on the PATH");
}

#[test]
fn the_workflow_of_the_project_finds_what_is_planted() {
    let mut forge = Forge::new(&[]);
    forge.trigger("push", "");
    let job = Job { workspace: root().to_owned(), ..forge.job() };
    let run = job.run_workflow(&root().join(".github/workflows/articles.yml"), "articles");
    run.code(0);
    assert_eq!(run.steps.iter().filter(|name| *name == "Check the articles").count(), 2);
}
