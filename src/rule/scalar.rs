//! Texts and numbers of the front matter as they are written.

use memchr::memchr2;

use crate::article::Article;
use crate::data::{Node, Value};
use crate::text::Span;

/// The bytes of a text without its quotes, where they say what the text says: one line, without escapes.
pub(crate) fn inner(article: &Article<'_>, node: &Node) -> Option<Span> {
    let value = node.as_str()?;
    let written = &article.text()[node.span.range()];
    let inside = |quote: char| written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let plain = inside('"').or_else(|| inside('\'')).unwrap_or(written);
    if plain != value || plain.contains(['\n', '\r']) {
        return None;
    }
    let quotes = (written.len() - plain.len()) / 2;
    Some(Span::new(node.span.start as usize + quotes, node.span.end as usize - quotes))
}

/// The text of a text or a number, without white space around it.
pub(crate) fn text<'a>(article: &'a Article<'_>, node: &'a Node) -> Option<&'a str> {
    match &node.value {
        Value::String(text) => Some(text.trim()),
        Value::Number(_) => Some(&article.text()[node.span.range()]),
        _ => None,
    }
}

/// Whether a text is filled in by a template (Hugo, Liquid, MDX, Templater), so that nobody knows what it will say.
pub(crate) fn is_template(text: &str) -> bool {
    memchr2(b'{', b'%', text.as_bytes()).is_some()
        && ["{{", "{%", "<%", "${"].into_iter().any(|start| text.contains(start))
}

/// What parts the items of a list that is written as one text.
pub(crate) fn is_comma(letter: char) -> bool {
    matches!(letter, ',' | ';' | '，' | '、' | '；')
}
