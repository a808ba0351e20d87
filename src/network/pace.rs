//! How fast one host may be asked: a window of requests at a time, as in TCP, and once the host refused some for being too
//! many, a rate and rests besides.
//!
//! The window finds how many requests at a time a host takes. That alone overruns hosts that count requests a second: one
//! that answers in a millisecond is sent a thousand a second by a window of one. So the first refusal sets a rate.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::web::Manners;

/// The window of a host of which nothing is known: about the ten segments that TCP begins with (RFC 6928), but fewer, since
/// an answer costs a server more than a packet.
const FIRST_WINDOW: f64 = 4.0;

/// The part of a rate that a host took which it is asked at after a refusal.
const MARGIN: f64 = 0.95;

/// The lowest rate, in requests a second. Hosts that take less have us rest.
const LEAST_RATE: f64 = 1.0;

/// How late a request may go without the next one waiting for that as well: timers are coarse.
const LAG: Duration = Duration::from_millis(10);

/// Over which time rates are measured: most limits are by the second.
const SPAN: Duration = Duration::from_secs(1);

/// What part of the requests a host may refuse without a word of why before its rate goes down, and what each answer weighs
/// in that.
const MOST_REFUSED: f64 = 0.05;
const WEIGHT: f64 = 0.02;

/// The longest wait that is reckoned with, so that adding it to an instant cannot overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How fast one host may be asked.
#[derive(Debug)]
pub(super) struct Pace {
    /// The largest window.
    per_host: f64,
    interval: Duration,
    window: f64,
    /// Up to this window it grows fast.
    threshold: f64,
    rate: Option<Rate>,
    /// When the good answers of the last [`SPAN`] came.
    answers: VecDeque<Instant>,
    /// Since when requests go: the first one, or the end of the last rest.
    active_since: Option<Instant>,
    last_start: Option<Instant>,
    /// When the rate lets the next one go.
    slot: Option<Instant>,
    rests_until: Option<Instant>,
    /// Whether one request is to find out if the host takes requests again.
    is_probing: bool,
}

impl Pace {
    pub(super) fn new(manners: &Manners) -> Self {
        let per_host = as_float(manners.per_host.max(1));
        Self {
            per_host,
            interval: manners.interval,
            window: FIRST_WINDOW.min(per_host),
            threshold: per_host,
            rate: None,
            answers: VecDeque::new(),
            active_since: None,
            last_start: None,
            slot: None,
            rests_until: None,
            is_probing: false,
        }
    }

    /// How many requests there may be at a time.
    #[expect(clippy::cast_sign_loss, reason = "a window is at least one")]
    pub(super) fn limit(&self) -> usize {
        if self.is_probing { 1 } else { self.window as usize }
    }

    /// When the next request may go; `None` for at once.
    pub(super) fn earliest(&self) -> Option<Instant> {
        let spaced = self.last_start.map(|start| after(start, self.interval));
        [self.rests_until, self.slot, spaced].into_iter().flatten().max()
    }

    /// Until when it rests.
    pub(super) fn rests_until(&self) -> Option<Instant> {
        self.rests_until
    }

    /// Whether the host refused requests for being too many.
    pub(super) fn is_limited(&self) -> bool {
        self.rate.is_some()
    }

    /// A request goes.
    pub(super) fn start(&mut self, now: Instant) {
        self.active_since.get_or_insert(now);
        self.last_start = Some(now);
        if let Some(rate) = &self.rate {
            let lag = now.checked_sub(LAG).unwrap_or(now);
            let due = self.slot.map_or(now, |slot| slot.max(lag));
            self.slot = Some(after(due, Duration::from_secs_f64(1.0 / rate.at(now))));
        }
    }

    /// The host answers: the window grows by one up to the threshold and then by one for all of it (RFC 5681, 3.1).
    pub(super) fn answered(&mut self, now: Instant) {
        self.is_probing = false;
        if let Some(rate) = &mut self.rate {
            rate.refused *= 1.0 - WEIGHT;
        }
        let step = if self.window < self.threshold { 1.0 } else { 1.0 / self.window };
        self.window = (self.window + step).min(self.per_host);
        self.forget(now);
        self.answers.push_back(now);
    }

    /// The host has too much to do: the window halves.
    pub(super) fn halve(&mut self) {
        self.window = (self.window / 2.0).max(1.0);
        self.threshold = self.window;
    }

    /// Nothing is sent for so long; then one request shows whether more may follow.
    pub(super) fn rest(&mut self, now: Instant, rest: Duration) {
        let until = after(now, rest);
        self.rests_until = self.rests_until.max(Some(until));
        self.active_since = self.rests_until;
        self.is_probing = true;
    }

    /// The host has refused a request that it would have taken later. That of a probe says nothing new of the rate.
    pub(super) fn slow_down(&mut self, now: Instant) {
        self.forget(now);
        let active = self.active_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        let answers = as_float(self.answers.len());
        let taken = answers / active.clamp(SPAN / 2, SPAN).as_secs_f64();
        let rate = match &self.rate {
            // What came in a moment may be a store that the host had put by for us, or its measure for the second.
            None => Rate { base: answers * MARGIN, since: now, is_measured: active >= SPAN, refused: 0.0 },
            // Of few answers in the last second the reason may be that few were asked for: so never less than half.
            Some(old) => {
                let was = old.at(now);
                let base = if active < SPAN / 2 {
                    was * 0.8
                } else {
                    (taken * MARGIN).clamp(was / 2.0, was * MARGIN)
                };
                Rate { base, since: now, is_measured: old.is_measured || active >= SPAN / 2, refused: 0.0 }
            }
        };
        self.rate = Some(Rate { base: rate.base.max(LEAST_RATE), ..rate });
        self.slot = None;
    }

    /// The host has refused a request, perhaps for another reason: the rate goes down when it is too many of them.
    pub(super) fn refused(&mut self, now: Instant) {
        let Some(rate) = &mut self.rate else { return };
        rate.refused += (1.0 - rate.refused) * WEIGHT;
        if rate.refused > MOST_REFUSED {
            *rate = Rate {
                base: (rate.at(now) * MARGIN).max(LEAST_RATE),
                is_measured: true,
                refused: 0.0,
                since: now,
            };
        }
    }

    /// Has the rate begin to grow when the rest is over.
    pub(super) fn grow_after_rest(&mut self) {
        if let (Some(rate), Some(until)) = (&mut self.rate, self.rests_until) {
            rate.since = rate.since.max(until);
        }
    }

    fn forget(&mut self, now: Instant) {
        while self.answers.front().is_some_and(|&at| now.saturating_duration_since(at) >= SPAN) {
            self.answers.pop_front();
        }
    }
}

/// A moment after another.
pub(super) fn after(now: Instant, wait: Duration) -> Instant {
    now + wait.min(LONGEST)
}

fn as_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How many requests a second.
#[derive(Debug)]
struct Rate {
    /// At the beginning.
    base: f64,
    /// When it began.
    since: Instant,
    /// Whether the host has shown where its limit is; until then the rate doubles each second.
    is_measured: bool,
    /// What part of the last answers were refusals without a word.
    refused: f64,
}

impl Rate {
    /// Near the limit that was measured for some seconds, so that what a refusal costs is spread over many requests; then
    /// ever faster, since the limit may be gone, as CUBIC does (RFC 9438). The steps are from simulations of servers that
    /// allow 50 a second (the tests of `ask`).
    fn at(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        let within = |from: f64, to: f64| (seconds.min(to) - from).max(0.0);
        let growth = if self.is_measured {
            1.003_f64.powf(within(0.0, 10.0))
                * 1.01_f64.powf(within(10.0, 20.0))
                * 1.1_f64.powf(within(20.0, 30.0))
                * 1.5_f64.powf(within(30.0, 60.0))
        } else {
            2.0_f64.powf(within(0.0, 30.0))
        };
        self.base * growth
    }
}
