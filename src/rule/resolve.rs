//! Where a link leads: to an article, to a file, or nowhere. Shared by the rules about links within a site.
//!
//! Nothing is called missing that may be there all the same: what lies outside the folder of the site or in folders that
//! are not listed, what the generator or something else makes, and addresses of sites of which nobody said how files
//! become addresses.

mod near;
mod path;
mod written;

use std::borrow::Cow;

use crate::corpus::{Corpus, INDEXES, PAGES, is_article, page_ending, stem};
use crate::facts::{Reference, Use, Want, Wants};
use crate::site::Preset;

pub(crate) use super::gather::is_picture;
pub(crate) use near::Budget;
pub(crate) use path::{Parts, decoded};
pub(crate) use written::{to_address, to_path, with_fragment};

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target<'c> {
    /// To the article with this number.
    Article(usize),
    /// To a file that is no article.
    File(&'c str),
    /// To a folder, or a page that is made of another file.
    There,
    /// To what something else makes.
    Elsewhere,
    /// Nobody can tell.
    Unknown,
    /// To nothing, but for these, which differ in case alone: paths, or keys of addresses.
    Case(Wanted, Vec<&'c str>),
    /// To nothing.
    Missing(Wanted),
}

/// What a link that leads to nothing wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A file: its path from the folder of the site.
    Path(String),
    /// An address, by its key.
    Address(Box<str>),
}

/// What [`resolve`] has to know of every article.
pub(crate) fn wants() -> Wants {
    Wants::of([Want::Links, Want::Addresses, Want::Files])
}

/// Where a link of the article with this number leads.
pub(crate) fn resolve<'c>(corpus: &'c Corpus, number: usize, reference: &Reference) -> Target<'c> {
    if reference.used_as == Use::Mention {
        return Target::Unknown;
    }
    let from = Resolver { corpus, number };
    if let Some(path) = corpus.ground.site.own_path(&reference.url) {
        let path = Parts::of(path).path;
        return from.address(if path.is_empty() { "/" } else { path });
    }
    let path = Parts::of(&reference.url).path;
    if path.is_empty() {
        return Target::Article(number);
    }
    let Some(plain) = decoded(path) else { return Target::Unknown };
    let plain = if plain.contains('\\') { Cow::Owned(plain.replace('\\', "/")) } else { plain };
    if plain.starts_with('/') {
        return from.address(path);
    }
    let target = from.relative(&plain, reference.used_as);
    // A name may have a percent sign of its own.
    match target {
        Target::Missing(_) | Target::Unknown if plain != path => match from.file_beside(path) {
            Some(found) => found,
            None => target,
        },
        target => target,
    }
}

struct Resolver<'c> {
    corpus: &'c Corpus,
    number: usize,
}

impl<'c> Resolver<'c> {
    /// Where an address from the root of the site leads.
    fn address(&self, address: &str) -> Target<'c> {
        let ground = &self.corpus.ground;
        let plain = decoded(address).unwrap_or(Cow::Borrowed(address));
        let at_root = || path::join("", plain.trim_start_matches('/')).and_then(|path| self.file(&path));
        if !ground.site.knows_routes() {
            return at_root().unwrap_or(Target::Unknown);
        }
        if let Some(found) = self.made(address).or_else(at_root) {
            return found;
        }
        if !ground.is_whole {
            return Target::Unknown;
        }
        let served = ground.site.static_paths(address);
        let right = served.iter().flat_map(|path| self.corpus.paths().alike(path));
        let right: Vec<&str> = right.filter(|path| ground.file(path).is_some()).collect();
        let is_resource = |path: &String| path::is_file(path) && !is_article(path);
        if let Some(first) = served.into_iter().next().filter(|first| !right.is_empty() || is_resource(first))
        {
            let wanted = Wanted::Path(first);
            return if right.is_empty() { Target::Missing(wanted) } else { Target::Case(wanted, right) };
        }
        self.no_address(ground.site.key(address))
    }

    fn no_address(&self, key: Box<str>) -> Target<'c> {
        let right: Vec<&str> = self.corpus.index().addresses().alike(&key).collect();
        let wanted = Wanted::Address(key);
        if right.is_empty() { Target::Missing(wanted) } else { Target::Case(wanted, right) }
    }

    /// What is shown at an address from the root of the site.
    fn made(&self, address: &str) -> Option<Target<'c>> {
        let (site, index) = (&self.corpus.ground.site, self.corpus.index());
        let key = site.key(address);
        if let Some(number) = index.article_at(&key) {
            return Some(Target::Article(number));
        }
        let found = self.first(site.static_paths(address)).or_else(|| self.logical(address));
        let is_made = || index.is_served(&key).then_some(Target::There);
        found.or_else(is_made).or_else(|| site.is_elsewhere(address).then_some(Target::Elsewhere))
    }

    /// The article that the generator finds for a logical path: Hugo whatever the case of its letters
    /// (<https://gohugo.io/quick-reference/glossary/logical-path/>).
    fn logical(&self, path: &str) -> Option<Target<'c>> {
        let site = &self.corpus.ground.site;
        let paths = site.content_paths(path);
        let ignores_case = site.preset == Preset::Hugo;
        let alike = || {
            paths.iter().flat_map(|path| self.corpus.paths().alike(path)).find_map(|path| self.exactly(path))
        };
        let exact = paths.iter().find_map(|path| self.exactly(path));
        exact.or_else(|| if ignores_case { alike() } else { None })
    }

    fn first(&self, paths: Vec<String>) -> Option<Target<'c>> {
        paths.into_iter().find_map(|path| self.exactly(&path))
    }

    /// Where a path leads that begins in the folder of the article, or at its address.
    fn relative(&self, path: &str, used_as: Use) -> Target<'c> {
        let ground = &self.corpus.ground;
        if let Some(found) = self.file_beside(path) {
            return found;
        }
        let site = &ground.site;
        let address = self.address_beside(path);
        if let Some(found) = address.as_deref().and_then(|address| self.made(address)) {
            return found;
        }
        if let Some(found) = self.logical(path) {
            return found;
        }
        // Some themes put a folder of their own before the image of the front matter.
        let is_anywhere = used_as == Use::Hero && !path.starts_with('.');
        let is_alias = path.starts_with(['@', '~']);
        if is_anywhere || is_alias {
            let found = is_anywhere.then(|| self.address(&format!("/{path}")));
            let found = found.filter(|found| !matches!(found, Target::Missing(_) | Target::Case(..)));
            return found.unwrap_or(Target::Unknown);
        }
        if !path::is_file(path) {
            return match address {
                Some(address) if ground.is_whole => self.no_address(site.key(&address)),
                _ => Target::Unknown,
            };
        }
        let Some(wanted) = path::join(self.folder(), path).filter(|wanted| ground.would_list(wanted)) else {
            return Target::Unknown;
        };
        let right: Vec<&str> = self.corpus.paths().alike(&wanted).collect();
        let wanted = Wanted::Path(wanted);
        if right.is_empty() { Target::Missing(wanted) } else { Target::Case(wanted, right) }
    }

    /// What lies where a path leads from the folder of the article; or, if it is no article that is linked to as a file,
    /// from a folder that is called as the article is: there most generators show it.
    fn file_beside(&self, path: &str) -> Option<Target<'c>> {
        let own = &self.corpus.articles[self.number].path;
        let beside = |folder: &str| path::join(folder, path).and_then(|path| self.file(&path));
        let shown = stem(own);
        let is_shown_elsewhere = shown != self.folder() && !is_article(path);
        beside(self.folder()).or_else(|| if is_shown_elsewhere { beside(shown) } else { None })
    }

    /// The address to which a path leads from that of the article.
    fn address_beside(&self, path: &str) -> Option<String> {
        let site = &self.corpus.ground.site;
        if !site.knows_routes() || !site.links_by_url() {
            return None;
        }
        let own = self.corpus.articles[self.number].facts.addresses.first()?;
        Some(path::join_address(own, path))
    }

    fn folder(&self) -> &'c str {
        let own = &self.corpus.articles[self.number].path;
        own.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The article or the file with this path.
    fn exactly(&self, path: &str) -> Option<Target<'c>> {
        let article = self.corpus.article(path).map(Target::Article);
        article.or_else(|| self.corpus.ground.file(path).map(Target::File))
    }

    /// The same, be it with the ending of a page, or a folder and its page.
    fn file(&self, path: &str) -> Option<Target<'c>> {
        let plain = path.trim_end_matches('/');
        if let Some(found) = self.exactly(plain) {
            return Some(found);
        }
        let with = |stem: &str| PAGES.iter().find_map(|ending| self.exactly(&format!("{stem}{ending}")));
        match page_ending(plain) {
            // A link to what is made of a page.
            Some(ending) if !is_article(plain) => {
                let stem = &plain[..plain.len() - ending.len()];
                with(stem).or_else(|| with(stem.strip_suffix("index")?.strip_suffix('/')?))
            }
            Some(_) => None,
            None => with(plain).or_else(|| {
                let below = if plain.is_empty() { String::new() } else { format!("{plain}/") };
                let is_there = self.corpus.ground.has_folder(plain);
                let page = INDEXES.iter().find_map(|index| with(&format!("{below}{index}")));
                page.or(is_there.then_some(Target::There))
            }),
        }
    }
}

#[cfg(test)]
mod tests;
