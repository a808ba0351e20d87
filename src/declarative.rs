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
mod passage;
mod pattern;
mod repetition;
mod scope;
mod sections;
mod settings;
mod substitution;

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::article::{Article, FrontMatter};
use crate::data::Node;
use crate::mistake::Mistake;
use crate::rule::{Check, Context, Page, Sink};
use crate::schema::nearest;

use expression::camel;
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
) -> Result<Box<dyn Check>, Vec<Mistake>> {
    let mut checks = Vec::new();
    let mut mistakes = Vec::new();
    let mut read = BTreeSet::new();
    // The test of that is what makes them proved.
    let is_ours = !page.id.contains('/') && !cfg!(test) && *values == page.values(&Map::new());
    for search in searches {
        let mut settings = Settings::new(search, values, &page.source, page.fix);
        settings.is_ours = is_ours;
        checks.extend(one(kind, &mut settings));
        mistakes.append(&mut settings.mistakes);
        read.append(&mut settings.read.take());
    }
    if mistakes.is_empty() {
        let unread =
            page.options.iter().map(|option| option.name.as_str()).filter(|name| !read.contains(*name));
        let unread = unread.filter(|name| !searches.iter().any(|search| names(page, search, name)));
        mistakes.extend(unread.map(|name| unread_option(page, kind, name)));
    }
    if mistakes.is_empty() { Ok(Box::new(Several(checks))) } else { Err(mistakes) }
}

/// Whether a search names an option: `options.max-words` or, in an expression, `options.maxWords`.
fn names(page: &Page, search: &Node, option: &str) -> bool {
    let text = &page.source.text()[search.span.range()];
    let is_word = |behind: &str| !behind.starts_with(|next: char| next.is_ascii_alphanumeric());
    text.split("options.")
        .skip(1)
        .any(|rest| [option, &camel(option)].iter().any(|name| rest.strip_prefix(*name).is_some_and(is_word)))
}

/// Whoever sets an option that nothing reads believes that it does something.
fn unread_option(page: &Page, kind: &str, name: &str) -> Mistake {
    let front_matter = FrontMatter::find(page.source.text()).map(|(front_matter, _)| front_matter);
    let options = front_matter.as_ref().and_then(FrontMatter::root).and_then(|root| root.get("options"));
    let span = options.and_then(|options| options.entry(name)).map(|entry| entry.key_span);
    let message = format!("nothing in this rule reads the option \"{name}\"");
    let help = format!(
        "call it like a setting of \"{kind}\", or name it as in \"{{options.{name}}}\"; in an expression it is \"options.{}\"",
        camel(name)
    );
    Mistake::at(&page.source, span.unwrap_or_default(), message).with_help(Some(help))
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
type Make = fn(&mut Settings<'_>) -> Option<Box<dyn Check>>;

fn boxed<T: Check + 'static>(check: Option<T>) -> Option<Box<dyn Check>> {
    check.map(|check| Box::new(check) as Box<dyn Check>)
}

fn one(kind: &str, settings: &mut Settings<'_>) -> Option<Box<dyn Check>> {
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
struct Several(Vec<Box<dyn Check>>);

impl Check for Several {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for check in &self.0 {
            check.check(article, context, sink);
        }
    }
}

#[cfg(test)]
mod tests;
