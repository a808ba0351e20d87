//! All replies of a run, for rules to look up.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use url::Url;

use super::{Policy, Questions, Reply, Use, target};

/// What a reply counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is there.
    Alive,
    /// It is not, and asking again will not help.
    Dead,
    /// Nobody knows: the server did not say, or not now.
    Unverified,
}

/// A reply, and what it counts for.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it counts for under the policy of the run.
    pub verdict: Verdict,
    /// The facts.
    pub reply: Reply,
}

/// A host that was left alone for the rest of a run. It is reported once, at one place, however many addresses it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftAlone {
    /// What the last of its failures was: a status as in `429 Too Many Requests`, or a [`Failure`](super::Failure) in words.
    pub why: String,
    /// How many addresses of it are not known for that.
    pub addresses: usize,
    /// The article that it is reported in,
    pub path: Arc<str>,
    /// at the first place of this address
    pub url: Arc<str>,
    /// in this use.
    pub used_as: Use,
}

/// All replies of a run.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    answers: HashMap<Arc<str>, Answer>,
    left_alone: BTreeMap<String, LeftAlone>,
}

impl Replies {
    /// Puts replies together. `silent` are the hosts that were left alone, as [`host_of`] names them, each with why.
    #[must_use]
    pub fn new(
        questions: &Questions,
        replies: HashMap<Arc<str>, Reply>,
        silent: &BTreeMap<String, String>,
        policy: &Policy,
    ) -> Self {
        let mut left_alone: BTreeMap<String, LeftAlone> = BTreeMap::new();
        for question in questions.iter() {
            let Some(reply) = replies.get(&question.url).filter(|reply| reply.is_left_alone()) else {
                continue;
            };
            // A redirect may have led to the host that is silent.
            let end = reply.end(&question.url);
            let Some((host, why)) = target(end).and_then(|url| silent.get_key_value(&host_of(&url))) else {
                continue;
            };
            let here = LeftAlone {
                why: why.clone(),
                addresses: 0,
                path: Arc::clone(&question.path),
                url: Arc::clone(&question.url),
                used_as: question.used_as,
            };
            let known = left_alone.entry(host.clone()).or_insert_with(|| here.clone());
            let addresses = known.addresses + 1;
            let place = |one: &LeftAlone| (Arc::clone(&one.path), one.used_as, Arc::clone(&one.url));
            if place(&here) < place(known) {
                *known = here;
            }
            known.addresses = addresses;
        }
        let judged = replies.into_iter().map(|(url, reply)| {
            let verdict = policy.verdict(&url, &reply);
            (url, Answer { verdict, reply })
        });
        Self { answers: judged.collect(), left_alone }
    }

    /// The answer for an address as an article writes it; `None` where it was not asked.
    #[must_use]
    pub fn of(&self, address: &str) -> Option<&Answer> {
        // Most addresses are written as they are asked, and to take one apart is slow.
        self.answers.get(address).or_else(|| self.answers.get(target(address)?.as_str()))
    }

    /// The hosts that were left alone, by name and port.
    #[must_use]
    pub fn left_alone(&self) -> &BTreeMap<String, LeftAlone> {
        &self.left_alone
    }
}

/// The host of an address with its port, where that is not the usual one: `doors.test`, `doors.test:8080`.
#[must_use]
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
