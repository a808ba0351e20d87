//! Two sections of one parent have different headings.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::Heading;
use crate::rule::{Check, Context, Sink, outline};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DuplicateHeading {
    scope: Scope,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    Siblings,
    Article,
}

impl Check for DuplicateHeading {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        if are_surely_apart(&article.body.headings) {
            return;
        }
        let headings = outline::headings(article);
        let parents = outline::parents(&headings);
        if !self.may_repeat(&headings, &parents) {
            return;
        }
        let mut known: HashMap<(Option<usize>, String), [&Heading; 2]> =
            HashMap::with_capacity(headings.len());
        for (heading, parent) in headings.iter().zip(parents) {
            let text = heading.text.trim();
            if text.is_empty() || article.body.is_templated(heading.span) {
                continue;
            }
            let parent = if self.scope == Scope::Siblings { parent } else { None };
            let [first, last] = match known.entry((parent, text.to_lowercase())) {
                Entry::Vacant(place) => {
                    place.insert([heading; 2]);
                    continue;
                }
                Entry::Occupied(mut place) => {
                    let first = place.get()[0];
                    place.insert([first, heading])
                }
            };
            if are_alternatives(article, last, heading) {
                continue;
            }
            let message = match self.scope {
                Scope::Siblings => format!("the heading \"{text}\" stands twice in one section"),
                Scope::Article => format!("the heading \"{text}\" stands twice in the article"),
            };
            sink.report(heading.span, message)
                .help("say in each heading what its section is about, or put the two sections together")
                .related(first.span, "the first");
        }
    }
}

/// A look that costs little, since most articles have no such headings: whether these are few, of ASCII, and no two have
/// the same length and the same letters at both ends.
fn are_surely_apart(headings: &[Heading]) -> bool {
    const FEW: usize = 32;
    let mut known = [(0, 0, 0); FEW];
    for (index, heading) in headings.iter().enumerate() {
        let text = heading.text.trim();
        let bytes = text.as_bytes();
        // Capitals and small letters differ in this bit.
        let small = |letters: Option<&[u8; 8]>| {
            letters.map_or(0, |letters| u64::from_le_bytes(*letters) | 0x2020_2020_2020_2020)
        };
        let ends = (bytes.len(), small(bytes.first_chunk()), small(bytes.last_chunk()));
        if index == FEW || !bytes.is_ascii() || known[..index].contains(&ends) {
            return false;
        }
        known[index] = ends;
    }
    true
}

impl DuplicateHeading {
    /// A second look, at all of their letters: whether two of them hash alike.
    fn may_repeat(&self, headings: &[&Heading], parents: &[Option<usize>]) -> bool {
        let fingerprint = |text: &str| {
            let text = text.trim();
            let add = |hash: u64, letter: u64| hash.wrapping_mul(0x0100_0000_01b3) ^ letter;
            if text.is_ascii() {
                return text.bytes().fold(0, |hash, byte| add(hash, byte.to_ascii_lowercase().into()));
            }
            text.chars().flat_map(char::to_lowercase).fold(0, |hash, letter| add(hash, letter.into()))
        };
        let mut known: Vec<_> = headings
            .iter()
            .zip(parents)
            .map(|(heading, parent)| {
                (parent.filter(|_| self.scope == Scope::Siblings), fingerprint(&heading.text))
            })
            .collect();
        known.sort_unstable();
        known.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// Whether readers see one of the two only: branches of a condition, or tabs.
fn are_alternatives(article: &Article<'_>, first: &Heading, second: &Heading) -> bool {
    let text = article.text();
    let between = Span { start: first.span.end, end: second.span.start.max(first.span.end) };
    let branches = inside(&article.body.shortcodes, between).iter().any(|span| {
        let word = text[span.range()].trim_start_matches(|letter: char| !letter.is_alphanumeric());
        ["else", "elsif", "elif", "when", "endif", "endunless"].iter().any(|branch| word.starts_with(branch))
    });
    // A component of JSX that the first stands in is closed before the second.
    let mut depth = 0_isize;
    let mut is_left = false;
    for span in inside(&article.body.jsx, between) {
        let tags = &text[span.range()];
        let count = |sign: &str| tags.matches(sign).count().cast_signed();
        let closed = count("</");
        depth += count("<") - closed - count("/>") - closed;
        is_left |= depth < 0;
    }
    branches || is_left
}

/// The spans, which are sorted, that begin inside of `whole`.
fn inside(spans: &[Span], whole: Span) -> &[Span] {
    let from = spans.partition_point(|span| span.start < whole.start);
    let count = spans[from..].partition_point(|span| span.start < whole.end);
    &spans[from..from + count]
}
