//! Counts how the articles of a site use their categories: which spellings, which tiers, which parents, and which of
//! them is the rule.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::{above, fold};
use crate::facts::{Facts, Tiered};

/// The categories that articles use.
///
/// An article counts once for each thing that it says, however often it says it. A parent is the name that the same
/// article has at the tier above: of several there, the first.
#[derive(Clone, Debug, Default)]
pub struct Census {
    /// The names that were met, in the order in which they were.
    names: Vec<Usage>,
    by_spelling: HashMap<Box<str>, usize>,
    by_fold: HashMap<Box<str>, usize>,
}

/// The numbers of the articles that say something, in ascending order.
type Articles = Vec<usize>;

/// How articles use one name. Its right spelling, tier and parent are those of most articles. Of several that as many
/// have, the longest spelling, which parts its words, and of these the first by its letters; the widest tier; the parent
/// that comes first by its letters.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// The right spelling.
    pub name: Box<str>,
    /// The right tier; `None` where no article names one.
    pub tier: Option<Box<str>>,
    /// The number of the right parent, which is right itself at the tier above; `None` where there is none.
    pub parent: Option<usize>,
    /// The articles that have it.
    pub articles: Articles,
    /// Its spellings.
    pub spellings: BTreeMap<Box<str>, Articles>,
    /// Its tiers.
    pub tiers: BTreeMap<Box<str>, Articles>,
    /// Its parents by their numbers, at each tier that it has.
    pub parents: BTreeMap<(Box<str>, usize), Articles>,
}

impl Census {
    /// Counts the categories of articles, given with their numbers in ascending order. `tiers` are those that stand below
    /// each other, from the widest to the narrowest.
    pub fn of<'f>(articles: impl IntoIterator<Item = (usize, &'f Facts)>, tiers: &[Box<str>]) -> Self {
        let mut census = Self::default();
        for (number, facts) in articles {
            let numbers: Vec<usize> = facts.categories.iter().map(|one| census.add(number, one)).collect();
            for (category, at) in facts.categories.iter().zip(&numbers) {
                let Some(tier) = &category.tier else { continue };
                count(census.names[*at].tiers.entry(tier.clone()).or_default(), number);
                // That a name stands below itself is a mistake of the article, and says nothing of the tree.
                let parent = parent(facts, tier, tiers).map(|(parent, _)| numbers[parent]);
                if let Some(parent) = parent.filter(|parent| parent != at) {
                    let key = (tier.clone(), parent);
                    count(census.names[*at].parents.entry(key).or_default(), number);
                }
            }
            if let Some(category) = &facts.category {
                census.add(number, category);
            }
        }
        census.settle(tiers);
        census
    }

    /// The number of a name in any spelling.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_spelling.get(name).or_else(|| self.by_fold.get(&fold(name))).copied()
    }

    /// How a name is used.
    #[must_use]
    pub fn usage(&self, number: usize) -> &Usage {
        &self.names[number]
    }

    /// All names with their numbers, by their right spellings.
    #[must_use]
    pub fn sorted(&self) -> Vec<(usize, &Usage)> {
        let mut names: Vec<_> = self.names.iter().enumerate().collect();
        names.sort_by(|(_, left), (_, right)| left.name.cmp(&right.name));
        names
    }

    fn add(&mut self, article: usize, category: &Tiered) -> usize {
        let spelling = &category.name.text;
        let number = self.by_spelling.get(spelling).copied().unwrap_or_else(|| {
            let number = *self.by_fold.entry(fold(spelling)).or_insert(self.names.len());
            if number == self.names.len() {
                self.names.push(Usage::default());
            }
            self.by_spelling.insert(spelling.clone(), number);
            number
        });
        let usage = &mut self.names[number];
        count(&mut usage.articles, article);
        count(usage.spellings.entry(spelling.clone()).or_default(), article);
        number
    }

    /// Finds out what most articles say. Parents come last: a name counts as one only at its right tier.
    fn settle(&mut self, tiers: &[Box<str>]) {
        let rank = |tier: &str| tiers.iter().position(|known| **known == *tier).unwrap_or(tiers.len());
        for usage in &mut self.names {
            let spellings = usage.spellings.iter();
            let best = spellings
                .max_by_key(|(name, articles)| (articles.len(), name.chars().count(), Reverse(*name)));
            usage.name = best.map(|(name, _)| name.clone()).unwrap_or_default();
            let best = usage
                .tiers
                .iter()
                .max_by_key(|(tier, articles)| (articles.len(), Reverse((rank(tier), *tier))));
            usage.tier = best.map(|(tier, _)| tier.clone());
        }
        let parents: Vec<Option<usize>> = self.names.iter().map(|usage| self.parent(usage, tiers)).collect();
        for (usage, parent) in self.names.iter_mut().zip(parents) {
            usage.parent = parent;
        }
    }

    fn parent(&self, usage: &Usage, tiers: &[Box<str>]) -> Option<usize> {
        let tier = usage.tier.as_deref()?;
        let above = above(tiers, tier)?;
        let at_this = usage.parents.iter().filter(|((known, _), _)| **known == *tier);
        let right = at_this.filter(|((_, parent), _)| self.names[*parent].tier.as_deref() == Some(above));
        let best =
            right.max_by_key(|((_, parent), articles)| (articles.len(), Reverse(&self.names[*parent].name)));
        best.map(|((_, parent), _)| *parent)
    }
}

/// The place in the list of the category that an article has at the tier above one, and the category.
#[must_use]
pub(crate) fn parent<'f>(facts: &'f Facts, tier: &str, tiers: &[Box<str>]) -> Option<(usize, &'f Tiered)> {
    let above = above(tiers, tier)?;
    facts.categories.iter().enumerate().find(|(_, category)| category.tier.as_deref() == Some(above))
}

fn count(articles: &mut Articles, number: usize) {
    if articles.last() != Some(&number) {
        articles.push(number);
    }
}
