//! What forges and programs read line by line: workflow commands, JSON lines and the summary in Markdown.

use std::collections::HashMap;

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag};

use super::*;

fn url(id: &str) -> Option<String> {
    (id == "heading-increment").then(|| format!("https://doors.test/{id}.md"))
}

/// The mixed run with a finding that a baseline knows, in a folder of a repository.
fn mixed_with_baseline() -> (Run, [(&'static str, &'static str); 3]) {
    let (mut run, files) = mixed();
    run.baselined = vec![finding("gates.md", 4..9)];
    run.summary.baselined = Some(crate::triage::Baselined { known: 1, gone: 2 });
    (run, files)
}

const FORGE: Options<'_> = Options {
    color: false,
    links: false,
    unicode: true,
    width: 100,
    quiet: false,
    lists_fixes: true,
    root: "docs/",
    rule_url: &url,
};

#[test]
fn a_mixed_run_for_forges() {
    let (run, files) = mixed_with_baseline();
    golden("github.txt", report(Format::Github, &run, &files, &FORGE));
    golden("report.jsonl", report(Format::Jsonl, &run, &files, &FORGE));
    golden("summary.md", report(Format::Markdown, &run, &files, &FORGE));
}

/// Texts of all that a forge may take for something else.
fn risky() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "word",
        "a",
        " ",
        " ",
        "  ",
        "é",
        "日本",
        "\u{200b}",
        "\u{3000}",
        "\u{301}",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "@name",
        "#12",
        "GH-12",
        "o/r#1",
        ":tada:",
        "abcdef1",
        "|",
        "\\",
        "`",
        "``",
        "<b>",
        "</details>",
        "<!--",
        "&amp;",
        "&",
        "*",
        "**",
        "_",
        "~~",
        "[x](y)",
        "![",
        "[",
        "]",
        "(",
        "$x$",
        "https://a.test",
        "www.a.test",
        "a@b.test",
        "- ",
        "# ",
        "1. ",
        "> ",
        "---",
        "===",
        "::error::",
        "::",
        ":",
        "##[error]",
        "##[",
        "#",
        "%0A",
        "%25",
        "%",
        ",",
        "=",
        ";",
        "\x1b[31m",
        "\"",
        "'",
        ".",
        "!",
        "3.5",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A run of a finding that is all made of such texts.
fn risky_run() -> impl Strategy<Value = Run> {
    (risky(), risky(), risky(), risky()).prop_map(|(path, rule, message, help)| {
        let mut bad = finding(&format!("{path}x"), 0..1);
        bad.rule = format!("{rule}x").into();
        bad.message = message;
        bad.help(help.clone()).fix(Fix::safe(help.clone(), [Edit::delete(Span::new(0, 1))]));
        let fixed = Fixed {
            rule: bad.rule.clone(),
            title: help.clone(),
            safety: Safety::Safe,
            path: bad.path.clone(),
            position: Position { line: 1, column: 1 },
        };
        let suppressed = vec![Suppressed { finding: bad.clone(), reason: Some(help.clone()) }];
        let findings = vec![bad];
        let skipped = Skipped { unit: Unit::Path, reason: help.into(), count: 1 };
        let summary = Summary::of(&findings, 1, [skipped]);
        Run { findings, suppressed, fixed: vec![fixed], summary, ..Run::default() }
    })
}

// --- github

/// A command, as a runner reads it: its name, its properties and its message.
type Command = (String, HashMap<String, String>, String);

/// What the runner of GitHub makes of a line (`ActionCommand.cs`), written down anew from its rules: `::name key=value,…::data`
/// behind white space, or else `##[name key=value;…]data` anywhere. Any name will do here.
fn runner(line: &str) -> Option<Command> {
    let modern = line.trim_start().strip_prefix("::").and_then(|line| line.split_once("::"));
    let (head, data, separator) = if let Some((head, data)) = modern {
        (head, data, ',')
    } else {
        let (head, data) = line.split_once("##[")?.1.split_once(']')?;
        (head, data, ';')
    };
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.trim().split(separator).filter_map(|pair| pair.split_once('='));
    let properties = properties.map(|(key, value)| {
        let value = value.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
        (key.to_owned(), value.replace("%25", "%"))
    });
    let data = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    Some((name.to_owned(), properties.collect(), data))
}

fn commands(shown: &str) -> Vec<Command> {
    shown.lines().filter_map(runner).collect()
}

proptest! {
    #[test]
    fn a_runner_finds_our_commands_and_no_others(run in risky_run()) {
        let bad = &run.findings[0];
        let shown = report(Format::Github, &run, &[(&bad.path, "a")], &Options::default());
        let commands = commands(&shown);
        let names: Vec<&str> = commands.iter().map(|(name, ..)| name.as_str()).collect();
        prop_assert_eq!(names, ["warning", "group", "endgroup"], "{}", shown);
        let (_, properties, message) = &commands[0];
        // What a terminal must not get is shown, as it is elsewhere; line ends of a path can be sent.
        let sent = |text: &str| text.split_inclusive(['\r', '\n']).map(|part| {
            let end = part.len() - usize::from(part.ends_with(['\r', '\n']));
            visible::line(&part[..end]).into_owned() + &part[end..]
        }).collect::<String>();
        prop_assert_eq!(&properties["file"], &sent(&bad.path));
        prop_assert_eq!(&properties["title"], &sent(&bad.rule));
        prop_assert_eq!(&properties["line"], "1");
        let help = visible::lines(bad.help.as_deref().unwrap());
        prop_assert_eq!(message, &format!("{}\n{help}", visible::line(&bad.message)));
    }
}

#[test]
fn beyond_ten_of_a_level_the_tenth_counts_the_others() {
    let mut findings = Vec::new();
    for (level, count) in [(Level::Info, 11), (Level::Error, 25), (Level::Warning, 10)] {
        for number in 0..count {
            let mut one = finding(&format!("{level}-{}.md", number / 10), 0..1);
            one.level = level;
            one.rule = format!("rule-{}", if number > 20 { 1 } else { 2 }).into();
            findings.push(one);
        }
    }
    let run = Run { summary: Summary::of(&findings, 9, []), findings, ..Run::default() };
    let shown = report(Format::Github, &run, &[("error-0.md", "a")], &Options::default());
    let commands = commands(&shown);
    let of = |name: &str| commands.iter().filter(|(other, ..)| other == name).collect::<Vec<_>>();
    for (name, count) in [("error", 10), ("warning", 10), ("notice", 10), ("group", 1), ("endgroup", 1)] {
        assert_eq!(of(name).len(), count, "{name}: {shown}");
    }
    let last = |name: &str| of(name).last().unwrap().2.lines().next().unwrap().to_owned();
    assert_eq!(last("error"), "and 16 more errors in 3 files: rule-2 (12), rule-1 (4)");
    assert_eq!(last("warning"), "something is wrong");
    assert_eq!(last("notice"), "and 2 more infos in 2 files: rule-2 (2)");
    assert!(shown.starts_with("::error ") && shown.find("::warning ") < shown.find("::notice "), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.contains(" rule-") && !line.starts_with("::")).count(), 46);
    assert!(
        shown.ends_with("9 articles checked, 25 errors, 10 warnings and 11 infos found in 6 files\n"),
        "{shown}"
    );
    let quiet = report(Format::Github, &run, &[], &Options { quiet: true, ..Options::default() });
    assert!(quiet.ends_with("::endgroup::\n"), "{quiet}");
}

#[test]
fn many_rules_are_counted_and_not_named() {
    let findings: Vec<Finding> = (0..40)
        .map(|number| Finding { rule: format!("rule-{number}").into(), ..finding("a.md", 0..1) })
        .collect();
    let run = Run { findings, ..Run::default() };
    let shown = report(Format::Github, &run, &[("a.md", "a")], &Options::default());
    assert!(shown.contains("::and 31 more warnings in 1 file: rule-"), "{shown}");
    assert!(shown.contains(" (1), and of 21 more rules%0A"), "{shown}");
}

#[test]
fn columns_stand_only_where_the_marked_text_is_in_one_line() {
    let text = "één twee\ndrie\nvier\n";
    for (span, place) in [
        (0..5, "line=1,endLine=1,col=1,endColumn=3"),
        (6..6, "line=1,endLine=1,col=5,endColumn=5"),
        (0..11, "line=1,endLine=1,col=1,endColumn=9"),
        (0..12, "line=1,endLine=2"),
        (11..21, "line=2,endLine=3"),
        (21..21, "line=4,endLine=4,col=1,endColumn=1"),
    ] {
        let run = Run { findings: vec![finding("a.md", span)], ..Run::default() };
        let shown = report(Format::Github, &run, &[("a.md", text)], &Options::default());
        assert!(shown.contains(&format!("file=a.md,{place},title=a-rule::")), "{shown}");
    }
    let run = Run { findings: vec![finding("../a.md", 0..1), finding("b.md", 90..91)], ..Run::default() };
    let shown = report(Format::Github, &run, &[("b.md", text)], &FORGE);
    assert!(shown.starts_with("::warning file=../a.md,title=a-rule::"), "{shown}");
    assert!(shown.contains("\n::warning file=docs/b.md,title=a-rule::"), "{shown}");
}

// --- jsonl

#[test]
fn lines_are_those_of_the_json_report_and_match_their_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/report.schema.json")).unwrap();
    let line = serde_json::json!({ "$ref": "#/$defs/line", "$defs": schema["$defs"] });
    let schema = jsonschema::validator_for(&line).unwrap();
    let (run, files) = mixed_with_baseline();
    for run in [run, Run::default()] {
        let lines = report(Format::Jsonl, &run, &files, &FORGE);
        let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut whole: Value = serde_json::from_str(&report(Format::Json, &run, &files, &FORGE)).unwrap();
        for line in &mut lines {
            let errors: Vec<_> = schema.iter_errors(line).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{line}: {errors:?}");
            let mut foreign = line.clone();
            foreign["more"] = Value::Null;
            assert!(!schema.is_valid(&foreign), "{foreign}");
            foreign = line.clone();
            foreign["type"] = "mistake".into();
            assert!(!schema.is_valid(&foreign), "{foreign}");
            let (kind, mut rest) = (line["type"].take(), line.clone());
            rest.as_object_mut().unwrap().remove("type");
            *line = serde_json::json!([kind, rest]);
        }
        let mut expected = Vec::new();
        for (kind, list) in [("finding", "findings"), ("fixed", "fixed")] {
            let entries = whole[list].as_array().unwrap().iter();
            expected.extend(entries.map(|entry| serde_json::json!([kind, entry])));
        }
        whole["summary"]["version"] = whole["version"].take();
        expected.push(serde_json::json!(["summary", whole["summary"]]));
        assert_eq!(lines, expected);
    }
}

// --- markdown

/// What a summary says: its texts in and outside of code, with the ends of blocks as line ends; and its HTML.
#[derive(Debug, Default)]
struct Page {
    text: String,
    /// Without what stands in code.
    plain: String,
    html: String,
}

impl Page {
    fn of(markdown: &str) -> Self {
        // All extensions, whatever a forge has of them, but for the one that changes quotes and dashes.
        let mut extensions = pulldown_cmark::Options::all();
        extensions.remove(pulldown_cmark::Options::ENABLE_SMART_PUNCTUATION);
        let events = Parser::new_ext(markdown, extensions);
        let mut page = Self::default();
        let mut is_code = false;
        for event in events {
            match event {
                Event::Text(text) => {
                    page.text += &text;
                    page.plain += if is_code { "" } else { &text };
                }
                Event::Code(text) => page.text += &text,
                Event::Html(html) | Event::InlineHtml(html) => {
                    is_code = &*html == "<code>";
                    page.html += &html;
                    page.text += &html.replace("<br>", "\n");
                }
                Event::Start(
                    Tag::Heading { .. }
                    | Tag::Paragraph
                    | Tag::List(_)
                    | Tag::Item
                    | Tag::Strong
                    | Tag::Link { .. }
                    | Tag::HtmlBlock
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow
                    | Tag::TableCell,
                ) => {}
                Event::End(end) => {
                    if !matches!(end, pulldown_cmark::TagEnd::Strong | pulldown_cmark::TagEnd::Link) {
                        page.text.push('\n');
                        page.plain.push('\n');
                    }
                }
                other => panic!("no part of a summary: {other:?} in\n{markdown}"),
            }
        }
        page
    }
}

proptest! {
    #[test]
    fn what_stands_in_articles_comes_out_as_text(run in risky_run(), is_listed in any::<bool>()) {
        let run = if is_listed { run } else { Run { suppressed: vec![], ..run } };
        let bad = &run.findings[0];
        let shown = report(Format::Markdown, &run, &[(&bad.path, "a")], &Options::default());
        let page = Page::of(&shown);
        // In blocks of HTML and in cells of tables, characters are written by their numbers.
        let decoded = (33..127u8).fold(page.text.clone(), |text, letter| {
            text.replace(&format!("&#{letter};"), &char::from(letter).to_string())
        });
        let line = |text: &str| visible::line(text).into_owned();
        let help = line(bad.help.as_deref().unwrap());
        prop_assert!(decoded.contains(&format!("<summary><code>{}</code>: 1 warning", line(&bad.path))), "{}", shown);
        for (text, mark) in [(line(&bad.message), ": "), (help.clone(), "\n"), (help, "\n")] {
            prop_assert!(decoded.contains(&format!("{mark}{text}")), "{:?} in {:?} of\n{}", text, decoded, shown);
        }
        prop_assert!(decoded.contains(&line(&bad.rule)), "{}", shown);
        let mut html = page.html;
        for ours in ["<details open>", "<summary>", "</summary>", "</details>", "<br>", "<code>", "</code>"] {
            html = html.replace(ours, "");
        }
        prop_assert!(!html.contains(['<', '>']), "{:?} of\n{}", html, shown);
        for mark in ["@", "#", "GH-", ":t", "://", "www.", "$"] {
            prop_assert!(!page.plain.contains(mark), "{} in {:?}", mark, page.plain);
        }
        let mut words = page.plain.split(|letter: char| !letter.is_ascii_alphanumeric());
        prop_assert!(words.all(|word| word != "abcdef1"), "{:?}", page.plain);
    }
}

#[test]
fn plain_words_stay_what_they_are() {
    let mut bad = finding("a.md", 0..1);
    bad.message =
        "the title is too short: 5 of \"at least\" 3.5, not \"a_b #12\" (see docs/words)".to_owned();
    let run = Run { findings: vec![bad], ..Run::default() };
    let shown = report(Format::Markdown, &run, &[("a.md", "a")], &Options::default());
    let item = "- **warning** 1:1 a-rule: the title is too short: 5 of \"at least\" 3.5, not `\"a_b #12\"` (see docs/words)\n";
    assert!(shown.contains(item), "{shown}");
}

#[test]
fn a_summary_is_no_longer_than_a_comment_and_counts_what_it_leaves_out() {
    let mut findings = Vec::new();
    for number in 0..3_000 {
        let mut one = finding(&format!("{:04}.md", number / 30), 0..1);
        one.rule = format!("rule-{number}-{}", "😀".repeat(40)).into();
        one.message = format!("{number}: {}", "😀 ".repeat(10_000));
        one.level = if number / 30 == 70 { Level::Error } else { Level::Info };
        findings.push(one);
    }
    let skipped =
        (0..3_000).map(|number| Skipped { unit: Unit::Path, reason: format!("{number}").into(), count: 1 });
    let run = Run { summary: Summary::of(&findings, 100, skipped), findings, ..Run::default() };
    let shown = report(Format::Markdown, &run, &[], &Options::default());
    assert!(shown.encode_utf16().count() <= 60_000 && shown.len() > 60_000, "{}", shown.len());
    let first = shown.find("<summary>").unwrap();
    assert!(
        shown[first..].starts_with("<summary><code>0070&#46;md</code>: 30 errors</summary>"),
        "the worst come first"
    );
    let files = shown.matches("<details>").count();
    assert_eq!(shown.matches("- and 10 more\n").count(), files);
    let left_out =
        format!("\nNo room is left for {} findings in {} files: ", 3_000 - 30 * files, 100 - files);
    assert!(files > 0 && shown.contains(&left_out), "{left_out}");
    let rules = shown.matches("\n| [").count() + shown.matches("\n| <code>").count();
    assert!(shown.contains(&format!("\nNo room is left for {} more rules.\n", 3_000 - rules)), "{rules}");
}

#[test]
fn a_summary_says_that_nothing_was_found() {
    let shown = |run: &Run| report(Format::Markdown, run, &[], &Options::default());
    let summary = Summary { checked: 2, ..Summary::default() };
    assert_eq!(
        shown(&Run { summary, ..Run::default() }),
        "## copydesk: nothing found\n\n- 2 articles checked, nothing found\n"
    );
    assert!(shown(&Run::default()).starts_with("## copydesk: no article was checked\n"));
}
