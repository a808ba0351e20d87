//! Fixes lose nothing: what readers that are not ours make of an article is the same before and after, but for what a
//! fix is there to change; all fixes come to rest; and every byte outside their edits is kept.

mod generated;
mod trial;
mod values;

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use copydesk::article::Article;
use copydesk::data::Node;
use copydesk::engine::{ActiveRule, Settings};
use copydesk::finding::{Edit, Fix, Level, Safety};
use copydesk::rule::{Check, Context, Page, Sink};
use copydesk::rules::{self, Catalog};
use copydesk::schema::Schema;
use copydesk::text::{Span, behind_mark};
use copydesk::yaml;
use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use super::corpus::Corpus;
use super::pages;
use trial::wrongs;

/// Every rule there is, with these options for one of them.
fn all_rules(own: &str, options: &Map<String, Json>, schema: Option<&Arc<Schema>>) -> Settings {
    static ALL: LazyLock<Settings> = LazyLock::new(|| {
        let rules = Catalog::built_in().pages().iter().map(|page| rule(page, &Map::new()));
        let known = Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect();
        let today = Some(jiff::civil::date(2026, 6, 1));
        Settings { rules: rules.collect(), known, today, ..Settings::default() }
    });
    let mut settings = Settings { schema: schema.map(Arc::clone), ..ALL.clone() };
    for known in settings.rules.iter_mut().filter(|known| known.page.id.as_ref() == own) {
        *known = rule(&known.page, options);
    }
    settings
}

fn rule(page: &Arc<Page>, options: &Map<String, Json>) -> ActiveRule {
    let check = rules::check_of(page, options).unwrap_or_else(|mistakes| panic!("{}: {mistakes:?}", page.id));
    ActiveRule { page: Arc::clone(page), level: Level::Warning, check: Arc::from(check) }
}

/// The examples of a page, each with the settings it is written for.
fn examples(page: &Page) -> Vec<(String, String, Settings)> {
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
    let pages = Catalog::built_in().pages();
    let count = AtomicUsize::new(0);
    let judge = |page: &Arc<Page>| {
        let mut found = Vec::new();
        for (path, text, settings) in examples(page) {
            for text in variants(&text) {
                found.extend(
                    wrongs(&path, &text, &settings).into_iter().map(|wrong| format!("{}: {wrong}", page.id)),
                );
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        found
    };
    let found = pages.par_iter().flat_map_iter(judge).collect();
    assert!(count.into_inner() > 800, "only so few examples");
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

/// Runs the test with made-up values, as many as [`crate::cases`] says.
fn many<T: std::fmt::Debug>(few: u32, strategy: impl Strategy<Value = T>, test: impl Fn(T) -> Vec<String>) {
    let config = ProptestConfig { max_shrink_iters: 4_000, ..crate::cases(few) };
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

#[test]
fn what_was_lost_once_is_not_lost_again() {
    let settings = all_rules("", &Map::new(), None);
    for text in [
        "---\ndoors:\n  - \"name\": \"Front\ndoor\"\n---\n",
        "---\ndoors:\n- []\n-\n  name: \"Front\ndoor\"\n---\n",
        "---\na:\n  b: \"no\ncomment\"\n ---\n",
        "> A door.\n  {{< figure src=\"a.png\" >}}\n[ref]: https://example.org \"Title\"\n",
        "## Doors\n\n---\ncopydesk:\n  ignore: [image-alt]\ntitle: Windows\n---\n\nText.\n",
        "Doors.\r\n\r\n---\r\ncopydesk: {ignore: [image-alt]}\r\ntitle: T # copydesk-ignore single-title\r\n---\r\n",
        "  +++\ncopydesk = {ignore = ['image-alt']}\ntitle = 'Doors' # copydesk-ignore single-title\n+++\n",
        "[door]: /door\n[lock]: /lock\n\ntitle: Doors\ndate: 2026-03-01\n---\nThey open.\n",
        "---\r\ntitle: no\r\n----\r\n[a]: b\r\n<https://a.b>",
        ">     more \n\n[ref]: https://example.org \"Title\"",
        "---\n---\n\\\r ",
        "---\n\"title\": no\n----\n<!-- copydesk-ignore image-alt: reason -->\n[ref]: https://example.org \"Title\"",
        "---\n\na: b\nc: d\n----\n[ref]: https://example.org \"Title\"",
        "[a]: {{< a  b >}}\na",
        "---\n---\n\\语。*é**https://a.ba",
        "---\n---\n1. > # Doors\n\n[ref]: https://example.org \"Title\"\n\n<!-- copydesk-ignore repeated-word: reason -->\n1. > **A bold line**",
        "---\rtext <!-- copydesk-ignore duplicate-key -->\r",
        // What a template above it makes of a block is not known.
        "- # Doors\n  {{< figure src=\"a.png\"  alt=\"a  b\" >}}\nLocks;\n---",
        "<div>\n{{ x }}\n> ## Doors and  windows:\n",
        "<div>\n{{< a  b >}}\nDoors\n## Locks:\n",
        "<div>\n{{< a  b >}}\n\\éhttps://a.ba",
        "  {{< a >}}\n  [ref]: https://example.org\n> | a |\n> |---|\n[ref]: https://example.org",
        "[ref]: https://example.org\nA door.\n  {{< a >}}\n  [ref]: https://example.org",
        "  <div>\n  \n  Text\n  \n  </div>\n  {{< a >}}\n1. one\n\n   more  \n2. two\n> # Doors",
        // Signs at the end of a heading that are needed, and what is no sign.
        "# -->:   ",
        "# &amp;:    ",
        "# 语。:    ",
        "# {% raw %}:   ",
        "# The set {a}:\n",
        "# C #:\n",
        "# A door\\:\n",
        "1):   <div>\n===",
        "a\n*:   <div>\n===",
        // Definitions, and what looks like one.
        "> # Doors\n>\n>     more\n[ref]: https://example.org \"Title\" \n\n",
        "[a]: b\n<b>",
        "[a]: b\n    *<script>\n[a]: b\n",
        "> **A line**\n- [a]: b\n\n[a]: b\n\n<!-- copydesk-ignore image-alt: reason -->\n- # Doors",
        // Marks of emphasis and of comments beside an address.
        "a*b.*https://a.b* ",
        "**a https://a.b*)",
        "&amp;<!--# https://a.b---<b>",
        "\\a<!--# https://a.b--- ",
    ] {
        assert_none(wrongs("a.md", text, &settings));
        assert_none(wrongs("a.md", &format!("---\n---\n{text}"), &settings));
    }
    for text in [
        // A key that one rule puts behind a mapping, and another rule that moves the mapping.
        "---\ntitle: Doors\nauthors: Anna\nseo:\n  index: no\n---\n",
        "---\n\"tags\":   \n---\n",
    ] {
        for desk in desks() {
            assert_none(wrongs("a.md", text, &desk));
        }
    }
}

/// A rule that does what no fix may do: puts a text in the place of another.
struct Vandal(&'static str, &'static str, Safety);

impl Check for Vandal {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        for (at, _) in article.text().match_indices(self.0) {
            let span = Span::new(at, at + self.0.len());
            let edit = [Edit::replace(span, self.1)];
            let fix = if self.2 == Safety::Safe { Fix::safe("", edit) } else { Fix::r#unsafe("", edit) };
            sink.report(span, "here").fix(fix);
        }
    }
}

#[test]
fn a_fix_that_loses_something_is_found() {
    use Safety::{Safe, Unsafe};
    let text = "\u{feff}---\r\ntitle: Doors\r\ntags: [a, b]\r\n---\r\n\r\nText  here.\r\n";
    for (rule, vandal, says) in [
        ("keywords", Vandal("Doors", "[", Unsafe), "cannot be read"),
        ("keywords", Vandal("[a, b]\r\n", "[a, b]\r\nx: y\r\n", Safe), "Added([\"x\"])"),
        ("yaml-portability", Vandal("Doors", "Windows", Safe), "Changed([\"title\"])"),
        ("field-order", Vandal("tags", "tag", Unsafe), "Removed([\"tags\"])"),
        ("whitespace", Vandal("  here", "", Safe), "the page"),
        ("heading-punctuation", Vandal("Text", "# Text", Safe), "the page"),
        ("whitespace", Vandal("here.\r\n", "here.\n", Safe), "other line ends"),
        ("whitespace", Vandal("\u{feff}", "", Safe), "byte-order mark"),
        ("whitespace", Vandal("Text", "-Text", Safe), "are left"),
    ] {
        let page = Arc::clone(Catalog::built_in().get(rule).expect("a rule of ours"));
        let rule = ActiveRule { page, level: Level::Warning, check: Arc::new(vandal) };
        let settings = Settings { rules: vec![rule], ..Settings::default() };
        let found = wrongs("a.md", text, &settings);
        let is_found = found.iter().any(|wrong| wrong.contains(says) || wrong.contains("Breakage"))
            || (says == "are left" && found.iter().any(|wrong| wrong.contains("Unrest")));
        assert!(is_found, "{says}: {found:#?}");
    }
}

/// Real articles, with all rules.
#[test]
#[ignore = "reads the folder in COPYDESK_CORPUS: real articles are not part of the project"]
fn a_corpus_keeps_what_it_says() {
    let corpus = Corpus::read();
    let (desks, count) = (desks(), AtomicUsize::new(0));
    let judge = |(path, text): (&std::path::PathBuf, &String)| {
        count.fetch_add(1, Ordering::Relaxed);
        let path = path.to_string_lossy();
        let as_it_is = desks.iter().flat_map(|desk| wrongs(&path, text, desk));
        as_it_is
            .chain(variants(text)[1..].iter().flat_map(|text| wrongs(&path, text, &desks[0])))
            .collect::<Vec<_>>()
    };
    assert_none(corpus.articles.par_iter().flat_map_iter(judge).collect());
    assert_eq!(count.into_inner(), corpus.articles.len());
}
