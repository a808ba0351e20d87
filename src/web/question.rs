//! What is asked: an address in one form, and how much is to be known of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

/// How much is to be known of an address. Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// Whether it is there: a `HEAD` tells.
    Head,
    /// What it is: the first bytes tell.
    Type,
    /// How large it is, in bytes and pixels: the bytes of an image's header tell.
    Size,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It is shown.
    Image,
    /// It is followed.
    Link,
}

/// What a rule, or all rules of an article together, want to have asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// Of the addresses of images.
    pub images: Option<Depth>,
    /// Of the addresses of links.
    pub links: Option<Depth>,
}

impl Asks {
    /// Whether it is nothing.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// What this and another want.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { images: self.images.max(other.images), links: self.links.max(other.links) }
    }
}

/// One address that is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The address, as [`target`] writes it.
    pub url: Arc<str>,
    /// How much is to be known.
    pub depth: Depth,
    /// The first article that has it, by path.
    pub path: Arc<str>,
    /// What it is for there; an image counts before a link.
    pub used_as: Use,
}

/// The questions of a run, each address once, sorted by address.
#[derive(Clone, Debug, Default)]
pub struct Questions(BTreeMap<Arc<str>, Question>);

impl Questions {
    /// Adds a question; of one address the greatest depth and the first place stay.
    pub fn add(&mut self, question: Question) {
        match self.0.get_mut(&question.url) {
            None => {
                self.0.insert(Arc::clone(&question.url), question);
            }
            Some(known) => {
                known.depth = known.depth.max(question.depth);
                if (&question.path, question.used_as) < (&known.path, known.used_as) {
                    (known.path, known.used_as) = (question.path, question.used_as);
                }
            }
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Question> {
        self.0.values()
    }

    /// The one about an address.
    #[must_use]
    pub fn get(&self, url: &str) -> Option<&Question> {
        self.0.get(url)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The address that is asked for what an article writes: normalised as browsers do (WHATWG URL), without its fragment;
/// `//host` means `https`. `None` for what is no web address: a path, another scheme, or nothing that can be read.
#[must_use]
pub fn target(address: &str) -> Option<Url> {
    let address = address.trim();
    match address.strip_prefix("//") {
        Some(rest) => askable(Url::parse(&format!("https://{rest}")).ok()?),
        None => askable(Url::parse(address).ok()?),
    }
}

/// An address as it can be asked: without its fragment. `None` where it is none of the web, or names no host.
#[must_use]
pub fn askable(mut url: Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        let cases = [
            ("https://Doors.test", Some("https://doors.test/")),
            (" https://doors.test:443/a/../b#c ", Some("https://doors.test/b")),
            ("//doors.test/a b", Some("https://doors.test/a%20b")),
            ("http://0x7f.1/", Some("http://127.0.0.1/")),
            ("/a", None),
            ("a.png", None),
            ("mailto:a@doors.test", None),
            ("data:image/png;base64,AA==", None),
            ("https://", None),
        ];
        for (address, expected) in cases {
            assert_eq!(target(address).as_ref().map(Url::as_str), expected, "{address}");
        }
    }

    #[test]
    fn a_question_is_asked_once_as_deep_as_any_wants_it() {
        let question = |depth, path: &str, used_as| Question {
            url: "https://a.test/".into(),
            depth,
            path: path.into(),
            used_as,
        };
        let mut questions = Questions::default();
        questions.add(question(Depth::Type, "b.md", Use::Image));
        questions.add(question(Depth::Head, "a.md", Use::Link));
        questions.add(question(Depth::Head, "c.md", Use::Image));
        assert_eq!(questions.iter().collect::<Vec<_>>(), [&question(Depth::Type, "a.md", Use::Link)]);
    }
}
