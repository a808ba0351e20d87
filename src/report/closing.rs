//! The last lines of a report: what was found, what can be fixed, what was left out.

use super::paint::Paint;
use super::visible;
use crate::finding::{Level, Safety};
use crate::triage::{Asked, Baselined, Fixes, Run, Skipped, Summary, Unit};

/// One to five lines, each with its line end.
pub(super) fn closing(run: &Run, paint: Paint) -> String {
    let summary = &run.summary;
    let fixed = summary.fixed;
    let done = (fixed.all() > 0).then(|| paint.good(&format!("fixed {}", findings(fixed))));
    joined([done, Some(found(summary, paint)), fixable(run), summary.asked.map(asked), left_out(summary)])
}

/// All but the line that says what was found, for a report that shows that in its own way.
pub(super) fn asides(run: &Run) -> impl Iterator<Item = String> {
    let fixed = run.summary.fixed;
    let done = (fixed.all() > 0).then(|| format!("fixed {}", findings(fixed)));
    [done, fixable(run), run.summary.asked.map(asked), left_out(&run.summary)].into_iter().flatten()
}

/// What would be fixed; one to four lines, each with its line end.
pub(super) fn forecast(run: &Run, paint: Paint) -> String {
    let summary = &run.summary;
    let first = match (summary.fixed.all(), summary.checked) {
        (0, 0) => "no article checked, nothing to fix".to_owned(),
        (0, count) => paint.good(&format!("{} checked, nothing to fix", counted(count, "article"))),
        _ => format!("would fix {}: {}", findings(summary.fixed), kinds(summary.fixed)),
    };
    joined([Some(first), fixable(run), summary.asked.map(asked), left_out(summary)])
}

/// `2 safe fixes, 1 unsafe fix`.
pub(super) fn kinds(fixes: Fixes) -> String {
    let kind = |count: usize, kind: &str| {
        let noun = if count == 1 { "fix" } else { "fixes" };
        (count > 0).then(|| format!("{count} {kind} {noun}"))
    };
    let kinds = [kind(fixes.safe, "safe"), kind(fixes.r#unsafe, "unsafe")];
    kinds.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn findings(fixes: Fixes) -> String {
    format!("{} in {}", counted(fixes.all(), "finding"), counted(fixes.files, "file"))
}

/// How many findings carry a fix, and how it is applied.
fn fixable(run: &Run) -> Option<String> {
    let fixable = run.summary.fixable;
    let kinds = [
        (fixable.safe, Safety::Safe, "a safe fix", "--fix"),
        (fixable.r#unsafe, Safety::Unsafe, "an unsafe fix", "--fix --unsafe-fixes"),
    ];
    let lines = kinds.into_iter().filter(|(count, ..)| *count > 0).map(|(count, safety, fix, way)| {
        // What was to be fixed and is still there could not be: the file was not written, or the fix is a bad one.
        let is_tried = run.fixing.is_some_and(|least| safety >= least);
        let way = if is_tried { "which was not applied" } else { way };
        format!("{count} with {fix} ({way})")
    });
    let lines = lines.collect::<Vec<_>>();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// `asked 12 URLs: 10 alive, 2 dead (7 from the cache)`.
fn asked(asked: Asked) -> String {
    let Asked { alive, dead, unverified, cached } = asked;
    let all = counted(alive + dead + unverified, "URL");
    let kinds = [(alive, "alive"), (dead, "dead"), (unverified, "unverified")];
    let kinds: Vec<String> = kinds
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
    let cached = if cached > 0 { format!(" ({cached} from the cache)") } else { String::new() };
    format!("asked {all}{kinds}{cached}")
}

/// `, 12 in the baseline (3 more are gone)`.
fn baselined(summary: &Summary) -> String {
    let Some(Baselined { known, gone }) = summary.baselined else { return String::new() };
    let gone = match gone {
        0 => String::new(),
        1 => " (1 more is gone)".to_owned(),
        more => format!(" ({more} more are gone)"),
    };
    if known == 0 && gone.is_empty() { String::new() } else { format!(", {known} in the baseline{gone}") }
}

fn left_out(summary: &Summary) -> Option<String> {
    let skipped: Vec<_> = summary.skipped.iter().map(skipped).collect();
    (!skipped.is_empty()).then(|| format!("skipped {}", listed(&skipped)))
}

fn joined<const N: usize>(lines: [Option<String>; N]) -> String {
    lines.into_iter().flatten().map(|line| line + "\n").collect()
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
    let suppressed = suppressed + &baselined(summary);
    let levels = levels(summary, paint);
    if levels.is_empty() {
        let line = format!("{checked} checked, nothing found{suppressed}");
        return if summary.checked == 0 { line } else { paint.good(&line) };
    }
    let files = counted(summary.with_findings, "file");
    format!("{checked} checked, {levels} found in {files}{suppressed}")
}

/// `3 errors, 1 warning and 2 infos`; empty where there are none.
pub(super) fn levels(summary: &Summary, paint: Paint) -> String {
    let levels: Vec<_> =
        [(Level::Error, summary.errors), (Level::Warning, summary.warnings), (Level::Info, summary.infos)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(level, count)| paint.level(level, &counted(count, level.as_str())))
            .collect();
    listed(&levels)
}

/// `2 files (not UTF-8)`.
pub(super) fn skipped(Skipped { unit, reason, count }: &Skipped) -> String {
    let unit = match unit {
        Unit::File => "file",
        Unit::Path => "path",
        Unit::Url => "URL",
    };
    format!("{} ({})", counted(*count, unit), visible::line(reason))
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
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

    fn closed(summary: Summary) -> String {
        closing(&Run { summary, ..Run::default() }, Paint(false))
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
            assert_eq!(closed(summary), line);
        }
        let more = |summary| Summary { suppressed: 3, ..summary };
        let line = "2 articles checked, nothing found, 3 suppressed\n";
        assert_eq!(closed(more(summary(2, [0, 0, 0]))), line);
        let line = "2 articles checked, 1 error found in 1 file, 3 suppressed\n";
        assert_eq!(closed(more(summary(2, [1, 0, 0]))), line);
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
            closed(summary.clone()),
            "2 articles checked, 3 errors found in 1 file\n\
             2 with a safe fix (--fix), 1 with an unsafe fix (--fix --unsafe-fixes)\n\
             skipped 1 file (ignored by .gitignore), 2 files (not UTF-8) and 40 URLs (offline)\n"
        );
        summary.fixable.safe = 0;
        assert!(closed(summary).contains("\n1 with an unsafe fix (--fix --unsafe-fixes)\n"));
    }

    #[test]
    fn what_the_web_answered_has_a_line() {
        let mut summary = summary(2, [0, 0, 0]);
        let asked = Asked { alive: 10, dead: 0, unverified: 2, cached: 7 };
        summary.asked = Some(asked);
        let line = "asked 12 URLs: 10 alive, 2 unverified (7 from the cache)\n";
        assert_eq!(closed(summary.clone()), format!("2 articles checked, nothing found\n{line}"));
        summary.asked = Some(Asked::default());
        assert!(closed(summary).ends_with("\nasked 0 URLs\n"));
    }

    #[test]
    fn what_was_fixed_comes_first_and_what_could_not_be_is_told_apart() {
        let mut summary = summary(2, [3, 0, 0]);
        summary.fixable = Fixable { safe: 2, r#unsafe: 1 };
        summary.fixed = Fixes { safe: 20, r#unsafe: 1, files: 12 };
        let closed =
            |fixing| closing(&Run { summary: summary.clone(), fixing, ..Run::default() }, Paint(false));
        assert_eq!(
            closed(Some(Safety::Safe)),
            "fixed 21 findings in 12 files\n\
             2 articles checked, 3 errors found in 1 file\n\
             2 with a safe fix (which was not applied), 1 with an unsafe fix (--fix --unsafe-fixes)\n"
        );
        assert!(closed(Some(Safety::Unsafe)).ends_with("1 with an unsafe fix (which was not applied)\n"));
        assert!(
            closed(None)
                .ends_with("2 with a safe fix (--fix), 1 with an unsafe fix (--fix --unsafe-fixes)\n")
        );
    }

    #[test]
    fn a_forecast_says_what_would_be_fixed() {
        let mut run = Run { summary: summary(2, [1, 0, 0]), fixing: Some(Safety::Safe), ..Run::default() };
        assert_eq!(forecast(&run, Paint(false)), "2 articles checked, nothing to fix\n");
        run.summary.fixed = Fixes { safe: 2, r#unsafe: 0, files: 1 };
        run.summary.fixable.r#unsafe = 1;
        assert_eq!(
            forecast(&run, Paint(false)),
            "would fix 2 findings in 1 file: 2 safe fixes\n1 with an unsafe fix (--fix --unsafe-fixes)\n"
        );
        assert_eq!(kinds(Fixes { safe: 1, r#unsafe: 2, files: 1 }), "1 safe fix, 2 unsafe fixes");
        run.summary = Summary::default();
        assert_eq!(forecast(&run, Paint(false)), "no article checked, nothing to fix\n");
    }

    #[test]
    fn colours_are_an_option() {
        let run = Run { summary: summary(2, [3, 0, 0]), ..Run::default() };
        assert!(!closing(&run, Paint(false)).contains('\x1b'));
        assert!(closing(&run, Paint(true)).contains("\x1b[31m3 errors\x1b[0m"));
    }
}
