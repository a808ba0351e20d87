//! Changes of front matter, judged by readers that are not ours: they find what was asked for, and nothing else changed.

use copydesk::article::edit::Editor;
use copydesk::article::{Article, Format, FrontMatter};
use copydesk::data::Node;
use copydesk::finding::{self, Edit};
use copydesk::text::Source;
use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::{Map, Value as Json, json};
use toml::de::{DeTable, DeValue};

use super::corpus::Corpus;

/// What is done to a front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Replace,
    Insert,
    Remove,
    Rename,
}

const CHANGES: [Change; 4] = [Change::Replace, Change::Insert, Change::Remove, Change::Rename];

/// Values, and keys where they are texts, which some reader takes for something else without quotes.
fn values() -> Vec<Json> {
    let texts = concat!(
        "Simple·New: value #1·it's \"quoted\" \\ back·no·2024-01-01·é日本🎉· lead·trail ·a\nb\n··- x·[a]·{·#c·@at·012·x: ·~·end:·",
        "\u{feff}x·a, b]·---·two  spaces\n\n  deep\nlines·\ttab·12:30·<<·=·null·\u{2028}·1_000·'·\"·\\·*a·a: b: c·x\u{85}y·\n",
    );
    let others = [
        json!(7),
        json!(-1.5),
        json!(1e21),
        json!(true),
        json!(["a", "b: c", 1]),
        json!({"x y": [], "no": {}}),
    ];
    texts.split('·').map(Json::from).chain(others).collect()
}

/// The place of each value that can be reached: keys, and indices of items.
fn places(node: &Node, path: &[String], all: &mut Vec<Vec<String>>) {
    for (index, item) in node.items().iter().enumerate() {
        let path = [path, &[index.to_string()]].concat();
        places(item, &path, all);
        all.push(path);
    }
    for entry in node.entries() {
        let path = [path, std::slice::from_ref(&entry.key)].concat();
        places(&entry.value, &path, all);
        all.push(path);
    }
}

/// The edits of a change at a place.
fn edits(
    editor: &Editor<'_>,
    root: &Node,
    path: &[String],
    (change, value): (Change, &Json),
) -> Option<Vec<Edit>> {
    let (last, above) = path.split_last()?;
    let find = |path: &[String]| root.find(path.iter().map(String::as_str)).map(|place| place.node);
    let key = value.as_str().unwrap_or("key");
    match change {
        Change::Replace => editor.replace(find(path)?, value),
        Change::Remove => editor.remove(find(path)?),
        Change::Insert => editor.insert(find(above), Some(last.as_str()), (key, value)),
        Change::Rename => editor.rename(find(above)?.entry(last)?, key),
    }
}

/// The same change to the values that another reader found.
fn changed(json: &Json, path: &[String], (change, value): (Change, &Json)) -> Option<Json> {
    let (first, rest) = path.split_first()?;
    let key = value.as_str().unwrap_or("key");
    let is_here = rest.is_empty();
    match json {
        Json::Array(items) => {
            let mut items = items.clone();
            let index = first.parse::<usize>().ok().filter(|index| *index < items.len())?;
            match change {
                Change::Replace if is_here => items[index] = value.clone(),
                Change::Remove if is_here => drop(items.remove(index)),
                _ => items[index] = changed(&items[index], rest, (change, value))?,
            }
            Some(Json::Array(items))
        }
        Json::Object(entries) => {
            let mut new = Map::new();
            for (name, old) in entries {
                match change {
                    _ if name != first => drop(new.insert(name.clone(), old.clone())),
                    _ if !is_here => drop(new.insert(name.clone(), changed(old, rest, (change, value))?)),
                    Change::Replace => drop(new.insert(name.clone(), value.clone())),
                    Change::Rename => drop(new.insert(key.to_owned(), old.clone())),
                    Change::Remove => {}
                    Change::Insert => {
                        new.insert(name.clone(), old.clone());
                        new.insert(key.to_owned(), value.clone());
                    }
                }
            }
            Some(Json::Object(new))
        }
        _ => None,
    }
}

/// What a reader that is not ours finds in a front matter; `None` where it finds none, or a mistake.
fn read(block: &FrontMatter, text: &str) -> Option<Json> {
    // Not all readers know a lone CR.
    let content = &text[block.content.range()].replace("\r\n", "\n").replace('\r', "\n");
    let json = match block.format {
        Format::Yaml => yaml(&serde_yaml::from_str(content).ok()?)?,
        Format::Json => serde_json::from_str(content).ok()?,
        Format::Toml => toml(&DeValue::Table(DeTable::parse(content).ok()?.into_inner())),
    };
    Some(if json.is_null() { json!({}) } else { json })
}

fn yaml(value: &serde_yaml::Value) -> Option<Json> {
    use serde_yaml::Value as Yaml;
    Some(match value {
        Yaml::Sequence(items) => items.iter().map(yaml).collect::<Option<_>>()?,
        Yaml::Mapping(entries) => {
            let key = |key: &Yaml| match key {
                Yaml::String(key) => Some(key.clone()),
                Yaml::Null => Some(String::new()),
                Yaml::Bool(_) | Yaml::Number(_) => Some(serde_yaml::to_string(key).ok()?.trim().to_owned()),
                _ => None,
            };
            let entry = |(name, value)| Some((key(name)?, yaml(value)?));
            Json::Object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        Yaml::Tagged(tagged) => json!({tagged.tag.to_string(): yaml(&tagged.value)?}),
        scalar => serde_json::to_value(scalar).ok()?,
    })
}

/// TOML has dates, which are no texts.
fn toml(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Integer(number) => {
            number.to_string().parse::<i64>().map_or(json!(number.to_string()), Json::from)
        }
        DeValue::Float(number) => number.to_string().parse::<f64>().map_or(Json::Null, Json::from),
        DeValue::Boolean(value) => json!(value),
        DeValue::Datetime(date) => json!({"date": date.to_string()}),
        DeValue::Array(items) => items.iter().map(|item| toml(item.get_ref())).collect(),
        DeValue::Table(table) => {
            // In the order of the text, which the parser does not keep.
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<_>)| -> (String, Json) {
                (AsRef::<std::borrow::Cow<'_, str>>::as_ref(key).to_string(), toml(value.get_ref()))
            };
            Json::Object(entries.into_iter().map(entry).collect())
        }
    }
}

/// Unlike values, texts are the same only if their keys are in the same order.
fn in_order(json: &Json) -> String {
    json.to_string()
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Refused,
    /// No other reader could read the front matter before.
    Unjudged,
    Right,
}

/// Makes a change, and lets another reader judge it.
fn judge(text: &str, path: &[String], change: (Change, &Json)) -> Result<Outcome, String> {
    let source = Source::new("a.md", text.as_bytes().to_vec());
    let article = Article::parse(&source);
    let block = article.front_matter.as_ref().ok_or("it has a front matter")?;
    let (editor, root) =
        (Editor::of(&article).ok_or("it can be read")?, block.root().ok_or("it has values")?);
    let Some(edits) = edits(&editor, root, path, change) else { return Ok(Outcome::Refused) };
    let new = finding::rewrite(text, &edits);
    let fault = |what: &str| format!("{what}: {change:?} at {path:?}\n{text:?}\n{new:?}");
    let (block_after, body) = FrontMatter::find(&new).ok_or_else(|| fault("no front matter is left"))?;
    if new[body..] != text[article.body.span.start as usize..] {
        return Err(fault("the body changed"));
    }
    let Some(before) = read(block, text).filter(|_| block.document.duplicates.is_empty()) else {
        return Ok(Outcome::Unjudged);
    };
    let Some(wanted) = changed(&before, path, change) else { return Ok(Outcome::Unjudged) };
    let found = read(&block_after, &new).ok_or_else(|| fault("another reader cannot read it"))?;
    // In TOML a key that is to stand behind a table stands before it.
    let is_ordered = (block.format, change.0) != (Format::Toml, Change::Insert);
    if found != wanted || (is_ordered && in_order(&found) != in_order(&wanted)) {
        return Err(fault(&format!("another reader finds {found} for {wanted}")));
    }
    let comments = block.document.comments.iter().map(|span| &text[span.range()]);
    if change.0 != Change::Remove && !comments.clone().all(|comment| new.contains(comment)) {
        return Err(fault("a comment is gone"));
    }
    Ok(Outcome::Right)
}

/// Lines below a key of this depth: `~` stands for the indentation of what is in it.
const YAML_VALUES: [&str; 22] = [
    " Türen",
    " \"a: b\"",
    " 'it''s' # why",
    "",
    " null # none",
    " 12",
    " [a, \"b\", {c: 1, d: }]",
    " [\n~a, # one, two\n~# b\n~'b',\n~c\n~]",
    " { a: 1 }",
    " {}",
    "\n~- a\n~# in\n~- b # b",
    "\n~- a: 1\n~  b: 2\n~-\n~  - c",
    " |\n~one\n\n~# no comment\n",
    " >- # note\n~one\n~ two\n~three",
    " |+\n~one\n\n",
    "\n~a: 1 # one\n~# b\n~b:\n~  c: x\n~  # deep\n~  d: |2\n~     y",
    " \"one\n~two\"",
    " first\n~second",
    " &a 1",
    " &b {x: 1}\nmerged:\n  <<: *b\n  y: 2\nshown: *b",
    " !!str 5",
    "\n- a\n# b\n- b: 1",
];

const TOML_VALUES: [&str; 12] = [
    " \"Türen \\n\" # why",
    " 'it \"is\"'",
    " 1_000",
    " 1979-05-27T07:32:00Z",
    " \"\"\"\none \\\n  two\"\"\"",
    " '''\n'q'\n'''",
    " [1, [\"a\"], {x = 1}]",
    " [\n  \"a\", # one, two\n  # b\n  'b',\n]",
    " { a = 1, \"b c\" = 'x' }",
    " {}",
    " 1.5e3",
    " true",
];

const JSON_VALUES: [&str; 8] = [
    " \"T\\u00fcren\"",
    "1.5e3",
    " null",
    " [1, \"a\", [] ]",
    " {\n    \"a\": 1,\n    \"b c\": {\"d\": [true]}\n  }",
    " {}",
    "\"\\\"\"",
    "[\n1\n,2\n]",
];

/// A front matter in one of the three languages, with a body.
fn front_matter() -> impl Strategy<Value = String> {
    let above = prop::sample::select(vec!["", "", "", "# about\n", "\n", "\n# one\n# two\n", "# far\n\n"]);
    let yaml = prop::collection::vec((prop::sample::select(YAML_VALUES.to_vec()), above.clone()), 0..6)
        .prop_map(|fields| {
            let mut seen = std::collections::HashSet::new();
            let fields = fields
                .into_iter()
                .filter(|(value, _)| !value.contains('&') || seen.insert(*value))
                .enumerate();
            let keys = ["title", "'q'", "\"d e\"", "höhe", "x-y", "n"];
            let lines = fields
                .map(|(at, (value, above))| format!("{above}{}:{}\n", keys[at], value.replace('~', "  ")));
            format!("---\n{}---\n", lines.collect::<String>())
        });
    let toml = prop::collection::vec((prop::sample::select(TOML_VALUES.to_vec()), above, 0..5_usize), 0..6)
        .prop_map(|fields| {
            let keys = ["title", "'q'", "\"d e\"", "x_y", "a.b", "a.c"];
            let heads = ["[t]\n", "[[u]]\n", "  [t.v]\n", "", ""];
            let mut seen = std::collections::HashSet::new();
            let lines = fields.into_iter().enumerate().map(|(at, (value, above, head))| {
                let head = if head != 1 && !seen.insert(head) { "" } else { heads[head] };
                format!("{above}{head}{} ={value}\n", keys[at])
            });
            format!("+++\n{}+++\n", lines.collect::<String>())
        });
    let json = (prop::collection::vec(prop::sample::select(JSON_VALUES.to_vec()), 0..5), any::<bool>())
        .prop_map(|(values, is_pretty)| {
            let keys = ["title", "q", "d \\\" e", "höhe", "n"];
            let space = if is_pretty { "\n  " } else { "" };
            let fields: Vec<String> = values
                .iter()
                .enumerate()
                .map(|(at, value)| format!("{space}\"{}\":{value}", keys[at]))
                .collect();
            format!("{{{}{}}}\n", fields.join(","), if is_pretty { "\n" } else { "" })
        });
    let head = prop_oneof![3 => yaml, 2 => toml, 1 => json];
    (head, 0..3_usize, any::<bool>()).prop_map(|(head, end, has_mark)| {
        let mark = if has_mark { "\u{feff}" } else { "" };
        format!("{mark}{head}\n# Body\n\n---\n").replace('\n', ["\n", "\r\n", "\r"][end])
    })
}

/// Whether a change may be refused: where a value stands in several places, in lines that are no text, in a table of
/// TOML; and where it makes no sense.
fn may_be_refused(
    text: &str,
    block: &FrontMatter,
    path: &[String],
    (change, value): (Change, &Json),
) -> bool {
    let node =
        block.root().and_then(|root| root.find(path.iter().map(String::as_str))).expect("it is there").node;
    let names_key = matches!(change, Change::Insert | Change::Rename);
    let is_item = path.last().is_some_and(|last| last.parse::<usize>().is_ok());
    let is_collection = !node.items().is_empty() || !node.entries().is_empty();
    let written = &text[node.span.range()];
    let is_flow = written.starts_with(['[', '{']) && !written.contains('#');
    let is_table = block.format == Format::Toml
        && (is_collection || path.iter().any(|key| key == "a") || value.is_null());
    let has_properties = [": &", ": !", "- &", "- !"].into_iter().any(|start| text.contains(start));
    has_properties
        || (names_key && (is_item || value == "<<"))
        || (change == Change::Replace && is_collection && !is_flow)
        || is_table
}

proptest! {
    #![proptest_config(crate::cases(1024))]

    #[test]
    fn other_readers_find_what_was_asked_for(
        text in front_matter(), place in any::<prop::sample::Index>(), change in prop::sample::select(CHANGES.to_vec()),
        value in prop::sample::select(values())
    ) {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let block = article.front_matter.as_ref().expect("it has a front matter");
        prop_assert!(block.is_sound(), "{text:?}");
        let mut all = Vec::new();
        if let Some(root) = block.root() {
            places(root, &[], &mut all);
        }
        if all.is_empty() {
            return Ok(());
        }
        let path = place.get(&all);
        match judge(&text, path, (change, &value)) {
            Ok(Outcome::Refused) => prop_assert!(
                may_be_refused(&text, block, path, (change, &value)),
                "refused: {change:?} {value} at {path:?}\n{text:?}"
            ),
            Ok(_) => {}
            Err(fault) => prop_assert!(false, "{fault}"),
        }
    }
}

#[test]
#[ignore = "reads the folder in COPYDESK_CORPUS: real articles are not part of the project"]
fn a_corpus_is_edited_at_every_field() {
    let corpus = Corpus::read();
    let values = values();
    let edit = |(path, text): (&std::path::PathBuf, &String)| {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let mut found = Vec::new();
        let block = article.front_matter.as_ref().filter(|block| block.is_sound());
        let mut all = Vec::new();
        if let Some(root) = block.and_then(FrontMatter::root) {
            places(root, &[], &mut all);
        }
        // The head is enough, and faster.
        let head = &text[..article.body.span.start as usize];
        let changes = all.iter().flat_map(|at| CHANGES.map(|change| (at, change)));
        for (turn, (at, change)) in changes.enumerate() {
            // Each article begins with another value.
            let change = (change, &values[(text.len() + turn) % values.len()]);
            let refused = |block| !may_be_refused(head, block, at, change);
            found.push(match judge(head, at, change) {
                Ok(Outcome::Refused) if block.is_some_and(refused) => {
                    Err(format!("{}: refused {change:?} at {at:?}", path.display()))
                }
                outcome => outcome.map_err(|fault| format!("{}: {fault}", path.display())),
            });
        }
        found
    };
    let found: Vec<_> = corpus.articles.par_iter().flat_map_iter(edit).collect();
    let count = |outcome: Outcome| found.iter().filter(|found| found.as_ref() == Ok(&outcome)).count();
    let [refused, unjudged, right] = [Outcome::Refused, Outcome::Unjudged, Outcome::Right].map(count);
    let said = format!(
        "{} changes: {right} right, {refused} refused, {unjudged} that no other reader judged",
        found.len()
    );
    #[expect(clippy::print_stderr, reason = "who runs this by hand wants to see what it tried")]
    {
        eprintln!("{said}");
    }
    assert!(right > found.len() / 2, "{said}");
    let faults: Vec<_> = found.iter().filter_map(|found| found.as_ref().err()).take(12).collect();
    assert!(faults.is_empty(), "{said}; faults are such as\n{faults:#?}");
}
