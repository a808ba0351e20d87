//! What a reply counts for, and what is said of it.

use std::net::TcpListener;

use super::super::web::Server;
use super::Said::{self, Fine, Wrong};
use super::{DEAD, Office, host};

fn unverified(part: &str) -> Said<'_> {
    Wrong("warning", "image-reachable", part)
}

#[test]
fn dead_is_what_will_be_so_tomorrow_and_all_else_is_not_known() {
    let server = Server::new();
    let report = Office::new(&server).with("retries", "0").judges(&[
        ("/png", Fine),
        ("/status-404", DEAD),
        ("/status-410", Wrong("error", "image-reachable", "410 Gone")),
        ("/status-400", unverified("400")),
        ("/status-401", unverified("401")),
        ("/status-403", unverified("403")),
        ("/status-405", unverified("405")),
        ("/status-418", unverified("418")),
        ("/status-451", unverified("451")),
        ("/status-500", unverified("500")),
        ("/status-501", unverified("501")),
        ("/status-502", unverified("502")),
        ("/status-504", unverified("504")),
        ("/status-999", unverified("999")),
        ("/reset", unverified("")),
        ("/close", unverified("")),
        ("/garbage", unverified("")),
        ("/flood", unverified("")),
    ]);
    assert_eq!(report.asked(), [1, 2, 15, 0]);
    report.ended.code(1);
}

#[test]
fn a_name_that_does_not_exist_is_dead_at_once() {
    let server = Server::new();
    let urls = ["http://nowhere.invalid/1", "http://nowhere.invalid/2", "http://deep.nowhere.invalid/"];
    let report = Office::new(&server).images("a.md", &urls).online(&["--only", "image-reachable"]);
    let dead = Wrong("error", "image-reachable", "does not exist");
    report.says(&urls.map(|url| (url, dead)));
    assert_eq!(report.asked(), [0, 3, 0, 0]);
}

#[test]
fn a_port_that_nobody_listens_at_is_not_known() {
    let server = Server::new();
    // The ports of a server that is gone.
    let gone = Server::new().at("a.test", "/png");
    let report = Office::new(&server)
        .with("retries", "0")
        .images("a.md", &[gone])
        .online(&["--only", "image-reachable"]);
    report.says(&[("gone", unverified("no connection"))]);
}

#[test]
fn what_takes_too_long_is_not_known() {
    let server = Server::new();
    let office = Office::new(&server).with("retries", "0").with("timeout", "{first-byte: 1s, whole: 2s}");
    office.judges(&[
        ("/hang", unverified("no answer in time")),
        ("/slow-head-60000/png", unverified("no answer in time")),
        ("/no-range/slow-body-60000/chunked/as-png/empty", unverified("no body in time")),
    ]);
}

#[test]
fn a_connection_that_does_not_come_about_in_time_is_not_known() {
    let server = Server::new();
    // It is connected to by the system, and then nobody speaks.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://a.test:{}/png", silent.local_addr().expect("it has an address").port());
    let office =
        Office::new(&server).with("retries", "0").with("timeout", "{connect: 1s}").images("a.md", &[url]);
    let report = office.online(&["--only", "image-reachable"]);
    report.says(&[("silent", unverified("no connection in time"))]);
}

#[test]
fn links_are_warned_of() {
    let server = Server::new();
    let warning = |part| Wrong("warning", "link-reachable", part);
    Office::new(&server).with("retries", "0").judges_links(&[
        ("/page", Fine),
        ("/pdf", Fine),
        ("/status-204", Fine),
        ("/chain-3-302", Fine),
        ("/status-404", warning("the page is not there: 404 Not Found")),
        ("/status-410", warning("410 Gone")),
        ("/status-403", warning("nobody knows")),
        ("/status-500", warning("500")),
        ("/close", warning("")),
    ]);
}

#[test]
fn a_ruling_changes_what_a_reply_counts_for() {
    let server = Server::new();
    let port = server.port();
    let rulings = format!(
        "[{{match: h0.test, accept: [999]}}, {{match: h1.test, accept: 401}}, \
         {{match: [\"http://h2.test:{port}/status-40*/**\", h3.test], as-unverified: true}}, \
         {{match: [h5.test, \"http://h6.test:{port}/**\"], skip: true}}]"
    );
    let cases = [
        ("/status-999", Fine),
        ("/status-401", Fine),
        ("/status-404/a", unverified("404")),
        ("/status-410", unverified("410")),
        ("/status-404", DEAD),
        ("/status-404", Fine),
        ("/status-404/b", Fine),
        ("/status-999", unverified("999")),
    ];
    let report = Office::new(&server).with("rulings", &rulings).judges(&cases);
    assert_eq!(report.skipped("skipped by the config"), 2);
    assert_eq!(report.asked(), [2, 1, 3, 0]);
    let asked: Vec<String> = server.log().into_iter().map(|entry| entry.host).collect();
    let is_skipped = |host: &String| [5, 6].iter().any(|number| host.starts_with(&super::host(*number)));
    assert!(!asked.iter().any(is_skipped), "{asked:?}");
}

#[test]
fn the_last_ruling_that_says_anything_counts() {
    let server = Server::new();
    let rulings = "[{match: test, accept: [403, 999], as-unverified: true}, {match: h1.test, accept: [401]}, \
                   {match: h2.test, as-unverified: false}]";
    Office::new(&server).with("rulings", rulings).judges(&[
        ("/status-999", Fine),
        ("/status-403", unverified("403")),
        ("/status-404", DEAD),
        ("/status-404", unverified("404")),
        ("/status-403", Fine),
    ]);
}

#[test]
fn messages_tell_the_status_the_way_the_time_and_the_attempts() {
    let server = Server::new();
    let way = format!("/redirect-301?{}", server.at("a.test", "/status-404"));
    let report = Office::new(&server).judges(&[
        (&way, Wrong("error", "image-reachable", "404 Not Found")),
        ("/status-502", unverified("502 Bad Gateway after 2 attempts")),
        ("/slow-head-1200/status-403", unverified("it took 1 s")),
    ]);
    let found = report.found();
    assert!(found[0].message.contains(&format!("({} → ", server.at(&host(0), &way))), "{found:?}");
    assert!(found[0].message.contains(&server.at("a.test", "/status-404")), "{found:?}");
    for found in &found {
        let end = found.message.chars().last();
        assert!(found.message.starts_with(char::is_lowercase) && end != Some('.'), "{found:?}");
    }
}

#[test]
fn levels_and_options_hold_for_the_web_as_well() {
    let server = Server::new();
    let urls = [server.at("a.test", "/status-404"), server.at("b.test", "/status-403")];
    let office = Office::new(&server)
        .images("a.md", &urls)
        .besides("rules: {image-reachable: {level: warning, unverified: off}}\n");
    let report = office.online(&["--only", "image-reachable"]);
    report.says(&[("dead", Wrong("warning", "image-reachable", "404")), ("unverified", Fine)]);
    report.ended.code(0);
    let failing = office.online(&["--only", "image-reachable", "--fail-on", "warning"]);
    failing.ended.code(1);
    let office = office.besides("rules: {image-reachable: info}\n");
    let found = office.online(&["--only", "image-reachable"]).found();
    assert!(found.len() == 2 && found.iter().all(|found| found.level == "info"), "{found:?}");
}

#[test]
fn what_the_web_says_can_be_suppressed() {
    let server = Server::new();
    let url = server.at("a.test", "/status-404");
    let text = format!(
        "---\ntitle: Doors\n# copydesk-ignore image-reachable: it comes back in May\nimage: {url}\n---\n\
         <!-- copydesk-ignore image-reachable : it comes back in May -->\n![A door]({url})\n\n![A door]({url})\n"
    );
    let office = Office::new(&server).article("a.md", &text);
    let report = office.online(&["--only", "image-reachable,suppression"]);
    let found = report.found();
    assert_eq!(
        found.iter().map(|found| (found.line, &*found.rule)).collect::<Vec<_>>(),
        [(9, "image-reachable")]
    );
    assert_eq!(report.json["summary"]["suppressed"], 2);
    // Nobody asked, so that nobody knows whether they are needed.
    let offline = office.run(&["lint", "--only", "image-reachable,suppression", "--fail-on", "info"]);
    offline.code(0).found(&[]);
    // A host that is well today may be ill tomorrow.
    let fine = text.replace("status-404", "png");
    let report = office.article("a.md", &fine).online(&["--only", "image-reachable,suppression"]);
    assert_eq!(report.found(), []);
}
