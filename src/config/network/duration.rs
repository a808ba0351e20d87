//! Lengths of time as a config writes them: `500ms`, `25s`, `2m`, `1h`, `7d`.

use std::time::Duration;

/// The units with their milliseconds, the longest first.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A whole number and a unit, with nothing between them; `None` for anything else, and for what is too long to count.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit())?);
    let (_, millis) = UNITS.into_iter().find(|(known, _)| *known == unit)?;
    Some(Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(millis)?))
}

/// The length in the longest unit that it is a whole number of; no time is `0ms`.
pub(super) fn write(duration: Duration) -> String {
    let length = duration.as_millis();
    let fits = |(_, millis): &(&str, u64)| length > 0 && length.is_multiple_of(u128::from(*millis));
    let (unit, millis) = UNITS.into_iter().find(fits).unwrap_or(("ms", 1));
    format!("{}{unit}", length / u128::from(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written() {
        let cases = [("0ms", 0), ("500ms", 500), ("25s", 25_000), ("2m", 120_000), ("36h", 129_600_000)];
        for (text, millis) in cases {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
            assert_eq!(write(Duration::from_millis(millis)), text);
        }
        assert_eq!(parse("60s").map(write).as_deref(), Some("1m"));
        for text in
            ["", "25", "s", "25 s", "-1s", "1.5s", "1m30s", "25S", "9999999999999999999d", "999999999999999d"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
