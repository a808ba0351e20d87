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

/// How the network is asked, and what its answers count for.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Whether it is asked without `--online`.
    pub enabled: bool,
    /// How fast and how often.
    pub manners: Manners,
    /// How long anything may take.
    pub time_outs: TimeOuts,
    /// What is sent as `User-Agent` instead of the program's own.
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

/// What answers count for where a pattern matches.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The addresses.
    pub pattern: Pattern,
    /// These statuses count as alive.
    pub accept: Vec<u16>,
    /// The address is not asked.
    pub skip: bool,
    /// What would be dead is unverified.
    pub as_unverified: bool,
}

/// How long replies are kept, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The folder; relative to that of the config. `None` for `.copydesk`.
    pub folder: Option<PathBuf>,
    /// Those of the living.
    pub alive: Duration,
    /// Those of the dead.
    pub dead: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            folder: None,
            alive: Duration::from_secs(7 * 24 * 60 * 60),
            dead: Duration::from_secs(60 * 60),
        }
    }
}

impl Policy {
    /// Whether an address is not to be asked.
    #[must_use]
    pub fn skips(&self, url: &Url) -> bool {
        self.rulings.iter().any(|ruling| ruling.skip && ruling.pattern.is_match(url))
    }

    /// What a reply counts for. Dead is what will be so tomorrow: a server that says "not found" or "gone" (RFC 9110,
    /// 15.5.5 and 15.5.11), a name that does not exist, a certificate that nobody should trust.
    #[must_use]
    pub fn verdict(&self, url: &Url, reply: &Reply) -> Verdict {
        let rulings = || self.rulings.iter().filter(|ruling| ruling.pattern.is_match(url));
        let verdict = match &reply.outcome {
            Outcome::Status(200..=299) => Verdict::Alive,
            Outcome::Status(status) if rulings().any(|ruling| ruling.accept.contains(status)) => {
                Verdict::Alive
            }
            Outcome::Status(404 | 410) | Outcome::Failed(Failure::NoSuchHost | Failure::Tls(_)) => {
                Verdict::Dead
            }
            Outcome::Status(_) | Outcome::Failed(_) => Verdict::Unverified,
        };
        let is_softened = verdict == Verdict::Dead && rulings().any(|ruling| ruling.as_unverified);
        if is_softened { Verdict::Unverified } else { verdict }
    }
}
