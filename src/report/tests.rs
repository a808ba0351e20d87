//! What each format makes of a run.

mod forges;
mod frames;
mod page;
mod programs;

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::*;
use crate::finding::{Edit, Finding, Fix, Level, Related, Safety};
use std::sync::Arc;

use crate::text::{Position, Span};
use crate::triage::{Fixed, Skipped, Summary, Suppressed, Unit};

pub(super) fn finding(path: &str, span: impl Into<Span>) -> Finding {
    Finding {
        rule: "a-rule".into(),
        level: Level::Warning,
        path: path.into(),
        span: span.into(),
        message: "something is wrong".to_owned(),
        help: None,
        related: vec![],
        fix: None,
    }
}

fn report(format: Format, run: &Run, files: &[(&str, &str)], options: &Options<'_>) -> String {
    let files: BTreeMap<_, _> = files.iter().copied().collect();
    let mut read = |path: &str| files.get(path).map(|text| Source::new(path, text.as_bytes().to_vec()));
    let mut out = Vec::new();
    write(format, run, &mut read, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Texts of all that makes positions hard.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "word ",
        "é",
        "日本",
        "🎉",
        "e\u{301}",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\x1b[31m",
        "\0",
        "\u{9b}",
        "\u{202e}",
        "\u{200d}",
        "\u{feff}",
        "a line that goes on for a while, and then for a while longer, and ends. ",
    ]);
    (any::<bool>(), prop::collection::vec(piece, 0..60))
        .prop_map(|(mark, pieces)| if mark { "\u{feff}" } else { "" }.to_owned() + &pieces.concat())
}

/// Such a text with up to four spans.
pub(super) fn marked() -> impl Strategy<Value = (String, Vec<Span>)> {
    let index = any::<prop::sample::Index>;
    (text(), prop::collection::vec((index(), index()), 1..5)).prop_map(|(text, picks)| {
        let boundaries: Vec<_> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        let ends = picks.iter().map(|(a, b)| (*a.get(&boundaries), *b.get(&boundaries)));
        let spans = ends.map(|(a, b)| Span::new(a.min(b), a.max(b))).collect();
        (text, spans)
    })
}

/// Compares with a file; `SNAPSHOTS=overwrite cargo test` refreshes it.
fn golden(name: &str, shown: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/golden").join(name);
    assert_data_eq!(shown, Data::read_from(&path, Some(DataFormat::Text)).raw());
}

/// Two articles, all levels, both kinds of fix, related places in the same and in another file, one file gone and
/// one changed.
fn mixed() -> (Run, [(&'static str, &'static str); 3]) {
    let doors = "---\ntitle: Doors\nreadingTime: 8 min\n---\n\n## Inside\n\n#### Hinges\n";
    let gates = "---\r\ntitle: Doors\r\n---\r\n\r\nA gate \x1b[31mis\x1b[0m a door.\r\n";
    let mut heading = finding("doors.md", 52..63);
    (heading.rule, heading.level) = ("heading-increment".into(), Level::Error);
    heading.message = "heading level jumps from 2 to 4".to_owned();
    heading.help("use \"### Hinges\"").related(Span::new(41, 50), "the heading before it");
    heading.fix(Fix::safe("replace \"####\" with \"###\"", [Edit::replace(Span::new(52, 56), "###")]));
    let mut title = finding("doors.md", 11..16);
    title.rule = "unique-title".into();
    title.message = "another article has the title \"Doors\"".to_owned();
    let related = Related { path: "gates.md".into(), span: Span::new(12, 17), text: "the same title".into() };
    title.help("give each article a title of its own").related.push(related);
    let mut colour = finding("gates.md", 33..38);
    (colour.rule, colour.level) = ("no-control-characters".into(), Level::Info);
    colour.message = "the text holds \"\x1b[31m\"".to_owned();
    colour.fix(Fix::r#unsafe("delete it", [Edit::delete(Span::new(33, 38))]));
    let findings = vec![title, heading, colour, finding("gone.md", 3..4), finding("short.md", 90..94)];
    let skipped = |unit, reason: &'static str, count| Skipped { unit, reason: reason.into(), count };
    let skipped = [skipped(Unit::File, "ignored by .gitignore", 2), skipped(Unit::Url, "offline", 1)];
    let summary = Summary::of(&findings, 4, skipped);
    let mut left_alone = finding("short.md", 0..5);
    left_alone.fix(Fix::safe("delete it", [Edit::delete(Span::new(0, 5))]));
    let suppressed = [(left_alone, Some("it is\x07 meant")), (finding("short.md", 1..2), None)];
    let suppressed =
        suppressed.map(|(finding, reason)| Suppressed { finding, reason: reason.map(str::to_owned) });
    let fixed = Fixed {
        rule: "reading-time".into(),
        title: "write \x1b[1m2".to_owned(),
        safety: Safety::Safe,
        path: "doors.md".into(),
        position: Position { line: 3, column: 14 },
    };
    let count = Fixes { safe: 1, r#unsafe: 0, files: 1 };
    let summary = Summary { suppressed: suppressed.len(), fixed: count, ..summary };
    (
        Run {
            findings,
            suppressed: suppressed.into(),
            fixed: vec![fixed],
            fixing: None,
            summary,
            ..Run::default()
        },
        [("doors.md", doors), ("gates.md", gates), ("short.md", "short\n")],
    )
}

#[test]
fn a_mixed_run_in_each_format() {
    let (run, files) = mixed();
    let shown = |format| report(format, &run, &files, &Options::default());
    golden("pretty.txt", shown(Format::Pretty));
    golden("concise.txt", shown(Format::Concise));
    golden("report.json", shown(Format::Json));
    let ascii = Options { unicode: false, ..Options::default() };
    golden("ascii.txt", report(Format::Pretty, &run, &files, &ascii));
    let mut out = Vec::new();
    let rules = [("reading-time".into(), run.summary.fixed)].into();
    write_forecast(&run, &rules, &Options::default(), &mut out).unwrap();
    golden("forecast.txt", String::from_utf8(out).unwrap());
}

#[test]
fn a_mistake_is_drawn_like_a_finding() {
    let source = Arc::new(Source::new("copydesk.yaml", b"rules:\n  heading-incremnt: error\n".to_vec()));
    let mistake = Mistake::at(&source, Span::new(9, 25), "there is no rule \"heading-incremnt\"")
        .with_help(Some("did you mean \"heading-increment\"?"));
    let mut out = Vec::new();
    write_mistake(&mistake, Level::Error, &Options::default(), &mut out).unwrap();
    let unread = Mistake::new("the config \"copydesk.yaml\" cannot be read");
    write_mistake(&unread, Level::Warning, &Options::default(), &mut out).unwrap();
    golden("mistake.txt", String::from_utf8(out).unwrap());
}

#[test]
fn the_json_report_matches_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let schema = jsonschema::validator_for(&schema).unwrap();
    let (run, files) = mixed();
    for run in [run, Run::default()] {
        let report = report(Format::Json, &run, &files, &Options::default());
        let report: Value = serde_json::from_str(&report).unwrap();
        let errors: Vec<_> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let mut foreign = report;
        foreign["more"] = Value::Null;
        assert!(!schema.is_valid(&foreign));
    }
}

#[test]
fn a_file_that_changed_or_went_is_named_without_a_frame() {
    for (path, span) in [("a.md", 90..91), ("a.md", 0..90), ("a.md", 1..2), ("gone.md", 0..1)] {
        let run = Run { findings: vec![finding(path, span)], ..Run::default() };
        let shown = report(Format::Pretty, &run, &[("a.md", "éa")], &Options::default());
        assert!(shown.contains(&format!("│ in {path}, which ")), "{shown}");
        let shown = report(Format::Concise, &run, &[("a.md", "éa")], &Options::default());
        assert!(shown.starts_with(&format!("{path}: warning a-rule: ")), "{shown}");
    }
}

#[test]
fn nothing_of_an_article_speaks_to_the_terminal() {
    let evil = "\x1b]8;;http://evil\x07\u{9b}2J\r\nx\u{202e}";
    let mut bad = finding(evil, 0..evil.len());
    bad.rule = evil.into();
    bad.message = evil.to_owned();
    bad.help(evil).related(Span::new(0, 1), evil).fix(Fix::safe(evil, [Edit::insert(0, evil)]));
    bad.related.push(Related { path: "gone.md".into(), span: Span::empty(0), text: evil.into() });
    let run = Run { findings: vec![bad], ..Run::default() };
    let url = |id: &str| Some(id.to_owned());
    let options = Options { rule_url: &url, ..Options::default() };
    for format in Format::ALL {
        let shown = report(format, &run, &[(evil, evil)], &options);
        let sent = |character: char| character != '\n' && visible::symbol(character).is_some();
        assert!(!shown.contains(sent), "{shown:?}");
    }
    let options = Options { links: true, color: true, ..options };
    let shown = report(Format::Pretty, &run, &[(evil, evil)], &options);
    assert!(shown.starts_with("\x1b]8;;␛]8;;http://evil␇"), "{shown:?}");
    assert!(!shown.contains('\x07') && !shown.contains('\u{9b}') && shown.contains("\x1b[33m"), "{shown:?}");
}

#[test]
fn concise_is_one_line_a_finding() {
    let mut many = finding("a.md", 0..1);
    many.message = "one\ntwo\r\nthree".to_owned();
    let run = Run { findings: vec![many; 3], ..Run::default() };
    let shown = report(Format::Concise, &run, &[("a.md", "a")], &Options::default());
    assert_eq!(shown.lines().filter(|line| line.starts_with("a.md:1:1: ")).count(), 3);
    assert_eq!(shown.lines().count(), 4);
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!("xml".parse::<Format>(), Err("\"xml\" is not a format: pretty, concise, json, jsonl, github, sarif, gitlab, junit, checkstyle, rdjson, markdown, html".to_owned()));
}
