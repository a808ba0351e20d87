//! Simulated hosts, for tests of the driver and the schedule: time passes at once.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::network::Asked;
use crate::network::ask::{Courier, drive};
use crate::network::errand::{Errand, Head, Landing, PaceHints};
use crate::network::schedule::Schedule;
use crate::network::watch::{Counts, Watch};
use crate::web::{Depth, Failure, Manners, Policy, Question, Use, host_of};

/// What a simulated host says, and how long that takes beside the way there and back.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) result: Result<Head, Failure>,
    pub(super) hints: PaceHints,
    pub(super) takes: Duration,
}

impl Answer {
    pub(super) fn status(status: u16) -> Self {
        let head = Head { status, ..Head::default() };
        Self { result: Ok(head), hints: PaceHints::default(), takes: Duration::ZERO }
    }

    pub(super) fn redirect(status: u16, location: &str) -> Self {
        let head = Head { status, location: Some(location.to_owned()), ..Head::default() };
        Self { result: Ok(head), ..Self::status(status) }
    }

    pub(super) fn failed(failure: Failure, takes: Duration) -> Self {
        Self { result: Err(failure), hints: PaceHints::default(), takes }
    }

    pub(super) fn retry_after(self, retry_after: Option<Duration>) -> Self {
        Self { hints: PaceHints { retry_after, ..self.hints }, ..self }
    }
}

/// What a host answers at a time since the beginning.
pub(super) type Manner = Box<dyn FnMut(&Errand, Duration) -> Answer + Send>;

/// A simulated host.
pub(super) struct Server {
    /// The way there and back.
    round_trip: Duration,
    manner: Manner,
    in_flight: usize,
    /// What it saw.
    seen: Seen,
}

/// What a host saw.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// When each request was sent, since the beginning.
    pub(super) starts: Vec<Duration>,
    /// When each answer landed.
    pub(super) ends: Vec<Duration>,
    /// How many it answered with 429 or 503.
    pub(super) refused: usize,
    /// The most at a time.
    pub(super) most: usize,
}

/// All hosts.
#[derive(Default)]
pub(super) struct World {
    servers: HashMap<String, Mutex<Server>>,
    /// How many requests are on their way, and the most there were.
    in_flight: Mutex<(usize, usize)>,
    began: Option<Instant>,
}

impl World {
    pub(super) fn host(
        mut self,
        name: &str,
        round_trip: Duration,
        manner: impl FnMut(&Errand, Duration) -> Answer + Send + 'static,
    ) -> Self {
        let server = Server { round_trip, manner: Box::new(manner), in_flight: 0, seen: Seen::default() };
        self.servers.insert(name.to_owned(), Mutex::new(server));
        self
    }

    /// Asks addresses under these manners.
    pub(super) fn ask(self, addresses: impl IntoIterator<Item = String>, manners: Manners) -> Report {
        self.ask_until(addresses, manners, None)
    }

    /// The same, stopped after a time.
    pub(super) fn ask_until(
        mut self,
        addresses: impl IntoIterator<Item = String>,
        manners: Manners,
        stop: Option<Duration>,
    ) -> Report {
        let policy = Policy { manners, ..Policy::default() };
        let questions: Vec<Question> = addresses.into_iter().map(|address| question(&address)).collect();
        let watch = Arc::new(Watch::default());
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (world, asked, time) = runtime.block_on(async {
            let began = Instant::now();
            self.began = Some(began);
            let schedule = Schedule::new(&questions, &policy, Rng::with_seed(7));
            let world = Arc::new(self);
            if let Some(stop) = stop {
                let watch = Arc::clone(&watch);
                tokio::spawn(async move {
                    sleep(stop).await;
                    watch.stop();
                });
            }
            let limit = Duration::from_secs(60);
            let asked = drive(schedule, &world, limit, &watch).await;
            (world, asked, began.elapsed())
        });
        let seen =
            world.servers.iter().map(|(name, server)| (name.clone(), server.lock().unwrap().seen.clone()));
        let most = world.in_flight.lock().unwrap().1;
        let report = Report { asked, time, seen: seen.collect(), most, counts: watch.counts() };
        assert!(report.most <= manners.concurrency, "{} at a time", report.most);
        for (name, seen) in &report.seen {
            assert!(seen.most <= manners.per_host, "{} at a time to {name}", seen.most);
        }
        report
    }
}

impl Courier for World {
    async fn carry(&self, errand: &Errand) -> Landing {
        let began = self.began.unwrap();
        let start = Instant::now();
        let name = host_of(&errand.url);
        let server = self.servers.get(&name).or_else(|| self.servers.get("*")).unwrap();
        let count = |by: fn(usize) -> usize| {
            let mut all = self.in_flight.lock().unwrap();
            *all = (by(all.0), all.1.max(by(all.0)));
            let mut server = server.lock().unwrap();
            server.in_flight = by(server.in_flight);
            // The host "*" is many.
            if self.servers.contains_key(&name) {
                server.seen.most = server.seen.most.max(server.in_flight);
            }
            server.round_trip / 2
        };
        let way = count(|flying| flying + 1);
        wait(way).await;
        let answer = {
            let mut server = server.lock().unwrap();
            (server.manner)(errand, began.elapsed())
        };
        wait(answer.takes).await;
        wait(way).await;
        count(|flying| flying - 1);
        let seen = &mut server.lock().unwrap().seen;
        seen.starts.push(start - began);
        seen.ends.push(began.elapsed());
        seen.refused +=
            usize::from(answer.result.as_ref().is_ok_and(|head| matches!(head.status, 429 | 503)));
        Landing { result: answer.result, time: start.elapsed(), hints: answer.hints }
    }
}

async fn wait(time: Duration) {
    if time.is_zero() {
        yield_now().await;
    } else {
        sleep(time).await;
    }
}

/// What came of a simulation.
pub(super) struct Report {
    pub(super) asked: Asked,
    /// How long it took.
    pub(super) time: Duration,
    pub(super) seen: BTreeMap<String, Seen>,
    /// The most requests at a time over all hosts.
    most: usize,
    pub(super) counts: Counts,
}

impl Report {
    /// How many addresses ended in each way.
    pub(super) fn tally(&self) -> BTreeMap<String, usize> {
        let mut tally = BTreeMap::new();
        for reply in self.asked.replies.values() {
            *tally.entry(format!("{:?}", reply.outcome)).or_default() += 1;
        }
        tally
    }

    /// The same as text.
    pub(super) fn outcomes(&self) -> String {
        let each = self.tally().into_iter().map(|(outcome, count)| format!("{count} {outcome}"));
        each.collect::<Vec<_>>().join(", ")
    }

    /// The hosts that were left alone, each with why.
    pub(super) fn silent(&self) -> String {
        let each = self.asked.silent.iter().map(|(host, why)| format!("{host}: {why}"));
        each.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn requests(&self) -> usize {
        self.seen.values().map(|seen| seen.starts.len()).sum()
    }
}

/// Addresses of one host.
pub(super) fn addresses(host: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |number| format!("https://{host}/{number}"))
}

pub(super) fn question(address: &str) -> Question {
    Question { url: address.into(), depth: Depth::Type, path: "a.md".into(), used_as: Use::Image }
}

/// How a host counts requests.
pub(super) enum Limit {
    /// So many in each period, that begins with the clock.
    Fixed { per: usize, length: Duration },
    /// So many in any second.
    Sliding { per: usize },
    /// So many a second, and so many put by.
    Bucket { rate: f64, burst: f64 },
}

/// A limit at work.
pub(super) struct Limiter {
    limit: Limit,
    taken: VecDeque<Duration>,
    tokens: f64,
    filled: Duration,
}

impl Limiter {
    pub(super) fn new(limit: Limit) -> Self {
        let tokens = if let Limit::Bucket { burst, .. } = limit { burst } else { 0.0 };
        Self { limit, taken: VecDeque::new(), tokens, filled: Duration::ZERO }
    }

    /// Whether a request is let pass, how many more would be (a bucket does not say), and how long until there are more.
    pub(super) fn take(&mut self, at: Duration) -> (bool, usize, Duration) {
        let (per, forget_before, more) = match self.limit {
            Limit::Bucket { rate, burst } => {
                self.tokens = (self.tokens + at.saturating_sub(self.filled).as_secs_f64() * rate).min(burst);
                self.filled = at;
                let passes = self.tokens >= 1.0;
                self.tokens -= f64::from(u8::from(passes));
                return (passes, 0, Duration::from_secs_f64(1.0 / rate));
            }
            Limit::Fixed { per, length } => {
                let begun = length * (at.as_nanos() / length.as_nanos()) as u32;
                (per, begun, (begun + length).saturating_sub(at))
            }
            Limit::Sliding { per } => {
                let before = at.saturating_sub(Duration::from_secs(1));
                (per, before, Duration::from_secs(1))
            }
        };
        while self.taken.front().is_some_and(|&taken| taken < forget_before) {
            self.taken.pop_front();
        }
        let passes = self.taken.len() < per;
        if passes {
            self.taken.push_back(at);
        }
        (passes, per - self.taken.len(), more)
    }
}

/// So long in whole seconds, as servers tell it.
pub(super) fn in_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_millis().div_ceil(1000) as u64)
}
