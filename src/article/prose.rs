//! The text of an article as the reader sees it, in one piece, with the way back to the bytes.
//!
//! Rules that look for words search this text once, instead of run by run: a phrase is found whole though a line
//! break, an entity or emphasis stands in it.

use std::ops::Range;
use std::sync::OnceLock;

use unicode_segmentation::UnicodeSegmentation;

use super::Body;
use super::body::Place;
use crate::text::Span;

/// What stands between two blocks, so that no pattern for white space reaches from one into the next.
const BLOCK_BREAK: &str = "\n\0\n";

/// The visible text of a body.
#[derive(Debug, Default)]
pub struct Prose {
    /// The text: a line break within a block is a space; blocks are lines of their own.
    pub text: String,
    /// The blocks in the order of the text.
    pub blocks: Vec<Block>,
    pieces: Vec<Piece>,
    lowered: OnceLock<String>,
    sentences: OnceLock<Vec<Range<usize>>>,
}

/// A heading, a paragraph, the text of a list item or of a table cell.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Where its text begins in [`Prose::text`].
    pub start: usize,
    /// One past its end.
    pub end: usize,
    /// What it stands in.
    pub place: Place,
}

/// A stretch of the text and the bytes it came from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    span: Span,
    /// Whether the bytes are the text; otherwise an entity was resolved.
    is_verbatim: bool,
}

/// What stands between two headings of the article itself, or before the first or behind the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading over it, in [`Prose::text`].
    pub heading: Option<Range<usize>>,
    /// Its blocks, from the first to the last, in [`Prose::text`].
    pub text: Range<usize>,
}

/// Words that end with a full stop which ends no sentence, in small letters.
const ABBREVIATIONS: [&str; 42] = [
    "al", "approx", "art", "bzw", "ca", "capt", "cf", "chap", "co", "col", "corp", "dept", "dr", "e.g", "ed",
    "eds", "est", "fig", "gen", "gov", "hon", "i.e", "inc", "jr", "ltd", "mr", "mrs", "ms", "mt", "no", "nr",
    "p", "pp", "prof", "rev", "sr", "st", "u.s", "vgl", "vol", "vs", "z.b",
];

impl Prose {
    /// The text with the letters of ASCII in lower case, each at its place: what searches that do not mind case share.
    #[must_use]
    pub fn lowered(&self) -> &str {
        self.lowered.get_or_init(|| self.text.to_ascii_lowercase())
    }

    /// The sentences of a block, without the white space around them: as Unicode (UAX #29) divides them, but not behind
    /// an abbreviation or an initial. Those of all blocks are found at the first call.
    #[must_use]
    pub fn sentences(&self, block: &Block) -> &[Range<usize>] {
        let all = self.sentences.get_or_init(|| {
            self.blocks.iter().flat_map(|block| sentences(&self.text, block.start..block.end)).collect()
        });
        let first = all.partition_point(|sentence| sentence.start < block.start);
        let count = all[first..].partition_point(|sentence| sentence.end <= block.end);
        &all[first..first + count]
    }

    /// The sections that have text. Headings in quotations, lists and footnotes begin none.
    pub fn sections(&self) -> impl Iterator<Item = Section> + '_ {
        let aside = Place::QUOTE | Place::LIST | Place::FOOTNOTE | Place::TABLE;
        let is_heading =
            move |block: &Block| block.place.contains(Place::HEADING) && !block.place.intersects(aside);
        self.blocks.chunk_by(move |_, next| !is_heading(next)).filter_map(move |blocks| {
            let (heading, rest) = match blocks.split_first() {
                Some((first, rest)) if is_heading(first) => (Some(first.start..first.end), rest),
                _ => (None, blocks),
            };
            let (first, last) = (rest.first()?, rest.last()?);
            Some(Section { heading, text: first.start..last.end })
        })
    }

    pub(super) fn of(body: &Body, file: &str) -> Self {
        let mut bounds: Vec<(Span, Place)> = body
            .paragraphs
            .iter()
            .map(|paragraph| (paragraph.span, paragraph.place))
            .chain(body.headings.iter().map(|heading| (heading.span, heading.place | Place::HEADING)))
            .collect();
        bounds.sort_unstable_by_key(|(span, _)| *span);
        let mut prose = Self {
            text: String::with_capacity(body.span.len()),
            blocks: Vec::with_capacity(bounds.len()),
            pieces: Vec::with_capacity(body.text.len()),
            lowered: OnceLock::new(),
            sentences: OnceLock::new(),
        };
        let mut bounds = bounds.into_iter().peekable();
        let mut current = None;
        let mut last_end = 0;
        for run in &body.text {
            while bounds.peek().is_some_and(|(span, _)| span.start <= run.span.start) {
                current = bounds.next();
                prose.open(current.map_or(run.place, |(_, place)| place));
            }
            let is_inside = current.is_some_and(|(span, _)| span.contains(run.span));
            if prose.blocks.is_empty() || !is_inside {
                prose.open(run.place);
                current = None;
            } else if last_end < run.span.start as usize {
                prose.join(&file[last_end..run.span.start as usize]);
            }
            let piece =
                Piece { start: prose.text.len(), span: run.span, is_verbatim: run.resolved.is_none() };
            prose.pieces.push(piece);
            prose.text.push_str(run.text(file));
            last_end = run.span.end as usize;
        }
        prose.close();
        prose
    }

    fn open(&mut self, place: Place) {
        self.close();
        if !self.text.is_empty() {
            self.text.push_str(BLOCK_BREAK);
        }
        let start = self.text.len();
        self.blocks.push(Block { start, end: start, place });
    }

    fn close(&mut self) {
        let mut end = self.text.len();
        while self.text.as_bytes()[..end].ends_with(BLOCK_BREAK.as_bytes()) {
            end -= BLOCK_BREAK.len();
        }
        if let Some(block) = self.blocks.last_mut() {
            block.end = end.max(block.start);
        }
    }

    /// Between two runs of a block: a line break is a space to the reader, markup nothing.
    fn join(&mut self, gap: &str) {
        let at_start = self.blocks.last().is_some_and(|block| block.start == self.text.len());
        if !at_start && gap.contains(['\n', '\r']) && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// The block that holds this offset of the text.
    #[must_use]
    pub fn block_at(&self, at: usize) -> Option<&Block> {
        let index = self.blocks.partition_point(|block| block.start <= at);
        self.blocks.get(index.checked_sub(1)?).filter(|block| at <= block.end)
    }

    /// The bytes of the file that a stretch of the text came from.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.source(start, false);
        let last = self.source(end, true);
        Span { start: first, end: last.max(first) }
    }

    /// The offset in the file; of an end, that behind the last character.
    fn source(&self, at: usize, is_end: bool) -> u32 {
        let index =
            self.pieces.partition_point(|piece| if is_end { piece.start < at } else { piece.start <= at });
        let Some(piece) = index.checked_sub(1).map(|index| self.pieces[index]) else {
            return self.pieces.first().map_or(0, |piece| piece.span.start);
        };
        let into = (at - piece.start) as u32;
        match piece.is_verbatim {
            true => (piece.span.start + into).min(piece.span.end),
            false if is_end => piece.span.end,
            false => piece.span.start,
        }
    }
}

/// The sentences of a part of a text, without the white space around them.
fn sentences(text: &str, part: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let (text, base) = (&text[part.clone()], part.start);
    stretches(text)
        .flat_map(move |(stretch, is_one)| {
            let part = &text[stretch.clone()];
            let one = is_one.then_some(0..part.len());
            let several = (!is_one).then(|| divided(part));
            let shift = move |range: Range<usize>| range.start + stretch.start..range.end + stretch.start;
            one.into_iter().chain(several.into_iter().flatten()).map(shift)
        })
        .map(move |range| {
            let sentence = &text[range.clone()];
            let from = range.start + sentence.len() - sentence.trim_start().len();
            base + from..base + from.max(range.start + sentence.trim_end().len())
        })
        .filter(|range| !range.is_empty())
}

/// The sentences of a text, with the white space behind them.
fn divided(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut parts = text.split_sentence_bound_indices();
    std::iter::from_fn(move || {
        let (start, part) = parts.next()?;
        let mut end = start + part.len();
        while ends_with_abbreviation(&text[start..end])
            && let Some((_, more)) = parts.next()
        {
            end += more.len();
        }
        Some(start..end)
    })
}

/// The text in parts that end where a sentence surely does, each with whether it is surely no more than one. To go by
/// the rules of Unicode takes a hundred times as long as to see that.
fn stretches(text: &str) -> impl Iterator<Item = (Range<usize>, bool)> + '_ {
    let mut marks = memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes());
    // Without a way out of the loop it is done for many bytes at once.
    let is_printable = |part: &str| part.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    let is_all_printable = is_printable(text);
    let mut start = 0;
    std::iter::from_fn(move || {
        if start == text.len() {
            return None;
        }
        let mut is_one = true;
        let end = loop {
            let Some(mark) = marks.next() else { break text.len() };
            match end_at(text, (start, is_one), mark) {
                Some(Verdict::Ends(end)) => break end,
                Some(Verdict::GoesOn) => {}
                None => is_one = false,
            }
        };
        let part = start..end;
        start = end;
        let is_known = |part: &str| is_printable(part) || part.chars().all(ends_nothing);
        let is_one = is_one && (is_all_printable || is_known(&text[part.clone()]));
        Some((part, is_one))
    })
}

/// What a character is to the rules for the ends of sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Capital,
    Small,
    /// A letter that is neither.
    Letter,
    Digit,
    /// Quotes and brackets.
    Closing,
    Space,
    /// After these a sentence goes on: a comma, a dash.
    Continuing,
    Mark,
    Other,
}

impl Kind {
    /// `None` where the tables of Unicode must be asked.
    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'a'..='z' => Self::Small,
            ' ' | '\u{A0}' => Self::Space,
            'A'..='Z' => Self::Capital,
            '0'..='9' => Self::Digit,
            '.' | '!' | '?' => Self::Mark,
            ',' | '-' | ':' | ';' | '–' | '—' => Self::Continuing,
            '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'' | '«' | '»' | '‘' | '’' | '“' | '”' | '„' => {
                Self::Closing
            }
            ' '..='~' | '…' => Self::Other,
            '\u{C0}'..='\u{24F}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => match letter {
                _ if letter.is_lowercase() => Self::Small,
                _ if letter.is_uppercase() => Self::Capital,
                '×' | '÷' => Self::Other,
                // Some of these are capital to Unicode, and some are neither.
                _ => return None,
            },
            '\u{4E00}'..='\u{9FA5}' => Self::Letter,
            _ => return None,
        })
    }
}

/// What a mark does.
enum Verdict {
    /// The sentence ends here, behind the white space.
    Ends(usize),
    GoesOn,
}

/// Whether a sentence ends with this mark, by the rules SB6 to SB11 of UAX #29; `None` where that cannot be told without
/// the tables of Unicode. The sentence begins at `start`, or where that is not sure behind it.
fn end_at(text: &str, (start, is_sure): (usize, bool), mark: usize) -> Option<Verdict> {
    let is_stop = text.as_bytes()[mark] == b'.';
    let kind_at = |at: usize| match text.as_bytes()[at] {
        b' ' => Some((Kind::Space, 1)),
        _ => text[at..].chars().next().and_then(|letter| Some((Kind::of(letter)?, letter.len_utf8()))),
    };
    let mut at = mark + 1;
    if is_stop && at < text.len() {
        match kind_at(at)?.0 {
            // "3.5"
            Kind::Digit => return Some(Verdict::GoesOn),
            // "U.S"
            Kind::Capital => match text[..mark].chars().next_back().map(Kind::of) {
                Some(None) => return None,
                Some(Some(Kind::Capital | Kind::Small)) => return Some(Verdict::GoesOn),
                _ => {}
            },
            _ => {}
        }
    }
    let mut is_closed = false;
    let next = loop {
        if at == text.len() {
            return Some(Verdict::Ends(at));
        }
        match kind_at(at)? {
            (Kind::Closing, length) => {
                at += length;
                is_closed = true;
            }
            (next, _) => break next,
        }
    };
    let mut next = next;
    while next == Kind::Space {
        at += kind_at(at)?.1;
        if at == text.len() {
            return Some(Verdict::Ends(at));
        }
        next = kind_at(at)?.0;
    }
    let goes_on = match next {
        Kind::Continuing | Kind::Mark => true,
        _ => is_stop && before_small_letter(&text[at..])?,
    };
    if goes_on || is_stop && !is_closed && is_abbreviation(&text[start..mark], is_sure)? {
        return Some(Verdict::GoesOn);
    }
    Some(Verdict::Ends(at))
}

/// Whether the first letter is a small one, and no mark before it.
fn before_small_letter(text: &str) -> Option<bool> {
    for letter in text.chars() {
        match Kind::of(letter)? {
            Kind::Small => return Some(true),
            Kind::Capital | Kind::Letter | Kind::Mark => return Some(false),
            _ => {}
        }
    }
    Some(false)
}

/// Whether a character is none of those that end sentences, nor a line end; of the marks of ASCII [`stretches`] knows
/// more.
fn ends_nothing(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{A0}'..='\u{588}' | '\u{2010}'..='\u{2023}' | '\u{2025}'..='\u{2027}'
        | '\u{202F}'..='\u{203B}' | '\u{2070}'..='\u{2BFF}' | '\u{3000}' | '\u{3001}' | '\u{3003}'..='\u{9FFF}'
        | '\u{FE0F}' | '\u{FF08}'..='\u{FF0D}' | '\u{1F300}'..='\u{1FAFF}')
}

/// Whether a full stop behind this belongs to an abbreviation or an initial; `None` where a sentence may begin within the
/// word before it.
fn is_abbreviation(before: &str, is_sure: bool) -> Option<bool> {
    let mut start = before.len();
    for (at, letter) in before.char_indices().rev() {
        if letter.is_whitespace() || matches!(letter, '(' | '"' | '“') {
            break;
        }
        if !letter.is_ascii_alphanumeric()
            && let Kind::Mark | Kind::Closing = Kind::of(letter)?
            && !is_sure
        {
            return None;
        }
        start = at;
        if before.len() - start > LONGEST_ABBREVIATION {
            return Some(false);
        }
    }
    Some(abbreviates(&before[start..]))
}

/// In bytes.
const LONGEST_ABBREVIATION: usize = 6;

/// Whether a word is an abbreviation or an initial.
fn abbreviates(word: &str) -> bool {
    let mut letters = word.chars();
    let is_initial =
        letters.next().is_some_and(|first| first.is_alphabetic() && first != 'I') && letters.next().is_none();
    is_initial
        || word.len() <= LONGEST_ABBREVIATION
            && ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn ends_with_abbreviation(sentence: &str) -> bool {
    let Some(before) = sentence.trim_end().strip_suffix('.') else { return false };
    let word =
        before.rsplit(|letter: char| letter.is_whitespace() || matches!(letter, '(' | '"' | '“')).next();
    abbreviates(word.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Syntax;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(800))]

        #[test]
        fn the_fast_way_divides_like_the_slow_one(
            text in "([a-cA-C1 ]|[.!?] [A-Ca1]|[.!?,:;)\"’”“–…é。\u{301}\u{a0}™语×Éǅ$ ]|etc\\.|no\\. A|vol\\.? |Dr\\. |chapter\\. B){0,40}",
        ) {
            let (fast, slow) = both_ways(&text);
            prop_assert_eq!(fast, slow);
        }
    }

    fn both_ways(text: &str) -> (Vec<String>, Vec<String>) {
        let trim = |range: Range<usize>| text[range].trim().to_owned();
        let slow = divided(text).map(trim).filter(|text| !text.is_empty()).collect();
        let block = Block { start: 0, end: text.len(), place: Place::default() };
        let prose = Prose { text: text.to_owned(), blocks: vec![block], ..Prose::default() };
        (prose.sentences(&block).iter().map(|range| text[range.clone()].to_owned()).collect(), slow)
    }

    #[test]
    fn characters_are_what_unicode_says() {
        let same = |text: String| {
            let (fast, slow) = both_ways(&text);
            assert_eq!(fast, slow, "{text}");
        };
        for letter in ('\0'..=char::MAX).filter(|letter| ends_nothing(*letter)) {
            same(format!("xy{letter} X"));
        }
        let is_ideograph = |letter: char| letter > '\u{4E20}';
        for letter in
            ('\0'..=char::MAX).filter(|letter| Kind::of(*letter).is_some() && !is_ideograph(*letter))
        {
            for text in [
                format!("xy.{letter}A"),
                format!("xy. {letter}a"),
                format!("xy. {letter} A"),
                format!("xy{letter}.A"),
                format!("xy!{letter} a"),
                format!("xy.{letter} a"),
                format!("xy.{letter}, a"),
            ] {
                same(text);
            }
        }
    }

    fn prose(text: &str) -> Prose {
        Prose::of(&Body::parse(text, 0, Syntax::Markdown), text)
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let text = "Dr. Bolt saw 3.5 doors, e.g. the U.S. Capitol. “Why?” J. Hinge asked! See v. 2.0\nfor *more. And* more.";
        let chinese = "门开了。门关了！谁关的？";
        let prose = prose(&format!("{text}\n\n{chinese}\n"));
        let sentences: Vec<Vec<&str>> = prose
            .blocks
            .iter()
            .map(|block| prose.sentences(block).iter().map(|range| &prose.text[range.clone()]).collect())
            .collect();
        let first = [
            "Dr. Bolt saw 3.5 doors, e.g. the U.S. Capitol.",
            "“Why?”",
            "J. Hinge asked!",
            "See v. 2.0 for more.",
            "And more.",
        ];
        assert_eq!(sentences, [first.to_vec(), vec!["门开了。", "门关了！", "谁关的？"]]);
    }

    #[test]
    fn sections_stand_between_headings() {
        let prose = prose("Before.\n\n# One\n\n## Two\n\nText.\n\n> ### In\n\n- more\n\n## Three\n\nEnd.\n");
        let part = |range: Range<usize>| prose.text[range].replace("\n\0\n", "|");
        let sections: Vec<_> = prose
            .sections()
            .map(|section| (section.heading.map(part).unwrap_or_default(), part(section.text)))
            .collect();
        let expected = [("", "Before."), ("Two", "Text.|In|more"), ("Three", "End.")];
        assert_eq!(sections, expected.map(|(heading, text)| (heading.to_owned(), text.to_owned())));
    }
}
