//! Texts of YAML that stand in lines of their own, below a `|` or a `>`.

use super::Editor;
use super::value::needs_escape;
use crate::article::Format;
use crate::data::Node;
use crate::finding::Edit;
use crate::text::{Span, line_end, line_start};

/// A text in lines.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    /// What says how the lines are read: `|`, `>-`, `|2+`.
    header: Span,
    /// The lines, from behind the header's line end to the end of the last.
    content: Span,
    /// What each line begins with.
    indent: usize,
    line_end: &'a str,
}

impl<'a> Lines<'a> {
    /// The lines of a value, if it is written so.
    pub(super) fn of(editor: &Editor<'a>, node: &Node) -> Option<Self> {
        let value = node.as_str().filter(|_| editor.block.format == Format::Yaml)?;
        let text = editor.text;
        let start = node.span.start as usize;
        if !text[line_start(text, start)..start].trim().is_empty() && !node.span.is_empty() {
            return None;
        }
        let before = text[..start].trim_end();
        let first = line_start(text, before.len());
        let comment = editor
            .block
            .document
            .comments
            .iter()
            .find(|comment| first <= comment.start as usize && comment.end as usize == before.len());
        let before = comment.map_or(before, |comment| text[..comment.start as usize].trim_end());
        let header = before.get(first..)?.rfind(['|', '>'])? + first;
        let is_header = before[header + 1..].chars().all(|mark| mark.is_ascii_digit() || "+-".contains(mark))
            && before[..header].ends_with([' ', '\t', '\n', '\r']);
        if !is_header {
            return None;
        }
        let behind = line_end(text, comment.map_or(before.len(), |comment| comment.end as usize));
        let deeper = value.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let deeper = deeper.len() - deeper.trim_start_matches(' ').len();
        let indent = (start - line_start(text, start)).checked_sub(deeper)?;
        let content = if node.span.is_empty() {
            Span::empty(behind)
        } else {
            Span::new(editor.next_line(behind), node.span.end as usize)
        };
        let header = Span::new(header, before.len());
        Some(Self { text, header, content, indent, line_end: editor.line_end() })
    }

    /// Another text instead, no longer in lines of its own.
    pub(super) fn replaced(&self, written: &str) -> Vec<Edit> {
        let first = line_end(self.text, self.header.end as usize);
        let lines = Span::new(first, self.content.end as usize);
        vec![Edit::replace(self.header, written), Edit::delete(lines)]
    }

    /// Other lines below the header; or one that chomps the last line end as the new text needs it.
    pub(super) fn rewritten(&self, text: &str) -> Vec<Vec<Edit>> {
        // Readers differ on a tab at the beginning of a line.
        let is_printable = text.chars().all(|letter| letter == '\n' || !needs_escape(letter));
        let inside = text.trim_end_matches('\n');
        if !is_printable || inside.trim().is_empty() || self.content.is_empty() {
            return Vec::new();
        }
        let header = &self.text[self.header.range()];
        let lines = if header.starts_with('|') { inside.to_owned() } else { self.folded(inside) };
        let mut written = String::with_capacity(lines.len());
        for (index, line) in lines.split('\n').enumerate() {
            if index > 0 {
                written.push_str(self.line_end);
            }
            if !line.is_empty() {
                written.extend(std::iter::repeat_n(' ', self.indent));
                written.push_str(line);
            }
        }
        let chomped = match text.len() - inside.len() {
            0 => "-",
            1 => "",
            _ => "+",
        };
        let lines = Edit::replace(self.content, written);
        let new_header = format!("{}{chomped}", header.replace(['+', '-'], ""));
        let other = vec![Edit::replace(self.header, new_header), lines.clone()];
        vec![vec![lines], other]
    }

    /// A text as folding reads it back: a line end is written as an empty line, and long lines break where the old ones
    /// did.
    fn folded(&self, text: &str) -> String {
        let old = &self.text[self.content.range()];
        let lengths = || old.split(['\n', '\r']).map(|line| line.trim_end().chars().count());
        let is_wrapped = lengths().filter(|length| *length > 0).count() > 1;
        let width =
            if is_wrapped { lengths().max().unwrap_or(0).saturating_sub(self.indent) } else { usize::MAX };
        let mut folded = String::with_capacity(text.len());
        let mut ends = 0;
        for line in text.split('\n') {
            if !line.is_empty() {
                // What begins with a space is not folded, nor are the line ends around it.
                let more = usize::from(!folded.is_empty());
                folded.extend(std::iter::repeat_n('\n', ends + more));
                wrap(line, width, &mut folded);
                ends = 0;
            }
            ends += 1;
        }
        folded
    }
}

/// Breaks a line at single spaces.
fn wrap(line: &str, width: usize, folded: &mut String) {
    let mut column = 0;
    let mut is_after_word = false;
    for (index, word) in line.split(' ').enumerate() {
        let length = word.chars().count();
        let is_break = is_after_word && !word.is_empty() && column + 1 + length > width;
        if index > 0 {
            folded.push(if is_break { '\n' } else { ' ' });
        }
        folded.push_str(word);
        column = if is_break { length } else { column + length + usize::from(index > 0) };
        is_after_word = !word.is_empty();
    }
}
