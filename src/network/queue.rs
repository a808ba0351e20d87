//! What waits for one host, and in which order it goes.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use super::errand::Errand;

/// An errand that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) errand: Errand,
    /// How often the host refused it.
    pub(super) refusals: u32,
    /// Whether it was sent before.
    pub(super) is_again: bool,
}

/// What waits for one host.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// In order.
    fresh: VecDeque<Waiting>,
    /// What the host refused. It goes after all others: if it is the address that is refused and not the host, it holds up
    /// none of them.
    refused: VecDeque<Waiting>,
    /// What is tried again at a moment, with the question to tell two of one moment apart.
    later: BTreeMap<(Instant, usize), Waiting>,
}

impl Queue {
    /// Waits for its turn.
    pub(super) fn push(&mut self, waiting: Waiting) {
        self.fresh.push_back(waiting);
    }

    /// Is the next one.
    pub(super) fn push_first(&mut self, waiting: Waiting) {
        self.fresh.push_front(waiting);
    }

    /// Waits for all others.
    pub(super) fn push_refused(&mut self, waiting: Waiting) {
        self.refused.push_back(waiting);
    }

    /// Waits until a moment.
    pub(super) fn push_later(&mut self, waiting: Waiting, due: Instant) {
        self.later.insert((due, waiting.errand.question), waiting);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.refused.is_empty() && self.later.is_empty()
    }

    /// When the next one may go at the earliest; `None` for at once, or where none waits.
    pub(super) fn due(&self) -> Option<Instant> {
        let is_waiting = self.fresh.is_empty() && self.refused.is_empty();
        self.later.keys().next().filter(|_| is_waiting).map(|&(due, _)| due)
    }

    /// Takes the next one: what failed before, when its moment has come, then the others in order. Of a host that fails it is
    /// those at the other end that go first: where all of one folder fail, the host may not.
    pub(super) fn take(&mut self, now: Instant, is_failing: bool) -> Option<Waiting> {
        let other = if is_failing { self.fresh.pop_back() } else { None };
        other
            .or_else(|| self.take_due(now))
            .or_else(|| self.fresh.pop_front())
            .or_else(|| self.refused.pop_front())
    }

    /// All of them.
    pub(super) fn into_all(self) -> impl Iterator<Item = Waiting> {
        self.fresh.into_iter().chain(self.refused).chain(self.later.into_values())
    }

    fn take_due(&mut self, now: Instant) -> Option<Waiting> {
        let &(due, _) = self.later.keys().next()?;
        if due > now {
            return None;
        }
        self.later.pop_first().map(|(_, waiting)| waiting)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use crate::network::errand::Method;
    use crate::web::Depth;

    use super::*;

    fn waiting(question: usize) -> Waiting {
        let url = Url::parse("https://a.test/").unwrap();
        let (method, depth) = (Method::Get, Depth::Type);
        let errand = Errand { question, url, method, depth, hops: Vec::new(), attempts: 0, retries: 0 };
        Waiting { errand, refusals: 0, is_again: false }
    }

    #[test]
    fn what_is_due_goes_first_and_what_was_refused_last() {
        let now = Instant::now();
        let due = now + Duration::from_secs(1);
        let mut queue = Queue::default();
        queue.push_refused(waiting(1));
        queue.push_later(waiting(2), due);
        queue.push_later(waiting(3), due);
        for question in 4..8 {
            queue.push(waiting(question));
        }
        queue.push_first(waiting(8));
        let mut next = |at, is_failing| queue.take(at, is_failing).map(|waiting| waiting.errand.question);
        assert_eq!([next(now, false), next(now, true), next(due, true)], [Some(8), Some(7), Some(6)]);
        assert_eq!([next(due, false), next(due, false), next(due, false)], [Some(2), Some(3), Some(4)]);
        assert_eq!([next(due, true), next(due, true), next(due, true)], [Some(5), Some(1), None]);
        queue.push_later(waiting(9), due);
        assert_eq!((queue.due(), queue.is_empty()), (Some(due), false));
        assert!(queue.take(now, true).is_none());
        queue.push_refused(waiting(10));
        assert_eq!(queue.due(), None);
        assert_eq!(queue.into_all().count(), 2);
    }
}
