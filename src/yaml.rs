//! YAML (and with it JSON) as a [`Document`]: the only door to the YAML parser.
//!
//! The parser yields events with byte spans; the composer below makes a tree of them. What the events leave to
//! it: the core schema's types, duplicate keys, merge keys, aliases within a budget, and spans a person would
//! draw (an absent value stands behind its colon, a block scalar ends with its last line).

mod explain;
mod forms;
mod outdented;
mod repair;
mod scalar;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub use forms::Form;
use granit_parser::{Event, Parser, ScalarStyle};

use crate::data::{Document, DuplicateKey, Entry, Node, Problem, Value};
use crate::mistake::Mistake;
use crate::text::{Damage, Source, Span, behind_mark, line_start};
use outdented::Outdented;
pub(crate) use scalar::needs_no_quotes;

/// How deep lists and mappings may nest, aliases included. Real front matter stays under ten.
pub const MAX_DEPTH: usize = 128;

/// How many values a document may hold, with each use of an alias counted in full. The largest real front
/// matter has a few hundred; a "billion laughs" text of ten lines would have thousands of millions.
pub const MAX_NODES: usize = 100_000;

/// Parses one document that begins at byte `offset` of its file. Never fails: see [`Document::problems`].
#[must_use]
pub fn parse(text: &str, offset: usize) -> Document {
    Outdented::new(text, offset).parse()
}

/// Reads a file of the set-up, which is data from its first byte to its last, but for a byte-order mark. `None` where it
/// is empty.
///
/// # Errors
/// That it is no text, or all that is wrong with its syntax, double keys included.
pub fn read(source: &Arc<Source>) -> Result<Option<Node>, Vec<Mistake>> {
    if let Some(damage) = source.damage() {
        let at = if let Damage::NotUtf8(at) | Damage::Binary(at) = damage { *at } else { 0 };
        let mistake = Mistake::at(source, Span { start: at, end: at }, "the file is not UTF-8");
        return Err(vec![mistake.with_help(Some("save it as UTF-8"))]);
    }
    let start = behind_mark(source.text());
    let document = parse(&source.text()[start..], start);
    let mistakes = Mistake::of_document(source, &document);
    if mistakes.is_empty() { Ok(document.root) } else { Err(mistakes) }
}

/// How many bytes of text the uses of aliases may bring in together.
pub const MAX_ALIASED_BYTES: usize = 8 << 20;

/// How many keys a mapping of a front matter seldom has.
const FEW: usize = 32;

/// Why composing stopped: the parser's error, or a limit of ours.
enum Stop {
    Scan(granit_parser::ScanError),
    Problem(Problem),
}

/// Composes the events of `text`; `map` brings its offsets to those of the file.
fn compose(text: &str, map: &dyn Fn(usize) -> usize) -> (Document, Option<Stop>) {
    let mut composer = Composer {
        text,
        map,
        document: Document::default(),
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        aliased: 0,
    };
    let stop = composer.run().err();
    (composer.document, stop)
}

struct Composer<'a> {
    text: &'a str,
    map: &'a dyn Fn(usize) -> usize,
    document: Document,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    aliased: usize,
}

/// A list or mapping whose end has not come yet.
struct Open {
    start: usize,
    /// Where the last key or value inside ends.
    last: usize,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, key: Option<Key>, merged: Vec<Node> },
}

/// A key that waits for its value; `end` is its last byte in the parsed text.
struct Key {
    text: String,
    span: Span,
    end: usize,
    is_merge: bool,
}

impl Composer<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        let options = granit_parser::options! { max_buffered_comment_events: 100_000 };
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, span) = event.map_err(Stop::Scan)?;
            let range = span.byte_range().expect("events of a text in memory have byte offsets");
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "a second YAML document begins here";
                        return Err(self.stop(range.start, range.end, message));
                    }
                }
                Event::Comment(..) => {
                    let span = self.span(range.start, range.end);
                    self.document.comments.push(span);
                }
                Event::Scalar(value, style, anchor, tag) => {
                    let tag = tag.as_deref().and_then(|tag| tag.core_suffix().map(str::to_owned));
                    self.scalar(&Scalar { text: &value, style, anchor, tag, range })?;
                }
                Event::SequenceStart(_, anchor, _) => {
                    self.open(range.start, anchor, Content::Sequence(Vec::new()))?;
                }
                Event::MappingStart(_, anchor, _) => {
                    let content = Content::Mapping { entries: Vec::new(), key: None, merged: Vec::new() };
                    self.open(range.start, anchor, content)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(range.end)?,
                Event::Alias(anchor) => self.alias(anchor, range.start, range.end)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new((self.map)(start), (self.map)(end))
    }

    fn stop(&self, start: usize, end: usize, message: &str) -> Stop {
        Stop::Problem(Problem {
            span: self.span(start, end),
            message: message.to_owned(),
            help: None,
            replacement: None,
        })
    }

    fn open(&mut self, start: usize, anchor: usize, content: Content) -> Result<(), Stop> {
        self.count(1, start)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.stop(start, start, &too_deep()));
        }
        self.open.push(Open { start, last: start, anchor, content });
        Ok(())
    }

    fn count(&mut self, nodes: usize, at: usize) -> Result<(), Stop> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            let message = format!("the document holds more than {MAX_NODES} values, aliases counted in full");
            return Err(self.stop(at, at, &message));
        }
        Ok(())
    }

    fn scalar(&mut self, scalar: &Scalar<'_>) -> Result<(), Stop> {
        self.count(1, scalar.range.start)?;
        let is_plain = scalar.style == ScalarStyle::Plain;
        let is_absent = is_plain && scalar.range.is_empty();
        let text = if is_absent { "" } else { scalar.text };
        if !is_absent && self.wants_key() {
            let span = self.span(scalar.range.start, scalar.range.end);
            let is_merge = is_plain && text == "<<";
            self.key(Key { text: text.to_owned(), span, end: scalar.range.end, is_merge });
            return Ok(());
        }
        let (start, end) = self.value_range(scalar, is_absent);
        let value = match scalar.tag.as_deref() {
            Some("str") => Value::String(text.to_owned()),
            Some(_) => scalar::resolve(text),
            None if is_plain => scalar::resolve(text),
            None => Value::String(text.to_owned()),
        };
        let node = Node { span: self.span(start, end), value };
        self.put(node, scalar.anchor, end)
    }

    /// The bytes of a value as a person would mark them.
    fn value_range(&self, scalar: &Scalar<'_>, is_absent: bool) -> (usize, usize) {
        let (start, end) = (scalar.range.start, scalar.range.end);
        match scalar.style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let lines = &self.text[start..end];
                let last = lines.rfind(['\n', '\r']).unwrap_or(lines.len());
                let content = if lines[last..].trim().is_empty() { &lines[..last] } else { lines };
                let content = content.trim_end_matches(['\n', '\r', ' ']);
                let indent = content.len() - content.trim_start_matches(' ').len();
                (start + indent, start + content.len().max(indent))
            }
            _ if is_absent => {
                let behind = self.behind_indicator(start);
                (behind, behind)
            }
            _ => (start, end),
        }
    }

    /// Where an absent value would stand: behind the colon of its key, else where the parser put it.
    fn behind_indicator(&self, at: usize) -> usize {
        let Some(Open { content: Content::Mapping { key: Some(key), .. }, .. }) = self.open.last() else {
            return at;
        };
        let rest = &self.text[key.end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        if rest[blank..].starts_with(':') { key.end + blank + 1 } else { key.end }
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Mapping { key: None, .. }, .. }))
    }

    fn key(&mut self, new: Key) {
        if let Some(Open { content: Content::Mapping { key, .. }, last, .. }) = self.open.last_mut() {
            *last = new.end;
            *key = Some(new);
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), Stop> {
        // An alias inside the value it names has no finished anchor yet: a loop.
        let Some(target) = self.anchors.get(&anchor) else {
            return Err(self.stop(start, end, "the alias stands inside the value that it repeats"));
        };
        let size = Size::of(target);
        let mut node = target.clone();
        if self.open.len() + size.depth > MAX_DEPTH {
            return Err(self.stop(start, end, &too_deep()));
        }
        self.count(size.nodes, start)?;
        self.aliased += size.bytes;
        if self.aliased > MAX_ALIASED_BYTES {
            let message = format!("aliases repeat more than {} MiB of text", MAX_ALIASED_BYTES >> 20);
            return Err(self.stop(start, end, &message));
        }
        node.span = self.span(start, end);
        let is_scalar = !matches!(node.value, Value::Sequence(_) | Value::Mapping(_));
        if self.wants_key() && is_scalar {
            let text = node.as_str().map_or_else(|| node.to_json().to_string(), str::to_owned);
            self.key(Key { text, span: node.span, end, is_merge: false });
            return Ok(());
        }
        self.put(node, 0, end)
    }

    fn close(&mut self, end: usize) -> Result<(), Stop> {
        let Some(Open { start, last, anchor, content }) = self.open.pop() else {
            return Ok(());
        };
        // A block ends where the next thing begins, behind comments and blank lines that are not its own.
        let is_flow = self.text[start..].starts_with(['[', '{']) && self.text[..end].ends_with([']', '}']);
        let end = if is_flow { end } else { last };
        if is_flow {
            self.note_outdented(start, end);
        }
        let span = self.span(start, end);
        let value = match content {
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping { entries, merged, .. } => Value::Mapping(self.merge(entries, merged)),
        };
        self.put(Node { span, value }, anchor, end)
    }

    /// Notes the lines of an outermost flow collection that stand no deeper than its key. YAML 1.2 forbids them, our
    /// parser reads them. A line that closes brackets may stand there: every reader takes it, and formatters write it.
    fn note_outdented(&mut self, start: usize, end: usize) {
        let lines = &self.text[start..end];
        if memchr::memchr2(b'\n', b'\r', lines.as_bytes()).is_none() {
            return;
        }
        let is_flow = |open: &Open| self.text[open.start..].starts_with(['[', '{']);
        let at = match self.open.last() {
            None => return,
            Some(parent) if is_flow(parent) => return,
            Some(Open { content: Content::Mapping { key: Some(key), .. }, .. }) => key.end,
            Some(_) => start,
        };
        let least = margin(self.text, at) + 1;
        let breaks = memchr::memchr2_iter(b'\n', b'\r', lines.as_bytes());
        for at in breaks.map(|at| start + at + 1) {
            let space = outdented::leading(self.text, at);
            let rest = &self.text[(space.end as usize).min(end)..end];
            let line = rest.split(['\n', '\r']).next().unwrap_or_default();
            let is_closing =
                line.trim_end().trim_end_matches(',').chars().all(|letter| matches!(letter, ']' | '}' | ' '));
            if space.len() < least && !is_closing && !line.starts_with('#') {
                self.document.outdented.push(self.span(space.start as usize, space.end as usize));
            }
        }
    }

    /// Brings in what `<<` names. Own keys win; of several merged mappings the first does.
    fn merge(&mut self, mut entries: Vec<Entry>, merged: Vec<Node>) -> Vec<Entry> {
        self.report_duplicates(&entries);
        let mut known: HashSet<String> = HashSet::new();
        if !merged.is_empty() {
            known.extend(entries.iter().map(|entry| entry.key.clone()));
        }
        let mappings = merged.into_iter().flat_map(|node| match node.value {
            Value::Sequence(items) => items,
            _ => vec![node],
        });
        for mapping in mappings {
            if let Value::Mapping(more) = mapping.value {
                entries.extend(more.into_iter().filter(|entry| known.insert(entry.key.clone())));
            }
        }
        entries
    }

    fn report_duplicates(&mut self, entries: &[Entry]) {
        let keys = || entries.iter().map(|entry| entry.key.as_str());
        // To compare few keys with each other is cheaper than to hash them.
        if entries.len() < FEW
            && !keys().enumerate().any(|(at, key)| keys().take(at).any(|known| known == key))
        {
            return;
        }
        let mut first: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
        for Entry { key, key_span, .. } in entries {
            if let Some(first) = first.get(key.as_str()) {
                let key = key.clone();
                self.document.duplicates.push(DuplicateKey { key, span: *key_span, first: *first });
            } else {
                first.insert(key, *key_span);
            }
        }
    }

    /// Puts a finished node in its place; `end` is where it ends in the parsed text.
    fn put(&mut self, node: Node, anchor: usize, end: usize) -> Result<(), Stop> {
        if anchor > 0 {
            self.count(Size::of(&node).nodes, end)?;
            self.anchors.insert(anchor, node.clone());
        }
        if let Some(open) = self.open.last_mut() {
            open.last = end;
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.document.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key, merged }) => match key.take() {
                Some(Key { is_merge: true, .. }) => merged.push(node),
                Some(Key { text, span, .. }) => {
                    entries.push(Entry { key: text, key_span: span, value: node });
                }
                None if node.is_null() => {
                    *key = Some(Key { text: String::new(), span: node.span, end, is_merge: false });
                }
                None => {
                    return Err(Stop::Problem(Problem {
                        span: node.span,
                        message: "a list or mapping stands where a key should be".to_owned(),
                        help: Some(
                            "`{` and `[` begin a mapping or a list: put a text that begins with one in quotes"
                                .to_owned(),
                        ),
                        replacement: repair::template(self.text, end).and_then(|edit| edit.map(self.map)),
                    }));
                }
            },
        }
        Ok(())
    }
}

/// The column of the key, or else of the dash, that the line of the byte at `at` begins with.
#[must_use]
pub fn margin(text: &str, at: usize) -> usize {
    let line = line_start(text, at);
    let (mut column, mut dash) = (0, None);
    for byte in text[line..].bytes() {
        match byte {
            b' ' | b'\t' => {}
            b'-' if text[line + column + 1..].starts_with([' ', '\t']) => dash = Some(column),
            _ => break,
        }
        column += 1;
    }
    // What follows the dash is a key only if `at` lies behind it.
    if line + column < at { column } else { dash.unwrap_or(column) }
}

/// A scalar event, with the tag's name where it is one of YAML's own.
struct Scalar<'a> {
    text: &'a str,
    style: ScalarStyle,
    anchor: usize,
    tag: Option<String>,
    range: std::ops::Range<usize>,
}

fn too_deep() -> String {
    format!("lists and mappings nest deeper than {MAX_DEPTH} levels")
}

/// How much an alias brings in.
struct Size {
    nodes: usize,
    depth: usize,
    bytes: usize,
}

impl Size {
    /// The depth of a composed node is at most [`MAX_DEPTH`], so this recursion is too.
    fn of(node: &Node) -> Self {
        let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
        let keys: usize = node.entries().iter().map(|entry| entry.key.len()).sum();
        let mut size = Self { nodes: 1, depth: 0, bytes: node.as_str().map_or(0, str::len) + keys };
        for child in children {
            let child = Self::of(child);
            size.nodes += child.nodes;
            size.bytes += child.bytes;
            size.depth = size.depth.max(child.depth);
        }
        size.depth += usize::from(matches!(node.value, Value::Sequence(_) | Value::Mapping(_)));
        size
    }
}
