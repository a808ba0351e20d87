//! What stands around the Action: its manual, and the others that it and our workflows call.

use std::fs;

use crate::root;

#[test]
fn others_are_called_by_the_hash_of_a_commit() {
    let mut files = crate::files(".github/workflows", ".yml");
    files.push(root().join("action.yml"));
    let mut count = 0;
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of ours");
        for line in text.lines() {
            let Some((_, action)) = line.split_once("uses: ").filter(|(_, action)| !action.starts_with("./"))
            else {
                continue;
            };
            let (_, rest) = action.split_once('@').expect("a version");
            let (hash, version) = rest.split_once(" # v").unwrap_or_else(|| panic!("no version: {line}"));
            assert!(hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
            assert!(version.starts_with(|letter: char| letter.is_ascii_digit()), "{line}");
            count += 1;
        }
    }
    assert!(count >= 5);
}

#[test]
fn the_manual_has_all_inputs_and_outputs() {
    let manual = fs::read_to_string(root().join("docs/ci.md")).expect("the manual");
    let names = |key: &str| -> Vec<String> {
        let page = page();
        let names = page[key].as_mapping().expect("a mapping").keys();
        names.map(|name| name.as_str().expect("a name").to_owned()).collect()
    };
    let table = |head: &str| -> Vec<String> {
        let rows = manual.lines().skip_while(|line| !line.starts_with(head)).skip(2);
        let cells = rows.map_while(|row| row.strip_prefix("| ")).filter_map(|row| row.split(" |").next());
        cells.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`').to_owned()).collect()
    };
    assert_eq!(table("| input |"), names("inputs"));
    assert_eq!(table("| output |"), names("outputs"));
    let page = page();
    for row in manual.lines().filter(|row| row.starts_with("| `") && row.matches(" | ").count() == 2) {
        let cells: Vec<&str> = row.trim_matches(['|', ' ']).split(" | ").collect();
        let default = page["inputs"][cells[0].trim_matches('`')]["default"].as_str().expect("a text");
        let shown = cells[1].strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
        assert_eq!(shown.unwrap_or_default(), default, "{row}");
    }
    // What it shows is what the Action takes.
    let mut count = 0;
    for text in
        ["docs/ci.md", "README.md"].map(|path| fs::read_to_string(root().join(path)).expect("a manual"))
    {
        for example in text.split("- uses: copydesk/copydesk@").skip(1) {
            let given =
                example.split("```").next().unwrap_or_default().split("with:\n").nth(1).unwrap_or_default();
            let indent = given.len() - given.trim_start().len();
            let given = given.lines().take_while(|line| line.len() - line.trim_start().len() == indent);
            for name in given.filter_map(|line| line.trim().split(':').next()) {
                assert!(names("inputs").iter().any(|input| input == name), "there is no input \"{name}\"");
                count += 1;
            }
        }
    }
    assert!(count >= 6);
}

/// The Action, as YAML.
pub(super) fn page() -> serde_yaml::Mapping {
    let text = fs::read_to_string(root().join("action.yml")).expect("the Action");
    serde_yaml::from_str(&text).expect("it is YAML")
}
