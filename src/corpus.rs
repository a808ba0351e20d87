//! All articles of a site side by side, as far as rules see them: their facts.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::facts::Facts;
use crate::site::Site;
use crate::taxonomy::Taxonomy;

/// What is known of a site besides its articles.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// How files become addresses.
    pub site: Arc<Site>,
    /// The categories that there are, where a file says it.
    pub taxonomy: Option<Arc<Taxonomy>>,
    /// All files below its folder, articles included: paths from there, with `/`. `None` where no rule wanted them.
    pub files: Option<BTreeSet<Box<str>>>,
    /// Whether all articles of the site are known: a rule about what nobody uses can say nothing otherwise.
    pub is_whole: bool,
}

/// An article of which the facts are known.
#[derive(Clone, Debug)]
pub struct Known {
    /// The name that findings carry.
    pub name: Arc<str>,
    /// Its path from the folder of the site, with `/`; a path from the root of the system where it lies elsewhere.
    pub path: Arc<str>,
    /// The names of its collections, in the order of the config.
    pub collections: Arc<[Arc<str>]>,
    /// What it tells.
    pub facts: Facts,
}

/// A site: its articles, sorted by name, and what is known besides.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// The articles.
    pub articles: Vec<Known>,
    /// What is known besides.
    pub ground: Ground,
}

impl Corpus {
    /// The number of an article in [`Self::articles`], by the name that findings carry.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        self.articles.binary_search_by(|known| known.name.as_ref().cmp(name)).ok()
    }
}
