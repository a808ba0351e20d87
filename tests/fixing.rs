//! Fixing from the command line: which bytes change, what is said, and how it ends.

use std::fs;

use serde_json::json;

use super::cli::{Desk, Ended};

/// Two safe fixes and an unsafe one.
const OLD: &str = "---\ntitle: Doors # of oak\nreadingTime:   9\n---\n\n## Inside.\n\n#### Hinges\n\nOak.\n";
const SAFE: &str = "---\ntitle: Doors # of oak\nreadingTime:   1\n---\n\n## Inside\n\n#### Hinges\n\nOak.\n";
const ALL: &str = "---\ntitle: Doors # of oak\nreadingTime:   1\n---\n\n## Inside\n\n### Hinges\n\nOak.\n";
const GOOD: &str = "Oak.\n";
const CONFIG: &str = "extends: none\nrules: {reading-time: error, heading-punctuation: warning, heading-increment: error, unreadable-file: error}\n";

fn desk() -> Desk {
    Desk::new(&[("copydesk.yaml", CONFIG), ("a.md", OLD), ("in/b.md", GOOD)])
}

impl Desk {
    #[track_caller]
    fn holds(&self, path: &str, text: &str) {
        assert_eq!(String::from_utf8_lossy(&self.bytes(path)), text, "{path}");
    }
}

impl Ended {
    #[track_caller]
    fn is_all(&self, stdout: &str) -> &Self {
        assert_eq!(self.stdout, stdout, "{self:?}");
        self
    }
}

// --- What is changed.

#[test]
fn safe_fixes_are_applied_and_what_remains_is_reported() {
    let desk = desk();
    desk.lint(&["--fix"]).code(1).is_all(
        "a.md:8:1: error heading-increment: a heading of level 4 follows one of level 2 [unsafe fix]\n\
         fixed 2 findings in 1 file\n\
         2 articles checked, 1 error found in 1 file\n\
         1 with an unsafe fix (--fix --unsafe-fixes)\n",
    );
    desk.holds("a.md", SAFE);
    let again = desk.lint(&["--fix"]);
    again.code(1).found(&["a.md:8:1 heading-increment"]);
    assert!(!again.stdout.contains("fixed"), "{again:?}");
    desk.holds("a.md", SAFE);
    desk.lint(&["--fix", "--unsafe-fixes"])
        .code(0)
        .is_all("fixed 1 finding in 1 file\n2 articles checked, nothing found\n");
    desk.holds("a.md", ALL);
    desk.holds("in/b.md", GOOD);
}

#[test]
fn what_is_not_fixed_is_not_touched() {
    use std::time::SystemTime;
    let desk = desk();
    let past = SystemTime::UNIX_EPOCH;
    for path in ["a.md", "in/b.md"] {
        fs::File::options().write(true).open(desk.path().join(path)).unwrap().set_modified(past).unwrap();
    }
    let modified = |path: &str| fs::metadata(desk.path().join(path)).unwrap().modified().unwrap();
    desk.lint(&["--fix"]).code(1);
    assert_eq!(modified("in/b.md"), past);
    assert_ne!(modified("a.md"), past);
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 3, "nothing is left beside the files");
}

#[test]
fn rules_can_be_chosen_and_suppressed() {
    let desk = desk();
    desk.lint(&["--fix", "--only", "reading-time"]).code(0).says("fixed 1 finding in 1 file");
    desk.holds("a.md", &OLD.replace('9', "1"));
    desk.write("a.md", OLD.as_bytes());
    desk.lint(&["--fix", "--skip", "reading-time"]).code(1).found(&["a.md:8:1 heading-increment"]);
    desk.holds("a.md", &SAFE.replace('1', "9"));
    let ignored = OLD.replace("   9", "   9 # copydesk-ignore reading-time: with the film");
    desk.write("a.md", ignored.as_bytes());
    desk.lint(&["--fix"]).code(1).says("fixed 1 finding in 1 file").says("1 suppressed");
    desk.holds("a.md", &ignored.replace("Inside.", "Inside"));
}

#[test]
fn every_byte_beside_a_fix_is_kept() {
    let bare = OLD.trim_end();
    for (old, new) in [
        (bare.to_owned(), SAFE.trim_end().to_owned()),
        (OLD.replace('\n', "\r\n"), SAFE.replace('\n', "\r\n")),
        (OLD.replace('\n', "\r"), SAFE.replace('\n', "\r")),
        (format!("\u{feff}{OLD}"), format!("\u{feff}{SAFE}")),
        (format!("{OLD}\n \t\n\u{a0}é日🎉\r\n\x1b[31m"), format!("{SAFE}\n \t\n\u{a0}é日🎉\r\n\x1b[31m")),
    ] {
        let desk = desk();
        desk.write("a.md", old.as_bytes());
        desk.lint(&["--fix", "--skip", "heading-increment"]).code(0).says("fixed 2 findings in 1 file");
        desk.holds("a.md", &new);
    }
}

#[test]
fn a_key_is_added_to_its_own_mapping_while_another_rule_moves_it() {
    let schema = json!({ "properties": { "seo": {
        "required": ["name"],
        "properties": { "index": {}, "name": { "default": "" } },
    } } });
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules: {field-order: {level: warning, order: [title, seo, authors]}}\n"),
        ("schema.json", &schema.to_string()),
        ("a.md", "---\ntitle: Doors\nauthors:\n  a: b\nseo:\n  index: 1\n---\n"),
    ]);
    desk.lint(&["--fix", "--schema", "schema.json", "--only", "field-order,schema"]).code(0);
    desk.holds("a.md", "---\ntitle: Doors\nseo:\n  index: 1\n  name: \"\"\nauthors:\n  a: b\n---\n");
}

#[test]
fn a_front_matter_with_an_unquoted_colon_on_every_line_is_mended_in_one_run() {
    let page = |quote: &str| {
        let lines: Vec<String> =
            (1..=17).map(|key| format!("key{key}: {quote}Doors: a film{quote}")).collect();
        format!("---\n{}\n---\n\nOak.\n", lines.join("\n"))
    };
    let desk = Desk::new(&[("a.md", &page(""))]);
    desk.lint(&["--fix", "--unsafe-fixes", "--only", "front-matter-syntax"]).code(0);
    assert_eq!(String::from_utf8(desk.bytes("a.md")).unwrap(), page("\""));
}

#[test]
fn what_is_no_text_is_left_as_it_is() {
    let desk = desk();
    let latin = OLD.replace("Oak.", "Caf?.").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|byte| if byte == b'?' { 0xE9 } else { byte }).collect();
    desk.write("a.md", &latin);
    for mode in ["--fix", "--diff", "--fix-dry-run"] {
        let ended = desk.lint(&[mode, "--unsafe-fixes"]);
        ended.code(1);
        assert!((ended.stdout.clone() + &ended.stderr).contains("the file is not UTF-8"), "{ended:?}");
        assert!((ended.stdout.clone() + &ended.stderr).contains("skipped 1 file (unreadable)"), "{ended:?}");
        assert_eq!(desk.bytes("a.md"), latin);
    }
    desk.lint(&["a.md", "--diff"]).code(1).is_all("").complains("\"a.md\": the file is not UTF-8");
    // Turned off, it is no finding; but a run that looked at nothing is no clean one.
    desk.lint(&["--diff", "--skip", "unreadable-file", "a.md"])
        .code(2)
        .complains("no file was checked: 1 unreadable");
    let mut command = desk.command(&["lint", "--fix", "--stdin-file-path", "a.md"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &latin).unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, latin, "not a byte of it is lost on the way");
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_counts_as_it_is() {
    let desk = desk();
    let path = desk.path().join("a.md");
    let mut mode = fs::metadata(&path).unwrap().permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).unwrap();
    let ended = desk.lint(&["--fix", "--fail-on", "error", "--skip", "heading-increment,reading-time"]);
    ended
        .code(1)
        .found(&["a.md:6:4 heading-punctuation"])
        .says("1 with a safe fix (which was not applied)")
        .complains("\"a.md\" is left as it is: it is read-only");
    assert!(!ended.stdout.contains("fixed"), "{ended:?}");
    desk.holds("a.md", OLD);
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_the_mode_is_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let desk = Desk::new(&[("copydesk.yaml", CONFIG), ("elsewhere/a.md", OLD)]);
    fs::create_dir(desk.path().join("posts")).unwrap();
    symlink("../elsewhere/a.md", desk.path().join("posts/link.md")).unwrap();
    let file = desk.path().join("elsewhere/a.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    desk.lint(&["--fix", "posts"]).code(1).says("posts/link.md:8:1").says("fixed 2 findings in 1 file");
    assert!(desk.path().join("posts/link.md").is_symlink());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    desk.holds("elsewhere/a.md", SAFE);
}

#[cfg(unix)]
#[test]
fn a_file_with_several_names_is_fixed_once() {
    use std::os::unix::fs::symlink;
    let desk = desk();
    symlink("a.md", desk.path().join("link.md")).unwrap();
    symlink(".", desk.path().join("more")).unwrap();
    let absolute = desk.path().canonicalize().unwrap().join("a.md");
    let names = ["more/a.md", "link.md", "a.md", "./a.md", "in/../a.md", absolute.to_str().unwrap()];
    let ended = desk.lint(&[&["--fix"], names.as_slice()].concat());
    ended.code(1).says("fixed 2 findings in 1 file").says("1 article checked");
    assert_eq!(ended.stderr, "");
    desk.holds("a.md", SAFE);
    // A hard link is a file of its own as soon as one of the two is replaced.
    desk.write("a.md", OLD.as_bytes());
    fs::hard_link(desk.path().join("a.md"), desk.path().join("hard.md")).unwrap();
    let ended = desk.lint(&["--fix", "a.md", "hard.md"]);
    ended.code(1).says("fixed 4 findings in 2 files");
    assert_eq!(ended.stderr, "");
    desk.holds("a.md", SAFE);
    desk.holds("hard.md", SAFE);
}

// --- What is said.

#[test]
fn a_diff_is_all_of_standard_output_and_nothing_is_written() {
    let desk = desk();
    desk.write("in/z.md", b"# Oak.\n");
    let safe = "--- a/a.md\n+++ b/a.md\n@@ -1,9 +1,9 @@\n ---\n title: Doors # of oak\n-readingTime:   9\n\
                +readingTime:   1\n ---\n \n-## Inside.\n+## Inside\n \n #### Hinges\n \n\
                --- a/in/z.md\n+++ b/in/z.md\n@@ -1 +1 @@\n-# Oak.\n+# Oak\n";
    let ended = desk.lint(&["--diff"]);
    ended
        .code(1)
        .is_all(safe)
        .complains("would fix 3 findings in 2 files: 3 safe fixes")
        .complains("1 with an unsafe fix (--fix --unsafe-fixes)");
    desk.lint(&["--diff", "--fix"]).code(1).is_all(safe);
    desk.lint(&["--diff", "--unsafe-fixes", "--fail-on", "info"]).code(1).says("-#### Hinges\n+### Hinges\n");
    desk.holds("a.md", OLD);
    // What is found and has no fix is not a difference.
    desk.lint(&["--diff", "--only", "heading-increment"]).code(0).is_all("").complains("nothing to fix");
}

#[test]
fn a_difference_that_cannot_be_applied_from_here_is_told() {
    let desk = desk();
    let note = "the difference names \"../a.md\", which is not below this folder";
    let run = |path: &str, more: &[&str]| {
        let mut command = desk.command(&[&["lint", "--diff", path], more].concat());
        Ended::of(&command.current_dir(desk.path().join("in")).output().unwrap())
    };
    run("..", &[])
        .code(1)
        .says("--- a/../a.md\n")
        .complains(note)
        .complains("run `--diff` in a folder above");
    assert!(!run("..", &["--color", "always"]).stderr.contains(note), "nobody applies what is for the eye");
    assert!(!desk.lint(&["--diff", "in/..", "a.md"]).stderr.contains("which is not below"));
}

#[test]
fn a_difference_for_a_pager_has_colours_if_they_are_asked_for() {
    let desk = desk();
    let plain = desk.lint(&["--diff"]).stdout;
    let painted = desk.lint(&["--diff", "--color", "always"]);
    painted.code(1).says("\x1b[31m-readingTime:   \x1b[7m9\x1b[0m\n");
    // What forces colours for a whole job must not reach a difference that is applied.
    let mut command = desk.command(&["lint", "--diff"]);
    assert_eq!(Ended::of(&command.env("CLICOLOR_FORCE", "1").output().unwrap()).stdout, plain);
}

#[test]
fn a_difference_is_not_softened_on_its_way_to_a_pipe() {
    let desk = desk();
    desk.write("a.md", "# \x1b[31mOak.\r\n".as_bytes());
    desk.lint(&["--diff"]).code(1).says("-# \x1b[31mOak.\r\n+# \x1b[31mOak\r\n");
}

#[test]
fn a_dry_run_counts_by_rule_and_writes_nothing() {
    let desk = desk();
    desk.lint(&["--fix-dry-run"]).code(1).is_all(
        "heading-punctuation: 1 safe fix\n\
         reading-time: 1 safe fix\n\
         would fix 2 findings in 1 file: 2 safe fixes\n\
         1 with an unsafe fix (--fix --unsafe-fixes)\n",
    );
    desk.lint(&["--fix-dry-run", "--unsafe-fixes", "--show-fixes"]).code(1).is_all(
        "a.md:3:16: would fix reading-time: write 1\n\
         a.md:6:10: would fix heading-punctuation: write \"Inside\"\n\
         a.md:8:1: would fix heading-increment: move the heading up one level\n\
         heading-increment: 1 unsafe fix\n\
         heading-punctuation: 1 safe fix\n\
         reading-time: 1 safe fix\n\
         would fix 3 findings in 1 file: 2 safe fixes, 1 unsafe fix\n",
    );
    desk.holds("a.md", OLD);
    desk.lint(&["in", "--fix-dry-run"]).code(0).is_all("1 article checked, nothing to fix\n");
}

#[test]
fn each_fix_is_listed_where_it_ends_up() {
    let desk = desk();
    desk.write("a.md", "# One.\n\nWords. # Two.\n\n# Three;\n".as_bytes());
    desk.lint(&["--fix", "--show-fixes", "--format", "pretty"]).code(0).is_all(
        "a.md:1:6: fixed heading-punctuation: write \"One\"\n\
         a.md:5:8: fixed heading-punctuation: write \"Three\"\n\
         fixed 2 findings in 1 file\n\
         2 articles checked, nothing found\n",
    );
}

#[test]
fn the_json_report_lists_what_was_fixed() {
    let desk = desk();
    let json = desk.lint(&["--fix", "--format", "json"]).code(1).json();
    assert_eq!(
        json["fixed"],
        json!([
            {"rule": "reading-time", "title": "write 1", "safety": "safe", "path": "a.md", "position": {"line": 3, "column": 16}},
            {"rule": "heading-punctuation", "title": "write \"Inside\"", "safety": "safe", "path": "a.md", "position": {"line": 6, "column": 10}},
        ])
    );
    assert_eq!(json["summary"]["fixed"], json!({"safe": 2, "unsafe": 0, "files": 1}));
    assert_eq!(json["summary"]["fixable"], json!({"safe": 0, "unsafe": 1}));
    assert_eq!(json["findings"][0]["start"], json!({"line": 8, "column": 1}));
    let json = desk.lint(&["--format", "json"]).json();
    assert_eq!((&json["fixed"], &json["summary"]["fixed"]["files"]), (&json!([]), &json!(0)));
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let desk = desk();
    let run = |arguments: &[&str], text: &str| {
        desk.stdin(&[&["lint", "--stdin-file-path", "new.md"], arguments].concat(), text.as_bytes())
    };
    run(&["--fix"], OLD)
        .code(1)
        .is_all(SAFE)
        .complains("new.md:8:1: error heading-increment")
        .complains("fixed 2 findings in 1 file");
    run(&["--fix"], GOOD).code(0).is_all(GOOD).complains("nothing found");
    run(&["--fix"], "").code(0).is_all("");
    run(&["--diff"], OLD).code(1).says("--- a/new.md\n+++ b/new.md\n");
    let json = run(&["--fix", "--format", "json"], OLD);
    assert!(json.is_all(SAFE).stderr.starts_with("{\"version\":3,"), "{json:?}");
    // A file that the config leaves out is not lost.
    desk.write("copydesk.yaml", format!("{CONFIG}exclude: [new.md]\n").as_bytes());
    run(&["--fix"], OLD).code(0).is_all(OLD);
    assert!(!desk.path().join("new.md").exists());
}

// --- How it ends.

#[test]
fn a_hook_can_fail_on_what_was_fixed() {
    let desk = desk();
    let arguments = ["--fix", "--exit-non-zero-on-fix", "--only", "reading-time"];
    desk.lint(&arguments).code(1).says("fixed 1 finding in 1 file");
    desk.lint(&arguments).code(0);
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    let desk = desk();
    desk.lint(&["--unsafe-fixes"]).code(2).complains("say it with `--fix`, `--diff` or `--fix-dry-run`");
    desk.lint(&["--show-fixes"]).code(2).complains("`--show-fixes` does nothing here");
    desk.lint(&["--diff", "--show-fixes"]).code(2).complains("`--show-fixes` does nothing here");
    desk.lint(&["--exit-non-zero-on-fix"]).code(2).complains("say it with `--fix`");
    desk.lint(&["--diff", "--fix-dry-run"]).code(2).complains("cannot be used with");
    desk.lint(&["--diff", "--format", "json"]).code(2).complains("cannot be used with");
    desk.holds("a.md", OLD);
}

#[test]
fn rules_that_undo_each_other_are_told_to_their_author_and_the_rest_is_fixed() {
    let page = |from: &str, to: &str| {
        format!(
            "---\nsummary: words of the house style\nlevel: warning\nfix: safe\ncheck:\n  substitution:\n    \
             message: 'write \"{{replacement}}\"'\n    scope: text\n    swap: {{{from}: {to}}}\n---\n\nOur words.\n"
        )
    };
    let desk = Desk::new(&[
        ("copydesk.yaml", "extends: none\npacks: [house]\nrules: {heading-punctuation: warning}\n"),
        ("house/words/doors.md", &page("gate", "door")),
        ("house/words/gates.md", &page("door", "gate")),
        ("posts/a.md", "## Inside.\n\nA gate.\n"),
        ("posts/b.md", "## Inside.\n\nA door.\n"),
    ]);
    desk.lint(&["posts", "--fix"])
        .code(2)
        .found(&["posts/a.md:3:3 house/doors", "posts/b.md:3:3 house/gates"])
        .says("fixed 2 findings in 2 files")
        .says("2 with a safe fix (which was not applied)")
        .complains("the fixes of the rules \"house/doors\" and \"house/gates\" undo each other, or never end")
        .complains("in \"posts/a.md\" and 1 more: they were left out")
        .complains("please tell whoever wrote the pack \"house\"");
    desk.holds("posts/a.md", "## Inside\n\nA gate.\n");
    desk.lint(&["posts", "--diff"]).code(2).is_all("");
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme = fs::read_to_string(super::root().join("README.md")).expect("the README");
    let (_, shown) = readme.split_once("<!-- fixing -->\n```console\n").expect("the README shows a session");
    let shown = shown.split("```").next().expect("a split has a first part");
    let text = "---\ntitle: A door of oak hangs for a hundred years\nreadingTime: 9 # with the film\n---\n\n\
                ## Inside.\n\n#### Hinges\nThree of them, and no nail.\n";
    let desk = Desk::new(&[("posts/doors.md", text)]);
    let commands: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix("$ copydesk ")).collect();
    assert_eq!(commands.len(), 3);
    let mut printed = String::new();
    for command in commands {
        let ended = desk.run(&command.split(' ').collect::<Vec<_>>());
        printed += &["$ copydesk ", command, "\n", &ended.stdout, &ended.stderr].concat();
    }
    assert_eq!(printed, shown);
}
