//! Every heading says something.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::{Heading, HeadingKind};
use crate::rule::{Check, Context, Sink};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmptyHeading {}

impl Check for EmptyHeading {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        for heading in &article.body.headings {
            let is_seen = |letter: char| !letter.is_whitespace() && !is_zero_width(letter);
            if !heading.text.contains(is_seen) && !may_show(article, heading) {
                sink.report(heading.span, format!("the heading of level {} has no text", heading.level))
                    .help("write what the section is about, or take the heading out");
            }
        }
    }
}

fn is_zero_width(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Whether something without text may be seen in the heading: a template, an image, an element that is an icon or that
/// a script fills.
fn may_show(article: &Article<'_>, heading: &Heading) -> bool {
    let body = &article.body;
    if body.is_templated(heading.span) {
        return true;
    }
    let holds = |span: Span| heading.text_span.contains(span);
    let image = body.images.partition_point(|image| image.span.start < heading.text_span.start);
    let tag = body.html.partition_point(|html| html.span.start < heading.text_span.start);
    let is_comment = |span: Span| article.text()[span.range()].starts_with("<!--");
    body.images.get(image).is_some_and(|image| holds(image.span))
        || body.html[tag..].iter().take_while(|html| holds(html.span)).any(|html| !is_comment(html.span))
        || (heading.kind == HeadingKind::Html && !is_plain(article.text(), heading))
}

/// Whether a heading of HTML holds nothing, and has no attribute by which a script or a component could fill it.
fn is_plain(text: &str, heading: &Heading) -> bool {
    let tag = &text[heading.span.start as usize..heading.text_span.start as usize];
    let names = tag.split_ascii_whitespace().filter_map(|word| word.split_once('=')).map(|(name, _)| name);
    let is_closed = heading.text_span.end < heading.span.end;
    let inside = &text[heading.text_span.range()];
    is_closed
        && !inside.contains('<')
        && names.into_iter().all(|name| matches!(name, "id" | "class" | "style" | "align"))
}
