//! A file of a collection that has a schema begins with a front matter.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::{Check, Context, Sink};
use crate::text::{Span, behind_mark, line_end};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontMatterMissing {}

impl Check for FrontMatterMissing {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        if context.schema.is_none() || article.front_matter.is_some() {
            return;
        }
        let text = article.text();
        let start = behind_mark(text);
        let end = line_end(text, start);
        sink.report(Span::new(start, end), "the article has no front matter").help(
            "begin the file with a line \"---\", the fields that its schema asks for, and another line \"---\"",
        );
    }
}
