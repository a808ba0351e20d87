//! The arguments of the command line.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use jiff::civil::Date;

use crate::finding::Level;
use crate::report::Format;

/// Checks Markdown articles with front matter against a schema and editorial rules
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to use colours; `auto` follows the terminal and `NO_COLOR`
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check articles and report what is wrong with them
    Lint(Lint),
    /// Write suppressions for all that is found, without changing anything else
    Suppress(Suppress),
    /// Print the manual of a rule
    Explain {
        /// The rule, as in `heading-increment`
        rule: String,
    },
    /// List all rules
    Rules {
        /// How to print them
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: ListFormat,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Files, folders and globs to check; `.` if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Check the text on standard input as if it were this file
    #[arg(long, value_name = "NAME", conflicts_with = "paths")]
    pub(super) stdin_file_path: Option<PathBuf>,

    /// Use this config for all files instead of the nearest `copydesk.yaml` above each
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// The rules to begin with, in the place of the config's: `recommended`, `all` or `none`
    #[arg(long, value_name = "PRESET")]
    pub(super) extends: Option<String>,

    /// The JSON Schema of the front matter: `article`, or a file
    #[arg(long, value_name = "SCHEMA")]
    pub(super) schema: Option<String>,

    /// Run these rules and no others
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) only: Vec<String>,

    /// Do not run these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) skip: Vec<String>,

    /// Set an option of a rule, as in `-o reading-time.tolerance=0`
    #[arg(short = 'o', long = "option", value_name = "RULE.OPTION=VALUE")]
    pub(super) options: Vec<String>,

    /// Fixes are not applied yet: this says where they are.
    #[arg(long, hide = true)]
    pub(super) fix: bool,

    /// Report all that is found, as if there were no suppressions
    #[arg(long)]
    pub(super) no_suppressions: bool,

    /// Show what is suppressed as well, marked as such
    #[arg(long, conflicts_with = "no_suppressions")]
    pub(super) report_suppressed: bool,

    /// Fail from this level on: `error`, `warning` or `info`
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(super) fail_on: Level,

    /// Take this day as today, as in `2027-01-31`
    #[arg(long, value_name = "DATE")]
    pub(super) today: Option<Date>,

    /// How to report: `pretty` (in a terminal), `concise` (elsewhere) or `json`
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<Format>,

    /// How many files to check at a time; all cores by default
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
}

/// What is checked is chosen as for `lint`.
#[derive(Debug, Args)]
pub(super) struct Suppress {
    #[command(flatten)]
    pub(super) lint: Lint,

    /// Why it is to be left alone
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,

    /// The last day on which it is, as in `2027-01-31`
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<Date>,

    /// Write one suppression for the whole of each file, not one for each block
    #[arg(long)]
    pub(super) file: bool,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What `lint` takes and `suppress` does not.
const LINT_ALONE: [&str; 6] =
    ["stdin_file_path", "format", "fail_on", "fix", "no_suppressions", "report_suppressed"];

impl Arguments {
    /// The arguments of the process; ends it where they are wrong.
    pub(super) fn read() -> Self {
        let command = Self::command().mut_subcommand("suppress", |command| {
            LINT_ALONE.iter().fold(command, |command, id| command.mut_arg(id, |argument| argument.hide(true)))
        });
        let mut matches = command.clone().get_matches();
        if let Some(("suppress", given)) = matches.subcommand() {
            let is_given = |id: &&&str| given.value_source(id) == Some(ValueSource::CommandLine);
            if let Some(id) = LINT_ALONE.iter().find(is_given) {
                let message = format!("`suppress` takes no `--{}`\n", id.replace('_', "-"));
                command.clone().error(ErrorKind::ArgumentConflict, message).exit();
            }
        }
        Self::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit())
    }
}
