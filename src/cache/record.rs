//! `replies.json`: how replies stand on the disk.
//!
//! ```json
//! {"version":1,"replies":{"https://doors.test/":{"asked":1780000000,"reply":{"outcome":{"status":200},…}}}}
//! ```
//!
//! The version stands first, and addresses are sorted, so that equal caches are equal bytes. The file comes from elsewhere,
//! be it another machine or somebody who means us harm: whatever is in it, reading it ends, and takes memory only for what
//! the caller keeps.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::web::Reply;

/// The name of the file.
pub(super) const NAME: &str = "replies.json";

/// The format. Another shape of [`Reply`] is another format: who knows only this one leaves files of later ones alone.
const VERSION: u64 = 1;

/// The largest file that is read or written, in bytes: half a million replies and more.
const MAX_BYTES: u64 = 256 << 20;

/// The most replies that are read or written.
const MAX_REPLIES: usize = 1_000_000;

/// A reply, and when it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// In seconds since 1970.
    pub(super) asked: u64,
    pub(super) reply: Reply,
}

/// Why a file is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is none of ours, and why.
    Damaged(String),
    /// It is one of ours, of this later format.
    Newer(u64),
}

/// Hands out all replies of a file with their addresses, none if it is not there. What was handed out before an error is
/// not to be believed.
pub(super) fn read(path: &Path, take: &mut dyn FnMut(&str, Entry)) -> Result<(), Unread> {
    let Some(bytes) = load(path, MAX_BYTES).map_err(Unread::Damaged)? else { return Ok(()) };
    parse(&bytes, MAX_REPLIES, take)
}

/// The text of a file with these replies. What is too much for one is let go of, the oldest first.
pub(super) fn bytes(replies: &mut BTreeMap<String, Entry>) -> Vec<u8> {
    bytes_within(replies, MAX_REPLIES, MAX_BYTES)
}

fn bytes_within(replies: &mut BTreeMap<String, Entry>, most: usize, most_bytes: u64) -> Vec<u8> {
    shrink(replies, most);
    loop {
        let book = Book { version: VERSION, replies };
        let bytes = serde_json::to_vec(&book).expect("texts and numbers can be written into memory");
        if bytes.len() as u64 <= most_bytes || replies.is_empty() {
            return bytes;
        }
        let half = replies.len() / 2;
        shrink(replies, half);
    }
}

/// Leaves the newest; of those of one second, the first by address.
fn shrink(replies: &mut BTreeMap<String, Entry>, most: usize) {
    if replies.len() <= most {
        return;
    }
    let mut times: Vec<u64> = replies.values().map(|entry| entry.asked).collect();
    times.sort_unstable_by(|one, other| other.cmp(one));
    // The time of the first that has no room.
    let limit = times[most];
    let mut room = times[..most].iter().filter(|time| **time == limit).count();
    replies.retain(|_, entry| {
        let is_last = entry.asked == limit && room > 0;
        room -= usize::from(is_last);
        entry.asked > limit || is_last
    });
}

#[derive(Serialize)]
struct Book<'r> {
    version: u64,
    replies: &'r BTreeMap<String, Entry>,
}

/// The bytes of a file; `None` where there is none.
fn load(path: &Path, most: u64) -> Result<Option<Vec<u8>>, String> {
    let metadata = match fs::metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        metadata => metadata.map_err(|error| error.to_string())?,
    };
    // To open a pipe would wait for somebody to write into it.
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    let size = usize::try_from(metadata.len().min(most)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(size + 1);
    // It may grow meanwhile.
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
        Ok(_) if bytes.len() as u64 > most => Err(format!("it is larger than {most} bytes")),
        Ok(_) => Ok(Some(bytes)),
    }
}

fn parse(bytes: &[u8], most: usize, take: &mut dyn FnMut(&str, Entry)) -> Result<(), Unread> {
    let mut version = None;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = Whole { version: &mut version, most, take }.deserialize(&mut json).and_then(|()| json.end());
    match (version, read) {
        (Some(newer), _) if newer > VERSION => Err(Unread::Newer(newer)),
        (_, Err(error)) => Err(Unread::Damaged(error.to_string())),
        (_, Ok(())) => Ok(()),
    }
}

/// The whole file, whose version is put down as soon as it is known: what follows may have any shape.
struct Whole<'t> {
    version: &'t mut Option<u64>,
    most: usize,
    take: &'t mut dyn FnMut(&str, Entry),
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map of version and replies")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut has_replies = false;
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "version" => {
                    let version = map.next_value()?;
                    *self.version = Some(version);
                    if version != VERSION {
                        return Err(A::Error::custom(format_args!("there is no format {version}")));
                    }
                }
                "replies" => {
                    has_replies = true;
                    map.next_value_seed(Entries { most: self.most, take: &mut *self.take })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match self.version {
            None => Err(A::Error::missing_field("version")),
            Some(_) if !has_replies => Err(A::Error::missing_field("replies")),
            Some(_) => Ok(()),
        }
    }
}

/// The replies of a file.
struct Entries<'t> {
    most: usize,
    take: &'t mut dyn FnMut(&str, Entry),
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map of addresses")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut count = 0;
        while let Some((Key(url), entry)) = map.next_entry()? {
            count += 1;
            if count > self.most {
                return Err(A::Error::custom(format_args!("it has more than {} replies", self.most)));
            }
            (self.take)(&url, entry);
        }
        Ok(())
    }
}

/// A key, which is copied only where it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'k>(#[serde(borrow)] Cow<'k, str>);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, 10, &mut |_, _| {});
        }
    }

    #[test]
    fn the_newest_stay_where_there_is_no_room_for_all() {
        let alive = r#"{"outcome":{"status":200},"attempts":1,"milliseconds":1,"depth":"head"}"#;
        let alive: Reply = serde_json::from_str(alive).unwrap();
        let entry = |asked| Entry { asked, reply: alive.clone() };
        let all = || -> BTreeMap<String, Entry> {
            (0..10).map(|number| (format!("https://a.test/{number}"), entry(100 + number / 4))).collect()
        };
        let left = |most, most_bytes| {
            let mut some = all();
            let bytes = bytes_within(&mut some, most, most_bytes);
            assert!(bytes.len() as u64 <= most_bytes);
            some.into_keys().map(|url| url.replace("https://a.test/", "")).collect::<String>()
        };
        assert_eq!(left(10, 10_000), "0123456789");
        assert_eq!(left(6, 10_000), "456789");
        assert_eq!(left(3, 10_000), "489");
        assert_eq!(left(1, 10_000), "8");
        assert_eq!(left(0, 10_000), "");
        let size = bytes_within(&mut all(), 10, 10_000).len() as u64;
        assert_eq!(left(10, size), "0123456789");
        assert_eq!(left(10, size - 1), "45689");
        assert_eq!(left(10, 200), "8");
        assert_eq!(left(10, 50), "");
        let mut text = bytes(&mut all());
        assert!(parse(&text, 10, &mut |_, _| {}).is_ok());
        assert!(parse(&text, 9, &mut |_, _| {}).is_err());
        text.truncate(30);
        assert!(parse(&text, 9, &mut |_, _| {}).is_err());
    }
}
