//! What a link that leads to nothing may have meant.

use std::cell::Cell;

use super::Wanted;
use crate::corpus::{Corpus, Names, stem, tail};
use crate::schema::nearest;

/// How many names the links of one article are compared with. An article of ten thousand broken links is past helping,
/// and the time for it stays linear.
const BUDGET: usize = 5_000;

/// What is left of the comparisons of one article.
pub(crate) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(BUDGET))
    }
}

impl Budget {
    /// The path or the key of an address that is nearest to what was wanted: of the same name in another folder, or with a
    /// name that is some slips away in the same one. `None` where none is near, or several are as near.
    pub(crate) fn near<'c>(&self, corpus: &'c Corpus, wanted: &Wanted) -> Option<&'c str> {
        match wanted {
            Wanted::Path(path) => self.among(corpus.paths(), path),
            Wanted::Address(key) => self.among(corpus.index().addresses(), key),
        }
    }

    fn among<'n>(&self, names: &'n Names, wanted: &str) -> Option<&'n str> {
        most_alike(&names.namesakes(wanted), wanted).or_else(|| self.neighbour(names, wanted))
    }

    fn neighbour<'n>(&self, names: &'n Names, wanted: &str) -> Option<&'n str> {
        let folder = &wanted[..wanted.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1)];
        let ending = ending(wanted);
        let neighbours = names.neighbours(folder).take(self.0.get());
        let neighbours: Vec<&str> = neighbours.filter(|name| self::ending(name) == ending).collect();
        self.0.set(self.0.get() - neighbours.len());
        // The ending, which is the same, makes no name more alike.
        let bare = |name: &'n str| tail(name).get(..tail(name).len() - ending.len()).unwrap_or_default();
        let wanted = tail(wanted).get(..tail(wanted).len() - ending.len())?;
        let meant = nearest(wanted, neighbours.iter().map(|name| bare(name)))?;
        neighbours.into_iter().find(|name| bare(name) == meant)
    }
}

/// The ending of a name in small letters, as in `.png`; empty for pages and addresses.
fn ending(name: &str) -> String {
    let last = tail(name);
    last.rfind('.').map_or(String::new(), |at| last[at..].to_ascii_lowercase())
}

/// That which shares most folders with a path, counted from its end and then from its beginning; `None` where two do.
fn most_alike<'n>(names: &[&'n str], wanted: &str) -> Option<&'n str> {
    let shared = |name: &str| {
        let folders = |path: &str| {
            let parts = stem(path).split('/').filter(|part| !part.is_empty());
            parts.map(str::to_lowercase).collect::<Vec<_>>()
        };
        let (own, other) = (folders(wanted), folders(name));
        let behind =
            own.iter().rev().zip(other.iter().rev()).take_while(|(left, right)| left == right).count();
        let before = own.iter().zip(&other).take_while(|(left, right)| left == right).count();
        (behind, before)
    };
    let best = names.iter().map(|name| shared(name)).max()?;
    let mut nearest = names.iter().filter(|name| shared(name) == best);
    nearest.next().filter(|_| nearest.next().is_none()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Ground;

    fn corpus() -> Corpus {
        let files = [
            "a/doors.md",
            "a/hinges.md",
            "b/index.md",
            "b/c/index.md",
            "b/c/red.png",
            "b/d/red.png",
            "b/d/frames.png",
            "b/d/frames.md",
        ];
        let files = Some(files.into_iter().map(Box::from).collect());
        Corpus::new(Vec::new(), Ground { files, ..Ground::default() })
    }

    #[test]
    fn the_nearest_is_found_or_none() {
        let corpus = corpus();
        for (wanted, expected) in [
            ("b/doors.md", Some("a/doors.md")),
            ("a/door.md", Some("a/doors.md")),
            ("a/hinge.md", Some("a/hinges.md")),
            ("x/c/red.png", Some("b/c/red.png")),
            ("x/d/red.png", Some("b/d/red.png")),
            ("x/red.png", None),
            ("b/x/red.png", None),
            ("x/c/index.md", Some("b/c/index.md")),
            ("b/d/frame.png", Some("b/d/frames.png")),
            ("b/d/frame.md", Some("b/d/frames.md")),
            ("a/windows.md", None),
            ("b/d/rad.png", Some("b/d/red.png")),
            ("b/d/fed.jpg", None),
            ("", None),
        ] {
            assert_eq!(
                Budget::default().near(&corpus, &Wanted::Path(wanted.to_owned())),
                expected,
                "{wanted}"
            );
        }
    }

    #[test]
    fn comparisons_end() {
        let (corpus, budget) = (corpus(), Budget(Cell::new(3)));
        let near = |wanted: &str| budget.near(&corpus, &Wanted::Path(wanted.to_owned()));
        assert_eq!(near("a/door.md"), Some("a/doors.md"));
        assert_eq!(near("a/hinge.md"), None);
        assert_eq!(near("b/doors.md"), Some("a/doors.md"));
    }
}
