//! A web of our own: a server on this machine that behaves as well or as badly as a path says, and remembers all that it
//! was asked.
//!
//! It can be reached under any name that a config leads here (`network.hosts`), plain and encrypted, and serves as a proxy
//! as well: then the path of the whole address says what is answered, and nothing is passed on.

mod behaviour;
mod body;
mod images;
mod limit;
mod log;
mod server;
#[cfg(test)]
mod tests;
mod tls;

pub(super) use limit::{Limit, Tells};
pub(super) use log::{Entry, gaps};
pub(super) use server::{Server, Setup};
pub(super) use tls::{Certificate, authority};
