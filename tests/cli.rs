//! The command line, from the outside: what is read, what is said, and how it ends.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// A folder of files, and the program run in it.
pub(super) struct Desk(TempDir);

/// How a run ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Desk {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let desk = Self(TempDir::new().expect("a temporary folder"));
        for (path, text) in files {
            desk.write(path, text.as_bytes());
        }
        desk
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(path, bytes).expect("the file can be written");
    }

    pub(super) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path().join(path)).expect("the file can be read")
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(arguments).current_dir(self.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(arguments).output().expect("the program starts"))
    }

    pub(super) fn lint(&self, arguments: &[&str]) -> Ended {
        self.run(&[&["lint"], arguments].concat())
    }

    pub(super) fn stdin(&self, arguments: &[&str], input: &[u8]) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut pipe = child.stdin.take().expect("standard input is a pipe");
        // A program that refuses its arguments may be gone before.
        if let Err(error) = pipe.write_all(input) {
            assert_eq!(error.kind(), ErrorKind::BrokenPipe, "the program reads its input");
        }
        drop(pipe);
        Ended::of(&child.wait_with_output().expect("the program ends"))
    }
}

impl Ended {
    pub(super) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let code = output.status.code().expect("it ends by itself");
        Self { code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    pub(super) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The findings as `path:line:column rule`.
    #[track_caller]
    pub(super) fn found(&self, expected: &[&str]) -> &Self {
        let lines = self.stdout.lines().filter(|line| {
            line.contains(": error ") || line.contains(": warning ") || line.contains(": info ")
        });
        let found: Vec<String> = lines
            .map(|line| {
                let mut parts = line.split(": ");
                let place = parts.next().unwrap_or_default();
                let rule = parts.next().and_then(|rest| rest.split(' ').nth(1)).unwrap_or_default();
                format!("{place} {rule}")
            })
            .collect();
        assert_eq!(found, expected, "{self:?}");
        self
    }

    #[track_caller]
    pub(super) fn code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    #[track_caller]
    pub(super) fn says(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "\"{text}\" is not said: {self:?}");
        self
    }

    #[track_caller]
    pub(super) fn complains(&self, text: &str) -> &Self {
        // A frame may break a long sentence over lines.
        let flat = self.stderr.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(text), "\"{text}\" is not complained of: {self:?}");
        self
    }
}

const BAD: &str = "![](/a.png)\n";
const GOOD: &str = "A door.\n";

// --- What is read.

#[test]
fn files_folders_and_globs_are_read_and_others_not() {
    let desk = Desk::new(&[
        ("a.md", BAD),
        ("b.mdx", BAD),
        ("c.MARKDOWN", BAD),
        ("d.txt", BAD),
        ("in/e.md", BAD),
        ("in/deep/f.md", BAD),
    ]);
    let all = [
        "a.md:1:1 image-alt",
        "b.mdx:1:1 image-alt",
        "c.MARKDOWN:1:1 image-alt",
        "in/deep/f.md:1:1 image-alt",
        "in/e.md:1:1 image-alt",
    ];
    desk.lint(&[]).code(1).found(&all);
    desk.lint(&["."]).found(&all);
    desk.lint(&["./in", "in/e.md", "a.md"]).found(&[all[0], all[3], all[4]]);
    desk.lint(&["in/*.md"]).found(&[all[4]]);
    desk.write("[x]/g.md", BAD.as_bytes());
    desk.lint(&["[x]/*.md", "in//./*.md"]).found(&["[x]/g.md:1:1 image-alt", all[4]]);
    fs::remove_dir_all(desk.path().join("[x]")).unwrap();
    let ended = desk.lint(&["a.md", "in/*.mdx", "pots"]);
    ended.code(2).complains("\"pots\" does not exist");
    desk.lint(&["a.md", "in/*.mdx"]).code(1).says("skipped 1 path (the glob \"in/*.mdx\" matches no file)");
    desk.lint(&["**/*.{md,mdx}"]).found(&[all[0], all[1], all[3], all[4]]);
    desk.lint(&["d.txt", "a.md"]).found(&[all[0]]).says("not .md, .mdx or .markdown");
    let absolute = desk.path().canonicalize().unwrap().join("a.md");
    desk.lint(&[absolute.to_str().unwrap()]).code(1);
}

#[test]
fn ignore_files_are_respected_unless_a_file_is_named() {
    let desk = Desk::new(&[
        (".gitignore", "drafts/\n"),
        (".ignore", "old.md\n"),
        ("a.md", BAD),
        ("old.md", BAD),
        ("drafts/b.md", BAD),
        (".hidden/c.md", BAD),
    ]);
    desk.lint(&[]).found(&["a.md:1:1 image-alt"]);
    desk.lint(&["drafts/b.md", "old.md"]).found(&["drafts/b.md:1:1 image-alt", "old.md:1:1 image-alt"]);
}

#[test]
fn ignored_files_are_left_out_though_they_are_named_where_that_is_forced() {
    let desk = Desk::new(&[
        (".gitignore", "drafts/\n"),
        ("a.md", BAD),
        ("drafts/b.md", BAD),
        ("in/.ignore", "old.md\n!new.md\n"),
        ("in/old.md", BAD),
        ("in/new.md", BAD),
        ("in/.hidden/c.md", BAD),
    ]);
    let all = ["a.md", "drafts/b.md", "in/old.md", "./in/new.md", "in/../in/.hidden/c.md"];
    let forced = desk.lint(&[&["--force-exclude"], &all[..]].concat());
    forced.code(1).found(&["a.md:1:1 image-alt", "in/new.md:1:1 image-alt"]);
    forced.says("skipped 3 files (hidden, or listed in a .gitignore or .ignore)");
    assert_eq!(desk.lint(&all).stdout.matches(": error image-alt").count(), 5);
    desk.lint(&["--force-exclude", "drafts/b.md"]).code(0).says("no article checked");
    desk.lint(&["--force-exclude"]).found(&["a.md:1:1 image-alt", "in/new.md:1:1 image-alt"]);
    // What lies above the folder of the run is taken as it is named.
    let mut command = desk.command(&["lint", "--force-exclude", "../a.md", "old.md", "new.md"]);
    let ended = Ended::of(&command.current_dir(desk.path().join("in")).output().expect("the program starts"));
    ended.code(1).found(&["../a.md:1:1 image-alt", "new.md:1:1 image-alt"]);
    desk.lint(&["--force-exclude", "nowhere.md"]).code(2).complains("does not exist");
    desk.lint(&["--force-exclude", "--stdin-file-path", "a.md"]).code(2).complains("cannot be used with");
}

#[test]
fn a_run_that_checks_nothing_says_why() {
    let desk = Desk::new(&[
        (".gitignore", "drafts/*\n"),
        ("drafts/b.md", BAD),
        ("text/a.txt", BAD),
        ("empty/.keep", ""),
        ("site/copydesk.yaml", "exclude: ['**']\n"),
        ("site/a.md", BAD),
    ]);
    desk.lint(&["drafts"]).code(2).complains("no file was checked: 1 file under \"drafts\" is ignored");
    desk.lint(&["text"]).code(2).complains("1 file under \"text\" and none is .md, .mdx or .markdown");
    desk.lint(&["text/a.txt"]).code(2).complains("1 file not .md, .mdx or .markdown");
    desk.lint(&["empty"]).code(2).complains("none is .md");
    desk.lint(&["site"]).code(2).complains("1 excluded by the config");
    desk.lint(&["posts/*.md"]).code(2).complains("the glob \"posts/*.md\" matches no file");
    desk.lint(&["-"]).code(2).complains("--stdin-file-path");
    desk.lint(&["nowhere.md"]).code(2).complains("\"nowhere.md\" does not exist");
}

#[test]
fn standard_input_is_checked_as_the_file_it_is_said_to_be() {
    let desk = Desk::new(&[("posts/copydesk.yaml", "rules: {image-alt: info}\n")]);
    let ended = desk.stdin(&["lint", "--stdin-file-path", "posts/new.md"], BAD.as_bytes());
    ended.code(0).found(&["posts/new.md:1:1 image-alt"]).says(": info ");
    desk.stdin(&["lint", "--stdin-file-path", "new.md", "--format", "pretty"], BAD.as_bytes())
        .code(1)
        .says("![](/a.png)");
    desk.stdin(&["lint", "--stdin-file-path", "new.md"], b"").code(0);
}

#[test]
fn names_with_odd_characters_are_shown_as_they_are() {
    let names = ["a: b.md", "ein schönes Ende.md", "日本.md", "[x]{y}.md", "-dash.md"];
    // Windows keeps the colon for itself.
    let names = &names[usize::from(cfg!(windows))..];
    let desk = Desk::new(&names.iter().map(|name| (*name, BAD)).collect::<Vec<_>>());
    let ended = desk.lint(&["."]);
    ended.code(1);
    for name in names {
        ended.says(&format!("{name}:1:1: error image-alt"));
    }
    desk.lint(&["[x]{y}.md"]).code(1).says("[x]{y}.md:1:1");
    desk.lint(&["--", "-dash.md"]).code(1);
}

#[cfg(unix)]
#[test]
fn links_are_followed_without_loops_and_each_file_is_checked_once() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new(&[("posts/a.md", BAD), ("elsewhere/b.md", BAD)]);
    symlink("..", desk.path().join("posts/loop")).unwrap();
    symlink("a.md", desk.path().join("posts/0-link.md")).unwrap();
    symlink("../elsewhere", desk.path().join("posts/more")).unwrap();
    desk.lint(&["posts"]).code(1).found(&["posts/a.md:1:1 image-alt", "posts/more/b.md:1:1 image-alt"]);
    desk.lint(&["."]).found(&["elsewhere/b.md:1:1 image-alt", "posts/a.md:1:1 image-alt"]);
    symlink("nowhere.md", desk.path().join("posts/z.md")).unwrap();
    desk.lint(&["posts"]).code(1).says("posts/z.md:1:1: error unreadable-file: the file cannot be read: it is a symbolic link that leads nowhere");
    desk.lint(&["posts/z.md"]).code(1).says("leads nowhere");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let desk = Desk::new(&[("folder.md/a.md", BAD)]);
    let made = Command::new("mkfifo").arg(desk.path().join("pipe.md")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is part of every Unix");
    let found = ["folder.md/a.md:1:1 image-alt", "pipe.md:1:1 unreadable-file"];
    desk.lint(&["."]).code(1).found(&found).says("it is a pipe");
    desk.lint(&["pipe.md"]).code(1).found(&found[1..]);
}

#[test]
fn bytes_that_are_no_text_are_a_finding_and_the_run_goes_on() {
    let desk = Desk::new(&[("b.md", BAD)]);
    desk.write("a.md", b"line\nCaf\xE9 ![](x.png)\n");
    desk.write("c.md", b"\xFF\xFEa\0");
    desk.write("d.md", b"a\0b\0");
    let ended = desk.lint(&[]);
    let found = [
        "a.md:2:4 unreadable-file",
        "b.md:1:1 image-alt",
        "c.md:1:1 unreadable-file",
        "d.md:1:2 unreadable-file",
    ];
    ended.code(1).found(&found);
    ended
        .says("the byte at offset 8 is none of it")
        .says("UTF-16")
        .says("1 article checked")
        .says("skipped 3 files (unreadable)");
    // Turned off, such a file is still counted.
    desk.lint(&["--skip", "unreadable-file"])
        .found(&["b.md:1:1 image-alt"])
        .says("skipped 3 files (unreadable)");
    // A run that checked nothing is no clean one.
    desk.lint(&["--skip", "unreadable-file", "a.md"]).code(2).complains("no file was checked: 1 unreadable");
}

#[test]
fn every_shape_of_file_has_its_places() {
    let desk = Desk::new(&[]);
    desk.write("bom.md", b"\xEF\xBB\xBF---\r\ntitle: T\r\n---\r\n![](/a.png)");
    desk.write("cr.md", b"---\rtitle: R\r---\r\r![](/a.png)\r");
    desk.write("empty.md", b"");
    desk.write("json.md", b"{\"title\": \"J\"}\n\n# J\n");
    desk.write("toml.md", b"+++\ntitle = 'S'\ntitle = 'U'\n+++\n");
    desk.lint(&["--skip", "title-length"]).found(&[
        "bom.md:4:1 image-alt",
        "cr.md:5:1 image-alt",
        "json.md:3:1 single-title",
        "toml.md:3:1 duplicate-key",
    ]);
}

// --- Config.

#[test]
fn the_nearest_config_above_a_file_counts() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules:\n  image-alt: warning\n"),
        ("a.md", BAD),
        ("in/copydesk.yaml", "extends: none\n"),
        ("in/b.md", BAD),
        ("in/deep/c.md", BAD),
        ("other.yaml", "rules:\n  image-alt: off\n"),
    ]);
    desk.lint(&[]).code(0).found(&["a.md:1:1 image-alt"]).says(": warning ");
    desk.lint(&["--fail-on", "warning"]).code(1);
    desk.lint(&["--config", "other.yaml"]).code(0).found(&[]);
    desk.lint(&["--config", "nowhere.yaml"]).code(2).complains("nowhere.yaml\" cannot be read");
}

#[test]
fn collections_have_files_schema_and_roles() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "collections:\n  - name: posts\n    files: posts/**/*.md\n    exclude: posts/notes/**\n    schema: schemas/post.json\n    roles:\n      reading-time: meta.minutes\n  - name: notes\n    files: [posts/notes/*.md]\n",
        ),
        (
            "schemas/post.json",
            r#"{"required": ["author"], "properties": {"author": {"$ref": "person.yaml#/$defs/name"}}}"#,
        ),
        ("schemas/person.yaml", "$defs:\n  name: {type: string, minLength: 2}\n"),
        ("posts/a.md", "---\nauthor: M\nmeta: {minutes: 30}\n---\nShort.\n"),
        ("posts/b.md", "No front matter.\n"),
        ("posts/notes/c.md", "No front matter.\n"),
        ("d.md", "---\nmeta: {minutes: 30}\n---\nShort.\n"),
    ]);
    let ended = desk.lint(&[]);
    ended.code(1).found(&[
        "posts/a.md:2:9 schema",
        "posts/a.md:3:17 reading-time",
        "posts/b.md:1:1 front-matter-missing",
    ]);
}

#[test]
fn a_config_under_a_near_name_is_not_passed_over() {
    for name in ["copydesk.yml", ".copydesk.yaml"] {
        let desk = Desk::new(&[(name, "rules: {image-alt: off}\n"), ("posts/a.md", BAD)]);
        desk.lint(&[]).code(2).complains("is not read: a config is called \"copydesk.yaml\"");
    }
}

#[test]
fn a_collection_without_files_is_named_where_the_whole_site_is_checked() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "collections:\n  - {name: all, files: '**/*.md'}\n  - {name: posts, files: posts, schema: article}\n",
        ),
        ("posts/a.md", GOOD),
    ]);
    desk.lint(&[]).code(0).complains("copydesk.yaml:3:26").complains("the collection \"posts\" has no files");
    let ended = desk.lint(&["posts/a.md"]);
    assert_eq!(ended.stderr, "", "a part of the site says nothing of the rest");
}

#[test]
fn include_and_exclude_say_what_is_checked() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "include: [posts/**]\nexclude: ['**/draft-*.md', posts/old/**]\n"),
        ("posts/a.md", BAD),
        ("posts/draft-b.md", BAD),
        ("posts/old/c.md", BAD),
        ("d.md", BAD),
    ]);
    let ended = desk.lint(&[]);
    ended
        .found(&["posts/a.md:1:1 image-alt"])
        .says("excluded by the config")
        .says("not included by the config");
    desk.lint(&["posts/draft-b.md", "posts/a.md"]).found(&["posts/a.md:1:1 image-alt"]);
    // A hook names files without asking the config: that is no mistake, unlike a folder in which nothing is left.
    desk.lint(&["posts/draft-b.md"]).code(0).says("no article checked").says("excluded by the config");
    desk.stdin(&["lint", "--stdin-file-path", "posts/draft-b.md"], BAD.as_bytes()).code(0);
    desk.lint(&["posts/old"]).code(2).complains("1 excluded by the config");
    desk.write("copydesk.yaml", b"exclude: [posts]\n");
    desk.lint(&[]).found(&["d.md:1:1 image-alt"]);
}

#[test]
fn a_config_that_is_named_counts_from_its_own_folder() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "include: [posts/**]\ncollections: [{name: a, files: posts/b.md, schema: article}]\n",
        ),
        ("posts/a.md", BAD),
        ("posts/b.md", GOOD),
        ("c.md", BAD),
        ("sub/other.yaml", "include: [../posts/a.md, d.md]\n"),
        ("sub/d.md", BAD),
    ]);
    let found = ["posts/a.md:1:1 image-alt", "posts/b.md:1:1 front-matter-missing"];
    for name in ["copydesk.yaml", "./copydesk.yaml", "sub/../copydesk.yaml"] {
        desk.lint(&["--config", name]).found(&found).says("not included by the config");
    }
    desk.lint(&["--config", "sub/other.yaml"]).found(&["sub/d.md:1:1 image-alt"]);
}

#[test]
fn a_file_under_several_names_is_checked_once_by_its_own_config() {
    let desk = Desk::new(&[("a.md", BAD), ("in/copydesk.yaml", "extends: none\n"), ("in/b.md", BAD)]);
    let here = desk.path().to_str().unwrap();
    let absolute = desk.path().join("a.md");
    let found = ["a.md:1:1 image-alt"];
    desk.lint(&["in/../a.md"]).found(&found);
    desk.lint(&["a.md", "./a.md", "in/../a.md", absolute.to_str().unwrap()])
        .found(&found)
        .says("1 article checked");
    desk.lint(&[".", here]).found(&found).says("2 articles checked");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_told_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new(&[]);
    fs::write(desk.path().join(OsStr::from_bytes(b"x\xFE.md")), BAD).unwrap();
    fs::write(desk.path().join(OsStr::from_bytes(b"x\xFF.md")), GOOD).unwrap();
    desk.lint(&["--format", "pretty"]).code(1).says(r"x\xFE.md:1:1").says("![](/a.png)");
}

#[test]
fn mistakes_in_a_config_are_shown_all_at_once_with_their_places() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "extends: recomended\nrules:\n  reading-time: {tolerence: 2}\n  image-alt: fatal\nexclud: [a]\ncollections:\n  - files: '*.md'\n",
        ),
        ("a.md", GOOD),
    ]);
    let ended = desk.lint(&[]);
    ended.code(2).complains("copydesk.yaml:1:10").complains("did you mean \"recommended\"?");
    ended
        .complains("copydesk.yaml:4:14")
        .complains("copydesk.yaml:5:1")
        .complains("did you mean \"exclude\"?");
    ended.complains("\"name\"").complains("is missing");
    assert_eq!(ended.stdout, "");
    desk.write(
        "copydesk.yaml",
        b"rules:\n  reading-time: {tolerence: 2}\n  image-alts: error\nexclude: ['{a']\n",
    );
    let ended = desk.lint(&[]);
    ended.code(2).complains("copydesk.yaml:2:18").complains("did you mean \"tolerance\"?");
    ended.complains("copydesk.yaml:3:3").complains("there is no rule \"image-alts\"");
    ended.complains("did you mean \"image-alt\"?").complains("copydesk.yaml:4:11").complains("is no glob");
    desk.write("copydesk.yaml", b"rules: {image-alt: error\n");
    desk.lint(&[]).code(2).complains("copydesk.yaml:");
    desk.write("copydesk.yaml", b"rules:\n  category-tiers: {main-tier: other}\n  image-altt: error\n");
    let ended = desk.lint(&[]);
    ended
        .code(2)
        .complains("copydesk.yaml:2:3")
        .complains("which is none of the tiers")
        .complains("image-altt");
    desk.write("copydesk.yaml", b"rules: {first-heading-level: {with-title: 2.0}}\n");
    desk.lint(&[]).code(0);
    desk.write("copydesk.yaml", b"rules: {image-alt: warn}\nexclude: /posts\n");
    let ended = desk.lint(&[]);
    ended
        .code(2)
        .complains("write error, warning, info, on, default or off")
        .complains("write it without the slash");
    desk.write("copydesk.yaml", b"extends: all\nextends: none\n");
    desk.lint(&[]).code(2).complains("a second time");
    desk.write("copydesk.yaml", b"extends: \xFF\n");
    desk.lint(&[]).code(2).complains("not UTF-8");
    desk.write("copydesk.yaml", b"");
    desk.lint(&[]).code(0);
}

// --- Schemas.

#[test]
fn a_schema_can_be_set_on_the_command_line() {
    let desk = Desk::new(&[
        ("a.md", "---\ntitle: What everybody knows about doors\nkind: pots\n---\n"),
        ("my.json", "{\n  \"properties\": {\n    \"kind\": {\"enum\": [\"post\", \"note\"]}\n  }\n}\n"),
    ]);
    desk.lint(&[]).code(0);
    let ended = desk.lint(&["--schema", "my.json"]);
    ended.code(1).found(&["a.md:3:7 schema"]).says("\"pots\", which is none of \"post\", \"note\"");
    desk.lint(&["--schema", "article"]).code(1).says("a.md:1:1: error schema: \"date\" is missing");
    desk.lint(&["--schema", "artcle"]).code(2).complains("the schema \"artcle\" cannot be read");
    // What is wrong on the command line is not shown in the config.
    desk.write("copydesk.yaml", b"extends: all\n");
    let ended = desk.lint(&["--schema", "artcle"]);
    assert!(!ended.code(2).stderr.contains("copydesk.yaml:1"), "{ended:?}");
}

#[test]
fn a_wrong_schema_is_a_mistake_with_a_place() {
    let desk = Desk::new(&[
        ("a.md", GOOD),
        ("copydesk.yaml", "collections: [{name: all, files: '**', schema: s/my.json}]\n"),
        ("s/my.json", "{\n  \"type\": \"objekt\",\n  \"requird\": [\"a\"]\n}\n"),
    ]);
    let ended = desk.lint(&[]);
    ended
        .code(2)
        .complains("s/my.json:2:11")
        .complains("s/my.json:3:3")
        .complains("did you mean \"required\"?");
    desk.write("s/my.json", b"{\"$ref\": \"nowhere.json\"}");
    desk.lint(&[]).code(2).complains("nowhere.json").complains("s/my.json:1:10");
    desk.write("s/my.json", b"{\"type\": ");
    desk.lint(&[]).code(2).complains("s/my.json:1:");
    fs::remove_file(desk.path().join("s/my.json")).unwrap();
    desk.lint(&[]).code(2).complains("copydesk.yaml:1:48").complains("cannot be read");
}

#[test]
fn a_schema_reads_only_files_of_the_site() {
    let desk = Desk::new(&[
        ("site/a.md", "---\nx: 1\n---\n"),
        ("secret.json", "{}"),
        ("site/copydesk.yaml", "collections: [{name: all, files: '**', schema: s/deep/my.json}]\n"),
        ("site/s/common.json", r#"{"$defs": {"x": {"type": "string"}}}"#),
        ("site/s/deep/my.json", r#"{"properties": {"x": {"$ref": "../common.json#/$defs/x"}}}"#),
        ("net.json", r#"{"$ref": "https://example.org/schema.json"}"#),
    ]);
    desk.lint(&["site"]).code(1).found(&["site/a.md:2:4 schema"]);
    desk.write("site/s/deep/my.json", br#"{"$ref": "../../../secret.json"}"#);
    desk.lint(&["site"]).code(2).complains("lies outside the folder of the config");
    desk.lint(&["site", "--schema", "net.json"]).code(2).complains("https://example.org/schema.json");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../../../secret.json", desk.path().join("site/s/deep/link.json"))
            .unwrap();
        desk.write("site/s/deep/my.json", br#"{"$ref": "link.json"}"#);
        desk.lint(&["site"]).code(2).complains("lies outside");
    }
}

#[test]
fn a_schema_that_is_no_text_or_says_a_thing_twice_is_refused() {
    let desk = Desk::new(&[("a.md", GOOD)]);
    desk.write("s.json", b"{\"pattern\": \"\xE9\"}");
    desk.lint(&["--schema", "s.json"]).code(2).complains("s.json:1:14").complains("not UTF-8");
    desk.write("s.json", b"{\"required\": [\"a\"],\n\"required\": [\"b\"]}");
    desk.lint(&["--schema", "s.json"]).code(2).complains("s.json:2:1").complains("a second time");
}

/// Answers each request with what stands under its path, as long as the test lives.
fn serve(pages: &'static [(&str, &str)]) -> String {
    use std::io::{BufRead as _, BufReader};
    let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", server.local_addr().expect("it has an address"));
    std::thread::spawn(move || {
        for stream in server.incoming().flatten() {
            let mut line = String::new();
            let mut reader = BufReader::new(&stream);
            let _ = reader.read_line(&mut line);
            let mut header = String::new();
            while reader.read_line(&mut header).is_ok_and(|length| length > 2) {
                header.clear();
            }
            let path = line.split(' ').nth(1).unwrap_or_default();
            let answer = match pages.iter().find(|(known, _)| *known == path) {
                Some((_, body)) => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
                None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            };
            let _ = (&stream).write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn a_schema_is_fetched_only_where_the_config_allows_it() {
    let address = serve(&[
        ("/s/post.json", r#"{"properties": {"kind": {"$ref": "kind.json"}}}"#),
        ("/s/kind.json", r#"{"enum": ["post", "note"]}"#),
        ("/s/file.json", r#"{"$ref": "file:///etc/hostname"}"#),
        ("/other.json", "{}"),
    ]);
    let desk = Desk::new(&[("a.md", "---\nkind: pots\n---\n")]);
    let config = |allowed: &str, schema: &str| {
        let text = format!(
            "remote-schemas: [{allowed}]\ncollections: [{{name: all, files: '**', schema: {schema}}}]\n"
        );
        desk.write("copydesk.yaml", text.as_bytes());
    };
    config(&format!("'{address}/s/'"), &format!("'{address}/s/post.json'"));
    desk.lint(&[]).code(1).found(&["a.md:2:7 schema"]).says("none of \"post\", \"note\"");
    config("", &format!("'{address}/s/post.json'"));
    desk.lint(&[])
        .code(2)
        .complains("no address in \"remote-schemas\" of the config allows it")
        .complains("copydesk.yaml:2:");
    config(&format!("'{address}/s/'"), &format!("'{address}/s/../other.json'"));
    desk.lint(&[]).code(2).complains("allows it");
    config(&format!("'{address}/s/'"), &format!("'{address}/s/nowhere.json'"));
    desk.lint(&[]).code(2).complains("the server answers 404");
    config(&format!("'{address}/s/'"), &format!("'{address}/s/file.json'"));
    desk.lint(&[]).code(2).complains("lies outside the folder of the config");
    config("'https://example.org'", "article");
    desk.lint(&[]).code(2).complains("copydesk.yaml:1:18");
}

// --- Choice of rules.

#[test]
fn rules_and_options_can_be_chosen_on_the_command_line() {
    let desk = Desk::new(&[
        ("a.md", "---\ntitle: What everybody knows about doors\nreadingTime: 2\n---\n# T\n\n![](/a.png)\n"),
        ("copydesk.yaml", "rules: {image-alt: off, reading-time: {level: info, tolerance: 0}}\n"),
    ]);
    desk.lint(&[]).found(&["a.md:3:14 reading-time", "a.md:5:1 single-title"]);
    desk.lint(&["--only", "image-alt,reading-time"]).found(&["a.md:3:14 reading-time", "a.md:7:1 image-alt"]);
    desk.lint(&["--skip", "single-title"]).code(0).found(&["a.md:3:14 reading-time"]);
    desk.lint(&["-o", "reading-time.tolerance=1"]).found(&["a.md:5:1 single-title"]);
    desk.lint(&["--extends", "none"]).code(0).found(&["a.md:3:14 reading-time"]);
    desk.lint(&["--only", "image-alt", "--skip", "image-alt"]).code(2).complains("no rule is on");
    desk.lint(&["--only", "image-alts"]).code(2).complains("did you mean \"image-alt\"?");
    desk.lint(&["-o", "reading-time.tolerence=1"]).code(2).complains("did you mean \"tolerance\"?");
    desk.lint(&["-o", "reading-time.tolerance=many"]).code(2).complains("\"tolerance\" should be a number");
    desk.lint(&["-o", "tolerance"]).code(2).complains("RULE.OPTION=VALUE");
    desk.lint(&["--extends", "recomended"]).code(2).complains("did you mean \"recommended\"?");
    desk.lint(&["--fail-on", "fatal"])
        .code(2)
        .complains("is not a level: error, warning or info, or `never`");
}

#[test]
fn an_option_moves_the_level_at_which_a_run_fails() {
    let desk = Desk::new(&[("a.md", BAD), ("copydesk.yaml", "rules: {image-alt: warning}\n")]);
    desk.lint(&[]).code(0);
    desk.lint(&["--fail-on", "warning"]).code(1);
    desk.lint(&["--fail-on", "info"]).code(1);
    desk.lint(&["--level", "image-alt=error"]).code(1);
    desk.lint(&["--level", "image-alt=error", "--fail-on", "never"]).code(0).says("1 error");
    desk.lint(&["--fail-on", "never", "nowhere"]).code(2);
}

// --- Reports.

#[test]
fn the_concise_report_is_the_default_in_a_pipe_and_sorted() {
    let desk = Desk::new(&[("b.md", BAD), ("a.md", "![](/x.png)\n\n![](/y.png)\n")]);
    let ended = desk.lint(&[]);
    assert!(
        ended.stdout.starts_with("a.md:1:1: error image-alt: the image has no alternative text\na.md:3:1: "),
        "{ended:?}"
    );
    ended.says("2 articles checked").says("3 errors").found(&[
        "a.md:1:1 image-alt",
        "a.md:3:1 image-alt",
        "b.md:1:1 image-alt",
    ]);
    desk.lint(&["--only", "schema"]).code(0).says("2 articles checked, nothing found");
}

#[test]
fn the_pretty_report_shows_the_place_and_what_to_do() {
    let desk = Desk::new(&[("a.md", "## One\n\n#### Two\n\n# Three\n")]);
    let ended = desk.lint(&["--format", "pretty", "--only", "heading-increment"]);
    ended
        .code(1)
        .says("heading-increment")
        .says("a.md:3:1")
        .says("#### Two")
        .says("level 2")
        .says("help: make it level 3");
}

#[test]
fn the_json_report_has_bytes_lines_and_fixes() {
    let desk = Desk::new(&[("a.md", "---\ntitle: Türen\nreadingTime: 9\n---\nKurz.\n")]);
    let json = desk.lint(&["--format", "json", "--skip", "title-length"]).json();
    let finding = &json["findings"][0];
    assert_eq!(finding["rule"], "reading-time");
    assert_eq!(finding["level"], "error");
    assert_eq!(finding["path"], "a.md");
    assert_eq!(finding["span"], serde_json::json!({"start": 31, "end": 32}));
    assert_eq!(finding["start"], serde_json::json!({"line": 3, "column": 14}));
    assert_eq!(finding["end"], serde_json::json!({"line": 3, "column": 15}));
    assert_eq!(finding["fix"]["safety"], "safe");
    assert_eq!(finding["fix"]["edits"], serde_json::json!([{"span": {"start": 31, "end": 32}, "text": "1"}]));
    assert_eq!(json["summary"]["errors"], 1);
    assert_eq!(json["summary"]["checked"], 1);
}

#[test]
fn colours_follow_the_flag_and_the_environment() {
    let desk = Desk::new(&[("a.md", BAD)]);
    let is_colored = |ended: &Ended| ended.stdout.contains('\u{1b}');
    assert!(!is_colored(&desk.lint(&[])));
    assert!(is_colored(&desk.lint(&["--color", "always"])));
    let forced = Ended::of(&desk.command(&["lint"]).env("CLICOLOR_FORCE", "1").output().unwrap());
    assert!(is_colored(&forced));
    let both =
        Ended::of(&desk.command(&["lint", "--color", "always"]).env("NO_COLOR", "1").output().unwrap());
    assert!(is_colored(&both), "the flag counts for more than the environment");
    let none =
        Ended::of(&desk.command(&["lint"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1").output().unwrap());
    assert!(!is_colored(&none));
}

#[test]
fn an_article_cannot_send_escapes_to_the_terminal() {
    let desk = Desk::new(&[("a.md", "![](x.png) \u{1b}[31mred\u{1b}]0;title\u{7}\n")]);
    for format in ["pretty", "concise", "json"] {
        let ended = desk.lint(&["--format", format]);
        assert!(!ended.stdout.contains(['\u{1b}', '\u{7}']), "{ended:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let desk = Desk::new(&[("a.md", &BAD.repeat(20_000))]);
    let mut child = desk.command(&["lint"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = Ended::of(&child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.stderr.as_str()), (1, ""));
}

// --- Manuals.

#[test]
fn a_rule_is_explained_and_a_wrong_name_is_helped() {
    let desk = Desk::new(&[]);
    let ended = desk.run(&["explain", "reading-time"]);
    ended
        .code(0)
        .says("reading-time (editorial)")
        .says("Level: error. Fix: safe. Check: built-in.")
        .says("words-per-minute")
        .says("Default: 200");
    ended.says("Values: \"up\", \"nearest\", \"down\".").says("Values: a number over 0.");
    ended
        .says("Wrong:\n\n    ---\n    title: Doors\n")
        .says("the business of schema.")
        .says("In copydesk.yaml:\n\n    rules:\n      reading-time:\n        level: error\n")
        .says("With options:\n\n    words-per-minute: 2")
        .says("/rules/editorial/reading-time.md\n");
    assert!(!ended.stdout.contains("expect:") && !ended.stdout.contains("````"), "{ended:?}");
    desk.run(&["explain", "heading-incremnt"]).code(2).complains("did you mean \"heading-increment\"?");
    desk.run(&["explain", "xyz"]).code(2).complains("`copydesk rules` lists them all");
}

#[test]
fn rules_are_listed_as_text_and_as_json() {
    let desk = Desk::new(&[]);
    desk.run(&["rules"]).code(0).says("heading-increment").says("headings go down one level at a time");
    let json = desk.run(&["rules", "--format", "json"]).json();
    let rules = json.as_array().expect("a list");
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted() && ids.contains(&"placeholder-text"), "{ids:?}");
    let reading_time = &rules[ids.iter().position(|id| *id == "reading-time").unwrap()];
    assert_eq!(reading_time["fix"], "safe");
    assert_eq!(reading_time["options"][0]["default"], 200);
    assert_eq!(reading_time["check"], "built-in");
    assert!(!reading_time["references"].as_array().unwrap().is_empty());
}

#[test]
fn wrong_arguments_end_with_two() {
    let desk = Desk::new(&[("a.md", GOOD)]);
    desk.lint(&["--only", "image-alt, schema"]).code(0);
    desk.run(&["lnt"]).code(2).complains("lint");
    desk.run(&[]).code(2);
    desk.lint(&["--frmat", "json"]).code(2).complains("--format");
    desk.lint(&["--format", "xml"]).code(2).complains("pretty, concise, json");
    desk.lint(&["--stdin-file-path", "a.md", "b.md"]).code(2);
    desk.lint(&["--today", "tomorrow"]).code(2).complains("a day is written as in `2027-01-31`");
    desk.run(&["--version"]).code(0).says(env!("CARGO_PKG_VERSION"));
}
