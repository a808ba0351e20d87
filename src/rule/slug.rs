//! Slugs as generators make them of titles and of the names of files.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// Files that stand for their folder: of all generators, of Hugo's sections, of GitHub, of Next's routes.
pub(crate) const INDEXES: [&str; 4] = ["index", "_index", "readme", "page"];
use crate::site;

/// Small letters and digits of any script, with single hyphens between words.
pub(crate) fn slug(text: &str) -> String {
    of(text).into_owned()
}

/// The same, of a text that may well be its own slug.
pub(crate) fn of(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'A'..='Z' => slug.push(letter.to_ascii_lowercase()),
            // What stands within a word leaves no gap.
            '\'' | '’' => {}
            // In Thai and Hindi signs belong to the letters before them.
            _ if !letter.is_ascii() && is_in_word(letter) => {
                slug.extend(letter.to_lowercase().filter(|letter| is_in_word(*letter)));
            }
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    Cow::Owned(slug)
}

/// Whether a text is nothing but small letters and digits of ASCII, with single hyphens between words, as most slugs
/// are: then it is its own slug.
pub(crate) fn is_plain(text: &str) -> bool {
    let mut before = b'-';
    for byte in text.bytes() {
        if !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'-' && before != b'-')) {
            return false;
        }
        before = byte;
    }
    before != b'-'
}

fn is_in_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter)
}

/// The name of a file without its language: `door.en`, `door.pt-br` and `door.es-419` are translations of `door`.
pub(crate) fn without_language(stem: &str) -> &str {
    site::language(stem).map_or(stem, |(rest, _)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_small_letters_and_single_hyphens() {
        for (text, expected) in [
            ("Oak doors & hinges!", "oak-doors-hinges"),
            ("Don’t — Türen", "dont-türen"),
            ("--", ""),
            ("", ""),
            ("a-1", "a-1"),
            ("a--b", "a-b"),
            ("-a-", "a"),
            ("门 1", "门-1"),
            ("हिन्दी तोरण", "हिन्दी-तोरण"),
        ] {
            assert_eq!(slug(text), expected);
        }
    }

    #[test]
    fn a_language_is_no_part_of_a_name() {
        for (stem, expected) in [
            ("door.en", "door"),
            ("door.pt-br", "door"),
            ("door.es-419", "door"),
            ("door", "door"),
            ("release-1.22.10", "release-1.22.10"),
            ("door.v10", "door.v10"),
            (".en", ".en"),
        ] {
            assert_eq!(without_language(stem), expected);
        }
    }
}
