//! What a link that leads to nothing may have meant.

use super::Wanted;
use crate::corpus::{Corpus, Names, tail};
use crate::schema::nearest;

/// The path or the key of an address that is nearest to what was wanted: of the same name in another folder, or with a
/// name that is some slips away in the same one. `None` where none is near, or several are as near.
pub(crate) fn near<'c>(corpus: &'c Corpus, wanted: &Wanted) -> Option<&'c str> {
    match wanted {
        Wanted::Path(path) => among(corpus.paths(), path),
        Wanted::Address(key) => among(corpus.index().addresses(), key),
    }
}

fn among<'n>(names: &'n Names, wanted: &str) -> Option<&'n str> {
    let namesake = most_alike(&names.namesakes(wanted), wanted);
    namesake.or_else(|| {
        let folder = &wanted[..wanted.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1)];
        let neighbours: Vec<&str> = names.neighbours(folder).filter(|name| is_alike(name, wanted)).collect();
        let meant = nearest(tail(wanted), neighbours.iter().map(|name| tail(name)))?;
        neighbours.into_iter().find(|name| tail(name) == meant)
    })
}

/// Whether both are pages or addresses, or have the same ending: nobody writes `.png` and means a page.
fn is_alike(name: &str, wanted: &str) -> bool {
    let ending = |path: &str| {
        let last = tail(path);
        last.rfind('.').map_or(String::new(), |at| last[at..].to_ascii_lowercase())
    };
    ending(name) == ending(wanted)
}

/// That which shares most folders with a path, counted from its end and then from its beginning; `None` where two do.
fn most_alike<'n>(names: &[&'n str], wanted: &str) -> Option<&'n str> {
    let shared = |name: &str| {
        let folders = |path: &str| {
            let parts = crate::corpus::stem(path).split('/').filter(|part| !part.is_empty());
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
            ("", None),
        ] {
            assert_eq!(near(&corpus, &Wanted::Path(wanted.to_owned())), expected, "{wanted}");
        }
    }
}
