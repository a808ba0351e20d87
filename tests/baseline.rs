//! Baselines, from the outside: what is known is not reported, what is new is, and what is gone is told.

use std::fs;
use std::process::Command;

use copydesk::schema::Schema;
use serde_json::Value as Json;

use super::cli::{Desk, Ended};
use super::root;

/// An article with two findings: a jump of levels, and an image without a text.
const OLD: &str = "# Doors\n\n#### Hinges\n\nText of it.\n\n![](/door.png)\n";
/// The rules that these articles are about.
const ONLY: [&str; 2] = ["--only", "heading-increment,image-alt,bare-url"];
const FILE: &str = "known.jsonl";
const BASELINE: [&str; 2] = ["--baseline", FILE];
const WRITE: [&str; 2] = ["--write-baseline", FILE];
const STRICT: [&str; 3] = ["--baseline", FILE, "--strict-baseline"];

/// A folder in which all that is found is known.
fn known(files: &[(&str, &str)]) -> Desk {
    let desk = Desk::new(files);
    lint(&desk, &WRITE).code(0);
    desk
}

fn lint(desk: &Desk, arguments: &[&str]) -> Ended {
    desk.lint(&[&ONLY[..], arguments].concat())
}

fn prune(desk: &Desk, arguments: &[&str]) -> Ended {
    desk.run(&[&["baseline", "prune"], &ONLY[..], arguments].concat())
}

/// The entries of a baseline as `path rule count`.
fn entries(desk: &Desk, file: &str) -> Vec<String> {
    let text = String::from_utf8(desk.bytes(file)).expect("it is UTF-8");
    let entry = |line: &str| {
        let entry: Json = serde_json::from_str(line).expect("each line is JSON");
        let text = |key: &str| entry[key].as_str().expect("it is there").to_owned();
        format!("{} {} {}", text("path"), text("rule"), entry["count"].as_u64().unwrap_or(1))
    };
    text.lines().skip(1).map(entry).collect()
}

// --- What is known, and what is new.

#[test]
fn what_is_known_is_not_reported_and_what_is_new_is() {
    let desk = Desk::new(&[("a.md", OLD), ("b.md", "Text.\n")]);
    let before = lint(&desk, &[]);
    before.code(1).found(&["a.md:3:1 heading-increment", "a.md:7:1 image-alt"]);
    let written = lint(&desk, &WRITE);
    written.code(0).found(&[]).says("2 articles checked, nothing found, 2 in the baseline\n");
    written.complains("wrote 2 findings to the baseline \"known.jsonl\": 2 new");
    let bytes = desk.bytes(FILE);
    let next = lint(&desk, &STRICT);
    next.code(0).found(&[]).says(", 2 in the baseline\n");
    assert_eq!(next.stderr, "");
    // Moved, with other levels, other line ends, and other text beside it.
    let moved = format!("---\ntitle: Doors # new\n---\nNew.\n\n{}", OLD.replace("Text of", "Word of"))
        .replace('\n', "\r\n");
    desk.write("a.md", moved.as_bytes());
    lint(&desk, &STRICT).code(0).found(&[]);
    lint(&desk, &[&STRICT[..], &["--level", "image-alt=info", "--fail-on", "info"]].concat())
        .code(0)
        .found(&[]);
    desk.write("b.md", b"Text.\n\n![](/gate.png)\n");
    lint(&desk, &BASELINE)
        .code(1)
        .found(&["b.md:3:1 image-alt"])
        .says("2 articles checked, 1 error found in 1 file, 2 in the baseline\n");
    assert_eq!(desk.bytes(FILE), bytes, "nobody writes it unasked");
    lint(&desk, &[]).code(1);
}

#[test]
fn equal_findings_are_counted_and_the_last_are_new() {
    let image = "![](/door.png)\n\n";
    let desk = known(&[("a.md", &image.repeat(2))]);
    assert_eq!(entries(&desk, FILE), ["a.md image-alt 2"]);
    desk.write("a.md", image.repeat(3).as_bytes());
    lint(&desk, &BASELINE).code(1).found(&["a.md:5:1 image-alt"]);
    desk.write("a.md", image.as_bytes());
    lint(&desk, &BASELINE).code(0).says("nothing found, 1 in the baseline (1 more is gone)");
    // The file of another name is another file.
    desk.write("b.md", image.as_bytes());
    lint(&desk, &BASELINE).code(1).found(&["b.md:1:1 image-alt"]);
}

#[test]
fn a_file_of_lines_is_what_its_schema_says_and_the_same_each_time() {
    let desk = known(&[("b.md", OLD), ("a.md", OLD), ("a \"ä\".md", &OLD.repeat(2))]);
    let bytes = desk.bytes(FILE);
    lint(&desk, &WRITE).code(0);
    lint(&desk, &[&WRITE[..], &["--threads", "1"]].concat())
        .code(0)
        .complains("wrote 8 findings to the baseline");
    assert_eq!(desk.bytes(FILE), bytes);
    let text = fs::read_to_string(root().join("schemas/baseline.schema.json")).expect("the schema");
    let node = copydesk::yaml::parse(&text, 0).root.expect("it is JSON");
    let schema = Schema::compile(&node, "https://copydesk.dev/schemas/baseline.schema.json", |_: &str| {
        Err(String::new())
    });
    let schema = schema.expect("it is a schema");
    let fits = |line: &str| {
        let line = copydesk::yaml::parse(line, 0).root.expect("it is JSON");
        schema.violations(Some(&line), copydesk::text::Span::default()).is_empty()
    };
    let text = String::from_utf8(bytes).expect("it is UTF-8");
    let mut lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| fits(line)), "{text}");
    assert!(
        !fits("{}") && !fits("{\"copydesk-baseline\":2}") && !fits(&lines[1].replace("fingerprint", "print"))
    );
    let head = lines.remove(0);
    assert_eq!(head, "{\"copydesk-baseline\":1}");
    assert!(lines.is_sorted());
    let entries: Vec<String> = entries(&desk, FILE)
        .iter()
        .map(|entry| entry.rsplit_once(' ').unwrap_or_default().0.to_owned())
        .collect();
    assert!(entries.is_sorted());
}

#[test]
fn paths_count_from_the_folder_of_the_baseline() {
    let desk = known(&[("posts/in/a.md", OLD), ("pages/b.md", OLD)]);
    let here = desk.path().canonicalize().expect("it is there");
    let whole = |path: &str| here.join(path).to_string_lossy().into_owned();
    let (posts, file) = (whole("posts"), whole(FILE));
    for (folder, paths, baseline) in [
        ("", vec!["posts", "./pages"], FILE),
        ("", vec![posts.as_str(), "./pages/b.md"], "./posts/../known.jsonl"),
        ("posts", vec![".", "../pages"], "../known.jsonl"),
        ("posts/in", vec![], &file),
        ("pages", vec!["../posts", "b.md"], &file),
    ] {
        let arguments = [&["lint", "--baseline", baseline, "--strict-baseline"], &ONLY[..], &paths].concat();
        let output = desk.command(&arguments).current_dir(here.join(folder)).output();
        let ended = Ended::of(&output.expect("the program starts"));
        ended.code(0).found(&[]).says(" in the baseline\n");
    }
    // One that stands in a folder of its own, made elsewhere.
    fs::create_dir(here.join(".ci")).expect("it can be made");
    let output = desk
        .command(&[&["lint", "..", "--write-baseline", "../.ci/b.jsonl"], &ONLY[..]].concat())
        .current_dir(here.join("posts"))
        .output();
    Ended::of(&output.expect("the program starts")).code(0);
    assert_eq!(
        entries(&desk, ".ci/b.jsonl")[1..3],
        ["../pages/b.md image-alt 1", "../posts/in/a.md heading-increment 1"]
    );
    lint(&desk, &["--baseline", ".ci/b.jsonl", "--strict-baseline"]).code(0).says(", 4 in the baseline\n");
}

#[test]
fn what_is_known_is_shown_where_somebody_wants_it() {
    let desk = known(&[("a.md", OLD)]);
    lint(&desk, &[&BASELINE[..], &["--report-baselined"]].concat())
        .code(0)
        .says("a.md:3:1: error heading-increment")
        .says("in the baseline");
    let json = |arguments: &[&str]| lint(&desk, &[&["--format", "json"], arguments].concat()).json();
    let report = json(&[&BASELINE[..], &["--report-baselined"]].concat());
    let marks: Vec<&Json> =
        report["findings"].as_array().into_iter().flatten().map(|finding| &finding["baselined"]).collect();
    assert_eq!(marks, [true, true]);
    assert_eq!(report["summary"]["baselined"], serde_json::json!({ "known": 2, "gone": 0 }));
    assert_eq!((&report["summary"]["errors"], &report["summary"]["with_findings"]), (&0.into(), &0.into()));
    assert_eq!(json(&BASELINE)["findings"], serde_json::json!([]));
    assert_eq!(json(&[])["summary"].get("baselined"), None);
}

#[test]
fn what_is_suppressed_is_not_known_but_gone() {
    let desk = known(&[("a.md", OLD)]);
    desk.write("a.md", OLD.replace("####", "<!-- copydesk-ignore heading-increment -->\n####").as_bytes());
    lint(&desk, &STRICT)
        .code(1)
        .found(&[])
        .says("nothing found, 1 suppressed, 1 in the baseline (1 more is gone)")
        .complains("1 finding of the baseline \"known.jsonl\" is gone: \"a.md\" (heading-increment)")
        .complains("take it out with `copydesk baseline prune --baseline known.jsonl`");
    lint(&desk, &[&STRICT[..], &["--no-suppressions"]].concat()).code(0).says(", 2 in the baseline\n");
}

#[test]
fn a_text_from_standard_input_is_known_as_its_file_is() {
    let desk = known(&[("posts/a.md", OLD)]);
    let arguments = [&["lint", "--stdin-file-path", "posts/a.md"], &ONLY[..], &BASELINE].concat();
    desk.stdin(&arguments, format!("New.\n\n{OLD}").as_bytes()).code(0).found(&[]);
    desk.stdin(&arguments, format!("![](/a.png)\n\n{OLD}").as_bytes())
        .code(1)
        .found(&["posts/a.md:1:1 image-alt"]);
}

// --- What is gone.

#[test]
fn what_is_gone_is_told_and_only_a_strict_run_fails() {
    let desk = known(&[("a.md", OLD), ("b.md", OLD), ("c.md", OLD), ("d.md", OLD)]);
    lint(&desk, &STRICT).code(0);
    desk.write("a.md", b"# Doors\n\n![](/door.png)\n");
    lint(&desk, &BASELINE).code(0).says("nothing found, 7 in the baseline (1 more is gone)");
    for path in ["b.md", "c.md"] {
        desk.write(path, b"# Doors\n");
    }
    fs::remove_file(desk.path().join("d.md")).expect("it can be removed");
    lint(&desk, &STRICT)
        .code(1)
        .says("nothing found, 1 in the baseline (7 more are gone)")
        .complains(
            "7 findings of the baseline \"known.jsonl\" are gone: \"a.md\" (heading-increment), \"b.md\" (heading-increment), \
             \"b.md\" (image-alt), \"c.md\" (heading-increment), \"c.md\" (image-alt), and 2 more",
        )
        .complains("take them out with");
}

#[test]
fn what_a_run_does_not_look_for_is_not_gone() {
    let desk = known(&[("a.md", OLD), ("b.md", OLD)]);
    desk.write("a.md", b"# Doors\n");
    desk.write("b.md", b"# Doors\n");
    let numbers = |arguments: &[&str]| {
        let ended = desk.lint(&[&STRICT[..], &["--format", "json"], arguments].concat());
        let baselined = ended.json()["summary"]["baselined"].clone();
        (ended.code, baselined["gone"].as_u64().expect("it is a number"))
    };
    assert_eq!(numbers(&[]), (1, 4));
    assert_eq!(numbers(&["a.md"]), (1, 2));
    assert_eq!(numbers(&["--only", "image-alt"]), (1, 2));
    assert_eq!(numbers(&["b.md", "--skip", "image-alt"]), (1, 1));
    assert_eq!(numbers(&["--only", "bare-url"]), (0, 0));
    assert_eq!(numbers(&["--level", "image-alt=off", "--level", "heading-increment=off"]), (0, 0));
    // What is excluded is there still.
    desk.write("copydesk.yaml", b"exclude: [a.md]\n");
    assert_eq!(numbers(&[]), (1, 2));
    // One that cannot be read says nothing of what was in it, and its file is not gone.
    desk.write("copydesk.yaml", b"rules: {unreadable-file: off}\n");
    desk.write("a.md", b"# \xff\n");
    assert_eq!(numbers(&[]), (1, 2));
    desk.write("copydesk.yaml", b"");
    assert_eq!(numbers(&["--fail-on", "error"]), (1, 2));
}

#[test]
fn rules_about_many_articles_are_heard_only_where_they_know_all() {
    let article = |slug: &str| format!("---\ntitle: Door\nslug: {slug}\n---\n\nText.\n");
    let desk = Desk::new(&[("copydesk.yaml", ""), ("in/a.md", &article("oak")), ("b.md", &article("oak"))]);
    let run = |arguments: &[&str]| desk.lint(&[&["--only", "duplicate-slug"], arguments].concat());
    run(&[]).code(1).found(&["b.md:3:7 duplicate-slug", "in/a.md:3:7 duplicate-slug"]);
    run(&WRITE).code(0);
    for paths in [&["in"][..], &["b.md"], &[]] {
        run(&[&STRICT[..], paths].concat()).code(0).found(&[]);
    }
    run(&[&STRICT[..], &["in", "--alone"]].concat()).code(0).says("nothing found\n");
    desk.write("b.md", article("elm").as_bytes());
    run(&[&STRICT[..], &["in", "--alone"]].concat()).code(0).says("nothing found\n");
    run(&[&STRICT[..], &["in"]].concat()).code(1).says("(1 more is gone)");
    run(&STRICT).code(1).says("(2 more are gone)");
    // Without a config, nobody knows what all is, unless it is all below the baseline.
    fs::remove_file(desk.path().join("copydesk.yaml")).expect("it can be removed");
    run(&[&STRICT[..], &["in"]].concat()).code(0).says("nothing found\n");
    run(&[&STRICT[..], &["in/a.md"]].concat()).code(0).says("nothing found\n");
    run(&STRICT).code(1).says("(2 more are gone)");
}

#[test]
fn files_that_are_no_articles_have_their_place() {
    let desk = Desk::new(&[
        ("copydesk.yaml", ""),
        ("a.md", "![A door](used.png)\n"),
        ("used.png", ""),
        ("img/old.png", ""),
    ]);
    let run = |arguments: &[&str]| desk.lint(&[&["--only", "unused-image"], arguments].concat());
    run(&["--fail-on", "info"]).code(1).says("img/old.png");
    run(&WRITE).code(0).found(&[]);
    assert_eq!(entries(&desk, FILE), ["img/old.png unused-image 1"]);
    let strict = [&STRICT[..], &["--fail-on", "info"]].concat();
    run(&strict).code(0).says(", 1 in the baseline\n");
    desk.write("b.md", b"![A door](img/old.png)\n");
    run(&[&strict[..], &["a.md"]].concat()).code(0).says("nothing found\n");
    run(&strict).code(1).says("(1 more is gone)");
    fs::remove_file(desk.path().join("img/old.png")).expect("it can be removed");
    run(&[&strict[..], &["a.md"]].concat()).code(1).says("(1 more is gone)");
}

#[test]
fn rules_that_nobody_knows_are_kept_and_named() {
    let desk = known(&[("a.md", OLD)]);
    let text = String::from_utf8(desk.bytes(FILE)).expect("it is UTF-8");
    desk.write(
        FILE,
        text.replace("image-alt", "image-words").replace("heading-increment", "house/loud").as_bytes(),
    );
    desk.write("a.md", b"Text.\n");
    lint(&desk, &STRICT).code(0).complains(
        "the baseline \"known.jsonl\" knows findings of rules that are not there: \"house/loud\", \"image-",
    );
    prune(&desk, &BASELINE).code(0).says("0 findings taken out of the baseline \"known.jsonl\", 2 left");
    assert_eq!(entries(&desk, FILE), ["a.md house/loud 1", "a.md image-words 1"]);
}

// --- Writing and pruning.

#[test]
fn what_was_not_looked_at_stays_when_a_baseline_is_written() {
    let desk = known(&[("a.md", OLD), ("b.md", OLD), ("c.md", OLD)]);
    desk.write("a.md", format!("{OLD}\nSee https://doors.test for it.\n").as_bytes());
    desk.write("b.md", b"Text.\n");
    fs::remove_file(desk.path().join("c.md")).expect("it can be removed");
    lint(&desk, &[&WRITE[..], &["a.md"]].concat()).code(0).complains(
        "wrote 5 findings to the baseline \"known.jsonl\": 1 new, 2 gone, 2 of what was not looked at",
    );
    let expected = [
        "a.md bare-url 1",
        "a.md heading-increment 1",
        "a.md image-alt 1",
        "b.md heading-increment 1",
        "b.md image-alt 1",
    ];
    assert_eq!(entries(&desk, FILE), expected);
    desk.lint(&[&["--only", "image-alt"], &WRITE[..]].concat()).code(0);
    assert_eq!(entries(&desk, FILE), expected[..4]);
}

#[test]
fn what_is_no_baseline_is_not_overwritten() {
    let desk = Desk::new(&[
        ("a.md", OLD),
        ("notes.txt", "mine\n"),
        ("report.json", "{}"),
        ("half.jsonl", "{\"copydesk-baseline\":1}\nx\n"),
    ]);
    for file in ["a.md", "notes.txt", "report.json", "half.jsonl"] {
        let before = desk.bytes(file);
        lint(&desk, &["--write-baseline", file]).code(2).complains(file);
        assert_eq!(desk.bytes(file), before);
    }
    lint(&desk, &["--write-baseline", "."]).code(2).complains("it is no file");
    lint(&desk, &["--write-baseline", "nowhere/b.jsonl"]).code(2).complains("is not there");
    desk.write("empty.jsonl", b"");
    lint(&desk, &["--write-baseline", "empty.jsonl"]).code(0);
    lint(&desk, &["--baseline", "empty.jsonl", "--format", "jsonl=empty.jsonl"])
        .code(2)
        .complains("a report would overwrite the baseline \"empty.jsonl\"");
}

#[test]
fn after_fixes_it_holds_what_is_left() {
    let desk = Desk::new(&[("a.md", "# Doors\n\n#### Hinges\n\nText  \n\n![](/door.png)\n")]);
    let rules = ["--only", "heading-increment,image-alt,whitespace", "--level", "heading-increment=error"];
    desk.lint(&[&rules[..], &WRITE, &["--fix"]].concat()).code(0).says("fixed");
    let left = entries(&desk, FILE);
    assert!(left.contains(&"a.md image-alt 1".to_owned()), "{left:?}");
    let ended = desk.lint(&[&rules[..], &STRICT].concat());
    ended.code(0).found(&[]).says(&format!(", {} in the baseline\n", left.len()));
}

#[test]
fn pruning_takes_out_what_is_gone_and_adds_nothing() {
    let image = "![](/door.png)\n\n";
    let desk = known(&[("a.md", &image.repeat(3)), ("b.md", OLD)]);
    desk.write("a.md", image.as_bytes());
    desk.write("b.md", b"![](/new.png)\n");
    let before = desk.bytes(FILE);
    let dry = prune(&desk, &[&BASELINE[..], &["--dry-run"]].concat());
    let lines = "a.md: image-alt (2 findings)\nb.md: heading-increment\nb.md: image-alt\n";
    dry.code(0);
    assert_eq!(
        dry.stdout,
        format!("{lines}4 findings would be taken out of the baseline \"known.jsonl\", 1 left\n")
    );
    assert_eq!(desk.bytes(FILE), before);
    prune(&desk, &[&BASELINE[..], &["a.md"]].concat()).code(0).says("2 findings taken out of the baseline");
    assert_eq!(entries(&desk, FILE), ["a.md image-alt 1", "b.md heading-increment 1", "b.md image-alt 1"]);
    prune(&desk, &BASELINE).code(0);
    assert_eq!(entries(&desk, FILE), ["a.md image-alt 1"]);
    lint(&desk, &STRICT).code(1).found(&["b.md:1:1 image-alt"]);
    prune(&desk, &BASELINE).code(0).says("0 findings taken out of the baseline \"known.jsonl\", 1 left");
    prune(&desk, &[]).code(2).complains("there is no baseline to prune");
    prune(&desk, &["--baseline", "nothing.jsonl"]).code(2).complains("\"nothing.jsonl\" cannot be read");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_on_the_way_does_not_matter() {
    let desk = known(&[("site/posts/a.md", OLD)]);
    std::os::unix::fs::symlink("site", desk.path().join("link")).expect("there are links");
    lint(&desk, &["site", "--write-baseline", "site/b.jsonl"]).code(0);
    let whole = desk.path().join("link/posts/a.md");
    let whole = whole.to_str().expect("it is a text");
    for path in ["link/posts/a.md", "link/posts", whole] {
        lint(&desk, &["--baseline", "site/b.jsonl", "--strict-baseline", path])
            .code(0)
            .says(", 2 in the baseline\n");
        lint(&desk, &["--baseline", "link/b.jsonl", "--strict-baseline", "site"])
            .code(0)
            .says(", 2 in the baseline\n");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_still_leads_to_the_baseline() {
    let desk = Desk::new(&[("a.md", OLD), ("shared/b.jsonl", "")]);
    std::os::unix::fs::symlink("shared/b.jsonl", desk.path().join(FILE)).expect("there are links");
    lint(&desk, &WRITE).code(0);
    assert!(desk.path().join(FILE).is_symlink());
    assert_eq!(entries(&desk, "shared/b.jsonl").len(), 2);
}

// --- The config.

#[test]
fn each_config_has_its_own() {
    let desk = Desk::new(&[
        ("a.md", OLD),
        ("copydesk.yaml", "extends: [none, ./shared/house.yaml]\nrules: {image-alt: error}\n"),
        ("shared/house.yaml", "baseline: house.jsonl\n"),
        ("docs/b.md", OLD),
        ("docs/copydesk.yaml", "extends: none\nrules: {image-alt: error}\nbaseline: .ci/docs.jsonl\n"),
        ("free/c.md", OLD),
        ("free/copydesk.yaml", "extends: none\nrules: {image-alt: error}\n"),
        (".ci/x", ""),
        ("docs/.ci/x", ""),
    ]);
    desk.lint(&[])
        .code(2)
        .complains("the baseline \"house.jsonl\" cannot be read")
        .complains("the baseline \".ci/docs.jsonl\"");
    desk.lint(&["a.md", "--write-baseline", "shared/house.jsonl"]).code(0);
    desk.lint(&["docs", "--write-baseline", "docs/.ci/docs.jsonl"]).code(0);
    assert_eq!(entries(&desk, "shared/house.jsonl"), ["../a.md image-alt 1"]);
    assert_eq!(entries(&desk, "docs/.ci/docs.jsonl"), ["../b.md image-alt 1"]);
    let all = ["a.md:7:1 image-alt", "docs/b.md:7:1 image-alt", "free/c.md:7:1 image-alt"];
    desk.lint(&[]).code(1).found(&all[2..]).says(", 2 in the baseline\n");
    desk.lint(&["--no-baseline"]).code(1).found(&all).says("3 files\n");
    desk.write("empty.jsonl", b"");
    desk.lint(&["--baseline", "empty.jsonl"]).code(1).found(&all);
    desk.lint(&["--write-baseline", "all.jsonl"]).code(0);
    assert_eq!(entries(&desk, "all.jsonl").len(), 3);
    desk.lint(&["--baseline", "all.jsonl"]).code(0);
    desk.run(&["config", "a.md"]).says("baseline: house.jsonl  # shared/house.yaml:1");
    let config = desk.run(&["config", "docs/b.md", "--format", "json"]).json();
    assert_eq!(
        config["baseline"],
        serde_json::json!({ "value": ".ci/docs.jsonl", "from": "docs/copydesk.yaml:3" })
    );
    assert!(!desk.run(&["config", "free/c.md"]).stdout.contains("baseline"));
    for path in ["a.md", "docs/b.md"] {
        desk.write(path, b"Text.\n");
    }
    desk.lint(&["--strict-baseline", "--skip", "bare-url"])
        .code(1)
        .complains("1 finding of the baseline \"house.jsonl\" is gone: \"../a.md\" (image-alt)")
        .complains("1 finding of the baseline \".ci/docs.jsonl\" is gone")
        .complains("take it out with `copydesk baseline prune`");
    desk.run(&["baseline", "prune"])
        .code(0)
        .says("1 finding taken out of the baseline \"house.jsonl\", 0 left");
    desk.lint(&["a.md", "docs", "--strict-baseline"]).code(0);
}

#[test]
fn a_baseline_changes_nothing_of_what_is_kept() {
    let desk = Desk::new(&[("a.md", OLD), ("copydesk.yaml", "baseline: b.jsonl\n")]);
    desk.lint(&["--write-baseline", "b.jsonl"]).code(0);
    desk.lint(&[]).code(0).found(&[]);
    desk.lint(&["--no-baseline"]).code(1);
    desk.lint(&["a.md"]).code(0).found(&[]);
    fs::remove_file(desk.path().join("b.jsonl")).expect("it can be removed");
    let missing = desk.lint(&[]);
    missing.code(2).complains("the baseline \"b.jsonl\" cannot be read").complains("copydesk.yaml:1:11");
    // Who does not report findings needs none.
    desk.lint(&["--fix-dry-run"]).complains("");
    desk.run(&["config"]).code(0);
}

// --- What is wrong.

#[test]
fn what_is_wrong_with_a_baseline_is_shown_with_its_line() {
    let desk = known(&[("a.md", OLD)]);
    let text = String::from_utf8(desk.bytes(FILE)).expect("it is UTF-8");
    let line = text.lines().nth(1).expect("there is an entry").to_owned();
    for (text, message, place) in [
        ("{}".to_owned(), "\"known.jsonl\" is no baseline", "known.jsonl:1:1"),
        (text.replace(":1}", ":9}"), "this is a baseline of version 9", "known.jsonl:1:1"),
        (format!("{text}nonsense\n"), "this is no entry", "known.jsonl:4:1"),
        (format!("{text}{line}\n"), "this entry stands on line 2 already", "known.jsonl:4:1"),
        (text.replace("\"path\"", "\"file\""), "unknown field \"file\"", "known.jsonl:2:1"),
        (
            format!("{text}{}\n", line.replace("a.md", "b.md").replace('}', ",\"count\":0}")),
            "invalid value",
            "known.jsonl:4:1",
        ),
    ] {
        desk.write(FILE, text.as_bytes());
        for arguments in [&BASELINE, &WRITE] {
            lint(&desk, arguments).code(2).complains(message).complains(place);
            assert_eq!(desk.bytes(FILE), text.as_bytes());
        }
        prune(&desk, &BASELINE).code(2).complains(message);
    }
    lint(&desk, &["--baseline", "nothing.jsonl"])
        .code(2)
        .complains("the baseline \"nothing.jsonl\" cannot be read")
        .complains("`copydesk lint --write-baseline FILE` writes one");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = known(&[("a.md", OLD)]);
    for arguments in [
        &["--diff"][..],
        &["--fix-dry-run"],
        &["--interactive"],
        &["--watch"],
        &["--stdin-file-path", "a.md"],
        &["--shard", "1/2", "--output-part", "p.json"],
        &["--baseline", FILE],
        &["--no-baseline"],
        &["--strict-baseline"],
    ] {
        lint(&desk, &[&WRITE[..], arguments].concat()).code(2).complains("cannot be used with");
    }
    for arguments in [&["--no-baseline"][..], &["--diff"], &["--shard", "1/2", "--output-part", "p.json"]] {
        lint(&desk, &[&BASELINE[..], arguments].concat()).code(2).complains("cannot be used with");
    }
    for option in ["--strict-baseline", "--report-baselined"] {
        lint(&desk, &[option]).code(2).complains(&format!("`{option}` does nothing without a baseline"));
        lint(&desk, &[option, "--no-baseline"]).code(2).complains("cannot be used with");
    }
}

// --- Beside other ways to run.

#[test]
fn merged_parts_are_held_against_it_as_one_run_is() {
    let desk =
        Desk::new(&[("copydesk.yaml", "baseline: b.jsonl\n"), ("a.md", OLD), ("b.md", OLD), ("c.md", OLD)]);
    let parts: Vec<String> = (1..=2).map(|number| format!("{number}.json")).collect();
    let share = || {
        for (number, part) in (1..).zip(&parts) {
            let shard = format!("{number}/2");
            lint(&desk, &["--shard", &shard, "--output-part", part]).code(0);
        }
    };
    let merge = |arguments: &[&str]| desk.run(&[&["merge", "1.json", "2.json"], arguments].concat());
    share();
    merge(&[]).code(2).complains("\"b.jsonl\" cannot be read");
    merge(&["--write-baseline", "b.jsonl"]).code(0);
    let bytes = desk.bytes("b.jsonl");
    assert_eq!(entries(&desk, "b.jsonl").len(), 6);
    merge(&["--strict-baseline"]).code(0).says(", 6 in the baseline\n");
    merge(&["--no-baseline"]).code(1);
    fs::remove_file(desk.path().join("b.jsonl")).expect("it can be removed");
    lint(&desk, &["--write-baseline", "b.jsonl"]).code(0);
    assert_eq!(desk.bytes("b.jsonl"), bytes);
    desk.write("a.md", b"Text.\n");
    desk.write("b.md", format!("{OLD}\n![](/gate.png)\n").as_bytes());
    share();
    let (one, merged) = (lint(&desk, &["--strict-baseline"]), merge(&["--strict-baseline"]));
    one.code(1).found(&["b.md:9:1 image-alt"]).says("(2 more are gone)");
    assert_eq!((merged.code, &merged.stdout, &merged.stderr), (one.code, &one.stdout, &one.stderr));
}

#[test]
fn a_run_over_what_has_changed_keeps_the_rest() {
    let desk = known(&[("a.md", OLD), ("b.md", OLD), ("c.md", OLD)]);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=A", "-c", "user.email=a@a.test"])
            .args(arguments)
            .current_dir(desk.path());
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(name);
        }
        assert!(
            command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("git is there").status.success()
        );
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "first"]);
    lint(&desk, &[&STRICT[..], &["--changed"]].concat()).code(0).says("no article checked");
    desk.write("a.md", format!("{OLD}\n![](/gate.png)\n").as_bytes());
    desk.write("b.md", b"Text.\n");
    lint(&desk, &[&STRICT[..], &["--changed"]].concat())
        .code(1)
        .found(&["a.md:9:1 image-alt"])
        .says("2 in the baseline (2 more are gone)");
    lint(&desk, &[&WRITE[..], &["--changed"]].concat()).code(0);
    assert_eq!(
        entries(&desk, FILE),
        [
            "a.md heading-increment 1",
            "a.md image-alt 1",
            "a.md image-alt 1",
            "c.md heading-increment 1",
            "c.md image-alt 1"
        ]
    );
    lint(&desk, &STRICT).code(0);
    // A file that is not there any more is gone in any run.
    fs::remove_file(desk.path().join("c.md")).expect("it can be removed");
    git(&["add", "-A", "a.md", "b.md", FILE]);
    git(&["commit", "-q", "-m", "second", "a.md", "b.md", FILE]);
    lint(&desk, &[&STRICT[..], &["--changed"]].concat()).code(1).complains("2 findings of the baseline");
}
