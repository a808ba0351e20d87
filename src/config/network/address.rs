//! Hosts, networks and proxies as a config writes them.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use crate::web::Private;

/// Why a text is not what it should be, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// As in "is no host": a message goes on with it.
    pub(super) what: String,
    pub(super) help: String,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }
}

/// A host as addresses have it (WHATWG URL, host parsing): in small letters, in ASCII (`bücher.test` is
/// `xn--bcher-kva.test`), numbers as an address of four parts, one of IPv6 in brackets.
pub(super) fn host(text: &str) -> Result<String, Wrong> {
    let wrong = |help: String| Err(Wrong::new("is no host", help));
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        });
    }
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return wrong(format!("write the host alone, as in \"{}\"", host.rsplit('@').next().unwrap_or(host)));
    }
    if let Some(name) = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')) {
        return wrong(format!("write the name of each host; \"{name}\" is one"));
    }
    if let Some((name, _)) = text.split_once(':') {
        return wrong(format!(
            "write \"{name}\", without a port: what holds for a host holds for all its ports"
        ));
    }
    match Host::parse(text) {
        Ok(host) if !text.contains(['*', '/', '?', '#', '@', '%']) && !text.is_empty() => {
            Ok(host.to_string())
        }
        _ => wrong(
            "write the name of a host, as in \"images.test\", or an address, as in \"192.0.2.1\"".to_owned(),
        ),
    }
}

/// What the guard lets pass: an address, a network, or the name of a host.
pub(super) fn private(text: &str) -> Result<Private, Wrong> {
    if text.contains('/') && !text.contains("://") {
        let help = "write it as in \"10.0.0.0/8\" or \"fd00::/8\"";
        return text.parse().map(Private::Network).map_err(|_| Wrong::new("is no network", help));
    }
    if let Some(name) = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')) {
        let help =
            format!("name each host below \"{name}\", or the network that they are in, as in \"10.0.0.0/8\"");
        return Err(Wrong::new("is no host", help));
    }
    let host = host(text)?;
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    Ok(address.map_or(Private::Host(host), |address| Private::Network(IpNet::from(address))))
}

/// A name of a host that is not to be looked up.
pub(super) fn name(text: &str) -> Result<String, Wrong> {
    let host = host(text)?;
    if host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
        return Err(Wrong::new("is an address", "write the name of a host: addresses are not looked up"));
    }
    Ok(host)
}

/// The address of a proxy, variables filled in. What is wrong is said without the text, which may hold a password.
pub(super) fn proxy(text: &str) -> Result<(), Wrong> {
    let help = "write it as in \"http://proxy.internal:3128\"";
    let url = Url::parse(text).ok().filter(|_| text.contains("://"));
    match url.as_ref().map(Url::scheme) {
        Some("http" | "https") => Ok(()),
        Some(scheme) if scheme.starts_with("socks") => {
            let help =
                "proxies of `http://` and `https://` are; many that speak SOCKS speak one of these, too";
            Err(Wrong::new("is of a kind that is not built in", help))
        }
        Some(_) | None => Err(Wrong::new("is no address of a proxy", help)),
    }
}

/// The bytes of the name and the password in the address of a proxy, as written.
pub(super) fn credentials(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find("://").map_or(0, |at| at + 3);
    let end = text.rfind('@')?;
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_form() {
        let cases = [
            ("LinkedIn.com", "linkedin.com"),
            ("bücher.test", "xn--bcher-kva.test"),
            ("localhost", "localhost"),
            ("127.1", "127.0.0.1"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
        ];
        for (text, expected) in cases {
            assert_eq!(host(text).as_deref(), Ok(expected), "{text}");
        }
        let help = |text| host(text).expect_err(text).help;
        assert_eq!(help("https://me@a.test:80/b"), "write the host alone, as in \"a.test:80\"");
        assert!(help("*.a.test").contains("\"a.test\""));
        assert!(help("a.test:80").contains("without a port"));
        for text in ["", "a b", "a/b", "a*", "a?", "%61"] {
            assert!(host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_the_guard_lets_pass_is_a_network_or_a_name() {
        let network = |text: &str| Ok(Private::Network(text.parse().expect("a network")));
        assert_eq!(private("127.0.0.1"), network("127.0.0.1/32"));
        assert_eq!(private("[::1]"), network("::1/128"));
        assert_eq!(private("10.0.0.0/8"), network("10.0.0.0/8"));
        assert_eq!(private("Localhost"), Ok(Private::Host("localhost".to_owned())));
        for text in ["10.0.0.0/33", "a.test/8", "*.internal", "https://a.test/", "a.test:80", ""] {
            assert!(private(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_names_are_looked_up() {
        assert_eq!(name("Staging.test").as_deref(), Ok("staging.test"));
        assert_eq!(name("10.0.0.7").expect_err("an address").what, "is an address");
        assert!(name("::1").is_err());
    }

    #[test]
    fn a_proxy_is_one_of_http() {
        for text in ["http://proxy.internal:3128", "https://me:secret@proxy.internal"] {
            assert_eq!(proxy(text), Ok(()), "{text}");
        }
        for text in ["proxy.internal:3128", "socks5://proxy.internal", "ftp://proxy.internal", "", "http://"]
        {
            assert!(proxy(text).is_err(), "{text}");
        }
        assert!(proxy("socks5h://proxy.internal").expect_err("SOCKS").help.contains("`http://`"));
        let cut = |text: &'static str| credentials(text).map(|range| &text[range]);
        assert_eq!(cut("http://me:secret@proxy.internal"), Some("me:secret"));
        assert_eq!(cut("me:se@cret@proxy.internal"), Some("me:se@cret"));
        assert_eq!(cut("http://proxy.internal"), None);
    }
}
