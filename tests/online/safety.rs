//! What is never asked, and what is told to nobody else.

use super::super::web::{Server, authority};
use super::Said::{Fine, Wrong};
use super::{Found, Office};

const IMAGES: [&str; 2] = ["--only", "image-reachable"];

/// All ways to write an address of this machine or of a place that only machines know; `PORT` is that of the server.
const FORBIDDEN: [&str; 28] = [
    "http://127.0.0.1:PORT/png",
    "http://127.0.0.2:PORT/png",
    "http://127.1:PORT/png",
    "http://127.0.1:PORT/png",
    "http://2130706433:PORT/png",
    "http://0177.0.0.1:PORT/png",
    "http://017700000001:PORT/png",
    "http://0x7f.1:PORT/png",
    "http://0x7f000001:PORT/png",
    "http://0x7F.0.0.0x1:PORT/png",
    "http://%31%32%37.0.0.1:PORT/png",
    "http://127。0。0。1:PORT/png",
    "http://①②⑦.0.0.1:PORT/png",
    "http://127.0.0.1.:PORT/png",
    "http://0.0.0.0:PORT/png",
    "http://0:PORT/png",
    "http://[::]:PORT/png",
    "http://[::1]:PORT/png",
    "http://[0:0:0:0:0:0:0:1]:PORT/png",
    "http://[::ffff:127.0.0.1]:PORT/png",
    "http://[::ffff:7f00:1]:PORT/png",
    "http://[::127.0.0.1]:PORT/png",
    "http://[64:ff9b::7f00:1]:PORT/png",
    "http://[2002:7f00:1::]:PORT/png",
    "http://localhost:PORT/png",
    "http://LOCALHOST.:PORT/png",
    "http://b.test:PORT/png",
    "http://[fe80::1]:PORT/png",
];

/// Addresses of networks that this machine may be in. Nobody could say whether they were asked, but that it is told.
const ELSEWHERE: [&str; 12] = [
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://168.63.129.16/",
    "http://100.100.100.200/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
];

/// An office that lets the name `a.test` pass and nothing else.
fn office(server: &Server) -> Office<'_> {
    Office::new(server).with("allow-private", "[a.test]").with("retries", "0")
}

fn forbidden(server: &Server) -> Vec<String> {
    let port = server.port().to_string();
    FORBIDDEN.iter().map(|url| url.replace("PORT", &port)).chain(ELSEWHERE.map(str::to_owned)).collect()
}

#[track_caller]
fn refused(found: &[Found], urls: &[String]) {
    for (at, url) in urls.iter().enumerate() {
        let here: Vec<&Found> = found.iter().filter(|found| found.line == at as u64 * 2 + 1).collect();
        let is_refused = here.len() == 1
            && here[0].level == "warning"
            && here[0].message.contains("is no public address, and is not asked");
        assert!(is_refused, "{url}: {here:?}");
    }
}

#[test]
fn addresses_that_are_not_public_are_not_connected_to() {
    let server = Server::new();
    let urls = forbidden(&server);
    let report = office(&server).images("a.md", &urls).online(&IMAGES);
    refused(&report.found(), &urls);
    assert_eq!(server.connections(), 0, "{:?}", server.log());
    report.ended.code(0);
}

#[test]
fn redirects_to_them_are_not_followed() {
    let server = Server::new();
    let urls: Vec<String> =
        forbidden(&server).iter().map(|url| server.at("a.test", &format!("/redirect-302?{url}"))).collect();
    // What is not ASCII cannot stand in a header.
    let urls: Vec<String> = urls.into_iter().filter(|url| url.is_ascii()).collect();
    let report = office(&server).images("a.md", &urls).online(&IMAGES);
    refused(&report.found(), &urls);
    let log = server.log();
    assert!(log.len() == urls.len() && log.iter().all(|entry| entry.host.starts_with("a.test:")), "{log:?}");
}

#[test]
fn a_redirect_behind_a_redirect_is_no_way_in_either() {
    let server = Server::new();
    let inner = server.url("/png");
    let middle = server.at("a.test", &format!("/redirect-307?{inner}"));
    let outer = server.at("a.test", &format!("/redirect-301?{middle}"));
    let report = office(&server).links("a.md", &[outer]).online(&["--only", "link-reachable"]);
    assert!(report.found()[0].message.contains("is no public address"), "{:?}", report.found());
    assert!(server.log().iter().all(|entry| entry.host.starts_with("a.test:")), "{:?}", server.log());
}

#[test]
fn the_config_names_what_may_be_asked_all_the_same() {
    let server = Server::new();
    let urls = [
        server.url("/png"),
        server.at("127.0.0.2", "/png"),
        server.at("b.test", "/png"),
        server.at("[::1]", "/png"),
    ];
    let named = |allowed: &str| {
        let report = office(&server).with("allow-private", allowed).images("a.md", &urls).online(&[
            "--no-cache",
            IMAGES[0],
            IMAGES[1],
        ]);
        let refused = report.found().into_iter().filter(|found| found.message.contains("no public address"));
        refused.map(|found| found.line).collect::<Vec<_>>()
    };
    assert_eq!(named("[127.0.0.1]"), [3, 7]);
    assert_eq!(named("127.0.0.1/32"), [3, 7]);
    assert_eq!(named("[b.test]"), [1, 3, 7]);
    assert_eq!(named("[192.168.0.0/16]"), [1, 3, 5, 7]);
    assert_eq!(named("[\"::1\", 127.0.0.1]"), [3]);
}

#[test]
fn what_stands_in_an_address_goes_to_its_host_alone() {
    let server = Server::new();
    let same = format!("http://me:hinge@a.test:{}/redirect-302?/png/1", server.port());
    let other =
        format!("http://me:hinge@a.test:{}/redirect-302?{}", server.port(), server.at("b.test", "/png/2"));
    let office = Office::new(&server).images("a.md", &[same, other]);
    let report = office.online(&IMAGES);
    assert_eq!(report.asked(), [2, 0, 0, 0], "{:?}", report.found());
    let basic = Some("Basic bWU6aGluZ2U=");
    for entry in server.log() {
        // Behind a redirect it is sent to nobody.
        let is_told = entry.target.starts_with("/redirect-302?");
        assert_eq!(entry.header("authorization"), basic.filter(|_| is_told), "{entry:?}");
        assert_eq!(entry.header("referer"), None, "{entry:?}");
    }
    assert_eq!(server.asked("/png/1").len() + server.asked("/png/2").len(), 2);
    // Nor does it stay on the disk.
    let kept = std::fs::read_dir(office.desk.path().join(".copydesk")).into_iter().flatten();
    for entry in kept {
        let path = entry.expect("a file of ours").path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("hinge"), "{}", path.display());
    }
}

#[test]
fn headers_go_to_the_host_that_they_are_for() {
    let server = Server::new();
    let office = Office::new(&server)
        .with("headers", "{a.test: {Authorization: \"Bearer ${DOOR_KEY}\", X-Door: oak}}")
        .variable("DOOR_KEY", "s3cr3t")
        .images(
            "a.md",
            &[
                server.at("a.test", "/png"),
                server.at("b.test", "/png"),
                server.at("a.test", &format!("/redirect-302?{}", server.at("b.test", "/png/1"))),
                server.at("b.test", &format!("/redirect-302?{}", server.at("a.test", "/png/2"))),
                server.at("a.test", "/status-404"),
                server.at("a.test", "/garbage"),
            ],
        )
        .links("b.md", &[server.at("a.test", "/close"), server.at("c.test", "/status-500")]);
    for format in ["json", "concise", "pretty"] {
        let ended = office.run(&[
            "lint",
            "--online",
            "--no-cache",
            "--format",
            format,
            "--only",
            "image-reachable,link-reachable",
        ]);
        ended.code(1);
        assert!(!ended.stdout.contains("s3cr3t") && !ended.stderr.contains("s3cr3t"), "{ended:?}");
    }
    for entry in server.log() {
        let is_told = entry.host.starts_with("a.test:");
        assert_eq!(entry.header("authorization"), is_told.then_some("Bearer s3cr3t"), "{entry:?}");
        assert_eq!(entry.header("x-door"), is_told.then_some("oak"), "{entry:?}");
    }
    let config = office.run(&["config"]);
    assert!(!config.stdout.contains("s3cr3t"), "{config:?}");
}

#[test]
fn a_variable_that_is_missing_or_broken_ends_the_run_without_its_value() {
    let server = Server::new();
    let office = Office::new(&server)
        .with("headers", "{a.test: {Authorization: \"Bearer ${DOOR_KEY}\"}}")
        .images("a.md", &[server.at("a.test", "/png")]);
    let missing = office.run(&["lint", "--online"]);
    missing.code(2).complains("\"DOOR_KEY\"");
    office.run(&["lint", "--only", "image-reachable"]).code(0);
    let office = office.variable("DOOR_KEY", "s3cr3t\n");
    let broken = office.run(&["lint", "--online"]);
    broken.code(2).complains("DOOR_KEY");
    assert!(!broken.stderr.contains("s3cr3t"), "{broken:?}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_environment_sets_no_proxy() {
    let [server, proxy] = [Server::new(), Server::new()];
    let office = Office::new(&server).images("a.md", &[server.at("a.test", "/png")]);
    let mut command = office.desk.command(&["lint", "--online", "--only", "image-reachable"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"] {
        command.env(name, proxy.url(""));
    }
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    assert_eq!((server.log().len(), proxy.connections()), (1, 0));
}

#[test]
fn a_proxy_of_the_config_is_asked_for_everything() {
    let [server, proxy] = [Server::new(), Server::new()];
    // Only the proxy knows this name; and it is told who asks.
    let urls =
        ["http://inside.example.com/png/1", "http://inside.example.com/status-404", "http://10.0.0.1/png/2"];
    let office = Office::new(&server)
        .with("proxy", &proxy.url("").replace("http://", "http://me:${PROXY_KEY}@"))
        .variable("PROXY_KEY", "s3cr3t")
        .images("a.md", &urls);
    let report = office.online(&["--only", "image-reachable"]);
    report.says(&[
        ("alive", Fine),
        ("dead", Wrong("error", "image-reachable", "404")),
        ("private", Wrong("warning", "image-reachable", "no public address")),
    ]);
    let log = proxy.log();
    assert!(log.iter().all(|entry| entry.target.starts_with("http://inside.example.com/")), "{log:?}");
    assert!(
        log.iter().all(|entry| entry.header("proxy-authorization") == Some("Basic bWU6czNjcjN0")),
        "{log:?}"
    );
    assert_eq!((log.len(), server.connections()), (3, 0), "{log:?}");
    let said = report.ended.stdout + &report.ended.stderr;
    assert!(!said.contains("s3cr3t"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_proxy_passes_on_what_is_encrypted() {
    let [server, proxy] = [Server::new(), Server::new()];
    assert!(authority().starts_with("-----BEGIN"));
    let office = Office::new(&server)
        .with("proxy", &proxy.url(""))
        .with("headers", "{doors.test: {X-Door: oak}}")
        .images("a.md", &["https://doors.test/png"]);
    let report = office.online(&["--only", "image-reachable"]);
    assert_eq!(report.asked(), [1, 0, 0, 0], "{:?}", report.found());
    let log = proxy.log();
    assert_eq!((&*log[0].method, log[0].header("x-door")), ("CONNECT", None), "{log:?}");
    assert!(log[1..].iter().all(|entry| entry.header("x-door") == Some("oak")), "{log:?}");
}

#[test]
fn a_proxy_that_is_not_there_is_said_without_its_password() {
    let server = Server::new();
    let gone = Server::new().url("").replace("http://", "http://me:s3cr3t@");
    let office = Office::new(&server)
        .with("proxy", &gone)
        .with("retries", "0")
        .images("a.md", &["http://example.com/a.png"]);
    let report = office.online(&["--only", "image-reachable"]);
    assert_eq!(report.asked(), [0, 0, 1, 0], "{:?}", report.found());
    let said = report.ended.stdout + &report.ended.stderr;
    assert!(!said.contains("s3cr3t"), "{said}");
}
