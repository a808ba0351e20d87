//! Rules that need no Rust: a page names one of these kinds and sets it up.
//!
//! The kinds have the names, the settings and the behaviour that Vale's users know, where Vale has the same idea.

mod existence;
mod scope;

use serde_json::{Map, Value as Json};

use crate::article::Article;
use crate::rule::{ArticleCheck, Context, Sink};

/// Makes the check of a declarative kind. A page may make several searches; the values of the rule's options are laid
/// over the settings of each.
///
/// # Errors
/// What is wrong with the settings, in a sentence.
pub fn build(
    kind: &str,
    searches: &[Map<String, Json>],
    values: &Map<String, Json>,
) -> Result<Box<dyn ArticleCheck>, String> {
    let checks: Result<Vec<_>, String> = searches
        .iter()
        .map(|settings| {
            let mut settings = settings.clone();
            settings.extend(values.clone());
            one(kind, Json::Object(settings))
        })
        .collect();
    Ok(Box::new(Several(checks?)))
}

fn one(kind: &str, settings: Json) -> Result<Box<dyn ArticleCheck>, String> {
    match kind {
        "existence" => Ok(Box::new(existence::Existence::new(settings)?)),
        _ => Err(format!("\"{kind}\" is no kind of rule: existence")),
    }
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
