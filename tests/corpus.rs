//! Real articles to run against, which are no part of the project: those in the folder that `COPYDESK_CORPUS` names.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The articles of a corpus.
pub(super) struct Corpus {
    /// The folder that was asked for.
    pub(super) folder: PathBuf,
    /// The text of each article; without those that are no text in UTF-8.
    pub(super) articles: BTreeMap<PathBuf, String>,
    /// Those that are none.
    pub(super) unreadable: Vec<PathBuf>,
}

impl Corpus {
    /// Reads all articles in the folder and those below it, and says how many there are in each folder of it.
    ///
    /// # Panics
    /// When no folder is named, or one of the folders in it has nothing to read.
    pub(super) fn read() -> Self {
        let folder = std::env::var("COPYDESK_CORPUS").expect("COPYDESK_CORPUS names a folder of articles");
        // As a relative path is meant: from the folder of the project.
        let folder = super::root().join(folder);
        let mut corpus = Self { articles: BTreeMap::new(), unreadable: Vec::new(), folder };
        let mut counts: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for entry in std::fs::read_dir(&corpus.folder).expect("a folder that can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                counts.insert(path, 0);
            }
        }
        for ending in [".md", ".markdown", ".mdx"] {
            for path in super::files(&corpus.folder.to_string_lossy(), ending) {
                let bytes =
                    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let within = path.strip_prefix(&corpus.folder).expect("it was found there");
                let top = corpus.folder.join(within.iter().next().expect("it has a name"));
                *counts.entry(if top == path { corpus.folder.clone() } else { top }).or_default() += 1;
                match String::from_utf8(bytes) {
                    Ok(text) => drop(corpus.articles.insert(path, text)),
                    Err(_) => corpus.unreadable.push(path),
                }
            }
        }
        let empty: Vec<_> = counts.iter().filter(|(_, count)| **count == 0).collect();
        assert!(!corpus.articles.is_empty() && empty.is_empty(), "nothing to read: {empty:?}");
        #[expect(clippy::print_stderr, reason = "who runs this by hand wants to see what it read")]
        {
            eprintln!(
                "{} articles, and {} unreadable: {counts:?}",
                corpus.articles.len(),
                corpus.unreadable.len()
            );
        }
        corpus
    }
}
