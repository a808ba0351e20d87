//! What was answered, as facts: what they mean is for the policy and the rules to say.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Depth;

/// What came of asking one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// How it ended.
    pub outcome: Outcome,
    /// The redirects that were followed, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<Hop>,
    /// How many requests were sent for it, those behind redirects included.
    pub attempts: u32,
    /// How long the last request took, in milliseconds.
    pub milliseconds: u32,
    /// The `Content-Type` without parameters, in small letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What its first bytes are, where they were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// How large the whole is in bytes, where the server says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Width and height of an image in pixels, where its header was looked at and says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<(u32, u32)>,
    /// How much was asked.
    pub depth: Depth,
}

/// How asking ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The server answered with this status.
    Status(u16),
    /// It came to no answer.
    Failed(Failure),
}

/// A redirect that was followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// The status: 301, 302, 303, 307 or 308.
    pub status: u16,
    /// The address it led to.
    pub to: String,
}

impl Hop {
    /// Whether the server says that the new address is to be used from now on (RFC 9110, 15.4.2 and 15.4.9).
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The name of the host does not exist.
    NoSuchHost,
    /// The name could not be looked up for now, and why.
    Lookup(String),
    /// The certificate or the protocol of the encryption is wrong, and how.
    Tls(String),
    /// The guard refuses this address: it is not on the public internet, and the policy does not name it.
    Guarded(String),
    /// A redirect leads to what is not asked: another scheme, or nothing that can be read.
    BadRedirect(String),
    /// More redirects than are followed, or in a circle.
    TooManyRedirects,
    /// It took too long.
    TimeOut(Phase),
    /// The connection was refused or broke, and how.
    Connection(String),
    /// What came is no HTTP, or its body cannot be read.
    Protocol(String),
    /// The host failed too often in this run, or wanted to be left alone longer than the policy waits: see
    /// [`Replies::left_alone`](super::Replies::left_alone).
    LeftAlone,
}

/// What took too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// To connect, encryption included.
    Connect,
    /// To answer.
    FirstByte,
    /// To send what is needed of the body.
    Whole,
}

/// What the first bytes of a body are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// An image of this format.
    Png,
    /// An image of this format.
    Jpeg,
    /// An image of this format.
    Gif,
    /// An image of this format.
    WebP,
    /// An image of this format.
    Avif,
    /// An image of this format.
    Svg,
    /// An image of this format.
    Bmp,
    /// An image of this format.
    Ico,
    /// An image of a format that few browsers show: TIFF, HEIC, JPEG XL.
    RareImage,
    /// A web page.
    Html,
    /// A document.
    Pdf,
    /// Data.
    Json,
    /// Nothing: there is no body.
    Empty,
    /// None of these.
    Unknown,
}

impl Content {
    /// Whether it is an image of any format.
    #[must_use]
    pub fn is_image(self) -> bool {
        !matches!(self, Self::Html | Self::Pdf | Self::Json | Self::Empty | Self::Unknown)
    }
}

impl fmt::Display for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Avif => "AVIF",
            Self::Svg => "SVG",
            Self::Bmp => "BMP",
            Self::Ico => "ICO",
            Self::RareImage => "an image of a rare format",
            Self::Html => "a web page",
            Self::Pdf => "a PDF",
            Self::Json => "JSON",
            Self::Empty => "nothing",
            Self::Unknown => "no image",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchHost => formatter.write_str("its host does not exist"),
            Self::Lookup(why) => write!(formatter, "its host cannot be looked up: {why}"),
            Self::Tls(why) => write!(formatter, "its encryption cannot be trusted: {why}"),
            Self::Guarded(address) => write!(formatter, "{address} is no public address, and is not asked"),
            Self::BadRedirect(to) => write!(formatter, "it redirects to \"{to}\", which is not asked"),
            Self::TooManyRedirects => formatter.write_str("its redirects do not end"),
            Self::TimeOut(Phase::Connect) => formatter.write_str("no connection in time"),
            Self::TimeOut(Phase::FirstByte) => formatter.write_str("no answer in time"),
            Self::TimeOut(Phase::Whole) => formatter.write_str("no body in time"),
            Self::Connection(why) => write!(formatter, "no connection: {why}"),
            Self::Protocol(why) => write!(formatter, "its answer cannot be read: {why}"),
            Self::LeftAlone => formatter.write_str("its host was left alone"),
        }
    }
}

impl Reply {
    /// A reply of which no more is known than how it ended: no request is counted, and nothing was seen of a body.
    #[must_use]
    pub fn new(outcome: Outcome, depth: Depth) -> Self {
        Self {
            outcome,
            hops: Vec::new(),
            attempts: 0,
            milliseconds: 0,
            media_type: None,
            content: None,
            bytes: None,
            pixels: None,
            depth,
        }
    }

    /// The address that the last request went to, where `asked` is the one that was asked.
    #[must_use]
    pub fn end<'a>(&'a self, asked: &'a str) -> &'a str {
        self.hops.last().map_or(asked, |hop| hop.to.as_str())
    }

    /// Whether its host was left alone, so that nothing is known.
    #[must_use]
    pub fn is_left_alone(&self) -> bool {
        self.outcome == Outcome::Failed(Failure::LeftAlone)
    }

    /// The address that its permanent redirects lead to: where the first of them that is only for now begins, or the
    /// end. `None` where the first redirect is none.
    #[must_use]
    pub fn moved_to(&self) -> Option<&str> {
        self.hops.iter().take_while(|hop| hop.is_permanent()).last().map(|hop| hop.to.as_str())
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.outcome {
            Outcome::Status(status) => Some(status),
            Outcome::Failed(_) => None,
        }
    }
}
