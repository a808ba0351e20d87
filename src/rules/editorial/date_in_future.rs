//! An article that is published does not have a date in the future.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::rule::{Check, Context, Sink, moment};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DateInFuture {
    tolerance: i32,
}

impl Check for DateInFuture {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(today) = context.today else { return };
        for (role, name) in [(Role::Date, "the date"), (Role::Updated, "the date of the last change")] {
            let Some((moment, span)) = moment::find(article, context, role) else { continue };
            let days = (moment.day - today).get_days();
            if days > self.tolerance && !context.roles.is_draft(article) {
                sink.report(span, format!("{name} is {}, but today is {today}", moment.day))
                    .help("correct the date, or mark the article as a draft until then");
            }
        }
    }
}
