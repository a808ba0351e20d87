//! Names in one folder that are one name to some systems: Windows and macOS do not tell capitals apart, and macOS not how
//! accents are stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::others::SHOWN;

/// Names that clash, by the place of each: its folder, a slash, and the name as such a system sees it.
#[derive(Debug, Default)]
pub(crate) struct Clashes<'p> {
    /// The spellings of a place, each with the number of the first path that has it.
    spellings: HashMap<String, BTreeMap<&'p str, usize>>,
}

/// A file or folder whose name clashes with that of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clash<'p> {
    /// Its name.
    pub(crate) name: &'p str,
    /// Whether it is a file.
    pub(crate) is_file: bool,
    /// The other names, each with the number of the first path that has it: no more than are shown.
    pub(crate) others: Vec<(&'p str, usize)>,
    /// How many others there are.
    pub(crate) count: usize,
}

impl<'p> Clashes<'p> {
    /// Finds them in these paths with their numbers, in ascending order.
    pub(crate) fn of(paths: impl Iterator<Item = (usize, &'p str)> + Clone) -> Self {
        let parts = |(number, path)| parts(path).map(move |(folder, name)| (number, folder, name));
        // Of two names that clash, one at least is not as such a system writes it: there are few of these on most sites.
        let odd = paths.clone().flat_map(parts).filter_map(|(_, folder, name)| place(folder, name));
        let odd: HashSet<String> = odd.collect();
        let mut clashes = Self::default();
        if odd.is_empty() {
            return clashes;
        }
        for (number, folder, name) in paths.flat_map(parts) {
            let place = full(folder, name);
            if odd.contains(&place) {
                clashes.spellings.entry(place).or_default().entry(name).or_insert(number);
            }
        }
        clashes.spellings.retain(|_, spellings| spellings.len() > 1);
        clashes
    }

    /// Those of a path, from the outermost folder to the file; of a folder, only at the first path that has it.
    pub(crate) fn at(&self, (number, path): (usize, &'p str)) -> Vec<Clash<'p>> {
        if self.spellings.is_empty() {
            return Vec::new();
        }
        let found = parts(path).filter_map(|(folder, name)| {
            let spellings = self.spellings.get(&full(folder, name))?;
            let others = spellings.iter().filter(|(other, _)| **other != name).take(SHOWN);
            let others = others.map(|(name, number)| (*name, *number)).collect();
            let is_file = path.len() - name.len() <= folder.len() + 1;
            let clash = Clash { name, is_file, others, count: spellings.len() - 1 };
            (*spellings.get(name)? == number).then_some(clash)
        });
        found.collect()
    }
}

/// Each name in a path with the folder that it stands in.
fn parts(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = memchr::memchr_iter(b'/', path.as_bytes()).chain([path.len()]);
    let mut start: usize = 0;
    ends.map(move |end| {
        let part = (&path[..start.saturating_sub(1)], &path[start..end]);
        start = end + 1;
        part
    })
}

/// The folder and the name as such a system sees it.
fn full(folder: &str, name: &str) -> String {
    place(folder, name).unwrap_or_else(|| format!("{folder}/{name}"))
}

/// The same, where it is not how the name is written.
fn place(folder: &str, name: &str) -> Option<String> {
    if name.is_ascii() {
        let is_odd = name.bytes().any(|byte| byte.is_ascii_uppercase());
        return is_odd.then(|| format!("{folder}/{}", name.to_ascii_lowercase()));
    }
    let lowered = name.to_lowercase();
    if lowered == name && is_nfc(name) {
        return None;
    }
    Some(format!("{folder}/{}", lowered.nfc().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clashes(paths: &[&str]) -> Vec<(String, String)> {
        let numbered = || paths.iter().copied().enumerate();
        let clashes = Clashes::of(numbered());
        let clash = |(number, path): (usize, &str)| {
            let said = clashes.at((number, path)).into_iter().map(|clash| {
                assert_eq!(clash.count, clash.others.len());
                let others: Vec<_> =
                    clash.others.iter().map(|(name, at)| format!("{name} in {}", paths[*at])).collect();
                format!("{}{} like {}", clash.name, if clash.is_file { "" } else { "/" }, others.join(", "))
            });
            (path.to_owned(), said.collect::<Vec<_>>().join("; "))
        };
        numbered().map(clash).filter(|(_, said)| !said.is_empty()).collect()
    }

    #[test]
    fn names_that_differ_in_case_or_form_clash_in_one_folder() {
        let own = |path: &str, said: &str| (path.to_owned(), said.to_owned());
        assert_eq!(
            clashes(&["Doors.md", "a/doors.md", "doors.md"]),
            [
                own("Doors.md", "Doors.md like doors.md in doors.md"),
                own("doors.md", "doors.md like Doors.md in Doors.md")
            ]
        );
        assert_eq!(clashes(&["t\u{fc}r.md", "tu\u{308}r.md", "tur.md"]).len(), 2);
        assert_eq!(clashes(&["A.md", "B.md", "a.mdx", "c/A.md"]), []);
    }

    #[test]
    fn of_folders_the_first_article_is_named() {
        let own = |path: &str, said: &str| (path.to_owned(), said.to_owned());
        assert_eq!(
            clashes(&["Posts/A.md", "Posts/b.md", "posts/a.md", "posts/b.md"]),
            [
                own("Posts/A.md", "Posts/ like posts in posts/a.md"),
                own("posts/a.md", "posts/ like Posts in Posts/A.md")
            ]
        );
    }
}
