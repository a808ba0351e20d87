//! What is kept between runs: the commands that show and remove it, and programs that write it at the same time or are
//! killed while they do.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use copydesk::cache::Cache;
use copydesk::web::{Depth, Outcome, Policy, Question, Questions, Reply, Use};

use super::cli::Desk;

// --- The commands.

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs()
}

/// A cache of one reply of an hour and a half ago for each of these addresses with their statuses.
fn kept(replies: &[(&str, u16)]) -> String {
    let asked = now() - 90 * 60;
    let entries: Vec<String> = replies
        .iter()
        .map(|(url, status)| {
            let reply = format!(
                r#"{{"outcome":{{"status":{status}}},"attempts":1,"milliseconds":9,"depth":"type"}}"#
            );
            format!(r#""{url}":{{"asked":{asked},"reply":{reply}}}"#)
        })
        .collect();
    format!(r#"{{"version":1,"replies":{{{}}}}}"#, entries.join(","))
}

const SOME: &[(&str, u16)] =
    &[("https://a.test/1.png", 200), ("https://a.test/2.png", 200), ("https://b.test/", 404)];

#[test]
fn a_cache_is_shown_and_removed() {
    let desk =
        Desk::new(&[("copydesk.yaml", "extends: recommended\n"), (".copydesk/replies.json", &kept(SOME))]);
    let size = desk.bytes(".copydesk/replies.json").len();
    let ended = desk.run(&["cache", "show"]);
    ended.code(0).says("folder   .copydesk\n").says(&format!("size     {size} bytes\n"));
    ended
        .says("replies  3, 1 hour to 1 hour old\n")
        .says("alive         2       0       2       0       0\n");
    ended.says("stale         1  asked again").says("      2  a.test\n      1  b.test\n");
    assert_eq!(ended.stderr, "");
    let json = desk.run(&["cache", "show", "--format", "json"]).code(0).json();
    assert_eq!((&json["folder"], &json["exists"]), (&".copydesk".into(), &true.into()));
    assert_eq!((&json["bytes"], &json["replies"], &json["stale"]), (&size.into(), &3.into(), &1.into()));
    assert_eq!(json["alive"], serde_json::json!({"all": 2, "hour": 0, "day": 2, "week": 0, "older": 0}));
    assert_eq!(json["hosts"][0], serde_json::json!({"host": "a.test", "replies": 2}));
    assert!(json["oldest_seconds"].as_u64().is_some_and(|age| age >= 5400) && json["damage"].is_null());
    let ended = desk.run(&["cache", "clean"]);
    ended.code(0).says(&format!("removed \".copydesk\": 1 file, {size} bytes\n"));
    assert!(!desk.path().join(".copydesk").exists());
}

#[test]
fn to_look_or_to_clean_where_there_is_nothing_is_no_mistake_and_leaves_nothing() {
    let desk = Desk::new(&[("a.md", "A door.\n")]);
    desk.run(&["cache", "show"]).code(0).says("there is no cache in \".copydesk\"\n");
    desk.run(&["cache", "clean"]).code(0).says("there is no cache in \".copydesk\"\n");
    let json = desk.run(&["cache", "show", "--format", "json"]).code(0).json();
    assert_eq!((&json["exists"], &json["replies"]), (&false.into(), &0.into()));
    assert_eq!(fs::read_dir(desk.path()).expect("a folder of ours").count(), 1);
}

#[test]
fn the_cache_stands_beside_the_nearest_config_or_the_one_that_is_named() {
    let text = kept(SOME);
    let desk = Desk::new(&[
        ("site/copydesk.yaml", "extends: recommended\n"),
        ("site/.copydesk/replies.json", &text),
        ("site/posts/a.md", "A door.\n"),
    ]);
    let site = desk.path().join("site");
    let run = |folder: &Path, arguments: &[&str]| {
        let output = desk.command(arguments).current_dir(folder).output();
        super::cli::Ended::of(&output.expect("the program starts"))
    };
    let shown = run(&site.join("posts"), &["cache", "show"]);
    shown.code(0).says("site/.copydesk\n").says("replies  3");
    desk.run(&["cache", "show"]).code(0).says("there is no cache");
    desk.run(&["cache", "show", "--config", "site/copydesk.yaml"]).says("folder   site/.copydesk\n");
    let named = "network:\n  headers: {a.test: {Authorization: 'Bearer ${COPYDESK_TEST_UNSET}'}}\n  cache: {folder: ../kept, dead: 2h}\n";
    desk.write("other/copydesk.yaml", named.as_bytes());
    desk.write("kept/replies.json", text.as_bytes());
    let shown = desk.run(&["cache", "show", "--config", "other/copydesk.yaml"]);
    shown.code(0).says("folder   kept\n").says("dead          1 ").says("stale         0 ");
    run(&desk.path().join("other"), &["cache", "clean"]).code(0).says("kept\": 1 file");
    desk.run(&["cache", "show", "--config", "gone.yaml"]).code(2).complains("gone.yaml");
    run(&site.join("posts"), &["cache", "clean"]).code(0).says("site/.copydesk\": 1 file");
    assert!(!site.join(".copydesk").exists());
}

#[test]
fn other_files_in_the_folder_stay() {
    let desk = Desk::new(&[(".copydesk/replies.json", &kept(SOME)), (".copydesk/note.txt", "mine\n")]);
    let ended = desk.run(&["cache", "clean"]);
    ended.code(0).says("from \".copydesk\", which stays: there is something else in it\n");
    assert_eq!(desk.bytes(".copydesk/note.txt"), b"mine\n");
    assert!(!desk.path().join(".copydesk/replies.json").exists());
    desk.run(&["cache", "clean"]).code(0).says("there is no cache");
}

#[test]
fn damage_is_told_and_can_be_removed() {
    let desk = Desk::new(&[(".copydesk/replies.json", "{\"version\":1,\x1b[2J")]);
    let ended = desk.run(&["cache", "show"]);
    ended.code(0).says("size     17 bytes\nreplies  0\n");
    ended.complains("the cache \".copydesk/replies.json\" is damaged and not used: key must be a string");
    let json = desk.run(&["cache", "show", "--format", "json"]).code(0).json();
    assert!(json["damage"].as_str().is_some_and(|damage| damage.contains("is damaged")));
    desk.write(".copydesk/replies.json", br#"{"version":9,"replies":[]}"#);
    desk.run(&["cache", "show"]).code(0).complains("a newer copydesk wrote it, in format 9");
    desk.run(&["cache", "clean"]).code(0).says("removed \".copydesk\"");
    desk.write(".copydesk", b"a file");
    desk.run(&["cache", "show"]).code(2).complains("\".copydesk\" cannot be read");
    desk.run(&["cache", "clean"]).code(2).complains("\".copydesk\" cannot be read");
}

// --- Programs that write.

/// The variables by which a test tells the program below what to do: the folder, its name, and how many turns it takes.
const FOLDER: &str = "COPYDESK_TEST_CACHE";
const NAME: &str = "COPYDESK_TEST_NAME";
const TURNS: &str = "COPYDESK_TEST_TURNS";

/// How many replies it keeps in a turn.
const BATCH: usize = 200;

fn url(name: &str, turn: usize, number: usize) -> Arc<str> {
    format!("https://{name}.test/{turn}/{number}.png").into()
}

#[test]
#[ignore = "a program that other tests start"]
fn a_writer() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let name = env::var(NAME).expect("the test says it");
    let turns: usize = env::var(TURNS).expect("the test says it").parse().expect("it is a number");
    let cache = Cache::new(Path::new(&folder));
    for turn in 0..turns {
        let reply = Reply {
            outcome: Outcome::Status(200),
            hops: Vec::new(),
            attempts: 1,
            milliseconds: 9,
            media_type: None,
            content: None,
            bytes: None,
            pixels: None,
            depth: Depth::Type,
        };
        let batch: HashMap<_, _> =
            (0..BATCH).map(|number| (url(&name, turn, number), reply.clone())).collect();
        // A machine may be so busy that another run has the lock for longer than we wait.
        while cache.keep(&batch, &Policy::default(), now()).is_err() {}
    }
}

fn start(folder: &Path, name: &str, turns: usize) -> Child {
    let mut command = Command::new(env::current_exe().expect("we are a program"));
    command.args(["--exact", "cache::a_writer", "--ignored", "--quiet"]);
    command.env(FOLDER, folder).env(NAME, name).env(TURNS, turns.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("the program starts")
}

/// How many replies of the first turns of a writer are there.
fn count(folder: &Path, name: &str, turns: usize) -> usize {
    let mut questions = Questions::default();
    for turn in 0..turns {
        for number in 0..BATCH {
            questions.add(Question {
                url: url(name, turn, number),
                depth: Depth::Type,
                path: "a.md".into(),
                used_as: Use::Image,
            });
        }
    }
    let kept = Cache::new(folder).load(&questions, &Policy::default(), now());
    assert_eq!(kept.damage, None);
    kept.replies.len()
}

#[test]
fn two_programs_at_once_lose_nothing() {
    let desk = Desk::new(&[]);
    let folder = desk.path().join(".copydesk");
    let writers = ["a", "b"].map(|name| start(&folder, name, 6));
    for mut writer in writers {
        assert!(writer.wait().expect("it is our child").success());
    }
    assert_eq!(["a", "b"].map(|name| count(&folder, name, 6)), [6 * BATCH; 2]);
}

#[test]
fn a_program_that_is_killed_leaves_whole_batches_and_no_lock() {
    let desk = Desk::new(&[]);
    let folder = desk.path().join(".copydesk");
    for turn in 0..6 {
        let name = format!("killed-{turn}");
        let mut writer = start(&folder, &name, 200);
        while count(&folder, &name, 1) == 0 && writer.try_wait().expect("it is our child").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(turn * 3));
        writer.kill().expect("it is our child");
        writer.wait().expect("it is our child");
        let known = count(&folder, &name, 200);
        assert!(known >= BATCH && known.is_multiple_of(BATCH), "{known} are there");
    }
    assert!(start(&folder, "last", 1).wait().expect("it is our child").success());
    assert_eq!(count(&folder, "last", 1), BATCH);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder of ours")
        .map(|entry| entry.expect("a file of ours").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, [".gitignore", "replies.json", "replies.lock"]);
}
