//! Rules of one's own: folders of rule pages that a config names.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, LazyLock};

use serde_json::Map;

use super::choices::{Statement, Word};
use super::layers::Layer;
use super::origin::Origin;
use super::raw::RawPack;
use crate::article::FrontMatter;
use crate::data::{Entry, Node, Value};
use crate::mistake::Mistake;
use crate::rule::{Implementation, Page};
use crate::rules::{self, Catalog, PAGE_SCHEMA};
use crate::schema::Schema;
use crate::text::{Source, Span};
use crate::yaml;

/// The name that stands for the rules that come with the program.
const RESERVED: &str = "copydesk";

/// Only a config that names a pack waits for this.
static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::own(PAGE_SCHEMA, "https://copydesk.dev/schemas/rule.schema.json"));

/// The packs of a config.
#[derive(Default)]
pub(super) struct Packs {
    /// All their pages.
    pages: Vec<Arc<Page>>,
    known: Vec<Pack>,
    /// Their folders, as they are named and as they are.
    pub(super) folders: Vec<PathBuf>,
}

/// A pack that was read.
struct Pack {
    name: String,
    folder: PathBuf,
    origin: Origin,
}

impl Packs {
    /// Reads the packs that these layers name.
    pub(super) fn read(layers: &[Layer], mistakes: &mut Vec<Mistake>) -> Self {
        let mut packs = Self::default();
        for layer in layers {
            for raw in &layer.raw.packs {
                packs.add(raw, layer, mistakes);
            }
        }
        packs
    }

    /// The rules that come with the program, and those of the packs.
    pub(super) fn catalog(self) -> Cow<'static, Catalog> {
        let built_in = Catalog::built_in();
        if self.pages.is_empty() { Cow::Borrowed(built_in) } else { Cow::Owned(built_in.with(self.pages)) }
    }

    fn add(&mut self, raw: &RawPack, layer: &Layer, mistakes: &mut Vec<Mistake>) {
        let Layer { speaker, folder, .. } = layer;
        let mut refuse = |span: Span, message: String, help: &str| {
            mistakes.push(speaker.mistake(span, message).with_help(Some(help)));
        };
        let path = folder.join(&raw.path.text);
        let Some(canonical) = path.canonicalize().ok().filter(|path| path.is_dir()) else {
            let help = "a pack is a folder with rule pages; its path counts from the file that names it";
            return refuse(raw.path.span, format!("the pack \"{}\" is no folder", raw.path.text), help);
        };
        self.folders.extend([plain(&path), canonical.clone()]);
        let (name, span) = name_of(raw, &canonical);
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        if !name.chars().all(is_plain) || name.is_empty() {
            let help = "give it a name of letters, digits and hyphens: `{path: …, name: house}`";
            return refuse(span, format!("\"{name}\" cannot be the name of a pack"), help);
        }
        if name == RESERVED {
            let help = "name it otherwise: `{path: …, name: house}`";
            return refuse(span, format!("\"{RESERVED}\" stands for the rules of copydesk itself"), help);
        }
        let origin = speaker.origin(span);
        if let Some(other) = self.known.iter().find(|pack| pack.name == name) {
            if other.folder != canonical {
                let message = format!("two packs are called \"{name}\"");
                let help = "give one of them another name: `{path: …, name: house}`";
                mistakes.push(other.origin.mistake(message.clone()).with_help(Some(help)));
                mistakes.push(origin.mistake(message).with_help(Some(help)));
            }
            return;
        }
        let pages = pages(&name, &path, mistakes);
        if pages.is_empty() {
            let message = format!("the pack \"{}\" has no rule page", raw.path.text);
            let help = "a rule page is a Markdown file with front matter";
            mistakes.push(speaker.mistake(raw.path.span, message).with_help(Some(help)));
        }
        self.pages.extend(pages.into_iter().flatten());
        self.known.push(Pack { name, folder: canonical, origin });
    }

    /// To name a pack is to turn its rules on, each at the level of its page.
    pub(super) fn statements(layer: &Layer, catalog: &Catalog) -> Vec<Statement> {
        let statement = |raw: &RawPack| {
            let canonical = layer.folder.join(&raw.path.text).canonicalize().ok()?;
            let (name, span) = name_of(raw, &canonical);
            let origin = layer.speaker.origin(span);
            let rules = catalog.select(&format!("{name}/*")).ok()?;
            let level = Some((Word::Default, origin.clone()));
            Some(Statement { rules, level, options: vec![], fix: None, origin })
        };
        layer.raw.packs.iter().filter_map(statement).collect()
    }
}

/// The path without `.` and `..`, as the paths of files are given.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn name_of(raw: &RawPack, folder: &Path) -> (String, Span) {
    if let Some(name) = &raw.name {
        return (name.text.clone(), name.span);
    }
    (folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), raw.path.span)
}

/// The rules of a pack; `None` for a page with mistakes, which were reported.
fn pages(pack: &str, folder: &Path, mistakes: &mut Vec<Mistake>) -> Vec<Option<Arc<Page>>> {
    let mut files = Vec::new();
    find(folder, &mut Vec::new(), &mut files, mistakes);
    files.sort();
    let mut seen: Vec<(String, Arc<Source>)> = Vec::new();
    let mut pages = Vec::new();
    for path in files {
        let shown = path.to_string_lossy().replace('\\', "/");
        let source = match std::fs::read(&path) {
            Ok(bytes) => Arc::new(Source::new(shown, bytes)),
            Err(error) => {
                mistakes.push(Mistake::new(format!("the rule page \"{shown}\" cannot be read: {error}")));
                pages.push(None);
                continue;
            }
        };
        let id = format!("{pack}/{}", path.file_stem().unwrap_or_default().to_string_lossy());
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == id) {
            let message = format!("two pages are called \"{id}\"");
            let help = "folders within a pack are no part of the name: rename one of the two";
            for place in [other, &source] {
                let mistake = Mistake::at(place, Span::empty(0), message.clone());
                mistakes.push(mistake.with_help(Some(help)));
            }
        }
        pages.push(match page(pack, &id, &source) {
            Ok(page) => Some(Arc::new(page)),
            Err(wrong) => {
                mistakes.extend(wrong);
                None
            }
        });
        seen.push((id, source));
    }
    pages
}

/// The Markdown files of a folder and those in it, but for a README and what is hidden.
fn find(folder: &Path, open: &mut Vec<PathBuf>, files: &mut Vec<PathBuf>, mistakes: &mut Vec<Mistake>) {
    let canonical = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if open.contains(&canonical) {
        return;
    }
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("the folder \"{}\" cannot be read: {error}", folder.display());
            mistakes.push(Mistake::new(message));
            return;
        }
    };
    open.push(canonical);
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            find(&path, open, files, mistakes);
        } else if path.extension().is_some_and(|ending| ending == "md") && name != "readme.md" {
            files.push(path);
        }
    }
    open.pop();
}

/// Reads a page and makes its check once, so that all that is wrong with it is said now.
fn page(pack: &str, id: &str, source: &Arc<Source>) -> Result<Page, Vec<Mistake>> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    if !id.chars().all(is_plain) {
        let mistake = Mistake::at(source, Span::empty(0), format!("\"{id}\" cannot be the name of a rule"));
        return Err(vec![mistake.with_help(Some("rename the file: letters, digits and hyphens"))]);
    }
    if source.damage().is_some() {
        yaml::read(source)?;
    }
    let Some((front_matter, _)) = FrontMatter::find(source.text()) else {
        let mistake = Mistake::at(source, Span::empty(0), "a rule page begins with a front matter");
        let help = "what is no rule page is called README.md, or stands elsewhere";
        return Err(vec![mistake.with_help(Some(help))]);
    };
    let page = Page::parse(pack, id, source, Some(&SCHEMA))?;
    let root = front_matter.root();
    if page.check == Implementation::BuiltIn {
        let span = root.and_then(|root| root.get("check")).map_or(front_matter.opening, |node| node.span);
        let mistake = Mistake::at(source, span, "a rule of a pack cannot be built in");
        return Err(vec![mistake.with_help(Some("write the check as one of the declarative kinds"))]);
    }
    if let Some(options) = root.and_then(|root| root.get("options")) {
        check_options(options, source)?;
    }
    match rules::check_of(&page, &Map::new()) {
        Ok(_) => Ok(page),
        Err(mut mistakes) => {
            for mistake in &mut mistakes {
                mistake.place.get_or_insert_with(|| (Arc::clone(source), front_matter.opening));
            }
            Err(mistakes)
        }
    }
}

/// Whether the options of a page are JSON Schemas that their defaults fit. They are judged together, as a config's are.
fn check_options(options: &Node, source: &Arc<Source>) -> Result<(), Vec<Mistake>> {
    let (mut schemas, mut defaults) = (Vec::new(), Vec::new());
    for option in options.entries() {
        let keys = option.value.entries().iter();
        let words = keys.filter(|entry| entry.key != "source").cloned().collect();
        let value = Node { span: option.value.span, value: Value::Mapping(words) };
        schemas.push(Entry { value, ..option.clone() });
        defaults.extend(
            option.value.get("default").map(|value| Entry { value: value.clone(), ..option.clone() }),
        );
    }
    let mapping = |entries| Node { span: options.span, value: Value::Mapping(entries) };
    let properties = Entry { key: "properties".to_owned(), key_span: options.span, value: mapping(schemas) };
    let refuse = |uri: &str| Err(format!("\"{uri}\" is not read from the page of a rule"));
    let mistakes = match Schema::compile(&mapping(vec![properties]), "https://copydesk.dev/options", refuse) {
        Ok(schema) => {
            Mistake::of_violations(source, schema.violations(Some(&mapping(defaults)), options.span))
        }
        Err(errors) => errors
            .into_iter()
            .map(|error| Mistake::at(source, error.span, error.message).with_help(error.help))
            .collect(),
    };
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}
