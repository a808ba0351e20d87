//! What two spellings of a name have in common.

use unicode_normalization::UnicodeNormalization;

/// A name without what its spelling may vary in: capitals, compatibility forms of Unicode, `&` for `and`, and white
/// space, hyphens and punctuation, unless they part two figures (`24/7` is not `247`). Accents stay, and so do the signs
/// that tell names apart, as in `C`, `C++` and `C#`.
#[must_use]
pub fn fold(name: &str) -> Box<str> {
    let mut folded = String::with_capacity(name.len());
    let mut is_parted = false;
    let mut push = |letter: char| {
        if letter == '&' {
            folded.push_str("and");
        } else if is_mark(letter) {
            is_parted = true;
            return;
        } else {
            let parts_figures = letter.is_numeric() && folded.ends_with(char::is_numeric);
            if is_parted && parts_figures {
                folded.push(' ');
            }
            // By way of the capital, so that `ß` is `ss`, and a sigma at the end of a word is one.
            folded.extend(letter.to_uppercase().flat_map(char::to_lowercase));
        }
        is_parted = false;
    };
    if name.is_ascii() {
        name.chars().for_each(&mut push);
    } else {
        name.nfkc().for_each(&mut push);
    }
    // A name of marks alone is what it is.
    if folded.is_empty() { name.into() } else { folded.into() }
}

/// Whether a character only parts words or sentences. In ASCII, `#`, `+`, `@`, `$`, `%`, `*`, `=`, `<` and `>` mean more.
fn is_mark(letter: char) -> bool {
    letter.is_whitespace()
        || "-_/.,:;'\"!?()[]{}|\\~^`".contains(letter)
        || matches!(letter, '\u{ad}' | '¡' | '«' | '·' | '»' | '¿' | '\u{200b}'..='\u{206f}'
            | '、'..='〃' | '〈'..='】' | '〔'..='〟' | '・' | '−')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_alike() {
        let alike = [
            ["Synthetic Biology", "synthetic-biology", "Syntheticbiology"],
            ["Food & Drink", "food and drink", "Food&Drink"],
            ["Node.js", "NodeJS", "node js"],
            ["Straße", "STRASSE", "strasse"],
            ["Türen", "tu\u{308}ren", "TÜREN"],
            ["ＡＩ", "AI", "A.I."],
            ["Web 2.0", "web 2-0", "Web 2,0"],
            ["ΟΔΟΣ", "οδος", "οδοσ"],
            ["L’art", "L'art", "l art"],
            ["東京・大阪", "東京 大阪", "東京大阪"],
        ];
        for names in alike {
            let folded = names.map(fold);
            assert!(folded.iter().all(|one| *one == folded[0]), "{names:?}: {folded:?}");
        }
    }

    #[test]
    fn other_names_stay_apart() {
        let names = [
            "C",
            "C++",
            "C#",
            "247",
            "24/7",
            "Web 20",
            "Web 2.0",
            "Tür",
            "Tur",
            "Art",
            "Arts",
            "5G",
            "5 G+",
            "?",
            "!?",
            "हिंदी",
            "हदी",
        ];
        for (at, name) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                assert_ne!(fold(name), fold(other), "{name} {other}");
            }
        }
    }
}
