//! Addresses as they are compared: one spelling for all that lead to one page.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Where a site stands: its host, and the path that all its addresses begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The host in small letters, with its port where that is not the usual one; empty where it is not known.
    pub(super) host: Box<str>,
    /// The segments of the path, as in `["docs"]` for `https://example.org/docs/`.
    pub(super) base: Vec<Box<str>>,
}

impl Origin {
    /// Reads `https://example.org/docs/`, or a path alone, `/docs/`.
    ///
    /// # Errors
    /// What is wrong with it, to be put behind it in a sentence.
    pub fn read(url: &str) -> Result<Self, &'static str> {
        if url.contains(['?', '#']) {
            return Err("has a query or a fragment");
        }
        if url.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return Err("has white space in it");
        }
        let (host, path) = match split(url) {
            Some((host, path)) => (host, path),
            None if url.starts_with('/') => (Cow::Borrowed(""), url),
            None => return Err("is no address of a site"),
        };
        if url.contains("//") && (host.is_empty() || host.contains('@')) {
            return Err(if host.is_empty() { "has no host" } else { "has a name or a password in it" });
        }
        let decoded = decode(path);
        let base = segments(&decoded).into_iter().map(Box::from).collect();
        Ok(Self { host: host.into(), base })
    }

    /// As the config would write it.
    #[must_use]
    pub fn shown(&self) -> String {
        let path = joined(&self.base);
        let path = path.trim_matches('/');
        let gap = if path.is_empty() { "" } else { "/" };
        let host = if self.host.is_empty() { String::new() } else { format!("https://{}", self.host) };
        format!("{host}/{path}{gap}")
    }

    /// Of an absolute address of the site, the path behind the host.
    pub(super) fn path_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        let (host, path) = split(url)?;
        if self.host.is_empty() || host != *self.host {
            return None;
        }
        let decoded = decode(before_query(path));
        let is_below = begins(&segments(&decoded), &self.base);
        is_below.then_some(if path.starts_with('/') { path } else { "/" })
    }
}

/// The host and what stands behind it, of `https://host/path` and `//host/path`.
fn split(url: &str) -> Option<(Cow<'_, str>, &str)> {
    let scheme = |name: &str| {
        let (scheme, rest) = url.split_at_checked(name.len())?;
        scheme.eq_ignore_ascii_case(name).then_some(rest)
    };
    let (rest, port) = match scheme("https:") {
        Some(rest) => (rest, ":443"),
        None => (scheme("http:").unwrap_or(url), ":80"),
    };
    let rest = rest.strip_prefix("//")?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.strip_suffix(port).unwrap_or(host);
    let is_small = !host.bytes().any(|byte| byte.is_ascii_uppercase());
    Some((if is_small { Cow::Borrowed(host) } else { Cow::Owned(host.to_ascii_lowercase()) }, path))
}

pub(super) fn before_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// The parts of a path between its slashes, `.` and `..` followed.
pub(super) fn segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments
}

/// The one spelling of an address from the root.
pub(super) fn key(address: &str, base: &[Box<str>]) -> Box<str> {
    let decoded = decode(before_query(address));
    let mut parts = segments(&decoded);
    let mut from = 0;
    loop {
        let rest = &parts[from..];
        // Again and again, so that the key of a key is itself.
        if !base.is_empty() && begins(rest, base) {
            from += base.len();
            continue;
        }
        let Some(last) = rest.last() else { break };
        if *last == "index" {
            parts.pop();
            continue;
        }
        match last.strip_suffix(".html") {
            Some(name) if !matches!(name, "" | "." | "..") => {
                let end = parts.len() - 1;
                parts[end] = name;
            }
            _ => break,
        }
    }
    joined(&parts[from..])
}

/// Whether these parts are the first of a path.
pub(super) fn begins(path: &[&str], base: &[Box<str>]) -> bool {
    path.len() >= base.len() && path.iter().zip(base).all(|(one, other)| **one == **other)
}

/// A path from the root of these parts.
pub(super) fn joined<S: AsRef<str>>(parts: &[S]) -> Box<str> {
    if parts.is_empty() {
        return "/".into();
    }
    let mut path = String::with_capacity(parts.iter().map(|part| part.as_ref().len() + 1).sum());
    for part in parts {
        path.push('/');
        path.push_str(part.as_ref());
    }
    path.into()
}

/// Undoes percent-encoding, but for the signs that mean something in an address (`/`, `?`, `#`, `%`) and for bytes that are
/// no text: those are written in one way, so that decoding twice is decoding once.
pub(super) fn decode(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [byte, behind @ ..] = rest {
        rest = behind;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        match behind {
            [high, low, behind @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = behind;
                match digit(*high) << 4 | digit(*low) {
                    sign @ (b'/' | b'?' | b'#' | b'%') => bytes.extend(escape(sign).as_bytes()),
                    byte => bytes.push(byte),
                }
            }
            _ => bytes.extend(b"%25"),
        }
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| escape(*byte)));
    }
    Cow::Owned(text)
}

fn escape(byte: u8) -> String {
    let mut escaped = String::with_capacity(3);
    let _ = write!(escaped, "%{byte:02X}");
    escaped
}

fn digit(hex: u8) -> u8 {
    (hex as char).to_digit(16).map_or(0, |digit| digit as u8)
}

/// The path of a file as a part of an address.
pub(super) fn encode(path: &str) -> Cow<'_, str> {
    if !path.contains(['%', '?', '#']) {
        return Cow::Borrowed(path);
    }
    Cow::Owned(path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
}

/// The path of a file in what was written as an address.
pub(super) fn as_file(address: &str) -> String {
    address.replace("%23", "#").replace("%3F", "?").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_spellings_of_an_address_have_one_key() {
        for (address, expected) in [
            ("/posts/doors/", "/posts/doors"),
            ("/posts/doors", "/posts/doors"),
            ("/posts/doors.html", "/posts/doors"),
            ("/posts/doors/index.html", "/posts/doors"),
            ("/posts/doors/index", "/posts/doors"),
            ("/posts//doors/./x/../", "/posts/doors"),
            ("/posts/doors/?a=b#c", "/posts/doors"),
            ("/T%C3%BCren%20auf/", "/Türen auf"),
            ("/Türen auf", "/Türen auf"),
            ("/100%25", "/100%25"),
            ("/100%", "/100%25"),
            ("/a%2fb%3F", "/a%2Fb%3F"),
            ("/%ff", "/%FF"),
            ("/docs/a", "/a"),
            ("/docs/", "/"),
            ("/docs", "/"),
            ("", "/"),
            ("/", "/"),
            ("/index.html", "/"),
            ("/../../a", "/a"),
            ("/feed.xml", "/feed.xml"),
            ("/.html", "/.html"),
        ] {
            assert_eq!(&*key(address, &["docs".into()]), expected, "{address}");
        }
    }

    #[test]
    fn a_site_knows_its_own_addresses() {
        let origin = Origin::read("https://Example.org/docs/").unwrap();
        for (url, path) in [
            ("https://example.org/docs/a", Some("/docs/a")),
            ("http://example.org:80/docs", Some("/docs")),
            ("HTTPS://EXAMPLE.ORG:443/docs/?x", Some("/docs/?x")),
            ("//example.org/docs/a#b", Some("/docs/a#b")),
            ("https://example.org/other/", None),
            ("https://example.org", None),
            ("https://example.org.evil/docs/", None),
            ("https://example.org:8080/docs/", None),
            ("/docs/a", None),
            ("mailto:a@example.org", None),
        ] {
            assert_eq!(origin.path_of(url), path, "{url}");
        }
        let origin = Origin::read("https://example.org").unwrap();
        assert_eq!(origin.path_of("https://example.org"), Some("/"));
        assert_eq!(origin.path_of("https://example.org?a"), Some("/"));
        assert_eq!(Origin::read("/docs").unwrap().path_of("https://example.org/docs"), None);
        assert_eq!(Origin::default().path_of("///docs"), None);
    }

    #[test]
    fn what_is_no_site_is_refused() {
        for (url, why) in [
            ("example.org", "is no address of a site"),
            ("ftp://example.org", "is no address of a site"),
            ("https:///a", "has no host"),
            ("https://me@example.org", "has a name or a password in it"),
            ("https://example.org/?a", "has a query or a fragment"),
            ("https://example.org/a b", "has white space in it"),
        ] {
            assert_eq!(Origin::read(url), Err(why), "{url}");
        }
        assert_eq!(Origin::read("https://example.org/a").unwrap().shown(), "https://example.org/a/");
        assert_eq!(Origin::read("/a").unwrap().shown(), "/a/");
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(
            address in r"(/|\.|\.\.|%|%2|%25|%2e|%C3|%BC|%3f|%00|é|a|index|\.html|docs|\?|#|\\| |[ -~]){0,12}",
        ) {
            for base in [vec![], vec!["docs".into()], vec!["index".into()], vec!["a".into(), "docs".into()]] {
                let once = key(&address, &base);
                prop_assert!(once.starts_with('/'));
                prop_assert_eq!(&key(&once, &base), &once);
            }
        }

        #[test]
        fn the_path_of_a_file_is_its_own_address(path in r"[a-z%?# éA-F0-9]{1,8}") {
            let address = format!("/{}", encode(&path));
            prop_assert_eq!(as_file(&decode(before_query(&address)))[1..].to_owned(), path);
        }
    }
}
