//! A slug is small letters and digits, with single hyphens between words.

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::article::edit::Editor;
use crate::article::{Article, FrontMatter, Role};
use crate::data::Node;
use crate::finding::Fix;
use crate::rule::{Check, Context, Sink, scalar, slug};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct SlugFormat {
    max: usize,
    letters: Letters,
    also: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Letters {
    Unicode,
    Ascii,
}

impl Check for SlugFormat {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some((slug, node)) = context.roles.text(article, Role::Slug) else { return };
        // In Astro and Docusaurus a slug may be a path; `/` alone is the root of the site.
        let Some(problem) = slug.trim_matches('/').split('/').find_map(|part| self.problem(part)) else {
            return;
        };
        if slug.trim_matches('/').is_empty() || scalar::is_template(slug) || is_unused(article, node) {
            return;
        }
        let finding = sink.report(node.span, format!("the slug \"{slug}\" {problem}"));
        let right = self.right(slug);
        finding.help(match &right {
            Some(right) => format!("write \"{right}\", and keep the old address as a redirect"),
            None => "write small letters, digits and single hyphens between words".to_owned(),
        });
        finding.fix = right.and_then(|right| fix(article, node, &right));
    }
}

impl SlugFormat {
    /// What is wrong with a part of the path.
    fn problem(&self, part: &str) -> Option<String> {
        // Docusaurus takes `./doors` from the folder of the file.
        if matches!(part, "." | "..") || (part.len() <= self.max && slug::is_plain(part)) {
            return None;
        }
        let letters = part.chars();
        let dots = is_in_number(part);
        if let Some(wrong) = letters.clone().find(|letter| !self.is_allowed(*letter, dots)) {
            return Some(match wrong {
                ' ' => "has a space".to_owned(),
                _ if wrong.is_uppercase() => format!("has the capital letter \"{wrong}\""),
                _ => format!("has the character \"{}\"", wrong.escape_debug()),
            });
        }
        if part.starts_with('-') || part.ends_with('-') {
            return Some("begins or ends with a hyphen".to_owned());
        }
        if part.is_empty() {
            return Some("has two slashes in a row".to_owned());
        }
        if part.contains("--") {
            return Some("has two hyphens in a row".to_owned());
        }
        let count = if part.len() > self.max { letters.count() } else { 0 };
        (count > self.max).then(|| format!("has {count} characters, more than {}", self.max))
    }

    fn is_allowed(&self, letter: char, dots: bool) -> bool {
        match letter {
            'a'..='z' | '0'..='9' | '-' => true,
            // As in `rust-1.85`.
            '.' if dots => true,
            _ if self.also.contains(letter) => true,
            _ if letter.is_ascii() || self.letters == Letters::Ascii => false,
            _ => is_letter(letter) && !letter.is_uppercase(),
        }
    }

    /// The nearest slug that is right; none where letters would have to be spelt anew.
    fn right(&self, slug: &str) -> Option<String> {
        let parts = slug.split('/').filter(|part| !part.is_empty());
        let parts = parts.map(|part| self.right_part(part)).collect::<Option<Vec<_>>>()?;
        let edge = |is_there: bool| if is_there { "/" } else { "" };
        Some(format!("{}{}{}", edge(slug.starts_with('/')), parts.join("/"), edge(slug.ends_with('/'))))
    }

    fn right_part(&self, part: &str) -> Option<String> {
        if matches!(part, "." | "..") {
            return Some(part.to_owned());
        }
        // Encoded letters would have to be decoded first.
        if part.contains('%') {
            return None;
        }
        let composed: String = match self.letters {
            Letters::Unicode => part.nfc().collect(),
            // The letter without its accent.
            Letters::Ascii => part.nfd().filter(|letter| !is_mark(*letter)).collect(),
        };
        let small = composed.to_lowercase();
        let dots = is_in_number(&small);
        let mut right = String::with_capacity(small.len());
        for letter in small.chars() {
            match letter {
                '\'' | '’' => {}
                _ if self.is_allowed(letter, dots) && letter != '-' => right.push(letter),
                _ if letter.is_alphanumeric() => return None,
                _ if right.is_empty() || right.ends_with('-') => {}
                _ => right.push('-'),
            }
        }
        let end = right.char_indices().nth(self.max).map_or(right.len(), |(end, _)| end);
        // Cut between words, where there are several.
        if end < right.len() && !right[end..].starts_with('-') {
            let word = right[..end].rfind('-').unwrap_or(end);
            right.truncate(word);
        } else {
            right.truncate(end);
        }
        let right = right.trim_end_matches('-');
        (self.problem(right).is_none() && !right.is_empty()).then(|| right.to_owned())
    }
}

/// Whether another field gives the page its address, so that nobody sees the slug: `url` in Hugo, `path` in Zola,
/// `permalink` in Jekyll and Eleventy; but not where that asks for the slug, as in `/posts/:slug/`.
fn is_unused(article: &Article<'_>, slug: &Node) -> bool {
    let Some(root) = article.front_matter.as_ref().and_then(FrontMatter::root) else { return false };
    let addresses = ["url", "path", "permalink"].into_iter().filter_map(|name| root.find([name]));
    addresses.filter(|place| place.node.span != slug.span).any(|place| {
        let is_address = |text: &str| text.contains('/') && !text.contains("://") && !text.contains("slug");
        place.node.as_str().is_some_and(is_address)
    })
}

fn fix(article: &Article<'_>, node: &Node, right: &str) -> Option<Fix> {
    let edits = Editor::of(article)?.replace(node, &right.into())?;
    Some(Fix::r#unsafe(format!("write \"{right}\""), edits))
}

/// Whether every dot of a text stands between two digits.
fn is_in_number(part: &str) -> bool {
    let mut between = part.split('.').peekable();
    let mut is_first = true;
    while let Some(piece) = between.next() {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let fits = (is_first || digit(piece.as_bytes().first()))
            && (between.peek().is_none() || digit(piece.as_bytes().last()));
        if !fits {
            return false;
        }
        is_first = false;
    }
    true
}

/// A letter or digit, or a sign that belongs to one, as in Thai and Hindi.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || is_mark(letter)
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_mended_where_no_letter_is_lost() {
        let ascii = SlugFormat { max: 20, letters: Letters::Ascii, also: "_".to_owned() };
        let unicode = SlugFormat { max: 20, letters: Letters::Unicode, also: String::new() };
        let cases = [
            ("Front Doors!", Some("front-doors"), Some("front-doors")),
            ("it's_open", Some("its-open"), Some("its_open")),
            ("Café-Tür", Some("café-tür"), Some("cafe-tur")),
            ("rust-1.85.", Some("rust-1-85"), Some("rust-1-85")),
            ("a--b/C/", Some("a-b/c/"), Some("a-b/c/")),
            ("../Doors", Some("../doors"), Some("../doors")),
            ("Дверь", Some("дверь"), None),
            ("%E6%89%89", None, None),
            ("---", None, None),
            ("doors-and-windows-and-hinges", Some("doors-and-windows"), Some("doors-and-windows")),
            ("antidisestablishmentarianism", Some("antidisestablishment"), Some("antidisestablishment")),
        ];
        for (slug, first, second) in cases {
            assert_eq!(unicode.right(slug).as_deref(), first, "{slug}");
            assert_eq!(ascii.right(slug).as_deref(), second, "{slug}");
        }
        for slug in ["doors", "rust-1.85", "扉", "tür", "तोरण", "./doors", "/a/b/", "2024"] {
            let problem = slug.trim_matches('/').split('/').find_map(|part| unicode.problem(part));
            assert_eq!(problem, None, "{slug}");
        }
    }
}
