//! Reads a `taxonomy.yaml`: its shape by the published schema, and then what a schema cannot say of names.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use super::{Category, Taxonomy, above, fold};
use crate::data::{Entry, Node};
use crate::mistake::Mistake;
use crate::schema::{Schema, nearest};
use crate::text::{Source, Span};
use crate::yaml;

/// The JSON Schema of the file.
const SCHEMA: &str = include_str!("../../schemas/taxonomy.schema.json");

/// Only a config that names a taxonomy waits for this.
static COMPILED: LazyLock<Schema> =
    LazyLock::new(|| Schema::own(SCHEMA, "https://copydesk.dev/schemas/taxonomy.schema.json"));

impl Taxonomy {
    /// Reads a file.
    ///
    /// # Errors
    /// All mistakes of syntax and shape; where there are none, all names that stand there twice, unknown tiers and
    /// parents, parents of another tier than the one above, and names that are their own ancestors. Sorted by place.
    pub fn read(source: &Arc<Source>) -> Result<Self, Vec<Mistake>> {
        let root = yaml::read(source)?.filter(|root| !root.is_null());
        let violations = COMPILED.violations(root.as_ref(), Span::empty(0));
        let mut reader = Reader::new(source, Mistake::of_violations(source, violations));
        if let Some(root) = root.as_ref().filter(|_| reader.mistakes.is_empty()) {
            reader.root(root);
        }
        let Reader { taxonomy, mut mistakes, .. } = reader;
        mistakes.sort_by_key(|mistake| mistake.place.as_ref().map(|(_, span)| *span));
        if mistakes.is_empty() { Ok(taxonomy) } else { Err(mistakes) }
    }
}

/// What is read so far. The file has passed the schema: what is not of its type is absent.
struct Reader<'a> {
    source: &'a Arc<Source>,
    taxonomy: Taxonomy,
    /// The places of the names and aliases, by what [`fold`] leaves of them.
    places: HashMap<Box<str>, Span>,
    /// The parents that each category names, by its number, with their places.
    parents: Vec<Vec<(Box<str>, Span)>>,
    mistakes: Vec<Mistake>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>, mistakes: Vec<Mistake>) -> Self {
        let (taxonomy, places, parents) = Default::default();
        Self { source, taxonomy, places, parents, mistakes }
    }

    fn root(&mut self, root: &Node) {
        let tiers = |key: &str| names(root.get(key)).map(|(name, _)| name).collect();
        (self.taxonomy.tiers, self.taxonomy.beside) = (tiers("tiers"), tiers("beside"));
        for (name, span) in names(root.get("beside")) {
            if self.taxonomy.tiers.contains(&name) {
                let message = format!("the tier \"{name}\" cannot stand beside those that it is one of");
                self.wrong(span, message, "take it out of \"tiers\" or of \"beside\"");
            }
        }
        let categories = root.get("categories").map_or(&[][..], Node::entries);
        match self.taxonomy.tiers.as_slice() {
            [] => self.names(categories, None),
            _ => categories.iter().for_each(|entry| self.tier(entry)),
        }
        self.check_parents();
        self.check_circles();
    }

    fn wrong(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.mistakes.push(Mistake::at(self.source, span, message).with_help(Some(help)));
    }

    fn tier(&mut self, entry: &Entry) {
        let Taxonomy { tiers, beside, .. } = &self.taxonomy;
        let known = || tiers.iter().chain(beside).map(AsRef::as_ref);
        if known().any(|tier| tier == entry.key.trim()) {
            return self.names(entry.value.entries(), Some(entry.key.trim()));
        }
        let help = match nearest(&entry.key, known()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("name it in \"tiers\" or \"beside\"; known are {}", listed(known())),
        };
        self.wrong(entry.key_span, format!("\"{}\" is no tier", entry.key), help);
    }

    fn names(&mut self, entries: &[Entry], tier: Option<&str>) {
        for Entry { key, key_span, value } in entries {
            let is_mapping = !value.entries().is_empty();
            let parents = names(if is_mapping { value.get("parents") } else { Some(value) });
            let at = self.taxonomy.categories.len();
            self.taxonomy.categories.push(Category {
                name: key.trim().into(),
                tier: tier.map(Into::into),
                parents: Vec::new(),
                aliases: Vec::new(),
            });
            self.parents.push(parents.collect());
            self.add(key, *key_span, at);
            for (alias, span) in names(value.get("aliases")) {
                if self.add(&alias, span, at) {
                    self.taxonomy.categories[at].aliases.push(alias);
                }
            }
        }
    }

    /// Takes a name or an alias of a category in; `false` where that is known already.
    fn add(&mut self, name: &str, span: Span, at: usize) -> bool {
        let folded = fold(name);
        let Some(first) = self.places.get(&folded) else {
            self.places.insert(folded.clone(), span);
            self.taxonomy.known.insert(folded, at);
            return true;
        };
        let line = self.source.position(first.start).line;
        let other = &self.taxonomy.categories[self.taxonomy.known[&folded]].name;
        let message = format!("\"{}\" stands on line {line} already, for \"{other}\"", name.trim());
        let help = "keep one: spellings that differ in nothing but capitals, spaces, hyphens, punctuation or `&` for \
                    `and` are one name";
        self.wrong(span, message, help);
        false
    }

    fn check_parents(&mut self) {
        for at in 0..self.taxonomy.categories.len() {
            for (parent, span) in std::mem::take(&mut self.parents[at]) {
                match self.wrong_parent(at, &parent) {
                    Some((message, help)) => self.wrong(span, message, help),
                    None => self.taxonomy.categories[at].parents.push(parent),
                }
            }
        }
    }

    /// What is wrong with a parent of a category, and what to do.
    fn wrong_parent(&self, at: usize, parent: &str) -> Option<(String, String)> {
        let taxonomy = &self.taxonomy;
        let Category { name, tier, .. } = &taxonomy.categories[at];
        let found = taxonomy.find(parent);
        let Some(found) = found.filter(|found| *found.name == *parent) else {
            let names = taxonomy.categories.iter().map(|category| &*category.name);
            let near = found.map(|found| &*found.name).or_else(|| nearest(parent, names));
            let help = near.map(|near| format!("did you mean \"{near}\"?"));
            let help = help.unwrap_or_else(|| "write it among the categories, too".to_owned());
            return Some((format!("there is no category \"{parent}\""), help));
        };
        if found.name == *name {
            return Some((format!("\"{name}\" is its own parent"), "take it out".to_owned()));
        }
        let (tier, other) = (tier.as_deref()?, found.tier.as_deref()?);
        match above(&taxonomy.tiers, tier) {
            Some(above) if above == other => None,
            Some(above) => Some((
                format!(
                    "\"{parent}\" is \"{other}\": a parent of \"{name}\", which is \"{tier}\", is \"{above}\""
                ),
                format!("name a category of the tier \"{above}\", or move one of the two"),
            )),
            None => Some((
                format!("a name of the tier \"{tier}\" has no parent"),
                format!(
                    "the tiers are, from the widest to the narrowest, {}",
                    listed(taxonomy.tiers.iter().map(AsRef::as_ref))
                ),
            )),
        }
    }

    /// Without tiers, a name could stand below itself. Each circle is told once, at the first of its names.
    fn check_circles(&mut self) {
        let mut done = HashSet::new();
        for start in 0..self.taxonomy.categories.len() {
            if let Some(circle) = self.circle(start, &mut done) {
                let names = circle.iter().chain(&circle[..1]).map(|at| &*self.taxonomy.categories[*at].name);
                let names = names.collect::<Vec<_>>().join("\" under \"");
                let first = &self.taxonomy.categories[circle[0]].name;
                let span = self.places[&fold(first)];
                self.wrong(
                    span,
                    format!("\"{first}\" stands below itself: \"{names}\""),
                    "take one of these parents out",
                );
            }
        }
    }

    /// A circle of parents that can be reached from a name, if there is one; `done` are the names that were looked at.
    fn circle(&self, start: usize, done: &mut HashSet<usize>) -> Option<Vec<usize>> {
        if !done.insert(start) {
            return None;
        }
        // The names on the way, each with how many of its parents were looked at. No recursion: a chain may be long.
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        let mut on_way = HashSet::from([start]);
        while let Some((at, next)) = way.last_mut() {
            let Some(parent) = self.taxonomy.categories[*at].parents.get(*next) else {
                on_way.remove(at);
                way.pop();
                continue;
            };
            *next += 1;
            let parent = self.taxonomy.known[&fold(parent)];
            if on_way.contains(&parent) {
                return Some(way.iter().map(|(at, _)| *at).skip_while(|at| *at != parent).collect());
            }
            if done.insert(parent) {
                way.push((parent, 0));
                on_way.insert(parent);
            }
        }
        None
    }
}

/// A text, or the texts of a list, with their places.
fn names(node: Option<&Node>) -> impl Iterator<Item = (Box<str>, Span)> + '_ {
    let nodes = node
        .into_iter()
        .flat_map(|node| if node.as_str().is_some() { std::slice::from_ref(node) } else { node.items() });
    nodes.filter_map(|node| Some((node.as_str()?.trim().into(), node.span)))
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
