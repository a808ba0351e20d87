//! The ids that generators give to headings, by which `#fragments` find them.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letters::{is_letter_or_digit, is_letter_or_number, is_word};

/// How headings become ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// GitHub's pages: `TableOfContentsFilter` of <https://github.com/gjtorikian/html-pipeline>.
    #[default]
    GitHub,
    /// Hugo's default, `autoIDType: github`: <https://gohugo.io/configuration/markup/#parserautoidtype>. The program is
    /// `markup/goldmark/autoid.go`; goldmark hands it the heading as it is written, markup included.
    Hugo,
    /// Hugo's `github-ascii`: letters without their accents, and nothing outside ASCII.
    HugoAscii,
    /// Hugo's `blackfriday`: single hyphens.
    Blackfriday,
    /// Docusaurus, Astro and Nextra: <https://github.com/Flet/github-slugger>.
    Docusaurus,
    /// Jekyll's default, kramdown with GitHub's Markdown: `generate_gfm_header_id` of
    /// <https://github.com/kramdown/parser-gfm>.
    KramdownGfm,
    /// kramdown by itself: `basic_generate_id` of <https://kramdown.gettalong.org/converter/html.html#auto-ids>.
    Kramdown,
}

/// A heading, as far as its id goes.
#[derive(Clone, Copy, Debug)]
pub struct Headline<'a> {
    /// What the reader sees.
    pub text: &'a str,
    /// The bytes of its text, markup included.
    pub written: &'a str,
    /// The id that the author gave it.
    pub id: Option<&'a str>,
    /// Whether it is `<h2>` and no Markdown.
    pub is_html: bool,
}

impl Algorithm {
    /// All, by their names in the config.
    pub const ALL: [(&'static str, Self); 7] = [
        ("github", Self::GitHub),
        ("hugo", Self::Hugo),
        ("hugo-ascii", Self::HugoAscii),
        ("blackfriday", Self::Blackfriday),
        ("docusaurus", Self::Docusaurus),
        ("kramdown-gfm", Self::KramdownGfm),
        ("kramdown", Self::Kramdown),
    ];

    /// Its name in the config.
    ///
    /// # Panics
    /// Never: the table has all of them.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = Self::ALL.iter().find(|(_, algorithm)| *algorithm == self);
        row.map(|(name, _)| *name).expect("a test proves the table complete")
    }

    /// The ids of the headings of a page, in their order; `None` for one that gets none.
    pub fn ids<'a>(self, headings: impl IntoIterator<Item = Headline<'a>>) -> Vec<Option<Box<str>>> {
        let mut known = Known::default();
        headings.into_iter().map(|heading| self.id(&heading, &mut known)).collect()
    }

    fn id(self, heading: &Headline<'_>, known: &mut Known) -> Option<Box<str>> {
        if let Some(id) = heading.id {
            // goldmark alone remembers the ids that authors give.
            if self.is_goldmark() {
                known.ids.insert(id.into());
            }
            return Some(id.into());
        }
        // GitHub looks at the finished page; the others at their own headings.
        if heading.is_html && self != Self::GitHub {
            return None;
        }
        let base = self.base(heading);
        let id = match self {
            Self::GitHub | Self::KramdownGfm => known.counted(&base, false),
            Self::Kramdown => known.counted(if base.is_empty() { "section" } else { &base }, false),
            Self::Docusaurus => known.counted(&base, true),
            Self::Hugo | Self::HugoAscii | Self::Blackfriday => {
                known.free(if base.is_empty() { "heading" } else { &base })
            }
        };
        Some(id)
    }

    fn is_goldmark(self) -> bool {
        matches!(self, Self::Hugo | Self::HugoAscii | Self::Blackfriday)
    }

    /// The id before it is told from those of other headings.
    fn base(self, heading: &Headline<'_>) -> Box<str> {
        match self {
            Self::GitHub | Self::Docusaurus => words(heading.text.trim()),
            Self::KramdownGfm => words(&without_dashes(heading.text.trim())),
            Self::Hugo => goldmark(last_line(heading.written)),
            Self::HugoAscii => {
                let plain = last_line(heading.written).nfd().filter(|letter| !is_combining_mark(*letter));
                goldmark(&plain.nfc().filter(char::is_ascii).collect::<String>())
            }
            Self::Blackfriday => blackfriday(last_line(heading.written)),
            Self::Kramdown => kramdown(heading.written.trim()),
        }
    }
}

/// The ids of a page so far.
#[derive(Default)]
struct Known {
    ids: HashSet<Box<str>>,
    counts: HashMap<Box<str>, u32>,
}

impl Known {
    /// The first as it is, the second with `-1`. GitHub and kramdown do not look whether that one is there, too;
    /// github-slugger does.
    fn counted(&mut self, base: &str, is_careful: bool) -> Box<str> {
        let mut id: Box<str> = base.into();
        while let Some(count) = self.counts.get(&id).copied() {
            let count = self.counts.get(base).copied().unwrap_or(count) + 1;
            self.counts.insert(base.into(), count);
            id = format!("{base}-{count}").into();
            if !is_careful {
                return id;
            }
        }
        self.counts.insert(id.clone(), 0);
        id
    }

    /// The first number that makes it an id of its own.
    fn free(&mut self, base: &str) -> Box<str> {
        let mut id: Box<str> = base.into();
        // Counting on from the last number keeps a page of equal headings linear.
        let count = self.counts.entry(base.into()).or_insert(0);
        while self.ids.contains(&id) {
            *count += 1;
            id = format!("{base}-{count}").into();
        }
        self.ids.insert(id.clone());
        id
    }
}

fn last_line(written: &str) -> &str {
    written.trim().lines().last().unwrap_or_default().trim()
}

/// Small letters, digits, `_` and `-`; each white space is a hyphen, and all else is left out.
fn words(text: &str) -> Box<str> {
    let kept = text.chars().filter_map(|letter| match letter {
        '-' => Some('-'),
        letter if letter.is_whitespace() => Some('-'),
        letter => is_word(letter).then_some(letter),
    });
    kept.flat_map(char::to_lowercase).collect::<String>().into()
}

/// kramdown makes one sign of `--` and `---`, which is then left out.
fn without_dashes(text: &str) -> String {
    text.replace("---", "").replace("--", "")
}

fn goldmark(text: &str) -> Box<str> {
    let kept = text.chars().filter_map(|letter| match letter {
        '-' | ' ' | '\t' => Some('-'),
        '_' => Some('_'),
        letter => is_letter_or_digit(letter).then_some(letter),
    });
    kept.map(lower).collect::<String>().into()
}

/// Go's `unicode.ToLower`: one letter for one.
pub(super) fn lower(letter: char) -> char {
    let mut small = letter.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) => small,
        // The only such letter is `İ`.
        _ => 'i',
    }
}

fn blackfriday(text: &str) -> Box<str> {
    let mut id = String::new();
    let mut has_gap = false;
    for letter in text.chars() {
        if !is_letter_or_number(letter) {
            has_gap = true;
            continue;
        }
        if std::mem::take(&mut has_gap) && !id.is_empty() {
            id.push('-');
        }
        id.push(lower(letter));
    }
    id.into()
}

fn kramdown(text: &str) -> Box<str> {
    let text = text.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
    let kept = text.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-'));
    let kept = kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() });
    kept.collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(algorithm: Algorithm, headings: &[&str]) -> Vec<String> {
        let headlines = headings.iter().map(|text| {
            let (written, id) = match text.split_once(" {#") {
                Some((text, id)) => (text, Some(id.trim_end_matches('}'))),
                None => (*text, None),
            };
            Headline { text: written, written, id, is_html: false }
        });
        let ids = algorithm.ids(headlines).into_iter();
        ids.map(|id| id.map_or_else(|| "none".to_owned(), String::from)).collect()
    }

    #[test]
    fn each_algorithm_has_a_name() {
        for (name, algorithm) in Algorithm::ALL {
            assert_eq!(algorithm.name(), name);
        }
    }

    #[test]
    fn the_first_algorithm_has_github_s_ids() {
        for (heading, id) in [
            // The cases of github-slugger's README and tests.
            ("I ♥ unicode", "i--unicode"),
            ("alpha", "alpha"),
            ("Привет non-latin 你好", "привет-non-latin-你好"),
            ("😄 emoji", "-emoji"),
            ("heading with a - dash", "heading-with-a---dash"),
            ("heading with an _ underscore", "heading-with-an-_-underscore"),
            ("heading with a period.txt", "heading-with-a-periodtxt"),
            (
                "exchange.bind_headers(exchange, routing [, bindCallback])",
                "exchangebind_headersexchange-routing--bindcallback",
            ),
            ("Тест", "тест"),
            ("x² and ½", "x-and-"),
            ("नमस्ते", "नमस्ते"),
        ] {
            assert_eq!(ids(Algorithm::GitHub, &[heading]), [id], "{heading}");
            assert_eq!(ids(Algorithm::Docusaurus, &[heading]), [id], "{heading}");
        }
    }

    #[test]
    fn hugo_reads_the_heading_as_it_is_written() {
        for (heading, hugo, ascii, blackfriday) in [
            ("A & B", "a--b", "a--b", "a-b"),
            // From Hugo's own tests of `autoid.go`.
            ("God is good: 神真美好", "god-is-good-神真美好", "god-is-good-", "god-is-good-神真美好"),
            ("Hello, World!", "hello-world", "hello-world", "hello-world"),
            ("a_b", "a_b", "a_b", "a-b"),
            ("Zoë café", "zoë-café", "zoe-cafe", "zoë-café"),
            ("[Doors](/doors/)", "doorsdoors", "doorsdoors", "doors-doors"),
            ("`--flag` & more", "--flag--more", "--flag--more", "flag-more"),
            ("!!", "heading", "heading", "heading"),
        ] {
            assert_eq!(ids(Algorithm::Hugo, &[heading]), [hugo], "{heading}");
            assert_eq!(ids(Algorithm::HugoAscii, &[heading]), [ascii], "{heading}");
            assert_eq!(ids(Algorithm::Blackfriday, &[heading]), [blackfriday], "{heading}");
        }
    }

    #[test]
    fn kramdown_begins_with_a_letter_and_jekyll_does_not() {
        for (heading, kramdown, gfm) in [
            // From kramdown's tests of header ids.
            ("This is a header", "this-is-a-header", "this-is-a-header"),
            ("123-456-789", "section", "123-456-789"),
            ("1. Doors", "doors", "1-doors"),
            ("Doors -- and hinges", "doors----and-hinges", "doors--and-hinges"),
            ("Türen", "tren", "türen"),
            ("a_b", "ab", "a_b"),
        ] {
            assert_eq!(ids(Algorithm::Kramdown, &[heading]), [kramdown], "{heading}");
            assert_eq!(ids(Algorithm::KramdownGfm, &[heading]), [gfm], "{heading}");
        }
    }

    #[test]
    fn equal_headings_are_counted() {
        let all = ["A", "A", "A 1", "A", "B {#a}", "A"];
        assert_eq!(ids(Algorithm::GitHub, &all), ["a", "a-1", "a-1", "a-2", "a", "a-3"]);
        assert_eq!(ids(Algorithm::Docusaurus, &all), ["a", "a-1", "a-1-1", "a-2", "a", "a-3"]);
        assert_eq!(ids(Algorithm::Hugo, &all), ["a", "a-1", "a-1-1", "a-2", "a", "a-3"]);
        assert_eq!(ids(Algorithm::Hugo, &["A {#b}", "B"]), ["b", "b-1"]);
        assert_eq!(ids(Algorithm::Docusaurus, &["A {#b}", "B"]), ["b", "b"]);
        assert_eq!(ids(Algorithm::Kramdown, &["1", "2", "3"]), ["section", "section-1", "section-2"]);
        assert_eq!(ids(Algorithm::KramdownGfm, &["A 1", "A", "A"]), ["a-1", "a", "a-1"]);
        assert_eq!(ids(Algorithm::Docusaurus, &["A 1", "A", "A"]), ["a-1", "a", "a-2"]);
        assert_eq!(ids(Algorithm::Hugo, &["A 1", "A", "A"]), ["a-1", "a", "a-2"]);
    }

    #[test]
    fn html_headings_have_ids_on_github_alone() {
        let heading = [Headline { text: "A", written: "A", id: None, is_html: true }];
        assert_eq!(Algorithm::GitHub.ids(heading), [Some("a".into())]);
        assert_eq!(Algorithm::Hugo.ids(heading), [None]);
    }
}
