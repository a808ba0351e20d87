//! A field that an open schema does not name is not a misspelt one.

use std::collections::HashSet;

use serde::Deserialize;

use crate::article::Article;
use crate::finding::{Edit, Fix};
use crate::rule::{ArticleCheck, Context, Sink};
use crate::schema::{Change, Suggestion};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct UnknownField {
    report: Report,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Report {
    Misspelt,
    All,
}

impl ArticleCheck for UnknownField {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let (Some(schema), Some(front_matter)) = (context.schema, &article.front_matter) else { return };
        let Some(root) = front_matter.root().filter(|_| front_matter.is_sound()) else { return };
        let mut unknown = schema.unknown_keys(root);
        let near = |suggestion: &Option<Suggestion>| match suggestion {
            Some(Suggestion { change: Change::RenameKey { to }, .. }) => Some(to.clone()),
            _ => None,
        };
        if self.report == Report::Misspelt {
            let text = |span: Span| article.text()[span.range()].trim_matches(['"', '\'']);
            unknown.retain(|key| near(&key.suggestion).is_some_and(|to| is_slip(text(key.span), &to)));
        }
        if unknown.is_empty() {
            return;
        }
        // A schema that allows no other keys, or misses one that this was meant to be, says so itself.
        let told = schema.violations(Some(root), front_matter.opening);
        let told: HashSet<Span> = told.iter().map(|violation| violation.span).collect();
        let mut taken: Vec<String> = Vec::new();
        for key in unknown.into_iter().filter(|key| !told.contains(&key.span)) {
            let finding = sink.report(key.span, key.message);
            finding.help = key.help;
            let written = &article.text()[key.span.range()];
            let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let quote = quote.map(String::from).unwrap_or_default();
            let is_word = |to: &String| {
                to.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
            };
            // Two slips of one name: only one of them can get it.
            let is_free = |to: &String| !written.starts_with('*') && !taken.contains(to);
            if let Some(to) = near(&key.suggestion).filter(is_word).filter(is_free) {
                let new = format!("{quote}{to}{quote}");
                finding.fix(Fix::r#unsafe(format!("rename it to \"{to}\""), [Edit::replace(key.span, new)]));
                taken.push(to);
            }
        }
    }
}

/// Whether a key is surely another one misspelt. In short words one letter is much: `data` is no `date`, but the same
/// letters in another order are a slip. One and many (`tag`, `tags`) are two fields on many sites.
fn is_slip(key: &str, near: &str) -> bool {
    const LONG: usize = 5;
    let letters = |word: &str| {
        let mut letters: Vec<char> =
            word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        letters.sort_unstable();
        letters
    };
    let is_plural = |one: &str, many: &str| many.strip_suffix('s') == Some(one);
    let is_long = key.chars().count().min(near.chars().count()) >= LONG;
    !is_plural(key, near) && !is_plural(near, key) && (is_long || letters(key) == letters(near))
}
