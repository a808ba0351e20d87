use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::*;
use crate::finding::{Edit, Finding, Fix, Level, Related};
use crate::triage::{Skipped, Summary, Unit};

fn finding(path: &str, span: impl Into<Span>) -> Finding {
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
    let mut read = |path: &str| {
        files
            .get(path)
            .map(|text| Source::new(path, text.as_bytes().to_vec()))
    };
    let mut out = Vec::new();
    write(format, run, &mut read, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Compares with a file; `SNAPSHOTS=overwrite cargo test` refreshes it.
fn golden(name: &str, shown: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/golden")
        .join(name);
    assert_data_eq!(shown, Data::read_from(&path, Some(DataFormat::Text)).raw());
}

/// The frame of one finding in `a.md`, without the closing lines and the ends of lines.
fn frame(text: &str, span: impl Into<Span>) -> String {
    frame_of(finding("a.md", span), text)
}

fn frame_of(finding: Finding, text: &str) -> String {
    let run = Run {
        findings: vec![finding],
        ..Run::default()
    };
    let shown = report(Format::Pretty, &run, &[("a.md", text)], &Options::default());
    let lines = shown.lines().skip(3).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Two articles, all levels, both kinds of fix, related places in the same and in another file, one file gone and
/// one changed.
fn mixed() -> (Run, [(&'static str, &'static str); 3]) {
    let doors = "---\ntitle: Doors\nreadingTime: 8 min\n---\n\n## Inside\n\n#### Hinges\n";
    let gates = "---\r\ntitle: Doors\r\n---\r\n\r\nA gate \x1b[31mis\x1b[0m a door.\r\n";
    let mut heading = finding("doors.md", 52..63);
    (heading.rule, heading.level) = ("heading-increment".into(), Level::Error);
    heading.message = "heading level jumps from 2 to 4".to_owned();
    heading
        .help("use \"### Hinges\"")
        .related(Span::new(41, 50), "the heading before it");
    heading.fix(Fix::safe(
        "replace \"####\" with \"###\"",
        [Edit::replace(Span::new(52, 56), "###")],
    ));
    let mut title = finding("doors.md", 11..16);
    title.rule = "unique-title".into();
    title.message = "another article has the title \"Doors\"".to_owned();
    let related = Related {
        path: "gates.md".into(),
        span: Span::new(12, 17),
        text: "the same title".to_owned(),
    };
    title
        .help("give each article a title of its own")
        .related
        .push(related);
    let mut colour = finding("gates.md", 33..38);
    (colour.rule, colour.level) = ("no-control-characters".into(), Level::Info);
    colour.message = "the text holds \"\x1b[31m\"".to_owned();
    colour.fix(Fix::r#unsafe("delete it", [Edit::delete(Span::new(33, 38))]));
    let findings = vec![
        title,
        heading,
        colour,
        finding("gone.md", 3..4),
        finding("short.md", 90..94),
    ];
    let skipped = |unit, reason: &'static str, count| Skipped {
        unit,
        reason: reason.into(),
        count,
    };
    let skipped = [
        skipped(Unit::File, "ignored by .gitignore", 2),
        skipped(Unit::Url, "offline", 1),
    ];
    let summary = Summary::of(&findings, 4, skipped);
    (
        Run { findings, summary },
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
    let ascii = Options {
        unicode: false,
        ..Options::default()
    };
    golden("ascii.txt", report(Format::Pretty, &run, &files, &ascii));
}

#[test]
fn a_mistake_is_drawn_like_a_finding() {
    let source = Arc::new(Source::new(
        "copydesk.yaml",
        b"rules:\n  heading-incremnt: error\n".to_vec(),
    ));
    let mistake = Mistake {
        message: "there is no rule \"heading-incremnt\"".to_owned(),
        help: Some("did you mean \"heading-increment\"?".to_owned()),
        source: Some(source),
        labels: vec![(Span::new(9, 25), None)],
        ..Mistake::default()
    };
    let mut out = Vec::new();
    write_mistake(&mistake, &Options::default(), &mut out).unwrap();
    let unread = Mistake {
        message: "cannot be read".to_owned(),
        path: Some("copydesk.yaml".into()),
        ..Mistake::default()
    };
    write_mistake(&unread, &Options::default(), &mut out).unwrap();
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
        let errors: Vec<_> = schema
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        let mut foreign = report;
        foreign["more"] = Value::Null;
        assert!(!schema.is_valid(&foreign));
    }
}

#[test]
fn every_kind_of_text_has_a_frame() {
    for (what, text, span, lines) in [
        ("an empty file", "", 0..0, ["1 │", "  · ▲"].as_slice()),
        (
            "the end after a line end",
            "ab\n",
            3..3,
            &["1 │ ab", "2 │", "  · ▲"],
        ),
        ("the end of a last line", "ab", 2..2, &["1 │ ab", "  ·   ▲"]),
        (
            "the end of a line",
            "ab\ncd\n",
            2..2,
            &["1 │ ab", "  ·   ▲", "2 │ cd"],
        ),
        ("a place in a line", "ab\n", 1..1, &["1 │ ab", "  ·  ▲"]),
        ("a line end", "ab\ncd\n", 2..3, &["1 │ ab", "  ·   ─", "2 │ cd"]),
        (
            "a line with its end",
            "ab\ncd\n",
            0..3,
            &["1 │ ab", "  · ───", "2 │ cd"],
        ),
        ("a CRLF", "ab\r\ncd\r\n", 2..4, &["1 │ ab", "  ·   ─", "2 │ cd"]),
        (
            "inside a CRLF",
            "ab\r\ncd\r\n",
            3..3,
            &["1 │ ab", "  ·   ▲", "2 │ cd"],
        ),
        (
            "after CRLF",
            "ab\r\ncd\r\n",
            4..6,
            &["1 │ ab", "2 │ cd", "  · ──"],
        ),
        (
            "after a lone CR",
            "ab\rcd\ref",
            3..5,
            &["1 │ ab", "2 │ cd", "  · ──", "3 │ ef"],
        ),
        (
            "after a byte-order mark",
            "\u{feff}ab\n",
            3..5,
            &["1 │ ab", "  · ──"],
        ),
        ("a byte-order mark", "\u{feff}ab\n", 0..3, &["1 │ ab", "  · ▲"]),
        (
            "nothing but a byte-order mark",
            "\u{feff}",
            3..3,
            &["1 │", "  · ▲"],
        ),
        ("after a tab", "\tab\n", 1..3, &["1 │     ab", "  ·     ──"]),
        ("a tab in the middle", "a\tb\n", 1..2, &["1 │ a   b", "  ·  ───"]),
        ("wide characters", "日本語\n", 3..6, &["1 │ 日本語", "  ·   ──"]),
        (
            "controls",
            "a\x1b[0mb\x07c\n",
            5..6,
            &["1 │ a␛[0mb␇c", "  ·      ─"],
        ),
        ("two lines", "ab\ncd\n", 1..4, &["1 │ ╭─▶ ab", "2 │ ╰─▶ cd"]),
        (
            "two lines with their ends",
            "ab\ncd\nef\n",
            0..6,
            &["1 │ ╭─▶ ab", "2 │ ╰─▶ cd", "3 │     ef"],
        ),
    ] {
        let shown = frame(text, span.clone());
        let body: Vec<_> = shown
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        assert_eq!(
            body[1..body.len() - 1],
            *lines,
            "{what}: {text:?} {span:?}\n{shown}"
        );
    }
}

#[test]
fn a_long_line_is_cut_around_its_mark() {
    let text = "some words and ".repeat(100) + "WRONG" + &" and more words".repeat(100);
    for at in [0, 1500, text.len() - 5] {
        let shown = frame(&text, at..at + 5);
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 100), "{shown}");
        let marked = lines[2]
            .find('─')
            .map(|at| lines[2][..at].chars().count())
            .unwrap();
        let under: String = lines[1].chars().skip(marked).take(5).collect();
        assert_eq!(under, text[at..at + 5], "{shown}");
        assert_eq!(lines[1].contains("│ …"), at > 0, "{shown}");
        assert!(
            shown.starts_with(&format!("   ╭─[a.md:1:{}]\n", at + 1)),
            "{shown}"
        );
    }
    let mut both = finding("a.md", 1500..1505);
    both.related(Span::new(0, 4), "first here");
    let shown = frame_of(both, &text);
    assert!(
        shown.contains("some words") && shown.contains("WRONG") && shown.contains("first here"),
        "{shown}"
    );
}

#[test]
fn a_tall_span_is_marked_on_its_first_line() {
    let text = "line\n".repeat(40);
    let shown = frame(&text, 10..150);
    assert!(shown.contains("╰── goes on to line 30"), "{shown}");
    assert_eq!(shown.lines().count(), 7, "{shown}");
}

#[test]
fn lines_far_apart_have_frames_of_their_own() {
    let text = "line\n".repeat(40);
    let mut far = finding("a.md", 150..154);
    far.related(Span::new(10, 14), "first here");
    let shown = frame_of(far, &text);
    assert!(
        shown.contains("[a.md:3:1]") && shown.contains("[a.md:31:1]"),
        "{shown}"
    );
    assert!(
        shown.contains(" 2 │ line") && !shown.contains(" 5 │ line"),
        "{shown}"
    );
}

#[test]
fn a_crowd_of_related_places_is_counted() {
    let mut crowded = finding("a.md", 0..4);
    for _ in 0..1000 {
        crowded.related(Span::new(0, 4), "here too");
    }
    let shown = frame_of(crowded, "line\n");
    assert!(
        shown.contains("help: 995 more related places are not shown"),
        "{shown}"
    );
}

#[test]
fn a_file_that_changed_or_went_is_named_without_a_frame() {
    for (path, span) in [
        ("a.md", 90..91),
        ("a.md", 0..90),
        ("a.md", 1..2),
        ("gone.md", 0..1),
    ] {
        let run = Run {
            findings: vec![finding(path, span)],
            ..Run::default()
        };
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
    bad.help(evil)
        .related(Span::new(0, 1), evil)
        .fix(Fix::safe(evil, [Edit::insert(0, evil)]));
    bad.related.push(Related {
        path: "gone.md".into(),
        span: Span::empty(0),
        text: evil.to_owned(),
    });
    let run = Run {
        findings: vec![bad],
        ..Run::default()
    };
    let url = |id: &str| Some(id.to_owned());
    let options = Options {
        rule_url: &url,
        ..Options::default()
    };
    for format in Format::ALL {
        let shown = report(format, &run, &[(evil, evil)], &options);
        let sent = |character: char| character != '\n' && visible::symbol(character).is_some();
        assert!(!shown.contains(sent), "{shown:?}");
    }
    let options = Options {
        links: true,
        color: true,
        ..options
    };
    let shown = report(Format::Pretty, &run, &[(evil, evil)], &options);
    assert!(shown.starts_with("\x1b]8;;␛]8;;http://evil␇"), "{shown:?}");
    assert!(
        !shown.contains('\x07') && !shown.contains('\u{9b}') && shown.contains("\x1b[33m"),
        "{shown:?}"
    );
}

#[test]
fn concise_is_one_line_a_finding() {
    let mut many = finding("a.md", 0..1);
    many.message = "one\ntwo\r\nthree".to_owned();
    let run = Run {
        findings: vec![many; 3],
        ..Run::default()
    };
    let shown = report(Format::Concise, &run, &[("a.md", "a")], &Options::default());
    assert_eq!(
        shown
            .lines()
            .filter(|line| line.starts_with("a.md:1:1: "))
            .count(),
        3
    );
    assert_eq!(shown.lines().count(), 4);
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!(
        "xml".parse::<Format>(),
        Err("\"xml\" is not a format: pretty, concise, json".to_owned())
    );
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

proptest! {
    #[test]
    fn any_span_of_any_text_is_shown_at_its_place(
        text in text(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
        width in 0_usize..200,
    ) {
        let boundaries: Vec<_> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        let mut spans = picks.iter().map(|(a, b)| {
            let (a, b) = (*a.get(&boundaries), *b.get(&boundaries));
            Span::new(a.min(b), a.max(b))
        });
        let mut found = finding("a.md", spans.next().unwrap());
        spans.for_each(|span| _ = found.related(span, "here"));
        let position = Source::new("a.md", text.clone().into()).position(found.span.start);
        let run = Run { findings: vec![found], ..Run::default() };
        let options = Options { width, ..Options::default() };
        let shown = report(Format::Pretty, &run, &[("a.md", &text)], &options);
        let place = format!("a.md:{}:{}", position.line, position.column);
        prop_assert!(shown.contains(&format!("[{place}]\n")), "{}", shown);
        let marks = |line: &str| line.contains(['▶', '▲']) || line.trim_start().starts_with('·') && line.contains('─');
        prop_assert!(shown.lines().any(marks), "{}", shown);
        prop_assert!(!shown.contains(|c| c != '\n' && visible::symbol(c).is_some()), "{:?}", shown);
        let shown = report(Format::Concise, &run, &[("a.md", &text)], &options);
        prop_assert!(shown.starts_with(&format!("{place}: ")), "{}", shown);
    }

    #[test]
    fn a_span_that_does_not_fit_never_panics(text in text(), start in 0_u32..400, length in 0_u32..400) {
        let run = Run {
            findings: vec![finding("a.md", Span { start, end: start + length })],
            ..Run::default()
        };
        for format in Format::ALL {
            report(format, &run, &[("a.md", &text)], &Options::default());
        }
    }
}
