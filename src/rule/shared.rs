//! What several articles share: which of them have the same slug, the same title, the same sentence.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::scope::{Among, Parts};
use super::truncation::normalised;
use super::{Own, Sink, fingerprint, others};
use crate::corpus::{Corpus, Known};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::text::Span;

/// The articles that share something, by the number of what they share. Two texts come to one number once in more articles
/// than there are (64 bits).
pub(crate) struct Shared {
    /// All articles.
    pub(crate) corpus: Arc<Corpus>,
    only_published: bool,
    parts: Parts,
    groups: HashMap<(u32, u64), Box<[usize]>>,
}

impl Shared {
    /// Finds what at least so many of these articles share, of all the numbers that `keys` says of each; `None` where there
    /// is nothing.
    ///
    /// It sorts the numbers: the time grows with the articles, however many share one thing.
    pub(crate) fn of<K: IntoIterator<Item = u64>>(
        among: &Among,
        (corpus, numbers): (&Arc<Corpus>, &[usize]),
        least: usize,
        keys: impl Fn(&str, &Facts) -> K,
    ) -> Option<Self> {
        let mut pairs: Vec<(u64, u32)> = Vec::new();
        for &number in numbers {
            let Known { path, facts, .. } = &corpus.articles[number];
            if among.takes(facts) {
                pairs.extend(keys(path, facts).into_iter().map(|key| (key, number as u32)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let is_shared = |chunk: &&[(u64, u32)]| chunk.len() >= least.max(2);
        pairs.chunk_by(|left, right| left.0 == right.0).find(is_shared)?;
        let parts = among.scope.parts(corpus, numbers);
        let mut groups = HashMap::new();
        for chunk in pairs.chunk_by(|left, right| left.0 == right.0).filter(is_shared) {
            let of_part = |(_, number): &(u64, u32)| Some((parts.of(*number as usize)?, *number as usize));
            let mut members: Vec<(u32, usize)> = chunk.iter().filter_map(of_part).collect();
            members.sort_unstable();
            for part in members.chunk_by(|left, right| left.0 == right.0) {
                let own = part[0].0;
                let meets = |other: &&(u32, usize)| parts.meet(own, other.0);
                let number = |member: &(u32, usize)| member.1;
                let mut numbers: Vec<usize> = if parts.overlap() {
                    members.iter().filter(meets).map(number).collect()
                } else {
                    part.iter().map(number).collect()
                };
                if numbers.len() >= least.max(2) {
                    numbers.sort_unstable();
                    groups.insert((own, chunk[0].0), numbers.into());
                }
            }
        }
        let corpus = Arc::clone(corpus);
        (!groups.is_empty()).then_some(Self { corpus, only_published: among.only_published, parts, groups })
    }

    /// The articles that have this, in their order, without this one; and how many they are. `None` where it is the only
    /// one, or they are too few.
    pub(crate) fn others(&self, own: &Own<'_>, key: u64) -> Option<(impl Iterator<Item = &Known>, usize)> {
        if self.only_published && own.facts.is_draft {
            return None;
        }
        let group = self.groups.get(&(self.parts.of(own.number)?, key))?;
        let (others, count) = others::besides(own, &self.corpus, group);
        (count > 0).then_some((others, count))
    }

    /// Reports that others have this, too: a message that takes their count in words, and where it stands in each.
    pub(crate) fn report<'s>(
        &self,
        own: &Own<'_>,
        (key, span): (u64, Span),
        sink: &'s mut Sink<'_>,
        message: impl FnOnce(&str) -> String,
        place: impl Fn(&Facts) -> Option<Span>,
    ) -> Option<&'s mut Finding> {
        let (others, count) = self.others(own, key)?;
        let finding = sink.report(span, message(&others::articles(count)));
        let span = |known: &Known| place(&known.facts).unwrap_or(Span::empty(0));
        others::show(finding, others.map(|known| others::place(known, span(known), "also here")), count);
        Some(finding)
    }
}

/// The number of a text as it is read: without differences of case, white space, typography, and of how accents are
/// stored. `None` of a text that says nothing.
pub(crate) fn read_as(text: &str) -> Option<u64> {
    let text = normalised(text);
    let text = if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase().nfc().collect() };
    (!text.is_empty()).then(|| fingerprint::of(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_alike_is_the_same() {
        for (left, right) in [
            ("Old doors", " OLD\n doors"),
            ("Who’s there", "Who's there"),
            ("Türen", "tu\u{308}ren"),
            ("<b>Doors</b>", "doors"),
        ] {
            assert_eq!(read_as(left), read_as(right), "{left}");
        }
        assert_ne!(read_as("doors"), read_as("doors!"));
        assert_eq!(read_as(" "), None);
    }
}
