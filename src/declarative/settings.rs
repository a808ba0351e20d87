//! The settings of one search, each with its place in the page, under the values of the rule's options.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::data::Node;
use crate::mistake::Mistake;
use crate::text::{Source, Span};

/// What a page sets for one search. What is wrong with it is collected, so that all mistakes are shown at once.
pub(super) struct Settings<'p> {
    page: &'p Node,
    values: &'p Map<String, Json>,
    source: &'p Arc<Source>,
    /// What is wrong so far.
    pub(super) mistakes: Vec<Mistake>,
}

/// A text of the settings. Without a place it is the value of an option.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Option<Span>,
}

impl<'p> Settings<'p> {
    pub(super) fn new(page: &'p Node, values: &'p Map<String, Json>, source: &'p Arc<Source>) -> Self {
        Self { page, values, source, mistakes: Vec::new() }
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
        self.values.get(key).cloned().or_else(|| self.page.get(key).map(Node::to_json))
    }

    /// The values of the rule's options.
    pub(super) fn options(&self) -> &'p Map<String, Json> {
        self.values
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
        if let Some(value) = self.values.get(key) {
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
        read(&mut Settings::new(&root, &values, &source))
    }
}
