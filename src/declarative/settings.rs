//! The settings of one search, each with its place in the page, under the values of the rule's options.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::data::{Entry, Node};
use crate::finding::Safety;
use crate::mistake::Mistake;
use crate::rule::Fixability;
use crate::schema::nearest;
use crate::text::{Source, Span};

/// What a page sets for one search. What is wrong with it is collected, so that all mistakes are shown at once.
pub(super) struct Settings<'p> {
    page: &'p Node,
    values: &'p Map<String, Json>,
    source: &'p Arc<Source>,
    /// What the page says that its fixes are worth.
    fix: Fixability,
    /// Whether the page comes with the program and its options are its own, so that the tests have proved it.
    pub(super) is_ours: bool,
    /// What is wrong so far.
    pub(super) mistakes: Vec<Mistake>,
    /// The options that were read as settings.
    pub(super) read: RefCell<BTreeSet<String>>,
}

/// A text of the settings. Without a place it is the value of an option.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Option<Span>,
}

impl<'p> Settings<'p> {
    pub(super) fn new(
        page: &'p Node,
        values: &'p Map<String, Json>,
        source: &'p Arc<Source>,
        fix: Fixability,
    ) -> Self {
        Self { page, values, source, fix, is_ours: false, mistakes: Vec::new(), read: RefCell::default() }
    }

    /// Reports a mistake; without a place it is one of the options.
    pub(super) fn mistake(&mut self, span: Option<Span>, message: impl Into<String>, help: Option<&str>) {
        let mistake = match span {
            Some(span) => Mistake::at(self.source, span, message),
            None => Mistake::new(message),
        };
        self.mistakes.push(mistake.with_help(help));
    }

    /// The place of a setting that the page has, or of the whole search.
    pub(super) fn span(&self, key: &str) -> Span {
        self.page.get(key).map_or(self.page.span, |node| node.span)
    }

    /// The place of the whole search.
    pub(super) fn whole(&self) -> Span {
        self.page.span
    }

    /// The place of a part of a text, given by its bytes in the text: exact where the page has the part as it is, and
    /// the whole text where an escape or a line break makes it another.
    pub(super) fn inside(&self, text: &Text, part: Range<usize>) -> Option<Span> {
        let span = text.span?;
        let written = &self.source.text()[span.range()];
        let start = usize::from(written.starts_with(['"', '\'']) && !written.starts_with(&*text.text));
        if written[start..].starts_with(&*text.text) {
            return Some(Span::from(part).shifted(span.start as usize + start));
        }
        let wanted = text.text.get(part.clone()).filter(|wanted| !wanted.is_empty());
        let place = wanted.and_then(|wanted| {
            let before = text.text[..part.start].matches(wanted).count();
            let (at, found) = written.match_indices(wanted).nth(before)?;
            Some(Span::new(at, at + found.len()).shifted(span.start as usize))
        });
        Some(place.unwrap_or(span))
    }

    /// The value of a setting: an option's, or the page's.
    pub(super) fn json(&self, key: &str) -> Option<Json> {
        self.option(key).cloned().or_else(|| self.page.get(key).map(Node::to_json))
    }

    /// The value of the option that is called like a setting.
    fn option(&self, key: &str) -> Option<&'p Json> {
        let value = self.values.get(key)?;
        self.read.borrow_mut().insert(key.to_owned());
        Some(value)
    }

    /// The values of the rule's options.
    pub(super) fn options(&self) -> &'p Map<String, Json> {
        self.values
    }

    /// What the fixes of this search are worth: what the setting `fix` says, or else the page. `None` where it has none.
    pub(super) fn safety(&self) -> Option<Safety> {
        match (self.text("fix").as_ref().map(|text| text.text.as_str()), self.fix) {
            (Some("none"), _) | (_, Fixability::None) => None,
            (Some("safe"), Fixability::Safe | Fixability::Mixed) | (None, Fixability::Safe) => {
                Some(Safety::Safe)
            }
            _ => Some(Safety::Unsafe),
        }
    }

    /// A setting that is a whole number from 0 on. `null` is none.
    pub(super) fn number(&mut self, key: &str) -> Option<usize> {
        let value = self.json(key).filter(|value| !value.is_null())?;
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        if number.is_none() {
            let message = format!("\"{key}\" is a whole number from 0 on, not {value}");
            self.mistake(self.place(key), message, None);
        }
        number
    }

    /// A setting that is one of some words; the first where it is absent.
    pub(super) fn choice<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let Some(text) = self.text(key) else { return words.first().map(|(_, value)| *value) };
        let found = words.iter().find(|(word, _)| *word == text.text);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help =
                nearest(&text.text, names.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
            let help = help.unwrap_or_else(|| format!("it is {}", names.join(", ")));
            self.mistake(text.span, format!("\"{}\" is no value of \"{key}\"", text.text), Some(&help));
        }
        found.map(|(_, value)| *value)
    }

    /// A setting that maps texts to texts.
    pub(super) fn pairs(&self, key: &str) -> Vec<(Text, Text)> {
        if let Some(value) = self.option(key) {
            let entries = value.as_object().into_iter().flatten();
            let text = |text: &str| Text { text: text.to_owned(), span: None };
            return entries.filter_map(|(key, value)| Some((text(key), text(value.as_str()?)))).collect();
        }
        let entries = self.page.get(key).map_or(&[][..], Node::entries);
        let pair = |entry: &Entry| {
            let value = Text { text: entry.value.as_str()?.to_owned(), span: Some(entry.value.span) };
            Some((Text { text: entry.key.clone(), span: Some(entry.key_span) }, value))
        };
        entries.iter().filter_map(pair).collect()
    }

    /// The place of a setting; `None` where an option sets it.
    pub(super) fn place(&self, key: &str) -> Option<Span> {
        if self.values.contains_key(key) { None } else { Some(self.span(key)) }
    }

    /// Whether a setting is `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.json(key).and_then(|value| value.as_bool()).unwrap_or_default()
    }

    /// A setting that is a text.
    pub(super) fn text(&self, key: &str) -> Option<Text> {
        self.texts(key).into_iter().next()
    }

    /// A setting that is a list of texts, or one text.
    pub(super) fn texts(&self, key: &str) -> Vec<Text> {
        if let Some(value) = self.option(key) {
            let one = std::slice::from_ref(value);
            let texts = value.as_array().map_or(one, Vec::as_slice).iter().filter_map(Json::as_str);
            return texts.map(|text| Text { text: text.to_owned(), span: None }).collect();
        }
        let Some(node) = self.page.get(key) else { return Vec::new() };
        let nodes = if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() };
        let text = |node: &Node| Some(Text { text: node.as_str()?.to_owned(), span: Some(node.span) });
        nodes.iter().filter_map(text).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::yaml;

    /// Reads the settings of a search from YAML, with the values of the rule's options as JSON.
    pub(in crate::declarative) fn with_settings<T>(
        page: &str,
        options: &str,
        read: impl FnOnce(&mut Settings<'_>) -> T,
    ) -> T {
        let document = yaml::parse(page, 0);
        let root = document.root.unwrap_or_else(|| panic!("{page}: {:?}", document.problems));
        let values = serde_json::from_str(options).expect("the options of a test are JSON");
        let source = Arc::new(Source::new("rule.md", page.as_bytes().to_vec()));
        read(&mut Settings::new(&root, &values, &source, Fixability::Mixed))
    }
}
