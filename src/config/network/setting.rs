//! One setting of the `network` block: which it is, and how it is shown.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::address::credentials;
use super::duration;
use super::template::Template;
use crate::web::{CACHE_FOLDER, Policy, Private, USER_AGENT};

/// One setting.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Setting {
    Enabled(bool),
    Concurrency(usize),
    PerHost(usize),
    Retries(u32),
    /// A length of time, with what it is of.
    Time(Time, Duration),
    UserAgent(String),
    /// A header for a host.
    Header {
        host: String,
        name: String,
        value: Template,
    },
    /// What the guard lets pass, with the words of the config.
    AllowPrivate(String, Private),
    Proxy(Template),
    /// A name with its addresses.
    Host(String, Vec<IpAddr>),
    Ruling(Ruling),
    /// The folder of the cache as the config writes it.
    Folder(String),
}

/// What a length of time is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Interval,
    Patience,
    Connect,
    FirstByte,
    Whole,
    Alive,
    Dead,
}

/// What some answers count for, in the words of the config, which were found to be right.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ruling {
    pub(super) patterns: Vec<String>,
    pub(super) accept: Option<Vec<u16>>,
    pub(super) skip: Option<bool>,
    pub(super) as_unverified: Option<bool>,
}

/// Where a setting stands in the block.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Below these keys, once.
    Key(Vec<String>),
    /// In the list below this key.
    Item(&'static str),
}

impl Time {
    /// The keys that lead to it.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Interval => &["interval"],
            Self::Patience => &["patience"],
            Self::Connect => &["timeout", "connect"],
            Self::FirstByte => &["timeout", "first-byte"],
            Self::Whole => &["timeout", "whole"],
            Self::Alive => &["cache", "alive"],
            Self::Dead => &["cache", "dead"],
        }
    }

    /// The shortest and the longest. A host that has us wait for ten minutes keeps a check of a pull request longer than
    /// anybody waits for it, and an answer that is a year old says nothing.
    pub(super) fn bounds(self) -> (Duration, Duration) {
        match self {
            Self::Interval => (Duration::ZERO, Duration::from_secs(3600)),
            Self::Patience => (Duration::ZERO, Duration::from_secs(600)),
            Self::Connect | Self::FirstByte | Self::Whole => {
                (Duration::from_millis(1), Duration::from_secs(600))
            }
            Self::Alive | Self::Dead => (Duration::ZERO, Duration::from_secs(365 * 24 * 3600)),
        }
    }
}

impl Setting {
    /// What holds where nobody says anything, in the order in which it is shown.
    pub(super) fn defaults() -> Vec<Self> {
        let Policy { enabled, manners, time_outs, retention, .. } = Policy::default();
        vec![
            Self::Enabled(enabled),
            Self::Concurrency(manners.concurrency),
            Self::PerHost(manners.per_host),
            Self::Time(Time::Interval, manners.interval),
            Self::Retries(manners.retries),
            Self::Time(Time::Patience, manners.patience),
            Self::Time(Time::Connect, time_outs.connect),
            Self::Time(Time::FirstByte, time_outs.first_byte),
            Self::Time(Time::Whole, time_outs.whole),
            Self::UserAgent(USER_AGENT.to_owned()),
            Self::Folder(CACHE_FOLDER.to_owned()),
            Self::Time(Time::Alive, retention.alive),
            Self::Time(Time::Dead, retention.dead),
        ]
    }

    /// Where it stands. Of two settings with the same key the later counts; items of a list are all kept.
    pub(super) fn place(&self) -> Place {
        let key = |keys: &[&str]| Place::Key(keys.iter().map(|key| (*key).to_owned()).collect());
        match self {
            Self::Enabled(_) => key(&["enabled"]),
            Self::Concurrency(_) => key(&["concurrency"]),
            Self::PerHost(_) => key(&["per-host"]),
            Self::Retries(_) => key(&["retries"]),
            Self::Time(time, _) => key(time.keys()),
            Self::UserAgent(_) => key(&["user-agent"]),
            // The names of headers are the same in capital and in small letters (RFC 9110, 5.1).
            Self::Header { host, name, .. } => key(&["headers", host, &name.to_ascii_lowercase()]),
            Self::AllowPrivate(..) => Place::Item("allow-private"),
            Self::Proxy(_) => key(&["proxy"]),
            Self::Host(name, _) => key(&["hosts", name]),
            Self::Ruling(_) => Place::Item("rulings"),
            Self::Folder(_) => key(&["cache", "folder"]),
        }
    }

    /// The value as people may see it: never a secret.
    pub(super) fn shown(&self) -> Json {
        match self {
            Self::Enabled(is_enabled) => json!(is_enabled),
            Self::Concurrency(most) | Self::PerHost(most) => json!(most),
            Self::Retries(retries) => json!(retries),
            Self::Time(_, length) => json!(duration::write(*length)),
            Self::UserAgent(text) | Self::Folder(text) | Self::AllowPrivate(text, _) => json!(text),
            Self::Header { value, .. } => json!(if value.has_variables() { &value.written } else { "***" }),
            Self::Proxy(value) => {
                let mut text = value.written.clone();
                if let Some(range) = credentials(&text) {
                    text.replace_range(range, "***");
                }
                json!(text)
            }
            Self::Host(_, addresses) => one_or_many(addresses),
            Self::Ruling(ruling) => ruling.shown(),
        }
    }
}

impl Ruling {
    fn shown(&self) -> Json {
        let said = [
            ("match", Some(one_or_many(&self.patterns))),
            ("accept", self.accept.as_ref().map(|accept| json!(accept))),
            ("skip", self.skip.map(Json::from)),
            ("as-unverified", self.as_unverified.map(Json::from)),
        ];
        let said = said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Json::Object(said.collect::<Map<_, _>>())
    }
}

/// A list of one as its item, as people write it.
fn one_or_many<T: serde::Serialize>(items: &[T]) -> Json {
    if let [one] = items { json!(one) } else { json!(items) }
}
