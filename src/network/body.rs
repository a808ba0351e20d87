//! The body of an answer, as far as it is needed.

use std::time::Duration;

use reqwest::header::CONNECTION;
use reqwest::{Response, Version};
use tokio::time::timeout;

use super::failure::failure;
use super::image::{Look, look, pixels};
use crate::web::{Content, Depth, Failure, Phase};

/// The most that is read of a body, in bytes, after it is unpacked.
pub(super) const MAX_BODY: usize = 64 << 10;

/// How long the rest of a short body is waited for, so that its connection can be used again. One that comes at all
/// comes with the head; to connect anew costs about as much.
const REST: Duration = Duration::from_millis(500);

/// What was read of a body.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Why less came than is needed.
    pub(super) broken: Option<Failure>,
}

/// Reads until the bytes tell what is wanted, or no more come, or the time is over, or there are [`MAX_BODY`].
pub(super) async fn read(response: &mut Response, depth: Depth, time: Duration) -> Body {
    let mut body = Body { bytes: Vec::new(), broken: None };
    let is_done = timeout(time, read_into(&mut body, response, depth)).await.is_ok();
    if !is_done {
        body.broken = Some(Failure::TimeOut(Phase::Whole));
    }
    body
}

async fn read_into(body: &mut Body, response: &mut Response, depth: Depth) {
    let mut next = 1;
    while body.bytes.len() < MAX_BODY {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = MAX_BODY - body.bytes.len();
                body.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
            }
            Ok(None) => return,
            Err(error) => {
                body.broken = Some(failure(&error));
                return;
            }
        }
        // Not after each byte of those who send one at a time: looking begins from the front.
        if body.bytes.len() >= next {
            if is_enough(&body.bytes, depth) {
                return;
            }
            next = body.bytes.len() + body.bytes.len() / 16 + 1;
        }
    }
}

/// Whether these bytes tell what is wanted, or show that more of them will not.
fn is_enough(bytes: &[u8], depth: Depth) -> bool {
    match (depth, look(bytes)) {
        (_, Look::Open) => false,
        (Depth::Head | Depth::Type, Look::Is(_)) => true,
        (Depth::Size, Look::Is(content)) => {
            !content.is_image() || content == Content::RareImage || pixels(bytes, content).is_some()
        }
    }
}

/// Reads the rest of a short body, without which a connection of HTTP/1 is closed and the next request needs another.
/// `read` bytes of it are read already, and at most `time` is left.
pub(super) async fn finish(mut response: Response, read: usize, time: Duration) {
    let is_last = response
        .headers()
        .get_all(CONNECTION)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
    if is_last || response.version() > Version::HTTP_11 {
        return;
    }
    let room = MAX_BODY.saturating_sub(read) as u64;
    if response.content_length().is_some_and(|rest| rest > room) {
        return;
    }
    let rest = async {
        let mut left = room;
        while let Ok(Some(chunk)) = response.chunk().await {
            match left.checked_sub(chunk.len() as u64) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    // Whether it came in time does not matter: if not, the connection is dropped with the answer.
    let _ = timeout(time.min(REST), rest).await;
}
