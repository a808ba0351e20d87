//! How far bodies are read, and what is made of those that are not as they should be.

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0";

/// An answer with a body.
fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let length = if head.contains("Content-Length") {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    [format!("HTTP/1.1 {head}\r\n{length}\r\n").as_bytes(), body].concat()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(pair).collect()
}

/// What an answer is taken for.
fn content(answer: Vec<u8>, depth: Depth) -> Result<Option<Content>, Failure> {
    get(&Server::breaking_off(answer).url("/"), depth).map(|head| head.content)
}

#[test]
fn the_first_bytes_tell_type_and_size() {
    let server = Server::sending(answer(
        "206 Partial Content\r\nContent-Type: image/png\r\nContent-Range: bytes 0-28/123456",
        PNG,
    ));
    let head = Head {
        status: 206,
        media_type: Some("image/png".to_owned()),
        content: Some(Content::Png),
        bytes: Some(123_456),
        ..Head::default()
    };
    assert_eq!(get(&server.url("/"), Depth::Type), Ok(head.clone()));
    assert_eq!(get(&server.url("/"), Depth::Size), Ok(Head { pixels: Some((640, 480)), ..head.clone() }));
    assert_eq!(get(&server.url("/"), Depth::Head), Ok(Head { content: None, ..head }));
    let server = Server::sending(answer("200 OK", PNG));
    assert_eq!(get(&server.url("/"), Depth::Size).unwrap().bytes, Some(PNG.len() as u64));
    // What an error page looks like says nothing about what is missing.
    let server = Server::sending(answer("404 Not Found", b"<html>"));
    assert_eq!(get(&server.url("/"), Depth::Size).unwrap().content, None);
    let server = Server::sending(answer("206 Partial Content\r\nContent-Range: bytes 0-28/*", PNG));
    assert_eq!(get(&server.url("/"), Depth::Type).unwrap().bytes, None);
}

#[test]
fn a_body_without_end_is_read_as_far_as_it_is_needed() {
    for beginning in [PNG, b"<!-- ", b"{\"", b"plain"] {
        let server = Server::start(move |stream, _| {
            let mut whole = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
            whole.extend(beginning);
            let mut write = stream.write_all(&whole);
            while write.is_ok() {
                write = stream.write_all(&[b'-'; 1000]);
            }
            false
        });
        let head = get(&server.url("/"), Depth::Size).unwrap();
        let expected = match beginning[0] {
            0x89 => Content::Png,
            b'{' => Content::Json,
            _ => Content::Unknown,
        };
        assert_eq!(head.content, Some(expected));
    }
}

#[test]
fn a_slow_body_ends_with_what_is_needed() {
    // One byte at a time would take longer than the test, if all of them were waited for.
    let server = Server::start(|stream, _| {
        let mut write = stream.write_all(&answer("200 OK\r\nContent-Length: 60000", PNG));
        while write.is_ok() {
            thread::sleep(milliseconds(200));
            write = stream.write_all(b"x");
        }
        false
    });
    let landing = land(&hopper(&here()), &errand(&server.url("/"), Method::Get, Depth::Size));
    assert_eq!(landing.result.unwrap().pixels, Some((640, 480)));
    assert!(landing.time < Duration::from_secs(20), "{:?}", landing.time);
    // What it is, is known; how large it is, will not be.
    let server = Server::start(|stream, _| {
        stream.write_all(&answer("200 OK\r\nContent-Length: 60000", &PNG[..12])).unwrap();
        thread::park();
        false
    });
    let time_outs = TimeOuts { whole: milliseconds(500), ..TimeOuts::default() };
    let hopper = hopper(&Policy { time_outs, ..here() });
    let head = land(&hopper, &errand(&server.url("/"), Method::Get, Depth::Size)).result.unwrap();
    assert_eq!((head.content, head.pixels), (Some(Content::Png), None));
}

#[test]
fn a_body_that_breaks_off_is_judged_by_what_came() {
    let cut = |body: &[u8]| content(answer("200 OK\r\nContent-Length: 5000", body), Depth::Size);
    assert_eq!(cut(PNG), Ok(Some(Content::Png)));
    assert_eq!(cut(&PNG[..9]), Ok(Some(Content::Png)));
    assert_eq!(cut(b"no image"), Ok(Some(Content::Unknown)));
    // Nobody knows what it would have been.
    let broken = Err(Failure::Connection("it was closed before the answer was complete".to_owned()));
    assert_eq!(cut(&PNG[..3]), broken);
    assert_eq!(cut(b""), broken);
    let chunked = |body: &str| {
        content(
            answer("200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9", body.as_bytes()),
            Depth::Type,
        )
    };
    assert_eq!(chunked("ff\r\nGIF89a"), Ok(Some(Content::Gif)));
    assert_eq!(chunked("zz\r\n"), Err(Failure::Protocol("its body cannot be read".to_owned())));
}

#[test]
fn what_is_empty_is_there() {
    for status in ["200 OK", "204 No Content", "206 Partial Content"] {
        assert_eq!(content(answer(status, b""), Depth::Type), Ok(Some(Content::Empty)), "{status}");
    }
    // No byte of it can be had, since it has none.
    let server = Server::sending(answer("416 Range Not Satisfiable\r\nContent-Range: bytes */0", b"<html>"));
    let head = Head { status: 200, content: Some(Content::Empty), bytes: Some(0), ..Head::default() };
    assert_eq!(get(&server.url("/"), Depth::Type), Ok(head.clone()));
    assert_eq!(get(&server.url("/"), Depth::Head), Ok(Head { content: None, ..head }));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_server_that_cannot_give_the_first_bytes_is_asked_for_all() {
    for refusal in ["416 Range Not Satisfiable", "206 Partial Content\r\nContent-Range: bytes 100-128/5000"] {
        let server = Server::start(move |stream, head| {
            let bytes = match sent(head, "range") {
                Some(_) => answer(refusal, b"else"),
                None => answer("200 OK", PNG),
            };
            stream.write_all(&bytes).is_ok()
        });
        let head = get(&server.url("/"), Depth::Type).unwrap();
        assert_eq!((head.status, head.content), (200, Some(Content::Png)), "{refusal}");
        assert_eq!(server.requests().len(), 2);
    }
    // It is asked twice, and not for ever.
    let server = Server::sending(answer("416 Range Not Satisfiable", b""));
    assert_eq!(get(&server.url("/"), Depth::Type).unwrap().status, 416);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_svg_that_begins_late_is_asked_for_more() {
    let svg = format!("<?xml version='1.0'?><!--{}--><svg width='2' height='3'>", " ".repeat(6000));
    let server = Server::start(move |stream, head| {
        let last: usize = sent(head, "range").unwrap().rsplit('-').next().unwrap().parse().unwrap();
        let part = &svg.as_bytes()[..svg.len().min(last + 1)];
        let head = format!("206 Partial Content\r\nContent-Range: bytes 0-{}/{}", part.len() - 1, svg.len());
        stream.write_all(&answer(&head, part)).is_ok()
    });
    assert_eq!(get(&server.url("/"), Depth::Type).unwrap().content, Some(Content::Svg));
    assert_eq!(server.requests().len(), 2);
    assert_eq!(get(&server.url("/"), Depth::Size).unwrap().pixels, Some((2, 3)));
    assert_eq!(server.requests().len(), 3);
}

/// `<svg width='2' height='3'>`, packed.
const GZIP: &str =
    "1f8b0800000000000203b3292e4b5728cf4c29c9b055375257c848cd4ccf28b1553756b7030016e52bcf1a000000";
const BROTLI: &str = "1b1900f88d94a9eb538bf0f8cca933bb94c414602a1882f21a1d20";

#[test]
fn packed_bodies_are_unpacked() {
    for (encoding, packed) in [("gzip", GZIP), ("br", BROTLI)] {
        let packed = bytes(packed);
        let server = Server::sending(answer(&format!("200 OK\r\nContent-Encoding: {encoding}"), &packed));
        let head = get(&server.url("/"), Depth::Size).unwrap();
        assert_eq!((head.content, head.pixels), (Some(Content::Svg), Some((2, 3))), "{encoding}");
        // Nothing of them would be read after a HEAD.
        assert_eq!(ask(&server.url("/"), Method::Head, Depth::Head).unwrap().status, 200);
        // Cut off before there is anything, and no such thing at all.
        let cut = answer(&format!("200 OK\r\nContent-Encoding: {encoding}"), &packed[..4]);
        let wrong = answer(&format!("200 OK\r\nContent-Encoding: {encoding}"), &[0xab; 100]);
        for broken in [cut, wrong] {
            let failure = content(broken, Depth::Type).unwrap_err();
            assert!(matches!(failure, Failure::Protocol(_) | Failure::Connection(_)), "{failure:?}");
        }
    }
}

#[test]
fn a_bomb_costs_no_more_than_any_body() {
    // A comment that opens; each byte of zero is 158 spaces more, and it never ends.
    let beginning = bytes("1f8b0800000000000203edc1310100000803a02a1a600dd63f97217c816e32");
    let server = Server::start(move |stream, _| {
        let mut write = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
        write = write.and_then(|()| stream.write_all(&beginning));
        while write.is_ok() {
            write = stream.write_all(&[0; 4096]);
        }
        false
    });
    assert_eq!(get(&server.url("/"), Depth::Type).unwrap().content, Some(Content::Unknown));
    // The same in 119 bytes: 64 MiB.
    let bomb = "cbffff3ff825006a90c30a016294b5f77ff8ffff07bf04401c1601e8defff1ffff0f7e0980382c00d0bdffe3ffff1ffc1200715800a0\
                7bffc7ffff3ff82500e2b00040f7fe8fffff7ff04b00c4610180eefd1fffffffe0970088c30200ddfb3ffeffffc12f0110870500baf7\
                7f5100805f022008080000";
    let server = Server::sending(answer("200 OK\r\nContent-Encoding: br", &bytes(bomb)));
    assert_eq!(get(&server.url("/"), Depth::Type).unwrap().content, Some(Content::Unknown));
}
