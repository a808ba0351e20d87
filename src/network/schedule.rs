//! Whom to ask when. A machine without clock and network: it is told what landed and when, and says what goes next.
//!
//! Each request costs the logarithm of the hosts that wait at most, however many addresses and hosts there are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use url::Url;

use crate::web::{Depth, Failure, Outcome, Policy, Question, Reply, Verdict, host_of, target};

use super::Asked;
use super::errand::{Errand, Landing, Method};
use super::host::{Flight, Host, Moment, Sign, When};
use super::pace::after;
use super::queue::{Queue, Waiting};
use super::step::{self, Step};
use super::watch::Counts;

/// How long a request waits that failed, before it is tried again for the first time; then twice as long each time.
const FIRST_BACK_OFF: Duration = Duration::from_millis(500);

/// How often one address is put back because its host refuses it for now. One that is refused more often, while the host
/// answers others, is meant itself.
const MOST_REFUSALS: u32 = 10;

/// What is to be done next.
#[derive(Debug)]
pub(super) enum Next {
    /// This is sent.
    Send(Errand),
    /// Nothing until then, or until something lands.
    WaitUntil(Instant),
    /// Nothing until something lands.
    Wait,
    /// Nothing more: every question has its reply.
    Finished,
}

/// What is to be asked, what is asked just now, and what is known.
#[derive(Debug)]
pub(super) struct Schedule<'a> {
    questions: &'a [Question],
    policy: &'a Policy,
    hosts: Vec<Host<'a>>,
    /// The number of each host.
    numbers: HashMap<String, usize>,
    /// The hosts that may be asked at once, one request each in turn.
    line: VecDeque<usize>,
    /// The hosts that may be asked at a moment. Some of these are outdated: the host knows its own.
    timers: BinaryHeap<Reverse<(Instant, usize)>>,
    /// What was sent and has not landed, by question.
    flights: HashMap<usize, Flight>,
    /// How many requests were sent.
    serial: u64,
    replies: Vec<Option<Reply>>,
    silent: BTreeMap<String, String>,
    counts: Counts,
    rng: Rng,
}

impl<'a> Schedule<'a> {
    /// All questions wait. `rng` is for the jitter of waits.
    pub(super) fn new(questions: &'a [Question], policy: &'a Policy, rng: Rng) -> Self {
        let counts = Counts { total: questions.len(), ..Counts::default() };
        let mut schedule = Self {
            questions,
            policy,
            hosts: Vec::new(),
            numbers: HashMap::new(),
            line: VecDeque::new(),
            timers: BinaryHeap::new(),
            flights: HashMap::new(),
            serial: 0,
            replies: vec![None; questions.len()],
            silent: BTreeMap::new(),
            counts,
            rng,
        };
        for question in 0..questions.len() {
            schedule.begin(question);
        }
        schedule
    }

    /// What is to be done next, at this moment.
    pub(super) fn next(&mut self, now: Instant) -> Next {
        if self.counts.done == self.counts.total {
            // There may be timers that nothing waits for any more.
            return Next::Finished;
        }
        while let Some(&Reverse((at, number))) = self.timers.peek().filter(|Reverse((at, _))| *at <= now) {
            self.timers.pop();
            let host = &mut self.hosts[number];
            if host.timer == Some(at) {
                host.timer = None;
                self.settle(number, now);
            }
        }
        while self.flights.len() < self.policy.manners.concurrency.max(1) {
            let Some(number) = self.line.pop_front() else { break };
            let host = &mut self.hosts[number];
            host.is_in_line = false;
            let waiting = if host.when(now) == When::Now { host.take(now) } else { None };
            if let Some(waiting) = &waiting {
                let flight = Flight { host: number, serial: self.serial, refusals: waiting.refusals };
                self.flights.insert(waiting.errand.question, flight);
                self.serial += 1;
                self.counts.requests += 1;
                self.counts.retries += usize::from(waiting.is_again);
            }
            self.settle(number, now);
            if let Some(waiting) = waiting {
                return Next::Send(waiting.errand);
            }
        }
        match self.timers.peek() {
            Some(&Reverse((at, _))) if self.line.is_empty() => Next::WaitUntil(at),
            _ if self.flights.is_empty() => Next::Finished,
            _ => Next::Wait,
        }
    }

    /// Something landed.
    pub(super) fn landed(&mut self, errand: Errand, landing: Landing, now: Instant) {
        // Nothing lands that was not sent.
        let Some(flight) = self.flights.remove(&errand.question) else { return };
        let moment = Moment { now, serial: self.serial, jitter: 0.8 + 0.4 * self.rng.f64() };
        let host = &mut self.hosts[flight.host];
        let was_open = (host.end.is_none(), host.untrusted.is_none());
        let sign = host.note(flight, errand.method, &landing, moment);
        let is_open = (host.end.is_none(), host.untrusted.is_none());
        let is_refused = sign == Sign::Refused || (sign == Sign::Busy && host.is_limited());
        self.go_on(errand, landing, flight, is_refused, moment);
        if is_open != was_open {
            self.dismiss(flight.host);
        }
        self.settle(flight.host, now);
    }

    /// How far it is, with the host that is slowest at this moment. This looks at every host.
    pub(super) fn counts(&self, now: Instant) -> Counts {
        let slow = self.hosts.iter().filter_map(|host| Some((host.slowness(now)?, host)));
        let slowest = slow.max_by_key(|&(time, _)| time).map(|(time, host)| (host.name.clone(), time));
        Counts { slowest, ..self.counts.clone() }
    }

    /// What is known.
    pub(super) fn into_asked(self) -> Asked {
        let replies = self.questions.iter().zip(self.replies);
        let replies = replies.filter_map(|(question, reply)| Some((Arc::clone(&question.url), reply?)));
        Asked { replies: replies.collect(), silent: self.silent }
    }

    /// What comes next for the question of what landed.
    fn go_on(&mut self, errand: Errand, landing: Landing, flight: Flight, is_refused: bool, moment: Moment) {
        let Flight { host: number, refusals, .. } = flight;
        let question = errand.question;
        if is_refused && refusals < MOST_REFUSALS {
            let errand = Errand { attempts: errand.attempts + 1, ..errand };
            let waiting = Waiting { errand, refusals: refusals + 1, is_again: true };
            return self.wait(number, waiting, Queue::push_refused);
        }
        if !is_refused && errand.retries < self.policy.manners.retries && step::may_pass(&errand, &landing) {
            let wait = FIRST_BACK_OFF.saturating_mul(1 << errand.retries.min(16)).mul_f64(moment.jitter);
            let due = after(moment.now, wait);
            let waiting = Waiting { errand: step::again(errand), refusals, is_again: true };
            return self.wait(number, waiting, |queue, waiting| queue.push_later(waiting, due));
        }
        match step::after(errand, landing, &self.questions[question].url) {
            Step::Instead(errand) => {
                self.wait(number, Waiting { errand, refusals, is_again: false }, Queue::push_first);
            }
            Step::Follow(errand) => {
                let number = self.number(&errand.url);
                self.wait(number, Waiting { errand, refusals: 0, is_again: false }, Queue::push);
                self.settle(number, moment.now);
            }
            Step::Done(reply) => self.answer(question, reply),
        }
    }

    /// Has an errand wait for its host, unless it would wait in vain.
    fn wait(&mut self, number: usize, waiting: Waiting, push: impl FnOnce(&mut Queue, Waiting)) {
        let host = &mut self.hosts[number];
        match host.bars(&waiting.errand) {
            Some(failure) => {
                let failure = failure.clone();
                self.give_up(number, waiting.errand, failure);
            }
            None => push(&mut host.queue, waiting),
        }
    }

    /// Answers what waits in vain for a host.
    fn dismiss(&mut self, number: usize) {
        for (errand, failure) in self.hosts[number].dismissed() {
            self.give_up(number, errand, failure);
        }
    }

    fn give_up(&mut self, number: usize, errand: Errand, failure: Failure) {
        if failure == Failure::LeftAlone {
            let host = &self.hosts[number];
            self.silent.entry(host.name.clone()).or_insert_with(|| host.why.clone());
        }
        self.answer(errand.question, step::unsent(errand, failure));
    }

    fn answer(&mut self, question: usize, reply: Reply) {
        self.counts.done += 1;
        match self.policy.verdict(&self.questions[question].url, &reply) {
            Verdict::Alive => {}
            Verdict::Dead => self.counts.dead += 1,
            Verdict::Unverified => self.counts.unverified += 1,
        }
        self.replies[question] = Some(reply);
    }

    /// Puts a host in line, or sets its timer, as it stands.
    fn settle(&mut self, number: usize, now: Instant) {
        let host = &mut self.hosts[number];
        match host.when(now) {
            When::Now if !host.is_in_line => {
                host.is_in_line = true;
                self.line.push_back(number);
            }
            When::At(at) if host.timer.is_none_or(|timer| at < timer) => {
                host.timer = Some(at);
                self.timers.push(Reverse((at, number)));
            }
            _ => {}
        }
    }

    fn number(&mut self, url: &Url) -> usize {
        let name = host_of(url);
        if let Some(&number) = self.numbers.get(&name) {
            return number;
        }
        let number = self.hosts.len();
        self.numbers.insert(name.clone(), number);
        self.hosts.push(Host::new(name, &self.policy.manners));
        number
    }

    /// The first errand of a question.
    fn begin(&mut self, question: usize) {
        let asked = &self.questions[question];
        let depth = asked.depth;
        let Some(url) = target(&asked.url) else {
            // No run asks this: questions are made of targets.
            let failure = Failure::Protocol("it has no address of the web".to_owned());
            return self.answer(question, Reply::new(Outcome::Failed(failure), depth));
        };
        let method = if depth == Depth::Head { Method::Head } else { Method::Get };
        let number = self.number(&url);
        let errand = Errand { question, url, method, depth, hops: Vec::new(), attempts: 0, retries: 0 };
        let host = &mut self.hosts[number];
        host.queue.push(Waiting { errand, refusals: 0, is_again: false });
        if !host.is_in_line {
            host.is_in_line = true;
            self.line.push_back(number);
        }
    }
}

#[cfg(test)]
mod tests;
