//! The page for a browser: whole, safe whatever articles say, and with the numbers of the run.

use std::collections::{BTreeMap, BTreeSet};

use super::super::html::{self, Room};
use super::super::texts::Texts;
use super::*;
use crate::corpus::Portrait;
use crate::triage::{Asked, Baselined};

const DATA: &str = "<script type=\"application/json\" id=\"findings-data\">";

fn page(run: &Run, files: &[(&str, &str)]) -> String {
    let url = |id: &str| Some(format!("https://manual.example.org/{id}"));
    report(Format::Html, run, files, &Options { rule_url: &url, ..Options::default() })
}

/// The data of a page, with the texts that stand there as numbers.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once(DATA).expect("it has data");
    let (json, _) = rest.split_once("</script>").expect("the element ends");
    let mut data: Value = serde_json::from_str(json).unwrap();
    let mut texts = Vec::new();
    let mut told = |value: &mut Value| match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => *value = texts[number.as_u64().unwrap() as usize].clone().into(),
        _ => {}
    };
    for file in data["files"].as_array_mut().unwrap() {
        for row in file[1].as_array_mut().unwrap() {
            for at in [0, 4, 5] {
                told(&mut row[at]);
            }
            if row[6].is_array() {
                told(&mut row[6][0]);
            }
            for related in row[7].as_array_mut().unwrap() {
                for at in [0, 2] {
                    told(&mut related[at]);
                }
            }
        }
    }
    data
}

/// The tags of a page as they come, with their attributes; what stands in `style` and `script` is no markup.
fn tags(page: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((text, from)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a stray \">\" in {text:?}");
        let (tag, after) = from.split_once('>').unwrap_or_else(|| panic!("a tag has no end: {from:.80}"));
        let (name, mut list) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = BTreeMap::new();
        while !list.is_empty() {
            let (key, value) =
                list.split_once('=').filter(|(key, _)| !key.contains(' ')).unwrap_or_else(|| {
                    let (key, _) = list.split_once(' ').unwrap_or((list, ""));
                    (key, "\"\"")
                });
            assert!(key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'), "{tag:?}");
            let is_bare = !list[key.len()..].starts_with('=');
            let value = value.strip_prefix('"').and_then(|value| value.split_once('"')).unwrap_or_default().0;
            assert!(!attributes.contains_key(key), "an attribute twice: {tag:?}");
            attributes.insert(key.to_owned(), value.to_owned());
            let length = if is_bare { key.len() } else { key.len() + 3 + value.len() };
            list = list[length..].trim_start();
        }
        rest = after;
        if matches!(name, "script" | "style") {
            let (_, after) = rest.split_once(&format!("</{name}>")).expect("the element ends");
            rest = after;
        }
        tags.push((name.to_owned(), attributes));
    }
    tags
}

/// A run with everything in it, in which each text of somebody else is this one.
fn full(evil: &str) -> (Run, String) {
    let (mut run, _) = mixed();
    let text = format!("---\ntitle: {evil}\n---\n\n{evil}\n");
    for finding in &mut run.findings {
        (finding.rule, finding.path, finding.message) = (evil.into(), evil.into(), evil.to_owned());
        (finding.span, finding.related) = (Span::new(4, 9), vec![]);
        finding.help(evil.to_owned()).related(Span::new(0, 3), evil.to_owned());
        finding.fix(Fix::safe(evil.to_owned(), [Edit::replace(Span::new(4, 9), evil)]));
    }
    for suppressed in &mut run.suppressed {
        suppressed.reason = Some(evil.to_owned());
    }
    run.baselined = vec![finding(evil, 0..1)];
    run.summary.baselined = Some(Baselined { known: 1, gone: 2 });
    run.summary.asked = Some(Asked { alive: 1000, dead: 200, unverified: 34, cached: 5 });
    run.summary.skipped[0].reason = evil.to_owned().into();
    let names: BTreeMap<_, _> = (0..12).map(|at| (format!("{evil}{at}").into(), at)).collect();
    run.portrait = Some(Portrait {
        articles: 4,
        drafts: 1,
        words: vec![1, 20, 300, 4000],
        minutes: vec![2, 3],
        tiers: [("".into(), names.clone()), (evil.into(), names)].into(),
    });
    (run, text)
}

#[test]
fn the_page_is_whole() {
    let (run, text) = full("plain");
    let page = page(&run, &[("plain", &text)]);
    let void = ["meta", "input", "!DOCTYPE"];
    let raw = ["style", "script"];
    let mut open = Vec::new();
    let (mut ids, mut wanted) = (BTreeSet::new(), Vec::new());
    for (name, attributes) in tags(&page) {
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "in {open:?}");
        } else if !void.contains(&&*name) && !raw.contains(&&*name) {
            open.push(name);
        }
        if let Some(id) = attributes.get("id") {
            assert!(ids.insert(id.clone()), "two elements are \"{id}\"");
        }
        wanted.extend(
            ["for", "aria-labelledby", "aria-describedby"]
                .iter()
                .filter_map(|key| attributes.get(*key).cloned()),
        );
        // A style or an event in an attribute would not be let run, and nothing is fetched.
        for key in attributes.keys() {
            assert!(!key.starts_with("on") && key != "style" && key != "src" && key != "srcset", "{key}");
        }
    }
    assert_eq!(open, [""; 0]);
    assert!(wanted.len() > 10 && wanted.iter().all(|id| ids.contains(id)), "{wanted:?}");
}

#[test]
fn no_text_breaks_out() {
    let evil = "</script><script>alert(1)</script><!--<img src=x onerror='alert(2)'>\" &amp;{{ 7 * 7 }}\u{2028}\u{2029}\u{202e}\x07\u{9b}";
    let (tame_run, tame_text) = full("plain");
    let (evil_run, evil_text) = full(evil);
    let tame = page(&tame_run, &[("plain", &tame_text)]);
    let shown = page(&evil_run, &[(evil, &evil_text)]);
    let names = |page: &str| {
        tags(page)
            .into_iter()
            .map(|(name, attributes)| (name, attributes.into_keys().collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&tame), names(&shown));
    assert_eq!(tame.matches("</script").count(), shown.matches("</script").count());
    assert!(!shown.contains(|sent| sent != '\n' && visible::symbol(sent).is_some()));

    let visible = visible::line(evil).into_owned();
    let data = data(&shown);
    assert_eq!(data["files"][0][0], visible);
    let row = &data["files"][0][1].as_array().unwrap().iter().find(|row| row[6].is_array()).unwrap();
    for text in [&row[0], &row[4], &row[5], &row[6][0], &row[6][2][0][3], &row[7][0][2]] {
        assert_eq!(*text, visible);
    }
    assert!(data["rules"].as_object().unwrap().contains_key(&visible));
    // In a path or a name, a link may lead anywhere: only addresses of the web become links.
    let evil_url = |_: &str| Some("javascript:alert(3)".to_owned());
    let options = Options { rule_url: &evil_url, ..Options::default() };
    assert!(!report(Format::Html, &evil_run, &[], &options).contains("javascript:alert"));
}

#[test]
fn the_numbers_are_those_of_the_summary() {
    let (run, text) = full("plain");
    let page = page(&run, &[("plain", &text)]);
    let summary = &run.summary;
    let numbers: Vec<(&str, &str)> = page
        .split("<dt>")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once("</dt><dd>").unwrap();
            (name, rest.split_once("</dd>").unwrap().0)
        })
        .collect();
    assert_eq!(
        numbers,
        [
            ("errors", "1"),
            ("warnings", "3"),
            ("infos", "1"),
            ("articles checked", "4"),
            ("with a safe fix", "1"),
            ("with an unsafe fix", "1"),
            ("suppressed", "2"),
            ("in the baseline", "1"),
            ("gone from the baseline", "2"),
            ("fixed", "1"),
            ("skipped", "3"),
            ("addresses asked", "1,234"),
        ]
    );
    assert_eq!((summary.errors, summary.warnings, summary.infos), (1, 3, 1));
    assert!(page.contains("<h1 id=\"verdict\">1 error, 3 warnings and 1 info in 4 files</h1>"));
    assert!(page.contains("data-rule=\"plain\">5</td>") && page.contains("data-group=\"other\">5</td>"));
    assert!(page.contains("<p class=\"aside\">4 articles, 1 draft among them</p>"));
    assert!(
        page.contains("1 to 4,000 words, median 20")
            && page.contains("2 to 3 minutes, median 2, stated by 2 articles")
    );
    assert!(page.contains("<p class=\"aside\">and 4 more</p>"));
}

#[test]
fn each_finding_has_its_row() {
    let (run, files) = mixed();
    let data = data(&page(&run, &files));
    let paths: Vec<_> =
        data["files"].as_array().unwrap().iter().map(|file| file[0].as_str().unwrap()).collect();
    assert_eq!(paths, ["doors.md", "gates.md", "gone.md", "short.md"]);
    let [title, heading] = [0, 1].map(|at| data["files"][0][1][at].clone());
    assert_eq!(
        title,
        serde_json::json!([
            "unique-title",
            1,
            null,
            [2, 8],
            "another article has the title \"Doors\"",
            "give each article a title of its own",
            null,
            [["gates.md", [2, 8], "the same title", ["title: ", "Doors", ""]]],
            0,
            [1, ["---", ["title: ", "Doors", ""], "readingTime: 8 min", "---"], null]
        ])
    );
    assert_eq!(
        heading[6],
        serde_json::json!(["replace \"####\" with \"###\"", true, [[8, "", "####", "###", " Hinges"]], 0])
    );
    assert_eq!(heading[9], serde_json::json!([6, ["## Inside", "", ["", "#### Hinges", ""]], null]));
    assert_eq!(data["files"][2][1][0][3], "gone");
    let short = data["files"][3][1].as_array().unwrap();
    let standings: Vec<_> = short.iter().map(|row| &row[2]).collect();
    assert_eq!(*standings[0], serde_json::json!([1, "suppressed: it is␇ meant"]));
    assert_eq!((standings[1][0].as_u64(), standings[2]), (Some(1), &Value::Null));
    assert_eq!(short[2][3], "changed");
    assert_eq!((data["framed"].as_u64(), data["left"].as_u64()), (Some(7), Some(0)));
    assert_eq!(data["rules"]["unique-title"]["url"], "https://manual.example.org/unique-title");
}

#[test]
fn lines_are_written_once_for_a_file() {
    let text = "one\ntwo\nthree\nfour\n";
    let run = Run { findings: vec![finding("a.md", 0..3), finding("a.md", 4..7)], ..Run::default() };
    let data = data(&page(&run, &[("a.md", text)]));
    assert_eq!(data["files"][0][1][0][9], serde_json::json!([1, [["", "one", ""], "two", "three"], null]));
    assert_eq!(data["files"][0][1][1][9], serde_json::json!([1, ["one", ["", "two", ""], 0, "four"], null]));
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let mut findings = vec![finding("a.md", 0..3); 9];
    findings.push(finding("b.md", 0..3));
    let run = Run { findings, ..Run::default() };
    let mut read = |path: &str| Some(Source::new(path, b"one\n".to_vec()));
    let mut out = Vec::new();
    let room = Room { bytes: 150, findings: 6 };
    html::write_within(room, &run, &mut Texts::new(&mut read), &Options::default(), &mut out).unwrap();
    let data = data(&String::from_utf8(out).unwrap());
    let rows = data["files"][0][1].as_array().unwrap();
    let framed = rows.iter().take_while(|row| row[9].is_array()).count();
    assert!(framed > 0 && rows[framed..].iter().all(|row| row[9].is_null()), "{data}");
    assert_eq!(data["framed"], framed);
    assert_eq!((rows.len(), data["left"].as_u64()), (6, Some(4)));
}

#[test]
fn nothing_found_is_a_page_without_a_list() {
    let summary = Summary { checked: 3, ..Summary::default() };
    for (summary, verdict) in [(summary, "Nothing was found"), (Summary::default(), "No article was checked")]
    {
        let page = page(&Run { summary, ..Run::default() }, &[]);
        assert!(page.contains(&format!(">{verdict}</h1>")) && page.contains("There are none."), "{page}");
        assert!(!page.contains(DATA) && !page.contains("<table"));
    }
}

/// A browser runs the script and takes the style only if the policy has their hashes.
#[test]
fn the_policy_knows_style_and_script() {
    let page = page(&Run::default(), &[]);
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
        let (_, rest) = page.split_once(&format!("<{element}>")).unwrap();
        let (text, _) = rest.split_once(&format!("</{element}>")).unwrap();
        let hash = base64(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref());
        let wanted = format!("{directive} &#x27;sha256-{}&#x27;", hash.replace('/', "&#x2f;"));
        assert!(page.contains(&wanted), "POLICY in src/report/html.rs wants '{directive} sha256-{hash}'");
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0, |sum, at| sum << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = char::from(LETTERS[(number >> (18 - 6 * at)) as usize & 63]);
            text.push(if at <= chunk.len() { letter } else { '=' });
        }
    }
    text
}
