//! Cuts raw HTML into tags, comments and text, each with its bytes.
//!
//! Not a parser: nothing nests here, and what does not end is skipped to the end of the chunk. So every byte is
//! looked at once, whatever stands in the text.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};
use pulldown_cmark::{Event, Parser};

use crate::text::Span;

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A tag.
    Tag(Tag),
    /// A comment, with what stands between its dashes.
    Comment(Span, Span),
    /// Text between tags.
    Text(Span),
}

/// An opening or closing tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// The whole tag.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: Span,
    /// Whether it is `</name>`.
    pub(super) closing: bool,
}

/// An attribute; `value` is without its quotes, and empty where there is only a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// The name.
    pub(super) name: Span,
    /// The value.
    pub(super) value: Span,
}

/// The tokens of a stretch of a file.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// `script` or `style`, whose content is skipped.
    raw: Option<Span>,
}

/// Elements whose content is not HTML.
const RAW: [&str; 2] = ["script", "style"];

impl<'t> Tokens<'t> {
    /// Cuts the bytes of `span`.
    pub(super) fn new(text: &'t str, span: Span) -> Self {
        Self { text, at: span.start as usize, end: span.end as usize, raw: None }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..self.end]
    }

    /// The offset behind the next `needle`, or the end.
    fn behind(&self, from: usize, needle: &[u8]) -> usize {
        let bytes = &self.text.as_bytes()[from.min(self.end)..self.end];
        memmem::find(bytes, needle).map_or(self.end, |at| from + at + needle.len())
    }

    /// The tag or comment that begins here. Of what is neither, a declaration is skipped and a `<` left alone.
    fn markup(&mut self) -> Option<Token> {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with(b"<!--") {
            // `<!-->` and `<!--->` are whole comments.
            let short = [&b"<!-->"[..], b"<!--->"].into_iter().find(|short| rest.starts_with(short));
            if let Some(short) = short {
                self.at += short.len();
                return Some(Token::Comment(Span::new(start, self.at), Span::empty(start + 4)));
            }
            self.at = self.behind(start + 4, b"-->");
            let closed = self.text.as_bytes()[..self.at].ends_with(b"-->");
            let content = Span::new(start + 4, if closed { self.at - 3 } else { self.at });
            return Some(Token::Comment(Span::new(start, self.at), content));
        }
        let closing = rest.get(1) == Some(&b'/');
        let name = start + 1 + usize::from(closing);
        match self.text.as_bytes()[..self.end].get(name) {
            Some(byte) if byte.is_ascii_alphabetic() => {}
            Some(b'!' | b'?') => {
                self.at = self.behind(name, b">");
                return None;
            }
            _ => return None,
        }
        let name_end =
            self.while_at(name, |byte| !matches!(byte, b'/' | b'>' | b'<') && !byte.is_ascii_whitespace());
        let mut attributes = Attributes { text: self.text, at: name_end, end: self.end };
        while attributes.next().is_some() {}
        let name = Span::new(name, name_end);
        if attributes.at >= self.end {
            self.at = self.end;
            return None;
        }
        self.at = attributes.at + 1;
        if !closing && RAW.iter().any(|raw| self.text[name.range()].eq_ignore_ascii_case(raw)) {
            self.raw = Some(name);
        }
        Some(Token::Tag(Tag { span: Span::new(start, self.at), name, closing }))
    }

    fn while_at(&self, mut at: usize, holds: impl Fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes();
        while at < self.end && holds(bytes[at]) {
            at += 1;
        }
        at
    }

    /// Goes to the closing tag of a raw element, or to the end.
    fn skip_raw(&mut self, name: Span) {
        let name = &self.text.as_bytes()[name.range()];
        while let Some(at) = memchr(b'<', self.rest()) {
            self.at += at;
            let tail = self.rest();
            let closes = tail.get(1) == Some(&b'/')
                && tail.get(2..2 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
            if closes {
                return;
            }
            self.at += 1;
        }
        self.at = self.end;
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if let Some(name) = self.raw.take() {
            self.skip_raw(name);
        }
        while self.at < self.end && self.rest()[0] == b'<' {
            let start = self.at;
            if let token @ Some(_) = self.markup() {
                return token;
            }
            if self.at == start {
                break;
            }
        }
        if self.at >= self.end {
            return None;
        }
        let start = self.at;
        // A `<` that begins no tag is text, and so is all up to the next one.
        self.at = memchr(b'<', &self.rest()[1..]).map_or(self.end, |at| start + 1 + at);
        Some(Token::Text(Span::new(start, self.at)))
    }
}

impl Tag {
    /// Its attributes; `text` is the text of the whole file.
    pub(super) fn attributes(self, text: &str) -> impl Iterator<Item = Attribute> + '_ {
        Attributes { text, at: self.name.end as usize, end: self.span.end as usize }
    }
}

/// Reads attributes up to `>`, on which it stops.
struct Attributes<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl Attributes<'_> {
    fn byte(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.text.as_bytes()[self.at])
    }

    fn skip(&mut self, holds: impl Fn(u8) -> bool) {
        while self.byte().is_some_and(&holds) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Option<Span> {
        let start = self.at;
        match self.byte() {
            Some(quote @ (b'"' | b'\'')) => {
                let bytes = &self.text.as_bytes()[start + 1..self.end];
                let Some(length) = memchr(quote, bytes) else {
                    self.at = self.end;
                    return None;
                };
                self.at = start + length + 2;
                Some(Span::new(start + 1, start + 1 + length))
            }
            Some(b'{') => {
                // An expression of JSX or a template: to the brace that closes it.
                let mut depth = 0_usize;
                while let Some(at) = memchr2(b'{', b'}', &self.text.as_bytes()[self.at..self.end]) {
                    self.at += at + 1;
                    if self.text.as_bytes()[self.at - 1] == b'{' {
                        depth += 1;
                    } else {
                        depth -= 1;
                        if depth == 0 {
                            return Some(Span::new(start, self.at));
                        }
                    }
                }
                self.at = self.end;
                None
            }
            _ => {
                self.skip(|byte| byte != b'>' && !byte.is_ascii_whitespace());
                Some(Span::new(start, self.at))
            }
        }
    }
}

impl Iterator for Attributes<'_> {
    type Item = Attribute;

    fn next(&mut self) -> Option<Attribute> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if matches!(self.byte(), None | Some(b'>')) {
            return None;
        }
        let start = self.at;
        self.at += 1;
        self.skip(|byte| !matches!(byte, b'=' | b'>' | b'/') && !byte.is_ascii_whitespace());
        let name = Span::new(start, self.at);
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.byte() != Some(b'=') {
            return Some(Attribute { name, value: Span::empty(name.end as usize) });
        }
        self.at += 1;
        self.skip(|byte| byte.is_ascii_whitespace());
        let value = self.value()?;
        Some(Attribute { name, value })
    }
}

/// The offset and length of each thing in `text` that is written like an entity, with what it stands for.
pub(super) fn entities(text: &str) -> impl Iterator<Item = (usize, usize, String)> + '_ {
    /// Longer than the longest name, `&CounterClockwiseContourIntegral;`.
    const LONGEST: usize = 40;
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'&', bytes).filter_map(move |at| {
        let tail = &bytes[at + 1..bytes.len().min(at + LONGEST)];
        let length = tail.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')?;
        if length == 0 || tail[length] != b';' {
            return None;
        }
        let written = &text[at..at + length + 2];
        // The Markdown parser has the table of all names, but hands it out in this way only.
        let mut resolved = String::new();
        for event in Parser::new(written) {
            if let Event::Text(text) = event {
                resolved.push_str(&text);
            }
        }
        if resolved == written {
            return None;
        }
        Some((at, written.len(), resolved))
    })
}

/// The text with its entities resolved.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let mut decoded = String::new();
    let mut from = 0;
    for (at, length, resolved) in entities(text) {
        decoded.push_str(&text[from..at]);
        decoded.push_str(&resolved);
        from = at + length;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    decoded.push_str(&text[from..]);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let cut = |span: Span| &text[span.range()];
        Tokens::new(text, Span::new(0, text.len()))
            .map(|token| match token {
                Token::Comment(span, content) => format!("comment {}|{}", cut(span), cut(content)),
                Token::Text(span) => format!("text {}", cut(span)),
                Token::Tag(tag) => {
                    let mut line =
                        format!("{} {}", if tag.closing { "close" } else { "open" }, cut(tag.name));
                    for attribute in tag.attributes(text) {
                        line += &[" ", cut(attribute.name), "=[", cut(attribute.value), "]"].concat();
                    }
                    line
                }
            })
            .collect()
    }

    #[test]
    fn tags_in_every_spelling() {
        for (text, expected) in [
            ("<IMG SRC=a.png alt='é \"x\"'>", &["open IMG SRC=[a.png] alt=[é \"x\"]"][..]),
            ("<img\n  src = \"a>b\"\r\n\talt/>", &["open img src=[a>b] alt=[]"]),
            ("<h2 class=x>A &amp; b</h2>", &["open h2 class=[x]", "text A &amp; b", "close h2"]),
            ("a < b <i>c", &["text a ", "text < b ", "open i", "text c"]),
            ("<!-- a > b --><br/>", &["comment <!-- a > b -->| a > b ", "open br"]),
            ("<!--><b>", &["comment <!-->|", "open b"]),
            ("<!-- é", &["comment <!-- é| é"]),
            ("<!DOCTYPE html><?php 1 ?>x", &["text x"]),
            ("<script>if (a<b) '<i>'</script>x", &["open script", "close script", "text x"]),
            ("<A b={c > {d}} e>", &["open A b=[{c > {d}}] e=[]"]),
            ("x <img alt=\"never closed <b>", &["text x "]),
            ("<", &["text <"]),
            ("</", &["text </"]),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn entities_are_those_of_markdown() {
        for (text, expected) in [
            ("a &amp; b &lt;&hellip;", "a & b <…"),
            ("&#39;&#x27;&copy;", "''©"),
            ("AT&T &nosuch; &", "AT&T &nosuch; &"),
            ("&amp;lt;", "&lt;"),
        ] {
            assert_eq!(decode(text), expected);
        }
    }
}
