//! The small sites of `fixtures/`: each mistake that a person planted is found, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value as Json;

use super::cli::Desk;
use super::corpus::Corpus;

/// A planted mistake, as `expected.yaml` lists it.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Planted {
    path: String,
    rule: String,
    line: u64,
    text: String,
}

fn report(site: &str, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["lint", "--format", "json", "--today", "2026-06-01", "--no-cache"])
        .args(arguments)
        .current_dir(super::root().join("fixtures/sites").join(site))
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (
        output.status.code().expect("it ends by itself"),
        String::from_utf8(output.stdout).expect("JSON is UTF-8"),
    )
}

/// The names of all sites.
fn sites() -> Vec<String> {
    let lists = super::files("fixtures/sites", "expected.yaml");
    let folders = lists.iter().filter_map(|list| list.parent()?.file_name());
    folders.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[test]
fn every_planted_mistake_is_found_and_nothing_else() {
    assert!(sites().len() >= 2);
    for site in sites() {
        let folder = super::root().join("fixtures/sites").join(&site);
        let expected =
            std::fs::read_to_string(folder.join("expected.yaml")).expect("the list of mistakes is there");
        let expected: BTreeSet<Planted> = serde_yaml::from_str(&expected).expect("it is YAML of that shape");
        let (code, output) = report(&site, &[]);
        assert_eq!(code, 1, "{site}");
        let output: Json = serde_json::from_str(&output).expect("the report is JSON");
        let findings = output["findings"].as_array().expect("it has findings");
        let found: BTreeSet<Planted> = findings.iter().map(|finding| planted(&folder, finding)).collect();
        assert_eq!(found.len(), findings.len(), "{site}: no finding comes twice");
        let unlisted: Vec<_> = found.difference(&expected).collect();
        let missed: Vec<_> = expected.difference(&found).collect();
        assert!(
            unlisted.is_empty() && missed.is_empty(),
            "{site}: not listed {unlisted:#?}, missed {missed:#?}"
        );
        assert!(expected.iter().map(|planted| &planted.rule).collect::<BTreeSet<_>>().len() >= 12, "{site}");
    }
}

/// A finding of the report, with the text that it marks. Bytes that are no text are `\u{FFFD}`; one about a file that is no
/// article has neither line nor text.
fn planted(folder: &Path, finding: &Json) -> Planted {
    let path = finding["path"].as_str().expect("a path").to_owned();
    let rule = finding["rule"].as_str().expect("a rule").to_owned();
    if finding["start"].is_null() {
        return Planted { path, rule, line: 0, text: String::new() };
    }
    let bytes = std::fs::read(folder.join(&path)).expect("the file is there");
    let offset = |end: &str| finding["span"][end].as_u64().and_then(|offset| usize::try_from(offset).ok());
    let text = &bytes[offset("start").expect("a start")..offset("end").expect("an end")];
    Planted {
        rule,
        line: finding["start"]["line"].as_u64().expect("a line"),
        text: String::from_utf8_lossy(text).into_owned(),
        path,
    }
}

#[test]
fn one_thread_and_many_print_the_same() {
    for site in sites() {
        let one = report(&site, &["--threads", "1"]);
        for threads in ["2", "7"] {
            assert_eq!(report(&site, &["--threads", threads]), one, "{site}");
        }
    }
}

/// What fixing is to make of a site stands in its folder `fixed`, and what the unsafe fixes then make of that in
/// `fixed-unsafe`; in both only what changes.
#[test]
fn a_site_that_is_fixed_is_what_a_person_wrote_byte_by_byte() {
    let stages = [("fixed", &["--fix"][..]), ("fixed-unsafe", &["--fix", "--unsafe-fixes"][..])];
    let mut count = 0;
    for site in sites() {
        let folder = super::root().join("fixtures/sites").join(&site);
        if !folder.join("fixed").is_dir() {
            continue;
        }
        count += 1;
        let mut texts = tree(&folder);
        texts.retain(|path, _| stages.iter().all(|(stage, _)| !path.starts_with(stage)));
        let desk = Desk::new(&[]);
        for (path, text) in &texts {
            desk.write(&path.to_string_lossy(), text);
        }
        for (stage, options) in stages {
            for (path, text) in tree(&folder.join(stage)) {
                let name = path.display().to_string();
                let old = texts.insert(path, text.clone());
                assert!(old.is_some_and(|old| old != text), "{site}/{stage}/{name} is no change");
            }
            let arguments = [&["--today", "2026-06-01", "--no-cache"], options].concat();
            let first = desk.lint(&arguments);
            assert_eq!(first.stderr, "", "{site}: {stage}");
            same(&tree(desk.path()), &texts, &format!("{site}/{stage}"));
            let again = desk.lint(&arguments);
            assert!(!again.stdout.contains("fixed "), "{site}/{stage}, once more: {again:?}");
            same(&tree(desk.path()), &texts, &format!("{site}/{stage}, once more"));
        }
    }
    assert!(count > 0, "no site shows what fixing makes of it");
}

/// The files below a folder, by their paths from there.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = super::files(&folder.to_string_lossy(), "").into_iter();
    let within = |path: &Path| path.strip_prefix(folder).expect("it is in there").to_owned();
    files.map(|path| (within(&path), std::fs::read(&path).expect("it can be read"))).collect()
}

fn same(found: &BTreeMap<PathBuf, Vec<u8>>, expected: &BTreeMap<PathBuf, Vec<u8>>, stage: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{stage}");
    for (path, text) in found {
        let [found, expected] = [text, &expected[path]].map(|text| String::from_utf8_lossy(text));
        assert_eq!(found, expected, "{stage}: {}", path.display());
    }
}

/// The text of the first fenced block behind a mark of the README.
fn readme_block(mark: &str) -> String {
    let readme = std::fs::read_to_string(super::root().join("README.md")).expect("the README");
    let (_, behind) = readme.split_once(mark).unwrap_or_else(|| panic!("the README has no {mark}"));
    let (_, block) = behind.split_once('\n').expect("a block has lines");
    block.split("```").next().expect("a split has a first part").to_owned()
}

fn printed(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    let command = command.args(["lint", "--no-cache", "fixtures/sites/trend-blog"]).args(arguments);
    let output = command.current_dir(super::root()).output().expect("the program starts");
    String::from_utf8(output.stdout).expect("a report is UTF-8")
}

#[test]
fn the_readme_shows_what_is_printed() {
    let finding = readme_block("<!-- diagnostic -->\n```text");
    assert!(finding.lines().count() > 5);
    let pretty = printed(&["--format", "pretty", "--color", "never"]);
    assert!(pretty.contains(&finding), "the README shows\n{finding}\nand the program prints\n{pretty}");
    let line = readme_block("`schemas/report.schema.json` describes it):\n\n```text");
    assert!(printed(&[]).contains(&line), "the README shows {line}");
}

#[test]
fn the_config_in_the_readme_is_right() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let article = "---\ntitle: Doors\nmeta: {minutes: 9}\n---\nDoors.\n";
    std::fs::create_dir_all(folder.path().join("articles/news")).expect("a folder");
    std::fs::write(folder.path().join("articles/news/b.md"), article).expect("a file");
    std::fs::write(folder.path().join("articles/a.md"), article).expect("a file");
    std::fs::write(folder.path().join("copydesk.yaml"), readme_block("<!-- config -->\n```yaml"))
        .expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk")).arg("lint").current_dir(folder.path()).output();
    let output = output.expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("a.md:3:17: error reading-time"), "{stdout}");
}

#[test]
fn the_other_configs_in_the_readme_are_right() {
    let desk = Desk::new(&[("content/posts/doors.md", "---\ntitle: Doors\n---\n\n## Doors.\n\nThe door.\n")]);
    desk.write("editorial/house-words.md", readme_page().as_bytes());
    desk.write("copydesk.yaml", readme_block("<!-- first config -->\n```yaml").as_bytes());
    let ended = desk.lint(&[]);
    ended.says("doors.md:2:8: warning title-length: the title is too short: 5 of at least 20 characters");
    assert!(ended.stderr.is_empty() && !ended.stdout.contains("heading-punctuation"), "{ended:?}");
    desk.write("copydesk.yaml", readme_block("<!-- pack -->\n```yaml").as_bytes());
    desk.run(&["files"]).code(0).says("content/posts/doors.md\n");
    assert_eq!(desk.run(&["config"]).stderr, "");
    desk.write("copydesk.yaml", readme_block("<!-- fix config -->\n```yaml").as_bytes());
    let ended = desk.run(&["config"]);
    ended.code(0).says("  whitespace:\n    level: warning").says("    fix: none  # copydesk.yaml:4\n");
    desk.write("copydesk.yaml", readme_block("<!-- network config -->\n```yaml").as_bytes());
    let ended = desk.run(&["config"]);
    assert!(ended.code(0).stderr.is_empty() && ended.stdout.contains("Bearer ${IMAGES_TOKEN}"), "{ended:?}");
}

/// The page that the configs of the README name is the first of the manual.
fn readme_page() -> String {
    let manual = std::fs::read_to_string(super::root().join("docs/writing-rules.md")).expect("the manual");
    super::pages::blocks(&manual).swap_remove(0).text
}

/// Every span of every finding lies in its file and between characters, and the number of threads changes nothing.
#[test]
#[ignore = "reads the folder in COPYDESK_CORPUS: real articles are not part of the project"]
fn a_corpus_is_read_without_a_wrong_span() {
    let corpus = Corpus::read();
    let run = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        let command = command.args(["lint", "--extends", "all", "--format", "json", "--threads", threads]);
        let output = command.arg(&corpus.folder).output().expect("the program starts");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        String::from_utf8(output.stdout).expect("JSON is UTF-8")
    };
    let one = run("1");
    assert!(one == run("4"), "the number of threads changes the report");
    let report: Json = serde_json::from_str(&one).expect("the report is JSON");
    assert_eq!(report["summary"]["checked"], corpus.articles.len() + corpus.unreadable.len());
    // Nothing but addresses, which are not asked.
    let skipped = report["summary"]["skipped"].as_array().expect("a list");
    assert!(skipped.iter().all(|one| one["unit"] == "url"), "{skipped:?}");
    let findings = report["findings"].as_array().expect("it has findings");
    assert!(!findings.is_empty(), "nothing is found in {} articles", corpus.articles.len());
    for finding in findings {
        let path = super::root().join(finding["path"].as_str().expect("a path"));
        let Some(text) = corpus.articles.get(&path) else {
            assert!(corpus.unreadable.contains(&path), "no article of the corpus: {finding}");
            continue;
        };
        let offset = |end: &str| usize::try_from(finding["span"][end].as_u64().expect("an offset")).unwrap();
        assert!(text.get(offset("start")..offset("end")).is_some(), "{finding}");
    }
}
