//! The categories have each tier once and in order, and the main category is the one of the main tier.

use serde::Deserialize;

use crate::article::edit::Editor;
use crate::article::{Article, Role};
use crate::data::{Node, Place};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink};
use crate::schema::nearest;

#[derive(Deserialize)]
#[serde(try_from = "Options")]
pub(crate) struct CategoryTiers(Options);

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Options {
    tiers: Vec<String>,
    main_tier: String,
}

impl TryFrom<Options> for CategoryTiers {
    type Error = String;

    fn try_from(options: Options) -> Result<Self, String> {
        let Options { tiers, main_tier } = &options;
        if tiers.contains(main_tier) {
            Ok(Self(options))
        } else {
            Err(format!("\"main-tier\" is \"{main_tier}\", which is none of the tiers {}", tiers.join(", ")))
        }
    }
}

/// One item of the list that names a tier.
struct Item<'a> {
    tier: &'a str,
    tier_node: &'a Node,
    name: Option<&'a Node>,
    node: &'a Node,
}

impl Check for CategoryTiers {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(categories) = context.roles.find(article, Role::Categories) else { return };
        let items: Vec<Item<'_>> = categories.node.items().iter().filter_map(item).collect();
        // Plain lists of names, as blogs without tiers have them, are not this rule's business.
        if items.is_empty() {
            return;
        }
        let complete = self.check_presence(article, &items, &categories, sink);
        if complete {
            self.check_order(&items, article.text(), sink);
        }
        check_names(&items, sink);
        if let Some((category, node)) = context.roles.text(article, Role::Category) {
            self.check_main(article, &items, (category, node), sink);
        }
    }
}

impl CategoryTiers {
    fn position(&self, item: &Item<'_>) -> Option<usize> {
        self.0.tiers.iter().position(|tier| tier == item.tier)
    }

    /// Each tier once and no other; true where that holds.
    fn check_presence(
        &self,
        article: &Article<'_>,
        items: &[Item<'_>],
        categories: &Place<'_>,
        sink: &mut Sink<'_>,
    ) -> bool {
        let order = || self.0.tiers.join(", ");
        let mut complete = true;
        for (index, item) in items.iter().enumerate() {
            if self.position(item).is_none() {
                let finding = sink.report(item.tier_node.span, format!("\"{}\" is no tier", item.tier));
                finding.help(format!("the tiers are {}", order()));
                // One that stands there already was not meant.
                let free = self.0.tiers.iter().map(String::as_str);
                let free = free.filter(|tier| items.iter().all(|item| item.tier != *tier));
                finding.fix = nearest(item.tier, free).and_then(|tier| write(article, item.tier_node, tier));
                complete = false;
            } else if let Some(first) = items[..index].iter().find(|first| first.tier == item.tier) {
                sink.report(
                    item.tier_node.span,
                    format!("the tier \"{}\" stands here a second time", item.tier),
                )
                .help(format!("each tier stands once: {}", order()))
                .related(first.tier_node.span, "first here");
                complete = false;
            }
        }
        // A misspelt tier is not also a missing one.
        if items.iter().any(|item| self.position(item).is_none()) {
            return false;
        }
        let span = categories.key_span.unwrap_or(categories.node.span);
        for tier in self.0.tiers.iter().filter(|tier| items.iter().all(|item| item.tier != **tier)) {
            sink.report(span, format!("the tier \"{tier}\" is missing"))
                .help(format!("add a category of type \"{tier}\": the tiers are {}", order()));
            complete = false;
        }
        complete
    }

    /// Marks the first item that is not where it belongs; the fix sorts them all.
    fn check_order(&self, items: &[Item<'_>], text: &str, sink: &mut Sink<'_>) {
        let wrong = items.iter().zip(&self.0.tiers).find(|(item, tier)| item.tier != *tier);
        let Some((item, expected)) = wrong else { return };
        let mut sorted: Vec<&Item<'_>> = items.iter().collect();
        sorted.sort_by_key(|item| self.position(item));
        let edits = items
            .iter()
            .zip(sorted)
            .filter(|(old, new)| old.node.span != new.node.span)
            .map(|(old, new)| Edit::replace(old.node.span, &text[new.node.span.range()]));
        sink.report(
            item.node.span,
            format!("the tier \"{}\" stands where \"{expected}\" belongs", item.tier),
        )
        .help(format!("put the tiers in this order: {}", self.0.tiers.join(", ")))
        .fix(Fix::r#unsafe("put the tiers in order", edits));
    }

    fn check_main(
        &self,
        article: &Article<'_>,
        items: &[Item<'_>],
        (category, node): (&str, &Node),
        sink: &mut Sink<'_>,
    ) {
        let main = items.iter().find(|item| item.tier == self.0.main_tier).and_then(|item| item.name);
        let Some((main, name)) = main.and_then(|main| Some((main, main.as_str()?))) else { return };
        if name.trim() != category.trim() {
            let tier = &self.0.main_tier;
            let message = format!("the category is \"{category}\", but the \"{tier}\" tier is \"{name}\"");
            let finding = sink.report(node.span, message);
            finding
                .help(format!("write the same name in both, \"{name}\" or \"{category}\""))
                .related(main.span, format!("the \"{tier}\" tier"));
            if !name.trim().is_empty() {
                finding.fix = write(article, node, name.trim());
            }
        }
    }
}

/// Writes another text in the place of one. Unsafe, since the other may be the one that was meant.
fn write(article: &Article<'_>, node: &Node, text: &str) -> Option<Fix> {
    let edits = Editor::of(article)?.replace(node, &text.into())?;
    Some(Fix::r#unsafe(format!("write \"{text}\""), edits))
}

/// Names are there and differ.
fn check_names(items: &[Item<'_>], sink: &mut Sink<'_>) {
    for (index, item) in items.iter().enumerate() {
        let Some((node, name)) = named(item) else { continue };
        if name.is_empty() {
            sink.report(node.span, format!("the \"{}\" category has no name", item.tier))
                .help("write the name of a category");
        } else if let Some((other, place)) = items[..index].iter().find_map(|first| {
            let (place, known) = named(first)?;
            is_same(known, name).then_some((first.tier, place))
        }) {
            let tier = item.tier;
            let name = node.as_str().unwrap_or_default();
            sink.report(node.span, format!("\"{name}\" is the \"{tier}\" category and the \"{other}\" one"))
                .help("give each tier a category of its own, from the closest fit to the widest")
                .related(place.span, "the same name");
        }
    }
}

/// The name of a category, without white space around it.
fn named<'a>(item: &Item<'a>) -> Option<(&'a Node, &'a str)> {
    Some((item.name?, item.name?.as_str()?.trim()))
}

/// Whether two names differ in nothing but capitals.
fn is_same(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    left.to_lowercase() == right.to_lowercase()
}

fn item(node: &Node) -> Option<Item<'_>> {
    let tier = node.get("type")?;
    Some(Item { tier: tier.as_str()?, tier_node: tier, name: node.get("name"), node })
}
