//! The description says what the excerpt says, in full or cut short.

use serde::Deserialize;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::article::{Article, Role};
use crate::finding::{Edit, Fix};
use crate::rule::{ArticleCheck, Context, Sink};
use crate::text::Span;

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

/// How the description relates to the excerpt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equal,
    Truncation,
    Other,
}

impl ArticleCheck for ExcerptMatchesDescription {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let find = |role| context.roles.text(article, role);
        let (Some(excerpt), Some(description)) = (find(Role::Excerpt), find(Role::Description)) else {
            return;
        };
        if excerpt.1.span == description.1.span {
            return;
        }
        // Most are the same to the byte.
        let found = match excerpt.0 == description.0 {
            true => Relation::Equal,
            false => relation(&normalised(excerpt.0), &normalised(description.0)),
        };
        let message = match (self.accept, found) {
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
        let (right, wrong) = match self.source {
            Side::Excerpt => (("excerpt", excerpt.1.span), ("description", description.1.span)),
            Side::Description => (("description", description.1.span), ("excerpt", excerpt.1.span)),
        };
        let finding = sink.report(description.1.span, message);
        finding.related(excerpt.1.span, "the excerpt").help(match self.accept {
            Accept::Equal => "write the same text in both".to_owned(),
            Accept::Truncation => {
                "write the beginning of the excerpt, and \"...\" where it is cut".to_owned()
            }
            Accept::Either => {
                "write the same text in both, or in the description the beginning of the excerpt and \"...\""
                    .to_owned()
            }
        });
        if self.accept != Accept::Truncation && is_inline(article, right.1) && is_inline(article, wrong.1) {
            let text = &article.text()[right.1.range()];
            let title = format!("write the {} in the place of the {}", right.0, wrong.0);
            finding.fix(Fix::r#unsafe(title, [Edit::replace(wrong.1, text)]));
        }
    }
}

/// White space folded, Unicode in its composed form (NFC).
fn normalised(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

fn relation(excerpt: &str, description: &str) -> Relation {
    if excerpt == description {
        return Relation::Equal;
    }
    let beginning = description.trim_end_matches(['.', '…']);
    let beginning = if beginning.len() == description.len() { description } else { beginning.trim_end() };
    if !beginning.is_empty() && excerpt.starts_with(beginning) {
        Relation::Truncation
    } else {
        Relation::Other
    }
}

/// Whether a value begins behind something on its line and stays on it, so that its bytes are a value anywhere: not
/// a block scalar, whose header stands elsewhere, and not a text over several lines.
fn is_inline(article: &Article<'_>, span: Span) -> bool {
    let before = &article.text()[..span.start as usize];
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
    let written = &article.text()[span.range()];
    !line.trim().is_empty() && !written.contains(['\n', '\r']) && !written.starts_with(['*', '&', '!'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_compared_by_their_words() {
        let excerpt = "Doors open.  They\nclose, too.";
        let cases = [
            ("Doors open. They close, too.", Relation::Equal),
            ("Doors open. They close, too....", Relation::Truncation),
            ("Doors open. They clo...", Relation::Truncation),
            ("Doors open. They …", Relation::Truncation),
            ("Doors open. They", Relation::Truncation),
            ("Doors open. They close, two.", Relation::Other),
            ("...", Relation::Other),
        ];
        for (description, expected) in cases {
            assert_eq!(relation(&normalised(excerpt), &normalised(description)), expected, "{description}");
        }
        assert_eq!(relation(&normalised("cafe\u{301}"), &normalised("café")), Relation::Equal);
    }
}
