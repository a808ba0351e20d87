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

/// So many names of a circle of parents are told.
const SHOWN: usize = 8;

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
            let Some(circle) = self.circle(start, &mut done) else { continue };
            let name = |at: &usize| &*self.taxonomy.categories[*at].name;
            let mut way: Vec<&str> = circle.iter().take(SHOWN).map(name).collect();
            way.extend((circle.len() > SHOWN).then_some("…"));
            let first = way[0];
            let message =
                format!("\"{first}\" stands below itself: \"{}\" under \"{first}\"", way.join("\" under \""));
            let span = self.places[&fold(first)];
            self.wrong(span, message, "take one of these parents out");
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Taxonomy, Vec<Mistake>> {
        Taxonomy::read(&Arc::new(Source::new("taxonomy.yaml", text.as_bytes().to_vec())))
    }

    /// The mistakes as `line:column: message`.
    fn wrong(text: &str) -> Vec<String> {
        let Err(mistakes) = read(text) else { panic!("it is read: {text}") };
        let line = |mistake: &Mistake| {
            let (source, span) = mistake.place.as_ref().expect("a mistake in a file has a place");
            let position = source.position(span.start);
            assert!(mistake.help.is_some(), "{mistake:?}");
            format!("{}:{}: {}", position.line, position.column, mistake.message)
        };
        mistakes.iter().map(line).collect()
    }

    #[test]
    fn a_file_is_read() {
        let taxonomy = read(
            "tiers: [general, medium]\nbeside: [exact]\ncategories:\n  general:\n    Building:\n    Crafts: []\n  medium:\n    \
             Doors: Building\n    Wood: [Building, Crafts]\n    Fittings: {parents: Building, aliases: [Hardware]}\n    Stone: {}\n  \
             exact:\n    5g:\n",
        );
        let taxonomy = taxonomy.expect("it is right");
        let tree: Vec<String> = taxonomy
            .categories
            .iter()
            .map(|one| {
                format!("{} {} < {}", one.tier.as_deref().unwrap_or("-"), one.name, one.parents.join(", "))
            })
            .collect();
        let expected = [
            "general Building < ",
            "general Crafts < ",
            "medium Doors < Building",
            "medium Wood < Building, Crafts",
            "medium Fittings < Building",
            "medium Stone < ",
            "exact 5g < ",
        ];
        assert_eq!(tree, expected);
        let found = |name: &str| taxonomy.find(name).map(|one| one.name.to_string());
        assert_eq!(found("hardware"), Some("Fittings".to_owned()));
        assert_eq!(found("5 G"), Some("5g".to_owned()));
        assert_eq!(found("Glass"), None);
        assert_eq!(
            (taxonomy.above("medium"), taxonomy.above("general"), taxonomy.above("exact")),
            (Some("general"), None, None)
        );
        let plain = read("categories:\n  Building:\n  Doors: Building\n  Wood: {aliases: Timber}\n")
            .expect("no tiers");
        assert_eq!(plain.find("timber").map(|one| (&*one.name, one.tier.clone())), Some(("Wood", None)));
        assert_eq!(read("categories:\n").expect("an empty one is one").categories, []);
    }

    #[test]
    fn each_mistake_has_its_place() {
        let tiers = "tiers: [general, medium, niche]\ncategories:\n";
        let cases: &[(&str, &[&str])] = &[
            ("", &["1:1: \"categories\" is missing"]),
            ("categories: [", &["1:13: a \"[\" or \"{\" is opened and not closed"]),
            (
                "categories: [Doors]",
                &["1:13: \"categories\" should be empty or a mapping, but it is a list of 1 item"],
            ),
            (
                "categories:\n  Doors: {parent: Building}\n",
                &["2:11: \"parent\" is not a known key of \"categories.Doors\""],
            ),
            ("categories:\n  Doors:\n  Doors:\n", &["3:3: the key \"Doors\" stands here a second time"]),
            (
                "categories:\n  Doors:\n  doors:\n",
                &["3:3: \"doors\" stands on line 2 already, for \"Doors\""],
            ),
            (
                "categories:\n  Oak & Ash:\n  Ash: {aliases: [oak and ash, ash]}\n",
                &[
                    "3:19: \"oak and ash\" stands on line 2 already, for \"Oak & Ash\"",
                    "3:32: \"ash\" stands on line 3 already, for \"Ash\"",
                ],
            ),
            ("categories:\n  Doors: Bilding\n  Building:\n", &["2:10: there is no category \"Bilding\""]),
            ("categories:\n  Doors: building\n  Building:\n", &["2:10: there is no category \"building\""]),
            ("categories:\n  Doors: Doors\n", &["2:10: \"Doors\" is its own parent"]),
            (
                "categories:\n  Z: A\n  A: B\n  B: [D, C]\n  C: A\n  D:\n",
                &["3:3: \"A\" stands below itself: \"A\" under \"B\" under \"C\" under \"A\""],
            ),
            (&format!("{tiers}  genral:\n    Building:\n"), &["3:3: \"genral\" is no tier"]),
            (
                &format!("{tiers}  niche:\n    Hinges: Building\n  general:\n    Building: Hinges\n"),
                &[
                    "4:13: \"Building\" is \"general\": a parent of \"Hinges\", which is \"niche\", is \"medium\"",
                    "6:15: a name of the tier \"general\" has no parent",
                ],
            ),
            (
                "tiers: [a, b]\nbeside: [b]\ncategories:\n  b:\n    Oak:\n  a:\n    oak:\n",
                &[
                    "2:10: the tier \"b\" cannot stand beside those that it is one of",
                    "7:5: \"oak\" stands on line 5 already, for \"Oak\"",
                ],
            ),
            ("beside: [exact]\ncategories:\n", &["1:1: \"tiers\" is missing, which \"beside\" needs"]),
        ];
        let told: Vec<_> = cases.iter().map(|(text, _)| (text, wrong(text))).collect();
        let expected: Vec<_> = cases
            .iter()
            .map(|(text, expected)| (text, expected.iter().map(ToString::to_string).collect::<Vec<_>>()))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn long_chains_of_parents_are_followed_to_their_end() {
        let chain = (1..20_000).map(|at| format!("  n{at}x: n{}x", at - 1)).collect::<Vec<_>>().join("\n");
        let open = format!("categories:\n  n0x:\n{chain}");
        assert_eq!(read(&open).map(|taxonomy| taxonomy.categories.len()).ok(), Some(20_000));
        let closed = format!("categories:\n  n0x: n19999x\n{chain}");
        let [told] = wrong(&closed).try_into().expect("one circle");
        assert!(told.ends_with("under \"n19993x\" under \"…\" under \"n0x\""), "{told}");
    }
}
