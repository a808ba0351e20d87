//! The difference between two texts, as `patch` and `git apply` read it.

use similar::TextDiff;

/// A unified diff with three lines of context, `a/` and `b/` before the path; empty where nothing differs.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}
