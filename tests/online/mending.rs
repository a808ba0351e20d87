//! Fixes by what the web says, and runs that mend.

use std::fs;

#[cfg(unix)]
use super::super::interactive::Session;
use super::super::web::Server;
use super::Office;

/// It looks at what others have asked, and asks nothing unless it is told to.
const MOVED: [&str; 4] = ["--only", "redirect-permanent", "-o", "redirect-permanent.ask=true"];

fn text(office: &Office<'_>, path: &str) -> String {
    fs::read_to_string(office.desk.path().join(path)).expect("it is there")
}

/// An article with what has moved for good, what has moved for now, and what has not.
fn article(server: &Server) -> String {
    let [moved, lent, still] =
        ["/redirect-301?/new/png", "/redirect-302?/lent/png", "/png"].map(|path| server.at("a.test", path));
    format!(
        "---\ntitle: Doors\nimage: {moved}\n---\n![A door]({moved})\n\n![A door]({lent})\n\n[A door]({still})\n"
    )
}

#[test]
fn the_new_address_is_written_where_somebody_wants_it() {
    let server = Server::new();
    let old = article(&server).replace("/new/png", "/png/new").replace("/lent/png", "/png/lent");
    let office = Office::new(&server).article("a.md", &old);
    let report = office.online(&MOVED);
    let found = report.found();
    assert!(found.len() == 2 && found.iter().all(|found| found.level == "info"), "{found:?}");
    assert_eq!(report.json["summary"]["fixable"]["unsafe"], 2);
    report.ended.code(0);
    // It is unsafe: the old one may have been meant.
    office.run(&[&["lint", "--online", "--fix"][..], &MOVED].concat()).code(0);
    assert_eq!(text(&office, "a.md"), old);
    let requests = server.log().len();
    let diff = office.run(&[&["lint", "--online", "--diff", "--unsafe-fixes"][..], &MOVED].concat());
    let new = server.at("a.test", "/png/new");
    diff.code(1).says(&format!("+image: {new}")).says(&format!("+![A door]({new})"));
    assert_eq!(text(&office, "a.md"), old);
    let fixed = office.run(&[&["lint", "--online", "--fix", "--unsafe-fixes"][..], &MOVED].concat());
    fixed.code(0).says("fixed 2 findings in 1 file");
    assert_eq!(text(&office, "a.md"), old.replace(&server.at("a.test", "/redirect-301?/png/new"), &new));
    assert_eq!(server.log().len(), requests, "what is known is not asked again");
}

#[test]
fn a_way_that_is_not_for_good_to_its_end_is_taken_as_far_as_it_is() {
    let server = Server::new();
    let lent = server.at("a.test", "/redirect-302?/png");
    let moved = server.at("a.test", &format!("/redirect-301?{lent}"));
    let office = Office::new(&server).links("a.md", &[moved]);
    office.run(&[&["lint", "--online", "--fix", "--unsafe-fixes"][..], &MOVED].concat()).code(0);
    assert_eq!(text(&office, "a.md"), format!("[A door](<{lent}>)\n\n"));
}

#[test]
fn a_run_that_mends_asks_once() {
    let server = Server::new();
    let moved = server.at("a.test", "/redirect-301?/png");
    let office = Office::new(&server).images("a.md", &[&moved]).images("b.md", &[&moved]);
    let arguments = ["lint", "--online", "--no-cache", "--fix", "--unsafe-fixes"];
    office.run(&[&arguments[..], &MOVED].concat()).code(0).says("fixed 2 findings in 2 files");
    assert_eq!(
        (server.methods("/redirect-301?/png"), server.methods("/png")),
        ("HEAD".to_owned(), "HEAD".to_owned())
    );
}

#[test]
#[cfg(unix)]
fn somebody_is_asked_after_the_web_was() {
    let server = Server::new();
    let [first, second] =
        ["/redirect-301?/png/1", "/redirect-301?/png/2"].map(|path| server.at("a.test", path));
    let office = Office::new(&server).images("a.md", &[first, second.clone()]);
    let mut session =
        Session::of(&office.desk, &[&["--online", "--interactive", "--color", "never"][..], &MOVED].concat());
    session.answer("y").answer("n").code(0);
    let new = server.at("a.test", "/png/1");
    assert_eq!(text(&office, "a.md"), super::lines(&[new, second], "!"));
    assert_eq!(server.log().len(), 4);
}

#[test]
fn what_is_dead_at_its_end_is_no_new_address() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.at("a.test", "/redirect-301?/status-404")]);
    let old = text(&office, "a.md");
    let report = office.online(&["--fix", "--unsafe-fixes", "--only", "redirect-permanent,image-reachable"]);
    report.ended.code(1);
    assert_eq!((text(&office, "a.md"), report.found().len()), (old, 1), "{:?}", report.found());
}

#[test]
fn what_has_moved_is_seen_by_the_way() {
    let server = Server::new();
    let moved = server.at("a.test", "/redirect-301?/png");
    let office = Office::new(&server).images("a.md", &[&moved]).links("b.md", &[&moved]);
    let alone = office.run(&["lint", "--online", "--only", "redirect-permanent"]);
    alone.code(0).complains("nothing is asked");
    let report = office.online(&["--only", "redirect-permanent,image-reachable"]);
    let places: Vec<String> = report.found().into_iter().map(|found| found.path).collect();
    // The link is the same address, which was asked for the image.
    assert_eq!(places, ["a.md", "b.md"]);
}

#[test]
fn standard_input_is_asked_about_as_well() {
    let server = Server::new();
    let office = Office::new(&server);
    let input =
        super::lines(&[server.at("a.test", "/status-404"), server.at("a.test", "/redirect-301?/png")], "!");
    let arguments = [
        "lint",
        "--online",
        "--stdin-file-path",
        "deep/new.md",
        "--only",
        "image-reachable,redirect-permanent",
    ];
    let ended = office.desk.stdin(&arguments, input.as_bytes());
    ended.code(1).found(&["deep/new.md:1:12 image-reachable", "deep/new.md:3:12 redirect-permanent"]);
    let ended = office.desk.stdin(&[&arguments[..], &["--fix", "--unsafe-fixes"]].concat(), input.as_bytes());
    assert!(ended.stdout.contains(&server.at("a.test", "/png")), "{ended:?}");
    assert!(ended.stdout.contains("/status-404"), "{ended:?}");
}

#[test]
fn a_rehearsal_says_what_the_web_says() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.at("a.test", "/redirect-301?/png")]);
    let ended = office.run(&[&["lint", "--online", "--fix-dry-run", "--unsafe-fixes"][..], &MOVED].concat());
    ended.code(1).says("would fix 1 finding").says("asked 1 URL");
}
