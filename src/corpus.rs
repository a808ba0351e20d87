//! All articles of a site side by side, as far as rules see them: their facts.

mod index;
mod portrait;

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use crate::facts::Facts;
use crate::site::Site;
use crate::taxonomy::Taxonomy;

pub use index::{INDEXES, Index, Names, PAGES, is_article, page_ending, stem, tail};
pub use portrait::Portrait;

/// Folders that hold nothing of a site: what version control, package managers and we ourselves keep.
pub const FOREIGN: [&str; 4] = [".git", ".hg", "node_modules", ".copydesk"];

/// What is known of a site besides its articles.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// How files become addresses.
    pub site: Arc<Site>,
    /// The categories that there are, where a file says it.
    pub taxonomy: Option<Arc<Taxonomy>>,
    /// All files below its folder, articles included: paths from there, with `/`. `None` where no rule wanted them.
    pub files: Option<BTreeSet<Box<str>>>,
    /// The folders of which all files are listed, each with `/` at its end; that of the site itself is the empty text.
    pub listed: Box<[Box<str>]>,
    /// The folders among them that were left out: they hold what other programs keep, or could not be looked at.
    pub unlisted: BTreeSet<Box<str>>,
    /// Whether all articles of the site are known: a rule about what nobody uses can say nothing otherwise.
    pub is_whole: bool,
}

impl Ground {
    /// The file with this path, where it is listed.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.as_ref()?.get(path).map(AsRef::as_ref)
    }

    /// Whether a file lies below this folder, whose path has no `/` at its end.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        let Some(files) = &self.files else { return false };
        let below = format!("{path}/");
        let mut behind = files.range::<str, _>((Bound::Included(&*below), Bound::Unbounded));
        behind.next().is_some_and(|file| file.starts_with(&below)) || path.is_empty()
    }

    /// Whether a file with this path would be among those that are listed. What other programs keep is not, be it there
    /// or not: on another machine it is.
    #[must_use]
    pub fn would_list(&self, path: &str) -> bool {
        let is_in = |folder: &str| {
            let is_absolute = path.starts_with('/') || path.contains(':');
            if folder.is_empty() { !is_absolute } else { path.starts_with(folder) }
        };
        let mut above = path.match_indices('/').map(|(end, _)| &path[..end]).chain([path]);
        self.files.is_some()
            && self.listed.iter().any(|folder| is_in(folder))
            && !above.any(|folder| self.unlisted.contains(folder))
            && !path.split('/').any(|part| FOREIGN.contains(&part))
    }
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
#[derive(Debug, Default)]
pub struct Corpus {
    /// The articles.
    pub articles: Vec<Known>,
    /// What is known besides.
    pub ground: Ground,
    /// Made when a rule first asks for it.
    index: OnceLock<Index>,
}

impl Corpus {
    /// These articles, sorted by name, and what is known besides.
    #[must_use]
    pub fn new(articles: Vec<Known>, ground: Ground) -> Self {
        Self { articles, ground, index: OnceLock::new() }
    }

    /// The number of an article in [`Self::articles`], by the name that findings carry.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        self.articles.binary_search_by(|known| known.name.as_ref().cmp(name)).ok()
    }

    /// The number of the article with this [`Known::path`].
    #[must_use]
    pub fn article(&self, path: &str) -> Option<usize> {
        self.index().article(path)
    }

    /// The paths of all articles and files.
    pub fn paths(&self) -> &Names {
        self.index().paths(&self.articles, &self.ground)
    }

    /// Its articles by path and by address.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.articles, &self.ground))
    }
}
