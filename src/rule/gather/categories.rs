//! The categories of an article, with their tiers and with how their names are written.

use crate::article::{Article, FrontMatter, Role, Roles};
use crate::data::{Node, Value};
use crate::facts::{Facts, Tiered, Told, Written};
use crate::text::Span;

/// Fills in the categories and the one category.
///
/// An item of the list is a name, or a mapping of `name` and, where the site has tiers, `type`. A name may be a number,
/// as in the year of an edition; an empty one is none.
pub(super) fn fill(article: &Article<'_>, roles: &Roles, facts: &mut Facts) {
    if let Some(place) = roles.find(article, Role::Categories) {
        let list = place.node;
        facts.categories = match &list.value {
            Value::Sequence(items) => items.iter().filter_map(|item| category(article, item, list)).collect(),
            _ => tiered(article, list, None, list.span).into_iter().collect(),
        };
    }
    let category = roles.find(article, Role::Category);
    facts.category = category.and_then(|place| tiered(article, place.node, None, place.node.span));
}

fn category(article: &Article<'_>, item: &Node, list: &Node) -> Option<Tiered> {
    match &item.value {
        Value::Mapping(_) => {
            let tier = item.get("type").and_then(Node::as_str).map(str::trim);
            tiered(article, item.get("name")?, tier.filter(|tier| !tier.is_empty()), item.span)
        }
        _ => tiered(article, item, None, list.span),
    }
}

/// A name; `around` are the bytes that it has to stand in, or it was brought in from somewhere else.
fn tiered(article: &Article<'_>, node: &Node, tier: Option<&str>, around: Span) -> Option<Tiered> {
    let text = match &node.value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    if text.is_empty() {
        return None;
    }
    let written = if around.contains(node.span) { written(article, node, &text) } else { Written::Otherwise };
    Some(Tiered { tier: tier.map(Into::into), name: Told { text: text.into(), span: node.span }, written })
}

fn written(article: &Article<'_>, node: &Node, text: &str) -> Written {
    let bytes = &article.text()[node.span.range()];
    let is_sound = article.front_matter.as_ref().is_some_and(FrontMatter::is_sound);
    let is_between = |quote: char| {
        let inside = bytes.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        inside.is_some_and(|inside| !inside.starts_with(quote))
    };
    match bytes.chars().next() {
        _ if !is_sound => Written::Otherwise,
        Some('"') if is_between('"') => Written::Double,
        Some('\'') if is_between('\'') => Written::Single,
        Some(_) if bytes == text && stands_alone(&article.text()[..node.span.start as usize]) => {
            Written::Bare
        }
        _ => Written::Otherwise,
    }
}

/// Whether what stands behind this is neither a block with a header (`|`, `>`), nor has it a tag or an anchor.
fn stands_alone(before: &str) -> bool {
    let before = before.trim_end();
    let is_item = || before.strip_suffix('-').is_some_and(|rest| !rest.ends_with(['|', '>']));
    before.ends_with([':', ',', '[', '{']) || is_item()
}
