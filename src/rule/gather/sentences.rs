//! A number for each sentence of an article, by which sentences are found that stand in many.

use crate::article::Article;
use crate::article::body::Place;
use crate::facts::Facts;
use crate::rule::sentence;

/// The sentences of paragraphs, lists and quotations that are long enough to tell, each with its place.
pub(super) fn gather(article: &Article<'_>, facts: &mut Facts) {
    let prose = article.prose();
    let blocks = prose.blocks.iter().filter(|block| !block.place.intersects(Place::HEADING | Place::TABLE));
    let code = &article.body.inline_code;
    let sentences = blocks.flat_map(|block| prose.sentences(block)).filter_map(|range| {
        let span = prose.span(range.start, range.end);
        // Code is no prose, but a sentence with other code is another one.
        let first = code.partition_point(|code| code.end <= span.start);
        let code = code[first..].iter().take_while(|code| code.start < span.end);
        let code = code.map(|code| &article.text()[code.range()]);
        Some((sentence::number(&prose.text[range.clone()], code)?, span))
    });
    facts.sentences = sentences.collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn short_sentences_headings_and_tables_tell_nothing_and_code_does() {
        let text = "# A door of oak that nobody has opened for years\n\nRead on. A door of *oak* that nobody has opened.\n\n\
                    | A door of oak that nobody has opened. |\n|---|\n\n- A door of oak  that\n  nobody has opened.\n\n\
                    A door of `oak` and that nobody has opened. A door of `pine` and that nobody has opened.\n";
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let mut facts = Facts::default();
        gather(&Article::parse(&source), &mut facts);
        let found: Vec<_> = facts.sentences.iter().map(|(_, span)| &text[span.range()]).collect();
        assert_eq!(
            found[..2],
            ["A door of *oak* that nobody has opened.", "A door of oak  that\n  nobody has opened."]
        );
        let numbers: Vec<_> = facts.sentences.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers[0], numbers[1]);
        assert!(numbers.len() == 4 && numbers[2] != numbers[3], "{found:?}");
    }
}
