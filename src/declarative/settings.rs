//! The settings of one search, each with its place in the page, under the values of the rule's options.

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
