//! What day it is, and on which other days whoever asked would have been told the same.

use std::cell::Cell;

use jiff::Span;
use jiff::civil::Date;

/// The day that is so many days later, or earlier; at the end of the calendar, its last.
#[must_use]
pub fn later(day: Date, days: i64) -> Date {
    match Span::new().try_days(days) {
        Ok(span) => day.saturating_add(span),
        Err(_) => {
            if days < 0 {
                Date::MIN
            } else {
                Date::MAX
            }
        }
    }
}

/// Days in a row, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: Date,
    /// The last.
    pub last: Date,
}

impl Default for Days {
    /// Every day.
    fn default() -> Self {
        Self { first: Date::MIN, last: Date::MAX }
    }
}

impl Days {
    /// Whether this is one of them.
    #[must_use]
    pub fn has(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    fn and(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }
}

/// What day it is. It notes what it is asked, so that nobody who looks at it can forget that what he found holds on some
/// days only: see [`Clock::days`].
#[derive(Clone, Debug)]
pub struct Clock {
    today: Date,
    days: Cell<Days>,
}

impl Clock {
    /// A clock that nobody has asked yet.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self { today, days: Cell::default() }
    }

    /// What day it is: whoever asks this found what is true today and on no other day. Where [`Self::is_past`] is enough,
    /// what is found stays true for longer.
    #[must_use]
    pub fn today(&self) -> Date {
        self.note(Days { first: self.today, last: self.today });
        self.today
    }

    /// Whether this day is over.
    #[must_use]
    pub fn is_past(&self, day: Date) -> bool {
        let is_past = day < self.today;
        let every = Days::default();
        self.note(match (is_past, day.tomorrow()) {
            (true, Ok(next)) => Days { first: next, ..every },
            (true, Err(_)) => every,
            (false, _) => Days { last: day, ..every },
        });
        is_past
    }

    /// The days on which it would have given the same answers to all that it was asked so far.
    #[must_use]
    pub fn days(&self) -> Days {
        self.days.get()
    }

    fn note(&self, days: Days) {
        self.days.set(self.days.get().and(days));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_was_found_without_the_clock_holds_on_every_day() {
        assert_eq!(Clock::new(date(2026, 6, 1)).days(), Days::default());
        assert!(Days::default().has(Date::MIN) && Days::default().has(Date::MAX));
    }

    #[test]
    fn on_all_days_it_names_and_on_no_other_it_gives_the_same_answers() {
        let asked = [date(2026, 5, 20), date(2026, 6, 10), date(2026, 5, 28)];
        let answers = |clock: &Clock| asked.map(|day| clock.is_past(day));
        let clock = Clock::new(date(2026, 6, 1));
        let (told, days) = (answers(&clock), clock.days());
        assert_eq!(days, Days { first: date(2026, 5, 29), last: date(2026, 6, 10) });
        for day in (0..60).map(|days| later(date(2026, 5, 1), days)) {
            assert_eq!(answers(&Clock::new(day)) == told, days.has(day), "{day}");
        }
    }

    #[test]
    fn whoever_wants_the_day_itself_is_told_for_that_day() {
        let clock = Clock::new(date(2026, 6, 1));
        assert!(!clock.is_past(date(2026, 6, 1)));
        assert_eq!(clock.today(), date(2026, 6, 1));
        assert_eq!(clock.days(), Days { first: date(2026, 6, 1), last: date(2026, 6, 1) });
        assert_eq!((later(Date::MAX, i64::MAX), later(Date::MIN, i64::MIN)), (Date::MAX, Date::MIN));
        assert!(!clock.is_past(Date::MAX) && Clock::new(Date::MAX).is_past(Date::MIN));
    }
}
