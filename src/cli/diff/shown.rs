//! The difference between two texts for a person at a terminal.
//!
//! Nothing in it is sent as it is but plain text, and what nobody sees has a sign where it changes: spaces, tabs, CRs,
//! characters without width. So it cannot be applied; it is for the eye. A paragraph of Markdown is one line, often a
//! long one: what changes inside of a line is set off, and lines may be cut to what surrounds that.

use std::ops::Range;

use similar::{DiffOp, DiffTag};

use super::{CONTEXT, Lines, UNENDED, head};
use crate::report;
use crate::rule::invisible;

/// How a difference is shown.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Look {
    /// Whether to use ANSI colours.
    pub(in crate::cli) color: bool,
    /// How many cells a line may fill; `None` leaves them whole.
    pub(in crate::cli) cells: Option<usize>,
    /// What stands for the rest of a line.
    pub(in crate::cli) ellipsis: &'static str,
    /// How many lines stand around a change.
    pub(in crate::cli) context: usize,
}

const OLD: &str = "31";
const NEW: &str = "32";
const PLACE: &str = "36";
const STRONG: &str = "1";

/// The difference, headed by the path if there is one; empty where nothing differs.
pub(in crate::cli) fn shown(path: Option<&str>, (old, new): (&str, &str), look: &Look) -> String {
    let lines = Lines::of(old, new);
    let mut text = String::new();
    for hunk in lines.hunks(look.context) {
        if let Some(path) = path.filter(|_| text.is_empty()) {
            let path = report::visible_line(path);
            text += &look.paint(STRONG, &format!("--- a/{path}"));
            text.push('\n');
            text += &look.paint(STRONG, &format!("+++ b/{path}"));
            text.push('\n');
        }
        text += &look.paint(PLACE, &head(&hunk));
        text.push('\n');
        // Where every line ends in CRLF, saying so at each tells nothing.
        let ended = || lines.changes(&hunk).filter(|(_, line)| line.ends_with('\n'));
        let end = if ended().all(|(_, line)| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        for step in &hunk {
            Shower { look, lines: &lines, end, text: &mut text }.step(step);
        }
    }
    text
}

impl Look {
    /// That of a terminal: lines are whole, with as many around a change as a diff has.
    pub(in crate::cli) fn of(options: &report::Options<'_>) -> Self {
        let ellipsis = if options.unicode { "…" } else { "..." };
        Self { color: options.color, cells: None, ellipsis, context: CONTEXT }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Writes the lines of a hunk.
struct Shower<'a> {
    look: &'a Look,
    lines: &'a Lines<'a>,
    /// The line end that is not shown.
    end: &'static str,
    text: &'a mut String,
}

impl Shower<'_> {
    fn step(&mut self, step: &DiffOp) {
        let (old, new) = (&self.lines.old[step.old_range()], &self.lines.new[step.new_range()]);
        if step.tag() == DiffTag::Equal {
            for line in old {
                self.line(' ', line, 0..0);
            }
            return;
        }
        // As many lines as before: each has become the one at its place.
        let is_paired = old.len() == new.len();
        let changed = |at: usize| is_paired.then(|| differ(self.content(old[at]), self.content(new[at])));
        let changed: Vec<_> = (0..old.len()).map(changed).collect();
        for (at, line) in old.iter().enumerate() {
            let whole = 0..self.content(line).len();
            self.line('-', line, changed[at].as_ref().map_or(whole, |(old, _)| old.clone()));
        }
        for (at, line) in new.iter().enumerate() {
            let whole = 0..self.content(line).len();
            let changed = changed.get(at).and_then(Option::as_ref);
            self.line('+', line, changed.map_or(whole, |(_, new)| new.clone()));
        }
    }

    fn content<'t>(&self, line: &'t str) -> &'t str {
        line.strip_suffix(self.end).or_else(|| line.strip_suffix('\n')).unwrap_or(line)
    }

    fn line(&mut self, sign: char, line: &str, changed: Range<usize>) {
        let content = self.content(line);
        let window = self.look.cells.map_or(0..content.len(), |cells| window(content, changed.start, cells));
        let tail = content.trim_end_matches([' ', '\t', '\r']).len();
        let is_blank = content[changed.clone()].trim().is_empty();
        let mut shown = String::from(sign);
        let mut is_set_off = false;
        if window.start > 0 {
            shown.push_str(self.look.ellipsis);
        }
        for (at, letter) in content[window.clone()].char_indices() {
            let at = window.start + at;
            let is_changed = changed.contains(&at);
            let wants_setting_off = is_changed && changed.len() < content.len() && self.look.color;
            if wants_setting_off != is_set_off {
                shown.push_str(if wants_setting_off { "\x1b[7m" } else { "\x1b[27m" });
                is_set_off = wants_setting_off;
            }
            spell(&mut shown, letter, is_changed, is_changed && (is_blank || at >= tail));
        }
        if window.end < content.len() {
            shown.push_str(self.look.ellipsis);
        }
        *self.text += &match sign {
            '-' => self.look.paint(OLD, &shown),
            '+' => self.look.paint(NEW, &shown),
            _ => shown,
        };
        self.text.push('\n');
        if !line.ends_with('\n') {
            *self.text += UNENDED;
        }
    }
}

/// Writes a character so that it is seen and does nothing.
fn spell(shown: &mut String, letter: char, is_changed: bool, is_blank: bool) {
    match letter {
        '\t' if !is_changed => shown.push('\t'),
        ' ' if is_blank => shown.push('·'),
        ' ' | '\t' | '\r' => shown.push_str(&report::visible_line(letter.encode_utf8(&mut [0; 4]))),
        _ if is_changed && !letter.is_ascii() && (letter.is_whitespace() || is_hidden(letter)) => {
            shown.push('<');
            shown.push_str(&invisible::code(letter));
            shown.push('>');
        }
        _ => shown.push_str(&report::visible_line(letter.encode_utf8(&mut [0; 4]))),
    }
}

fn is_hidden(letter: char) -> bool {
    invisible::kind(letter).is_some()
}

/// The bytes by which two lines differ: what is left without their common beginning and end.
pub(super) fn differ(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    let same = |(one, other): &(char, char)| one == other;
    let start: usize =
        old.chars().zip(new.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let rest = old[start..].chars().rev().zip(new[start..].chars().rev());
    let end: usize = rest.take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    (start..old.len() - end, start..new.len() - end)
}

/// The part of a line to show: this many cells around a place, most of them behind it.
fn window(line: &str, at: usize, cells: usize) -> Range<usize> {
    let (whole, _) = fill(line.chars(), cells);
    if whole == line.len() {
        return 0..whole;
    }
    let (_, behind) = fill(line[at..].chars(), cells * 2 / 3);
    let (before, used) = fill(line[..at].chars().rev(), cells - behind);
    let (after, _) = fill(line[at..].chars(), cells - used);
    at - before..at + after
}

/// How many bytes of these characters fit, and how many cells they fill.
fn fill(letters: impl Iterator<Item = char>, cells: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for letter in letters {
        let wide = match letter {
            '\t' => 4,
            _ if is_hidden(letter) => 8,
            '\u{2e80}'.. => 2,
            _ => 1,
        };
        if used + wide > cells {
            break;
        }
        bytes += letter.len_utf8();
        used += wide;
    }
    (bytes, used)
}
