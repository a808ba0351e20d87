//! Takes from an article what it tells the corpus.

mod addresses;
mod anchors;
mod categories;
mod fields;
mod links;
mod sentences;
pub(crate) mod signature;

use super::shared::read_as;
use super::{Context, reading_time, scalar};
use crate::article::{Article, Role};
use crate::data::Node;
use crate::facts::{Facts, Measures, Readings, Told, Want, Wants};

pub(crate) use links::is_picture;

/// The facts of an article, as far as they are wanted.
pub(crate) fn gather(article: &Article<'_>, context: &Context<'_>, wants: &Wants) -> Facts {
    let mut facts = Facts { is_draft: context.roles.is_draft(article), ..Facts::default() };
    if wants.has(&Want::Head) {
        head(article, context, &mut facts);
    }
    if wants.has(&Want::Measures) {
        facts.measures = Some(measures(article, context));
    }
    if wants.has(&Want::Signature) {
        signature::gather(article, &mut facts);
    }
    if wants.has(&Want::Sentences) {
        sentences::gather(article, &mut facts);
    }
    if wants.fields().next().is_some() {
        fields::gather(article, wants, &mut facts);
    }
    if wants.has(&Want::Categories) {
        categories::fill(article, context.roles, &mut facts);
    }
    if wants.has(&Want::Links) {
        links::links(article, context, wants.has(&Want::Mentions), &mut facts);
    }
    if wants.has(&Want::Anchors) {
        anchors::gather(article, context, &mut facts);
    }
    if wants.has(&Want::Addresses) {
        facts.addresses = addresses::of(article, context);
    }
    facts
}

fn head(article: &Article<'_>, context: &Context<'_>, facts: &mut Facts) {
    let text = |role| context.roles.text(article, role).map(|(text, node)| told(text, node));
    facts.title = text(Role::Title);
    facts.slug = text(Role::Slug);
    facts.description = text(Role::Description);
    facts.excerpt = text(Role::Excerpt);
    facts.image = text(Role::Image);
    let reading = |told: &Option<Told>| told.as_ref().and_then(|told| read_as(&told.text));
    facts.readings = Readings {
        title: reading(&facts.title),
        description: reading(&facts.description),
        excerpt: reading(&facts.excerpt),
    };
    facts.keywords = keywords(article, context).into();
}

fn measures(article: &Article<'_>, context: &Context<'_>) -> Measures {
    let words = article.body.words(article.text());
    let place = context.roles.find(article, Role::ReadingTime);
    let minutes = place.and_then(|place| reading_time::stated(article.text(), place.node));
    // Nobody reads so long that it does not fit.
    #[expect(clippy::cast_sign_loss, reason = "what is stated has no sign")]
    let minutes = minutes.map(|(minutes, _)| minutes.ceil() as u32);
    Measures { words: words.visible.saturating_add(words.cjk), minutes }
}

/// Of a list its texts, of a text the pieces between its commas.
fn keywords(article: &Article<'_>, context: &Context<'_>) -> Vec<Told> {
    let Some(place) = context.roles.find(article, Role::Keywords) else { return Vec::new() };
    match place.node.as_str() {
        Some(text) => {
            let pieces = text.split(scalar::is_comma).filter(|piece| !piece.trim().is_empty());
            pieces.map(|piece| told(piece, place.node)).collect()
        }
        None => place.node.items().iter().filter_map(|item| Some(told(item.as_str()?, item))).collect(),
    }
}

fn told(text: &str, node: &Node) -> Told {
    Told { text: text.trim().into(), span: node.span }
}
