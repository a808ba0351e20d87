//! A web address in the text is written as a link.

use memchr::memmem;
use serde::Deserialize;

use crate::article::body::{Form, Place, TextRun};
use crate::article::{Article, Syntax};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct BareUrl {
    allow_alone: bool,
}

impl Check for BareUrl {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let (file, body) = (article.text(), &article.body);
        let mut html_links = body.links.iter().filter(|link| link.form == Form::Html).peekable();
        // What opens a comment or the like may find its end in the bracket behind an address.
        let is_opener = |at| run_at(article, body.span.start as usize + at).is_some();
        let has_opener = || memmem::find_iter(&file.as_bytes()[body.span.range()], b"<!").any(is_opener);
        let mut opened = None;
        let mut behind = 0;
        for at in memmem::find_iter(&file.as_bytes()[body.span.range()], b"://") {
            let at = body.span.start as usize + at;
            let Some(run) = run_at(article, at).filter(|_| at >= behind) else { continue };
            let Some(start) = start_of(file, run, at) else { continue };
            behind = end_of(file, run, at);
            let Some(url) = url(file, run, Span::new(start, behind)) else { continue };
            while html_links.next_if(|link| link.span.end <= url.span.start).is_some() {}
            let is_linked = html_links.peek().is_some_and(|link| link.span.start <= url.span.start);
            if is_linked || (self.allow_alone && is_alone(article, url.span)) {
                continue;
            }
            let written = &file[url.span.range()];
            let finding =
                sink.report(url.span, format!("the address \"{written}\" is not a link everywhere"));
            finding.help("put it between \"<\" and \">\", or give it a text as in \"[text](address)\"");
            let is_safe = url.is_certain
                && !*opened.get_or_insert_with(has_opener)
                && !body.is_below_template(file, url.span.start);
            if is_safe {
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

/// Where the address begins whose `://` stands at `at`, if there is one.
fn start_of(file: &str, run: &TextRun, at: usize) -> Option<usize> {
    let before = &file[run.span.start as usize..at];
    let is_scheme = |scheme: &&str| {
        let word = before.len().checked_sub(scheme.len()).and_then(|from| before.get(from..));
        word.is_some_and(|word| word.eq_ignore_ascii_case(scheme))
    };
    let start = at - ["https", "http"].iter().find(|scheme| is_scheme(scheme))?.len();
    let may_precede = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '(' | '[' | '*' | '_' | '~' | ':' | ',' | ';' | '|')
            || !(letter.is_ascii() || matches!(letter, '“' | '”' | '‘' | '’' | '«' | '„' | '‹' | '「'))
    };
    // What stands behind `](` was meant to be a link, and is broken: another rule says so.
    let is_target = file[..start].ends_with("](");
    (!is_target && file[..start].chars().next_back().is_none_or(may_precede)).then_some(start)
}

/// Where what looks like an address ends, or the run.
fn end_of(file: &str, run: &TextRun, at: usize) -> usize {
    let is_end = |letter: char| {
        letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '`') || is_foreign_punctuation(letter)
    };
    let rest = &file[at..run.span.end as usize];
    at + rest.find(is_end).unwrap_or(rest.len())
}

/// The address in `span`, with the rules of GitHub for where it ends.
fn url(file: &str, run: &TextRun, span: Span) -> Option<Url> {
    let whole = &file[span.range()];
    // Where words stand without spaces, nobody can tell an address from what follows.
    let (sure, is_mixed) = match whole.find(|letter| letter >= '\u{e00}') {
        Some(end) => (&whole[..end], true),
        None => (whole, false),
    };
    let tail = trimmed(sure);
    let (_, rest) = tail.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.starts_with(char::is_alphanumeric)
        && host
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '@'));
    // A pattern for addresses is none.
    if !is_host || tail.contains(['{', '}', '*', '$', '\\', '|', '^']) {
        return None;
    }
    let within_marks = run.place.intersects(Place::EMPHASIS | Place::STRONG | Place::STRIKE);
    // What a run ends at may go on with an escape or an entity.
    let next = file[run.span.end as usize..].chars().next();
    let closes = next.is_none_or(|next| next.is_whitespace() || matches!(next, '<' | '|'))
        || (matches!(next, Some('*' | '_' | '~')) && within_marks);
    // Behind a space too much, it is the target of a link that was meant: that space is to go.
    let is_target = file[..span.start as usize].ends_with("] (");
    let ends = span.end < run.span.end || closes || tail.len() < sure.len();
    let span = Span { end: span.start + tail.len() as u32, ..span };
    let before = Beside::of(file[..span.start as usize].chars().rev());
    let behind = Beside::of(file[span.end as usize..].chars());
    // The same marks on both sides find each other before a sign, too.
    let is_pair =
        within_marks && before.marks == behind.marks && !behind.next.is_some_and(char::is_alphanumeric);
    let is_bound = before.binds() || (behind.binds() && !is_pair);
    let is_certain = !is_mixed && !is_target && !is_bound && ends;
    Some(Url { span, is_certain })
}

/// What stands on one side of an address.
struct Beside {
    marks: String,
    /// What stands behind the marks.
    next: Option<char>,
}

impl Beside {
    fn of(letters: impl Iterator<Item = char>) -> Self {
        let mut letters = letters.peekable();
        let mut marks = String::new();
        while let Some(mark) = letters.next_if(|letter| matches!(letter, '*' | '_' | '~')) {
            marks.push(mark);
        }
        Self { marks, next: letters.next() }
    }

    /// Whether there are marks of emphasis, and anything but a space behind them. What such marks begin or end depends on
    /// what stands on both sides of them: beside an angle bracket they may become marks that they were not, or none.
    fn binds(&self) -> bool {
        !self.marks.is_empty() && self.next.is_some_and(|next| !next.is_whitespace())
    }
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
