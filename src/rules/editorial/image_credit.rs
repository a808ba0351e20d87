//! The credit of the picture has the form that the site wants, and its link leads somewhere.

use memchr::memmem;
use regex::Regex;
use serde::Deserialize;
use url::Url;

use crate::article::{Article, Role};
use crate::rule::{Check, Context, Sink, address, scalar};

#[derive(Deserialize)]
#[serde(try_from = "Options")]
pub(crate) struct ImageCredit {
    pattern: Option<Regex>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Options {
    pattern: String,
}

impl TryFrom<Options> for ImageCredit {
    type Error = String;

    fn try_from(options: Options) -> Result<Self, String> {
        if options.pattern.is_empty() {
            return Ok(Self { pattern: None });
        }
        let pattern = Regex::new(&options.pattern).map_err(|error| format!("\"pattern\": {error}"))?;
        Ok(Self { pattern: Some(pattern) })
    }
}

impl Check for ImageCredit {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some((credit, node)) = context.roles.text(article, Role::ImageCredit) else { return };
        if scalar::is_template(credit) {
            return;
        }
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(credit)) {
            let message = format!("the image credit \"{credit}\" does not match \"{pattern}\"");
            sink.report(node.span, message).help("write it in the form that your site gives credits");
        } else if let Some(problem) = link_problem(credit).or_else(|| address_problem(credit)) {
            sink.report(node.span, format!("the image credit {problem}"))
                .help("write the link as in [Jo Doe](https://example.org/jo)");
        }
    }
}

/// What is wrong with the first link in Markdown that is broken.
fn link_problem(credit: &str) -> Option<String> {
    let mut rest = credit;
    while let Some(at) = memmem::find(rest.as_bytes(), b"](") {
        let (before, behind) = (&rest[..at], &rest[at + 2..]);
        let Some(target) = target(behind) else {
            return Some("has a link without its closing parenthesis".to_owned());
        };
        rest = &behind[target.len()..];
        let url = target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
        if !before.contains('[') {
            continue;
        }
        if url.is_empty() {
            return Some("has a link without an address".to_owned());
        }
        if is_bare_host(url) {
            return Some(format!("has a link to \"{url}\", which browsers take for a page of your own site"));
        }
    }
    None
}

/// The text up to the parenthesis that closes a link.
fn target(behind: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, byte) in behind.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(&behind[..at]),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `photos.example.org/@jo`, which lacks `https://`. Without a slash it may be a file beside the article.
fn is_bare_host(url: &str) -> bool {
    let Some((host, _)) = url.split_once('/') else { return url.starts_with("www.") };
    let Some((name, end)) = host.rsplit_once('.') else { return false };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let is_end = end.len() >= 2 && end.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_end && name.starts_with(|first: char| first.is_ascii_alphanumeric()) && host.bytes().all(is_host)
}

/// What is wrong with the first address that does not parse.
fn address_problem(credit: &str) -> Option<String> {
    let mut rest = credit;
    while let Some(at) = memmem::find(rest.as_bytes(), b"http") {
        let is_word = rest[..at].ends_with(char::is_alphanumeric);
        rest = &rest[at..];
        if is_word || !(rest.starts_with("http:") || rest.starts_with("https:")) {
            rest = &rest["http".len()..];
            continue;
        }
        let end = rest.find(|letter: char| letter.is_whitespace() || "<>\"')]".contains(letter));
        let (url, behind) = rest.split_at(end.unwrap_or(rest.len()));
        if !address::is_plain_web(url)
            && let Err(error) = Url::parse(url)
        {
            return Some(format!("has the address \"{url}\", which browsers cannot read: {error}"));
        }
        rest = behind;
    }
    None
}
