//! Another path or address in the place of one, as it can be written anywhere: in Markdown with and without angle
//! brackets, in HTML with any quotes.

use std::fmt::Write as _;

use super::path::Parts;
use crate::corpus::{Corpus, page_ending, stem};

/// The way to a file from the article with this number, in the style of the old address and with its query and
/// fragment: with the ending of a page where that has one, and from the root of the site where that begins there.
/// `None` where nothing is surely right.
pub(crate) fn to_path(corpus: &Corpus, number: usize, old: &str, path: &str) -> Option<String> {
    let own = &corpus.articles[number].path;
    let Parts { path: before, rest, .. } = Parts::of(old);
    let is_page = page_ending(path).is_some();
    let shown = match page_ending(before) {
        Some(ending) if ending[1..].starts_with(['h', 'H']) && is_page => {
            let folder = stem(path);
            match path[folder.len()..].strip_prefix('/') {
                Some(_) => format!("{folder}/index{ending}"),
                None if folder.is_empty() => format!("index{ending}"),
                None => format!("{folder}{ending}"),
            }
        }
        None if is_page && before.ends_with('/') => format!("{}/", stem(path)),
        None if is_page => stem(path).to_owned(),
        _ => path.to_owned(),
    };
    let way = if before.starts_with('/') {
        // What lies below `static/` is shown at the root.
        let served = corpus.ground.site.static_paths(before);
        let mut folders =
            served.iter().filter_map(|served| served.strip_suffix(before.trim_start_matches('/')));
        let inside = folders.find_map(|folder| shown.strip_prefix(folder))?;
        format!("/{}", encoded(inside))
    } else {
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let way = encoded(&relative(folder, &shown));
        if before.starts_with("./") && !way.starts_with("../") { format!("./{way}") } else { way }
    };
    Some(way + &kept(rest))
}

/// The address with this key in the place of an old one, with its origin, query and fragment.
pub(crate) fn to_address(corpus: &Corpus, old: &str, key: &str) -> String {
    let own_path = corpus.ground.site.own_path(old);
    let origin = own_path.and_then(|path| old.strip_suffix(path)).unwrap_or_default();
    let rest = Parts::of(own_path.unwrap_or(old)).rest;
    let shown = corpus.ground.site.written(corpus.index().shown(corpus, key));
    format!("{origin}{}{}", encoded(&shown), kept(rest))
}

/// An address with another fragment.
pub(crate) fn with_fragment(old: &str, id: &str) -> String {
    let before = old.split('#').next().unwrap_or_default();
    format!("{}#{}", kept(before), encoded(id))
}

/// The way from one folder to a path.
fn relative(folder: &str, to: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let is_folder = to.ends_with('/') || to.is_empty();
    let to: Vec<&str> = to.split('/').filter(|part| !part.is_empty()).collect();
    let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    // The last part of a path that is no folder is its name.
    let shared = if is_folder { shared } else { shared.min(to.len().saturating_sub(1)) };
    let mut parts = vec![".."; from.len() - shared];
    parts.extend(&to[shared..]);
    match (parts.is_empty(), is_folder) {
        (true, _) => "./".to_owned(),
        (false, true) => parts.join("/") + "/",
        (false, false) => parts.join("/"),
    }
}

/// A path as it is written in an address. Letters of all languages stay; a colon, which would make a scheme of what is
/// before it, and all marks that end an address somewhere or mean something there, do not.
fn encoded(path: &str) -> String {
    escaped(path, |letter| {
        letter.is_alphanumeric() || matches!(letter, '/' | '-' | '_' | '.' | '~' | '+' | ',' | '@')
    })
}

/// What stands behind a path, which is an address already.
fn kept(rest: &str) -> String {
    escaped(rest, |letter| {
        let is_mark = matches!(
            letter,
            '"' | '\'' | '<' | '>' | '(' | ')' | '`' | '{' | '}' | '|' | '\\' | '^' | '&' | '[' | ']'
        );
        letter == '&' || !(is_mark || letter.is_whitespace() || letter.is_control())
    })
}

fn escaped(text: &str, is_plain: impl Fn(char) -> bool) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_plain(letter) {
            plain.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                write!(plain, "%{byte:02X}").expect("a text takes all that is written to it");
            }
        }
    }
    plain
}
