//! One image has one alternative text.

use memchr::{memchr, memchr2};
use serde::Deserialize;

use crate::article::{Article, Role};
use crate::rule::picture::picture;
use crate::rule::repeated::first_of_each;
use crate::rule::{Check, Context, Sink, address, scalar};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ImageReused {}

impl Check for ImageReused {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let body = &article.body;
        let hero = hero(article, context);
        if body.images.len() + usize::from(hero.is_some()) < 2 {
            return;
        }
        let urls = hero.iter().map(|(url, ..)| *url).chain(body.images.iter().map(|image| &*image.url));
        if are_surely_apart(urls) {
            return;
        }
        let images = body.images.iter().filter_map(|image| {
            let (alt, span) = (image.alt.as_deref()?, image.alt_span?);
            let is_known =
                memchr2(b'{', b'<', image.url.as_bytes()).is_none() && !body.is_templated(image.span);
            is_known.then_some((image.url.trim(), alt, span))
        });
        let is_given = |(url, alt, _): &(&str, &str, Span)| !url.is_empty() && !alt.trim().is_empty();
        let images: Vec<_> = hero.into_iter().chain(images).filter(is_given).collect();
        let pictures: Vec<&str> = images.iter().map(|(url, ..)| picture(url)).collect();
        for (first, (_, alt, span)) in first_of_each(&pictures).into_iter().zip(&images) {
            let Some((_, other, place)) = first.map(|first| images[first]) else { continue };
            if !is_same(other, alt) {
                sink.report(*span, "the same image has another alternative text in this article")
                    .related(place, "the first")
                    .help("describe it in the same words, or check that it is the image you meant");
            }
        }
    }
}

/// The address of the hero image and what it shows.
fn hero<'a>(article: &'a Article<'_>, context: &Context<'_>) -> Option<(&'a str, &'a str, Span)> {
    let hero = address::hero(article, context)?;
    let (alt, node) = context.roles.text(article, Role::ImageAlt)?;
    (!scalar::is_template(alt)).then_some((hero.url, alt, node.span))
}

/// A look that costs little, since most articles show each picture once: whether these are few, and no two are the same
/// up to their query.
fn are_surely_apart<'a>(urls: impl Iterator<Item = &'a str>) -> bool {
    const FEW: usize = 16;
    let mut known = [""; FEW];
    for (index, url) in urls.enumerate() {
        let url = url.trim();
        let url = url.strip_prefix("./").unwrap_or(url);
        let path = &url[..memchr(b'?', url.as_bytes()).unwrap_or(url.len())];
        if index == FEW || known[..index].contains(&path) {
            return false;
        }
        known[index] = path;
    }
    true
}

/// Whether two texts have the same words.
fn is_same(left: &str, right: &str) -> bool {
    let words =
        |text| str::split(text, |letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words(left)
        .flat_map(str::chars)
        .flat_map(char::to_lowercase)
        .eq(words(right).flat_map(str::chars).flat_map(char::to_lowercase))
}
