//! A search for a pattern, and what it finds: shared by the kinds that look for words.

use std::fmt::Display;

use super::message::{Values, Wording};
use super::passage::Passage;
use super::pattern::{Captures, Hit, Pattern};
use super::scope::Scope;
use super::settings::Settings;
use crate::article::Article;
use crate::article::body::HeadingKind;
use crate::rule::{Context, Sink};
use crate::text::{Span, line_start};

/// A pattern over some scopes.
pub(super) struct Search {
    pub(super) pattern: Pattern,
    scopes: Vec<Scope>,
    ignorecase: bool,
    /// Texts that are let pass though the pattern matches them.
    exceptions: Vec<String>,
}

/// A match in an article.
#[derive(Clone, Copy)]
pub(super) struct Found<'f> {
    article: &'f Article<'f>,
    context: &'f Context<'f>,
    pattern: &'f Pattern,
    pub(super) passage: &'f Passage<'f>,
    pub(super) hit: &'f Hit,
}

impl Search {
    pub(super) fn new(settings: &mut Settings<'_>, pattern: Option<Pattern>) -> Option<Self> {
        let scopes = Scope::read(settings);
        let ignorecase = settings.flag("ignorecase");
        let exceptions = settings.texts("exceptions").into_iter().map(|text| text.text).collect();
        Some(Self { pattern: pattern?, scopes: scopes?, ignorecase, exceptions })
    }

    /// Calls `found` with every match that is no exception.
    pub(super) fn run(
        &self,
        article: &Article<'_>,
        context: &Context<'_>,
        sink: &mut Sink<'_>,
        found: &mut dyn FnMut(Found<'_>, &mut Sink<'_>),
    ) {
        for scope in &self.scopes {
            scope.search(article, context, &self.pattern, sink, &mut |passage, hit, sink| {
                let text = &passage.text[hit.range.clone()];
                if self.is_exception(text) || passage.is_link_text(&hit.range) {
                    return;
                }
                found(Found { article, context, pattern: &self.pattern, passage, hit }, sink);
            });
        }
    }

    fn is_exception(&self, text: &str) -> bool {
        let text = text.trim();
        self.exceptions.iter().any(|exception| {
            exception == text || self.ignorecase && exception.to_lowercase() == text.to_lowercase()
        })
    }
}

impl Found<'_> {
    /// The text of the match.
    pub(super) fn text(&self) -> &str {
        &self.passage.text[self.hit.range.clone()]
    }

    /// Whether it is not known what a heading becomes when these bytes of it are edited: it may be none, if the template
    /// above it is filled with text; a brace at its end may begin attributes; and signs alone may begin a list.
    pub(super) fn is_in_doubtful_heading(&self, span: Span) -> bool {
        let body = &self.article.body;
        let next = body.headings.partition_point(|heading| heading.span.end <= span.start);
        let heading = body.headings.get(next).filter(|heading| heading.span.contains(span));
        let text = self.article.text();
        heading.is_some_and(|heading| {
            let line = line_start(text, span.start as usize);
            let before = &text[line..span.start as usize];
            before.ends_with(['}', '#', '\\'])
                || (heading.kind == HeadingKind::Setext && !before.contains(char::is_alphabetic))
                || body.is_below_template(text, heading.span.start)
        })
    }

    pub(super) fn captures(&self) -> Captures {
        self.pattern.captures(self.passage.text, self.hit)
    }

    /// Calls `fill` with what fills the holes of these words: the match, its groups, the heading over it, and `more`.
    pub(super) fn values(
        &self,
        wording: &Wording,
        more: &[(&str, &dyn Display)],
        fill: impl FnOnce(&Values<'_>),
    ) {
        // To find the groups of a match takes many times longer than to find the match.
        let known = more.iter().map(|(name, _)| *name).chain(["match", "heading"]);
        let captures = if wording.names_others(&known) { self.captures() } else { Captures::default() };
        let place = || self.passage.locate(self.hit.range.clone()).span;
        let heading = if wording.names("heading") { heading_over(self.article, place()) } else { "" };
        let text = self.text();
        let mut named: Vec<(&str, &dyn Display)> = vec![("match", &text), ("heading", &heading)];
        named.extend(more);
        named.extend(captures.groups.iter().map(|(name, text)| (name.as_str(), text as &dyn Display)));
        fill(&Values { article: self.article, context: self.context, named: &named });
    }
}

/// The text of the heading that a place stands in or under; empty before the first.
pub(super) fn heading_over<'a>(article: &'a Article<'_>, span: Span) -> &'a str {
    let headings = &article.body.headings;
    let behind = headings.partition_point(|heading| heading.span.start <= span.start);
    behind.checked_sub(1).map_or("", |index| headings[index].text.as_str())
}
