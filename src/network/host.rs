//! One host: what waits for it, how it fares, and when it may be asked next.

use std::time::{Duration, Instant};

use crate::web::{Failure, Manners, status};

use super::errand::{Errand, Landing, Method, PaceHints};
use super::pace::{Pace, after};
use super::queue::{Queue, Waiting};

/// So many failures without a good answer in between, and a host is left alone.
const MOST_FAILURES: u32 = 5;

/// How long a host rests after the first, second and further refusals in a row, where it does not say. The last ones go
/// beyond ten seconds, which is a usual measure (Cloudflare's smallest); with jitter all of them stay below the patience.
const RESTS: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(4), Duration::from_secs(10)];

/// How much each failure and each good answer leave of the heat that was, and the heat from which failures are no
/// accident: four of the last few answers.
const COOLING: f64 = 0.9;
const HOT: f64 = 3.5;

/// A request that was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    /// The host it went to, by number.
    pub(super) host: usize,
    /// How many requests had been sent before it, over all hosts.
    pub(super) serial: u64,
    /// How often the host has refused it.
    pub(super) refusals: u32,
}

/// When something lands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: Instant,
    /// How many requests were sent until now, over all hosts.
    pub(super) serial: u64,
    /// By which waits are multiplied, so that what failed together is not tried again together.
    pub(super) jitter: f64,
}

/// What a landing says of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It answers, whatever it says.
    Good,
    /// It says that these are too many requests.
    Refused,
    /// It says that it cannot answer now, which may be for too many requests.
    Busy,
    /// It failed.
    Fault,
    /// It took too long.
    TimedOut,
    /// Nothing.
    Neutral,
}

/// When a host may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Now,
    At(Instant),
    /// When one of its requests has landed.
    Landing,
    /// Nothing waits.
    Never,
}

/// One host.
#[derive(Debug)]
pub(super) struct Host<'a> {
    /// Its name with its port, as in [`host_of`](crate::web::host_of).
    pub(super) name: String,
    /// Why nothing more is asked of it.
    pub(super) end: Option<Failure>,
    /// In words, where it is left alone: what failed last.
    pub(super) why: String,
    /// Why nothing more is asked of it by https.
    pub(super) untrusted: Option<Failure>,
    /// The earliest timer that was set for it.
    pub(super) timer: Option<Instant>,
    /// Whether it stands in line.
    pub(super) is_in_line: bool,
    /// What waits for it.
    pub(super) queue: Queue,
    manners: &'a Manners,
    in_flight: usize,
    pace: Pace,
    quota: Option<Quota>,
    /// Since the last good answer: failures, and how long it had us wait.
    failures: u32,
    waited: Duration,
    /// Refusals in a row, for how long it rests.
    row: usize,
    /// How many of the last answers were failures; the older, the less each counts.
    heat: f64,
    /// Requests before these do not count again.
    marks: Marks,
    landings: u32,
    time: Duration,
}

/// The first requests that were sent after what happened last.
#[derive(Debug, Default)]
struct Marks {
    halved: u64,
    refused: u64,
    failed: u64,
}

/// What a host says it takes until some moment.
#[derive(Debug)]
struct Quota {
    remaining: u64,
    until: Instant,
}

impl<'a> Host<'a> {
    pub(super) fn new(name: String, manners: &'a Manners) -> Self {
        Self {
            name,
            end: None,
            why: String::new(),
            untrusted: None,
            timer: None,
            is_in_line: false,
            queue: Queue::default(),
            manners,
            in_flight: 0,
            pace: Pace::new(manners),
            quota: None,
            failures: 0,
            waited: Duration::ZERO,
            row: 0,
            heat: 0.0,
            marks: Marks::default(),
            landings: 0,
            time: Duration::ZERO,
        }
    }

    /// Why this errand need not be sent.
    pub(super) fn bars(&self, errand: &Errand) -> Option<&Failure> {
        let untrusted = self.untrusted.as_ref().filter(|_| errand.url.scheme() == "https");
        self.end.as_ref().or(untrusted)
    }

    /// Takes out what waits in vain, with why.
    pub(super) fn dismissed(&mut self) -> Vec<(Errand, Failure)> {
        let mut dismissed = Vec::new();
        for waiting in std::mem::take(&mut self.queue).into_all() {
            match self.bars(&waiting.errand).cloned() {
                Some(failure) => dismissed.push((waiting.errand, failure)),
                None => self.queue.push(waiting),
            }
        }
        dismissed
    }

    /// When it may be asked next.
    pub(super) fn when(&self, now: Instant) -> When {
        if self.queue.is_empty() {
            return When::Never;
        }
        let quota = self.quota.as_ref().filter(|quota| now < quota.until);
        // What is in flight is perhaps not counted yet in what remains.
        let remaining = quota.map_or(u64::MAX, |quota| quota.remaining);
        let is_full = self.in_flight >= self.pace.limit() || self.in_flight as u64 >= remaining;
        if is_full && self.in_flight > 0 {
            return When::Landing;
        }
        let refill = quota.filter(|quota| quota.remaining == 0).map(|quota| quota.until);
        match [self.pace.earliest(), refill, self.queue.due()].into_iter().flatten().max() {
            Some(at) if at > now => When::At(at),
            _ => When::Now,
        }
    }

    /// Takes the next errand, which is sent now.
    pub(super) fn take(&mut self, now: Instant) -> Option<Waiting> {
        let waiting = self.queue.take(now, self.failures > 0)?;
        self.in_flight += 1;
        self.pace.start(now);
        Some(waiting)
    }

    /// Notes what a landing says of the host. It may have come to its `end` by that, or be `untrusted`.
    pub(super) fn note(&mut self, flight: Flight, method: Method, landing: &Landing, moment: Moment) -> Sign {
        self.in_flight -= 1;
        self.landings += 1;
        self.time = self.time.saturating_add(landing.time);
        let was_asked = self.end.is_none();
        match &landing.result {
            Err(failure @ Failure::NoSuchHost) => self.end = Some(failure.clone()),
            Err(failure @ Failure::Tls(_)) => self.untrusted = Some(failure.clone()),
            _ => {}
        }
        self.note_quota(landing.hints, moment.now);
        let sign = self.read(method, landing);
        match sign {
            Sign::Good => self.note_answer(flight, moment),
            Sign::Refused => self.note_refusal(flight, landing.hints, moment),
            Sign::Fault => self.note_fault(flight, moment),
            Sign::Busy => {
                self.pace.refused(moment.now);
                self.note_fault(flight, moment);
            }
            Sign::TimedOut => self.note_time_out(flight, landing.time, moment),
            Sign::Neutral => {}
        }
        if was_asked && self.end == Some(Failure::LeftAlone) {
            self.why = in_words(sign, landing);
        }
        sign
    }

    /// Whether it is known to count requests.
    pub(super) fn is_limited(&self) -> bool {
        self.pace.is_limited()
    }

    /// The mean time of its answers, or how long it still has us wait; nothing where it has no work.
    pub(super) fn slowness(&self, now: Instant) -> Option<Duration> {
        if self.queue.is_empty() && self.in_flight == 0 {
            return None;
        }
        let rest =
            self.pace.rests_until().map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        Some(rest.max(self.time.checked_div(self.landings).unwrap_or_default()))
    }

    fn read(&self, method: Method, landing: &Landing) -> Sign {
        let status = match &landing.result {
            Ok(head) => head.status,
            Err(Failure::TimeOut(_)) => return Sign::TimedOut,
            Err(Failure::Connection(_) | Failure::Lookup(_) | Failure::Protocol(_)) => return Sign::Fault,
            Err(_) => return Sign::Neutral,
        };
        match status {
            // RFC 6585, 4.
            429 => Sign::Refused,
            // As GitHub does: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
            403 if landing.hints.remaining == Some(0) => Sign::Refused,
            // RFC 9110, 15.6.4.
            503 if landing.hints.retry_after.is_some() || self.refuses_silently() => Sign::Refused,
            503 => Sign::Busy,
            // Some programs behind a server do not know HEAD, and break.
            500..=599 if method == Method::Head => Sign::Neutral,
            500 | 502 | 504 => Sign::Fault,
            _ => Sign::Good,
        }
    }

    /// Whether 503 without `Retry-After` means too many requests, as it does where nginx's `limit_req` refuses. Where one of
    /// many machines is away for a moment it means nothing, and it would be wrong to have the host rest.
    fn refuses_silently(&self) -> bool {
        let is_again = self.is_limited() && self.failures > 0;
        is_again || self.heat * COOLING + 1.0 >= HOT
    }

    fn note_answer(&mut self, flight: Flight, moment: Moment) {
        self.pace.answered(moment.now);
        self.failures = 0;
        self.waited = Duration::ZERO;
        self.heat *= COOLING;
        if flight.serial >= self.marks.refused {
            self.row = 0;
        }
    }

    /// All refusals of one round are one: of those requests that were sent before the host began to rest.
    fn note_refusal(&mut self, flight: Flight, hints: PaceHints, moment: Moment) {
        self.heat = self.heat * COOLING + 1.0;
        let wish = hints.retry_after.or(hints.reset.filter(|_| hints.remaining == Some(0)));
        let wish = wish.filter(|wish| !wish.is_zero());
        if flight.serial < self.marks.refused {
            if let Some(wish) = wish.filter(|wish| *wish <= self.manners.patience) {
                self.pace.rest(moment.now, wish);
                self.pace.grow_after_rest();
            }
            return;
        }
        self.marks.refused = moment.serial;
        self.halve(flight, moment);
        if self.row == 0 {
            self.pace.slow_down(moment.now);
        }
        let rest = wish.unwrap_or_else(|| RESTS[self.row.min(RESTS.len() - 1)].mul_f64(moment.jitter));
        self.row += 1;
        self.failures += 1;
        self.waited = self.waited.saturating_add(rest);
        if self.failures >= MOST_FAILURES || self.waited > self.manners.patience {
            self.leave();
        } else {
            self.pace.rest(moment.now, rest);
            self.pace.grow_after_rest();
        }
    }

    /// One connection that breaks may be that of many requests, so those of one round are one. From the second in a row the
    /// host rests, so that one that begins anew is not left alone for it.
    fn note_fault(&mut self, flight: Flight, moment: Moment) {
        self.heat = self.heat * COOLING + 1.0;
        if self.heat >= HOT {
            self.halve(flight, moment);
        }
        if flight.serial < self.marks.failed {
            return;
        }
        self.marks.failed = moment.serial;
        self.failures += 1;
        if self.failures < 2 {
            return;
        }
        let rest = RESTS[(self.failures as usize - 2).min(RESTS.len() - 1)].mul_f64(moment.jitter);
        self.waited = self.waited.saturating_add(rest);
        if self.failures >= MOST_FAILURES || self.waited > self.manners.patience {
            self.leave();
        } else {
            self.pace.rest(moment.now, rest);
        }
    }

    /// Each counts, since each costs so much; but one alone is never the end.
    fn note_time_out(&mut self, flight: Flight, time: Duration, moment: Moment) {
        self.failures += 1;
        if flight.serial >= self.marks.halved {
            self.waited = self.waited.saturating_add(time);
        }
        self.halve(flight, moment);
        let is_impatient = self.failures > 1 && self.waited > self.manners.patience;
        if self.failures >= MOST_FAILURES || is_impatient {
            self.leave();
        }
    }

    fn leave(&mut self) {
        self.end.get_or_insert(Failure::LeftAlone);
    }

    /// Once for what was sent before it halved last.
    fn halve(&mut self, flight: Flight, moment: Moment) {
        if flight.serial >= self.marks.halved {
            self.marks.halved = moment.serial;
            self.pace.halve();
        }
    }

    fn note_quota(&mut self, hints: PaceHints, now: Instant) {
        let (Some(remaining), Some(reset)) = (hints.remaining, hints.reset) else { return };
        let until = after(now, reset);
        // Answers overtake each other, so that of one period the least counts; resets are told in whole seconds.
        let second = Duration::from_secs(1);
        let is_same =
            |known: Instant| now < known && until <= after(known, second) && known <= after(until, second);
        let known = self.quota.as_ref().filter(|quota| is_same(quota.until));
        let (remaining, until) = known
            .map_or((remaining, until), |quota| (quota.remaining.min(remaining), quota.until.max(until)));
        self.quota = Some(Quota { remaining, until });
        if remaining == 0 && reset > self.manners.patience {
            self.leave();
        }
    }
}

fn in_words(sign: Sign, landing: &Landing) -> String {
    match &landing.result {
        Ok(_) if sign == Sign::Good => "its rate limit is used up".to_owned(),
        // With its reason, as in `429 Too Many Requests`.
        Ok(head) => status(head.status),
        Err(failure) => failure.to_string(),
    }
}
