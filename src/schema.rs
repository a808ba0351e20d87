//! JSON Schema with places: what is wrong with a document, said in a writer's words, and where.
//!
//! The only door to the `jsonschema` crate. A schema is compiled once and then shared by all threads; a document
//! without mistakes costs one pass over it. The same code judges front matter, the config, rule pages and their
//! options, and, against the metaschemas, the schemas themselves.

mod branches;
mod compile;
mod explain;
mod instance;
mod keywords;
mod lookup;
mod nearest;
mod places;
mod proof;
mod words;

use std::sync::OnceLock;

use jsonschema::Validator;
use regex::RegexSet;
use serde_json::Value;

use crate::data::{self, Node};
use crate::finding::Safety;
use crate::text::Span;
use crate::yaml;

use compile::Origin;
use explain::Explainer;
use instance::{Data, distinct};
use lookup::{Found, Lookup};
use places::Places;

pub use nearest::nearest;

/// A compiled schema.
#[derive(Debug)]
pub struct Schema {
    /// Says whether a document has mistakes, without a copy of it.
    validator: Validator<Data>,
    /// Says which; compiled for the first document that has any. A copy of the document as JSON is made for it once,
    /// where the other would make one for each mistake.
    judge: OnceLock<Validator>,
    document: Value,
    lookup: Lookup,
    /// The documents that it is made of, each as JSON on a line of its own: what [`Schema::text`] gives.
    text: String,
    uri: String,
    /// The keys of the root, as [`Self::keys`] gives them.
    keys: Vec<String>,
    key_patterns: Option<RegexSet>,
}

/// Something that is wrong with a schema, or with one that it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The URI of the document that is wrong.
    pub uri: String,
    /// The bytes in that document.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Something in a document that its schema forbids, or lacks what its schema asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The value; the key, where the key is what is wrong; where something is missing, the key of the mapping that
    /// lacks it, or the beginning of the item, or the anchor of the document.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// A change that would mend it.
    pub suggestion: Option<Suggestion>,
    /// The keyword of the schema that objects, as in `required`.
    pub keyword: &'static str,
    /// The JSON Pointer of the value, or of the mapping whose key is wrong or missing.
    pub pointer: String,
}

/// A change that would mend a violation.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The change.
    pub change: Change,
    /// Whether it keeps the meaning.
    pub safety: Safety,
}

/// A change of a document, before it is an edit of its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Writes the key at the violation's span as this.
    RenameKey {
        /// The right key.
        to: String,
    },
    /// Puts this in the place of the value that the violation's pointer leads to.
    ReplaceValue(Value),
    /// Puts the characters of the value at the violation's span in quotes, as they stand: the number `1.10` becomes
    /// the text `"1.10"`.
    QuoteValue,
    /// Adds this key to the mapping that the violation's pointer leads to. Violations of one mapping come in the order
    /// in which the schema names the keys they lack.
    InsertKey {
        /// The missing key.
        key: String,
        /// Its value.
        value: Value,
        /// The key of the mapping to put it behind: the last of those that the schema names before it. Without one, it
        /// becomes the first.
        after: Option<String>,
        /// How many keys the schema names before it.
        rank: usize,
    },
    /// Takes the item at the violation's span out of the list that the violation's pointer leads to.
    RemoveItem,
}

/// What a document is told.
struct Told {
    found: Vec<Violation>,
    /// What is only worth saying where nothing else is wrong.
    hidden: Vec<Violation>,
}

impl Schema {
    /// Compiles a schema.
    ///
    /// `uri` is where it stands, as in `file:///site/schema.json`. `retrieve` loads the documents that `$ref`s lead
    /// to by their URIs, and decides what may be loaded. All mistakes come at once, sorted by document and place.
    pub fn compile(
        document: &Node,
        uri: &str,
        retrieve: impl FnMut(&str) -> Result<Node, String>,
    ) -> Result<Self, Vec<SchemaError>> {
        compile::compile(document, uri, Origin::Foreign, retrieve)
    }

    /// Compiles a schema that comes with the program and refers to nothing else. It is taken on trust: a test holds it
    /// against its metaschema.
    ///
    /// # Panics
    /// When the schema is wrong, which tests rule out.
    #[must_use]
    pub fn own(text: &str, uri: &str) -> Self {
        let root = yaml::parse(text, 0).root.expect("our schemas are JSON");
        compile::compile(&root, uri, Origin::Own, |uri| Err(format!("\"{uri}\" is not part of the program")))
            .expect("our schemas are schemas")
    }

    /// All documents that it is made of, as JSON: two schemas with one text say the same of every document.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every violation of a document, sorted by place. `root` is `None` where the document is empty, which counts as
    /// an empty mapping; `anchor` is where a key that the root lacks is shown. Suggestions are guesses: those of
    /// [`Self::mendable`] are proved.
    ///
    /// # Panics
    /// Never: the schema was compiled before.
    #[must_use]
    pub fn violations(&self, root: Option<&Node>, anchor: Span) -> Vec<Violation> {
        self.told(root, anchor).found
    }

    /// [`Self::violations`], each with a suggestion only if that makes the violation go and brings no other: the document
    /// as it would be is judged as well. `written` gives the characters at a span; what it does not give is not quoted.
    #[must_use]
    pub fn mendable<'t>(
        &self,
        root: Option<&Node>,
        anchor: Span,
        written: impl Fn(Span) -> Option<&'t str>,
    ) -> Vec<Violation> {
        let mut told = self.told(root, anchor);
        for violation in &mut told.found {
            proof::quote(violation, &written);
        }
        proof::prove(self, (root, anchor), &mut told);
        told.found
    }

    fn told(&self, root: Option<&Node>, anchor: Span) -> Told {
        let root = root.filter(|root| !root.is_null());
        let empty = Node { span: anchor, value: data::Value::Mapping(Vec::new()) };
        let instance = distinct(root.unwrap_or(&empty));
        if self.validator.is_valid(&*instance) {
            return Told { found: Vec::new(), hidden: Vec::new() };
        }
        let instance = instance.to_json();
        let judge = self.judge.get_or_init(|| {
            compile::build(&self.document, &self.uri, &self.lookup).expect("it was compiled before")
        });
        let mut explainer = Explainer::new(Some(&self.lookup), Places::new(root, anchor));
        for error in judge.iter_errors(&instance) {
            explainer.explain(&error);
        }
        explainer.finish()
    }

    /// The keys of the root that the schema does not name, even if it allows any: often they are misspelt. Suggestions
    /// are guesses: see [`Self::harmless`].
    #[must_use]
    pub fn unknown_keys(&self, root: &Node) -> Vec<Violation> {
        if self.keys.is_empty() {
            return Vec::new();
        }
        let mut unknown: Vec<&str> = root.entries().iter().map(|entry| entry.key.as_str()).collect();
        unknown.retain(|key| !self.keys.iter().any(|known| known == key) && !self.matches_pattern(key));
        if unknown.is_empty() {
            return Vec::new();
        }
        let explainer = Explainer::new(Some(&self.lookup), Places::new(Some(root), root.span));
        explainer.unknown(("unknown", ""), &unknown, &self.keys())
    }

    /// Unknown keys of a document, each with a suggestion only if that brings no violation.
    #[must_use]
    pub fn harmless(&self, root: &Node, mut unknown: Vec<Violation>) -> Vec<Violation> {
        proof::harmless(self, (Some(root), root.span), &mut unknown);
        unknown
    }

    /// The keys of the root that the schema names, in its order.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }

    /// The names of the types that the schema allows for the value at a path of keys and indices, as far as it says.
    #[must_use]
    pub fn types(&self, path: &[&str]) -> Vec<&str> {
        self.root().map(|root| self.lookup.types(&root, path)).unwrap_or_default()
    }

    fn matches_pattern(&self, key: &str) -> bool {
        self.key_patterns.as_ref().is_some_and(|patterns| patterns.is_match(key))
    }

    fn root(&self) -> Option<Found<'_>> {
        self.lookup.resolve(&self.uri, "#").ok()
    }
}

#[cfg(test)]
mod tests;
