//! The command line: arguments in, reports and exit codes out.

mod args;
mod baseline;
mod cache;
mod changed;
mod config;
mod corpus;
mod diff;
mod ending;
mod explain;
mod files;
mod fix;
mod interactive;
mod lint;
mod memory;
mod merge;
mod online;
mod outputs;
mod part;
mod plan;
mod progress;
mod setup;
mod shard;
mod suppress;
mod taxonomy;
mod watch;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;

use crate::finding::Level;
use crate::mistake::Mistake;
use crate::report;
use crate::rules::Catalog;

use args::{Arguments, Color, Command};

/// Nothing at or above the level that fails a run.
const CLEAN: u8 = 0;
/// Findings at or above that level.
const FINDINGS: u8 = 1;
/// Somebody stopped the run, which said what it knew by then: 128 and the number of the signal, as shells count.
const INTERRUPTED: u8 = 130;
/// The run could not be made as it was asked for: arguments, config, schema, or a bug of ours.
const USAGE: u8 = 2;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_quiet = match &arguments.command {
        Command::Lint(lint) => lint.reporting.quiet,
        Command::Merge(merge) => merge.reporting.quiet,
        _ => false,
    };
    let terminal = Terminal::new(arguments.color, is_quiet);
    let result = match &arguments.command {
        Command::Lint(lint) if lint.watch => watch::run(lint, &terminal),
        Command::Lint(lint) => lint::run(lint, &terminal),
        Command::Merge(merge) => merge::run(merge, &terminal),
        Command::Suppress(suppress) => suppress::run(suppress, &terminal),
        Command::Explain { rule, config } => explain::explain(rule, config.as_deref(), &terminal),
        Command::Rules { format, config } => explain::rules(*format, config.as_deref(), &terminal),
        Command::Config(config) => config::run(config, &terminal),
        Command::Files(files) => files::run(files, &terminal),
        Command::Taxonomy(taxonomy) => taxonomy::run(taxonomy, &terminal),
        Command::Baseline(args::Baseline::Prune(prune)) => baseline::prune(prune, &terminal),
        Command::Cache(cache) => cache::run(cache, &terminal),
    };
    let code = match result {
        Ok(code) => code,
        Err(Failure::Mistakes(mistakes)) => {
            terminal.write_mistakes(&mistakes);
            USAGE
        }
        // Whoever read our output has seen enough.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => CLEAN,
        Err(Failure::Io(error)) => {
            terminal.write_mistakes(&[Mistake::new(format!("the output cannot be written: {error}"))]);
            USAGE
        }
    };
    ExitCode::from(code)
}

/// Why a command ended early.
enum Failure {
    Mistakes(Vec<Mistake>),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Vec<Mistake>> for Failure {
    fn from(mistakes: Vec<Mistake>) -> Self {
        Self::Mistakes(mistakes)
    }
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Self {
        Self::Mistakes(vec![mistake])
    }
}

/// Where output goes, and what it can show.
struct Terminal {
    choice: ColorChoice,
    /// Whether somebody asked for colours wherever the output goes.
    is_forced: bool,
    /// Whether only what was found is printed: no progress, no summary.
    is_quiet: bool,
}

impl Terminal {
    fn new(color: Color, is_quiet: bool) -> Self {
        let choice = match color {
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
            // Looks at the terminal, NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM.
            Color::Auto => AutoStream::choice(&io::stdout()),
        };
        Self { choice, is_forced: matches!(color, Color::Always), is_quiet }
    }

    fn is_interactive() -> bool {
        io::stdout().is_terminal()
    }

    /// Whether a difference is for a person's eye: at a terminal, or on its way to a pager that `--color always` was said
    /// for. The variables of the environment that force colours do not count: they are set for whole jobs of CI, whose
    /// differences are applied.
    fn is_for_the_eye(&self) -> bool {
        Self::is_interactive() || self.is_forced
    }

    fn stdout(&self) -> impl Write {
        AutoStream::new(io::stdout(), self.choice).lock()
    }

    /// Standard error, and how reports look there.
    fn stderr(&self) -> (impl Write, report::Options<'static>) {
        let choice = match self.choice {
            ColorChoice::Always => ColorChoice::Always,
            ColorChoice::Never => ColorChoice::Never,
            _ => AutoStream::choice(&io::stderr()),
        };
        let color = choice != ColorChoice::Never;
        let options = report::Options { color, links: false, ..self.report_options() };
        (AutoStream::new(io::stderr(), choice).lock(), options)
    }

    fn report_options(&self) -> report::Options<'static> {
        let color = self.choice != ColorChoice::Never;
        let width = Self::is_interactive().then(terminal_size::terminal_size).flatten();
        report::Options {
            color,
            links: color && Self::is_interactive(),
            unicode: !Self::is_interactive() || supports_unicode::on(supports_unicode::Stream::Stdout),
            width: width.map_or(100, |(width, _)| width.0.into()),
            quiet: self.is_quiet,
            lists_fixes: true,
            root: "",
            rule_url: &rule_url,
        }
    }

    /// Mistakes go to standard error, so that a report in a pipe stays one.
    fn write_mistakes(&self, mistakes: &[Mistake]) {
        self.write_all(mistakes, Level::Error);
    }

    /// What does not keep a run from going on.
    fn write_notes(&self, notes: &[Mistake]) {
        self.write_all(notes, Level::Warning);
    }

    fn write_all(&self, mistakes: &[Mistake], level: Level) {
        let (mut out, options) = self.stderr();
        for mistake in mistakes {
            // There is nobody left to tell when standard error is closed.
            let _ = report::write_mistake(mistake, level, &options, &mut out);
        }
    }
}

/// Where the manual of a rule stands.
fn rule_url(id: &str) -> Option<String> {
    let page = Catalog::built_in().get(id)?;
    Some(format!("{}/blob/main/rules/{}/{id}.md", env!("CARGO_PKG_REPOSITORY"), page.group))
}
