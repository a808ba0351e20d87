//! Which texts are alike, by their signatures: in time that grows with their number, whatever they are.

use std::collections::HashMap;

use super::fingerprint;
use super::gather::signature::LENGTH;

/// A text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'c> {
    /// The number of its article.
    pub(crate) number: usize,
    /// The part of the site in which it is held against others.
    pub(crate) part: u32,
    /// Texts of different areas are never held against each other, whatever their parts.
    pub(crate) area: u32,
    /// Its signature.
    pub(crate) signature: &'c [u32],
}

/// Texts that are alike.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    /// For each article that has any, the one most like it, and its cluster.
    of: HashMap<usize, (usize, usize)>,
    /// Numbers of articles in ascending order. Not each in a cluster is like each: they are so by steps.
    clusters: Vec<Box<[usize]>>,
}

/// How alike two texts are, from 0 to 1: the share of values that are the same.
#[expect(clippy::cast_precision_loss, reason = "signatures are short")]
pub(crate) fn similarity(left: &[u32], right: &[u32]) -> f64 {
    let same = left.iter().zip(right).filter(|(left, right)| left == right).count();
    same as f64 / left.len().max(right.len()).max(1) as f64
}

/// In a band, a text is held against so many that come before it in order. Those that share a band by chance are few; and
/// where thousands do, the likest stand next to each other.
const BESIDE: usize = 8;

/// So many of the pairs that are just alike enough share a band.
const RECALL: f64 = 0.99;

/// How many values make a band (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4,
/// <http://www.mmds.org/>): with many, few texts are compared in vain; with few, all that are alike are found.
fn rows(least: f64) -> usize {
    let power = |base: f64, exponent: usize| (0..exponent).fold(1.0, |product, _| product * base);
    let finds = |rows: &usize| 1.0 - power(1.0 - power(least, *rows), LENGTH / rows) >= RECALL;
    (1..=16).rev().find(finds).unwrap_or(1)
}

impl Alike {
    /// Finds the texts that are at least so alike, of those for which `meet` says of their parts that they are held
    /// against each other.
    pub(crate) fn of(mut texts: Vec<Text<'_>>, least: f64, meet: impl Fn(u32, u32) -> bool) -> Self {
        texts.sort_by(|left, right| {
            (left.part, left.signature, left.number).cmp(&(right.part, right.signature, right.number))
        });
        // Of those with one signature, the first speaks for all.
        let twins: Vec<&[Text<'_>]> = texts
            .chunk_by(|left, right| left.part == right.part && left.signature == right.signature)
            .collect();
        let first: Vec<Text<'_>> = twins.iter().map(|twins| twins[0]).collect();
        let mut forest = Forest::new(first.len());
        let mut nearest: Vec<Option<(f64, usize)>> = vec![None; first.len()];
        let rows = rows(least);
        for start in (0..LENGTH / rows).map(|band| band * rows) {
            let mut keys: Vec<(u64, u32)> = Vec::with_capacity(first.len());
            keys.extend(first.iter().enumerate().map(|(index, text)| (key(text, start, rows), index as u32)));
            keys.sort_unstable();
            for bucket in keys.chunk_by_mut(|left, right| left.0 == right.0).filter(|bucket| bucket.len() > 1)
            {
                let order = |index: u32| {
                    let text = first[index as usize];
                    let (before, behind) = text.signature.split_at(start);
                    (behind, before, text.number)
                };
                bucket.sort_by(|left, right| order(left.1).cmp(&order(right.1)));
                for (at, (_, one)) in bucket.iter().enumerate() {
                    for (_, other) in &bucket[at.saturating_sub(BESIDE)..at] {
                        let (one, other) = (*one as usize, *other as usize);
                        let (left, right) = (first[one], first[other]);
                        let likeness = similarity(left.signature, right.signature);
                        if likeness >= least && meet(left.part, right.part) {
                            forest.join(one, other);
                            nearer(&mut nearest[one], (likeness, right.number));
                            nearer(&mut nearest[other], (likeness, left.number));
                        }
                    }
                }
            }
        }
        Self::put_together(&twins, &mut forest, &nearest)
    }

    fn put_together(twins: &[&[Text<'_>]], forest: &mut Forest, nearest: &[Option<(f64, usize)>]) -> Self {
        let mut clusters: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, twins) in twins.iter().enumerate() {
            let members = clusters.entry(forest.root(index)).or_default();
            members.extend(twins.iter().map(|text| text.number));
        }
        let mut alike = Self::default();
        let mut cluster_of = HashMap::new();
        for (root, mut members) in clusters.into_iter().filter(|(_, members)| members.len() > 1) {
            members.sort_unstable();
            cluster_of.insert(root, alike.clusters.len());
            alike.clusters.push(members.into());
        }
        for (index, twins) in twins.iter().enumerate() {
            let Some(&cluster) = cluster_of.get(&forest.root(index)) else { continue };
            for text in *twins {
                let twin = twins.iter().take(2).find(|twin| twin.number != text.number);
                let near = twin.map(|twin| twin.number).or(nearest[index].map(|near| near.1));
                alike.of.extend(near.map(|near| (text.number, (near, cluster))));
            }
        }
        alike
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The article that is most like this one, and all that are like it by steps, in ascending order, itself among them.
    pub(crate) fn like(&self, number: usize) -> Option<(usize, &[usize])> {
        let (nearest, cluster) = *self.of.get(&number)?;
        Some((nearest, &self.clusters[cluster]))
    }
}

/// The number of a text's area and of so many of its values.
fn key(text: &Text<'_>, start: usize, rows: usize) -> u64 {
    let values = text.signature[start..start + rows].iter();
    values.fold(u64::from(text.area), |key, value| fingerprint::mix(key ^ u64::from(*value)))
}

/// Takes the one that is more alike; of two that are equally so, the first in order.
fn nearer(nearest: &mut Option<(f64, usize)>, found: (f64, usize)) {
    let is_nearer =
        nearest.is_none_or(|known| found.0 > known.0 || (found.0 >= known.0 && found.1 < known.1));
    if is_nearer {
        *nearest = Some(found);
    }
}

/// Sets that are joined (union-find).
struct Forest(Vec<u32>);

impl Forest {
    fn new(length: usize) -> Self {
        Self((0..length as u32).collect())
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.0[index] as usize != index {
            let parent = self.0[index] as usize;
            self.0[index] = self.0[parent];
            index = parent;
        }
        index
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.0[left.max(right)] = left.min(right) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A signature in which so many values are those of the family, and the others its own.
    fn signature(family: u64, own: u64, shared: usize) -> Vec<u32> {
        let value = |seed: u64, at: usize| fingerprint::mix(seed << 32 | at as u64) as u32;
        // Which are shared differs from one to the next.
        let is_shared = |at: usize| (at * 37 + own as usize * 11) % LENGTH < shared;
        (0..LENGTH).map(|at| value(if is_shared(at) { family } else { own + 1000 }, at)).collect()
    }

    fn alike(signatures: &[Vec<u32>], least: f64) -> Alike {
        let text = |(number, signature): (usize, &Vec<u32>)| (number, signature.clone());
        let all: Vec<_> = signatures.iter().enumerate().map(text).collect();
        let texts =
            all.iter().map(|(number, signature)| Text { number: *number, part: 0, area: 0, signature });
        Alike::of(texts.collect(), least, |left, right| left == right)
    }

    #[test]
    fn bands_are_as_wide_as_the_likeness_allows() {
        assert_eq!([0.5, 0.8, 0.9, 1.0].map(rows), [3, 6, 10, 16]);
    }

    #[test]
    fn those_that_are_alike_are_found_and_no_others() {
        let mut signatures: Vec<_> = (0..40).map(|number| signature(number / 4, number, 122)).collect();
        signatures.extend((40..60).map(|number| signature(99, number, 70)));
        let found = alike(&signatures, 0.8);
        for number in 0..40 {
            let (nearest, cluster) = found.like(number).unwrap();
            assert_eq!(cluster, (number / 4 * 4..number / 4 * 4 + 4).collect::<Vec<_>>());
            assert!(nearest != number && nearest / 4 == number / 4);
        }
        assert!((40..60).all(|number| found.like(number).is_none()));
    }

    #[test]
    fn any_number_of_texts_that_are_the_same_or_nearly_take_no_longer() {
        let mut signatures = vec![signature(1, 1, 128); 3000];
        signatures.extend((0..3000).map(|number| signature(2, number, 120)));
        let found = alike(&signatures, 0.8);
        assert_eq!(found.clusters.len(), 2);
        assert_eq!(found.like(0).map(|(nearest, cluster)| (nearest, cluster.len())), Some((1, 3000)));
        assert_eq!(found.like(7).map(|found| found.0), Some(0));
        assert_eq!(found.like(4000).map(|found| found.1.len()), Some(3000));
    }

    #[test]
    fn parts_that_do_not_meet_are_not_held_against_each_other() {
        let signature = signature(1, 1, 128);
        let text = |(number, part)| Text { number, part, area: part / 2, signature: &signature };
        let texts: Vec<_> = [(0, 0), (1, 1), (2, 0), (3, 2)].map(text).into();
        let found = Alike::of(texts.clone(), 0.8, |left, right| left == right);
        assert_eq!(found.like(0), Some((2, &[0, 2][..])));
        assert!(found.like(1).is_none() && found.like(3).is_none());
        let found = Alike::of(texts, 0.8, |left, right| left == right || left + right == 1);
        assert_eq!(found.like(1), Some((0, &[0, 1, 2][..])));
    }

    #[test]
    fn of_those_equally_alike_the_first_is_named() {
        let mut nearest = None;
        for found in [(0.9, 4), (0.9, 3), (0.9, 5), (0.8, 1)] {
            nearer(&mut nearest, found);
        }
        assert_eq!(nearest, Some((0.9, 3)));
    }
}
