//! What is remembered of articles: a run says the same with it and without, whatever changed meanwhile, and whoever else is
//! writing or was killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::cli::{Desk, Ended};
use super::corpus::Corpus;

const DAY: &[&str] = &["lint", "--today", "2026-06-01"];

/// A site of `fixtures/`, in a folder of its own.
fn site(name: &str) -> Desk {
    let folder = super::root().join("fixtures/sites").join(name);
    let desk = Desk::new(&[]);
    for path in super::files(&folder.to_string_lossy(), "") {
        let within = path.strip_prefix(&folder).expect("it was found there");
        // What runs of a developer have left there.
        if !within.starts_with(".copydesk") {
            desk.write(&within.to_string_lossy(), &fs::read(&path).expect("a file of ours"));
        }
    }
    desk
}

/// The names of all sites.
fn sites() -> Vec<String> {
    let lists = super::files("fixtures/sites", "expected.yaml");
    lists.iter().filter_map(|list| Some(list.parent()?.file_name()?.to_string_lossy().into_owned())).collect()
}

/// A run without the cache, and two with it, come to the same.
#[track_caller]
fn same(desk: &Desk, arguments: &[&str]) -> Ended {
    let run = |more: &[&str]| desk.run(&[DAY, arguments, more].concat());
    let without = run(&["--no-cache"]);
    assert!(matches!(without.code, 0 | 1), "{without:?}");
    for turn in ["first", "second"] {
        let with = run(&[]);
        assert_eq!((with.code, &with.stderr), (without.code, &without.stderr), "{turn}");
        assert_eq!(with.stdout, without.stdout, "{turn}");
    }
    without
}

/// The bytes of all results.
fn size(desk: &Desk) -> u64 {
    let files = fs::read_dir(desk.path().join(".copydesk")).into_iter().flatten().flatten();
    let results = files.filter(|file| file.file_name().to_string_lossy().starts_with('f'));
    results.map(|file| file.metadata().expect("it is there").len()).sum()
}

#[test]
fn a_run_says_the_same_with_the_cache_and_without() {
    for name in sites() {
        let desk = site(&name);
        assert!(same(&desk, &["--format", "json"]).stdout.len() > 1000, "{name}");
        let size = size(&desk);
        assert!(size > 1000, "{name}: {size}");
        for format in [
            &["--format", "pretty"][..],
            &["--report-suppressed"],
            &["--diff"],
            &["--fix-dry-run"],
            &["--threads", "3"],
        ] {
            same(&desk, format);
            assert_eq!(self::size(&desk), size, "{name} {format:?}: nothing is found out twice");
        }
        let folder = desk.path().join(".copydesk");
        assert_eq!(
            fs::read_to_string(folder.join(".gitignore")).ok().as_deref().map(|text| text.ends_with("*\n")),
            Some(true)
        );
    }
}

#[test]
fn whatever_changes_is_seen() {
    let desk = Desk::new(&[]);
    let schema = "$schema: https://json-schema.org/draft/2020-12/schema\ntype: object\nproperties:\n  \
                  rating: {$ref: parts.yaml#/$defs/rating}\n";
    let parts = "$defs:\n  rating: {type: integer, maximum: 5}\n";
    let page = "---\nsummary: No such word\nlevel: warning\nfix: none\ncheck:\n  existence:\n    scope: text\n    tokens: [plinth]\n    \
                message: a word\n---\nWords.\n";
    let config = "extends: recommended\npacks: [{path: desk}]\ncollections:\n  - name: all\n    files: '**'\n    \
                  schema: schemas/a.yaml\n";
    desk.write("schemas/a.yaml", schema.as_bytes());
    desk.write("schemas/parts.yaml", parts.as_bytes());
    desk.write("desk/word.md", page.as_bytes());
    desk.write("copydesk.yaml", config.as_bytes());
    desk.write(
        "a.md",
        b"---\ntitle: Doors\nname: A door, and another of oak\nslug: doors\nrating: 5\n---\n\nA plinth.\n",
    );
    desk.write("b.md", b"---\ntitle: Gates\nslug: gates\nrating: 5\n---\n\nA gate. https://a.test\n");
    let mut last = same(&desk, &[]).stdout;
    let roles = format!("{config}    roles: {{title: name}}\n");
    let steps = [
        ("a.md", "---\ntitle: Doors\nname: A door, and another of oak\nslug: doors\nrating: 5\n---\n\nA plinth, a plinth.\n".to_owned()),
        ("b.md", "---\ntitle: Gates\nslug: doors\nrating: 5\n---\n\nA gate. https://a.test\n".to_owned()),
        ("desk/word.md", page.replace("plinth", "gate")),
        ("schemas/a.yaml", schema.replace("type: object", "type: object\nrequired: [name]")),
        ("schemas/parts.yaml", parts.replace('5', "4")),
        ("copydesk.yaml", format!("{config}rules: {{bare-url: error}}\n")),
        ("copydesk.yaml", format!("{config}rules: {{bare-url: {{level: warning, fix: none}}, title-length: {{min: 3}}}}\n")),
        ("copydesk.yaml", roles),
    ];
    for (path, text) in steps {
        desk.write(path, text.as_bytes());
        let now = same(&desk, &["--format", "json"]).stdout;
        assert_ne!(now, last, "{path} is changed:\n{text}");
        last = now;
    }
    for arguments in [
        &["--no-suppressions"][..],
        &["--only", "bare-url"],
        &["--alone"],
        &["-o", "title-length.min=3"],
        &["a.md"],
        &["b.md"],
    ] {
        same(&desk, arguments);
    }
}

#[test]
fn facts_stay_when_an_option_changes() {
    let desk = site("trend-blog");
    desk.run(DAY);
    let facts = || -> Vec<u64> {
        let path = |number: u32| desk.path().join(format!(".copydesk/facts-{number:x}"));
        (0..16).map(|number| fs::metadata(path(number)).map_or(0, |file| file.len())).collect()
    };
    let (before, all) = (facts(), size(&desk));
    assert!(before.iter().sum::<u64>() > 0);
    desk.run(&[DAY, &["-o", "title-length.min=3"]].concat());
    assert!(size(&desk) > all);
    assert_eq!(facts(), before);
}

#[test]
fn what_looked_at_the_clock_holds_on_its_days() {
    let config = ("copydesk.yaml", "extends: all\n");
    let desk = Desk::new(&[
        config,
        ("a.md", "---\ntitle: A\ndate: 2026-06-10\n---\n\n# A\n"),
        ("b.md", "---\ntitle: B\n---\n\n# B\n"),
    ]);
    for day in
        ["2026-05-01", "2026-06-08", "2026-06-09", "2026-06-10", "2027-06-10", "2027-06-11", "2026-06-09"]
    {
        let run = |more: &[&str]| desk.lint(&[&["--today", day], more].concat());
        let (without, with) = (run(&["--no-cache"]), run(&[]));
        assert_eq!(with.stdout, without.stdout, "{day}");
    }
}

#[test]
fn what_comes_by_standard_input_or_without_a_config_is_not_kept() {
    let desk = Desk::new(&[("a.md", "A https://a.test\n")]);
    desk.lint(&[]).code(0);
    assert!(!desk.path().join(".copydesk").exists(), "there is no config");
    desk.write("copydesk.yaml", b"extends: recommended\nrules: {duplicate-slug: off}\n");
    desk.stdin(&["lint", "--stdin-file-path", "a.md", "--alone"], b"A\n");
    assert!(!desk.path().join(".copydesk").exists());
    desk.lint(&["--no-cache"]).code(0);
    assert!(!desk.path().join(".copydesk").exists());
    desk.lint(&[]).code(0);
    assert!(size(&desk) > 0);
}

#[test]
fn fixing_comes_to_the_same() {
    for name in sites() {
        let (with, without) = (site(&name), site(&name));
        with.run(DAY);
        let arguments = [DAY, &["--fix", "--unsafe-fixes"]].concat();
        let ended = with.run(&arguments);
        let other = without.run(&[&arguments[..], &["--no-cache"]].concat());
        assert_eq!((ended.code, ended.stdout), (other.code, other.stdout), "{name}");
        for path in super::files(&without.path().to_string_lossy(), "") {
            let within = path.strip_prefix(without.path()).expect("it was found there").to_string_lossy();
            assert_eq!(with.bytes(&within), without.bytes(&within), "{name}: {within}");
        }
        same(&with, &[]);
    }
}

#[test]
fn a_cache_that_is_damaged_or_cannot_be_written_is_named_and_changes_nothing() {
    let desk = site("allotment");
    let without = desk.run(&[DAY, &["--no-cache"]].concat());
    desk.run(DAY);
    let files: Vec<PathBuf> = super::files(&desk.path().join(".copydesk").to_string_lossy(), "")
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("find")))
        .collect();
    for path in &files {
        let mut bytes = fs::read(path).expect("a file of results");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(path, bytes).expect("it can be written");
    }
    let ended = desk.run(DAY);
    assert_eq!((ended.code, &ended.stdout), (without.code, &without.stdout));
    ended.complains("not used: an entry is not as it was written").complains("more files of the cache");
    assert_eq!(desk.run(DAY).stderr, "", "it is made anew");

    fs::remove_dir_all(desk.path().join(".copydesk")).expect("it is there");
    desk.write(".copydesk", b"a file\n");
    let ended = desk.run(DAY);
    assert_eq!((ended.code, &ended.stdout), (without.code, &without.stdout));
    ended.complains("is not written: the folder");
    assert_eq!(desk.bytes(".copydesk"), b"a file\n");
}

#[test]
fn the_cache_is_shown_and_removed() {
    let desk = site("handbook");
    desk.run(DAY);
    desk.run(&["cache", "show"]).code(0).says("results  ");
    let json = desk.run(&["cache", "show", "--format", "json"]).json();
    assert!(json["results"]["findings"].as_u64().is_some_and(|count| count > 5), "{json}");
    assert!(json["results"]["facts"].as_u64().is_some_and(|count| count > 5), "{json}");
    assert!(json["results"]["bytes"].as_u64() <= json["bytes"].as_u64(), "{json}");
    desk.run(&["cache", "clean"]).code(0);
    assert!(!desk.path().join(".copydesk").exists());
}

/// A site of so many articles.
fn large(count: usize) -> Desk {
    let desk = Desk::new(&[("copydesk.yaml", "extends: all\n")]);
    for number in 0..count {
        let text = format!(
            "---\ntitle: Door {number}\nslug: door-{}\n---\n\n### Oak\n\nThe the https://a.test/{number}\n",
            number / 2
        );
        desk.write(&format!("pages/{}/{number}.md", number % 7), text.as_bytes());
    }
    desk
}

#[test]
fn runs_at_the_same_time_and_runs_that_are_killed_leave_a_cache_that_says_the_truth() {
    let desk = large(300);
    let begin = Instant::now();
    let without = desk.run(&[DAY, &["--no-cache"]].concat());
    let time = begin.elapsed();
    for part in 1..=8u32 {
        let mut child =
            desk.command(DAY).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        thread::sleep(time * part / 8);
        // It may be over by then.
        let _ = child.kill();
        child.wait().expect("it is our child");
        let ended = desk.run(&[DAY, &["pages/1"]].concat());
        assert_eq!(ended.stderr, "", "after {:?}", time * part / 8);
    }
    let mut children = Vec::new();
    for _ in 0..4 {
        children.push(
            desk.command(DAY).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts"),
        );
        thread::sleep(Duration::from_millis(20));
    }
    for child in children {
        let ended = Ended::of(&child.wait_with_output().expect("it ends"));
        assert_eq!(
            (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
            (without.code, without.stdout.as_str(), "")
        );
    }
    assert_eq!(desk.run(DAY).stdout, without.stdout);
}

#[test]
#[ignore = "reads the folder in COPYDESK_CORPUS: real articles are not part of the project"]
fn a_corpus_comes_to_the_same_with_the_cache_and_without() {
    let corpus = Corpus::read();
    let desk = Desk::new(&[("copydesk.yaml", "extends: all\n")]);
    let config = desk.path().join("copydesk.yaml");
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command
            .args(DAY)
            .args(["--format", "json", "--config"])
            .arg(&config)
            .args(more)
            .arg(absolute(&corpus.folder));
        let output = command.current_dir(desk.path()).output().expect("the program starts");
        (output.status.code(), output.stdout, output.stderr)
    };
    let without = run(&["--no-cache"]);
    for turn in ["first", "second"] {
        assert!(run(&[]) == without, "the {turn} run with the cache says something else");
    }
    assert!(size(&desk) > 0);
}

fn absolute(folder: &Path) -> PathBuf {
    folder.canonicalize().expect("it is there")
}
