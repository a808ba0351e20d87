//! The Markdown of an article as plain lists, each thing with its bytes.
//!
//! One pass over the parser's events fills them, so that a rule is one loop. Everything is sorted by place. What is
//! not Markdown (shortcodes, templates, MDX) is hidden from the parser and listed apart.

use std::borrow::Cow;
use std::sync::OnceLock;

mod alike;
mod aside;
pub(crate) mod bits;
mod build;
mod destination;
mod elements;
mod html;
mod inline;
mod mask;
mod mdx;
mod parts;
mod place;
mod visible;
mod words;

pub(super) use alike::reads_alike;
pub use parts::{
    Anchor, Code, Comment, Definition, Footnote, Form, Heading, HeadingKind, Html, Image, Link, List,
    Paragraph, Table, TextRun, Unresolved,
};
pub use place::Place;
use words::Survey;
pub use words::Words;

use crate::text::{Span, line_start, without_lone_returns};

/// What a body is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// Markdown, with shortcodes and templates of site generators.
    #[default]
    Markdown,
    /// Markdown with JSX.
    Mdx,
}

/// The body of an article.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// All of it: from behind the front matter to the end of the file.
    pub span: Span,
    /// What it is written in.
    pub syntax: Syntax,
    /// Headings of all three kinds.
    pub headings: Vec<Heading>,
    /// Links that have a destination.
    pub links: Vec<Link>,
    /// Images.
    pub images: Vec<Image>,
    /// Definitions of link references.
    pub definitions: Vec<Definition>,
    /// Reference links whose label is not defined.
    pub unresolved: Vec<Unresolved>,
    /// Definitions of footnotes.
    pub footnote_definitions: Vec<Footnote>,
    /// References to footnotes that are defined; others are text to the parser.
    pub footnote_references: Vec<Footnote>,
    /// Ids in HTML.
    pub anchors: Vec<Anchor>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Blocks of code.
    pub code: Vec<Code>,
    /// Code within text, with its backticks.
    pub inline_code: Vec<Span>,
    /// Blocks of raw HTML, and tags within text.
    pub html: Vec<Html>,
    /// HTML comments, wherever they stand.
    pub comments: Vec<Comment>,
    /// Paragraphs, texts of tight list items, table cells; none that holds nothing but templates.
    pub paragraphs: Vec<Paragraph>,
    /// Lists, outer before inner.
    pub lists: Vec<List>,
    /// Block quotes, outer before inner.
    pub block_quotes: Vec<Span>,
    /// What the reader reads as prose: never code, tags, addresses, alternative texts, shortcodes.
    pub text: Vec<TextRun>,
    /// Shortcodes, templates, and attribute lists of kramdown. A Liquid `comment` or `highlight` block is one.
    pub shortcodes: Vec<Span>,
    /// MDX: imports, exports, `{…}`.
    pub expressions: Vec<Span>,
    /// MDX: lines that hold nothing but tags.
    pub jsx: Vec<Span>,
    words: OnceLock<Words>,
    survey: OnceLock<Survey>,
}

impl Body {
    /// Reads the body that begins at byte `start` of `text`, which is the text of the whole file. Never fails.
    #[must_use]
    pub fn parse(text: &str, start: usize, syntax: Syntax) -> Self {
        debug_assert!(text.is_char_boundary(start), "the body begins with a character");
        // The parser knows a lone CR only in some places.
        let text = &*without_lone_returns(text);
        let (parsed, masks) = masked(text, start, syntax);
        let mut body = build::build(text, &parsed, start, masks);
        body.span = Span::new(start, text.len());
        body.syntax = syntax;
        aside::mark(text, &mut body);
        body
    }

    /// Counts words, at the first call; `text` is the text of the whole file.
    #[must_use]
    pub fn words(&self, text: &str) -> Words {
        *self.words.get_or_init(|| Words::count(self.survey(text).tokens, text, &self.text))
    }

    /// The words of the source, and the Chinese and Japanese characters, as in [`Words`]: where there are none of
    /// these, without a look at what the reader sees. `text` is the text of the whole file.
    #[must_use]
    pub fn source_words(&self, text: &str) -> (u32, u32) {
        let Survey { tokens, may_have_cjk } = self.survey(text);
        let is_ascii = |run: &TextRun| run.resolved.as_ref().is_none_or(|text| text.is_ascii());
        // They are told from marks word by word.
        let has_none = !may_have_cjk && self.text.iter().all(is_ascii);
        (tokens, if has_none { 0 } else { self.words(text).cjk })
    }

    fn survey(&self, text: &str) -> Survey {
        *self.survey.get_or_init(|| words::survey(&text[self.span.range()]))
    }

    /// The runs of text that begin inside `span`.
    #[must_use]
    pub fn text_in(&self, span: Span) -> &[TextRun] {
        let first = self.text.partition_point(|run| run.span.start < span.start);
        let count = self.text[first..].partition_point(|run| run.span.start < span.end);
        &self.text[first..first + count]
    }

    /// The blocks that site generators set apart: what stands between the two tags of a shortcode, between `:::`, in
    /// `<details>` and the like. Merged, so that none lies within another. `text` is the text of the whole file.
    #[must_use]
    pub fn asides(&self, text: &str) -> Vec<Span> {
        let mut merged: Vec<Span> = Vec::new();
        for span in aside::find(&without_lone_returns(text), self) {
            match merged.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        merged
    }

    /// Whether a shortcode, template or expression shares a byte with `span`: what it will say is not known.
    #[must_use]
    pub fn is_templated(&self, span: Span) -> bool {
        let shares = |masks: &[Span]| {
            let next = masks.partition_point(|mask| mask.end <= span.start);
            masks.get(next).is_some_and(|mask| mask.start < span.end)
        };
        shares(&self.shortcodes) || shares(&self.expressions)
    }

    /// Whether a template stands alone on one of the lines above `at`, up to the nearest blank line. Then what looks like
    /// a block of its own may be none: filled with text, the template goes on with a paragraph or a block of HTML, and
    /// what follows may belong to it. Also true if no blank line is within a hundred lines and some template above
    /// them. `text` is the text of the whole file.
    #[must_use]
    pub fn is_below_template(&self, text: &str, at: u32) -> bool {
        let begins = |masks: &[Span]| masks.first().is_some_and(|first| first.start < at);
        if !begins(&self.shortcodes) && !begins(&self.expressions) {
            return false;
        }
        let body = self.span.start as usize;
        let begin = |at: usize| line_start(text, at).max(body);
        let mut start = begin(at as usize);
        for _ in 0..FARTHEST {
            let above = &text[body..start];
            let Some(above) = ["\r\n", "\n", "\r"].iter().find_map(|end| above.strip_suffix(end)) else {
                return false;
            };
            let end = body + above.len();
            start = begin(end);
            let line = Span::new(start, end);
            if text[line.range()].trim().is_empty() {
                return false;
            }
            if self.is_templated(line) && self.text_in(line).is_empty() {
                return true;
            }
        }
        true
    }
}

/// How many lines [`Body::is_below_template`] looks at: more than people write without a blank one, and few enough to
/// be looked at for each line of a file.
const FARTHEST: usize = 100;

/// The text as the Markdown parser is to see it, and what is hidden from it.
fn masked(text: &str, start: usize, syntax: Syntax) -> (Cow<'_, str>, Vec<mask::Mask>) {
    let masks = match syntax {
        Syntax::Markdown => mask::templates(text, start),
        Syntax::Mdx => mdx::expressions(text, start),
    };
    let parsed = match masks.as_slice() {
        [] => Cow::Borrowed(text),
        masks => Cow::Owned(mask::fill(text, start, masks)),
    };
    (parsed, masks)
}

#[cfg(test)]
mod tests;
