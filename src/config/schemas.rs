//! The schemas that a config names, with what they refer to.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::Fetch;
use crate::data::Node;
use crate::mistake::Mistake;
use crate::schema::Schema;
use crate::text::{Source, Span};
use crate::yaml;

/// The schema that comes with the program.
const ARTICLE: &str = include_str!("../../schemas/article.schema.json");

/// Its name in configs.
const ARTICLE_NAME: &str = "article";

/// Where schemas may come from.
#[derive(Clone, Debug)]
pub(super) struct Origins {
    /// The folder that paths are relative to: that of the file which names the schema.
    pub(super) folder: PathBuf,
    /// The folder of the config that the run found; schemas below it may refer to all that lies there.
    pub(super) site: PathBuf,
    /// The prefixes of addresses that may be fetched.
    pub(super) remote: Vec<String>,
    /// What fetches them.
    pub(super) fetch: Fetch,
}

/// Loads and compiles a schema: `article`, the file at a path, or what an allowed address has.
///
/// A schema may refer to files below the folder of the config (or below its own folder, where it lies elsewhere), and to
/// allowed addresses. The rest is refused, so that a schema from a stranger cannot read other files of this machine.
///
/// The files that it is made of are added to `files`.
///
/// # Errors
/// Why it cannot be read, or all that is wrong with it.
pub(super) fn load(
    name: &str,
    origins: &Origins,
    files: &mut BTreeSet<PathBuf>,
) -> Result<Schema, Vec<Mistake>> {
    if name == ARTICLE_NAME {
        return Ok(Schema::own(ARTICLE, "https://copydesk.dev/schemas/article.schema.json"));
    }
    let mut library = Library { root: None, origins, read: RefCell::default() };
    let refused =
        |reason: String| vec![Mistake::new(format!("the schema \"{name}\" cannot be read: {reason}"))];
    if name.starts_with("https://") || name.starts_with("http://") {
        let source = library.read(name).map_err(refused)?;
        return library.compile(&source, name);
    }
    let path = origins.folder.join(name);
    let canonical = path.canonicalize().map_err(|error| {
        let mistakes = refused(error.to_string());
        let help = format!(
            "write \"{ARTICLE_NAME}\" for the schema that comes with copydesk, or the path of a file; this one is \"{}\"",
            path.display()
        );
        mistakes.into_iter().map(|mistake| mistake.with_help(Some(help.as_str()))).collect::<Vec<_>>()
    })?;
    // Schemas of one site may share definitions; one from elsewhere has only its own folder.
    let sites = [&origins.site, &origins.folder].map(|site| {
        let site = if site.as_os_str().is_empty() { Path::new(".") } else { site };
        site.canonicalize().ok().filter(|site| canonical.starts_with(site))
    });
    library.root = sites.into_iter().flatten().next().or_else(|| canonical.parent().map(Path::to_owned));
    let uri = Url::from_file_path(&canonical).map_err(|()| refused("its path is no address".to_owned()))?;
    let bytes = std::fs::read(&canonical).map_err(|error| refused(error.to_string()))?;
    let source = Arc::new(Source::new(path.to_string_lossy().replace('\\', "/"), bytes));
    let schema = library.compile(&source, uri.as_str());
    let read = library.read.borrow();
    let paths = read.keys().filter_map(|uri| Url::parse(uri).ok()?.to_file_path().ok());
    files.extend(paths.chain([path]));
    schema
}

/// The documents that one schema is made of.
struct Library<'a> {
    /// The folder in which the schema may refer to files; `None` where it may refer to none.
    root: Option<PathBuf>,
    origins: &'a Origins,
    /// What was read, by its URI.
    read: RefCell<HashMap<String, Arc<Source>>>,
}

impl Library<'_> {
    fn compile(&self, source: &Arc<Source>, uri: &str) -> Result<Schema, Vec<Mistake>> {
        self.read.borrow_mut().insert(uri.to_owned(), Arc::clone(source));
        let document = parse(source)?;
        let retrieve = |uri: &str| {
            let source = self.read(uri)?;
            parse(&source).map_err(|mistakes| {
                let first = mistakes.first().map(|mistake| mistake.message.clone()).unwrap_or_default();
                format!("\"{}\" is no data: {first}", source.path())
            })
        };
        Schema::compile(&document, uri, retrieve).map_err(|errors| {
            let read = self.read.borrow();
            let place = |uri: &str, span: Span| read.get(uri).map(|source| (Arc::clone(source), span));
            let mistakes = errors.into_iter().map(|error| Mistake {
                place: place(&error.uri, error.span),
                message: error.message,
                help: error.help,
            });
            mistakes.collect()
        })
    }

    fn read(&self, uri: &str) -> Result<Arc<Source>, String> {
        if let Some(source) = self.read.borrow().get(uri) {
            return Ok(Arc::clone(source));
        }
        let url = Url::parse(uri).map_err(|error| format!("\"{uri}\" is no address: {error}"))?;
        let source = Arc::new(match url.scheme() {
            "file" => self.read_file(&url)?,
            "http" | "https" => self.fetch(&url)?,
            _ => return Err(format!("\"{uri}\" is neither a file nor an address of the web")),
        });
        self.read.borrow_mut().insert(uri.to_owned(), Arc::clone(&source));
        Ok(source)
    }

    fn read_file(&self, url: &Url) -> Result<Source, String> {
        // On Windows the host of a file's address is another machine, which must not be asked.
        if url.host().is_some() {
            return Err(format!("\"{url}\" lies outside the folder of the config"));
        }
        let path = url.to_file_path().map_err(|()| format!("\"{url}\" is no path"))?;
        let unreadable = |error| format!("\"{}\" cannot be read: {error}", path.display());
        let canonical = path.canonicalize().map_err(unreadable)?;
        if !self.root.as_ref().is_some_and(|root| canonical.starts_with(root)) {
            return Err(format!("\"{}\" lies outside the folder of the config", path.display()));
        }
        let bytes = std::fs::read(&canonical).map_err(unreadable)?;
        Ok(Source::new(path.to_string_lossy().replace('\\', "/"), bytes))
    }

    /// The parser of addresses has undone `..` and the like, so a prefix is one.
    fn fetch(&self, url: &Url) -> Result<Source, String> {
        // Both in the form that the parser gives them, so that capital letters of a host make no difference.
        let allows = |prefix: &String| {
            Url::parse(prefix).is_ok_and(|prefix| url.as_str().starts_with(prefix.as_str()))
        };
        if !self.origins.remote.iter().any(allows) {
            return Err(format!(
                "\"{url}\" is not fetched: no address in \"remote-schemas\" of the config allows it"
            ));
        }
        Ok(Source::new(url.as_str(), (self.origins.fetch)(url.as_str())?))
    }
}

/// JSON is read by the YAML parser: one tree with places for both.
fn parse(source: &Arc<Source>) -> Result<Node, Vec<Mistake>> {
    yaml::read(source)?.ok_or_else(|| vec![Mistake::at(source, Span::empty(0), "the schema is empty")])
}
