//! Width and height of an image from its first bytes.
//!
//! All numbers are claims of somebody else: none of them sizes anything here, and what is cut off says nothing rather
//! than something else.

use super::text::{begin, is_svg, name, utf8};
use crate::web::Content;

/// Width and height in pixels, where these first bytes of such an image say so. `None` as well for formats whose header
/// is not read ([`Content::RareImage`]), and for what has no size of its own.
pub(in crate::network) fn pixels(bytes: &[u8], content: Content) -> Option<(u32, u32)> {
    let (width, height) = match content {
        // Some tools of one maker put a chunk of their own before the header, and call that PNG.
        Content::Png if bytes.get(12..16) == Some(b"IHDR") => by_crate(bytes)?,
        Content::Gif => by_crate(bytes)?,
        // The entries of the directory are compared, so all have to be there.
        Content::Ico if bytes.len() >= 6 + 16 * usize::from(u16_le(bytes, 4)?) => by_crate(bytes)?,
        Content::Avif if has_whole_meta(bytes) => by_crate(bytes)?,
        Content::WebP => {
            let (width, height) = by_crate(bytes)?;
            // Two bits of each are a scale (RFC 6386, 9.1).
            if bytes.get(12..16) == Some(b"VP8 ") {
                (width & 0x3fff, height & 0x3fff)
            } else {
                (width, height)
            }
        }
        Content::Jpeg => jpeg(bytes)?,
        Content::Bmp => bmp(bytes)?,
        Content::Svg => svg(&utf8(bytes))?,
        _ => return None,
    };
    // No format has more than this (PNG, 11.2.1), and an image without any pixel is a size that is not told here.
    let is_size = |length: u32| (1..=i32::MAX.unsigned_abs()).contains(&length);
    (is_size(width) && is_size(height)).then_some((width, height))
}

fn by_crate(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Whether the box with all sizes is there as a whole: the largest of them counts, and may be the last.
fn has_whole_meta(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let (Some(size), Some(kind)) = (u32_be(bytes, at), bytes.get(at + 4..at + 8)) {
        // A box of 0 lasts to the end, and one of 1 has a long size: neither is one of these.
        let is_whole = (8..=bytes.len() - at).contains(&(size as usize));
        if !is_whole || kind == b"meta" {
            return is_whole;
        }
        at += size as usize;
    }
    false
}

/// The frame header of a JPEG (ITU T.81, B.1.1.2 and B.2.2). By hand, since the crate takes bytes that fill up
/// (`FF FF C0`) for a segment, and reads a size from within it.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        at += bytes[at..].iter().position(|byte| *byte != 0xff)?;
        let marker = bytes[at];
        at += 1;
        let length = || Some(usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
        match marker {
            // Alone: for a time, restarts, a second beginning.
            0x01 | 0xd0..=0xd8 => {}
            // A frame. (C4, C8 and CC are tables.)
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf if length()? >= 8 => {
                let [a, b, c, d] = *bytes.get(at + 3..at + 7)? else { return None };
                return Some((u16::from_be_bytes([c, d]).into(), u16::from_be_bytes([a, b]).into()));
            }
            // The picture begins, or ends, without a frame.
            0x00 | 0xd9 | 0xda => return None,
            _ => at += length().filter(|length| *length >= 2)?,
        }
    }
}

/// The header of a bitmap: the oldest has short numbers, and a negative height is one from top to bottom.
fn bmp(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(14..18)? == [12, 0, 0, 0] {
        return Some((u16_le(bytes, 18)?.into(), u16_le(bytes, 20)?.into()));
    }
    let side = |at: usize| Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?).unsigned_abs());
    Some((side(18)?, side(22)?))
}

/// The size of an SVG as a browser shows it alone: `width` and `height`, or what the `viewBox` says for those that are
/// missing or relative (SVG 2, 8.2, and CSS Images 3, 5.1).
fn svg(text: &[u8]) -> Option<(u32, u32)> {
    let tag = root(text)?;
    let length = |name: &str| attribute(tag, name).and_then(length);
    let view = attribute(tag, "viewBox").and_then(|view| {
        let numbers: Option<Vec<f64>> =
            view.split([' ', ',', '\n', '\t', '\r']).filter(|part| !part.is_empty()).map(number).collect();
        numbers.filter(|numbers| numbers.len() == 4 && numbers[2] > 0.0 && numbers[3] > 0.0)
    });
    let (width, height) = match (length("width"), length("height"), view.as_deref()) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some([.., wide, high])) => (width, width * high / wide),
        (None, Some(height), Some([.., wide, high])) => (height * wide / high, height),
        (None, None, Some([.., wide, high])) => (*wide, *high),
        _ => return None,
    };
    #[expect(
        clippy::cast_sign_loss,
        reason = "numbers out of bounds become the nearest bound, which is no size"
    )]
    let whole = |length: f64| length.round() as u32;
    Some((whole(width), whole(height)))
}

/// The first tag, if it is one of an SVG and ends.
fn root(text: &[u8]) -> Option<&str> {
    let tag = begin(text)?.rest.strip_prefix(b"<").filter(|tag| is_svg(name(tag)))?;
    let mut quote = None;
    let end = tag.iter().position(|byte| {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'>') => return true,
            _ => {}
        }
        false
    })?;
    std::str::from_utf8(&tag[..end]).ok()
}

/// The value of an attribute of a tag.
fn attribute<'text>(tag: &'text str, wanted: &str) -> Option<&'text str> {
    let mut rest = tag.split_once(|letter: char| letter.is_ascii_whitespace())?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        if name.trim() == wanted {
            return Some(value);
        }
        rest = after;
    }
}

/// A length in pixels (CSS Values 4, 6.2). `None` for one that depends on what is around it.
fn length(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.rfind(|letter: char| letter.is_ascii_digit() || letter == '.')? + 1;
    let (value, unit) = text.split_at(end);
    let pixels = match unit {
        "" | "px" => 1.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "Q" => 96.0 / 101.6,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        _ => return None,
    };
    number(value).map(|value| value * pixels).filter(|value| *value > 0.0)
}

/// A number, and not what else can be read as one, like `inf`.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
