//! Fixes lose nothing: what readers that are not ours make of an article is the same before and after, but for what a
//! fix is there to change; all fixes come to rest; and every byte outside their edits is kept.

mod generated;
mod trial;
mod values;

use std::fmt::Write as _;
use std::sync::Arc;

use copydesk::data::Node;
use copydesk::engine::{ActiveRule, Settings};
use copydesk::finding::Level;
use copydesk::rules::{self, Catalog};
use copydesk::schema::Schema;
use copydesk::text::behind_mark;
use copydesk::yaml;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::pages;
use trial::wrongs;

/// Every rule there is, with these options for one of them.
fn all_rules(own: &str, options: &Map<String, Json>, schema: Option<&Arc<Schema>>) -> Settings {
    let none = Map::new();
    let rules = Catalog::built_in().pages().iter().map(|page| {
        let chosen = if page.id.as_ref() == own { options } else { &none };
        let check =
            rules::check_of(page, chosen).unwrap_or_else(|mistakes| panic!("{}: {mistakes:?}", page.id));
        ActiveRule { page: Arc::clone(page), level: Level::Warning, check: Arc::from(check) }
    });
    let known = Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect();
    let today = Some(jiff::civil::date(2026, 6, 1));
    Settings { rules: rules.collect(), known, today, schema: schema.map(Arc::clone), ..Settings::default() }
}

/// The examples of a page, each with the settings it is written for.
fn examples(page: &copydesk::rule::Page) -> Vec<(String, String, Settings)> {
    let (mut options, mut schema, mut examples) = (Map::new(), None, Vec::new());
    for block in pages::blocks(&page.body) {
        if block.is("options") {
            options = match yaml::parse(&block.text, 0).root.as_ref().map(Node::to_json) {
                Some(Json::Object(options)) => options,
                other => panic!("{}: {other:?}", page.id),
            };
        } else if block.is("schema") {
            schema = Some(Arc::new(pages::schema(&block.text, &page.id)));
        } else if block.is("article") {
            let (text, _) = pages::expectations(&block.text);
            if let Ok(text) = String::from_utf8(block.bytes(&text)) {
                examples.push((block.path(), text, all_rules(&page.id, &options, schema.as_ref())));
            }
        }
    }
    examples
}

/// The same text with other line ends, and with a byte-order mark.
fn variants(text: &str) -> [String; 4] {
    let plain = text.replace("\r\n", "\n").replace('\r', "\n");
    let marked = format!("\u{feff}{}", &text[behind_mark(text)..]);
    [text.to_owned(), plain.replace('\n', "\r\n"), plain.replace('\n', "\r"), marked]
}

/// Says what is wrong, without saying the same of every variant.
fn assert_none(mut wrongs: Vec<String>) {
    wrongs.dedup();
    let mut said = String::new();
    for wrong in &wrongs {
        writeln!(said, "{wrong}\n").expect("a String takes all");
    }
    assert!(wrongs.is_empty(), "{} wrongs:\n{said}", wrongs.len());
}

#[test]
fn the_examples_of_every_page_keep_what_they_say() {
    let mut found = Vec::new();
    let mut count = 0;
    for page in Catalog::built_in().pages() {
        for (path, text, settings) in examples(page) {
            for text in variants(&text) {
                let its = wrongs(&path, &text, &settings);
                found.extend(its.into_iter().map(|wrong| format!("{}: {wrong}", page.id)));
                count += 1;
            }
        }
    }
    assert!(count > 800, "only {count} examples");
    assert_none(found);
}

/// A schema with every kind of fix in it.
const SCHEMA: &str = "
type: object
required: [title, draft, layout, seo]
properties:
  title: {type: string}
  draft: {type: boolean, default: false}
  layout: {enum: [post, page, 'no'], default: post}
  readingTime: {type: integer}
  tags: {type: array, items: {type: string}}
  author: {type: [string, 'null'], default: no}
  seo:
    type: object
    default: {index: true}
    required: [index, name]
    properties: {index: {type: boolean, default: true}, name: {type: string, default: ''}}
additionalProperties: false
";

/// All rules as they are, with an order of fields, and with a schema.
fn desks() -> [Settings; 3] {
    let order = serde_json::json!({"order": ["title", "date", "description", "tags", "draft"]});
    let Json::Object(order) = order else { unreachable!("it is an object") };
    let schema = Arc::new(pages::schema(SCHEMA, "proof"));
    [
        all_rules("", &Map::new(), None),
        all_rules("field-order", &order, None),
        all_rules("", &Map::new(), Some(&schema)),
    ]
}

/// The texts of all examples, to be put together.
fn all_examples() -> Vec<String> {
    let pages = Catalog::built_in().pages();
    pages.iter().flat_map(|page| examples(page)).map(|(_, text, _)| text).collect()
}

/// Runs as many cases as PROPTEST_CASES asks for, or as few as a run of the whole suite has time for.
fn many<T: std::fmt::Debug>(few: u32, strategy: impl Strategy<Value = T>, test: impl Fn(T) -> Vec<String>) {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        max_shrink_iters: 4_000,
        failure_persistence: None,
        ..ProptestConfig::with_cases(asked.unwrap_or(few))
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let ran = runner.run(&strategy, |value| {
        let wrongs = test(value);
        prop_assert!(wrongs.is_empty(), "{}", wrongs.join("\n\n"));
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
}

#[test]
fn examples_put_together_keep_what_they_say() {
    let (examples, desks) = (all_examples(), desks());
    let pick = prop::sample::select(examples);
    many(60, (prop::collection::vec(pick, 1..4), 0..4_usize, 0..3_usize), |(parts, variant, desk)| {
        let text = parts.join("\n");
        wrongs("a.md", &variants(&text)[variant], &desks[desk])
    });
}

#[test]
fn articles_that_nobody_wrote_keep_what_they_say() {
    let desks = desks();
    many(150, (generated::article(), 0..3_usize), |(text, desk)| wrongs("a.md", &text, &desks[desk]));
}

/// Real articles: as the program finds them, with all rules.
#[test]
#[ignore = "reads the folder in COPYDESK_CORPUS: real articles are not part of the project"]
fn a_corpus_keeps_what_it_says() {
    use rayon::prelude::*;

    let corpus = std::env::var("COPYDESK_CORPUS").expect("COPYDESK_CORPUS names a folder of articles");
    let settings = all_rules("", &Map::new(), None);
    let paths: Vec<_> = ["md", "markdown", "mdx"]
        .iter()
        .flat_map(|ending| super::files(&corpus, &format!(".{ending}")))
        .collect();
    assert!(!paths.is_empty(), "{corpus} has no articles");
    let judge = |path: &std::path::PathBuf| {
        let text = String::from_utf8(std::fs::read(path).expect("a file of the corpus")).unwrap_or_default();
        wrongs(&path.to_string_lossy(), &text, &settings)
    };
    assert_none(paths.par_iter().flat_map_iter(judge).collect());
}
