//! Hides what is not Markdown from the Markdown parser: shortcodes and templates of Hugo, Zola, Liquid and kramdown.
//!
//! A mask is a stretch that is replaced, byte for byte, with filler, so that every offset stays true. Where only masks
//! stand on a line the filler is spaces: the line is blank, as it is once the site generator has taken the tag away.
//! Elsewhere it is letters, because spaces would turn a line into code, or cut a destination in two.
//!
//! What is code cannot be known before the Markdown is parsed. So code is masked too and its masks are dropped when
//! the parser comes to it: harmless, since the contents of code are read from the source. Only a mask that holds
//! backticks could hide where code ends; an article that has one is parsed once more, beforehand, to learn where its
//! code is.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memmem};
use pulldown_cmark::{Event, Parser, Tag};

use crate::text::Span;

/// What a mask hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MaskKind {
    /// `{{< … >}}`, `{{% … %}}`, `{{ … }}`, `{% … %}`.
    Template,
    /// kramdown's `{: … }`.
    Attributes,
    /// MDX's `{ … }`, and its imports and exports.
    Expression,
    /// Lines of JSX tags.
    Jsx,
    /// Nothing: it turned out to stand in code.
    Code,
}

/// A stretch that the Markdown parser does not see.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask {
    pub(super) span: Span,
    pub(super) kind: MaskKind,
}

/// The masks of a Markdown body that begins at `start`, sorted and apart from each other.
pub(super) fn templates(text: &str, start: usize) -> Vec<Mask> {
    with_code_known(text, start, |code| Scanner::new(text, start, code).run())
}

/// Looks for masks as if there were no code, and once more with the code known if a mask could have hidden its end.
pub(super) fn with_code_known(
    text: &str,
    start: usize,
    find: impl Fn(&[Range<usize>]) -> Vec<Mask>,
) -> Vec<Mask> {
    let masks = find(&[]);
    let hides = |mask: &Mask| {
        let hidden = &text.as_bytes()[mask.span.range()];
        memchr(b'`', hidden).is_some() || memmem::find(hidden, b"~~~").is_some()
    };
    if masks.iter().any(hides) { find(&code(text, start)) } else { masks }
}

/// Where the code of an unmasked body is.
fn code(text: &str, start: usize) -> Vec<Range<usize>> {
    Parser::new_ext(&text[start..], super::build::OPTIONS)
        .into_offset_iter()
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| start + range.start..start + range.end)
        .collect()
}

/// The whole text with filler in the place of the masks.
pub(super) fn fill(text: &str, start: usize, masks: &[Mask]) -> String {
    let blank = blanks(text, start, masks);
    let mut filled = Vec::with_capacity(text.len());
    let mut from = 0;
    for (mask, blank) in masks.iter().zip(blank) {
        let range = mask.span.range();
        filled.extend_from_slice(&text.as_bytes()[from..range.start]);
        from = range.end;
        let letter = if blank { b' ' } else { b'x' };
        let hidden = &text.as_bytes()[range];
        let begin = filled.len();
        filled.resize(begin + hidden.len(), letter);
        for at in memchr2_iter(b'\n', b'\r', hidden) {
            filled[begin + at] = hidden[at];
        }
    }
    filled.extend_from_slice(&text.as_bytes()[from..]);
    String::from_utf8(filled).expect("masks begin and end between characters")
}

/// For each mask whether it is to be filled with spaces; the body begins at `start`.
fn blanks(text: &str, start: usize, masks: &[Mask]) -> Vec<bool> {
    let bytes = text.as_bytes();
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let mut follows = vec![false; masks.len() + 1];
    follows[masks.len()] = true;
    for (index, mask) in masks.iter().enumerate().rev() {
        let next = masks.get(index + 1).map_or(bytes.len(), |next| next.span.start as usize);
        let gap = &bytes[mask.span.end as usize..next];
        follows[index] = match gap.iter().find(|byte| !is_space(byte)) {
            Some(byte) => is_end(byte),
            None => follows[index + 1],
        };
    }
    // Deep indentation would stay behind as code, so there letters are better.
    let mut leads = true;
    let mut previous = start;
    let mut blank = Vec::with_capacity(masks.len());
    for (mask, follows) in masks.iter().zip(follows) {
        let gap = &bytes[previous..mask.span.start as usize];
        let indent = gap.iter().rev().take_while(|byte| is_space(byte)).count();
        let shallow = indent < 4 && !gap.ends_with(b"\t");
        leads = match gap.len().checked_sub(indent + 1) {
            Some(at) => is_end(&gap[at]) && shallow,
            None if previous == start => shallow,
            None => leads,
        };
        previous = mask.span.end as usize;
        let alone = leads && follows;
        blank.push(match mask.kind {
            MaskKind::Jsx => true,
            // Behind text an attribute list must not touch it: `_text_{: .x}` would not be emphasis.
            MaskKind::Attributes => alone || !leads,
            _ => alone,
        });
    }
    blank
}

/// Finds what ends a template, and remembers it: asked with growing offsets, it looks at each byte once.
pub(super) struct Ahead<'t> {
    bytes: &'t [u8],
    find: fn(&[u8]) -> Option<usize>,
    /// The last answer, or 0.
    known: usize,
    /// Whether there is nothing more to find.
    exhausted: bool,
}

impl<'t> Ahead<'t> {
    pub(super) fn new(text: &'t str, find: fn(&[u8]) -> Option<usize>) -> Self {
        Self { bytes: text.as_bytes(), find, known: 0, exhausted: false }
    }

    /// The first place at or behind `at`.
    pub(super) fn from(&mut self, at: usize) -> Option<usize> {
        if self.exhausted {
            return None;
        }
        if self.known < at || self.known == 0 {
            let found = self.bytes.get(at..).and_then(self.find);
            self.exhausted = found.is_none();
            self.known = at + found?;
        }
        Some(self.known)
    }
}

/// The line end before the next blank line.
pub(super) fn blank_line(bytes: &[u8]) -> Option<usize> {
    let mut end = memchr(b'\n', bytes)?;
    loop {
        let next = memchr(b'\n', &bytes[end + 1..])? + end + 1;
        if bytes[end + 1..next].iter().all(u8::is_ascii_whitespace) {
            return Some(end);
        }
        end = next;
    }
}

/// Like `memmem::find`, without its preparations, which cost more than the search for something so near.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr_iter(needle[0], bytes).find(|at| bytes[*at..].starts_with(needle))
}

/// Where the closing tag of a shortcode has its slash: `{{< /code >}}`, and `{{</ code >}}`.
fn closing(bytes: &[u8], close: &str) -> Option<usize> {
    memmem::find_iter(bytes, &close[1..]).find_map(|at| {
        let head = bytes[..at].trim_ascii_end();
        head.ends_with(b"/").then(|| head.len() - 1)
    })
}

/// Blocks whose content is not text of the article, or is to be taken word for word: the tag that opens them, the
/// word that closes them, and what stands before that word. Those with `{{` are Hugo's, the others Liquid's.
const BLOCKS: [(&str, &str, &str); 7] = [
    ("{%", "comment", "endcomment"),
    ("{%", "highlight", "endhighlight"),
    ("{%", "raw", "endraw"),
    ("{{", "comment", "/comment"),
    ("{{", "highlight", "/highlight"),
    ("{{", "code-toggle", "/code-toggle"),
    ("{{", "mermaid", "/mermaid"),
];

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    code: &'t [Range<usize>],
    masks: Vec<Mask>,
    blank: Ahead<'t>,
    attributes_end: Ahead<'t>,
    closers: [(&'static str, &'static str, Ahead<'t>); 4],
    blocks: [Ahead<'t>; BLOCKS.len()],
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, at: usize, code: &'t [Range<usize>]) -> Self {
        let ahead = |find| Ahead::new(text, find);
        Self {
            text,
            at,
            code,
            masks: Vec::new(),
            blank: ahead(blank_line),
            attributes_end: ahead(|bytes| memchr2(b'\n', b'}', bytes)),
            closers: [
                ("{{<", ">}}", ahead(|bytes| find(bytes, b">}}"))),
                ("{{%", "%}}", ahead(|bytes| find(bytes, b"%}}"))),
                ("{{", "}}", ahead(|bytes| find(bytes, b"}}"))),
                ("{%", "%}", ahead(|bytes| find(bytes, b"%}"))),
            ],
            blocks: [
                ahead(|bytes| memmem::find(bytes, BLOCKS[0].2.as_bytes())),
                ahead(|bytes| memmem::find(bytes, BLOCKS[1].2.as_bytes())),
                ahead(|bytes| memmem::find(bytes, BLOCKS[2].2.as_bytes())),
                ahead(|bytes| closing(bytes, BLOCKS[3].2)),
                ahead(|bytes| closing(bytes, BLOCKS[4].2)),
                ahead(|bytes| closing(bytes, BLOCKS[5].2)),
                ahead(|bytes| closing(bytes, BLOCKS[6].2)),
            ],
        }
    }

    fn run(mut self) -> Vec<Mask> {
        let bytes = self.text.as_bytes();
        while let Some(at) = memchr(b'{', &bytes[self.at..]) {
            self.at += at;
            while self.code.first().is_some_and(|code| code.end <= self.at) {
                self.code = &self.code[1..];
            }
            if let Some(code) = self.code.first()
                && code.contains(&self.at)
            {
                self.at = code.end;
                continue;
            }
            let start = self.at;
            let masked = match bytes.get(start + 1) {
                Some(b'{' | b'%') => self.template(),
                Some(b':') => self.attributes(),
                _ => None,
            };
            match masked {
                Some((end, kind)) => {
                    self.masks.push(Mask { span: Span::new(start, end), kind });
                    self.at = self.at.max(end);
                }
                None => self.at = start + 1,
            }
        }
        self.masks
    }

    fn template(&mut self) -> Option<(usize, MaskKind)> {
        let start = self.at;
        let rest = &self.text[start..];
        let (opener, closer, ahead) =
            self.closers.iter_mut().find(|(opener, ..)| rest.starts_with(opener))?;
        let mut end = ahead.from(start + opener.len())? + closer.len();
        // What Hugo calls a shortcode may span paragraphs; of the others an unclosed one must not eat them.
        if opener.len() == 2 && self.blank.from(start).is_some_and(|blank| blank < end) {
            return None;
        }
        if rest.starts_with("{{{") && self.text.as_bytes().get(end) == Some(&b'}') {
            end += 1;
        }
        if *opener != "{{" {
            end = self.block(start, end);
        }
        Some((end, MaskKind::Template))
    }

    /// The end of a tag, or of the whole block that it opens.
    fn block(&mut self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        let name = self.text[start + 2..end].trim_start_matches(['-', '<', '%']).trim_start();
        let length = name.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'-').count();
        let name = name[..length].trim_end_matches('-');
        let opens = |(brace, word, _): &(&str, &str, &str)| {
            *word == name && bytes[start..].starts_with(brace.as_bytes())
        };
        // A shortcode that closes itself has no content.
        let Some(index) = BLOCKS.iter().position(opens).filter(|_| !self.text[..end].ends_with("/>}}"))
        else {
            return end;
        };
        let (brace, _, close) = BLOCKS[index];
        let mut from = end;
        while let Some(found) = self.blocks[index].from(from) {
            from = found + close.len();
            let before = self.text[end..found].trim_end_matches([' ', '\t', '-']);
            let before = if brace == "{{" { before.trim_end_matches(['<', '%']) } else { before };
            if !before.ends_with(if brace == "{{" { "{{" } else { "{%" }) {
                continue;
            }
            if close == "endraw" {
                // What stands in it is text; only no template may begin there.
                self.at = end + before.len() - 2;
                return end;
            }
            return find(&bytes[from..], b"}").map_or(from, |at| {
                let brace = from + at + 1;
                brace + usize::from(bytes.get(brace) == Some(&b'}'))
            });
        }
        end
    }

    fn attributes(&mut self) -> Option<(usize, MaskKind)> {
        let rest = &self.text.as_bytes()[self.at..];
        // In a destination it would leave a gap of spaces.
        if self.text[..self.at].trim_ascii_end().ends_with('(') {
            return None;
        }
        let end = self.attributes_end.from(self.at)?;
        let begins = matches!(rest.get(2)?, b' ' | b'.' | b'#' | b':' | b'/' | b'a'..=b'z');
        (begins && self.text.as_bytes()[end] == b'}').then_some((end + 1, MaskKind::Attributes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let masks = templates(text, 0);
        let filled = fill(text, 0, &masks);
        assert_eq!(filled.len(), text.len());
        filled
    }

    #[test]
    fn templates_become_filler() {
        for (text, expected) in [
            ("a {{< b >}} c", "a xxxxxxxxx c"),
            ("{{< b >}}", "         "),
            ("  {{< b >}}{{% c %}} \n", "                     \n"),
            ("a\n{% if b %}\nc\n", "a\n          \nc\n"),
            ("    {% if b %}\n", "    xxxxxxxxxx\n"),
            ("- {{ b }}\n", "- xxxxxxx\n"),
            ("{{ b }} c\n", "xxxxxxx c\n"),
            ("{{ é\r\nb }}\r\n", "     \r\n    \r\n"),
            ("{{ a\n\nb }}", "{{ a\n\nb }}"),
            ("{{< a\n\nb >}}", "     \n\n     "),
            ("{{{ a }}} b", "xxxxxxxxx b"),
            ("_a_{: .b}", "_a_      "),
            ("{: .b #c}\n{:toc}\n", "         \n      \n"),
            ("{:\n}", "{:\n}"),
            ("{% comment %}\n\n# a\n{%- endcomment -%} b", "xxxxxxxxxxxxx\n\nxxx\nxxxxxxxxxxxxxxxxxx b"),
            ("{% raw %}{{ a }}{% endraw %} b", "xxxxxxxxx{{ a }}xxxxxxxxxxxx b"),
            ("{% comment %} a", "xxxxxxxxxxxxx a"),
            (
                "{{< highlight go >}}\n# a\n{{< /highlight >}}\nb",
                &(" ".repeat(20) + "\n   \n" + &" ".repeat(18) + "\nb"),
            ),
            (
                "{{< highlight go >}}\n# a\n{{</ highlight >}}\nb",
                &(" ".repeat(20) + "\n   \n" + &" ".repeat(18) + "\nb"),
            ),
            ("{{< comment />}} a", "xxxxxxxxxxxxxxxx a"),
            ("a {{ b {% c %}", "a {{ b xxxxxxx"),
        ] {
            assert_eq!(masked(text), expected, "{text:?}");
        }
    }

    #[test]
    fn code_that_a_mask_would_hide_is_found_first() {
        assert_eq!(masked("`{{` a `b`, c `}}` {{ d }}"), "`{{` a `b`, c `}}` xxxxxxx");
        assert_eq!(masked("```\n{{<\n```\n\na >}} {{< d >}}"), "```\n{{<\n```\n\na >}} xxxxxxxxx");
    }
}
