//! Rules that need no Rust: a page names one of these kinds and sets it up.
//!
//! The kinds have the names, the settings and the behaviour that Vale's users know, where Vale has the same idea.

mod assert;
mod existence;
mod expression;
mod message;
mod scope;
mod settings;

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::article::Article;
use crate::data::Node;
use crate::mistake::Mistake;
use crate::rule::{ArticleCheck, Context, Sink};
use crate::text::Source;

use settings::Settings;

/// Makes the check of a declarative kind. A page may make several searches; the values of the rule's options are laid
/// over the settings of each.
///
/// # Errors
/// All that is wrong with the settings: with its place where it stands in the page (`source`), without one where it
/// comes from the options.
pub fn build(
    kind: &str,
    searches: &[Node],
    values: &Map<String, Json>,
    source: &Arc<Source>,
) -> Result<Box<dyn ArticleCheck>, Vec<Mistake>> {
    let mut checks = Vec::new();
    let mut mistakes = Vec::new();
    for search in searches {
        let mut settings = Settings::new(search, values, source);
        checks.extend(one(kind, &mut settings));
        mistakes.append(&mut settings.mistakes);
    }
    if mistakes.is_empty() { Ok(Box::new(Several(checks))) } else { Err(mistakes) }
}

/// `None` where the settings have a mistake.
fn one(kind: &str, settings: &mut Settings<'_>) -> Option<Box<dyn ArticleCheck>> {
    match kind {
        "assert" => Some(Box::new(assert::Assert::new(settings)?)),
        "existence" => Some(Box::new(existence::Existence::new(settings)?)),
        _ => {
            settings.mistake(
                None,
                format!("\"{kind}\" is no kind of rule"),
                Some("a kind is: assert, existence"),
            );
            None
        }
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
