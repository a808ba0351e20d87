//! Takes from an article what it tells the corpus.

mod addresses;
mod anchors;
mod links;

use super::Context;
use crate::article::{Article, Role};
use crate::data::Node;
use crate::facts::{Facts, Told, Want, Wants};

pub(crate) use links::is_picture;

/// The facts of an article, as far as they are wanted.
pub(crate) fn gather(article: &Article<'_>, context: &Context<'_>, wants: &Wants) -> Facts {
    let mut facts = Facts { is_draft: context.roles.is_draft(article), ..Facts::default() };
    if wants.has(&Want::Head) {
        head(article, context, &mut facts);
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
    facts.category = text(Role::Category);
    let keywords = context.roles.find(article, Role::Keywords).into_iter();
    let keywords = keywords.flat_map(|place| place.node.items());
    facts.keywords = keywords.filter_map(|item| Some(told(item.as_str()?, item))).collect();
}

fn told(text: &str, node: &Node) -> Told {
    Told { text: text.trim().into(), span: node.span }
}
