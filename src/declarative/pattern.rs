//! The patterns of a page: searched in linear time, except where look-around or a back-reference needs another engine,
//! which then gets a limited number of steps.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

use super::needles::Needles;
use super::settings::{Settings, Text};
use crate::article::Prose;

/// How large a compiled pattern may become: room for some thousand words, and none for `(a{1000}){1000}`.
const SIZE_LIMIT: usize = 8 << 20;

/// How many bytes of patterns times groups are searched at once: what a search takes of the memory grows with both, and is
/// 48 gigabytes for twenty thousand words.
const SPACE_LIMIT: usize = 64 << 20;

/// How often the engine of look-around may go back in one search before it gives up: some ten milliseconds.
const BACKTRACK_LIMIT: usize = 200_000;

/// How much text the engine of look-around gets at a time. Its parts may look at all the text from each place on, which
/// is no going back and not limited otherwise.
const LONGEST: usize = 32 << 10;

/// Some tokens, each of which may match.
#[derive(Debug)]
pub(super) struct Pattern {
    /// All tokens that can be searched in linear time, as one expression.
    joined: Option<String>,
    joint: Joint,
    /// `joined`, compiled: at once where that may fail, and else at the first search. To compile all patterns of our own
    /// would be half of the time in which the program starts.
    linear: OnceLock<Linear>,
    /// What must stand there for `linear` to match; most texts have none of it, so that it is all that is ever made.
    needles: OnceLock<Option<Needles>>,
    /// Each other token, with its index.
    looking: Vec<(usize, fancy_regex::Regex)>,
}

#[derive(Debug)]
struct Linear {
    regex: Regex,
    /// The regex without the boundaries of words around it, which beyond ASCII are a hundred times slower to look for.
    loose: Option<Loose>,
    /// The group of the regex that each of the tokens is.
    groups: Vec<Group>,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    token: usize,
    index: usize,
}

/// How tokens are put together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Joint {
    /// Capital and small letters are the same.
    pub(super) ignorecase: bool,
    /// Tokens match whole words only.
    pub(super) words: bool,
}

/// Where a pattern matches in a text.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    /// Which of the expressions in `looking`; `None` for the linear one.
    looking: Option<usize>,
}

/// The parts of a match.
#[derive(Debug, Default)]
pub(super) struct Captures {
    /// The index of the token that matches.
    pub(super) token: usize,
    /// The groups of that token by name or number, from 1; without those that took no part.
    pub(super) groups: Vec<(String, String)>,
}

/// A pattern that needs too many steps on a text.
#[derive(Debug)]
pub(super) struct GivenUp<'p>(pub(super) &'p str);

impl Pattern {
    /// Compiles tokens. What is wrong with each goes to the mistakes; `key` is the setting they stand in.
    pub(super) fn compile(
        settings: &mut Settings<'_>,
        key: &str,
        tokens: &[Text],
        joint: Joint,
    ) -> Option<Self> {
        let before = settings.mistakes.len();
        let is_proved = settings.is_ours && tokens.iter().all(is_proved);
        let tokens: Vec<Text> = tokens.iter().map(|token| with_options(settings, token)).collect();
        let all: Vec<(usize, &str)> =
            tokens.iter().enumerate().map(|(index, token)| (index, token.text.as_str())).collect();
        if settings.mistakes.len() > before {
            return None;
        }
        if is_proved {
            let (linear, needles) = (OnceLock::new(), OnceLock::new());
            return Some(Self { joined: alternatives(&all), joint, linear, needles, looking: Vec::new() });
        }
        if let Ok(pattern) = Self::linear(&all, joint, Vec::new()) {
            return Some(pattern);
        }
        let (mut linear, mut looking) = (Vec::new(), Vec::new());
        for (index, token) in tokens.iter().enumerate() {
            match build(&token.text, joint) {
                Ok(_) => linear.push((index, token.text.as_str())),
                Err(error) if !needs_look(&error) => mistake(settings, token, &error),
                Err(_) => match look(&token.text, joint) {
                    Ok(regex) => looking.push((index, regex)),
                    Err(error) => mistake_of_look(settings, token, &error),
                },
            }
        }
        if settings.mistakes.len() > before {
            return None;
        }
        let pattern = Self::linear(&linear, joint, looking);
        if pattern.is_err() {
            let place = Some(settings.span(key));
            settings.mistake(
                place,
                "these patterns are too large together",
                Some("make several searches of them"),
            );
        }
        pattern.ok()
    }

    fn linear(
        tokens: &[(usize, &str)],
        joint: Joint,
        looking: Vec<(usize, fancy_regex::Regex)>,
    ) -> Result<Self, regex::Error> {
        let joined = alternatives(tokens);
        let linear = OnceLock::new();
        if let Some(joined) = &joined {
            let made = Linear::new(joined, joint)?;
            let bytes: usize = tokens.iter().map(|(_, token)| token.len()).sum();
            if bytes.saturating_mul(made.regex.captures_len()) > SPACE_LIMIT {
                return Err(regex::Error::CompiledTooBig(SPACE_LIMIT));
            }
            let _ = linear.set(made);
        }
        Ok(Self { joined, joint, linear, needles: OnceLock::new(), looking })
    }

    fn needles(&self) -> Option<&Needles> {
        let text = self.joined.as_ref()?;
        let make = || Needles::of(&joined(text, self.joint), self.joint.ignorecase);
        self.needles.get_or_init(make).as_ref()
    }

    fn compiled(&self) -> Option<&Linear> {
        let joined = self.joined.as_ref()?;
        let make = || Linear::new(joined, self.joint).expect("the tests compile every pattern of our own");
        Some(self.linear.get_or_init(make))
    }

    /// Calls `found` with the matches of all tokens that are searched in linear time, in their order.
    pub(super) fn each_linear(&self, text: &str, found: &mut dyn FnMut(Hit)) {
        self.each_part(text, None, found);
    }

    /// As [`Pattern::each_linear`], in all the prose of an article.
    pub(super) fn each_in_prose(&self, prose: &Prose, found: &mut dyn FnMut(Hit)) {
        self.each_part(&prose.text, Some(&|| prose.lowered()), found);
    }

    fn each_part<'t>(
        &self,
        text: &'t str,
        lowered: Option<&dyn Fn() -> &'t str>,
        found: &mut dyn FnMut(Hit),
    ) {
        let mut search = |start: usize, part: &str| {
            let Some(Linear { regex, loose, .. }) = self.compiled() else { return };
            let loose = loose.as_ref().filter(|_| !part.is_ascii());
            let mut at = 0;
            while let Some(first) = loose.map_or(Some(at), |loose| loose.find(part, at))
                && let Some(hit) = regex.find_at(part, first)
            {
                if hit.is_empty() {
                    let Some(letter) = part[hit.end()..].chars().next() else { return };
                    at = hit.end() + letter.len_utf8();
                    continue;
                }
                found(Hit { range: start + hit.start()..start + hit.end(), looking: None });
                at = hit.end();
            }
        };
        match self.needles() {
            Some(needles) => needles.each(text, lowered, &mut search),
            None => search(0, text),
        }
    }

    /// Calls `found` with the matches of all other tokens.
    pub(super) fn each_looking(&self, text: &str, found: &mut dyn FnMut(Hit)) -> Result<(), GivenUp<'_>> {
        for (index, (_, regex)) in self.looking.iter().enumerate() {
            for part in parts(text) {
                for hit in regex.find_iter(&text[part.clone()]) {
                    let hit = hit.map_err(|_| GivenUp(regex.as_str()))?;
                    if hit.start() < hit.end() {
                        let range = part.start + hit.start()..part.start + hit.end();
                        found(Hit { range, looking: Some(index) });
                    }
                }
            }
        }
        Ok(())
    }

    /// The places in a front matter, in order, at which a value may have a match; `None` where that cannot be told.
    pub(super) fn places_in(&self, written: &str) -> Option<Vec<usize>> {
        self.needles().filter(|_| self.is_linear())?.places_in(written)
    }

    /// Whether all tokens are searched in linear time.
    pub(super) fn is_linear(&self) -> bool {
        self.looking.is_empty()
    }

    /// How many matches a text has.
    pub(super) fn count(&self, text: &str) -> Result<usize, GivenUp<'_>> {
        let mut count = 0;
        self.each_linear(text, &mut |_| count += 1);
        self.each_looking(text, &mut |_| count += 1)?;
        Ok(count)
    }

    /// Whether a text has a match.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.compiled().is_some_and(|linear| linear.regex.is_match(text))
            || self.looking.iter().any(|(_, regex)| regex.is_match(text).unwrap_or(false))
    }

    /// The parts of a match that was found in this text.
    pub(super) fn captures(&self, text: &str, hit: &Hit) -> Captures {
        let captured =
            |token, base: usize, names: Vec<Option<&str>>, get: &dyn Fn(usize) -> Option<String>| {
                let inner = (base + 1..names.len()).map_while(|index| match names[index] {
                    Some(name) if name.starts_with("token_") => None,
                    name => Some((index, name)),
                });
                let groups = inner.filter_map(|(index, name)| {
                    let name = name.map_or_else(|| (index - base).to_string(), str::to_owned);
                    Some((name, get(index)?))
                });
                Captures { token, groups: groups.collect() }
            };
        match hit.looking {
            None => {
                let Some(Linear { regex, groups, .. }) = self.compiled() else { return Captures::default() };
                let Some(found) = regex.captures_at(text, hit.range.start) else {
                    return Captures::default();
                };
                let group = groups.iter().find(|group| found.get(group.index).is_some());
                let Some(group) = group else { return Captures::default() };
                let get = |index| found.get(index).map(|part| part.as_str().to_owned());
                captured(group.token, group.index, regex.capture_names().collect(), &get)
            }
            Some(index) => {
                let (token, regex) = &self.looking[index];
                let Ok(Some(found)) = regex.captures_from_pos(text, hit.range.start) else {
                    return Captures { token: *token, groups: Vec::new() };
                };
                let get = |index| found.get(index).map(|part| part.as_str().to_owned());
                captured(*token, 0, regex.capture_names().collect(), &get)
            }
        }
    }

    /// The names of the groups that the tokens have, for the holes of a message: `1`, `2` and so on, and names.
    pub(super) fn group_names(&self) -> Vec<String> {
        if self.linear.get().is_none() && self.looking.is_empty() {
            return self.joined.as_deref().map(groups_in).unwrap_or_default();
        }
        let linear = self.linear.get().map(|linear| &linear.regex);
        let named = linear.into_iter().flat_map(|regex| regex.capture_names().flatten());
        let looking = self.looking.iter().flat_map(|(_, regex)| regex.capture_names().flatten());
        let named = named.chain(looking).filter(|name| !name.starts_with("token_")).map(str::to_owned);
        let lengths = linear.into_iter().map(Regex::captures_len);
        let most = lengths.chain(self.looking.iter().map(|(_, regex)| regex.captures_len())).max();
        named.chain((1..most.unwrap_or(1)).map(|number| number.to_string())).collect()
    }
}

/// A pattern that matches wherever another one does.
#[derive(Debug)]
struct Loose {
    alternatives: String,
    joint: Joint,
    /// Compiled when it is first asked; `None` where that fails.
    regex: OnceLock<Option<Regex>>,
}

impl Loose {
    /// The first place at or behind `at` where it matches; `at` itself where that is not known.
    fn find(&self, text: &str, at: usize) -> Option<usize> {
        let joint = Joint { words: false, ..self.joint };
        let regex = self.regex.get_or_init(|| build(&self.alternatives, joint).ok());
        regex.as_ref().map_or(Some(at), |regex| regex.find_at(text, at).map(|hit| hit.start()))
    }
}

impl Captures {
    /// The text of a group.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.groups.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// A replacement with its `$1`, `${name}` and `$$` written out.
    pub(super) fn expand(&self, replacement: &str) -> String {
        let mut text = String::new();
        let mut rest = replacement;
        while let Some((before, behind)) = rest.split_once('$') {
            text.push_str(before);
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            let (name, after) = if let Some(behind) = behind.strip_prefix('{') {
                behind.split_once('}').unwrap_or(("", behind))
            } else {
                // `$1st` is the group 1 and "st", as in Vale's `$1`.
                let is_part = |letter: char| {
                    if behind.starts_with(|first: char| first.is_ascii_digit()) {
                        letter.is_ascii_digit()
                    } else {
                        is_name(letter)
                    }
                };
                behind.split_at(behind.find(|letter| !is_part(letter)).unwrap_or(behind.len()))
            };
            rest = match behind.strip_prefix('$') {
                Some(behind) => {
                    text.push('$');
                    behind
                }
                None if name.is_empty() => {
                    text.push('$');
                    behind
                }
                None => {
                    text.push_str(self.get(name).unwrap_or_default());
                    after
                }
            };
        }
        text + rest
    }
}

/// A text in parts of at most [`LONGEST`] bytes, cut behind line ends where there are any.
fn parts(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut end = text.len();
        if end - start > LONGEST {
            end = start + LONGEST;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            end = text[start..end].rfind('\n').map_or(end, |line| start + line + 1);
        }
        let part = start..end;
        start = end;
        (!part.is_empty()).then_some(part)
    })
}

impl Linear {
    fn new(alternatives: &str, joint: Joint) -> Result<Self, regex::Error> {
        let regex = build(alternatives, joint)?;
        let groups = regex.capture_names().enumerate().filter_map(|(index, name)| {
            Some(Group { token: name?.strip_prefix("token_")?.parse().ok()?, index })
        });
        let loose = joint.words.then(|| Loose {
            alternatives: alternatives.to_owned(),
            joint,
            regex: OnceLock::new(),
        });
        Ok(Self { groups: groups.collect(), loose, regex })
    }
}

/// All tokens as one expression, each a group with its number; `None` where there is none.
fn alternatives(tokens: &[(usize, &str)]) -> Option<String> {
    let groups = tokens.iter().map(|(index, token)| format!("(?P<token_{index}>{token})"));
    (!tokens.is_empty()).then(|| groups.collect::<Vec<_>>().join("|"))
}

/// Whether a token of our own pages, which the tests compile, is as the tests have it, and without what only the other
/// engine knows.
fn is_proved(token: &Text) -> bool {
    let is_reference = |pair: &[u8]| pair[0] == b'\\' && (b'1'..=b'9').contains(&pair[1]);
    let is_other = ["(?=", "(?!", "(?<"].iter().any(|part| token.text.contains(part));
    token.span.is_some() && !is_other && !token.text.as_bytes().windows(2).any(is_reference)
}

/// The groups that an expression may have, by number and name.
fn groups_in(expression: &str) -> Vec<String> {
    let names =
        expression.split("(?P<").skip(1).filter_map(|rest| rest.split_once('>')).map(|(name, _)| name);
    let names = names.filter(|name| !name.starts_with("token_")).map(str::to_owned);
    let most = expression.matches('(').count();
    names.chain((1..=most).map(|number| number.to_string())).collect()
}

fn joined(token: &str, joint: Joint) -> String {
    if joint.words { format!(r"\b(?:{token})\b") } else { token.to_owned() }
}

fn build(token: &str, joint: Joint) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&joined(token, joint))
        .case_insensitive(joint.ignorecase)
        .multi_line(true)
        .size_limit(SIZE_LIMIT)
        .build()
}

fn look(token: &str, joint: Joint) -> Result<fancy_regex::Regex, Box<fancy_regex::Error>> {
    fancy_regex::RegexBuilder::new(&joined(token, joint))
        .case_insensitive(joint.ignorecase)
        .multi_line(true)
        .backtrack_limit(BACKTRACK_LIMIT)
        .delegate_size_limit(SIZE_LIMIT)
        .build()
        .map_err(Box::new)
}

/// Whether a token has what only the other engine knows.
fn needs_look(error: &regex::Error) -> bool {
    let text = error.to_string();
    matches!(error, regex::Error::Syntax(_))
        && (text.contains("look-around") || text.contains("backreferences"))
}

/// Says what is wrong with a token, at the very place where that is known.
fn mistake(settings: &mut Settings<'_>, token: &Text, error: &regex::Error) {
    let whole = 0..token.text.len();
    // Alone, so that the places are those of the token.
    let alone = RegexBuilder::new(&token.text).size_limit(SIZE_LIMIT).build().err();
    let shown = alone.as_ref().unwrap_or(error).to_string();
    let (range, reason) = match error {
        regex::Error::CompiledTooBig(_) => (whole, "it becomes too large"),
        _ => (
            caret(&shown, &token.text).unwrap_or(whole),
            shown.lines().last().unwrap_or_default().trim_start_matches("error: "),
        ),
    };
    let place = settings.inside(token, range);
    settings.mistake(place, format!("the pattern does not compile: {reason}"), None);
}

fn mistake_of_look(settings: &mut Settings<'_>, token: &Text, error: &fancy_regex::Error) {
    // Alone, so that the places are those of the token.
    let alone = fancy_regex::Regex::new(&token.text).err();
    let (range, reason) = match alone.as_ref().unwrap_or(error) {
        fancy_regex::Error::ParseError(at, reason) => {
            let next = token.text.get(*at..).and_then(|rest| rest.chars().next());
            let range = next.map_or(0..token.text.len(), |next| *at..at + next.len_utf8());
            (range, reason.to_string())
        }
        fancy_regex::Error::CompileError(reason) => (0..token.text.len(), reason.to_string()),
        other => (0..token.text.len(), other.to_string()),
    };
    let place = settings.inside(token, range);
    settings.mistake(place, format!("the pattern does not compile: {}", lower(&reason)), None);
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The bytes that the carets of an error of `regex` stand under.
fn caret(error: &str, token: &str) -> Option<Range<usize>> {
    let mut lines = error.lines().skip_while(|line| line.strip_prefix("    ") != Some(token));
    let carets = lines.nth(1)?.strip_prefix("    ")?;
    let start = carets.chars().take_while(|letter| *letter == ' ').count();
    let end = carets.chars().count();
    let byte = |at| token.char_indices().nth(at).map_or(token.len(), |(byte, _)| byte);
    Some(byte(start)..byte(end))
}

/// A token with the options that it names, `{options.NAME}`, written out as plain text: a list as alternatives.
fn with_options(settings: &mut Settings<'_>, token: &Text) -> Text {
    let mut text = String::new();
    let mut at = 0;
    while let Some(start) = token.text[at..].find("{options.").map(|found| at + found) {
        let Some(end) = token.text[start..].find('}').map(|found| start + found) else { break };
        let name = &token.text[start + "{options.".len()..end];
        text.push_str(&token.text[at..start]);
        match settings.options().get(name) {
            Some(Json::Array(items)) if items.is_empty() => text.push_str(r"[^\s\S]"),
            Some(Json::Array(items)) => {
                let items: Vec<String> = items.iter().filter_map(Json::as_str).map(regex::escape).collect();
                text.extend(["(?:", &items.join("|"), ")"]);
            }
            Some(Json::String(value)) => text.push_str(&regex::escape(value)),
            Some(value) => text.push_str(&regex::escape(&value.to_string())),
            None => {
                let place = settings.inside(token, start..end + 1);
                settings.mistake(place, format!("the rule has no option \"{name}\""), None);
            }
        }
        at = end + 1;
    }
    text.push_str(&token.text[at..]);
    Text { text, span: token.span }
}
