//! The order of the house: bands, doors, and lists that must be complete.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use copydesk::rules::Catalog;

use super::{files, root};

/// The bands from the bottom up, as the head of `src/lib.rs` describes them.
const BANDS: [(&str, &[&str]); 4] = [
    (
        "words",
        &[
            "text", "finding", "mistake", "date", "data", "yaml", "toml", "article", "schema", "web", "site",
            "taxonomy", "facts", "corpus",
        ],
    ),
    ("rules", &["rule", "rules", "declarative"]),
    ("pipeline", &["engine", "triage", "fix"]),
    ("edges", &["config", "discover", "git", "network", "cache", "report", "write", "cli"]),
];

/// Third-party crates and the modules through which they come in.
const DOORS: &[(&str, &[&str])] = &[
    ("aho_corasick", &["declarative"]),
    ("anstream", &["cli"]),
    ("blake3", &["engine"]),
    ("clap", &["cli"]),
    ("crc32fast", &["cache"]),
    ("dns_lookup", &["network"]),
    ("fancy_regex", &["declarative"]),
    ("fastrand", &["network"]),
    ("globset", &["config", "discover", "web", "rule::scope", "site"]),
    ("granit_parser", &["yaml"]),
    ("httpdate", &["network"]),
    ("hyper", &["network"]),
    ("ignore", &["discover"]),
    ("imagesize", &["network"]),
    ("include_dir", &["rules"]),
    ("indicatif", &["cli"]),
    ("ipnet", &["config", "web", "network"]),
    ("jiff", &["article", "date", "rule", "declarative", "triage", "engine", "config", "cli"]),
    // The JSON report is held against its published schema in its own tests.
    ("jsonschema", &["schema", "report::tests"]),
    ("miette", &["report"]),
    ("minijinja", &["declarative", "report::html"]),
    ("postcard", &["engine"]),
    ("notify", &["cli::watch"]),
    // The summary in Markdown is held against what it becomes.
    ("pulldown_cmark", &["article", "report::tests"]),
    ("quick_xml", &["report"]),
    ("rayon", &["engine", "discover", "cli"]),
    ("regex", &["declarative", "rules", "schema", "rule::scope", "site"]),
    ("regex_syntax", &["declarative"]),
    ("reqwest", &["network"]),
    ("rustls", &["network"]),
    ("similar", &["cli"]),
    ("strsim", &["schema"]),
    ("supports_unicode", &["cli"]),
    // In the command line only for tests: files that change while they are mended, or that programs apply a diff to.
    ("tempfile", &["write", "cli::fix", "cli::diff::tests", "cache", "discover::listing"]),
    ("terminal_size", &["cli"]),
    ("toml", &["toml"]),
    ("unicode_normalization", &["rule", "rules", "taxonomy", "site"]),
    ("unicode_segmentation", &["article", "declarative"]),
    ("tokio", &["network"]),
    ("url", &["config", "rules", "web", "network"]),
    ("xattr", &["write"]),
];

/// Crates that any module may use, since they are words of the language we speak.
const ANYWHERE: [&str; 3] = ["memchr", "serde", "serde_json"];

/// Each source file with its module path, as in `article::body::html`.
fn modules() -> BTreeMap<String, String> {
    let src = root().join("src");
    files("src", ".rs")
        .iter()
        .map(|path| {
            let relative = path.strip_prefix(&src).expect("it was found there").with_extension("");
            let module = relative.to_string_lossy().replace(['/', '\\'], "::");
            (module, fs::read_to_string(path).expect("a source file of ours"))
        })
        .filter(|(module, _)| module != "lib" && module != "main")
        .collect()
}

fn band(module: &str) -> usize {
    let top = module.split("::").next().unwrap_or(module);
    let band = BANDS.iter().position(|(_, modules)| modules.contains(&top));
    band.unwrap_or_else(|| {
        panic!("src/{top}.rs stands in no band: put it into one in tests/tidy.rs and src/lib.rs")
    })
}

/// The modules that a text imports by `crate::…`.
fn imports(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let path = |rest: &str| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':');
        rest[..end.unwrap_or(rest.len())].trim_end_matches(':').to_owned()
    };
    let paths = |rest: &str| match rest.strip_prefix('{') {
        Some(list) => {
            list.split('}').next().unwrap_or_default().split(',').map(|one| path(one.trim())).collect()
        }
        None => vec![path(rest)],
    };
    code.split("crate::").skip(1).flat_map(paths).collect()
}

#[test]
fn every_module_imports_only_from_its_band_and_those_below() {
    for (module, text) in modules() {
        for import in imports(&text) {
            assert!(band(&import) <= band(&module), "src/{module} imports crate::{import} from a band above");
        }
    }
}

#[test]
fn rules_do_not_import_each_other_and_edges_only_through_the_command_line() {
    let edges = BANDS[3].1;
    for (module, text) in modules() {
        let top = module.split("::").next().unwrap_or(&module);
        for import in imports(&text) {
            let target = import.split("::").next().unwrap_or(&import);
            if edges.contains(&top) && top != "cli" {
                assert!(
                    target == top || !edges.contains(&target),
                    "src/{module} imports the edge crate::{import}"
                );
            }
            let between_rules = module.starts_with("rules::") && target == "rules";
            assert!(!between_rules, "the rule src/{module} imports crate::{import}");
        }
    }
}

#[test]
fn third_party_crates_come_in_by_one_door() {
    for (module, text) in modules() {
        for &(name, doors) in DOORS {
            // `toml::parse` is ours, whose name hides the crate's.
            let is_ours = |line: &str| name == "toml" && line.contains("toml::parse");
            let uses = text.lines().map(str::trim_start).any(|line| {
                // As a path of its own: not `crate::toml::` or `my_url::`.
                let is_path = |(at, _): (usize, &str)| {
                    !line[..at]
                        .ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
                };
                let names = line.match_indices(&format!("{name}::")).any(is_path);
                names && !line.starts_with("//") && !is_ours(line)
            });
            // Within its own door the module and the crate may share a name.
            let allowed =
                doors.iter().any(|door| module == *door || module.starts_with(&format!("{door}::")));
            assert!(!uses || allowed, "src/{module} uses {name}, whose door is {doors:?}");
        }
    }
}

#[test]
fn every_dependency_has_its_doors() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let sections = manifest.split("\n[");
    let ours = sections.filter(|section| {
        let title = section.lines().next().unwrap_or_default();
        title == "dependencies]" || title.ends_with(".dependencies]")
    });
    for line in ours.flat_map(str::lines).filter(|line| !line.starts_with('#')) {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        let name = name.replace('-', "_");
        let known = DOORS.iter().any(|(door, _)| *door == name) || ANYWHERE.contains(&name.as_str());
        assert!(known, "the crate {name} has no door in tests/tidy.rs");
    }
}

#[test]
fn the_map_in_the_library_is_that_of_the_bands() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("the library");
    for (band, modules) in BANDS {
        let row = map
            .lines()
            .find(|line| line.starts_with(&format!("//! | {band}: ")))
            .expect("a row for each band");
        let links: Vec<&str> = row.split("[`").skip(1).filter_map(|part| part.split('`').next()).collect();
        assert_eq!(links, modules, "the row of the band \"{band}\" in src/lib.rs");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (module, text) in modules() {
        assert!(text.starts_with("//! "), "src/{module} does not begin with `//!`");
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let lines: Vec<&str> = manifest.lines().collect();
    let mut in_dependencies = false;
    let mut last_was_reason = false;
    for line in lines {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies]");
        } else if in_dependencies && line.starts_with('#') {
            last_was_reason = true;
        } else if in_dependencies && line.contains('=') {
            assert!(last_was_reason, "no comment says why this is a dependency: {line}");
            last_was_reason = false;
        }
    }
}

#[test]
fn every_built_in_rule_has_page_source_and_row_and_every_page_its_logic() {
    let rows = fs::read_to_string(root().join("src/rules.rs")).expect("the list of rules");
    let mut pages = BTreeSet::new();
    for path in files("rules", ".md") {
        let id = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let group = path.parent().and_then(Path::file_name).expect("a page is in a group").to_string_lossy();
        let text = fs::read_to_string(&path).expect("a page of ours");
        let page = Catalog::built_in().get(&id);
        assert!(page.is_some(), "rules/{group}/{id}.md is not in the program yet: run `touch src/rules.rs`");
        assert_eq!(page.map(|page| page.group.as_str()), Some(&*group));
        let source = format!("src/rules/{}/{}.rs", group.replace('-', "_"), id.replace('-', "_"));
        let is_built_in = text.contains("\ncheck: built-in\n");
        assert_eq!(root().join(&source).exists(), is_built_in, "{source} belongs to rules/{group}/{id}.md");
        let count = rows.matches(&format!("\"{id}\",")).count();
        assert_eq!(count, usize::from(is_built_in), "the rows of \"{id}\" in src/rules.rs");
        pages.insert(id);
    }
    let known: BTreeSet<String> =
        Catalog::built_in().pages().iter().map(|page| page.id.to_string()).collect();
    assert_eq!(pages, known, "a page was deleted: run `touch src/rules.rs`");
}

#[test]
fn our_schemas_are_schemas() {
    use copydesk::schema::Schema;
    for path in files("schemas", ".json") {
        let text = fs::read_to_string(&path).expect("a schema of ours");
        let document = copydesk::yaml::parse(&text, 0);
        let root = document.root.unwrap_or_else(|| panic!("{}: {:?}", path.display(), document.problems));
        let id = root.get("$id").and_then(|id| id.as_str()).unwrap_or_default();
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        assert_eq!(id, format!("https://copydesk.dev/schemas/{name}"));
        let compiled = Schema::compile(&root, id, |uri: &str| Err(format!("no {uri}")));
        assert!(compiled.is_ok(), "{}: {:?}", path.display(), compiled.err());
    }
}

/// Editors show the descriptions where somebody writes a config, a rule page or an article.
#[test]
fn every_key_of_our_schemas_is_described() {
    for path in files("schemas", ".json") {
        let text = fs::read_to_string(&path).expect("a schema of ours");
        let schema: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let mut missing = Vec::new();
        undescribed(&schema, &schema, "", &mut missing);
        assert_eq!(missing, [""; 0], "{}", path.display());
    }
}

/// The keys anywhere in this part of a schema that neither have a description nor refer to what has one.
fn undescribed(part: &serde_json::Value, schema: &serde_json::Value, place: &str, missing: &mut Vec<String>) {
    let refers = |key: &serde_json::Value| {
        let pointer = key["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
        pointer.and_then(|pointer| schema.pointer(pointer)).is_some_and(|to| to["description"].is_string())
    };
    for (name, key) in part["properties"].as_object().into_iter().flatten() {
        if key.is_object() && !key["description"].is_string() && !refers(key) {
            missing.push(format!("{place}/{name}"));
        }
    }
    let children = part.as_object().into_iter().flatten().map(|(name, child)| (name.clone(), child));
    let items = part.as_array().into_iter().flatten().enumerate();
    for (name, child) in children.chain(items.map(|(index, child)| (index.to_string(), child))) {
        undescribed(child, schema, &format!("{place}/{name}"), missing);
    }
}

#[test]
fn the_config_schema_names_every_role() {
    let text = fs::read_to_string(root().join("schemas/config.schema.json")).expect("the schema");
    let schema = copydesk::yaml::parse(&text, 0).root.expect("it is JSON");
    let roles =
        schema.find(["$defs", "collection", "properties", "roles", "properties"]).expect("it has roles");
    let named: Vec<&str> = roles.node.entries().iter().map(|entry| entry.key.as_str()).collect();
    let known: Vec<&str> = copydesk::article::Role::all().map(copydesk::article::Role::name).collect();
    assert_eq!(named, known);
}

#[test]
fn the_readme_lists_every_rule() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("the README");
    let (start, end) = ("<!-- rules: begin -->\n", "<!-- rules: end -->");
    let from = readme.find(start).expect("the mark where the rules begin") + start.len();
    let to = readme.find(end).expect("the mark where the rules end");
    let mut table = String::from("| rule | level | fix | what it asks for |\n|---|---|---|---|\n");
    for page in Catalog::built_in().pages() {
        let level = page.level.map_or("off", |level| level.as_str());
        let (id, group, fix, summary) = (&page.id, &page.group, page.fix.as_str(), &page.summary);
        writeln!(table, "| [{id}](rules/{group}/{id}.md) | {level} | {fix} | {summary} |")
            .expect("a String takes all");
    }
    if readme[from..to] != table && std::env::var_os("UPDATE").is_some() {
        let fresh = format!("{}{table}{}", &readme[..from], &readme[to..]);
        fs::write(&path, fresh).expect("the README can be written");
    } else {
        assert_eq!(
            &readme[from..to],
            table,
            "run `UPDATE=1 cargo test` to refresh the table of rules in README.md"
        );
    }
}
