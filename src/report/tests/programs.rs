//! What other programs read: SARIF, GitLab, rdjson, `JUnit` and Checkstyle. `tests/outside/report-schemas` holds them to the
//! published schemas; here they are held to what needs no network.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::finding::rewrite;
use crate::rule::Page;
use crate::triage::Baselined;

const PROGRAMS: [(Format, &str); 5] = [
    (Format::Sarif, "report.sarif"),
    (Format::Gitlab, "gitlab.json"),
    (Format::Junit, "junit.xml"),
    (Format::Checkstyle, "checkstyle.xml"),
    (Format::Rdjson, "rdjson.json"),
];

/// [`mixed`], and all that it has not: a byte-order mark and other letters in path and text, a fix of two edits, an empty
/// span at the end, one over many lines, two findings alike, what a baseline knows, and the page of a rule.
fn full() -> (Run, Vec<(&'static str, &'static str)>) {
    let (mut run, files) = mixed();
    let text = "\u{feff}---\r\ntitle: Tür “auf” & <zu>\r\n---\r\n\r\nÄh, äh, 🎉 hier\r\nund dort.\r\n";
    let (path, title) = ("Türen & Tore/Tür #1.md", "---\ntitle: Doors\n---\n");
    let at = |part: &str| {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    };
    let mut quotes = finding(path, at("“auf”"));
    quotes.message = "the quotes “” are not those of [German](rules)".to_owned();
    let [open, close] = ["“", "”"].map(at);
    quotes.fix(Fix::r#unsafe("use „ and “", [Edit::replace(open, "„"), Edit::replace(close, "“")]));
    let related = Related { path: "gates.md".into(), span: Span::new(12, 17), text: "see [here]".into() };
    quotes.related.push(related);
    let mut long = finding(path, at("hier\r\nund dort"));
    (long.rule, long.level) = ("no-page".into(), Level::Error);
    long.help("say it in one line").fix(Fix::safe("delete it", [Edit::delete(at("\r\nund dort"))]));
    let end = finding(path, text.len()..text.len());
    let alike = [finding(path, at("Äh")), finding(path, at("Äh"))];
    run.findings.splice(0..0, [vec![quotes], alike.into(), vec![long, end]].concat());
    run.findings.sort_by(|one, other| one.key().cmp(&other.key()));
    let mut known = finding("short.md", 2..3);
    known.help("leave it alone");
    run.baselined.push(known);
    run.summary.baselined = Some(Baselined { known: 1, gone: 2 });
    run.rules = [("a-rule", "error"), ("heading-increment", "off")].map(|(id, level)| page(id, level)).into();
    (run, [&files[..], &[(path, text), ("title.md", title)]].concat())
}

fn page(id: &str, level: &str) -> Arc<Page> {
    let text = format!(
        "---\nsummary: a rule asks for things\nlevel: {level}\nfix: none\ncheck: built-in\n---\n\nIt is wrong,\nand *why*.\n\n\
         See [another](../links/another.md).\n\n## Examples\n\n````article bad\ntext\n````\n"
    );
    let source = Arc::new(Source::new(format!("rules/group/{id}.md"), text.into()));
    Arc::new(Page::parse("group", id, &source, None).unwrap())
}

fn shown(format: Format, run: &Run, files: &[(&str, &str)]) -> String {
    let url = |id: &str| (id != "no-page").then(|| format!("https://example.org/rules/group/{id}.md"));
    report(format, run, files, &Options { root: "docs/", rule_url: &url, ..Options::default() })
}

fn json(format: Format, run: &Run, files: &[(&str, &str)]) -> Value {
    serde_json::from_str(&shown(format, run, files)).unwrap()
}

/// Reads XML to its end: each element with its attributes and the text that is right in it, in the order of their ends.
fn xml(text: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let holds = |letter: char| matches!(letter, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    assert!(text.chars().all(holds), "XML 1.0 cannot hold this: {text:?}");
    let (mut open, mut elements) = (vec![], vec![]);
    let mut reader = Reader::from_str(text);
    let begun = |start: &quick_xml::events::BytesStart<'_>| {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        let name = start.name().as_ref().to_owned();
        (name, attributes.collect::<BTreeMap<_, _>>(), String::new())
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(begun(&start)),
            Event::Empty(start) => elements.push(begun(&start)),
            Event::End(_) => elements.push(open.pop().unwrap()),
            Event::Text(part) => {
                open.iter_mut()
                    .last()
                    .map_or_else(|| assert_eq!(part.trim(), ""), |(_, _, text)| *text += &part);
            }
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                open.last_mut().unwrap().2 += &quick_xml::escape::unescape(&entity).unwrap();
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("what is {other:?} for?"),
        }
    }
    assert!(open.is_empty(), "{open:?}");
    elements
}

#[test]
fn a_full_run_in_each_format_for_programs() {
    let (run, files) = full();
    for (format, name) in PROGRAMS {
        let version = concat!("ersion\":\"", env!("CARGO_PKG_VERSION"), "\"");
        golden(name, shown(format, &run, &files).replace(version, "ersion\":\"0.0.0\""));
    }
}

#[test]
fn a_run_that_found_nothing_is_a_whole_document() {
    let checked = Run { summary: Summary::of(&[], 12, []), ..Run::default() };
    let empty = Run::default();
    for run in [&checked, &empty] {
        assert_eq!(shown(Format::Gitlab, run, &[]), "[]\n");
        assert_eq!(json(Format::Rdjson, run, &[])["diagnostics"], Value::Array(vec![]));
        let sarif = &json(Format::Sarif, run, &[])["runs"][0];
        assert_eq!(
            (&sarif["results"], &sarif["tool"]["driver"]["rules"]),
            (&Value::Array(vec![]), &Value::Array(vec![]))
        );
        assert_eq!(xml(&shown(Format::Checkstyle, run, &[])).len(), 1);
    }
    let tests =
        |run| xml(&shown(Format::Junit, run, &[])).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    assert_eq!(tests(&checked), ["system-out", "testcase", "testsuite", "testsuites"]);
    assert_eq!(tests(&empty), ["skipped", "testcase", "testsuite", "testsuites"]);
}

#[test]
fn gitlab_and_rdjson_match_their_schemas() {
    let (run, files) = full();
    for (format, schema) in [
        (Format::Gitlab, include_str!("../../../tests/outside/schemas/gitlab.schema.json")),
        (Format::Rdjson, include_str!("../../../tests/outside/schemas/rdjson.schema.json")),
    ] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        assert!(jsonschema::meta::is_valid(&schema));
        let schema = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let report = json(format, &run, &files);
        let errors: Vec<_> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn each_finding_has_a_name_of_its_own() {
    let (run, files) = full();
    let all = run.shown().count();
    let distinct = |names: Vec<String>| names.into_iter().collect::<std::collections::BTreeSet<_>>().len();
    let gitlab = json(Format::Gitlab, &run, &files);
    let prints = gitlab.as_array().unwrap().iter().map(|one| one["fingerprint"].to_string());
    assert_eq!(distinct(prints.collect()), all);
    let sarif = json(Format::Sarif, &run, &files);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let prints = results.iter().map(|one| format!("{}{}", one["locations"][0], one["partialFingerprints"]));
    assert_eq!(distinct(prints.collect()), all);
    let tests = xml(&shown(Format::Junit, &run, &files)).into_iter().filter(|(name, ..)| name == "testcase");
    let names = tests.map(|(_, attributes, _)| attributes["classname"].clone() + &attributes["name"]);
    assert_eq!(distinct(names.collect()), all + 1);
}

#[test]
fn sarif_says_what_github_leaves_out() {
    let notes = |count: usize| {
        let run = Run { findings: vec![finding("a.md", 0..1); count], ..Run::default() };
        json(Format::Sarif, &run, &[])["runs"][0]["invocations"][0]["toolExecutionNotifications"].clone()
    };
    assert_eq!(notes(5_000), Value::Array(vec![]));
    let text = "GitHub shows 5000 results of a SARIF run: this one has 5001";
    assert_eq!(notes(5_001)[0]["message"]["text"], text);
    let text = "GitHub refuses a SARIF run with more than 25000 results: this one has 25001";
    assert_eq!(notes(25_001)[0]["message"]["text"], text);
    let mut crowded = finding("a.md", 0..1);
    (0..1_200).for_each(|_| _ = crowded.related(Span::new(0, 1), "here"));
    let run = Run { findings: vec![crowded], ..Run::default() };
    let result = &json(Format::Sarif, &run, &[("a.md", "a")])["runs"][0]["results"][0];
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 1_000);
    let text = result["message"]["text"].as_str().unwrap();
    assert!(
        text.ends_with(
            ". [here](1), [here](2), [here](3), [here](4), [here](5). 200 more related places are not listed"
        ),
        "{text}"
    );
}

/// The offset of a place that rdjson names.
fn offset(text: &str, place: &Value) -> usize {
    let number = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
    let lines = Source::new("a.md", text.into());
    lines.lines().start(number("line") - 1).unwrap() as usize + number("column") - 1
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_text_stays_what_it_is(
        texts in prop::collection::vec("[\\x00-\\x1f\\x7f-\\xa0\u{2028}\u{202e}\u{fffe}\u{ffff}<>&\"'\\]\\[{}a é日🎉]{1,12}", 5),
    ) {
        let [rule, path, message, help, reason] = &texts[..] else { unreachable!("there are five") };
        let mut found = finding(path, 0..1);
        (found.rule, found.message) = (rule.as_str().into(), message.clone());
        found.help(help.clone()).related(Span::new(0, 1), reason.clone());
        let suppressed = Suppressed { finding: found.clone(), reason: Some(reason.clone()) };
        let run = Run { findings: vec![found], suppressed: vec![suppressed], ..Run::default() };
        for files in [&[(path.as_str(), "a")][..], &[]] {
            let told = format!("{message}. {help}");
            prop_assert_eq!(&json(Format::Gitlab, &run, files)[0]["description"], &told);
            let rdjson = json(Format::Rdjson, &run, files);
            prop_assert_eq!(&rdjson["diagnostics"][0]["location"]["path"], path);
            let sarif = json(Format::Sarif, &run, files);
            prop_assert_eq!(&sarif["runs"][0]["results"][0]["ruleId"], rule);
            let held = |text: &str| visible::line(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
            let checkstyle = xml(&shown(Format::Checkstyle, &run, files));
            prop_assert_eq!(&checkstyle[0].1["message"], &held(&told));
            prop_assert_eq!(&checkstyle[2].1["name"], &held(path));
            let junit = xml(&shown(Format::Junit, &run, files));
            prop_assert_eq!(&junit[0].1["message"], &held(message));
            prop_assert!(junit[0].2.contains(&held(help)), "{:?}", junit);
        }
    }

    #[test]
    fn a_fix_makes_the_same_text_in_each_format((text, spans) in marked()) {
        let mut edits: Vec<Edit> = vec![];
        for span in spans {
            if edits.iter().all(|edit| edit.span.end < span.start || span.end < edit.span.start) {
                edits.push(Edit::replace(span, "new"));
            }
        }
        edits.sort_by_key(|edit| edit.span);
        let fixed = rewrite(&text, &edits);
        let mut found = finding("a.md", 0..0);
        found.fix(Fix::safe("change it", edits));
        let run = Run { findings: vec![found], ..Run::default() };
        let files = [("a.md", text.as_str())];
        let rdjson = &json(Format::Rdjson, &run, &files)["diagnostics"][0]["suggestions"];
        let range = ["start", "end"].map(|end| offset(&text, &rdjson[0]["range"][end]));
        let new = rdjson[0]["text"].as_str().unwrap();
        prop_assert_eq!(format!("{}{new}{}", &text[..range[0]], &text[range[1]..]), fixed.clone());
        prop_assert_eq!(rdjson.as_array().unwrap().len(), 1);
        let sarif = &json(Format::Sarif, &run, &files)["runs"][0]["results"][0]["fixes"][0];
        let replacements = sarif["artifactChanges"][0]["replacements"].as_array().unwrap();
        let edits = replacements.iter().map(|replacement| {
            let region = &replacement["deletedRegion"];
            let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
            let span = Span::new(number("byteOffset"), number("byteOffset") + number("byteLength"));
            Edit::replace(span, replacement["insertedContent"]["text"].as_str().unwrap())
        });
        prop_assert_eq!(rewrite(&text, &edits.collect::<Vec<_>>()), fixed);
    }
}
