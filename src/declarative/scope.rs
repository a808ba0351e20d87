//! Where a declarative rule looks: prose, a kind of block, alternative texts, code, or fields of the front matter.

use regex::Regex;

use super::settings::{Settings, Text};
use crate::article::Article;
use crate::article::body::Place;
use crate::data::Node;

use crate::text::Span;

/// A part of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All that the reader sees as text.
    Text,
    /// Text in a heading, a list, a block quote or a table.
    In(Place),
    /// Text in a paragraph that is none of these.
    Paragraph,
    /// Alternative texts of images.
    Alt,
    /// The texts of links.
    Link,
    /// Blocks of code.
    Code,
    /// The body as it is written.
    Raw,
    /// Every text of the front matter.
    FrontMatter,
    /// The text of one field, by its path.
    Field(Vec<String>),
}

impl Scope {
    /// Reads the scopes of a search; `None` where one of them is none.
    pub(super) fn read(settings: &mut Settings<'_>) -> Option<Vec<Self>> {
        let mut scopes = Vec::new();
        for Text { text, span } in settings.texts("scope") {
            match Self::named(&text) {
                Some(scope) => scopes.push(scope),
                None => settings.mistake(span, format!("\"{text}\" is no scope"), None),
            }
        }
        Some(scopes).filter(|_| settings.mistakes.is_empty())
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "heading" => Self::In(Place::HEADING),
            "list" => Self::In(Place::LIST),
            "blockquote" => Self::In(Place::QUOTE),
            "table" => Self::In(Place::TABLE),
            "paragraph" => Self::Paragraph,
            "alt" => Self::Alt,
            "link" => Self::Link,
            "code" => Self::Code,
            "raw" => Self::Raw,
            "front-matter" => Self::FrontMatter,
            _ => match name.strip_prefix("article.") {
                Some(path) => Self::Field(path.split('.').map(str::to_owned).collect()),
                None => return None,
            },
        })
    }

    /// Calls `found` with the text and the bytes of every match in this part of the article.
    pub(super) fn search(&self, article: &Article<'_>, pattern: &Regex, found: &mut dyn FnMut(&str, Span)) {
        let file = article.text();
        match self {
            Self::Text => prose(article, pattern, None, found),
            Self::In(place) => prose(article, pattern, Some(&|here| here.contains(*place)), found),
            Self::Paragraph => {
                let other = Place::HEADING | Place::LIST | Place::QUOTE | Place::TABLE | Place::FOOTNOTE;
                prose(article, pattern, Some(&|here| !here.intersects(other)), found);
            }
            Self::Alt => {
                for image in &article.body.images {
                    if let (Some(alt), Some(span)) = (&image.alt, image.alt_span) {
                        value(file, pattern, alt, span, found);
                    }
                }
            }
            Self::Link => {
                for link in &article.body.links {
                    value(file, pattern, &link.text, link.text_span, found);
                }
            }
            Self::Code => article.body.code.iter().for_each(|code| raw(file, pattern, code.content, found)),
            Self::Raw => raw(file, pattern, article.body.span, found),
            Self::FrontMatter => {
                if let Some(root) = article.front_matter.as_ref().and_then(|block| block.root()) {
                    texts(root, &mut |text, span| value(file, pattern, text, span, found));
                }
            }
            Self::Field(path) => {
                let root = article.front_matter.as_ref().and_then(|block| block.root());
                let place = root.and_then(|root| root.find(path.iter().map(String::as_str)));
                if let Some(place) = place {
                    texts(place.node, &mut |text, span| value(file, pattern, text, span, found));
                }
            }
        }
    }
}

fn prose(
    article: &Article<'_>,
    pattern: &Regex,
    wanted: Option<&dyn Fn(Place) -> bool>,
    found: &mut dyn FnMut(&str, Span),
) {
    let prose = article.prose();
    for hit in pattern.find_iter(&prose.text) {
        let is_wanted =
            wanted.is_none_or(|wanted| prose.block_at(hit.start()).is_some_and(|block| wanted(block.place)));
        if is_wanted {
            found(hit.as_str(), prose.span(hit.start(), hit.end()));
        }
    }
}

fn raw(file: &str, pattern: &Regex, span: Span, found: &mut dyn FnMut(&str, Span)) {
    for hit in pattern.find_iter(&file[span.range()]) {
        found(hit.as_str(), Span::from(hit.range()).shifted(span.start as usize));
    }
}

/// Whether a match is the text of a Markdown link, as fields that hold Markdown have them.
fn is_link_text(text: &str, hit: &regex::Match<'_>) -> bool {
    hit.as_str().starts_with('[') && text[hit.end()..].starts_with(['(', '['])
}

/// Matches in a value whose bytes may hold quotes, escapes or folded lines: where the match does not stand in them as
/// it is, the whole value is marked.
fn value(file: &str, pattern: &Regex, text: &str, span: Span, found: &mut dyn FnMut(&str, Span)) {
    let written = &file[span.range()];
    let mut from = 0;
    for hit in pattern.find_iter(text).filter(|hit| !is_link_text(text, hit)) {
        let place = if hit.is_empty() { None } else { written[from..].find(hit.as_str()) };
        let marked = match place {
            Some(at) => {
                let start = span.start as usize + from + at;
                from += at + hit.len();
                Span::new(start, start + hit.len())
            }
            None => span,
        };
        found(hit.as_str(), marked);
    }
}

fn texts(node: &Node, found: &mut dyn FnMut(&str, Span)) {
    if let Some(text) = node.as_str() {
        found(text, node.span);
    }
    let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    for child in children {
        texts(child, found);
    }
}
