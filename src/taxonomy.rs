//! The categories of a site: their tiers and parents, as a `taxonomy.yaml` says them, or as its articles use them.

mod census;
mod draft;
mod read;
mod spelling;

use std::collections::BTreeMap;

pub(crate) use census::parent;
pub use census::{Census, Usage};
pub use draft::draft;
pub use spelling::fold;

/// The categories that there are, as a file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taxonomy {
    /// The tiers that stand below each other, from the widest to the narrowest; empty where the site has none.
    pub tiers: Vec<Box<str>>,
    /// The tiers beside them, whose names have neither parents nor children.
    pub beside: Vec<Box<str>>,
    /// The categories, in the order of the file.
    pub categories: Vec<Category>,
    /// Where the names and the aliases lead, by what is left of them without their spelling: see [`fold`].
    known: BTreeMap<Box<str>, usize>,
}

/// A category, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name, in the one right spelling.
    pub name: Box<str>,
    /// Its tier, where the site has any.
    pub tier: Option<Box<str>>,
    /// The names that it may stand under; empty where nothing is said of it.
    pub parents: Vec<Box<str>>,
    /// Other names for it, which articles are not to use.
    pub aliases: Vec<Box<str>>,
}

impl Taxonomy {
    /// The category that a name means: its own in any spelling, or an alias.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Category> {
        self.known.get(&fold(name)).map(|at| &self.categories[*at])
    }

    /// The tier above one; `None` for the widest, and for those beside.
    #[must_use]
    pub fn above(&self, tier: &str) -> Option<&str> {
        above(&self.tiers, tier)
    }
}

/// The tier before one, in the order from the widest to the narrowest.
fn above<'t>(tiers: &'t [Box<str>], tier: &str) -> Option<&'t str> {
    let at = tiers.iter().position(|known| **known == *tier)?;
    Some(&*tiers[at.checked_sub(1)?])
}
