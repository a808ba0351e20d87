//! A walk over a schema: misspelt keywords, which every validator skips in silence, and what has to be checked
//! before it can be compiled: references, patterns, formats.

use std::collections::HashSet;

use jsonschema::{Uri, uri};

use super::nearest::nearest;
use super::words::{self, quoted};
use crate::data::{Node, Value, pointer_segments};
use crate::text::Span;

/// What the walk over one document saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) references: Vec<Reference>,
    pub(super) patterns: Vec<(String, Span)>,
    /// The URIs that parts of the document give themselves.
    pub(super) ids: Vec<Uri<String>>,
    pub(super) mistakes: Vec<Mistake>,
}

/// A `$ref` and the URI that it starts from.
pub(super) struct Reference {
    pub(super) base: Uri<String>,
    pub(super) text: String,
    pub(super) span: Span,
}

/// Something wrong with a schema document.
pub(super) struct Mistake {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// What the value of a keyword holds.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Schema,
    Schemas,
    SchemaByName,
    Data,
}

/// Every keyword of draft 4 to 2020-12, and those of editors, generators and `OpenAPI`, which mean nothing here.
const KEYWORDS: &[(&str, Holds)] = &[
    ("additionalItems", Holds::Schema),
    ("additionalProperties", Holds::Schema),
    ("contains", Holds::Schema),
    ("contentSchema", Holds::Schema),
    ("else", Holds::Schema),
    ("if", Holds::Schema),
    ("not", Holds::Schema),
    ("propertyNames", Holds::Schema),
    ("then", Holds::Schema),
    ("unevaluatedItems", Holds::Schema),
    ("unevaluatedProperties", Holds::Schema),
    // A schema or, before 2020-12, a list of them.
    ("items", Holds::Schemas),
    ("allOf", Holds::Schemas),
    ("anyOf", Holds::Schemas),
    ("oneOf", Holds::Schemas),
    ("prefixItems", Holds::Schemas),
    ("$defs", Holds::SchemaByName),
    ("definitions", Holds::SchemaByName),
    ("dependencies", Holds::SchemaByName),
    ("dependentSchemas", Holds::SchemaByName),
    ("patternProperties", Holds::SchemaByName),
    ("properties", Holds::SchemaByName),
    ("$anchor", Holds::Data),
    ("$comment", Holds::Data),
    ("$dynamicAnchor", Holds::Data),
    ("$dynamicRef", Holds::Data),
    ("$id", Holds::Data),
    ("$recursiveAnchor", Holds::Data),
    ("$recursiveRef", Holds::Data),
    ("$ref", Holds::Data),
    ("$schema", Holds::Data),
    ("$vocabulary", Holds::Data),
    ("const", Holds::Data),
    ("contentEncoding", Holds::Data),
    ("contentMediaType", Holds::Data),
    ("default", Holds::Data),
    ("dependentRequired", Holds::Data),
    ("deprecated", Holds::Data),
    ("description", Holds::Data),
    ("enum", Holds::Data),
    ("examples", Holds::Data),
    ("exclusiveMaximum", Holds::Data),
    ("exclusiveMinimum", Holds::Data),
    ("format", Holds::Data),
    ("id", Holds::Data),
    ("maxContains", Holds::Data),
    ("maxItems", Holds::Data),
    ("maxLength", Holds::Data),
    ("maxProperties", Holds::Data),
    ("maximum", Holds::Data),
    ("minContains", Holds::Data),
    ("minItems", Holds::Data),
    ("minLength", Holds::Data),
    ("minProperties", Holds::Data),
    ("minimum", Holds::Data),
    ("multipleOf", Holds::Data),
    ("pattern", Holds::Data),
    ("readOnly", Holds::Data),
    ("required", Holds::Data),
    ("title", Holds::Data),
    ("type", Holds::Data),
    ("uniqueItems", Holds::Data),
    ("writeOnly", Holds::Data),
];

/// Keywords of others, some of them a slip away from a keyword that counts.
const FOREIGN: &[&str] = &[
    "allowComments",
    "allowTrailingCommas",
    "base",
    "defaultSnippets",
    "deprecationMessage",
    "discriminator",
    "doNotSuggest",
    "enumDescriptions",
    "enumNames",
    "errorMessage",
    "example",
    "externalDocs",
    "formatMaximum",
    "formatMinimum",
    "javaType",
    "label",
    "links",
    "markdownDescription",
    "markdownEnumDescriptions",
    "media",
    "name",
    "note",
    "notes",
    "nullable",
    "optional",
    "options",
    "order",
    "patternErrorMessage",
    "suggestSortText",
    "tsEnumNames",
    "tsType",
    "units",
    "version",
    "xml",
];

/// Walks a document whose own URI is `base`.
pub(super) fn walk(root: &Node, base: &Uri<String>) -> Seen {
    let mut seen = Seen::default();
    let legacy = root.get("$schema").and_then(Node::as_str).is_some_and(|uri| uri.contains("draft-04"));
    let mut visited = HashSet::new();
    // A stack of our own: the nesting of a document is not ours to limit.
    let mut left = vec![(root, base.clone())];
    while let Some((node, mut base)) = left.pop() {
        if !visited.insert(std::ptr::from_ref(node) as usize) {
            continue;
        }
        let id = node.get(if legacy { "id" } else { "$id" }).and_then(Node::as_str);
        if let Some(id) = id.filter(|id| !id.starts_with('#'))
            && let Ok(mut own) = uri::resolve_against(&base.borrow(), id)
        {
            // Drafts up to 7 like to end in an empty fragment, which is no part of a base.
            own.set_fragment(None);
            seen.ids.push(own.clone());
            base = own;
        }
        for entry in node.entries() {
            let keyword = KEYWORDS.iter().find(|(name, _)| *name == entry.key);
            match keyword {
                Some((name, Holds::Data)) => {
                    if let ("$ref", Some(text)) = (*name, entry.value.as_str()) {
                        let target = local_target(root, text).map(|target| (target, base.clone()));
                        left.extend(target.filter(|_| id.is_none()));
                    }
                    seen.data(name, &entry.value, &base);
                }
                Some((name, holds)) => {
                    if *name == "patternProperties" {
                        let patterns = entry.value.entries().iter();
                        seen.patterns.extend(patterns.map(|entry| (entry.key.clone(), entry.key_span)));
                    }
                    left.extend(inside(&entry.value, *holds).map(|node| (node, base.clone())));
                }
                None => seen.unknown(&entry.key, entry.key_span),
            }
        }
    }
    seen
}

impl Seen {
    fn data(&mut self, keyword: &str, value: &Node, base: &Uri<String>) {
        let Some(text) = value.as_str() else { return };
        match keyword {
            "$ref" => {
                self.references.push(Reference {
                    base: base.clone(),
                    text: text.to_owned(),
                    span: value.span,
                });
            }
            "pattern" => self.patterns.push((text.to_owned(), value.span)),
            "format" if words::format(text).is_none() => {
                if let Some(near) = nearest(text, words::FORMATS.iter().copied()) {
                    let message = format!("{} is not a known format", quoted(text));
                    let help = Some(format!("did you mean {}?", quoted(near)));
                    self.mistakes.push(Mistake { span: value.span, message, help });
                }
            }
            _ => {}
        }
    }

    fn unknown(&mut self, key: &str, span: Span) {
        if key.starts_with("x-") || key.starts_with("$$") || FOREIGN.contains(&key) {
            return;
        }
        let near = nearest(key, KEYWORDS.iter().map(|(name, _)| *name));
        // A mark before the name, as in `_comment` or `//title`, says that it is not meant for validators.
        let marked = !key.starts_with(|c: char| c.is_alphabetic() || c == '$');
        let Some(near) = near.filter(|_| !marked) else { return };
        let message = format!("{} is not a keyword of JSON Schema and would have no effect", quoted(key));
        let help = Some(format!("did you mean {}?", quoted(near)));
        self.mistakes.push(Mistake { span, message, help });
    }
}

fn inside(value: &Node, holds: Holds) -> Box<dyn Iterator<Item = &Node> + '_> {
    match (holds, &value.value) {
        (Holds::SchemaByName, _) => Box::new(value.entries().iter().map(|entry| &entry.value)),
        (Holds::Schemas, Value::Sequence(items)) => Box::new(items.iter()),
        (Holds::Schema | Holds::Schemas, Value::Mapping(_)) => Box::new(std::iter::once(value)),
        _ => Box::new(std::iter::empty()),
    }
}

/// The schema that `#/…` leads to: it may stand under a keyword that is none, as `components` does in `OpenAPI`.
fn local_target<'a>(root: &'a Node, reference: &str) -> Option<&'a Node> {
    let pointer = reference.strip_prefix('#').filter(|pointer| pointer.starts_with('/'))?;
    let segments: Vec<String> = pointer_segments(pointer).collect();
    Some(root.find(segments.iter().map(String::as_str))?.node)
}
