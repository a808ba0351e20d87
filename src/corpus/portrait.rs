//! What the articles of a run are like, for a report to show.

use std::collections::BTreeMap;

use crate::facts::{Facts, Measures, Tiered, Want, Wants};

/// The articles that were checked, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portrait {
    /// How many told of themselves: all but those that could not be read.
    pub articles: usize,
    /// How many of them are not published yet.
    pub drafts: usize,
    /// How many words each has, the shortest first.
    pub words: Vec<u32>,
    /// The minutes of reading that articles state, the shortest first; many state none.
    pub minutes: Vec<u32>,
    /// How many articles stand in each category, by tier and name; the tier is empty where articles name none.
    pub tiers: BTreeMap<Box<str>, BTreeMap<Box<str>, usize>>,
}

impl Portrait {
    /// What has to be known of each article.
    #[must_use]
    pub fn wants() -> Wants {
        Wants::of([Want::Measures, Want::Categories])
    }

    /// Draws it from what articles tell; `None` where nobody asked them for it.
    #[must_use]
    pub fn of<'f>(facts: impl IntoIterator<Item = &'f Facts>, wants: &Wants) -> Option<Self> {
        if !wants.has(&Want::Measures) {
            return None;
        }
        let mut portrait = Self::default();
        facts.into_iter().for_each(|facts| portrait.add(facts));
        portrait.words.sort_unstable();
        portrait.minutes.sort_unstable();
        Some(portrait)
    }

    fn add(&mut self, facts: &Facts) {
        let Some(Measures { words, minutes }) = facts.measures else { return };
        self.articles += 1;
        self.drafts += usize::from(facts.is_draft);
        self.words.push(words);
        self.minutes.extend(minutes);
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for Tiered { tier, name, .. } in facts.category.iter().chain(&facts.categories) {
            let category = (tier.as_deref().unwrap_or_default(), &*name.text);
            // Many name their one category again in the list of all.
            if seen.contains(&category) {
                continue;
            }
            seen.push(category);
            let names = self.tiers.entry(category.0.into()).or_default();
            *names.entry(category.1.into()).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Told, Written};
    use crate::text::Span;

    fn category(tier: Option<&str>, name: &str) -> Tiered {
        let name = Told { text: name.into(), span: Span::empty(0) };
        Tiered { tier: tier.map(Into::into), name, written: Written::Bare }
    }

    #[test]
    fn each_article_counts_once_in_a_category() {
        let facts = |words, minutes, is_draft| Facts {
            is_draft,
            measures: Some(Measures { words, minutes }),
            category: Some(category(None, "Doors")),
            categories: [category(None, "Doors"), category(Some("main"), "Doors")].into(),
            ..Facts::default()
        };
        let told = [facts(900, None, false), facts(300, Some(2), true), Facts::of_damaged()];
        let portrait = Portrait::of(&told, &Portrait::wants()).unwrap();
        assert_eq!((portrait.articles, portrait.drafts), (2, 1));
        assert_eq!((portrait.words, portrait.minutes), (vec![300, 900], vec![2]));
        let doors = || BTreeMap::from([("Doors".into(), 2)]);
        assert_eq!(portrait.tiers, BTreeMap::from([("".into(), doors()), ("main".into(), doors())]));
        assert_eq!(Portrait::of(&told, &Wants::default()), None);
    }
}
