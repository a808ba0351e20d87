//! Links within a site from the command line: on small sites that are made for it.

use super::cli::{Desk, Ended};

impl Ended {
    /// The lines about findings, without their places in the file.
    #[track_caller]
    fn tells(&self, expected: &[&str]) -> &Self {
        let lines =
            self.stdout.lines().filter(|line| line.contains(": error ") || line.contains(": warning "));
        let told: Vec<&str> = lines.collect();
        assert_eq!(told, expected, "{self:?}");
        self
    }
}

const HUGO: &str = "site: {preset: hugo, url: 'https://doors.test/shop/'}\n";

/// Each rule about links within a site, alone.
fn only(rule: &str) -> [&str; 2] {
    ["--only", rule]
}

#[test]
fn without_a_config_paths_are_judged_and_addresses_are_not() {
    let desk = Desk::new(&[
        ("a.md", "[b](b.md) [c](c.md) [d](/d/) [e](e/) [f](../f.md) [g](in/g.png) [h](in/h.md#i)\n"),
        ("b.md", "[a](./A.md)\n"),
        ("in/h.md", "# H\n"),
    ]);
    desk.lint(&only("broken-link")).code(1).tells(&[
        "a.md:1:15: error broken-link: there is no file \"c.md\"",
        "a.md:1:55: error broken-link: there is no file \"in/g.png\"",
        "b.md:1:5: error broken-link: \"A.md\" is spelt \"a.md\" [fix]",
    ]);
    desk.lint(&only("broken-anchor"))
        .code(1)
        .tells(&["a.md:1:69: error broken-anchor: \"in/h.md\" has no anchor \"i\""]);
}

#[test]
fn what_was_not_looked_at_is_not_missing() {
    let desk = Desk::new(&[
        ("site/a.md", "[b](b.md) [c](../c.md) [d](d/e.md) [f](f.md)\n"),
        ("site/b.md", "B\n"),
        ("c.md", "C\n"),
        ("site/d/e.md", "E\n"),
    ]);
    // The folder of a file that is named, but none below or above it.
    desk.lint(&["--only", "broken-link", "site/a.md"])
        .tells(&["site/a.md:1:40: error broken-link: there is no file \"site/f.md\""]);
    desk.lint(&["--only", "broken-link", "site"])
        .tells(&["site/a.md:1:40: error broken-link: there is no file \"site/f.md\""]);
    let mut inside = desk.command(&["lint", "--only", "broken-link", "../a.md"]);
    let ended = Ended::of(&inside.current_dir(desk.path().join("site/d")).output().expect("it starts"));
    ended.found(&["../a.md:1:40 broken-link"]);
}

#[test]
fn folders_of_other_programs_are_not_judged() {
    let desk = Desk::new(&[
        ("copydesk.yaml", ""),
        ("a.md", "[b](node_modules/b.md) [c](out/c.html) [d](out/d.md) [e](oute/d.md)\n"),
        ("out/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55"),
    ]);
    desk.lint(&only("broken-link")).tells(&["a.md:1:58: error broken-link: there is no file \"oute/d.md\""]);
}

#[test]
fn a_site_has_addresses() {
    let desk = Desk::new(&[
        ("copydesk.yaml", HUGO),
        ("content/_index.md", "[doors](/posts/doors/) [oak](/shop/posts/oak) [x](/posts/dors/)\n"),
        (
            "content/posts/doors.md",
            "---\naliases: [/old/]\n---\n[o](../oak/) [o](oak.md) [x](oak/) [x](../ash/)\n",
        ),
        ("content/posts/tree.md", "---\nslug: oak\n---\n![a](/img/a.png) ![x](/img/b.png) [t](/tags/a/)\n"),
        (
            "content/posts/oak.md",
            "---\nslug: elm\n---\n[o](https://doors.test/shop/old) [x](https://doors.test/shop/older)\n",
        ),
        ("content/posts/red/index.md", "![b](b.png) [y](https://doors.test/else) [z](https://b.test/c)\n"),
        ("content/posts/red/b.png", ""),
        ("static/img/a.png", ""),
    ]);
    desk.lint(&only("broken-link")).tells(&[
        "content/_index.md:1:51: error broken-link: the site has no page at \"/posts/dors\" [unsafe fix]",
        "content/posts/doors.md:4:40: error broken-link: the site has no page at \"/posts/ash\"",
        "content/posts/oak.md:4:38: error broken-link: the site has no page at \"/older\"",
        "content/posts/tree.md:4:23: error broken-link: there is no file \"static/img/b.png\" [unsafe fix]",
    ]);
    // Addresses of articles that nobody looked at are not known.
    desk.lint(&["--only", "broken-link", "--alone", "content/_index.md"]).code(0);
    desk.lint(&["--only", "broken-link", "content/_index.md"]).tells(&[
        "content/_index.md:1:51: error broken-link: the site has no page at \"/posts/dors\" [unsafe fix]",
    ]);
    desk.lint(&["--only", "broken-link", "--fix", "--unsafe-fixes"]);
    assert!(String::from_utf8_lossy(&desk.bytes("content/_index.md")).contains("[x](/shop/posts/doors/)"));
}

#[test]
fn an_article_that_is_left_out_has_its_address_all_the_same() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "exclude: [content/old/**]\nsite: {preset: hugo}\n"),
        ("content/a.md", "[b](/old/b/) [c](/old/c/) [d](old/b.md)\n"),
        ("content/old/b.md", "B\n"),
    ]);
    desk.lint(&only("broken-link"))
        .tells(&["content/a.md:1:18: error broken-link: the site has no page at \"/old/c\""]);
}

#[test]
fn fixes_write_what_was_meant() {
    let desk = Desk::new(&[
        ("copydesk.yaml", ""),
        (
            "a.md",
            "[b](B.MD#c) ![d](<old/door (1).png> 't') <a href='x/hinges.md?y=1&amp;z=2'>e</a> [f](hinge.md)\n",
        ),
        ("b.md", "## C\n"),
        ("img/door (1).png", ""),
        ("hinges.md", "H\n"),
    ]);
    desk.lint(&["--only", "broken-link", "--fix"]);
    let text = || String::from_utf8(desk.bytes("a.md")).expect("it is text");
    assert!(text().starts_with("[b](b.md#c) ![d](<old/"), "{}", text());
    desk.lint(&["--only", "broken-link", "--fix", "--unsafe-fixes"]);
    assert_eq!(
        text(),
        "[b](b.md#c) ![d](<img/door%20%281%29.png> 't') <a href='x/hinges.md?y=1&amp;z=2'>e</a> [f](hinges.md)\n"
    );
}

#[test]
fn anchors_are_those_of_the_text_as_it_becomes() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "extends: none\nrules: {broken-anchor: error, heading-punctuation: error}\n"),
        ("a.md", "[b](#hinges-1) [c](b.md#oak)\n\n## Hinges.\n"),
        ("b.md", "## Oaks.\n"),
    ]);
    desk.lint(&["--fix", "--unsafe-fixes"]).code(0);
    assert_eq!(desk.bytes("a.md"), b"[b](#hinges) [c](b.md#oaks)\n\n## Hinges\n");
}

#[test]
fn an_article_that_cannot_be_read_has_anchors_that_nobody_knows() {
    let desk = Desk::new(&[("a.md", "[b](b.md#c)\n")]);
    desk.write("b.md", b"## C\xFF\n");
    desk.lint(&only("broken-anchor")).code(0);
}

#[test]
fn suppressed_links_are_left_alone() {
    let desk = Desk::new(&[(
        "a.md",
        "<!-- copydesk-ignore broken-link: it comes on Monday -->\n[b](b.md)\n\n[c](c.md)\n\n\
         <!-- copydesk-ignore broken-link: it is there -->\n[a](a.md)\n",
    )]);
    desk.lint(&["--only", "broken-link", "--only", "suppression"])
        .found(&["a.md:4:5 broken-link", "a.md:6:1 suppression"])
        .says("1 suppressed");
}

#[test]
fn drafts_are_told_from_the_front_matter() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "collections: [{name: all, files: '**', roles: {draft: state.hidden}}]\n"),
        ("a.md", "[b](b.md) [c](c.md)\n"),
        ("b.md", "---\nstate: {hidden: true}\n---\n"),
        ("c.md", "---\nstate: {hidden: false}\n---\n[b](b.md)\n"),
    ]);
    desk.lint(&only("draft-linked")).found(&["a.md:1:5 draft-linked", "c.md:4:5 draft-linked"]);
}

#[test]
fn what_nobody_uses_is_told_where_all_is_known() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules: {orphan: warning, unused-image: warning}\n"),
        ("a.md", "[b](in/b.md) ![](img/a.png)\n"),
        ("in/b.md", "![](b.png)\n"),
        ("in/b.png", ""),
        ("in/c.png", ""),
        ("img/a.png", ""),
        ("img/d e.png", "\u{1b}[31m"),
        (".hidden/e.png", ""),
    ]);
    let arguments = ["--only", "orphan", "--only", "unused-image"];
    desk.lint(&arguments).tells(&[
        "a.md:1:1: warning orphan: no other article links to this one",
        "img/d e.png: warning unused-image: no article uses this image",
        "in/c.png: warning unused-image: no article uses this image",
    ]);
    let json = desk.lint(&[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(json["findings"][1]["path"], "img/d e.png");
    desk.lint(&[&arguments[..], &["--format", "pretty"]].concat())
        .says("img/d e.png")
        .says("no article uses");
    // The image is told of with the first article of its folder, or above.
    desk.lint(&[&arguments[..], &["in/b.md"]].concat())
        .tells(&["in/c.png: warning unused-image: no article uses this image"]);
    desk.lint(&[&arguments[..], &["--alone", "in/b.md"]].concat()).code(0).tells(&[]);
    let mut inside = desk.command(&["lint", "--only", "unused-image"]);
    let ended = Ended::of(&inside.current_dir(desk.path().join("in")).output().expect("it starts"));
    ended.tells(&["c.png: warning unused-image: no article uses this image"]);
}

#[test]
fn many_broken_links_take_no_time_of_their_own() {
    // Each is held against few names, however many there are.
    let files: Vec<(String, String)> = (0..100)
        .map(|number| {
            let links: Vec<String> = (0..60).map(|link| format!("[a](door-{number}-{link}.md)\n")).collect();
            (format!("doors/door-{number}.md"), links.concat())
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let desk = Desk::new(&files);
    let ended = desk.lint(&only("broken-link"));
    ended.code(1).says("6000 errors");
}
