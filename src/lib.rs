//! copydesk reads Markdown articles with front matter, checks them against a schema and editorial rules, and reports
//! what it finds with the exact bytes.
//!
//! Text becomes articles, articles meet rules, rules leave findings, findings are counted and reported; only the
//! edges touch the world. The modules stand in four bands, and each imports only from its own and from those below
//! (`tests/tidy.rs` holds them to it):
//!
//! | band | modules |
//! |---|---|
//! | words: plain data | [`text`], [`finding`], [`mistake`], [`date`], [`data`], [`yaml`], [`toml`], [`article`], [`schema`], [`web`], [`site`], [`taxonomy`], [`facts`], [`corpus`] |
//! | rules: pure functions | [`rule`], [`rules`], [`declarative`] |
//! | pipeline: pure functions | [`engine`], [`triage`], [`fix`] |
//! | edges: the only input and output | [`config`], [`discover`], [`git`], [`network`], [`cache`], [`report`], [`write`](mod@write), [`cli`] |
//!
//! # Invariants
//!
//! 1. Parsing never fails: a broken article is an article with problems, and problems are findings.
//! 2. A rule is a pure function: no files, network, clock, printing or global state. What it wants to know of the web it
//!    says ([`rule::Check::asks`]); it is asked once for all, and the replies are given to the check.
//! 3. A position is a byte span of the whole file. Lines and columns exist only in [`report`].
//! 4. A check never names its rule's id, level or path: the sink stamps them.
//! 5. A fix is taken whole or not at all, and every byte outside its edits is kept. Passes repeat until none is left, at
//!    most [`fix::MAX_PASSES`] times: then a file that has less to fix with each pass is named as unfinished, and rules
//!    that do not come to rest are left out and named. The place of a fix that was applied is one of the last text.
//! 6. Findings are sorted by path, span and rule: the same output for any number of threads.
//! 7. A bad article is a finding (exit 1); a bad set-up (config, schema, arguments) is a diagnostic and exit 2; a bug
//!    is a panic. Nothing is skipped in silence: what was not read or not checked is counted in the summary.
//! 8. A file is replaced in one step or left as it is, never written in place; it keeps what says who may read it, and is
//!    not replaced if it changed since it was read.
//!
//! Absent on purpose: code plugins, build scripts, macros that declare rules, a second YAML parser, generated Rust.

pub mod article;
pub mod cache;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod data;
pub mod date;
pub mod declarative;
pub mod discover;
pub mod engine;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod git;
pub mod mistake;
pub mod network;
pub mod report;
pub mod rule;
pub mod rules;
pub mod schema;
pub mod site;
pub mod taxonomy;
pub mod text;
pub mod toml;
pub mod triage;
pub mod web;
pub mod write;
pub mod yaml;
