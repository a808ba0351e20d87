//! What is sent for an image: which type it has, and how large it is.

use super::super::web::Server;
use super::Office;
use super::Said::{self, Fine, Wrong};

fn error(part: &str) -> Said<'_> {
    Wrong("error", "image-type", part)
}

#[test]
fn every_format_that_browsers_show_is_an_image() {
    let server = Server::new();
    let cases = ["/png", "/jpeg", "/gif", "/webp", "/avif", "/svg", "/bmp", "/ico"].map(|path| (path, Fine));
    Office::new(&server).judges(&cases);
    let server = Server::new();
    let plain =
        ["/no-range/png", "/no-range/svg", "/gzip/svg", "/br/svg", "/gzip/no-range/png", "/br/no-range/jpeg"];
    let plain = plain.map(|path| (path, Fine));
    let named = ["/untyped/png", "/as-octets/webp", "/as-png/jpeg", "/chunked/gif"].map(|path| (path, Fine));
    Office::new(&server).judges(&[&plain[..], &named].concat());
}

#[test]
fn what_is_no_image_is_found_whatever_it_is_called() {
    let server = Server::new();
    Office::new(&server).judges(&[
        ("/page", error("a web page")),
        ("/as-png/page", error("a web page")),
        ("/untyped/page", error("a web page")),
        ("/no-range/gzip/page", error("a web page")),
        ("/no-range/br/page", error("a web page")),
        ("/redirect-302?/page", error("a web page")),
        ("/pdf", error("a PDF")),
        ("/json", error("JSON")),
        // Asked for a part of nothing, it says 416.
        ("/empty", error("empty")),
        ("/no-range/empty", error("empty")),
        ("/chunked/no-range/empty", error("empty")),
        ("/as-text/svg", error("SVG")),
        ("/as-page/png", Wrong("warning", "image-type", "text/html")),
        ("/tiff", Wrong("warning", "image-type", "few browsers")),
    ]);
}

#[test]
fn a_body_that_breaks_off_is_judged_by_what_came() {
    let server = Server::new();
    let report = Office::new(&server).with("retries", "0").judges(&[
        ("/truncated", Fine),
        ("/short/padded-3000/png", Fine),
        ("/no-range/short/padded-3000/png", Fine),
        ("/no-range/cut/padded-3000/png", Fine),
        ("/no-range/slow-body-100/padded-3000/png", Fine),
    ]);
    report.ended.code(0);
}

#[test]
fn the_size_is_read_from_the_first_bytes() {
    let server = Server::new();
    let small = Wrong("warning", "image-size", "200 pixels wide");
    let cases = [
        ("/png-4000x3000", Fine),
        ("/png-200x900", small),
        ("/jpeg-200x900", small),
        ("/jpeg-late-200x900", small),
        // Its size stands beyond what is read.
        ("/jpeg-later-200x900", Fine),
        ("/gif-200x900", small),
        ("/webp-200x900", small),
        ("/avif-200x900", small),
        ("/bmp-200x900", small),
        ("/ico-200x200", small),
        // It is drawn in any size.
        ("/svg-200x900", Fine),
        ("/no-range/png-200x900", small),
        ("/no-range/padded-900000/jpeg-late-200x900", small),
        ("/padded-2000000/png-4000x3000", Wrong("warning", "image-size", "2,000,000 bytes")),
        ("/no-range/padded-2000000/png-4000x3000", Wrong("warning", "image-size", "2,000,000 bytes")),
        ("/no-range/chunked/padded-2000000/png-4000x3000", Fine),
    ];
    let office = Office::new(&server).besides("rules: {image-size: {level: warning, min-width: 1200}}\n");
    office.judges(&cases);
    let log = server.log();
    assert_eq!(log.len(), cases.len(), "each is asked once: {log:?}");
    assert!(log.iter().all(|entry| entry.method == "GET" && entry.header("range").is_some()), "{log:?}");
}
