//! What the head of an answer says of the pace that the server wants.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::errand::PaceHints;

/// The longest wait that is understood; more is that. Nobody waits so long, so it only keeps numbers in bounds.
const MAX_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Seconds that are more than this are counted from 1970 instead of from now, and from [`EPOCH_IN_MILLISECONDS`] on they
/// are milliseconds: the first is 2001, and 31 years of waiting.
const EPOCH: f64 = 1e9;
const EPOCH_IN_MILLISECONDS: f64 = 1e11;

/// Reads `Retry-After` and the headers of rate limits: `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10, and the
/// form of its seventh), `RateLimit-Remaining`, `X-RateLimit-Remaining` and `-Reset`. What cannot be read says nothing.
///
/// Times of day are read against the `Date` of the answer, since the clock here may be wrong, and else against `now`.
pub(super) fn read(headers: &HeaderMap, now: SystemTime) -> PaceHints {
    let now =
        text(headers, DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    let retry_after = text(headers, RETRY_AFTER.as_str()).and_then(|value| {
        let date = || httpdate::parse_http_date(value).ok();
        seconds(value).or_else(|| Some(date()?.duration_since(now).unwrap_or_default().min(MAX_WAIT)))
    });
    let (remaining, reset) = text(headers, "ratelimit").and_then(rate_limit).unwrap_or_else(|| {
        let first = |part: &str| {
            ["ratelimit", "x-ratelimit", "x-rate-limit"]
                .iter()
                .find_map(|prefix| text(headers, &format!("{prefix}-{part}")))
        };
        (first("remaining").and_then(count), first("reset").and_then(|value| reset(value, now)))
    });
    PaceHints { retry_after, remaining, reset }
}

fn text<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Seconds to wait, perhaps with a fraction, which the standards do not have and some servers send.
fn seconds(text: &str) -> Option<Duration> {
    let is_number = text.starts_with(|letter: char| letter.is_ascii_digit());
    let seconds: f64 = if is_number { text.parse().ok()? } else { return None };
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(MAX_WAIT).min(MAX_WAIT))
}

fn count(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// A time to wait until, in seconds from now or as a time of day.
fn reset(text: &str, now: SystemTime) -> Option<Duration> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    if value < EPOCH {
        return seconds(text);
    }
    let since_epoch = if value < EPOCH_IN_MILLISECONDS { value } else { value / 1000.0 };
    let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let until = Duration::try_from_secs_f64(since_epoch).unwrap_or(Duration::MAX);
    Some(until.saturating_sub(now).min(MAX_WAIT))
}

/// What is left and until when, of the limit that leaves least: `"burst";r=5;t=1, "day";r=900;t=3600`, or in the earlier
/// form `limit=10, remaining=5, reset=1`.
fn rate_limit(text: &str) -> Option<(Option<u64>, Option<Duration>)> {
    let mut tightest: Option<(u64, Option<Duration>)> = None;
    let mut earlier = (None, None);
    for limit in text.split(',') {
        let (mut left, mut until) = (None, None);
        for (key, value) in limit.split(';').filter_map(|part| part.split_once('=')) {
            let value = value.trim();
            match key.trim() {
                "r" => left = count(value),
                "t" => until = seconds(value),
                "remaining" => earlier.0 = count(value),
                "reset" => earlier.1 = seconds(value),
                _ => {}
            }
        }
        if let Some(left) = left
            && tightest.is_none_or(|(least, _)| left < least)
        {
            tightest = Some((left, until));
        }
    }
    match tightest {
        Some((left, until)) => Some((Some(left), until)),
        None => earlier.0.map(|left| (Some(left), earlier.1)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
    fn then() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
    }

    fn told(lines: &[(&str, &str)]) -> PaceHints {
        let parse = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        read(&lines.iter().map(parse).collect(), then())
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let cases = [
            ("120", Some(120.0)),
            (" 0 ", Some(0.0)),
            ("1.5", Some(1.5)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30.0)),
            ("Sunday, 06-Nov-94 08:50:07 GMT", Some(30.0)),
            ("Sun Nov  6 08:50:07 1994", Some(30.0)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0.0)),
            ("Sun, 06 Nov 9994 08:00:00 GMT", Some(86400.0)),
            ("99999999999999999999999999", Some(86400.0)),
            ("1e400", Some(86400.0)),
            ("-1", None),
            ("soon", None),
            ("nan", None),
            ("inf", None),
            ("", None),
        ];
        for (value, seconds) in cases {
            let told = told(&[("retry-after", value)]);
            assert_eq!(told.retry_after.map(|wait| wait.as_secs_f64()), seconds, "{value}");
        }
    }

    #[test]
    fn dates_are_read_against_the_clock_of_the_server() {
        let date = ("date", "Sun, 06 Nov 1994 10:00:00 GMT");
        let told = told(&[
            date,
            ("retry-after", "Sun, 06 Nov 1994 10:00:07 GMT"),
            ("x-ratelimit-reset", "784116003"),
        ]);
        assert_eq!(told.retry_after, Some(Duration::from_secs(7)));
        // Less than an epoch that is told from seconds: the year 1994.
        assert_eq!(told.reset, Some(MAX_WAIT));
        let date = ("date", "Mon, 01 Jun 2026 00:00:00 GMT");
        let reset = |value| self::told(&[date, ("x-ratelimit-reset", value)]).reset;
        assert_eq!(reset("1780272030"), Some(Duration::from_secs(30)));
        assert_eq!(reset("1780272030000"), Some(Duration::from_secs(30)));
        assert_eq!(reset("1780271999"), Some(Duration::ZERO));
        assert_eq!(reset("1780272000.5"), Some(Duration::from_millis(500)));
        assert_eq!(reset("1e300"), Some(MAX_WAIT));
    }

    #[test]
    fn rate_limits_come_in_many_forms() {
        type Lines = &'static [(&'static str, &'static str)];
        let cases: [(Lines, Option<u64>, Option<u64>); 11] = [
            (&[("ratelimit-remaining", "5"), ("ratelimit-reset", "30")], Some(5), Some(30)),
            (&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")], Some(0), Some(30)),
            (&[("x-rate-limit-remaining", "7")], Some(7), None),
            (&[("ratelimit", "\"default\";r=50;t=30")], Some(50), Some(30)),
            (&[("ratelimit", "\"day\";r=900;t=3600, \"burst\" ; r=5 ; t=1")], Some(5), Some(1)),
            (&[("ratelimit", "limit=10, remaining=4, reset=9")], Some(4), Some(9)),
            (&[("ratelimit", "\"default\";r=2"), ("ratelimit-remaining", "9")], Some(2), None),
            (&[("ratelimit", "?"), ("ratelimit-remaining", "9")], Some(9), None),
            (&[("ratelimit-remaining", "-1"), ("ratelimit-reset", "nan")], None, None),
            (&[("ratelimit-remaining", "99999999999999999999999")], None, None),
            (&[], None, None),
        ];
        for (lines, remaining, reset) in cases {
            let told = told(lines);
            assert_eq!(
                (told.remaining, told.reset.map(|reset| reset.as_secs())),
                (remaining, reset),
                "{lines:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn hostile_values_stay_in_bounds(value in "[ -~]{0,40}", number in "-?[0-9.e+]{0,30}", date in "[ -~]{0,40}") {
            for text in [&value, &number] {
                let names = ["retry-after", "ratelimit", "ratelimit-remaining", "ratelimit-reset", "x-ratelimit-reset"];
                let mut lines: Vec<_> = names.iter().map(|name| (*name, text.as_str())).collect();
                lines.push(("date", &date));
                let told = told(&lines);
                prop_assert!(told.retry_after.is_none_or(|wait| wait <= MAX_WAIT));
                prop_assert!(told.reset.is_none_or(|wait| wait <= MAX_WAIT));
            }
        }
    }
}
