//! The schedule moment by moment, and what it costs.

use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::network::errand::{Errand, Head, Landing, Method, PaceHints};
use crate::web::{Depth, Failure, Manners, Outcome, Phase, Policy, Question, Use};

use super::{Next, Schedule};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn questions(addresses: impl IntoIterator<Item = String>, depth: Depth) -> Vec<Question> {
    let question =
        |address: String| Question { url: address.into(), depth, path: "a.md".into(), used_as: Use::Link };
    addresses.into_iter().map(question).collect()
}

fn on_one_host(count: usize) -> Vec<Question> {
    questions((0..count).map(|number| format!("https://a.test/{number}")), Depth::Type)
}

fn landing(status: u16) -> Landing {
    let head = Head { status, ..Head::default() };
    Landing { result: Ok(head), time: ms(5), hints: PaceHints::default() }
}

fn failed(failure: Failure) -> Landing {
    Landing { result: Err(failure), ..landing(0) }
}

/// A schedule and its time.
struct Run<'a> {
    schedule: Schedule<'a>,
    began: Instant,
    now: Instant,
}

impl<'a> Run<'a> {
    fn new(questions: &'a [Question], policy: &'a Policy) -> Self {
        let now = Instant::now();
        Self { schedule: Schedule::new(questions, policy, Rng::with_seed(7)), began: now, now }
    }

    /// All that goes at this moment.
    fn sent(&mut self) -> Vec<Errand> {
        let next = || match self.schedule.next(self.now) {
            Next::Send(errand) => Some(errand),
            _ => None,
        };
        std::iter::from_fn(next).collect()
    }

    /// The one that goes next, when its time has come, and how long that took.
    fn wait(&mut self) -> (Errand, Duration) {
        let before = self.now;
        loop {
            match self.schedule.next(self.now) {
                Next::Send(errand) => return (errand, self.now - before),
                Next::WaitUntil(at) => self.now = at,
                next => panic!("{next:?} after {:?}", self.now - self.began),
            }
        }
    }

    fn land(&mut self, errand: Errand, landing: Landing) {
        self.schedule.landed(errand, landing, self.now);
    }

    fn outcome(self, address: &str) -> Outcome {
        self.schedule.into_asked().replies[address].outcome.clone()
    }
}

#[test]
fn a_window_opens_with_good_answers_and_halves_once_a_round() {
    let (questions, policy) = (on_one_host(200), Policy::default());
    let mut run = Run::new(&questions, &policy);
    let mut widths = Vec::new();
    for _ in 0..4 {
        let sent = run.sent();
        widths.push(sent.len());
        for errand in sent {
            run.land(errand, landing(404));
        }
    }
    assert_eq!(widths, [4, 8, 16, 16]);
    // Three of one round take too long.
    for (number, errand) in run.sent().into_iter().enumerate() {
        run.land(errand, if number < 3 { failed(Failure::TimeOut(Phase::FirstByte)) } else { landing(200) });
    }
    assert_eq!(run.sent().len(), 9, "a half, and a good answer for each of it besides");
}

#[test]
fn after_a_refusal_one_request_asks_whether_more_may_come() {
    let (questions, policy) = (on_one_host(200), Policy::default());
    let mut run = Run::new(&questions, &policy);
    let first = run.sent();
    for errand in first {
        run.land(errand, landing(429));
    }
    // The four are one refusal: 250 ms, give or take a fifth, and a new address.
    let (errand, waited) = run.wait();
    assert!((ms(200)..=ms(300)).contains(&waited), "{waited:?}");
    assert_eq!((errand.question, run.sent().len()), (199, 0));
    let told = PaceHints { retry_after: Some(ms(7000)), ..PaceHints::default() };
    run.land(errand, Landing { hints: told, ..landing(429) });
    let (errand, waited) = run.wait();
    assert_eq!(waited, ms(7000));
    run.land(errand, landing(200));
    assert!(matches!(run.schedule.next(run.now), Next::Send(_) | Next::WaitUntil(_)));
}

#[test]
fn what_failed_is_tried_again_later_and_later() {
    let (questions, policy) = (on_one_host(1), Policy::default());
    let mut run = Run::new(&questions, &policy);
    for (attempt, least) in [(0, 0), (1, 400), (2, 800), (3, 1600)] {
        let (errand, waited) = run.wait();
        assert!((ms(least)..=ms(least * 3 / 2)).contains(&waited), "{waited:?}");
        assert_eq!((errand.attempts, errand.retries), (attempt, attempt));
        run.land(errand, landing(502));
    }
    assert!(matches!(run.schedule.next(run.now), Next::Finished));
    assert_eq!(run.schedule.counts(run.now).retries, 3);
    let asked = run.schedule.into_asked();
    let reply = &asked.replies["https://a.test/0"];
    assert_eq!((&reply.outcome, reply.attempts), (&Outcome::Status(502), 4));
    assert!(asked.silent.is_empty());
}

#[test]
fn a_head_that_fails_is_followed_by_a_get() {
    let policy = Policy::default();
    let questions = questions(["https://a.test/".to_owned()], Depth::Head);
    for first in
        [landing(405), landing(502), landing(503), failed(Failure::Connection("it broke".to_owned()))]
    {
        let mut run = Run::new(&questions, &policy);
        let (errand, _) = run.wait();
        assert_eq!(errand.method, Method::Head);
        run.land(errand, first);
        let (errand, _) = run.wait();
        assert_eq!((errand.method, errand.attempts), (Method::Get, 1));
        run.land(errand, landing(200));
        assert_eq!(run.outcome("https://a.test/"), Outcome::Status(200));
    }
}

#[test]
fn forbidden_with_nothing_left_is_a_refusal() {
    let (questions, policy) = (on_one_host(2), Policy::default());
    for (reset, expected) in [(3, None), (3600, Some("403 Forbidden"))] {
        let mut run = Run::new(&questions, &policy);
        let hints =
            PaceHints { remaining: Some(0), reset: Some(Duration::from_secs(reset)), ..PaceHints::default() };
        for errand in run.sent() {
            run.land(errand, Landing { hints, ..landing(403) });
        }
        match (run.schedule.next(run.now), expected) {
            (Next::WaitUntil(at), None) => assert_eq!(at - run.now, ms(3000)),
            (Next::Finished, Some(why)) => {
                let asked = run.schedule.into_asked();
                assert_eq!(asked.silent["a.test"], why);
                assert_eq!(asked.replies["https://a.test/1"].outcome, Outcome::Failed(Failure::LeftAlone));
            }
            (next, _) => panic!("{next:?}"),
        }
    }
}

#[test]
fn a_run_does_not_wait_for_a_host_that_owes_nothing() {
    let (questions, policy) = (on_one_host(2), Policy::default());
    let mut run = Run::new(&questions, &policy);
    let mut sent = run.sent();
    run.land(sent.remove(0), landing(502));
    assert!(matches!(run.schedule.next(run.now), Next::WaitUntil(_)));
    run.land(sent.remove(0), failed(Failure::NoSuchHost));
    assert!(matches!(run.schedule.next(run.now), Next::Finished));
    assert_eq!(run.outcome("https://a.test/0"), Outcome::Failed(Failure::NoSuchHost));
}

#[test]
fn whatever_lands_every_question_has_its_reply_in_bounded_time() {
    let statuses = [200, 204, 301, 302, 304, 400, 403, 404, 408, 410, 429, 500, 502, 503, 504, 520, 999];
    for seed in 0..200 {
        let mut rng = Rng::with_seed(seed);
        let policy = Policy { manners: manners(&mut rng), ..Policy::default() };
        let depth = if rng.bool() { Depth::Head } else { Depth::Type };
        let questions =
            questions((0..40).map(|number| format!("https://h{}.test/{number}", number % 7)), depth);
        let mut run = Run::new(&questions, &policy);
        let mut away = Vec::new();
        loop {
            match run.schedule.next(run.now) {
                Next::Send(errand) => {
                    away.push(errand);
                    assert!(away.len() <= policy.manners.concurrency, "seed {seed}");
                }
                Next::Finished => break,
                Next::WaitUntil(at) if away.is_empty() || rng.bool() => run.now = at,
                Next::WaitUntil(_) | Next::Wait => {
                    let errand = away.swap_remove(rng.usize(..away.len()));
                    run.now += ms(rng.u64(..100));
                    let landing = any_landing(&mut rng, &statuses);
                    run.land(errand, landing);
                }
            }
            assert!(run.now - run.began < Duration::from_secs(600), "seed {seed}");
        }
        assert!(away.is_empty(), "seed {seed}");
        let counts = run.schedule.counts(run.now);
        assert_eq!((counts.done, counts.slowest), (40, None), "seed {seed}");
        let asked = run.schedule.into_asked();
        assert_eq!(asked.replies.len(), 40, "seed {seed}");
        let is_left = |outcome: &Outcome| *outcome == Outcome::Failed(Failure::LeftAlone);
        let has_left = asked.replies.values().any(|reply| is_left(&reply.outcome));
        assert_eq!(has_left, !asked.silent.is_empty(), "seed {seed}");
        assert!(asked.silent.values().all(|why| !why.is_empty()), "seed {seed}");
    }
}

fn manners(rng: &mut Rng) -> Manners {
    Manners {
        concurrency: rng.usize(1..20),
        per_host: rng.usize(1..10),
        interval: ms(rng.u64(..20)),
        retries: rng.u32(..5),
        patience: Duration::from_secs(rng.u64(..40)),
    }
}

fn any_landing(rng: &mut Rng, statuses: &[u16]) -> Landing {
    let failures = [
        Failure::NoSuchHost,
        Failure::Tls("expired".to_owned()),
        Failure::Guarded("10.0.0.1".to_owned()),
        Failure::TimeOut(Phase::Connect),
        Failure::Connection("refused".to_owned()),
        Failure::Lookup("for now".to_owned()),
        Failure::Protocol("no HTTP".to_owned()),
    ];
    let mut landing = landing(statuses[rng.usize(..statuses.len())]);
    if let Ok(head) = &mut landing.result {
        head.location = rng.bool().then(|| format!("//h{}.test/{}", rng.u8(..9), rng.u8(..50)));
    }
    if rng.u8(..3) == 0 {
        landing.result = Err(failures[rng.usize(..failures.len())].clone());
    }
    let times = [0, 1, 5, 30, 3600, u64::MAX];
    let mut time = || rng.bool().then(|| Duration::from_secs(times[rng.usize(..times.len())]));
    landing.hints = PaceHints { retry_after: time(), remaining: None, reset: time() };
    landing.hints.remaining = rng.bool().then(|| rng.u64(..5));
    landing
}

/// What one request costs the schedule: `cargo test --release --lib -- --ignored --nocapture what_a_request`.
#[test]
#[expect(clippy::print_stdout, reason = "its figures")]
#[ignore = "it measures, and tells nothing by itself"]
fn what_a_request_costs() {
    let policy = Policy::default();
    for (name, hosts) in [("one host", 1), ("50,000 hosts", 50_000)] {
        for status in [200, 502] {
            let addresses = (0..100_000).map(|number| format!("https://h{}.test/{number}", number % hosts));
            let questions = questions(addresses, Depth::Type);
            let start = Instant::now();
            let mut run = Run::new(&questions, &policy);
            let made = start.elapsed();
            let mut away = Vec::new();
            loop {
                match run.schedule.next(run.now) {
                    Next::Send(errand) => away.push(errand),
                    Next::Finished => break,
                    Next::WaitUntil(at) if away.is_empty() => run.now = at,
                    Next::WaitUntil(_) | Next::Wait => {
                        run.now += Duration::from_micros(10);
                        away.drain(..)
                            .for_each(|errand| run.schedule.landed(errand, landing(status), run.now));
                    }
                }
            }
            let requests = u32::try_from(run.schedule.counts(run.now).requests).unwrap();
            let each = start.elapsed().saturating_sub(made).as_secs_f64() * 1e6;
            let glance = Instant::now();
            let _ = run.schedule.counts(run.now);
            println!(
                "{name}, {status}: made in {made:?}, {requests} requests, {:.2} µs each, {:.2} µs a question, a glance {:?}",
                each / f64::from(requests),
                each / 100_000.0,
                glance.elapsed()
            );
        }
    }
}
