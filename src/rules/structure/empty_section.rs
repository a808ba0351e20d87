//! A heading has something below it.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::Heading;
use crate::rule::{Check, Context, Sink, outline};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct EmptySection {
    exceptions: Vec<String>,
}

/// The first words of comments that a program puts something in the place of.
const MARKERS: [&str; 7] = ["toc", "tocstop", "doctoc", "start", "begin", "include", "embed"];

impl Check for EmptySection {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let headings = outline::headings(article);
        for (index, heading) in headings.iter().enumerate() {
            let next = headings.get(index + 1);
            let end = next.map_or(article.body.span.end, |next| next.span.start).max(heading.span.end);
            let has_parts = next.is_some_and(|next| next.level > heading.level);
            // The title of a page whose content comes from elsewhere, as that of a list of pages.
            let is_title = index == 0 && heading.level == 1;
            let below = Span { start: heading.span.end, end };
            if has_parts || is_title || !is_blank(article, below) || self.is_let_pass(article, heading) {
                continue;
            }
            let text = heading.text.trim();
            let message = match next {
                Some(next) => format!("nothing stands between \"{text}\" and \"{}\"", next.text.trim()),
                None => format!("nothing stands below \"{text}\""),
            };
            sink.report(heading.span, message).help("write the section, or take its heading out");
        }
    }
}

impl EmptySection {
    /// An empty heading is another rule's finding; what a template makes of a heading is not known.
    fn is_let_pass(&self, article: &Article<'_>, heading: &Heading) -> bool {
        let text = heading.text.trim().trim_start_matches('[').trim_end_matches(']');
        text.is_empty()
            || article.body.is_templated(heading.span)
            || self.exceptions.iter().any(|exception| exception.to_lowercase() == text.to_lowercase())
    }
}

/// Whether a reader sees nothing in these bytes: white space, comments, definitions of links, thematic breaks and
/// attribute lists.
fn is_blank(article: &Article<'_>, span: Span) -> bool {
    let (text, body) = (article.text(), &article.body);
    let mut at = span.start as usize;
    let end = span.end as usize;
    loop {
        let rest = &text[at..end];
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        at = match trimmed.as_bytes().first() {
            None => return true,
            Some(b'<') => {
                let comment = body.comments.binary_search_by_key(&(at as u32), |comment| comment.span.start);
                let Ok(index) = comment else { return false };
                let comment = &body.comments[index];
                if is_marker(&text[comment.content.range()]) {
                    return false;
                }
                comment.span.end as usize
            }
            Some(b'[') => {
                let definitions = &body.definitions;
                let found =
                    definitions.binary_search_by_key(&(at as u32), |definition| definition.span.start);
                let Ok(index) = found else { return false };
                definitions[index].span.end as usize
            }
            Some(b'{') => {
                let found = body.shortcodes.binary_search_by_key(&(at as u32), |span| span.start);
                match found {
                    Ok(index) if trimmed.starts_with("{:") && !trimmed.starts_with("{:toc") => {
                        body.shortcodes[index].end as usize
                    }
                    _ => return false,
                }
            }
            Some(mark @ (b'-' | b'*' | b'_')) => {
                let mut line = trimmed.bytes();
                let other = line.position(|byte| byte != *mark && !matches!(byte, b' ' | b'\t' | b'\x0C'));
                let length = other.unwrap_or(trimmed.len());
                let is_whole = matches!(trimmed.as_bytes().get(length), None | Some(b'\n' | b'\r'));
                if !is_whole || trimmed[..length].bytes().filter(|byte| byte == mark).count() < 3 {
                    return false;
                }
                at + length
            }
            Some(_) => return false,
        }
        .clamp(at + 1, end);
    }
}

/// Whether a program puts something in the place of a comment: `<!-- toc -->`, `<!-- START … -->`.
fn is_marker(comment: &str) -> bool {
    let words = comment.split(|letter: char| !letter.is_alphanumeric()).find(|word| !word.is_empty());
    words.is_none_or(|word| MARKERS.iter().any(|marker| word.eq_ignore_ascii_case(marker)))
}
