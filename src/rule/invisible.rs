//! Characters that nobody sees: which they are, what they are called, and where writing needs them.

use crate::article::body::bits::bits;

/// What an invisible character is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It holds letters apart or together.
    Joint,
    /// It turns the direction of writing.
    Direction,
    /// It turns the direction of writing against the nature of the letters.
    Override,
    /// It changes how the character before it looks.
    Variation,
    /// It stands where a line or a page ended.
    Break,
    /// A control character that means nothing in a text.
    Control,
    /// The remains of another character, whose meaning would be lost with it.
    Damage,
}

/// Calls `found` with the place of every character behind `start` that may be invisible.
pub(crate) fn scan(text: &str, start: usize, mut found: impl FnMut(usize)) {
    let bytes = text.as_bytes();
    let mut look = |at: usize, chunk: &[u8; 64]| {
        let mut suspects = bits(chunk, is_suspect);
        while suspects != 0 {
            let at = at + suspects.trailing_zeros() as usize;
            if is_invisible(&bytes[at..]) {
                found(at);
            }
            suspects &= suspects - 1;
        }
    };
    let (chunks, rest) = bytes[start..].as_chunks();
    for (index, chunk) in chunks.iter().enumerate() {
        // Without a way out of the loop it is done for many bytes at once.
        if !chunk.iter().fold(true, |all, byte| all & is_printed(*byte)) {
            look(start + index * 64, chunk);
        }
    }
    let mut padded = [b' '; 64];
    padded[..rest.len()].copy_from_slice(rest);
    look(bytes.len() - rest.len(), &padded);
}

/// Whether this is a character of ASCII that can be seen, or a space.
fn is_printed(byte: u8) -> bool {
    byte.wrapping_add(1).cast_signed() > 0x20
}

/// Whether one of our characters may begin with this byte.
#[expect(clippy::needless_bitwise_bool, reason = "without branches it is done for many bytes at once")]
fn is_suspect(byte: u8) -> bool {
    let is_control = (byte < 0x20) & (byte != b'\n') & (byte != b'\r') & (byte != b'\t');
    is_control
        | (byte == 0x7F)
        | (byte == 0xC2)
        | (byte == 0xD8)
        | (byte == 0xE1)
        | (byte == 0xE2)
        | (byte == 0xEF)
        | (byte == 0xF3)
}

fn is_invisible(bytes: &[u8]) -> bool {
    match bytes {
        [0xC2, next, ..] => matches!(next, 0x80..=0x9F | 0xAD),
        [0xD8, next, ..] => *next == 0x9C,
        [0xE1, 0xA0, last, ..] => *last == 0x8E,
        [0xE2, 0x80, last, ..] => matches!(last, 0x8B..=0x8F | 0xA8..=0xAE),
        [0xE2, 0x81, last, ..] => matches!(last, 0xA0..=0xAF),
        [0xEF, 0xB8, last, ..] => matches!(last, 0x8E | 0x8F),
        [0xEF, 0xBB, last, ..] => *last == 0xBF,
        [0xEF, 0xBF, last, ..] => matches!(last, 0xB9..=0xBC),
        [0xF3, 0xA0, next, ..] => matches!(next, 0x80 | 0x81),
        [byte, ..] => byte.is_ascii(),
        [] => false,
    }
}

/// What an invisible character is there for; `None` for all others.
pub(crate) fn kind(letter: char) -> Option<Kind> {
    Some(match letter {
        '\t' | '\n' | '\r' => return None,
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::Break,
        '\0'..='\u{1f}' | '\u{7f}' => Kind::Control,
        '\u{80}'..='\u{9f}' | '\u{fffc}' => Kind::Damage,
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Kind::Joint,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202c}' | '\u{2065}'..='\u{206f}' => {
            Kind::Direction
        }
        '\u{202d}' | '\u{202e}' => Kind::Override,
        '\u{fe0e}' | '\u{fe0f}' => Kind::Variation,
        _ => return None,
    })
}

/// How its number in Unicode is written.
pub(crate) fn code(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// Its name and its number, as in `zero width space (U+200B)`.
pub(crate) fn name(letter: char) -> String {
    format!("{} ({})", word(letter), code(letter))
}

fn word(letter: char) -> &'static str {
    match letter {
        '\0' => "null",
        '\u{8}' => "backspace",
        '\u{b}' => "vertical tab",
        '\u{c}' => "form feed",
        '\u{1b}' => "escape",
        '\u{7f}' => "delete",
        '\u{85}' => "next line",
        '\u{ad}' => "soft hyphen",
        '\u{61c}' => "Arabic letter mark",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202a}' => "left-to-right embedding",
        '\u{202b}' => "right-to-left embedding",
        '\u{202c}' => "pop directional formatting",
        '\u{202d}' => "left-to-right override",
        '\u{202e}' => "right-to-left override",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{2065}' | '\u{206a}'..='\u{206f}' => "formatting character",
        '\u{fe0e}' | '\u{fe0f}' => "variation selector",
        '\u{feff}' => "byte-order mark",
        '\u{fff9}'..='\u{fffb}' => "annotation character",
        '\u{fffc}' => "object replacement character",
        '\u{e0000}'..='\u{e007f}' => "tag character",
        _ => "control character",
    }
}

/// Whether writing needs the character where it stands, between these two.
pub(crate) fn is_needed(letter: char, before: Option<char>, after: Option<char>) -> bool {
    let beside = |holds: fn(char) -> bool| before.is_some_and(holds) || after.is_some_and(holds);
    match letter {
        // `**` beside a letter of Chinese ends no emphasis; one that nobody sees in between helps.
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' if beside(is_markup) => true,
        '\u{200b}' => beside(has_no_spaces),
        '\u{200c}' | '\u{180e}' => beside(joins),
        '\u{200d}' => beside(joins) || (before.is_some_and(is_emoji) && after.is_some_and(is_emoji)),
        '\u{fe0e}' | '\u{fe0f}' => {
            before.is_some_and(|before| !before.is_ascii_alphabetic() && !before.is_whitespace())
        }
        // Flags of regions: a black flag, and tags behind it.
        '\u{e0020}'..='\u{e007f}' => before == Some('\u{1f3f4}'),
        _ => false,
    }
}

/// Characters that Markdown and templates read as signs: what stands invisible beside one keeps it from that.
fn is_markup(letter: char) -> bool {
    matches!(letter, '*' | '_' | '~' | '`' | '{' | '}')
}

/// Thai, Lao, Tibetan, Myanmar, Khmer and their neighbours write words without spaces, and mark their ends invisibly.
fn has_no_spaces(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1b7f}' | '\u{a9e0}'..='\u{aa7f}')
}

/// Scripts whose letters join: Arabic and its neighbours, those of India and South-East Asia, Mongolian.
fn joins(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{109f}' | '\u{1700}'..='\u{1cff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{11fff}' | '\u{1e800}'..='\u{1e95f}')
}

fn is_emoji(letter: char) -> bool {
    matches!(letter, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{20e3}' | '\u{3030}' | '\u{303d}'
        | '\u{e0020}'..='\u{e007f}' | '©' | '®')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_that_are_looked_for_are_those_of_the_characters() {
        let (hidden, seen): (Vec<char>, Vec<char>) =
            ('\0'..=char::MAX).partition(|letter| kind(*letter).is_some());
        for letter in hidden {
            for text in [letter.to_string(), format!("{letter}{}", "a".repeat(64))] {
                let mut found = Vec::new();
                scan(&text, 0, |at| found.push(at));
                assert_eq!(found, [0], "{letter:?}");
            }
        }
        // A million of them, many at once.
        for letters in seen.chunks(4000) {
            let text: String = letters.iter().collect();
            scan(&text, 0, |at| panic!("{:?}", text[at..].chars().next()));
        }
    }

    #[test]
    fn scripts_and_emoji_keep_what_they_need() {
        let needed = [
            "می\u{200c}روم",
            "क\u{94d}\u{200d}ष",
            "ก\u{200b}ข",
            "👩\u{200d}🔧",
            "❤\u{fe0f}",
            "#\u{fe0f}\u{20e3}",
            "。**\u{200b}a",
        ];
        let stray = [
            "a\u{200c}b",
            "a\u{200d}b",
            "a\u{200b}b",
            "👩\u{200d}a",
            "a\u{fe0f}",
            "日\u{200b}本",
            "\u{feff}a",
        ];
        for (texts, expected) in [(needed, true), (stray, false)] {
            for text in texts {
                let mut result = true;
                scan(text, 0, |at| {
                    let letter = text[at..].chars().next().expect("it was found there");
                    let after = text[at + letter.len_utf8()..].chars().next();
                    result &= is_needed(letter, text[..at].chars().next_back(), after);
                });
                assert_eq!(result, expected, "{text:?}");
            }
        }
    }
}
