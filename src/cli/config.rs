//! `copydesk config`: what the config comes to, and who said each part of it.

use std::io::Write;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::args::{Config as Arguments, DataFormat};
use super::plan::{absolute, shown};
use super::setup::{self, working_directory};
use super::{CLEAN, Failure, Terminal};
use crate::config::{Effective, EffectivePart, EffectiveRule, Origin};

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let here = working_directory()?;
    let mut configs = setup::configs(setup::overrides_of(&arguments.setup)?, &arguments.setup, &here)?;
    let file = arguments.file.as_ref().map(|file| absolute(&here, file));
    // A folder has no collections of its own, but it has a config.
    let (file, folder) = match &file {
        Some(file) if file.is_dir() => (None, file.as_path()),
        Some(file) => (Some(file.as_path()), file.parent().unwrap_or(file)),
        None => (None, here.as_path()),
    };
    let config = configs.of_folder(folder)?;
    configs.check_names()?;
    let mut effective = config.effective(file);
    if !arguments.all {
        effective.rules.retain(|rule| rule.level.is_some());
    }
    let name = |path: &str| shown(Path::new(path), &absolute(&here, Path::new(path)), &here).to_string();
    let mut out = terminal.stdout();
    match arguments.format {
        DataFormat::Yaml => write!(out, "{}", yaml(&effective, &name))?,
        DataFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &json(&effective, &name)).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(CLEAN)
}

type Shorten<'a> = &'a dyn Fn(&str) -> String;

/// The words of a config, each with a comment that says where it comes from.
fn yaml(effective: &Effective, name: Shorten<'_>) -> String {
    let mut text = String::new();
    let mut line = |indent: usize, words: &str, origin: Option<&Origin>| {
        let comment = origin.map(|origin| format!("  # {}", origin.describe(name))).unwrap_or_default();
        text.extend(["  ".repeat(indent).as_str(), words, &comment, "\n"]);
    };
    let list = |key: &str, items: Vec<String>| match items.as_slice() {
        [] => vec![format!("{key}: []")],
        items => {
            [format!("{key}:")].into_iter().chain(items.iter().map(|item| format!("  - {item}"))).collect()
        }
    };
    let files = effective.sources.iter().map(|source| scalar(&name(source.path()).into())).collect();
    let collections = effective.collections.iter().map(|name| scalar(&name.as_ref().into())).collect();
    for words in list("configs", files).into_iter().chain(list("collections", collections)) {
        line(0, &words, None);
    }
    match &effective.schema {
        Some((schema, origin)) => {
            line(0, &format!("schema: {}", scalar(&schema.as_str().into())), Some(origin));
        }
        None => line(0, "schema: null", None),
    }
    if let Some((path, origin)) = &effective.taxonomy {
        line(0, &format!("taxonomy: {}", scalar(&path.as_str().into())), Some(origin));
    }
    if let Some(baseline) = &effective.baseline {
        line(0, &format!("baseline: {}", scalar(&baseline.name.as_str().into())), Some(&baseline.origin));
    }
    line(0, "roles:", None);
    for (role, fields, origin) in &effective.roles {
        let fields: Vec<String> = fields.iter().map(|field| scalar(&field.as_str().into())).collect();
        let fields =
            if let [field] = fields.as_slice() { field.clone() } else { format!("[{}]", fields.join(", ")) };
        line(1, &format!("{role}: {fields}"), Some(origin));
    }
    part(0, "site", &effective.site, &mut line);
    part(0, "network", &effective.network, &mut line);
    line(0, if effective.rules.is_empty() { "rules: {}" } else { "rules:" }, None);
    for rule in &effective.rules {
        let says_of_fixes = !matches!(rule.fix_from, Origin::Default);
        if rule.options.is_empty() && !says_of_fixes {
            line(1, &format!("{}: {}", rule.page.id, level(rule)), Some(&rule.level_from));
            continue;
        }
        line(1, &format!("{}:", rule.page.id), None);
        line(2, &format!("level: {}", level(rule)), Some(&rule.level_from));
        if says_of_fixes {
            line(2, &format!("fix: {}", rule.fix.as_str()), Some(&rule.fix_from));
        }
        for (option, value, origin) in &rule.options {
            line(2, &format!("{option}: {}", scalar(value)), Some(origin));
        }
    }
    text
}

/// A key with what stands below it.
fn part(
    indent: usize,
    key: &str,
    content: &EffectivePart,
    line: &mut dyn FnMut(usize, &str, Option<&Origin>),
) {
    let key = scalar(&key.into());
    match content {
        EffectivePart::Value(value, origin) => {
            line(indent, &format!("{key}: {}", scalar(value)), Some(origin));
        }
        EffectivePart::Items(items) => {
            line(indent, &format!("{key}:"), None);
            for (item, origin) in items {
                line(indent + 1, &format!("- {}", scalar(item)), Some(origin));
            }
        }
        EffectivePart::Keys(parts) => {
            line(indent, &format!("{key}:"), None);
            for (key, content) in parts {
                part(indent + 1, key, content, line);
            }
        }
    }
}

fn level(rule: &EffectiveRule) -> &'static str {
    rule.level.map_or("off", |level| level.as_str())
}

/// A value in one line: JSON, which YAML can read, and a plain word where that is safe.
fn scalar(value: &Json) -> String {
    let is_plain = |text: &&str| {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || "_-./".contains(letter);
        let begins =
            text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '.' | '/'));
        let means_more = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
        begins
            && text.contains(|letter: char| letter.is_ascii_alphabetic())
            && text.chars().all(is_word)
            && !means_more.contains(&text.to_ascii_lowercase().as_str())
            && ![".nan", ".inf"].contains(&text.to_ascii_lowercase().as_str())
    };
    value.as_str().filter(is_plain).map_or_else(|| value.to_string(), str::to_owned)
}

fn part_as_json(content: &EffectivePart, name: Shorten<'_>) -> Json {
    let said = |value: &Json, origin: &Origin| json!({ "value": value, "from": origin.describe(name) });
    match content {
        EffectivePart::Value(value, origin) => said(value, origin),
        EffectivePart::Items(items) => items.iter().map(|(item, origin)| said(item, origin)).collect(),
        EffectivePart::Keys(parts) => {
            let parts = parts.iter().map(|(key, content)| (key.clone(), part_as_json(content, name)));
            Json::Object(parts.collect::<Map<_, _>>())
        }
    }
}

fn json(effective: &Effective, name: Shorten<'_>) -> Json {
    let said = |value: Json, origin: &Origin| json!({ "value": value, "from": origin.describe(name) });
    let fields: Map<String, Json> = effective
        .roles
        .iter()
        .map(|(role, fields, origin)| (role.name().to_owned(), said(fields.clone().into(), origin)))
        .collect();
    let rules: Map<String, Json> = effective
        .rules
        .iter()
        .map(|rule| {
            let options = rule.options.iter();
            let options: Map<String, Json> = options
                .map(|(option, value, origin)| (option.clone(), said(value.clone(), origin)))
                .collect();
            let level = said(level(rule).into(), &rule.level_from);
            let fix = said(rule.fix.as_str().into(), &rule.fix_from);
            (rule.page.id.to_string(), json!({ "level": level, "fix": fix, "options": options }))
        })
        .collect();
    json!({
        "configs": effective.sources.iter().map(|source| name(source.path())).collect::<Vec<_>>(),
        "collections": effective.collections.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "schema": effective.schema.as_ref().map(|(schema, origin)| said(schema.as_str().into(), origin)),
        "taxonomy": effective.taxonomy.as_ref().map(|(path, origin)| said(path.as_str().into(), origin)),
        "baseline": effective.baseline.as_ref().map(|file| said(file.name.as_str().into(), &file.origin)),
        "roles": fields,
        "site": part_as_json(&effective.site, name),
        "network": part_as_json(&effective.network, name),
        "rules": rules,
    })
}
