//! Suppressions, from the outside: what is left alone, what is said of it, and what `copydesk suppress` writes.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use copydesk::article::{Article, FrontMatter};
use copydesk::data::Node;
use copydesk::engine::{self, ActiveRule, Settings};
use copydesk::finding::{Level, Safety};
use copydesk::fix;
use copydesk::rules::{self, Catalog};
use copydesk::text::Source;
use copydesk::web::{Depth, Outcome, Policy, Questions, Replies, Reply};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value as Json};

use super::cli::Desk;

const SUPPRESSED: &str = "<!-- copydesk-ignore image-alt: a drawing -->\n![](/a.png)\n";

#[test]
fn what_is_suppressed_is_counted_and_fails_nothing() {
    let desk = Desk::new(&[("a.md", SUPPRESSED)]);
    desk.lint(&[]).code(0).found(&[]).says("1 article checked, nothing found, 1 suppressed");
    desk.lint(&["--report-suppressed"])
        .code(0)
        .found(&["a.md:2:1 image-alt"])
        .says("[suppressed: a drawing]")
        .says("nothing found, 1 suppressed");
    desk.lint(&["--report-suppressed", "--format", "pretty"]).code(0).says("suppressed: a drawing");
    desk.lint(&["--no-suppressions"])
        .code(1)
        .found(&["a.md:2:1 image-alt"])
        .says("1 error found in 1 file\n");
    desk.lint(&["--no-suppressions", "--report-suppressed"]).code(2);
    let report = desk.lint(&["--format", "json"]).json();
    assert_eq!((&report["findings"], &report["summary"]["suppressed"]), (&Json::Array(vec![]), &1.into()));
    let report = desk.lint(&["--format", "json", "--report-suppressed"]).json();
    assert_eq!(report["findings"][0]["suppressed"], serde_json::json!({"reason": "a drawing"}));
    assert_eq!(report["summary"]["errors"], 0);
    let report = desk.lint(&["--format", "json", "--no-suppressions"]).json();
    assert_eq!(report["findings"][0]["suppressed"], Json::Null);
}

#[test]
fn a_rule_that_does_not_run_is_not_missed() {
    let desk = Desk::new(&[("a.md", SUPPRESSED), ("copydesk.yaml", "rules: {image-alt: off}\n")]);
    desk.lint(&[]).code(0).found(&[]);
    desk.lint(&["--only", "suppression"]).code(0).found(&[]);
    desk.lint(&["--skip", "image-alt"]).code(0).found(&[]);
    fs::remove_file(desk.path().join("copydesk.yaml")).unwrap();
    desk.write("a.md", b"<!-- copydesk-ignore image-alt -->\n![a door of oak](/a.png)\n");
    desk.lint(&[]).code(0).found(&["a.md:1:1 suppression"]).says("\"image-alt\" finds nothing here");
    desk.lint(&["--skip", "suppression"]).found(&[]);
    desk.lint(&["--no-suppressions"]).found(&[]);
}

/// A host that is well today does not make the suppression of what it did yesterday needless.
#[test]
fn a_rule_that_asks_the_web_is_not_missed_either() {
    let rules = ["image-reachable", "redirect-permanent", "suppression"];
    let settings = Settings { rules: rules.map(active).into(), known: known(), ..Settings::default() };
    let text = "<!-- copydesk-ignore-file redirect-permanent -->\n\n<!-- copydesk-ignore image-reachable: new -->\n\
        ![a door of oak](https://doors.test/oak.png)\n\n<!-- copydesk-ignore image-reachabel -->\n";
    let source = Source::new("a.md", text.as_bytes().to_vec());
    let found = |settings: &Settings| {
        let checked = engine::check(&source, settings);
        let kept: Vec<String> = checked.findings.into_iter().map(|finding| finding.message).collect();
        (kept, checked.suppressed.len())
    };
    let misspelt = vec!["there is no rule \"image-reachabel\"".to_owned()];
    assert_eq!(found(&settings), (misspelt.clone(), 0));
    let mut questions = Questions::default();
    for question in engine::questions(&source, &settings) {
        questions.add(question);
    }
    for (status, suppressed) in [(200, 0), (404, 1)] {
        let reply = Reply::new(Outcome::Status(status), Depth::Head);
        let replies = questions.iter().map(|question| (Arc::clone(&question.url), reply.clone())).collect();
        let replies = Replies::new(&questions, replies, &BTreeMap::new(), &Policy::default());
        let online = Settings { replies: Some(Arc::new(replies)), ..settings.clone() };
        assert_eq!(found(&online), (misspelt.clone(), suppressed), "{status}");
    }
}

#[test]
fn a_suppression_ends_behind_its_last_day() {
    let text = "<!-- copydesk-ignore image-alt until=2027-01-31 -->\n![](/a.png)\n";
    let desk = Desk::new(&[("a.md", text)]);
    desk.lint(&["--today", "2027-01-31"]).code(0).found(&[]);
    let ended = desk.lint(&["--today", "2027-02-01"]);
    ended.code(1).found(&["a.md:1:38 suppression", "a.md:2:1 image-alt"]).says("ended with 2027-01-31");
}

#[test]
fn only_a_whole_file_is_spared_from_the_rule_itself() {
    let text =
        "<!-- copydesk-ignore-file suppression: a page about us -->\n\n<!-- copydesk-ignore nothing -->\n";
    let desk = Desk::new(&[("a.md", text)]);
    desk.lint(&[]).found(&[]).says("1 suppressed");
    desk.write("a.md", text.replace("-file", "").as_bytes());
    desk.lint(&[]).found(&["a.md:1:22 suppression", "a.md:3:22 suppression"]).says("for a whole file only");
}

#[test]
fn each_unit_has_a_comment_of_its_own() {
    let text = "---\ntitle: A\nreadingTime: 99\n---\r\n\r\n## A\r\n\r\n> #### B\r\n\r\n- ![](/a.png)\r\n- b\r\n\r\n| a |\r\n|---|\r\n| ![](/b.png) |\r\n\r\n#### ![](/c.png)";
    let desk = Desk::new(&[("a.md", text)]);
    let lines = "a.md:3: # copydesk-ignore reading-time until=2999-01-01: not ours\n\
                 a.md:11: <!-- copydesk-ignore image-alt until=2999-01-01: not ours -->\n\
                 a.md:15: <!-- copydesk-ignore image-alt until=2999-01-01: not ours -->\n\
                 a.md:20: <!-- copydesk-ignore heading-increment image-alt until=2999-01-01: not ours -->\n";
    let arguments = ["suppress", "--reason", "not ours", "--until", "2999-01-01"];
    let dry = desk.run(&[&arguments[..], &["--dry-run"]].concat());
    dry.code(0).says(lines).says("5 findings would be suppressed with 4 comments in 1 file");
    assert_eq!(fs::read_to_string(desk.path().join("a.md")).unwrap(), text);
    desk.run(&arguments).code(0).says(lines).says("5 findings suppressed with 4 comments in 1 file");
    let new = fs::read_to_string(desk.path().join("a.md")).unwrap();
    assert!(
        new.contains("\n# copydesk-ignore reading-time until=2999-01-01: not ours\nreadingTime"),
        "{new}"
    );
    assert!(new.contains("\r\n\r\n<!-- copydesk-ignore heading-increment image-alt until=2999-01-01: not ours -->\r\n#### ![](/c.png)"));
    desk.lint(&[]).code(0).found(&[]).says("5 suppressed");
    desk.run(&arguments).code(0).says("0 findings suppressed");
    assert_eq!(fs::read_to_string(desk.path().join("a.md")).unwrap(), new);
}

#[test]
fn what_is_suppressed_can_be_chosen() {
    let text = "## A\n\n#### ![](/a.png)\n";
    let desk =
        Desk::new(&[("a.md", text), ("b.mdx", text), ("c.md", "{\"title\": \"A\", \"readingTime\": 9}\nb")]);
    desk.run(&["suppress", "a.md", "b.mdx", "--reason", "so", "--only", "image-alt"]).code(0);
    let read = |name: &str| fs::read_to_string(desk.path().join(name)).unwrap();
    assert_eq!(read("a.md"), "## A\n\n<!-- copydesk-ignore image-alt: so -->\n#### ![](/a.png)\n");
    assert_eq!(read("b.mdx"), "## A\n\n{/* copydesk-ignore image-alt: so */}\n#### ![](/a.png)\n");
    desk.run(&["suppress", "--reason", "so", "--file"]).code(0);
    assert!(read("b.mdx").starts_with("{/* copydesk-ignore-file "), "{}", read("b.mdx"));
    assert!(
        read("c.md").ends_with("\n<!-- copydesk-ignore-file reading-time: so -->\nb"),
        "{}",
        read("c.md")
    );
    desk.lint(&[]).code(0).found(&[]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let desk = Desk::new(&[("a.md", "---\ntitle: [\n"), ("b.md", SUPPRESSED)]);
    desk.run(&["suppress", "--reason", "so"]).code(1).complains("\"a.md\" is left as it is");
    for reason in ["", "a --> b", "a\nb", "{/* a */}"] {
        desk.run(&["suppress", "--reason", reason]).code(2).complains("the reason is one line of text");
    }
    desk.run(&["suppress"]).code(2).complains("--reason");
    desk.run(&["suppress", "--reason", "so", "--until", "2020-01-01"]).code(2).complains("is over");
    desk.run(&["suppress", "--reason", "so", "--format", "json"])
        .code(2)
        .complains("unexpected argument '--format'");
    let help = desk.run(&["suppress", "--help"]);
    help.code(0).says("--dry-run").says("--only");
    assert!(!help.stdout.contains("--format") && !help.stdout.contains("--fail-on"), "{help:?}");
}

/// Articles of pieces that rules have something to say of, in all that makes places hard.
fn articles() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "## A\n",
        "#### B ![](/b.png)\n",
        "![](/a.png)\n",
        "text\n",
        "\n",
        "\n",
        "\n",
        "> ",
        "> #### Q\n",
        "- ![](l.png)\n",
        "  - ![](m.png)\n",
        "  #### I\n\n",
        "1. a\n\n   ![](n.png)\n",
        "| a |\n|---|\n| ![](t.png) |\n",
        "<div>\n<img src=h>\n</div>\n",
        "<img src=i> b\n",
        "```\n#### C\n```\n",
        "    #### D\n",
        "# E\n",
        "F ![](f.png)\n===\n",
        "[^1]: ![](g.png)\n",
        "{{< figure src=a >}}\n",
        "<!-- c -->\n",
        "TODO: [insert text]\n",
        "日本 ![](j.png)\n",
        "a [^1] ![](k.png)\\\n",
        "{/* c */}\n",
        "import a from 'b'\n",
        "<Tabs>\n",
        "***\n",
    ]);
    let front_matter = prop::sample::select(vec![
        "",
        "---\ntitle: A\nreadingTime: 99\n---\n",
        "---\ntitle: |\n  A\ncategory: x\ncategories:\n  - type: exact\n    name: b\n  - {type: x, name: '#'}\n---\n",
        "+++\ntitle = \"A\"\nreadingTime = \"88 min\" # why\n+++\n",
        "{\"title\": \"A\", \"readingTime\": 9}\n",
        "---\ntitle: A\ntitle: B\ncategories: [\n  a,\n  b]\n---\n",
        "---\ntitle: [\n---\n",
    ]);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let pieces = prop::collection::vec(piece, 0..14);
    (any::<bool>(), front_matter, pieces, ends, any::<bool>()).prop_map(
        |(mark, front_matter, pieces, end, cut)| {
            let text = format!("{}{front_matter}{}", if mark { "\u{feff}" } else { "" }, pieces.concat());
            let text = if cut { text.trim_end_matches('\n') } else { &text };
            text.replace('\n', end)
        },
    )
}

#[test]
fn after_suppress_nothing_is_found_and_nothing_else_has_changed() {
    let mut runner = TestRunner::deterministic();
    let desk = Desk::new(&[]);
    let articles = articles();
    let texts: Vec<(String, String)> = (0..400)
        .map(|number| {
            let text = articles.new_tree(&mut runner).expect("an article").current();
            (format!("{number:03}.{}", if number % 3 == 0 { "mdx" } else { "md" }), text)
        })
        .collect();
    for (name, text) in &texts {
        desk.write(name, text.as_bytes());
    }
    let before = desk.lint(&["--format", "json"]).json();
    assert!(before["summary"]["errors"].as_u64() > Some(400), "{}", before["summary"]);
    let ended = desk.run(&["suppress", "--reason", "so"]);
    let flat = ended.stderr.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let is_left = |name: &str| flat.contains(&format!("\"{name}\" is left as it is"));
    let after = desk.lint(&["--format", "json"]).json();
    for finding in after["findings"].as_array().expect("findings") {
        let name = finding["path"].as_str().expect("a path");
        assert!(is_left(name), "{finding}\n{}", fs::read_to_string(desk.path().join(name)).unwrap());
    }
    let mut left = 0;
    for (name, text) in &texts {
        let new = fs::read_to_string(desk.path().join(name)).expect("it is there");
        left += usize::from(is_left(name));
        if is_left(name) {
            assert_eq!(&new, text);
            continue;
        }
        same_but_for_comments(text, &new);
    }
    // A front matter that is broken and never ends cannot be helped, and little else.
    assert!(left < 40, "{left} files are left: {flat}");
}

#[track_caller]
fn same_but_for_comments(old: &str, new: &str) {
    let lines =
        |text: &str| -> Vec<String> { text.split_inclusive(['\n', '\r']).map(str::to_owned).collect() };
    let body = |text: &str| text.trim_start_matches('\u{feff}').to_owned();
    assert_eq!(old.len() - body(old).len(), new.len() - body(new).len());
    let mut rest = lines(&body(old)).into_iter().peekable();
    let mut is_behind_comment = false;
    for line in lines(&body(new)) {
        if rest.peek() == Some(&line) {
            rest.next();
            is_behind_comment = false;
            continue;
        }
        let last_grew = rest.peek().is_some_and(|last| line.trim_end() == last);
        if last_grew {
            rest.next();
            continue;
        }
        let is_rest = is_behind_comment && line.trim().is_empty();
        assert!(
            line.contains("copydesk-ignore") || is_rest || line == "\n",
            "{line:?} in {new:?} of {old:?}"
        );
        is_behind_comment = true;
    }
    assert_eq!(rest.next(), None, "{new:?} of {old:?}");
    let source = |text: &str| Source::new("a.md", text.as_bytes().to_vec());
    let (old, new) = (source(old), source(new));
    let values = |source: &Source| {
        let article = Article::parse(source);
        article.front_matter.as_ref().and_then(FrontMatter::root).map(Node::to_json)
    };
    assert_eq!(values(&old), values(&new));
}

/// Unneeded suppressions between the pieces of an article, as comments of their own and at the ends of lines.
fn suppressed_articles() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "## A\n",
        "text\n",
        "\n",
        "\n",
        "> q\n",
        "- a\n",
        "- b\n\n",
        "  c\n",
        "1. d\n",
        "    code\n",
        "| a |\n|---|\n| b |\n",
        "<div>\n",
        "</div>\n\n",
        "[^1]: e\n",
        "[r]: f\n",
        "---\n",
        "+++\n",
        "===\n",
        "a: b\n",
        "<!-- copydesk-ignore duplicate-key -->\n",
        "\n<!-- copydesk-ignore duplicate-key -->\n\n",
        "<!-- copydesk-ignore-file schema, duplicate-key : so -->\n",
        "  <!-- copydesk-ignore duplicate-key -->\n",
        "> <!-- copydesk-ignore duplicate-key -->\n",
        "- <!-- copydesk-ignore duplicate-key -->\n",
        "text <!-- copydesk-ignore duplicate-key -->\n",
        "## B <!-- copydesk-ignore duplicate-key -->\n",
        "<!-- copydesk-ignore duplicate-key --> text\n",
        "| c <!-- copydesk-ignore duplicate-key --> |\n",
        "<!-- other -->\n",
        "{/* copydesk-ignore duplicate-key */}\n",
    ]);
    let front_matter = prop::sample::select(vec![
        "",
        "---\ntitle: A\n---\n",
        "---\n# copydesk-ignore schema\ntitle: A # copydesk-ignore duplicate-key\n# copydesk-ignore schema\n---\n",
        "---\ncopydesk: {ignore: [schema, duplicate-key]}\ntitle: A\n---\n",
        "---\ntitle: A\ncopydesk:\n  ignore:\n    - schema\n    - {rule: duplicate-key, reason: so}\n---\n",
        "+++\ntitle = 'A' # copydesk-ignore schema\n[copydesk]\nignore = ['schema']\n+++\n",
        "{\"copydesk\": {\"ignore\": [\"schema\", \"duplicate-key\"]}}\n",
    ]);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (front_matter, prop::collection::vec(piece, 0..14), ends).prop_map(|(front_matter, pieces, end)| {
        format!("{front_matter}{}", pieces.concat()).replace('\n', end)
    })
}

/// A rule with its defaults.
fn active(id: &str) -> ActiveRule {
    let page = Catalog::built_in().get(id).expect("it is a rule");
    let check = rules::check_of(page, &Map::new()).expect("its defaults are right");
    ActiveRule { page: Arc::clone(page), level: Level::Warning, check: Arc::from(check) }
}

/// The names of all rules.
fn known() -> Arc<[Arc<str>]> {
    Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect()
}

proptest! {
    #![proptest_config(crate::cases(300))]
    #[test]
    fn what_is_not_needed_is_taken_out_and_the_page_stays(text in suppressed_articles(), is_mdx in any::<bool>()) {
        let rules = ["duplicate-key", "schema", "suppression"].map(active);
        let settings = Settings { rules: rules.into(), known: known(), ..Settings::default() };
        let path = if is_mdx { "a.mdx" } else { "a.md" };
        let source = |text: String| Source::new(path, text.into_bytes());
        let first = source(text);
        let values = |source: &Source| {
            let article = Article::parse(source);
            let root = article.front_matter.as_ref().and_then(FrontMatter::root).map(Node::to_json);
            root.map(|mut root| {
                root.as_object_mut().map(|root| root.remove("copydesk"));
                root
            })
        };
        let mended = fix::mend(&first, &settings, Safety::Unsafe);
        prop_assert_eq!(mended.failures, []);
        let current = source(mended.text.unwrap_or_else(|| first.text().to_owned()));
        let mut left = engine::check(&current, &settings).findings;
        // Where a front matter stands at the wrong place, or between the wrong fences, that is mended first, by another
        // rule.
        let block = Article::parse(&current).front_matter;
        if block.is_some_and(|block| !block.flaws.is_empty()) {
            left.retain(|finding| finding.fix.is_some());
        }
        prop_assert!(left.iter().all(|finding| finding.rule.as_ref() != "suppression"), "{left:?} in {:?}", current.text());
        prop_assert_eq!(values(&first), values(&current));
        let body = |source: &Source| {
            let article = Article::parse(source);
            let body = &source.text()[article.body.span.start as usize..];
            Source::new(path, format!("\u{feff}---\na: 1\n---\n{body}").into_bytes())
        };
        let (before, after) = (body(&first), body(&current));
        let alike = Article::parse(&before).reads_like(&Article::parse(&after));
        prop_assert!(alike, "{:?} became {:?}", first.text(), current.text());
    }
}
