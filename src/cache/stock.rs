//! What a cache holds, in numbers.

use std::collections::HashMap;

use crate::web::Verdict;

/// The most hosts that are named.
const MAX_HOSTS: usize = 10;

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// What a cache holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// How large its files are together.
    pub bytes: u64,
    /// The replies of the living.
    pub alive: Ages,
    /// The replies of the dead.
    pub dead: Ages,
    /// How many count no more: they are too old, or the config says so. They go when replies are kept next.
    pub stale: usize,
    /// How old the newest and the oldest of all are, in seconds; `None` where there is none.
    pub ages: Option<(u64, u64)>,
    /// The hosts with the most replies and how many those are, at most ten; of as many, the first by name.
    pub hosts: Vec<(String, usize)>,
    /// Why it is not used, where it is not, as [`super::Kept::damage`] says it.
    pub damage: Option<String>,
}

/// How many replies there are, by their age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    /// Those of the last hour,
    pub hour: usize,
    /// of the last 24 hours besides,
    pub day: usize,
    /// of the last seven times 24 hours besides,
    pub week: usize,
    /// and all that are older.
    pub older: usize,
}

impl Ages {
    /// All of them.
    #[must_use]
    pub fn all(self) -> usize {
        self.hour + self.day + self.week + self.older
    }
}

impl Stock {
    /// How many replies there are.
    #[must_use]
    pub fn replies(&self) -> usize {
        self.alive.all() + self.dead.all() + self.stale
    }

    /// Takes in a reply of this worth and age.
    pub(super) fn count(&mut self, worth: Option<Verdict>, age: u64) {
        let (newest, oldest) = self.ages.unwrap_or((age, age));
        self.ages = Some((newest.min(age), oldest.max(age)));
        let ages = match worth {
            Some(Verdict::Alive) => &mut self.alive,
            Some(Verdict::Dead) => &mut self.dead,
            Some(Verdict::Unverified) | None => {
                self.stale += 1;
                return;
            }
        };
        *match age {
            ..HOUR => &mut ages.hour,
            HOUR..DAY => &mut ages.day,
            DAY..WEEK => &mut ages.week,
            _ => &mut ages.older,
        } += 1;
    }

    /// Names the hosts with the most replies.
    pub(super) fn rank(&mut self, hosts: HashMap<String, usize>) {
        self.hosts = hosts.into_iter().collect();
        self.hosts.sort_by(|(name, count), (other_name, other)| other.cmp(count).then(name.cmp(other_name)));
        self.hosts.truncate(MAX_HOSTS);
    }
}
