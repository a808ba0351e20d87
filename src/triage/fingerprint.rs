//! By what a finding is known again when the lines around it have moved.

use std::fmt;
use std::str::FromStr;

use super::Finding;
use crate::engine;
use crate::text::{Source, line_end, line_start};

/// So many characters of the marked text count: what is changed far behind the beginning of a long paragraph leaves it the
/// same finding.
const MARKED: usize = 160;

/// So many words count on each side, of the line that the marked text stands in. Lines of Markdown are whole paragraphs, so
/// that a longer look would make another finding of this one whenever somebody mends a word beside it.
const AROUND: usize = 4;

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
/// it in its lines. White space counts as one space. Where nothing is marked, something is missing, and only the message
/// tells what: it counts, but for its digits, which may speak of the rest of the article.
#[must_use]
pub fn fingerprint(source: &Source, finding: &Finding) -> Fingerprint {
    let text = source.text();
    let span = finding.span.range();
    let (before, marked, behind) = match text.get(span.clone()) {
        Some(marked) => {
            let before = &text[line_start(text, span.start)..span.start];
            (before, marked, &text[span.end..line_end(text, span.end)])
        }
        // The text is another than the one it was found in.
        None => ("", "", ""),
    };
    let around = |words: &mut dyn Iterator<Item = &str>| words.take(AROUND).collect::<Vec<_>>().join(" ");
    let before = around(&mut before.split_whitespace().rev());
    let behind = around(&mut behind.split_whitespace());
    let spaced = marked.split_whitespace().collect::<Vec<_>>().join(" ");
    let marked: String = spaced.chars().take(MARKED).collect();
    let told = if marked.is_empty() { without_digits(&finding.message) } else { String::new() };
    let number = engine::number([&*finding.rule, &before, &marked, &behind, &told]);
    Fingerprint((number & u128::from(u64::MAX)) as u64)
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
    fn what_is_missing_is_known_by_the_message() {
        let missing = |message| of("---\na: 1\n---\n", "", message);
        assert_eq!(missing("3 words, at least 5"), missing("4 words, at least 5"));
        assert_ne!(missing("\"title\" is missing"), missing("\"slug\" is missing"));
    }

    #[test]
    fn a_long_text_is_known_by_its_beginning() {
        let text = "word ".repeat(100);
        let marked = text.trim_end();
        let longer = format!("{text}end");
        assert_eq!(of(&text, marked, ""), of(&longer, &longer, ""));
    }
}
