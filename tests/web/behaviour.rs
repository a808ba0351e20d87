//! What a path makes the server do.
//!
//! A path is read from left to right: how, then what. What stands behind is not looked at, so that one behaviour has as
//! many addresses as a test wants: `/slow-head-50/png/1`, `/slow-head-50/png/2`.
//!
//! | how | |
//! |---|---|
//! | `head-405` | `HEAD` is answered with this status |
//! | `head-hangs` | `HEAD` is not answered |
//! | `first-2-503` | the first two requests for this address are answered with this status |
//! | `retry-after-2`, `retry-date-2` | 429 and 503 say when to come again: in seconds, as a date |
//! | `slow-head-50`, `slow-body-50` | so many milliseconds before the head, and in the middle of the body |
//! | `no-range` | `Range` is ignored |
//! | `gzip`, `br` | the body is packed, whether that was asked for or not |
//! | `chunked` | the length is not told |
//! | `padded-2000000` | the body is this long |
//! | `short`, `cut` | the connection is closed, or broken, in the middle of the body |
//! | `as-page`, `as-png`, `as-octets`, `as-text`, `untyped` | `Content-Type` says so, or is not sent |
//!
//! | what | |
//! |---|---|
//! | `png`, `png-4000x3000` and so on | an image, 2 by 2 or of this size |
//! | `truncated` | the first twelve bytes of a PNG |
//! | `page`, `pdf`, `json`, `empty` | no image |
//! | `status-404` | a page with this status |
//! | `big`, `endless` | 100 MB that are no image; without end |
//! | `bomb` | spaces without end, packed a thousandfold |
//! | `hang`, `reset`, `close`, `garbage` | no answer: nothing, a broken connection, a closed one, no HTTP |
//! | `flood` | headers without end |
//! | `redirect-301` | to what the query says, as it stands |
//! | `nowhere-302` | to nowhere: there is no `Location` |
//! | `chain-3-302` | so many redirects with this status, then a PNG |
//! | `circle-3-302` | as many, and then from the beginning |

use std::io::Write as _;
use std::time::{Duration, SystemTime};

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};
use hyper::Method;
use hyper::body::Bytes;

use super::body::{Order, Part};
use super::images;

/// What a request asks for.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// The `Range` header.
    pub(super) range: Option<&'a str>,
    /// How often the same was asked before.
    pub(super) before: usize,
}

/// What is done about it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Before anything else.
    pub(super) pause: Duration,
    pub(super) hangs: bool,
    pub(super) order: Option<Order>,
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) parts: Vec<Part>,
}

/// How a body is sent.
#[derive(Debug, Default)]
struct How {
    pause: Duration,
    middle: Option<Part>,
    ignores_range: bool,
    packing: Option<&'static str>,
    is_chunked: bool,
    padding: usize,
    media_type: Option<&'static str>,
    again: Option<String>,
}

const PAGE: &str = "<!doctype html>\n<html lang=\"en\"><title>Doors</title><p>A door.</p></html>\n";

/// How large the pieces of large bodies are.
const PIECE: usize = 16 << 10;

/// What this path makes of this request.
pub(super) fn plan(wish: &Wish<'_>) -> Plan {
    let mut how = How::default();
    for word in wish.path.trim_start_matches('/').split('/') {
        let (name, number) = split(word);
        match name {
            "head" if wish.method == Method::HEAD => return page(&how, number),
            "head-hangs" if wish.method == Method::HEAD => return Plan { hangs: true, ..Plan::default() },
            "head" | "head-hangs" => {}
            "slow-head" => how.pause = Duration::from_millis(number.into()),
            "slow-body" => how.middle = Some(Part::Pause(Duration::from_millis(number.into()))),
            "short" => how.middle = Some(Part::Order(Order::Close)),
            "cut" => how.middle = Some(Part::Order(Order::Reset)),
            "no-range" => how.ignores_range = true,
            "gzip" => how.packing = Some("gzip"),
            "br" => how.packing = Some("br"),
            "chunked" => how.is_chunked = true,
            "padded" => how.padding = number as usize,
            "as-page" => how.media_type = Some("text/html; charset=utf-8"),
            "as-png" => how.media_type = Some("image/png"),
            "as-octets" => how.media_type = Some("application/octet-stream"),
            "as-text" => how.media_type = Some("text/plain"),
            "untyped" => how.media_type = Some(""),
            "retry-after" => how.again = Some(number.to_string()),
            "retry-date" => how.again = Some(date(Duration::from_secs(number.into()))),
            _ => {
                let Some((times, status)) = name.strip_prefix("first-").map(|times| (times, number)) else {
                    return what(word, how, wish);
                };
                if wish.before < times.parse().unwrap_or(0) {
                    return page(&how, status);
                }
            }
        }
    }
    page(&how, 599)
}

/// A word, and the number at its end: `head-405` is `head` and 405.
fn split(word: &str) -> (&str, u32) {
    let cut = word.rsplit_once('-').and_then(|(name, number)| Some((name, number.parse().ok()?)));
    cut.unwrap_or((word, 0))
}

fn what(word: &str, how: How, wish: &Wish<'_>) -> Plan {
    let pause = how.pause;
    let order = |order| Plan { pause, order: Some(order), ..Plan::default() };
    let (name, number) = split(word);
    match name {
        "page" => body(how, wish, "text/html; charset=utf-8", PAGE.into()),
        "pdf" => body(how, wish, "application/pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec()),
        "json" => body(how, wish, "application/json", b"{\"door\": true}\n".to_vec()),
        "empty" => body(how, wish, "image/png", Vec::new()),
        "truncated" => {
            let (media_type, bytes) = images::image("png", 2, 2).expect("PNG is known");
            body(how, wish, media_type, bytes[..12].to_vec())
        }
        "status" => page(&how, number),
        "hang" => Plan { hangs: true, ..Plan::default() },
        "reset" => order(Order::Reset),
        "close" => order(Order::Close),
        "flood" => order(Order::Flood),
        "garbage" => order(Order::Say(b"220 mail.test ESMTP\r\n\r\n")),
        "big" => stream(&how, Some(100_000_000 / PIECE as u64), "image/png", vec![0; PIECE]),
        "endless" => stream(&how, None, "image/png", vec![0; PIECE]),
        "bomb" => stream(&How { packing: Some("gzip"), ..how }, None, "image/svg+xml", packed_spaces()),
        "redirect" => redirect(&how, number, Some(wish.query)),
        "nowhere" => redirect(&how, number, None),
        _ => {
            if let Some(left) = name.strip_prefix("chain-") {
                return match left.parse().unwrap_or(0_u32) {
                    0 => what("png", how, wish),
                    left => redirect(&how, number, Some(&format!("/chain-{}-{number}", left - 1))),
                };
            }
            if let Some(round) = name.strip_prefix("circle-") {
                let round = round.parse().unwrap_or(1_usize);
                let at: usize = wish.path.rsplit('/').next().and_then(|at| at.parse().ok()).unwrap_or(0);
                return redirect(&how, number, Some(&format!("/{word}/{}", (at + 1) % round)));
            }
            picture(word, how, wish)
        }
    }
}

/// `png` or `png-4000x3000`.
fn picture(word: &str, how: How, wish: &Wish<'_>) -> Plan {
    let size = word.rsplit_once('-').and_then(|(format, size)| {
        let (width, height) = size.split_once('x')?;
        Some((format, width.parse().ok()?, height.parse().ok()?))
    });
    let (format, width, height) = size.unwrap_or((word, 2, 2));
    match images::image(format, width, height) {
        Some((media_type, bytes)) => body(how, wish, media_type, bytes),
        // Nobody takes that for an answer that a test waits for.
        None => page(&how, 599),
    }
}

/// A page with this status.
fn page(how: &How, status: u32) -> Plan {
    let mut headers =
        vec![("content-type", "text/html".to_owned()), ("content-length", PAGE.len().to_string())];
    headers.extend(how.again.clone().map(|again| ("retry-after", again)));
    let status = u16::try_from(status).expect("a status has three digits");
    // These have no body (RFC 9110, 15.3.5 and 15.4.5).
    if matches!(status, 204 | 304) {
        return Plan { pause: how.pause, status, ..Plan::default() };
    }
    Plan { pause: how.pause, status, headers, parts: vec![Part::Bytes(PAGE.into())], ..Plan::default() }
}

fn redirect(how: &How, status: u32, to: Option<&str>) -> Plan {
    let mut plan = page(how, status);
    plan.headers.extend(to.map(|to| ("location", to.to_owned())));
    plan
}

/// A body, or the range of it that was asked for.
fn body(how: How, wish: &Wish<'_>, media_type: &str, mut bytes: Vec<u8>) -> Plan {
    bytes.resize(bytes.len().max(how.padding), 0);
    let mut plan = Plan { pause: how.pause, status: 200, ..Plan::default() };
    let media_type = how.media_type.unwrap_or(media_type);
    if !media_type.is_empty() {
        plan.headers.push(("content-type", media_type.to_owned()));
    }
    if let Some(packing) = how.packing {
        bytes = pack(packing, &bytes);
        plan.headers.push(("content-encoding", packing.to_owned()));
    }
    let whole = bytes.len();
    if let Some((from, to)) = wish.range.filter(|_| !how.ignores_range).and_then(range) {
        if from >= whole {
            // RFC 9110, 15.5.17.
            plan.status = 416;
            plan.headers.push(("content-range", format!("bytes */{whole}")));
            bytes = Vec::new();
        } else {
            plan.status = 206;
            let to = to.min(whole - 1);
            plan.headers.push(("content-range", format!("bytes {from}-{to}/{whole}")));
            bytes = bytes[from..=to].to_vec();
        }
    }
    if !how.is_chunked {
        plan.headers.push(("content-length", bytes.len().to_string()));
    }
    let half = Bytes::from(bytes.split_off(bytes.len() / 2));
    plan.parts.push(Part::Bytes(bytes.into()));
    plan.parts.extend(how.middle);
    plan.parts.push(Part::Bytes(half));
    plan
}

/// A body of so many pieces, or without end.
fn stream(how: &How, times: Option<u64>, media_type: &str, piece: Vec<u8>) -> Plan {
    let mut headers = vec![("content-type", how.media_type.unwrap_or(media_type).to_owned())];
    headers.extend(how.packing.map(|packing| ("content-encoding", packing.to_owned())));
    headers.extend(times.map(|times| ("content-length", (times * piece.len() as u64).to_string())));
    let begin = if how.packing.is_some() { GZIP.into() } else { Bytes::new() };
    let parts = vec![Part::Bytes(begin), Part::Again(piece.into(), times.unwrap_or(u64::MAX))];
    Plan { pause: how.pause, status: 200, headers, parts, ..Plan::default() }
}

/// How a packed body begins (RFC 1952, 2.3): no name, no time.
const GZIP: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A megabyte of spaces as a part of a packed body that can be repeated.
fn packed_spaces() -> Vec<u8> {
    let mut packed = Vec::with_capacity(PIECE);
    Compress::new(Compression::fast(), false)
        .compress_vec(&vec![b' '; 1 << 20], &mut packed, FlushCompress::Full)
        .expect("spaces can be packed");
    packed
}

fn pack(packing: &str, bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    if packing == "gzip" {
        let mut gzip = GzEncoder::new(&mut packed, Compression::fast());
        gzip.write_all(bytes).and_then(|()| gzip.finish().map(drop)).expect("a Vec takes all");
    } else {
        let mut brotli = brotli::CompressorWriter::new(&mut packed, 4096, 1, 16);
        brotli.write_all(bytes).expect("a Vec takes all");
        drop(brotli);
    }
    packed
}

/// The first and last byte of `bytes=0-4095`.
fn range(header: &str) -> Option<(usize, usize)> {
    let (from, to) = header.strip_prefix("bytes=")?.split_once('-')?;
    Some((from.parse().ok()?, if to.is_empty() { usize::MAX } else { to.parse().ok()? }))
}

/// The day and time that is so far away, as HTTP writes it.
fn date(away: Duration) -> String {
    let then = jiff::Timestamp::try_from(SystemTime::now() + away).expect("no test runs in the year 9999");
    then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
