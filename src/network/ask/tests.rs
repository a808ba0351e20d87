//! The driver and the schedule against simulated hosts: whether every verdict is right, how long it takes, and how often a
//! host has to say no.

mod world;

use std::time::Duration;

use fastrand::Rng;

use crate::web::{Failure, Manners, Phase};

use self::world::{Answer, Limit, Limiter, World, addresses, in_seconds};

const ZERO: Duration = Duration::ZERO;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Asks a host that allows 50 requests a second 2,000 addresses, one in ten of them dead.
fn ask_limited(name: &str, limit: fn() -> Limit, status: u16, says_when: bool, round_trip: Duration) -> bool {
    let mut limiter = Limiter::new(limit());
    let burst = match limit() {
        Limit::Fixed { per, .. } | Limit::Sliding { per } => per as f64,
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
    let refused = report.seen["a.test"].refused as f64 / report.requests() as f64;
    let line = format!("{name}, {status}, Retry-After {says_when}, {round_trip:?}");
    let is_right = report.outcomes() == "1800 Status(200), 200 Status(404)";
    let verdicts = if is_right { "all right".to_owned() } else { report.outcomes() };
    println!("{line}: {:.1} % of the pace, {:.1} % refused, {verdicts}", pace * 100.0, refused * 100.0);
    is_right && pace >= 0.8 && refused < 0.05
}

#[test]
fn a_host_that_counts_requests_is_asked_at_its_pace() {
    let limits: [(&str, fn() -> Limit); 4] = [
        ("fixed window", || Limit::Fixed { per: 50, length: secs(1) }),
        ("sliding window", || Limit::Sliding { per: 50 }),
        ("bucket of 10", || Limit::Bucket { rate: 50.0, burst: 10.0 }),
        ("bucket of 50", || Limit::Bucket { rate: 50.0, burst: 50.0 }),
    ];
    let mut is_right = true;
    for (name, limit) in limits {
        for round_trip in [ms(1), ms(80)] {
            for says_when in [false, true] {
                is_right &= ask_limited(name, limit, 429, says_when, round_trip);
            }
            // As nginx does with `limit_req`.
            is_right &= ask_limited(name, limit, 503, false, round_trip);
        }
    }
    assert!(is_right, "see the lines above");
}
