//! Reports for programs, from the outside: over each fixture site, the same findings in every one of them.

use std::fs;
use std::path::Path;
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value as Json, json};

use super::cli::Desk;
use super::root;

/// `[path, line, column, level, rule]` of each finding.
type Found = Vec<Json>;

#[test]
fn all_formats_say_the_same_of_each_site() {
    for site in fs::read_dir(root().join("fixtures/sites")).expect("the sites") {
        let site = site.expect("an entry of a folder of ours").path();
        let desk = Desk::new(&[]);
        let report = |format: &str| desk.path().join(format);
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(["lint", "--no-cache"]).current_dir(&site);
        for format in ["json", "sarif", "gitlab", "rdjson", "junit", "checkstyle"] {
            command.arg("--format").arg(format!("{format}={}", report(format).display()));
        }
        assert_eq!(command.output().expect("the program starts").status.code(), Some(1));
        let read = |format: &str| fs::read_to_string(report(format)).expect("a report was written");
        let json = |format: &str| serde_json::from_str::<Json>(&read(format)).expect("it is JSON");
        let wanted = of_json(&json("json"));
        assert!(!wanted.is_empty());
        let rooted: Found = wanted.iter().map(|finding| below(&site, finding)).collect();
        assert_eq!(of_sarif(&json("sarif")), rooted);
        assert_eq!(of_gitlab(&json("gitlab")), rooted);
        assert_eq!(of_checkstyle(&read("checkstyle")), wanted);
        assert_eq!(of_junit(&read("junit")), wanted);
        // Columns are bytes there.
        let lines = |found: Found| -> Found {
            found.into_iter().map(|one| json!([one[0], one[1], one[3], one[4]])).collect()
        };
        assert_eq!(lines(of_rdjson(&json("rdjson"))), lines(wanted));
    }
}

#[test]
fn forges_get_paths_from_the_root_of_the_repository() {
    let desk = Desk::new(&[(".git/HEAD", ""), ("my docs/a.md", "## Tür\n\n##  \n")]);
    let run = |format: &str| {
        let mut command = desk.command(&["lint", "--no-cache", "--format", format]);
        let ended = command.current_dir(desk.path().join("my docs")).output().expect("the program starts");
        serde_json::from_slice::<Json>(&ended.stdout).expect("it is JSON")
    };
    let place =
        &run("sarif")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*place, json!({"uri": "my%20docs/a.md", "uriBaseId": "%SRCROOT%"}));
    assert_eq!(run("gitlab")[0]["location"]["path"], "my docs/a.md");
    assert_eq!(run("rdjson")["diagnostics"][0]["location"]["path"], "a.md");
}

#[test]
fn who_writes_more_than_github_shows_is_told() {
    let desk = Desk::new(&[("a.md", &"![](a.png)\n\n".repeat(5_001))]);
    let ended = desk.lint(&["--no-cache", "--only", "image-alt", "--format", "sarif=report.sarif"]);
    ended.code(1).complains("GitHub shows 5000 results of a SARIF run: this one has 5001");
    let ended = desk.lint(&["--no-cache", "--only", "image-alt"]);
    assert!(!ended.code(1).stderr.contains("GitHub"));
}

/// The same finding with its path from the root of the project, which may be a repository or not.
fn below(site: &Path, finding: &Json) -> Json {
    let top = site.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(site);
    let path =
        site.strip_prefix(top).expect("an ancestor is above").join(finding[0].as_str().expect("a path"));
    let mut finding = finding.clone();
    finding[0] = path.to_string_lossy().replace('\\', "/").into();
    finding
}

fn list<'a>(list: &'a Json, one: impl Fn(&'a Json) -> Json) -> Found {
    list.as_array().expect("a list").iter().map(one).collect()
}

fn of_json(report: &Json) -> Found {
    list(&report["findings"], |one| {
        json!([one["path"], one["start"]["line"], one["start"]["column"], one["level"], one["rule"]])
    })
}

/// The word of a format for each level, as ours.
fn level(word: &Json, [error, warning, info]: [&str; 3]) -> &'static str {
    match word.as_str().expect("a word") {
        word if word == error => "error",
        word if word == warning => "warning",
        word if word == info => "info",
        word => panic!("\"{word}\" is not a level"),
    }
}

fn of_sarif(log: &Json) -> Found {
    let run = &log["runs"][0];
    list(&run["results"], |one| {
        let place = &one["locations"][0]["physicalLocation"];
        let (uri, region) = (&place["artifactLocation"]["uri"], &place["region"]);
        let index = usize::try_from(one["ruleIndex"].as_u64().expect("the rule is described")).expect("few");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], one["ruleId"]);
        let level = level(&one["level"], ["error", "warning", "note"]);
        json!([uri, region["startLine"], region["startColumn"], level, one["ruleId"]])
    })
}

fn of_gitlab(violations: &Json) -> Found {
    list(violations, |one| {
        let (path, begin) = (&one["location"]["path"], &one["location"]["positions"]["begin"]);
        let level = level(&one["severity"], ["major", "minor", "info"]);
        json!([path, begin["line"], begin["column"], level, one["check_name"]])
    })
}

fn of_rdjson(result: &Json) -> Found {
    list(&result["diagnostics"], |one| {
        let (path, start) = (&one["location"]["path"], &one["location"]["range"]["start"]);
        let level = level(&one["severity"], ["ERROR", "WARNING", "INFO"]);
        json!([path, start["line"], start["column"], level, one["code"]["value"]])
    })
}

/// The elements of an XML document that begin, in their order.
fn elements(text: &str) -> Vec<BytesStart<'static>> {
    let mut reader = Reader::from_str(text);
    let mut elements = vec![];
    loop {
        match reader.read_event().expect("it is well-formed") {
            Event::Start(start) | Event::Empty(start) => elements.push(start.into_owned()),
            Event::Eof => return elements,
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).expect("it has attributes")?;
    Some(quick_xml::escape::unescape(&attribute.value).expect("it is escaped").into_owned())
}

fn of_checkstyle(text: &str) -> Found {
    let mut file = None;
    let mut found = vec![];
    for element in elements(text) {
        let number = |name| attribute(&element, name).map(|number| number.parse::<u64>().expect("a number"));
        match element.name().as_ref() {
            "file" => file = attribute(&element, "name"),
            "error" => {
                let rule = attribute(&element, "source").expect("a rule").replace("copydesk.", "");
                let level = attribute(&element, "severity");
                found.push(json!([file, number("line"), number("column"), level, rule]));
            }
            _ => {}
        }
    }
    found
}

fn of_junit(text: &str) -> Found {
    let (mut file, mut case) = (None, String::new());
    let mut found = vec![];
    for element in elements(text) {
        match element.name().as_ref() {
            "testsuite" => file = attribute(&element, "name"),
            "testcase" => case = attribute(&element, "name").expect("a name"),
            "failure" => {
                let name = case.split(" (").next().unwrap_or_default();
                let (rule, place) = name.split_once(" at ").unwrap_or((name, ""));
                let mut place = place.split(':').map(|number| number.parse::<u64>().ok());
                let (line, column) = (place.next().flatten(), place.next().flatten());
                found.push(json!([file, line, column, attribute(&element, "type"), rule]));
            }
            _ => {}
        }
    }
    found
}
