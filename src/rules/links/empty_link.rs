//! A link leads somewhere and has something to click on.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::{Form, Link};
use crate::rule::{Check, Context, Sink};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct EmptyLink {
    allow_hash: bool,
    require_text: bool,
}

/// Attributes by which a program gives an element of HTML its target or its text; each begins with a space.
const SCRIPTED: [&str; 10] = [" on", " @", " :", " v-", " x-", " data-", " role", " id=", " name=", " ng-"];

/// Attributes that stand for the text of an element.
const NAMING: [&str; 4] = [" aria-label", " title", " class", " style"];

impl Check for EmptyLink {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let body = &article.body;
        for link in &body.links {
            let url = link.url.trim();
            if url.len() > 1 && !link.text.is_empty() {
                continue;
            }
            // What a template writes into it is not known, and `[](){#id}` is an anchor.
            let is_anchor = link.text.is_empty() && article.text()[link.span.end as usize..].starts_with('{');
            if is_anchor || body.is_templated(link.span) || is_marked(article.text(), link, &SCRIPTED) {
                continue;
            }
            if url.is_empty() {
                sink.report(link.span, "the link leads nowhere")
                    .help("give it an address, or keep only its text");
            } else if url == "#" && !self.allow_hash && !leads_up(&link.text) {
                sink.report(link.span, "the link leads to \"#\", the top of the page")
                    .help("give it the address that it was meant to have");
            } else if self.require_text && is_blank(article, link) {
                sink.report(link.span, format!("the link to \"{url}\" has no text"))
                    .help("say between the brackets where it leads");
            }
        }
        for image in &body.images {
            let is_there = image.form != Form::Html && image.url_span.is_some();
            if is_there && image.url.trim().is_empty() && !body.is_templated(image.span) {
                sink.report(image.span, "the image has no address").help("give it one, or take it out");
            }
        }
    }
}

/// Whether the opening tag of a link of HTML has one of these attributes.
fn is_marked(text: &str, link: &Link, attributes: &[&str]) -> bool {
    if link.form != Form::Html {
        return false;
    }
    let tag = &text[link.span.start as usize..link.text_span.start as usize];
    let tag = tag.replace(['\n', '\r', '\t'], " ").to_ascii_lowercase();
    tag.contains('{') || attributes.iter().any(|attribute| tag.contains(attribute))
}

/// Whether nothing at all stands in a link: no text, no image, no tag that could become one.
fn is_blank(article: &Article<'_>, link: &Link) -> bool {
    let text = article.text();
    let is_closed = link.form != Form::Html || link.span.end > link.text_span.end;
    link.text.is_empty()
        && text[link.text_span.range()].trim().is_empty()
        && is_closed
        && !is_marked(text, link, &NAMING)
}

/// Whether a text says that the link leads to the top: with an arrow, or in English.
fn leads_up(text: &str) -> bool {
    const ARROWS: [char; 9] = ['↑', '⬆', '▲', '△', '⇑', '⤴', '🔝', '☝', '^'];
    text.contains(ARROWS)
        || text.split(|letter: char| !letter.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("top"))
}
