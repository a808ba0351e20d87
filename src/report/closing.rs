//! The last lines of a report: what was found, what can be fixed, what was left out.

use super::paint::Paint;
use super::visible;
use crate::finding::Level;
use crate::triage::{Skipped, Summary, Unit};

/// One to three lines, each with its line end.
pub(super) fn closing(summary: &Summary, paint: Paint) -> String {
    let mut lines = vec![found(summary, paint)];
    let fixes: Vec<_> = [(summary.fixable.safe, "a safe fix"), (summary.fixable.r#unsafe, "an unsafe fix")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, fix)| format!("{count} with {fix}"))
        .collect();
    if !fixes.is_empty() {
        lines.push(fixes.join(", "));
    }
    if !summary.skipped.is_empty() {
        let skipped: Vec<_> = summary.skipped.iter().map(skipped).collect();
        lines.push(format!("skipped {}", listed(&skipped)));
    }
    lines.join("\n") + "\n"
}

fn found(summary: &Summary, paint: Paint) -> String {
    let checked = match summary.checked {
        0 => "no article".to_owned(),
        count => counted(count, "article"),
    };
    let suppressed = match summary.suppressed {
        0 => String::new(),
        count => format!(", {count} suppressed"),
    };
    let levels: Vec<_> =
        [(Level::Error, summary.errors), (Level::Warning, summary.warnings), (Level::Info, summary.infos)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(level, count)| paint.level(level, &counted(count, level.as_str())))
            .collect();
    if levels.is_empty() {
        let line = format!("{checked} checked, nothing found{suppressed}");
        return if summary.checked == 0 { line } else { paint.good(&line) };
    }
    let files = counted(summary.with_findings, "file");
    format!("{checked} checked, {} found in {files}{suppressed}", listed(&levels))
}

fn skipped(Skipped { unit, reason, count }: &Skipped) -> String {
    let unit = match unit {
        Unit::File => "file",
        Unit::Path => "path",
        Unit::Url => "URL",
    };
    format!("{} ({})", counted(*count, unit), visible::line(reason))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Fixable;

    fn summary(checked: usize, levels: [usize; 3]) -> Summary {
        let [errors, warnings, infos] = levels;
        let with_findings = usize::from(levels != [0; 3]);
        Summary { checked, with_findings, errors, warnings, infos, ..Summary::default() }
    }

    #[test]
    fn the_first_line_counts_in_whole_words() {
        for (summary, line) in [
            (summary(0, [0, 0, 0]), "no article checked, nothing found\n"),
            (summary(1, [0, 0, 0]), "1 article checked, nothing found\n"),
            (summary(12, [0, 0, 0]), "12 articles checked, nothing found\n"),
            (summary(12, [1, 0, 0]), "12 articles checked, 1 error found in 1 file\n"),
            (summary(1, [0, 2, 1]), "1 article checked, 2 warnings and 1 info found in 1 file\n"),
            (summary(3, [3, 1, 2]), "3 articles checked, 3 errors, 1 warning and 2 infos found in 1 file\n"),
        ] {
            assert_eq!(closing(&summary, Paint(false)), line);
        }
        let more = |summary| Summary { suppressed: 3, ..summary };
        let line = "2 articles checked, nothing found, 3 suppressed\n";
        assert_eq!(closing(&more(summary(2, [0, 0, 0])), Paint(false)), line);
        let line = "2 articles checked, 1 error found in 1 file, 3 suppressed\n";
        assert_eq!(closing(&more(summary(2, [1, 0, 0])), Paint(false)), line);
    }

    #[test]
    fn fixes_and_skips_have_lines_of_their_own() {
        let mut summary = summary(2, [3, 0, 0]);
        summary.fixable = Fixable { safe: 2, r#unsafe: 1 };
        let skipped = |unit, reason: &'static str, count| Skipped { unit, reason: reason.into(), count };
        summary.skipped = vec![
            skipped(Unit::File, "ignored by .gitignore", 1),
            skipped(Unit::File, "not UTF-8", 2),
            skipped(Unit::Url, "offline", 40),
        ];
        assert_eq!(
            closing(&summary, Paint(false)),
            "2 articles checked, 3 errors found in 1 file\n\
             2 with a safe fix, 1 with an unsafe fix\n\
             skipped 1 file (ignored by .gitignore), 2 files (not UTF-8) and 40 URLs (offline)\n"
        );
        summary.fixable.safe = 0;
        assert!(closing(&summary, Paint(false)).contains("\n1 with an unsafe fix\n"));
    }

    #[test]
    fn colours_are_an_option() {
        let summary = summary(2, [3, 0, 0]);
        assert!(!closing(&summary, Paint(false)).contains('\x1b'));
        assert!(closing(&summary, Paint(true)).contains("\x1b[31m3 errors\x1b[0m"));
    }
}
