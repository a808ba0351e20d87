//! What may be sent as a header.

use super::address::Wrong;

/// The headers that the program writes by itself, in small letters: with others, servers would misunderstand requests
/// (HTTP/2 forbids some of them, RFC 9113, 8.2.2), or we their answers.
const OWN: [&str; 11] = [
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is wrong with the name of a header.
pub(super) fn name_problem(name: &str) -> Option<Wrong> {
    // RFC 9110, 5.6.2: a token.
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    if name.is_empty() || !name.chars().all(is_token) {
        return Some(Wrong::new(
            "is no name of a header",
            "write letters, digits and hyphens, as in `X-Token`",
        ));
    }
    OWN.contains(&name.to_ascii_lowercase().as_str())
        .then(|| Wrong::new("is a header that copydesk writes by itself", "take it out"))
}

/// What is wrong with a part of the value of a header, without a word of it: control characters would end it, and begin
/// another (RFC 9110, 5.5).
pub(super) fn value_problem(text: &str) -> Option<&'static str> {
    let has = text.contains(|letter: char| letter.is_control() && letter != '\t');
    has.then_some("has a line break or another control character in it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_would_be_misunderstood_are_refused() {
        for name in ["Authorization", "X-Token_2", "Accept", "User-Agent", "Referer"] {
            assert_eq!(name_problem(name), None, "{name}");
        }
        for name in ["", "X Token", "X:", "Über", "X\n", "HOST", "Content-Length", "range", "Connection"] {
            assert!(name_problem(name).is_some(), "{name}");
        }
        assert!(value_problem("a\r\nHost: b").is_some());
        assert!(value_problem("a\0").is_some());
        assert_eq!(value_problem("Bearer\tä"), None);
    }
}
