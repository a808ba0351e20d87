//! The HTTP client, made as the policy says; no address comes to it that the guard has not seen.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Proxy, redirect};
use url::Url;

use super::guard::plain;
use super::lookup::Names;
use crate::web::{Policy, Secret, USER_AGENT, host_of};

/// How much of a body a server may send over HTTP/2 before we take any of it, in bytes: no more than is ever read.
const WINDOW: u32 = 64 << 10;

/// How much all bodies of one connection together may; sixteen of the former.
const CONNECTION_WINDOW: u32 = 1 << 20;

/// How long a connection is kept that nobody uses: where an article links to a thousand hosts, each keeps one of the
/// files that the system lets a program open, which are often 1024 or 256.
const IDLE: Duration = Duration::from_secs(10);

/// Makes the client. It reads the certificates of the system, so it takes some milliseconds. `trusted` are certificates
/// that are trusted besides.
///
/// # Errors
/// What cannot be used, in a sentence.
pub(super) fn client(policy: &Policy, names: Names, trusted: Vec<Certificate>) -> Result<Client, String> {
    // An error here means that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let user_agent = policy.user_agent.as_deref().unwrap_or(USER_AGENT);
    let user_agent = HeaderValue::from_str(user_agent)
        .map_err(|_| format!("\"{}\" cannot be sent as a user agent", user_agent.escape_debug()))?;
    let mut accept = HeaderMap::new();
    accept.insert(ACCEPT, HeaderValue::from_static("image/*,*/*;q=0.8"));
    let mut builder = Client::builder()
        .user_agent(user_agent)
        .default_headers(accept)
        // Each redirect is a request of its own, which is guarded and paced like all.
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .dns_resolver(Arc::new(names))
        .pool_idle_timeout(IDLE)
        .connect_timeout(policy.time_outs.connect)
        .http2_initial_stream_window_size(WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .tls_certs_merge(trusted);
    if let Some(secret) = &policy.proxy {
        let proxy = proxy(secret)?;
        builder = builder.proxy(Proxy::all(proxy).map_err(|_| UNUSABLE_PROXY.to_owned())?);
    }
    builder.build().map_err(|error| match error {
        error if root(&error).contains("No CA certificates") => {
            "no HTTP client can be made: this system has no certificates to trust; install \"ca-certificates\"".to_owned()
        }
        error => format!("no HTTP client can be made: {}", root(&error)),
    })
}

const UNUSABLE_PROXY: &str = "the proxy cannot be used: it is no address with \"http://\" or \"https://\"";

/// The address of a proxy. It may hold a password, so no message shows it.
///
/// # Errors
/// That it is none.
pub(super) fn proxy(Secret(text): &Secret) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| UNUSABLE_PROXY.to_owned())?;
    let is_usable =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    if is_usable { Ok(url) } else { Err(UNUSABLE_PROXY.to_owned()) }
}

/// The innermost cause, which says most.
fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// What is sent to some hosts besides.
#[derive(Debug)]
pub(super) struct Extra(Vec<(String, HeaderName, HeaderValue)>);

impl Extra {
    /// # Errors
    /// Which header of which host cannot be sent. Its value is never shown.
    pub(super) fn new(policy: &Policy) -> Result<Self, String> {
        let headers = policy.headers.iter().map(|header| {
            let (host, name) = (&header.host, &header.name);
            let parsed = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("\"{}\" for \"{host}\" is no name of a header", name.escape_debug()))?;
            let mut value = HeaderValue::from_str(&header.value.0)
                .map_err(|_| format!("the value of the header \"{name}\" for \"{host}\" cannot be sent"))?;
            value.set_sensitive(true);
            Ok((plain(host), parsed, value))
        });
        headers.collect::<Result<_, _>>().map(Self)
    }

    /// What is sent to the host of an address, and to no other: a host with a port is that port alone.
    pub(super) fn headers(&self, url: &Url) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.0.is_empty() {
            return headers;
        }
        let (host, with_port) = (plain(url.host_str().unwrap_or_default()), plain(&host_of(url)));
        for (name, value) in
            self.0.iter().filter(|(to, ..)| *to == host || *to == with_port).map(|(_, n, v)| (n, v))
        {
            headers.append(name, value.clone());
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Header;

    fn policy(headers: &[(&str, &str, &str)]) -> Policy {
        let header = |(host, name, value): &(&str, &str, &str)| Header {
            host: (*host).to_owned(),
            name: (*name).to_owned(),
            value: Secret((*value).to_owned()),
        };
        Policy { headers: headers.iter().map(header).collect(), ..Policy::default() }
    }

    #[test]
    fn headers_go_to_their_host_alone() {
        let extra = Extra::new(&policy(&[
            ("Images.test", "Authorization", "Bearer a"),
            ("images.test", "X-Key", "b"),
            ("other.test:8080", "x-key", "c"),
        ]))
        .unwrap();
        let sent = |url: &str| {
            let headers = extra.headers(&Url::parse(url).unwrap());
            let mut values: Vec<_> =
                headers.values().map(|value| value.to_str().unwrap().to_owned()).collect();
            values.sort();
            values.join(", ")
        };
        assert_eq!(sent("https://images.test/a.png"), "Bearer a, b");
        assert_eq!(sent("https://IMAGES.test.:8443/a.png"), "Bearer a, b");
        assert_eq!(sent("https://cdn.images.test/"), "");
        assert_eq!(sent("https://images.test.evil.test/"), "");
        assert_eq!(sent("https://images.test@evil.test/"), "");
        assert_eq!(sent("http://other.test:8080/"), "c");
        assert_eq!(sent("http://other.test/"), "");
        assert!(!format!("{extra:?}").contains("Bearer"), "{extra:?}");
    }

    #[test]
    fn headers_that_cannot_be_sent_are_named_without_their_value() {
        let error = |host, name, value| Extra::new(&policy(&[(host, name, value)])).unwrap_err();
        assert_eq!(error("a.test", "X Key", "secret"), "\"X Key\" for \"a.test\" is no name of a header");
        assert_eq!(
            error("a.test", "X-Key", "sec\nret"),
            "the value of the header \"X-Key\" for \"a.test\" cannot be sent"
        );
    }

    #[test]
    fn a_proxy_is_an_address() {
        let read = |text: &str| proxy(&Secret(text.to_owned()));
        assert!(read("http://user:secret@proxy.internal:3128").is_ok());
        assert!(read("https://10.0.0.1").is_ok());
        for text in [
            "proxy.internal:3128",
            "socks5://user:secret@a.test",
            "http://",
            "user:secret@a",
            "",
            "http://user:secret@[a",
        ] {
            assert_eq!(read(text), Err(UNUSABLE_PROXY.to_owned()), "{text}");
        }
    }
}
