//! Every image says in words what it shows.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::Form;
use crate::rule::{Check, Context, Sink};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImageAlt {}

impl Check for ImageAlt {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        for image in &article.body.images {
            let has_text = image.alt.as_ref().is_some_and(|alt| !alt.trim().is_empty());
            // What a template or an expression puts into a tag is not known.
            let is_unknown = image.form == Form::Html && article.body.is_templated(image.span)
                || is_described_behind(&article.text()[image.span.end as usize..]);
            if has_text || image.decorative || is_unknown {
                continue;
            }
            let (message, help) = match (image.form, &image.alt) {
                (Form::Html, None) => (
                    "the image has no alternative text",
                    "add `alt=\"…\"` with what it shows, or `alt=\"\" role=\"presentation\"` if it is decoration",
                ),
                (Form::Html, Some(_)) => (
                    "the alternative text is empty",
                    "write what the image shows, or add `role=\"presentation\"` if it is decoration",
                ),
                _ => (
                    "the image has no alternative text",
                    "write what it shows between the brackets of \"![…](…)\"",
                ),
            };
            sink.report(image.span, message).help(help);
        }
    }
}

/// Whether an attribute list of kramdown or Goldmark behind an image says what it shows, or that it is decoration.
fn is_described_behind(text: &str) -> bool {
    text.starts_with('{')
        && text.find(['}', '\n', '\r']).is_some_and(|end| {
            ["alt=", "role=", "aria-"].iter().any(|attribute| text[..end].contains(attribute))
        })
}
