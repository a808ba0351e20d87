//! `copydesk explain` and `copydesk rules`: what the rule pages say.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args::ListFormat;
use super::{CLEAN, Failure, Terminal, rule_url};
use crate::rule::{Fixability, Page, RuleOption};
use crate::rules::Catalog;

/// Prints the page of a rule.
pub(super) fn explain(id: &str, terminal: &Terminal) -> Result<u8, Failure> {
    let page = Catalog::built_in().find(id)?;
    let mut out = terminal.stdout();
    writeln!(out, "{} ({})", page.id, page.group)?;
    writeln!(out, "{}.", page.summary)?;
    writeln!(out, "Level: {}. Fix: {}.", level(page), page.fix.as_str())?;
    writeln!(out, "\n{}", page.body)?;
    if !page.options.is_empty() {
        writeln!(out, "\n## Options")?;
    }
    for option in &page.options {
        writeln!(out, "\n- {}: {} Default: {}.", option.name, sentence(&option.description), option.default)?;
        if let Some(source) = &option.source {
            writeln!(out, "  Source: {}", sentence(source))?;
        }
    }
    if !page.references.is_empty() {
        writeln!(out, "\n## References\n")?;
    }
    for reference in &page.references {
        writeln!(out, "- {reference}")?;
    }
    Ok(CLEAN)
}

/// Lists all rules.
pub(super) fn rules(format: ListFormat, terminal: &Terminal) -> Result<u8, Failure> {
    let pages = Catalog::built_in().pages();
    let mut out = terminal.stdout();
    match format {
        ListFormat::Text => {
            let width = pages.iter().map(|page| page.id.len()).max().unwrap_or(0);
            for page in pages {
                let fix = if page.fix == Fixability::None { "" } else { page.fix.as_str() };
                writeln!(out, "{:width$}  {:7}  {fix:6}  {}", page.id, level(page), page.summary)?;
            }
        }
        ListFormat::Json => {
            let rules: Vec<Json> = pages.iter().map(|page| rule(page)).collect();
            serde_json::to_writer_pretty(&mut out, &rules).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(CLEAN)
}

fn level(page: &Page) -> &'static str {
    page.level.map_or("off", |level| level.as_str())
}

fn rule(page: &Page) -> Json {
    json!({
        "id": page.id.as_ref(),
        "group": page.group,
        "summary": page.summary,
        "level": level(page),
        "fix": page.fix.as_str(),
        "options": page.options.iter().map(option).collect::<Vec<_>>(),
        "url": rule_url(&page.id),
    })
}

fn option(option: &RuleOption) -> Json {
    json!({
        "name": option.name,
        "description": option.description,
        "default": option.default,
        "source": option.source,
        "schema": option.schema,
    })
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}
