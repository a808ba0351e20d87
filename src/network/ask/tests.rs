//! The driver and the schedule against simulated hosts: whether every verdict is right, how long it takes, and how often a
//! host has to say no.

mod world;

use std::time::Duration;

use std::sync::Arc;

use fastrand::Rng;
use tokio::runtime::Builder;

use crate::network::errand::{Errand, Head, Landing, PaceHints};
use crate::network::schedule::Schedule;
use crate::network::watch::Watch;
use crate::web::{Failure, Manners, Outcome, Phase, Policy};

use self::world::{Answer, Limit, Limiter, World, addresses, in_seconds, question};
use super::{Courier, drive, run};

const ZERO: Duration = Duration::ZERO;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// Asks a host that allows 50 requests a second 2,000 addresses, one in ten of them dead.
#[expect(clippy::print_stdout, reason = "the figures are worth a look")]
fn ask_limited(name: &str, limit: fn() -> Limit, status: u16, says_when: bool, round_trip: Duration) -> bool {
    let mut limiter = Limiter::new(limit());
    let burst = match limit() {
        Limit::Fixed { per, .. } | Limit::Sliding { per } => float(per),
        Limit::Bucket { burst, .. } => burst,
    };
    let world = World::default().host("a.test", round_trip, move |errand, at| {
        let (passes, _, more) = limiter.take(at);
        if !passes {
            return Answer::status(status).retry_after(says_when.then(|| in_seconds(more)));
        }
        Answer::status(if errand.question % 10 == 0 { 404 } else { 200 })
    });
    let report = world.ask(addresses("a.test", 2000), Manners::default());
    let ideal = (2000.0 - burst) / 50.0;
    let pace = ideal / report.time.as_secs_f64();
    let refused = float(report.seen["a.test"].refused) / float(report.requests());
    let line = format!("{name}, {status}, Retry-After {says_when}, {round_trip:?}");
    let is_right = report.outcomes() == "1800 Status(200), 200 Status(404)";
    let verdicts = if is_right { "all right".to_owned() } else { report.outcomes() };
    println!("{line}: {:.1} % of the pace, {:.1} % refused, {verdicts}", pace * 100.0, refused * 100.0);
    is_right && pace >= 0.8 && refused < 0.05
}

/// Both answers that mean "too many", at hosts that are near and far.
fn ask_all_limited(name: &str, limit: fn() -> Limit) {
    let mut is_right = true;
    for round_trip in [ms(1), ms(80)] {
        for says_when in [false, true] {
            is_right &= ask_limited(name, limit, 429, says_when, round_trip);
        }
        // As nginx does with `limit_req`.
        is_right &= ask_limited(name, limit, 503, false, round_trip);
    }
    assert!(is_right, "see the lines above");
}

#[test]
fn a_host_with_a_fixed_window_is_asked_at_its_pace() {
    ask_all_limited("fixed window", || Limit::Fixed { per: 50, length: secs(1) });
}

#[test]
fn a_host_with_a_sliding_window_is_asked_at_its_pace() {
    ask_all_limited("sliding window", || Limit::Sliding { per: 50 });
}

#[test]
fn a_host_with_a_small_bucket_is_asked_at_its_pace() {
    ask_all_limited("bucket of 10", || Limit::Bucket { rate: 50.0, burst: 10.0 });
}

#[test]
fn a_host_with_a_large_bucket_is_asked_at_its_pace() {
    ask_all_limited("bucket of 50", || Limit::Bucket { rate: 50.0, burst: 50.0 });
}

#[test]
fn a_host_that_says_what_remains_has_never_to_refuse() {
    for round_trip in [ms(1), ms(80)] {
        let mut limiter = Limiter::new(Limit::Fixed { per: 100, length: secs(3) });
        for _ in 0..90 {
            limiter.take(ZERO);
        }
        let world = World::default().host("a.test", round_trip, move |_, at| {
            let (passes, remaining, more) = limiter.take(at);
            let mut answer = Answer::status(if passes { 200 } else { 429 });
            (answer.hints.remaining, answer.hints.reset) = (Some(remaining as u64), Some(in_seconds(more)));
            answer
        });
        let report = world.ask(addresses("a.test", 500), Manners::default());
        assert_eq!(report.outcomes(), "500 Status(200)");
        assert_eq!(report.seen["a.test"].refused, 0);
        // 10 at once, then 100 every three seconds.
        assert!(report.time < secs(17), "{:?}", report.time);
    }
}

#[test]
fn a_host_that_always_refuses_is_left_alone_within_half_a_minute() {
    for (retry_after, most) in [(None, 19), (Some(0), 19), (Some(1), 5), (Some(10), 21), (Some(3600), 1)] {
        for round_trip in [ms(1), ms(300)] {
            let world = World::default().host("a.test", round_trip, move |_, _| {
                Answer::status(429).retry_after(retry_after.map(secs))
            });
            let report = world.ask(addresses("a.test", 2000), Manners::default());
            assert_eq!(report.outcomes(), "2000 Failed(LeftAlone)", "{retry_after:?}");
            assert_eq!(report.silent(), "a.test: 429 Too Many Requests");
            assert!(report.time < secs(most) + round_trip * 5, "{retry_after:?}: {:?}", report.time);
            assert!(report.requests() <= 9, "{}", report.requests());
        }
    }
}

#[test]
fn a_host_that_hangs_is_left_alone_and_holds_up_no_other() {
    let world = World::default()
        .host("hangs.test", ZERO, |_, _| Answer::failed(Failure::TimeOut(Phase::FirstByte), secs(30)))
        .host("good.test", ms(10), |_, _| Answer::status(200));
    let all = addresses("hangs.test", 500).chain(addresses("good.test", 500));
    let report = world.ask(all, Manners::default());
    assert_eq!(report.outcomes(), "500 Failed(LeftAlone), 500 Status(200)");
    assert_eq!(report.silent(), "hangs.test: no answer in time");
    assert!(report.time < secs(61), "{:?}", report.time);
    assert!(*report.seen["good.test"].ends.last().unwrap() < secs(1));
}

#[test]
fn one_address_that_hangs_is_tried_again() {
    let world = World::default()
        .host("a.test", ms(10), |_, _| Answer::failed(Failure::TimeOut(Phase::FirstByte), secs(20)));
    let report = world.ask(addresses("a.test", 1), Manners::default());
    assert_eq!(report.requests(), 2);
    assert!(report.time < secs(45), "{:?}", report.time);
}

#[test]
fn a_request_that_fails_now_and_then_is_asked_again_and_holds_up_no_other() {
    let unlucky = |rng: &mut Rng, part: f64| rng.f64() < part;
    let mut rng = Rng::with_seed(1);
    let world = World::default()
        .host("a.test", ms(20), move |_, _| Answer::status(if unlucky(&mut rng, 0.02) { 503 } else { 200 }));
    let report = world.ask(addresses("a.test", 2000), Manners::default());
    assert_eq!(report.outcomes(), "2000 Status(200)");
    // 16 at a time every 20 ms are 2.5 s.
    assert!(report.time < secs(6), "{:?}", report.time);

    let mut rng = Rng::with_seed(1);
    let world = World::default().host("a.test", ms(200), move |errand, _| {
        if errand.retries < 3 && unlucky(&mut rng, 0.1) {
            return Answer::failed(Failure::Connection("it broke".to_owned()), ZERO);
        }
        Answer::status(200)
    });
    let report = world.ask(addresses("a.test", 2000), Manners::default());
    assert_eq!(report.outcomes(), "2000 Status(200)");
    // 16 at a time every 200 ms, a tenth of them twice, are 28 s.
    assert!(report.time < secs(36), "{:?}", report.time);
    assert_eq!(report.counts.requests, report.requests());
    assert_eq!(report.counts.retries, report.requests() - 2000);
}

#[test]
fn a_host_that_begins_anew_is_waited_for() {
    let world = World::default().host("a.test", ms(2), |_, at| {
        if (ms(50)..ms(2500)).contains(&at) {
            return Answer::failed(Failure::Connection("refused".to_owned()), ZERO);
        }
        Answer::status(200)
    });
    let report = world.ask(addresses("a.test", 2000), Manners::default());
    assert_eq!(report.outcomes(), "2000 Status(200)");
    assert!(report.time < secs(6), "{:?}", report.time);
}

#[test]
fn a_folder_whose_addresses_all_fail_is_no_end_of_the_others() {
    let world = World::default().host("a.test", ms(50), |errand, _| {
        Answer::status(if (500..600).contains(&errand.question) { 500 } else { 200 })
    });
    let report = world.ask(addresses("a.test", 2000), Manners::default());
    assert_eq!(report.outcomes(), "1900 Status(200), 100 Status(500)");
    assert!(report.time < secs(15), "{:?}", report.time);
}

#[test]
fn addresses_that_are_always_refused_spoil_no_others() {
    for status in [429, 503] {
        let world = World::default().host("a.test", ms(5), move |errand, _| {
            Answer::status(if errand.question % 500 == 0 { status } else { 200 })
        });
        let report = world.ask(addresses("a.test", 2000), Manners::default());
        assert_eq!(report.tally()["Status(200)"], 1996, "{}", report.outcomes());
        assert!(report.time < secs(40), "{status}: {:?}", report.time);
    }
}

#[test]
fn thousands_of_addresses_on_one_good_host_are_asked_as_fast_as_it_answers() {
    let world = World::default().host("a.test", ZERO, |_, _| Answer::status(200));
    let report = world.ask(addresses("a.test", 5500), Manners::default());
    assert_eq!(report.outcomes(), "5500 Status(200)");
    assert_eq!(report.requests(), 5500);
    // No time passes but what the schedule has it wait.
    assert_eq!(report.time, ZERO);

    let world = World::default().host("a.test", ms(100), |_, _| Answer::status(200));
    let report = world.ask(addresses("a.test", 1600), Manners::default());
    // 100 rounds of 16, and two until the window is open.
    assert!(report.time <= ms(10_300), "{:?}", report.time);
    assert_eq!(report.seen["a.test"].most, 16);
}

#[test]
fn thousands_of_hosts_are_asked_as_many_at_a_time_as_may_be() {
    let world = World::default().host("*", ms(100), |_, _| Answer::status(200));
    let report = world.ask((0..10_000).map(|number| format!("https://a{number}.test/")), Manners::default());
    assert_eq!(report.outcomes(), "10000 Status(200)");
    assert_eq!(report.time, ms(15_700), "10,000 in rounds of 64");
}

#[test]
fn hosts_take_turns() {
    let world =
        World::default()
            .host("a.test", ms(10), |_, _| Answer::status(200))
            .host("b.test", ms(10), |_, _| Answer::status(200));
    let manners = Manners { concurrency: 2, ..Manners::default() };
    let report = world.ask(addresses("a.test", 1000).chain(addresses("b.test", 10)), manners);
    assert_eq!(report.seen["b.test"].ends.last(), Some(&ms(100)));
}

#[test]
fn redirects_go_to_their_own_hosts() {
    let world = World::default()
        .host("a.test", ms(10), |errand, _| {
            Answer::redirect(301, &format!("https://b.test{}", errand.url.path()))
        })
        .host("b.test", ms(10), |errand, _| match errand.url.path() {
            "/0" => Answer::redirect(302, "https://a.test/0#again"),
            path => Answer::redirect(302, &format!("//c.test{path}")),
        })
        .host("c.test", ms(10), |_, _| Answer::status(429).retry_after(Some(secs(60))));
    let report = world.ask(addresses("a.test", 50), Manners::default());
    assert_eq!(report.outcomes(), "49 Failed(LeftAlone), 1 Failed(TooManyRedirects)");
    assert_eq!(report.silent(), "c.test: 429 Too Many Requests");
    let reply = &report.asked.replies["https://a.test/9"];
    let hops: Vec<_> = reply.hops.iter().map(|hop| (hop.status, hop.to.as_str())).collect();
    assert_eq!(hops, [(301, "https://b.test/9"), (302, "https://c.test/9")]);
}

#[test]
fn the_interval_lies_between_any_two_requests_to_a_host() {
    let manners = Manners { interval: ms(50), ..Manners::default() };
    let world =
        World::default()
            .host("a.test", ms(120), |_, _| Answer::status(200))
            .host("b.test", ms(1), |_, _| Answer::status(200));
    let report = world.ask(addresses("a.test", 40).chain(addresses("b.test", 40)), manners);
    for (name, seen) in &report.seen {
        let mut starts = seen.starts.clone();
        starts.sort();
        let expected: Vec<_> = (0..40).map(|number| ms(50) * number).collect();
        assert_eq!(starts, expected, "{name}");
    }
}

#[test]
fn what_holds_for_a_host_holds_for_all_its_addresses() {
    let world = World::default()
        .host("gone.test", ms(10), |_, _| Answer::failed(Failure::NoSuchHost, ZERO))
        .host("false.test", ms(10), |errand, _| match errand.url.scheme() {
            "https" => Answer::failed(Failure::Tls("expired".to_owned()), ZERO),
            _ => Answer::status(200),
        });
    let all = addresses("gone.test", 100).chain(addresses("false.test", 100));
    let report = world.ask(all.chain(["http://false.test/".to_owned()]), Manners::default());
    assert_eq!(report.outcomes(), "100 Failed(NoSuchHost), 100 Failed(Tls(\"expired\")), 1 Status(200)");
    assert_eq!(report.silent(), "");
    assert!(report.requests() <= 9, "{}", report.requests());
    assert_eq!((report.counts.done, report.counts.dead, report.counts.unverified), (201, 200, 0));
}

#[test]
fn a_stop_ends_it_at_once_with_what_is_known() {
    let world = World::default().host("a.test", ms(100), |_, _| Answer::status(200)).host(
        "hangs.test",
        ZERO,
        |_, _| Answer::failed(Failure::TimeOut(Phase::FirstByte), secs(30)),
    );
    let all = addresses("a.test", 1000).chain(addresses("hangs.test", 10));
    let report = world.ask_until(all, Manners::default(), Some(ms(450)));
    assert_eq!(report.time, ms(450));
    assert_eq!(report.outcomes(), "44 Status(200)", "4, 8, 16 and 16");
    let counts = report.counts;
    assert_eq!((counts.total, counts.done, counts.requests), (1010, 44, 64));
    assert_eq!(counts.slowest.unwrap(), ("a.test".to_owned(), ms(100)));
}

/// Panics at one address, and never comes back from another.
struct Careless;

impl Courier for Careless {
    async fn carry(&self, errand: &Errand) -> Landing {
        match errand.question {
            0 => panic!("on purpose, in a test"),
            1 => std::future::pending().await,
            _ => {
                let result = Ok(Head { status: 200, ..Head::default() });
                Landing { result, time: ZERO, hints: PaceHints::default() }
            }
        }
    }
}

#[test]
fn a_request_that_panics_or_never_lands_is_no_end_of_the_run() {
    let questions: Vec<_> = addresses("a.test", 100).map(|address| question(&address)).collect();
    let policy = Policy { manners: Manners { retries: 1, ..Manners::default() }, ..Policy::default() };
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let asked = runtime.block_on(async {
        let schedule = Schedule::new(&questions, &policy, Rng::with_seed(7));
        drive(schedule, &Arc::new(Careless), secs(40), &Arc::default()).await
    });
    let outcome = |number: usize| asked.replies[&*format!("https://a.test/{number}")].outcome.clone();
    assert_eq!(outcome(0), Outcome::Failed(Failure::Protocol("copydesk has a bug here".to_owned())));
    assert_eq!(outcome(1), Outcome::Failed(Failure::TimeOut(Phase::Whole)));
    assert!((2..100).all(|number| outcome(number) == Outcome::Status(200)));
}

/// Answers at once.
struct Ready;

impl Courier for Ready {
    async fn carry(&self, _: &Errand) -> Landing {
        let result = Ok(Head { status: 200, ..Head::default() });
        Landing { result, time: ZERO, hints: PaceHints::default() }
    }
}

#[test]
fn a_run_on_several_threads_asks_all() {
    let questions: Vec<_> = addresses("a.test", 5500).map(|address| question(&address)).collect();
    let asked = run(&questions, &Policy::default(), Ready, &Arc::default()).unwrap();
    assert_eq!(asked.replies.len(), 5500);
    assert!(asked.replies.values().all(|reply| reply.status() == Some(200) && reply.attempts == 1));
}

#[test]
fn a_run_that_was_stopped_before_it_began_ends_with_nothing() {
    let watch = Arc::new(Watch::default());
    watch.stop();
    let questions: Vec<_> = addresses("a.test", 10).map(|address| question(&address)).collect();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let asked = runtime.block_on(async {
        let policy = Policy::default();
        let schedule = Schedule::new(&questions, &policy, Rng::with_seed(7));
        drive(schedule, &Arc::new(Never), secs(40), &watch).await.replies
    });
    assert!(asked.is_empty());
}

/// Does not answer.
struct Never;

impl Courier for Never {
    async fn carry(&self, _: &Errand) -> Landing {
        std::future::pending().await
    }
}
