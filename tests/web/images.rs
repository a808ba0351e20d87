//! Small images of each format, made from numbers.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// An image of this format with these pixels; `None` for a format that is not known. All but AVIF can be decoded, as long
/// as they are small: the large ones have a header that says so, and too little behind it.
pub(super) fn image(format: &str, width: u32, height: u32) -> Option<(&'static str, Vec<u8>)> {
    Some(match format {
        "png" => ("image/png", png(width, height)),
        "jpeg" => ("image/jpeg", jpeg(width, height, 0)),
        // The pixels are told behind what a camera writes: within the first 64 KiB, and beyond them.
        "jpeg-late" => ("image/jpeg", jpeg(width, height, 40_000)),
        "jpeg-later" => ("image/jpeg", jpeg(width, height, 120_000)),
        "gif" => ("image/gif", gif(width, height)),
        "webp" => ("image/webp", webp(width, height)),
        "avif" => ("image/avif", avif(width, height)),
        "svg" => ("image/svg+xml", svg(width, height)),
        "bmp" => ("image/bmp", bmp(width, height)),
        "ico" => ("image/x-icon", ico(width, height)),
        "tiff" => ("image/tiff", b"II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec()),
        _ => return None,
    })
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    // Grey in 8 bits: each row is its filter and a byte a pixel.
    let rows = vec![0; (width as usize + 1) * height.min(8) as usize];
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&rows).expect("a Vec takes all");
    let packed = packed.finish().expect("a Vec takes all");
    for (name, data) in [(b"IHDR", header), (b"IDAT", packed), (b"IEND", Vec::new())] {
        bytes.extend((data.len() as u32).to_be_bytes());
        let mut crc = Crc::new();
        crc.update(name);
        crc.update(&data);
        bytes.extend(name);
        bytes.extend(data);
        bytes.extend(crc.sum().to_be_bytes());
    }
    bytes
}

/// A grey JPEG, with this much in front of its size.
fn jpeg(width: u32, height: u32, before: usize) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    for start in (0..before).step_by(60_000) {
        let length = (before - start).min(60_000);
        bytes.extend([0xff, 0xe1]);
        bytes.extend((length as u16 + 2).to_be_bytes());
        bytes.extend(vec![b' '; length]);
    }
    let [width, height] = [width as u16, height as u16].map(u16::to_be_bytes);
    // Quantisation: all ones.
    bytes.extend([0xff, 0xdb, 0, 67, 0]);
    bytes.extend([1; 64]);
    bytes.extend([0xff, 0xc0, 0, 11, 8, height[0], height[1], width[0], width[1], 1, 1, 0x11, 0]);
    // Huffman tables with one code each, `0`, which means nothing: no difference, and the end of a block.
    for table in [0x00, 0x10] {
        bytes.extend([0xff, 0xc4, 0, 20, table, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    // Two bits a block of 8 by 8.
    bytes.extend([0; 64]);
    bytes.extend([0xff, 0xd9]);
    bytes
}

fn gif(width: u32, height: u32) -> Vec<u8> {
    let size = [(width as u16).to_le_bytes(), (height as u16).to_le_bytes()].concat();
    let mut bytes = [b"GIF89a", &size[..], &[0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0]].concat();
    bytes.extend(&size);
    bytes.extend([0, 2, 2, 0x44, 1, 0, 0x3b]);
    bytes
}

/// Lossless: fourteen bits less one for each side, then five codes of one symbol each, so that pixels need no bits.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let sides = (width - 1) & 0x3fff | ((height - 1) & 0x3fff) << 14;
    let mut data = vec![0x2f];
    data.extend(sides.to_le_bytes());
    data.extend([0x88, 0x88, 0x08]);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((4 + 8 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WEBPVP8L");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

/// The boxes of an AVIF without what AV1 would have in them.
fn avif(width: u32, height: u32) -> Vec<u8> {
    let size = [&[0; 4][..], &width.to_be_bytes(), &height.to_be_bytes()].concat();
    let properties = boxed(b"ipco", &boxed(b"ispe", &size));
    let associations = boxed(b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1]);
    let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let item = boxed(b"pitm", &[0, 0, 0, 0, 0, 1]);
    let list = boxed(b"iprp", &[properties, associations].concat());
    let meta = boxed(b"meta", &[vec![0; 4], handler, item, list].concat());
    [boxed(b"ftyp", b"avif\0\0\0\0avifmif1miaf"), meta, boxed(b"mdat", &[0; 16])].concat()
}

fn boxed(name: &[u8], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32 + 8).to_be_bytes()[..], name, data].concat()
}

fn svg(width: u32, height: u32) -> Vec<u8> {
    let text = format!(
        "<?xml version=\"1.0\"?>\n<!-- a door -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" \
         height=\"{height}\"><path d=\"M0 0h1v1z\"/></svg>\n"
    );
    text.into_bytes()
}

fn bmp(width: u32, height: u32) -> Vec<u8> {
    let pixels = vec![0; ((width * 3).next_multiple_of(4) * height.min(8)) as usize];
    let mut bytes = b"BM".to_vec();
    bytes.extend((54 + pixels.len() as u32).to_le_bytes());
    bytes.extend([0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]);
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes.extend(pixels);
    bytes
}

/// A PNG in an icon.
fn ico(width: u32, height: u32) -> Vec<u8> {
    let image = png(width, height);
    // 0 means 256.
    let side = |side: u32| u8::try_from(side).unwrap_or(0);
    let mut bytes = vec![0, 0, 1, 0, 1, 0, side(width), side(height), 0, 0, 1, 0, 8, 0];
    bytes.extend((image.len() as u32).to_le_bytes());
    bytes.extend(22_u32.to_le_bytes());
    bytes.extend(image);
    bytes
}
