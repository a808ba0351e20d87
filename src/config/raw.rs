//! The config as it is written: data that fits its schema, each part with its place.

use std::sync::Arc;

use crate::config::Preset;
use crate::data::{Entry, Node};
use crate::mistake::Mistake;
use crate::schema::Schema;
use crate::text::{Source, Span};
use crate::yaml;

/// The JSON Schema of the config file.
pub(super) const SCHEMA: &str = include_str!("../../schemas/config.schema.json");

/// A config before names, globs and schemas are looked up.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) extends: Option<Preset>,
    pub(super) include: Option<Vec<Text>>,
    pub(super) exclude: Vec<Text>,
    pub(super) collections: Vec<RawCollection>,
    pub(super) rules: Vec<Entry>,
    pub(super) remote_schemas: Vec<String>,
}

/// A group of articles.
#[derive(Debug)]
pub(super) struct RawCollection {
    pub(super) name: String,
    pub(super) files: Vec<Text>,
    pub(super) schema: Option<Text>,
    pub(super) roles: Vec<(String, String)>,
}

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Raw {
    /// Reads a config.
    ///
    /// # Errors
    /// All mistakes of syntax or shape.
    pub(super) fn parse(source: &Arc<Source>) -> Result<Self, Vec<Mistake>> {
        let root = yaml::read(source)?;
        let schema = Schema::own(SCHEMA, "https://copydesk.dev/schemas/config.schema.json");
        let mistakes = Mistake::of_violations(source, schema.violations(root.as_ref(), Span::empty(0)));
        if mistakes.is_empty() { Ok(root.as_ref().map(Self::of).unwrap_or_default()) } else { Err(mistakes) }
    }

    /// The root has passed the schema: what is not there or not of its type is absent.
    fn of(root: &Node) -> Self {
        let list = |key: &str| root.get(key).map(texts);
        Self {
            extends: root.get("extends").and_then(Node::as_str).and_then(Preset::named),
            include: list("include"),
            exclude: list("exclude").unwrap_or_default(),
            collections: root
                .get("collections")
                .map_or(&[][..], Node::items)
                .iter()
                .map(collection)
                .collect(),
            rules: root.get("rules").map_or(&[][..], Node::entries).to_vec(),
            remote_schemas: list("remote-schemas")
                .unwrap_or_default()
                .into_iter()
                .map(|text| text.text)
                .collect(),
        }
    }
}

fn collection(node: &Node) -> RawCollection {
    let roles = node.get("roles").map_or(&[][..], Node::entries);
    RawCollection {
        name: node.get("name").and_then(Node::as_str).unwrap_or_default().to_owned(),
        files: node.get("files").map(texts).unwrap_or_default(),
        schema: node.get("schema").and_then(|schema| texts(schema).pop()),
        roles: roles
            .iter()
            .filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned())))
            .collect(),
    }
}

/// A text, or a list of texts.
fn texts(node: &Node) -> Vec<Text> {
    let own = node.as_str().map(|text| Text { text: text.to_owned(), span: node.span });
    let items = node
        .items()
        .iter()
        .filter_map(|item| Some(Text { text: item.as_str()?.to_owned(), span: item.span }));
    own.into_iter().chain(items).collect()
}
