//! A `#fragment` leads to a place that there is.

use std::sync::Arc;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::corpus::Corpus;
use crate::facts::{Facts, Reference, Use, Want, Wants};
use crate::finding::{Edit, Fix};
use crate::rule::resolve::{self, Parts, Target, decoded, resolve};
use crate::rule::{Check, Comparison, Own, Sink};
use crate::schema::nearest;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct BrokenAnchor {
    exceptions: Vec<String>,
}

impl Check for BrokenAnchor {
    fn wants(&self) -> Wants {
        resolve::wants().and(Wants::of([Want::Anchors]))
    }

    fn survey(&self, corpus: &Arc<Corpus>, _: &[usize]) -> Option<Box<dyn Comparison>> {
        Some(Box::new(Anchors { corpus: Arc::clone(corpus), rule: self.clone() }))
    }
}

struct Anchors {
    corpus: Arc<Corpus>,
    rule: BrokenAnchor,
}

impl Comparison for Anchors {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let links = own.facts.links.iter().filter(|reference| reference.used_as == Use::Link);
        for reference in links {
            let Some(wanted) = Parts::of(&reference.url).fragment.and_then(wanted) else { continue };
            let Target::Article(number) = resolve(&self.corpus, own.number, reference) else { continue };
            let known = &self.corpus.articles[number];
            let facts = if number == own.number { own.facts } else { &known.facts };
            if facts.has_more_anchors || self.has(facts, wanted) {
                continue;
            }
            let page = (number != own.number).then_some(&*known.path);
            report(facts, (reference, wanted), page, sink);
        }
    }
}

impl Anchors {
    fn has(&self, facts: &Facts, wanted: &str) -> bool {
        let is_there = |id: &str| facts.anchors.binary_search_by(|known| (**known).cmp(id)).is_ok();
        let plain = decoded(wanted).unwrap_or_default();
        let is_let_pass = |id: &str| self.rule.exceptions.iter().any(|known| known.eq_ignore_ascii_case(id));
        // Of a site of which nothing is known, any generator may make the ids.
        let may_be = || {
            let is_known = self.corpus.ground.site.knows_routes();
            !is_known && facts.anchors.iter().any(|id| is_spelt_alike(id, &plain))
        };
        is_there(wanted) || is_there(&plain) || is_made(&plain) || is_let_pass(&plain) || may_be()
    }
}

/// Reports a link to an anchor that a page does not have, which is another one where it has a name.
fn report(facts: &Facts, (reference, wanted): (&Reference, &str), page: Option<&str>, sink: &mut Sink<'_>) {
    let plain = decoded(wanted).unwrap_or_default();
    let lower = plain.to_lowercase();
    let ids = || facts.anchors.iter().map(AsRef::as_ref);
    let alike = ids().find(|id: &&str| id.to_lowercase() == lower);
    let here = page.map_or_else(|| "this page".to_owned(), |path| format!("\"{path}\""));
    let message = match alike {
        Some(id) => format!("the anchor \"{plain}\" of {here} is spelt \"{id}\""),
        None => format!("{here} has no anchor \"{plain}\""),
    };
    let near = alike.or_else(|| nearest(&plain, ids().take(CANDIDATES)));
    let finding = sink.report(reference.span, message);
    match (alike, near) {
        (Some(_), _) => finding.help("browsers tell capital letters from small ones here"),
        (None, Some(near)) => finding.help(format!("did you mean \"#{near}\"?")),
        (None, None) => finding.help("link to a heading that is there, or to the page as a whole"),
    };
    // An ampersand may begin an entity.
    let new = near.map(|id| resolve::with_fragment(&reference.url, id));
    if let Some(new) = new.filter(|new| !new.contains('&') && **new != *reference.url) {
        finding.fix(Fix::r#unsafe(format!("write \"{new}\""), [Edit::replace(reference.span, new)]));
    }
}

/// So many anchors of a page are compared with what was meant: more than people write, and few enough for each link.
const CANDIDATES: usize = 1000;

/// The id that a fragment asks for. What a script reads (`#/route`, `#!route`) and what a browser looks for in the text
/// (`#:~:text=…`, <https://wicg.github.io/scroll-to-text-fragment/>) is none.
fn wanted(fragment: &str) -> Option<&str> {
    let id = fragment.split(":~:").next().unwrap_or_default();
    (!id.is_empty() && !id.starts_with(['/', '!']) && !id.contains('=')).then_some(id)
}

/// Whether generators may make both of one heading: they differ in what becomes of spaces, marks and accents, and of
/// pictures at its end, which some drop and others name.
fn is_spelt_alike(id: &str, wanted: &str) -> bool {
    let letters = |id: &str| id.nfkd().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let (known, asked) = (letters(id), letters(wanted));
    let is_cut = !id.ends_with(char::is_alphanumeric) && !known.is_empty();
    known == asked || (is_cut && asked.starts_with(&known))
}

/// Whether a generator makes such ids of itself: for footnotes (`#fn:1`, `#fnref1`, `#footnote-1`), on `GitHub` for
/// lines of code (`#L10`), and for what an author wrote (`#user-content-doors`).
fn is_made(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let lines = id.strip_prefix('L').map(|lines| lines.split_once("-L").unwrap_or((lines, "0")));
    let is_note = ["fn:", "fnref:", "fn-", "fnref-", "footnote-", "user-content-"]
        .iter()
        .any(|begin| id.starts_with(begin));
    let is_numbered = ["fnref", "fn"].iter().find_map(|begin| id.strip_prefix(begin)).is_some_and(is_number);
    is_note || is_numbered || lines.is_some_and(|(first, last)| is_number(first) && is_number(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_is_not_wanted() {
        for (fragment, expected) in [
            ("doors", Some("doors")),
            ("doors:~:text=oak", Some("doors")),
            (":~:text=oak", None),
            ("/doors", None),
            ("!doors", None),
            ("page=2", None),
            ("", None),
        ] {
            assert_eq!(wanted(fragment), expected, "{fragment}");
        }
    }

    #[test]
    fn generators_differ_in_marks() {
        for (id, wanted) in [
            ("dont-shut-it", "don-t-shut-it"),
            ("türen", "turen"),
            ("oak--ash", "oak-ash"),
            ("doors-", "doors-wooden-hammer"),
        ] {
            assert!(is_spelt_alike(id, wanted), "{id}");
        }
        for (id, wanted) in [("doors", "Doors"), ("doors", "door"), ("doors", "doors-of-oak"), ("-", "a")] {
            assert!(!is_spelt_alike(id, wanted), "{id}");
        }
    }

    #[test]
    fn ids_of_generators_are_known() {
        for id in ["fn:1", "fnref:oak", "fn1", "fnref12", "L10", "L1-L20", "footnote-1", "user-content-a"] {
            assert!(is_made(id), "{id}");
        }
        for id in ["fn", "fnord", "L", "Large", "L1-2", "doors"] {
            assert!(!is_made(id), "{id}");
        }
    }
}
