//! What is kept between runs.

use std::fs;
use std::path::PathBuf;

use super::super::web::Server;
use super::{Office, many, wait};

const IMAGES: [&str; 2] = ["--only", "image-reachable,image-type"];

fn folder(office: &Office<'_>) -> PathBuf {
    office.desk.path().join(".copydesk")
}

/// The file that the replies are in.
fn file(office: &Office<'_>) -> PathBuf {
    folder(office).join("replies.json")
}

#[test]
fn a_second_run_asks_nothing_that_is_known() {
    let server = Server::new();
    let mut urls = many(&server, "a.test", "/png", 50);
    urls.extend(["/status-404", "/page"].map(|path| server.at("b.test", path)));
    let office = Office::new(&server).images("a.md", &urls);
    let first = office.online(&IMAGES);
    let requests = server.log().len();
    let second = office.online(&IMAGES);
    assert_eq!((first.asked(), second.asked()), ([51, 1, 0, 0], [51, 1, 0, 52]));
    assert_eq!(first.found(), second.found());
    assert_eq!(server.log().len(), requests);
    second.ended.code(1);
    let ignored = fs::read_to_string(folder(&office).join(".gitignore")).expect("it is there");
    assert!(ignored.lines().any(|line| line == "*"), "{ignored}");
}

#[test]
fn what_nobody_knows_is_asked_again() {
    let server = Server::new();
    let urls = ["/status-403", "/first-1-403/png"].map(|path| server.at("a.test", path));
    let office = Office::new(&server).images("a.md", &urls);
    assert_eq!(office.online(&IMAGES).asked(), [0, 0, 2, 0]);
    assert_eq!(office.online(&IMAGES).asked(), [1, 0, 1, 0]);
    assert_eq!(office.online(&IMAGES).asked(), [1, 0, 1, 1]);
    assert_eq!((server.asked("/status-403").len(), server.asked("/first-1-403/png").len()), (3, 2));
}

#[test]
fn the_config_says_for_how_long() {
    let server = Server::new();
    let urls = ["/png", "/status-404"].map(|path| server.at("a.test", path));
    let office = Office::new(&server).images("a.md", &urls).with("cache", "{dead: 0s}");
    office.online(&IMAGES);
    office.online(&IMAGES);
    assert_eq!((server.asked("/png").len(), server.asked("/status-404").len()), (1, 2));
    let office = office.with("cache", "{alive: 0s, dead: 1h}");
    office.online(&IMAGES);
    office.online(&IMAGES);
    assert_eq!((server.asked("/png").len(), server.asked("/status-404").len()), (3, 3));
}

#[test]
fn the_config_says_where() {
    let server = Server::new();
    let office =
        Office::new(&server).images("a.md", &[server.url("/png")]).with("cache", "{folder: kept/here}");
    office.online(&IMAGES);
    assert!(!folder(&office).exists());
    assert!(office.desk.path().join("kept/here/.gitignore").exists());
    assert_eq!(office.online(&IMAGES).asked(), [1, 0, 0, 1]);
}

#[test]
fn without_it_nothing_is_read_or_written() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.url("/png")]);
    office.online(&["--no-cache", IMAGES[0], IMAGES[1]]);
    assert!(!folder(&office).exists());
    office.online(&IMAGES);
    let kept = fs::read(file(&office)).expect("it is there");
    office.online(&["--no-cache", IMAGES[0], IMAGES[1]]);
    assert_eq!(fs::read(file(&office)).expect("it is there"), kept);
    assert_eq!(server.log().len(), 3);
}

#[test]
fn what_goes_deeper_than_what_is_known_is_asked() {
    let server = Server::new();
    let office = Office::new(&server).links("a.md", &[server.url("/png-200x100")]);
    office.online(&["--only", "link-reachable"]);
    let office = office.images("a.md", &[server.url("/png-200x100")]);
    office.online(&["--only", "image-type"]);
    assert_eq!(server.methods("/png-200x100"), "HEAD GET");
    office.online(&["--only", "image-type"]);
    office.online(&["--only", "image-reachable"]);
    assert_eq!(server.methods("/png-200x100"), "HEAD GET");
    let office = office.besides("rules: {image-size: {level: warning, min-width: 1200}}\n");
    assert_eq!(office.online(&["--only", "image-size"]).found().len(), 1);
    assert_eq!(office.online(&["--only", "image-size"]).found().len(), 1);
    assert_eq!(server.methods("/png-200x100"), "HEAD GET GET");
}

#[test]
fn what_is_kept_is_judged_by_the_config_of_the_day() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.at("a.test", "/status-404")]);
    assert_eq!(office.online(&IMAGES).asked(), [0, 1, 0, 0]);
    let office = office.with("rulings", "[{match: a.test, accept: [404]}]");
    assert_eq!(office.online(&IMAGES).asked()[..3], [1, 0, 0]);
    let office = office.with("rulings", "[{match: a.test, skip: true}]");
    assert_eq!(office.online(&IMAGES).asked(), [0, 0, 0, 0]);
}

#[test]
fn it_can_be_carried_to_another_machine() {
    let server = Server::new();
    let urls = many(&server, "a.test", "/png", 5);
    let [from, to] = [(); 2].map(|()| Office::new(&server).images("deep/a.md", &urls));
    from.online(&IMAGES);
    fs::create_dir(folder(&to)).expect("it can be made");
    for entry in fs::read_dir(folder(&from)).expect("it is there") {
        let path = entry.expect("a file of ours").path();
        fs::copy(&path, folder(&to).join(path.file_name().expect("it has a name")))
            .expect("it can be copied");
    }
    assert_eq!(to.online(&IMAGES).asked(), [5, 0, 0, 5]);
    assert_eq!(server.log().len(), 5);
}

#[test]
fn a_damaged_one_is_dropped_and_somebody_is_told() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.url("/png")]);
    office.online(&IMAGES);
    let whole = fs::read(file(&office)).expect("it is there");
    for damage in [&b""[..], b"\xff\xfe\0", b"[]", &whole[..whole.len() / 2]] {
        fs::write(file(&office), damage).expect("it can be written");
        let before = server.log().len();
        let report = office.online(&IMAGES);
        report.ended.code(0).complains("replies.json");
        assert_eq!((report.asked(), server.log().len()), ([1, 0, 0, 0], before + 1), "{damage:?}");
        // It is mended by that.
        let report = office.online(&IMAGES);
        assert_eq!((report.asked(), report.ended.stderr.as_str()), ([1, 0, 0, 1], ""));
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_no_reason_to_fail() {
    let server = Server::new();
    let office = Office::new(&server).images("a.md", &[server.url("/png")]);
    office.desk.write(".copydesk", b"a file");
    let report = office.online(&IMAGES);
    assert_eq!(report.asked(), [1, 0, 0, 0]);
    report.ended.code(0).complains(".copydesk");
    assert_eq!(office.desk.bytes(".copydesk"), b"a file");
}

#[test]
fn two_runs_at_once_keep_what_both_have_learnt() {
    let server = Server::new();
    let [some, others] = ["/png", "/gif"].map(|path| many(&server, "a.test", path, 40));
    let office = Office::new(&server).images("a.md", &some).images("b.md", &others);
    let run = |path: &'static str| {
        office.start(&["lint", "--online", "--format", "json", IMAGES[0], IMAGES[1], path])
    };
    let runs = [run("a.md"), run("b.md")];
    for child in runs {
        wait(child).code(0);
    }
    let asked = server.log().len();
    assert_eq!(office.online(&IMAGES).asked(), [80, 0, 0, 80]);
    assert_eq!(server.log().len(), asked);
}

#[test]
fn it_can_be_looked_at_and_cleaned() {
    let server = Server::new();
    let office = Office::new(&server)
        .images("a.md", &["/png", "/gif", "/status-404"].map(|path| server.at("a.test", path)));
    office.run(&["cache", "show"]).code(0);
    office.online(&IMAGES);
    office.desk.write(".copydesk/mine.txt", b"mine");
    let shown = office.run(&["cache", "show"]);
    shown.code(0).says("alive").says("dead").says(&format!("a.test:{}", server.port()));
    office.run(&["cache", "clean"]).code(0);
    assert!(!file(&office).exists());
    assert_eq!(office.desk.bytes(".copydesk/mine.txt"), b"mine");
    assert_eq!(office.online(&IMAGES).asked(), [2, 1, 0, 0]);
    office.run(&["cache", "clean"]).code(0);
    office.run(&["cache", "clean"]).code(0);
}
