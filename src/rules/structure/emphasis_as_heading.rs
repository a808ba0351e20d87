//! A heading is written as one, and not as a bold line.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::{Paragraph, Place};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink, outline};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct EmphasisAsHeading {
    punctuation: String,
    max: usize,
}

/// What stands between two ways to do a thing, and heads neither.
const JOINERS: [&str; 7] = ["or", "and", "oder", "und", "ou", "或", "或者"];

impl Check for EmphasisAsHeading {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let (file, body) = (article.text(), &article.body);
        let found = body.paragraphs.iter().filter_map(|paragraph| {
            let text = self.text(article, paragraph)?;
            stands_alone(article, paragraph.span).then_some((paragraph.span, text))
        });
        let mut found = found.peekable();
        if found.peek().is_none() {
            return;
        }
        let asides = body.asides(file);
        let headings = outline::headings(article);
        for (span, text) in found {
            let aside = asides.partition_point(|aside| aside.end <= span.start);
            if asides.get(aside).is_some_and(|aside| aside.start <= span.start) {
                continue;
            }
            let above = headings.partition_point(|heading| heading.span.start < span.start);
            let level = above.checked_sub(1).map_or(1, |above| headings[above].level) + 1;
            let finding = sink.report(span, format!("the bold line \"{text}\" stands where a heading would"));
            finding.help("make it a heading, so that it is found in the outline of the page");
            // A `#` at the end of a heading, or braces, would be read as markup.
            if level <= 6 && !text.ends_with(['#', '}', '\\']) {
                let heading = format!("{} {text}", "#".repeat(level.into()));
                finding.fix(Fix::r#unsafe(
                    format!("make it a heading of level {level}"),
                    [Edit::replace(span, heading)],
                ));
            }
        }
    }
}

impl EmphasisAsHeading {
    /// The text of a paragraph that is one bold line and reads like a heading.
    fn text<'a>(&self, article: &'a Article<'_>, paragraph: &Paragraph) -> Option<&'a str> {
        let file = article.text();
        if paragraph.place != Place::TOP || paragraph.span.len() < 5 {
            return None;
        }
        let line = &file[paragraph.span.range()];
        let mark = if line.starts_with("**") { "**" } else { "__" };
        let text = line.strip_prefix(mark)?.strip_suffix(mark)?;
        let runs = article.body.text_in(paragraph.span);
        let is_plain = |place: Place| place.contains(Place::STRONG) && !place.contains(Place::LINK);
        let has_more = text.contains(['\n', '\r', '*', '<', '!', '=']) || text.contains("__");
        let reads_like_one = !has_more
            && text.contains(char::is_alphabetic)
            && !text.ends_with(|last: char| self.punctuation.contains(last))
            && text.chars().count() <= self.max
            && !JOINERS.contains(&text.to_lowercase().as_str());
        (reads_like_one
            && runs.iter().all(|run| is_plain(run.place))
            && !runs.is_empty()
            && !article.body.is_templated(paragraph.span))
        .then_some(text)
    }
}

/// Whether no sentence above announces it, a blank line stands below, and then something that a heading could be for.
fn stands_alone(article: &Article<'_>, span: Span) -> bool {
    let above = article.text()[article.body.span.start as usize..span.start as usize].trim_end();
    let below = &article.text()[span.end as usize..article.body.span.end as usize];
    let next = below.trim_start();
    let gap = &below[..below.len() - next.len()];
    let ends = gap.matches('\n').count().max(gap.matches('\r').count());
    let at = span.end + gap.len() as u32;
    let headings = &article.body.headings;
    let heading = headings.partition_point(|heading| heading.span.start < span.end);
    let heads = headings.get(heading).is_none_or(|heading| heading.span.start > at);
    !above.ends_with([':', '：']) && ends >= 2 && !next.is_empty() && heads
}
