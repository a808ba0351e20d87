//! How far it is, and Ctrl-C.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::super::interactive::Session;
use super::super::web::Server;
use super::Said::Fine;
use super::{Office, Report, many, wait};

const IMAGES: [&str; 2] = ["--only", "image-reachable"];

#[test]
fn programs_see_nothing_of_it() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &many(&server, "a.test", "/slow-head-100/png", 30));
    let ended = office.run(&["lint", "--online", IMAGES[0], IMAGES[1]]);
    assert_eq!(ended.stderr, "");
    ended.code(0).says("asked 30 URLs: 30 alive");
}

#[test]
fn a_terminal_shows_a_bar() {
    let server = Server::new();
    let office = Office::new(&server)
        .images("a.md", &many(&server, "a.test", "/slow-head-500/png", 40))
        .images("b.md", &[server.at("b.test", "/status-404")]);
    let mut session = Session::of(&office.desk, &["--online", IMAGES[0], IMAGES[1]]);
    session.expect(" of 41 URLs").expect("/s").expect("1 dead").expect("slowest a.test");
    session.expect("asked 41 URLs").code(1);
    let mut session = Session::of(&office.desk, &["--online", "--no-cache", "--quiet", IMAGES[0], IMAGES[1]]);
    session.expect("404 Not Found").code(1);
    assert!(!session.said.contains(" of 41 URLs"), "{}", session.said);
}

#[test]
fn a_job_of_ci_sees_a_line_every_ten_seconds() {
    let server = Server::new();
    let urls = ["/slow-head-14000/png", "/status-404", "/png"].map(|path| server.at("a.test", path));
    let office = Office::new(&server).images("a.md", &urls);
    thread::scope(|scope| {
        for (value, quiet) in [("true", false), ("false", false), ("true", true)] {
            let office = &office;
            scope.spawn(move || {
                let mut command =
                    office.desk.command(&["lint", "--online", "--no-cache", IMAGES[0], IMAGES[1]]);
                command.env("CI", value).args(quiet.then_some("--quiet"));
                let output = command.output().expect("the program starts");
                let said = String::from_utf8_lossy(&output.stderr);
                let has_line =
                    said.contains("2 of 3 URLs") && said.contains("1 dead") && !said.contains('\x1b');
                assert_eq!(has_line, value == "true" && !quiet, "{value} {quiet}: {said}");
            });
        }
    });
}

#[test]
fn ctrl_c_stops_at_once_with_what_is_known() {
    let server = Server::new();
    let urls =
        ["/status-404", "/png", "/hang", "/slow-head-600000/png"].map(|path| server.at("a.test", path));
    let office = Office::new(&server).images("a.md", &urls).with("timeout", "{first-byte: 10m, whole: 10m}");
    let child = office.start(&["lint", "--online", "--format", "json", IMAGES[0], IMAGES[1]]);
    // What is dead is asked twice. Then there is time to hear the two that answer.
    server.wait(5);
    thread::sleep(Duration::from_secs(2));
    kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    let begin = Instant::now();
    let report = Report::of(wait(child));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    report.ended.code(130);
    report.says(&[("dead", super::DEAD), ("alive", Fine), ("hangs", Fine), ("slow", Fine)]);
    assert_eq!((report.asked(), report.skipped("stopped by Ctrl-C")), ([1, 1, 0, 0], 2));
    // What was known by then is kept.
    let before = server.log().len();
    let child = office.start(&["lint", "--online", IMAGES[0], IMAGES[1]]);
    server.wait(before + 2);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(server.log().len(), before + 2, "only the two that had not answered are asked");
    for _ in 0..2 {
        kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    }
    wait(child).code(130);
}
