//! Texts of articles in Markdown, and in its HTML, that come out as what they are.
//!
//! Escapes do not suffice. On the page that Markdown has become, a forge looks once more for names (`@name`), issues
//! (`#12`, `GH-12`), commits, addresses and emoji (`:name:`), escaped or not, and tells those who are named. It does not
//! look into code (github.com/gjtorikian/html-pipeline, `DEFAULT_IGNORED_ANCESTOR_TAGS`). So words stand as they are where
//! nobody can take them for anything else, and all others in code.

use super::super::{Options, visible};

/// So many characters of a text are shown.
const MOST: usize = 500;

/// A text within a paragraph. Its line ends are shown and not made.
pub(super) fn prose(text: &str) -> String {
    let text = cut(text);
    let has_gap = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    if has_gap {
        return span(&text);
    }
    let words: Vec<&str> = text.split(' ').collect();
    let mut quotes = Quotes::default();
    let pieces: Vec<&[&str]> = words.chunk_by(|left, _| quotes.are_open_behind(left)).collect();
    let is_plain = |piece: &&[&str]| piece.iter().all(|word| is_plain(word));
    let runs = pieces.chunk_by(|left, right| is_plain(left) == is_plain(right));
    let runs = runs.map(|run| {
        let words = run.concat().join(" ");
        if run.iter().all(is_plain) { words } else { coded(&words) }
    });
    runs.collect::<Vec<_>>().join(" ")
}

/// Whether what is quoted goes on behind a word: it is one thing, to be shown in one way.
#[derive(Default)]
struct Quotes(bool);

impl Quotes {
    fn are_open_behind(&mut self, word: &str) -> bool {
        self.0 ^= word.matches('"').count() % 2 == 1;
        self.0
    }
}

/// Words in code, but for the brackets and stops around them.
fn coded(words: &str) -> String {
    let inner = words.trim_start_matches('(');
    let (before, inner) = words.split_at(words.len() - inner.len());
    let inner = inner.trim_end_matches([')', ',', ';', ':']);
    let behind = &words[before.len() + inner.len()..];
    format!("{before}{}{behind}", span(inner))
}

/// A text in code, where HTML is written, and in the cell of a table.
pub(super) fn element(text: &str) -> String {
    let escaped = cut(text).chars().fold(String::new(), |escaped, letter| match letter {
        '-' | '/' | ',' => escaped + letter.encode_utf8(&mut [0; 4]),
        _ if letter.is_ascii_punctuation() => format!("{escaped}&#{};", u32::from(letter)),
        _ => escaped + letter.encode_utf8(&mut [0; 4]),
    });
    format!("<code>{escaped}</code>")
}

/// The id of a rule, which leads to its manual if there is one.
pub(super) fn rule(id: &str, options: &Options<'_>) -> String {
    let shown = if is_plain(id) && id.chars().count() <= MOST { id.to_owned() } else { element(id) };
    let fits = |url: &String| {
        url.chars().all(|letter| letter.is_ascii_graphic() && !r#"()<>[]\|`""#.contains(letter))
    };
    match (options.rule_url)(id).filter(fits) {
        Some(url) => format!("[{shown}]({url})"),
        None => shown,
    }
}

/// A span of code. Its fence is longer than any in it.
fn span(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // One space on each side is taken away again, unless there is nothing else.
    let touches = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if touches && !text.trim_matches(' ').is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Whether a word, which has no space in it, is the same in Markdown and to all who look for more in it.
fn is_plain(word: &str) -> bool {
    let word = word.trim_start_matches(['"', '\'', '(']);
    let word = word.trim_end_matches(['"', '\'', ')', '.', ',', ';', ':', '!', '?', '%']);
    let is_number = word.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let has_digit = word.contains(|letter: char| letter.is_ascii_digit());
    let is_commit = |part: &str| {
        let is_hash = part.chars().all(|letter| letter.is_ascii_hexdigit());
        part.len() >= 7 && is_hash && part.contains(|letter: char| letter.is_ascii_digit())
    };
    let mut parts = word.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_harmless = |letter: char| match letter {
        '.' => is_number,
        // As in `GH-12`.
        '-' => !has_digit,
        '\'' | '/' | '+' | ',' | ';' => true,
        _ => !letter.is_ascii() || letter.is_ascii_alphanumeric(),
    };
    !parts.any(is_commit) && word.chars().all(is_harmless)
}

/// The text on one line, and the end of a long one left out.
fn cut(text: &str) -> String {
    let line = visible::line(text);
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.into_owned(),
    }
}
