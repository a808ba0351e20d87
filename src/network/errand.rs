//! One request that is to be sent, and what came of it.

use std::time::Duration;

use url::Url;

use crate::web::{Content, Depth, Failure, Hop};

/// How an address is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// For the head alone.
    Head,
    /// For the first bytes as well.
    Get,
}

/// One request that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    /// Which question it is for.
    pub(super) question: usize,
    /// Where it goes.
    pub(super) url: Url,
    /// How it is asked.
    pub(super) method: Method,
    /// How much is to be known.
    pub(super) depth: Depth,
    /// The redirects that led here.
    pub(super) hops: Vec<Hop>,
    /// How many requests were sent for the question before this one.
    pub(super) attempts: u32,
    /// How often this request failed for now and was put back.
    pub(super) retries: u32,
}

/// What came of one request.
#[derive(Clone, Debug)]
pub(super) struct Landing {
    /// The answer, or why there is none.
    pub(super) result: Result<Head, Failure>,
    /// How long it took.
    pub(super) time: Duration,
    /// What the server says of its pace.
    pub(super) hints: PaceHints,
}

/// What an answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Its status.
    pub(super) status: u16,
    /// Where it leads, as written.
    pub(super) location: Option<String>,
    /// The `Content-Type` without parameters, in small letters.
    pub(super) media_type: Option<String>,
    /// What its first bytes are, where they were asked for.
    pub(super) content: Option<Content>,
    /// The size of the whole in bytes.
    pub(super) bytes: Option<u64>,
    /// Width and height of an image, where they were asked for and are told.
    pub(super) pixels: Option<(u32, u32)>,
}

/// What a server says of its pace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PaceHints {
    /// `Retry-After`, counted from the answer (RFC 9110, 10.2.3).
    pub(super) retry_after: Option<Duration>,
    /// How many more requests it takes,
    pub(super) remaining: Option<u64>,
    /// until this long from the answer.
    pub(super) reset: Option<Duration>,
}
