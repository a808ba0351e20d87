//! What an author says about findings: `copydesk-ignore` in comments and in the front matter, as data.
//!
//! `<!-- copydesk-ignore RULE… : reason -->` stands before a block (in MDX `{/* … */}`), `# copydesk-ignore RULE…: reason`
//! at a key of a YAML or TOML front matter, and for the whole file there are `copydesk-ignore-file` and the list
//! `copydesk: {ignore: […]}` of the front matter. Here it is read, and found out which bytes it covers; what comes of it
//! is for others to say.

mod blocks;
mod keys;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use memchr::memmem;

use super::Article;
use crate::data::{Node, Value};
use crate::date::Clock;
use crate::text::Span;

pub use blocks::Blocks;
pub use keys::Keys;

/// How a directive is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `<!-- … -->`
    Html,
    /// `{/* … */}`
    Mdx,
    /// `# …` in the front matter.
    Hash,
    /// An item of the list in the front matter.
    Item,
}

/// What a directive is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What begins within these bytes, their end included.
    Bytes(Span),
    /// The whole file.
    File,
    /// Nothing: no block or key follows.
    Nothing,
    /// Not known, since the word is none of ours: `copydesk-disable`.
    Unknown,
}

/// One directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The whole comment or list item.
    pub span: Span,
    /// The bytes of its words: without the marks of a comment.
    pub content: Span,
    /// How it is written.
    pub form: Form,
    /// What it is about.
    pub scope: Scope,
    /// The rules it names.
    pub rules: Vec<Name>,
    /// Why, where it says so.
    pub reason: Option<String>,
    /// Its last day, where it has one.
    pub until: Option<Until>,
}

impl Directive {
    /// Whether its last day is over.
    #[must_use]
    pub fn is_over(&self, clock: Option<&Clock>) -> bool {
        let day = self.until.as_ref().and_then(|until| until.day);
        day.zip(clock).is_some_and(|(day, clock)| clock.is_past(day))
    }
}

/// The name of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Its bytes.
    pub span: Span,
}

/// The last day of a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// As written.
    pub text: String,
    /// Its bytes.
    pub span: Span,
    /// The day, where it is one.
    pub day: Option<Date>,
}

/// The word that all directives hold: where it is missing there is nothing to read.
const MARK: &[u8] = b"copydesk";

/// Reads the directives of an article, sorted by place.
#[must_use]
pub fn read(article: &Article<'_>) -> Vec<Directive> {
    let text = article.text();
    if memmem::find(text.as_bytes(), MARK).is_none() {
        return Vec::new();
    }
    let mut directives = keys::directives(article);
    let mut found: Vec<(Form, Span, Span)> =
        article.body.comments.iter().map(|comment| (Form::Html, comment.span, comment.content)).collect();
    found.extend(article.body.expressions.iter().filter_map(|span| {
        let inside = text[span.range()].strip_prefix("{/*")?.strip_suffix("*/}")?;
        let start = span.start as usize + 3;
        Some((Form::Mdx, *span, Span::new(start, start + inside.len())))
    }));
    found.sort_by_key(|(_, span, _)| *span);
    let mut blocks = None;
    for (form, span, content) in found {
        let Some((directive, is_file)) = words(text, form, span, content) else { continue };
        let scope = match (directive.scope, is_file) {
            (Scope::Unknown, _) => Scope::Unknown,
            (_, true) => Scope::File,
            _ => blocks
                .get_or_insert_with(|| Blocks::of(text, &article.body))
                .covered(span)
                .map_or(Scope::Nothing, Scope::Bytes),
        };
        directives.push(Directive { scope, ..directive });
    }
    directives
}

/// Reads the words of a comment, and whether they are about the file; `None` where they are no directive.
fn words(text: &str, form: Form, span: Span, content: Span) -> Option<(Directive, bool)> {
    let inside = &text[content.range()];
    let start = content.end as usize - inside.trim_start().len();
    let inside = inside.trim();
    if !inside.starts_with("copydesk-") {
        return None;
    }
    let content = Span::new(start, start + inside.len());
    let word_end = inside.find(|letter: char| letter.is_whitespace() || matches!(letter, ':' | ','));
    let word = &inside[..word_end.unwrap_or(inside.len())];
    let (scope, is_file) = match word {
        "copydesk-ignore" => (Scope::Nothing, false),
        "copydesk-ignore-file" => (Scope::File, true),
        _ => (Scope::Unknown, false),
    };
    let mut directive =
        Directive { span, content, form, scope, rules: Vec::new(), reason: None, until: None };
    let (names, reason) = match inside[word.len()..].split_once(':') {
        Some((names, reason)) => (names, Some(reason)),
        None => (&inside[word.len()..], None),
    };
    for (at, token) in tokens(names) {
        let at = start + word.len() + at;
        if let Some(day) = token.strip_prefix("until=") {
            directive.until = Some(until(day, at + token.len() - day.len()));
        } else {
            let span = Span::new(at, at + token.len());
            directive.rules.push(Name { name: token.to_owned(), span });
        }
    }
    if let Some(reason) = reason {
        let base = start + inside.len() - reason.len();
        let mut words: Vec<(usize, &str)> = tokens_at(reason, char::is_whitespace).collect();
        // People put the day at either end of the reason as well.
        let first = words.first().filter(|(_, word)| word.starts_with("until=")).map(|_| 0);
        let last = words.last().filter(|(_, word)| word.starts_with("until=")).map(|_| words.len() - 1);
        if let Some(index) = first.or(last).filter(|_| directive.until.is_none()) {
            let (at, word) = words.remove(index);
            directive.until = Some(until(&word["until=".len()..], base + at + "until=".len()));
        }
        let reason = words.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
        directive.reason = Some(reason).filter(|reason| !reason.is_empty());
    }
    Some((directive, is_file))
}

fn until(text: &str, at: usize) -> Until {
    Until { text: text.to_owned(), span: Span::new(at, at + text.len()), day: text.parse().ok() }
}

/// The words between white space and commas, with their offsets.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    tokens_at(text, |letter| letter.is_whitespace() || letter == ',')
}

fn tokens_at(text: &str, separates: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let begin = text.as_ptr() as usize;
    text.split(separates)
        .filter(|token| !token.is_empty())
        .map(move |token| (token.as_ptr() as usize - begin, token))
}

/// The list `copydesk: {ignore: […]}`, or its one item: a text, or a mapping of `rule`, `reason` and `until`.
fn items(text: &str, root: &Node) -> Vec<Directive> {
    let Some(list) = root.get("copydesk").and_then(|ours| ours.get("ignore")) else { return Vec::new() };
    let items = match &list.value {
        Value::Null => &[][..],
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(list),
    };
    let mut directives = Vec::new();
    for item in items {
        let name = item.get("rule").unwrap_or(item);
        // What is no name names no rule, and that is said.
        let rules = name.as_str().unwrap_or_default();
        let at = name.span.start as usize;
        let written = &text[name.span.range()];
        let rules = tokens(rules).map(|(_, rule)| {
            let start = written.find(rule).map_or(at, |start| at + start);
            let end = if start == at && !written.starts_with(rule) {
                name.span.end as usize
            } else {
                start + rule.len()
            };
            Name { name: rule.to_owned(), span: Span::new(start, end) }
        });
        let said = |key: &str| item.get(key).and_then(|node| Some((node.as_str()?.trim(), node.span)));
        directives.push(Directive {
            span: item.span,
            content: item.span,
            form: Form::Item,
            scope: Scope::File,
            rules: rules.collect(),
            reason: said("reason").map(|(reason, _)| reason.to_owned()).filter(|reason| !reason.is_empty()),
            until: said("until").map(|(day, span)| Until {
                text: day.to_owned(),
                span,
                day: day.parse().ok(),
            }),
        });
    }
    directives
}
