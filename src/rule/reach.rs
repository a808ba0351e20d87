//! Whether what an address leads to is there. Shared by the rules about images and about links.

use serde::Deserialize;

use super::asked::{chain, effort, grouped, last_host, outcome};
use super::{Context, Sink, address};
use crate::article::Article;
use crate::finding::Level;
use crate::web::{Answer, Asks, Depth, Failure, LeftAlone, Outcome, Use, Verdict, status, target};

/// The level of what is found where nobody knows.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unverified {
    /// A warning at most.
    Warning,
    /// No more than worth knowing.
    Info,
    /// Nothing is found.
    Off,
}

impl Unverified {
    fn most(self) -> Option<Level> {
        match self {
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Off => None,
        }
    }
}

/// Which addresses are looked at, and what of those of which nobody knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// What they are for.
    pub(crate) used_as: Use,
    /// The level where nobody knows.
    pub(crate) unverified: Unverified,
}

impl Reach {
    /// What is to be asked: whether they are there.
    pub(crate) fn asks(self) -> Asks {
        match self.used_as {
            Use::Image => Asks { images: Some(Depth::Head), links: None },
            Use::Link => Asks { images: None, links: Some(Depth::Head) },
        }
    }

    /// Reports those that are dead, and those of which nobody knows.
    pub(crate) fn report(self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(replies) = context.replies else { return };
        for (address, ..) in address::asked(article, context, self.asks()) {
            let Some(answer) = replies.of(address.url) else { continue };
            let finding = match (answer.verdict, self.unverified.most()) {
                (Verdict::Dead, _) => sink.report(address.span, death(self.used_as, address.url, answer)),
                // Of a host that was left alone its first address tells.
                (Verdict::Unverified, Some(most)) if !answer.reply.is_left_alone() => {
                    sink.report_at_most(most, address.span, doubt(self.used_as, address.url, answer))
                }
                (Verdict::Unverified | Verdict::Alive, _) => continue,
            };
            finding.help(help(self.used_as, address.url, answer));
        }
        let Some(most) = self.unverified.most() else { return };
        for (host, alone) in replies.left_alone() {
            if alone.path != *article.source.path() || alone.used_as != self.used_as {
                continue;
            }
            let is_it = |url: &str| target(url).is_some_and(|url| url.as_str() == &*alone.url);
            let addresses = address::asked(article, context, self.asks());
            let places =
                addresses.filter(|(address, ..)| is_it(address.url)).map(|(address, ..)| address.span);
            let Some(first) = places.min() else { continue };
            sink.report_at_most(most, first, left_alone(host, alone)).help(rest(&alone.why));
        }
    }
}

fn left_alone(host: &str, alone: &LeftAlone) -> String {
    let others = match alone.addresses.saturating_sub(1) {
        0 => String::new(),
        1 => "; one more of its addresses is not known".to_owned(),
        more => format!("; {} more of its addresses are not known", grouped(more as u64)),
    };
    format!("\"{host}\" was left alone after it failed again and again: {}{others}", alone.why)
}

/// What may help a host that was left alone.
fn rest(why: &str) -> &'static str {
    if why.starts_with("429") {
        "ask it more slowly, by a lower `network.per-host` or a longer `network.interval`, or wait longer for it, by \
         `network.patience`"
    } else {
        "ask again later; what is known by then is kept, and not asked again"
    }
}

fn death(used_as: Use, address: &str, answer: &Answer) -> String {
    let why = outcome(address, &answer.reply);
    let way = chain(address, &answer.reply);
    match (&answer.reply.outcome, used_as) {
        (Outcome::Failed(Failure::Tls(_)), Use::Image) => {
            format!("browsers do not show the image: {why}{way}")
        }
        (Outcome::Failed(Failure::Tls(_)), Use::Link) => format!("browsers do not open the page: {why}{way}"),
        _ => format!("{} is not there: {why}{way}", noun(used_as)),
    }
}

fn doubt(used_as: Use, address: &str, answer: &Answer) -> String {
    let (why, effort) = (outcome(address, &answer.reply), effort(address, &answer.reply));
    format!("nobody knows whether {} is there: {why}{effort}", noun(used_as))
}

fn noun(used_as: Use) -> &'static str {
    match used_as {
        Use::Image => "the image",
        Use::Link => "the page",
    }
}

/// What to do about an address that is not known to be alive.
fn help(used_as: Use, address: &str, answer: &Answer) -> String {
    let host = || last_host(address, &answer.reply).unwrap_or_default();
    let is_dead = answer.verdict == Verdict::Dead;
    let text = match &answer.reply.outcome {
        Outcome::Status(404 | 410) | Outcome::Failed(Failure::NoSuchHost | Failure::Tls(_)) if !is_dead => {
            "it would count as dead, but for `as-unverified` in `network.rulings`: look at it in a browser"
        }
        Outcome::Status(_) if is_dead => match used_as {
            Use::Image => "correct the address, or put another picture in its place",
            Use::Link => "correct the address, link to a copy of the page, or take the link out",
        },
        Outcome::Failed(Failure::NoSuchHost) => {
            return format!("if \"{}\" is misspelt, correct it; else look where the site has gone", host());
        }
        Outcome::Failed(Failure::Tls(_)) => {
            return format!("whoever runs \"{}\" has to mend that; until then, name another address", host());
        }
        Outcome::Status(429) => {
            return format!(
                "\"{}\" wants to be asked more slowly: lower `network.per-host`, or set `network.interval`",
                host()
            );
        }
        Outcome::Status(code @ (500..=599 | 408 | 425)) => {
            return format!(
                "ask again later; if \"{}\" always says {}, look at it in a browser",
                host(),
                status(*code)
            );
        }
        Outcome::Failed(Failure::BadRedirect(_) | Failure::TooManyRedirects) | Outcome::Status(300..=399) => {
            "look where a browser ends that opens it, and name that address"
        }
        Outcome::Status(401) => {
            return format!(
                "\"{0}\" wants a login: give it one with `network.headers`, or let that count as alive: \
                 `network.rulings: [{{match: {1}, accept: [401]}}]`",
                host(),
                in_yaml(&host())
            );
        }
        Outcome::Status(code) => {
            return format!(
                "\"{0}\" may refuse programs only: look at it in a browser; if it is there, let that count as alive: \
                 `network.rulings: [{{match: {1}, accept: [{code}]}}]`",
                host(),
                in_yaml(&host())
            );
        }
        Outcome::Failed(Failure::Guarded(_)) => {
            return format!(
                "if \"{0}\" is yours and is to be asked, name it: `network.allow-private: [{1}]`",
                host(),
                in_yaml(&host()).replace(['[', ']'], "")
            );
        }
        Outcome::Failed(Failure::TimeOut(_)) => {
            "ask again later, or give it more time with `network.timeout`"
        }
        Outcome::Failed(
            Failure::Lookup(_) | Failure::Connection(_) | Failure::Protocol(_) | Failure::LeftAlone,
        ) => "ask again later; if it stays so, look at it in a browser",
    };
    text.to_owned()
}

/// A host as a config names it: without its port, and an IPv6 address in quotes, since YAML would take its brackets for a
/// list.
fn in_yaml(host: &str) -> String {
    let name = address::without_port(host);
    if name.starts_with('[') { format!("\"{name}\"") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::sync::{Arc, LazyLock};

    use super::*;
    use crate::article::Roles;
    use crate::finding::Finding;
    use crate::text::Source;
    use crate::web::{Hop, Pattern, Phase, Policy, Question, Questions, Replies, Reply, Ruling};

    static RULE: LazyLock<Arc<str>> = LazyLock::new(|| "image-reachable".into());

    fn reply(outcome: Outcome, attempts: u32, hops: &[&str]) -> Reply {
        Reply {
            hops: hops.iter().map(|to| Hop { status: 302, to: (*to).to_owned() }).collect(),
            attempts,
            milliseconds: 80,
            ..Reply::new(outcome, Depth::Head)
        }
    }

    /// What is found in `a.md` for images where each address has this reply.
    fn found(text: &str, unverified: Unverified, reply: &Reply, others: usize) -> Vec<Finding> {
        let reach = Reach { used_as: Use::Image, unverified };
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let article = Article::parse(&source);
        let roles = Roles::default();
        let offline = Context::new(&roles);
        let mut questions = Questions::default();
        for (address, used_as, depth) in address::asked(&article, &offline, reach.asks()) {
            let url = target(address.url).expect("it can be read").as_str().into();
            questions.add(Question { url, depth, path: Arc::clone(source.path()), used_as });
        }
        for number in 0..others {
            let url = format!("https://images.test/other/{number}").into();
            questions.add(Question { url, depth: Depth::Head, path: "b.md".into(), used_as: Use::Image });
        }
        let replies: HashMap<_, _> =
            questions.iter().map(|question| (Arc::clone(&question.url), reply.clone())).collect();
        let silent = BTreeMap::from([("images.test".to_owned(), "429 Too Many Requests".to_owned())]);
        let soft = Ruling {
            pattern: Pattern::Host("soft.test".to_owned()),
            accept: None,
            skip: None,
            as_unverified: Some(true),
        };
        let policy = Policy { rulings: vec![soft], ..Policy::default() };
        let replies = Replies::new(&questions, replies, &silent, &policy);
        let mut findings = Vec::new();
        let mut sink = Sink::new(&RULE, Level::Error, source.path(), &mut findings);
        reach.report(&article, &Context { replies: Some(&replies), ..offline }, &mut sink);
        findings
    }

    #[test]
    fn a_finding_says_what_came_of_it_and_what_to_do() {
        let slow =
            Reply { milliseconds: 30_100, ..reply(Outcome::Failed(Failure::TimeOut(Phase::Whole)), 4, &[]) };
        let failed = Outcome::Failed;
        let cases = [
            (
                reply(Outcome::Status(404), 2, &[]),
                "the image is not there: 404 Not Found",
                "correct the address",
            ),
            (
                reply(Outcome::Status(410), 3, &["https://b.test/1", "https://b.test/2"]),
                "the image is not there: 410 Gone (https://a.test/1 → https://b.test/1 → /2)",
                "another picture",
            ),
            (
                reply(failed(Failure::NoSuchHost), 1, &[]),
                "the image is not there: the host \"a.test\" does not exist",
                "if \"a.test\" is misspelt",
            ),
            (
                reply(failed(Failure::Tls("the certificate expired".to_owned())), 1, &[]),
                "browsers do not show the image: its encryption cannot be trusted: the certificate expired",
                "whoever runs \"a.test\"",
            ),
            (
                reply(Outcome::Status(503), 4, &["https://b.test/1"]),
                "nobody knows whether the image is there: 503 Service Unavailable after 4 attempts (https://a.test/1 → \
                 https://b.test/1)",
                "if \"b.test\" always says 503 Service Unavailable",
            ),
            (
                slow,
                "nobody knows whether the image is there: no body in time after 4 attempts (the last took 30 s)",
                "`network.timeout`",
            ),
            (
                reply(Outcome::Status(403), 1, &["http://[2001:4860::1]:8080/"]),
                "nobody knows whether the image is there: 403 Forbidden (https://a.test/1 → http://[2001:4860::1]:8080/)",
                "`network.rulings: [{match: \"[2001:4860::1]\", accept: [403]}]`",
            ),
            (
                reply(Outcome::Status(401), 1, &[]),
                "nobody knows whether the image is there: 401 Unauthorized",
                "`network.headers`",
            ),
            (
                reply(Outcome::Status(429), 9, &[]),
                "nobody knows whether the image is there: 429 Too Many Requests after 9 attempts",
                "`network.per-host`",
            ),
            (
                reply(failed(Failure::Guarded("10.0.0.7".to_owned())), 0, &[]),
                "nobody knows whether the image is there: 10.0.0.7 is no public address, and is not asked",
                "`network.allow-private: [a.test]`",
            ),
            (
                reply(failed(Failure::TooManyRedirects), 1, &[]),
                "nobody knows whether the image is there: its redirects do not end",
                "where a browser ends",
            ),
            (
                reply(failed(Failure::Connection("it was refused".to_owned())), 4, &[]),
                "nobody knows whether the image is there: no connection: it was refused after 4 attempts",
                "ask again later",
            ),
        ];
        for (reply, message, help) in cases {
            let findings = found("![a](https://a.test/1)", Unverified::Warning, &reply, 0);
            let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            assert_eq!(told, [message]);
            let helps = findings[0].help.as_deref().is_some_and(|text| text.contains(help));
            assert!(helps, "{message}: {:?}", findings[0].help);
            let level = if message.starts_with("nobody") { Level::Warning } else { Level::Error };
            assert_eq!(findings[0].level, level, "{message}");
        }
    }

    #[test]
    fn what_a_ruling_softens_is_no_error() {
        let findings =
            found("![a](https://soft.test/1)", Unverified::Info, &reply(Outcome::Status(404), 1, &[]), 0);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].level, Level::Info);
        assert!(findings[0].help.as_deref().is_some_and(|help| help.contains("as-unverified")));
        assert_eq!(
            found("![a](https://soft.test/1)", Unverified::Off, &reply(Outcome::Status(404), 1, &[]), 0),
            []
        );
    }

    #[test]
    fn a_host_that_was_left_alone_is_reported_once_with_all_its_addresses() {
        let text =
            "![b](https://images.test/2) ![a](https://images.test/1)\n\n![a](https://images.test/1#x)\n";
        let alone = reply(Outcome::Failed(Failure::LeftAlone), 5, &[]);
        let findings = found(text, Unverified::Warning, &alone, 5_498);
        let told: Vec<_> =
            findings.iter().map(|finding| (finding.span.start, finding.message.as_str())).collect();
        let message = "\"images.test\" was left alone after it failed again and again: 429 Too Many Requests; 5,499 more \
            of its addresses are not known";
        assert_eq!(told, [(33, message)]);
        assert_eq!(findings[0].level, Level::Warning);
        let findings = found(text, Unverified::Warning, &alone, 0);
        assert!(findings[0].message.ends_with("; one more of its addresses is not known"), "{findings:?}");
        assert_eq!(found(text, Unverified::Off, &alone, 0), []);
    }
}
