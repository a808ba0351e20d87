//! Layered configs: what extends what, collections, and the commands that show what it all comes to.

use super::cli::Desk;

const BAD: &str = "![](/a.png)\n";
const GOOD: &str = "A door.\n";

// --- extends.

#[test]
fn files_and_presets_are_laid_over_each_other_in_order() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "extends: [recommended, ./shared/house.yaml]\n"),
        ("shared/house.yaml", "extends: ../base.yaml\nrules: {image-alt: warning}\n"),
        ("base.yaml", "rules: {image-alt: info, heading-increment: info}\n"),
        ("a.md", "## A\n\n#### B\n\n![](/a.png)\n"),
    ]);
    let ended = desk.lint(&["--only", "image-alt,heading-increment"]);
    ended.says("a.md:3:1: info heading-increment").says("a.md:5:1: warning image-alt");
    // A config that names no preset, and extends nothing that does, begins with the recommended one.
    desk.write("copydesk.yaml", b"extends: ./shared/house.yaml\n");
    desk.lint(&[]).found(&[
        "a.md:1:1 first-heading-level",
        "a.md:3:1 heading-increment",
        "a.md:5:1 image-alt",
    ]);
    desk.write("copydesk.yaml", b"extends: [none, ./shared/house.yaml]\n");
    desk.lint(&[]).found(&["a.md:3:1 heading-increment", "a.md:5:1 image-alt"]);
    desk.write("copydesk.yaml", b"extends: [./shared/house.yaml, none]\nrules: {image-alt: on}\n");
    desk.lint(&[]).found(&["a.md:5:1 image-alt"]).says(": error image-alt");
    desk.lint(&["--extends", "none,base.yaml"]).says("info heading-increment").says("error image-alt");
    desk.lint(&["--extends", "bass.yaml"]).code(2).complains("\"bass.yaml\" is no file that can be extended");
}

#[test]
fn the_paths_of_an_extended_file_are_its_own_and_its_globs_the_configs() {
    let desk = Desk::new(&[
        ("site/copydesk.yaml", "extends: [recommended, ../shared/house.yaml]\n"),
        (
            "shared/house.yaml",
            "exclude: ['drafts/**']\npacks: [words]\ncollections:\n  - {name: posts, files: 'posts/**', schema: post.json}\n",
        ),
        ("shared/post.json", r#"{"required": ["author"]}"#),
        ("shared/words/door.md", &page("error", "door")),
        ("site/posts/a.md", "---\ntitle: T\n---\nA door.\n"),
        ("site/drafts/b.md", BAD),
        ("site/c.md", "A gate.\n"),
    ]);
    desk.lint(&["site"]).found(&["site/posts/a.md:1:1 schema", "site/posts/a.md:4:3 words/door"]);
}

#[test]
fn what_cannot_be_extended_is_shown_where_it_is_named() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "extends:\n  - recommended\n  - ./a.yaml\n  - ./gone.yaml\n"),
        ("a.yaml", "extends: ./in/b.yaml\n"),
        ("in/b.yaml", "rules: {image-alt: off}\nextends: ../a.yaml\n"),
        ("a.md", GOOD),
    ]);
    let ended = desk.lint(&[]);
    ended.code(2).complains("b.yaml:2:10").complains("a.yaml extends b.yaml extends a.yaml");
    ended.complains("copydesk.yaml:4:5").complains("\"./gone.yaml\" is no file that can be extended");
    desk.write("in/b.yaml", b"rules: {image-alt: fatal, image-altt: off}\n");
    desk.lint(&[]).code(2).complains("b.yaml:1:20").complains("gone.yaml");
    desk.write("copydesk.yaml", b"extends: ./a.yaml\n");
    desk.write("in/b.yaml", b"rules: {image-altt: off, reading-time: {tolerence: 1}}\n");
    desk.lint(&[])
        .code(2)
        .complains("b.yaml:1:9")
        .complains("b.yaml:1:41")
        .complains("did you mean \"tolerance\"?");
    // A file that is extended in two ways says what is wrong with it once.
    desk.write("copydesk.yaml", b"extends: [./in/b.yaml, ./c.yaml]\n");
    desk.write("c.yaml", b"extends: ./in/b.yaml\n");
    let ended = desk.lint(&[]);
    assert_eq!(ended.code(2).stderr.matches("there is no rule").count(), 1, "{ended:?}");
    desk.write("copydesk.yaml", b"extends: ./copydesk.yaml\n");
    desk.lint(&[]).code(2).complains("copydesk.yaml extends copydesk.yaml");
    desk.write("copydesk.yaml", b"extends: [recomended]\n");
    desk.lint(&[]).code(2).complains("copydesk.yaml:1:11").complains("did you mean \"recommended\"?");
}

#[test]
fn a_long_chain_of_files_comes_to_an_end() {
    let desk = Desk::new(&[("copydesk.yaml", "extends: ./0.yaml\n"), ("a.md", GOOD)]);
    for number in 0..210 {
        let next = format!("extends: ./{}.yaml\n", number + 1);
        desk.write(&format!("{number}.yaml"), next.as_bytes());
    }
    desk.write("210.yaml", b"rules: {}\n");
    desk.lint(&[]).code(2).complains("this extends more than 200 files");
}

// --- Levels.

#[test]
fn all_rules_and_those_of_a_pack_have_a_name() {
    let desk = Desk::new(&[
        // What is said of one rule counts for more than what is said of all, wherever it stands.
        ("copydesk.yaml", "packs: [house]\nrules: {image-alt: info, '*': off, 'house/*': warning}\n"),
        ("house/door.md", &page("error", "door")),
        ("house/gate.md", &page("off", "gate")),
        ("a.md", "A door, a gate.\n\n![](/a.png)\n"),
    ]);
    let ended = desk.lint(&["a.md"]);
    ended.found(&["a.md:1:3 house/door", "a.md:1:11 house/gate", "a.md:3:1 image-alt"]);
    ended.says("warning house/gate").says("info image-alt");
    desk.lint(&["a.md", "--level", "house/*=default"]).found(&["a.md:1:3 house/door", "a.md:3:1 image-alt"]);
    desk.lint(&["a.md", "--level", "*=off", "--level", "house/gate=on"])
        .found(&["a.md:1:11 house/gate"])
        .says(": warning ");
    desk.lint(&["a.md", "--level", "image-alt=fatal"]).code(2).complains("is not a level: error, warning");
    desk.lint(&["a.md", "--level", "image-alt"]).code(2).complains("RULE=LEVEL");
    desk.write(
        "copydesk.yaml",
        b"packs: [house]\nrules: {'*': {level: off}, 'house/*': {level: info, fix: none}}\n",
    );
    desk.lint(&["a.md"]).found(&["a.md:1:3 house/door", "a.md:1:11 house/gate"]).says(": info ");
    desk.write("copydesk.yaml", b"rules: {'*': {min: 3}, 'houses/*': bad}\n");
    let ended = desk.lint(&["a.md"]);
    ended.code(2).complains("copydesk.yaml:1:15").complains("\"min\"");
    desk.write("copydesk.yaml", b"packs: [house]\nrules: {'houses/*': off}\n");
    desk.lint(&["a.md"])
        .code(2)
        .complains("there is no pack \"houses\"")
        .complains("did you mean \"house/*\"?");
}

// --- Fixes.

/// What the JSON report says of the fix of each finding, by its rule.
fn safeties(desk: &Desk, arguments: &[&str]) -> Vec<(String, String)> {
    let json = desk.lint(&[&["--format", "json", "a.md"], arguments].concat()).json();
    let findings = json["findings"].as_array().expect("findings").iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("none").to_owned();
    findings.map(|finding| (text(&finding["rule"]), text(&finding["fix"]["safety"]))).collect()
}

fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(rule, safety)| ((*rule).to_owned(), (*safety).to_owned())).collect()
}

#[test]
fn a_user_has_a_say_over_the_fixes_of_rules() {
    let pack = "---\nsummary: a door is a gate here\nlevel: error\nfix: safe\ncheck:\n  substitution: {message: 'write \"{{expected}}\"', scope: [text], swap: {door: gate}, fix: safe}\n---\n\nNot.\n";
    let desk = Desk::new(&[
        ("house/door.md", pack),
        ("a.md", "---\ntitle: T\nreadingTime: 12\n---\n\nA door by a door, on on the hill.\n\n### Late.\n"),
    ]);
    let only = &["--only", "reading-time,repeated-word,heading-increment,heading-punctuation,house/*"][..];
    let (time, twice) = (("reading-time", "safe"), ("repeated-word", "unsafe"));
    let config = |rules: &str| {
        let text = format!("packs: [house]\ncollections:\n  - {{name: all, files: '**', rules: {rules}}}\n");
        desk.write("copydesk.yaml", text.as_bytes());
    };
    let doors = |safety| [("house/door", safety), ("house/door", safety)];
    let rest = ("heading-punctuation", "safe");
    config("{}");
    let [first, second] = doors("safe");
    assert_eq!(safeties(&desk, only), said(&[time, first, second, twice, rest]));
    // One rule, all rules, a pack; and one rule that all others are not like, wherever it stands.
    config("{repeated-word: {fix: safe}, heading-punctuation: {fix: none}}");
    let expected = [time, first, second, ("repeated-word", "safe"), ("heading-punctuation", "none")];
    assert_eq!(safeties(&desk, only), said(&expected));
    config("{'house/*': {fix: none}}");
    let [first, second] = doors("none");
    assert_eq!(safeties(&desk, only), said(&[time, first, second, twice, rest]));
    config("{repeated-word: {fix: safe}, '*': {fix: unsafe}, reading-time: {fix: default}}");
    let [first, second] = doors("unsafe");
    let expected = [time, first, second, ("repeated-word", "safe"), ("heading-punctuation", "unsafe")];
    assert_eq!(safeties(&desk, only), said(&expected));
    let summary = desk.lint(&[&["--format", "json", "a.md"], only].concat()).json()["summary"].clone();
    assert_eq!((&summary["fixable"]["safe"], &summary["fixable"]["unsafe"]), (&2.into(), &3.into()));
}

#[test]
fn trust_in_fixes_that_there_are_not_is_named_with_its_place() {
    let desk = Desk::new(&[("copydesk.yaml", ""), ("a.md", "---\ntitle: T\n---\n\nText.\n")]);
    let said = |config: &str| {
        desk.write("copydesk.yaml", config.as_bytes());
        desk.lint(&["--only", "duplicate-heading"]).code(0).stderr.clone()
    };
    for config in [
        "rules: {duplicate-heading: {fix: safe}}\n",
        "collections: [{name: all, files: '**', rules: {duplicate-heading: {fix: unsafe}}}]\n",
    ] {
        let said = said(config);
        let place = format!("copydesk.yaml:1:{}", config.find("fix").unwrap() + 1);
        assert!(said.contains(&place) && said.contains("\"duplicate-heading\" has no fixes"), "{said}");
    }
    for config in ["{'*': {fix: safe}}", "{duplicate-heading: {fix: none}}", "{single-title: {fix: safe}}"] {
        assert_eq!(said(&format!("rules: {config}\n")), "");
    }
}

#[test]
fn to_speak_of_fixes_turns_no_rule_on_and_takes_no_options_away() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "extends: none\nrules: {'*': {fix: none}, image-alt: {fix: none}, single-title: {}}\n",
        ),
        ("a.md", "---\ntitle: T\n---\n\n# T\n\n![](/a.png)\n"),
    ]);
    desk.lint(&[]).code(1).found(&["a.md:5:1 single-title"]);
    let config = "rules:\n  reading-time: {tolerance: 3}\n  image-alt: {fix: none}\ncollections:\n  - {name: all, files: '**', rules: {reading-time: {fix: unsafe}}}\n";
    desk.write("copydesk.yaml", config.as_bytes());
    let ended = desk.run(&["config", "a.md"]);
    ended.says("  image-alt:\n    level: error  # recommended\n    fix: none  # copydesk.yaml:3\n");
    ended.says("    level: error  # recommended\n    fix: unsafe  # collection \"all\" (copydesk.yaml:5)\n");
    ended.says("    tolerance: 3  # copydesk.yaml:2\n");
    assert_eq!(ended.stdout.matches(" fix: ").count(), 2, "{ended:?}");
    let json = desk.run(&["config", "a.md", "--format", "json"]).json();
    assert_eq!(json["rules"]["reading-time"]["fix"]["value"], "unsafe");
    assert_eq!(
        json["rules"]["single-title"]["fix"],
        serde_json::json!({"value": "default", "from": "default"})
    );
    desk.write("copydesk.yaml", b"rules: {image-alt: {fix: save}}\n");
    desk.lint(&[])
        .code(2)
        .complains("copydesk.yaml:1:26")
        .complains("none of \"none\", \"safe\", \"unsafe\", \"default\"");
    // The page of a rule cannot take the word for an option of its own.
    let rule = page("error", "door")
        .replace("check:", "options:\n  fix: {description: what to do, default: a, source: a guess}\ncheck:");
    desk.write("house/door.md", rule.as_bytes());
    desk.write("copydesk.yaml", b"packs: [house]\n");
    desk.lint(&[]).code(2).complains("door.md:6:3");
}

// --- Collections.

#[test]
fn collections_are_laid_over_each_other_setting_by_setting() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "rules: {reading-time: {tolerance: 0}}
collections:
  - name: posts
    files: posts/**
    roles: {reading-time: minutes, excerpt: teaser}
    rules: {reading-time: {level: warning, words-per-minute: 1}, image-alt: off}
  - name: long
    files: posts/long/**
    roles: {reading-time: meta.minutes}
    rules: {reading-time: {tolerance: 5}}
",
        ),
        ("posts/a.md", "---\nminutes: 9\n---\nOne two. ![](/a.png)\n"),
        ("posts/long/b.md", "---\nminutes: 9\nmeta: {minutes: 9}\n---\nOne two. ![](/a.png)\n"),
        ("c.md", "---\nminutes: 9\nreadingTime: 2\n---\nOne two.\n"),
    ]);
    let ended = desk.lint(&[]);
    ended.found(&[
        "c.md:3:14 reading-time",
        "posts/a.md:2:10 reading-time",
        "posts/long/b.md:3:17 reading-time",
    ]);
    ended.says("posts/a.md:2:10: warning reading-time: the reading time is 9 minutes, but 3 words take 3");
    desk.lint(&["-o", "reading-time.tolerance=7"]).found(&[]);
}

#[test]
fn the_mistakes_of_all_collections_are_shown_though_no_file_is_theirs() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "collections:
  - {name: a, files: 'a/**', schema: gone.json}
  - {name: b, files: ['b/**', '{b'], rules: {image-altt: off}}
  - {name: c, files: 'c/**', exclude: '{c', rules: {reading-time: {tolerence: 1}}}
  - {name: d, files: 'd/**', rules: {category-tiers: {main-tier: other}}}
  - {name: d, files: 'd/**'}
",
        ),
        ("x.md", GOOD),
    ]);
    let ended = desk.lint(&["x.md"]);
    for place in ["2:38", "3:31", "3:46", "4:39", "4:68", "5:38", "6:12"] {
        ended.code(2).complains(&format!("copydesk.yaml:{place}"));
    }
}

#[test]
fn a_collection_may_only_make_sense_on_top_of_another() {
    let tiers = "rules: {category-tiers: {tiers: [kind, place], main-tier: kind}}";
    let on_top = "rules: {category-tiers: {main-tier: place}}";
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            &format!(
                "collections:\n  - {{name: a, files: 'a/**', {tiers}}}\n  - {{name: b, files: '**/b/**', {on_top}}}\n"
            ),
        ),
        ("a/b/x.md", GOOD),
    ]);
    desk.lint(&[]).code(0);
    desk.write("b/y.md", GOOD.as_bytes());
    desk.lint(&[]).code(2).complains("copydesk.yaml:3:41").complains("none of the tiers");
}

// --- What it comes to.

#[test]
fn the_config_of_a_file_is_shown_with_the_origin_of_each_part() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "extends: [recommended, ./house.yaml]
collections:
  - name: posts
    files: posts/**
    schema: article
    roles: {description: seo.text}
    rules:
      reading-time: {tolerance: 2}
",
        ),
        ("house.yaml", "rules:\n  image-alt: warning\n  reading-time: {words-per-minute: 250}\n"),
    ]);
    let ended = desk.run(&["config", "posts/a.md", "--level", "heading-increment=info", "--skip", "schema"]);
    ended.code(0).says("configs:\n  - copydesk.yaml\n  - house.yaml\ncollections:\n  - posts\n");
    ended.says("schema: article  # collection \"posts\" (copydesk.yaml:5)\n");
    ended
        .says("  title: title  # default\n")
        .says("  description: seo.text  # collection \"posts\" (copydesk.yaml:6)");
    ended.says("  image-alt: warning  # house.yaml:2\n").says("  heading-increment: info  # command line\n");
    ended.says(
        "  reading-time:\n    level: error  # recommended\n    words-per-minute: 250  # house.yaml:3\n",
    );
    ended
        .says("    tolerance: 2  # collection \"posts\" (copydesk.yaml:8)\n")
        .says("    rounding: up  # default\n");
    assert!(!ended.stdout.contains("  schema: off"), "{ended:?}");
    desk.run(&["config", "posts/a.md", "--skip", "schema", "--all"]).says("  schema: off  # command line\n");

    let text = desk.run(&["config", "posts/a.md", "--all"]).stdout;
    let read: serde_json::Value = serde_yaml::from_str(&text).expect("it is YAML");
    let json = desk.run(&["config", "posts/a.md", "--all", "--format", "json"]).json();
    assert_eq!(
        read["rules"]["reading-time"]["tolerance"],
        json["rules"]["reading-time"]["options"]["tolerance"]["value"]
    );
    assert_eq!(json["rules"]["image-alt"]["level"]["from"], "house.yaml:2");
    assert_eq!(
        read["rules"]["category-tiers"]["tiers"],
        json["rules"]["category-tiers"]["options"]["tiers"]["value"]
    );
    assert_eq!(read["rules"]["schema"], "error");

    desk.run(&["config"])
        .code(0)
        .says("collections: []\nschema: null\n")
        .says("configs:\n  - copydesk.yaml\n");
    desk.run(&["config", "--only", "image-altt"]).code(2).complains("did you mean \"image-alt\"?");
}

#[test]
fn files_are_listed_with_what_they_belong_to_and_why_others_are_not() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "exclude: [old/**]\ncollections:\n  - {name: posts, files: 'posts/**', schema: article}\n  - {name: long, files: 'posts/long/**'}\n",
        ),
        (".gitignore", "drafts/*\n"),
        ("posts/long/a.md", BAD),
        ("posts/b.md", BAD),
        ("c.md", BAD),
        ("old/d.md", BAD),
        ("drafts/e.md", BAD),
        ("notes.txt", ""),
    ]);
    let ended = desk.run(&["files"]);
    assert_eq!(ended.code(0).stdout, "c.md\nposts/b.md\nposts/long/a.md\n");
    let ended = desk.run(&["files", "-v", "posts", "c.md"]);
    assert_eq!(
        ended.stdout,
        "c.md             -            -\nposts/b.md       posts        article\nposts/long/a.md  posts, long  article\n"
    );
    let ended = desk.run(&["files", "--skipped"]);
    assert_eq!(
        ended.stdout,
        "drafts/e.md: hidden, or listed in a .gitignore or .ignore\nold/d.md: excluded by the config\n"
    );
    let json = desk.run(&["files", "--format", "json"]).json();
    assert_eq!(json["files"][2]["collections"], serde_json::json!(["posts", "long"]));
    assert_eq!(json["files"][2]["config"], "copydesk.yaml");
    assert_eq!(json["skipped"][1]["path"], "old/d.md");
    desk.run(&["files", "drafts"]).code(2).complains("no file was checked");
    desk.run(&["files", "nowhere"]).code(2).complains("does not exist");
}

/// A rule page that forbids a word.
fn page(level: &str, word: &str) -> String {
    format!(
        "---\nsummary: the word is not written here\nlevel: {level}\nfix: none\ncheck:\n  existence: {{message: '\"{{match}}\"', scope: [text], tokens: [{word}]}}\n---\n\nNot.\n"
    )
}
