//! `copydesk files`: what would be checked, and what would not.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::args::{Files, ListFormat};
use super::plan::{Plan, absolute, shown};
use super::setup::{self, working_directory};
use super::{CLEAN, Failure, Terminal};
use crate::config::Configs;
use crate::discover;

/// A file that would be checked.
struct Row {
    path: Arc<str>,
    collections: Vec<Arc<str>>,
    schema: Option<String>,
    config: Option<String>,
}

pub(super) fn run(arguments: &Files, terminal: &Terminal) -> Result<u8, Failure> {
    let here = working_directory()?;
    let mut configs = setup::configs(setup::overrides_of(&arguments.setup)?, &arguments.setup, &here)?;
    let whole = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &whole[..] } else { &arguments.paths };
    let mut plan = Plan::new(&mut configs, here.clone());
    let is_json = arguments.format == ListFormat::Json;
    if arguments.skipped || is_json {
        plan.look(paths)?;
    } else {
        plan.paths(paths)?;
    }
    let (names, mut skipped) = (plan.names(), std::mem::take(&mut plan.left_out));
    if arguments.skipped || is_json {
        let name = |path: PathBuf| shown(&path, &absolute(&here, &path), &here);
        skipped.extend(discover::ignored(paths).into_iter().map(|path| (name(path), discover::IGNORED)));
        skipped.sort();
    }
    let mut out = terminal.stdout();
    if is_json {
        let rows = rows(&names, &mut configs, &here)?;
        let files: Vec<Json> = rows.iter().map(json).collect();
        let skipped: Vec<Json> =
            skipped.iter().map(|(path, reason)| json!({ "path": path.as_ref(), "reason": reason })).collect();
        let all = json!({ "files": files, "skipped": skipped });
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else if arguments.skipped {
        for (path, reason) in &skipped {
            writeln!(out, "{path}: {reason}")?;
        }
    } else if arguments.verbose {
        let rows = rows(&names, &mut configs, &here)?;
        let groups: Vec<String> = rows.iter().map(|row| listed(&row.collections)).collect();
        let width =
            |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
        let path_width = width(&mut rows.iter().map(|row| row.path.as_ref()));
        let group_width = width(&mut groups.iter().map(String::as_str));
        for (row, groups) in rows.iter().zip(&groups) {
            let schema = row.schema.as_deref().unwrap_or("-");
            writeln!(out, "{:path_width$}  {groups:group_width$}  {schema}", row.path)?;
        }
    } else {
        for (name, _) in &names {
            writeln!(out, "{name}")?;
        }
    }
    Ok(CLEAN)
}

fn rows(names: &[(Arc<str>, PathBuf)], configs: &mut Configs, here: &Path) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (path, absolute_path) in names {
        let config = configs.of_file(absolute_path)?;
        let (collections, schema) = config.groups(absolute_path);
        let config = config.source().map(|source| {
            let path = Path::new(source.path().as_ref());
            shown(path, &absolute(here, path), here).to_string()
        });
        rows.push(Row { path: Arc::clone(path), collections, schema, config });
    }
    Ok(rows)
}

fn json(row: &Row) -> Json {
    json!({
        "path": row.path.as_ref(),
        "collections": row.collections.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "schema": row.schema,
        "config": row.config,
    })
}

/// The names with commas, or a dash for none.
fn listed(names: &[Arc<str>]) -> String {
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}
