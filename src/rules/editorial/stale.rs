//! An article was changed, or published, not too long ago.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::date;
use crate::rule::{Check, Context, Sink, moment};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Stale {
    days: i32,
}

impl Check for Stale {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(clock) = context.clock else { return };
        let found = [Role::Date, Role::Updated].map(|role| moment::find(article, context, role));
        // Of the two the later: an article may be published long after its last change.
        let Some((moment, span)) = found.into_iter().flatten().max_by_key(|(moment, _)| moment.day) else {
            return;
        };
        // Most articles are fresh for a while yet, which is true on other days, too.
        let last = date::later(moment.day, self.days.into());
        if clock.is_past(last) && !context.roles.is_draft(article) {
            let age = (clock.today() - moment.day).get_days();
            let message = format!("the last change is {age} days ago, more than {}", self.days);
            sink.report(span, message)
                .help("see whether all of it still holds, and write the day of the change");
        }
    }
}
