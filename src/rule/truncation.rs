//! What a description has in common with the excerpt that it was cut from.

use std::borrow::Cow;

use memchr::memchr;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// How the description relates to the excerpt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// They say the same.
    Equal,
    /// It is the beginning of the excerpt, perhaps with an ellipsis.
    Truncation,
    /// It says something else.
    Other,
}

/// What a reader sees of a text, typography aside: no tags of HTML, white space folded, straight quotes, Unicode in its
/// composed form (NFC).
pub(crate) fn normalised(text: &str) -> String {
    let text = without_tags(text);
    let straight = |letter| match letter {
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        other => other,
    };
    let mut words = String::with_capacity(text.len());
    // White space that is ASCII divides most texts, and is found many times faster.
    for piece in text.split_ascii_whitespace() {
        if piece.is_ascii() && !piece.contains('\u{b}') {
            add(&mut words, piece);
            continue;
        }
        for word in piece.split_whitespace() {
            add(&mut words, "");
            words.extend(word.chars().map(straight));
        }
    }
    if words.is_ascii() || is_nfc(&words) { words } else { words.nfc().collect() }
}

fn add(words: &mut String, word: &str) {
    if !words.is_empty() {
        words.push(' ');
    }
    words.push_str(word);
}

/// A text less its tags of HTML.
pub(crate) fn without_tags(text: &str) -> Cow<'_, str> {
    if memchr(b'<', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        // Where no tag ends any more, none begins.
        let Some((_, behind)) = tag.split_once('>') else { return (plain + &rest[before.len()..]).into() };
        if tag.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') {
            rest = behind;
        } else {
            plain.push('<');
            rest = tag;
        }
    }
    (plain + rest).into()
}

/// How a description relates to an excerpt, both [`normalised`].
pub(crate) fn relation(excerpt: &str, description: &str) -> Relation {
    if excerpt == description {
        return Relation::Equal;
    }
    let beginning = without_ellipsis(description);
    if !beginning.is_empty() && excerpt.starts_with(beginning) {
        Relation::Truncation
    } else {
        Relation::Other
    }
}

/// Where a description is, as the two are written, the beginning of an excerpt that goes on with other words: that
/// beginning, and the rest. Normalised they relate in the same way, and have the same characters around the cut, so that
/// nobody has to do that.
pub(crate) fn plain_truncation<'t>(excerpt: &'t str, description: &'t str) -> Option<(&'t str, &'t str)> {
    let beginning = without_ellipsis(description.trim());
    let rest = excerpt.trim().strip_prefix(beginning)?;
    let is_ascii = |bytes: Option<&[u8]>| bytes.is_some_and(<[u8]>::is_ascii);
    let (before, behind) = (beginning.as_bytes(), rest.as_bytes());
    // Beside ASCII nothing is composed.
    let is_plain = is_ascii(before.len().checked_sub(2).map(|at| &before[at..]))
        && is_ascii(behind.get(..2))
        && rest.trim_start().starts_with(|next: char| next.is_ascii_alphanumeric())
        && memchr(b'<', excerpt.as_bytes()).is_none()
        && memchr(b'<', description.as_bytes()).is_none();
    is_plain.then_some((beginning, rest))
}

/// What stands before the ellipsis, if there is one.
pub(crate) fn without_ellipsis(text: &str) -> &str {
    let beginning = text.trim_end_matches(['.', '…']);
    if beginning.len() == text.len() { text } else { beginning.trim_end() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_compared_by_their_words() {
        let excerpt = "Doors open.  They\nclose, too.";
        let cases = [
            ("Doors open. They close, too.", Relation::Equal),
            ("Doors open. They close, too....", Relation::Truncation),
            ("Doors open. They clo...", Relation::Truncation),
            ("Doors open. They …", Relation::Truncation),
            ("Doors open. They", Relation::Truncation),
            ("Doors open. They close, two.", Relation::Other),
            ("...", Relation::Other),
        ];
        for (description, expected) in cases {
            assert_eq!(relation(&normalised(excerpt), &normalised(description)), expected, "{description}");
            let plain = plain_truncation(excerpt, description);
            assert!(plain.is_none() || expected == Relation::Truncation, "{description}");
        }
        assert_eq!(plain_truncation(excerpt, " Doors op…"), Some(("Doors op", "en.  They\nclose, too.")));
        assert_eq!(plain_truncation("cafe\u{301} au lait", "cafe..."), None);
        let alike = [
            ("cafe\u{301}", "café"),
            ("an <a href='x'>old</a> door", "an old door"),
            ("“it’s” 3 < 4", "\"it's\" 3 < 4"),
        ];
        for (left, right) in alike {
            assert_eq!(relation(&normalised(left), &normalised(right)), Relation::Equal, "{left}");
        }
    }
}
