//! From the arguments that many commands share to configs that can be asked about files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::args::{Selection, Setup};
use super::plan::absolute;
use crate::config::{Configs, Overrides, Word};
use crate::mistake::Mistake;
use crate::network;
use crate::yaml;

/// The folder that the program was started in.
pub(super) fn working_directory() -> Result<PathBuf, Mistake> {
    std::env::current_dir()
        .map_err(|error| Mistake::new(format!("the working directory cannot be found: {error}")))
}

/// What day it is.
pub(super) fn today(selection: &Selection) -> Date {
    selection.today.unwrap_or_else(|| Zoned::now().date())
}

/// The configs of a run, under what the command line says.
pub(super) fn configs(overrides: Overrides, setup: &Setup, here: &Path) -> Result<Configs, Vec<Mistake>> {
    let forced = setup.config.as_ref().map(|path| absolute(here, path));
    Configs::new(overrides, network::fetch_schema, forced.as_deref())
}

/// What the command line says over every config in a run over articles.
pub(super) fn overrides(selection: &Selection) -> Result<Overrides, Vec<Mistake>> {
    Ok(Overrides { today: Some(today(selection)), ..overrides_of(&selection.setup)? })
}

/// What the command line says over every config.
pub(super) fn overrides_of(setup: &Setup) -> Result<Overrides, Vec<Mistake>> {
    let mut options: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
    for option in &setup.options {
        let (rule, name, value) = split_option(option)?;
        options.entry(rule).or_default().insert(name, value);
    }
    let trimmed = |names: &[String]| names.iter().map(|name| name.trim().to_owned()).collect();
    Ok(Overrides {
        extends: setup.extends.as_deref().map(trimmed),
        only: trimmed(&setup.only),
        skip: trimmed(&setup.skip),
        levels: setup.levels.iter().map(|level| split_level(level)).collect::<Result<_, _>>()?,
        options,
        schema: setup.schema.clone(),
        ..Overrides::default()
    })
}

/// `rule=level`.
fn split_level(level: &str) -> Result<(String, Word), Vec<Mistake>> {
    let Some((rule, word)) = level.split_once('=') else {
        let mistake = Mistake::new(format!("\"{level}\" is no `RULE=LEVEL`"));
        return Err(vec![mistake.with_help(Some("write it as in `--level image-alt=warning`"))]);
    };
    let word = word.trim().parse().map_err(|error| vec![Mistake::new(format!("--level {rule}: {error}"))])?;
    Ok((rule.trim().to_owned(), word))
}

/// `rule.option=value`; the value is read as the config would read it. The name of an option has no dot in it, that of a
/// rule may.
fn split_option(option: &str) -> Result<(String, String, Json), Vec<Mistake>> {
    let wrong = || {
        let message = format!("\"{option}\" is no `RULE.OPTION=VALUE`");
        vec![Mistake::new(message).with_help(Some("write it as in `-o reading-time.tolerance=0`"))]
    };
    let (path, value) = option.split_once('=').ok_or_else(wrong)?;
    let (rule, name) = path.rsplit_once('.').ok_or_else(wrong)?;
    let document = yaml::parse(value, 0);
    match document.problems.first() {
        Some(problem) => Err(vec![Mistake::new(format!("-o {rule}.{name}: {}", problem.message))]),
        None => {
            Ok((rule.to_owned(), name.to_owned(), document.root.map_or(Json::Null, |root| root.to_json())))
        }
    }
}
