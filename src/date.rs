//! Dates as front matter has them: which day and time a text means, how it is written, and why it is none.

mod clock;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use serde::Deserialize;

pub use clock::{Clock, Days, later};

/// A plain day, `2024-01-02`, that is in the calendar.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    match read(text) {
        Reading::Date(Moment { day, time: None, .. }, forms) if forms.is_empty() => Some(day),
        _ => None,
    }
}

/// What a text says as a date.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A day, perhaps with a time; and in which ways its writing differs from ISO 8601's extended format, seconds
    /// included.
    Date(Moment, Vec<Form>),
    /// It is written like a date, but there is no such day or time; and why.
    Impossible(String),
    /// Month and day may be either of its first two numbers, which makes these two days.
    Ambiguous(Date, Date),
    /// Nothing that is read here.
    Unknown,
}

/// A day, and what is known of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day as written, in whatever zone.
    pub day: Date,
    /// The time of that day as written.
    pub time: Option<Time>,
    /// How far the written time is from UTC.
    pub offset: Option<Offset>,
}

impl Moment {
    /// The point in time, where the text says the time and the zone.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        self.offset?.to_timestamp(self.day.to_datetime(self.time?)).ok()
    }

    /// The point in time, unless it is midnight: that is what programs write when they know the day alone.
    #[must_use]
    pub fn known_instant(&self) -> Option<Timestamp> {
        self.instant().filter(|_| self.time != Some(Time::midnight()))
    }

    /// The same in ISO 8601's extended format.
    #[must_use]
    pub fn iso(&self) -> String {
        let time = self.time.map_or_else(String::new, |time| format!("T{time}"));
        let offset = match self.offset {
            Some(Offset::UTC) => "Z".to_owned(),
            Some(offset) => {
                let minutes = offset.seconds().unsigned_abs() / 60;
                let sign = if offset.is_negative() { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            None => String::new(),
        };
        format!("{}{time}{offset}", self.day)
    }
}

/// A way of writing a date that is not ISO 8601's extended format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `2024-01-02 10:00:00 +02:00`: white space in the place of the `T` and before the offset.
    Space,
    /// `+0200`, `+02`, `+2` or `UTC` as an offset.
    ShortOffset,
    /// `10:00`, a time without seconds.
    Minutes,
    /// `2024-1-2`
    Unpadded,
    /// `2024/01/02` or `2024.01.02`
    Slashes,
    /// `20240102`
    Basic,
    /// `January 2, 2024`, `2 Jan 2024`, `2024年1月2日`
    Words,
    /// `01/31/2024`
    MonthFirst,
    /// `31/01/2024`
    DayFirst,
}

/// Whether a text is a date in ISO 8601's extended format, as [`read`] would find out with more work: a day before the
/// 29th, alone or with a time in UTC. `false` does not say that it is none.
pub(crate) fn is_surely_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_form = |part: &[u8], form: &[u8]| {
        part.iter().zip(form).all(|(byte, mark)| match mark {
            b'0' => byte.is_ascii_digit(),
            mark => byte == mark,
        })
    };
    let below = |at: usize, end: &[u8; 2]| bytes[at..at + 2] < end[..];
    let Some((day, time)) = bytes.split_at_checked(10) else { return false };
    let is_day = has_form(day, b"0000-00-00")
        && bytes[5..7] > b"00"[..]
        && below(5, b"13")
        && bytes[8..10] > b"00"[..]
        && below(8, b"29");
    let Some((time, fraction)) = time.split_at_checked(9) else { return is_day && time.is_empty() };
    let is_fraction = match fraction {
        [b'Z'] => true,
        [b'.', digits @ .., b'Z'] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let is_time = has_form(time, b"T00:00:00") && below(11, b"24") && below(14, b"60") && below(17, b"60");
    is_day && is_time && is_fraction
}

/// Reads a text as a date.
#[must_use]
pub fn read(text: &str) -> Reading {
    let mut reader = Reader { rest: text.trim(), forms: Vec::new() };
    match reader.read() {
        Ok(reading) => reading,
        Err(Fault::Impossible(why)) => Reading::Impossible(why),
        Err(Fault::Unknown) => Reading::Unknown,
    }
}

enum Fault {
    Impossible(String),
    Unknown,
}

/// Reads from left to right; `rest` is what has not been read.
struct Reader<'t> {
    rest: &'t str,
    forms: Vec<Form>,
}

impl<'t> Reader<'t> {
    fn read(&mut self) -> Result<Reading, Fault> {
        let first = self.digits();
        let day = match first.len() {
            8 => {
                self.form(Form::Basic);
                calendar(number(&first[..4]), number(&first[4..6]), number(&first[6..]))?
            }
            4 => self.behind_year(first)?,
            1 | 2 => match self.behind_small(first)? {
                Ok(day) => day,
                Err(ambiguous) => return Ok(ambiguous),
            },
            0 => self.month_in_front()?,
            _ => return Err(Fault::Unknown),
        };
        let mut moment = Moment { day, time: None, offset: None };
        if !self.rest.is_empty() {
            self.behind_day(&mut moment)?;
        }
        Ok(Reading::Date(moment, std::mem::take(&mut self.forms)))
    }

    fn behind_year(&mut self, year: &str) -> Result<Date, Fault> {
        let separator = self.character().ok_or(Fault::Unknown)?;
        let month = self.digits();
        let second = self.character().ok_or(Fault::Unknown)?;
        let day = self.digits();
        let lengths = [month.len(), day.len()];
        if !lengths.iter().all(|length| (1..=2).contains(length)) {
            return Err(Fault::Unknown);
        }
        match (separator, second) {
            ('-', '-') if lengths == [2, 2] => {}
            ('-', '-') => self.form(Form::Unpadded),
            ('/', '/') | ('.', '.') => self.form(Form::Slashes),
            ('年', '月') => {
                self.rest = self.rest.strip_prefix('日').ok_or(Fault::Unknown)?;
                self.form(Form::Words);
            }
            _ => return Err(Fault::Unknown),
        }
        calendar(number(year), number(month), number(day))
    }

    /// `01/02/2024`, or `2 January 2024`.
    fn behind_small(&mut self, first: &str) -> Result<Result<Date, Reading>, Fault> {
        let numbers = self.rest;
        if let Some(separator @ ('/' | '.' | '-')) = self.character() {
            let second = self.digits();
            if (1..=2).contains(&second.len()) && self.character() == Some(separator) {
                let year = self.digits();
                return self.small_numbers(number(first), number(second), year);
            }
        }
        self.rest = numbers;
        let day = self.ordinal(first);
        let month = month(self.word()).ok_or(Fault::Unknown)?;
        self.year(month, day).map(Ok)
    }

    fn small_numbers(&mut self, first: i16, second: i16, year: &str) -> Result<Result<Date, Reading>, Fault> {
        if year.len() != 4 {
            return Err(Fault::Unknown);
        }
        let month_first = calendar(number(year), first, second);
        let day_first = calendar(number(year), second, first);
        match (month_first, day_first) {
            (Ok(one), Ok(other)) if one != other => Ok(Err(Reading::Ambiguous(one, other))),
            (Ok(day), _) => {
                self.form(Form::MonthFirst);
                Ok(Ok(day))
            }
            (_, Ok(day)) => {
                self.form(Form::DayFirst);
                Ok(Ok(day))
            }
            (Err(fault), _) => Err(fault),
        }
    }

    /// `January 2, 2024`, or `Tue, 2 Jan 2024`.
    fn month_in_front(&mut self) -> Result<Date, Fault> {
        let mut word = self.word();
        if is_weekday(word) {
            word = self.word();
        }
        if word.is_empty() {
            let day = self.digits();
            let day = self.ordinal(day);
            let month = month(self.word()).ok_or(Fault::Unknown)?;
            return self.year(month, day);
        }
        let month = month(word).ok_or(Fault::Unknown)?;
        self.skip();
        let day = self.digits();
        let day = self.ordinal(day);
        self.year(month, day)
    }

    fn year(&mut self, month: i16, day: i16) -> Result<Date, Fault> {
        self.skip();
        let year = self.digits();
        if year.len() != 4 || day == 0 {
            return Err(Fault::Unknown);
        }
        self.form(Form::Words);
        calendar(number(year), month, day)
    }

    /// The time, and the offset behind it.
    fn behind_day(&mut self, moment: &mut Moment) -> Result<(), Fault> {
        let space = self.rest.trim_start();
        if space.len() < self.rest.len() {
            self.rest = space;
            self.form(Form::Space);
        } else if !matches!(self.character(), Some('T' | 't')) {
            return Err(Fault::Unknown);
        }
        moment.time = Some(self.time()?);
        let space = self.rest.trim_start();
        if space.len() < self.rest.len() {
            self.rest = space;
            self.form(Form::Space);
        }
        if self.rest.is_empty() {
            return Ok(());
        }
        moment.offset = Some(self.offset()?);
        // Go writes the zone's name behind its offset.
        let name = self.rest.trim_start();
        let is_name = name.len() < self.rest.len() && name.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_name {
            self.form(Form::ShortOffset);
        }
        if self.rest.is_empty() || is_name { Ok(()) } else { Err(Fault::Unknown) }
    }

    fn time(&mut self) -> Result<Time, Fault> {
        let first = self.digits();
        let (hour, minute, second) = match first.len() {
            6 => (&first[..2], &first[2..4], &first[4..]),
            4 => (&first[..2], &first[2..], ""),
            1 | 2 => {
                self.rest = self.rest.strip_prefix(':').ok_or(Fault::Unknown)?;
                let minute = self.digits();
                let second = match self.rest.strip_prefix(':') {
                    Some(rest) => {
                        self.rest = rest;
                        self.digits()
                    }
                    None => "",
                };
                if minute.len() != 2 || !matches!(second.len(), 0 | 2) {
                    return Err(Fault::Unknown);
                }
                (first, minute, second)
            }
            _ => return Err(Fault::Unknown),
        };
        if second.is_empty() {
            self.form(Form::Minutes);
        }
        // YAML's own timestamps may have an hour of one digit, and a space before it.
        if first.len() == 1 && !self.forms.contains(&Form::Space) {
            self.form(Form::Unpadded);
        }
        if first.len() > 2 {
            self.form(Form::Basic);
        }
        let nanoseconds = self.fraction(!second.is_empty());
        let (hour, minute, second) = (number(hour), number(minute), number(second));
        if hour > 23 {
            return Err(Fault::Impossible(format!("a day has no hour {hour}")));
        }
        if minute > 59 || second > 60 {
            return Err(Fault::Impossible("an hour has 60 minutes and a minute 60 seconds".to_owned()));
        }
        // A leap second is the last of its minute.
        let small = |value: i16| i8::try_from(value.min(59)).unwrap_or(59);
        Time::new(small(hour), small(minute), small(second), nanoseconds).map_err(|_| Fault::Unknown)
    }

    /// The digits behind the point, as nanoseconds.
    fn fraction(&mut self, is_behind_seconds: bool) -> i32 {
        let Some(rest) = self.rest.strip_prefix(['.', ',']).filter(|_| is_behind_seconds) else { return 0 };
        self.rest = rest;
        let digits = self.digits();
        let digits = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
        digits.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'))
    }

    fn offset(&mut self) -> Result<Offset, Fault> {
        if let Some(rest) = self.rest.strip_prefix(['Z', 'z']) {
            self.rest = rest;
            return Ok(Offset::UTC);
        }
        if let Some(rest) = ["UTC", "GMT"].into_iter().find_map(|name| self.rest.strip_prefix(name)) {
            self.rest = rest;
            self.form(Form::ShortOffset);
            return Ok(Offset::UTC);
        }
        let sign = match self.character() {
            Some('+') => 1,
            Some('-' | '\u{2212}') => -1,
            _ => return Err(Fault::Unknown),
        };
        let first = self.digits();
        let (hours, minutes) = match first.len() {
            1 | 2 => match self.rest.strip_prefix(':') {
                Some(rest) => {
                    self.rest = rest;
                    (first, self.digits())
                }
                None => (first, ""),
            },
            4 => (&first[..2], &first[2..]),
            _ => return Err(Fault::Unknown),
        };
        if minutes.len() != 2 || first.len() != 2 {
            self.form(Form::ShortOffset);
        }
        let (hours, minutes) = (i32::from(number(hours)), i32::from(number(minutes)));
        // UTC-12 and UTC+14 are the last that are in use.
        if hours > 15 || minutes > 59 {
            return Err(Fault::Impossible("no place is so far from UTC".to_owned()));
        }
        Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| Fault::Unknown)
    }

    fn form(&mut self, form: Form) {
        if !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }

    fn character(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }

    fn digits(&mut self) -> &'t str {
        self.take(|byte| byte.is_ascii_digit())
    }

    /// The next word, behind white space and punctuation.
    fn word(&mut self) -> &'t str {
        self.skip();
        self.take(|byte| byte.is_ascii_alphabetic())
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', ',', '.', '-']);
    }

    /// The number of a day, and the letters of `2nd` read over.
    fn ordinal(&mut self, digits: &str) -> i16 {
        let ends = ["st", "nd", "rd", "th"];
        if let Some(rest) = ends.into_iter().find_map(|end| self.rest.strip_prefix(end)) {
            self.rest = rest;
        }
        if digits.len() > 2 { 0 } else { number(digits) }
    }

    fn take(&mut self, is_part: impl Fn(u8) -> bool) -> &'t str {
        let end = self.rest.bytes().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

/// At most four digits; none are zero.
fn number(digits: &str) -> i16 {
    digits.parse().unwrap_or(0)
}

fn calendar(year: i16, month: i16, day: i16) -> Result<Date, Fault> {
    let Some(name) = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)) else {
        return Err(Fault::Impossible(format!("a year has no month {month}")));
    };
    let small = |value: i16| i8::try_from(value).map_err(|_| Fault::Unknown);
    let first = Date::new(year, small(month)?, 1).map_err(|_| Fault::Unknown)?;
    let days = first.days_in_month();
    if day < 1 || day > i16::from(days) {
        return Err(Fault::Impossible(format!("{name} {year} has {days} days")));
    }
    Date::new(year, first.month(), small(day)?).map_err(|_| Fault::Unknown)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The number of an English month, in full or by its first letters.
fn month(word: &str) -> Option<i16> {
    let at = MONTHS.iter().position(|name| is_short(word, name))?;
    i16::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|name| is_short(word, name))
}

fn is_short(word: &str, name: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
