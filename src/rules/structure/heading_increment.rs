//! Headings go down one level at a time.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::{Check, Context, Sink, outline};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeadingIncrement {}

impl Check for HeadingIncrement {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let headings = outline::headings(article);
        for (index, pair) in headings.windows(2).enumerate() {
            let (above, heading) = (pair[0], pair[1]);
            if heading.level <= above.level + 1 {
                continue;
            }
            let expected = above.level + 1;
            let message =
                format!("a heading of level {} follows one of level {}", heading.level, above.level);
            let below = &headings[index + 1..];
            let section = below.iter().position(|next| next.level < heading.level).unwrap_or(below.len());
            let finding = sink.report(heading.span, message);
            finding
                .help(format!("make it level {expected}, and move the headings below it along"))
                .related(above.span, format!("level {}", above.level));
            let by = i16::from(expected) - i16::from(heading.level);
            finding.fix = outline::shift(article, &below[..section], by);
        }
    }
}
