//! The description says what the excerpt says, in full or cut short.

use std::collections::HashMap;

use std::borrow::Cow;

use serde::Deserialize;

use crate::article::edit::Editor;
use crate::article::{Article, Role};
use crate::finding::Fix;
use crate::rule::truncation::{Relation, normalised, plain_truncation, relation, without_tags};
use crate::rule::{Check, Context, Sink, scalar};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExcerptMatchesDescription {
    accept: Accept,
    source: Side,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Accept {
    Equal,
    Truncation,
    Either,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    Excerpt,
    Description,
}

impl Check for ExcerptMatchesDescription {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let find = |role| context.roles.text(article, role);
        let (Some(excerpt), Some(description)) = (find(Role::Excerpt), find(Role::Description)) else {
            return;
        };
        // Most are the same to the byte.
        let same = excerpt.0 == description.0 && self.accept != Accept::Truncation;
        let is_open = || [excerpt.0, description.0].into_iter().any(scalar::is_template);
        if same || excerpt.1.span == description.1.span || is_open() {
            return;
        }
        if self.accept != Accept::Equal && plain_truncation(excerpt.0, description.0).is_some() {
            return;
        }
        let texts = (normalised(excerpt.0), normalised(description.0));
        let found = relation(&texts.0, &texts.1);
        // A field that is just called "description" may well be a text of its own. That two texts were meant to be one
        // is then known only from how near they are; one that says the whole excerpt and more was written so.
        let is_drifted = || !texts.1.starts_with(&texts.0) && likeness(&texts.0, &texts.1) >= DRIFT;
        let is_sure = || context.roles.names_description_of_excerpt(article) || is_drifted();
        let message = match (self.accept, found) {
            (_, Relation::Other) if !is_sure() => return,
            (Accept::Equal, Relation::Other) => "the description is not the excerpt",
            (Accept::Equal, Relation::Truncation) => "the description is only the beginning of the excerpt",
            (Accept::Truncation, Relation::Equal) => {
                "the description is the whole excerpt, not its beginning"
            }
            (Accept::Truncation | Accept::Either, Relation::Other) => {
                "the description is neither the excerpt nor its beginning"
            }
            _ => return,
        };
        let message = match difference(&texts.0, &texts.1).filter(|_| found == Relation::Other) {
            Some((there, here)) => format!("{message}: it has \"{here}\" where the excerpt has \"{there}\""),
            None => message.to_owned(),
        };
        let finding = sink.report(description.1.span, message);
        finding.related(excerpt.1.span, "the excerpt").help(match self.accept {
            Accept::Equal => "write the same text in both",
            Accept::Truncation => "write the beginning of the excerpt, and \"...\" where it is cut",
            Accept::Either => {
                "write the same text in both, or in the description the beginning of the excerpt and \"...\""
            }
        });
        let (right, wrong) = match self.source {
            Side::Excerpt => (("excerpt", excerpt.1), ("description", description.1)),
            Side::Description => (("description", description.1), ("excerpt", excerpt.1)),
        };
        if self.accept == Accept::Truncation {
            return;
        }
        // An excerpt may have tags of HTML, a description has none.
        let right_text = right.1.as_str().unwrap_or_default();
        let text = match self.source {
            Side::Excerpt => without_tags(right_text),
            Side::Description => Cow::Borrowed(right_text),
        };
        // A block scalar ends with a line end, or not: that is no part of what it says.
        let end = if wrong.1.as_str().is_some_and(|text| text.ends_with('\n')) { "\n" } else { "" };
        let value = format!("{}{end}", text.trim()).into();
        let edits = Editor::of(article).and_then(|editor| editor.replace(wrong.1, &value));
        let title = format!("write the {} in the place of the {}", right.0, wrong.0);
        finding.fix = edits.map(|edits| Fix::r#unsafe(title, edits));
    }
}

/// From which share of common words on two texts were meant to be one. Measured on 276 articles of a site that has both
/// fields: texts that had drifted apart by a slip share at least so many, texts written apart fewer.
const DRIFT: f64 = 0.8;

/// The share of words that two texts have in common (Sørensen–Dice), from 0 to 1: of their beginnings, as far as the
/// shorter one goes, since one may be cut from the other.
fn likeness(left: &str, right: &str) -> f64 {
    let words = |text: &str| text.split(' ').count();
    let shorter = words(left).min(words(right));
    let mut counts: HashMap<&str, i32> = HashMap::new();
    for word in bare_words(left).take(shorter) {
        *counts.entry(word).or_default() += 1;
    }
    let mut common = 0;
    for word in bare_words(right).take(shorter) {
        let count = counts.entry(word).or_default();
        common += i32::from(*count > 0);
        *count -= 1;
    }
    f64::from(common) / f64::from(u32::try_from(shorter).unwrap_or(u32::MAX))
}

fn bare_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
}

/// The first words in which two texts differ, where they begin alike.
fn difference<'t>(excerpt: &'t str, description: &'t str) -> Option<(&'t str, &'t str)> {
    let mut words = excerpt.split(' ').zip(description.split(' ')).enumerate();
    let (at, pair) = words.find(|(_, (there, here))| there != here)?;
    (at > 0).then_some(pair)
}
