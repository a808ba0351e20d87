//! What a reference refers to is defined.

use std::collections::HashSet;

use memchr::{memchr, memmem};
use serde::Deserialize;

use crate::article::body::{Place, Unresolved};
use crate::article::{Article, Body};
use crate::rule::{Check, Context, Sink, reference};
use crate::schema::nearest;
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct UndefinedReference {
    exceptions: Vec<String>,
}

/// More comparisons of labels than any article of a person needs.
const BUDGET: usize = 20_000;

/// A label longer than this is none.
const LONGEST: usize = 100;

impl Check for UndefinedReference {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let (text, body) = (article.text(), &article.body);
        if !body.unresolved.is_empty() {
            self.links(text, body, sink);
        }
        self.footnotes(article, sink);
    }
}

impl UndefinedReference {
    fn ignores(&self, label: &str) -> bool {
        self.exceptions.iter().any(|exception| exception.eq_ignore_ascii_case(label))
    }

    fn links(&self, text: &str, body: &Body, sink: &mut Sink<'_>) {
        let spare = spare(body);
        let mut are_included = None;
        let mut last = Span::default();
        for brackets in &body.unresolved {
            let near = || nearest(&brackets.label, spare.iter().copied());
            let is_meant = is_apart(text, brackets.span)
                && if brackets.shortcut { near().is_some() } else { is_reference(text, brackets) };
            let is_known = body.is_templated(brackets.span) || self.ignores(&brackets.label);
            if !is_meant || is_known || brackets.span == last {
                continue;
            }
            if *are_included.get_or_insert_with(|| reference::are_included(text, body)) {
                return;
            }
            last = brackets.span;
            // The parser leaves the empty brackets of `[label][]` out.
            let mut span = brackets.span;
            span.end += if text[span.end as usize..].starts_with("[]") { 2 } else { 0 };
            let help = near().map_or_else(
                || format!("add a line \"[{}]: address\", or correct the label", brackets.label),
                |near| format!("did you mean \"{near}\", which nothing refers to?"),
            );
            sink.report(span, format!("the label \"{}\" is not defined", brackets.label)).help(help);
        }
    }

    /// `[^label]` in text: one that is defined would be no text.
    fn footnotes(&self, article: &Article<'_>, sink: &mut Sink<'_>) {
        let (text, body) = (article.text(), &article.body);
        let start = body.span.start as usize;
        let mut defined = None;
        for at in memmem::find_iter(&text.as_bytes()[body.span.range()], b"[^") {
            let at = start + at;
            let Some(label) = footnote_label(&text[at + 2..]) else { continue };
            let span = Span::new(at, at + label.len() + 3);
            if !is_footnote(text, span, label) || !is_text(body, span) || self.ignores(label) {
                continue;
            }
            let defined = defined.get_or_insert_with(|| definitions(text, body));
            if !defined.contains(&label.to_lowercase()) {
                sink.report(span, format!("the footnote \"{label}\" is not defined"))
                    .help(format!("add a line \"[^{label}]: …\", or take the reference out"));
            }
        }
    }
}

/// The labels of definitions that nothing refers to; none where there is more to compare than is worth it.
fn spare(body: &Body) -> Vec<&str> {
    let used = reference::used(body);
    let unused =
        body.definitions.iter().zip(used).filter(|(definition, used)| !used && definition.label.len() > 3);
    let spare: Vec<&str> = unused.map(|(definition, _)| definition.label.as_str()).collect();
    if spare.len() * body.unresolved.len() > BUDGET { Vec::new() } else { spare }
}

/// Whether brackets stand apart from what is before them: `grid[i][j]`, `\[a][b]` and `[[page]]` do not.
fn is_apart(text: &str, span: Span) -> bool {
    let before = text[..span.start as usize].chars().next_back();
    !before.is_some_and(|before| before.is_ascii_alphanumeric() || "_)]}>[`\\$#&*/".contains(before))
}

/// Whether `[text][label]` is a link that was meant, and not an index, a citation, or a class of characters.
fn is_reference(text: &str, brackets: &Unresolved) -> bool {
    let label = brackets.label.trim();
    let written = &text[brackets.span.range()];
    let inside = written.trim_start_matches('!').trim_start_matches('[');
    let shown = inside.split(']').next().unwrap_or_default().trim();
    let is_plain = |part: &str| {
        let is_letter = part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_range = part.as_bytes().windows(3).any(|range| matches!(range, b"a-z" | b"A-Z" | b"0-9"));
        !part.is_empty()
            && !is_letter
            && !is_range
            && !part.starts_with(['-', '@', '^', '#', '!', '$', '+', '.'])
    };
    label.len() <= LONGEST
        && is_plain(label)
        && is_plain(shown)
        && !shown.bytes().all(|byte| byte.is_ascii_digit())
        && !label.contains(['=', '|', '*', '\\', '"', '<', '{'])
        && label.contains(char::is_alphanumeric)
}

/// The label of a footnote that begins here.
fn footnote_label(text: &str) -> Option<&str> {
    let head = &text.as_bytes()[..text.len().min(LONGEST)];
    let label = text.get(..memchr(b']', head)?)?;
    let is_label = label.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
    (is_label && !label.is_empty()).then_some(label)
}

/// Whether `[^label]` stands as a footnote does: behind a word, and not as a class of characters in a pattern.
fn is_footnote(text: &str, span: Span, label: &str) -> bool {
    let behind = text[span.end as usize..].chars().next();
    let before = text[..span.start as usize].chars().next_back();
    let is_number = label.bytes().all(|byte| byte.is_ascii_digit());
    let is_attached = before
        .is_some_and(|before| before.is_alphanumeric() || ".,;:!?)\"'*_”’»。，、！？）」".contains(before));
    let is_pattern =
        behind.is_some_and(|behind| behind.is_ascii_alphanumeric() || "*+?{(:]".contains(behind));
    let is_range = label.as_bytes().windows(3).any(|range| matches!(range, b"a-z" | b"A-Z" | b"0-9"));
    let is_escaped = before == Some('\\');
    (is_number || is_attached) && !is_pattern && !is_range && !is_escaped
}

/// Whether this is text that the reader sees, and not code, a tag or a template.
fn is_text(body: &Body, span: Span) -> bool {
    let run = body.text.partition_point(|run| run.span.end <= span.start);
    let holds = |place: Place, start: u32| start <= span.start && !place.contains(Place::HTML);
    body.text.get(run).is_some_and(|run| holds(run.place, run.span.start)) && !body.is_templated(span)
}

/// The labels of all footnotes that somebody defined, also where a parser of another dialect alone would see it.
fn definitions(text: &str, body: &Body) -> HashSet<String> {
    let start = body.span.start as usize;
    let lines = memmem::find_iter(&text.as_bytes()[body.span.range()], b"[^").filter_map(|at| {
        let label = footnote_label(&text[start + at + 2..])?;
        text[start + at + label.len() + 3..].starts_with(':').then(|| label.to_lowercase())
    });
    lines.collect()
}
