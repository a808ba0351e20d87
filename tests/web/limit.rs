//! Hosts that take only so many requests.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use hyper::header::{HeaderMap, HeaderValue};

/// How many requests a host takes before it answers 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// All.
    None,
    /// So many a second; the seconds are those of a clock that began with the server.
    Window(u32),
    /// So many a second, and at once what was not used in the second before.
    Bucket(u32),
    /// None at all.
    Nothing,
}

/// What it says of its limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tells {
    /// Only that it is reached.
    #[default]
    Nothing,
    /// `Retry-After` with each 429, in whole seconds as there is no other form.
    RetryAfter,
    /// How many more requests it takes, and in how many seconds it begins to count anew, with each answer.
    Remaining,
}

/// A limit, and how far it is used.
#[derive(Debug)]
pub(super) struct Meter {
    limit: Limit,
    tells: Tells,
    began: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The second that is counted in.
    second: u64,
    /// How many requests are taken still.
    left: f64,
    at: Instant,
}

impl Meter {
    pub(super) fn new(limit: Limit, tells: Tells) -> Self {
        let left = match limit {
            Limit::Window(rate) | Limit::Bucket(rate) => f64::from(rate),
            Limit::None | Limit::Nothing => 0.0,
        };
        let now = Instant::now();
        Self { limit, tells, began: now, state: Mutex::new(State { second: 0, left, at: now }) }
    }

    /// Whether one more request is taken, and the headers that say how many more would be.
    pub(super) fn take(&self) -> (bool, HeaderMap) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match self.limit {
            Limit::None => return (true, HeaderMap::new()),
            Limit::Nothing => {}
            Limit::Window(rate) => {
                let second = (now - self.began).as_secs();
                if second > state.second {
                    (state.second, state.left) = (second, f64::from(rate));
                }
            }
            Limit::Bucket(rate) => {
                let rate = f64::from(rate);
                state.left = rate.min(state.left + (now - state.at).as_secs_f64() * rate);
                state.at = now;
            }
        }
        let is_taken = state.left >= 1.0;
        if is_taken {
            state.left -= 1.0;
        }
        let mut headers = HeaderMap::new();
        match self.tells {
            Tells::RetryAfter if !is_taken => {
                headers.insert("retry-after", HeaderValue::from_static("1"));
            }
            Tells::Remaining => {
                let left = format!("{:.0}", state.left.floor());
                headers.insert("x-ratelimit-remaining", left.parse().expect("digits are a value"));
                headers.insert("x-ratelimit-reset", HeaderValue::from_static("1"));
            }
            Tells::Nothing | Tells::RetryAfter => {}
        }
        (is_taken, headers)
    }
}
