//! Plain scalars that readers of YAML 1.1 (Ruby, Python, older JavaScript and Go) and of YAML 1.2 read differently.
//!
//! What each reader makes of them was tried out with `PyYAML`, Psych, js-yaml 3 and 4, npm's yaml and two of Rust.

use serde::Deserialize;

/// How a plain scalar is written that has two meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `yes`, `no`, `on`, `off`: to 1.1 true or false, to 1.2 a text.
    Boolean,
    /// `0123`, `08`: to 1.1 a number in base 8, or a text; to 1.2 one in base 10.
    LeadingZero,
    /// `12:30`: to 1.1 a number in base 60, to 1.2 a text.
    #[serde(rename = "base-60")]
    Base60,
    /// `1_000`: to 1.1 a number, to 1.2 a text; `1,000` is a number to Ruby alone.
    Separator,
    /// `0b101`: to 1.1 a number, to 1.2 a text.
    Binary,
    /// `0o14`: to 1.1 a text, to 1.2 a number.
    Octal,
    /// `1e3`: to 1.1, which wants a point and a sign, a text; to 1.2 a number.
    Exponent,
    /// A whole number beyond 2⁵³: JavaScript rounds it.
    Large,
    /// `1.10`: the number 1.1 to all, and Ruby shows `1.0` where JavaScript shows `1`.
    TrailingZero,
    /// `2026-03-01`: to 1.1 a date, to 1.2 a text.
    Date,
}

/// Longer texts are none of the forms.
const LONGEST: usize = 40;

impl Form {
    /// Whether one of the forms may begin with this byte.
    #[must_use]
    pub fn may_begin(byte: u8) -> bool {
        matches!(byte, b'y' | b'Y' | b'n' | b'N' | b'o' | b'O' | b'0'..=b'9' | b'+' | b'-')
    }

    /// The form of a scalar that stands without quotes; `None` where all read it alike.
    #[must_use]
    pub fn of(scalar: &str) -> Option<Self> {
        match scalar.as_bytes() {
            [b'y' | b'Y' | b'n' | b'N' | b'o' | b'O', rest @ ..] if rest.len() < 3 => {
                const WORDS: [&str; 12] =
                    ["yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"];
                WORDS.contains(&scalar).then_some(Self::Boolean)
            }
            [b'0'..=b'9' | b'+' | b'-', ..] if scalar.len() <= LONGEST => number(scalar),
            _ => None,
        }
    }
}

fn number(scalar: &str) -> Option<Form> {
    let digits = scalar.strip_prefix(['+', '-']).unwrap_or(scalar);
    if are_digits(digits) {
        return integer(digits);
    }
    if !digits.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    if let Some((whole, parts)) = digits.split_once(':')
        && are_digits(whole)
    {
        let is_part = |part: &str| are_digits(part) && (part.len() == 1 || (part.len() == 2 && part < "6"));
        return parts.split(':').all(is_part).then_some(Form::Base60);
    }
    if let Some(rest) = digits.strip_prefix("0b") {
        return (!rest.is_empty() && rest.bytes().all(|byte| matches!(byte, b'0' | b'1')))
            .then_some(Form::Binary);
    }
    if let Some(rest) = digits.strip_prefix("0o") {
        return (!rest.is_empty() && rest.bytes().all(|byte| matches!(byte, b'0'..=b'7')))
            .then_some(Form::Octal);
    }
    if let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let is_number = are_digits(&mantissa.replacen('.', "", 1)) && are_digits(unsigned);
        let is_same = mantissa.contains('.') && unsigned.len() < exponent.len();
        return (is_number && !is_same).then_some(Form::Exponent);
    }
    if digits.contains(['_', ',']) {
        let is_number = digits.split(['_', ',']).all(are_digits) && !digits.starts_with('0');
        return is_number.then_some(Form::Separator);
    }
    if let Some((whole, fraction)) = digits.split_once('.') {
        let is_number = are_digits(whole) && are_digits(fraction) && digits.len() == scalar.len();
        return (is_number && fraction.ends_with('0')).then_some(Form::TrailingZero);
    }
    is_date(digits).then_some(Form::Date)
}

fn integer(digits: &str) -> Option<Form> {
    let significant = digits.trim_start_matches('0');
    if significant.len() < digits.len() && digits.len() > 1 {
        // 0 to 7 are the same in both bases.
        return (significant.len() > 1 || significant > "7").then_some(Form::LeadingZero);
    }
    digits.parse::<u64>().map_or(true, |value| value > 1 << 53).then_some(Form::Large)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2026-03-01`, alone or with a time behind it.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_time = |byte: u8| byte.is_ascii_digit() || b":.Z+- ".contains(&byte);
    [year, month, day].into_iter().all(are_digits)
        && (year.len(), month.len().max(day.len()) <= 2) == (4, true)
        && time.len() >= 5
        && time.bytes().all(is_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_two_meanings_is_told_from_what_has_one() {
        let cases = [
            (Some(Form::Boolean), "no Yes OFF on"),
            (Some(Form::LeadingZero), "0123 08 09 010 00123 -012"),
            (Some(Form::Base60), "12:30 1:30:45 16:9 08:30 190:20:30"),
            (Some(Form::Separator), "1_000 1,000 2026_05"),
            (Some(Form::Binary), "0b101"),
            (Some(Form::Octal), "0o14"),
            (Some(Form::Exponent), "1e3 12e4567 1.5e3 1e+3"),
            (Some(Form::Large), "12345678901234567 123456789012345678901234"),
            (Some(Form::TrailingZero), "1.10 1.0 2.00"),
            (Some(Form::Date), "2026-03-01 2026-3-1 2026-03-01T10:00:00Z"),
            (
                None,
                "nO y n yep none often 0 7 007 00 12 -5 +12 0x1F 1.5 0.1.2 1.5e+3 12:60 12:3a 1__0 ~ true null",
            ),
            (
                None,
                "1- - + 2026-03 2026-03-01-doors 10-minute 9007199254740992 3D 1st :30 12: -.5 .50 -1.10 v1.10",
            ),
        ];
        for (expected, scalars) in cases {
            for scalar in scalars.split(' ') {
                assert_eq!(Form::of(scalar), expected, "{scalar}");
                assert!(expected.is_none() || Form::may_begin(scalar.as_bytes()[0]), "{scalar}");
            }
        }
        assert_eq!(Form::of("2026-03-01 10:00:00 +0200"), Some(Form::Date));
    }
}
