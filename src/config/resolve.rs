//! From what a config says to what is done: levels and options become checks, globs matchers, schemas are compiled.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::{Map, Value as Json};

use super::raw::{Raw, RawCollection, Text};
use super::schemas::{self, Origins};
use super::{Outside, Overrides, Preset, Verdict};
use crate::article::Roles;
use crate::data::{Entry, Node, Value};
use crate::engine::{ActiveRule, Settings};
use crate::finding::Level;
use crate::mistake::Mistake;
use crate::rule::Page;
use crate::rules::{self, Catalog};
use crate::schema::Schema;
use crate::text::{Source, Span};
use crate::yaml;

/// A config that can be asked about files.
pub struct Config {
    folder: PathBuf,
    include: Option<GlobSet>,
    exclude: GlobSet,
    collections: Vec<Collection>,
    rest: Arc<Settings>,
}

/// A group of articles, ready to be asked about files.
struct Collection {
    files: GlobSet,
    settings: Arc<Settings>,
    /// Whether it had a file in this run.
    is_used: AtomicBool,
    /// What to say if it had none.
    idle: Mistake,
}

/// What a config says of a rule's level.
#[derive(Clone, Copy, Debug, Default)]
enum Chosen {
    /// Nothing.
    #[default]
    Unsaid,
    Off,
    On(Level),
}

impl Chosen {
    /// The schema of the config knows no other word than `off` and the levels.
    fn read(word: &str) -> Self {
        word.parse().map_or(Self::Off, Self::On)
    }
}

/// What a config says of one rule.
#[derive(Clone, Debug, Default)]
struct Choice {
    level: Chosen,
    options: Map<String, Json>,
    /// Where it says so.
    span: Option<Span>,
    /// Whether its options do not fit, which was reported.
    is_wrong: bool,
}

impl Config {
    /// Resolves a config that stands in a folder; without one, the defaults under the overrides.
    pub(super) fn resolve(
        raw: &Raw,
        place: Option<(&Path, &Arc<Source>)>,
        outside: &Outside,
    ) -> Result<Self, Vec<Mistake>> {
        let Outside { overrides, fetch } = outside;
        let source = place.map(|(_, source)| source);
        let mut resolver = Resolver { source, mistakes: Vec::new(), overrides };
        let folder = place.map_or(Path::new(""), |(folder, _)| folder);
        let choices = resolver.choices(&raw.rules);
        let preset = overrides.extends.or(raw.extends).unwrap_or_default();
        let rules = resolver.rules(preset, &choices);
        let mut compiled = HashMap::new();
        let origins =
            Origins { folder: folder.to_owned(), remote: raw.remote_schemas.clone(), fetch: *fetch };
        let here = Origins { folder: PathBuf::new(), ..origins.clone() };
        let rest = Settings {
            known: Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect(),
            ignores_suppressions: overrides.ignores_suppressions,
            rules: rules.clone(),
            roles: Roles::default(),
            today: overrides.today,
            schema: overrides
                .schema
                .as_ref()
                .and_then(|name| resolver.schema(name, None, &here, &mut compiled)),
        };
        let mut collections = Vec::new();
        for collection in &raw.collections {
            let schema = match &collection.schema {
                _ if overrides.schema.is_some() => rest.schema.clone(),
                Some(name) => resolver.schema(&name.text, Some(name.span), &origins, &mut compiled),
                None => None,
            };
            let settings = Settings { roles: roles(collection), schema, ..rest.clone() };
            let message = format!("the collection \"{}\" has no files", collection.name);
            let idle = match (resolver.source, collection.files.first()) {
                (Some(source), Some(glob)) => Mistake::at(source, glob.span, message),
                _ => Mistake::new(message),
            };
            let help = "a glob counts from the folder of the config; `posts/**` means all files in `posts` and below";
            collections.push(Collection {
                files: resolver.globs(&collection.files),
                settings: Arc::new(settings),
                is_used: AtomicBool::new(false),
                idle: idle.with_help(Some(help)),
            });
        }
        let config = Self {
            include: raw.include.as_ref().map(|globs| resolver.globs(globs)),
            exclude: resolver.globs(&raw.exclude),
            folder: folder.to_owned(),
            collections,
            rest: Arc::new(rest),
        };
        if resolver.mistakes.is_empty() { Ok(config) } else { Err(resolver.mistakes) }
    }

    /// What is to be done with a file, given by its absolute path.
    #[must_use]
    pub fn verdict(&self, file: &Path) -> Verdict {
        let path = file.strip_prefix(&self.folder).unwrap_or(file);
        if let skip @ Verdict::Skip(_) = self.verdict_of_folder(file) {
            return skip;
        }
        if self.include.as_ref().is_some_and(|include| !include.is_match(path)) {
            return Verdict::Skip("not included by the config");
        }
        let mut matching = self.collections.iter().rev().filter(|collection| collection.files.is_match(path));
        let collection = matching.next();
        for collection in collection.into_iter().chain(matching) {
            collection.is_used.store(true, Ordering::Relaxed);
        }
        Verdict::Check(Arc::clone(collection.map_or(&self.rest, |collection| &collection.settings)))
    }

    /// The folder that the config stands in; empty for the settings without one.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The collections that no file asked about belongs to: after a run over a whole site, likely a slip in their globs.
    pub fn idle(&self) -> impl Iterator<Item = &Mistake> {
        let idle = self.collections.iter().filter(|collection| !collection.is_used.load(Ordering::Relaxed));
        idle.map(|collection| &collection.idle)
    }

    /// What is to be done with a folder, given by its absolute path: an excluded one takes all below it along.
    #[must_use]
    pub fn verdict_of_folder(&self, folder: &Path) -> Verdict {
        let path = folder.strip_prefix(&self.folder).unwrap_or(folder);
        if path.ancestors().any(|part| !part.as_os_str().is_empty() && self.exclude.is_match(part)) {
            return Verdict::Skip("excluded by the config");
        }
        Verdict::Check(Arc::clone(&self.rest))
    }
}

fn roles(collection: &RawCollection) -> Roles {
    let mut roles = Roles::default();
    for (role, field) in &collection.roles {
        if let Ok(role) = role.parse() {
            roles.set(role, field);
        }
    }
    roles
}

/// Collects mistakes on the way.
struct Resolver<'a> {
    source: Option<&'a Arc<Source>>,
    mistakes: Vec<Mistake>,
    overrides: &'a Overrides,
}

impl Resolver<'_> {
    /// A mistake in the config, or without a span one on the command line.
    fn mistake(&mut self, span: impl Into<Option<Span>>, message: impl Into<String>, help: Option<String>) {
        let mistake = match (self.source, span.into()) {
            (Some(source), Some(span)) => Mistake::at(source, span, message),
            _ => Mistake::new(message),
        };
        self.mistakes.push(mistake.with_help(help));
    }

    fn globs(&mut self, globs: &[Text]) -> GlobSet {
        let mut set = GlobSetBuilder::new();
        for Text { text, span } in globs {
            match GlobBuilder::new(text.strip_prefix("./").unwrap_or(text)).literal_separator(true).build() {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => self.mistake(*span, format!("\"{text}\" is no glob: {}", error.kind()), None),
            }
        }
        set.build().unwrap_or_else(|error| {
            let span = globs.first().map(|glob| glob.span);
            self.mistake(span, format!("these globs are too large: {error}"), None);
            GlobSet::empty()
        })
    }

    fn schema(
        &mut self,
        name: &str,
        span: Option<Span>,
        origins: &Origins,
        compiled: &mut HashMap<String, Option<Arc<Schema>>>,
    ) -> Option<Arc<Schema>> {
        if let Some(schema) = compiled.get(name) {
            return schema.clone();
        }
        let schema = match schemas::load(name, origins) {
            Ok(schema) => Some(Arc::new(schema)),
            Err(mistakes) => {
                for mistake in mistakes {
                    match mistake.place {
                        None => self.mistake(span, mistake.message, mistake.help),
                        Some(_) => self.mistakes.push(mistake),
                    }
                }
                None
            }
        };
        compiled.insert(name.to_owned(), schema.clone());
        schema
    }

    /// What the config says of each rule.
    fn choices(&mut self, entries: &[Entry]) -> HashMap<String, Choice> {
        let mut choices = HashMap::new();
        for entry in entries {
            let page = match Catalog::built_in().find(&entry.key) {
                Ok(page) => page,
                Err(mistake) => {
                    self.mistake(entry.key_span, mistake.message, mistake.help);
                    continue;
                }
            };
            let choice = match entry.value.as_str() {
                Some(level) => Choice { level: Chosen::read(level), ..Choice::default() },
                None => self.options(page, entry),
            };
            choices.insert(entry.key.clone(), choice);
        }
        choices
    }

    /// A mapping of level and options.
    fn options(&mut self, page: &Page, entry: &Entry) -> Choice {
        let level = entry.value.get("level").and_then(Node::as_str).map_or(Chosen::Unsaid, Chosen::read);
        let options: Vec<Entry> =
            entry.value.entries().iter().filter(|option| option.key != "level").cloned().collect();
        let node = Node { span: entry.value.span, value: Value::Mapping(options) };
        let violations = options_schema(page).violations(Some(&node), entry.key_span);
        let is_wrong = !violations.is_empty();
        for violation in violations {
            self.mistake(violation.span, violation.message, violation.help);
        }
        let Json::Object(options) = node.to_json() else {
            return Choice { level, is_wrong, ..Choice::default() };
        };
        Choice { level, options, span: Some(entry.key_span), is_wrong }
    }

    /// The rules that are on, with their checks.
    fn rules(&mut self, preset: Preset, choices: &HashMap<String, Choice>) -> Vec<ActiveRule> {
        let mut active = Vec::new();
        for page in Catalog::built_in().pages() {
            let choice = choices.get(page.id.as_ref());
            let Some(level) = self.level(page, preset, choice) else { continue };
            let choice = choice.cloned().unwrap_or_default();
            let mut options = choice.options;
            if let Some(more) = self.overrides.options.get(page.id.as_ref()) {
                options.extend(more.clone());
            }
            match rules::check_of(page, &options) {
                Ok(check) => {
                    active.push(ActiveRule { page: Arc::clone(page), level, check: Arc::from(check) });
                }
                Err(_) if choice.is_wrong => {}
                Err(mistakes) => {
                    for mistake in mistakes {
                        match mistake.place {
                            Some(_) => self.mistakes.push(mistake),
                            None => {
                                let message =
                                    format!("the options of \"{}\" do not fit: {}", page.id, mistake.message);
                                self.mistake(choice.span, message, mistake.help);
                            }
                        }
                    }
                }
            }
        }
        active
    }

    /// The level of a rule: the command line's word, then the config's, then the preset's. A rule that is named with
    /// options and no level is on.
    fn level(&self, page: &Page, preset: Preset, choice: Option<&Choice>) -> Option<Level> {
        let id = page.id.as_ref();
        if self.overrides.skip.iter().any(|skip| skip == id) {
            return None;
        }
        let chosen = match choice {
            Some(Choice { level: Chosen::Off, .. }) => None,
            Some(Choice { level: Chosen::On(level), .. }) => Some(*level),
            Some(Choice { level: Chosen::Unsaid, .. }) => Some(page.level_when_named()),
            None => match preset {
                Preset::Recommended => page.level,
                Preset::All => Some(page.level_when_named()),
                Preset::None => None,
            },
        };
        match self.overrides.only.iter().any(|only| only == id) {
            true => Some(chosen.unwrap_or_else(|| page.level_when_named())),
            false if self.overrides.only.is_empty() => chosen,
            false => None,
        }
    }
}

fn options_schema(page: &Page) -> Schema {
    Schema::own(&page.options_schema().to_string(), "https://copydesk.dev/options")
}

/// Rule names and options of the command line are real.
pub(super) fn check_names(overrides: &Overrides) -> Result<(), Vec<Mistake>> {
    let catalog = Catalog::built_in();
    let mut mistakes = Vec::new();
    let names = overrides.only.iter().chain(&overrides.skip).chain(overrides.options.keys());
    mistakes.extend(names.filter_map(|name| catalog.find(name).err()));
    for (name, options) in &overrides.options {
        let Some(page) = catalog.get(name) else { continue };
        let text = Json::Object(options.clone()).to_string();
        let root = yaml::parse(&text, 0).root;
        for violation in options_schema(page).violations(root.as_ref(), Span::default()) {
            let message = format!("-o {name}: {}", violation.message);
            mistakes.push(Mistake::new(message).with_help(violation.help));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}
