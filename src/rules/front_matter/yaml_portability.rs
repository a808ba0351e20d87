//! The front matter can be read by strict readers of YAML as well.

use serde::Deserialize;

use crate::article::Article;
use crate::data::Node;
use crate::finding::{Edit, Finding, Fix};
use crate::rule::{Check, Context, Sink};
use crate::text::Span;
use crate::yaml;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct YamlPortability {}

impl Check for YamlPortability {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = article.front_matter.as_ref().filter(|block| block.is_sound()) else {
            return;
        };
        let Some(root) = front_matter.root() else { return };
        let text = article.text();
        let mut lines = front_matter.document.outdented.as_slice();
        while let [first, ..] = lines {
            let Some((value, from)) = value_at(text, root, *first) else {
                lines = &lines[1..];
                continue;
            };
            let count = lines.partition_point(|line| line.start < value.span.end).max(1);
            let finding = report(text, (value.span, from), &lines[..count], sink);
            // An indented fence closes nothing below an indented line: its place is mended first.
            if !front_matter.flaws.is_empty() {
                finding.fix = None;
            }
            lines = &lines[count..];
        }
    }
}

/// One finding for all lines of a value, shown at the first of them. `from` is where its key or its dash leads to it.
fn report<'s>(
    text: &str,
    (value, from): (Span, usize),
    lines: &[Span],
    sink: &'s mut Sink<'_>,
) -> &'s mut Finding {
    let first = lines[0];
    let rest = &text[first.end as usize..value.end as usize];
    let end = first.end as usize + rest.find(['\n', '\r']).unwrap_or(rest.len());
    let span = Span::new(first.end as usize, end.max(first.end as usize));
    let what = if text[value.range()].starts_with(['[', '{']) { "list or mapping" } else { "quoted text" };
    let has_tab = text[first.range()].contains('\t');
    let leader = if from == value.start as usize { "dash" } else { "key" };
    let message = if has_tab {
        format!("a line of this {what} is indented with a tab")
    } else {
        format!("a line of this {what} stands no deeper than its {leader}")
    };
    let indent = " ".repeat(yaml::margin(text, from) + 2);
    let edits = lines.iter().map(|line| Edit::replace(*line, indent.as_str()));
    let title =
        if lines.len() == 1 { "indent it".to_owned() } else { format!("indent {} lines", lines.len()) };
    sink.report(span, message)
        .help("indent it with spaces: Jekyll reads it as it stands, strict readers of YAML refuse the page")
        .related(Span::new(value.start as usize, value.start as usize + 1), "it begins here")
        .fix(Fix::safe(title, edits))
}

/// The quoted text, or the outermost list or mapping in brackets, that a line belongs to, and a byte behind its key or
/// at its beginning.
fn value_at<'a>(text: &str, root: &'a Node, line: Span) -> Option<(&'a Node, usize)> {
    let mut node = root;
    loop {
        let is_around = |node: &Node| node.span.start < line.start && line.start < node.span.end;
        let entry = node.entries().iter().find(|entry| is_around(&entry.value));
        let item = node.items().iter().find(|item| is_around(item));
        let (value, from) = match (entry, item) {
            (Some(entry), _) => (&entry.value, entry.key_span.end as usize),
            (_, Some(item)) => (item, item.span.start as usize),
            _ => return None,
        };
        // What begins with a quote or a bracket may be a mapping or a list whose first key or item does.
        let first = value.entries().first().map(|entry| entry.key_span);
        let first = first.or_else(|| value.items().first().map(|item| item.span));
        let is_own = first.is_none_or(|first| first.start > value.span.start);
        if is_own && text[value.span.range()].starts_with(['[', '{', '"', '\'']) {
            return Some((value, from));
        }
        node = value;
    }
}
