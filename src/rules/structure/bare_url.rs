//! A web address in the text is written as a link.

use memchr::memmem;
use serde::Deserialize;

use crate::article::body::{Form, Place, TextRun};
use crate::article::{Article, Syntax};
use crate::finding::{Edit, Fix};
use crate::rule::{ArticleCheck, Context, Sink};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct BareUrl {
    allow_alone: bool,
}

impl ArticleCheck for BareUrl {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let (file, body) = (article.text(), &article.body);
        let mut html_links = body.links.iter().filter(|link| link.form == Form::Html).peekable();
        let start = body.span.start as usize;
        for at in memmem::find_iter(&file.as_bytes()[body.span.range()], b"://") {
            let Some(run) = run_at(article, start + at) else { continue };
            let Some(url) = url_around(file, run, start + at) else { continue };
            while html_links.next_if(|link| link.span.end <= url.span.start).is_some() {}
            let is_linked = html_links.peek().is_some_and(|link| link.span.start <= url.span.start);
            if is_linked || (self.allow_alone && is_alone(article, url.span)) {
                continue;
            }
            let written = &file[url.span.range()];
            let finding =
                sink.report(url.span, format!("the address \"{written}\" is not a link everywhere"));
            finding.help("put it between `<` and `>`, or give it a text: `[text](address)`");
            if url.is_certain {
                let edits = [Edit::insert(url.span.start, "<"), Edit::insert(url.span.end, ">")];
                finding.fix(Fix::safe("put `<` and `>` around it", edits));
            }
        }
    }
}

/// The run of text that holds this byte, if an address may stand in it. In MDX `<` would begin a tag.
fn run_at<'a>(article: &'a Article<'_>, at: usize) -> Option<&'a TextRun> {
    let runs = &article.body.text;
    let index = runs.partition_point(|run| run.span.end as usize <= at);
    let run = runs.get(index).filter(|run| run.span.start as usize <= at && run.resolved.is_none())?;
    let is_other = run.place.intersects(Place::LINK | Place::HTML) || article.body.syntax == Syntax::Mdx;
    (!is_other).then_some(run)
}

fn is_alone(article: &Article<'_>, url: Span) -> bool {
    let paragraphs = &article.body.paragraphs;
    let index = paragraphs.partition_point(|paragraph| paragraph.span.end <= url.start);
    paragraphs.get(index).is_some_and(|paragraph| paragraph.span == url)
}

struct Url {
    span: Span,
    /// Whether it is known where it ends.
    is_certain: bool,
}

/// The address whose `://` stands at `at`, with the rules of GitHub for where it ends.
fn url_around(file: &str, run: &TextRun, at: usize) -> Option<Url> {
    let before = &file[run.span.start as usize..at];
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        before
            .len()
            .checked_sub(scheme.len())
            .and_then(|from| before.get(from..))
            .is_some_and(|word| word.eq_ignore_ascii_case(scheme))
    })?;
    let start = at - scheme.len();
    let may_precede = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '(' | '[' | '*' | '_' | '~' | ':' | ',' | ';' | '|')
            || !(letter.is_ascii() || matches!(letter, '“' | '”' | '‘' | '’' | '«' | '„' | '‹' | '「'))
    };
    let previous = file[..start].chars().next_back();
    if !previous.is_none_or(may_precede) {
        return None;
    }
    let rest = &file[at + 3..run.span.end as usize];
    let is_end = |letter: char| {
        letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '`') || is_foreign_punctuation(letter)
    };
    let end = rest.find(is_end);
    let reached_end = end.is_none();
    let whole = &rest[..end.unwrap_or(rest.len())];
    // Where words stand without spaces, nobody can tell an address from what follows.
    let (sure, is_mixed) = match whole.find(|letter| letter >= '\u{e00}') {
        Some(end) => (&whole[..end], true),
        None => (whole, false),
    };
    let tail = trimmed(sure);
    let host = tail.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.starts_with(char::is_alphanumeric)
        && host
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '@'));
    // A pattern for addresses is none.
    if !is_host || tail.contains(['{', '}', '*', '$', '\\', '|', '^']) {
        return None;
    }
    // What a run ends at may go on with an escape or an entity.
    let next = file[run.span.end as usize..].chars().next();
    let closes = next.is_none_or(|next| next.is_whitespace() || matches!(next, '<' | '|'))
        || (matches!(next, Some('*' | '_' | '~'))
            && run.place.intersects(Place::EMPHASIS | Place::STRONG | Place::STRIKE));
    let is_certain = !is_mixed && (!reached_end || closes || tail.len() < sure.len());
    Some(Url { span: Span::new(start, at + 3 + tail.len()), is_certain })
}

/// Less the punctuation of the sentence around it, and a bracket that it does not open.
fn trimmed(url: &str) -> &str {
    let mut end = url.len();
    let opened = url.bytes().filter(|byte| *byte == b'(').count();
    let mut closed = url.bytes().filter(|byte| *byte == b')').count();
    while let Some(last) = url[..end].bytes().next_back() {
        match last {
            b'?' | b'!' | b'.' | b',' | b':' | b';' | b'*' | b'_' | b'~' | b'\'' | b']' => {}
            b')' if closed > opened => closed -= 1,
            _ => break,
        }
        end -= 1;
    }
    &url[..end]
}

/// Punctuation of CJK and other texts, which belongs to no address.
fn is_foreign_punctuation(letter: char) -> bool {
    matches!(letter, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '«' | '»')
}
