//! The config as it is written: data that fits its schema, each part with its place.

use std::sync::{Arc, LazyLock};

use super::network::{self, RawNetwork};
use crate::data::{Entry, Node};
use crate::mistake::Mistake;
use crate::schema::Schema;
use crate::text::{Source, Span};
use crate::yaml;

/// The JSON Schema of the config file.
pub(super) const SCHEMA: &str = include_str!("../../schemas/config.schema.json");

/// A run may read many configs; one without any does not compile it.
static COMPILED: LazyLock<Schema> =
    LazyLock::new(|| Schema::own(SCHEMA, "https://copydesk.dev/schemas/config.schema.json"));

/// A config before names, globs and schemas are looked up.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) extends: Vec<Text>,
    pub(super) include: Option<Vec<Text>>,
    pub(super) exclude: Vec<Text>,
    pub(super) collections: Vec<RawCollection>,
    pub(super) packs: Vec<RawPack>,
    pub(super) rules: Vec<Entry>,
    pub(super) remote_schemas: Vec<String>,
    pub(super) network: Option<RawNetwork>,
    /// How the files of the site become addresses.
    pub(super) site: Option<Node>,
    /// The path of the taxonomy.
    pub(super) taxonomy: Option<Text>,
    /// The path of the baseline.
    pub(super) baseline: Option<Text>,
}

/// A group of articles.
#[derive(Debug)]
pub(super) struct RawCollection {
    pub(super) name: Text,
    pub(super) files: Vec<Text>,
    pub(super) exclude: Vec<Text>,
    pub(super) schema: Option<Text>,
    /// The roles with their fields.
    pub(super) roles: Vec<(String, Text)>,
    pub(super) rules: Vec<Entry>,
}

/// A folder of rule pages.
#[derive(Debug)]
pub(super) struct RawPack {
    pub(super) path: Text,
    pub(super) name: Option<Text>,
}

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Raw {
    /// Reads a config. `shown` is the same file as mistakes may show it.
    ///
    /// # Errors
    /// All mistakes of syntax or shape.
    pub(super) fn parse(source: &Arc<Source>, shown: &Arc<Source>) -> Result<Self, Vec<Mistake>> {
        let root = yaml::read(source).map_err(|mut mistakes| {
            for (place, _) in mistakes.iter_mut().filter_map(|mistake| mistake.place.as_mut()) {
                *place = Arc::clone(shown);
            }
            mistakes
        })?;
        let violations = COMPILED.violations(root.as_ref(), Span::empty(0));
        let Some(root) = root.filter(|root| !root.is_null()) else {
            let mistakes = Mistake::of_violations(shown, violations);
            return if mistakes.is_empty() { Ok(Self::default()) } else { Err(mistakes) };
        };
        let (network, mut mistakes) = network::read(&root, shown);
        // Of what both find wrong, the schema would say less, and show the values of headers.
        let span = |mistake: &Mistake| mistake.place.as_ref().map(|(_, span)| *span);
        let known: Vec<Option<Span>> = mistakes.iter().map(span).collect();
        let violations = Mistake::of_violations(shown, violations).into_iter();
        mistakes.extend(violations.filter(|mistake| !known.contains(&span(mistake))));
        mistakes.sort_by_key(span);
        if mistakes.is_empty() { Ok(Self { network, ..Self::of(&root) }) } else { Err(mistakes) }
    }

    /// Reads what comes with the program, which a test has held against the schema.
    pub(super) fn trusted(text: &str) -> Self {
        yaml::parse(text, 0).root.as_ref().map(Self::of).unwrap_or_default()
    }

    /// The root has passed the schema: what is not there or not of its type is absent.
    fn of(root: &Node) -> Self {
        let items = |key: &str| root.get(key).map_or(&[][..], Node::items).iter();
        Self {
            extends: list(root, "extends"),
            include: root.get("include").map(texts),
            exclude: list(root, "exclude"),
            collections: items("collections").filter_map(collection).collect(),
            packs: items("packs").filter_map(pack).collect(),
            rules: entries(root, "rules"),
            remote_schemas: list(root, "remote-schemas").into_iter().map(|text| text.text).collect(),
            network: None,
            site: root.get("site").cloned(),
            taxonomy: root.get("taxonomy").and_then(text),
            baseline: root.get("baseline").and_then(text),
        }
    }
}

fn collection(node: &Node) -> Option<RawCollection> {
    let roles = node.get("roles").map_or(&[][..], Node::entries).iter();
    Some(RawCollection {
        name: text(node.get("name")?)?,
        files: list(node, "files"),
        exclude: list(node, "exclude"),
        schema: node.get("schema").and_then(text),
        roles: roles.filter_map(|entry| Some((entry.key.clone(), text(&entry.value)?))).collect(),
        rules: entries(node, "rules"),
    })
}

fn pack(node: &Node) -> Option<RawPack> {
    match text(node) {
        Some(path) => Some(RawPack { path, name: None }),
        None => Some(RawPack { path: text(node.get("path")?)?, name: node.get("name").and_then(text) }),
    }
}

fn entries(node: &Node, key: &str) -> Vec<Entry> {
    node.get(key).map_or(&[][..], Node::entries).to_vec()
}

fn list(node: &Node, key: &str) -> Vec<Text> {
    node.get(key).map(texts).unwrap_or_default()
}

/// A text, or a list of texts.
fn texts(node: &Node) -> Vec<Text> {
    text(node).into_iter().chain(node.items().iter().filter_map(text)).collect()
}

fn text(node: &Node) -> Option<Text> {
    Some(Text { text: node.as_str()?.to_owned(), span: node.span })
}
