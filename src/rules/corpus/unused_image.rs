//! An article uses each image that lies in the site.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Use, Want, Wants};
use crate::rule::resolve::{self, Parts, Target, decoded, is_picture, resolve};
use crate::rule::{Check, Comparison, Own, Sink};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct UnusedImage {
    exceptions: Vec<String>,
}

impl Check for UnusedImage {
    fn wants(&self) -> Wants {
        resolve::wants().and(Wants::of([Want::Mentions]))
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        if !corpus.ground.is_whole {
            return None;
        }
        let used = Used::of(corpus);
        let mut first: HashMap<&str, usize> = HashMap::new();
        for &number in numbers {
            first.entry(folder(&corpus.articles[number].path)).or_insert(number);
        }
        let mut unused: HashMap<usize, Vec<Box<str>>> = HashMap::new();
        let files = corpus.ground.files.iter().flatten();
        for file in files.filter(|file| is_picture(file) && !is_hidden(file) && !self.lets_pass(file)) {
            if !used.has(file) {
                let above = std::iter::successors(Some(folder(file)), |folder| self::above(folder));
                let owner = above.into_iter().find_map(|folder| first.get(folder)).or(numbers.first());
                unused.entry(*owner?).or_default().push(file.clone());
            }
        }
        (!unused.is_empty()).then(|| Box::new(Unused { corpus: Arc::clone(corpus), unused }) as _)
    }
}

impl UnusedImage {
    fn lets_pass(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.exceptions.iter().any(|known| match known.strip_suffix('/') {
            Some(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
            None => known == path || known == name,
        })
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder above one.
fn above(path: &str) -> Option<&str> {
    (!path.is_empty()).then(|| folder(path))
}

fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// The files that articles use.
struct Used<'c> {
    files: HashSet<&'c str>,
    /// The last parts of what templates, tags and fields name: where it leads only they know, so any file called so may
    /// be meant.
    names: HashMap<Box<str>, Vec<Box<str>>>,
}

impl<'c> Used<'c> {
    fn of(corpus: &'c Corpus) -> Self {
        let mut used = Self { files: HashSet::new(), names: HashMap::new() };
        for (number, known) in corpus.articles.iter().enumerate() {
            for reference in &known.facts.links {
                match resolve(corpus, number, reference) {
                    Target::File(path) => {
                        used.files.insert(path);
                    }
                    Target::Unknown if reference.used_as != Use::Link => used.name(&reference.url),
                    _ => {}
                }
            }
        }
        used
    }

    fn name(&mut self, url: &str) {
        let path = Parts::of(url).path;
        let Some(path) = decoded(path) else { return };
        let parts = path.split('/').filter(|part| !matches!(*part, "" | "." | ".." | "~" | "@"));
        let path = parts.collect::<Vec<_>>().join("/");
        let name = path.rsplit('/').next().unwrap_or(&path);
        let paths = self.names.entry(name.into()).or_default();
        if !paths.iter().any(|known| **known == *path) && paths.len() < MOST {
            paths.push(path.into());
        }
    }

    fn has(&self, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or(file);
        self.files.contains(file)
            || self.names.get(name).is_some_and(|paths| {
                let ends = |path: &str| {
                    file.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('/'))
                };
                paths.len() == MOST || paths.iter().any(|path| ends(path))
            })
    }
}

/// Of a name that so many paths end with, any file may be meant.
const MOST: usize = 32;

/// The images that nobody uses, by the number of the article that tells of them.
struct Unused {
    corpus: Arc<Corpus>,
    unused: HashMap<usize, Vec<Box<str>>>,
}

impl Comparison for Unused {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let path = &self.corpus.articles[own.number].path;
        for image in self.unused.get(&own.number).into_iter().flatten() {
            sink.report_file(name(own.name, path, image), "no article uses this image")
                .help("delete it, or use it");
        }
    }
}

/// What a file is called in findings, as the article is whose name and path are given.
fn name(own: &str, path: &str, file: &str) -> String {
    if let Some(before) = own.strip_suffix(path) {
        return format!("{before}{file}");
    }
    match path.strip_suffix(own).filter(|before| before.ends_with('/')) {
        Some(before) => file
            .strip_prefix(before)
            .map_or_else(|| format!("{}{file}", "../".repeat(before.matches('/').count())), str::to_owned),
        None => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_as_articles_are() {
        for (own, path, file, expected) in [
            ("a.md", "a.md", "b.png", "b.png"),
            ("site/a.md", "a.md", "img/b.png", "site/img/b.png"),
            ("/x/site/a.md", "a.md", "b.png", "/x/site/b.png"),
            ("a.md", "posts/a.md", "posts/b.png", "b.png"),
            ("a.md", "x/posts/a.md", "img/b.png", "../../img/b.png"),
            ("../a.md", "x/a.md", "img/b.png", "img/b.png"),
        ] {
            assert_eq!(name(own, path, file), expected, "{own} {path}");
        }
    }
}
