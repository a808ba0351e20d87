//! The diff, held against a small reader of diffs and, where they are installed, `git apply` and `patch`.

#![expect(clippy::format_collect, reason = "here it may cost what it likes")]

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Applies a diff of one file to a text, strictly: each line that it names must be there.
fn patched(old: &str, diff: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let mut at = 0;
    let mut new = String::new();
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(head) = lines.next() {
        let parts: Vec<&str> = head.trim_end().split(' ').collect();
        let [_, from, to, _] = parts[..] else { panic!("no head of a hunk: {head:?}") };
        let range = |text: &str| {
            let (start, count) = text[1..].split_once(',').unwrap_or((&text[1..], "1"));
            (start.parse::<usize>().unwrap(), count.parse::<usize>().unwrap())
        };
        let ((start, mut left), (new_start, mut wanted)) = (range(from), range(to));
        let start = if left == 0 { start } else { start - 1 };
        new.extend(old[at..start].iter().copied());
        at = start;
        assert_eq!(new.split_inclusive('\n').count(), if wanted == 0 { new_start } else { new_start - 1 });
        while left + wanted > 0 {
            let line = lines.next().expect("the lines that the head counts");
            let (sign, content) = line.split_at(1);
            let is_unended = lines.next_if(|next| next.starts_with('\\')).is_some();
            let content = if is_unended { content.strip_suffix('\n').unwrap() } else { content };
            if sign != "+" {
                assert_eq!(old[at], content);
                (at, left) = (at + 1, left - 1);
            }
            if sign != "-" {
                new.push_str(content);
                wanted -= 1;
            }
        }
    }
    new.extend(old[at..].iter().copied());
    new
}

/// Texts of few lines and pieces, so that lines are the same here and there.
fn texts() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "a", " ", "\r", "\r\n", "\n", "\n", "\u{feff}", "é", "-", "+", "\\", "@@", "---",
    ]);
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_old_text_and_the_diff_make_the_new_text((old, new) in (texts(), texts())) {
        let diff = unified("a.md", &old, &new);
        prop_assert_eq!(diff.is_empty(), old == new);
        prop_assert_eq!(patched(&old, &diff), new);
    }

    #[test]
    fn what_is_shown_sends_nothing_and_is_cut((old, new) in (texts(), texts()), cells in 4_usize..40) {
        let look = Look { color: false, cells: Some(cells), ellipsis: "…", context: 1 };
        let text = shown(Some("a\x1b.md"), (&old, &new), &look);
        prop_assert_eq!(text.is_empty(), old == new);
        let sends = text.contains(['\r', '\x1b']);
        prop_assert!(!sends);
        let widest = text.lines().filter(|line| !line.starts_with(['@', '\\'])).map(|line| line.chars().count());
        prop_assert!(widest.max().unwrap_or_default() <= (cells + 3).max("--- a/a␛.md".len()));
    }

    #[test]
    fn what_differs_is_what_lies_between_what_does_not((old, new) in (texts(), texts())) {
        let (from, to) = shown::differ(&old, &new);
        prop_assert_eq!([&old[..from.start], &new[to.clone()], &old[from.end..]].concat(), new);
    }
}

#[test]
fn hunks_are_counted_as_readers_count_them() {
    let old: String = (1..=20).map(|line| format!("{line}\n")).collect();
    let new = old.replace("\n2\n", "\ntwo\n").replace("19\n20\n", "19\n20");
    let expected = "--- a/in/a.md\n+++ b/in/a.md\n\
         @@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n\
         @@ -17,4 +17,4 @@\n 17\n 18\n 19\n-20\n+20\n\\ No newline at end of file\n";
    assert_eq!(unified("in/a.md", &old, &new), expected);
    assert_eq!(unified("a.md", "", "x\n"), "--- a/a.md\n+++ b/a.md\n@@ -0,0 +1 @@\n+x\n");
    assert_eq!(
        unified("a.md", "x\r\ny", ""),
        "--- a/a.md\n+++ b/a.md\n@@ -1,2 +0,0 @@\n-x\r\n-y\n\\ No newline at end of file\n"
    );
}

#[test]
fn names_are_written_as_git_writes_them() {
    for (path, written) in [
        ("a.md", "a/a.md"),
        ("two words.md", "a/two words.md\t"),
        ("Tür.md", "a/Tür.md"),
        ("a \"b\".md", r#""a/a \"b\".md""#),
        ("a\\b\t\r\n\x01\x7f.md", r#""a/a\\b\t\r\n\001\177.md""#),
        ("/srv/a.md", "a/srv/a.md"),
    ] {
        assert_eq!(name("a/", path), written);
    }
}

/// Files that a diff must carry over: name, old text, new text.
const FILES: [(&str, &str, &str); 16] = [
    ("plain.md", "a\nb\nc\n", "a\nB\nc\n"),
    ("in/deep/er.md", "a\n", "b\n"),
    ("two words.md", "a\n", "b\n"),
    (" edges .md", "a\n", "b\n"),
    ("Tür ß 日本.md", "a\n", "b\n"),
    ("a \"quote\".md", "a\n", "b\n"),
    ("back\\slash.md", "a\n", "b\n"),
    ("tab\tand\x01control.md", "a\n", "b\n"),
    ("-dash.md", "a\n", "b\n"),
    ("crlf.md", "a\r\nb\r\nc\r\n", "a\r\nB \r\nc\r\n"),
    ("mixed.md", "a\r\nb\nc\rd\n", "a\nb\r\nc\re\n"),
    ("mark.md", "\u{feff}a\nb\n", "a\nB\n"),
    ("unended.md", "a\nb", "a\nb\n"),
    ("ended.md", "a\nb\n", "a\nb"),
    ("from nothing.md", "", "a\nb"),
    ("--- a.md", "-- a/x\n++ b/x\n@@ -1 +1 @@\n\\ No\n", "++ b/x\n-- a/x\n@@ -1 +1 @@\n \\ No\n"),
];

/// Has a program apply the diffs of all files at once, or says that it is not there.
fn carried_over(program: &str, arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let mut diff = String::new();
    for (path, old, new) in FILES {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, old).unwrap();
        diff += &unified(path, old, new);
    }
    let patch = tempfile::NamedTempFile::new().unwrap();
    fs::write(patch.path(), diff).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(patch.path()).current_dir(folder.path());
    // A repository around the folder, or the user's config, would change what `git apply` does.
    command.env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap_or(Path::new("/")));
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let Ok(output) = command.output() else {
        // Not by `eprintln!`, which nobody sees of a test that passes.
        let _ = writeln!(io::stderr(), "skipped: {program} is not installed");
        return;
    };
    assert!(output.status.success(), "{program}: {output:?}");
    for (path, _, new) in FILES {
        assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), new, "{program} at {path:?}");
    }
}

#[cfg(unix)]
#[test]
fn git_applies_it() {
    carried_over("git", &["apply", "--whitespace=nowarn"]);
}

#[cfg(unix)]
#[test]
fn patch_applies_it() {
    carried_over("patch", &["-p1", "-s", "-i"]);
}

/// Numbers by chance, the same in each run.
fn random(count: usize, below: u64) -> String {
    let mut state: u64 = 88_172_645_463_325_252;
    let mut next = || {
        for (left, by) in [(true, 13), (false, 7), (true, 17)] {
            state ^= if left { state << by } else { state >> by };
        }
        state % below
    };
    (0..count).map(|_| format!("{}\n", next())).collect()
}

#[test]
fn hostile_texts_cost_little_more_than_their_length() {
    let all: String = (0..25_000).map(|line| format!("line {line} \n")).collect();
    let every_other: String = (0..25_000)
        .map(|line| if line % 2 == 0 { format!("line {line}\n") } else { format!("line {line} \n") })
        .collect();
    let chance = random(4_000, 50);
    let turned: String = chance.lines().rev().map(|line| format!("{line}\n")).collect();
    let long = "word ".repeat(50_000);
    let cases = [
        ("each line changed", all.clone(), all.replace(" \n", "\n")),
        ("every other line changed", every_other.replace(" \n", "\n"), every_other),
        ("lines by chance", chance, turned),
        ("one line", long.clone(), long.replacen("word word ", "word", 1)),
        ("lone returns", "a\r".repeat(100_000), "a\n".repeat(100_000)),
        ("blank lines", "a\n\n\n".repeat(10_000), "a\n\n".repeat(10_000)),
    ];
    for (case, old, new) in cases {
        let start = Instant::now();
        let diff = unified("a.md", &old, &new);
        let look = Look { color: true, cells: Some(80), ellipsis: "…", context: 1 };
        let seen = shown(None, (&old, &new), &look);
        // What is quadratic takes far longer, in a build without optimisation.
        assert!(start.elapsed() < Duration::from_secs(30), "{case}: {:?}", start.elapsed());
        assert_eq!(patched(&old, &diff), new, "{case}");
        assert!(!seen.is_empty());
    }
}

#[test]
fn what_nobody_sees_is_shown_where_it_changes() {
    let look = Look { color: false, cells: None, ellipsis: "…", context: 0 };
    let lines = |old: &str, new: &str| {
        let text = shown(None, (old, new), &look);
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines("a  b \n", "a  b\n"), ["-a  b·", "+a  b"]);
    assert_eq!(lines("\tkey\n", "  key\n"), ["-␉key", "+··key"]);
    assert_eq!(lines("a\u{200b}b\n", "ab\n"), ["-a<U+200B>b", "+ab"]);
    assert_eq!(lines("a\r\nb\r\n", "a\r\nc\r\n"), ["-b", "+c"]);
    assert_eq!(lines("a\r\nb\n", "a\nb\n"), ["-a␍", "+a"]);
    assert_eq!(lines("a", "a\n"), ["-a", "\\ No newline at end of file", "+a"]);
    assert_eq!(lines("\x1b[2Ja\n", "\x1b[2Jb\n"), ["-␛[2Ja", "+␛[2Jb"]);
    assert_eq!(lines("  \n  \nx\n", "x\n"), ["-··", "-··"]);
}

#[test]
fn what_changes_in_a_line_is_set_off_and_a_long_line_cut_around_it() {
    let look = Look { color: true, cells: Some(12), ellipsis: "…", context: 0 };
    let old = format!("{}the the{}\n", "a ".repeat(100), " b".repeat(100));
    let new = old.replace("the the", "the");
    let text = shown(Some("a.md"), (&old, &new), &look);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "\x1b[1m--- a/a.md\x1b[0m");
    assert_eq!(lines[3], "\x1b[31m-…the \x1b[7mthe \x1b[27mb b …\x1b[0m");
    assert_eq!(lines[4], "\x1b[32m+…the b b b b …\x1b[0m");
}
