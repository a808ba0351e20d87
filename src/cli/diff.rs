//! The difference between two texts, as `patch` and `git apply` read it.
//!
//! A line ends at LF and nowhere else, as it does for them: a CR is a part of its line. The search for common lines is
//! that of Myers with bounds like Git's, by which it gives up on the shortest answer and never looks at a clock: the same
//! texts have the same difference on every machine. Measured in a release build, the worst texts found (lines drawn by
//! chance from fifty) take seconds at 100,000 lines, and five to six times that at 400,000. `Histogram` is
//! quicker at most and takes a minute for 100,000 lines of which every other one changes.

mod shown;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

pub(super) use shown::{Look, shown};

/// How many lines stand around a change that is to be applied.
const CONTEXT: usize = 3;

/// A unified diff with three lines of context, `a/` and `b/` before the path; empty where nothing differs.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let lines = Lines::of(old, new);
    let mut text = String::new();
    for hunk in lines.hunks(CONTEXT) {
        if text.is_empty() {
            let _ = writeln!(text, "--- {}\n+++ {}", name("a/", path), name("b/", path));
        }
        text += &head(&hunk);
        text.push('\n');
        for (sign, line) in lines.changes(&hunk) {
            text.push(sign);
            text.push_str(line);
            if !line.ends_with('\n') {
                text += "\n";
                text += UNENDED;
            }
        }
    }
    text
}

/// What follows a line that the end of the text ends.
const UNENDED: &str = "\\ No newline at end of file\n";

/// Two texts, line by line.
struct Lines<'t> {
    old: Vec<&'t str>,
    new: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    fn of(old: &'t str, new: &'t str) -> Self {
        Self { old: old.split_inclusive('\n').collect(), new: new.split_inclusive('\n').collect() }
    }

    /// Changes that are near each other, with this many lines around them.
    fn hunks(&self, context: usize) -> Vec<Vec<DiffOp>> {
        group_diff_ops(capture_diff_slices(Algorithm::Myers, &self.old, &self.new), context)
    }

    /// The lines of a hunk, each behind its sign.
    fn changes<'h>(&'h self, hunk: &'h [DiffOp]) -> impl Iterator<Item = (char, &'t str)> {
        hunk.iter().flat_map(|step| {
            let (kept, old, new) = match step.tag() {
                DiffTag::Equal => (step.old_range(), 0..0, 0..0),
                _ => (0..0, step.old_range(), step.new_range()),
            };
            let kept = self.old[kept].iter().map(|line| (' ', *line));
            let old = self.old[old].iter().map(|line| ('-', *line));
            let new = self.new[new].iter().map(|line| ('+', *line));
            kept.chain(old).chain(new)
        })
    }
}

/// The line above a hunk, without its end.
fn head(hunk: &[DiffOp]) -> String {
    let place = |range: fn(&DiffOp) -> Range<usize>| {
        let start = hunk.first().map_or(0, |step| range(step).start);
        let end = hunk.last().map_or(0, |step| range(step).end);
        match end - start {
            // Nothing stands behind the line before it.
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            count => format!("{},{count}", start + 1),
        }
    };
    format!("@@ -{} +{} @@", place(DiffOp::old_range), place(DiffOp::new_range))
}

/// A path as Git writes it where `core.quotePath` is off: in quotes only with control characters, quotes or backslashes
/// in it, and with a tab behind it where there is a space, at which `patch` would end it. An absolute path is one below
/// the root, for `patch -d /`.
fn name(side: &str, path: &str) -> String {
    let path = path.trim_start_matches('/');
    let is_special = |letter: char| letter.is_ascii_control() || matches!(letter, '"' | '\\');
    if !path.contains(is_special) {
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{side}{path}{end}");
    }
    let mut quoted = format!("\"{side}");
    for letter in path.chars() {
        let short = match letter {
            '"' | '\\' => letter,
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            _ if letter.is_ascii_control() => {
                let _ = write!(quoted, "\\{:03o}", u32::from(letter));
                continue;
            }
            _ => {
                quoted.push(letter);
                continue;
            }
        };
        quoted.push('\\');
        quoted.push(short);
    }
    quoted.push('"');
    quoted
}
