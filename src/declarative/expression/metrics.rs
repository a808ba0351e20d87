//! What is measured in an article, and what its file is called. Nothing is computed before an expression asks for it.

use std::borrow::Cow;

use super::value::Value;
use super::vocabulary::{FilePart, Metric};
use crate::article::Article;
use crate::article::body::Place;
use crate::date::{self, Reading};
use crate::rule::{outline, readability, reading_time};
use crate::text::Span;

/// The value of a metric. What a text is too short or too foreign for is absent.
pub(super) fn measure<'a>(metric: Metric, article: &'a Article<'_>) -> Value<'a> {
    let body = &article.body;
    let words = || body.words(article.text());
    match metric {
        Metric::Body => {
            let text = &article.prose().text;
            match memchr::memchr(0, text.as_bytes()) {
                Some(_) => Value::Text(text.replace('\0', "").into()),
                None => Value::Text(text.into()),
            }
        }
        Metric::Characters => {
            let prose = article.prose();
            count(prose.blocks.iter().map(|block| prose.text[block.start..block.end].chars().count()).sum())
        }
        Metric::Cjk => Value::Number(words().cjk.into()),
        Metric::CodeBlocks => count(body.code.len()),
        Metric::FirstParagraph => {
            first_paragraph(article).map_or(Value::Absent, |text| Value::Text(text.into()))
        }
        Metric::HeadingTexts => {
            let texts =
                outline::headings(article).into_iter().map(|heading| Value::Text((&heading.text).into()));
            Value::List(texts.collect())
        }
        Metric::Headings => count(outline::headings(article).len()),
        Metric::Images => count(body.images.len()),
        Metric::LinkUrls => Value::List(body.links.iter().map(|link| Value::of_text(&link.url)).collect()),
        Metric::Links => count(body.links.len()),
        Metric::Lists => count(body.lists.iter().filter(|list| !list.place.intersects(Place::LIST)).count()),
        Metric::Paragraphs => {
            let other = Place::LIST | Place::TABLE | Place::FOOTNOTE | Place::HEADING;
            count(body.paragraphs.iter().filter(|paragraph| !paragraph.place.intersects(other)).count())
        }
        Metric::Readability => readability::ease(article).map_or(Value::Absent, Value::Number),
        Metric::ReadingTime => reading_time::usual(words()).map_or(Value::Absent, Value::Number),
        Metric::Sections => {
            let headings = outline::headings(article);
            let top = headings.iter().map(|heading| heading.level).min();
            count(headings.iter().filter(|heading| Some(heading.level) == top).count())
        }
        Metric::Sentences => count(readability::sentences(article)),
        Metric::SourceWords => Value::Number(words().source.into()),
        Metric::Tables => count(body.tables.len()),
        Metric::Templates => {
            // Attribute lists of kramdown bring no text.
            let is_template = |span: &&Span| !article.text()[span.range()].starts_with("{:");
            let shortcodes = body.shortcodes.iter().filter(is_template).count();
            count(shortcodes + body.expressions.len() + body.jsx.len())
        }
        Metric::Words => Value::Number(f64::from(words().visible) + f64::from(words().cjk)),
    }
}

/// A count as a value.
pub(super) fn count(many: usize) -> Value<'static> {
    Value::Number(f64::from(u32::try_from(many).unwrap_or(u32::MAX)))
}

fn first_paragraph<'a>(article: &'a Article<'_>) -> Option<&'a str> {
    let prose = article.prose();
    let other = Place::HEADING | Place::LIST | Place::TABLE | Place::QUOTE | Place::FOOTNOTE;
    let texts = prose.blocks.iter().filter(|block| !block.place.intersects(other));
    texts.map(|block| prose.text[block.start..block.end].trim()).find(|text| !text.is_empty())
}

/// A part of a file's name.
pub(super) fn part(part: FilePart, path: &str) -> Cow<'_, str> {
    let (folder, name) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
    match part {
        FilePart::Path if path.contains('\\') => path.replace('\\', "/").into(),
        FilePart::Folder if folder.contains('\\') => folder.replace('\\', "/").into(),
        FilePart::Path => path.into(),
        FilePart::Folder => folder.into(),
        FilePart::Name => name.into(),
        FilePart::Stem => stem(name).into(),
        FilePart::Slug => {
            let stem = without_language(stem(name));
            let is_index = ["index", "_index", "readme"].iter().any(|index| stem.eq_ignore_ascii_case(index));
            let last = folder.rsplit(['/', '\\']).next().unwrap_or_default();
            without_date(if is_index { last } else { stem }).into()
        }
    }
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// `post.en` and `post.zh-cn` are `post` in a language.
fn without_language(stem: &str) -> &str {
    let Some((rest, end)) = stem.rsplit_once('.') else { return stem };
    let (language, region) = end.split_once(['-', '_']).unwrap_or((end, "xx"));
    let is_code = |code: &str| code.bytes().all(|letter| letter.is_ascii_alphabetic());
    let is_language = matches!(language.len(), 2 | 3) && (2..=4).contains(&region.len());
    if is_language && is_code(language) && is_code(region) && !rest.is_empty() { rest } else { stem }
}

/// `2024-01-02-post` is `post` on a day.
fn without_date(stem: &str) -> &str {
    match stem.get(..11) {
        Some(date) if date.ends_with(['-', '_']) && day(&date[..10]).is_some() && stem.len() > 11 => {
            &stem[11..]
        }
        _ => stem,
    }
}

/// The day that a text names, as front matter writes days.
pub(super) fn day(text: &str) -> Option<jiff::civil::Date> {
    match date::read(text.trim()) {
        Reading::Date(moment, _) => Some(moment.day),
        _ => None,
    }
}

/// Small letters and digits with single hyphens between them.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut push = |letter: char| match letter {
        // What stands within a word leaves no gap.
        '\'' | '’' => {}
        letter if letter.is_alphanumeric() => slug.push(letter),
        _ if slug.is_empty() || slug.ends_with('-') => {}
        _ => slug.push('-'),
    };
    for letter in text.chars() {
        if letter.is_ascii() {
            push(letter.to_ascii_lowercase());
        } else {
            letter.to_lowercase().for_each(&mut push);
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slug_of_a_file_is_what_sites_make_of_it() {
        for (path, expected) in [
            ("posts/2024-01-02-oak-doors.md", "oak-doors"),
            ("posts/oak-doors/index.md", "oak-doors"),
            ("posts\\oak-doors\\index.en.md", "oak-doors"),
            ("posts/2024-01-02-oak-doors/README.md", "oak-doors"),
            ("oak-doors.zh-cn.md", "oak-doors"),
            ("node.js.md", "node"),
            ("v1.2.md", "v1.2"),
            ("2024-01-02.md", "2024-01-02"),
            ("_index.md", ""),
            (".md", ".md"),
            ("türen-für-alle.md", "türen-für-alle"),
        ] {
            assert_eq!(part(FilePart::Slug, path), expected, "{path}");
        }
        assert_eq!(part(FilePart::Folder, "a\\b\\c.md"), "a/b");
    }

    #[test]
    fn slugs_are_small_letters_and_single_hyphens() {
        for (text, expected) in [
            ("Oak doors & hinges!", "oak-doors-hinges"),
            ("Don’t — Türen", "dont-türen"),
            ("--", ""),
            ("门 1", "门-1"),
        ] {
            assert_eq!(slug(text), expected);
        }
    }
}
