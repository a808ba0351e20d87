//! Counts words: those of the source and those that a reader sees.

use unicode_segmentation::UnicodeSegmentation;

use super::parts::TextRun;

/// Three counts of one body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Tokens of the raw body between white space (Unicode `White_Space`), markup and code included: what many
    /// site generators count.
    pub source: u32,
    /// Words of the visible text, as Unicode (UAX #29) divides them: "don't" and "3.5" are one word, "e-mail" is two.
    /// Code, HTML tags, addresses, alternative texts, shortcodes and templates do not count; Chinese and Japanese
    /// characters are in `cjk` instead.
    pub visible: u32,
    /// Characters of scripts written without spaces: Han, Hiragana, Katakana. (Hangul has spaces: its words are in
    /// `visible`.)
    pub cjk: u32,
}

impl Words {
    /// Counts; `body` is the raw body, `file` the text of the whole file, in which the runs lie.
    pub(super) fn count(body: &str, file: &str, runs: &[TextRun]) -> Self {
        let mut words = Self { source: body.split_whitespace().count() as u32, ..Self::default() };
        // Runs that only emphasis or an escape divides can share a word (`un*believ*able`); these few are joined.
        let mut joined = String::new();
        let mut runs = runs.iter().peekable();
        while let Some(run) = runs.next() {
            let text = run.text(file);
            let glued = runs.peek().is_some_and(|next| {
                let gap = file.get(run.span.end as usize..next.span.start as usize).unwrap_or(" ");
                gap.bytes().all(|byte| matches!(byte, b'*' | b'_' | b'~' | b'\\'))
            });
            if glued || !joined.is_empty() {
                joined.push_str(text);
            }
            if glued {
                continue;
            }
            words.add(if joined.is_empty() { text } else { &joined });
            joined.clear();
        }
        words
    }

    fn add(&mut self, text: &str) {
        // The segmentation has a fast path of its own for ASCII.
        for word in text.unicode_words() {
            let cjk = if word.is_ascii() { 0 } else { word.chars().filter(|char| is_cjk(*char)).count() };
            self.cjk += cjk as u32;
            self.visible += u32::from(cjk == 0);
        }
    }
}

/// Whether the character belongs to a script that is written without spaces and counted by the character.
fn is_cjk(char: char) -> bool {
    matches!(char,
        '\u{3005}' | '\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Syntax};

    #[test]
    fn words_as_a_reader_counts_them() {
        for (text, source, visible, cjk) in [
            ("don't send e-mail for 3.5 or 1,000.", 7, 8, 0),
            ("un*believ*able **bold**ly snake\\_case", 3, 3, 0),
            ("see [the docs](https://a.example/b c.md) now", 5, 8, 0),
            ("see [the docs](https://a.example/b) now", 4, 4, 0),
            ("a `b c` d\n\n    e f\n", 6, 2, 0),
            ("{{< x y >}} text", 5, 1, 0),
            ("one<br>two", 1, 2, 0),
            ("|a|b|\n|-|-|\n|c|d|\n", 3, 4, 0),
            ("这是 Rust 语言。カタカナ", 3, 1, 8),
            ("한국어 문장 하나", 3, 3, 0),
            ("naïve café", 2, 2, 0),
            ("R&amp;D", 1, 2, 0),
            ("", 0, 0, 0),
        ] {
            let words = Body::parse(text, 0, Syntax::Markdown).words(text);
            assert_eq!((words.source, words.visible, words.cjk), (source, visible, cjk), "{text}");
        }
    }
}
