//! The types of plain scalars by YAML 1.2's core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>).

use serde_json::Number;

use crate::data::Value;

/// What a plain scalar means. Integers beyond 64 bits become floats; `.inf` and `.nan`, which JSON lacks, stay
/// text, as does everything that only YAML 1.1 types: `yes`, `0b1`, `1_000`, `12:30`, dates.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return Value::String(text.to_owned());
    }
    number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let all_digits = digits.chars().all(|digit| digit.is_digit(radix));
            return all_digits.then(|| u64::from_str_radix(digits, radix).ok())?.map(Number::from);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(integer) = text.strip_prefix('+').unwrap_or(text).parse::<i64>() {
            return Some(integer.into());
        }
    } else if !is_float(unsigned) {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, the core schema's float without its sign.
fn is_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let places = digits(fraction);
        if whole + places == 0 {
            return false;
        }
        rest = &fraction[places..];
    } else if whole == 0 {
        return false;
    }
    match rest.strip_prefix(['e', 'E']) {
        None => rest.is_empty(),
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
    }
}

/// Whether every reader of YAML takes this for a text without quotes, wherever it stands. Of some that would do without,
/// it is not said.
pub(crate) fn needs_no_quotes(text: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan"];
    let is_safe = |letter: char| letter.is_alphanumeric() || " -_/&+.()'".contains(letter);
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(is_safe)
        && !WORDS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let cases = [
            ("~", json!(null)),
            ("TRUE", json!(true)),
            ("tRUE", json!("tRUE")),
            ("yes", json!("yes")),
            ("012", json!(12)),
            ("0o14", json!(12)),
            ("0x1F", json!(31)),
            ("0x", json!("0x")),
            ("0x+1", json!("0x+1")),
            ("0b1", json!("0b1")),
            ("1_000", json!("1_000")),
            ("+12", json!(12)),
            ("-12", json!(-12)),
            ("+-12", json!("+-12")),
            ("-", json!("-")),
            (".", json!(".")),
            ("1.", json!(1.0)),
            ("-.5", json!(-0.5)),
            ("1e3", json!(1000.0)),
            ("1e", json!("1e")),
            ("1e400", json!("1e400")),
            ("12345678901234567890", json!(1.234_567_890_123_456_8e19)),
            (".inf", json!(".inf")),
            ("0.1.2", json!("0.1.2")),
            ("12:30", json!("12:30")),
            ("2025-03-24", json!("2025-03-24")),
        ];
        for (text, expected) in cases {
            let span = crate::text::Span::empty(0);
            let found = crate::data::Node { span, value: resolve(text) }.to_json();
            assert_eq!(found, expected, "{text}");
        }
    }
}
