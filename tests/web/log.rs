//! What the server was asked.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::Version;
use hyper::header::HeaderMap;

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// When its head was read.
    pub(crate) at: Instant,
    /// As in `HEAD`.
    pub(crate) method: String,
    /// The path with its query; the whole address where the server was asked as a proxy.
    pub(crate) target: String,
    /// The name and port that the client believes to ask.
    pub(crate) host: String,
    /// All headers.
    pub(crate) headers: HeaderMap,
    /// The version of HTTP.
    pub(crate) version: Version,
    /// The number of the connection, from 0.
    pub(crate) connection: usize,
    /// The status that was answered; `None` where it came to no answer.
    pub(crate) status: Option<u16>,
    /// How many bytes of the body were handed to the system. It takes some megabytes that nobody reads.
    pub(crate) sent: usize,
}

impl Entry {
    /// A header, if it was sent.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII here"))
    }
}

/// All requests, as they come.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    entries: Vec<Entry>,
    /// How often it was connected to.
    connections: usize,
    /// How many requests were read and not yet answered, and the most of them at a time: for each host and over all.
    open: Vec<(String, usize, usize)>,
}

impl Log {
    /// The number of a new connection.
    pub(super) fn connect(&self) -> usize {
        self.book(|book| {
            book.connections += 1;
            book.connections - 1
        })
    }

    /// Writes a request down, and says its number and how often its target was asked before.
    pub(super) fn begin(&self, entry: Entry) -> (usize, usize) {
        self.book(|book| {
            for host in [&*entry.host, ""] {
                let open = book.open(host);
                open.1 += 1;
                open.2 = open.2.max(open.1);
            }
            let before = book.entries.iter().filter(|known| known.is_like(&entry)).count();
            book.entries.push(entry);
            (book.entries.len() - 1, before)
        })
    }

    /// Writes down what is answered to a request, and that it begins.
    pub(super) fn answer(&self, number: usize, status: Option<u16>) {
        self.book(|book| {
            let Some(entry) = book.entries.get_mut(number) else { return };
            entry.status = status;
            let host = entry.host.clone();
            for host in [&*host, ""] {
                book.open(host).1 -= 1;
            }
        });
    }

    /// Writes down that so much more was sent.
    pub(super) fn send(&self, number: usize, bytes: usize) {
        self.book(|book| book.entries[number].sent += bytes);
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.book(|book| book.entries.clone())
    }

    pub(super) fn connections(&self) -> usize {
        self.book(|book| book.connections)
    }

    /// The most requests that were open at a time; of this host (with its port), or with "" of all.
    pub(super) fn most(&self, host: &str) -> usize {
        self.book(|book| book.open(host).2)
    }

    fn book<R>(&self, work: impl FnOnce(&mut Book) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Book {
    fn open(&mut self, host: &str) -> &mut (String, usize, usize) {
        let at = self.open.iter().position(|(known, ..)| known == host).unwrap_or_else(|| {
            self.open.push((host.to_owned(), 0, 0));
            self.open.len() - 1
        });
        &mut self.open[at]
    }
}

impl Entry {
    fn is_like(&self, other: &Self) -> bool {
        (&self.host, &self.target) == (&other.host, &other.target)
    }
}

/// The times between one request and the next.
pub(crate) fn gaps(entries: &[Entry]) -> Vec<Duration> {
    entries.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}
