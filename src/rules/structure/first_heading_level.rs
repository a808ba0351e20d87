//! The outline of the body begins where the title leaves off.

use serde::Deserialize;

use crate::article::body::Heading;
use crate::article::{Article, Role};
use crate::rule::{Check, Context, Sink, outline};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FirstHeadingLevel {
    with_title: u8,
    without_title: u8,
}

impl Check for FirstHeadingLevel {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let headings = outline::headings(article);
        let Some(first) = headings.first() else { return };
        let title = context.roles.find(article, Role::Title);
        // A front matter without a title is that of a page that is shown within another, or takes its title from
        // elsewhere. Where one is asked for and not there, other rules say so.
        if title.is_none() && (article.front_matter.is_some() || context.schema.is_some()) {
            return;
        }
        let expected = if title.is_some() { self.with_title } else { self.without_title };
        // A title in the body beside one in the front matter is what `single-title` is for.
        if first.level == expected || (first.level == 1 && title.is_some()) {
            return;
        }
        let why = match title {
            Some(_) => "the title in the front matter is level 1",
            None => "there is no front matter, so the first heading is the title",
        };
        let message = format!("the first heading is of level {}, not {expected}", first.level);
        let finding = sink.report(first.span, message);
        let elsewhere = match title {
            Some(_) if first.level > expected => {
                format!(
                    "; if all pages of the site begin at level {0}, set \"with-title\" to {0}",
                    first.level
                )
            }
            _ => String::new(),
        };
        finding
            .help(format!("{why}: begin at level {expected} and move the headings below along{elsewhere}"));
        if let Some(place) = title {
            finding.related(place.node.span, "the title");
        }
        let by = i16::from(expected) - i16::from(first.level);
        finding.fix = outset(&headings, expected).and_then(|moved| outline::shift(article, moved, by));
    }
}

/// The headings to move along with the first: when it goes up, those before one that is high enough already. None
/// where one of them would come to stand above the first, or the first beside a title.
fn outset<'h, 'a>(headings: &'h [&'a Heading], expected: u8) -> Option<&'h [&'a Heading]> {
    let first = headings.first()?.level;
    if first < expected {
        return Some(headings);
    }
    let end = headings.iter().position(|heading| heading.level <= expected).unwrap_or(headings.len());
    let moved = &headings[..end];
    let is_free = expected > 1 || end == headings.len();
    (is_free && moved.iter().all(|heading| heading.level >= first)).then_some(moved)
}
