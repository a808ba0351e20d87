//! The addresses of an article (of its links, its images and the hero image), each where it is written. Shared by the
//! rules about links and images.

use std::hash::{DefaultHasher, Hasher};

use memchr::{memchr, memchr2, memchr3};

use crate::article::body::Form;
use crate::article::{Article, Role};
use crate::rule::Context;
use crate::text::Span;
use crate::web::{Asks, Depth, Use};

/// An address that is written out. One that a template fills in is none: what it will be is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a> {
    /// The address without white space around it, escapes and entities resolved.
    pub(crate) url: &'a str,
    /// Where it stands; the quotes of a front matter's text included.
    pub(crate) span: Span,
    /// Whether it stands in Markdown, which makes `%20` of a space; HTML and front matter leave it.
    pub(crate) is_markdown: bool,
}

/// All of them: each definition of a reference once, however many links lead to it.
pub(crate) fn all<'a>(
    article: &'a Article<'_>,
    context: &Context<'_>,
) -> impl Iterator<Item = Address<'a>> + use<'a> {
    let body = &article.body;
    let links = body.links.iter().map(|link| (link.url.as_str(), link.url_span, link.form != Form::Html));
    let images =
        body.images.iter().map(|image| (image.url.as_str(), image.url_span, image.form != Form::Html));
    let definitions =
        body.definitions.iter().map(|definition| (definition.url.as_str(), definition.url_span, true));
    let found = links.chain(images).chain(definitions);
    found
        .filter_map(|(url, span, is_markdown)| known(article, url, span?, is_markdown))
        .chain(hero(article, context))
}

/// Those of images: a definition once, if an image leads to it.
pub(crate) fn of_images<'a>(
    article: &'a Article<'_>,
    context: &Context<'_>,
) -> impl Iterator<Item = Address<'a>> + use<'a> {
    let body = &article.body;
    let images =
        body.images.iter().map(|image| (image.url.as_str(), image.url_span, image.form != Form::Html));
    let used = body.images.iter().filter_map(|image| image.definition).collect();
    written(article, images, used).chain(hero(article, context))
}

/// Those of links: a definition once, if a link leads to it.
pub(crate) fn of_links<'a>(article: &'a Article<'_>) -> impl Iterator<Item = Address<'a>> + use<'a> {
    let body = &article.body;
    let links = body.links.iter().map(|link| (link.url.as_str(), link.url_span, link.form != Form::Html));
    let used = body.links.iter().filter_map(|link| link.definition).collect();
    written(article, links, used)
}

/// Addresses that stand where they are used, and those of these definitions.
fn written<'a>(
    article: &'a Article<'_>,
    inline: impl Iterator<Item = (&'a str, Option<Span>, bool)>,
    mut definitions: Vec<usize>,
) -> impl Iterator<Item = Address<'a>> {
    definitions.sort_unstable();
    definitions.dedup();
    let definitions = definitions.into_iter().map(|index| {
        let definition = &article.body.definitions[index];
        (definition.url.as_str(), definition.url_span, true)
    });
    inline.chain(definitions).filter_map(|(url, span, is_markdown)| known(article, url, span?, is_markdown))
}

/// The web addresses of an article that are to be asked, each with what it is for and how much is to be known.
pub(crate) fn asked<'a>(
    article: &'a Article<'_>,
    context: &Context<'_>,
    asks: Asks,
) -> impl Iterator<Item = (Address<'a>, Use, Depth)> {
    let images = asks.images.map(|depth| (of_images(article, context), depth)).into_iter();
    let images = images.flat_map(|(images, depth)| images.map(move |address| (address, Use::Image, depth)));
    let links = asks.links.map(|depth| (of_links(article), depth)).into_iter();
    let links = links.flat_map(|(links, depth)| links.map(move |address| (address, Use::Link, depth)));
    images.chain(links).filter(|(address, ..)| authority(address.url).is_some_and(|host| !host.is_empty()))
}

impl Address<'_> {
    /// A number that the same address has everywhere in a run, whatever its fragment.
    pub(crate) fn number(&self) -> u64 {
        let end = memchr(b'#', self.url.as_bytes()).unwrap_or(self.url.len());
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.url.as_bytes()[..end]);
        hasher.finish()
    }
}

/// That of the image in the front matter.
pub(crate) fn hero<'a>(article: &'a Article<'_>, context: &Context<'_>) -> Option<Address<'a>> {
    article.front_matter.as_ref().filter(|front_matter| front_matter.is_sound())?;
    let (url, node) = context.roles.text(article, Role::Image)?;
    is_plain(url).then(|| Address { url: url.trim(), span: node.span, is_markdown: false })
}

fn known<'a>(article: &Article<'_>, url: &'a str, span: Span, is_markdown: bool) -> Option<Address<'a>> {
    let is_known = is_plain(url) && !article.body.is_templated(span);
    is_known.then(|| Address { url: url.trim(), span, is_markdown })
}

/// Whether no brace or angle bracket is in it, as templates, expressions and `<your-name>` have.
fn is_plain(url: &str) -> bool {
    memchr2(b'{', b'<', url.as_bytes()).is_none()
}

/// What follows a beginning, whatever its case.
pub(crate) fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let begins = text.as_bytes().get(..prefix.len())?.eq_ignore_ascii_case(prefix.as_bytes());
    // What equals ASCII ends on a character.
    begins.then(|| &text[prefix.len()..])
}

/// The host of a web address, with its port if it has one; `None` for a path and for other schemes.
pub(crate) fn authority(url: &str) -> Option<&str> {
    let rest = ["https://", "http://", "//"].into_iter().find_map(|prefix| strip_prefix(url, prefix))?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')).unwrap_or(rest.len());
    let authority = &rest[..end];
    Some(authority.rfind('@').map_or(authority, |at| &authority[at + 1..]))
}

/// Whether a web address begins with a scheme in small letters and with a host that no parser refuses; whatever follows,
/// none does.
pub(crate) fn is_plain_web(url: &str) -> bool {
    let Some(behind) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return false;
    };
    has_plain_host(behind)
}

/// Whether what stands behind `https://` begins with a name that no parser refuses; whatever follows, none does.
pub(crate) fn has_plain_host(behind: &str) -> bool {
    let bytes = behind.as_bytes();
    let end = memchr3(b'/', b'?', b'#', bytes).unwrap_or(bytes.len());
    let host = &bytes[..end];
    host.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && host.last().is_some_and(u8::is_ascii_alphabetic)
        && !host.windows(4).any(|part| part == b"xn--")
}

/// An authority without its port.
pub(crate) fn without_port(authority: &str) -> &str {
    match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => &authority[..at],
        _ => authority,
    }
}

/// Whether a host is this domain or lies in it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    let Some(at) = host.len().checked_sub(domain.len()) else { return false };
    let (before, tail) = host.as_bytes().split_at(at);
    (before.is_empty() || before.ends_with(b".")) && tail.eq_ignore_ascii_case(domain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_cut_out_of_web_addresses() {
        let cases = [
            ("https://doors.test/a", Some("doors.test")),
            ("HTTP://a:b@Doors.test:80?c", Some("Doors.test")),
            ("//doors.test", Some("doors.test")),
            ("http://[::1]:80/", Some("[::1]")),
            ("http://[::1]", Some("[::1]")),
            ("/doors", None),
            ("mailto:a@doors.test", None),
            ("tür", None),
        ];
        for (url, expected) in cases {
            assert_eq!(authority(url).map(without_port), expected, "{url}");
        }
        assert!(is_within("cdn.doors.test", "Doors.test") && is_within("doors.test", "doors.test"));
        assert!(!is_within("outdoors.test", "doors.test") && !is_within("test", "doors.test"));
        assert!(!is_within("türdoors.test", "doors.test"));
    }
}
