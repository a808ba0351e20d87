//! What must stand in a text for a pattern to match there: most texts have none of it, and seeing that is a hundred
//! times faster than a search for words between boundaries in every script.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem::Finder;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// More of them are no help.
const MOST: usize = 200;

/// So many are looked for one by one, each many times faster than all together.
const FEW: usize = 8;

/// So many bytes of them are searched in the way that takes a hundred times their memory.
const SMALL: usize = 4096;

/// Small and capital letters beyond ASCII that are the same as one of ASCII, `k` and `s`, when case does not matter.
const FOLDED: [&str; 2] = ["\u{212A}", "\u{17F}"];

/// Texts of which each match of a pattern has one.
#[derive(Debug)]
pub(super) struct Needles {
    all: Vec<Vec<u8>>,
    ignorecase: bool,
    /// All of them, made when it is known that one is there, or that they are many.
    any: OnceLock<AhoCorasick>,
    /// Those of ASCII in lower case, for texts in lower case: with one case there is a search that looks at many bytes at
    /// once. `None` where the processor has none.
    lower: OnceLock<Option<Searcher>>,
    /// The same, one by one; empty where they are many, or case does not matter.
    few: Vec<Finder<'static>>,
    /// What stands of each in a front matter as it is written, wherever lines are folded and quotes doubled.
    written: Vec<Finder<'static>>,
    /// Whether a line with none of them has no match, whatever stands in the others.
    by_line: bool,
}

impl Needles {
    /// Those of a pattern; `None` where it has none, or only such as stand in every text.
    pub(super) fn of(pattern: &str, ignorecase: bool) -> Option<Self> {
        // Case is left to the search: here it would make each letter a choice.
        let hir = ParserBuilder::new().multi_line(true).build().parse(pattern).ok()?;
        let mut needles = best(&hir, ignorecase)?.texts;
        if ignorecase && !needles.is_empty() {
            needles.extend(FOLDED.map(|letter| letter.as_bytes().to_vec()));
        }
        let is_few = needles.len() <= FEW && !ignorecase;
        let finders = |texts: &mut dyn Iterator<Item = &[u8]>| -> Vec<Finder<'static>> {
            texts
                .filter(|text| is_few && !text.is_empty())
                .map(|text| Finder::new(text).into_owned())
                .collect()
        };
        let few = finders(&mut needles.iter().map(Vec::as_slice));
        let written = finders(&mut needles.iter().map(|needle| unfolded(needle)));
        let is_sure = written.len() == needles.len();
        let written = if is_sure { written } else { Vec::new() };
        let by_line = stays_in_line(&hir);
        let (any, lower) = (OnceLock::new(), OnceLock::new());
        Some(Self { all: needles, ignorecase, any, lower, few, written, by_line })
    }

    /// The places in a front matter, in order, at which a value may have a match; `None` where that cannot be told.
    pub(super) fn places_in(&self, written: &str) -> Option<Vec<usize>> {
        if self.written.is_empty() {
            return None;
        }
        let bytes = written.as_bytes();
        // What is escaped may be anything, and what an alias repeats stands elsewhere.
        let mut places: Vec<usize> = memchr::memchr2_iter(b'\\', b'*', bytes).collect();
        places.extend(self.written.iter().flat_map(|needle| needle.find_iter(bytes)));
        places.sort_unstable();
        Some(places)
    }

    /// Calls `found` with the parts of a text, by their start, that may have a match. `lowered` brings the text in lower
    /// case, where somebody has it.
    pub(super) fn each<'t>(
        &self,
        text: &'t str,
        lowered: Option<&dyn Fn() -> &'t str>,
        found: &mut dyn FnMut(usize, &'t str),
    ) {
        let is_there = |needle: &Finder<'_>| needle.find(text.as_bytes()).is_some();
        if self.all.is_empty() || !self.few.is_empty() && !self.few.iter().any(is_there) {
            return;
        }
        let wants_lower = lowered.filter(|_| self.ignorecase && !has_folded(text));
        let lower = wants_lower.and_then(|lowered| Some((self.lower()?, lowered())));
        let find = |at: usize| match lower {
            Some((lower, lowered)) => lower.find(&lowered[at..]).map(|needle| at + needle.start()),
            None => self.any().find(&text[at..]).map(|needle| at + needle.start()),
        };
        if lower.is_none() && text.len() < self.any().min_pattern_len() {
            return;
        }
        let mut at = 0;
        while let Some(from) = find(at) {
            if !self.by_line {
                return found(0, text);
            }
            let line = text[..from].rfind('\n').map_or(0, |before| before + 1);
            let end = memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end);
            found(line, &text[line..end]);
            if end == text.len() {
                return;
            }
            at = end + 1;
        }
    }

    fn any(&self) -> &AhoCorasick {
        self.any.get_or_init(|| {
            // The faster of two ways takes memory for each byte of them.
            let is_small = self.all.iter().map(Vec::len).sum::<usize>() <= SMALL;
            let kind = is_small.then_some(AhoCorasickKind::DFA);
            let made =
                AhoCorasick::builder().ascii_case_insensitive(self.ignorecase).kind(kind).build(&self.all);
            made.expect("they are at most two hundred")
        })
    }

    fn lower(&self) -> Option<&Searcher> {
        let make = || {
            let is_folded = |needle: &&Vec<u8>| FOLDED.iter().any(|letter| letter.as_bytes() == *needle);
            let needles = self.all.iter().filter(|needle| !is_folded(needle));
            let mut builder = packed::Config::new().heuristic_pattern_limits(false).builder();
            builder.extend(needles.map(|needle| needle.to_ascii_lowercase())).build()
        };
        self.lower.get_or_init(make).as_ref()
    }
}

/// Whether a letter stands there that is one of ASCII when case does not matter.
fn has_folded(text: &str) -> bool {
    static FINDERS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| FOLDED.map(Finder::new));
    FINDERS.iter().any(|letter| letter.find(text.as_bytes()).is_some())
}

/// The longest part of a text without white space and quotes.
fn unfolded(text: &[u8]) -> &[u8] {
    let is_changed = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
    text.split(is_changed).max_by_key(|part| part.len()).unwrap_or_default()
}

/// Some texts and how rare they are.
struct Set {
    texts: Vec<Vec<u8>>,
    /// The length of the shortest; a lone punctuation mark is as rare as three letters, and one that prose has no use for
    /// as six.
    rarity: usize,
}

impl Set {
    fn new(texts: impl Iterator<Item = Vec<u8>>, ignorecase: bool) -> Option<Self> {
        // Letters beyond ASCII have other forms than the search knows where case does not matter.
        let is_known = |byte: &u8| byte.is_ascii() || !ignorecase;
        let longest = |text: Vec<u8>| {
            let parts = text.split(|byte| !is_known(byte));
            parts.max_by_key(|part| part.len()).unwrap_or_default().to_vec()
        };
        let mut texts: Vec<Vec<u8>> = texts.map(longest).collect();
        texts.sort_unstable();
        texts.dedup();
        let rarity = |text: &Vec<u8>| match text.as_slice() {
            [b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b'\\' | b'^' | b'~' | b'|' | b'@' | b'$' | b'`'] => 6,
            [one] if one.is_ascii_punctuation() => 3,
            text => text.len(),
        };
        // What has no needle at all matches nowhere, as the empty list of an option.
        let rarity = texts.iter().map(rarity).min().unwrap_or(usize::MAX);
        (rarity > 2 && texts.len() <= MOST).then_some(Self { texts, rarity })
    }
}

/// The rarest texts of which each match has one.
fn best(hir: &Hir, ignorecase: bool) -> Option<Set> {
    let prefixes = |hir: &Hir| {
        let mut extractor = Extractor::new();
        extractor.limit_class(4).limit_repeat(2).limit_total(32);
        let texts = extractor.extract(hir);
        let texts = texts.literals()?.iter().map(|literal| literal.as_bytes().to_vec());
        Set::new(texts, ignorecase)
    };
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => prefixes(hir),
        HirKind::Capture(capture) => best(&capture.sub, ignorecase),
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub, ignorecase),
        HirKind::Repetition(_) | HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Alternation(parts) => {
            let sets = parts.iter().map(|part| best(part, ignorecase)).collect::<Option<Vec<_>>>()?;
            Set::new(sets.into_iter().flat_map(|set| set.texts), false)
        }
        HirKind::Concat(parts) => {
            let alone = parts.iter().filter_map(|part| best(part, ignorecase));
            let is_start = |part: &Hir| part.properties().minimum_len().is_some_and(|length| length > 0);
            // A class or a repetition ends what is sure, and what begins with one is as rare as what stands behind it.
            let is_class = |part: &Hir| matches!(part.kind(), HirKind::Class(_) | HirKind::Repetition(_));
            let joined = parts.split(is_class).filter(|run| run.len() > 1).flat_map(|run| {
                let starts = (0..run.len()).filter(|start| is_start(&run[*start]));
                starts.filter_map(|start| prefixes(&Hir::concat(run[start..].to_vec()))).collect::<Vec<_>>()
            });
            alone.chain(joined).max_by_key(|set| set.rarity)
        }
    }
}

/// Whether it matches no line end, and looks no further than to the ends of its line.
fn stays_in_line(hir: &Hir) -> bool {
    let looks = hir.properties().look_set();
    let is_far = [Look::Start, Look::End, Look::StartCRLF, Look::EndCRLF];
    !is_far.into_iter().any(|look| looks.contains(look)) && !has_line_end(hir)
}

fn has_line_end(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(text) => text.0.contains(&b'\n'),
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().any(|range| range.start() <= '\n' && '\n' <= range.end())
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().any(|range| range.start() <= b'\n' && b'\n' <= range.end())
        }
        HirKind::Capture(capture) => has_line_end(&capture.sub),
        HirKind::Repetition(repetition) => has_line_end(&repetition.sub),
        HirKind::Alternation(parts) | HirKind::Concat(parts) => parts.iter().any(has_line_end),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::{Regex, RegexBuilder};

    use super::*;

    /// Patterns as pages have them, each with whether it has needles and whether they are looked for line by line.
    const PATTERNS: [(&str, Option<bool>); 12] = [
        (r"\b(?:(?P<token_0>doors?)|(?P<token_1>it(?:['’]s| is) (?:worth|crucial)))\b", Some(true)),
        (r"\[(?:(?i-u:insert|add) |TODO[: ])[^\[\]\n]*\]", Some(true)),
        (r"\[(?:insert) [^\]]*\]", Some(false)),
        (r"^(?:TODO|FIXME)\s*:", Some(false)),
        (r"^(?:undefined|NaN)$|\[object Object\]", Some(true)),
        (r"([^\s:]*[^\s.,])([.,&&[^.]])$", Some(true)),
        (r"\Adoors", Some(false)),
        (r"kiss|Straße", Some(true)),
        (r"(?:doors)?x+", None),
        (r"\w+|TODO", None),
        (r"here|здесь", Some(true)),
        (r"a[^\s\S]", Some(true)),
    ];

    type Compiled = (&'static str, Regex, Needles);

    /// The patterns that have needles, where case matters and where it does not.
    static COMPILED: LazyLock<[Vec<Compiled>; 2]> = LazyLock::new(|| {
        [false, true].map(|ignorecase| {
            let compiled = |(pattern, _): (&'static str, _)| {
                let regex = RegexBuilder::new(pattern).multi_line(true).case_insensitive(ignorecase).build();
                Some((pattern, regex.expect("it compiles"), Needles::of(pattern, ignorecase)?))
            };
            PATTERNS.into_iter().filter_map(compiled).collect()
        })
    });

    #[test]
    fn most_patterns_have_needles() {
        for (pattern, expected) in PATTERNS {
            let found = Needles::of(pattern, false).map(|needles| needles.by_line);
            assert_eq!(found, expected, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_missed(
            text in "(doors?|DOOR|it’s|It is|worth|[ ab.,\n\u{0}]|\\[(insert|ADD|TODO) |\\]|TODO ?:?|NaN|\\[object Object|\u{212A}I\u{17F}S|kiss|STRASSE|straße|ЗДЕСЬ|x){0,30}",
            ignorecase: bool,
        ) {
            for (pattern, regex, needles) in &COMPILED[usize::from(ignorecase)] {
                let lowered = text.to_ascii_lowercase();
                let expected: Vec<_> = regex.find_iter(&text).map(|hit| hit.range()).collect();
                for lowered in [None, Some(&(|| lowered.as_str()) as &dyn Fn() -> _)] {
                    let mut found = Vec::new();
                    needles.each(&text, lowered, &mut |start, part| {
                        found.extend(regex.find_iter(part).map(|hit| start + hit.start()..start + hit.end()));
                    });
                    prop_assert_eq!(&found, &expected, "{}", pattern);
                }
            }
        }
    }
}
