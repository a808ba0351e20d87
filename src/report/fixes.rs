//! Fixes that were made, or would be, as one line each: `path:line:column: fixed rule: title`.

use super::paint::Paint;
use super::{closing, visible};
use crate::triage::{Fixed, Fixes};

/// The line of a fix with its line end; `done` says whether it was made.
pub(super) fn line(fixed: &Fixed, done: &str, paint: Paint) -> String {
    format!(
        "{}:{}:{}: {} {}: {}\n",
        paint.strong(&visible::line(&fixed.path)),
        fixed.position.line,
        fixed.position.column,
        paint.good(done),
        visible::line(&fixed.rule),
        visible::line(&fixed.title),
    )
}

/// The line of a rule with its line end: how many fixes of each kind it has.
pub(super) fn of_rule(rule: &str, fixes: Fixes, paint: Paint) -> String {
    format!("{}: {}\n", paint.strong(&visible::line(rule)), closing::kinds(fixes))
}
