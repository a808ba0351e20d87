//! Findings as one line each: `path:line:column: level rule: message [fix]`.
//!
//! The beginning is what editors, `grep -n` and the problem matchers of CI know. The mark at the end says that a fix
//! exists: `[fix]` where it is safe, `[unsafe fix]` where a person should look at it first. What is
//! suppressed, and shown all the same, ends with `[suppressed: reason]`, what a baseline knows with `[in the baseline]`.

use super::paint::Paint;
use super::texts::{Texts, fits};
use super::visible;
use crate::finding::{Finding, Safety};
use crate::triage::Standing;

/// The line of a finding with its line end. A file that is gone or has changed leaves out line and column.
pub(super) fn finding(
    finding: &Finding,
    standing: Standing<'_>,
    texts: &mut Texts<'_>,
    paint: Paint,
) -> String {
    let place = match texts.current(&finding.path) {
        Some(source) if fits(&source, finding.span) => {
            let position = source.position(finding.span.start);
            format!(":{}:{}", position.line, position.column)
        }
        _ => String::new(),
    };
    let mark = match (super::mark(standing), finding.fix.as_ref().map(|fix| fix.safety)) {
        (Some(mark), _) => format!(" {}", paint.accent(&format!("[{mark}]"))),
        (None, Some(Safety::Safe)) => format!(" {}", paint.accent("[fix]")),
        (None, Some(Safety::Unsafe)) => format!(" {}", paint.accent("[unsafe fix]")),
        (None, None) => String::new(),
    };
    format!(
        "{}{place}: {} {}: {}{mark}\n",
        paint.strong(&visible::line(&finding.path)),
        paint.level(finding.level, finding.level.as_str()),
        visible::line(&finding.rule),
        visible::line(&finding.message),
    )
}
