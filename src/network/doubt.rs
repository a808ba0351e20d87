//! Whether it is the hosts that do not exist, or the network that is not there.

use super::Asked;
use super::lookup::Lookup;
use crate::web::{Failure, Outcome, Reply, target};

/// A name that exists as long as there is a public network: it is kept for examples (RFC 2606, section 3).
const CERTAIN: &str = "example.com";

/// On some systems every name "does not exist" where there is no network. So where no host at all has answered, and not
/// even a name is found that surely exists, nothing is said of those that were not found, but of such as never are.
pub(super) fn doubt(asked: &mut Asked, lookup: &dyn Lookup) {
    let has_answer = asked.replies.values().any(|reply| reply.status().is_some());
    if has_answer || !asked.replies.iter().any(|(url, reply)| is_missing(url, reply)) {
        return;
    }
    if lookup.addresses(CERTAIN).is_ok() {
        return;
    }
    for (url, reply) in &mut asked.replies {
        if is_missing(url, reply) {
            let why = format!("neither is \"{CERTAIN}\" found, so it may be the network");
            reply.outcome = Outcome::Failed(Failure::Lookup(why));
        }
    }
}

/// Whether the name of a host was not found, and it is none of those that never exist (RFC 6761, section 6.4).
fn is_missing(url: &str, reply: &Reply) -> bool {
    let end = reply.end(url);
    let is_never = || {
        let host =
            target(end).and_then(|url| url.host_str().map(|host| host.trim_end_matches('.').to_owned()));
        host.is_some_and(|host| host == "invalid" || host.ends_with(".invalid"))
    };
    reply.outcome == Outcome::Failed(Failure::NoSuchHost) && !is_never()
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::web::Depth;

    /// Finds every name, or none.
    struct Names(bool);

    impl Lookup for Names {
        fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
            let found = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
            if self.0 { Ok(found) } else { Err(Failure::NoSuchHost) }
        }
    }

    fn reply(outcome: Outcome) -> Reply {
        Reply { attempts: 1, ..Reply::new(outcome, Depth::Head) }
    }

    /// What is thought of `https://doors.test/` and `https://doors.invalid/` in the end.
    fn judged(more: Option<Outcome>, is_network: bool) -> [bool; 2] {
        let missing = || reply(Outcome::Failed(Failure::NoSuchHost));
        let mut asked = Asked::default();
        asked.replies.insert("https://doors.test/".into(), missing());
        asked.replies.insert("https://doors.invalid/".into(), missing());
        asked.replies.extend(more.map(|outcome| ("https://gates.test/".into(), reply(outcome))));
        doubt(&mut asked, &Names(is_network));
        ["https://doors.test/", "https://doors.invalid/"]
            .map(|url| asked.replies[url].outcome == Outcome::Failed(Failure::NoSuchHost))
    }

    #[test]
    fn without_a_network_no_host_is_called_missing_but_one_that_never_exists() {
        assert_eq!(judged(None, true), [true, true]);
        assert_eq!(judged(None, false), [false, true]);
        assert_eq!(judged(Some(Outcome::Status(404)), false), [true, true]);
        assert_eq!(judged(Some(Outcome::Failed(Failure::TooManyRedirects)), false), [false, true]);
    }
}
