//! Articles that no one wrote: front matter of all three languages, in all the ways to write it, and bodies.

use std::fmt::Write as _;

use proptest::prelude::*;

/// Data, with how it is written.
#[derive(Clone, Debug)]
enum Data {
    /// As it stands in YAML, without quotes: what a reader makes of it is its own business.
    Bare(&'static str),
    Text(&'static str, u8),
    List(Vec<Data>, u8),
    Map(Vec<Entry>, u8),
}

#[derive(Clone, Debug)]
struct Entry {
    key: &'static str,
    quotes: u8,
    comment: u8,
    value: Data,
}

const KEYS: &[&str] = &[
    "title",
    "titel",
    "description",
    "metaDescription",
    "excerpt",
    "slug",
    "date",
    "lastmod",
    "keywords",
    "tags",
    "image",
    "imageAlt",
    "alt",
    "draft",
    "drafts",
    "category",
    "categories",
    "readingTime",
    "layout",
    "seo",
    "author",
    "copydesk",
    "ignore",
    "name",
    "type",
    "Über uns",
    "key with spaces",
    "a.b",
    "no",
    "1",
];

const BARE: &[&str] = &[
    "no",
    "on",
    "Yes",
    "true",
    "false",
    "null",
    "~",
    "",
    "1",
    "7",
    "1.10",
    "0123",
    "0x1F",
    "1e3",
    "12:30",
    "1:2:3",
    "2024-01-05",
    "2024-01-05T10:00:00Z",
    "2024-1-5",
    "5 Jan 2024",
    "doors",
    "Doors of oak",
    "door, window",
    "8 min",
    "pots",
    ".5",
    "-",
    "=",
];

const TEXTS: &[&str] = &[
    "Doors of oak",
    "Image of a door in a wall",
    "picture of doors.jpg",
    "Doors: all of them",
    "it's \"quoted\"",
    "# no comment",
    "no comment #1",
    "two  spaces",
    "  at the edges  ",
    "hidden\u{200b}space",
    "soft\u{ad}hyphen here",
    "语言。",
    "é, ß",
    "no",
    "1.10",
    "7",
    "true",
    "2024-01-05",
    "January 5, 2024",
    "05.01.2024",
    "12 minutes",
    "Doors And Windows",
    "door",
    "door",
    "Door",
    "",
    "back\\slash",
    "a: b, c",
    "[list]",
    "@at",
    "image-alt",
    "no-such-rule",
    "A house has a door and a window, and both of them let in the light of the day when they stand o...",
    "A house has a door and a window, and both of them let in the light of the day when they stand open.",
    "exact",
    "general",
    "post",
    "pots",
];

fn data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![
        prop::sample::select(BARE).prop_map(Data::Bare),
        (prop::sample::select(TEXTS), any::<u8>()).prop_map(|(text, style)| Data::Text(text, style)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..4), any::<u8>())
                .prop_map(|(items, style)| Data::List(items, style)),
            (entries(inner, 4), any::<u8>()).prop_map(|(entries, style)| Data::Map(entries, style)),
        ]
    })
}

fn entries(value: impl Strategy<Value = Data>, most: usize) -> impl Strategy<Value = Vec<Entry>> {
    let entry = (prop::sample::select(KEYS), any::<u8>(), any::<u8>(), value)
        .prop_map(|(key, quotes, comment, value)| Entry { key, quotes, comment, value });
    prop::collection::vec(entry, 0..most).prop_map(|mut entries| {
        let mut seen = Vec::new();
        entries.retain(|entry| !seen.contains(&entry.key) && (seen.push(entry.key), true).1);
        entries
    })
}

/// A whole article.
pub(super) fn article() -> impl Strategy<Value = String> {
    let head =
        (entries(data(), 9), 0..8_u8, any::<u8>()).prop_map(|(entries, language, style)| match language {
            0..=4 => yaml(&entries, style),
            5 => toml(&entries, style),
            6 => format!("{}\n", json(&Data::Map(entries, style), 0)),
            _ => String::new(),
        });
    (head, body(), 0..8_u8, any::<bool>()).prop_map(|(head, body, ends, has_mark)| {
        let text = head + &body;
        let text = match ends {
            0 | 1 => text.replace('\n', "\r\n"),
            2 => text.replace('\n', "\r"),
            _ => text,
        };
        if has_mark && ends % 2 == 0 { format!("\u{feff}{text}") } else { text }
    })
}

fn yaml(entries: &[Entry], style: u8) -> String {
    let mut text = String::new();
    text.push_str(["", "", "", "", "\n", " ", "Text before\n\n", "<!-- a -->\n"][usize::from(style >> 5)]);
    text.push_str("---\n");
    text.push_str(["", "", "# head\n\n", "# head\n", "\n"][usize::from(style % 5)]);
    yaml_entries(entries, 0, &mut text);
    text.push_str(["---", "---", "---", "---", "...", "---  ", "----", " ---"][usize::from(style >> 2 & 7)]);
    text.push('\n');
    text
}

fn yaml_entries(entries: &[Entry], depth: usize, text: &mut String) {
    let indent = " ".repeat(depth);
    for entry in entries {
        match entry.comment >> 4 {
            0 => writeln!(text, "{indent}# about {}", entry.key),
            1 => writeln!(text),
            2 => writeln!(text, "{indent}# copydesk-ignore image-alt: reason"),
            3 => writeln!(text, "# at the margin"),
            _ => Ok(()),
        }
        .expect("a String takes all");
        write!(text, "{indent}{}:", yaml_key(entry)).expect("a String takes all");
        if entry.comment == 77 {
            text.push_str(" &anchor");
        }
        yaml_value(&entry.value, depth, text);
        let behind = match entry.comment & 15 {
            0 => " # behind",
            1 => "   # copydesk-ignore title-length: reason",
            2 => "  ",
            3 => "\n",
            _ => "",
        };
        let is_line = matches!(&entry.value, Data::Bare(_) | Data::Text(_, 0..=159));
        text.push_str(if is_line && !text.ends_with('\n') { behind } else { "" });
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
}

fn yaml_key(entry: &Entry) -> String {
    match entry.quotes % 8 {
        0 => format!("\"{}\"", entry.key),
        1 => format!("'{}'", entry.key),
        _ => entry.key.to_owned(),
    }
}

/// Writes what stands behind a colon.
fn yaml_value(value: &Data, depth: usize, text: &mut String) {
    let inner = " ".repeat(depth + 2);
    match value {
        Data::Text(words, 160..=189) => {
            let marks = ["|", ">", "|-", ">+"][words.len() % 4];
            write!(text, " {marks}\n{inner}{}\n{inner}more\n", words.trim_start())
                .expect("a String takes all");
        }
        Data::Text(words, 190..=255) => {
            // Over several lines, some of them at the margin.
            let margin = if words.len() % 3 == 0 { "" } else { &inner };
            let words = words.replace(['\\', '"'], "").replace(' ', &format!("\n{margin}"));
            writeln!(text, " \"{words}\"").expect("a String takes all");
        }
        Data::Map(entries, 0..=139) if !entries.is_empty() => {
            text.push('\n');
            yaml_entries(entries, depth + 2, text);
        }
        Data::List(items, 0..=139) if !items.is_empty() => {
            let depth = if items.len() % 2 == 0 { depth } else { depth + 2 };
            text.push('\n');
            for item in items {
                let indent = " ".repeat(depth);
                match item {
                    Data::Map(entries, 0..=139) if !entries.is_empty() => {
                        let mut inner = String::new();
                        yaml_entries(entries, depth + 2, &mut inner);
                        let lines = inner.trim_start_matches('\n');
                        match lines.strip_prefix(&" ".repeat(depth + 2)).filter(|rest| !rest.starts_with('#'))
                        {
                            Some(rest) => write!(text, "{indent}- {rest}"),
                            None => write!(text, "{indent}-\n{lines}"),
                        }
                    }
                    _ => writeln!(text, "{indent}- {}", yaml_flow(item)),
                }
                .expect("a String takes all");
            }
        }
        _ => {
            let flow = yaml_flow(value);
            let is_spread = matches!(value, Data::List(_, 200..) | Data::Map(_, 200..));
            let flow = if is_spread { flow.replace(", ", &format!(", # why\n{inner}")) } else { flow };
            write!(text, " {flow}").expect("a String takes all");
        }
    }
}

fn yaml_flow(value: &Data) -> String {
    match value {
        Data::Bare(word) => word.replace(", ", " "),
        Data::Text(text, style) => match style % 3 {
            0 if !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == ' ') => {
                (*text).to_owned()
            }
            1 => format!("'{}'", text.replace('\'', "''")),
            _ => quoted(text),
        },
        Data::List(items, style) => {
            let items: Vec<String> = items.iter().map(yaml_flow).filter(|item| !item.is_empty()).collect();
            let comma = [", ", ",", " , "][usize::from(style % 3)];
            let (open, close) = [("[", "]"), ("[ ", " ]")][usize::from(style % 2)];
            format!("{open}{}{close}", items.join(comma))
        }
        Data::Map(entries, style) => {
            let pair = |entry: &Entry| format!("{}: {}", yaml_key(entry), yaml_flow(&entry.value));
            let pairs: Vec<String> = entries.iter().map(pair).collect();
            let (open, close) = [("{", "}"), ("{ ", " }")][usize::from(style % 2)];
            format!("{open}{}{close}", pairs.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

fn toml(entries: &[Entry], style: u8) -> String {
    let mut text = "+++\n".to_owned();
    let is_table = |entry: &&Entry| matches!(&entry.value, Data::Map(_, 0..=139));
    for entry in entries.iter().filter(|entry| !is_table(entry)) {
        if entry.comment < 40 {
            writeln!(text, "# about {}", entry.key).expect("a String takes all");
        }
        let behind = if entry.comment % 5 == 0 { " # behind" } else { "" };
        writeln!(text, "{} = {}{behind}", toml_key(entry), toml_value(&entry.value))
            .expect("a String takes all");
    }
    for entry in entries.iter().filter(is_table) {
        let Data::Map(inner, _) = &entry.value else { continue };
        writeln!(text, "{}[{}]", if style.is_multiple_of(2) { "\n" } else { "" }, toml_key(entry))
            .expect("a String takes all");
        for entry in inner {
            writeln!(text, "{} = {}", toml_key(entry), toml_value(&entry.value)).expect("a String takes all");
        }
    }
    text + "+++\n"
}

fn toml_key(entry: &Entry) -> String {
    let is_bare = entry.key.chars().all(|letter| letter.is_ascii_alphanumeric());
    if is_bare && entry.quotes % 8 > 1 { entry.key.to_owned() } else { quoted(entry.key) }
}

fn toml_value(value: &Data) -> String {
    match value {
        Data::Bare(word) => match *word {
            "true" | "false" | "1" | "7" | "1e3" | "0x1F" | "2024-01-05" | "2024-01-05T10:00:00Z" => {
                (*word).to_owned()
            }
            word => quoted(word),
        },
        Data::Text(text, style) if style % 2 == 0 && !text.contains('\'') => format!("'{text}'"),
        Data::Text(text, 220..) => format!("\"\"\"\n{}\"\"\"", text.replace(['\\', '"'], "")),
        Data::Text(text, _) => quoted(text),
        Data::List(items, style) => {
            let items: Vec<String> = items.iter().map(toml_value).collect();
            if *style > 160 && !items.is_empty() {
                format!("[\n  {}, # last\n]", items.join(",\n  "))
            } else {
                format!("[{}]", items.join(", "))
            }
        }
        Data::Map(entries, _) => {
            let pair = |entry: &Entry| format!("{} = {}", toml_key(entry), toml_value(&entry.value));
            let pairs: Vec<String> = entries.iter().map(pair).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn json(value: &Data, depth: usize) -> String {
    let inner = "  ".repeat(depth + 1);
    let outer = "  ".repeat(depth);
    match value {
        Data::Bare(word) => match *word {
            "true" | "false" | "null" | "1" | "7" | "1.10" | "1e3" => (*word).to_owned(),
            word => quoted(word),
        },
        Data::Text(text, _) => quoted(text),
        Data::List(items, _) => {
            let items: Vec<String> = items.iter().map(|item| json(item, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        Data::Map(entries, style) => {
            let pair = |entry: &Entry| format!("{}: {}", quoted(entry.key), json(&entry.value, depth + 1));
            let pairs: Vec<String> = entries.iter().map(pair).collect();
            match style % 2 {
                0 if !pairs.is_empty() => {
                    format!("{{\n{inner}{}\n{outer}}}", pairs.join(&format!(",\n{inner}")))
                }
                _ => format!("{{{}}}", pairs.join(", ")),
            }
        }
    }
}

/// What an article is made of, some of it with flaws that fixes are for.
const BLOCKS: &[&str] = &[
    "# Doors",
    "## Doors and  windows:",
    "#### Hinges.",
    "Windows\n=======",
    "Locks;\n---",
    "## **Keys**, and more:",
    "### The key `door:`",
    "**A bold line**",
    "__Another one:__",
    "A sentence about doors, and and windows.",
    "A sentence  with  gaps. And trailing spaces   \nfollowed by more  \nafter a hard break",
    "hidden\u{200b}space and soft\u{ad}hyphen, a\u{200b} b",
    "See https://example.org/doors, or http://example.org.",
    "See <https://example.org>, and mail jo@example.org",
    "- one\n- two  \n\n- three",
    "1. one\n\n   more  \n2. two",
    "- [ ] to do\n  - nested  item\n\n\n  - another",
    "> quoted  text   \n> more\n>\n> - item",
    "> ## Heading in a quote.",
    "- ## Heading in a list:",
    "```js\nlet a  = 1;   \n\n\n\nlet b;\n```",
    "~~~\n  # no heading.  \n~~~",
    "    indented  code   \n\n\n    more",
    "<div  class=\"a\">\n\nText  inside\n\n</div>",
    "<h4>HTML heading.</h4>",
    "<pre>\na  b   \n\n\nc\n</pre>",
    "<!-- a comment  -->",
    "<!-- copydesk-ignore image-alt: reason -->",
    "<!-- copydesk-ignore no-such-rule -->",
    "<!-- copydesk-ignore heading-punctuation repeated-word: reason -->",
    "<!-- copydesk-ignore-file image-alt until=2020-01-01: reason -->",
    "| a  | b |\n|---|:-:|\n| c  | `d  e` |",
    "| a | https://example.org |\n|---|---|\n| c  |",
    "{{< figure src=\"a.png\"  alt=\"a  b\" >}}",
    "{% highlight js %}\na  b\n{% endhighlight %}",
    "{% raw %}{{ a  b }}{% endraw %}",
    "![Image of a door](door.png)",
    "![A picture of the old door](http://example.org/door.png \"title\")",
    "![](door.png)",
    "[link  text][ref] and [other]",
    "[ref]: https://example.org \"Title\"",
    "[unused]: https://example.org/unused",
    "[ref]: https://example.org/twice",
    "A note[^1] here.",
    "[^1]: The note.\n\n    More of it.",
    "[^unused]: Nobody asks.",
    "Term\n:   Definition",
    "* * *",
    "---",
    "the the end of\nof it",
    "Hard break\\\nhere",
    "&nbsp; &amp;  entity",
    "$a  b$ and <span>inline  html</span>",
    "语言。语言  语言",
];

fn body() -> impl Strategy<Value = String> {
    prop_oneof![4 => blocks(), 1 => crate::whitespace::fragments().prop_map(crate::whitespace::readable)]
}

fn blocks() -> impl Strategy<Value = String> {
    let wrap = 0..10_u8;
    let gap = prop::sample::select(vec![
        "\n", "\n\n", "\n\n", "\n\n", "\n\n\n", "\n\n\n\n", "\n  \n", " \n\n", "\n\t\n",
    ]);
    let block = (prop::sample::select(BLOCKS), wrap, gap).prop_map(|(block, wrap, gap)| match wrap {
        0 => format!("> {}{gap}", block.replace('\n', "\n> ")),
        1 => format!("- {}{gap}", block.replace('\n', "\n  ")),
        2 => format!("1. > {}{gap}", block.replace('\n', "\n   > ")),
        3 => format!("  {}{gap}", block.replace('\n', "\n  ")),
        _ => format!("{block}{gap}"),
    });
    (prop::collection::vec(block, 0..9), 0..4_u8).prop_map(|(blocks, end)| {
        let text = blocks.concat();
        match end {
            0 => text.trim_end().to_owned(),
            1 => format!("\n{text}"),
            _ => text,
        }
    })
}
