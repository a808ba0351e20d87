//! What is defined is referred to, and defined once.

use std::collections::{HashMap, HashSet};

use memchr::{memchr_iter, memmem};
use serde::Deserialize;

use crate::article::body::Definition;
use crate::article::{Article, Body};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink, reference};
use crate::schema::nearest;
use crate::text::{Span, line_end, next_line};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct UnusedReference {
    exceptions: Vec<String>,
}

/// More comparisons of labels than any article of a person needs.
const BUDGET: usize = 20_000;

/// More bytes than the 999 characters of a label can have.
const LONGEST_LABEL: usize = 4 * 999;

/// A definition that is too much.
struct Spare {
    span: Span,
    message: String,
    first: Option<Span>,
    /// Whether to take it out changes nothing for the reader and loses nothing for the writer; `None` if a person has to
    /// choose.
    is_safe: Option<bool>,
}

impl Check for UnusedReference {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let (text, body) = (article.text(), &article.body);
        let mut spare = Vec::new();
        // A file of nothing but definitions is there to be included in others.
        if !body.definitions.is_empty() && !body.paragraphs.is_empty() {
            self.links(text, body, &mut spare);
        }
        if !body.footnote_definitions.is_empty() {
            self.footnotes(text, body, &mut spare);
        }
        // Where no block at its place begins the file, what comes to stand at its head may be read as one, or a block
        // that is known by what stands around it may be no more.
        let is_apart = article.front_matter.as_ref().is_some_and(|block| block.flaws.is_empty());
        for spare in spare {
            let edit = edit(text, body, spare.span).filter(|_| is_apart || !is_first(text, body, spare.span));
            let finding = sink.report(spare.span, spare.message);
            match spare.first {
                Some(first) => {
                    finding.related(first, "the first").help("take one out, or give it another label")
                }
                None => finding.help("refer to it, or take it out"),
            };
            finding.fix = spare.is_safe.zip(edit).map(|(is_safe, edit)| {
                let title = "take the definition out";
                if is_safe { Fix::safe(title, [edit]) } else { Fix::r#unsafe(title, [edit]) }
            });
        }
    }
}

impl UnusedReference {
    fn ignores(&self, label: &str) -> bool {
        self.exceptions.iter().any(|exception| exception.eq_ignore_ascii_case(label))
    }

    fn links(&self, text: &str, body: &Body, spare: &mut Vec<Spare>) {
        let used = reference::used(body);
        let unused = body
            .definitions
            .iter()
            .zip(&used)
            .filter(|(definition, used)| !**used && !is_comment(definition));
        let mut hidden = None;
        let mut budget = BUDGET;
        for (definition, _) in unused {
            let hidden = hidden.get_or_insert_with(|| Hidden::of(text, body));
            if self.ignores(&definition.label) || hidden.refers_to(&definition.label) {
                continue;
            }
            // Brackets with nearly this label were to refer to it, and their writer needs the address.
            let left = budget.checked_sub(body.unresolved.len());
            budget = left.unwrap_or_default();
            let labels = body.unresolved.iter().map(|brackets| brackets.label.as_str());
            let is_wanted = left.is_none() || nearest(&definition.label, labels).is_some();
            // Nor is it known what a template in it stands for.
            let is_sure =
                !is_wanted && is_one_line(text, definition.span) && !body.is_templated(definition.span);
            let message = format!("nothing refers to \"{}\"", definition.label);
            spare.push(Spare {
                span: definition.span,
                message,
                first: None,
                is_safe: is_sure.then_some(true),
            });
        }
        let unused = spare.len();
        self.twice(text, body, spare);
        // What looks like a second definition is a reference to the first if a template above it goes on with it.
        let (unused, twice) = spare.split_at_mut(unused);
        let doubtful = twice.iter().filter(|second| body.is_below_template(text, second.span.start));
        let referred: HashSet<u32> =
            doubtful.filter_map(|second| second.first).map(|first| first.start).collect();
        for spare in unused.iter_mut().filter(|spare| referred.contains(&spare.span.start)) {
            spare.is_safe = None;
        }
    }

    /// Definitions whose label an earlier one has: the parser does not say where they are.
    fn twice(&self, text: &str, body: &Body, spare: &mut Vec<Spare>) {
        let Some(first) = body.definitions.first() else { return };
        let start = first.span.end as usize;
        let mut known: Option<HashMap<String, &Definition>> = None;
        let (mut line, mut seen) = (start, start);
        for at in memmem::find_iter(&text.as_bytes()[start..], b"]:").map(|at| start + at) {
            line = text[seen..at].rfind(['\n', '\r']).map_or(line, |end| seen + end + 1);
            seen = at;
            let indent = text[line..at].bytes().take(4).take_while(|byte| *byte == b' ').count();
            let Some(label) = text[line + indent..at].strip_prefix('[').filter(|_| indent < 4) else {
                continue;
            };
            if label.len() > LONGEST_LABEL {
                continue;
            }
            let end = line_end(text, at);
            let span = Span::new(line + indent, line + text[line..end].trim_end().len());
            if label.starts_with('^') || self.ignores(label) || !is_dropped(body, span) {
                continue;
            }
            let known = known.get_or_insert_with(|| {
                let pairs = body.definitions.iter().map(|one| (reference::folded(&one.label), one));
                pairs.collect()
            });
            let Some(first) =
                known.get(&reference::folded(label)).filter(|first| first.span.start < span.start)
            else {
                continue;
            };
            if is_comment(first) {
                continue;
            }
            let message = format!("\"{label}\" is defined twice, and only the first counts");
            // kramdown takes the last: only where both are the same does it not matter which one goes. And the first has to
            // be one, whatever a template above it stands for.
            let is_same = is_one_line(text, first.span)
                && text[first.span.range()].trim() == text[span.range()].trim()
                && !body.is_below_template(text, first.span.start);
            spare.push(Spare { span, message, first: Some(first.span), is_safe: is_same.then_some(true) });
        }
    }

    fn footnotes(&self, text: &str, body: &Body, spare: &mut Vec<Spare>) {
        let used: HashSet<String> =
            body.footnote_references.iter().map(|reference| reference::folded(&reference.label)).collect();
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut hidden = None;
        for note in &body.footnote_definitions {
            let folded = reference::folded(&note.label);
            if self.ignores(&note.label) {
                continue;
            }
            if let Some(first) = seen.get(&folded) {
                let message = format!("the footnote \"{}\" is defined twice", note.label);
                spare.push(Spare { span: note.span, message, first: Some(*first), is_safe: None });
                continue;
            }
            let hidden = hidden.get_or_insert_with(|| Hidden::of(text, body));
            if !used.contains(&folded) && !hidden.refers_to(&format!("^{}", note.label)) {
                let message = format!("nothing refers to the footnote \"{}\"", note.label);
                // What somebody wrote for a reader is not thrown away without a word.
                spare.push(Spare { span: note.span, message, first: None, is_safe: Some(false) });
            }
            seen.insert(folded, note.span);
        }
    }
}

/// Parsers differ in what belongs to a definition of several lines.
fn is_one_line(text: &str, span: Span) -> bool {
    !text[span.range()].trim_end().contains(['\n', '\r'])
}

/// `[//]: # (a comment)` and its like, which lead nowhere.
fn is_comment(definition: &Definition) -> bool {
    let label = definition.label.trim();
    matches!(definition.url.as_str(), "" | "#")
        || !label.contains(char::is_alphanumeric)
        || ["comment", "_"].iter().any(|begin| label.starts_with(begin))
}

/// Whether this line is neither shown nor code, as one is that the parser has read and dropped.
fn is_dropped(body: &Body, line: Span) -> bool {
    let code = body.code.partition_point(|code| code.span.end <= line.start);
    let html = body.html.partition_point(|html| html.span.end <= line.start);
    let known = body.definitions.partition_point(|known| known.span.end <= line.start);
    // It may have no text, inside a tag that hides it.
    let paragraph = body.paragraphs.partition_point(|paragraph| paragraph.span.end <= line.start);
    body.text_in(line).is_empty()
        && body.paragraphs.get(paragraph).is_none_or(|paragraph| paragraph.span.start >= line.end)
        && body.code.get(code).is_none_or(|code| code.span.start >= line.end)
        && body.html.get(html).is_none_or(|html| html.span.start >= line.end)
        && body.definitions.get(known).is_none_or(|known| known.span.start >= line.end)
        && !body.is_templated(line)
}

/// Labels in brackets where the parser sees no Markdown and a site generator may: templates, HTML, expressions.
struct Hidden {
    labels: HashSet<String>,
    /// Whether a file is included, in which anything may stand.
    is_open: bool,
}

impl Hidden {
    fn of(text: &str, body: &Body) -> Self {
        let html = body.html.iter().filter(|html| html.block).map(|html| html.span);
        let places =
            [&body.shortcodes, &body.expressions, &body.jsx].into_iter().flatten().copied().chain(html);
        let mut hidden = Self { labels: HashSet::new(), is_open: false };
        for place in places {
            let written = &text[place.range()];
            hidden.is_open |= memmem::find(written.as_bytes(), b"include").is_some();
            for at in memchr_iter(b'[', written.as_bytes()) {
                let inside = &written[at + 1..];
                if let Some(end) = inside.find([']', '[']).filter(|end| inside[*end..].starts_with(']')) {
                    hidden.labels.insert(reference::folded(&inside[..end]));
                }
            }
        }
        hidden
    }

    fn refers_to(&self, label: &str) -> bool {
        self.is_open || self.labels.contains(&reference::folded(label))
    }
}

/// Takes out a definition's lines, and the blank line that would be left over. `None` where the text around it would be
/// read in another way without it.
fn edit(text: &str, body: &Body, span: Span) -> Option<Edit> {
    let start = span.start as usize;
    // One that is indented may stand in a list item, whose looks it changes.
    if start > body.span.start as usize && !text[..start].ends_with(['\n', '\r']) {
        return None;
    }
    let content = start + text[start..span.end as usize].trim_end().len();
    let end = next_line(text, content);
    let (before, behind) = (&text[body.span.start as usize..start], &text[end..]);
    if !text[content..end].trim().is_empty() || body.is_below_template(text, span.start) {
        return None;
    }
    if behind.trim().is_empty() && !before.trim().is_empty() {
        // It was the last of the file: what is last then keeps no blank line behind it.
        let kept = body.span.start as usize + line_end(before, before.trim_end().len());
        return Some(Edit::delete(Span::new(kept, line_end(text, content))));
    }
    let last = before.trim_end_matches([' ', '\t']);
    let last = last.strip_suffix('\n').unwrap_or(last);
    let last = last.strip_suffix('\r').unwrap_or(last).rsplit(['\n', '\r']).next().unwrap_or_default().trim();
    let next = behind.trim_start_matches(['\n', '\r']);
    // Right below a definition a tag begins a paragraph, and elsewhere it may be a block of its own.
    let signs = if next.len() < behind.len() { "[!<`#" } else { "[!`#" };
    let is_separate = next.starts_with(|first: char| first.is_alphabetic() || signs.contains(first));
    if !(last.is_empty() || last.starts_with(['[', '#'])) || !(is_separate || next.is_empty()) {
        return None;
    }
    let blank = next_line(text, end);
    let goes_too = last.is_empty() && text[end..blank].trim().is_empty();
    Some(Edit::delete(Span::new(start, if goes_too { blank } else { end })))
}

/// Whether nothing of the body stands before.
fn is_first(text: &str, body: &Body, span: Span) -> bool {
    text[body.span.start as usize..span.start as usize].trim().is_empty()
}
