//! From a schema document to a [`Schema`], or to all that is wrong with it and with the documents it refers to.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use jsonschema::json::Json;
use jsonschema::{Draft, PatternOptions, Registry, Retrieve, Uri, ValidationOptions, Validator, meta, uri};
use regex::RegexSet;
use serde_json::Value;

use super::explain::Explainer;
use super::keywords::{Mistake, Reference, Seen, walk};
use super::lookup::Lookup;
use super::nearest::nearest;
use super::places::Places;
use super::words::{either, quoted};
use super::{Schema, SchemaError};
use crate::data::Node;
use crate::text::Span;

/// One document of a schema.
struct Document<'a> {
    uri: Uri<String>,
    node: Cow<'a, Node>,
    references: Vec<Reference>,
    patterns: Vec<(String, Span)>,
    mistakes: Vec<Mistake>,
}

/// Whether a schema has to be held against its metaschema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// It is one of ours: a test has judged it, so that no start of the program does.
    Own,
    /// It comes from somebody else.
    Foreign,
}

pub(super) fn compile(
    document: &Node,
    uri: &str,
    origin: Origin,
    retrieve: impl FnMut(&str) -> Result<Node, String>,
) -> Result<Schema, Vec<SchemaError>> {
    let alone = |message: String| {
        vec![SchemaError { uri: uri.to_owned(), span: start(document), message, help: None }]
    };
    let base =
        uri::from_str(uri).map_err(|error| alone(format!("the schema's own address is wrong: {error}")))?;
    let mut documents = load(document, &base, retrieve);
    let root = document.to_json();
    let draft = Draft::default().detect(&root);
    for document in documents.iter_mut().filter(|_| origin == Origin::Foreign) {
        let mistakes = judged(document, &root);
        let known: HashSet<Span> = document.mistakes.iter().map(|mistake| mistake.span).collect();
        document.mistakes.extend(mistakes.into_iter().filter(|mistake| !known.contains(&mistake.span)));
    }
    reject(&mut documents)?;

    let mut builder = Registry::new().draft(draft).retriever(Refuse);
    let mut text = String::new();
    for document in &documents {
        let json = document.node.to_json();
        writeln!(text, "{json}").expect("a String takes all");
        builder = builder
            .add(document.uri.as_str(), json)
            .map_err(|error| alone(format!("the schema cannot be read: {error}")))?;
    }
    let registry = builder.prepare().map_err(|error| alone(format!("the schema cannot be read: {error}")))?;
    for document in &mut documents {
        dangling(document, &registry);
    }
    reject(&mut documents)?;

    let lookup = Lookup::new(registry);
    let validator = build(&root, uri, &lookup).map_err(|error| {
        for Document { patterns, mistakes, .. } in &mut documents {
            mistakes.extend(patterns.iter().filter_map(|(pattern, span)| wrong_pattern(pattern, *span)));
        }
        if let Err(errors) = reject(&mut documents) {
            return errors;
        }
        let mut explainer = Explainer::new(None, Places::new(Some(document), start(document)));
        explainer.explain(&error);
        documents[0].mistakes.extend(explainer.finish().found.into_iter().map(Mistake::from));
        reject(&mut documents).expect_err("the mistake was just added")
    })?;
    let uri = base.as_str().to_owned();
    let (judge, document) = (OnceLock::new(), root);
    let mut schema =
        Schema { validator, judge, document, lookup, text, uri, keys: Vec::new(), key_patterns: None };
    if let Some(root) = schema.root() {
        let keys = schema.lookup.keys(&root).into_iter().map(str::to_owned).collect();
        let patterns = RegexSet::new(schema.lookup.key_patterns(&root)).ok();
        (schema.keys, schema.key_patterns) = (keys, patterns);
    }
    Ok(schema)
}

impl From<super::Violation> for Mistake {
    fn from(violation: super::Violation) -> Self {
        Self { span: violation.span, message: violation.message, help: violation.help }
    }
}

/// Everything that references lead to has been loaded before; a further document is a mistake.
struct Refuse;

impl Retrieve for Refuse {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("{} is not among the documents of the schema", quoted(uri.as_str())).into())
    }
}

/// The document and all that its references lead to, walked.
fn load<'a>(
    root: &'a Node,
    base: &Uri<String>,
    mut retrieve: impl FnMut(&str) -> Result<Node, String>,
) -> Vec<Document<'a>> {
    let mut documents: Vec<Document<'a>> = Vec::new();
    let mut known: HashSet<Uri<String>> = HashSet::from([base.clone()]);
    let mut failed: HashMap<Uri<String>, String> = HashMap::new();
    let mut left: Vec<(Uri<String>, Cow<'a, Node>)> = vec![(base.clone(), Cow::Borrowed(root))];
    while let Some((uri, node)) = left.pop() {
        let Seen { references, patterns, ids, mut mistakes } = walk(&node, &uri);
        known.extend(ids);
        let unreadable = patterns.iter().filter(|(pattern, _)| !is_readable(pattern));
        mistakes.extend(unreadable.filter_map(|(pattern, span)| wrong_pattern(pattern, *span)));
        for Reference { base, text, span } in &references {
            let address = text.split_once('#').map_or(text.as_str(), |(address, _)| address);
            let Ok(target) = uri::resolve_against(&base.borrow(), address) else {
                let message = format!("{} is not an address", quoted(text));
                mistakes.push(Mistake { span: *span, message, help: None });
                continue;
            };
            if address.is_empty()
                || known.contains(&target)
                || target.as_str().contains("//json-schema.org/draft")
            {
                continue;
            }
            if !failed.contains_key(&target) {
                match retrieve(target.as_str()) {
                    Ok(node) => {
                        known.insert(target.clone());
                        left.push((target, Cow::Owned(node)));
                        continue;
                    }
                    Err(reason) => failed.insert(target.clone(), reason),
                };
            }
            let message = format!("{} cannot be loaded: {}", quoted(text), failed[&target]);
            mistakes.push(Mistake { span: *span, message, help: None });
        }
        documents.push(Document { uri, node, references, patterns, mistakes });
    }
    documents
}

/// What the metaschema objects to; a document without `$schema` is of the draft of the root.
fn judged(document: &Document<'_>, root: &Value) -> Vec<Mistake> {
    let mut value = document.node.to_json();
    if let (Value::Object(entries), Some(draft)) = (&mut value, root.get("$schema")) {
        entries.entry("$schema").or_insert_with(|| draft.clone());
    }
    let places = Places::new(Some(&document.node), start(&document.node));
    let draft = value.get("$schema").and_then(Value::as_str);
    let validator = match draft {
        Some(uri) if Draft::default().detect(&value) == Draft::Unknown => {
            let span = places.value(places.at("/$schema"));
            return vec![unknown_draft(uri, span)];
        }
        // The validator wants a text there and says so itself.
        _ => meta::validator_for(&value),
    };
    let Ok(validator) = validator else {
        return Vec::new();
    };
    if validator.is_valid(&value) {
        return Vec::new();
    }
    let mut explainer = Explainer::new(None, places);
    for error in validator.iter_errors(&value) {
        explainer.explain(&error);
    }
    explainer.finish().found.into_iter().map(Mistake::from).collect()
}

const DRAFTS: [&str; 5] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-04/schema#",
];

fn unknown_draft(uri: &str, span: Span) -> Mistake {
    let help = match nearest(uri, DRAFTS) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => format!("known are {}", either(&DRAFTS.map(quoted))),
    };
    Mistake {
        span,
        message: format!("{} is not a draft of JSON Schema that is known here", quoted(uri)),
        help: Some(help),
    }
}

/// Whether a pattern can be read, which is known long before it is compiled: that takes milliseconds for classes of
/// Unicode, and the validator does it anyway.
fn is_readable(pattern: &str) -> bool {
    let unbuilt = regex::RegexBuilder::new(pattern).size_limit(0).build();
    matches!(unbuilt, Ok(_) | Err(regex::Error::CompiledTooBig(_)))
}

fn wrong_pattern(pattern: &str, span: Span) -> Option<Mistake> {
    let schema = serde_json::json!({ "pattern": pattern });
    jsonschema::options().with_pattern_options(PatternOptions::regex()).build(&schema).err()?;
    // The validator does not say why; the engine below it does, on the last line of its message.
    let reason = regex::Regex::new(pattern).err().map(|error| error.to_string());
    let reason =
        reason.as_deref().and_then(|text| text.lines().last()).map(|line| line.trim_start_matches("error: "));
    let message = format!("the pattern {} cannot be used", quoted(pattern));
    Some(Mistake { span, message, help: reason.map(str::to_owned) })
}

/// References whose document is there, while what they point to in it is not.
fn dangling(document: &mut Document<'_>, registry: &Registry<'_>) {
    for Reference { base, text, span } in &document.references {
        let resolver = registry.resolver(base.clone());
        if resolver.lookup(text).is_ok() {
            continue;
        }
        let whole = text.split_once('#').map_or("", |(address, _)| address);
        let names = match resolver.lookup(if whole.is_empty() { "#" } else { whole }) {
            Ok(target) => definitions(target.contents()),
            Err(_) => Vec::new(),
        };
        let local: Vec<&str> = names.iter().map(String::as_str).collect();
        let pointer = text.split_once('#').map_or("", |(_, pointer)| pointer);
        let near = nearest(pointer, local)
            .map(|near| format!("did you mean {}?", quoted(&format!("{whole}#{near}"))));
        let message = format!("{} leads nowhere", quoted(text));
        document.mistakes.push(Mistake { span: *span, message, help: near });
    }
}

/// The pointers of what a document defines for others to use.
fn definitions(schema: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    for keyword in ["$defs", "definitions"] {
        let names = schema.get(keyword).and_then(Value::as_object);
        pointers.extend(names.into_iter().flatten().map(|(name, _)| format!("/{keyword}/{name}")));
    }
    pointers
}

/// Compiles a schema for documents of one kind.
pub(super) fn build<F: Json>(
    root: &Value,
    uri: &str,
    lookup: &Lookup,
) -> Result<Validator<F>, jsonschema::ValidationError<'static>> {
    ValidationOptions::<Arc<dyn Retrieve>, F>::default()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .with_retriever(Refuse)
        .with_registry(lookup.registry())
        .with_base_uri(uri)
        .build(root)
}

/// All mistakes so far, by document and place, if there are any.
fn reject(documents: &mut [Document<'_>]) -> Result<(), Vec<SchemaError>> {
    let mut errors = Vec::new();
    for document in documents {
        let uri = document.uri.as_str().to_owned();
        document.mistakes.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
        errors.extend(document.mistakes.drain(..).map(|Mistake { span, message, help }| SchemaError {
            uri: uri.clone(),
            span,
            message,
            help,
        }));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn start(node: &Node) -> Span {
    Span { start: node.span.start, end: node.span.start }
}
