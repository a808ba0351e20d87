//! The tree of the categories, as text for people and as JSON for programs.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value as Json, json};

use crate::taxonomy::{Category, Census, Taxonomy, Usage};

/// Categories below each other.
pub(super) struct Tree {
    /// From the widest to the narrowest.
    tiers: Vec<Box<str>>,
    beside: Vec<Box<str>>,
    nodes: Vec<Node>,
    /// What articles have and the file lacks, with how many do. Nothing without a file.
    unknown: Vec<(Box<str>, usize)>,
}

struct Node {
    name: Box<str>,
    tier: Option<Box<str>>,
    /// Their numbers.
    parents: Vec<usize>,
    aliases: Vec<Box<str>>,
    /// How many have it, in whatever spelling, or an alias.
    articles: usize,
}

impl Tree {
    /// The tree that a file says.
    pub(super) fn of_file(taxonomy: &Taxonomy, census: &Census) -> Self {
        let categories = &taxonomy.categories;
        let numbers: HashMap<&str, usize> =
            categories.iter().enumerate().map(|(number, category)| (&*category.name, number)).collect();
        let articles = |category: &Category| {
            let names = [&category.name].into_iter().chain(&category.aliases);
            let numbers = names.filter_map(|name| census.find(name));
            numbers.flat_map(|number| &census.usage(number).articles).collect::<HashSet<_>>().len()
        };
        let nodes = categories.iter().map(|category| Node {
            name: category.name.clone(),
            tier: category.tier.clone(),
            parents: category.parents.iter().filter_map(|parent| numbers.get(&**parent).copied()).collect(),
            aliases: category.aliases.clone(),
            articles: articles(category),
        });
        let unknown = census.sorted().into_iter().filter(|(_, usage)| taxonomy.find(&usage.name).is_none());
        Self {
            tiers: taxonomy.tiers.clone(),
            beside: taxonomy.beside.clone(),
            nodes: nodes.collect(),
            unknown: unknown.map(|(_, usage)| (usage.name.clone(), usage.articles.len())).collect(),
        }
    }

    /// The tree that most articles say, in the order of the alphabet.
    pub(super) fn of_articles(census: &Census, tiers: &[Box<str>]) -> Self {
        let names = census.sorted();
        let places: HashMap<usize, usize> =
            names.iter().enumerate().map(|(place, (number, _))| (*number, place)).collect();
        let node = |(_, usage): &(usize, &Usage)| Node {
            name: usage.name.clone(),
            tier: usage.tier.clone(),
            parents: usage.parent.map(|parent| places[&parent]).into_iter().collect(),
            aliases: Vec::new(),
            articles: usage.articles.len(),
        };
        let nodes: Vec<Node> = names.iter().map(node).collect();
        let is_used = |tier: &str| nodes.iter().any(|node| node.tier.as_deref() == Some(tier));
        let tiers: Vec<Box<str>> = tiers.iter().filter(|tier| is_used(tier)).cloned().collect();
        let mut beside: Vec<Box<str>> = nodes.iter().filter_map(|node| node.tier.clone()).collect();
        beside.retain(|tier| !tiers.contains(tier));
        beside.sort_unstable();
        beside.dedup();
        Self { tiers, beside, nodes, unknown: Vec::new() }
    }

    /// Each name with its count, below its parents, under the tier that its line begins at. What stands below several is
    /// spread out once.
    pub(super) fn text(&self) -> String {
        let mut children: Vec<Vec<usize>> = self.nodes.iter().map(|_| Vec::new()).collect();
        for (number, node) in self.nodes.iter().enumerate() {
            node.parents.iter().for_each(|parent| children[*parent].push(number));
        }
        let mut groups: Vec<(Option<&str>, String)> = Vec::new();
        let widest = self.tiers.first();
        for tier in self.tiers.iter().chain(&self.beside) {
            let is_below = self.tiers.contains(tier) && Some(tier) != widest;
            groups.push((Some(tier), format!("{tier}{}", if is_below { ", without a parent" } else { "" })));
        }
        let title = if groups.is_empty() { "categories" } else { "without a tier" };
        groups.push((None, title.to_owned()));
        let (mut lines, mut seen): (Vec<String>, _) = (Vec::new(), HashSet::new());
        for (tier, title) in groups {
            let is_root = |node: &Node| node.parents.is_empty() && node.tier.as_deref() == tier;
            let roots = (0..self.nodes.len()).rev().filter(|number| is_root(&self.nodes[*number]));
            let mut open: Vec<(usize, usize)> = roots.map(|number| (1, number)).collect();
            lines.extend((!open.is_empty()).then_some(title));
            while let Some((depth, number)) = open.pop() {
                let Node { name, articles, .. } = &self.nodes[number];
                let is_first = seen.insert(number);
                let above = if is_first || children[number].is_empty() { "" } else { ", see above" };
                lines.push(format!("{}{name} ({articles}{above})", "  ".repeat(depth)));
                let below = children[number].iter().rev().filter(|_| is_first);
                open.extend(below.map(|child| (depth + 1, *child)));
            }
        }
        lines.extend((!self.unknown.is_empty()).then(|| "not in the taxonomy".to_owned()));
        lines.extend(self.unknown.iter().map(|(name, articles)| format!("  {name} ({articles})")));
        lines.iter().flat_map(|line| [line, "\n"]).collect()
    }

    pub(super) fn json(&self, file: Option<&str>, articles: usize, census: &Census) -> Json {
        let unknown = self.unknown.iter().map(|(name, articles)| {
            let mut entry =
                Map::from_iter([("name".to_owned(), json!(name)), ("articles".to_owned(), json!(articles))]);
            entry.extend(used(name, census));
            Json::Object(entry)
        });
        json!({
            "file": file,
            "articles": articles,
            "tiers": self.tiers,
            "beside": self.beside,
            "categories": self.nodes.iter().map(|node| self.node(node, census)).collect::<Vec<_>>(),
            "unknown": unknown.collect::<Vec<_>>(),
        })
    }

    fn node(&self, node: &Node, census: &Census) -> Json {
        let parents: Vec<&str> = node.parents.iter().map(|parent| &*self.nodes[*parent].name).collect();
        let mut entry = Map::from_iter([
            ("name".to_owned(), json!(node.name)),
            ("tier".to_owned(), json!(node.tier)),
            ("parents".to_owned(), json!(parents)),
            ("aliases".to_owned(), json!(node.aliases)),
            ("articles".to_owned(), json!(node.articles)),
        ]);
        entry.extend(used(&node.name, census));
        Json::Object(entry)
    }
}

/// All that articles say of a name: its spellings, its tiers, and its parents at each.
fn used(name: &str, census: &Census) -> Map<String, Json> {
    let nothing = Usage::default();
    let usage = census.find(name).map_or(&nothing, |number| census.usage(number));
    let counts = |counted: &BTreeMap<Box<str>, Vec<usize>>| -> Map<String, Json> {
        counted.iter().map(|(what, articles)| (what.to_string(), articles.len().into())).collect()
    };
    let mut under: Vec<(&str, &str, usize)> = usage
        .parents
        .iter()
        .map(|((tier, parent), articles)| (&**tier, &*census.usage(*parent).name, articles.len()))
        .collect();
    under.sort_unstable();
    let under = under
        .into_iter()
        .map(|(tier, parent, articles)| json!({ "tier": tier, "parent": parent, "articles": articles }));
    Map::from_iter([
        ("spellings".to_owned(), Json::Object(counts(&usage.spellings))),
        ("tiers".to_owned(), Json::Object(counts(&usage.tiers))),
        ("under".to_owned(), under.collect()),
    ])
}
