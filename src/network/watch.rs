//! How far asking is, for others to look at while it goes on, and the way to stop it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// How far asking is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many addresses are to be asked.
    pub total: usize,
    /// How many have answered, or will not.
    pub done: usize,
    /// How many of these are dead.
    pub dead: usize,
    /// How many of these are unverified.
    pub unverified: usize,
    /// How many requests were sent.
    pub requests: usize,
    /// How many of these were sent again after a failure.
    pub retries: usize,
    /// The host that is slowest to answer, with the mean time of its answers; or that has us wait, and how long still.
    pub slowest: Option<(String, Duration)>,
}

/// Shared by those who ask and those who look on.
#[derive(Debug, Default)]
pub struct Watch {
    counts: Mutex<Counts>,
    is_stopped: AtomicBool,
    is_over: AtomicBool,
    stop: Notify,
}

impl Watch {
    /// How far it is.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has asking end at once, with what is known so far.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        self.stop.notify_one();
    }

    /// Whether it was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    /// Whether asking has ended, so that there is nothing to stop any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Says that asking has ended.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Ends when it is stopped. For one waiter.
    pub(super) async fn stopped(&self) {
        while !self.is_stopped() {
            self.stop.notified().await;
        }
    }

    /// Changes the counts.
    pub(super) fn update(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
