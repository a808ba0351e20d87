//! The files of results: what is kept, what is lost, and who may write.

use std::thread;

use super::*;

const MINUTE: u64 = 60;
const TODAY: u64 = 1_800_000_000;
const DAYS: u64 = 24 * 60 * 60;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn own(key: Number) -> Vec<u8> {
    format!("what is kept under {key}").into_bytes()
}

/// Keys that are spread over all files.
fn keys() -> impl Iterator<Item = Number> {
    (0..100).map(|number: Number| number << 121 | number)
}

/// How many of these are there at this moment; those that are, are as they were.
fn count(folder: &Path, now: u64, keys: impl IntoIterator<Item = Number>) -> usize {
    let results = Results::new(folder, now);
    let found = keys.into_iter().filter(|key| match results.recall(Kind::Facts, *key) {
        Some(bytes) => {
            assert_eq!(bytes, own(*key));
            true
        }
        None => false,
    });
    let count = found.count();
    assert_eq!(results.finish(), [""; 0]);
    count
}

fn keep(folder: &Path, now: u64, keys: impl IntoIterator<Item = Number>) -> Vec<String> {
    let results = Results::new(folder, now);
    for key in keys {
        results.keep(Kind::Facts, key, &own(key));
    }
    results.finish()
}

#[test]
fn what_is_kept_is_there_at_once_and_in_the_next_run() {
    let folder = folder();
    let results = Results::new(folder.path(), TODAY);
    assert!(results.stock().is_none() && results.recall(Kind::Facts, 1).is_none());
    for key in keys() {
        results.keep(Kind::Facts, key, &own(key));
        assert_eq!(results.recall(Kind::Facts, key), Some(own(key)));
        assert!(results.has(Kind::Facts, key) && !results.has(Kind::Findings, key));
    }
    results.keep(Kind::Findings, 7, b"other");
    results.keep(Kind::Findings, 7, b"another");
    assert_eq!(results.finish(), [""; 0]);
    assert_eq!(
        results.recall(Kind::Findings, 7).as_deref(),
        Some(&b"another"[..]),
        "also when it is written"
    );
    let again = Results::new(folder.path(), TODAY);
    assert_eq!(again.recall(Kind::Findings, 7).as_deref(), Some(&b"another"[..]));
    let stock = again.stock().unwrap();
    assert_eq!((stock.findings, stock.facts), (1, 100));
    let bytes: u64 = folder::ours(folder.path())
        .unwrap()
        .iter()
        .map(|(name, bytes)| if is_ours(name) { *bytes } else { 0 })
        .sum();
    assert_eq!(stock.bytes, bytes);
    assert_eq!(count(folder.path(), TODAY, keys()), 100);
}

#[test]
fn a_run_that_changes_nothing_writes_nothing() {
    let folder = folder();
    keep(folder.path(), TODAY, keys());
    let times = || {
        let times = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().modified().unwrap());
        times.collect::<Vec<_>>()
    };
    let before = times();
    assert_eq!(count(folder.path(), TODAY + 6 * DAYS, keys()), 100);
    assert_eq!(times(), before);
}

#[test]
fn runs_at_the_same_time_keep_what_each_found() {
    let folder = folder();
    let (one, other) = (Results::new(folder.path(), TODAY), Results::new(folder.path(), TODAY));
    for results in [&one, &other] {
        assert!(keys().all(|key| results.recall(Kind::Facts, key).is_none()));
    }
    keys().step_by(2).for_each(|key| one.keep(Kind::Facts, key, &own(key)));
    keys().skip(1).step_by(2).for_each(|key| other.keep(Kind::Facts, key, &own(key)));
    assert!(one.finish().is_empty() && other.finish().is_empty());
    assert!(keys().skip(1).step_by(2).all(|key| other.recall(Kind::Facts, key) == Some(own(key))));
    assert_eq!(count(folder.path(), TODAY, keys()), 100);

    let spread = |thread: Number| (0..500).map(move |number: Number| number << 119 | thread << 64);
    thread::scope(|scope| {
        for thread in 1..=4 {
            let path = folder.path();
            scope.spawn(move || {
                for part in 0..5 {
                    let some = spread(thread).skip(part * 100).take(100);
                    assert_eq!(keep(path, TODAY, some), [""; 0]);
                }
            });
        }
    });
    assert_eq!(count(folder.path(), TODAY, (1..=4).flat_map(spread)), 2000);
    assert_eq!(count(folder.path(), TODAY, keys()), 100);
}

#[test]
fn whoever_is_killed_while_he_adds_takes_nothing_else_along() {
    let folder = folder();
    keep(folder.path(), TODAY, [1, 2]);
    let path = folder.path().join("facts-0");
    let whole = fs::read(&path).unwrap();
    for cut in [0, 5, MARK.len(), MARK.len() + 9, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let left = count(folder.path(), TODAY, [1, 2]);
        assert_eq!(left, usize::from(cut == whole.len() - 1));
        assert_eq!(keep(folder.path(), TODAY, [3]), [""; 0]);
        assert_eq!(count(folder.path(), TODAY, [1, 2, 3]), left + 1, "{cut}");
    }
}

#[test]
fn what_is_damaged_or_of_others_is_named_and_replaced() {
    let folder = folder();
    keep(folder.path(), TODAY, [1, 2]);
    let path = folder.path().join("facts-0");
    let mut damaged = fs::read(&path).unwrap();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    for (bytes, why) in [
        (damaged, "an entry is not as it was written"),
        (b"{}".to_vec(), "it is no file of results, or one of another copydesk"),
    ] {
        fs::write(&path, bytes).unwrap();
        let results = Results::new(folder.path(), TODAY);
        assert!(results.recall(Kind::Facts, 1).is_none() && results.recall(Kind::Facts, 2).is_none());
        results.keep(Kind::Facts, 1, &own(1));
        assert_eq!(results.finish(), [format!("\"{}\" of the cache is not used: {why}", path.display())]);
        assert_eq!(count(folder.path(), TODAY, [1, 2]), 1);
    }
}

#[test]
#[cfg(unix)]
fn nothing_is_written_through_a_link() {
    let (folder, elsewhere) = (folder(), folder());
    let (path, target) = (folder.path().join("facts-0"), elsewhere.path().join("a"));
    fs::write(&target, "theirs").unwrap();
    std::os::unix::fs::symlink(&target, &path).unwrap();
    assert_eq!(keep(folder.path(), TODAY, [1]).len(), 1);
    assert_eq!(fs::read(&target).unwrap(), b"theirs");
    assert_eq!(count(folder.path(), TODAY, [1]), 1, "the link is replaced");
}

#[test]
fn where_nothing_can_be_written_somebody_is_told() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "a file").unwrap();
    let notes = keep(&path, TODAY, keys());
    assert!(notes.len() == 1 && notes[0].contains("is not written: the folder"), "{notes:?}");
    fs::create_dir(folder.path().join("facts-0")).unwrap();
    let results = Results::new(folder.path(), TODAY);
    results.keep(Kind::Facts, 1, &own(1));
    let notes = results.finish();
    assert!(notes.iter().any(|note| note.ends_with("it is no file")), "{notes:?}");
}

#[test]
fn what_was_not_used_for_thirty_days_goes() {
    let folder = folder();
    keep(folder.path(), TODAY, [1, 2, 3]);
    // Used in the second week, which is noted; and in the fifth.
    assert_eq!(count(folder.path(), TODAY + 10 * DAYS, [1]), 1);
    assert_eq!(count(folder.path(), TODAY + 29 * DAYS, [2]), 1);
    keep(folder.path(), TODAY + 31 * DAYS, [4]);
    assert_eq!(count(folder.path(), TODAY + 31 * DAYS, [1, 2, 3, 4]), 3);
    // A clock that was wrong keeps nothing for ever.
    keep(folder.path(), TODAY + 9999 * DAYS, [5]);
    assert_eq!(count(folder.path(), TODAY + 40 * DAYS, [5]), 1);
    let stock = Results::new(folder.path(), TODAY).stock().unwrap();
    assert_eq!(stock.facts, 1, "whose time has gone by far was taken along");
}

#[test]
fn of_what_is_too_much_that_stays_which_was_used_last() {
    let folder = folder();
    let some = vec![7; 4096];
    let results = |now| Results { most: 512 << 10, ..Results::new(folder.path(), now) };
    // Each file has its part.
    let keys = |numbers: std::ops::Range<Number>| {
        (0..FILES as Number).flat_map(move |file| numbers.clone().map(move |number| file << 124 | number))
    };
    let first = results(TODAY);
    keys(0..2).for_each(|key| first.keep(Kind::Findings, key, &some));
    assert_eq!(first.finish(), [""; 0]);
    let second = results(TODAY + 5 * MINUTE);
    assert!(keys(0..1).all(|key| second.has(Kind::Findings, key)));
    assert!(keys(1..2).all(|key| second.recall(Kind::Findings, key).is_some()));
    keys(2..10).for_each(|key| second.keep(Kind::Findings, key, &some));
    assert_eq!(second.finish(), [""; 0]);
    let third = results(TODAY + 9 * MINUTE);
    let left: Vec<_> = keys(0..10).filter(|key| third.has(Kind::Findings, *key)).collect();
    assert_eq!(left, keys(1..3).collect::<Vec<_>>());
    assert!(third.stock().is_some_and(|stock| stock.bytes < 512 << 10));
    third.keep(Kind::Findings, 99, &vec![0; ENTRY + 1]);
    assert!(!third.has(Kind::Findings, 99), "what is too large for one is not kept");
}
