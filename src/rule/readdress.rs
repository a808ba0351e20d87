//! Another address in the place of one, written as its place asks for: in Markdown, HTML and front matter.

use serde_json::Value as Json;

use super::Context;
use super::address::{self, Address};
use crate::article::edit::Editor;
use crate::article::{Article, Role};
use crate::finding::Edit;

/// What is written: the new address, with the fragment of the old one unless it has its own. As characters that end an
/// address or mean something to Markdown, to tables or to templates, those are written that stand for them in any
/// address.
pub(crate) fn written(old: &str, new: &str) -> String {
    let mut url = new.to_owned();
    if let Some(at) = old.find('#').filter(|_| !new.contains('#')) {
        url.push_str(&old[at..]);
    }
    let mut plain = String::with_capacity(url.len());
    for letter in url.chars() {
        let is_mark = matches!(letter, '"' | '<' | '>' | '`' | '{' | '}' | '|' | '\\' | '^');
        if is_mark || letter.is_whitespace() || letter.is_control() {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                plain.push('%');
                plain.extend(
                    [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
                );
            }
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// The edits that put what [`written`] made in the place of an address; `None` where it is not written out there, or
/// nothing can be put there that surely reads so.
pub(crate) fn edits(
    article: &Article<'_>,
    context: &Context<'_>,
    address: &Address<'_>,
    url: &str,
) -> Option<Vec<Edit>> {
    let text = article.text();
    if address.span.end <= article.body.span.start {
        let (_, node) = context.roles.text(article, Role::Image)?;
        return Editor::of(article)?.replace(node, &Json::from(url));
    }
    let before = text[..address.span.start as usize].chars().next_back();
    let old = &text[address.span.range()];
    let is_written_out =
        ["http:", "https:", "//"].iter().any(|begin| address::strip_prefix(old.trim(), begin).is_some());
    if !is_written_out {
        return None;
    }
    let url = match (address.is_markdown, before) {
        // Between these an entity counts in a link, and does not in an address that is its own text.
        (true, Some('<')) if has_entity(url) => return None,
        (true, Some('<')) => url.to_owned(),
        (true, _) if has_entity(url) || old.contains("&amp;") => in_parentheses(&url.replace('&', "&amp;")),
        (true, _) => in_parentheses(url),
        (false, mark) => {
            let is_plain = old.contains('&') && !old.contains("&amp;") && !has_short_entity(url);
            let url = if is_plain { url.to_owned() } else { url.replace('&', "&amp;") };
            if mark == Some('\'') { url.replace('\'', "&#39;") } else { url }
        }
    };
    Some(vec![Edit::replace(address.span, url)])
}

/// Whether something is written like an entity of Markdown, as `&copy;`.
fn has_entity(url: &str) -> bool {
    names(url).any(|(name, behind)| !name.is_empty() && behind.starts_with(';'))
}

/// Whether something may be an entity of HTML, which knows some without a semicolon: in an attribute all but those that
/// `=` follows.
fn has_short_entity(url: &str) -> bool {
    names(url).any(|(name, behind)| !name.is_empty() && !behind.starts_with('='))
}

/// What follows each `&`: a name, perhaps of an entity, and the rest up to the next.
fn names(url: &str) -> impl Iterator<Item = (&str, &str)> {
    url.split('&').skip(1).map(|behind| {
        let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '#');
        behind.split_at(end.unwrap_or(behind.len()))
    })
}

/// With parentheses that are escaped where they are no pairs, since they would end the address.
fn in_parentheses(url: &str) -> String {
    /// More than anybody writes, and fewer than parsers count.
    const DEEPEST: i32 = 8;
    let mut depth = 0;
    let are_pairs = url.chars().all(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        (0..=DEEPEST).contains(&depth)
    });
    if are_pairs && depth == 0 { url.to_owned() } else { url.replace('(', "\\(").replace(')', "\\)") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::Roles;
    use crate::finding::rewrite;
    use crate::text::Source;
    use crate::web::target;

    /// The text with its first address replaced, and all addresses in it then.
    fn readdress(path: &str, text: &str, new: &str) -> Option<(String, Vec<String>)> {
        let source = Source::new(path, text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let roles = Roles::default();
        let context = Context::new(&roles);
        let address = address::all(&article, &context).next().expect("there is an address");
        let edits = edits(&article, &context, &address, &written(address.url, new))?;
        let fixed = rewrite(text, &edits);
        let source = Source::new(path, fixed.clone().into_bytes());
        let article = Article::parse(&source);
        let urls = address::all(&article, &context).map(|address| address.url.to_owned()).collect();
        Some((fixed, urls))
    }

    #[test]
    fn each_place_has_its_own_way_to_write_an_address() {
        for (text, new, expected) in [
            ("[a](http://a.test)", "https://b.test/c_(d)", "[a](https://b.test/c_(d))"),
            ("[a](http://a.test \"t\")", "https://b.test/c)", "[a](https://b.test/c\\) \"t\")"),
            ("[a](<http://a.test>)", "https://b.test/c)", "[a](<https://b.test/c)>)"),
            ("<http://a.test>", "https://b.test/c)", "<https://b.test/c)>"),
            ("[a]: <http://a.test> 't'", "https://b.test/(c", "[a]: <https://b.test/(c> 't'"),
            ("[a]: http://a.test\n[a]", "https://b.test/(c", "[a]: https://b.test/\\(c\n[a]"),
            ("[a](http://a.test#top)", "https://b.test/c", "[a](https://b.test/c#top)"),
            ("[a](http://a.test#top)", "https://b.test/c#end", "[a](https://b.test/c#end)"),
            ("[a](http://a.test?b&amp;c)", "https://b.test/?c=d&e=f", "[a](https://b.test/?c=d&amp;e=f)"),
            ("[a](http://a.test?b&c)", "https://b.test/?c=d&e=f", "[a](https://b.test/?c=d&e=f)"),
            ("[a](http://a.test)", "https://b.test/?c=d&copy;", "[a](https://b.test/?c=d&amp;copy;)"),
            (
                "<img alt='' src='http://a.test'>",
                "https://b.test/o'c",
                "<img alt='' src='https://b.test/o&#39;c'>",
            ),
            (
                "<a href=http://a.test>b</a>",
                "https://b.test/?c&d=1",
                "<a href=https://b.test/?c&amp;d=1>b</a>",
            ),
            (
                "<a href=\" http://a.test?a&amp;b \">b</a>",
                "https://b.test/?c&d",
                "<a href=\"https://b.test/?c&amp;d\">b</a>",
            ),
            (
                "|a|\n|-|\n|[a](http://a.test)|",
                "https://b.test/?c|d",
                "|a|\n|-|\n|[a](https://b.test/?c%7Cd)|",
            ),
            (
                "[a](http://a.test)",
                "https://b.test/?{{c}}`\\^",
                "[a](https://b.test/?%7B%7Bc%7D%7D%60%5C%5E)",
            ),
            (
                "---\nimage: http://a.test/b.png # c\n---\n",
                "https://b.test/b.png",
                "---\nimage: https://b.test/b.png # c\n---\n",
            ),
            (
                "---\nimage: 'http://a.test/b.png'\n---\n",
                "https://b.test/o'c",
                "---\nimage: 'https://b.test/o''c'\n---\n",
            ),
            (
                "+++\nimage = \"http://a.test/b.png\"\n+++\n",
                "https://b.test/b",
                "+++\nimage = \"https://b.test/b\"\n+++\n",
            ),
        ] {
            let fixed = readdress("a.md", text, new).map(|(fixed, _)| fixed);
            assert_eq!(fixed.as_deref(), Some(expected), "{text}");
        }
        assert_eq!(readdress("a.md", "<http://a.test>", "https://b.test/?a&copy;"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        /// Whatever a server says: what is written is read as what was to be written, and nothing else changes.
        #[test]
        fn what_is_written_is_read(tail in "[a-c/?&;=#%()\\[\\]'!*_~.,:@+$|^{}`\\\\<>\" éamp-]{0,24}", place in 0_usize..9) {
            let (path, before, after) = [
                ("a.md", "[a](", ")"),
                ("a.md", "*[a](", " 't')* [b](https://c.test/)"),
                ("a.md", "[a](<", ">)"),
                ("a.md", "[a]\n\n[a]: ", "\n"),
                ("a.md", "| [a](", ") | b |\n|---|---|\n| c | d |"),
                ("a.md", "<a href=\"", "\">b</a>"),
                ("a.md", "<img alt='' src='", "'>"),
                ("a.mdx", "<img alt=\"\" src=\"", "\" />"),
                ("a.md", "---\nimage: ", " # c\n---\n"),
            ][place];
            let text = format!("{before}http://a.test/{after}");
            // A fragment may be that of the old address, as its author wrote it.
            let (head, fragment) = tail.split_at(tail.find('#').unwrap_or(tail.len()));
            let url = target(&format!("https://b.test/{head}")).expect("any tail can be read");
            let url = format!("{url}{fragment}");
            let Some((fixed, urls)) = readdress(path, &text, &url) else {
                prop_assert!(place == 2 || place == 8, "{} cannot be put into {}", url, text);
                return Ok(());
            };
            let expected = written("", &url);
            prop_assert!(fixed.starts_with(before) && fixed.ends_with(after), "{}", fixed);
            prop_assert!(urls.contains(&expected), "{}: {:?}", fixed, urls);
            prop_assert_eq!(urls.len(), 1 + usize::from(text.contains("c.test")), "{}", fixed);
        }
    }
}
