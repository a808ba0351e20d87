//! The categories of a site, from the outside: a taxonomy in the config, one that is written from the articles, and the
//! tree of it.

use std::fmt::Write as _;
use std::sync::Arc;

use copydesk::taxonomy::Taxonomy;
use copydesk::text::Source;

use super::cli::Desk;
use super::pages::blocks;

const CONFIG: &str = "extends: none\nrules: {category-unknown: error, category-conflict: warning}\n";
const WITH_FILE: &str =
    "extends: none\nrules: {category-unknown: error, category-conflict: warning}\ntaxonomy: taxonomy.yaml\n";

/// An article with these categories, from `exact` to the narrowest, all in one line.
fn article(names: &[&str]) -> String {
    let tiers = ["exact", "general", "medium", "specific", "niche"];
    let items = tiers.iter().zip(names).map(|(tier, name)| format!(r#"{{"type":"{tier}","name":"{name}"}}"#));
    let items: Vec<String> = items.collect();
    format!("---\ntitle: A\ncategory: \"{}\"\ncategories: [{}]\n---\n", names[0], items.join(","))
}

/// A site in which most articles say one thing, and some another.
fn site() -> Vec<(String, String)> {
    let names: &[&[&str]] = &[
        &["Dutch doors", "Building", "Doors", "Wooden doors"],
        &["Barn doors", "Building", "Doors", "Sliding doors"],
        &["Hinges", "Building", "Doors", "Wooden doors"],
        &["Locks", "Crafts", "Doors", "Wooden doors"],
        &["Bolts", "Doors", "Wooden doors", "Rims"],
        &["hinges", "Building", "doors", "Fittings"],
    ];
    names.iter().enumerate().map(|(at, names)| (format!("posts/{at}.md"), article(names))).collect()
}

fn desk(config: &str, more: &[(&str, &str)]) -> Desk {
    let site = site();
    let files = site.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Desk::new(&files.chain([("copydesk.yaml", config)]).chain(more.iter().copied()).collect::<Vec<_>>())
}

const FOUND: [&str; 5] = [
    "posts/3.md:4:105 warning category-conflict",
    "posts/4.md:4:71 warning category-conflict",
    "posts/4.md:4:104 warning category-conflict",
    "posts/5.md:4:37 error category-unknown",
    "posts/5.md:4:108 error category-unknown",
];

fn rules(found: &[&str]) -> Vec<String> {
    found.iter().map(|line| line.replace(" warning", "").replace(" error", "")).collect()
}

#[test]
fn what_most_articles_say_counts() {
    let desk = desk(CONFIG, &[]);
    let ended = desk.lint(&[]);
    let expected = rules(&FOUND);
    ended.code(1).found(&expected.iter().map(String::as_str).collect::<Vec<_>>());
    ended
        .says("\"Doors\" stands under \"Building\" in 4 articles, under \"Crafts\" only here\n")
        .says("\"Doors\" is \"medium\" in 5 articles, \"general\" only here\n")
        .says("\"Wooden doors\" is \"specific\" in 3 articles, \"medium\" only here\n")
        .says("\"hinges\" is spelt \"Hinges\" in 1 article, as \"hinges\" only here [unsafe fix]\n");
    // The others of a site are known, whichever files are named; alone, an article breaks no custom.
    desk.lint(&["posts/5.md"]).code(1).found(&[&expected[3], &expected[4]]);
    desk.lint(&["--alone", "posts/5.md", "posts/3.md"]).code(0).found(&[]);
    desk.lint(&["-o", "category-conflict.at-least=4", "--only", "category-conflict"])
        .found(&[&expected[0], &expected[1]]);
}

#[test]
fn related_places_are_few_and_counted() {
    let desk = desk(CONFIG, &[]);
    for at in 10..20 {
        desk.write(&format!("posts/{at}.md"), article(&["Oak", "Building", "Doors"]).as_bytes());
    }
    let json = desk.lint(&["posts/3.md", "--format", "json"]).json();
    let related = json["findings"][0]["related"].as_array().expect("it has related places").clone();
    let texts: Vec<&str> = related.iter().filter_map(|one| one["text"].as_str()).collect();
    let here = "under \"Building\" here";
    assert_eq!(texts, [here, here, here, here, &format!("{here}, and 9 more")]);
    assert_eq!(related[0]["path"], "posts/0.md");
}

#[test]
fn a_taxonomy_from_the_articles_finds_what_its_comments_tell() {
    let desk = desk(WITH_FILE, &[]);
    // It is about to be written: that it is not there is no mistake here.
    let printed = desk.run(&["taxonomy", "infer"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (0, ""));
    let ended = desk.run(&["taxonomy", "infer", "posts", "--output", "taxonomy.yaml"]);
    ended.code(0).says("wrote \"taxonomy.yaml\": 12 names in 6 articles\n");
    assert_eq!(String::from_utf8(desk.bytes("taxonomy.yaml")).expect("UTF-8"), printed.stdout);
    printed
        .says("    Doors: Building # 6; conflict: spelt \"doors\" in 1; conflict: \"general\" in 1; conflict: under \"Crafts\" in 1\n")
        .says("    Wooden doors: Doors # 4; conflict: \"medium\" in 1\n")
        .says("    Rims: # 1; conflict: under \"Wooden doors\" in 1\n")
        .says("    Hinges: # 2; conflict: spelt \"hinges\" in 1\n");
    let ended = desk.lint(&[]);
    let expected = rules(&FOUND);
    ended.found(&expected.iter().map(String::as_str).collect::<Vec<_>>());
    ended
        .says("\"Doors\" stands under \"Building\" in the taxonomy, under \"Crafts\" here\n")
        .says("\"hinges\" is spelt \"Hinges\" in the taxonomy [unsafe fix]\n");
    // With a file an article is judged by itself.
    desk.lint(&["--alone", "posts/5.md"]).found(&[&expected[3], &expected[4]]);
}

#[test]
fn a_file_is_overwritten_only_by_force() {
    let desk = desk(CONFIG, &[("taxonomy.yaml", "mine\n")]);
    let ended = desk.run(&["taxonomy", "infer", "--output", "taxonomy.yaml"]);
    ended.code(2).complains("\"taxonomy.yaml\" is not written: it is there already").complains("--force");
    assert_eq!(desk.bytes("taxonomy.yaml"), b"mine\n");
    desk.run(&["taxonomy", "infer", "--output", "taxonomy.yaml", "--force"]).code(0).says("12 names");
    assert_ne!(desk.bytes("taxonomy.yaml"), b"mine\n");
    desk.run(&["taxonomy", "infer", "--output", "new.yaml", "--force"]).code(0);
    assert_eq!(desk.bytes("taxonomy.yaml"), desk.bytes("new.yaml"));
    desk.run(&["taxonomy", "infer", "--force"]).code(2);
    desk.run(&["taxonomy", "infer", "--output", "nowhere/new.yaml"]).code(2).complains("is not written");
    desk.run(&["taxonomy", "infer", "gone"]).code(2);
}

#[test]
fn a_new_name_is_written_wherever_the_article_has_it() {
    let desk = desk(CONFIG, &[]);
    desk.lint(&["--fix", "--unsafe-fixes", "posts/5.md"]).code(0);
    let fixed = String::from_utf8(desk.bytes("posts/5.md")).expect("UTF-8");
    assert_eq!(fixed, article(&["Hinges", "Building", "Doors", "Fittings"]));
    let toml = "+++\ntitle = \"A\"\ncategories = ['doors', \"hinges\"]\n+++\n";
    desk.write("posts/6.md", toml.as_bytes());
    desk.lint(&["--fix", "--unsafe-fixes", "posts/6.md"]).code(0);
    let fixed = String::from_utf8(desk.bytes("posts/6.md")).expect("UTF-8");
    assert_eq!(fixed, "+++\ntitle = \"A\"\ncategories = ['Doors', \"Hinges\"]\n+++\n");
    // Written in ways that a name alone does not tell how to change, it is told and left alone.
    let odd =
        "---\ncategory: &main hinges\ncategories:\n  - *main\n  - >-\n    doors\n  - !!str bolts\n---\n";
    desk.write("posts/7.md", odd.as_bytes());
    desk.lint(&["--fix", "--unsafe-fixes", "posts/7.md"]).code(1).found(&[
        "posts/7.md:4:5 category-unknown",
        "posts/7.md:6:5 category-unknown",
        "posts/7.md:7:11 category-unknown",
    ]);
    assert_eq!(desk.bytes("posts/7.md"), odd.as_bytes());
}

#[test]
fn mistakes_in_the_file_end_the_run() {
    let wrong =
        "tiers: [general, medium]\ncategories:\n  medium:\n    Doors: Bilding\n  general:\n    Building:\n";
    let desk = desk(WITH_FILE, &[("taxonomy.yaml", wrong)]);
    let ended = desk.lint(&[]);
    ended.code(2).complains("there is no category \"Bilding\"").complains("did you mean \"Building\"?");
    ended.complains("taxonomy.yaml:4:12");
    desk.write("taxonomy.yaml", b"categories: {A: \xff}\n");
    desk.lint(&[]).code(2).complains("the file is not UTF-8");
    std::fs::remove_file(desk.path().join("taxonomy.yaml")).expect("it is there");
    desk.lint(&[])
        .code(2)
        .complains("the taxonomy \"taxonomy.yaml\" cannot be read")
        .complains("taxonomy infer --output");
    desk.run(&["taxonomy", "show"]).code(2).complains("cannot be read");
}

#[test]
fn the_path_counts_from_the_file_that_says_it() {
    let house = "taxonomy: words/taxonomy.yaml\n";
    let desk = desk(
        "extends: [none, shared/house.yaml]\nrules: {category-unknown: error}\n",
        &[("shared/house.yaml", house), ("shared/words/taxonomy.yaml", "categories: {Doors: , Hinges: }\n")],
    );
    desk.lint(&["posts/5.md"])
        .code(1)
        .says("the taxonomy has no category \"Building\"")
        .says("\"hinges\" is spelt \"Hinges\"");
    desk.run(&["config"]).code(0).says("taxonomy: words/taxonomy.yaml  # shared/house.yaml:1\n");
    let json = desk.run(&["config", "--format", "json"]).json();
    assert_eq!(json["taxonomy"]["value"], "words/taxonomy.yaml");
}

#[test]
fn the_tree_is_printed() {
    let tree = "general\n  Building (4)\n    Doors (6)\n      Sliding doors (1)\n      Wooden doors (4)\n";
    let desk = desk(CONFIG, &[]);
    let shown = desk.run(&["taxonomy", "show"]);
    assert_eq!(shown.stderr, "");
    // Of the two parents of the last name, neither stands at the tier above in most articles.
    shown
        .code(0)
        .says("    Doors (6)\n      Fittings (1)\n      Sliding doors (1)\n      Wooden doors (4)\n");
    shown.says("  Crafts (1)\nspecific, without a parent\n  Rims (1)\nexact\n  Barn doors (1)\n");
    let json = desk.run(&["taxonomy", "show", "--format", "json"]).json();
    assert_eq!((&json["file"], &json["articles"]), (&serde_json::Value::Null, &6.into()));
    let doors = json["categories"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "Doors"));
    let doors = doors.expect("it is a name");
    assert_eq!(doors["spellings"], serde_json::json!({"Doors": 5, "doors": 1}));
    assert_eq!(doors["tiers"], serde_json::json!({"general": 1, "medium": 5}));
    assert_eq!(doors["under"][0], serde_json::json!({"tier": "medium", "parent": "Building", "articles": 4}));

    let file = "tiers: [general, medium, specific]\ncategories:\n  general:\n    Building:\n    Crafts:\n  medium:\n    \
                Doors: {parents: [Building, Crafts], aliases: [Portals]}\n  specific:\n    Sliding doors: Doors\n    Wooden doors: Doors\n";
    desk.write("copydesk.yaml", WITH_FILE.as_bytes());
    desk.write("taxonomy.yaml", file.as_bytes());
    desk.write("posts/6.md", b"---\ncategories: [Portals, Glass]\n---\n");
    let shown = desk.run(&["taxonomy", "show"]);
    shown
        .code(0)
        .says(&tree.replace("(6)", "(7)"))
        .says("  Crafts (1)\n    Doors (7, see above)\nnot in the taxonomy\n  Barn doors (1)\n");
    shown.says("  Glass (1)\n");
    let json = desk.run(&["taxonomy", "show", "posts/6.md", "--format", "json"]).json();
    assert_eq!((&json["file"], &json["articles"]), (&"taxonomy.yaml".into(), &1.into()));
    assert_eq!(json["categories"][2]["aliases"], serde_json::json!(["Portals"]));
    assert_eq!(json["unknown"][0]["name"], "Glass");
}

#[test]
fn what_cannot_be_read_is_named() {
    let desk = desk(CONFIG, &[]);
    desk.write("posts/bad.md", b"\xff\xfe\x00");
    let ended = desk.run(&["taxonomy", "infer"]);
    ended.code(0).says("What most of 6 articles say").complains("\"posts/bad.md\" is not counted");
    let empty = Desk::new(&[("a.md", "No categories.\n")]);
    empty.run(&["taxonomy", "infer"]).code(0).says("categories: {}\n");
    let shown = empty.run(&["taxonomy", "show"]);
    assert_eq!((shown.code, shown.stdout.as_str(), shown.stderr.as_str()), (0, "", ""));
}

/// Names that differ from all that a large file has cost a bounded time, and a tree that is a single long line is printed.
#[test]
fn large_files_and_deep_trees_are_read() {
    let mut text = String::from("categories:\n  n0x:\n");
    for at in 1..3000 {
        writeln!(text, "  n{at}x: n{}x", at - 1).expect("a String takes all");
    }
    let names: Vec<String> = (0..3000).map(|at| format!("other {at} y")).collect();
    let article = format!("---\ncategories: [{}]\n---\n", names.join(", "));
    let desk = Desk::new(&[("copydesk.yaml", WITH_FILE), ("taxonomy.yaml", &text), ("a.md", &article)]);
    let json = desk.lint(&["--format", "json"]).code(1).json();
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(3000));
    assert_eq!(desk.run(&["taxonomy", "show"]).code(0).stdout.lines().count(), 6002);
}

#[test]
fn what_the_manual_shows_is_right() {
    let manual = std::fs::read_to_string(super::root().join("docs/taxonomy.md")).expect("the manual");
    let all = blocks(&manual);
    let files = all.iter().filter(|block| block.is("taxonomy"));
    let mut last = None;
    for file in files {
        let source = Arc::new(Source::new("taxonomy.yaml", file.text.clone().into_bytes()));
        last =
            Some(Taxonomy::read(&source).unwrap_or_else(|mistakes| panic!("{mistakes:#?}\n{}", file.text)));
    }
    assert!(
        last.is_some_and(|taxonomy| taxonomy.find("timber").is_some()),
        "the last is the one without tiers"
    );
    let configs: Vec<_> = all.iter().filter(|block| block.is("config")).collect();
    assert!(configs.len() >= 2);
    for config in configs {
        let desk = Desk::new(&[("copydesk.yaml", &config.text), ("taxonomy.yaml", "categories:\n")]);
        let ended = desk.run(&["config"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", config.text);
    }
}
