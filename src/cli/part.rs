//! A part of a run: what the map left of a share of the files, as it is written on one machine and read on another.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::args::Selection;
use super::plan::Plan;
use crate::engine::{self, Checked, Digests, Number, Settings, Stored};
use crate::facts::Facts;
use crate::mistake::Mistake;
use crate::text::Source;

/// The shape of the file. Another number means that older or newer programs do not read it.
const FORMAT: u32 = 1;

/// One of so many machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shard {
    /// From 1.
    pub(super) number: u32,
    pub(super) of: u32,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("write which of how many, as in `3/8`".to_owned()),
        }
    }
}

impl Shard {
    /// Whether a file is this machine's share. The name decides, so that nobody has to know the others' files.
    pub(super) fn has(self, name: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        hasher.write(name.as_bytes());
        hasher.finish() % u64::from(self.of) == u64::from(self.number - 1)
    }
}

/// What says which files are checked and how: the same run is made of it when the parts are merged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Wording {
    pub(super) selection: Selection,
    pub(super) no_suppressions: bool,
    /// The day that counts as today.
    pub(super) today: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Part<'a> {
    /// What tells it from other files; the number is [`FORMAT`].
    #[serde(rename = "copydesk-part")]
    format: u32,
    /// The program that wrote it.
    version: String,
    pub(super) shard: Shard,
    pub(super) wording: Wording,
    /// A number for all settings of the run.
    pub(super) settings: String,
    #[serde(borrow)]
    pub(super) files: Vec<Share<'a>>,
    /// What was learnt of articles that are not to be checked.
    pub(super) others: Vec<(Arc<str>, Facts)>,
    /// The files at which a rule failed, and what it said.
    pub(super) bugs: Vec<(String, String)>,
}

/// A file of a part.
#[derive(Serialize, Deserialize)]
pub(super) struct Share<'a> {
    pub(super) name: Arc<str>,
    /// A number for its text.
    pub(super) text: String,
    #[serde(borrow)]
    result: Stored<'a>,
}

impl<'a> Share<'a> {
    /// `text` is the [`number`] of the text that came to this.
    pub(super) fn new(name: &Arc<str>, text: &str, checked: &'a Checked) -> Self {
        Self { name: Arc::clone(name), text: text.to_owned(), result: Stored::of(checked) }
    }

    /// `None` where it was checked with other rules.
    pub(super) fn restore(self, settings: &Settings) -> Option<Checked> {
        self.result.restore(&self.name, settings)
    }
}

/// A number for a text, or for why there is none.
pub(super) fn number(source: &Source) -> String {
    shown(engine::number([source.text(), &format!("{:?}", source.damage())]))
}

fn shown(number: Number) -> String {
    format!("{number:032x}")
}

impl<'a> Part<'a> {
    pub(super) fn new(shard: Shard, wording: Wording, settings: String) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let (files, others, bugs) = Default::default();
        Self { format: FORMAT, version, shard, wording, settings, files, others, bugs }
    }

    /// Reads a part.
    ///
    /// # Errors
    /// That it is none, or one of another program.
    pub(super) fn parse(path: &Path, bytes: &'a [u8]) -> Result<Self, Mistake> {
        /// What every format has.
        #[derive(Deserialize)]
        struct Head {
            #[serde(rename = "copydesk-part")]
            format: u32,
            version: String,
        }
        let shown = path.display();
        let none = |error: &serde_json::Error| {
            Mistake::new(format!("\"{shown}\" is no part of a run: {error}"))
                .with_help(Some("parts are written by `copydesk lint --shard 1/8 --output-part FILE`"))
        };
        let head: Head = serde_json::from_slice(bytes).map_err(|error| none(&error))?;
        if (head.format, head.version.as_str()) != (FORMAT, env!("CARGO_PKG_VERSION")) {
            let message = format!(
                "\"{shown}\" was written by copydesk {}, and this is {}",
                head.version,
                env!("CARGO_PKG_VERSION")
            );
            return Err(Mistake::new(message).with_help(Some("make and merge all parts with one version")));
        }
        serde_json::from_slice(bytes).map_err(|error| none(&error))
    }
}

/// The bytes of the files with parts.
///
/// # Errors
/// Which cannot be read, and why.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Vec<Mistake>> {
    let (mut all, mut mistakes) = (Vec::new(), Vec::new());
    for path in paths {
        match fs::read(path) {
            Ok(bytes) => all.push(bytes),
            Err(error) => {
                mistakes.push(Mistake::new(format!("\"{}\" cannot be read: {error}", path.display())));
            }
        }
    }
    if mistakes.is_empty() { Ok(all) } else { Err(mistakes) }
}

/// A number for the settings of all files of a plan, and for what is known of their sites.
pub(super) fn settings(plan: &Plan<'_>) -> String {
    let mut digests = Digests::new(env!("CARGO_PKG_VERSION"));
    let mut known: HashMap<*const Settings, String> = HashMap::new();
    let mut texts = Vec::new();
    for task in plan.tasks.iter().chain(&plan.others) {
        let at = Arc::as_ptr(&task.settings);
        // Many files share one.
        let digest = known.entry(at).or_insert_with(|| format!("{:?}", digests.of(&task.settings)));
        texts.extend([task.name.to_string(), digest.clone()]);
    }
    let taxonomies = plan.grounds(false).into_iter().map(|ground| format!("{:?}", ground.taxonomy));
    texts.extend(taxonomies);
    shown(engine::number(texts.iter().map(String::as_str)))
}
