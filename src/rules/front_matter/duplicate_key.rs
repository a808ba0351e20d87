//! A mapping has each key once.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::{Check, Context, Sink};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DuplicateKey {}

impl Check for DuplicateKey {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = article.front_matter.as_ref().filter(|block| block.is_sound()) else {
            return;
        };
        for duplicate in &front_matter.document.duplicates {
            sink.report(duplicate.span, format!("the key \"{}\" stands here a second time", duplicate.key))
                .help("keep one of the two: some site generators take the last, others refuse the page")
                .related(duplicate.first, "first set here");
        }
    }
}
