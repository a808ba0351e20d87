//! Texts and numbers of the front matter as they are written, and how to write others in their place.

use memchr::memchr3;

use crate::article::{Article, Format};
use crate::data::{Node, Value};
use crate::text::Span;
use crate::yaml;

/// The bytes of a text without its quotes, where they say what the text says: one line, without escapes.
pub(crate) fn inner(article: &Article<'_>, node: &Node) -> Option<Span> {
    let value = node.as_str()?;
    let written = &article.text()[node.span.range()];
    let plain = unquoted(written);
    if plain != value || plain.contains(['\n', '\r']) {
        return None;
    }
    let quotes = (written.len() - plain.len()) / 2;
    Some(Span::new(node.span.start as usize + quotes, node.span.end as usize - quotes))
}

/// A word to write in the place of the bytes that [`inner`] gives: in quotes where YAML would read none as a text.
pub(crate) fn word(article: &Article<'_>, node: &Node, text: &str) -> String {
    let old = &article.text()[node.span.range()];
    // What YAML 1.1 reads as true or false.
    let is_switch = ["yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    let is_text = || yaml::parse(text, 0).root.is_some_and(|root| root.as_str() == Some(text));
    let is_quoted = unquoted(old).len() < old.len();
    if is_quoted || (!is_switch && is_text()) { text.to_owned() } else { format!("\"{text}\"") }
}

/// A date to write in the place of a number. JSON has no dates, so there it is a text.
pub(crate) fn date(article: &Article<'_>, iso: &str) -> String {
    let is_json = article.front_matter.as_ref().is_some_and(|block| block.format == Format::Json);
    if is_json { format!("\"{iso}\"") } else { iso.to_owned() }
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
    // Most texts have none of the bytes that these begin with.
    memchr3(b'{', b'<', b'$', text.as_bytes()).is_some()
        && ["{{", "{%", "<%", "${"].into_iter().any(|start| text.contains(start))
}

fn unquoted(written: &str) -> &str {
    let inside = |quote: char| written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(written)
}
