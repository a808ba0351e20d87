//! What articles may not share, from the command line: scopes, drafts, related places, and the figures of an independent
//! script.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value as Json;

use super::cli::Desk;

fn article(title: &str, more: &str) -> String {
    format!("---\ntitle: {title}\n{more}---\n\nA door.\n")
}

#[test]
fn the_others_are_shown_and_those_that_nobody_named_count() {
    let desk = Desk::new(&[("copydesk.yaml", "rules: {\"*\": off, duplicate-slug: on}\n")]);
    for number in 0..8 {
        desk.write(&format!("posts/{number}.md"), article("Doors", "slug: doors\n").as_bytes());
    }
    let ended = desk.lint(&["posts/3.md", "--format", "json"]);
    let finding = &ended.code(1).json()["findings"][0];
    assert_eq!(finding["message"], "the slug \"doors\" is taken by 7 other articles");
    let related = finding["related"].as_array().expect("a list");
    let shown: Vec<_> = related.iter().map(|one| (one["path"].as_str(), one["message"].as_str())).collect();
    let paths: Vec<_> = shown.iter().filter_map(|one| one.0).collect();
    assert_eq!(paths, ["posts/0.md", "posts/1.md", "posts/2.md", "posts/4.md", "posts/5.md"]);
    let texts: Vec<_> = related.iter().map(Json::to_string).collect();
    assert!(
        texts[0].contains("\"also here\"") && texts[4].contains("\"also here, and 2 more\""),
        "{texts:?}"
    );
    desk.lint(&["posts/3.md", "--alone"]).code(0);
    desk.lint(&["--format", "pretty"]).code(1).says("also here, and 2 more");
}

#[test]
fn translations_and_versions_do_not_clash_unless_the_scope_says_so() {
    let same = article("A door", "slug: door\ndescription: A door of oak.\n");
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "rules: {\"*\": off, duplicate-slug: on, duplicate-title: on, duplicate-description: on}\n",
        ),
        ("doors/door.md", &same),
        ("doors/door.fr.md", &same),
        ("de/doors/door.md", &same),
        ("versioned_docs/version-1.0/door.md", &same),
        ("es/a.md", "A door.\n"),
        ("doors/porte.md", &article("A door", "lang: it\n")),
    ]);
    desk.lint(&[]).code(0).found(&[]);
    let all = desk.lint(&["-o", "duplicate-slug.scope='**'", "--only", "duplicate-slug"]);
    all.code(1).found(&[
        "de/doors/door.md:3:7 duplicate-slug",
        "doors/door.fr.md:3:7 duplicate-slug",
        "doors/door.md:3:7 duplicate-slug",
        "versioned_docs/version-1.0/door.md:3:7 duplicate-slug",
    ]);
}

#[test]
fn a_collection_is_a_scope_of_its_own() {
    let same = article("Doors", "slug: doors\n");
    let config = "rules: {\"*\": off, duplicate-slug: on}\ncollections:\n  - {name: posts, files: [posts/**]}\n  \
                  - {name: notes, files: [notes/**, posts/both.md]}\n";
    let desk = Desk::new(&[
        ("copydesk.yaml", config),
        ("posts/a.md", &same),
        ("notes/a.md", &same),
        ("b.md", &same),
    ]);
    desk.lint(&[]).code(0);
    desk.write("posts/both.md", same.as_bytes());
    let both = desk.lint(&[]);
    both.found(&[
        "notes/a.md:3:7 duplicate-slug",
        "posts/a.md:3:7 duplicate-slug",
        "posts/both.md:3:7 duplicate-slug",
    ]);
    both.says("posts/both.md:3:7: error duplicate-slug: the slug \"doors\" is taken by 2 other articles");
    desk.write(
        "copydesk.yaml",
        format!("{config}  \n").replace("on}", "{level: on, scope: site}}").as_bytes(),
    );
    desk.lint(&["b.md"]).says("taken by 3 other articles");
}

#[test]
fn a_scope_that_is_none_is_a_mistake_of_the_config_with_its_place() {
    let desk = Desk::new(&[("a.md", "A door.\n")]);
    desk.write("copydesk.yaml", b"rules:\n  duplicate-title:\n    scope: colection\n");
    let ended = desk.lint(&[]);
    ended
        .code(2)
        .complains("\"colection\" is no scope: did you mean \"collection\"?")
        .complains("copydesk.yaml:2:3");
    desk.write("copydesk.yaml", b"rules:\n  image-shared:\n    scope: \"content/{}/**\"\n");
    desk.lint(&[]).code(2).complains("needs a name as in \"{lang}\"");
}

#[test]
fn a_finding_can_be_suppressed_and_goes_when_it_is_mended() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules: {\"*\": off, duplicate-title: on, suppression: on}\n"),
        ("b.md", &article("Doors", "")),
        ("a.md", "---\n# copydesk-ignore duplicate-title: the old one\ntitle: Doors\n---\n"),
    ]);
    desk.lint(&[]).found(&["b.md:2:8 duplicate-title"]);
    desk.write("b.md", article("Hinges", "").as_bytes());
    desk.lint(&[]).found(&["a.md:2:1 suppression"]);
}

#[test]
fn names_that_clash_are_found_where_a_system_can_hold_both() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules: {\"*\": off, file-name: on}\n"),
        ("posts/Doors.md", "A door.\n"),
        ("posts/doors.md", "A door.\n"),
    ]);
    if std::fs::read_dir(desk.path().join("posts")).expect("a folder").count() < 2 {
        return;
    }
    let ended = desk.lint(&["posts/doors.md"]);
    ended.says("the name of the file \"doors.md\" differs from \"Doors.md\" only in capitals");
}

/// The figures of `tests/oracle/corpus.py` are ours. Needs python3 with `PyYAML`.
#[test]
#[ignore = "needs articles: COPYDESK_CORPUS=path"]
fn an_independent_script_finds_the_same() {
    let folder =
        super::root().join(std::env::var("COPYDESK_CORPUS").expect("COPYDESK_CORPUS names a folder"));
    let script = super::root().join("tests/oracle/corpus.py");
    let told = Command::new("python3").arg(script).arg(&folder).output().expect("python3 starts");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Json = serde_json::from_slice(&told.stdout).expect("it prints JSON");
    let rules = ["duplicate-slug", "duplicate-title", "duplicate-description", "image-shared"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.current_dir(&folder).args(["lint", ".", "--format", "json", "--no-suppressions", "--only"]);
    command.arg(rules.join(",")).args(["-o", "duplicate-title.allow-names=false"]);
    for rule in rules {
        command.args(["-o".to_owned(), format!("{rule}.scope='**'")]);
    }
    let found = command.output().expect("the program starts");
    let found: Json = serde_json::from_slice(&found.stdout).expect("the report is JSON");
    let findings = found["findings"].as_array().expect("it has findings");
    for rule in rules {
        let own: Vec<&Json> = findings.iter().filter(|finding| finding["rule"] == rule).collect();
        let files: BTreeSet<&str> = own.iter().filter_map(|finding| finding["path"].as_str()).collect();
        let theirs = told[rule]["files"].as_array().expect("a list of files");
        let theirs: BTreeSet<&str> = theirs.iter().filter_map(Json::as_str).collect();
        let (more, fewer): (Vec<_>, Vec<_>) =
            (files.difference(&theirs).collect(), theirs.difference(&files).collect());
        assert!(
            more.is_empty() && fewer.is_empty(),
            "{rule}: only we have {more:?}, only the script {fewer:?}"
        );
        // Each of n articles that share one thing has n - 1 others. A description that is cut from a shared excerpt is not
        // reported, so of these there is no count.
        let parts: f64 = own.iter().map(|finding| 1.0 / (others(finding) + 1.0)).sum();
        #[expect(clippy::print_stderr, reason = "who runs this by hand wants the figures")]
        {
            eprintln!("{rule}: {} files in {} groups", theirs.len(), told[rule]["groups"]);
        }
        let groups = told[rule]["groups"].as_f64().expect("a number");
        assert!(
            rule == "duplicate-description" || (parts - groups).abs() < 0.01,
            "{rule}: {parts} and {groups}"
        );
    }
}

/// How many other articles a finding speaks of.
fn others(finding: &Json) -> f64 {
    let message = finding["message"].as_str().expect("a message");
    let (before, _) = message.rsplit_once(" other article").expect("it counts other articles");
    before.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a count")
}
