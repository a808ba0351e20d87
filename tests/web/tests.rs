//! The server does what its paths say, seen by a client that is not ours.

use std::io::Read as _;
use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, ClientBuilder, Response};
use reqwest::redirect::Policy;
use reqwest::{Method, Version};

use super::{Certificate, Limit, Server, Setup, Tells, authority, gaps};

fn builder() -> ClientBuilder {
    // An error here means that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(60))
}

fn client() -> Client {
    builder().build().expect("a client")
}

#[track_caller]
fn get(server: &Server, path: &str) -> Response {
    client().get(server.url(path)).send().expect("it answers")
}

#[track_caller]
fn head(server: &Server, path: &str) -> u16 {
    client().head(server.url(path)).send().expect("it answers").status().as_u16()
}

fn fails(server: &Server, path: &str) -> bool {
    client().get(server.url(path)).send().and_then(Response::bytes).is_err()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("ASCII"))
}

#[test]
fn images_are_what_they_say() {
    let server = Server::new();
    for (format, media_type) in [
        ("png", "image/png"),
        ("jpeg", "image/jpeg"),
        ("jpeg-late", "image/jpeg"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("avif", "image/avif"),
        ("bmp", "image/bmp"),
        ("ico", "image/x-icon"),
    ] {
        for (width, height) in [(2, 3), (200, 100)] {
            let response = get(&server, &format!("/{format}-{width}x{height}/1"));
            assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, media_type));
            let bytes = response.bytes().expect("a body");
            let size = imagesize::blob_size(&bytes).unwrap_or_else(|error| panic!("{format}: {error}"));
            assert_eq!((size.width, size.height), (width, height), "{format}");
        }
    }
    let huge = get(&server, "/png-4000x3000").bytes().expect("a body");
    assert_eq!(imagesize::blob_size(&huge).expect("a size").width, 4000);
    assert!(huge.len() < 1000, "a large image has few bytes: {}", huge.len());
    assert!(get(&server, "/svg").text().expect("a text").contains("<svg "));
    assert_eq!(get(&server, "/truncated").bytes().expect("a body").len(), 12);
}

#[test]
fn statuses_come_with_every_method_or_one() {
    let server = Server::new();
    for status in [204, 401, 403, 404, 410, 418, 500, 502, 999] {
        assert_eq!(get(&server, &format!("/status-{status}")).status().as_u16(), status);
    }
    assert_eq!((head(&server, "/head-405/png"), get(&server, "/head-405/png").status().as_u16()), (405, 200));
    assert_eq!((head(&server, "/png"), get(&server, "/unknown").status().as_u16()), (200, 599));
    let statuses =
        [(); 4].map(|()| get(&server, "/first-2-503/retry-after-7/first-3-429/png").status().as_u16());
    assert_eq!(statuses, [503, 503, 429, 200]);
    let limited = get(&server, "/retry-after-7/first-1-429/png");
    assert_eq!(header(&limited, "retry-after"), "7");
    let dated = get(&server, "/retry-date-7/first-1-429/png");
    assert!(header(&dated, "retry-after").ends_with(" GMT"), "{dated:?}");
    assert_eq!(server.methods("/head-405/png"), "HEAD GET");
}

#[test]
fn bodies_are_cut_padded_typed_and_packed() {
    let server = Server::new();
    let range =
        |path: &str| client().get(server.url(path)).header("range", "bytes=0-9").send().expect("it answers");
    let part = range("/padded-50000/png");
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, "bytes 0-9/50000"));
    assert_eq!(part.bytes().expect("a body").len(), 10);
    let whole = range("/no-range/padded-50000/png");
    assert_eq!((whole.status().as_u16(), whole.content_length()), (200, Some(50_000)));
    let none = range("/empty");
    assert_eq!((none.status().as_u16(), header(&none, "content-range")), (416, "bytes */0"));
    assert_eq!(header(&get(&server, "/as-page/png"), "content-type"), "text/html; charset=utf-8");
    assert!(get(&server, "/untyped/png").headers().get("content-type").is_none());
    let page = get(&server, "/page").text().expect("a text");
    for packing in ["gzip", "br"] {
        let packed = get(&server, &format!("/{packing}/page"));
        // It says so only of what it has not unpacked.
        assert_eq!(header(&packed, "content-encoding"), "");
        assert_eq!(packed.text().expect("a text"), page);
        let plain = builder().no_gzip().no_brotli().build().expect("a client");
        let packed = plain.get(server.url(&format!("/{packing}/page"))).send().expect("it answers");
        assert_eq!(header(&packed, "content-encoding"), packing);
    }
    assert_eq!(header(&get(&server, "/chunked/page"), "transfer-encoding"), "chunked");
    assert!(fails(&server, "/short/page") && fails(&server, "/cut/page"));
}

#[test]
fn bodies_without_end_are_sent_as_far_as_they_are_read() {
    let server = Server::new();
    for path in ["/big", "/endless", "/bomb"] {
        let mut bytes = vec![1; 3 << 20];
        get(&server, path).read_exact(&mut bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        let expected = if path == "/bomb" { b' ' } else { 0 };
        assert!(bytes.iter().all(|byte| *byte == expected), "{path}");
    }
    let sent = |path| server.asked(path)[0].sent;
    assert!(sent("/big") >= 3 << 20 && sent("/big") < 50_000_000, "{}", sent("/big"));
    assert_eq!(get(&server, "/big").content_length(), Some(99_991_552));
}

#[test]
fn what_is_broken_is_broken() {
    let server = Server::new();
    for path in ["/reset", "/close", "/garbage", "/flood"] {
        assert!(fails(&server, path), "{path}");
    }
    let hurried = builder().timeout(Duration::from_millis(300)).build().expect("a client");
    for path in ["/hang", "/slow-head-60000/png", "/slow-body-60000/png"] {
        let error = hurried.get(server.url(path)).send().and_then(Response::bytes).expect_err("it is slow");
        assert!(error.is_timeout(), "{path}: {error:?}");
    }
    assert!(hurried.head(server.url("/head-hangs/png")).send().is_err());
    assert_eq!(get(&server, "/head-hangs/slow-head-20/slow-body-20/png").status().as_u16(), 200);
    assert_eq!(server.asked("/hang")[0].status, None);
    assert_eq!(server.asked("/slow-body-60000/png")[0].status, Some(200));
}

#[test]
fn redirects_lead_where_they_say() {
    let server = Server::new();
    let to = |path: &str| header(&get(&server, path), "location").to_owned();
    assert_eq!(to("/redirect-301?http://[::1]:80/a?b=c"), "http://[::1]:80/a?b=c");
    assert_eq!(to("/redirect-302?../png"), "../png");
    assert_eq!(to("/nowhere-302"), "");
    assert_eq!(to("/circle-2-302") + &to("/circle-2-302/1"), "/circle-2-302/1/circle-2-302/0");
    let following = builder().redirect(Policy::limited(10)).build().expect("a client");
    let end = following.get(server.url("/chain-3-308")).send().expect("it answers");
    assert_eq!((end.status().as_u16(), end.url().path()), (200, "/chain-0-308"));
}

#[test]
fn limits_hold() {
    let window =
        Server::with(Setup { limit: Limit::Window(5), tells: Tells::RetryAfter, ..Setup::default() });
    let client = client();
    let ask = |server: &Server| client.get(server.url("/png")).send().expect("it answers");
    let refused = loop {
        let response = ask(&window);
        if response.status().as_u16() == 429 {
            break response;
        }
    };
    assert_eq!(header(&refused, "retry-after"), "1");
    assert!(window.log().len() > 5);
    thread::sleep(Duration::from_secs(1));
    assert_eq!(ask(&window).status().as_u16(), 200);
    let bucket = Server::with(Setup { limit: Limit::Bucket(5), tells: Tells::Remaining, ..Setup::default() });
    let first = ask(&bucket);
    assert_eq!((header(&first, "x-ratelimit-remaining"), header(&first, "x-ratelimit-reset")), ("4", "1"));
    let nothing = Server::with(Setup { limit: Limit::Nothing, ..Setup::default() });
    assert_eq!(ask(&nothing).status().as_u16(), 429);
}

#[test]
fn all_requests_are_remembered() {
    let server = Server::new();
    let client = client();
    for path in ["/png/1", "/png/2", "/png/1"] {
        let request = client.request(Method::HEAD, server.at("localhost", path)).header("x-door", "oak");
        request.send().expect("it answers");
    }
    let log = server.log();
    assert_eq!(
        log.iter().map(|entry| entry.target.as_str()).collect::<Vec<_>>(),
        ["/png/1", "/png/2", "/png/1"]
    );
    assert!(log.iter().all(|entry| entry.connection == log[0].connection), "one connection serves them all");
    assert_eq!((server.asked("/png/1").len(), server.methods("/png/2")), (2, "HEAD".to_owned()));
    assert_eq!((log[0].header("x-door"), log[0].status), (Some("oak"), Some(200)));
    assert_eq!(
        (log[0].version, log[0].host.as_str()),
        (Version::HTTP_11, &*format!("localhost:{}", server.port()))
    );
    assert_eq!(gaps(&log).len(), 2);
    assert_eq!((server.most("localhost"), server.most(""), server.most("a.test")), (1, 1, 0));
}

#[test]
fn the_most_at_a_time_is_counted() {
    let server = Server::new();
    thread::scope(|scope| {
        for number in 0..3 {
            let server = &server;
            scope.spawn(move || get(server, &format!("/slow-head-500/png/{number}")));
        }
    });
    assert_eq!(server.most(""), 3);
}

#[test]
fn idle_connections_are_closed() {
    let server = Server::with(Setup { idle: Duration::from_millis(50), ..Setup::default() });
    let client = client();
    for _ in 0..2 {
        assert_eq!(client.get(server.url("/png")).send().expect("it answers").status().as_u16(), 200);
        thread::sleep(Duration::from_millis(400));
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn encryption_is_as_good_as_its_certificate() {
    let server = Server::new();
    let root = reqwest::Certificate::from_pem(authority().as_bytes()).expect("a certificate");
    let here = ([127, 0, 0, 1], 0).into();
    let client = builder()
        .tls_certs_only([root])
        .resolve("doors.test", here)
        .resolve("wrong.test", here)
        .build()
        .expect("a client");
    let ask = |certificate, host| client.get(server.tls(certificate, host, "/png")).send();
    let good = ask(Certificate::Good, "doors.test").expect("it is trusted");
    assert_eq!((good.status().as_u16(), good.version()), (200, Version::HTTP_2));
    assert!(server.log()[0].host.starts_with("doors.test:") && server.log()[0].target == "/png");
    for (certificate, host) in [
        (Certificate::Good, "wrong.test"),
        (Certificate::Expired, "doors.test"),
        (Certificate::Strange, "doors.test"),
    ] {
        assert!(ask(certificate, host).is_err(), "{certificate:?} {host}");
    }
    assert_eq!(server.log().len(), 1);
}

#[test]
fn it_is_a_proxy_as_well() {
    let server = Server::new();
    let root = reqwest::Certificate::from_pem(authority().as_bytes()).expect("a certificate");
    let proxy = reqwest::Proxy::all(server.url("")).expect("an address");
    let client = builder().proxy(proxy).tls_certs_only([root]).build().expect("a client");
    let plain = client.get("http://nowhere.test/png?a").send().expect("it answers");
    assert_eq!((plain.status().as_u16(), &*server.log()[0].target), (200, "http://nowhere.test/png?a"));
    assert_eq!(server.asked("/png?a").len(), 1);
    let encrypted = client.get("https://doors.test/png").send().expect("it answers");
    assert_eq!(encrypted.status().as_u16(), 200);
    let log = server.log();
    assert_eq!(
        (&*log[1].method, &*log[1].target, &*log[2].host),
        ("CONNECT", "doors.test:443", "doors.test")
    );
}

#[test]
fn waiting_ends_when_it_was_asked() {
    let server = Server::new();
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| get(&server, "/png"));
        server.wait(1);
    });
    assert!(server.asked("/png")[0].at >= begin);
}
