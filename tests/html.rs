//! The format `html` from the outside: the page has what the other formats have, and the same bytes each time.

use std::fs;
use std::process::Command;

use serde_json::Value as Json;

use super::cli::{Desk, Ended};

fn lint(arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["lint", "--today", "2026-06-01", "--no-cache"])
        .args(arguments)
        .current_dir(super::root().join("fixtures/sites/trend-blog"))
        .output();
    Ended::of(&output.expect("the program starts"))
}

fn data(page: &str) -> Json {
    let (_, rest) = page.split_once("id=\"findings-data\">").expect("the page has findings");
    let (data, _) = rest.split_once("</script>").expect("the element ends");
    serde_json::from_str(data).expect("it is JSON")
}

#[test]
fn the_page_has_the_findings_of_the_json_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("report.html");
    let json = lint(&["--format", "json", "--format", &format!("html={}", file.display())]).json();
    let page = fs::read_to_string(&file).expect("the page is written");
    assert_eq!(page, lint(&["--format", "html"]).stdout);

    let findings = json["findings"].as_array().expect("findings");
    let data = data(&page);
    let files = data["files"].as_array().expect("files");
    let rows: Vec<(&Json, &Json)> = files
        .iter()
        .flat_map(|file| file[1].as_array().expect("rows").iter().map(move |row| (&file[0], row)))
        .collect();
    assert_eq!(rows.len(), findings.len());
    let mut messages = 0;
    for ((path, row), finding) in rows.iter().zip(findings) {
        assert_eq!(**path, finding["path"]);
        assert_eq!(row[3], serde_json::json!([finding["start"]["line"], finding["start"]["column"]]));
        let level = ["error", "warning", "info"][row[1].as_u64().expect("a number") as usize];
        assert_eq!(finding["level"], level);
        // A message that came before is a number.
        if row[4].is_string() {
            assert_eq!(row[4], finding["message"]);
            messages += 1;
        }
        assert_eq!(row[6].is_array(), finding["fix"].is_object());
    }
    assert!(messages > 10, "{messages}");
    let summary = &json["summary"];
    for (name, count) in [("errors", &summary["errors"]), ("articles checked", &summary["checked"])] {
        assert!(page.contains(&format!("<dt>{name}</dt><dd>{count}</dd>")), "{name}: {count}");
    }
    for rule in data["rules"].as_object().expect("rules").values() {
        assert!(rule["url"].as_str().is_some_and(|url| url.starts_with("https://")), "{rule}");
        assert!(rule["group"] != "other" && rule["summary"] != "", "{rule}");
    }
    assert!(page.contains("19 articles, 1 draft among them") && page.contains("Categories, exact"));
}

#[test]
fn a_hostile_article_stays_text() {
    let evil = "---\ntitle: \"</script><img src=x onerror=alert(1)>\"\ncategory: \"<b>\u{202e}\"\n---\n\nTODO: </script><script>alert(2)</script>\u{2028}\n";
    let desk = Desk::new(&[("<b>.md", evil)]);
    let page = desk.lint(&["--format", "html", "--no-cache"]).stdout;
    assert!(!page.contains("<img") && !page.contains("<b>") && !page.contains("alert(2)</script"), "{page}");
    assert!(!page.contains(['\u{202e}', '\u{2028}']));
    let data = data(&page);
    assert_eq!(data["files"][0][0], "<b>.md");
    assert!(data.to_string().contains("</script><script>alert(2)</script>"));
}
