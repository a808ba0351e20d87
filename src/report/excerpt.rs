//! The part of a file that a frame shows, made fit for a terminal, with the marks moved along.
//!
//! miette would be handed the whole file and read all of it for each finding; a line of a megabyte would be printed
//! whole, and control characters with it. So each finding gets a small text of its own: the lines around its spans, a
//! window of those that are too long, every line end an LF and every control character a symbol. Since that changes
//! lengths, the marks are found while the text is written, and their true lines and columns are kept beside it.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::visible;
use crate::text::{Position, Source, Span};

/// A span over more lines than this is marked on its first line only.
const TALL: usize = 12;

/// How many cells a window has at least, however many of them share a line.
const NARROW: usize = 20;

/// How much of a file is shown, and how a line that is too long is cut.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    /// How many lines are shown before and after a mark.
    pub(super) context: usize,
    /// How many cells of the terminal a line may fill; on a page, where lines wrap, how many make a line too long.
    pub(super) cells: usize,
    /// What stands for the rest.
    pub(super) ellipsis: &'static str,
}

/// Where a span stands in the excerpt.
pub(super) struct Mark {
    /// Its bytes there.
    pub(super) range: Range<usize>,
    /// The line on which it ends, counted from 1, where that is not shown.
    pub(super) goes_on_to: Option<usize>,
}

/// Some lines of a file, as a source for miette.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    chunks: Vec<Chunk>,
    places: Vec<(SourceSpan, Position)>,
}

/// Lines without a gap between them.
#[derive(Debug)]
struct Chunk {
    range: Range<usize>,
    lines: Range<usize>,
}

impl Excerpt {
    /// Cuts the lines around these spans, all of which fit the source. There is one mark for each span.
    pub(super) fn new(source: &Source, spans: &[Span], cut: Cut) -> (Self, Vec<Mark>) {
        let shown: Vec<_> = spans.iter().map(|span| Shown::new(source, *span)).collect();
        let mut writer = Writer::new(source, &shown, cut);
        let mut chunks = Vec::new();
        for lines in groups(source, &shown, cut.context) {
            let start = writer.text.len();
            lines.clone().for_each(|line| writer.line(line));
            writer.resolve(line_bytes(source, lines.end - 1).end);
            chunks.push(Chunk { range: start..writer.text.len(), lines });
        }
        let (text, found) = (writer.text, writer.found);
        let mark = |(at, shown): (usize, &Shown)| Mark {
            range: found[2 * at]..found[2 * at + 1],
            goes_on_to: shown.goes_on_to,
        };
        let marks: Vec<_> = shown.iter().enumerate().map(mark).collect();
        let place = |(mark, span): (&Mark, &Span)| (mark.range.clone().into(), source.position(span.start));
        let places = marks.iter().zip(spans).map(place).collect();
        (Self { name: visible::line(source.path()).into_owned(), text, chunks, places }, marks)
    }

    /// What is shown, each line with its LF; the marks are bytes of it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The lines that are shown: the number of each in its file, counted from 1, and its bytes in [`Self::text`] without
    /// the LF.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.chunks.iter().flat_map(|chunk| {
            let mut at = chunk.range.start;
            let lines = self.text[chunk.range.clone()].split_inclusive('\n');
            lines.zip(chunk.lines.clone()).map(move |(line, number)| {
                let start = at;
                at += line.len();
                (number + 1, start..at - 1)
            })
        })
    }
}

impl SourceCode for Excerpt {
    /// The whole chunk around the span, or, where no context is asked for, the span with its true line and column,
    /// which miette shows at the head of the frame.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let holds = |chunk: &&Chunk| chunk.range.contains(&start) && end <= chunk.range.end;
        let chunk = self.chunks.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let place = if before == 0 { self.places.iter().find(|(known, _)| known == span) } else { None };
        let (range, line, column) = match place {
            Some((_, place)) => (start..end, place.line as usize - 1, place.column as usize - 1),
            None => (chunk.range.clone(), chunk.lines.start, 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[range.clone()],
            range.into(),
            line,
            column,
            chunk.lines.len(),
        )))
    }
}

/// The part of a span that is marked.
struct Shown {
    start: usize,
    end: usize,
    lines: Range<usize>,
    goes_on_to: Option<usize>,
}

impl Shown {
    fn new(source: &Source, span: Span) -> Self {
        let Range { start, end } = span.range();
        let first = source.lines().line_of(span.start);
        let last = if span.is_empty() { first } else { source.lines().line_of(span.end - 1) };
        if last - first < TALL {
            Self { start, end, lines: first..last + 1, goes_on_to: None }
        } else {
            let end = line_content(source, first).end.max(start);
            Self { start, end, lines: first..first + 1, goes_on_to: Some(last + 1) }
        }
    }
}

/// The lines to show, as groups that do not touch.
fn groups(source: &Source, shown: &[Shown], context: usize) -> Vec<Range<usize>> {
    let count = source.lines().count();
    // The empty line after the last line end is no line to a reader, unless something is marked there.
    let readable = if count > 1 && line_bytes(source, count - 1).is_empty() { count - 1 } else { count };
    let with_context = |shown: &Shown| {
        let end = (shown.lines.end + context).min(readable).max(shown.lines.end);
        shown.lines.start.saturating_sub(context)..end
    };
    let mut wanted: Vec<_> = shown.iter().map(with_context).collect();
    wanted.sort_by_key(|lines| lines.start);
    let mut groups: Vec<Range<usize>> = Vec::new();
    for lines in wanted {
        match groups.last_mut() {
            Some(before) if lines.start <= before.end => before.end = before.end.max(lines.end),
            _ => groups.push(lines),
        }
    }
    groups
}

/// The bytes of a line with its end.
fn line_bytes(source: &Source, line: usize) -> Range<usize> {
    let start = |line| source.lines().start(line).map_or(source.text().len(), |start| start as usize);
    start(line)..start(line + 1)
}

/// The bytes of a line without its end and without a byte-order mark.
fn line_content(source: &Source, line: usize) -> Range<usize> {
    let Range { mut start, end } = line_bytes(source, line);
    let text = &source.text()[start..end];
    if line == 0 && text.starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    let body = text.strip_suffix('\n').unwrap_or(text);
    let body = body.strip_suffix('\r').unwrap_or(body);
    start..end - (text.len() - body.len())
}

/// Writes lines and notes where the wanted offsets come to stand.
struct Writer<'a> {
    source: &'a Source,
    shown: &'a [Shown],
    cut: Cut,
    text: String,
    /// The offsets still to come with their place in `found`, the next one last.
    wanted: Vec<(usize, usize)>,
    found: Vec<usize>,
}

impl<'a> Writer<'a> {
    fn new(source: &'a Source, shown: &'a [Shown], cut: Cut) -> Self {
        let both = shown.iter().flat_map(|shown| [shown.start, shown.end]);
        let mut wanted: Vec<_> = both.enumerate().map(|(slot, offset)| (offset, slot)).collect();
        wanted.sort_by(|a, b| b.cmp(a));
        let found = vec![0; wanted.len()];
        Self { source, shown, cut, text: String::new(), wanted, found }
    }

    fn line(&mut self, line: usize) {
        let content = line_content(self.source, line);
        let text = &self.source.text()[content.clone()];
        let mut written = 0;
        for piece in pieces(text, &self.anchors(line, &content), self.cut.cells) {
            if piece.start > written {
                self.text.push_str(self.cut.ellipsis);
            }
            for (at, character) in text[piece.clone()].char_indices() {
                self.resolve(content.start + piece.start + at);
                let shown = if character == '\t' { None } else { visible::symbol(character) };
                self.text.push(shown.unwrap_or(character));
            }
            self.resolve(content.start + piece.end);
            written = piece.end;
        }
        if written < text.len() {
            self.text.push_str(self.cut.ellipsis);
        }
        // Offsets between CR and LF stand at the end of their line too.
        self.resolve(content.end.max(line_bytes(self.source, line).end.saturating_sub(1)));
        self.text.push('\n');
    }

    /// The places in a line, counted from its beginning, that must be seen.
    fn anchors(&self, line: usize, content: &Range<usize>) -> Vec<usize> {
        let mut anchors = Vec::new();
        for shown in self.shown {
            let offset = if shown.lines.start == line {
                shown.start
            } else if shown.lines.end == line + 1 {
                shown.end
            } else {
                continue;
            };
            anchors.push(offset.clamp(content.start, content.end) - content.start);
        }
        anchors.sort_unstable();
        anchors.dedup();
        anchors
    }

    /// Whatever was wanted up to this offset of the source stands at the end of the text.
    fn resolve(&mut self, offset: usize) {
        while let Some((_, slot)) = self.wanted.pop_if(|(wanted, _)| *wanted <= offset) {
            self.found[slot] = self.text.len();
        }
    }
}

/// The parts of a line to show: all of it, its beginning, or a window around each anchor.
fn pieces(line: &str, anchors: &[usize], cells: usize) -> Vec<Range<usize>> {
    let (head, _) = fill(line.chars(), cells);
    if head == line.len() || anchors.is_empty() {
        return vec![Range { start: 0, end: head }];
    }
    let each = (cells / anchors.len()).max(NARROW);
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for &anchor in anchors {
        let (after, used) = fill(line[anchor..].chars(), each * 2 / 3);
        let (before, _) = fill(line[..anchor].chars().rev(), each - used);
        let piece = anchor - before..anchor + after;
        match pieces.last_mut() {
            Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
            _ => pieces.push(piece),
        }
    }
    pieces
}

/// How many bytes of these characters fit, and how many cells they fill.
fn fill(characters: impl Iterator<Item = char>, cells: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for character in characters {
        // Close enough to cut by: from the CJK radicals on, nearly everything is wide.
        let wide = match character {
            '\t' => 4,
            '\u{2e80}'.. => 2,
            _ => 1,
        };
        if used + wide > cells {
            break;
        }
        bytes += character.len_utf8();
        used += wide;
    }
    (bytes, used)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::marked;
    use super::*;

    /// What a span should look like in an excerpt that is not cut.
    fn shown(text: &str, span: Span) -> String {
        let part = &text[span.range()];
        let splits_crlf = part.ends_with('\r') && text[span.end as usize..].starts_with('\n');
        let part = if splits_crlf { &part[..part.len() - 1] } else { part };
        let mark = if span.start == 0 { '\u{feff}'.len_utf8() } else { 0 };
        let part = if part.starts_with('\u{feff}') { &part[mark..] } else { part };
        let part = part.replace("\r\n", "\n").replace('\r', "\n");
        part.split('\t').map(visible::lines).collect::<Vec<_>>().join("\t")
    }

    proptest! {
        #[test]
        fn marks_hold_what_their_spans_hold((text, spans) in marked()) {
            let source = Source::new("a.md", text.clone().into());
            let (excerpt, marks) = Excerpt::new(&source, &spans, Cut { context: 1, cells: usize::MAX / 2, ellipsis: "…" });
            for (mark, span) in marks.iter().zip(&spans) {
                let marked = &excerpt.text[mark.range.clone()];
                match mark.goes_on_to {
                    None => prop_assert_eq!(marked, shown(&text, *span)),
                    Some(_) => prop_assert!(shown(&text, *span).starts_with(marked)),
                }
            }
        }

        #[test]
        fn cut_lines_keep_the_beginning_of_each_mark((text, spans) in marked(), cells in 1_usize..60) {
            let source = Source::new("a.md", text.clone().into());
            let (excerpt, marks) = Excerpt::new(&source, &spans, Cut { context: 1, cells, ellipsis: "…" });
            for (mark, span) in marks.iter().zip(&spans) {
                // Of a tall span, an empty first line has nothing to show but its place.
                let first = shown(&text, *span).chars().next().filter(|first| *first != '\n');
                prop_assert!(first.is_none_or(|first| excerpt.text[mark.range.clone()].starts_with(first)));
            }
            let longest = cells.max(NARROW * spans.len() * 2) + spans.len() * 2 + 2;
            prop_assert!(excerpt.text.lines().all(|line| line.chars().count() <= longest));
        }
    }
}
