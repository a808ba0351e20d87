//! `lint --watch`, from the outside: files change in all the ways in which editors and other programs change them.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::cli::{Desk, Ended};

/// How long the program may take to say something: much longer than it does on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// What ends each report.
const DONE: &str = "watching for changes";

const BAD: &str = "# A\n\n#### Deep\n\nText of it.\n";
const GOOD: &str = "# A\n\nText of it.\n";

/// The program as it runs.
pub(super) struct Watcher {
    child: Child,
    output: Receiver<Vec<u8>>,
    unread: String,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // It would run for ever; one that is gone already is no harm.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watcher {
    pub(super) fn new(desk: &Desk, arguments: &[&str]) -> Self {
        let mut command = desk.command(&["lint", "--watch", "--color", "never"]);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (sender, output) = channel();
        let mut streams: Vec<Box<dyn std::io::Read + Send>> = vec![
            Box::new(child.stdout.take().expect("it is a pipe")),
            Box::new(child.stderr.take().expect("it is a pipe")),
        ];
        for mut stream in streams.drain(..) {
            let sender = sender.clone();
            // It ends when the program does.
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes) {
                    if sender.send(bytes[..count].to_vec()).is_err() {
                        break;
                    }
                }
            });
        }
        Self { child, output, unread: String::new() }
    }

    /// Waits until all of this is said, be it in one stream or in two.
    #[track_caller]
    fn complains(&mut self, texts: &[&str]) {
        let begin = Instant::now();
        while !texts.iter().all(|text| self.unread.contains(text)) {
            match self.output.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
                Ok(bytes) => self.unread.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("{texts:?} is not said ({error}): {}", self.unread),
            }
        }
        self.unread.clear();
    }

    /// Waits until this is said, and brings what was said up to its end.
    #[track_caller]
    fn until(&mut self, text: &str) -> String {
        let begin = Instant::now();
        loop {
            if let Some(at) = self.unread.find(text) {
                return self.unread.drain(..at + text.len()).collect();
            }
            let left = PATIENCE.saturating_sub(begin.elapsed());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.unread.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("\"{text}\" is not said ({error}): {}", self.unread),
            }
        }
    }

    /// The next report: its findings as `path rule`, and all of it.
    #[track_caller]
    fn report(&mut self) -> (Vec<String>, String) {
        let report = self.until(DONE);
        let findings = report.lines().filter(|line| line.contains(": error ") || line.contains(": warning "));
        let findings = findings.map(|line| {
            let mut parts = line.split(": ");
            let path = parts.next().unwrap_or_default().split(':').next().unwrap_or_default();
            format!("{path} {}", parts.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default())
        });
        (findings.collect(), report)
    }

    #[track_caller]
    pub(super) fn reports(&mut self, expected: &[&str]) -> String {
        let (found, report) = self.report();
        assert_eq!(found, expected, "{report}");
        report
    }

    /// Waits for a report that has these findings: another program may be seen between two steps of what it does.
    #[track_caller]
    fn comes_to(&mut self, expected: &[&str]) {
        let begin = Instant::now();
        loop {
            let (found, report) = self.report();
            if found == expected {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{expected:?} is not what it comes to: {report}");
        }
    }
}

const ONLY: [&str; 2] = ["--only", "heading-increment,duplicate-slug"];

#[test]
fn what_changes_is_checked_and_the_rest_is_remembered() {
    let desk = Desk::new(&[("a.md", GOOD), ("posts/b.md", BAD)]);
    let mut watcher = Watcher::new(&desk, &ONLY);
    let first = watcher.reports(&["posts/b.md heading-increment"]);
    assert!(first.contains("2 articles checked"), "{first}");
    desk.write("a.md", BAD.as_bytes());
    let second = watcher.reports(&["a.md heading-increment", "posts/b.md heading-increment"]);
    assert!(second.contains("] \"a.md\" has changed\n"), "{second}");
    desk.write("posts/b.md", GOOD.as_bytes());
    watcher.reports(&["a.md heading-increment"]);
}

#[test]
fn editors_write_in_several_ways() {
    let desk = Desk::new(&[("a.md", GOOD), ("b.md", GOOD)]);
    let path = desk.path().join("a.md");
    let mut watcher = Watcher::new(&desk, &ONLY);
    watcher.reports(&[]);
    // By a new file that takes the name of the old.
    desk.write(".a.md.swp", BAD.as_bytes());
    fs::rename(desk.path().join(".a.md.swp"), &path).expect("it can be renamed");
    watcher.comes_to(&["a.md heading-increment"]);
    // By taking the old one away first.
    fs::rename(&path, desk.path().join("a.md~")).expect("it can be renamed");
    desk.write("a.md", GOOD.as_bytes());
    watcher.comes_to(&[]);
    // By emptying it and writing it in pieces.
    let mut file = File::create(&path).expect("it can be written");
    let (one, two) = BAD.split_at(8);
    file.write_all(one.as_bytes()).expect("it can be written");
    file.flush().expect("it can be written");
    file.write_all(two.as_bytes()).expect("it can be written");
    drop(file);
    watcher.comes_to(&["a.md heading-increment"]);
}

#[test]
fn files_and_folders_come_and_go() {
    let desk = Desk::new(&[("a.md", GOOD), ("away/x.md", BAD), ("away/deep/y.md", BAD)]);
    let mut watcher = Watcher::new(&desk, &ONLY);
    watcher.reports(&["away/deep/y.md heading-increment", "away/x.md heading-increment"]);
    desk.write("new/deeper/b.md", BAD.as_bytes());
    let three = ["away/deep/y.md heading-increment", "away/x.md heading-increment"];
    let three = [&three[..], &["new/deeper/b.md heading-increment"]].concat();
    watcher.comes_to(&three);
    // In a folder that was not there when it began.
    desk.write("new/deeper/c.md", BAD.as_bytes());
    watcher.comes_to(&[&three[..], &["new/deeper/c.md heading-increment"]].concat());
    fs::rename(desk.path().join("new"), desk.path().join("old")).expect("it can be renamed");
    let moved = ["old/deeper/b.md heading-increment", "old/deeper/c.md heading-increment"];
    watcher.comes_to(&[&three[..2], &moved].concat());
    fs::remove_dir_all(desk.path().join("away")).expect("it can be removed");
    watcher.comes_to(&moved);
    // Another folder of a name that is known.
    fs::rename(desk.path().join("old"), desk.path().join(".kept")).expect("it can be renamed");
    watcher.comes_to(&[]);
    desk.write("old/deeper/b.md", GOOD.as_bytes());
    desk.write("old/deeper/d.md", BAD.as_bytes());
    watcher.comes_to(&["old/deeper/d.md heading-increment"]);
    desk.write("old/deeper/b.md", BAD.as_bytes());
    watcher.comes_to(&["old/deeper/b.md heading-increment", "old/deeper/d.md heading-increment"]);
}

#[test]
fn rules_about_many_articles_stay_true() {
    let article = |slug: &str| format!("---\ntitle: A\nslug: {slug}\n---\n# A\n\nText.\n");
    let open = "---\ntitle: A\nslug: one # copydesk-ignore duplicate-slug: known\n---\n# A\n";
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules: {}\n"),
        ("posts/a.md", &article("one")),
        ("notes/b.md", &article("two")),
    ]);
    let mut watcher = Watcher::new(&desk, &[&["posts"], &ONLY[..]].concat());
    watcher.reports(&[]);
    // It lies beside what was named, and is known.
    desk.write("notes/b.md", article("one").as_bytes());
    watcher.reports(&["posts/a.md duplicate-slug"]);
    desk.write("posts/c.md", article("one").as_bytes());
    watcher.comes_to(&["posts/a.md duplicate-slug", "posts/c.md duplicate-slug"]);
    desk.write("posts/a.md", open.as_bytes());
    watcher.reports(&["posts/c.md duplicate-slug"]);
    fs::remove_file(desk.path().join("notes/b.md")).expect("it can be removed");
    desk.write("posts/c.md", article("three").as_bytes());
    watcher.comes_to(&[]);
}

#[test]
fn the_set_up_is_watched_too_and_may_be_wrong_for_a_while() {
    let desk = Desk::new(&[
        ("site/a.md", BAD),
        ("site/copydesk.yaml", "extends: [none, ../shared/house.yaml]\npacks: [../pack]\n"),
        ("shared/house.yaml", "rules: {heading-increment: error}\n"),
        ("pack/loud.md", PAGE),
    ]);
    let mut watcher = Watcher::new(&desk, &["site"]);
    watcher.reports(&["site/a.md heading-increment"]);
    desk.write("shared/house.yaml", b"rules: {heading-increment: off}\n");
    let report = watcher.reports(&[]);
    assert!(report.contains("shared/house.yaml\" has changed"), "{report}");
    desk.write("pack/loud.md", PAGE.replace("Shout", "Text").as_bytes());
    watcher.reports(&["site/a.md pack/loud"]);
    desk.write("site/copydesk.yaml", b"rules: {heading-increment: eror}\n");
    watcher.complains(&["the set-up is wrong", "eror"]);
    desk.write("site/copydesk.yaml", b"extends: none\nrules: {heading-increment: warning}\n");
    let report = watcher.reports(&["site/a.md heading-increment"]);
    assert!(report.contains("the set-up is right again"), "{report}");
    // A nearer one than before.
    fs::create_dir(desk.path().join("site/in")).expect("it can be made");
    desk.write("site/in/b.md", BAD.as_bytes());
    watcher.comes_to(&["site/a.md heading-increment", "site/in/b.md heading-increment"]);
    desk.write("site/in/copydesk.yaml", b"rules: {heading-increment: off}\n");
    watcher.comes_to(&["site/a.md heading-increment"]);
    fs::remove_file(desk.path().join("site/in/copydesk.yaml")).expect("it can be removed");
    watcher.comes_to(&["site/a.md heading-increment", "site/in/b.md heading-increment"]);
    fs::remove_dir_all(desk.path().join("site")).expect("it can be removed");
    watcher.complains(&["the set-up is wrong", "does not exist"]);
    desk.write("site/a.md", GOOD.as_bytes());
    desk.write("site/copydesk.yaml", b"extends: none\nrules: {heading-increment: warning}\n");
    watcher.comes_to(&[]);
}

const PAGE: &str = "---\nsummary: nobody shouts\nlevel: warning\nfix: none\ncheck:\n  existence:\n    scope: text\n    \
                    tokens: [Shout]\n    message: somebody shouts\n---\n# Loud\n\nText.\n";

#[test]
fn a_schema_is_watched_with_all_that_it_refers_to() {
    let desk = Desk::new(&[
        ("a.md", "---\ntitle: A\n---\n# B\n"),
        (
            "copydesk.yaml",
            "extends: none\nrules: {schema: error}\ncollections:\n  - {name: all, files: \"**\", schema: schemas/one.json}\n",
        ),
        ("schemas/one.json", "{\"properties\": {\"title\": {\"$ref\": \"two.json\"}}}"),
        ("schemas/two.json", "{\"type\": \"string\"}"),
    ]);
    let mut watcher = Watcher::new(&desk, &[]);
    watcher.reports(&[]);
    desk.write("schemas/two.json", b"{\"type\": \"number\"}");
    watcher.comes_to(&["a.md schema"]);
}

#[test]
fn a_burst_is_one_report_and_what_is_the_same_is_none() {
    let files: Vec<(String, String)> =
        (0..300).map(|number| (format!("{number:03}.md"), GOOD.to_owned())).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let desk = Desk::new(&files);
    let mut watcher = Watcher::new(&desk, &ONLY);
    watcher.reports(&[]);
    // None of these changes anything: times, files of other programs, our own folder.
    desk.write("000.md", GOOD.as_bytes());
    desk.write(".copydesk/cache.json", b"{}");
    desk.write("notes.txt", b"x");
    desk.write("250.md", BAD.as_bytes());
    let report = watcher.reports(&["250.md heading-increment"]);
    assert!(report.contains("] \"250.md\" has changed\n"), "{report}");
    for (path, _) in &files[..200] {
        desk.write(path, BAD.as_bytes());
    }
    // On a machine that has much else to do, it may look in between; but not two hundred times.
    let mut count = 0;
    loop {
        count += 1;
        if watcher.report().0.len() == 201 {
            break;
        }
    }
    assert!(count <= 20, "{count} reports");
}

#[test]
fn what_makes_no_sense_with_it_is_refused() {
    let desk = Desk::new(&[("a.md", GOOD)]);
    for arguments in [
        &["--fix"][..],
        &["--diff"],
        &["--fix-dry-run"],
        &["--interactive"],
        &["--stdin-file-path", "a.md"],
        &["--changed"],
        &["--staged"],
        &["--online"],
    ] {
        let ended: Ended = desk.lint(&[&["--watch"], arguments].concat());
        ended.code(2).complains("cannot be used with");
    }
    desk.lint(&["--watch", "--format", "json"]).code(2).complains("`--format json` is one report");
    desk.lint(&["--watch", "nowhere"]).code(2).complains("\"nowhere\" does not exist");
    desk.lint(&["--watch", "-o", "x"]).code(2).complains("is no `RULE.OPTION=VALUE`");
}

#[cfg(unix)]
#[test]
fn control_c_ends_it_as_it_ends_any_program() {
    use std::os::unix::process::ExitStatusExt as _;

    use rustix::process::{Pid, Signal, kill_process};
    let desk = Desk::new(&[("a.md", GOOD)]);
    let mut watcher = Watcher::new(&desk, &ONLY);
    watcher.reports(&[]);
    kill_process(Pid::from_child(&watcher.child), Signal::INT).expect("it is ours");
    assert_eq!(watcher.child.wait().expect("it ends").signal(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_terminal_is_cleared_and_a_pipe_is_not() {
    let desk = Desk::new(&[("a.md", GOOD)]);
    let mut watcher = Watcher::new(&desk, &ONLY);
    watcher.reports(&[]);
    desk.write("a.md", BAD.as_bytes());
    let report = watcher.reports(&["a.md heading-increment"]);
    assert!(!report.contains('\u{1b}') && report.contains("\n\n["), "{report:?}");
    let mut session = super::interactive::Session::of(&desk, &[&["--watch"], &ONLY[..]].concat());
    session.expect("\u{1b}[2J").expect(DONE);
    desk.write("a.md", GOOD.as_bytes());
    session.expect("\u{1b}[2J").expect("\"a.md\" has changed").expect("nothing found").expect(DONE);
    session.kill();
}

#[test]
fn a_baseline_is_watched_as_the_set_up_is() {
    let desk = Desk::new(&[("a.md", BAD), ("known.jsonl", "")]);
    let mut watcher = Watcher::new(&desk, &["--baseline", "known.jsonl"]);
    watcher.reports(&["a.md heading-increment"]);
    desk.lint(&["--write-baseline", "known.jsonl"]).code(0);
    watcher.comes_to(&[]);
    desk.write("known.jsonl", b"{}\n");
    watcher.complains(&["the set-up is wrong", "\"known.jsonl\" is no baseline"]);
    desk.write("known.jsonl", b"");
    watcher.comes_to(&["a.md heading-increment"]);
}
