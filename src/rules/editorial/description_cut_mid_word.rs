//! A description that was cut from the excerpt ends with a whole word.

use serde::Deserialize;

use crate::article::edit::Editor;
use crate::article::{Article, Role};
use crate::data::Node;
use crate::finding::{Edit, Fix};
use crate::rule::truncation::{Relation, normalised, plain_truncation, relation, without_ellipsis};
use crate::rule::{Check, Context, Sink, scalar};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DescriptionCutMidWord {}

/// A text that is shorter, and has no ellipsis, may be one of its own that just begins like the excerpt.
const LEAST_WITHOUT_ELLIPSIS: usize = 50;

impl Check for DescriptionCutMidWord {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let find = |role| context.roles.text(article, role);
        let (Some(excerpt), Some((description, node))) = (find(Role::Excerpt), find(Role::Description))
        else {
            return;
        };
        // Most are the same to the byte.
        if excerpt.0 == description || scalar::is_template(description) {
            return;
        }
        if plain_truncation(excerpt.0, description)
            .is_some_and(|(beginning, rest)| !is_inside_word(beginning, rest))
        {
            return;
        }
        let texts = (normalised(excerpt.0), normalised(description));
        if relation(&texts.0, &texts.1) != Relation::Truncation {
            return;
        }
        let beginning = without_ellipsis(&texts.1);
        let is_text_of_its_own = beginning == texts.1 && beginning.len() < LEAST_WITHOUT_ELLIPSIS;
        if is_text_of_its_own || !is_inside_word(beginning, &texts.0[beginning.len()..]) {
            return;
        }
        let part = beginning.rsplit(' ').next().unwrap_or_default();
        let start = beginning.len() - part.len();
        let word = texts.0[start..].split(' ').next().unwrap_or_default();
        let word = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let message = format!("the description is cut inside the word \"{word}\", behind \"{part}\"");
        let finding = sink.report(node.span, message);
        finding.related(excerpt.1.span, "the excerpt").help("cut it behind a whole word");
        finding.fix = fix(article, node, description);
    }
}

/// Whether a text goes on within the word, or the number, that its beginning ends with.
fn is_inside_word(beginning: &str, rest: &str) -> bool {
    let mut before = beginning.chars().rev();
    let mut behind = rest.chars();
    let (Some(last), Some(next)) = (before.next(), behind.next()) else { return false };
    if has_no_spaces(last) || has_no_spaces(next) {
        return false;
    }
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    match (last, next) {
        ('\'', _) => is_letter(before.next()) && is_letter(Some(next)),
        (_, '\'') => is_letter(Some(last)) && is_letter(behind.next()),
        (_, '.' | ',') => is_digit(Some(last)) && is_digit(behind.next()),
        _ => is_letter(Some(last)) && is_letter(Some(next)),
    }
}

/// Letters of scripts that have no spaces between words, so that no cut is seen to be inside one.
fn has_no_spaces(letter: char) -> bool {
    matches!(letter,
        '\u{0E00}'..='\u{0FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{312F}'
        | '\u{31A0}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

/// Takes out the last, broken word, and the comma or dash before it.
fn fix(article: &Article<'_>, node: &Node, description: &str) -> Option<Fix> {
    let trimmed = description.trim_end();
    let beginning = without_ellipsis(trimmed);
    let (whole, part) = beginning.rsplit_once(char::is_whitespace)?;
    let kept = kept(whole)?;
    // A cut may be within a tag of HTML.
    if description.contains('<') {
        return None;
    }
    let edits = as_written(article, node, (trimmed, part)).map(|gone| vec![Edit::delete(gone)]);
    let edits = edits.or_else(|| {
        let ellipsis = &description[beginning.len()..];
        Editor::of(article)?.replace(node, &format!("{kept}{ellipsis}").into())
    });
    Some(Fix::safe(format!("take \"{part}\" out"), edits?))
}

/// What is left of a text whose last word goes; `None` where that is nothing.
fn kept(whole: &str) -> Option<&str> {
    let kept = whole.trim_end().trim_end_matches([' ', ',', ';', ':', '-', '–', '—', '(']);
    kept.contains(char::is_alphanumeric).then_some(kept)
}

/// The bytes to take out, where the end of the text is written as it reads: so a text keeps its lines.
fn as_written(article: &Article<'_>, node: &Node, (trimmed, part): (&str, &str)) -> Option<Span> {
    let written = &article.text()[node.span.range()];
    let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''));
    let inside = quote.and_then(|quote| written.strip_suffix(quote)).unwrap_or(written);
    let before = inside.trim_end().strip_suffix(&trimmed[trimmed.len() - tail(trimmed, part)..])?;
    let is_whole = before.trim_end().len() < before.len() && !before.trim_end().ends_with('\\');
    let kept = kept(before).filter(|_| is_whole)?;
    let start = node.span.start as usize;
    Some(Span::new(start + kept.len(), start + before.len() + part.len()))
}

/// How many bytes the last word has, with the ellipsis behind it.
fn tail(trimmed: &str, part: &str) -> usize {
    trimmed.len() - without_ellipsis(trimmed).len() + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_inside_a_word_is_told_from_one_behind_it() {
        let cases = [
            ("Doors op", "en", true),
            ("Doors", " open", false),
            ("Doors", ", open", false),
            ("It", "'s", true),
            ("It'", "s", true),
            ("the doors'", " hinges", false),
            ("for 2", ".5 kg", true),
            ("in 2024", ". Then", false),
            ("self-", "closing", false),
            ("扉が", "開く", false),
            ("문이 열", "린다", true),
            ("Tü", "ren", true),
        ];
        for (beginning, rest, expected) in cases {
            assert_eq!(is_inside_word(beginning, rest), expected, "{beginning}|{rest}");
        }
    }
}
