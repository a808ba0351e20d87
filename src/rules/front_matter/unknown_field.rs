//! A field that an open schema does not name is not a misspelt one.

use std::collections::HashSet;

use serde::Deserialize;

use crate::article::Article;
use crate::article::edit::Editor;
use crate::rule::suggested::Suggested;
use crate::rule::{Check, Context, Sink};
use crate::schema::{Change, Violation};
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

impl Check for UnknownField {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let (Some(schema), Some(front_matter)) = (context.schema, &article.front_matter) else { return };
        let (Some(root), Some(editor)) = (front_matter.root(), Editor::of(article)) else { return };
        let mut unknown = schema.unknown_keys(root);
        if self.report == Report::Misspelt {
            unknown.retain(|key| {
                let entry = root.entries().iter().find(|entry| entry.key_span == key.span);
                entry.zip(name(key)).is_some_and(|(entry, to)| is_slip(&entry.key, to))
            });
        }
        if unknown.is_empty() {
            return;
        }
        // A schema that allows no other keys, or misses one that this was meant to be, says so itself.
        let told = schema.violations(Some(root), front_matter.opening);
        let spans: HashSet<Span> = told.iter().map(|violation| violation.span).collect();
        unknown.retain(|key| !spans.contains(&key.span));
        // Two slips of one name: only one of them can get it.
        let at_root = told.iter().filter(|violation| violation.pointer.is_empty());
        let mut taken: HashSet<String> = at_root.filter_map(name).map(str::to_owned).collect();
        for key in &mut unknown {
            if name(key).is_some_and(|name| !taken.insert(name.to_owned())) {
                key.suggestion = None;
            }
        }
        let mut suggested = Suggested::new(editor, Some(root));
        for key in schema.harmless(root, unknown) {
            let fix = suggested.fix(&key);
            let finding = sink.report(key.span, key.message);
            finding.help = key.help.map(Into::into);
            finding.fix = fix;
        }
    }
}

/// The name that a suggestion gives to a key.
fn name(violation: &Violation) -> Option<&str> {
    match &violation.suggestion.as_ref()?.change {
        Change::RenameKey { to } | Change::InsertKey { key: to, .. } => Some(to),
        _ => None,
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
