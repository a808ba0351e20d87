//! What is asked, how often, and by which requests.

use hyper::Version;

use super::super::root;
use super::super::web::{Certificate, Server, Setup};
use super::Said::{Fine, Wrong};
use super::{DEAD, Office, many};

const REACHABLE: [&str; 2] = ["--only", "image-reachable,link-reachable"];

#[test]
fn nothing_is_asked_unless_somebody_wants_it() {
    let server = Server::new();
    let urls = [server.url("/png/1"), server.url("/png/2"), server.url("/png/2#again")];
    let office = Office::new(&server).images("a.md", &urls).images("b.md", &urls);
    let only = ["lint", "--only", "image-reachable"];
    office.run(&only).code(0).says("skipped 2 URLs (offline)");
    let office = office.with("enabled", "true");
    let offline = office.run(&["lint", "--only", "image-reachable", "--offline"]);
    offline.code(0).says("skipped 2 URLs (offline)");
    office.run(&["lint", "--online", "--offline"]).code(2).complains("--offline");
    // A folder, from which nothing was asked either.
    office.run(&["lint", "--only", "image-alt"]).code(0);
    assert_eq!(server.connections(), 0);
    assert!(!office.desk.path().join(".copydesk/replies.json").exists());
    office.run(&only).code(0).says("asked 2 URLs: 2 alive");
    assert_eq!(server.log().len(), 2);
}

#[test]
fn each_address_is_asked_once_and_its_reply_reaches_every_place() {
    let server = Server::new();
    let port = server.port();
    let url = server.at("a.test", "/status-404/a?b");
    let front = format!("---\ntitle: Doors\nimage: {url}\n---\n");
    let body = format!(
        "![A door]({url})\n\n<img src=\"{url}#c\" alt=\"A door\">\n\n![A door][door]\n\n[A door][door]\n\n\
         ![A door](HTTP://A.test:{port}/x/../status-404/a?b)\n\n<a href=\"{url}\">A door</a>\n\n[door]: {url}\n"
    );
    let office = Office::new(&server)
        .article("a.md", &(front + &body))
        .article("b.md", &body)
        .images("c.md", &[server.at("a.test", "/png")]);
    let report = office.online(&REACHABLE);
    let places = |path: &str, rule: &str| {
        report.found().iter().filter(|found| found.path == path && found.rule == rule).count()
    };
    assert_eq!(
        (places("a.md", "image-reachable"), places("a.md", "link-reachable")),
        (5, 2),
        "{:?}",
        report.found()
    );
    assert_eq!(
        (places("b.md", "image-reachable"), places("b.md", "link-reachable")),
        (4, 2),
        "{:?}",
        report.found()
    );
    assert_eq!(places("c.md", "image-reachable"), 0);
    let asked = server.asked("/status-404/a?b");
    let gets = asked.iter().filter(|entry| entry.method == "GET").count();
    assert!(gets == 1 && asked.len() <= 2, "{asked:?}");
    assert_eq!(server.log().len(), asked.len() + 1);
    assert_eq!(report.asked(), [1, 1, 0, 0]);
    report.ended.code(1);
}

#[test]
fn what_is_no_web_address_is_not_asked() {
    let server = Server::new();
    let office = Office::new(&server).article(
        "a.md",
        "![A door](door.png)\n\n![A door](/door.png)\n\n[Write](mailto:a@a.test)\n\n[Call](tel:123)\n\n\
         ![A door](data:image/png;base64,AA==)\n\n![A door](https://{{ host }}/a.png)\n\n[Here](#doors)\n",
    );
    let report = office.online(&REACHABLE);
    assert_eq!((report.asked(), server.connections()), ([0, 0, 0, 0], 0));
    report.ended.code(0);
}

#[test]
fn where_the_rules_are_off_nothing_is_asked() {
    let server = Server::new();
    let drafts =
        "collections: [{name: drafts, files: drafts/**, rules: {image-reachable: off, image-type: off}}]\n";
    let office = Office::new(&server)
        .besides(drafts)
        .images("a.md", &[server.url("/png/1")])
        .images("drafts/b.md", &[server.url("/png/1"), server.url("/png/2")]);
    assert_eq!(office.online(&[]).asked(), [1, 0, 0, 0]);
    assert_eq!((server.asked("/png/1").len(), server.asked("/png/2").len()), (1, 0));
}

#[test]
fn a_run_whose_rules_ask_nothing_says_so() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.url("/png")]);
    office.run(&["lint", "--online", "--only", "image-alt"]).code(0).complains("nothing is asked");
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_image_costs_one_request_for_its_first_bytes_and_a_link_one_for_its_head() {
    let server = Server::new();
    let office = Office::new(&server)
        .images("a.md", &[server.url("/padded-500000/png")])
        .links("b.md", &[server.url("/page")]);
    let report = office.online(&["--only", "image-type,link-reachable"]);
    assert_eq!(report.asked(), [2, 0, 0, 0]);
    assert_eq!(
        (server.methods("/padded-500000/png").as_str(), server.methods("/page").as_str()),
        ("GET", "HEAD")
    );
    let log = server.log();
    let image = log.iter().find(|entry| entry.method == "GET").expect("the image was asked for");
    assert!(image.header("range").is_some_and(|range| range.starts_with("bytes=0-")), "{image:?}");
    assert_eq!(image.status, Some(206));
    assert!(image.sent <= 64 << 10, "{image:?}");
    for entry in &log {
        let agent = entry.header("user-agent").expect("it says who it is");
        assert!(agent.starts_with("copydesk/") && agent.contains("+https://"), "{agent}");
        assert_eq!(entry.header("authorization"), None);
    }
    let packed = log.iter().all(|entry| {
        let accepted = entry.header("accept-encoding").unwrap_or_default();
        entry.method == "GET" || accepted.contains("gzip") && accepted.contains("br")
    });
    assert!(packed, "{log:?}");
}

#[test]
fn where_head_is_refused_or_tells_too_little_get_is_asked() {
    let server = Server::new();
    let paths = ["/head-405/page", "/head-501/page", "/head-403/page", "/head-404/page", "/head-500/page"];
    let cases = paths.map(|path| (path, Fine));
    let dead = Wrong("warning", "link-reachable", "404 Not Found");
    let report = Office::new(&server).judges_links(&[&cases[..], &[("/status-404", dead)]].concat());
    for path in paths {
        assert_eq!(server.methods(path), "HEAD GET", "{path}");
    }
    assert_eq!(server.methods("/status-404"), "HEAD GET");
    assert_eq!(report.asked(), [5, 1, 0, 0]);
}

#[test]
fn a_head_that_is_never_answered_makes_nothing_dead() {
    let server = Server::new();
    let office = Office::new(&server).with("timeout", "{first-byte: 1s}").with("retries", "0");
    let office = office.links("a.md", &[server.url("/head-hangs/page")]);
    let report = office.online(&["--only", "link-reachable"]);
    assert_eq!(report.asked()[1], 0, "{:?}", report.found());
    report.ended.code(0);
}

#[test]
fn bodies_are_read_no_further_than_needed() {
    // What a connection holds that nobody reads: the buffers of both ends.
    const BUFFERS: usize = 16 << 20;
    let server = Server::new();
    let no_image = Wrong("error", "image-type", "no image");
    let cases = [
        ("/no-range/padded-100000000/png", Fine),
        ("/no-range/chunked/padded-100000000/jpeg", Fine),
        ("/big", no_image),
        ("/endless", no_image),
        // An SVG may begin with any number of spaces.
        ("/bomb", Fine),
    ];
    let office = Office::new(&server).besides("rules: {image-size: {max-bytes: 1000000000}}\n");
    office.judges(&cases);
    for entry in server.log() {
        assert!(entry.sent < BUFFERS || entry.target.contains("padded"), "{entry:?}");
    }
    // What links lead to is not read at all.
    let server = Server::new();
    Office::new(&server).judges_links(&[
        ("/head-405/big", Fine),
        ("/head-405/endless", Fine),
        ("/head-405/bomb", Fine),
    ]);
    assert!(server.log().iter().all(|entry| entry.sent < BUFFERS), "{:?}", server.log());
}

#[test]
fn redirects_are_followed_hop_by_hop() {
    let server = Server::new();
    let other = server.at("a.test", "/png");
    let to_other = format!("/redirect-302?{other}");
    let dead = server.at("a.test", "/status-404");
    let to_dead = format!("/redirect-302?{dead}");
    let unverified = |part| Wrong("warning", "image-reachable", part);
    let report = Office::new(&server).judges(&[
        ("/chain-1-301", Fine),
        ("/chain-2-302", Fine),
        ("/chain-3-303", Fine),
        ("/chain-4-307", Fine),
        ("/chain-10-308", Fine),
        ("/chain-11-302", unverified("do not end")),
        ("/circle-1-302/0", unverified("do not end")),
        ("/circle-3-301/0", unverified("do not end")),
        (&to_other, Fine),
        (&to_dead, Wrong("error", "image-reachable", " → ")),
        ("/redirect-302?../../png/1", Fine),
        ("/redirect-302?//a.test", unverified("")),
        ("/nowhere-302", unverified("302")),
        ("/redirect-302?ftp://a.test/door.png", unverified("ftp://a.test/door.png")),
        ("/redirect-302?file:///etc/passwd", unverified("file:///etc/passwd")),
        ("/redirect-302?javascript:alert(1)", unverified("javascript:alert(1)")),
        ("/redirect-302?http://[", unverified("http://[")),
        ("/redirect-302?", unverified("")),
    ]);
    report.ended.code(1);
    let asked: Vec<String> = server.log().iter().map(|entry| entry.target.clone()).collect();
    for path in (0..=4).map(|left| format!("/chain-{left}-307")) {
        assert_eq!(server.asked(&path).len(), 1, "{path}: {asked:?}");
    }
    assert!(server.asked("/chain-0-302").len() == 1, "the eleventh is not followed: {asked:?}");
    let rounds = |circle: &str| asked.iter().filter(|target| target.starts_with(circle)).count();
    assert!(rounds("/circle-1-302") <= 11 && rounds("/circle-3-301") <= 11, "{asked:?}");
}

#[test]
fn a_redirect_to_what_is_asked_anyway_gives_both_their_reply() {
    let server = Server::new();
    let [end, start] = [server.url("/status-404"), server.url("/redirect-301?/status-404")];
    let office = Office::new(&server).images("a.md", &[end, start]);
    let report = office.online(&["--only", "image-reachable,image-type"]);
    report.says(&[("end", DEAD), ("start", DEAD)]);
}

#[test]
fn connections_are_used_again() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &many(&server, "127.0.0.1", "/padded-3000/png", 100));
    assert_eq!(office.online(&["--only", "image-type"]).asked(), [100, 0, 0, 0]);
    assert_eq!(server.log().len(), 100);
    // As many as are asked at a time, and some that were begun when another became free.
    assert!(server.connections() <= 32, "{}", server.connections());
}

#[test]
fn connections_that_the_server_has_closed_are_no_failure() {
    let server = Server::with(Setup { idle: std::time::Duration::from_millis(30), ..Setup::default() });
    let office = Office::new(&server)
        .with("interval", "90ms")
        .with("retries", "0")
        .images("a.md", &many(&server, "127.0.0.1", "/png", 10));
    let report = office.online(&["--only", "image-reachable,image-type"]);
    assert_eq!(report.asked(), [10, 0, 0, 0], "{:?}", report.found());
    assert!(server.connections() > 1);
}

#[test]
#[cfg(target_os = "linux")]
fn encrypted_hosts_are_asked_by_http_2() {
    let server = Server::new();
    let url = |number: usize| server.tls(Certificate::Good, "doors.test", &format!("/png/{number}"));
    let urls: Vec<String> = (0..60).map(url).collect();
    let report = Office::new(&server).images("a.md", &urls).online(&["--only", "image-reachable,image-type"]);
    assert_eq!(report.asked(), [60, 0, 0, 0], "{:?}", report.found());
    let log = server.log();
    assert!(log.len() == 60 && log.iter().all(|entry| entry.version == Version::HTTP_2), "{log:?}");
    assert!(server.connections() <= 16, "{}", server.connections());
}

#[test]
#[cfg(target_os = "linux")]
fn certificates_that_nobody_should_trust_are_dead() {
    let server = Server::new();
    let urls = [
        server.tls(Certificate::Good, "doors.test", "/png"),
        server.tls(Certificate::Good, "wrong.test", "/png"),
        server.tls(Certificate::Expired, "doors.test", "/png"),
        server.tls(Certificate::Strange, "doors.test", "/png"),
    ];
    let report = Office::new(&server).images("a.md", &urls).online(&["--only", "image-reachable"]);
    let dead = Wrong("error", "image-reachable", "browsers do not show the image");
    report.says(&[("good", Fine), ("wrong", dead), ("expired", dead), ("strange", dead)]);
    assert_eq!((report.asked(), server.log().len()), ([1, 3, 0, 0], 1));
    // What speaks no TLS at all.
    let plain = server.at("doors.test", "/png").replace("http:", "https:");
    let report = Office::new(&server).images("a.md", &[plain]).online(&["--only", "image-reachable"]);
    assert_eq!(report.found().len(), 1, "{:?}", report.found());
    assert_eq!(server.log().len(), 1);
}

#[test]
fn two_runs_say_the_same() {
    let server = Server::new();
    let paths = [
        "/png",
        "/status-404",
        "/status-500",
        "/page",
        "/chain-3-302",
        "/close",
        "/status-403",
        "/circle-2-301",
    ];
    let urls: Vec<String> =
        paths.iter().enumerate().map(|(at, path)| server.at(&super::host(at), path)).collect();
    let office = Office::new(&server).with("retries", "0").images("a.md", &urls).links("b.md", &urls);
    let run = || {
        office.online(&[
            "--no-cache",
            "--only",
            "image-reachable,image-type,link-reachable,redirect-permanent",
        ])
    };
    let (first, second) = (run(), run());
    assert_eq!(first.ended.stdout, second.ended.stdout);
    let schema = std::fs::read_to_string(root().join("schemas/report.schema.json")).expect("the schema");
    let schema = serde_json::from_str(&schema).expect("it is JSON");
    let problem = jsonschema::validator_for(&schema).expect("it is a schema").validate(&first.json).err();
    assert!(problem.is_none(), "{problem:?}");
    assert!(first.found().len() > 10, "{:?}", first.found());
}
