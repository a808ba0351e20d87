//! `copydesk explain` and `copydesk rules`: what the rule pages say.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::args::ListFormat;
use super::plan::absolute;
use super::setup::working_directory;
use super::{CLEAN, Failure, Terminal, rule_url};
use crate::config;
use crate::rule::{Fixability, Implementation, Page, RuleOption};
use crate::rules::Catalog;

/// The rules that are known in the working directory, those of packs included.
fn catalog_here(config: Option<&Path>) -> Result<Cow<'static, Catalog>, Failure> {
    let here = working_directory()?;
    let forced = config.map(|path| absolute(&here, path));
    Ok(config::catalog(&here, forced.as_deref())?)
}

/// Prints the page of a rule.
pub(super) fn explain(id: &str, config: Option<&Path>, terminal: &Terminal) -> Result<u8, Failure> {
    let page = match Catalog::built_in().get(id) {
        Some(page) => Arc::clone(page),
        None => Arc::clone(catalog_here(config)?.find(id)?),
    };
    let mut out = terminal.stdout();
    writeln!(out, "{} ({})", page.id, page.group)?;
    writeln!(out, "{}.", page.summary)?;
    writeln!(out, "Level: {}. Fix: {}. Check: {}.", level(&page), page.fix.as_str(), check(&page))?;
    writeln!(out, "\n{}", readable(&page.body))?;
    if !page.options.is_empty() {
        writeln!(out, "\n## Options")?;
    }
    for option in &page.options {
        writeln!(out, "\n- {}: {} Default: {}.", option.name, sentence(&option.description), option.default)?;
        if let Some(values) = values(&option.schema) {
            writeln!(out, "  Values: {values}.")?;
        }
        if let Some(source) = &option.source {
            writeln!(out, "  Source: {}", sentence(source))?;
        }
    }
    if let Some(option) = page.options.first() {
        let (id, name, level) = (&page.id, &option.name, page.level_when_named().as_str());
        let default = Some(option.default.to_string()).filter(|default| default.len() <= 60);
        let default = default.as_deref().unwrap_or("[…]");
        writeln!(
            out,
            "\nIn copydesk.yaml:\n\n    rules:\n      {id}:\n        level: {level}\n        {name}: {default}"
        )?;
    }
    if !page.references.is_empty() {
        writeln!(out, "\n## References\n")?;
    }
    for reference in &page.references {
        writeln!(out, "- {reference}")?;
    }
    let place = rule_url(&page.id).unwrap_or_else(|| page.source.path().to_string());
    writeln!(out, "\nThis page: {place}")?;
    Ok(CLEAN)
}

/// Lists all rules. A config with mistakes does not keep those that come with the program from being listed: who writes
/// one may be looking for their names.
pub(super) fn rules(format: ListFormat, config: Option<&Path>, terminal: &Terminal) -> Result<u8, Failure> {
    match catalog_here(config) {
        Ok(catalog) => list(&catalog, format, terminal),
        Err(failure) => {
            list(Catalog::built_in(), format, terminal)?;
            Err(failure)
        }
    }
}

fn list(catalog: &Catalog, format: ListFormat, terminal: &Terminal) -> Result<u8, Failure> {
    let pages = catalog.pages();
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

/// `built-in`, or the declarative kind.
fn check(page: &Page) -> &str {
    match &page.check {
        Implementation::BuiltIn => "built-in",
        Implementation::Declarative { kind, .. } => kind,
    }
}

fn rule(page: &Page) -> Json {
    json!({
        "id": page.id.as_ref(),
        "group": page.group,
        "summary": page.summary,
        "level": level(page),
        "fix": page.fix.as_str(),
        "check": check(page),
        "options": page.options.iter().map(option).collect::<Vec<_>>(),
        "references": page.references,
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

/// What an option may be, as far as its schema says it in few words.
fn values(schema: &Json) -> Option<String> {
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return Some(words.iter().map(Json::to_string).collect::<Vec<_>>().join(", "));
    }
    let kind = match schema.get("type")?.as_str()? {
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "boolean" => "true or false",
        "array" => "a list",
        _ => return None,
    };
    let bound =
        |key: &str, word: &str| schema.get(key).map(|bound| format!(" {word} {bound}")).unwrap_or_default();
    let least = bound("minimum", "from") + &bound("exclusiveMinimum", "over");
    Some(format!("{kind}{least}{}", bound("maximum", "to")))
}

/// A manual for a terminal: examples with a word about each and without the marks that tests need, links without
/// their targets.
fn readable(body: &str) -> String {
    let mut text = String::new();
    let mut fence: Option<&str> = None;
    for line in body.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        if fence.is_some_and(|fence| fence == line) {
            fence = None;
        } else if fence.is_some() {
            let plain = line.split("<!-- expect:").next().unwrap_or(line);
            let plain = plain.split("# expect:").next().unwrap_or(plain).trim_end();
            text += format!("    {plain}").trim_end();
            text.push('\n');
        } else if ticks.len() >= 3 {
            fence = Some(ticks);
            text += match line[ticks.len()..].split(' ').nth(1) {
                Some("bad") => "Wrong:\n\n",
                Some("good") => "Right:\n\n",
                Some("fixed") => "After the fix:\n\n",
                // The page itself may have said it.
                Some("options" | "schema" | "taxonomy") if text.ends_with(":\n\n") => "",
                Some("options") => "With these options:\n\n",
                Some("schema") => "With this schema:\n\n",
                Some("taxonomy") => "With this taxonomy:\n\n",
                _ => "",
            };
        } else {
            text += &without_targets(line);
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

/// `[text](../page.md)` becomes `text`.
fn without_targets(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once("](../") {
        let (lead, text) = before.rsplit_once('[').unwrap_or((before, ""));
        plain = plain + lead + text;
        rest = link.split_once(')').map_or("", |(_, behind)| behind);
    }
    plain + rest
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}
