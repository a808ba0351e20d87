//! The name of a file works on every system.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::article::Article;
use crate::corpus::Corpus;
use crate::facts::{Want, Wants};
use crate::finding::Related;
use crate::rule::clash::Clashes;
use crate::rule::{Check, Comparison, Context, Own, Sink, others};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FileName {
    allow_upper_case: bool,
    allow_spaces: bool,
}

/// What Windows keeps for devices, with any ending.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

impl Check for FileName {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let path = article.source.path();
        let mut parts = path.split('/').enumerate().peekable();
        while let Some((index, part)) = parts.next() {
            let is_drive = index == 0 && part.len() == 2 && part.ends_with(':');
            if is_drive || matches!(part, "" | "." | "..") {
                continue;
            }
            let what = if parts.peek().is_none() { "file" } else { "folder" };
            if let Some((why, help)) = self.wrong(part) {
                sink.report(Span::empty(0), format!("the name of the {what} \"{part}\" {why}")).help(help);
            }
        }
    }

    fn wants(&self) -> Wants {
        Wants::of([Want::Paths])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let paths = numbers.iter().map(|number| (*number, &*corpus.articles[*number].path));
        let clashes = Clashes::of(paths.clone());
        let found = paths.flat_map(|path| clashes.at(path).into_iter().map(move |clash| (path.0, clash)));
        let mut said: HashMap<usize, Vec<Said>> = HashMap::new();
        for (number, clash) in found {
            let what = if clash.is_file { "file" } else { "folder" };
            let message = match &clash.others[..] {
                [(other, _)] => format!(
                    "the name of the {what} \"{}\" differs from \"{other}\" only in capitals or in how accents are stored",
                    clash.name
                ),
                _ => format!(
                    "the name of the {what} \"{}\" differs from {} others only in capitals or in how accents are stored",
                    clash.name, clash.count
                ),
            };
            let others = clash.others.iter().map(|(_, number)| {
                others::place(&corpus.articles[*number], Span::empty(0), format!("the {what} beside it"))
            });
            said.entry(number).or_default().push(Said {
                message,
                others: others.collect(),
                count: clash.count,
            });
        }
        (!said.is_empty()).then(|| Box::new(Clashing(said)) as _)
    }
}

/// A finding about an article that clashes with others.
struct Said {
    message: String,
    others: Vec<Related>,
    count: usize,
}

/// What is to be said, by the numbers of the articles.
struct Clashing(HashMap<usize, Vec<Said>>);

impl Comparison for Clashing {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        for said in self.0.get(&own.number).into_iter().flatten() {
            let finding = sink.report(Span::empty(0), said.message.clone());
            finding.help("rename one: on Windows and macOS only one of them can be there");
            others::show(finding, said.others.iter().cloned(), said.count);
        }
    }
}

impl FileName {
    fn wrong(&self, name: &str) -> Option<(String, &'static str)> {
        if is_surely_right(name) {
            return None;
        }
        let refused = |letter: &char| {
            matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') || letter.is_ascii_control()
        };
        let (stem, _) = name.split_once('.').unwrap_or((name, ""));
        if let Some(letter) = name.chars().find(refused) {
            let shown = if letter.is_ascii_control() {
                format!("U+{:04X}", u32::from(letter))
            } else {
                letter.to_string()
            };
            let why = format!("has \"{shown}\" in it, which Windows does not allow");
            return Some((why, "rename it: who works on Windows cannot check it out"));
        }
        if name.ends_with(['.', ' ']) {
            let last = if name.ends_with('.') { "a dot" } else { "a space" };
            return Some((format!("ends with {last}, which Windows drops"), "rename it without that"));
        }
        if is_device(stem.trim_end()) {
            let why = format!("begins with \"{stem}\", which Windows keeps for a device");
            return Some((why, "rename it: who works on Windows cannot check it out"));
        }
        // README, LICENSE and the like are written so everywhere.
        let is_shouted = !stem.contains(char::is_lowercase);
        if !self.allow_upper_case && !is_shouted && name.contains(char::is_uppercase) {
            let help = "write it in small letters: some systems tell capitals apart, and some do not";
            return Some(("has capital letters".to_owned(), help));
        }
        if !self.allow_spaces && name.contains(char::is_whitespace) {
            return Some((
                "has a space in it".to_owned(),
                "write a hyphen: in an address a space becomes \"%20\"",
            ));
        }
        None
    }
}

/// A look that costs little, since most names are right: small letters, digits, hyphens and underscores of ASCII, more
/// than a device has, and an ending.
fn is_surely_right(name: &str) -> bool {
    let is_part =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    let bytes = name.as_bytes();
    let stem = bytes.iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len());
    let end = &bytes[stem..];
    stem > 4
        && (end.is_empty()
            || matches!(end, [b'.', letters @ ..] if !letters.is_empty() && letters.iter().all(is_part)))
}

fn is_device(stem: &str) -> bool {
    let mut letters = stem.chars();
    let number = letters.next_back();
    let port = letters.as_str();
    let is_number = number.is_some_and(|number| matches!(number, '1'..='9' | '¹' | '²' | '³'));
    DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device))
        || (is_number && (port.eq_ignore_ascii_case("COM") || port.eq_ignore_ascii_case("LPT")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_surely_right_is_right() {
        let rule = FileName { allow_upper_case: false, allow_spaces: false };
        let mut names: Vec<String> = vec!["2024-01-02-front_doors.md".to_owned(), "content".to_owned()];
        let parts = ["con", "com1", "doors", "a b", "Door", "tür", "", "-"];
        names.extend(parts.iter().flat_map(|stem| parts.iter().map(move |end| format!("{stem}.{end}"))));
        for name in &names {
            assert!(!is_surely_right(name) || rule.wrong(name).is_none(), "{name}");
        }
        assert!(is_surely_right(&names[0]) && is_surely_right(&names[1]) && !is_surely_right("door"));
    }
}
