//! Frames of all kinds of texts and spans.

use proptest::prelude::*;

use super::*;
use crate::text::Span;

/// The frame of one finding in `a.md`, without the closing lines and the ends of lines.
fn frame(text: &str, span: impl Into<Span>) -> String {
    frame_of(finding("a.md", span), text)
}

fn frame_of(finding: Finding, text: &str) -> String {
    let run = Run { findings: vec![finding], ..Run::default() };
    let shown = report(Format::Pretty, &run, &[("a.md", text)], &Options::default());
    let lines = shown.lines().skip(3).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn every_kind_of_text_has_a_frame() {
    for (what, text, span, lines) in [
        ("an empty file", "", 0..0, ["1 │", "  · ▲"].as_slice()),
        ("the end after a line end", "ab\n", 3..3, &["1 │ ab", "2 │", "  · ▲"]),
        ("the end of a last line", "ab", 2..2, &["1 │ ab", "  ·   ▲"]),
        ("the end of a line", "ab\ncd\n", 2..2, &["1 │ ab", "  ·   ▲", "2 │ cd"]),
        ("a place in a line", "ab\n", 1..1, &["1 │ ab", "  ·  ▲"]),
        ("a line end", "ab\ncd\n", 2..3, &["1 │ ab", "  ·   ─", "2 │ cd"]),
        ("a line with its end", "ab\ncd\n", 0..3, &["1 │ ab", "  · ───", "2 │ cd"]),
        ("a CRLF", "ab\r\ncd\r\n", 2..4, &["1 │ ab", "  ·   ─", "2 │ cd"]),
        ("inside a CRLF", "ab\r\ncd\r\n", 3..3, &["1 │ ab", "  ·   ▲", "2 │ cd"]),
        ("after CRLF", "ab\r\ncd\r\n", 4..6, &["1 │ ab", "2 │ cd", "  · ──"]),
        ("after a lone CR", "ab\rcd\ref", 3..5, &["1 │ ab", "2 │ cd", "  · ──", "3 │ ef"]),
        ("after a byte-order mark", "\u{feff}ab\n", 3..5, &["1 │ ab", "  · ──"]),
        ("a byte-order mark", "\u{feff}ab\n", 0..3, &["1 │ ab", "  · ▲"]),
        ("nothing but a byte-order mark", "\u{feff}", 3..3, &["1 │", "  · ▲"]),
        ("after a tab", "\tab\n", 1..3, &["1 │     ab", "  ·     ──"]),
        ("a tab in the middle", "a\tb\n", 1..2, &["1 │ a   b", "  ·  ───"]),
        ("wide characters", "日本語\n", 3..6, &["1 │ 日本語", "  ·   ──"]),
        ("controls", "a\x1b[0mb\x07c\n", 5..6, &["1 │ a␛[0mb␇c", "  ·      ─"]),
        ("two lines", "ab\ncd\n", 1..4, &["1 │ ╭─▶ ab", "2 │ ╰─▶ cd"]),
        ("two lines with their ends", "ab\ncd\nef\n", 0..6, &["1 │ ╭─▶ ab", "2 │ ╰─▶ cd", "3 │     ef"]),
    ] {
        let shown = frame(text, span.clone());
        let body: Vec<_> = shown.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        assert_eq!(body[1..body.len() - 1], *lines, "{what}: {text:?} {span:?}\n{shown}");
    }
}

#[test]
fn a_long_line_is_cut_around_its_mark() {
    let text = "some words and ".repeat(100) + "WRONG" + &" and more words".repeat(100);
    for at in [0, 1500, text.len() - 5] {
        let shown = frame(&text, at..at + 5);
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 100), "{shown}");
        let marked = lines[2].find('─').map(|at| lines[2][..at].chars().count()).unwrap();
        let under: String = lines[1].chars().skip(marked).take(5).collect();
        assert_eq!(under, text[at..at + 5], "{shown}");
        assert_eq!(lines[1].contains("│ …"), at > 0, "{shown}");
        assert!(shown.starts_with(&format!("   ╭─[a.md:1:{}]\n", at + 1)), "{shown}");
    }
    let mut both = finding("a.md", 1500..1505);
    both.related(Span::new(0, 4), "first here");
    let shown = frame_of(both, &text);
    assert!(
        shown.contains("some words") && shown.contains("WRONG") && shown.contains("first here"),
        "{shown}"
    );
}

#[test]
fn a_tall_span_is_marked_on_its_first_line() {
    let text = "line\n".repeat(40);
    let shown = frame(&text, 10..150);
    assert!(shown.contains("╰── goes on to line 30"), "{shown}");
    assert_eq!(shown.lines().count(), 7, "{shown}");
}

#[test]
fn lines_far_apart_have_frames_of_their_own() {
    let text = "line\n".repeat(40);
    let mut far = finding("a.md", 150..154);
    far.related(Span::new(10, 14), "first here");
    let shown = frame_of(far, &text);
    assert!(shown.contains("[a.md:3:1]") && shown.contains("[a.md:31:1]"), "{shown}");
    assert!(shown.contains(" 2 │ line") && !shown.contains(" 5 │ line"), "{shown}");
}

#[test]
fn a_crowd_of_related_places_is_counted() {
    let mut crowded = finding("a.md", 0..4);
    for _ in 0..1000 {
        crowded.related(Span::new(0, 4), "here too");
    }
    let shown = frame_of(crowded, "line\n");
    assert!(shown.contains("help: 995 more related places are not shown"), "{shown}");
}

proptest! {
    #[test]
    fn any_span_of_any_text_is_shown_at_its_place(
        (text, spans) in marked(),
        width in 0_usize..200,
    ) {
        let mut spans = spans.into_iter();
        let mut found = finding("a.md", spans.next().unwrap());
        spans.for_each(|span| _ = found.related(span, "here"));
        let position = Source::new("a.md", text.clone().into()).position(found.span.start);
        let run = Run { findings: vec![found], ..Run::default() };
        let options = Options { width, ..Options::default() };
        let shown = report(Format::Pretty, &run, &[("a.md", &text)], &options);
        let place = format!("a.md:{}:{}", position.line, position.column);
        prop_assert!(shown.contains(&format!("[{place}]\n")), "{}", shown);
        let marks = |line: &str| line.contains(['▶', '▲']) || line.trim_start().starts_with('·') && line.contains('─');
        prop_assert!(shown.lines().any(marks), "{}", shown);
        prop_assert!(!shown.contains(|c| c != '\n' && visible::symbol(c).is_some()), "{:?}", shown);
        let shown = report(Format::Concise, &run, &[("a.md", &text)], &options);
        prop_assert!(shown.starts_with(&format!("{place}: ")), "{}", shown);
    }

    #[test]
    fn a_span_that_does_not_fit_never_panics(text in text(), start in 0_u32..400, length in 0_u32..400) {
        let run = Run {
            findings: vec![finding("a.md", Span { start, end: start + length })],
            ..Run::default()
        };
        for format in Format::ALL {
            report(format, &run, &[("a.md", &text)], &Options::default());
        }
    }
}

#[test]
fn the_first_frame_is_that_of_the_finding() {
    let text = "one\n\n\n\n\n\ntwo\n";
    let mut far = finding("a.md", Span::new(9, 12));
    far.related(Span::new(0, 3), "first here");
    let shown = frame_of(far, text);
    assert!(shown.starts_with("   ╭─[a.md:7:1]\n"), "{shown}");
}
