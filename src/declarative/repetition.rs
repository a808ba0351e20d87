//! `repetition`: the same word twice in a row.

use std::fmt::Display;
use std::ops::Range;

use super::message::{Values, Wording};
use super::passage::Passage;
use super::pattern::{Joint, Pattern};
use super::scope::Scope;
use super::settings::Settings;
use crate::article::Article;
use crate::finding::{Edit, Fix, Safety};
use crate::rule::{Check, Context, Sink};
use crate::text::Span;

/// The check: what must not stand beside itself.
pub(super) struct Repetition {
    /// What is compared; words where the page says nothing.
    tokens: Option<Pattern>,
    /// How often a token may be repeated.
    max: usize,
    ignorecase: bool,
    /// Only what is made of letters.
    alpha: bool,
    exceptions: Vec<String>,
    scopes: Vec<Scope>,
    wording: Wording,
    safety: Option<Safety>,
}

/// Signs that may stand before the first word and behind the second.
const OPENING: &[char] = &['(', '[', '"', '\'', '“', '‘', '«', '„', '¿', '¡'];
const CLOSING: &[char] = &[')', ']', '"', '\'', '”', '’', '»', '.', ',', ';', ':', '!', '?', '…'];

impl Repetition {
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let ignorecase = settings.flag("ignorecase");
        let tokens = settings.texts("tokens");
        let has_tokens = !tokens.is_empty();
        let tokens = has_tokens
            .then(|| Pattern::compile(settings, "tokens", &tokens, Joint { ignorecase, words: false }));
        let scopes = Scope::read(settings);
        let max = settings.number("max").unwrap_or(0);
        let wording = Wording::read(settings, &["match", "count", "heading"]);
        let exceptions = settings.texts("exceptions").into_iter().map(|text| text.text.to_lowercase());
        Some(Self {
            exceptions: exceptions.collect(),
            tokens: if has_tokens { Some(tokens??) } else { None },
            max,
            ignorecase,
            alpha: settings.flag("alpha"),
            scopes: scopes?,
            wording: wording?,
            safety: settings.safety(),
        })
    }

    fn is_same(&self, left: &str, right: &str) -> bool {
        left == right || self.ignorecase && left.to_lowercase() == right.to_lowercase()
    }

    /// Whether a word may be repeated: an exception, or what is made of more than letters.
    fn may_repeat(&self, word: &str) -> bool {
        self.alpha && !word.chars().all(char::is_alphabetic) || self.exceptions.contains(&word.to_lowercase())
    }

    /// Whether two words are a name, as in "New New York" and "Rose rose": the second has a capital letter, or the first
    /// alone has one, and no sentence begins there.
    fn is_name(&self, text: &str, left: &Range<usize>, right: &Range<usize>) -> bool {
        let before = text[..left.start].trim_end_matches([' ', '"', '“', '(']);
        let begins = before.is_empty() || before.ends_with(['\n', '.', '!', '?', ':']);
        self.tokens.is_none()
            && (text[right.clone()].contains(char::is_uppercase)
                || text[left.clone()] != text[right.clone()] && !begins)
    }

    /// Calls `found` with each two neighbours that are the same.
    fn pairs(&self, text: &str, found: &mut dyn FnMut(Range<usize>, Range<usize>)) {
        let Some(pattern) = &self.tokens else {
            return words(text, &mut |left, right| {
                if self.is_same(&text[left.clone()], &text[right.clone()]) {
                    found(left, right);
                }
            });
        };
        let mut last: Option<Range<usize>> = None;
        pattern.each_linear(text, &mut |hit| {
            if let Some(last) = last.replace(hit.range.clone())
                && self.is_same(&text[last.clone()], &text[hit.range.clone()])
                && text[last.end..hit.range.start].bytes().all(|byte| byte == b' ')
            {
                found(last, hit.range);
            }
        });
    }

    fn report(
        &self,
        article: &Article<'_>,
        context: &Context<'_>,
        passage: &Passage<'_>,
        run: &[Range<usize>],
        sink: &mut Sink<'_>,
    ) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let word = &passage.text[last.clone()];
        // What stands there three times was meant: "no no no".
        let is_meant = self.tokens.is_none() && run.len() > self.max + 2;
        if is_meant
            || run.len() <= self.max + 1
            || self.may_repeat(word)
            || self.is_name(passage.text, first, last)
        {
            return;
        }
        let located = passage.locate(first.start..last.end);
        let (start, end) = (passage.locate(first.clone()), passage.locate(last.clone()));
        let gap = Span { start: start.span.end, end: located.span.end };
        let bytes = &article.text()[located.span.range()];
        // What the reader does not see may stand between the two: code, a template.
        let words = |text: &str| {
            text.split([' ', '\t', '\r', '\n', '*', '_', '~', '>']).filter(|word| !word.is_empty()).count()
        };
        if words(bytes) != run.len() {
            return;
        }
        let heading = super::hit::heading_over(article, located.span);
        let count = run.len();
        let named: [(&str, &dyn Display); 3] = [("match", &word), ("count", &count), ("heading", &heading)];
        let finding = self.wording.report(sink, located.span, &Values { article, context, named: &named });
        // Brackets and emphasis between the two would be torn apart.
        let between = article.text().get(start.span.end as usize..end.span.start as usize).unwrap_or("?");
        let is_plain = start.is_verbatim
            && end.is_verbatim
            && between.chars().all(|letter| letter.is_whitespace() || letter == '>');
        if let Some(safety) = self.safety.filter(|_| is_plain && passage.may_become(gap, " ")) {
            let (title, edit) = ("take the repetition out", [Edit::delete(gap)]);
            finding.fix = Some(match safety {
                Safety::Safe => Fix::safe(title, edit),
                Safety::Unsafe => Fix::r#unsafe(title, edit),
            });
        }
    }
}

/// Words, without a pattern: a word is looked at only where the next begins alike, or where it begins with a sign.
fn words(text: &str, found: &mut dyn FnMut(Range<usize>, Range<usize>)) {
    let bytes = text.as_bytes();
    let (mut start, mut first) = (0, bytes.first().copied().unwrap_or_default());
    each_gap(bytes, |at| {
        let Some(next) = bytes.get(at + 1) else { return };
        let before = std::mem::replace(&mut start, at + 1);
        let first = std::mem::replace(&mut first, *next);
        let is_same = |left: u8, right: u8| left | 0x20 == right | 0x20;
        let seconds =
            || at - before < 2 || bytes.get(at + 2).is_some_and(|next| is_same(bytes[before + 1], *next));
        if is_same(first, *next) && seconds() || !first.is_ascii_alphabetic() {
            compare(text, before..at, found);
        }
    });
}

/// Whether the word that ends at a gap is the one behind it.
fn compare(text: &str, left: Range<usize>, found: &mut dyn FnMut(Range<usize>, Range<usize>)) {
    let (bytes, at) = (text.as_bytes(), left.end);
    if bytes[at] == b'\n' || left.is_empty() {
        return;
    }
    let start = at + 1;
    let left = text[left].trim_start_matches(OPENING);
    let next = bytes.get(start..start + left.len());
    if !next.is_some_and(|next| next.eq_ignore_ascii_case(left.as_bytes())) {
        return;
    }
    let end = memchr::memchr2(b' ', b'\n', &bytes[start..]).map_or(text.len(), |end| start + end);
    let right = text[start..end].trim_end_matches(CLOSING);
    if left.len() == right.len() && !left.is_empty() {
        found(at - left.len()..at, start..start + right.len());
    }
}

/// Calls `found` with the place of every space and line end. They are so near to each other that eight bytes at a time
/// are faster than any search for the next.
fn each_gap(bytes: &[u8], mut found: impl FnMut(usize)) {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // What lifts a byte above a space to the highest bit.
    const LIFT: u64 = 0x5F5F_5F5F_5F5F_5F5F;
    let mut found = |at: usize| {
        if matches!(bytes[at], b' ' | b'\n') {
            found(at);
        }
    };
    let (chunks, rest) = bytes.as_chunks();
    for (index, chunk) in chunks.iter().enumerate() {
        let chunk = u64::from_le_bytes(*chunk);
        let mut gaps = !(((chunk & !HIGH) + LIFT) | chunk) & HIGH;
        while gaps != 0 {
            found(index * 8 + gaps.trailing_zeros() as usize / 8);
            gaps &= gaps - 1;
        }
    }
    (bytes.len() - rest.len()..bytes.len()).for_each(found);
}

impl Check for Repetition {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for scope in &self.scopes {
            scope.whole_passages(article, context, &mut |passage| {
                let mut run: Vec<Range<usize>> = Vec::new();
                self.pairs(passage.text, &mut |left, right| {
                    if run.last() != Some(&left) {
                        self.report(article, context, passage, &run, sink);
                        run.clear();
                        run.push(left);
                    }
                    run.push(right);
                });
                self.report(article, context, passage, &run, sink);
            });
        }
    }
}
