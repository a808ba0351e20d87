//! Takes a suppression out of an article so that nothing else changes.
//!
//! A comment is not nothing to Markdown: it keeps two lists or a paragraph and what follows apart. Where that may be so,
//! an empty comment stays in its place.

use crate::article::edit::Editor;
use crate::article::suppressions::{Directive, Form};
use crate::article::{Article, Format, FrontMatter};
use crate::finding::{Edit, Fix};
use crate::rule::{Fate, Judged};
use crate::text::{Span, behind_mark, line_end, line_start, next_line};

/// Knows what stands around suppressions.
pub(super) struct Removal<'a> {
    article: &'a Article<'a>,
    /// Where lists, footnotes and indented code end, sorted: what may go on behind a blank line.
    ends: Option<Vec<u32>>,
    /// The first item of the list in the front matter and the lines of the whole list, where no item is needed.
    list: Option<(Span, Span)>,
}

impl<'a> Removal<'a> {
    pub(super) fn new(article: &'a Article<'a>, all: &[Judged]) -> Self {
        let mut items = all.iter().filter(|judged| judged.directive.form == Form::Item).peekable();
        let first = items.peek().map(|judged| judged.directive.span);
        let is_unused = |judged: &Judged| {
            !judged.fates.is_empty() && judged.fates.iter().all(|fate| *fate == Fate::Unused)
        };
        let list =
            first.filter(|_| items.all(is_unused)).and_then(|first| Some((first, whole_list(article)?)));
        Self { article, ends: None, list }
    }

    /// How to take out a directive of which nothing is needed.
    pub(super) fn whole(&mut self, directive: &Directive) -> Option<Fix> {
        // A block that stands at the wrong place is told from text between breaks by what it holds, and by what stands
        // around it: that place is mended first.
        if self.article.front_matter.as_ref().is_some_and(|block| self.is_misplaced(block)) {
            return None;
        }
        let edit = match (directive.form, self.list) {
            (Form::Item, Some((first, lines))) => {
                // The first item takes the others along.
                return (directive.span == first)
                    .then(|| Fix::safe("take the list out", [Edit::delete(lines)]));
            }
            (Form::Item, None) => {
                let edits = self.item(directive.span)?;
                return Some(Fix::safe("take the suppression out", edits));
            }
            (Form::Hash, _) => self.hash(directive.span),
            (Form::Html, _) => self.comment(directive.span, "<!-- -->"),
            (Form::Mdx, _) => self.comment(directive.span, "{/* */}"),
        };
        Some(Fix::safe("take the suppression out", [edit]))
    }

    /// Whether a block is known as front matter by its keys alone. An indentation before TOML is no flaw to those who
    /// read it, but leaves as much doubt.
    fn is_misplaced(&self, block: &FrontMatter) -> bool {
        let text = self.article.text();
        let before = &text[behind_mark(text)..block.opening.start as usize];
        !block.flaws.is_empty() || !(before.is_empty() || before.ends_with(['\n', '\r']))
    }

    /// A comment of the front matter, with its line where nothing else is on it.
    fn hash(&self, span: Span) -> Edit {
        let text = self.article.text();
        let line = line_start(text, span.start as usize);
        let before = &text[line..span.start as usize];
        let end = line_end(text, span.end as usize);
        if before.trim().is_empty() {
            return Edit::delete(Span::new(line, next_line(text, end)));
        }
        Edit::delete(Span::new(line + before.trim_end().len(), end))
    }

    fn comment(&mut self, span: Span, empty: &str) -> Edit {
        let text = self.article.text();
        let line = line_start(text, span.start as usize).max(self.article.body.span.start as usize);
        let end = line_end(text, span.end as usize);
        let before = &text[line..span.start as usize];
        let is_alone = text[span.end as usize..end].trim().is_empty();
        if before.trim_start().starts_with('[') && before.contains("]:") {
            // It keeps the line from being a definition.
            return Edit::replace(span, empty);
        }
        if !is_marks(before) {
            let start = line + before.trim_end_matches([' ', '\t']).len();
            return Edit::delete(Span::new(start, span.end as usize));
        }
        let next = next_line(text, end);
        // An indented one may be what makes the items of a list paragraphs.
        if !is_alone || !before.is_empty() || !self.stands_free(line, next) {
            return Edit::replace(span, empty);
        }
        // Of the blank lines around it one stays.
        let is_first = text[self.article.body.span.start as usize..line].trim().is_empty();
        let follows = line_end(text, next);
        let is_blank_next = text[next..follows].trim().is_empty();
        let is_blank_before = is_first || ends_with_blank_line(&text[..line]);
        let end = if is_blank_next && is_blank_before && next < text.len() {
            next_line(text, follows)
        } else {
            next
        };
        Edit::delete(Span::new(line, end))
    }

    /// Whether what stands before the line and what stands behind it stay apart without it.
    fn stands_free(&mut self, line: usize, next: usize) -> bool {
        let text = self.article.text();
        let body = self.article.body.span.start as usize;
        let behind = &text[next..];
        let hashes = behind.bytes().take_while(|byte| *byte == b'#').count();
        if (1..=6).contains(&hashes) && behind[hashes..].starts_with(' ') {
            return true;
        }
        let before = text[body..line].trim_end();
        if before.is_empty() {
            // At the head of a file these would begin a front matter.
            let is_fence = behind.trim_start().starts_with(['-', '+', '{']);
            return self.article.front_matter.is_some() || !is_fence;
        }
        let last = body + before.len();
        let last = Span::new(line_start(text, last).max(body), last);
        // What refers to nothing may be taken out as well, and leave nothing between two lists.
        let definitions = &self.article.body.definitions;
        let next = definitions.partition_point(|definition| definition.span.end < last.start);
        let is_definition = definitions.get(next).is_some_and(|definition| definition.span.end <= last.end);
        // The parser does not say where those are whose label is defined before.
        let written = text[last.range()].trim_start();
        let is_definition = is_definition || (written.starts_with('[') && written.contains("]:"));
        ends_with_blank_line(&text[..line])
            && !self.is_hidden(last)
            && !self.something_ends_in(last)
            && (!is_definition || behind.trim().is_empty())
    }

    /// Whether a template or tag stands here, of which it is not known what it ends.
    fn is_hidden(&self, span: Span) -> bool {
        let jsx = &self.article.body.jsx;
        let next = jsx.partition_point(|tag| tag.end <= span.start);
        self.article.body.is_templated(span) || jsx.get(next).is_some_and(|tag| tag.start < span.end)
    }

    fn something_ends_in(&mut self, line: Span) -> bool {
        let body = &self.article.body;
        let ends = self.ends.get_or_insert_with(|| {
            let lists = body.lists.iter().map(|list| list.span.end);
            let footnotes = body.footnote_definitions.iter().map(|footnote| footnote.span.end);
            let code = body.code.iter().filter(|code| !code.fenced).map(|code| code.span.end);
            let mut ends: Vec<u32> = lists.chain(footnotes).chain(code).collect();
            ends.sort_unstable();
            ends
        });
        let first = ends.partition_point(|known| *known < line.start);
        ends.get(first).is_some_and(|known| *known <= line.end)
    }

    /// An item of the list: its line, or itself with a comma.
    fn item(&self, span: Span) -> Option<Vec<Edit>> {
        let text = self.article.text();
        let front_matter = self.article.front_matter.as_ref()?;
        let list = front_matter.root()?.get("copydesk")?.get("ignore")?;
        let items = list.items();
        let index = items.iter().position(|item| item.span == span)?;
        let is_flow = text[list.span.range()].starts_with('[');
        if !is_flow {
            let (start, end) = (line_start(text, span.start as usize), line_end(text, span.end as usize));
            let is_own = text[start..span.start as usize].trim() == "-"
                && text[span.end as usize..end].trim().is_empty();
            // One of several lines, or with a comment, is harder to cut out.
            return if is_own && items.len() > 1 {
                Some(vec![Edit::delete(Span::new(start, next_line(text, end)))])
            } else {
                Editor::of(self.article)?.remove(&items[index])
            };
        }
        let whole = match (items.get(index + 1), index.checked_sub(1)) {
            (Some(next), _) => Span { start: span.start, end: next.span.start },
            (None, Some(before)) => Span { start: items[before].span.end, end: span.end },
            (None, None) => span,
        };
        let gaps = [Span { start: whole.start, end: span.start }, Span { start: span.end, end: whole.end }];
        let is_gap =
            |gap: &Span| text[gap.range()].chars().all(|letter| letter == ',' || letter.is_whitespace());
        let is_plain = gaps.iter().all(is_gap);
        if is_plain {
            Some(vec![Edit::delete(whole)])
        } else {
            Editor::of(self.article)?.remove(&items[index])
        }
    }
}

/// The lines of the key `copydesk`, where it holds nothing but the list and nothing else is on them.
fn whole_list(article: &Article<'_>) -> Option<Span> {
    let text = article.text();
    let front_matter = article.front_matter.as_ref().filter(|block| block.format != Format::Json)?;
    let entry = front_matter.root()?.entry("copydesk")?;
    let [list] = entry.value.entries() else { return None };
    let end = entry.value.span.end.max(list.value.span.end).max(list.value.items().last()?.span.end);
    let start = line_start(text, entry.key_span.start as usize);
    let is_own = text[start..entry.key_span.start as usize].trim_matches(['[', ' ']).is_empty();
    let line_end = line_end(text, end as usize);
    (is_own && text[end as usize..line_end].trim().is_empty())
        .then(|| Span::new(start, next_line(text, line_end)))
}

/// Whether nothing but indentation and the marks of quotes and list items stands here.
fn is_marks(text: &str) -> bool {
    text.trim_matches(|letter: char| letter.is_ascii_digit() || " \t>-*+.)".contains(letter)).is_empty()
}

fn ends_with_blank_line(text: &str) -> bool {
    let without_end = text.strip_suffix('\n').unwrap_or(text);
    let without_end = without_end.strip_suffix('\r').unwrap_or(without_end);
    let line = line_start(without_end, without_end.len());
    without_end[line..].trim().is_empty()
}
