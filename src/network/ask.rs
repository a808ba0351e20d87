//! The driver: sends what the schedule says, and tells it what landed.

use std::future::Future;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::{self, Instant};

use crate::web::{Failure, Phase, Policy, Question};

use super::Asked;
use super::errand::{Errand, Landing, PaceHints};
use super::schedule::{Next, Schedule};
use super::watch::Watch;

/// How often those who look on are told how far it is.
const GLANCE: Duration = Duration::from_millis(100);

/// Requests wait far more than they compute.
const MOST_WORKERS: usize = 4;

/// How much longer than its time-outs say a request may take, look-up and all, before it is taken for lost.
const GRACE: Duration = Duration::from_secs(5);

/// Sends one request and waits for what comes of it.
pub(super) trait Courier: Send + Sync + 'static {
    /// What came of it, within the time-outs of the policy.
    fn carry(&self, errand: &Errand) -> impl Future<Output = Landing> + Send;
}

/// Asks on threads of its own until all is known or the watch is stopped.
///
/// # Errors
/// Why the system gives it none.
pub(super) fn run(
    questions: &[Question],
    policy: &Policy,
    courier: impl Courier,
    watch: &Arc<Watch>,
) -> Result<Asked, String> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS);
    let runtime = Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(|error| format!("the network cannot be asked: {error}"))?;
    let schedule = Schedule::new(questions, policy, Rng::new());
    let limit = policy.time_outs.whole.saturating_add(GRACE);
    let asked = runtime.block_on(drive(schedule, &Arc::new(courier), limit, watch));
    // What is still away, as a look-up that hangs, holds up nobody.
    runtime.shutdown_background();
    Ok(asked)
}

/// Asks until all is known or the watch is stopped. A request that is still away after `limit` counts as timed out, whatever
/// became of it.
async fn drive<C: Courier>(
    mut schedule: Schedule<'_>,
    courier: &Arc<C>,
    limit: Duration,
    watch: &Arc<Watch>,
) -> Asked {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let stop = tokio::spawn(wait_for_stop(Arc::clone(watch), sender.clone()));
    let mut glance = Instant::now();
    'asking: loop {
        let now = Instant::now();
        let wake = loop {
            match schedule.next(now.into_std()) {
                Next::Send(errand) => {
                    let trip = Trip { errand: Some(errand), sender: sender.clone() };
                    tokio::spawn(trip.run(Arc::clone(courier), limit));
                }
                Next::WaitUntil(at) => break Some(Instant::from_std(at)),
                Next::Wait => break None,
                Next::Finished => break 'asking,
            }
        };
        if now >= glance {
            watch.update(|counts| *counts = schedule.counts(now.into_std()));
            glance = now + GLANCE;
        }
        let until = wake.map_or(glance, |wake| wake.min(glance));
        let Ok(event) = time::timeout_at(until, receiver.recv()).await else { continue };
        let mut event = event;
        while let Some(Event::Landed(errand, landing)) = event {
            schedule.landed(errand, landing, Instant::now().into_std());
            event = receiver.try_recv().ok();
        }
        if let Some(Event::Stopped) = event {
            break;
        }
    }
    stop.abort();
    watch.update(|counts| *counts = schedule.counts(Instant::now().into_std()));
    schedule.into_asked()
}

/// What the driver waits for.
#[expect(clippy::large_enum_variant, reason = "all but one are landings")]
enum Event {
    Landed(Errand, Landing),
    Stopped,
}

async fn wait_for_stop(watch: Arc<Watch>, sender: UnboundedSender<Event>) {
    watch.stopped().await;
    // Nobody listens when all is known already.
    let _ = sender.send(Event::Stopped);
}

/// A request on its way. It lands in any case: where it panics, the schedule would wait for it for ever.
struct Trip {
    errand: Option<Errand>,
    sender: UnboundedSender<Event>,
}

impl Trip {
    async fn run<C: Courier>(mut self, courier: Arc<C>, limit: Duration) {
        let Some(errand) = &self.errand else { return };
        let landing = time::timeout(limit, courier.carry(errand)).await;
        self.land(landing.unwrap_or_else(|_| failed(Failure::TimeOut(Phase::Whole), limit)));
    }

    fn land(&mut self, landing: Landing) {
        if let Some(errand) = self.errand.take() {
            // Nobody listens after a stop.
            let _ = self.sender.send(Event::Landed(errand, landing));
        }
    }
}

impl Drop for Trip {
    fn drop(&mut self) {
        self.land(failed(Failure::Protocol("copydesk has a bug here".to_owned()), Duration::ZERO));
    }
}

fn failed(failure: Failure, time: Duration) -> Landing {
    Landing { result: Err(failure), time, hints: PaceHints::default() }
}

#[cfg(test)]
mod tests;
