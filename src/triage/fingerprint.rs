//! By what a finding is known again when the lines around it have moved.

use std::fmt;
use std::str::FromStr;

use super::Finding;
use crate::engine;
use crate::text::{Source, line_end, line_start, next_line};

/// So many characters of the marked text count: what is changed far behind the beginning of a long paragraph leaves it the
/// same finding.
const MARKED: usize = 160;

/// So many words count on each side, of the line that the marked text stands in. Lines of Markdown are whole paragraphs, so
/// that a longer look would make another finding of this one whenever somebody mends a word beside it.
const AROUND: usize = 4;

/// So many characters make a word of a script without spaces.
const CHARACTERS: usize = 2;

/// A number for what a finding is about. Two findings of one file may have the same one: whoever knows them again counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_one = text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = is_one.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        number.map(Self).ok_or("a fingerprint has 16 digits, of 0 to 9 and a to f")
    }
}

/// The fingerprint of a finding in its text: of the rule, the beginning of the marked text, and the words before and behind
/// it in its lines. White space counts as one space.
///
/// Where nothing is marked, something is missing, and only the message tells what: it counts, but for its digits, which may
/// speak of the rest of the article. If that is at the very beginning, the article as a whole is meant, and not its first
/// line. Signs without a word on their line, like the fence of a block of code, are told from others by the line that follows.
#[must_use]
pub fn fingerprint(source: &Source, finding: &Finding) -> Fingerprint {
    let text = source.text();
    let span = finding.span.range();
    let (before, marked, behind) = match text.get(span.clone()) {
        Some("") if is_first(text, span.start) => ("", "", ""),
        Some(marked) => {
            let before = &text[line_start(text, span.start)..span.start];
            // What ends with its line, as blank lines do, is not beside the next one.
            let is_line = marked.ends_with(['\n', '\r']);
            let behind = if is_line { "" } else { &text[span.end..line_end(text, span.end)] };
            let is_sign = |text: &str| !text.contains(char::is_alphanumeric);
            if !is_first(text, span.start)
                && !marked.trim().is_empty()
                && [before, marked, behind].into_iter().all(is_sign)
            {
                let next = next_line(text, span.end);
                (before, marked, &text[span.end..line_end(text, next)])
            } else {
                (before.trim_start_matches('\u{feff}'), marked, behind)
            }
        }
        // The text is another than the one it was found in.
        None => ("", "", ""),
    };
    let (before, behind) = (nearest(before.chars().rev()), nearest(behind.chars()));
    let spaced = marked.split_whitespace().collect::<Vec<_>>().join(" ");
    let marked: String = spaced.chars().take(MARKED).collect();
    let told = if marked.is_empty() { without_digits(&finding.message) } else { String::new() };
    let number = engine::number([&*finding.rule, &before, &marked, &behind, &told]);
    Fingerprint((number & u128::from(u64::MAX)) as u64)
}

/// The first words of these letters, in their order.
fn nearest(letters: impl Iterator<Item = char>) -> String {
    let (mut near, mut left, mut is_inside) = (String::new(), AROUND * CHARACTERS, false);
    for letter in letters {
        if letter.is_whitespace() {
            is_inside = false;
            continue;
        }
        let cost = match (has_no_spaces(letter), is_inside) {
            (true, _) => 1,
            (false, false) => CHARACTERS,
            (false, true) => 0,
        };
        if cost > left {
            break;
        }
        if !is_inside && !near.is_empty() {
            near.push(' ');
        }
        near.push(letter);
        (left, is_inside) = (left - cost, true);
    }
    near
}

/// Whether a letter is of a script that has no spaces between words, as those of Thai and Chinese.
fn has_no_spaces(letter: char) -> bool {
    matches!(letter, '\u{0E00}'..='\u{0FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
        || letter >= '\u{2E80}' && letter.is_alphanumeric()
}

/// Whether a place is the beginning of the text.
fn is_first(text: &str, at: usize) -> bool {
    text[..at].chars().all(|letter| letter == '\u{feff}')
}

fn without_digits(message: &str) -> String {
    message.chars().filter(|letter| !letter.is_numeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;
    use crate::text::Span;

    fn of(text: &str, marked: &str, message: &str) -> Fingerprint {
        let at = text.find(marked).unwrap();
        let finding = Finding {
            rule: "a-rule".into(),
            level: Level::Error,
            path: "a.md".into(),
            span: Span::new(at, at + marked.len()),
            message: message.to_owned(),
            help: None,
            related: vec![],
            fix: None,
        };
        fingerprint(&Source::new("a.md", text.as_bytes().to_vec()), &finding)
    }

    #[test]
    fn moved_lines_and_far_words_leave_it_the_same() {
        let old = of("One two three four five six doors seven.\n", "doors", "wrong");
        for same in [
            "New line.\n\nOne two three four five six doors seven.\n",
            "0 two  three four five\tsix doors seven.\r\nMore.\n",
        ] {
            assert_eq!(of(same, "doors", "wrong in 7 words"), old, "{same}");
        }
        for other in
            ["One two three four five SIX doors seven.\n", "doors", "One two three four five six doors"]
        {
            assert_ne!(of(other, "doors", "wrong"), old, "{other}");
        }
    }

    #[test]
    fn of_a_script_without_spaces_a_few_characters_count() {
        let old = of("这扇古老而又高大的木门，是 Oak 做的，今天才刚刚漆成了绿色的。\n", "Oak", "wrong");
        assert_eq!(
            of("那扇全新而又高大的木门，是 Oak 做的，今天才刚刚漆成了红色的。\n", "Oak", "wrong"),
            old
        );
        assert_ne!(
            of("这扇古老而又高大的木门，非 Oak 做的，今天才刚刚漆成了绿色的。\n", "Oak", "wrong"),
            old
        );
    }

    #[test]
    fn what_is_missing_is_known_by_the_message() {
        let missing = |message| of("---\na: 1\n---\n", "", message);
        assert_eq!(missing("3 words, at least 5"), missing("4 words, at least 5"));
        assert_ne!(missing("\"title\" is missing"), missing("\"slug\" is missing"));
    }

    #[test]
    fn what_is_about_the_whole_article_does_not_depend_on_its_first_line() {
        let orphan = of("# Doors\n", "", "nobody links here");
        for same in ["Text.\n\n# Doors\n", "\u{feff}# Doors\n"] {
            assert_eq!(of(same, "", "nobody links here"), orphan, "{same}");
        }
        let fence = of("---\ntitle: Doors\n---\n", "---", "it is hard to read");
        assert_eq!(of("\u{feff}---\n# new\ntitle: Doors\n---\n", "---", ""), fence);
    }

    #[test]
    fn blank_lines_do_not_depend_on_what_follows() {
        let blank = of("Oak.\n\n\n\nElm.\n", "\n\n\n", "3 blank lines in a row");
        assert_eq!(of("Oak.\n\n\nAsh.\n\nElm.\n", "\n\n", "2 blank lines in a row"), blank);
    }

    #[test]
    fn signs_without_a_word_are_told_apart_by_the_next_line() {
        let fence = |text| of(text, "```", "no language");
        let oak = fence("Text.\n\n```\nlet oak = 1;\n```\n");
        assert_eq!(fence("New.\n\nText, and more.\n\n```\n  let  oak = 1;\nlet elm = 2;\n```\n"), oak);
        assert_ne!(fence("Text.\n\n```\nlet elm = 1;\n```\n"), oak);
        assert_ne!(fence("Text.\n\n``` \n\nlet oak = 1;\n```\n"), oak);
    }

    #[test]
    fn a_long_text_is_known_by_its_beginning() {
        let text = "word ".repeat(100);
        let marked = text.trim_end();
        let longer = format!("{text}end");
        assert_eq!(of(&text, marked, ""), of(&longer, &longer, ""));
    }
}
