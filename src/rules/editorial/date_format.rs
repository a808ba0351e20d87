//! Dates are real, and written as all site generators read them.

use serde::Deserialize;

use crate::article::edit::Editor;
use crate::article::{Article, Role};
use crate::data::Node;
use crate::date::{self, Form, Reading};
use crate::finding::Fix;
use crate::rule::{Check, Context, Sink, scalar};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DateFormat {
    also: Vec<Form>,
}

/// JavaScript reads these as midnight where it runs, and the ISO form as midnight in UTC: the day that a site shows may
/// be another after the change.
const LOCAL: [Form; 4] = [Form::Slashes, Form::Words, Form::MonthFirst, Form::DayFirst];

/// What Eleventy reads as a date.
const ELEVENTY: [&str; 4] = ["created", "last modified", "git created", "git last modified"];

impl Check for DateFormat {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for role in [Role::Date, Role::Updated] {
            if let Some(place) = context.roles.find(article, role) {
                self.check_date(article, place.node, sink);
            }
        }
    }
}

impl DateFormat {
    fn check_date(&self, article: &Article<'_>, node: &Node, sink: &mut Sink<'_>) {
        let Some(text) = scalar::text(article, node) else { return };
        if date::is_surely_iso(text) {
            return;
        }
        let message = match date::read(text) {
            Reading::Date(_, forms) if forms.iter().all(|form| self.also.contains(form)) => return,
            Reading::Date(moment, forms) => {
                let iso = moment.iso();
                let message = format!("the date \"{text}\" is not written as \"{iso}\"");
                let finding = sink.report(node.span, message);
                finding.help(format!(
                    "write \"{iso}\": generators read other forms in different ways, or not at all"
                ));
                let is_local = forms.iter().any(|form| LOCAL.contains(form));
                finding.fix = fix(article, node, &iso, is_local);
                return;
            }
            // Whoever allows one of the two orders knows which it is.
            Reading::Ambiguous(..)
                if self.also.iter().any(|form| matches!(form, Form::MonthFirst | Form::DayFirst)) =>
            {
                return;
            }
            Reading::Ambiguous(one, other) => format!("\"{text}\" may be {one} or {other}"),
            Reading::Impossible(why) => format!("\"{text}\" is no date: {why}"),
            Reading::Unknown if scalar::is_template(text) || is_keyword(text) => return,
            Reading::Unknown => format!("\"{text}\" cannot be read as a date"),
        };
        sink.report(node.span, message).help("write it as in 2024-05-31 or 2024-05-31T09:30:00Z");
    }
}

fn is_keyword(text: &str) -> bool {
    ELEVENTY.iter().any(|keyword| text.eq_ignore_ascii_case(keyword))
}

fn fix(article: &Article<'_>, node: &Node, iso: &str, is_local: bool) -> Option<Fix> {
    let edits = Editor::of(article)?.replace_date(node, iso)?;
    let title = format!("write \"{iso}\"");
    Some(if is_local { Fix::r#unsafe(title, edits) } else { Fix::safe(title, edits) })
}
