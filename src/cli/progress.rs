//! How far asking is: a bar in a terminal, lines in a job of CI, nothing elsewhere.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Terminal;
use crate::network::{Counts, Watch};

/// How often a bar is drawn anew.
const TICK: Duration = Duration::from_millis(100);

/// How often a line is written where there is no bar: seldom enough for a log.
const LINE: Duration = Duration::from_secs(10);

/// Does work, and shows how far it is as long as it lasts.
pub(super) fn during<R>(watch: &Arc<Watch>, terminal: &Terminal, work: impl FnOnce() -> R) -> R {
    let Some(mut shown) = Shown::of(terminal) else { return work() };
    let (done, is_done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while is_done.recv_timeout(shown.pause()) == Err(RecvTimeoutError::Timeout) {
                shown.show(&watch.counts());
            }
            shown.end();
        });
        let result = work();
        drop(done);
        result
    })
}

/// Where progress is shown.
enum Shown {
    Bar { bar: ProgressBar, begin: Instant },
    Lines { begin: Instant },
}

impl Shown {
    /// Nothing is shown to programs, and to those who want quiet.
    fn of(terminal: &Terminal) -> Option<Self> {
        let begin = Instant::now();
        if terminal.is_quiet {
            None
        } else if io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            let style =
                if terminal.report_options().unicode { "{bar:24} {msg}" } else { "{bar:24.#-.} {msg}" };
            let style = ProgressStyle::with_template(style);
            bar.set_style(style.expect("the template is ours"));
            Some(Self::Bar { bar, begin })
        } else {
            is_ci(env::var("CI").ok().as_deref()).then_some(Self::Lines { begin })
        }
    }

    fn pause(&self) -> Duration {
        match self {
            Self::Bar { .. } => TICK,
            Self::Lines { .. } => LINE,
        }
    }

    fn show(&mut self, counts: &Counts) {
        match self {
            Self::Bar { bar, begin } => {
                bar.set_length(counts.total as u64);
                bar.set_position(counts.done as u64);
                bar.set_message(line(counts, begin.elapsed()));
            }
            Self::Lines { begin } => {
                anstream::eprintln!("asking: {}", line(counts, begin.elapsed()));
            }
        }
    }

    fn end(self) {
        if let Self::Bar { bar, .. } = self {
            bar.finish_and_clear();
        }
    }
}

/// Whether the variable `CI` says that this is a job of CI, as GitHub, GitLab and others set it.
fn is_ci(variable: Option<&str>) -> bool {
    variable.is_some_and(|value| !matches!(value, "" | "0" | "false"))
}

/// `120 of 5500 URLs, 812/s, 3 dead, 2 unverified, slowest images.test (1.2 s)`.
fn line(counts: &Counts, elapsed: Duration) -> String {
    let Counts { total, done, dead, unverified, retries, ref slowest, .. } = *counts;
    let seconds = elapsed.as_secs().max(1);
    let mut parts = vec![format!("{done} of {total} URLs"), format!("{}/s", done as u64 / seconds)];
    let kinds = [(dead, "dead"), (unverified, "unverified"), (retries, "asked again")];
    parts.extend(kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")));
    parts
        .extend(slowest.as_ref().map(|(host, time)| format!("slowest {host} ({:.1} s)", time.as_secs_f32())));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is_and_what_holds_it_up() {
        let mut counts = Counts { total: 5500, done: 120, ..Counts::default() };
        assert_eq!(line(&counts, Duration::from_millis(500)), "120 of 5500 URLs, 120/s");
        counts.dead = 3;
        counts.retries = 1;
        counts.slowest = Some(("images.test".to_owned(), Duration::from_millis(1240)));
        assert_eq!(
            line(&counts, Duration::from_secs(10)),
            "120 of 5500 URLs, 12/s, 3 dead, 1 asked again, slowest images.test (1.2 s)"
        );
    }

    #[test]
    fn jobs_of_ci_are_known_by_their_variable() {
        assert!(is_ci(Some("true")) && is_ci(Some("1")));
        assert!(!is_ci(None) && !is_ci(Some("")) && !is_ci(Some("false")));
    }
}
