//! Rules that need no Rust: a page names one of these kinds and sets it up.
//!
//! The kinds have the names, the settings and the behaviour that Vale's users know, where Vale has the same idea.

mod existence;
mod scope;

use serde_json::Value as Json;

use crate::rule::ArticleCheck;

/// Makes the check of a declarative kind from its settings.
///
/// # Errors
/// What is wrong with the settings, in a sentence.
pub fn build(kind: &str, settings: Json) -> Result<Box<dyn ArticleCheck>, String> {
    match kind {
        "existence" => Ok(Box::new(existence::Existence::new(settings)?)),
        _ => Err(format!("\"{kind}\" is no kind of rule: existence")),
    }
}
