//! The fields of a front matter stand in one order in all articles.

use std::collections::HashMap;

use serde::Deserialize;

use crate::article::edit::Editor;
use crate::article::{Article, FrontMatter};
use crate::finding::Fix;
use crate::rule::{Check, Context, Sink};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FieldOrder {
    order: Vec<String>,
}

impl Check for FieldOrder {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(editor) = Editor::of(article) else { return };
        let mut order: Vec<&str> = self.order.iter().map(String::as_str).collect();
        if order.is_empty() {
            order = context.schema.map(|schema| schema.keys()).unwrap_or_default();
        }
        let root = article.front_matter.as_ref().and_then(FrontMatter::root);
        let Some(root) = root.filter(|_| !order.is_empty()) else { return };
        let mut ranks = HashMap::with_capacity(order.len());
        for (rank, key) in order.iter().enumerate() {
            ranks.entry(*key).or_insert(rank);
        }
        let entries = &root.entries()[..editor.movable(root)];
        let rank = |at: &usize| ranks.get(entries[*at].key.as_str()).copied().unwrap_or(order.len());
        let mut sorted: Vec<usize> = (0..entries.len()).collect();
        sorted.sort_by_key(rank);
        let Some(first) = (0..sorted.len()).find(|at| sorted[*at] != *at) else { return };
        let (found, wanted) = (&entries[first], &entries[sorted[first]]);
        let message = format!("\"{}\" stands before \"{}\"", found.key, wanted.key);
        let edits = editor.reorder(root, &sorted);
        let finding = sink.report(found.key_span, message);
        finding.related(wanted.key_span, "this comes first");
        if edits.is_none() {
            finding.help("put them in order by hand: to move whole lines would change what they say");
        }
        finding.fix = edits.map(|edits| Fix::safe("put the fields in order", edits));
    }
}
