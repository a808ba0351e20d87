//! No white space stands where it says nothing.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::{Paragraph, Place};
use crate::finding::{Edit, Fix};
use crate::rule::verbatim::{self, Line, Verbatim};
use crate::rule::{Check, Context, Sink};
use crate::text::{Span, behind_mark, line_break, line_end, line_start};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each kind of white space is turned off by itself")]
pub(crate) struct Whitespace {
    trailing_spaces: bool,
    double_spaces: bool,
    blank_lines: bool,
    final_newline: bool,
}

impl Check for Whitespace {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        if article.front_matter.as_ref().is_some_and(|front_matter| !front_matter.is_sound()) {
            return;
        }
        let Some(verbatim) = Verbatim::of(article) else { return };
        self.lines(article, &verbatim, sink);
        if self.double_spaces {
            double_spaces(article, &verbatim, sink);
        }
        if self.final_newline {
            final_newline(article, sink);
        }
    }
}

impl Whitespace {
    fn lines(&self, article: &Article<'_>, verbatim: &Verbatim, sink: &mut Sink<'_>) {
        let (text, end) = (article.text(), article.body.span.end as usize);
        let mut blank: Vec<Line> = Vec::new();
        for line in verbatim::lines(text, article.body.span) {
            // Most end with a letter or a mark.
            if let [.., last] = &text.as_bytes()[line.span.range()]
                && !matches!(last, b' ' | b'\t')
            {
                self.blank_lines(&blank, end, sink);
                blank.clear();
                continue;
            }
            let written = text[line.span.range()].trim_end_matches([' ', '\t']);
            let from = line.span.start as usize + written.len();
            let is_ours = !verbatim.holds(from);
            // Without the spaces between them, CR and LF would be one line end.
            let parts = text[..from].ends_with('\r') && text[line.span.end as usize..].starts_with('\n');
            if written.is_empty() && is_ours && !parts {
                blank.push(line);
                continue;
            }
            self.blank_lines(&blank, end, sink);
            blank.clear();
            let spaces = Span { start: from as u32, end: line.span.end };
            if self.trailing_spaces
                && !spaces.is_empty()
                && is_ours
                && !parts
                && means_nothing(article, spaces, line.next)
            {
                trailing(spaces, sink);
            }
        }
        self.blank_lines(&blank, end, sink);
    }

    /// Of blank lines one says as much as many; at the end of a file none is needed.
    fn blank_lines(&self, lines: &[Line], end: usize, sink: &mut Sink<'_>) {
        let is_last = lines.last().is_some_and(|line| line.next == end);
        let wanted = if is_last { self.final_newline } else { self.blank_lines };
        let keep = usize::from(!is_last);
        let kept = if wanted && lines.len() > keep { &lines[..keep] } else { lines };
        if let (Some(first), Some(last)) = (lines.get(kept.len()), lines.last()) {
            let count = lines.len();
            let message = match (is_last, count) {
                (true, 1) => "a blank line at the end of the file".to_owned(),
                (true, _) => format!("{count} blank lines at the end of the file"),
                (false, _) => format!("{count} blank lines in a row"),
            };
            let span = Span::new(first.span.start as usize, last.next);
            let title = if is_last { "take them out" } else { "leave one of them" };
            sink.report(span, message).help(title).fix(Fix::safe(title, [Edit::delete(span)]));
        }
        for line in kept.iter().filter(|line| self.trailing_spaces && !line.span.is_empty()) {
            trailing(line.span, sink);
        }
    }
}

fn trailing(spaces: Span, sink: &mut Sink<'_>) {
    let message = match spaces.len() {
        1 => "a space at the end of the line".to_owned(),
        count => format!("{count} spaces at the end of the line"),
    };
    let finding = sink.report(spaces, message);
    finding.help("take it out").fix(Fix::safe("take it out", [Edit::delete(spaces)]));
}

/// Whether spaces at the end of a line are no line break: there is one alone, or the block ends with them.
fn means_nothing(article: &Article<'_>, spaces: Span, next: usize) -> bool {
    let (text, body) = (article.text(), &article.body);
    let heading = body.headings.partition_point(|heading| heading.span.start < spaces.start);
    let ends_heading =
        heading.checked_sub(1).is_some_and(|index| body.headings[index].span.end == spaces.start);
    // Without the space the backslash would break the line; programs differ on a tab at the end of a heading.
    let before = &text[..spaces.start as usize];
    let has_tab = text[spaces.range()].contains('\t');
    if before.ends_with('\\') || (has_tab && (ends_heading || before.ends_with('#'))) {
        return false;
    }
    if spaces.len() == 1 {
        return true;
    }
    let paragraph = body.paragraphs.partition_point(|paragraph| paragraph.span.end < spaces.start);
    let paragraph = body.paragraphs.get(paragraph).filter(|found| found.span.end == spaces.start);
    // A template on the line above or below may come to be text of the same paragraph.
    let is_apart = |start: u32| {
        let above = text[..line_start(text, start as usize)].trim_end_matches(['\n', '\r']);
        let below = &text[next.min(text.len())..];
        !text[line_start(text, above.len())..above.len()].contains('{')
            && !below[..line_end(below, 0)].contains(['{', '<'])
    };
    // One far above may come to hold the whole list or quote, and then the next item goes on with this line.
    let is_nested = |paragraph: &Paragraph| {
        let below = &text[next.min(text.len())..];
        let is_last = below[..line_end(below, 0)].trim().is_empty();
        let is_below = body.shortcodes.first().is_some_and(|first| first.end <= spaces.start);
        paragraph.place != Place::TOP && !is_last && is_below
    };
    paragraph.is_some_and(|paragraph| is_apart(paragraph.span.start) && !is_nested(paragraph)) || ends_heading
}

/// No sign at the beginning of a line is longer.
const LONGEST_MARKER: usize = 200;

/// Two or three spaces between words; more are there to align something.
fn double_spaces(article: &Article<'_>, verbatim: &Verbatim, sink: &mut Sink<'_>) {
    let text = article.text();
    let mut line = (Span::default(), false);
    let two = memchr::memmem::Finder::new(b"  ");
    let elsewhere = Place::TABLE | Place::HTML | Place::HEADING;
    for run in
        article.body.text.iter().filter(|run| run.resolved.is_none() && !run.place.intersects(elsewhere))
    {
        let (start, bytes) = (run.span.start as usize, &text.as_bytes()[run.span.range()]);
        let mut behind = 0;
        for at in two.find_iter(bytes) {
            if at < behind {
                continue;
            }
            let length = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
            behind = at + length;
            let is_between = at > 0 && behind < bytes.len() && !matches!(bytes[at - 1], b'\\' | b'\t');
            if !is_between || length > 3 || verbatim.holds(start + at) {
                continue;
            }
            let gap = Span::new(start + at, start + behind);
            if !line.0.contains(gap) {
                line = line_around(text, gap);
            }
            let before = &text[line.0.start as usize..gap.start as usize];
            if line.1 || (before.len() < LONGEST_MARKER && is_marker(before.trim_start())) {
                continue;
            }
            let finding = sink.report(gap, format!("{length} spaces between words"));
            finding.help("write one").fix(Fix::safe("write one space", [Edit::replace(gap, " ")]));
        }
    }
}

/// The line, and whether it may be the row of a table that only some programs know.
fn line_around(text: &str, span: Span) -> (Span, bool) {
    let start = line_start(text, span.start as usize);
    let rest = &text[span.end as usize..];
    let line = Span::new(start, span.end as usize + rest.find(['\n', '\r']).unwrap_or(rest.len()));
    (line, text[line.range()].contains('|'))
}

/// Whether this is the beginning of a line that some programs read as a sign: `:`, `(a)`, `Note:`, `#.`
fn is_marker(before: &str) -> bool {
    let mut letters = before.chars().rev();
    letters.next().is_none_or(|last| !last.is_alphanumeric())
        && !before.trim_start_matches(['>', '-', '*', '+', ' ']).contains(char::is_whitespace)
}

fn final_newline(article: &Article<'_>, sink: &mut Sink<'_>) {
    let text = article.text();
    let is_open = article.body.code.last().is_some_and(|code| {
        verbatim::is_open(code) && text[code.span.to(code.content).end as usize..].trim_ascii().is_empty()
    });
    if text.len() == behind_mark(text) || text.ends_with(['\n', '\r']) || is_open {
        return;
    }
    // That of the line above: beside another it might become one with it.
    sink.report(Span::empty(text.len()), "the file does not end with a line end")
        .help("end its last line as all others")
        .fix(Fix::safe("end the line", [Edit::insert(text.len() as u32, line_break(text, text.len()))]));
}
