//! An article that is published does not have a date in the future.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::date;
use crate::rule::{Check, Context, Sink, moment};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DateInFuture {
    tolerance: i32,
}

impl Check for DateInFuture {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(clock) = context.clock else { return };
        for (role, name) in [(Role::Date, "the date"), (Role::Updated, "the date of the last change")] {
            let Some((moment, span)) = moment::find(article, context, role) else { continue };
            // The last day on which it is too far ahead. Of most articles it is over, and stays so.
            let last = date::later(moment.day, -1 - i64::from(self.tolerance));
            if !clock.is_past(last) && !context.roles.is_draft(article) {
                let today = clock.today();
                sink.report(span, format!("{name} is {}, but today is {today}", moment.day))
                    .help("correct the date, or mark the article as a draft until then");
            }
        }
    }
}
