//! The fixes of `whitespace` and `invisible-characters` keep the page as it is.

use std::sync::Arc;

use copydesk::engine::{ActiveRule, Settings};
use copydesk::finding::{Level, Safety};
use copydesk::fix;
use copydesk::rules::{self, Catalog};
use copydesk::text::Source;
use proptest::prelude::*;
use pulldown_cmark::{Options, Parser, html};
use serde_json::Map;

fn settings(id: &str) -> Settings {
    let page = Catalog::built_in().get(id).expect("a rule of ours");
    let check = rules::check_of(page, &Map::new()).expect("its defaults are right");
    let rule = ActiveRule { page: Arc::clone(page), level: Level::Warning, check: Arc::from(check) };
    Settings { rules: vec![rule], ..Settings::default() }
}

/// Fixes until nothing changes.
fn fixed(text: &str, settings: &Settings) -> String {
    let mended = fix::mend(&Source::new("a.md", text.as_bytes().to_vec()), settings, Safety::Safe);
    assert_eq!(mended.failures, [], "{text:?}");
    mended.text.unwrap_or_else(|| text.to_owned())
}

/// The page, with what a browser shows of its white space: as it is in `<pre>` and `<code>`, and else one space.
pub(super) fn page(text: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    // The parser knows a lone CR only in some places.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new_ext(&text, options));
    let mut page = String::new();
    let mut rest = rendered.as_str();
    let verbatim = [("<pre", "</pre>"), ("<code", "</code>")];
    loop {
        let first = verbatim.iter().filter_map(|(open, close)| Some((rest.find(open)?, *close))).min();
        let Some((at, close)) = first else { break };
        collapse(&rest[..at], &mut page);
        let end = rest[at..].find(close).map_or(rest.len(), |end| at + end + close.len());
        page.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    collapse(rest, &mut page);
    // White space at the end of a block is not seen either.
    for block in ["li", "p", "div", "blockquote", "h1", "h2", "h3"] {
        page = page.replace(&format!(" </{block}>"), &format!("</{block}>"));
    }
    page.replace("\n</code></pre>", "</code></pre>").trim_end().to_owned()
}

fn collapse(text: &str, page: &mut String) {
    for letter in text.chars() {
        let letter = if matches!(letter, '\n' | '\t') { ' ' } else { letter };
        if letter != ' ' || !page.ends_with(' ') {
            page.push(letter);
        }
    }
}

pub(super) fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "a",
        "b.",
        "é",
        "语。",
        " ",
        " ",
        "  ",
        "   ",
        "    ",
        "\n",
        "\n",
        "\n\n",
        "\n\n\n",
        "\r\n",
        "\r",
        "\t",
        "\\",
        "*",
        "**",
        "_",
        "`",
        "```",
        "~~~",
        "# ",
        "## b  c",
        "===",
        "---",
        "- ",
        "-",
        "1. ",
        "1)",
        "> ",
        ">",
        "    ",
        "| a  | b |\n|---|---|\n| c  |  |\n",
        "&amp;",
        "&nbsp;",
        "[a]",
        "[a  b]",
        "[a]: b\n",
        "[a  b]: <c> 'd  \n e'\n",
        "[c  d](e \"f  \n g\")",
        "![h  i](j)",
        "<b>",
        "</b>",
        "<i  k='l  \n m'>",
        "<div>\n",
        "</div>\n",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "<script>",
        "[^a]",
        "[^a]: ",
        "{{< a  b >}}",
        "{{< /a >}}",
        "{% raw %}",
        "{% endraw %}",
        "{{ c }}",
        "- [ ] ",
        "+",
        ":   ",
        "<https://a.b>",
        "https://a.b",
    ]);
    prop::collection::vec(fragment, 0..30).prop_map(|fragments| fragments.concat())
}

/// Where a template stands in a block of HTML, this parser and ours see its end in different places.
pub(super) fn readable(text: String) -> String {
    if text.contains('{') { text.replace("<pre>", "") } else { text }
}

proptest! {
    #![proptest_config(crate::cases(1_000))]

    #[test]
    fn white_space_that_says_nothing_is_not_missed_on_the_page(text in fragments()) {
        let text = readable(text);
        let fixed = fixed(&text, &settings("whitespace"));
        prop_assert_eq!(page(&fixed), page(&text), "{:?} became {:?}", text, fixed);
    }

    #[test]
    fn a_page_less_what_nobody_sees_is_the_same_page(text in invisible()) {
        let seen = |page: String| page.replace(['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{200e}', '\u{b}', ' '], "");
        let fixed = fixed(&text, &settings("invisible-characters"));
        prop_assert_eq!(seen(page(&fixed)), seen(page(&text)), "{:?} became {:?}", text, fixed);
    }
}

/// What was wrong once.
#[test]
fn what_was_missed_on_the_page_once_is_not_missed_again() {
    let same = |id: &str, text: &str, seen: &dyn Fn(String) -> String| {
        let fixed = fixed(text, &settings(id));
        assert_eq!(seen(page(&fixed)), seen(page(text)), "{text:?} became {fixed:?}");
    };
    same("whitespace", "      \\\n\n\n\t {{< a  b >}} ", &|page| page);
    same("whitespace", "# [a]\t\n  [a]: b\n", &|page| page);
    let below_a_template = "> [a]: b\n{{< a  b >}}\n<i  k='l  \n m'>  \n| a  | b |\n|---|---|\n| c  |  |\n";
    same("whitespace", below_a_template, &|page| page);
    same("whitespace", "\t<div>\n- \t# \n{{< a  b >}}\n\n    1. ", &|page| page);
    let seen = |page: String| page.replace(['\u{200b}', '\u{b}', ' '], "");
    same("invisible-characters", "a <!\u{200b}amp; b", &seen);
    same("invisible-characters", "<www\u{200b} \u{b}> ", &seen);
    same("invisible-characters", "a &am\u{200b}p; b", &seen);
}

/// Fragments of Markdown with invisible characters among them.
fn invisible() -> impl Strategy<Value = String> {
    let hidden = prop::sample::select(vec![
        "",
        "\u{200b}",
        "\u{ad}",
        "\u{2060}",
        "\u{feff}",
        "\u{200e}",
        "\u{b}",
        "\u{200b}\u{ad}",
    ]);
    let shown = prop::sample::select(vec![
        "a",
        "b c",
        "é",
        "语。",
        " ",
        "   ",
        "\n",
        "\n\n",
        "\r\n",
        "\\",
        "*",
        "**",
        "_",
        "`",
        "```",
        "# ",
        "===",
        "---",
        "-",
        "1",
        ".",
        ")",
        "> ",
        "    ",
        "|",
        "&",
        "amp;",
        "[a]",
        "(b)",
        "!",
        "<",
        "i",
        ">",
        "https://a.b",
        "www",
        "x.org",
        "{{",
        "}}",
        "\"",
        ":",
        "'",
    ]);
    let pair = (shown, hidden).prop_map(|(shown, hidden)| format!("{shown}{hidden}"));
    prop::collection::vec(pair, 0..30).prop_map(|pairs| pairs.concat())
}
