//! Rules of one's own: pages in a folder that the config names.

use super::cli::Desk;

const PAGE: &str = "---
summary: words of the house style
level: warning
fix: none
check:
  existence: {message: 'the house does not write \"{match}\"', scope: [text], tokens: [gate]}
options:
  exceptions:
    description: Texts that are let pass.
    type: array
    items: {type: string}
    default: []
---

What the house calls a door.
";

fn desk(config: &str) -> Desk {
    Desk::new(&[
        ("copydesk.yaml", config),
        ("editorial/words/house-words.md", PAGE),
        ("editorial/README.md", "Our rules.\n"),
        ("posts/a.md", "A gate.\n"),
    ])
}

#[test]
fn the_rules_of_a_pack_run_and_can_be_set() {
    let all = desk("extends: none\npacks: [editorial/]\n");
    all.lint(&["posts"]).found(&["posts/a.md:1:3 editorial/house-words"]).says(": warning ");
    let words = "rules: {editorial/house-words: {level: error, exceptions: [gates]}}";
    let set = desk(&format!("packs: [editorial]\n{words}\n"));
    set.lint(&["posts"]).code(1).found(&["posts/a.md:1:3 editorial/house-words"]);
    set.lint(&["posts", "--skip", "editorial/*"]).found(&[]);
    set.lint(&["posts", "--only", "editorial/house-words"]).code(1);
    set.lint(&["posts", "-o", "editorial/house-words.exceptions=[gate]"]).found(&[]);
    set.lint(&["posts", "-o", "editorial/house-words.exceptions=gate"]).code(2).complains("should be a list");
    set.lint(&["posts", "-o", "editorial/house-words.exeptions=[]"]).code(2).complains("\"exceptions\"");
    set.lint(&["posts", "--only", "editorial/hous-words"])
        .code(2)
        .complains("did you mean \"editorial/house-words\"?");
    let wrong = desk("packs: [editorial]\nrules: {house-words: off}\n");
    wrong
        .lint(&["posts"])
        .code(2)
        .complains("copydesk.yaml:2:9")
        .complains("did you mean \"editorial/house-words\"?");
    let wrong = desk("packs: [editorial]\nrules: {editorial/house-words: {exceptions: gate}}\n");
    wrong.lint(&["posts"]).code(2).complains("copydesk.yaml:2:45");
    let named = desk("packs: [{path: ./editorial/words, name: house}]\nrules: {house/house-words: info}\n");
    named.lint(&["posts"]).found(&["posts/a.md:1:3 house/house-words"]).says(": info ");
}

#[test]
fn the_pages_of_a_pack_are_no_articles() {
    let desk = desk("packs: [./editorial/]\nextends: none\n");
    desk.lint(&[])
        .found(&["posts/a.md:1:3 editorial/house-words"])
        .says("skipped 2 files (in a pack of rules)");
    desk.lint(&["editorial/words/house-words.md"]).code(0).says("in a pack of rules");
}

#[test]
fn a_rule_of_a_pack_may_be_known_to_one_of_several_configs() {
    let desk = desk("packs: [editorial]\n");
    desk.write("other/copydesk.yaml", b"extends: none\nrules: {image-alt: on}\n");
    desk.write("other/b.md", b"A gate.\n");
    desk.lint(&["posts", "other", "--only", "editorial/house-words"])
        .found(&["posts/a.md:1:3 editorial/house-words"]);
    desk.lint(&["other", "--only", "editorial/house-words"]).code(2).complains("there is no rule");
}

#[test]
fn a_pack_is_explained_and_listed() {
    let desk = desk("packs: [editorial]\n");
    let ended = desk.run(&["explain", "editorial/house-words"]);
    ended.code(0).says("editorial/house-words (editorial)").says("What the house calls a door.");
    ended.says("Check: existence.").says("words/house-words.md\n");
    desk.run(&["explain", "house-words"]).code(2).complains("did you mean \"editorial/house-words\"?");
    desk.run(&["rules"]).code(0).says("editorial/house-words").says("heading-increment");
    let json = desk.run(&["rules", "--format", "json"]).json();
    let rule = json.as_array().unwrap().iter().find(|rule| rule["id"] == "editorial/house-words").unwrap();
    assert!(rule["url"].is_null());
    desk.write("other/x.yaml", b"extends: none\n");
    let ended = desk.run(&["rules", "--config", "other/x.yaml"]);
    assert!(!ended.code(0).stdout.contains("house-words"), "{ended:?}");
    // Who looks for the name of a rule may have a config that is not right yet.
    desk.write("copydesk.yaml", b"packs: [editorial]\nrules: {nothing: on}\n");
    desk.run(&["rules"]).code(0).says("editorial/house-words");
    desk.write("copydesk.yaml", b"packs: [gone]\n");
    desk.run(&["rules"]).code(2).says("heading-increment").complains("the pack \"gone\" is no folder");
    desk.run(&["explain", "heading-increment"]).code(0);
}

#[test]
fn the_mistakes_of_all_pages_are_shown_at_once() {
    let desk = desk("packs: [editorial]\n");
    desk.write(
        "editorial/built.md",
        PAGE.replace("check:\n  existence", "check: built-in\nreferences: []\n#").as_bytes(),
    );
    desk.write("editorial/key.md", PAGE.replace("summary:", "sumary:").as_bytes());
    desk.write("editorial/plain.md", b"No front matter.\n");
    desk.write("editorial/regex.md", PAGE.replace("[gate]", "['(gate']").as_bytes());
    desk.write("editorial/option.md", PAGE.replace("type: array", "type: aray").as_bytes());
    desk.write("editorial/default.md", PAGE.replace("default: []", "default: 7").as_bytes());
    desk.write("editorial/unread.md", PAGE.replace("exceptions:", "exemptions:").as_bytes());
    desk.write("editorial/bytes.md", b"---\nsummary: \xE9\n---\n");
    desk.write("editorial/two words.md", PAGE.as_bytes());
    desk.write("editorial/more/house-words.md", PAGE.as_bytes());
    let ended = desk.lint(&["posts"]);
    ended.code(2).complains("built.md:5:8").complains("a rule of a pack cannot be built in");
    ended.complains("key.md:2:1").complains("did you mean \"summary\"?");
    ended.complains("plain.md:1:1").complains("a rule page begins with a front matter");
    ended.complains("regex.md:6:").complains("option.md:10:11").complains("default.md:12:14");
    ended.complains("unread.md:8:3").complains("nothing in this rule reads the option \"exemptions\"");
    ended.complains("bytes.md:2:10").complains("not UTF-8");
    ended.complains("\"editorial/two words\" cannot be the name of a rule");
    ended.complains("more/house-words.md:1:1").complains("words/house-words.md:1:1");
    ended.complains("two pages are called \"editorial/house-words\"");
}

#[test]
fn the_name_of_a_pack_is_plain_and_its_own() {
    let config = "extends: ./shared/house.yaml\npacks: [editorial, gone, posts, {path: editorial, name: copydesk}, {path: editorial, name: 'a b'}]\n";
    let desk = desk(config);
    desk.write("shared/house.yaml", b"packs: [editorial]\n");
    desk.write("shared/editorial/other.md", PAGE.as_bytes());
    let ended = desk.lint(&["posts"]);
    ended
        .code(2)
        .complains("two packs are called \"editorial\"")
        .complains("house.yaml:1:9")
        .complains("copydesk.yaml:2:9");
    ended.complains("the pack \"gone\" is no folder").complains("stands for the rules of copydesk itself");
    ended.complains("\"a b\" cannot be the name of a pack").complains("copydesk.yaml:2:92");
    // The same folder may be named twice.
    desk.write("copydesk.yaml", b"extends: ./shared/house.yaml\npacks: [shared/editorial]\n");
    desk.lint(&["posts"]).code(0).found(&["posts/a.md:1:3 editorial/other"]);
}
