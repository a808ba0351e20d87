//! An article was not changed before it was published.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::rule::{Check, Context, Sink, moment};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DateOrder {}

impl Check for DateOrder {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let find = |role| moment::find(article, context, role);
        let (Some((updated, span)), Some((published, first))) = (find(Role::Updated), find(Role::Date))
        else {
            return;
        };
        let (is_before, updated, published) = match (updated.known_instant(), published.known_instant()) {
            (Some(left), Some(right)) => (left < right, updated.iso(), published.iso()),
            _ => (updated.day < published.day, updated.day.to_string(), published.day.to_string()),
        };
        if is_before {
            let message = format!("the last change is of {updated}, before the article's date, {published}");
            sink.report(span, message)
                .related(first, "the date")
                .help("correct one of the two; the last change is the later one");
        }
    }
}
