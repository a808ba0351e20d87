//! From what landed to what comes next for its question: a redirect to follow, another method, another try, or the reply.

use url::Url;

use crate::web::{Failure, Hop, Outcome, Reply, askable};

use super::errand::{Errand, Head, Landing, Method};

/// The most redirects that are followed: as curl's manual advises scripts, and half of what browsers do.
const MOST_HOPS: usize = 10;

/// What comes next for a question.
#[derive(Debug)]
pub(super) enum Step {
    /// The same host is to be asked in another way.
    Instead(Errand),
    /// The next host, or the same, is to be asked.
    Follow(Errand),
    /// The answer.
    Done(Reply),
}

/// What comes next. `asked` is the address of the question itself.
pub(super) fn after(errand: Errand, landing: Landing, asked: &str) -> Step {
    let Ok(head) = &landing.result else { return Step::Done(reply(errand, landing)) };
    if errand.method == Method::Head && tells_too_little(head) {
        let attempts = errand.attempts + 1;
        return Step::Instead(Errand { method: Method::Get, attempts, retries: 0, ..errand });
    }
    let Some(location) = redirect(head) else { return Step::Done(reply(errand, landing)) };
    match target(&errand, location, asked) {
        Ok(url) => {
            let mut hops = errand.hops;
            hops.push(Hop { status: head.status, to: url.as_str().to_owned() });
            Step::Follow(Errand { url, hops, attempts: errand.attempts + 1, retries: 0, ..errand })
        }
        Err(failure) => Step::Done(reply(errand, Landing { result: Err(failure), ..landing })),
    }
}

/// Whether it may pass, so that another try helps. What HEAD says for a server's mistake is not waited for: GET comes next.
pub(super) fn may_pass(errand: &Errand, landing: &Landing) -> bool {
    match &landing.result {
        Ok(head) if errand.method == Method::Head => head.status == 503,
        Ok(head) => matches!(head.status, 502..=504),
        Err(Failure::Connection(_) | Failure::Lookup(_) | Failure::TimeOut(_)) => true,
        Err(_) => false,
    }
}

/// The errand once more. What was asked by HEAD is asked by GET then: some servers leave HEAD without an answer.
pub(super) fn again(errand: Errand) -> Errand {
    let (attempts, retries) = (errand.attempts + 1, errand.retries + 1);
    Errand { method: Method::Get, attempts, retries, ..errand }
}

/// The reply of an errand that was sent.
fn reply(errand: Errand, landing: Landing) -> Reply {
    let milliseconds = u32::try_from(landing.time.as_millis()).unwrap_or(u32::MAX);
    let (outcome, head) = match landing.result {
        Ok(head) => (Outcome::Status(head.status), head),
        Err(failure) => (Outcome::Failed(failure), Head::default()),
    };
    Reply {
        outcome,
        hops: errand.hops,
        attempts: errand.attempts + 1,
        milliseconds,
        media_type: head.media_type,
        content: head.content,
        bytes: head.bytes,
        pixels: head.pixels,
        depth: errand.depth,
    }
}

/// The reply of an errand that is not sent.
pub(super) fn unsent(errand: Errand, why: Failure) -> Reply {
    Reply { hops: errand.hops, attempts: errand.attempts, ..Reply::new(Outcome::Failed(why), errand.depth) }
}

/// Whether a GET may say something else: many servers refuse HEAD in all kinds of ways, and some say "not found" to it.
fn tells_too_little(head: &Head) -> bool {
    let is_short = matches!(head.status, 300..=399) && redirect(head).is_none();
    is_short || (head.status >= 400 && !matches!(head.status, 429 | 503))
}

fn redirect(head: &Head) -> Option<&str> {
    head.location.as_deref().filter(|_| matches!(head.status, 301 | 302 | 303 | 307 | 308))
}

/// Where a redirect leads. User and password go nowhere: neither are those of the address handed on, nor those taken that a
/// server writes.
fn target(errand: &Errand, location: &str, asked: &str) -> Result<Url, Failure> {
    let bad = || Failure::BadRedirect(location.to_owned());
    let mut url = errand.url.join(location).ok().and_then(askable).ok_or_else(bad)?;
    // They fail for addresses without a host alone.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let is_known = url.as_str() == asked || errand.hops.iter().any(|hop| hop.to == url.as_str());
    if is_known || errand.hops.len() >= MOST_HOPS {
        return Err(Failure::TooManyRedirects);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::network::errand::PaceHints;
    use crate::web::Depth;

    fn errand(url: &str, method: Method) -> Errand {
        let url = Url::parse(url).unwrap();
        Errand { question: 0, url, method, depth: Depth::Type, hops: Vec::new(), attempts: 0, retries: 2 }
    }

    fn landing(status: u16, location: Option<&str>) -> Landing {
        let head = Head { status, location: location.map(str::to_owned), ..Head::default() };
        Landing { result: Ok(head), time: Duration::from_millis(7), hints: PaceHints::default() }
    }

    #[test]
    fn a_location_is_read_as_browsers_do_and_takes_no_password_along() {
        let from = "https://user:secret@doors.test/a/b?c";
        let cases = [
            ("d", Some("https://doors.test/a/d")),
            ("/d#e", Some("https://doors.test/d")),
            ("//hinges.test", Some("https://hinges.test/")),
            ("HTTP://Other:one@Hinges.test/ü", Some("http://hinges.test/%C3%BC")),
            ("?d", Some("https://doors.test/a/b?d")),
            ("ftp://hinges.test/", None),
            ("mailto:a@b.test", None),
            ("https://", None),
            ("http://[::1", None),
        ];
        for (location, expected) in cases {
            let step = after(errand(from, Method::Get), landing(302, Some(location)), from);
            match (step, expected) {
                (Step::Follow(next), Some(expected)) => {
                    assert_eq!(next.url.as_str(), expected, "{location}");
                    assert_eq!(next.hops, [Hop { status: 302, to: expected.to_owned() }]);
                    assert_eq!((next.attempts, next.retries, next.method), (1, 0, Method::Get));
                }
                (Step::Done(reply), None) => {
                    assert_eq!(reply.outcome, Outcome::Failed(Failure::BadRedirect(location.to_owned())));
                    assert_eq!((reply.attempts, reply.milliseconds), (1, 7));
                }
                (step, _) => panic!("{location}: {step:?}"),
            }
        }
    }

    #[test]
    fn a_circle_ends_at_once_and_a_chain_after_ten() {
        let asked = "https://a.test/";
        let Step::Follow(next) = after(errand(asked, Method::Head), landing(301, Some("/b")), asked) else {
            panic!()
        };
        assert_eq!(next.method, Method::Head);
        for back in ["/", "/b", "https://a.test/#c"] {
            let Step::Done(reply) = after(next.clone(), landing(301, Some(back)), asked) else {
                panic!("{back}")
            };
            assert_eq!(reply.outcome, Outcome::Failed(Failure::TooManyRedirects), "{back}");
            assert_eq!(reply.hops.len(), 1);
        }
        let mut errand = errand(asked, Method::Get);
        for number in 0..10 {
            let Step::Follow(next) = after(errand, landing(307, Some(&format!("/{number}"))), asked) else {
                panic!()
            };
            errand = next;
        }
        let Step::Done(reply) = after(errand, landing(307, Some("/10")), asked) else { panic!() };
        assert_eq!(reply.outcome, Outcome::Failed(Failure::TooManyRedirects));
        assert_eq!((reply.hops.len(), reply.attempts), (10, 11));
    }

    #[test]
    fn a_head_that_tells_too_little_is_followed_by_a_get() {
        let cases = [
            (200, None, false),
            (204, None, false),
            (301, None, true),
            (304, None, true),
            (403, None, true),
            (404, None, true),
            (405, None, true),
            (429, None, false),
            (500, None, true),
            (503, None, false),
        ];
        for (status, location, is_asked_again) in cases {
            let asked = "https://a.test/";
            match after(errand(asked, Method::Head), landing(status, location), asked) {
                Step::Instead(next) => {
                    assert!(is_asked_again, "{status}");
                    assert_eq!((next.method, next.attempts), (Method::Get, 1));
                }
                Step::Done(reply) => {
                    assert!(!is_asked_again, "{status}");
                    assert_eq!(reply.outcome, Outcome::Status(status));
                }
                Step::Follow(_) => panic!("{status}"),
            }
            let Step::Done(_) = after(errand(asked, Method::Get), landing(status, location), asked) else {
                panic!("{status}");
            };
        }
    }
}
