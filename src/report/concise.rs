//! Findings as one line each: `path:line:column: level rule: message [fix]`.
//!
//! The beginning is what editors, `grep -n` and the problem matchers of CI know. The mark at the end says that a fix
//! exists: `[fix]` where it is safe, `[unsafe fix]` where a person should look at it first. What is
//! suppressed, and shown all the same, ends with `[suppressed: reason]`.

use super::paint::Paint;
use super::texts::{Texts, fits};
use super::{mark, visible};
use crate::finding::{Finding, Safety};
use crate::triage::Suppressed;

/// The line of a finding with its line end. A file that is gone or has changed leaves out line and column.
pub(super) fn finding(
    finding: &Finding,
    suppressed: Option<&Suppressed>,
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
    let mark = match (suppressed, finding.fix.as_ref().map(|fix| fix.safety)) {
        (Some(suppressed), _) => format!(" {}", paint.accent(&format!("[{}]", mark(suppressed)))),
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
