//! Addresses begin with `https:`.

use serde::Deserialize;

use crate::article::Article;
use crate::finding::{Edit, Fix};
use crate::rule::address::{self, Address};
use crate::rule::{Check, Context, Sink};
use crate::text::Span;

/// Names that no certificate is given for, or that are never asked: local networks, and RFC 2606's examples.
const LOCAL: [&str; 12] = [
    "localhost",
    "local",
    "test",
    "example",
    "invalid",
    "internal",
    "lan",
    "home.arpa",
    "onion",
    "example.com",
    "example.net",
    "example.org",
];

/// Where names of XML and RDF begin, which are compared letter for letter and not visited.
const NAMESPACES: [&str; 11] = [
    "http://www.w3.org/1",
    "http://www.w3.org/2",
    "http://schemas.",
    "http://schema.org/",
    "http://purl.org/",
    "http://xmlns.com/",
    "http://www.sitemaps.org/schemas/",
    "http://ns.adobe.com/",
    "http://ogp.me/ns",
    "http://www.topografix.com/GPX/",
    "http://xspf.org/ns/",
];

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct InsecureUrl {
    exceptions: Vec<String>,
}

impl Check for InsecureUrl {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for address in address::all(article, context) {
            if address::strip_prefix(address.url, "http://").is_none() {
                continue;
            }
            let Some(authority) = address::authority(address.url) else { continue };
            let host = address::without_port(authority);
            let is_exception = self.exceptions.iter().any(|domain| address::is_within(host, domain));
            if is_exception || is_local(host) || is_namespace(address.url) {
                continue;
            }
            let finding = sink.report(address.span, format!("\"http://{host}\" is not encrypted"));
            finding.help("write \"https:\", if the site answers there");
            // With a port, the other protocol has another.
            if host.len() == authority.len() {
                finding.fix = fix(article.text(), &address);
            }
        }
    }
}

/// A name of the local network, an example, or a number, which has no certificate either.
fn is_local(host: &str) -> bool {
    !host.contains('.')
        || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        || LOCAL.iter().any(|domain| address::is_within(host, domain))
}

fn is_namespace(url: &str) -> bool {
    NAMESPACES.iter().any(|prefix| address::strip_prefix(url, prefix).is_some())
}

fn fix(text: &str, address: &Address<'_>) -> Option<Fix> {
    let written = &text[address.span.range()];
    let inside = written.trim_start_matches(['"', '\'']).trim_start();
    address::strip_prefix(inside, "http:")?;
    let start = address.span.start as usize + (written.len() - inside.len());
    let scheme = Span::new(start, start + "http".len());
    Some(Fix::r#unsafe("write \"https\"", [Edit::replace(scheme, "https")]))
}
