//! Finds the articles of a site by their paths and addresses, and names that somebody may have meant.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Arc, OnceLock};

use super::{Corpus, Ground, Known};
use crate::site::{Page, Served, Site};

/// The articles by path and by address. It is made once, and costs as much as the addresses.
#[derive(Debug, Default)]
pub struct Index {
    /// The articles, by path.
    by_path: HashMap<Arc<str>, u32>,
    /// The keys of addresses ([`Site::key`]), sorted, each with its article; of two with one address the first.
    by_address: Vec<(Box<str>, u32)>,
    /// The keys of what no article is, sorted.
    others: Vec<Box<str>>,
    /// Where addresses begin that a page makes for what it gets to know only when it is built.
    below: BTreeSet<Box<str>>,
    paths: OnceLock<Names>,
    addresses: OnceLock<Names>,
}

impl Index {
    /// Looks through articles and other files.
    pub(super) fn of(articles: &[Known], ground: &Ground) -> Self {
        let numbers = 0..u32::try_from(articles.len()).expect("a site has fewer than four billion articles");
        let by_path =
            numbers.clone().map(|number| (Arc::clone(&articles[number as usize].path), number)).collect();
        let site = &ground.site;
        let addresses = |number: u32| &articles[number as usize].facts.addresses;
        let mut by_address: Vec<(Box<str>, u32)> = numbers
            .flat_map(|number| addresses(number).iter().map(move |address| (site.key(address), number)))
            .collect();
        by_address.sort_unstable();
        by_address.dedup_by(|later, first| later.0 == first.0);
        let mut index = Self { by_path, by_address, ..Self::default() };
        if site.knows_routes() {
            index.serve(articles, ground, site);
        }
        index
    }

    fn serve(&mut self, articles: &[Known], ground: &Ground, site: &Site) {
        let lists = articles.iter().filter_map(|known| site.list_of(&known.path));
        self.others.extend(lists.map(|address| site.key(&address)));
        for file in ground.files.iter().flatten() {
            if self.article(file).is_some() {
                continue;
            }
            // Of an article that is left out, nothing but its path is known.
            let page = Page::of_path(file);
            let shown = if is_article(file) { site.addresses(&page) } else { Vec::new() };
            self.others.extend(shown.iter().map(|address| site.key(address)));
            for served in site.address_of_file(file) {
                match served {
                    Served::At(address) => self.others.push(site.key(&address)),
                    // Where articles stand there, it is they that it shows.
                    Served::Below(address) => {
                        let key = site.key(&address);
                        let first = self.by_address.partition_point(|(known, _)| *known < key);
                        let mut behind = self.by_address[first..].iter().map(|(known, _)| known);
                        if !behind.next().is_some_and(|known| is_below(known, &key)) {
                            self.below.insert(key);
                        }
                    }
                }
            }
        }
        self.others.sort_unstable();
        self.others.dedup();
    }

    /// The number of the article with this path.
    #[must_use]
    pub fn article(&self, wanted: &str) -> Option<usize> {
        self.by_path.get(wanted).map(|number| *number as usize)
    }

    /// The number of the article with this key of an address.
    #[must_use]
    pub fn article_at(&self, key: &str) -> Option<usize> {
        let at = self.by_address.binary_search_by(|(known, _)| (**known).cmp(key)).ok()?;
        Some(self.by_address[at].1 as usize)
    }

    /// The address with this key, as the site shows it.
    #[must_use]
    pub fn shown<'c>(&self, corpus: &'c Corpus, key: &'c str) -> &'c str {
        let addresses = self.article_at(key).map(|number| &corpus.articles[number].facts.addresses);
        let same =
            addresses.and_then(|all| all.iter().find(|address| *corpus.ground.site.key(address) == *key));
        same.map_or(key, AsRef::as_ref)
    }

    /// Whether a file that is no article is shown at this key of an address, or may be.
    #[must_use]
    pub fn is_served(&self, key: &str) -> bool {
        let mut above = key.match_indices('/').map(|(end, _)| &key[..end.max(1)]);
        self.others.binary_search_by(|known| (**known).cmp(key)).is_ok()
            || above.any(|key| self.below.contains(key))
    }

    /// The paths of all articles and files.
    pub fn paths(&self, articles: &[Known], ground: &Ground) -> &Names {
        self.paths.get_or_init(|| {
            let articles = articles.iter().map(|known| Box::from(&*known.path));
            Names::of(articles.chain(ground.files.iter().flatten().cloned()).collect())
        })
    }

    /// The keys of all addresses.
    pub fn addresses(&self) -> &Names {
        self.addresses.get_or_init(|| {
            let articles = self.by_address.iter().map(|(key, _)| key.clone());
            Names::of(articles.chain(self.others.iter().cloned()).collect())
        })
    }
}

/// Whether a path names an article.
#[must_use]
pub fn is_article(path: &str) -> bool {
    page_ending(path).is_some_and(|ending| !ending.to_ascii_lowercase().starts_with(".htm"))
}

/// Whether one key of an address stands below another.
fn is_below(key: &str, above: &str) -> bool {
    above == "/" || key.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// Paths or addresses among which one is looked for that was misspelt.
#[derive(Debug, Default)]
pub struct Names {
    /// Sorted.
    all: Vec<Box<str>>,
    /// A number for each name without its case, and where the name stands in `all`; sorted.
    folded: Vec<(u64, u32)>,
    /// The same for the last part of each, without the ending of a page.
    tails: Vec<(u64, u32)>,
}

/// More namesakes than these are not looked at: of so many nobody can tell which was meant.
const NAMESAKES: usize = 64;

/// More neighbours than these are not looked at, so that a folder of a hundred thousand files is no burden.
const NEIGHBOURS: usize = 1000;

impl Names {
    fn of(mut all: Vec<Box<str>>) -> Self {
        all.sort_unstable();
        all.dedup();
        let numbered = |number: &dyn Fn(&str) -> u64| {
            let mut numbers: Vec<(u64, u32)> = (0..).zip(&all).map(|(at, name)| (number(name), at)).collect();
            numbers.sort_unstable();
            numbers
        };
        let folded = numbered(&|name| folded(name));
        let tails = numbered(&|name| folded_tail(name));
        Self { all, folded, tails }
    }

    /// Those that are the same but for case, the name itself included; sorted.
    pub fn alike<'n>(&'n self, name: &str) -> impl Iterator<Item = &'n str> + use<'n> {
        let lower = name.to_lowercase();
        let found = self.with(&self.folded, folded(name));
        found.filter(move |other| other.to_lowercase() == lower)
    }

    /// Those whose last part is the same but for case and the ending of a page; sorted, and none where they are too many.
    #[must_use]
    pub fn namesakes(&self, name: &str) -> Vec<&str> {
        let lower = tail(name).to_lowercase();
        let found = self.with(&self.tails, folded_tail(name));
        let found: Vec<&str> = found.take(NAMESAKES + 1).collect();
        if found.len() > NAMESAKES {
            return Vec::new();
        }
        found.into_iter().filter(|other| tail(other).to_lowercase() == lower).collect()
    }

    /// Those that stand beside a name in its folder, whose path ends with `/` or is empty.
    pub fn neighbours<'n>(&'n self, folder: &str) -> impl Iterator<Item = &'n str> + use<'n> {
        let first = self.all.partition_point(|name| **name < *folder);
        let folder = folder.to_owned();
        let depth = folder.len();
        let inside = self.all[first..].iter().take_while(move |name| name.starts_with(&folder));
        inside.take(NEIGHBOURS).map(AsRef::as_ref).filter(move |name: &&str| {
            // The page of a folder stands for the folder.
            !stem(name)[depth.min(stem(name).len())..].contains('/')
        })
    }

    fn with<'n>(&'n self, numbers: &'n [(u64, u32)], number: u64) -> impl Iterator<Item = &'n str> + use<'n> {
        let first = numbers.partition_point(|(known, _)| *known < number);
        let same = numbers[first..].iter().take_while(move |(known, _)| *known == number);
        same.map(|(_, at)| &*self.all[*at as usize])
    }
}

/// The endings of pages.
pub const PAGES: [&str; 5] = [".markdown", ".html", ".mdx", ".htm", ".md"];

/// The names of the page of a folder.
pub const INDEXES: [&str; 4] = ["index", "_index", "README", "readme"];

/// A path without the ending of a page, and of the page of a folder the folder.
#[must_use]
pub fn stem(path: &str) -> &str {
    let Some(ending) = page_ending(path) else { return path.trim_end_matches('/') };
    let stem = &path[..path.len() - ending.len()];
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    if INDEXES.contains(&name) { folder } else { stem }
}

/// The ending of a page that a path has, as it is written there.
#[must_use]
pub fn page_ending(path: &str) -> Option<&str> {
    PAGES.iter().find_map(|ending| {
        let (_, end) = path.split_at_checked(path.len().checked_sub(ending.len())?)?;
        end.eq_ignore_ascii_case(ending).then_some(end)
    })
}

/// The last part of a path or an address, without the ending of a page.
#[must_use]
pub fn tail(name: &str) -> &str {
    let stem = stem(name);
    stem.rsplit('/').next().unwrap_or(stem)
}

fn folded_tail(name: &str) -> u64 {
    folded(tail(name))
}

/// A number that a name has whatever its case; the same in every run.
fn folded(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name.to_lowercase().as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Names {
        Names::of(all.iter().copied().map(Box::from).collect())
    }

    #[test]
    fn pages_of_folders_stand_for_them() {
        for (path, expected) in [
            ("a/doors.md", "a/doors"),
            ("a/doors/index.md", "a/doors"),
            ("a/doors/_index.markdown", "a/doors"),
            ("README.md", ""),
            ("a/door.png", "a/door.png"),
            ("/a/doors/", "/a/doors"),
            ("/a/doors", "/a/doors"),
        ] {
            assert_eq!(stem(path), expected, "{path}");
        }
        assert_eq!(tail("a/doors/index.md"), "doors");
        assert_eq!(tail("doors.md"), "doors");
    }

    #[test]
    fn names_are_found_by_what_they_share() {
        let names = names(&["a/Doors.md", "a/b/c.md", "b/doors/index.md", "b/doors/red.png", "é/Tür.md"]);
        assert_eq!(names.alike("A/doors.MD").collect::<Vec<_>>(), ["a/Doors.md"]);
        assert_eq!(names.alike("É/TÜR.md").collect::<Vec<_>>(), ["é/Tür.md"]);
        assert_eq!(names.alike("a/doors").count(), 0);
        assert_eq!(names.namesakes("x/doors"), ["a/Doors.md", "b/doors/index.md"]);
        assert_eq!(names.namesakes("x/RED.png"), ["b/doors/red.png"]);
        assert_eq!(names.namesakes("x/red.md"), [""; 0]);
        assert_eq!(names.neighbours("b/").collect::<Vec<_>>(), ["b/doors/index.md"]);
        assert_eq!(names.neighbours("a/").collect::<Vec<_>>(), ["a/Doors.md"]);
    }

    #[test]
    fn of_too_many_namesakes_none_was_meant() {
        let all: Vec<String> = (0..=NAMESAKES).map(|number| format!("{number}/a.md")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(names(&all).namesakes("a.md"), [""; 0]);
        assert_eq!(names(&all[1..]).namesakes("a.md").len(), NAMESAKES);
    }
}
