//! From what a config says to what is done: layers become choices, choices checks, globs matchers, schemas are compiled.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use globset::GlobSet;
use serde_json::{Map, Value as Json};

use super::choices::{self, Choice};
use super::collections::{Collection, Collections, Globs, Named};
use super::layers::Layer;
use super::network;
use super::origin::{Origin, Speaker};
use super::packs::Packs;
use super::raw::RawCollection;
use super::schemas::{self, Origins};
use super::{BaselineFile, Outside, Verdict, baseline, site, taxonomy};
use crate::article::Roles;
use crate::engine::{ActiveRule, Settings};
use crate::mistake::Mistake;
use crate::rule::Trust;
use crate::rules::Catalog;
use crate::schema::Schema;
use crate::site::Site;
use crate::taxonomy::Taxonomy;
use crate::text::Source;
use crate::web::CACHE_FOLDER;

/// A config that can be asked about files.
pub struct Config {
    pub(super) folder: PathBuf,
    /// The files that it is made of, the first to be laid down first.
    pub(super) sources: Vec<Arc<Source>>,
    /// The paths of all that it is made of, schemas and the folders of packs included.
    inputs: BTreeSet<PathBuf>,
    pub(super) catalog: Cow<'static, Catalog>,
    pub(super) collections: Collections,
    /// What is said of each rule outside of collections, in the order of the catalog.
    base: Vec<Choice>,
    /// What is said in vain.
    notes: Vec<Mistake>,
    /// The schema that the command line sets for every file.
    pub(super) schema: Option<Named>,
    pub(super) network: network::Block,
    pub(super) site: site::Block,
    taxonomy: Option<Arc<Taxonomy>>,
    /// The path of its file, as the config says it.
    pub(super) taxonomy_name: Option<(String, Origin)>,
    baseline: Option<BaselineFile>,
    include: Option<GlobSet>,
    exclude: GlobSet,
    /// The folders of its packs: their pages are no articles, and hold the very texts that they look for.
    pack_folders: Vec<PathBuf>,
    /// The settings of each set of collections that a file was found to belong to.
    compiled: Mutex<HashMap<Vec<u32>, Arc<Settings>>>,
    pub(super) outside: Arc<Outside>,
}

impl Config {
    /// Resolves the layers of a config that stands in `folder`, which globs count from.
    pub(super) fn resolve(
        layers: &[Layer],
        folder: &Path,
        outside: &Arc<Outside>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let packs = Packs::read(layers, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let pack_folders = packs.folders.clone();
        let catalog = packs.catalog();
        let mut notes = Vec::new();
        let mut base = vec![Choice::default(); catalog.pages().len()];
        for layer in layers {
            choices::apply(&Packs::statements(layer, &catalog), &mut base, &catalog);
            let statements = choices::read(&layer.raw.rules, &layer.speaker, &catalog, &mut mistakes);
            notes.extend(choices::vain(&statements, &catalog));
            choices::apply(&statements, &mut base, &catalog);
        }
        let mut loader = Loader::new(layers, folder, outside);
        let schema = outside
            .overrides
            .schema
            .as_ref()
            .map(|name| loader.named(name, Path::new(""), &Origin::CommandLine, &mut mistakes));
        let collections = collections(layers, &catalog, schema.is_none(), &mut loader, &mut mistakes);
        notes.extend(collections.all().iter().flat_map(|one| choices::vain(&one.statements, &catalog)));
        let speaks = |layer: &&Layer| layer.raw.include.is_some();
        let include = layers.iter().rev().find(speaks).map(|layer| {
            let mut include = Globs::default();
            include.add(0, layer.raw.include.as_deref().unwrap_or_default(), &layer.speaker, &mut mistakes);
            include.set(&mut mistakes)
        });
        let mut inputs = loader.files;
        inputs.extend(layers.iter().filter_map(Layer::source).map(|source| PathBuf::from(&**source.path())));
        inputs.extend(pack_folders.iter().cloned());
        inputs.extend(taxonomy::path(layers));
        let site = site::Block::of(layers, &mut mistakes);
        let taxonomy_name = taxonomy::named(layers);
        let is_read = !outside.overrides.ignores_taxonomy;
        let taxonomy = is_read.then(|| taxonomy::read(layers, &mut mistakes)).flatten();
        let network = network::Block::of(layers);
        notes.extend(network.notes());
        let mut exclude = Globs::default();
        for layer in layers {
            exclude.add(0, &layer.raw.exclude, &layer.speaker, &mut mistakes);
        }
        let config = Self {
            folder: folder.to_owned(),
            sources: layers.iter().filter_map(Layer::source).cloned().collect(),
            inputs,
            catalog,
            collections,
            base,
            notes,
            schema,
            network,
            site,
            taxonomy,
            taxonomy_name,
            baseline: baseline::named(layers),
            include,
            exclude: exclude.set(&mut mistakes),
            pack_folders,
            compiled: Mutex::default(),
            outside: Arc::clone(outside),
        };
        mistakes.extend(outside.overrides.wrong_options(&config.catalog));
        config.try_out(&mut mistakes);
        if mistakes.is_empty() { Ok(config) } else { Err(mistakes) }
    }

    /// Makes the checks once for what no collection speaks of and once for each collection, so that options that do not
    /// fit each other are shown whether or not there are files for them. What fits only on top of the collections
    /// before it is let pass: it may never stand alone.
    fn try_out(&self, mistakes: &mut Vec<Mistake>) {
        match self.settings(&[]) {
            Ok(_) => {}
            Err(wrong) => return mistakes.extend(wrong),
        }
        for (at, collection) in (0u32..).zip(self.collections.all()) {
            if collection.statements.is_empty() {
                continue;
            }
            if let Err(wrong) = self.settings(&[at]) {
                let on_top: Vec<u32> = (0..=at).collect();
                if at == 0 || self.settings(&on_top).is_err() {
                    mistakes.extend(wrong);
                }
            }
        }
    }

    /// What is to be done with a file, given by its absolute path.
    ///
    /// # Errors
    /// Options of its collections that do not fit each other.
    pub fn verdict(&self, file: &Path) -> Result<Verdict, Vec<Mistake>> {
        let path = file.strip_prefix(&self.folder).unwrap_or(file);
        if self.excludes(file) {
            return Ok(Verdict::Skip("excluded by the config"));
        }
        if self.pack_folders.iter().any(|folder| file.starts_with(folder)) {
            return Ok(Verdict::Skip("in a pack of rules"));
        }
        if self.include.as_ref().is_some_and(|include| !include.is_match(path)) {
            return Ok(Verdict::Skip("not included by the config"));
        }
        let matching = self.collections.matching(path);
        self.collections.use_up(&matching);
        self.settings(&matching).map(Verdict::Check)
    }

    /// What is to be done with a folder, given by its absolute path: an excluded one takes all below it along.
    ///
    /// # Errors
    /// Options that do not fit each other.
    pub fn verdict_of_folder(&self, folder: &Path) -> Result<Verdict, Vec<Mistake>> {
        if self.excludes(folder) {
            return Ok(Verdict::Skip("excluded by the config"));
        }
        self.settings(&[]).map(Verdict::Check)
    }

    fn excludes(&self, path: &Path) -> bool {
        let path = path.strip_prefix(&self.folder).unwrap_or(path);
        path.ancestors().any(|part| !part.as_os_str().is_empty() && self.exclude.is_match(part))
    }

    /// The folder that the config stands in; empty for the settings without one.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder in which something is kept between runs: the one that its block `network` names, or `.copydesk` beside it;
    /// `None` for the settings without a config.
    #[must_use]
    pub fn cache_folder(&self) -> Option<PathBuf> {
        let named = self.network.policy(None).ok().and_then(|policy| policy.retention.folder);
        let named = named.unwrap_or_else(|| CACHE_FOLDER.into());
        (!self.folder.as_os_str().is_empty()).then(|| self.folder.join(named))
    }

    /// The paths of all that it is made of: itself, what it extends, schemas with what they refer to, folders of packs.
    pub fn inputs(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().map(PathBuf::as_path)
    }

    /// The rules that the config can speak of: those that come with the program, and those of its packs.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// How the files of the site become addresses.
    #[must_use]
    pub fn site(&self) -> &Arc<Site> {
        &self.site.site
    }

    /// The categories that there are, where a file says it.
    #[must_use]
    pub fn taxonomy(&self) -> Option<&Arc<Taxonomy>> {
        self.taxonomy.as_ref()
    }

    /// The file with the findings that are known already, where the config names one.
    #[must_use]
    pub fn baseline(&self) -> Option<&BaselineFile> {
        self.baseline.as_ref()
    }

    /// What the config says in vain, though it is no mistake.
    pub fn notes(&self) -> impl Iterator<Item = &Mistake> {
        self.notes.iter()
    }

    /// The collections that no file asked about belongs to: after a run over a whole site, likely a slip in their globs.
    pub fn idle(&self) -> impl Iterator<Item = &Mistake> {
        self.collections.idle()
    }

    /// What is said of each rule for files of these collections, the command line's word included.
    pub(super) fn choices(&self, collections: &[u32]) -> Vec<Choice> {
        let mut choices = self.base.clone();
        for at in collections {
            let statements = &self.collections.all()[*at as usize].statements;
            choices::apply(statements, &mut choices, &self.catalog);
        }
        self.outside.overrides.apply(&mut choices, &self.catalog);
        choices
    }

    /// The schema of files of these collections.
    pub(super) fn schema_of(&self, collections: &[u32]) -> Option<&Named> {
        let named = |at: &u32| self.collections.all()[*at as usize].schema.as_ref();
        self.schema.as_ref().or_else(|| collections.iter().rev().find_map(named))
    }

    /// The settings of files of these collections, made once for each such set.
    fn settings(&self, collections: &[u32]) -> Result<Arc<Settings>, Vec<Mistake>> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(settings) = compiled.get(collections) {
            return Ok(Arc::clone(settings));
        }
        let mut roles = Roles::default();
        for at in collections {
            for (role, field, _) in &self.collections.all()[*at as usize].roles {
                roles.set(*role, field);
            }
        }
        let choices = self.choices(collections);
        let settings = Arc::new(Settings {
            rules: self.rules(&choices)?,
            said: Some(self.said(&choices).into()),
            roles,
            schema: self.schema_of(collections).and_then(|named| named.schema.clone()),
            today: self.outside.overrides.today,
            known: self.catalog.pages().iter().map(|page| Arc::clone(&page.id)).collect(),
            ignores_suppressions: self.outside.overrides.ignores_suppressions,
            collections: self.names(collections),
            site: Arc::clone(&self.site.site),
            ..Settings::default()
        });
        compiled.insert(collections.to_vec(), Arc::clone(&settings));
        Ok(settings)
    }

    /// The options of the rules that are on, and how far their fixes are trusted, as one text.
    fn said(&self, choices: &[Choice]) -> String {
        let mut said = String::new();
        for (page, choice) in self.catalog.pages().iter().zip(choices) {
            if choice.level.is_some() && (!choice.options.is_empty() || choice.fix != Trust::Default) {
                let options = Json::Object(choice.chosen());
                writeln!(said, "{} {} {options}", page.id, choice.fix.as_str()).expect("a String takes all");
            }
        }
        said
    }

    fn names(&self, collections: &[u32]) -> Arc<[Arc<str>]> {
        collections.iter().map(|at| Arc::clone(&self.collections.all()[*at as usize].name)).collect()
    }

    /// The rules that are on, with their checks.
    fn rules(&self, choices: &[Choice]) -> Result<Vec<ActiveRule>, Vec<Mistake>> {
        let (mut active, mut mistakes) = (Vec::new(), Vec::new());
        let mut checks = self.outside.checks.lock().unwrap_or_else(PoisonError::into_inner);
        for (page, choice) in self.catalog.pages().iter().zip(choices) {
            let Some(level) = choice.level else { continue };
            let options = if choice.options.is_empty() { Map::new() } else { choice.chosen() };
            match checks.get(page, &options) {
                Ok(check) => {
                    let check = choice.fix.over(check);
                    active.push(ActiveRule { page: Arc::clone(page), level, check });
                }
                Err(wrong) => mistakes.extend(wrong.into_iter().map(|mistake| {
                    if mistake.place.is_some() {
                        return mistake;
                    }
                    let message = format!("the options of \"{}\" do not fit: {}", page.id, mistake.message);
                    choice.options_from.mistake(message).with_help(mistake.help)
                })),
            }
        }
        if mistakes.is_empty() { Ok(active) } else { Err(mistakes) }
    }
}

/// All collections of all layers, in order.
fn collections(
    layers: &[Layer],
    catalog: &Catalog,
    wants_schemas: bool,
    loader: &mut Loader,
    mistakes: &mut Vec<Mistake>,
) -> Collections {
    let (mut all, mut files, mut excluded) = (Vec::new(), Globs::default(), Globs::default());
    for layer in layers {
        let Some(source) = layer.source() else { continue };
        let mut names: Vec<&str> = Vec::new();
        for raw in &layer.raw.collections {
            let RawCollection { name, .. } = raw;
            if names.contains(&name.text.as_str()) {
                let message = format!("the collection \"{}\" stands here a second time", name.text);
                let help = "give it another name: reports and `copydesk config` tell them apart by it";
                mistakes.push(Mistake::at(source, name.span, message).with_help(Some(help)));
            }
            names.push(&name.text);
            let speaker = Speaker::Collection(name.text.as_str().into(), Arc::clone(source));
            let at = all.len();
            files.add(at, &raw.files, &speaker, mistakes);
            excluded.add(at, &raw.exclude, &speaker, mistakes);
            let mut collection = Collection::new(&name.text, &speaker, &raw.files);
            collection.statements = choices::read(&raw.rules, &speaker, catalog, mistakes);
            let roles = raw.roles.iter().filter_map(|(role, field)| {
                Some((role.parse().ok()?, field.text.clone(), speaker.origin(field.span)))
            });
            collection.roles = roles.collect();
            collection.schema =
                raw.schema.as_ref().filter(|_| wants_schemas).map(|name| {
                    loader.named(&name.text, &layer.folder, &speaker.origin(name.span), mistakes)
                });
            all.push(collection);
        }
    }
    Collections::new(all, files, excluded, mistakes)
}

/// Compiles schemas, each once.
struct Loader {
    origins: Origins,
    compiled: HashMap<(PathBuf, String), Option<Arc<Schema>>>,
    /// The files that they are made of.
    files: BTreeSet<PathBuf>,
}

impl Loader {
    fn new(layers: &[Layer], folder: &Path, outside: &Outside) -> Self {
        let remote = layers.iter().flat_map(|layer| layer.raw.remote_schemas.clone()).collect();
        let origins =
            Origins { folder: PathBuf::new(), site: folder.to_owned(), remote, fetch: outside.fetch };
        Self { origins, compiled: HashMap::new(), files: BTreeSet::new() }
    }

    fn named(&mut self, name: &str, folder: &Path, origin: &Origin, mistakes: &mut Vec<Mistake>) -> Named {
        let key = (folder.to_owned(), name.to_owned());
        let schema = self.compiled.entry(key).or_insert_with(|| {
            let origins = Origins { folder: folder.to_owned(), ..self.origins.clone() };
            match schemas::load(name, &origins, &mut self.files) {
                Ok(schema) => Some(Arc::new(schema)),
                Err(wrong) => {
                    mistakes.extend(wrong.into_iter().map(|mistake| match mistake.place {
                        Some(_) => mistake,
                        None => origin.mistake(mistake.message).with_help(mistake.help),
                    }));
                    None
                }
            }
        });
        Named { schema: schema.clone(), name: name.to_owned(), origin: origin.clone() }
    }
}
