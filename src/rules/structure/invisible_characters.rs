//! No character stands in the text that nobody sees.

use serde::Deserialize;

use crate::article::Article;
use crate::finding::{Edit, Fix};
use crate::rule::invisible::{self, Kind};
use crate::rule::{Check, Context, Sink};
use crate::text::{Span, behind_mark};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct InvisibleCharacters {
    exceptions: Vec<String>,
}

impl Check for InvisibleCharacters {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let text = article.text();
        let mut end = 0;
        invisible::scan(text, behind_mark(text), |at| {
            // What follows at once was reported together with the first.
            if at < end {
                return;
            }
            let run = text[at..].chars().take_while(|next| invisible::kind(*next).is_some());
            end = at + run.map(char::len_utf8).sum::<usize>();
            let found = self.out_of_place(text, Span::new(at, end));
            let (Some((first, _)), Some((last, _))) = (found.first(), found.last()) else { return };
            let span = first.to(*last);
            if is_read(article, span) {
                let mut letters: Vec<_> = found.iter().map(|(_, letter)| *letter).collect();
                letters.sort_unstable();
                letters.dedup();
                let names: Vec<_> = letters.into_iter().map(invisible::name).collect();
                let finding = sink.report(span, format!("{} in the text", names.join(", ")));
                let is_damage =
                    found.iter().any(|(_, letter)| invisible::kind(*letter) == Some(Kind::Damage));
                finding.help(if is_damage {
                    "it is left of another character that was lost: write that one"
                } else {
                    "take it out: nobody sees it, but searches, links and screen readers do"
                });
                finding.fix = fix(article, span, &found);
            }
        });
    }
}

impl InvisibleCharacters {
    /// Of these invisible characters, those that have no use where they stand.
    fn out_of_place(&self, text: &str, run: Span) -> Vec<(Span, char)> {
        let before = text[..run.start as usize].chars().next_back();
        let after = text[run.end as usize..].chars().next();
        let turns = |letter: char| invisible::kind(letter) == Some(Kind::Direction);
        let may_turn = text[run.range()].contains(turns) && has_right_to_left(text, run);
        let letters = text[run.range()].char_indices();
        let all = letters.map(|(at, letter)| {
            let start = run.start as usize + at;
            (Span::new(start, start + letter.len_utf8()), letter)
        });
        all.filter(|(_, letter)| {
            let is_needed = invisible::is_needed(*letter, before, after) || (may_turn && turns(*letter));
            !is_needed && !self.exceptions.contains(&invisible::code(*letter))
        })
        .collect()
    }
}

/// How far around a place its line is looked at.
const NEAR: usize = 400;

/// The line around a place, or as much of it as is near.
fn near(text: &str, span: Span) -> (&str, &str) {
    let (mut from, mut to) = ((span.start as usize).saturating_sub(NEAR), span.end as usize + NEAR);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while to < text.len() && !text.is_char_boundary(to) {
        to += 1;
    }
    let to = to.min(text.len());
    let before = text[from..span.start as usize].rsplit(['\n', '\r']).next().unwrap_or_default();
    let after = text[span.end as usize..to].split(['\n', '\r']).next().unwrap_or_default();
    (before, after)
}

/// Whether writing from right to left stands on the line, among which marks of direction have their use.
fn has_right_to_left(text: &str, span: Span) -> bool {
    let (before, after) = near(text, span);
    before.chars().chain(after.chars()).any(|letter| {
        matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{1e800}'..='\u{1efff}')
            && letter.is_alphabetic()
    })
}

/// Whether a reader has it before him: it stands in the front matter, in text, or in a link or an image; not in code,
/// comments, attributes or templates.
fn is_read(article: &Article<'_>, span: Span) -> bool {
    let body = &article.body;
    if let Some(front_matter) = article.front_matter.as_ref().filter(|block| block.span.contains(span)) {
        return front_matter.is_sound();
    }
    let run = body.text.partition_point(|run| run.span.end <= span.start);
    let is_text =
        body.text.get(run).is_some_and(|run| run.span.start <= span.start && run.resolved.is_none());
    is_text || in_address(article, span) || {
        let mut images = last_before(&body.images, span, |image| image.span);
        images.any(|image| image.alt_span.is_some_and(|alt| alt.contains(span)))
    }
}

fn in_address(article: &Article<'_>, span: Span) -> bool {
    let body = &article.body;
    let links = last_before(&body.links, span, |link| link.span).map(|link| link.url_span);
    let images = last_before(&body.images, span, |image| image.span).map(|image| image.url_span);
    let definitions = last_before(&body.definitions, span, |definition| definition.span);
    let mut addresses = links.chain(images).chain(definitions.map(|definition| definition.url_span));
    addresses.any(|address| address.is_some_and(|address| address.contains(span)))
}

/// The last of these that begin before `span`; one may stand within another.
fn last_before<T>(parts: &[T], span: Span, of: fn(&T) -> Span) -> impl Iterator<Item = &T> {
    const DEEPEST: usize = 4;
    let end = parts.partition_point(|part| of(part).start < span.start);
    parts[end.saturating_sub(DEEPEST)..end].iter()
}

/// Takes it out where that surely changes nothing else: between letters, spaces and the marks of a sentence. Beside
/// markup, at the beginning of a line, or in an address, it may hold something apart.
fn fix(article: &Article<'_>, span: Span, found: &[(Span, char)]) -> Option<Fix> {
    let text = article.text();
    let has = |kind| found.iter().any(|(_, letter)| invisible::kind(*letter) == Some(kind));
    if has(Kind::Damage) || has(Kind::Override) || in_address(article, span) {
        return None;
    }
    let (before, after) = near(text, span);
    let (last, next) = (before.chars().next_back(), after.chars().next());
    let is_harmless = |letter: char| {
        letter.is_alphanumeric()
            || letter == ' '
            || !letter.is_ascii()
            || matches!(letter, '.' | ',' | ';' | '!' | '?' | '(' | ')' | '%' | '\'' | '"')
    };
    let is_space = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
    // Without it a tag, an entity or an address may come to be.
    let word = (before.rsplit(char::is_whitespace).next(), after.split(char::is_whitespace).next());
    let is_markup =
        |part: Option<&str>| part.is_some_and(|part| part.contains(['<', '>', '&', '[', ']', '`', '\\']));
    let has_text = before.contains(char::is_alphabetic) || next.is_some_and(char::is_alphabetic);
    let stays = has_text
        && !is_markup(word.0)
        && !is_markup(word.1)
        && last.is_none_or(is_harmless)
        && next.is_none_or(is_harmless)
        && !(is_space(last) && is_space(next))
        // Something may be kept from being read as an address.
        && !(last == Some('.') && next.is_some_and(char::is_alphanumeric))
        && !(next == Some('.') && after[1..].starts_with(char::is_alphanumeric));
    let in_data = article.front_matter.as_ref().is_some_and(|block| block.span.contains(span));
    if !stays || (in_data && !stays_text(before, after)) {
        return None;
    }
    let parts = has(Kind::Break) && !is_space(last) && !is_space(next);
    let mut edits: Vec<Edit> = found.iter().map(|(span, _)| Edit::delete(*span)).collect();
    if parts && let Some((first, _)) = found.first() {
        edits[0] = Edit::replace(*first, " ");
    }
    Some(Fix::safe(if found.len() == 1 { "take it out" } else { "take them out" }, edits))
}

/// Whether what is left of a value is a text still: in quotes, or several words.
fn stays_text(before: &str, after: &str) -> bool {
    let Some((_, value)) = before.split_once([':', '=']) else { return false };
    let value = value.trim_start();
    let is_quoted = value.starts_with(['"', '\'']);
    let has_words = |text: &str| text.trim().contains(' ') && text.contains(char::is_alphabetic);
    is_quoted || has_words(value) || has_words(after)
}
