//! Rules about many articles, from the command line: which articles they know, and what becomes of what they find.
//! duplicate-slug stands for all of them.

use super::cli::Desk;

fn article(slug: &str) -> String {
    format!("---\ntitle: A door of oak and iron, drawn by hand\nslug: {slug}\n---\n\nA door.\n")
}

/// A site with a config: two articles of one slug, one of another.
fn site() -> Desk {
    let desk =
        Desk::new(&[("copydesk.yaml", "rules: {'*': off, duplicate-slug: error, suppression: warning}\n")]);
    for (path, slug) in [("posts/a.md", "doors"), ("posts/b.md", "doors"), ("posts/c.md", "hinges")] {
        desk.write(path, article(slug).as_bytes());
    }
    desk
}

#[test]
fn what_is_found_does_not_depend_on_which_files_were_named() {
    let desk = site();
    let both = ["posts/a.md:3:7 duplicate-slug", "posts/b.md:3:7 duplicate-slug"];
    desk.lint(&[]).found(&both).code(1);
    desk.lint(&["posts"]).found(&both);
    desk.lint(&["posts/a.md"]).found(&both[..1]).says("1 article checked");
    desk.lint(&["posts/c.md"]).found(&[]).code(0);
    desk.stdin(&["lint", "--stdin-file-path", "posts/new.md"], article("hinges").as_bytes())
        .found(&["posts/new.md:3:7 duplicate-slug"]);
    // What comes by standard input takes the place of the file.
    desk.stdin(&["lint", "--stdin-file-path", "posts/a.md"], article("walls").as_bytes()).found(&[]).code(0);
}

#[test]
fn alone_means_only_what_is_named() {
    let desk = site();
    desk.lint(&["--alone", "posts/a.md"]).found(&[]).code(0);
    desk.lint(&["--alone", "posts/a.md", "posts/b.md"])
        .found(&["posts/a.md:3:7 duplicate-slug", "posts/b.md:3:7 duplicate-slug"]);
}

#[test]
fn without_a_config_there_is_no_site_but_what_is_named() {
    let desk = Desk::new(&[("a.md", &article("doors")), ("b.md", &article("doors"))]);
    let only = ["--only", "duplicate-slug"];
    desk.lint(&[&only[..], &["a.md"]].concat()).found(&[]).code(0);
    desk.lint(&only).found(&["a.md:3:7 duplicate-slug", "b.md:3:7 duplicate-slug"]);
}

#[test]
fn each_config_is_a_site_of_its_own() {
    let desk = site();
    desk.write("shop/copydesk.yaml", b"rules: {'*': off, duplicate-slug: error}\n");
    desk.write("shop/d.md", article("doors").as_bytes());
    desk.lint(&["shop"]).found(&[]).code(0);
    desk.lint(&[]).found(&["posts/a.md:3:7 duplicate-slug", "posts/b.md:3:7 duplicate-slug"]);
}

#[test]
fn articles_that_the_config_leaves_out_are_not_known() {
    let desk = site();
    desk.write("copydesk.yaml", b"exclude: posts/b.md\nrules: {'*': off, duplicate-slug: error}\n");
    desk.lint(&["posts/a.md"]).found(&[]).code(0);
    desk.lint(&[]).found(&[]).code(0);
}

#[test]
fn suppressions_hold_and_needless_ones_are_named() {
    let desk = site();
    let suppressed = article("doors # copydesk-ignore duplicate-slug: both are served");
    desk.write("posts/a.md", suppressed.as_bytes());
    let needless = article("hinges # copydesk-ignore duplicate-slug: nothing there");
    desk.write("posts/c.md", needless.as_bytes());
    let expected = ["posts/b.md:3:7 duplicate-slug", "posts/c.md:3:14 suppression"];
    desk.lint(&[]).found(&expected).says("1 suppressed").says("3 articles checked");
    desk.lint(&["posts/c.md"]).found(&expected[1..]);
    desk.lint(&["--report-suppressed", "posts/a.md"]).says("both are served");
    // By itself nobody knows whether it is needed.
    desk.lint(&["--alone", "--only", "suppression", "posts/c.md"]).found(&[]).code(0);
    desk.lint(&["--no-suppressions"]).says("2 errors");
}

#[test]
fn what_others_say_is_suppressed_like_all_else() {
    let desk = site();
    desk.run(&["suppress", "--reason", "known"]).code(0).says("2 findings suppressed");
    desk.lint(&[]).found(&[]).code(0).says("2 suppressed");
}

#[test]
fn a_run_that_fixes_reports_what_is_found_afterwards() {
    let desk = site();
    desk.write("copydesk.yaml", b"rules: {'*': off, duplicate-slug: error, slug-format: error}\n");
    desk.write("posts/c.md", article("Doors").as_bytes());
    desk.lint(&["--fix", "--unsafe-fixes"]).code(1).found(&[
        "posts/a.md:3:7 duplicate-slug",
        "posts/b.md:3:7 duplicate-slug",
        "posts/c.md:3:7 duplicate-slug",
    ]);
    let mended = desk.stdin(
        &["lint", "--fix", "--unsafe-fixes", "--stdin-file-path", "posts/d.md"],
        article("Doors").as_bytes(),
    );
    assert!(mended.stdout.contains("slug: doors"), "{mended:?}");
    mended.complains("posts/d.md:3:7: error duplicate-slug");
}

#[test]
fn without_a_config_majorities_count_in_the_folders_that_are_named() {
    let desk = Desk::new(&[]);
    for (name, tier) in [("a", "general"), ("b", "general"), ("c", "medium")] {
        let text = format!("---\ncategories: [{{type: {tier}, name: Doors}}]\n---\n\nA door.\n");
        desk.write(&format!("posts/{name}.md"), text.as_bytes());
    }
    let only = ["--only", "category-conflict"];
    let found = ["posts/c.md:2:35 category-conflict"];
    desk.lint(&[&only[..], &["posts"]].concat()).found(&found);
    desk.lint(&only).found(&found);
    // Of some files nobody knows whether they are most.
    desk.lint(&[&only[..], &["posts/a.md", "posts/b.md", "posts/c.md"]].concat()).found(&[]);
}
