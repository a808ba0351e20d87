//! What a config says of the site: which mistakes are shown and where, what `copydesk config` prints of it, and which of
//! several configs counts.

use copydesk::config::{Configs, Overrides};
use copydesk::site::{Algorithm, Preset, Site};

use super::cli::Desk;

fn site(desk: &Desk) -> Site {
    let configs = Configs::new(Overrides::default(), |_| Err(String::new()), None);
    let config = configs.expect("no overrides").of_folder(desk.path()).expect("the config is right");
    Site::clone(config.site())
}

#[test]
fn every_mistake_is_shown_at_its_place_in_one_run() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "site:
  preset: hogu
  url: 5
  contents: [posts]
  static: []
  routes:
    - {files: /posts/**, route: /a/}
    - {files: posts/**}
  elsewhere: [shop/**]
  anchors: githob
  addresses: [3]
",
        ),
        ("a.md", "A door.\n"),
    ]);
    let ended = desk.lint(&[]);
    ended.code(2);
    for (place, what) in [
        ("2:11", "write none, hugo, jekyll, astro, docusaurus or next"),
        ("3:8", "\"site.url\" should be a text"),
        ("4:3", "did you mean \"content\"?"),
        ("7:15", "write it without the slash"),
        ("8:7", "\"route\" is missing in item 2"),
        ("9:15", "write the path behind the host, with its slash in front"),
        ("10:12", "did you mean \"github\"?"),
        ("11:15", "of \"site.addresses\""),
    ] {
        assert!(ended.stderr.contains(&format!("copydesk.yaml:{place}")), "{place}\n{}", ended.stderr);
        assert!(ended.stderr.contains(what), "{what}\n{}", ended.stderr);
    }
}

#[test]
fn what_the_schema_cannot_say_is_judged_too() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "site:
  url: example.org
  content: [../a, {folder: b, at: \"/*\"}, c, ./c/]
  routes:
    - {files: \"posts/{a\", route: /a/}
    - {files: posts/**, route: \"/{slugg}/\"}
    - {files: posts/**, route: \"/{slug/\"}
  elsewhere: \"/shop/[\"
",
        ),
        ("a.md", "A door.\n"),
    ]);
    let ended = desk.lint(&[]);
    ended.code(2);
    for (place, what) in [
        ("2:8", "\"example.org\" is no address of a site"),
        ("3:13", "\"../a\" leads out of the folder of the config"),
        ("3:19", "\"b\" stands at an address with more `*` than it has itself"),
        ("3:45", "the folder \"./c/\" stands here a second time"),
        ("5:15", "\"posts/{a\" is no glob"),
        ("6:32", "did you mean \"{slug}\"?"),
        ("7:32", "\"/{slug/\" has a `{` without its `}`"),
        ("8:14", "\"/shop/[\" is no glob"),
    ] {
        assert!(ended.stderr.contains(&format!("copydesk.yaml:{place}")), "{place}\n{}", ended.stderr);
        assert!(ended.stderr.contains(what), "{what}\n{}", ended.stderr);
    }
}

#[test]
fn each_key_is_laid_over_the_preset() {
    let desk = Desk::new(&[(
        "copydesk.yaml",
        "site: {preset: docusaurus, content: [docs, guides], anchors: github, elsewhere: /shop/**}\n",
    )]);
    let site = site(&desk);
    assert_eq!((site.preset, site.anchors()), (Preset::Docusaurus, Algorithm::GitHub));
    let content: Vec<(&str, String)> =
        site.content.iter().map(|mount| (mount.folder(), mount.at())).collect();
    assert_eq!(content, [("docs", "/docs".to_owned()), ("guides", "/".to_owned())]);
    assert_eq!(site.static_paths("/a.png"), ["static/a.png"]);
    assert!(site.is_elsewhere("/shop/a") && site.is_elsewhere("/blog/tags/a"));
}

#[test]
fn the_last_config_that_speaks_of_a_key_counts() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "extends: ./house.yaml\nsite: {url: \"https://example.org/\"}\n"),
        ("house.yaml", "site: {preset: hugo, url: \"https://example.com/a/\", content: content/en}\n"),
    ]);
    let site = site(&desk);
    assert_eq!(site.preset, Preset::Hugo);
    assert_eq!(site.own_path("https://example.org/b"), Some("/b"));
    assert_eq!(site.own_path("https://example.com/a/b"), None);
    let shown = desk.run(&["config", "--format", "json"]).json();
    let from = |key: &str| shown["site"][key]["from"].clone();
    assert_eq!(from("preset"), "house.yaml:1");
    assert_eq!(from("url"), "copydesk.yaml:2");
    assert_eq!(from("content"), "house.yaml:1");
    assert_eq!(from("static"), "house.yaml:1");
}

#[test]
fn the_block_is_shown_with_what_the_preset_brings() {
    let desk = Desk::new(&[(
        "copydesk.yaml",
        "site:
  preset: hugo
  url: https://example.org/docs
  routes:
    - {files: content/news/**, route: \"/{year}/{slug}/\"}
  elsewhere: /shop/**
",
    )]);
    let ended = desk.run(&["config"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    for line in [
        "site:",
        "  preset: hugo  # copydesk.yaml:2",
        "  url: \"https://example.org/docs/\"  # copydesk.yaml:3",
        "  content: [{\"folder\":\"content\",\"at\":\"/\"}]  # copydesk.yaml:2",
        "    - {\"files\":\"content/news/**\",\"route\":\"/{year}/{slug}/\"}  # copydesk.yaml:5",
        "    - {\"files\":\"**\",\"route\":\"/{path}/\"}  # copydesk.yaml:2",
        "    - \"/shop/**\"  # copydesk.yaml:6",
        "    - /robots.txt  # copydesk.yaml:2",
        "  anchors: hugo  # copydesk.yaml:2",
        "  addresses: [\"url\"]  # copydesk.yaml:2",
    ] {
        assert!(ended.stdout.lines().any(|shown| shown == line), "{line}\n{}", ended.stdout);
    }
}

#[test]
fn without_the_block_nothing_is_known() {
    let desk = Desk::new(&[("copydesk.yaml", "rules: {}\n")]);
    assert_eq!(site(&desk), Site::default());
    let shown = desk.run(&["config", "--format", "json"]).json();
    assert_eq!(shown["site"]["preset"]["value"], "none");
    assert_eq!(shown["site"]["routes"]["value"], serde_json::json!([]));
}
