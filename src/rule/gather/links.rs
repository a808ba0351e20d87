//! Where an article leads within its site. What lies elsewhere is no fact of it.

use memchr::{memchr, memmem};

use crate::article::Article;
use crate::data::{Node, Value};
use crate::facts::{Facts, Reference, Use};
use crate::rule::Context;
use crate::rule::address::{self, Address};
use crate::site::Site;
use crate::text::Span;

/// Takes the addresses of links, of images and of the image in the front matter, by place; and, where it is wanted, what
/// templates, tags and fields name.
pub(super) fn links(article: &Article<'_>, context: &Context<'_>, mentions_too: bool, facts: &mut Facts) {
    let body = article.body.span.start;
    let images = address::of_images(article, context).map(|address| {
        let used_as = if address.span.end <= body { Use::Hero } else { Use::Image };
        (address, used_as)
    });
    let all = address::of_links(article).map(|address| (address, Use::Link)).chain(images);
    let inside = all.filter(|(address, _)| is_inside(address.url, context.site));
    let mut found: Vec<Reference> = inside.map(|(address, used_as)| reference(&address, used_as)).collect();
    if mentions_too {
        mentions(article, &mut |url, span| {
            if is_inside(url, context.site) {
                found.push(reference(&Address { url, span, is_markdown: false }, Use::Mention));
            }
        });
    }
    found.sort_by_key(|reference| (reference.span.start, reference.used_as));
    // A definition that both links and images lead to; and what a tag names that is known better.
    found.dedup_by(|later, first| {
        later.span == first.span || (later.used_as == Use::Mention && later.span.start < first.span.end)
    });
    facts.links = found.into();
}

fn reference(address: &Address<'_>, used_as: Use) -> Reference {
    Reference { url: address.url.into(), span: address.span, used_as, is_markdown: address.is_markdown }
}

/// Whether an address leads into the site: it has no scheme and no host, or those of the site.
fn is_inside(url: &str, site: &Site) -> bool {
    match () {
        () if url.is_empty() => false,
        () if has_scheme(url) || url.starts_with("//") || url.starts_with("\\\\") => {
            site.own_path(url).is_some()
        }
        () => true,
    }
}

fn has_scheme(url: &str) -> bool {
    let Some(end) = memchr(b':', url.as_bytes()) else { return false };
    let scheme = &url.as_bytes()[..end];
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// The endings of pictures that pages show.
const PICTURES: [&str; 11] =
    [".apng", ".avif", ".bmp", ".gif", ".ico", ".jfif", ".jpeg", ".jpg", ".png", ".svg", ".webp"];

/// Names that end as those of pictures do, in shortcodes, tags, expressions and fields.
fn mentions(article: &Article<'_>, found: &mut dyn FnMut(&str, Span)) {
    let (text, body) = (article.text(), &article.body);
    let spans = body.shortcodes.iter().chain(&body.expressions).chain(&body.jsx).copied();
    for span in spans.chain(body.html.iter().map(|html| html.span)) {
        words(&text[span.range()], span, found);
    }
    let root = article.front_matter.as_ref().and_then(|front_matter| front_matter.root());
    if let Some(root) = root {
        fields(root, found);
    }
}

fn fields(node: &Node, found: &mut dyn FnMut(&str, Span)) {
    match &node.value {
        Value::Mapping(entries) => entries.iter().for_each(|entry| fields(&entry.value, found)),
        Value::Sequence(items) => items.iter().for_each(|item| fields(item, found)),
        _ => {
            if let Some(text) = node.as_str() {
                words(text, node.span, &mut |word, _| found(word, node.span));
            }
        }
    }
}

/// The words of a text that end as pictures do.
fn words(text: &str, span: Span, found: &mut dyn FnMut(&str, Span)) {
    let is_end = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '"' | '\'' | '(' | ')' | ',' | '=' | '<' | '>' | '`' | '{' | '}')
    };
    let mut at = 0;
    for word in text.split(is_end) {
        let start = at;
        at += word.len() + text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        let path = &word[..word.find(['?', '#']).unwrap_or(word.len())];
        if is_picture(path) && memmem::find(word.as_bytes(), b"://").is_none() {
            let start = span.start as usize + start;
            found(path, Span::new(start, start + path.len()));
        }
    }
}

/// Whether a path ends as those of pictures do.
pub(crate) fn is_picture(path: &str) -> bool {
    PICTURES.iter().any(|ending| {
        let start = path.len().checked_sub(ending.len());
        start.is_some_and(|start| {
            start > 0 && path.as_bytes()[start..].eq_ignore_ascii_case(ending.as_bytes())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Roles;
    use crate::text::Source;

    fn gathered(text: &str) -> Vec<(String, Use)> {
        let source = Source::new("a.md", text.into());
        let roles = Roles::default();
        let mut facts = Facts::default();
        links(&Article::parse(&source), &Context::new(&roles), true, &mut facts);
        for reference in &facts.links {
            assert!(source.text().get(reference.span.range()).is_some(), "{reference:?}");
        }
        facts.links.iter().map(|one| (one.url.to_string(), one.used_as)).collect()
    }

    #[test]
    fn what_leads_into_the_site_is_taken_by_place() {
        let text = "---\nimage: /a.png\ngallery: [b.png, https://c.test/c.png]\n---\n\
                    [a](#b) [b](https://c.test) [c](//c.test/d) [d](mailto:a@b.test) [e](c:d) [](\n)\n\
                    ![f](é%20f.png) [g] ![g] <a href='h'>h</a> [i]({{ i }}) {{< figure src=\"/img/j.jpg\" >}}\n\n\
                    [g]: g.png\n[unused]: k.md\n<picture><source srcset='l.webp 2x, m.webp'></picture>\n";
        let (link, mention) = (Use::Link, Use::Mention);
        let expected = [
            ("/a.png", Use::Hero),
            ("b.png", mention),
            ("#b", link),
            ("é%20f.png", Use::Image),
            ("h", link),
            ("/img/j.jpg", mention),
            ("g.png", link),
            ("l.webp", mention),
            ("m.webp", mention),
        ];
        let expected: Vec<_> = expected.map(|(url, used_as)| (url.to_owned(), used_as)).into();
        assert_eq!(gathered(text), expected);
    }

    #[test]
    fn pictures_are_told_by_their_ending() {
        assert!(is_picture("a.PNG") && is_picture("é/a.svg"));
        assert!(!is_picture(".png") && !is_picture("a.png.md") && !is_picture("é"));
    }
}
