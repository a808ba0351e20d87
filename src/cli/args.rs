//! The arguments of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ending::Threshold;
use super::outputs::Output;
use super::part::Shard;

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
    /// Put the parts of a run together that `lint --shard` has written, and report it
    Merge(Merge),
    /// Write suppressions for all that is found, without changing anything else
    Suppress(Suppress),
    /// Print the manual of a rule
    Explain {
        /// The rule, as in `heading-increment`
        rule: String,
        /// The config whose packs are known, instead of the nearest one
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// List all rules, those of the config's packs included
    Rules {
        /// How to print them
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: ListFormat,
        /// The config whose packs are known, instead of the nearest one
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Print what the config comes to for a file, and where each part of it comes from
    Config(Config),
    /// List the files that would be checked
    Files(Files),
    /// Write down the categories of the articles, or print them
    #[command(subcommand)]
    Taxonomy(Taxonomy),
    /// Look after the files of what is known already
    #[command(subcommand)]
    Baseline(Baseline),
    /// Look at what is kept of the web between runs, or remove it
    #[command(subcommand)]
    Cache(Cache),
}

#[derive(Debug, Subcommand)]
pub(super) enum Baseline {
    /// Take out of a baseline what is gone; nothing is ever added
    Prune(Prune),
}

#[derive(Debug, Args)]
pub(super) struct Prune {
    #[command(flatten)]
    pub(super) selection: Selection,

    /// The baseline, in the place of those that configs name
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Say what would be taken out, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    #[command(flatten)]
    pub(super) asking: Asking,
}

#[derive(Debug, Subcommand)]
pub(super) enum Cache {
    /// Say where the cache is, how large, and what it holds
    Show {
        /// The config that says where it is, instead of the nearest one
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// How to print it
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: ListFormat,
    },
    /// Remove the cache; other files in its folder stay
    Clean {
        /// The config that says where it is, instead of the nearest one
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Taxonomy {
    /// Write a taxonomy from what most articles say, with all else in comments
    Infer {
        /// Files, folders and globs to look at; `.` if none is given
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,

        #[command(flatten)]
        setup: Setup,

        /// Write it to this file, which must not be there yet
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,

        /// Put it in the place of a file that is there
        #[arg(long, requires = "output")]
        force: bool,
    },
    /// Print the tree of the categories: that of the config's file, or without one of the articles
    Show {
        /// Files, folders and globs to count in; `.` if none is given
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,

        #[command(flatten)]
        setup: Setup,

        /// How to print it; JSON has all that the articles say
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: ListFormat,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DataFormat {
    Yaml,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Config {
    /// The file; without it, what holds in this folder outside of any collection
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    #[command(flatten)]
    pub(super) setup: Setup,

    /// Show the rules that are off, too
    #[arg(long)]
    pub(super) all: bool,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "yaml")]
    pub(super) format: DataFormat,
}

#[derive(Debug, Args)]
pub(super) struct Files {
    /// Files, folders and globs to look at; `.` if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) setup: Setup,

    /// Show the collections and the schema of each file
    #[arg(long, short)]
    pub(super) verbose: bool,

    /// List the Markdown files that would not be checked, and why
    #[arg(long)]
    pub(super) skipped: bool,

    /// How to print them; JSON has all of it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ListFormat,
}

/// What says which rules run, and how.
#[derive(Clone, Debug, PartialEq, Args, Serialize, Deserialize)]
pub(super) struct Setup {
    /// Use this config for all files instead of the nearest `copydesk.yaml` above each
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// What to begin with, in the place of what the config extends: presets and files
    #[arg(long, value_name = "PRESET,…", value_delimiter = ',')]
    pub(super) extends: Option<Vec<String>>,

    /// The JSON Schema of the front matter: `article`, or a file
    #[arg(long, value_name = "SCHEMA")]
    pub(super) schema: Option<String>,

    /// Run these rules and no others; `pack/*` means those of a pack
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) only: Vec<String>,

    /// Do not run these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) skip: Vec<String>,

    /// Set the level of a rule, as in `--level image-alt=warning`; `*` means every rule
    #[arg(long = "level", value_name = "RULE=LEVEL")]
    pub(super) levels: Vec<String>,

    /// Set an option of a rule, as in `-o reading-time.tolerance=0`
    #[arg(short = 'o', long = "option", value_name = "RULE.OPTION=VALUE")]
    pub(super) options: Vec<String>,
}

/// What is checked, and how.
#[derive(Clone, Debug, PartialEq, Args, Serialize, Deserialize)]
pub(super) struct Selection {
    /// Files, folders and globs to check; `.` if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) setup: Setup,

    /// Take this day as today, as in `2027-01-31`
    #[arg(long, value_name = "DATE", value_parser = day)]
    #[serde(skip)]
    pub(super) today: Option<Date>,

    /// Look at nothing but what is named: rules about many articles then know no others of the site
    #[arg(long)]
    pub(super) alone: bool,

    /// How many files to check at a time; all cores by default
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    #[serde(skip)]
    pub(super) threads: Option<u16>,
}

/// How findings are told.
#[derive(Debug, Args)]
pub(super) struct Reporting {
    /// Show what is suppressed as well, marked as such
    #[arg(long)]
    pub(super) report_suppressed: bool,

    /// Fail from this level on: `error`, `warning` or `info`; or `never`, whatever is found
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(super) fail_on: Threshold,

    /// How to report, and where: `pretty` is for terminals, `concise` has a line a finding, all others are for programs
    /// [json, jsonl, github, sarif, gitlab, junit, checkstyle, rdjson, markdown, html]. May be given several times, once
    /// without a file
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub(super) formats: Vec<Output>,

    /// Print no progress and no summary, only what was found
    #[arg(long, short)]
    pub(super) quiet: bool,

    #[command(flatten)]
    pub(super) baselining: Baselining,
}

/// What becomes of what is known already.
// A heading for each, since one for all would hold for the arguments that follow, too.
#[derive(Debug, Default, Args)]
pub(super) struct Baselining {
    /// Do not report what this file knows, in the place of those that configs name
    #[arg(long, value_name = "FILE", help_heading = "Baseline", conflicts_with_all = ["write_baseline", "no_baseline"])]
    pub(super) baseline: Option<PathBuf>,

    /// Write all that is found into this file, so that from now on only what is new is reported
    #[arg(long, value_name = "FILE", help_heading = "Baseline", conflicts_with_all = ["no_baseline", "strict_baseline"])]
    pub(super) write_baseline: Option<PathBuf>,

    /// Fail if something that a baseline knows is gone, so that it never comes back unseen
    #[arg(long, help_heading = "Baseline", conflicts_with = "no_baseline")]
    pub(super) strict_baseline: bool,

    /// Show what a baseline knows as well, marked as such
    #[arg(long, help_heading = "Baseline", conflicts_with = "no_baseline")]
    pub(super) report_baselined: bool,

    /// Report all that is found, whatever baseline a config names
    #[arg(long, help_heading = "Baseline")]
    pub(super) no_baseline: bool,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    #[command(flatten)]
    pub(super) selection: Selection,

    /// Check the text on standard input as if it were this file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["paths", "write_baseline"])]
    pub(super) stdin_file_path: Option<PathBuf>,

    /// Pass over what is hidden or listed in a .gitignore or .ignore even where it is named, as for a hook that names files
    #[arg(long, conflicts_with = "stdin_file_path")]
    pub(super) force_exclude: bool,

    /// Report all that is found, as if there were no suppressions
    #[arg(long, conflicts_with = "report_suppressed")]
    pub(super) no_suppressions: bool,

    #[command(flatten)]
    pub(super) reporting: Reporting,

    #[command(flatten)]
    pub(super) sharing: Sharing,

    /// Go on: whenever a file changes, check it and report anew
    #[arg(long, conflicts_with_all = [
        "write_baseline", "stdin_file_path", "force_exclude", "changed", "staged", "online", "fix", "unsafe_fixes", "diff", "fix_dry_run", "interactive", "show_fixes", "exit_non_zero_on_fix",
    ])]
    pub(super) watch: bool,

    // The last, since their headings hold for all that follow.
    #[command(flatten)]
    pub(super) scope: Scope,

    #[command(flatten)]
    pub(super) asking: Asking,

    #[command(flatten)]
    pub(super) fixing: Fixing,
}

/// How a run is shared between machines.
#[derive(Debug, Args)]
pub(super) struct Sharing {
    /// Check only this share of the files, as in `3/8`, and leave the rest to other machines
    #[arg(long, value_name = "NUMBER/COUNT", requires = "output_part",
        conflicts_with_all = ["stdin_file_path", "fix", "diff", "fix_dry_run", "interactive", "formats", "report_suppressed", "changed", "staged", "watch",
            "baseline", "write_baseline", "strict_baseline", "report_baselined", "no_baseline"])]
    pub(super) shard: Option<Shard>,

    /// Where to write what was found, for `copydesk merge`
    #[arg(long, value_name = "FILE", requires = "shard")]
    pub(super) output_part: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The parts, in any order
    #[arg(value_name = "PART", required = true)]
    pub(super) parts: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) reporting: Reporting,

    /// How many threads to use; all cores by default
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
}

/// Which articles, by what git says.
#[derive(Debug, Args)]
#[command(next_help_heading = "Changed files")]
pub(super) struct Scope {
    /// Report only on articles that have changed since the last commit, new ones included
    #[arg(long, conflicts_with = "stdin_file_path")]
    pub(super) changed: bool,

    /// With `--changed`: that have changed since the history left this branch or commit, as in `origin/main`
    #[arg(long, value_name = "REF", requires = "changed")]
    pub(super) since: Option<String>,

    /// Report only on articles that are staged, as the commit would have them
    #[arg(long, conflicts_with_all = ["changed", "stdin_file_path"])]
    pub(super) staged: bool,
}

/// What is asked of the web.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct Asking {
    /// Ask the web whether images and links are there
    #[arg(long, conflicts_with = "offline")]
    pub(super) online: bool,

    /// Ask nothing, whatever the config says
    #[arg(long)]
    pub(super) offline: bool,

    /// Neither use nor keep what was found in articles before, nor what the web answers
    #[arg(long)]
    pub(super) no_cache: bool,
}

/// What becomes of the fixes that findings carry.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixing")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Fixing {
    /// Apply the safe fixes, and report what remains
    #[arg(long)]
    pub(super) fix: bool,

    /// Apply the unsafe fixes, too: with `--fix`, `--diff` or `--fix-dry-run`
    #[arg(long)]
    pub(super) unsafe_fixes: bool,

    /// Print what `--fix` would change as a unified diff, and write nothing; fails if there is anything
    #[arg(long, conflicts_with_all = ["formats", "report_suppressed", "baseline", "write_baseline", "strict_baseline", "report_baselined"])]
    pub(super) diff: bool,

    /// Say how much `--fix` would change, and write nothing; fails if there is anything
    #[arg(long, conflicts_with_all = ["diff", "formats", "report_suppressed", "baseline", "write_baseline", "strict_baseline", "report_baselined"])]
    pub(super) fix_dry_run: bool,

    /// Ask for each fix, safe or unsafe, whether to apply it, and write each yes at once
    #[arg(long, conflicts_with_all = ["diff", "fix_dry_run", "stdin_file_path", "write_baseline"])]
    pub(super) interactive: bool,

    /// List each fix that is applied, or with `--fix-dry-run` would be
    #[arg(long)]
    pub(super) show_fixes: bool,

    /// Fail if anything was fixed, even if nothing remains
    #[arg(long)]
    pub(super) exit_non_zero_on_fix: bool,
}

#[derive(Debug, Args)]
pub(super) struct Suppress {
    #[command(flatten)]
    pub(super) selection: Selection,

    /// Why it is to be left alone
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,

    /// The last day on which it is, as in `2027-01-31`
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) until: Option<Date>,

    /// Write one suppression for the whole of each file, not one for each block
    #[arg(long)]
    pub(super) file: bool,

    /// Say what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn day(text: &str) -> Result<Date, &'static str> {
    text.parse().map_err(|_| "a day is written as in `2027-01-31`")
}
