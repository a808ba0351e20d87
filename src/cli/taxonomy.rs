//! `copydesk taxonomy`: writes down the categories that articles use, and prints the tree of them.

mod tree;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::args::{ListFormat, Setup, Taxonomy as Command};
use super::plan::{Plan, absolute, shown};
use super::setup::{self, working_directory};
use super::{CLEAN, Failure, Terminal};
use crate::config::Configs;
use crate::engine::{self, Settings};
use crate::facts::{Facts, Want, Wants};
use crate::mistake::Mistake;
use crate::taxonomy::{Census, Taxonomy, draft};
use crate::write;

use tree::Tree;

/// The rule whose options say which tiers stand below each other.
const RULE: &str = "category-conflict";

pub(super) fn run(command: &Command, terminal: &Terminal) -> Result<u8, Failure> {
    match command {
        Command::Infer { paths, setup, output, force } => {
            infer((paths, setup), output.as_deref(), *force, terminal)
        }
        Command::Show { paths, setup, format } => show((paths, setup), *format, terminal),
    }
}

/// Which articles, and with which config.
type Asked<'a> = (&'a [PathBuf], &'a Setup);

fn infer(asked: Asked<'_>, output: Option<&Path>, force: bool, terminal: &Terminal) -> Result<u8, Failure> {
    let survey = Survey::make(asked, true)?;
    let text = draft(&survey.census, &survey.tiers, survey.articles);
    terminal.write_notes(&survey.notes);
    let mut out = terminal.stdout();
    let Some(path) = output else {
        write!(out, "{text}")?;
        return Ok(CLEAN);
    };
    let name = shown(path, &absolute(&survey.here, path), &survey.here);
    let old = if force { std::fs::read(path).ok() } else { None };
    let written = match old {
        Some(old) => write::replace(path, &old, text.as_bytes()),
        None => write::create(path, text.as_bytes()),
    };
    written.map_err(|why| {
        let help = (!force && path.exists()).then_some("`--force` puts the new one in its place");
        Mistake::new(format!("\"{name}\" is not written: {why}")).with_help(help)
    })?;
    let names = survey.census.sorted().len();
    writeln!(out, "wrote \"{name}\": {names} names in {} articles", survey.articles)?;
    writeln!(out, "decide what it calls a conflict, and name it in copydesk.yaml: `taxonomy: {name}`")?;
    Ok(CLEAN)
}

fn show(asked: Asked<'_>, format: ListFormat, terminal: &Terminal) -> Result<u8, Failure> {
    let survey = Survey::make(asked, false)?;
    let tree = match &survey.taxonomy {
        Some((taxonomy, _)) => Tree::of_file(taxonomy, &survey.census),
        None => Tree::of_articles(&survey.census, &survey.tiers),
    };
    let mut out = terminal.stdout();
    match format {
        ListFormat::Text => write!(out, "{}", tree.text())?,
        ListFormat::Json => {
            let file = survey.taxonomy.as_ref().map(|(_, name)| name.as_str());
            serde_json::to_writer_pretty(&mut out, &tree.json(file, survey.articles, &survey.census))
                .map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    terminal.write_notes(&survey.notes);
    Ok(CLEAN)
}

/// What articles say of their categories, and what a file says, if the config names one.
struct Survey {
    here: PathBuf,
    /// From the widest to the narrowest.
    tiers: Vec<Box<str>>,
    census: Census,
    /// How many there are.
    articles: usize,
    /// The file, and its path as the config has it.
    taxonomy: Option<(Arc<Taxonomy>, String)>,
    /// The files that are left out.
    notes: Vec<Mistake>,
}

impl Survey {
    /// Reads the articles. `infers` says that the file of the config, which may not be there yet, does not matter, but that
    /// some article does.
    fn make((paths, setup): Asked<'_>, infers: bool) -> Result<Self, Failure> {
        let here = working_directory()?;
        let mut overrides = setup::overrides_of(setup)?;
        overrides.ignores_taxonomy = infers;
        let mut configs = setup::configs(overrides, setup, &here)?;
        let mut plan = Plan::new(&mut configs, here.clone());
        if infers {
            plan.paths_or_all(paths)?;
        } else {
            let whole = [PathBuf::from(".")];
            plan.look(if paths.is_empty() { &whole } else { paths })?;
        }
        let told = facts(&plan);
        let (mut facts, mut notes) = (Vec::new(), std::mem::take(&mut plan.notes));
        for (name, told) in told {
            match told {
                Ok(told) => facts.push(told),
                Err(why) => notes.push(Mistake::new(format!("\"{name}\" is not counted: {why}"))),
            }
        }
        let config = configs.of_folder(&here)?;
        let named = config.effective(None).taxonomy.map(|(path, _)| path);
        let taxonomy = config.taxonomy().cloned().zip(named);
        let tiers = match &taxonomy {
            Some((taxonomy, _)) => taxonomy.tiers.clone(),
            None => tiers(&mut configs, &here)?,
        };
        let census = Census::of(facts.iter().enumerate(), &tiers);
        Ok(Self { here, tiers, census, articles: facts.len(), taxonomy, notes })
    }
}

/// What each article tells, or why it cannot be read, in the order of their names.
fn facts(plan: &Plan<'_>) -> Vec<(Arc<str>, Result<Facts, String>)> {
    let wants = Arc::new(Wants::of([Want::Categories]));
    let mut told: Vec<_> = plan
        .tasks
        .par_iter()
        .map(|task| {
            let settings = Settings { wants: Arc::clone(&wants), ..(*task.settings).clone() };
            let source = task.open();
            let told = match source.damage() {
                None => engine::attempt(|| engine::facts(&source, &settings)),
                Some(_) => Err("it cannot be read as text".to_owned()),
            };
            (Arc::clone(&task.name), told)
        })
        .collect();
    told.sort_by(|left, right| left.0.cmp(&right.0));
    told
}

/// The tiers that the rule about conflicts knows, in its order.
fn tiers(configs: &mut Configs, here: &Path) -> Result<Vec<Box<str>>, Failure> {
    let rules = configs.of_folder(here)?.effective(None).rules;
    let rule = rules.iter().find(|rule| *rule.page.id == *RULE);
    let option = rule.and_then(|rule| rule.options.iter().find(|(name, ..)| name == "tiers"));
    let names = option.and_then(|(_, value, _)| value.as_array()).into_iter().flatten();
    Ok(names.filter_map(|name| Some(name.as_str()?.into())).collect())
}
