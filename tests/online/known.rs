//! What a baseline knows of the web: dead addresses are known, and gone only where somebody asked.

use super::super::web::Server;
use super::{Office, host};

#[test]
fn what_the_web_would_have_to_say_is_gone_only_where_it_was_asked_and_has_answered() {
    let server = Server::new();
    let dead = server.at(&host(1), "/status-404");
    let office = Office::new(&server).with("retries", "0").images("a.md", &[&dead]);
    let lint = |arguments: &[&str]| {
        office.run(
            &[&["lint", "--no-cache", "--only", "image-reachable", "--format", "json"], arguments].concat(),
        )
    };
    lint(&["--online", "--write-baseline", "known.jsonl"]).code(0);
    let strict = |arguments: &[&str]| {
        let ended = lint(&[&["--baseline", "known.jsonl", "--strict-baseline"], arguments].concat());
        let json = ended.json();
        let number = |key: &str| json["summary"]["baselined"][key].as_u64().expect("it is a number");
        (ended.code, number("known"), number("gone"))
    };
    assert_eq!(strict(&["--online"]), (0, 1, 0));
    assert_eq!(strict(&[]), (0, 0, 0));
    // Another one in its place, of which nobody knows: the first may be as dead as ever.
    office.desk.write("a.md", format!("![A door]({})\n", server.at(&host(2), "/status-503")).as_bytes());
    assert_eq!(strict(&["--online"]), (0, 0, 0));
    office.desk.write("a.md", format!("![A door]({})\n", server.at(&host(3), "/png")).as_bytes());
    assert_eq!(strict(&[]), (0, 0, 0));
    assert_eq!(strict(&["--online"]), (1, 0, 1));
    let prune = |arguments: &[&str]| {
        let named =
            ["baseline", "prune", "--no-cache", "--only", "image-reachable", "--baseline", "known.jsonl"];
        office.run(&[&named, arguments].concat())
    };
    prune(&[]).code(0).says("0 findings taken out");
    prune(&["--online"]).code(0).says("1 finding taken out of the baseline \"known.jsonl\", 0 left");
}
