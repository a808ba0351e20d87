//! The schemas that a config names, with what they refer to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use crate::data::Node;
use crate::mistake::Mistake;
use crate::schema::Schema;
use crate::text::Source;
use crate::yaml;

/// The schema that comes with the program.
const ARTICLE: &str = include_str!("../../schemas/article.schema.json");

/// Its name in configs.
pub(super) const ARTICLE_NAME: &str = "article";

/// Loads and compiles `article`, or the file at a path relative to `folder`.
///
/// A schema may refer to files in its folder and below. What lies elsewhere is refused, so that a schema from a
/// stranger cannot read other files of this machine.
///
/// # Errors
/// Why it cannot be read, or all that is wrong with it.
pub(super) fn load(name: &str, folder: &Path) -> Result<Schema, Vec<Mistake>> {
    if name == ARTICLE_NAME {
        let source = Arc::new(Source::new("schemas/article.schema.json", ARTICLE.as_bytes().to_vec()));
        return compile(&source, "https://copydesk.dev/schemas/article.schema.json", &Root(None));
    }
    let path = folder.join(name);
    let canonical = path.canonicalize().map_err(|error| {
        vec![Mistake::new(format!("the schema \"{name}\" cannot be read: {error}")).with_help(Some(format!(
            "write \"{ARTICLE_NAME}\" for the schema that comes with copydesk, or a path relative to {}",
            if folder.as_os_str().is_empty() {
                "this folder".to_owned()
            } else {
                folder.display().to_string()
            }
        )))]
    })?;
    let bytes = std::fs::read(&canonical)
        .map_err(|error| vec![Mistake::new(format!("the schema \"{name}\" cannot be read: {error}"))])?;
    let shown = path.to_string_lossy().replace('\\', "/");
    let uri = Url::from_file_path(&canonical).map_or_else(|()| "file:///schema.json".to_owned(), Url::into);
    let root = Root(canonical.parent().map(Path::to_owned));
    compile(&Arc::new(Source::new(shown, bytes)), &uri, &root)
}

fn compile(source: &Arc<Source>, uri: &str, root: &Root) -> Result<Schema, Vec<Mistake>> {
    let document = parse(source)?;
    Schema::compile(&document, uri, |uri| root.retrieve(uri)).map_err(|errors| {
        errors
            .into_iter()
            .map(|error| {
                let place = if error.uri == uri {
                    Some((Arc::clone(source), error.span))
                } else {
                    root.place(&error.uri, error.span)
                };
                Mistake { message: error.message, help: error.help, place }
            })
            .collect()
    })
}

/// JSON is read by the YAML parser: one tree with places for both.
fn parse(source: &Arc<Source>) -> Result<Node, Vec<Mistake>> {
    let start = source.text().len() - source.text().trim_start_matches('\u{feff}').len();
    let document = yaml::parse(&source.text()[start..], start);
    let mistakes: Vec<Mistake> = document
        .problems
        .iter()
        .map(|problem| {
            Mistake::at(source, problem.span, problem.message.as_str()).with_help(problem.help.as_deref())
        })
        .collect();
    match document.root {
        Some(root) if mistakes.is_empty() => Ok(root),
        None if mistakes.is_empty() => {
            Err(vec![Mistake::at(source, crate::text::Span::empty(0), "the schema is empty")])
        }
        _ => Err(mistakes),
    }
}

/// The folder in which a schema may refer to files; `None` where it may refer to nothing.
struct Root(Option<PathBuf>);

impl Root {
    fn retrieve(&self, uri: &str) -> Result<Node, String> {
        let source = self.read(uri)?;
        parse(&source).map_err(|mistakes| {
            let first = mistakes.first().map(|mistake| mistake.message.clone()).unwrap_or_default();
            format!("\"{}\" is no data: {first}", source.path())
        })
    }

    fn read(&self, uri: &str) -> Result<Arc<Source>, String> {
        let url = Url::parse(uri).map_err(|error| format!("\"{uri}\" is no address: {error}"))?;
        if url.scheme() != "file" {
            return Err(format!(
                "\"{uri}\" is not on this machine, and schemas are not fetched: save it beside the schema"
            ));
        }
        let path = url.to_file_path().map_err(|()| format!("\"{uri}\" is no path"))?;
        let path =
            path.canonicalize().map_err(|error| format!("\"{}\" cannot be read: {error}", path.display()))?;
        if !self.0.as_ref().is_some_and(|root| path.starts_with(root)) {
            return Err(format!("\"{}\" lies outside the folder of the schema", path.display()));
        }
        let bytes = std::fs::read(&path)
            .map_err(|error| format!("\"{}\" cannot be read: {error}", path.display()))?;
        Ok(Arc::new(Source::new(path.to_string_lossy().replace('\\', "/"), bytes)))
    }

    fn place(&self, uri: &str, span: crate::text::Span) -> Option<(Arc<Source>, crate::text::Span)> {
        Some((self.read(uri).ok()?, span))
    }
}
