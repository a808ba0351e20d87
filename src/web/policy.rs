//! How the network is asked: what a config says, or the defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use globset::GlobMatcher;
use ipnet::IpNet;
use url::Url;

use super::{Failure, Outcome, Reply, Verdict};

/// What the program calls itself to servers, with the address at which their keepers can read what it does.
pub const USER_AGENT: &str =
    concat!("copydesk/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// The folder that replies are kept in.
pub const CACHE_FOLDER: &str = ".copydesk";

/// How the network is asked, and what its answers count for.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Whether it is asked without `--online`.
    pub enabled: bool,
    /// How fast and how often.
    pub manners: Manners,
    /// How long anything may take.
    pub time_outs: TimeOuts,
    /// What is sent as `User-Agent` instead of [`USER_AGENT`].
    pub user_agent: Option<String>,
    /// What is sent besides to some hosts.
    pub headers: Vec<Header>,
    /// What is asked though it is not on the public internet.
    pub allow_private: Vec<Private>,
    /// Through which proxy everything goes. It resolves names by itself, so that the guard sees only addresses written
    /// as numbers.
    pub proxy: Option<Secret>,
    /// Names that are not looked up, with their addresses: as `curl --resolve`.
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
    /// What some answers count for; of several that fit an address, the last that says anything counts.
    pub rulings: Vec<Ruling>,
    /// How long replies are kept.
    pub retention: Retention,
}

/// How fast and how often the network is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// The most requests at a time, over all hosts.
    pub concurrency: usize,
    /// The most requests at a time to one host.
    pub per_host: usize,
    /// The least time between two requests to one host.
    pub interval: Duration,
    /// How often a request that failed for now is sent again.
    pub retries: u32,
    /// How long a host may have us wait without one good answer before it is left alone.
    pub patience: Duration,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            concurrency: 64,
            per_host: 16,
            interval: Duration::ZERO,
            retries: 3,
            patience: Duration::from_secs(25),
        }
    }
}

/// How long anything may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    /// To connect, encryption included.
    pub connect: Duration,
    /// From the request to the head of the answer.
    pub first_byte: Duration,
    /// One request from its beginning to the last byte that is needed.
    pub whole: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(20),
            whole: Duration::from_secs(30),
        }
    }
}

/// A header that is sent to some hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The host; those below it are others.
    pub host: String,
    /// Its name.
    pub name: String,
    /// Its value, environment variables filled in.
    pub value: Secret,
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// What the guard lets pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Private {
    /// Addresses of a network.
    Network(IpNet),
    /// A name, whatever it resolves to; in small letters.
    Host(String),
}

/// Which addresses a ruling is about.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Those of a host and of all below it; in small letters.
    Host(String),
    /// Those that a glob matches as a whole.
    Glob(GlobMatcher),
}

impl Pattern {
    /// Whether it is about this address.
    #[must_use]
    pub fn is_match(&self, url: &Url) -> bool {
        match self {
            Self::Glob(glob) => glob.is_match(url.as_str()),
            Self::Host(host) => url.host_str().is_some_and(|known| {
                known.strip_suffix(host.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }),
        }
    }
}

/// What answers count for where a pattern matches. `None` says nothing, so that what an earlier ruling says holds.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The addresses.
    pub pattern: Pattern,
    /// These statuses count as alive.
    pub accept: Option<Vec<u16>>,
    /// Whether the address is not asked.
    pub skip: Option<bool>,
    /// Whether what would be dead is unverified.
    pub as_unverified: Option<bool>,
}

/// How long replies are kept, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The folder, if it is not [`CACHE_FOLDER`] beside the config; paths that a config writes count from its own folder.
    pub folder: Option<PathBuf>,
    /// Those of the living.
    pub alive: Duration,
    /// Those of the dead.
    pub dead: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self { folder: None, alive: Duration::from_secs(7 * 24 * 3600), dead: Duration::from_secs(3600) }
    }
}

impl Policy {
    /// Whether an address, as [`target`](super::target) writes it, is not to be asked.
    #[must_use]
    pub fn skips(&self, url: &str) -> bool {
        self.ruled(url, |ruling| ruling.skip.as_ref()).is_some_and(|skip| *skip)
    }

    /// What a reply counts for that came from an address, as [`target`](super::target) writes it. Dead is what will be so tomorrow: a server that says "not found" or "gone" (RFC 9110,
    /// 15.5.5 and 15.5.11), a name that does not exist, a certificate that nobody should trust.
    #[must_use]
    pub fn verdict(&self, url: &str, reply: &Reply) -> Verdict {
        let accepts = |status: &u16| {
            self.ruled(url, |ruling| ruling.accept.as_ref()).is_some_and(|accept| accept.contains(status))
        };
        let verdict = match &reply.outcome {
            Outcome::Status(200..=299) => Verdict::Alive,
            Outcome::Status(status) if accepts(status) => Verdict::Alive,
            Outcome::Status(404 | 410) | Outcome::Failed(Failure::NoSuchHost | Failure::Tls(_)) => {
                Verdict::Dead
            }
            Outcome::Status(_) | Outcome::Failed(_) => Verdict::Unverified,
        };
        let is_softened = || self.ruled(url, |ruling| ruling.as_unverified.as_ref()).is_some_and(|is| *is);
        if verdict == Verdict::Dead && is_softened() { Verdict::Unverified } else { verdict }
    }

    /// What the last ruling about an address says that says anything.
    fn ruled<'a, T>(&'a self, url: &str, of: impl Fn(&'a Ruling) -> Option<&'a T>) -> Option<&'a T> {
        if self.rulings.is_empty() {
            return None;
        }
        let url = Url::parse(url).ok()?;
        self.rulings.iter().rev().filter(|ruling| ruling.pattern.is_match(&url)).find_map(of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Depth;

    #[test]
    fn of_several_rulings_the_last_that_says_anything_counts() {
        let ruling = |host: &str, accept: Option<&[u16]>, skip, as_unverified| Ruling {
            pattern: Pattern::Host(host.to_owned()),
            accept: accept.map(<[u16]>::to_vec),
            skip,
            as_unverified,
        };
        let rulings = vec![
            ruling("doors.test", Some(&[404, 999]), Some(true), None),
            ruling("in.doors.test", None, Some(false), Some(true)),
            ruling("in.doors.test", Some(&[403]), None, None),
            ruling("gates.test", Some(&[404]), None, None),
        ];
        let policy = Policy { rulings, ..Policy::default() };
        let judged = |host: &str, status| {
            let url = format!("https://{host}/");
            let reply = Reply::new(Outcome::Status(status), Depth::Head);
            (policy.skips(&url), policy.verdict(&url, &reply))
        };
        assert_eq!(judged("doors.test", 404), (true, Verdict::Alive));
        assert_eq!(judged("doors.test", 410), (true, Verdict::Dead));
        assert_eq!(judged("in.doors.test", 404), (false, Verdict::Unverified));
        assert_eq!(judged("in.doors.test", 403), (false, Verdict::Alive));
        assert_eq!(judged("in.doors.test", 999), (false, Verdict::Unverified));
        assert_eq!(judged("other.test", 404), (false, Verdict::Dead));
    }
}
