//! One request: sent where the guard allows it, read as far as it is needed, and told as facts.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RANGE,
};
use reqwest::{Certificate, Client, Response};
use tokio::time::timeout;
use url::{Host, Url};

use super::body::{self, MAX_BODY};
use super::client::{self, Extra};
use super::errand::{Errand, Head, Landing, Method, PaceHints};
use super::failure::{connection, failure};
use super::guard::Guard;
use super::hints;
use super::image::{Look, look, pixels, sniff};
use super::lookup::{Lookup, Names};
use crate::web::{Content, Depth, Failure, Phase, Policy, TimeOuts};

/// How many bytes are asked for to know what something is. The longest signature of the MIME Sniffing Standard needs
/// 1445; SVG may have more in front.
const TYPE_BYTES: usize = 4096;

/// What sends requests. It keeps connections and names, so there is one for a run.
#[derive(Debug)]
pub(super) struct Hopper {
    client: Client,
    guard: Arc<Guard>,
    extra: Extra,
    time_outs: TimeOuts,
    /// The scheme of the proxy, if there is one.
    proxy: Option<String>,
}

impl Hopper {
    /// Makes the HTTP client, which takes some milliseconds: not before there is something to ask.
    ///
    /// # Errors
    /// What of the policy cannot be used, or that there can be no client, in a sentence.
    pub(super) fn new(policy: &Policy, lookup: Arc<dyn Lookup>) -> Result<Self, String> {
        Self::trusting(policy, lookup, Vec::new())
    }

    /// As [`new`](Self::new), with certificates that are trusted besides those of the system.
    fn trusting(policy: &Policy, lookup: Arc<dyn Lookup>, trusted: Vec<Certificate>) -> Result<Self, String> {
        let extra = Extra::new(policy)?;
        let proxy = policy.proxy.as_ref().map(client::proxy).transpose()?;
        let guard = Arc::new(Guard::new(policy));
        let names = Names::new(policy, Arc::clone(&guard), lookup, proxy.as_ref().and_then(Url::host_str));
        let client = client::client(policy, names, trusted)?;
        let proxy = proxy.map(|url| url.scheme().to_owned());
        Ok(Self { client, guard, extra, time_outs: policy.time_outs, proxy })
    }

    /// Sends one request (in rare cases a second one: see [`Self::ask`]), and says what came of it.
    pub(super) async fn hop(&self, errand: &Errand) -> Landing {
        let start = Instant::now();
        let mut hints = PaceHints::default();
        let result = self.land(errand, start, &mut hints).await;
        Landing { result, time: start.elapsed(), hints }
    }

    async fn land(&self, errand: &Errand, start: Instant, hints: &mut PaceHints) -> Result<Head, Failure> {
        let url = &errand.url;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::BadRedirect(url.to_string()));
        }
        // The connector looks up names alone: addresses never come to the resolver.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => None,
        };
        self.check(url, address)?;
        let range = match (errand.method, errand.depth) {
            (Method::Head, _) => Range::All,
            (Method::Get, Depth::Head) => Range::First(1),
            (Method::Get, Depth::Type) => Range::First(TYPE_BYTES),
            (Method::Get, Depth::Size) => Range::First(MAX_BODY),
        };
        match self.ask(errand, range, start, hints).await? {
            (_, Some(again)) => self.ask(errand, again, start, hints).await.map(|(head, _)| head),
            (head, None) => Ok(head),
        }
    }

    fn check(&self, url: &Url, address: Option<IpAddr>) -> Result<(), Failure> {
        match address {
            Some(address) if !self.guard.allows(url.host_str().unwrap_or_default(), address) => {
                Err(Failure::Guarded(address.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Asks for a range of the body. If the answer is of no use, the second value says what to ask for
    /// instead: all, where the server cannot give parts; more, where what came could still be an SVG.
    async fn ask(
        &self,
        errand: &Errand,
        range: Range,
        start: Instant,
        hints: &mut PaceHints,
    ) -> Result<(Head, Option<Range>), Failure> {
        let left = || self.time_outs.whole.saturating_sub(start.elapsed());
        let mut response = self.send(errand, range, left()).await?;
        *hints = hints::read(response.headers(), SystemTime::now());
        let mut head = head(&response);
        let part = part(response.headers());
        let is_read = errand.method == Method::Get && (200..300).contains(&head.status);
        let mut again = None;
        let mut read = 0;
        match (head.status, part) {
            // No byte of it can be had since it has none: it is there, as it would be to a browser.
            (416, Some(Part { first: None, whole: Some(0) })) => {
                head = Head { status: 200, bytes: Some(0), ..head };
                head.content = (errand.depth > Depth::Head).then_some(Content::Empty);
            }
            (416, _) | (206, Some(Part { first: Some(1..), .. })) if range != Range::All => {
                again = Some(Range::All);
            }
            _ if is_read && errand.depth > Depth::Head => {
                let body = body::read(&mut response, errand.depth, left()).await;
                read = body.bytes.len();
                let is_open = look(&body.bytes) == Look::Open;
                if is_open && read > 0 && head.status == 206 && range.leaves_more(head.bytes) {
                    again = Some(Range::First(MAX_BODY));
                } else if let Some(broken) = body.broken.filter(|_| is_open) {
                    return Err(broken);
                }
                let content = sniff(&body.bytes);
                head.content = Some(content);
                head.pixels = (errand.depth == Depth::Size).then(|| pixels(&body.bytes, content)).flatten();
            }
            _ => {}
        }
        body::finish(response, read, left()).await;
        Ok((head, again))
    }

    /// Sends the request, and ends when the head of the answer is there.
    async fn send(&self, errand: &Errand, range: Range, left: Duration) -> Result<Response, Failure> {
        let method = match errand.method {
            Method::Head => reqwest::Method::HEAD,
            Method::Get => reqwest::Method::GET,
        };
        let mut headers = self.extra.headers(&errand.url);
        if let Range::First(count) = range {
            let value = HeaderValue::from_str(&format!("bytes=0-{}", count - 1));
            headers.insert(RANGE, value.expect("digits can be sent"));
        }
        // Credentials in the address are sent as they are meant to, and only these: each hop has its own address.
        let request = self.client.request(method, errand.url.clone()).headers(headers).send();
        let response = match timeout(self.time_outs.first_byte.min(left), request).await {
            Err(_) => return Err(Failure::TimeOut(Phase::FirstByte)),
            Ok(Err(error)) => return Err(self.through_proxy(failure(&error))),
            Ok(Ok(response)) => response,
        };
        if self.proxy.is_none() {
            // The resolver has seen to it; this is for the day when the client does not ask it.
            self.check(&errand.url, response.remote_addr().map(|address| address.ip()))?;
        }
        Ok(response)
    }

    /// What a failure says about the address, if there is a proxy between: that the proxy cannot be found or trusted,
    /// is no reason to call any address dead.
    fn through_proxy(&self, failure: Failure) -> Failure {
        match (&failure, self.proxy.as_deref()) {
            (Failure::NoSuchHost | Failure::Lookup(_), Some(_)) => connection("the proxy cannot be found"),
            (Failure::Tls(_), Some("https")) => {
                connection("the encryption to the proxy, or behind it, failed")
            }
            (Failure::Connection(why), Some(_)) => {
                Failure::Connection(format!("{why}, by the proxy or behind it"))
            }
            _ => failure,
        }
    }
}

/// Which bytes of a body are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    All,
    First(usize),
}

impl Range {
    /// Whether it is less than could be asked for, of a body of so many bytes, if that is known.
    fn leaves_more(self, whole: Option<u64>) -> bool {
        match self {
            Self::All => false,
            Self::First(count) => count < MAX_BODY && whole.is_none_or(|whole| whole > count as u64),
        }
    }
}

/// What the head of an answer says.
fn head(response: &Response) -> Head {
    let headers = response.headers();
    let status = response.status().as_u16();
    let text = |name: HeaderName| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let media_type = text(CONTENT_TYPE)
        .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let bytes = match status {
        206 => part(headers).and_then(|part| part.whole),
        200 => text(CONTENT_LENGTH).and_then(|length| length.trim().parse().ok()),
        _ => None,
    };
    Head {
        status,
        location: text(LOCATION),
        media_type: media_type.filter(|media_type| !media_type.is_empty()),
        content: None,
        bytes,
        pixels: None,
    }
}

/// Which part of a body came (RFC 9110, 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    /// Its first byte; `None` where there is no part.
    first: Option<u64>,
    /// How many bytes the whole has, if the server knows.
    whole: Option<u64>,
}

/// Reads `bytes 0-4095/12345`, `bytes 0-4095/*` and `bytes */12345`.
fn part(headers: &HeaderMap) -> Option<Part> {
    let (range, whole) =
        headers.get(CONTENT_RANGE)?.to_str().ok()?.trim().strip_prefix("bytes")?.split_once('/')?;
    let first = range.split_once('-').and_then(|(first, _)| first.trim().parse().ok());
    Some(Part { first, whole: whole.trim().parse().ok() })
}

#[cfg(test)]
mod tests;
