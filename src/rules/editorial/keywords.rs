//! Keywords are there, differ, and are not too many.

use std::borrow::Cow;

use memchr::memchr2;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::article::edit::Editor;
use crate::article::{Article, Role};
use crate::data::{Node, Value};
use crate::finding::{Edit, Fix};
use crate::rule::repeated::first_of_each;
use crate::rule::{Check, Context, Sink, scalar};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Keywords {
    min: usize,
    max: usize,
}

/// A keyword and its bytes, as far as they are known.
struct Keyword<'a> {
    text: &'a str,
    span: Option<Span>,
}

impl Check for Keywords {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(place) = context.roles.find(article, Role::Keywords) else { return };
        if self.are_surely_right(place.node) {
            return;
        }
        let Some(keywords) = keywords(article, place.node) else { return };
        let folded: Vec<Cow<'_, str>> = keywords.iter().map(|keyword| fold(keyword.text)).collect();
        let first = first_of_each(&folded);
        let editor = Editor::of(article);
        let mut count = 0;
        for (index, keyword) in keywords.iter().enumerate() {
            let span = keyword.span.unwrap_or(place.node.span);
            let finding = if folded[index].is_empty() {
                sink.report(span, "a keyword is empty").help("take it out")
            } else if let Some(same) = first[index].map(|first| &keywords[first]) {
                let message = format!("the keyword \"{}\" stands here a second time", keyword.text);
                let finding = sink.report(span, message).help("take one of the two out");
                finding.related(same.span.unwrap_or(span), "first here")
            } else {
                count += 1;
                continue;
            };
            finding.fix = match place.node.items().get(index) {
                Some(item) => editor.as_ref().and_then(|editor| editor.remove(item)),
                None => without(article.text(), &keywords, index),
            }
            .map(|edits| Fix::safe("take the keyword out", edits));
        }
        let (least, most) = (self.min, self.max);
        let one = |number: usize| if number == 1 { "keyword" } else { "keywords" };
        if keywords.is_empty() && least > 0 {
            sink.report(place.node.span, "the list of keywords is empty")
                .help(format!("name at least {least} {}, or take the field out", one(least)));
        } else if count > most {
            let message = format!("there are {count} {}, more than {most}", one(count));
            sink.report(place.key_span.unwrap_or(place.node.span), message).help("keep those that fit best");
        } else if count < least && count > 0 {
            let message = format!("there {} {count} {}, fewer than {least}", are(count), one(count));
            sink.report(place.key_span.unwrap_or(place.node.span), message).help("add some");
        }
    }
}

impl Keywords {
    /// A look that costs little, since most lists are right: whether these are few texts of ASCII, and enough, and no
    /// two have the same letters and signs.
    fn are_surely_right(&self, node: &Node) -> bool {
        const FEW: usize = 32;
        let items = node.items();
        if items.is_empty() || items.len() > FEW || !(self.min..=self.max).contains(&items.len()) {
            return false;
        }
        let mut known = [0; FEW];
        for (index, item) in items.iter().enumerate() {
            let fingerprint = item.as_str().and_then(fingerprint);
            let Some(fingerprint) = fingerprint.filter(|fingerprint| !known[..index].contains(fingerprint))
            else {
                return false;
            };
            known[index] = fingerprint;
        }
        true
    }
}

/// A number that keywords share if they fold alike; none for what is not surely a keyword.
fn fingerprint(text: &str) -> Option<u64> {
    let is_open = memchr2(b'{', b'%', text.as_bytes()).is_some();
    let letters = text.bytes().filter(u8::is_ascii_graphic);
    let hash = letters.fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte | 0x20)));
    (text.is_ascii() && !is_open && hash != 0).then_some(hash)
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// The keywords of a list, or of a text with commas; nothing where they are something else, or filled in by a template.
fn keywords<'a>(article: &'a Article<'_>, node: &'a Node) -> Option<Vec<Keyword<'a>>> {
    match &node.value {
        Value::Sequence(items) => items.iter().map(|item| keyword(article, item)).collect(),
        Value::String(whole) if !scalar::is_template(whole) => {
            let start = scalar::inner(article, node).map(|span| span.start as usize);
            let mut at = 0;
            let pieces = whole.split(scalar::is_comma).map(|piece| {
                let text = piece.trim();
                // An empty one is where its comma is.
                let end = at + if text.is_empty() { piece.len() } else { piece.trim_end().len() };
                let begin = end - text.len();
                at += piece.len();
                at += whole[at..].chars().next().map_or(0, char::len_utf8);
                Keyword { text, span: start.map(|start| Span::new(begin, end).shifted(start)) }
            });
            Some(pieces.collect())
        }
        _ => None,
    }
}

fn keyword<'a>(article: &'a Article<'_>, node: &'a Node) -> Option<Keyword<'a>> {
    let text = match &node.value {
        Value::Null => "",
        // A number, or `true`, is a word to whoever wrote it.
        Value::Number(_) | Value::Bool(_) => &article.text()[node.span.range()],
        Value::String(text) if !scalar::is_template(text) => text.trim(),
        _ => return None,
    };
    Some(Keyword { text, span: Some(node.span) })
}

/// Without differences of case, of white space, and of how accents are stored.
fn fold(text: &str) -> Cow<'_, str> {
    let is_folded = |byte: u8| byte == b' ' || (byte.is_ascii_graphic() && !byte.is_ascii_uppercase());
    if text.bytes().all(is_folded) && text.trim_ascii() == text && !text.contains("  ") {
        return Cow::Borrowed(text);
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Cow::Owned(if words.is_ascii() {
        words.to_ascii_lowercase()
    } else {
        words.to_lowercase().nfc().collect()
    })
}

/// Takes a keyword out of a text with the comma that parts it from the one before or, if it is the first, from the next.
fn without(text: &str, keywords: &[Keyword<'_>], index: usize) -> Option<Vec<Edit>> {
    let span = keywords[index].span?;
    let neighbour = |index: usize| keywords.get(index).and_then(|keyword| keyword.span);
    let before = index.checked_sub(1).and_then(neighbour);
    let (gone, gap) = if let Some(before) = before {
        (Span { start: before.end, end: span.end }, Span { start: before.end, end: span.start })
    } else {
        let next = neighbour(index + 1)?;
        (Span { start: span.start, end: next.start }, Span { start: span.end, end: next.start })
    };
    let is_plain = |letter: char| letter.is_whitespace() || scalar::is_comma(letter);
    text[gap.range()].chars().all(is_plain).then(|| vec![Edit::delete(gone)])
}
