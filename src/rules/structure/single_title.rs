//! A page has one title: in its front matter, or as its one heading of level 1.

use serde::Deserialize;

use crate::article::body::{Heading, HeadingKind};
use crate::article::{Article, Role};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink, outline};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct SingleTitle {
    beside_title: BesideTitle,
}

/// What a heading of level 1 may be where the front matter has a title.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum BesideTitle {
    Forbid,
    Repeat,
    Allow,
}

impl Check for SingleTitle {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let headings = outline::headings(article);
        let is_broken = article.front_matter.as_ref().is_some_and(|front_matter| !front_matter.is_sound());
        let mut titles = headings.iter().copied().filter(|heading| heading.level == 1);
        let field = context.roles.find(article, Role::Title).map(|place| place.node);
        let text = field.map(|node| node.as_str().unwrap_or(&article.text()[node.span.range()]));
        let may_have_one = match (text, self.beside_title) {
            // What cannot be read may have a title, or not.
            (None, _) | (Some(_), BesideTitle::Allow) => true,
            (Some(text), BesideTitle::Repeat) => {
                titles.clone().next().is_some_and(|first| is_same(&first.text, text))
            }
            (Some(_), BesideTitle::Forbid) => false,
        };
        let first = if may_have_one { titles.next() } else { None };
        let mut fix = if is_broken { None } else { fix(article, &headings, text, first) };
        for heading in titles {
            let repeats = text.is_some_and(|text| is_same(text, &heading.text));
            let is_open = is_left_open(article, heading);
            let message = match (field, first) {
                _ if is_open => "a heading of level 1 begins here and does not end",
                (_, Some(_)) => "a page has one heading of level 1, and this is another",
                _ if repeats => "this heading of level 1 repeats the title of the front matter",
                _ => "a heading of level 1 stands beside the title of the front matter",
            };
            let finding = sink.report(heading.span, message);
            match (field, first) {
                _ if is_open => finding
                    .help("write a tag that the text only names as code, between backticks, and close any other"),
                (_, Some(first)) => finding.related(first.span, "the first").help("make it a heading of level 2"),
                (Some(node), None) => finding.related(node.span, "the title").help(
                    "sites show the title as the heading of the page, so the body begins at level 2; if yours takes the \
                     heading from the body, set the option \"beside-title\" of this rule to \"allow\"",
                ),
                (None, None) => finding,
            };
            // The fix is about the whole outline: it is carried by the first finding alone.
            finding.fix = fix.take();
        }
    }
}

/// Whether this is a tag that no other closes: mostly one that the text speaks of, and that takes the rest of the page
/// for a heading.
fn is_left_open(article: &Article<'_>, heading: &Heading) -> bool {
    heading.kind == HeadingKind::Html && !article.text()[heading.span.range()].contains("</")
}

/// Takes out the first heading where it says again what the title says, and else moves the outline one level down.
fn fix(
    article: &Article<'_>,
    headings: &[&Heading],
    title: Option<&str>,
    first: Option<&Heading>,
) -> Option<Fix> {
    let (title, None) = (title?, first) else { return None };
    let heading = headings.first()?;
    if heading.level == 1 && is_same(&heading.text, title) {
        let behind = &article.text()[heading.span.end as usize..];
        let blank = behind.len() - behind.trim_start_matches(['\n', '\r']).len();
        let span = Span { start: heading.span.start, end: heading.span.end + blank as u32 };
        // A link, an image or a template would go with it.
        let is_bare = !article.text()[heading.text_span.range()].contains(['<', '[', '{']);
        return is_bare.then(|| Fix::r#unsafe("take the heading out", [Edit::delete(span)]));
    }
    // Where a heading stands before the title, to move all would leave that one too deep.
    if heading.level == 1 { outline::shift(article, headings, 1) } else { None }
}

/// Whether two titles have the same words, case and punctuation aside.
fn is_same(left: &str, right: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let left = words(left);
    !left.is_empty() && left == words(right)
}
