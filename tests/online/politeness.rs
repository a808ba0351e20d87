//! How much is asked at a time, how fast, and when it is enough.

use std::time::{Duration, Instant};

use super::super::web::{Entry, Limit, Server, Setup, Tells, gaps};
use super::Said::{Fine, Wrong};
use super::{Office, Report, many};

const IMAGES: [&str; 2] = ["--only", "image-reachable,image-type"];

/// What clocks and timers may differ by.
const TOLERANCE: Duration = Duration::from_millis(60);

/// All images are asked and alive.
#[track_caller]
fn all_alive(report: &Report, count: u64) {
    assert_eq!(report.asked(), [count, 0, 0, 0], "{:?} {}", report.found(), report.ended.stderr);
    report.ended.code(0);
}

#[test]
fn a_host_is_asked_sixteen_times_at_a_time_at_most() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &many(&server, "a.test", "/slow-head-150/png", 100));
    all_alive(&office.online(&IMAGES), 100);
    let most = server.most("a.test");
    assert!((9..=16).contains(&most), "{most}");
}

#[test]
fn all_hosts_are_asked_sixty_four_times_at_a_time_at_most() {
    let server = Server::new();
    let urls: Vec<String> =
        (0..16).flat_map(|number| many(&server, &super::host(number), "/slow-head-300/png", 20)).collect();
    let office = Office::new(&server).images("a.md", &urls);
    all_alive(&office.online(&IMAGES), 320);
    let most = server.most("");
    assert!((33..=64).contains(&most), "{most}");
}

#[test]
fn the_config_sets_how_many_at_a_time() {
    let server = Server::new();
    let urls: Vec<String> =
        (0..4).flat_map(|number| many(&server, &super::host(number), "/slow-head-30/png", 10)).collect();
    let office = Office::new(&server).with("per-host", "2").with("concurrency", "5").images("a.md", &urls);
    all_alive(&office.online(&IMAGES), 40);
    assert!(
        (0..4).all(|number| server.most(&super::host(number)) <= 2),
        "{:?}",
        server.most(&super::host(0))
    );
    assert!((3..=5).contains(&server.most("")), "{}", server.most(""));
}

#[test]
fn an_interval_is_kept() {
    let server = Server::new();
    let office =
        Office::new(&server).with("interval", "100ms").images("a.md", &many(&server, "a.test", "/png", 11));
    all_alive(&office.online(&IMAGES), 11);
    let log = server.log();
    let whole = log[10].at - log[0].at;
    // The first may have come late.
    assert!(whole >= Duration::from_millis(700), "{:?}", gaps(&log));
}

#[test]
fn hosts_do_not_wait_for_each_other() {
    let server = Server::new();
    // One host has us wait for two seconds; the other answers at once.
    let slow = server.at("a.test", "/retry-after-2/first-1-429/png");
    let fast = many(&server, "b.test", "/png", 30);
    let office = Office::new(&server).images("a.md", &[&[slow][..], &fast].concat());
    all_alive(&office.online(&IMAGES), 31);
    let log = server.log();
    let last_fast = log.iter().rposition(|entry| entry.host.starts_with("b.test"));
    assert_eq!(last_fast, Some(30), "{log:?}");
}

#[test]
fn what_fails_for_now_is_asked_again() {
    let server = Server::new();
    let report = Office::new(&server).with("retries", "2").judges(&[
        ("/first-1-429/png", Fine),
        ("/first-2-503/png", Fine),
        ("/first-1-502/png", Fine),
        ("/first-2-504/png", Fine),
        ("/status-502", Wrong("warning", "image-reachable", "after 3 attempts")),
        ("/close", Wrong("warning", "image-reachable", "after 3 attempts")),
        ("/status-500", Wrong("warning", "image-reachable", "500")),
        ("/status-404", Wrong("error", "image-reachable", "404")),
    ]);
    assert_eq!(report.asked(), [4, 1, 3, 0]);
    let times = |path: &str| server.asked(path).len();
    assert_eq!(["/first-1-429/png", "/first-2-503/png", "/first-1-502/png"].map(times), [2, 3, 2]);
    assert_eq!(["/status-502", "/status-500", "/status-404"].map(times), [3, 1, 1]);
    // Half a second, then a whole one, with a fifth of chance.
    let gaps = gaps(&server.asked("/status-502"));
    assert!(gaps[0] >= Duration::from_millis(250) && gaps[1] >= Duration::from_millis(500), "{gaps:?}");
}

#[test]
fn retry_after_is_obeyed_in_both_forms() {
    let server = Server::new();
    Office::new(&server).judges(&[
        ("/retry-after-2/first-1-429/png", Fine),
        ("/retry-after-2/first-1-503/png", Fine),
        // A date has no parts of a second.
        ("/retry-date-3/first-1-429/png", Fine),
    ]);
    for path in
        ["/retry-after-2/first-1-429/png", "/retry-after-2/first-1-503/png", "/retry-date-3/first-1-429/png"]
    {
        let asked = server.asked(path);
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert!(gaps(&asked)[0] + TOLERANCE >= Duration::from_secs(2), "{path}: {:?}", gaps(&asked));
    }
}

#[test]
fn a_host_that_wants_to_be_left_alone_for_an_hour_is() {
    let server = Server::new();
    let office = Office::new(&server)
        .images("a.md", &many(&server, "a.test", "/retry-after-3600/first-9-429/png", 30));
    let begin = Instant::now();
    let report = office.online(&IMAGES);
    assert!(begin.elapsed() < Duration::from_secs(25), "nobody waits for it");
    left_alone(&report, &server, 30, "429");
    assert!(server.log().len() <= 16, "{}", server.log().len());
}

#[test]
fn a_host_that_fails_five_times_in_a_row_is_left_alone_and_reported_once() {
    let server = Server::new();
    let failing = [
        ("h0.test", "/close", "no connection"),
        ("h1.test", "/status-500", "500"),
        ("h2.test", "/garbage", ""),
    ];
    let urls: Vec<String> =
        failing.iter().flat_map(|(host, path, _)| many(&server, host, path, 60)).collect();
    let office = Office::new(&server)
        .with("retries", "0")
        .images("a.md", &urls)
        .images("b.md", &urls)
        .images("c.md", &many(&server, "b.test", "/png", 30));
    let report = office.online(&IMAGES);
    let found = report.found();
    for (host, path, why) in failing {
        let name = format!("\"{host}:{}\" was left alone", server.port());
        let alone: Vec<_> = found.iter().filter(|found| found.message.contains(&name)).collect();
        assert!(
            alone.len() == 1 && alone[0].path == "a.md" && alone[0].message.contains(why),
            "{path}: {alone:?}"
        );
        let requests = server.log().iter().filter(|entry| entry.host.starts_with(host)).count();
        // Those that were sent when the fifth failed had been sent.
        assert!((5..=5 + 16).contains(&requests), "{path}: {requests}");
    }
    assert_eq!(report.asked()[..2], [30, 0], "other hosts are asked");
    report.ended.code(0);
}

#[test]
fn a_good_reply_in_between_keeps_a_host() {
    let server = Server::new();
    // They are asked in the order of their addresses.
    let path = |at: u32| format!("/slow-head-0{at:02}/status-{}", if at % 4 == 3 { 404 } else { 500 });
    let urls: Vec<String> = (0..16).map(|at| server.at("a.test", &path(at))).collect();
    let office = Office::new(&server).with("retries", "0").with("per-host", "1").images("a.md", &urls);
    let report = office.online(&IMAGES);
    assert_eq!(report.asked(), [0, 4, 12, 0], "{:?}", report.found());
    assert_eq!(server.log().len(), 16);
}

#[test]
fn a_host_that_always_answers_429_ends_the_run() {
    let server = Server::with(Setup { limit: Limit::Nothing, ..Setup::default() });
    let office = Office::new(&server).images("a.md", &many(&server, "a.test", "/png", 200));
    let begin = Instant::now();
    let report = office.online(&IMAGES);
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    left_alone(&report, &server, 200, "429 Too Many Requests");
    assert!(server.log().len() < 80, "{}", server.log().len());
}

/// One finding tells of the host.
#[track_caller]
fn left_alone(report: &Report, server: &Server, count: u64, why: &str) {
    let found = report.found();
    let alone: Vec<_> = found.iter().filter(|found| found.message.contains("was left alone")).collect();
    assert_eq!(alone.len(), 1, "{found:?}");
    let host = format!("\"a.test:{}\"", server.port());
    assert!(alone[0].message.contains(&host) && alone[0].message.contains(why), "{alone:?}");
    assert_eq!((&*alone[0].rule, &*alone[0].level, &*alone[0].path), ("image-reachable", "warning", "a.md"));
    let skipped = report.skipped("their host was left alone");
    let asked: u64 = report.asked()[..3].iter().sum();
    assert!(skipped > 0 && asked == count || asked + skipped == count, "{skipped} {:?}", report.asked());
    report.ended.code(0);
}

#[test]
fn hosts_that_limit_how_fast_they_are_asked_answer_everything_in_the_end() {
    let limits = [
        (Limit::Window(50), Tells::Nothing),
        (Limit::Window(50), Tells::RetryAfter),
        (Limit::Window(50), Tells::Remaining),
        (Limit::Bucket(50), Tells::Nothing),
        (Limit::Bucket(50), Tells::Remaining),
    ];
    std::thread::scope(|scope| {
        for (limit, tells) in limits {
            scope.spawn(move || {
                let server = Server::with(Setup { limit, tells, ..Setup::default() });
                let mut urls = many(&server, "a.test", "/png", 149);
                urls.push(server.at("a.test", "/status-404"));
                let office = Office::new(&server).images("a.md", &urls);
                let report = office.online(&IMAGES);
                assert_eq!(report.asked(), [149, 1, 0, 0], "{limit:?} {tells:?}: {:?}", report.found());
                let refused = server.log().iter().filter(|entry| entry.status == Some(429)).count();
                assert!(refused < 60, "{limit:?} {tells:?}: {refused} of {}", server.log().len());
            });
        }
    });
}

#[test]
fn after_a_429_fewer_are_asked_at_a_time() {
    let server = Server::new();
    let mut urls = many(&server, "a.test", "/slow-head-60/png", 40);
    // It is among the first that are asked, by the order of their addresses.
    urls.push(server.at("a.test", "/first-1-429/slow-head-60/png"));
    let office = Office::new(&server).images("a.md", &urls);
    all_alive(&office.online(&IMAGES), 41);
    let log = server.log();
    let refusal = log.iter().find(|entry| entry.status == Some(429)).expect("one was refused").clone();
    // Whatever was on its way comes; then there is a rest.
    let rest = |entries: &[Entry]| gaps(entries).into_iter().max().unwrap_or_default();
    let later: Vec<Entry> = log.into_iter().filter(|entry| entry.at >= refusal.at).collect();
    assert!(rest(&later) >= Duration::from_millis(100), "{:?}", gaps(&later));
}
