//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), for GitHub code scanning and others:
//! one run of one tool, with the manual of each rule that was on.
//!
//! It is written as it goes, one result a line. What GitHub makes of it was looked up in its documentation, "SARIF support
//! for code scanning": it shows the help of a rule as Markdown and nothing of `helpUri`, so the link to the manual stands in
//! the help as well, without the examples, which are tests. It takes no notice of suppressions, fixes and baseline states:
//! alerts of what does not count would be open ones, but only a run that was asked to show it has any. It adds the
//! `primaryLocationLineHash` itself, and the `automationDetails` by which runs of one workflow are told apart.

mod result;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::json::value;
use super::texts::Texts;
use super::{Options, closing};
use crate::finding::Level;
use crate::rule::Page;
use crate::triage::Run;
use result::Results;

/// So many results GitHub shows of a run: those of the highest levels. It refuses a run with more than five times as many
/// (<https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning>).
const SHOWN: usize = 5_000;
const TAKEN: usize = 25_000;

/// So many characters of a description GitHub takes (the same page).
const DESCRIPTION: usize = 1_024;

/// Writes the whole log.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(
        b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{",
    )?;
    write!(out, "\"tool\":{{\"driver\":{{\"name\":\"copydesk\",\"informationUri\":")?;
    value(&env!("CARGO_PKG_REPOSITORY"), out)?;
    write!(out, ",\"version\":\"{0}\",\"semanticVersion\":\"{0}\"", env!("CARGO_PKG_VERSION"))?;
    out.write_all(b",\"rules\":[")?;
    list(run.rules.iter().map(|page| Rule::of(page, options)), out)?;
    out.write_all(b"]}},\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":")?;
    value(&json!({"%SRCROOT%": {"description": {"text": "the root of the repository"}}}), out)?;
    out.write_all(b",\"invocations\":[")?;
    value(&json!({"executionSuccessful": true, "toolExecutionNotifications": notifications(run)}), out)?;
    out.write_all(b"],\"properties\":{\"summary\":")?;
    value(&run.summary, out)?;
    out.write_all(b"},\"results\":[")?;
    let mut results = Results::new(run, options);
    list(run.shown().map(|(finding, standing)| results.next(finding, standing, texts)), out)?;
    out.write_all(b"]}]}\n")
}

/// What somebody who uploads this report should know: that GitHub does not show all of it.
pub(super) fn caution(run: &Run) -> Option<String> {
    let count = run.shown().count();
    if count > TAKEN {
        Some(format!("GitHub refuses a SARIF run with more than {TAKEN} results: this one has {count}"))
    } else if count > SHOWN {
        Some(format!("GitHub shows {SHOWN} results of a SARIF run: this one has {count}"))
    } else {
        None
    }
}

/// Each of them on a line of its own.
fn list(items: impl Iterator<Item = impl Serialize>, out: &mut dyn Write) -> io::Result<()> {
    let mut separator = "\n";
    for item in items {
        out.write_all(separator.as_bytes())?;
        value(&item, out)?;
        separator = ",\n";
    }
    if separator == "\n" { Ok(()) } else { out.write_all(b"\n") }
}

fn notifications(run: &Run) -> Vec<Json> {
    let skipped = run.summary.skipped.iter().map(closing::skipped);
    let skipped =
        skipped.map(|skipped| json!({"level": "note", "message": {"text": format!("skipped {skipped}")}}));
    let caution = caution(run).map(|caution| json!({"level": "warning", "message": {"text": caution}}));
    skipped.chain(caution).collect()
}

/// The words of SARIF.
fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

#[derive(Serialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Help<'a> {
    text: &'a str,
    markdown: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Json,
    full_description: Json,
    help: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Json,
    properties: Json,
}

impl Rule {
    fn of(page: &Page, options: &Options<'_>) -> Self {
        let url = (options.rule_url)(&page.id);
        let manual = manual(&page.body);
        let first = manual.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        let full: String = first.chars().take(DESCRIPTION).collect();
        let full = if full.is_empty() { page.summary.clone() } else { full };
        let markdown = match &url {
            Some(url) => format!("{}\n\n[The manual of this rule]({url})", linked(manual, url)),
            None => manual.to_owned(),
        };
        Self {
            id: page.id.to_string(),
            short_description: json!(Message { text: &page.summary }),
            full_description: json!(Message { text: &full }),
            help: json!(Help {
                text: if manual.is_empty() { &page.summary } else { manual },
                markdown: &markdown
            }),
            help_uri: url,
            default_configuration: json!({"level": level(page.level_when_named())}),
            properties: json!({"tags": [page.group]}),
        }
    }
}

/// A page without its examples.
fn manual(body: &str) -> &str {
    let end = body.find("\n## Examples").or_else(|| body.find("\n````"));
    body[..end.unwrap_or(body.len())].trim()
}

/// A manual whose links to other pages lead there from everywhere.
fn linked(manual: &str, url: &str) -> String {
    let folder = url.rsplit_once('/').map_or(url, |(folder, _)| folder);
    manual.replace("](../", &format!("]({folder}/../"))
}
