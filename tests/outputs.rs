//! `--format F=FILE`, from the outside: where reports go, what they never overwrite, and what becomes of those that cannot
//! be written.

use std::fs;
use std::process::Command;

use serde_json::Value as Json;

use super::cli::Desk;

const BAD: &str = "# A\n\n#### Deep\n\nIn the the middle.\n";
const GOOD: &str = "# A\n\nText of it.\n";
const ONLY: [&str; 2] = ["--only", "heading-increment,repeated-word"];
const LINE: &str = "a.md:3:1: error heading-increment: ";

fn desk() -> Desk {
    Desk::new(&[("a.md", BAD), ("good.md", GOOD)])
}

fn text(desk: &Desk, path: &str) -> String {
    String::from_utf8(desk.bytes(path)).expect("a report is UTF-8")
}

fn json(desk: &Desk, path: &str) -> Json {
    serde_json::from_slice(&desk.bytes(path)).expect("it is JSON")
}

/// A run over the articles, with these reports.
fn run(desk: &Desk, formats: &[&str]) -> super::cli::Ended {
    let formats = formats.iter().flat_map(|format| ["--format", format]);
    desk.lint(&ONLY.into_iter().chain(formats).collect::<Vec<_>>())
}

/// The names of all files in the folder.
fn names(desk: &Desk) -> Vec<String> {
    let entries =
        fs::read_dir(desk.path()).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn each_report_goes_to_its_place() {
    let desk = desk();
    let ended = run(&desk, &["json=out.json", "github", "markdown=out/../summary.txt", "jsonl=out.jsonl"]);
    // There is no folder `out`, but the way through it leads nowhere else.
    ended.code(1).says("::error file=a.md,line=3,endLine=3,col=1,endColumn=9,title=heading-increment::");
    assert_eq!(ended.stderr, "");
    assert_eq!(json(&desk, "out.json")["summary"]["errors"], 1);
    let lines = text(&desk, "out.jsonl");
    assert_eq!(lines.lines().count(), 3);
    let last: Json = serde_json::from_str(lines.lines().last().expect("a line")).expect("it is JSON");
    assert_eq!((&last["type"], &last["warnings"]), (&Json::from("summary"), &Json::from(1)));
    assert!(text(&desk, "summary.txt").starts_with("## copydesk: 1 error and 1 warning found\n"));
    assert_eq!(names(&desk), ["a.md", "good.md", "out.json", "out.jsonl", "summary.txt"]);
    // Where all go to files, people get the usual one besides; a file that is there is written anew.
    desk.write("a.md", GOOD.as_bytes());
    run(&desk, &["json=out.json"]).code(0).says("2 articles checked, nothing found\n");
    assert_eq!(json(&desk, "out.json")["findings"], Json::Array(vec![]));
}

#[test]
fn two_reports_in_one_place_are_refused() {
    let desk = desk();
    run(&desk, &["json", "github"])
        .code(2)
        .complains("two reports go to standard output: `json` and `github`");
    run(&desk, &["json", "github=-"]).code(2).complains("two reports go to standard output");
    let here = desk.path().join("out.json");
    let again = format!("sarif={}", here.display());
    for second in ["sarif=out.json", "sarif=./out.json", &again] {
        run(&desk, &["json=out.json", second]).code(2).complains("two reports go to the file");
    }
    run(&desk, &["json="]).code(2).complains("behind `=` stands the file");
    run(&desk, &["xml=a.xml"]).code(2).complains("\"xml\" is not a format");
    assert_eq!(names(&desk), ["a.md", "good.md"], "nothing is written");
}

#[test]
fn nothing_that_somebody_wrote_is_overwritten() {
    let schema = "{\"type\": \"object\"}";
    let desk = Desk::new(&[
        ("a.md", BAD),
        ("notes/README.md", "# Notes\n"),
        (
            "copydesk.yaml",
            "extends: all\ninclude: ['a.md']\ncollections: [{name: all, files: '**', schema: article.json}]\n",
        ),
        ("article.json", schema),
        ("other.toml", "a = 1\n"),
        ("empty.md", ""),
    ]);
    desk.write("in/.keep", b"");
    for (format, why) in [
        ("json=a.md", "the report would overwrite the article \"a.md\""),
        ("markdown=./in/../a.md", "the report would overwrite the article"),
        ("markdown=notes/README.md", "\"notes/README.md\" is no report: it would be lost"),
        ("json=copydesk.yaml", "\"copydesk.yaml\" is no report"),
        ("json=article.json", "\"article.json\" is no report"),
        ("json=other.toml", "\"other.toml\" is no report"),
        ("json=in", "\"in\" is a folder"),
        ("json=out/report.json", "the folder of \"out/report.json\" is not there"),
        ("json=a.md/report.json", "the folder of \"a.md/report.json\" is not there"),
    ] {
        let ended = run(&desk, &[format]);
        ended.code(2).complains(why);
        assert_eq!(ended.stdout, "", "nothing is checked");
    }
    assert_eq!((text(&desk, "a.md"), text(&desk, "article.json")), (BAD.to_owned(), schema.to_owned()));
    // A summary may be called like an article, and is known again.
    for summary in ["summary.md", "empty.md"] {
        for _ in 0..2 {
            let format = format!("markdown={summary}");
            run(&desk, &[&format]).code(1);
            assert!(text(&desk, summary).starts_with("## copydesk: 1 error"), "{summary}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_lead_to_the_file_that_is_written_or_kept() {
    use std::os::unix::fs::symlink;
    let desk = desk();
    desk.write("reports/one.json", b"old");
    symlink("reports/one.json", desk.path().join("latest.json")).expect("a link");
    symlink("a.md", desk.path().join("article.json")).expect("a link");
    run(&desk, &["json=latest.json"]).code(1);
    assert!(desk.path().join("latest.json").is_symlink());
    assert_eq!(json(&desk, "reports/one.json")["summary"]["errors"], 1);
    run(&desk, &["json=latest.json", "jsonl=reports/one.json"])
        .code(2)
        .complains("two reports go to the file");
    run(&desk, &["json=article.json"]).code(2).complains("the report would overwrite the article");
    assert_eq!(text(&desk, "a.md"), BAD);
}

#[test]
fn other_names_of_standard_output_are_standard_output() {
    let desk = desk();
    for name in ["json", "json=-", "json=/dev/stdout"] {
        let report = run(&desk, &[name, "concise=lines.txt"]).json();
        assert_eq!(report["summary"]["errors"], 1, "{name}");
        assert!(text(&desk, "lines.txt").starts_with(LINE), "{name}");
    }
    assert_eq!(names(&desk), ["a.md", "good.md", "lines.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_stream_or_a_pipe_is_written_to() {
    use std::fs::File;
    use std::io::Read as _;
    let desk = desk();
    // Standard error is a file here, whose name must stay what it is.
    let log = desk.path().join("log");
    let mut command =
        desk.command(&["lint", ONLY[0], ONLY[1], "--format", "concise=/dev/stderr", "--format", "json"]);
    let status =
        command.stderr(File::create(&log).expect("a file")).stdout(std::process::Stdio::null()).status();
    assert_eq!(status.expect("it runs").code(), Some(1));
    assert!(text(&desk, "log").starts_with(LINE), "{}", text(&desk, "log"));
    assert!(fs::metadata("/dev/stderr").is_ok());
    let pipe = desk.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reader = std::thread::spawn(move || {
        let mut read = String::new();
        File::open(pipe).and_then(|mut pipe| pipe.read_to_string(&mut read)).expect("it is read");
        read
    });
    run(&desk, &["json=pipe"]).code(1).says(LINE);
    let report: Json = serde_json::from_str(&reader.join().expect("it ends")).expect("it is JSON");
    assert_eq!(report["summary"]["errors"], 1);
    assert_eq!(names(&desk), ["a.md", "good.md", "log", "pipe"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_named_and_the_others_are_written() {
    let desk = desk();
    let ended = run(&desk, &["json=/dev/full", "jsonl=out.jsonl"]);
    ended.code(2).complains("the report \"/dev/full\" cannot be written").says(LINE);
    assert_eq!(text(&desk, "out.jsonl").lines().count(), 3);
    fs::remove_file(desk.path().join("out.jsonl")).expect("it is there");
    // So it is where nobody can be told.
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    let status = desk.command(&["lint", "--format", "jsonl=out.jsonl"]).stdout(full).status();
    assert_eq!(status.expect("it runs").code(), Some(2));
    assert!(text(&desk, "out.jsonl").ends_with("}\n"));
    // Nor is it lost when the reader of the lines has seen enough.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = desk.command(&["lint", "--format", "json=out.json"]).stdout(writer).status();
    assert_eq!(status.expect("it runs").code(), Some(1));
    assert_eq!(json(&desk, "out.json")["summary"]["errors"], 1);
}

#[test]
fn fixing_is_told_to_programs_without_flooding_people() {
    let desk = Desk::new(&[("a.md", "# A\n\n## Ends.\n\nText.\n")]);
    let fix = ["--only", "heading-punctuation", "--fix"];
    let ended = desk.lint(&[&fix[..], &["--format", "json=out.json"]].concat());
    assert_eq!(ended.code(0).stdout, "fixed 1 finding in 1 file\n1 article checked, nothing found\n");
    assert_eq!(json(&desk, "out.json")["fixed"][0]["path"], "a.md");
    desk.write("a.md", b"# A\n\n## Ends.\n\nText.\n");
    let shown = desk.lint(&[&fix[..], &["--show-fixes", "--format", "jsonl=out.json"]].concat());
    shown.code(0).says("a.md:3:8: fixed heading-punctuation: ");
    for more in ["--diff", "--fix-dry-run"] {
        desk.lint(&[more, "--format", "json=out.json"]).code(2).complains("cannot be used with");
    }
}

#[test]
fn a_text_of_standard_input_is_reported_to_files() {
    let desk = Desk::new(&[("a.md", GOOD)]);
    let arguments = ["lint", ONLY[0], ONLY[1], "--stdin-file-path", "a.md", "--format", "json=out.json"];
    desk.stdin(&arguments, BAD.as_bytes()).code(1).says(LINE);
    assert_eq!(json(&desk, "out.json")["findings"][0]["start"]["line"], 3);
    let fixing = [&arguments[..], &["--fix", "--unsafe-fixes", "--alone"]].concat();
    let ended = desk.stdin(&fixing, BAD.as_bytes());
    assert_eq!(ended.code(0).stdout, "# A\n\n## Deep\n\nIn the middle.\n");
    ended.complains("fixed 2 findings in 1 file");
    assert_eq!(json(&desk, "out.json")["fixed"].as_array().map(Vec::len), Some(2));
    let over = ["lint", "--stdin-file-path", "a.md", "--format", "json=a.md"];
    desk.stdin(&over, BAD.as_bytes()).code(2).complains("is no report: it would be lost");
    assert_eq!(text(&desk, "a.md"), GOOD);
}

#[test]
fn a_run_in_which_nothing_has_changed_writes_its_reports() {
    let desk = desk();
    for arguments in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "-m", "first"],
    ] {
        let status = Command::new("git").args(arguments).current_dir(desk.path()).status();
        assert!(status.expect("git runs").success());
    }
    desk.write("out.json", b"of an earlier run");
    let changed = |format: &[&str]| desk.lint(&[&["--changed"], format].concat());
    changed(&[]).code(0).says("no article has changed since");
    for format in ["json=out.json", "concise=out.txt"] {
        changed(&["--format", format]).code(0).says("no article checked, nothing found\n");
    }
    assert_eq!(json(&desk, "out.json")["summary"]["checked"], 0);
    assert!(text(&desk, "out.txt").starts_with("no article checked, nothing found\n"));
    assert_eq!(changed(&["--format", "json"]).code(0).json()["summary"]["checked"], 0);
}

#[test]
fn a_merge_does_not_overwrite_its_parts() {
    let desk = desk();
    for (shard, part) in [("1/2", "1.json"), ("2/2", "2.json")] {
        desk.lint(&[&ONLY[..], &["--shard", shard, "--output-part", part]].concat()).code(0);
    }
    let merge = |format: &str| desk.run(&["merge", "1.json", "2.json", "--format", format]);
    merge("json=2.json").code(2).complains("the report would overwrite the part \"2.json\"");
    merge("json=out.json").code(1).says(LINE);
    assert_eq!(json(&desk, "out.json")["summary"]["errors"], 1);
    desk.lint(&["--shard", "1/2", "--output-part", "p.json", "--format", "json=out.json"])
        .code(2)
        .complains("cannot be used with");
}

#[test]
fn a_watch_writes_its_files_anew() {
    let desk = desk();
    let mut watcher =
        super::watch::Watcher::new(&desk, &[&ONLY[..], &["--format", "json=out.json"]].concat());
    watcher.reports(&["a.md heading-increment", "a.md repeated-word"]);
    assert_eq!(json(&desk, "out.json")["summary"]["errors"], 1);
    desk.write("a.md", GOOD.as_bytes());
    // The report is no change of the site.
    let second = watcher.reports(&[]);
    assert!(second.contains("] \"a.md\" has changed\n"), "{second}");
    assert_eq!(json(&desk, "out.json")["summary"]["errors"], 0);
    for format in ["json", "github", "markdown=-"] {
        let name = format.trim_end_matches("=-");
        desk.lint(&["--watch", "--format", format])
            .code(2)
            .complains(&format!("`--format {name}` is one report for a program"));
    }
}

#[cfg(unix)]
#[test]
fn what_somebody_was_asked_about_is_reported_to_files() {
    let desk = desk();
    let arguments =
        ["--interactive", "--color", "never", ONLY[0], ONLY[1], "--format", "json=out.json", "a.md"];
    let mut session = super::interactive::Session::of(&desk, &arguments);
    session.answer("n").answer("y").code(1);
    let report = json(&desk, "out.json");
    assert_eq!(
        (&report["summary"]["errors"], &report["fixed"][0]["rule"]),
        (&Json::from(1), &Json::from("repeated-word"))
    );
}
