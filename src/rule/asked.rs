//! What the web answered, in words. Shared by the rules that ask it.

use std::borrow::Cow;

use crate::web::{Failure, Hop, Outcome, Reply, host_of, status, target};

/// What came of asking an address, as in `404 Not Found` and `the host "doors.test" does not exist`.
pub(crate) fn outcome(address: &str, reply: &Reply) -> String {
    match &reply.outcome {
        Outcome::Status(code) => status(*code),
        Outcome::Failed(Failure::NoSuchHost) => match last_host(address, reply) {
            Some(host) => format!("the host \"{host}\" does not exist"),
            None => Failure::NoSuchHost.to_string(),
        },
        Outcome::Failed(failure) => failure.to_string(),
    }
}

/// The host that the last request went to, with its port where that is not the usual one.
pub(crate) fn last_host(address: &str, reply: &Reply) -> Option<String> {
    target(reply.end(address)).map(|url| host_of(&url))
}

/// The way from an address to its end, as in ` (https://doors.test/a → /b → https://windows.test/c)`; nothing where there
/// were no redirects.
pub(crate) fn chain(address: &str, reply: &Reply) -> String {
    if reply.hops.is_empty() { String::new() } else { format!(" ({})", way(address, &reply.hops)) }
}

/// How it was asked, where that tells something: how often, by which way, and how long the last request took.
pub(crate) fn effort(address: &str, reply: &Reply) -> String {
    let needed = u32::try_from(reply.hops.len()).unwrap_or(u32::MAX).saturating_add(1);
    let is_again = reply.attempts > needed;
    let mut effort = if is_again { format!(" after {} attempts", reply.attempts) } else { String::new() };
    let mut notes = Vec::new();
    if !reply.hops.is_empty() {
        notes.push(way(address, &reply.hops));
    }
    if reply.milliseconds >= 1000 {
        let seconds = reply.milliseconds.saturating_add(500) / 1000;
        notes.push(format!("{} {seconds} s", if is_again { "the last took" } else { "it took" }));
    }
    if !notes.is_empty() {
        effort.extend([" (", &notes.join("; "), ")"]);
    }
    effort
}

/// A number with its thousands set apart: `1,000,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// As much of an address as a message can hold, without a name and a password in it.
pub(crate) fn brief(url: &str) -> Cow<'_, str> {
    /// Most addresses of articles are shorter.
    const SHOWN: usize = 100;
    let mut shown = Cow::Borrowed(url);
    if let Some((scheme, rest)) = url.split_once("://") {
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        if let Some(at) = authority.rfind('@') {
            shown = Cow::Owned(format!("{scheme}://{}", &rest[at + 1..]));
        }
    }
    match shown.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &shown[..end])),
        None => shown,
    }
}

/// An address and those it led to. Of many the first two and the last are shown, and of those at the same host what
/// stands behind it.
fn way(address: &str, hops: &[Hop]) -> String {
    const FIRST: usize = 2;
    let start = target(address).map_or_else(|| address.to_owned(), |url| url.as_str().to_owned());
    let mut way = brief(&start).into_owned();
    let mut before = start.as_str();
    let hidden = hops.len().saturating_sub(FIRST + 1);
    for (at, hop) in hops.iter().enumerate() {
        if hidden > 1 && (FIRST..FIRST + hidden).contains(&at) {
            if at == FIRST {
                way.extend([" → ", &hidden.to_string(), " more"]);
            }
        } else {
            let origin = origin(&hop.to);
            let is_near = !origin.is_empty() && origin == self::origin(before) && origin.len() < hop.to.len();
            way += " → ";
            way += &brief(if is_near { &hop.to[origin.len()..] } else { &hop.to });
        }
        before = &hop.to;
    }
    way
}

/// The scheme and the host of an address.
fn origin(url: &str) -> &str {
    let Some(start) = url.find("://").map(|at| at + "://".len()) else { return "" };
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Depth, Phase};

    fn reply(outcome: Outcome, hops: &[&str]) -> Reply {
        Reply {
            hops: hops.iter().map(|to| Hop { status: 302, to: (*to).to_owned() }).collect(),
            attempts: hops.len() as u32 + 1,
            milliseconds: 20,
            ..Reply::new(outcome, Depth::Head)
        }
    }

    #[test]
    fn a_way_is_short_where_it_can_be() {
        let way = |hops: &[&str]| chain("https://a.test/1", &reply(Outcome::Status(200), hops));
        assert_eq!(way(&[]), "");
        assert_eq!(way(&["https://a.test/2", "http://a.test/"]), " (https://a.test/1 → /2 → http://a.test/)");
        let many = [
            "https://a.test/2",
            "https://b.test/",
            "https://b.test/x",
            "https://b.test/y",
            "https://b.test/z",
        ];
        assert_eq!(way(&many[..4]), " (https://a.test/1 → /2 → https://b.test/ → /x → /y)");
        assert_eq!(way(&many), " (https://a.test/1 → /2 → https://b.test/ → 2 more → /z)");
        let long = format!("https://me:secret@b.test/{}", "ü".repeat(200));
        let shown = way(&[&long]);
        assert!(shown.ends_with("ü…)") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn effort_is_told_where_it_was_made() {
        let mut slow = reply(Outcome::Failed(Failure::TimeOut(Phase::FirstByte)), &[]);
        assert_eq!(effort("https://a.test/", &slow), "");
        slow.milliseconds = 20_400;
        assert_eq!(effort("https://a.test/", &slow), " (it took 20 s)");
        slow.attempts = 4;
        assert_eq!(effort("https://a.test/", &slow), " after 4 attempts (the last took 20 s)");
        slow.hops = vec![Hop { status: 301, to: "https://b.test/".to_owned() }];
        let both = " after 4 attempts (https://a.test/ → https://b.test/; the last took 20 s)";
        assert_eq!(effort("https://a.test", &slow), both);
    }

    #[test]
    fn a_host_that_does_not_exist_is_named() {
        let gone = reply(Outcome::Failed(Failure::NoSuchHost), &["https://b.test:8443/"]);
        assert_eq!(outcome("https://a.test/", &gone), "the host \"b.test:8443\" does not exist");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
