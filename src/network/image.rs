//! What the first bytes of a body are, and how large the image is that they begin.
//!
//! The signatures are those of the WHATWG MIME Sniffing Standard (<https://mimesniff.spec.whatwg.org/>, 6.1 for images,
//! 7.1 for the rest). It says nothing of AVIF, SVG, JSON and the rare formats; SVG is looked for before HTML, since what
//! is asked is meant to be an image.

mod pixels;
mod text;

use crate::web::Content;

pub(super) use pixels::pixels;

/// What the first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// What it is, whatever follows.
    Is(Content),
    /// Nothing yet: more bytes could tell.
    Open,
}

/// What the bytes of a body are of which no more will come.
pub(super) fn sniff(bytes: &[u8]) -> Content {
    match look(bytes) {
        Look::Is(content) => content,
        Look::Open if bytes.is_empty() => Content::Empty,
        Look::Open => Content::Unknown,
    }
}

/// What bytes are that more may follow. What it is once, it stays.
pub(super) fn look(bytes: &[u8]) -> Look {
    let mut is_open = bytes.is_empty();
    for (signature, content) in SIGNATURES {
        match compare(signature, bytes) {
            Match::Whole => return Look::Is(*content),
            Match::Begun => is_open = true,
            Match::No => {}
        }
    }
    for container in [riff, bmp, brands] {
        match container(bytes) {
            Some(Look::Open) => is_open = true,
            Some(known) => return known,
            None => {}
        }
    }
    match text::look(bytes) {
        Look::Is(Content::Unknown) if is_open => Look::Open,
        told => told,
    }
}

const SIGNATURES: &[(&[u8], Content)] = &[
    (b"\x89PNG\r\n\x1a\n", Content::Png),
    (b"\xff\xd8\xff", Content::Jpeg),
    (b"GIF87a", Content::Gif),
    (b"GIF89a", Content::Gif),
    // An icon, and a cursor, which the standard counts among them.
    (b"\0\0\x01\0", Content::Ico),
    (b"\0\0\x02\0", Content::Ico),
    (b"%PDF-", Content::Pdf),
    // TIFF in both orders of bytes, and BigTIFF.
    (b"II*\0", Content::RareImage),
    (b"MM\0*", Content::RareImage),
    (b"II+\0", Content::RareImage),
    (b"MM\0+", Content::RareImage),
    // JPEG XL, bare and in a container (ISO/IEC 18181-2).
    (b"\xff\x0a", Content::RareImage),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Content::RareImage),
    // JPEG 2000, in a container and bare (ISO/IEC 15444-1).
    (b"\0\0\0\x0cjP  \r\n\x87\n", Content::RareImage),
    (b"\xff\x4f\xff\x51", Content::RareImage),
    // Photoshop.
    (b"8BPS", Content::RareImage),
];

/// How the beginning of some bytes agrees with a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Whole,
    /// There are too few bytes, and they agree so far.
    Begun,
    No,
}

fn compare(signature: &[u8], bytes: &[u8]) -> Match {
    if bytes.starts_with(signature) {
        Match::Whole
    } else if signature.starts_with(bytes) {
        Match::Begun
    } else {
        Match::No
    }
}

/// WebP: `RIFF`, a size, `WEBPVP`.
fn riff(bytes: &[u8]) -> Option<Look> {
    match (compare(b"RIFF", bytes), compare(b"WEBPVP", bytes.get(8..).unwrap_or_default())) {
        (Match::Whole, Match::Whole) => Some(Look::Is(Content::WebP)),
        (Match::No, _) | (_, Match::No) => None,
        _ => Some(Look::Open),
    }
}

/// A bitmap: `BM`, which is all that the standard asks for. Texts begin so, too: so the size of the header that follows
/// must be one that there is.
fn bmp(bytes: &[u8]) -> Option<Look> {
    if compare(b"BM", bytes) == Match::No {
        return None;
    }
    match bytes.get(14..18) {
        None => Some(Look::Open),
        Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]) => Some(Look::Is(Content::Bmp)),
        Some(_) => None,
    }
}

/// The longest list of brands that is read. Those of real images have about 40 bytes.
const MAX_BRANDS: usize = 1024;

/// AVIF and HEIC: a box `ftyp` with brands (ISO/IEC 14496-12, 4.3), as in the standard's 6.2.1.
fn brands(bytes: &[u8]) -> Option<Look> {
    if compare(b"ftyp", bytes.get(4..).unwrap_or_default()) == Match::No {
        return None;
    }
    let Some(&[a, b, c, d, ..]) = bytes.get(..12) else { return Some(Look::Open) };
    let size = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    if !(16..=MAX_BRANDS).contains(&size) || size % 4 != 0 {
        return None;
    }
    let all = &bytes[..bytes.len().min(size)];
    let mut brands = all[8..12].chunks_exact(4).chain(all.get(16..).unwrap_or_default().chunks_exact(4));
    if brands.clone().any(|brand| matches!(brand, b"avif" | b"avis")) {
        Some(Look::Is(Content::Avif))
    } else if bytes.len() < size {
        Some(Look::Open)
    } else {
        let is_heif = |brand: &[u8]| {
            matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1")
        };
        brands.any(is_heif).then_some(Look::Is(Content::RareImage))
    }
}

#[cfg(test)]
mod tests;
