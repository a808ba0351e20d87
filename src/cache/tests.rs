//! What is kept, believed, merged and let go of, and what becomes of damage.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::record::{self, Entry};
use super::*;
use crate::web::{
    Content, Depth, Failure, Hop, Outcome, Pattern, Policy, Question, Questions, Reply, Retention, Ruling,
    Use,
};

const NOW: u64 = 1_780_000_000;
const DAY: u64 = 24 * 60 * 60;

fn reply(outcome: Outcome, depth: Depth) -> Reply {
    Reply {
        outcome,
        hops: Vec::new(),
        attempts: 1,
        milliseconds: 12,
        media_type: None,
        content: None,
        bytes: None,
        pixels: None,
        depth,
    }
}

fn status(status: u16) -> Reply {
    reply(Outcome::Status(status), Depth::Type)
}

fn replies(list: &[(&str, Reply)]) -> HashMap<Arc<str>, Reply> {
    list.iter().map(|(url, reply)| (Arc::from(*url), reply.clone())).collect()
}

fn questions(urls: &[(&str, Depth)]) -> Questions {
    let mut questions = Questions::default();
    for &(url, depth) in urls {
        questions.add(Question { url: url.into(), depth, path: "a.md".into(), used_as: Use::Image });
    }
    questions
}

/// A folder that is not there yet.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join(".copydesk")
    }

    fn cache(&self) -> Cache {
        Cache::new(&self.folder())
    }

    fn file(&self) -> PathBuf {
        self.folder().join("replies.json")
    }

    fn write(&self, bytes: &[u8]) {
        fs::create_dir_all(self.folder()).unwrap();
        fs::write(self.file(), bytes).unwrap();
    }

    fn keep(&self, list: &[(&str, Reply)], now: u64) {
        self.cache().keep(&replies(list), &Policy::default(), now).unwrap();
    }

    /// The addresses that are known, sorted, of those asked about.
    fn known(&self, urls: &[&str], policy: &Policy, now: u64) -> Vec<String> {
        let urls: Vec<_> = urls.iter().map(|url| (*url, Depth::Head)).collect();
        let kept = self.cache().load(&questions(&urls), policy, now);
        assert_eq!(kept.damage, None);
        let mut known: Vec<String> = kept.replies.keys().map(ToString::to_string).collect();
        known.sort();
        known
    }

    fn damage(&self) -> Option<String> {
        let kept = self.cache().load(&questions(&[(A, Depth::Head)]), &Policy::default(), NOW);
        assert!(kept.damage.is_none() || kept.replies.is_empty(), "what is damaged is not used");
        kept.damage
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

const A: &str = "https://a.test/";
const B: &str = "https://b.test/b.png";
const C: &str = "https://c.test/c.png";

fn ruling(pattern: Pattern) -> Ruling {
    Ruling { pattern, accept: None, skip: None, as_unverified: None }
}

// --- What stands on the disk.

/// If this changes, so does the format: raise its version.
#[test]
fn the_format_is_this() {
    let place = Place::new();
    let full = Reply {
        outcome: Outcome::Status(200),
        hops: vec![Hop { status: 301, to: "https://b.test/new.png".into() }],
        attempts: 2,
        milliseconds: 12,
        media_type: Some("image/webp".into()),
        content: Some(Content::WebP),
        bytes: Some(1234),
        pixels: Some((1200, 630)),
        depth: Depth::Size,
    };
    let gone = reply(Outcome::Failed(Failure::NoSuchHost), Depth::Head);
    let list =
        [(C, reply(Outcome::Failed(Failure::Tls("expired".into())), Depth::Type)), (B, full), (A, gone)];
    place.keep(&list, NOW);
    let expected = concat!(
        r#"{"version":1,"replies":{"#,
        r#""https://a.test/":{"asked":1780000000,"reply":{"outcome":{"failed":"no-such-host"},"attempts":1,"#,
        r#""milliseconds":12,"depth":"head"}},"#,
        r#""https://b.test/b.png":{"asked":1780000000,"reply":{"outcome":{"status":200},"#,
        r#""hops":[{"status":301,"to":"https://b.test/new.png"}],"attempts":2,"milliseconds":12,"#,
        r#""media_type":"image/webp","content":"webp","bytes":1234,"pixels":[1200,630],"depth":"size"}},"#,
        r#""https://c.test/c.png":{"asked":1780000000,"reply":{"outcome":{"failed":{"tls":"expired"}},"attempts":1,"#,
        r#""milliseconds":12,"depth":"type"}}}}"#,
    );
    assert_eq!(fs::read_to_string(place.file()).unwrap(), expected);
    let kept = place.cache().load(
        &questions(&[(A, Depth::Head), (B, Depth::Size), (C, Depth::Type)]),
        &Policy::default(),
        NOW,
    );
    assert_eq!(kept.replies, replies(&list));
}

#[test]
fn equal_caches_are_equal_bytes_whatever_came_first() {
    let (one, other) = (Place::new(), Place::new());
    one.keep(&[(A, status(200)), (B, status(404))], NOW);
    one.keep(&[(C, status(200))], NOW);
    other.keep(&[(C, status(200)), (B, status(404))], NOW);
    other.keep(&[(A, status(200))], NOW);
    assert_eq!(fs::read(one.file()).unwrap(), fs::read(other.file()).unwrap());
}

#[test]
fn a_folder_that_is_made_is_never_committed_and_one_that_is_there_is_left_as_it_is() {
    let place = Place::new();
    place.keep(&[(A, status(200))], NOW);
    assert_eq!(place.names(), [".gitignore", "replies.json", "replies.lock"]);
    let ignored = fs::read_to_string(place.folder().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "*"), "{ignored}");
    fs::remove_file(place.folder().join(".gitignore")).unwrap();
    place.keep(&[(B, status(200))], NOW);
    assert_eq!(place.names(), ["replies.json", "replies.lock"], "somebody wants it so");
    let deep = place.folder().join("deep/er");
    Cache::new(&deep).keep(&replies(&[(A, status(200))]), &Policy::default(), NOW).unwrap();
    assert!(deep.join(".gitignore").exists() && !place.folder().join("deep/.gitignore").exists());
}

#[test]
fn nothing_is_written_where_there_is_nothing_to_keep() {
    let place = Place::new();
    place.keep(&[], NOW);
    place.keep(&[(A, status(503)), (B, reply(Outcome::Failed(Failure::LeftAlone), Depth::Head))], NOW);
    assert!(!place.folder().exists());
    assert!(place.known(&[A, B], &Policy::default(), NOW).is_empty());
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.keep(&[(A, status(200))], NOW);
    assert_eq!(fs::metadata(place.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn addresses_with_names_and_passwords_are_not_written() {
    let place = Place::new();
    let led = |to: &str| Reply { hops: vec![Hop { status: 302, to: to.into() }], ..status(200) };
    place.keep(
        &[
            ("https://user:hush@a.test/", status(200)),
            ("https://hush@a.test/", status(200)),
            ("https://a.test/1", led("https://user:hush@a.test/")),
            ("https://a.test/@2?to=a@b.test", led("https://a.test/@user")),
        ],
        NOW,
    );
    let text = fs::read_to_string(place.file()).unwrap();
    assert!(!text.contains("hush"), "{text}");
    assert_eq!(
        place.known(&["https://a.test/1", "https://a.test/@2?to=a@b.test"], &Policy::default(), NOW),
        ["https://a.test/@2?to=a@b.test"]
    );
}

// --- What is believed of it.

#[test]
fn the_living_are_known_for_seven_days_and_the_dead_for_an_hour() {
    let place = Place::new();
    let gone = reply(Outcome::Failed(Failure::NoSuchHost), Depth::Head);
    place.keep(&[(A, status(200)), (B, status(404)), (C, gone)], NOW);
    let known = |now| place.known(&[A, B, C], &Policy::default(), now);
    assert_eq!(known(NOW), [A, B, C]);
    assert_eq!(known(NOW + 3599), [A, B, C]);
    assert_eq!(known(NOW + 3600), [A]);
    assert_eq!(known(NOW + 7 * DAY - 1), [A]);
    assert_eq!(known(NOW + 7 * DAY), [""; 0]);
    let retention =
        Retention { alive: Duration::ZERO, dead: Duration::from_secs(7200), ..Retention::default() };
    let policy = Policy { retention, ..Policy::default() };
    assert_eq!(place.known(&[A, B, C], &policy, NOW), [B, C]);
    assert_eq!(place.known(&[A, B, C], &policy, NOW + 7199), [B, C]);
}

#[test]
fn clocks_may_differ_a_little() {
    let place = Place::new();
    place.keep(&[(A, status(200))], NOW);
    let known = |now| place.known(&[A], &Policy::default(), now);
    assert_eq!(known(NOW - 300), [A]);
    assert_eq!(known(NOW - 301), [""; 0]);
    // Else what a wrong clock wrote would be the newest for ever.
    place.keep(&[(A, status(404)), (B, status(200))], NOW - 301);
    assert_eq!(place.known(&[A, B], &Policy::default(), NOW - 301 + 3600), [B]);
}

#[test]
fn a_reply_must_go_as_deep_as_the_question() {
    let place = Place::new();
    place.keep(&[(A, reply(Outcome::Status(200), Depth::Type))], NOW);
    for (depth, expected) in [(Depth::Head, 1), (Depth::Type, 1), (Depth::Size, 0)] {
        let kept = place.cache().load(&questions(&[(A, depth)]), &Policy::default(), NOW);
        assert_eq!(kept.replies.len(), expected, "{depth:?}");
    }
}

#[test]
fn only_what_is_asked_is_known() {
    let place = Place::new();
    place.keep(&[(A, status(200)), (B, status(200))], NOW);
    assert_eq!(place.known(&[B, C], &Policy::default(), NOW), [B]);
    assert_eq!(place.known(&[], &Policy::default(), NOW), [""; 0]);
}

#[test]
fn replies_count_for_what_the_policy_of_today_says() {
    let place = Place::new();
    let host = |name: &str| Pattern::Host(name.to_owned());
    let accepts = Policy {
        rulings: vec![Ruling { accept: Some(vec![999, 404]), ..ruling(host("b.test")) }],
        ..Policy::default()
    };
    place.cache().keep(&replies(&[(A, status(999)), (B, status(999))]), &accepts, NOW).unwrap();
    assert_eq!(place.known(&[A, B], &accepts, NOW), [B]);
    assert_eq!(place.known(&[A, B], &Policy::default(), NOW), [""; 0], "999 is unverified again");
    place.keep(&[(A, status(404)), (B, status(404)), (C, status(404))], NOW);
    assert_eq!(place.known(&[A, B, C], &accepts, NOW + DAY), [B], "404 is alive there");
    let softens = ["b.test", "c.test"].map(|name| Ruling { as_unverified: Some(true), ..ruling(host(name)) });
    let softens = Policy { rulings: softens.to_vec(), ..Policy::default() };
    assert_eq!(place.known(&[A, B, C], &softens, NOW), [A], "what is unverified is asked again");
}

// --- Merging.

#[test]
fn what_is_there_stays_beside_what_is_new_and_the_newer_reply_counts() {
    let place = Place::new();
    place.keep(&[(A, status(200)), (B, status(200))], NOW);
    place.keep(&[(B, status(404)), (C, status(200))], NOW + 10);
    // Of a run that took long.
    place.keep(&[(B, status(200))], NOW + 5);
    let wanted = questions(&[(A, Depth::Head), (B, Depth::Head), (C, Depth::Head)]);
    let kept = place.cache().load(&wanted, &Policy::default(), NOW + 10);
    assert_eq!(kept.replies, replies(&[(A, status(200)), (B, status(404)), (C, status(200))]));
    // Of one second, the deeper.
    place.keep(&[(A, reply(Outcome::Status(200), Depth::Size))], NOW + 20);
    place.keep(&[(A, reply(Outcome::Status(200), Depth::Head))], NOW + 20);
    let kept = place.cache().load(&questions(&[(A, Depth::Size)]), &Policy::default(), NOW + 20);
    assert_eq!(kept.replies.len(), 1);
}

#[test]
fn what_counts_no_more_goes_when_something_is_kept() {
    let place = Place::new();
    place.keep(&[(A, status(200)), (B, status(404))], NOW);
    place.keep(&[(C, status(200))], NOW + 7 * DAY);
    let text = fs::read_to_string(place.file()).unwrap();
    assert!(text.contains(C) && !text.contains(A) && !text.contains(B), "{text}");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let place = &place;
            scope.spawn(move || {
                let mut cache = place.cache();
                cache.patience = Duration::from_secs(600);
                for turn in 0..10 {
                    let url = format!("https://a.test/{writer}/{turn}");
                    cache.keep(&replies(&[(&url, status(200))]), &Policy::default(), NOW).unwrap();
                }
            });
        }
    });
    let all: Vec<String> = (0..4)
        .flat_map(|writer| (0..10).map(move |turn| format!("https://a.test/{writer}/{turn}")))
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(place.known(&all, &Policy::default(), NOW), all);
    assert_eq!(place.names(), [".gitignore", "replies.json", "replies.lock"]);
}

#[test]
fn writers_and_those_who_clear_away_do_not_get_into_each_others_way() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let place = &place;
            scope.spawn(move || {
                let mut cache = place.cache();
                cache.patience = Duration::from_secs(600);
                for turn in 0..30 {
                    let url = format!("https://a.test/{writer}/{turn}");
                    cache.keep(&replies(&[(&url, status(200))]), &Policy::default(), NOW).unwrap();
                }
            });
        }
        for _ in 0..30 {
            place.cache().clean().unwrap();
        }
    });
    assert_eq!(place.damage(), None);
    place.cache().clean().unwrap();
    assert!(!place.folder().exists());
}

#[test]
fn a_run_that_hangs_is_not_waited_for() {
    let place = Place::new();
    place.keep(&[(A, status(200))], NOW);
    let lock = File::open(place.folder().join("replies.lock")).unwrap();
    lock.lock().unwrap();
    let mut cache = place.cache();
    cache.patience = Duration::from_millis(50);
    let kept = cache.keep(&replies(&[(B, status(200))]), &Policy::default(), NOW);
    assert!(kept.unwrap_err().ends_with("another run has held it for too long"));
    assert!(cache.clean().is_err());
    assert_eq!(place.known(&[A, B], &Policy::default(), NOW), [A], "what is there can be read");
    drop(lock);
    cache.keep(&replies(&[(B, status(200))]), &Policy::default(), NOW).unwrap();
    assert_eq!(place.known(&[A, B], &Policy::default(), NOW), [A, B]);
}

#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let place = Place::new();
    place.keep(&[(A, status(200))], NOW);
    fs::write(place.folder().join("replies-0aZ9bY8cX7dW.tmp"), "{").unwrap();
    fs::write(place.folder().join("replies-mine.tmp"), "mine").unwrap();
    assert_eq!(place.known(&[A], &Policy::default(), NOW), [A]);
    place.keep(&[(B, status(200))], NOW);
    assert_eq!(place.names(), [".gitignore", "replies-mine.tmp", "replies.json", "replies.lock"]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let place = Place::new();
    fs::write(place.folder(), "a file").unwrap();
    let keep = || place.cache().keep(&replies(&[(A, status(200))]), &Policy::default(), NOW);
    assert!(keep().unwrap_err().contains("cannot be made"));
    assert!(place.cache().clean().is_err() && place.cache().stock(&Policy::default(), NOW).is_err());
    assert_eq!(place.damage(), None, "there is no cache");
    fs::remove_file(place.folder()).unwrap();
    fs::create_dir_all(place.file()).unwrap();
    assert!(place.damage().unwrap().ends_with("it is no file"));
    assert!(keep().unwrap_err().contains("cannot be written"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("elsewhere", place.folder().join("link")).unwrap();
        fs::remove_file(place.folder().join("replies.lock")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", place.folder().join("replies.lock")).unwrap();
        assert!(keep().unwrap_err().ends_with("it is a link"));
        assert!(!place.0.path().join("elsewhere").exists());
    }
}

// --- Damage.

#[test]
fn what_is_damaged_is_named_not_used_and_replaced() {
    let entry = r#""https://a.test/":{"asked":1780000000,"reply":{"outcome":{"status":200},"attempts":1,"milliseconds":1,"depth":"type"}}"#;
    let good = format!(r#"{{"version":1,"replies":{{{entry}}}}}"#);
    let place = Place::new();
    place.write(good.as_bytes());
    assert_eq!(place.known(&[A], &Policy::default(), NOW), [A]);
    let odd = good
        .replace("\"asked\"", "\"note\":[{}],\"asked\"")
        .replace("{\"version\"", "{\"note\":1e9,\"version\"");
    place.write(odd.as_bytes());
    assert_eq!(place.known(&[A], &Policy::default(), NOW), [A], "more than we know does no harm");
    for (damaged, why) in [
        (String::new(), "EOF"),
        (good[..good.len() - 1].to_owned(), "EOF"),
        (format!("{good} x"), "trailing"),
        ("[]".to_owned(), "a map of version and replies"),
        (good.replace("\"version\":1,", ""), "missing field `version`"),
        (r#"{"version":1}"#.to_owned(), "missing field `replies`"),
        (good.replace("1,\"replies\"", "0,\"replies\""), "no format 0"),
        (good.replace("1,\"replies\"", "-1,\"replies\""), "-1"),
        (good.replace("1780000000", "\"now\""), "string"),
        (good.replace("\"asked\":1780000000,", ""), "missing field `asked`"),
        (good.replace("200", "70000"), "70000"),
        (good.replace("type", "deep"), "deep"),
        (good.replace(entry, &format!("{entry},\"https://b.test/\":7")), "integer"),
        (format!("{{\"version\":1,\"replies\":{}", "[".repeat(100_000)), "a map of addresses"),
        (format!("{{\"version\":1,\"x\":{}", "[".repeat(100_000)), "EOF"),
    ] {
        place.write(damaged.as_bytes());
        let told = place.damage().unwrap_or_else(|| panic!("{why}"));
        assert!(told.contains("replies.json\" is damaged") && told.contains(why), "{told}");
        place.keep(&[(B, status(200))], NOW);
        assert_eq!(place.known(&[A, B], &Policy::default(), NOW), [B], "{why}");
    }
    place.write(b"{\"version\":1,\"replies\":{\"https://a.test/\xff\":{}}}");
    assert!(place.damage().is_some());
}

#[test]
fn what_a_newer_program_wrote_is_neither_used_nor_changed() {
    let place = Place::new();
    for text in [r#"{"version":2,"replies":[1,2]}"#, r#"{"version":18446744073709551615,"#] {
        place.write(text.as_bytes());
        let told = place.damage().unwrap();
        assert!(told.contains("neither used nor changed: a newer copydesk wrote it, in format"), "{told}");
        place.keep(&[(A, status(200))], NOW);
        assert_eq!(fs::read_to_string(place.file()).unwrap(), text);
        assert_eq!(place.cache().stock(&Policy::default(), NOW).unwrap().unwrap().damage, Some(told));
    }
    place.cache().clean().unwrap();
    place.keep(&[(A, status(200))], NOW);
    assert_eq!(place.known(&[A], &Policy::default(), NOW), [A]);
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let place = Place::new();
    place.keep(&[(A, status(200))], NOW);
    // Full of holes, which take no room on the disk.
    File::options().write(true).open(place.file()).unwrap().set_len((256 << 20) + 1).unwrap();
    assert!(place.damage().unwrap().ends_with("it is larger than 268435456 bytes"));
    place.keep(&[(B, status(200))], NOW);
    assert_eq!(place.known(&[A, B], &Policy::default(), NOW), [B]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let place = Place::new();
    fs::create_dir(place.folder()).unwrap();
    let pipes = ["replies.json", ".gitignore"].map(|name| place.folder().join(name));
    let made = std::process::Command::new("mkfifo").args(pipes).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is part of every Unix");
    assert!(place.damage().unwrap().ends_with("it is no file"));
    place.keep(&[(A, status(200))], NOW);
    assert_eq!(place.known(&[A], &Policy::default(), NOW), [A]);
    place.cache().clean().unwrap();
    assert_eq!(place.names(), [".gitignore"]);
}

proptest! {
    #[test]
    fn no_change_of_a_file_is_too_odd(at in 0..10_000_usize, byte: u8, cut in 0..10_000_usize) {
        let list = [(A, status(200)), (B, status(404)), (C, reply(Outcome::Failed(Failure::NoSuchHost), Depth::Head))];
        let mut all = list.map(|(url, reply)| (url.to_owned(), Entry { asked: NOW, reply })).into();
        let mut bytes = record::bytes(&mut all);
        let at = at % bytes.len();
        bytes[at] = byte;
        let place = Place::new();
        place.write(&bytes[..bytes.len().min(cut)]);
        let wanted = questions(&[(A, Depth::Head), (B, Depth::Head)]);
        let kept = place.cache().load(&wanted, &Policy::default(), NOW);
        prop_assert!(kept.damage.is_none() || kept.replies.is_empty());
        place.cache().stock(&Policy::default(), NOW).unwrap();
        place.keep(&[(A, status(200))], NOW);
        prop_assert!(kept.damage.is_some_and(|damage| damage.contains("newer")) || place.damage().is_none());
    }
}

// --- How much.

/// How fast a cache is read and written, printed by
/// `cargo test --release --lib -- --ignored --nocapture cache::`.
#[test]
#[ignore = "measures"]
#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn the_time_that_many_replies_take() {
    for count in [5_500, 100_000, 500_000] {
        let place = Place::new();
        let urls: Vec<String> = (0..count)
            .map(|number| format!("https://images.test/2026/05/{number}/a-door-of-oak.webp?w=1200"))
            .collect();
        let full = Reply {
            media_type: Some("image/webp".into()),
            content: Some(Content::WebP),
            bytes: Some(123_456),
            pixels: Some((1200, 630)),
            ..reply(Outcome::Status(200), Depth::Size)
        };
        let all = urls.iter().map(|url| (Arc::from(url.as_str()), full.clone())).collect();
        let wanted: Vec<_> = urls.iter().map(|url| (url.as_str(), Depth::Size)).collect();
        let (wanted, policy) = (questions(&wanted), Policy::default());
        let time = |what: &str, work: &dyn Fn() -> usize| {
            let begin = std::time::Instant::now();
            let result = work();
            println!("{count} replies: {what} {:?} ({result})", begin.elapsed());
        };
        time("kept", &|| place.cache().keep(&all, &policy, NOW).map_or(0, |()| 1));
        for _ in 0..3 {
            time("loaded", &|| place.cache().load(&wanted, &policy, NOW).replies.len());
        }
        time("kept beside", &|| {
            place.cache().keep(&replies(&[(A, status(200))]), &policy, NOW).map_or(0, |()| 1)
        });
        time("counted", &|| place.cache().stock(&policy, NOW).unwrap().unwrap().replies());
        println!("{} bytes", fs::metadata(place.file()).unwrap().len());
    }
}

// --- Looked at and cleared away.

#[test]
fn a_stock_counts_by_worth_age_and_host() {
    let place = Place::new();
    let stock = |now| place.cache().stock(&Policy::default(), now).unwrap();
    assert_eq!(stock(NOW), None);
    place.keep(&[(A, status(200))], NOW - 6 * DAY);
    place.keep(&[(B, status(200))], NOW - DAY + 1);
    place.keep(&[("https://b.test/2", status(404)), (C, status(200))], NOW);
    let known = stock(NOW + 10).unwrap();
    assert_eq!(known.alive, Ages { hour: 1, day: 0, week: 2, older: 0 });
    assert_eq!(known.dead, Ages { hour: 1, ..Ages::default() });
    assert_eq!((known.stale, known.replies(), known.ages), (0, 4, Some((10, 6 * DAY + 10))));
    let hosts = [("b.test", 2), ("a.test", 1), ("c.test", 1)];
    assert_eq!(known.hosts, hosts.map(|(host, count)| (host.to_owned(), count)));
    let sizes = place.names().into_iter().map(|name| fs::metadata(place.folder().join(name)).unwrap().len());
    assert_eq!(known.bytes, sizes.sum::<u64>());
    assert_eq!(stock(NOW + 2 * DAY).unwrap().stale, 2);
}

#[test]
fn only_what_the_program_wrote_is_removed() {
    let place = Place::new();
    assert_eq!(place.cache().clean(), Ok(Cleaned::default()));
    assert!(!place.folder().exists());
    place.keep(&[(A, status(200))], NOW);
    let bytes = place.cache().stock(&Policy::default(), NOW).unwrap().unwrap().bytes;
    let all = [".gitignore", "replies.json", "replies.lock"].map(str::to_owned);
    assert_eq!(place.cache().clean(), Ok(Cleaned { files: all.to_vec(), bytes, left: None }));
    assert!(!place.folder().exists());
    place.keep(&[(A, status(200))], NOW);
    fs::write(place.folder().join(".gitignore"), "*.tmp\n").unwrap();
    fs::write(place.folder().join("note.txt"), "mine").unwrap();
    let cleaned = place.cache().clean().unwrap();
    assert_eq!(cleaned.files, all[1..]);
    assert_eq!(cleaned.left.as_deref(), Some("there is something else in it"));
    assert_eq!(place.names(), [".gitignore", "note.txt"]);
    assert_eq!(place.cache().clean(), Ok(Cleaned::default()));
    assert_eq!(place.cache().stock(&Policy::default(), NOW), Ok(None));
    assert_eq!(place.names(), [".gitignore", "note.txt"], "to look leaves nothing");
}

#[test]
fn a_folder_in_the_way_of_a_path_is_none() {
    assert_eq!(
        Cache::new(Path::new("Cargo.toml/.copydesk"))
            .load(&questions(&[(A, Depth::Head)]), &Policy::default(), NOW)
            .damage,
        None
    );
}

#[test]
fn a_file_in_another_order_does_no_harm() {
    let place = Place::new();
    place.keep(&[(A, status(200)), (B, status(200))], NOW);
    let text = fs::read_to_string(place.file()).unwrap();
    let (before, entries) = text.split_at(text.find("\"https://").unwrap());
    let (first, second) = entries.strip_suffix("}}").unwrap().split_once(",\"https://b").unwrap();
    place.write(format!("{before}\"https://b{second},{first}}}}}").as_bytes());
    assert_eq!(place.known(&[A, B], &Policy::default(), NOW), [B]);
    place.keep(&[(C, status(200))], NOW);
    assert_eq!(place.known(&[A, B, C], &Policy::default(), NOW), [A, B, C], "it is sorted again");
}
