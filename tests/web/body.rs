//! A body as it is sent: bytes, pauses, and what goes wrong.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Sleep, sleep};

use super::log::Log;

/// What comes next in a body.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// These bytes.
    Bytes(Bytes),
    /// These bytes, so many times.
    Again(Bytes, u64),
    /// Nothing for a while.
    Pause(Duration),
    /// Nothing any more, and no end.
    Hang,
    /// What is done to the connection.
    Order(Order),
}

/// What is done to a connection besides answering.
#[derive(Clone, Debug)]
pub(super) enum Order {
    /// It is broken, so that the other end sees a reset.
    Reset,
    /// It is closed.
    Close,
    /// These bytes are sent instead of an answer, and it is closed.
    Say(&'static [u8]),
    /// A head is sent that does not end.
    Flood,
    /// Whatever comes is passed on to the port with a good certificate, as a proxy does for `CONNECT`.
    Tunnel,
}

/// A body on its way.
#[derive(Debug)]
pub(super) struct Stream {
    parts: VecDeque<Part>,
    pause: Option<Pin<Box<Sleep>>>,
    log: Arc<Log>,
    number: usize,
    orders: UnboundedSender<Order>,
}

impl Stream {
    /// The body for the request of this number, and who obeys its orders.
    pub(super) fn new(
        parts: Vec<Part>,
        log: Arc<Log>,
        number: usize,
        orders: UnboundedSender<Order>,
    ) -> Self {
        Self { parts: parts.into(), pause: None, log, number, orders }
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                if pause.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.pause = None;
            }
            let bytes = match self.parts.pop_front() {
                None => return Poll::Ready(None),
                Some(Part::Again(_, 0)) => continue,
                Some(Part::Again(bytes, times)) => {
                    self.parts.push_front(Part::Again(bytes.clone(), times - 1));
                    bytes
                }
                Some(Part::Bytes(bytes)) => bytes,
                Some(Part::Pause(time)) => {
                    self.pause = Some(Box::pin(sleep(time)));
                    continue;
                }
                Some(Part::Hang) => {
                    self.parts.push_front(Part::Hang);
                    return Poll::Pending;
                }
                Some(Part::Order(order)) => {
                    // A connection that is gone has nobody to obey.
                    let _ = self.orders.send(order);
                    self.parts.push_front(Part::Hang);
                    return Poll::Pending;
                }
            };
            self.log.send(self.number, bytes.len());
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
    }
}
