//! Addresses are written as browsers read them.

use memchr::{memchr, memchr3};
use serde::Deserialize;
use url::Url;

use crate::article::Article;
use crate::rule::address::{self, Address};
use crate::rule::{Check, Context, Sink};
use crate::schema::nearest;
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct UrlSyntax {}

/// Behind more bytes than these an address that nothing closes is given up.
const LONGEST: usize = 1000;

/// What is wrong, and what to do.
type Mistake = (String, &'static str);

impl Check for UrlSyntax {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for address in address::all(article, context) {
            if let Some((message, help)) = mistake(&address) {
                sink.report(address.span, message).help(help);
            }
        }
        cut_off(article, sink);
    }
}

fn mistake(address: &Address<'_>) -> Option<Mistake> {
    let url = address.url;
    if is_right(url) {
        return spaces(address);
    }
    let length = url
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'-' | b'.'))
        .unwrap_or(url.len());
    let (scheme, rest) = url.split_at(length);
    let is_web = ["https", "http"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    if is_web && (rest.starts_with(':') || rest.starts_with("//")) {
        return web(scheme, rest, url).or_else(|| spaces(address));
    }
    if rest.starts_with(":/") || rest.starts_with("//") || rest.starts_with(";//") {
        let meant = if is_web { Some(scheme) } else { nearest(scheme, ["https", "http"]) };
        if let Some(meant) = meant {
            let slashes = &rest[..rest.len() - rest.trim_start_matches([':', ';', '/']).len()];
            let message = format!("\"{scheme}{slashes}\" is not \"{}://\"", meant.to_ascii_lowercase());
            return Some((message, "write \"https://\" or \"http://\" as it is spelt"));
        }
        if scheme.is_empty() && rest.starts_with("://") {
            return Some(("the address begins with \"://\"".to_owned(), "put \"https\" before it"));
        }
    }
    if let Some(behind) = address::strip_prefix(url, "www.")
        && behind.split('/').next().is_some_and(|host| host.contains('.'))
    {
        let message = format!("\"{}\" without \"https://\" is a file beside this page", brief(url));
        return Some((message, "put \"https://\" before it"));
    }
    if rest.starts_with(':') { None } else { spaces(address) }
}

/// A look that costs little, since most addresses are right: whether it is of the web, with a host that is one beyond
/// doubt.
fn is_right(url: &str) -> bool {
    let behind = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    behind.is_some_and(|behind| {
        let mut before = b'.';
        let end = behind.bytes().position(|byte| {
            let is_part =
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'.' && before != b'.');
            before = if is_part { byte } else { before };
            !is_part
        });
        let end = end.unwrap_or(behind.len());
        let is_end = matches!(behind.as_bytes().get(end), None | Some(b'/' | b'?' | b'#'));
        is_end && before.is_ascii_lowercase() && !behind.starts_with("http")
    })
}

/// An address that begins with `http` or `https`; `rest` is what follows.
fn web(scheme: &str, rest: &str, url: &str) -> Option<Mistake> {
    let help = "two slashes stand between the colon and the host";
    let Some(behind) = rest.strip_prefix("://") else {
        return Some(if rest.starts_with("//") {
            (format!("the colon behind \"{scheme}\" is missing"), "write \"https://\"")
        } else if rest.starts_with(":\\") {
            (format!("backslashes stand behind \"{scheme}:\""), help)
        } else {
            (format!("\"{scheme}:\" is not followed by two slashes"), help)
        });
    };
    if behind.starts_with('/') {
        return Some((format!("\"{scheme}:\" is followed by more than two slashes"), help));
    }
    let again = ["https", "http"].into_iter().find_map(|web| address::strip_prefix(behind, web));
    if again.is_some_and(|again| again.starts_with(":/") || again.starts_with("//")) {
        return Some(("the address begins twice".to_owned(), "keep the part that begins last"));
    }
    let host = address::authority(url).map(address::without_port).unwrap_or_default();
    if host.contains("..") {
        return Some((format!("the host \"{host}\" has two dots in a row"), "take one of them out"));
    }
    if address::has_plain_host(behind) {
        return None;
    }
    let error = Url::parse(url).err()?;
    Some((
        format!("the address cannot be read: {error}"),
        "a browser would not open it: correct the host or the port",
    ))
}

fn spaces(address: &Address<'_>) -> Option<Mistake> {
    (!address.is_markdown && address.url.contains(char::is_whitespace))
        .then(|| (format!("the address \"{}\" has a space", brief(address.url)), "write \"%20\" for it"))
}

/// Brackets whose address ends too early, so that the reader sees it as text: `[text](my file.png)`.
fn cut_off(article: &Article<'_>, sink: &mut Sink<'_>) {
    let (text, body) = (article.text(), &article.body);
    for brackets in body.unresolved.iter().filter(|brackets| brackets.shortcut) {
        let start = brackets.span.end as usize;
        let Some(inside) = text[start..].strip_prefix('(') else { continue };
        let head = &inside.as_bytes()[..inside.len().min(LONGEST)];
        // Longer than any address, so that each is looked at in constant time.
        let Some(end) =
            memchr3(b')', b'\n', b'\r', head).or((inside.len() < LONGEST).then_some(inside.len()))
        else {
            continue;
        };
        let is_closed = inside[end..].starts_with(')');
        let written = &inside[..end];
        let url = written.trim();
        let span = Span::new(start + 1, start + 1 + written.len());
        let is_certain = is_address(url) && memchr(b'<', url.as_bytes()).is_none();
        if !is_certain || body.is_templated(span.to(brackets.span)) {
            continue;
        }
        if !is_closed && !url.contains(char::is_whitespace) {
            sink.report(span, "the address is not closed, so this is no link").help("put a \")\" behind it");
        } else if url.contains(char::is_whitespace) && is_closed {
            sink.report(span, format!("a space ends the address \"{}\", so this is no link", brief(url)))
                .help("write \"%20\" for the space, or put the address between \"<\" and \">\"");
        }
    }
}

/// Whether what stands in parentheses is an address and not a remark.
fn is_address(text: &str) -> bool {
    const FILES: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf", ".md"];
    let begins = ["https://", "http://", "./", "../"].iter().any(|prefix| text.starts_with(prefix));
    begins || FILES.iter().any(|end| text.ends_with(end) && text.len() > end.len())
}

/// As much of an address as a message can hold.
fn brief(url: &str) -> &str {
    const SHOWN: usize = 60;
    url.char_indices().nth(SHOWN).map_or(url, |(end, _)| &url[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(url: &str) -> Option<String> {
        let address = Address { url, span: Span::default(), is_markdown: false };
        mistake(&address).map(|(message, _)| message)
    }

    #[test]
    fn what_browsers_read_is_right() {
        for url in [
            "",
            "#",
            "#top",
            "doors",
            "/doors",
            "../doors?a=b c".split(' ').next().unwrap_or_default(),
            "//doors.test/a",
            "https://doors.test",
            "HTTPS://doors.test:8080/a//b",
            "http://127.0.0.1:80",
            "http://[::1]/",
            "http://localhost",
            "https://web.doors.test/2020/https://doors.test",
            "https://доски.test/дверь",
            "mailto:a@doors.test?subject=A b",
            "tel:+49 1",
            "data:image/png;base64,AA==",
            "javascript:void 0",
            "ftp://doors.test",
            "ssh://git@doors.test",
            "http/intro.md",
            "https.md",
            "httpd/a",
            "a/http://b",
            "pathname:///a.png",
            "file:///a",
            "@/a.md",
            "~/a.md",
            "www.md",
            "https://a_b.doors.test/",
            "C:\\doors",
            "vscode://a",
            "htop",
            "tps://a",
        ] {
            assert_eq!(found(url), None, "{url}");
        }
    }

    #[test]
    fn what_they_do_not_is_wrong() {
        for (url, part) in [
            ("htps://doors.test", "is not \"https://\""),
            ("htp://doors.test", "is not \"http://\""),
            ("htttps:/doors.test", "is not \"https://\""),
            ("http;//doors.test", "is not \"http://\""),
            ("http//doors.test", "the colon"),
            ("https:/doors.test", "two slashes"),
            ("https:doors.test", "two slashes"),
            ("https:\\\\doors.test", "backslashes"),
            ("https:///doors.test", "more than two"),
            ("http://https://doors.test", "twice"),
            ("https://http//doors.test", "twice"),
            ("://doors.test", "begins with"),
            ("www.doors.test/a", "without"),
            ("https://doors..test", "two dots"),
            ("https://", "empty host"),
            ("https://doors.test:port/", "invalid port"),
            ("https://doors test/", "cannot be read"),
            ("https://[doors]/", "invalid IPv6"),
            ("https://1.2.3.400/", "invalid IPv4"),
            ("a b.png", "has a space"),
            ("https://doors.test/a b", "has a space"),
        ] {
            assert!(found(url).is_some_and(|message| message.contains(part)), "{url}: {:?}", found(url));
        }
    }

    #[test]
    fn what_is_surely_right_is_right() {
        for url in ["https://doors.test", "http://a.doors2.test/b?c#d", "https://doors.test/a b"] {
            let (scheme, _) = url.split_once(':').unwrap_or_default();
            assert!(is_right(url) && web(scheme, &url[scheme.len()..], url).is_none(), "{url}");
        }
        for url in [
            "https:///doors.test",
            "https://https://doors.test",
            "https://doors..test",
            "https://doors.test:port",
            "https://.test",
            "https://doors.",
            "https://",
            "https://1.2.3",
            "https://xn--a.test",
            "HTTPS://doors.test",
            "www.doors.test",
        ] {
            assert!(!is_right(url), "{url}");
        }
    }
}
