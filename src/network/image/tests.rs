//! Images of each format, whole and cut off, and much that is none.

use proptest::prelude::*;

use super::*;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0");
    bytes
}

/// A JPEG whose header has a thumbnail of its own, as those of cameras have.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let frame = |width: u16, height: u16| {
        let mut bytes = b"\xff\xc2\0\x11\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01");
        bytes
    };
    let mut thumbnail = b"Exif\0\0\xff\xd8".to_vec();
    thumbnail.extend(frame(160, 120));
    let mut bytes = b"\xff\xd8\xff\xe1".to_vec();
    bytes.extend(u16::try_from(thumbnail.len() + 2).unwrap().to_be_bytes());
    bytes.extend(thumbnail);
    // A table, then bytes that fill up, which may stand before any marker.
    bytes.extend(b"\xff\xc4\0\x04ab\xff\xff\xff");
    bytes.extend(frame(width, height));
    bytes.extend(b"\xff\xda\0\x08data");
    bytes
}

fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(content.len() + 8).unwrap().to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(content);
    bytes
}

fn avif(width: u32, height: u32) -> Vec<u8> {
    let ispe = |width: u32, height: u32| {
        boxed(*b"ispe", &[&[0; 4][..], &width.to_be_bytes(), &height.to_be_bytes()].concat())
    };
    // A tile first, then the whole.
    let ipco = boxed(*b"ipco", &[ispe(64, 64), ispe(width, height)].concat());
    let meta = boxed(*b"meta", &[vec![0; 4], boxed(*b"hdlr", &[0; 20]), boxed(*b"iprp", &ipco)].concat());
    [boxed(*b"ftyp", b"avif\0\0\0\0mif1miaf"), meta, boxed(*b"mdat", b"data")].concat()
}

fn bmp(header: &[u8]) -> Vec<u8> {
    [b"BM\0\0\0\0\0\0\0\0\x36\0\0\0", header].concat()
}

fn webp(chunk: &[u8]) -> Vec<u8> {
    [b"RIFF\x24\0\0\0WEBP", chunk].concat()
}

/// One of each format with a size, 640 × 480.
fn images() -> Vec<(&'static str, Vec<u8>, Content)> {
    let ico =
        b"\0\0\x01\0\x02\0\x10\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\x30\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    vec![
        ("png", png(640, 480), Content::Png),
        ("jpeg", jpeg(640, 480), Content::Jpeg),
        ("gif", b"GIF89a\x80\x02\xe0\x01\xf7\0\0\0\0\0".to_vec(), Content::Gif),
        ("webp, lossy", webp(b"VP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x80\x42\xe0\x81\0\0"), Content::WebP),
        ("webp, lossless", webp(b"VP8L\x18\0\0\0\x2f\x7f\xc2\x77\0\0\0\0\0"), Content::WebP),
        ("webp, extended", webp(b"VP8X\x0a\0\0\0\x10\0\0\0\x7f\x02\0\xdf\x01\0"), Content::WebP),
        ("avif", avif(640, 480), Content::Avif),
        ("svg", b"<svg width='640' height='480'/>".to_vec(), Content::Svg),
        ("bmp", bmp(b"\x28\0\0\0\x80\x02\0\0\xe0\x01\0\0"), Content::Bmp),
        ("bmp from top to bottom", bmp(b"\x28\0\0\0\x80\x02\0\0\x20\xfe\xff\xff"), Content::Bmp),
        ("bmp of the oldest kind", bmp(b"\x0c\0\0\0\x80\x02\xe0\x01\x01\0\x18\0"), Content::Bmp),
        ("ico", ico, Content::Ico),
    ]
}

#[test]
fn each_format_is_known_by_its_first_bytes_and_says_its_size() {
    for (name, bytes, content) in images() {
        assert_eq!(sniff(&bytes), content, "{name}");
        let size = if content == Content::Ico { (64, 48) } else { (640, 480) };
        assert_eq!(pixels(&bytes, content), Some(size), "{name}");
    }
}

#[test]
fn what_is_cut_off_says_nothing_or_the_same() {
    for (name, bytes, content) in images() {
        let whole = pixels(&bytes, content);
        for end in 0..bytes.len() {
            let cut = &bytes[..end];
            let told = pixels(cut, content);
            assert!(told.is_none() || told == whole, "{name}, {end} bytes: {told:?}");
            assert!(matches!(look(cut), Look::Open) || look(cut) == Look::Is(content), "{name}, {end} bytes");
        }
    }
}

#[test]
fn other_contents_are_known_as_well() {
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        [0xfe, 0xff].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let svg_16 = utf16("<?xml version='1.0' encoding='UTF-16'?><svg>");
    let long = format!("<!--{}--><svg ", "-".repeat(5000));
    let cases: &[(&[u8], Content)] = &[
        (b"", Content::Empty),
        (b"GIF87a", Content::Gif),
        (b"\0\0\x02\0", Content::Ico),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Content::Avif),
        (b"\0\0\0\x18ftypavis\0\0\0\0msf1miaf", Content::Avif),
        // Rare.
        (b"II*\0\x08\0\0\0", Content::RareImage),
        (b"MM\0*\0\0\0\x08", Content::RareImage),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Content::RareImage),
        (b"\xff\x0a\x7a", Content::RareImage),
        (b"\0\0\0\x0cJXL \r\n\x87\n", Content::RareImage),
        (b"\0\0\0\x0cjP  \r\n\x87\n", Content::RareImage),
        (b"\xff\x4f\xff\x51\0", Content::RareImage),
        (b"8BPS\0\x01", Content::RareImage),
        // Films are no images, and a list of brands without an end is none.
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", Content::Unknown),
        (b"\xff\xff\xff\xf0ftypmp42\0\0\0\0avif", Content::Unknown),
        // SVG.
        (b"<svg>", Content::Svg),
        (b"\xef\xbb\xbf <svg xmlns=''>", Content::Svg),
        (b"<?xml version=\"1.0\"?>\n<!-- by hand -->\n<svg/>", Content::Svg),
        (b"<?xml version='1.0'?><?xml-stylesheet href='a.css'?><svg:svg x=''>", Content::Svg),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://a.test/svg>'><svg >", Content::Svg),
        (b"<!DOCTYPE svg [<!-- don't --><!ENTITY ns '>]'> ]><svg >", Content::Svg),
        (&svg_16, Content::Svg),
        (long.as_bytes(), Content::Svg),
        // Pages.
        (b"<!doctype html>", Content::Html),
        (b"\r\n <!DOCTYPE HTML PUBLIC ''>", Content::Html),
        (b"<!-- a page --><html>", Content::Html),
        (b"<html lang='en'><svg>", Content::Html),
        (b"<HTML>", Content::Html),
        (b"<p>", Content::Html),
        (b"<!-- only a comment --> text", Content::Html),
        (b"<!DOCTYPE html><svg>", Content::Html),
        // Data.
        (b"%PDF-1.7", Content::Pdf),
        (b"{\"error\": 404}", Content::Json),
        (b" [ {", Content::Json),
        (b"[null]", Content::Json),
        (b"{}", Content::Json),
        // None of them.
        (b"Not found", Content::Unknown),
        (b"BMW has no bitmap here", Content::Unknown),
        (b"RIFF\0\0\0\0WAVEfmt ", Content::Unknown),
        (b"<rss version='2.0'>", Content::Unknown),
        (b"<?xml version='1.0'?><feed>", Content::Unknown),
        (b"<svgfoo>", Content::Unknown),
        (b"<a", Content::Unknown),
        (b"<abc>", Content::Unknown),
        (b"[section]", Content::Unknown),
        (b"{{ template }}", Content::Unknown),
        (b"\x1f\x8b\x08", Content::Unknown),
        (b"\x89PN", Content::Unknown),
    ];
    for (bytes, content) in cases {
        assert_eq!(sniff(bytes), *content, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
    }
}

#[test]
fn an_svg_has_the_size_that_a_browser_gives_it() {
    let cases = [
        ("width='640' height=\"480\"", Some((640, 480))),
        ("width = '640px' height='480.4px'", Some((640, 480))),
        ("width='1in' height='2.54cm'", Some((96, 96))),
        ("width='25.4mm' height='72pt'", Some((96, 96))),
        ("width='6pc' height='101.6Q'", Some((96, 96))),
        ("viewBox='0 0 24 12'", Some((24, 12))),
        ("viewBox='0,0,24,12' width='100%' height='auto'", Some((24, 12))),
        ("viewBox='0 0 24 12' width='48'", Some((48, 24))),
        ("height='48' viewBox='-1 -1 24 12'", Some((96, 48))),
        ("width='100%' height='100%'", None),
        ("width='640'", None),
        ("width='1e9999' height='1'", None),
        ("width='-4' height='3'", None),
        ("width='99999999999' height='1'", None),
        ("viewBox='0 0 nan inf'", None),
        ("viewBox='0 0 0 0'", None),
        ("data-width='640' data-height='480'", None),
        ("title='width=\"1\" >' width='640' height='480'", Some((640, 480))),
        ("width=640 height=480", None),
    ];
    for (attributes, size) in cases {
        let text = format!(
            "<?xml version='1.0'?>\n<!-- <svg width='1' height='1'> -->\n<svg {attributes}><g width='1'/>"
        );
        assert_eq!(pixels(text.as_bytes(), Content::Svg), size, "{attributes}");
    }
}

#[test]
fn claims_that_cannot_be_are_no_sizes() {
    assert_eq!(pixels(&png(u32::MAX, 1), Content::Png), None);
    assert_eq!(pixels(&png(0, 480), Content::Png), None);
    assert_eq!(pixels(&jpeg(640, 0), Content::Jpeg), None);
    assert_eq!(pixels(&avif(u32::MAX, u32::MAX), Content::Avif), None);
    // A chunk of another's before the header.
    let mut other = png(640, 480);
    other.splice(8..8, *b"\0\0\0\x04CgBI\x50\0\x20\x02\x2b\xd5\xb3\x7f");
    assert_eq!(pixels(&other, Content::Png), None);
}

const CONTENTS: [Content; 14] = [
    Content::Png,
    Content::Jpeg,
    Content::Gif,
    Content::WebP,
    Content::Avif,
    Content::Svg,
    Content::Bmp,
    Content::Ico,
    Content::RareImage,
    Content::Html,
    Content::Pdf,
    Content::Json,
    Content::Empty,
    Content::Unknown,
];

/// Beginnings of formats, for what follows them to be wrong.
fn beginning() -> impl Strategy<Value = Vec<u8>> {
    let mut known: Vec<Vec<u8>> = images().into_iter().map(|(_, bytes, _)| bytes).collect();
    known.extend([
        b"<!DOCTYPE svg [<!".to_vec(),
        b"<?xml ?><!--".to_vec(),
        b"<svg viewBox='".to_vec(),
        vec![],
    ]);
    prop::sample::select(known)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn hostile_bytes_do_no_harm_and_what_they_are_they_stay(
        known in beginning(),
        cut in 0usize..80,
        hit in 0usize..80,
        value: u8,
        more in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = known;
        bytes.truncate(cut);
        bytes.extend(more);
        if let Some(byte) = bytes.get_mut(hit) {
            *byte = value;
        }
        for content in CONTENTS {
            pixels(&bytes, content);
        }
        let mut first = Look::Open;
        for end in 0..=bytes.len() {
            let now = look(&bytes[..end]);
            prop_assert!(first == Look::Open || now == first, "{end} bytes: {first:?}, {now:?}");
            first = now;
        }
        prop_assert_eq!(sniff(&bytes).is_image(), matches!(look(&bytes), Look::Is(content) if content.is_image()));
    }
}
