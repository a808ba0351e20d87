//! `occurrence`: how much of something there may be in each heading, paragraph, field and so on.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::hit::heading_over;
use super::message::{Message, Values};
use super::passage::Passage;
use super::pattern::{GivenUp, Joint, Pattern};
use super::scope::Scope;
use super::settings::Settings;
use crate::article::body::Words;
use crate::article::{Article, FrontMatter};
use crate::rule::{Check, Context, Sink};

/// The check: a count and its bounds.
pub(super) struct Occurrence {
    count: Count,
    min: usize,
    max: usize,
    scopes: Vec<Scope>,
    /// What is said of too little.
    below: Message,
    /// What is said of too much.
    above: Message,
    help: Option<Message>,
}

enum Count {
    Matches(Box<Pattern>),
    /// What a reader calls a letter: extended grapheme clusters (UAX #29).
    Characters,
    /// The same, but those of Chinese, Japanese and Korean take the room of two.
    Width,
    /// Words; of Chinese and Japanese, five characters are two, since so many take the same time to read.
    Words,
}

impl Occurrence {
    /// As Vale does it: `token` is counted, and `min` and `max` are the bounds. Without a token, `count` says what is.
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let token = settings.text("token");
        let count = if let Some(token) = token {
            let joint = Joint { ignorecase: settings.flag("ignorecase"), words: false };
            Pattern::compile(settings, "token", &[token], joint)
                .map(|pattern| Count::Matches(Box::new(pattern)))
        } else {
            let words = [("characters", 0), ("width", 1), ("words", 2)];
            settings.choice("count", &words).map(|word| match word {
                0 => Count::Characters,
                1 => Count::Width,
                _ => Count::Words,
            })
        };
        let (min, max) = (settings.number("min").unwrap_or(0), settings.number("max").unwrap_or(usize::MAX));
        if min > max {
            let place = settings.place("min").or(settings.place("max"));
            settings.mistake(place, format!("\"min\" is {min}, more than \"max\", {max}"), None);
        }
        let scopes = Scope::read(settings);
        let holes = ["count", "min", "max", "heading"];
        let help = Message::parse(settings, "help", &holes);
        let (below, above) =
            (Message::parse(settings, "below", &holes), Message::parse(settings, "above", &holes));
        let (below, above) = match (below, above) {
            (Some(below), Some(above)) => (Some(below), Some(above)),
            (below, above) => {
                let message = Message::required(settings, "message", &holes);
                (below.or_else(|| message.clone()), above.or(message))
            }
        };
        Some(Self { count: count?, min, max, scopes: scopes?, below: below?, above: above?, help })
    }

    fn look(&self, article: &Article<'_>, context: &Context<'_>, scope: &Scope, sink: &mut Sink<'_>) {
        let is_broken = article.front_matter.as_ref().is_some_and(|block: &FrontMatter| !block.is_sound());
        if scope.is_field() && is_broken {
            return;
        }
        let mut has_given_up = false;
        // Most are well within.
        let is_wanted = |text: &str| self.min > 0 || self.count.may_exceed(text, self.max);
        scope.wanted_passages(article, context, &is_wanted, &mut |passage| {
            if has_given_up || passage.text.trim().is_empty() {
                return;
            }
            match self.count.of(passage.text) {
                Ok(count) if count < self.min || count > self.max => {
                    if !passage.is_templated(article) {
                        self.report(article, context, scope, passage, count, sink);
                    }
                }
                Ok(_) => {}
                Err(given_up) => {
                    has_given_up = true;
                    given_up.report(passage.span, sink);
                }
            }
        });
    }

    fn report(
        &self,
        article: &Article<'_>,
        context: &Context<'_>,
        scope: &Scope,
        passage: &Passage<'_>,
        count: usize,
        sink: &mut Sink<'_>,
    ) {
        let (message, beyond) = if count < self.min {
            (&self.below, None)
        } else {
            (&self.above, self.count.beyond(passage.text, self.max, scope.is_line()))
        };
        let span = beyond.map_or(passage.span, |part| passage.locate(part).span);
        let heading = heading_over(article, passage.span);
        let named: [(&str, &dyn std::fmt::Display); 4] =
            [("count", &count), ("min", &self.min), ("max", &self.max), ("heading", &heading)];
        let values = Values { article, context, named: &named };
        // Who counts by hand comes to another number.
        let is_wide = matches!(self.count, Count::Width)
            && Count::Characters.of(passage.text).is_ok_and(|characters| characters != count);
        let note = "a wide character, as in Chinese, counts as two";
        sink.report(span, message.fill(&values)).help = self.help.as_ref().map(|help| {
            if is_wide { format!("{}; {note}", help.fill(&values)).into() } else { help.shared(&values) }
        });
    }
}

/// Whether a character is always one for the reader: it joins none, and none joins it that is so, too.
fn is_alone(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{400}'..='\u{482}' | '\u{2010}'..='\u{2027}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{FF01}'..='\u{FF9D}')
}

impl Count {
    /// Whether there may be more than so many, without counting: no text has more of anything than bytes, or more words
    /// than half of that, and between two words without a character beyond ASCII stands another than a letter or a
    /// digit.
    fn may_exceed(&self, text: &str, max: usize) -> bool {
        // Few enough for a sum of bytes, so that many are counted at a time.
        const CHUNK: usize = 128;
        let others =
            |bytes: &[u8]| -> u8 { bytes.iter().map(|byte| u8::from(!byte.is_ascii_alphanumeric())).sum() };
        let gaps = || text.as_bytes().chunks(CHUNK).map(|chunk| usize::from(others(chunk))).sum::<usize>();
        match self {
            Self::Words => text.len().div_ceil(2) > max && gaps() >= max,
            _ => text.len() > max,
        }
    }

    fn of(&self, text: &str) -> Result<usize, GivenUp<'_>> {
        Ok(match self {
            Self::Matches(pattern) => pattern.count(text)?,
            Self::Words => {
                let words = Words::seen(text);
                (words.visible + words.cjk * 2 / 5) as usize
            }
            Self::Characters | Self::Width => {
                let text = text.trim();
                if text.is_ascii() {
                    text.len()
                } else if text.chars().all(is_alone) {
                    let wide = if matches!(self, Self::Width) {
                        text.chars().filter(|letter| is_wide(*letter)).count()
                    } else {
                        0
                    };
                    text.chars().count() + wide
                } else {
                    text.graphemes(true).map(|letter| self.weight(letter)).sum()
                }
            }
        })
    }

    fn weight(&self, letter: &str) -> usize {
        match self {
            Self::Width if letter.chars().next().is_some_and(is_wide) => 2,
            _ => 1,
        }
    }

    /// The part of a text behind the first `max`, where that is a help: of a line of text, or from the first match that
    /// is too many.
    fn beyond(&self, text: &str, max: usize, is_line: bool) -> Option<Range<usize>> {
        match self {
            Self::Matches(pattern) => {
                let mut hits = Vec::new();
                pattern.each_linear(text, &mut |hit| hits.push(hit.range));
                hits.into_iter().nth(max)
            }
            Self::Characters | Self::Width if is_line => {
                let (trimmed, mut count) = (text.trim_end(), 0);
                let start = text.len() - text.trim_start().len();
                let mut letters = text[start..].grapheme_indices(true);
                let (at, _) = letters.find(|(_, letter)| {
                    count += self.weight(letter);
                    count > max
                })?;
                Some(start + at..trimmed.len())
            }
            _ => None,
        }
    }
}

/// Whether a character takes the room of two, as those of Chinese, Japanese and Korean do (UAX #11).
fn is_wide(letter: char) -> bool {
    matches!(letter,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{303E}' | '\u{3041}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1F64F}' | '\u{1F680}'..='\u{1F6FF}' | '\u{1F900}'..='\u{1F9FF}'
        | '\u{20000}'..='\u{3FFFD}')
}

impl Check for Occurrence {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for scope in &self.scopes {
            self.look(article, context, scope, sink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_alone_is_one_for_the_reader() {
        let alone = || ('\0'..='\u{FFFF}').filter(|letter| is_alone(*letter));
        for letter in alone() {
            for text in [
                format!("{letter}{letter}"),
                format!("a{letter}"),
                format!("{letter}é"),
                format!("门{letter}"),
            ] {
                assert_eq!(text.graphemes(true).count(), 2, "{letter:?} in {text:?}");
            }
        }
    }
}
