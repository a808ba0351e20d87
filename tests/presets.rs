//! The presets: data of the shape of a config, about rules that there are.

use copydesk::rules::{self, Catalog};
use copydesk::schema::Schema;
use copydesk::text::Span;
use copydesk::yaml;

use super::cli::Desk;
use super::root;

#[test]
fn presets_are_configs_about_rules_that_there_are() {
    let text = std::fs::read_to_string(root().join("schemas/config.schema.json")).expect("the schema");
    let schema = Schema::own(&text, "https://copydesk.dev/schemas/config.schema.json");
    let catalog = Catalog::built_in();
    for name in rules::presets() {
        let document = yaml::parse(rules::preset(name).expect("it was listed"), 0);
        assert!(document.problems.is_empty() && document.duplicates.is_empty(), "{name}: {document:?}");
        let root = document.root.expect("a preset says something");
        assert_eq!(schema.violations(Some(&root), Span::empty(0)), [], "{name}");
        assert!(root.entries().iter().all(|entry| matches!(&*entry.key, "extends" | "rules")), "{name}");
        for entry in root.get("rules").expect("it has rules").entries() {
            assert!(
                catalog.select(&entry.key).is_ok(),
                "the preset {name} names a rule \"{}\" that is not there",
                entry.key
            );
        }
    }
}

#[test]
fn the_schema_of_the_config_names_every_preset() {
    let text = std::fs::read_to_string(root().join("schemas/config.schema.json")).expect("the schema");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let presets = rules::presets();
    assert_eq!(schema["$defs"]["base"]["anyOf"][0]["enum"], serde_json::json!(presets));
}

/// The options that a preset sets are those of the rules' pages: to name a preset in a config of one's own is not checked.
#[test]
fn the_options_of_presets_fit() {
    for name in rules::presets() {
        let text = rules::preset(name).expect("it was listed");
        let desk = Desk::new(&[("a.md", "A door.\n"), ("copydesk.yaml", text)]);
        let ended = desk.run(&["config"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{name}");
        let ended = desk.run(&["config", "--extends", name]);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn presets_turn_on_what_they_say() {
    let desk = Desk::new(&[]);
    let rules = |extends: &str| {
        let json = desk.run(&["config", "--extends", extends, "--format", "json"]).json();
        json["rules"].as_object().expect("rules").keys().cloned().collect::<Vec<_>>()
    };
    let ids = |keep: &dyn Fn(bool) -> bool| -> Vec<String> {
        let pages = Catalog::built_in().pages().iter();
        pages.filter(|page| keep(page.level.is_some())).map(|page| page.id.to_string()).collect()
    };
    assert_eq!(rules("recommended"), ids(&|is_on| is_on));
    assert_eq!(rules("all"), ids(&|_| true));
    let asks = |id: &String| Catalog::built_in().get(id).is_some_and(|page| page.group == "network");
    let (network, others): (Vec<_>, Vec<_>) = rules("strict").into_iter().partition(asks);
    assert_eq!(network, ids(&|is_on| is_on).into_iter().filter(asks).collect::<Vec<_>>());
    assert_eq!(others, ids(&|_| true).into_iter().filter(|id| !asks(id)).collect::<Vec<_>>());
    assert_eq!(rules("none"), [""; 0]);
    assert!(
        rules("seo").iter().any(|id| id == "single-title") && !rules("seo").iter().any(|id| id == "schema")
    );
    assert!(rules("accessibility").iter().any(|id| id == "image-alt"));
    let both = rules("recommended,seo");
    assert!(both.iter().any(|id| id == "schema") && both.len() >= rules("recommended").len());
}

#[test]
fn our_own_pages_are_clean_to_our_own_config() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_copydesk"));
    let output =
        command.args(["lint", "rules", "--no-cache", "--fail-on", "info"]).current_dir(root()).output();
    let output = output.expect("the program starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{stdout}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
