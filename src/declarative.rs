//! Rules that need no Rust: a page names one of these kinds and sets it up.
//!
//! The kinds have the names, the settings and the behaviour that Vale's users know, where Vale has the same idea.

mod assert;
mod existence;
mod expression;
mod hit;
mod message;
mod needles;
mod occurrence;
mod pattern;
mod repetition;
mod scope;
mod sections;
mod settings;
mod substitution;

use serde_json::{Map, Value as Json};

use crate::article::Article;
use crate::data::Node;
use crate::mistake::Mistake;
use crate::rule::{ArticleCheck, Context, Page, Sink};
use crate::schema::nearest;

use settings::Settings;

/// Makes the check of a declarative kind. A page may make several searches; the values of the rule's options are laid
/// over the settings of each.
///
/// # Errors
/// All that is wrong with the settings: with its place where it stands in the page, without one where it
/// comes from the options.
pub fn build(
    kind: &str,
    searches: &[Node],
    values: &Map<String, Json>,
    page: &Page,
) -> Result<Box<dyn ArticleCheck>, Vec<Mistake>> {
    let mut checks = Vec::new();
    let mut mistakes = Vec::new();
    for search in searches {
        let mut settings = Settings::new(search, values, &page.source, page.fix);
        checks.extend(one(kind, &mut settings));
        mistakes.append(&mut settings.mistakes);
    }
    if mistakes.is_empty() { Ok(Box::new(Several(checks))) } else { Err(mistakes) }
}

/// The kinds, sorted by name.
const KINDS: [(&str, Make); 6] = [
    ("assert", |settings| boxed(assert::Assert::new(settings))),
    ("existence", |settings| boxed(existence::Existence::new(settings))),
    ("occurrence", |settings| boxed(occurrence::Occurrence::new(settings))),
    ("repetition", |settings| boxed(repetition::Repetition::new(settings))),
    ("sections", |settings| boxed(sections::Sections::new(settings))),
    ("substitution", |settings| boxed(substitution::Substitution::new(settings))),
];

/// Makes one search; `None` where the settings have a mistake.
type Make = fn(&mut Settings<'_>) -> Option<Box<dyn ArticleCheck>>;

fn boxed<T: ArticleCheck + 'static>(check: Option<T>) -> Option<Box<dyn ArticleCheck>> {
    check.map(|check| Box::new(check) as Box<dyn ArticleCheck>)
}

fn one(kind: &str, settings: &mut Settings<'_>) -> Option<Box<dyn ArticleCheck>> {
    let names = KINDS.map(|(name, _)| name);
    if let Some((_, make)) = KINDS.iter().find(|(name, _)| *name == kind) {
        return make(settings);
    }
    let near = nearest(kind, names).map(|near| format!("did you mean \"{near}\"?"));
    let help = near.unwrap_or_else(|| format!("a kind is {}", names.join(", ")));
    settings.mistake(Some(settings.whole()), format!("\"{kind}\" is no kind of rule"), Some(&help));
    None
}

/// The searches of one page.
struct Several(Vec<Box<dyn ArticleCheck>>);

impl ArticleCheck for Several {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for check in &self.0 {
            check.check(article, context, sink);
        }
    }
}

#[cfg(test)]
mod tests;
