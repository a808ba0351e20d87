//! What a permanent redirect means to whoever has written the old address.
//!
//! Servers send `301` for much that is no move. What is told apart here is what an editor would tell apart who looks at
//! both addresses: doors that ask for a name, answers that depend on who asks, and pages that are gone.

use crate::web::{Reply, target};

/// What became of a page whose address redirects for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move<'a> {
    /// It is at this address now.
    To(&'a str),
    /// The front page of a site is shown in its place.
    FrontPage(&'a str),
    /// A page is shown that says it is not found.
    NotFound(&'a str),
    /// Its name is for sale.
    ForSale(&'a str),
}

/// What became of the page at an address that answered; `None` where it has not moved, or where the new address is none
/// to write down:
///
/// - the same with `https`: `insecure-url` speaks of it, at a higher level and with the same fix;
/// - a login, a consent page or a captcha, which are not what the reader comes for;
/// - the same in a language, which is another for the next reader;
/// - an address with a signature or a session, which will not hold.
pub(crate) fn judge<'a>(address: &str, reply: &'a Reply) -> Option<Move<'a>> {
    let new = reply.moved_to()?;
    let end = reply.hops.last()?.to.as_str();
    let old = target(address)?;
    let (from, to) = (Parts::of(old.as_str())?, Parts::of(new)?);
    let last = Parts::of(end)?;
    if from.has_moved_to_https(&to) || to.is_door(&from) || to.is_translation(&from) || to.is_passing(&from) {
        return None;
    }
    let is_sold = |host: &str| FOR_SALE.iter().any(|domain| super::address::is_within(host, domain));
    Some(if is_sold(last.host) && !is_sold(from.host) {
        Move::ForSale(end)
    } else if last.says_not_found() && !from.says_not_found() {
        Move::NotFound(end)
    } else if last.is_front() && !from.is_front() && !from.names(last.host) {
        Move::FrontPage(end)
    } else {
        Move::To(new)
    })
}

/// Where names are offered that somebody gave up.
const FOR_SALE: [&str; 9] = [
    "afternic.com",
    "bodis.com",
    "buydomains.com",
    "dan.com",
    "domainmarket.com",
    "hugedomains.com",
    "parkingcrew.net",
    "sedo.com",
    "sedoparking.com",
];

/// What pages are called at which a reader is stopped.
const DOORS: [&str; 10] =
    ["captcha", "consent", "log-in", "login", "logon", "oauth", "sign-in", "sign_in", "signin", "sso"];

/// What pages are called that say that another is not there.
const NOT_FOUND: [&str; 9] = [
    "404",
    "404-error",
    "error-404",
    "error404",
    "not-found",
    "not_found",
    "notfound",
    "page-not-found",
    "pagenotfound",
];

/// What front pages are called.
const FRONT: [&str; 4] = ["default", "home", "homepage", "index"];

/// Parameters of addresses that hold for a while, or for one reader.
const PASSING: [&str; 11] = [
    "expires",
    "phpsessid",
    "session",
    "session_id",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "token",
    "x-amz-signature",
    "x-goog-signature",
];

/// Parameters that choose a language.
const LANGUAGE: [&str; 6] = ["hl", "lang", "language", "lc", "locale", "setlang"];

/// The languages that sites begin their paths with (ISO 639-1), those that most pages of the web are written in. Of two
/// letters most have another meaning: `/ai/`, `/tv/`, `/go/`.
const LANGUAGES: [&str; 28] = [
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hu", "id", "it", "ja", "ko",
    "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "vi", "zh",
];

/// The parts of a web address, as the `url` crate writes it.
struct Parts<'u> {
    scheme: &'u str,
    /// Without a port.
    host: &'u str,
    /// With a port.
    authority: &'u str,
    path: &'u str,
    /// Without `?`.
    query: &'u str,
    /// Whether it has a fragment: in some sites that is the page.
    has_fragment: bool,
}

impl<'u> Parts<'u> {
    fn of(url: &'u str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let host = super::address::without_port(authority);
        Some(Self { scheme, host, authority, path, query, has_fragment: !fragment.is_empty() })
    }

    fn segments(&self) -> impl Iterator<Item = &'u str> + use<'u> {
        self.path.split('/').filter(|segment| !segment.is_empty())
    }

    /// The names and values in the query, as written.
    fn parameters(&self) -> impl Iterator<Item = (&'u str, &'u str)> + use<'u> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }

    fn has_parameter(&self, names: &[&str]) -> bool {
        self.parameters().any(|(known, _)| is_one_of(known, names))
    }

    fn has_segment(&self, names: &[&str]) -> bool {
        self.segments().any(|segment| is_one_of(stem(segment), names))
    }

    fn has_moved_to_https(&self, to: &Self) -> bool {
        (self.scheme, to.scheme) == ("http", "https")
            && (self.authority, self.path, self.query) == (to.authority, to.path, to.query)
    }

    /// Whether it is a page that stops the reader on the way: it is called so, or it keeps the old address, to go on to
    /// it.
    fn is_door(&self, from: &Self) -> bool {
        let is_called = |parts: &Self| {
            let label = parts.host.split('.').next().unwrap_or_default();
            parts.has_segment(&DOORS) || is_one_of(label, &DOORS) || is_one_of(label, &["accounts", "auth"])
        };
        let path = from.path.replace('/', "%2F");
        let keeps = |value: &str| {
            let is_path = from.path.len() > 1 && (value.contains(&path) || value.contains(from.path));
            let is_whole = ["://", "%3A%2F%2F", "%3a%2f%2f"];
            is_path || is_whole.iter().any(|mark| value.contains(&format!("{mark}{}", from.authority)))
        };
        let is_kept = |parts: &Self| parts.parameters().any(|(_, value)| keeps(value));
        (is_called(self) && !is_called(from)) || (is_kept(self) && !is_kept(from))
    }

    /// Whether it is the same but for a language: `/doors` and `/en/doors`, or `?lang=en`.
    fn is_translation(&self, from: &Self) -> bool {
        if www(self.host) != www(from.host) {
            return false;
        }
        let begins = |parts: &Self| parts.segments().next().is_some_and(is_language);
        let is_prefixed = begins(self) && !begins(from) && self.segments().skip(1).eq(from.segments());
        let is_asked = self.has_parameter(&LANGUAGE) && !from.has_parameter(&LANGUAGE);
        is_prefixed || (is_asked && self.segments().eq(from.segments()))
    }

    /// Whether it holds a signature or a session that the old address does not.
    fn is_passing(&self, from: &Self) -> bool {
        let is_passing = |parts: &Self| parts.has_parameter(&PASSING) || parts.path.contains(";jsessionid=");
        is_passing(self) && !is_passing(from)
    }

    fn says_not_found(&self) -> bool {
        let last = self.segments().last().map(stem);
        last.is_some_and(|last| is_one_of(last, &NOT_FOUND)) || self.segments().eq(["error"])
    }

    /// Whether it is the front page of a site, perhaps in a language.
    fn is_front(&self) -> bool {
        let behind: Vec<&str> = self.segments().skip_while(|segment| is_language(segment)).collect();
        let is_root = match behind[..] {
            [] => true,
            [only] => is_one_of(stem(only), &FRONT),
            _ => false,
        };
        self.query.is_empty() && !self.has_fragment && is_root
    }

    /// Whether a part of its path is in the name of a host: `/shop` went to `shop.doors.test`.
    fn names(&self, host: &str) -> bool {
        let is_word = |segment: &str| segment.len() > 2 && host.contains(&segment.to_ascii_lowercase());
        self.segments().map(stem).any(is_word)
    }
}

/// The name of a page without its ending.
fn stem(segment: &str) -> &str {
    segment.split('.').next().unwrap_or(segment)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// `de`, `de-at`, `zh_Hans`.
fn is_language(segment: &str) -> bool {
    let (language, region) = segment.split_once(['-', '_']).unwrap_or((segment, "xx"));
    is_one_of(language, &LANGUAGES)
        && (2..=4).contains(&region.len())
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Depth, Hop, Outcome};

    fn reply(hops: &[(u16, &str)]) -> Reply {
        Reply {
            hops: hops.iter().map(|(status, to)| Hop { status: *status, to: (*to).to_owned() }).collect(),
            ..Reply::new(Outcome::Status(200), Depth::Head)
        }
    }

    /// One permanent redirect.
    fn moved<'a>(from: &str, reply: &'a mut Option<Reply>, to: &str) -> Option<Move<'a>> {
        judge(from, reply.insert(self::reply(&[(301, to)])))
    }

    #[test]
    fn a_page_that_moved_is_at_its_new_address() {
        for (from, to) in [
            ("https://doors.test/red", "https://doors.test/red/"),
            ("https://doors.test/red", "https://www.doors.test/red"),
            ("http://doors.test/red", "https://www.doors.test/red"),
            ("http://doors.test:8080/red", "https://doors.test/red"),
            ("https://doors.test/", "https://windows.test/"),
            ("https://doors.test/index.html", "https://doors.test/"),
            ("https://doors.test/en/", "https://doors.test/"),
            ("https://doors.test/shop", "https://shop.doors.test/"),
            ("https://me.code.test/hinge/", "https://hinge.test/"),
            ("https://doors.test/login-help", "https://doors.test/help/login-help"),
            ("https://doors.test/docs/login", "https://doors.test/manual/login"),
            ("https://doors.test/en/red", "https://doors.test/en/doors/red"),
            ("https://doors.test/de/red", "https://doors.test/en/red"),
            ("https://doors.test/red", "https://doors.test/?p=12"),
            ("https://doors.test/red", "https://doors.test/#/red"),
            ("https://doors.test/errors/404", "https://doors.test/manual/errors/404"),
            ("https://doors.test/a?token=1", "https://doors.test/b?token=1"),
            ("https://doors.test/artificial-intelligence", "https://doors.test/ai/"),
        ] {
            assert_eq!(moved(from, &mut None, to), Some(Move::To(to)), "{from} → {to}");
        }
    }

    #[test]
    fn what_is_no_move_is_none() {
        for (from, to) in [
            ("http://doors.test/red?a=b", "https://doors.test/red?a=b"),
            ("https://doors.test/red", "https://doors.test/login"),
            ("https://doors.test/red", "https://doors.test/users/sign_in.php?x=1"),
            ("https://doors.test/red", "https://login.keys.test/x"),
            ("https://doors.test/red", "https://accounts.keys.test/x"),
            ("https://doors.test/red/one", "https://doors.test/gate?next=%2Fred%2Fone"),
            ("https://doors.test/red/one", "https://doors.test/gate?u=/red/one"),
            ("https://doors.test/", "https://keys.test/ok?back=https%3A%2F%2Fdoors.test%2F"),
            ("https://doors.test/", "https://doors.test/en/"),
            ("https://doors.test/red/one", "https://www.doors.test/de-AT/red/one"),
            ("https://doors.test/red", "https://doors.test/red?hl=de"),
            ("https://doors.test/a.png", "https://store.test/1/a.png?X-Amz-Signature=00&x=1"),
            ("https://doors.test/a", "https://doors.test/a;jsessionid=00"),
        ] {
            assert_eq!(moved(from, &mut None, to), None, "{from} → {to}");
        }
    }

    #[test]
    fn what_is_gone_is_told_from_what_moved() {
        let front = |from: &str, to: &str| moved(from, &mut None, to) == Some(Move::FrontPage(to));
        assert!(front("https://doors.test/red/one", "https://doors.test/"));
        assert!(front("https://doors.test/red", "https://windows.test/en-us/"));
        assert!(front("https://doors.test/red", "https://doors.test/home.html"));
        assert!(front("https://doors.test/red", "https://doors.test/de/index.php"));
        let lost = |from: &str, to: &str| moved(from, &mut None, to) == Some(Move::NotFound(to));
        assert!(lost("https://doors.test/red", "https://doors.test/404.html"));
        assert!(lost("https://doors.test/red", "https://doors.test/en/Page-Not-Found/"));
        assert!(lost("https://doors.test/red", "https://doors.test/error"));
        let sold = "https://www.hugedomains.com/domain_profile.cfm?d=doors.test";
        assert_eq!(moved("https://doors.test/red", &mut None, sold), Some(Move::ForSale(sold)));
    }

    #[test]
    fn the_end_tells_whether_a_page_is_gone_and_the_permanent_part_where_it_is() {
        let kept = reply(&[(301, "https://b.test/red"), (302, "https://b.test/login")]);
        assert_eq!(judge("https://a.test/red", &kept), Some(Move::To("https://b.test/red")));
        let gone = reply(&[(308, "https://b.test/red"), (302, "https://b.test/")]);
        assert_eq!(judge("https://a.test/red", &gone), Some(Move::FrontPage("https://b.test/")));
        let passing = reply(&[(302, "https://b.test/red"), (301, "https://c.test/red")]);
        assert_eq!(judge("https://a.test/red", &passing), None);
        assert_eq!(judge("https://a.test/red", &reply(&[])), None);
    }
}
