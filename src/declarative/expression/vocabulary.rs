//! The words of the language: metrics, parts of the file's name, filters and tests, each with what it takes and gives.

use super::value::Kinds;
use crate::article::Role;

/// What can be measured in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::declarative) enum Metric {
    Body,
    Characters,
    Cjk,
    CodeBlocks,
    FirstParagraph,
    HeadingTexts,
    Headings,
    Images,
    LinkUrls,
    Links,
    Lists,
    Paragraphs,
    Readability,
    ReadingTime,
    Sections,
    Sentences,
    SourceWords,
    Tables,
    Templates,
    Words,
}

/// Every metric with its name and its kind.
pub(in crate::declarative) const METRICS: [(&str, Metric, Kinds); 20] = [
    ("body", Metric::Body, Kinds::TEXT),
    ("characters", Metric::Characters, Kinds::NUMBER),
    ("cjk", Metric::Cjk, Kinds::NUMBER),
    ("codeBlocks", Metric::CodeBlocks, Kinds::NUMBER),
    ("firstParagraph", Metric::FirstParagraph, Kinds::TEXT),
    ("headingTexts", Metric::HeadingTexts, Kinds::LIST),
    ("headings", Metric::Headings, Kinds::NUMBER),
    ("images", Metric::Images, Kinds::NUMBER),
    ("linkUrls", Metric::LinkUrls, Kinds::LIST),
    ("links", Metric::Links, Kinds::NUMBER),
    ("lists", Metric::Lists, Kinds::NUMBER),
    ("paragraphs", Metric::Paragraphs, Kinds::NUMBER),
    ("readability", Metric::Readability, Kinds::NUMBER),
    ("readingTime", Metric::ReadingTime, Kinds::NUMBER),
    ("sections", Metric::Sections, Kinds::NUMBER),
    ("sentences", Metric::Sentences, Kinds::NUMBER),
    ("sourceWords", Metric::SourceWords, Kinds::NUMBER),
    ("tables", Metric::Tables, Kinds::NUMBER),
    ("templates", Metric::Templates, Kinds::NUMBER),
    ("words", Metric::Words, Kinds::NUMBER),
];

/// A part of the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilePart {
    Path,
    Name,
    Stem,
    Folder,
    Slug,
}

pub(super) const FILE_PARTS: [(&str, FilePart); 5] = [
    ("path", FilePart::Path),
    ("name", FilePart::Name),
    ("stem", FilePart::Stem),
    ("folder", FilePart::Folder),
    ("slug", FilePart::Slug),
];

/// What a role holds.
pub(super) fn role_kinds(role: Role) -> Kinds {
    match role {
        Role::ReadingTime => NUMBER,
        Role::Categories | Role::Keywords => LIST,
        Role::Draft => Kinds::BOOL,
        // A mapping with path, alt and so on; a list where there are several.
        Role::Image => COUNTABLE,
        _ => TEXT,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Abs,
    DaysBetween,
    DaysSince,
    Default,
    First,
    Join,
    Last,
    Length,
    Lower,
    Max,
    Min,
    Number,
    Replace,
    Round,
    Slugify,
    Split,
    Sum,
    Trim,
    Unique,
    Upper,
    Words,
}

/// What a filter or a test takes and gives.
pub(super) struct Signature<W: 'static> {
    pub(super) name: &'static str,
    pub(super) word: W,
    pub(super) takes: Kinds,
    pub(super) args: &'static [Kinds],
    /// How many of them must be there.
    pub(super) required: usize,
    pub(super) gives: Kinds,
}

const fn filter(
    name: &'static str,
    word: Filter,
    takes: Kinds,
    args: &'static [Kinds],
    gives: Kinds,
) -> Signature<Filter> {
    Signature { name, word, takes, args, required: args.len(), gives }
}

const TEXT: Kinds = Kinds::TEXT;
const NUMBER: Kinds = Kinds::NUMBER;
const LIST: Kinds = Kinds::LIST;
const ANY: Kinds = Kinds::ANY;
const TEXT_OR_LIST: Kinds = Kinds::TEXT_OR_LIST;
const TEXT_OR_NUMBER: Kinds = Kinds::TEXT_OR_NUMBER;
const COUNTABLE: Kinds = Kinds::COUNTABLE;

pub(super) static FILTERS: [Signature<Filter>; 21] = [
    filter("abs", Filter::Abs, NUMBER, &[], NUMBER),
    filter("days_between", Filter::DaysBetween, TEXT, &[TEXT], NUMBER),
    filter("days_since", Filter::DaysSince, TEXT, &[], NUMBER),
    filter("default", Filter::Default, ANY, &[ANY], ANY),
    filter("first", Filter::First, TEXT_OR_LIST, &[], ANY),
    Signature { required: 0, ..filter("join", Filter::Join, LIST, &[TEXT], TEXT) },
    filter("last", Filter::Last, TEXT_OR_LIST, &[], ANY),
    filter("length", Filter::Length, COUNTABLE, &[], NUMBER),
    filter("lower", Filter::Lower, TEXT, &[], TEXT),
    filter("max", Filter::Max, LIST, &[], TEXT_OR_NUMBER),
    filter("min", Filter::Min, LIST, &[], TEXT_OR_NUMBER),
    filter("number", Filter::Number, TEXT_OR_NUMBER, &[], NUMBER),
    filter("replace", Filter::Replace, TEXT, &[TEXT, TEXT], TEXT),
    Signature { required: 0, ..filter("round", Filter::Round, NUMBER, &[NUMBER], NUMBER) },
    filter("slugify", Filter::Slugify, TEXT, &[], TEXT),
    filter("split", Filter::Split, TEXT, &[TEXT], LIST),
    filter("sum", Filter::Sum, LIST, &[], NUMBER),
    filter("trim", Filter::Trim, TEXT, &[], TEXT),
    filter("unique", Filter::Unique, LIST, &[], LIST),
    filter("upper", Filter::Upper, TEXT, &[], TEXT),
    filter("words", Filter::Words, TEXT, &[], NUMBER),
];

/// The filters whose arguments are names: of a test, of a filter, or a key.
pub(super) const HIGHER: [&str; 3] = ["map", "reject", "select"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Boolean,
    Contains,
    Defined,
    Empty,
    EndsWith,
    In,
    List,
    Lower,
    Mapping,
    Matches,
    Number,
    StartsWith,
    Text,
    Undefined,
    Upper,
}

const fn test(name: &'static str, word: Test, takes: Kinds, args: &'static [Kinds]) -> Signature<Test> {
    Signature { name, word, takes, args, required: args.len(), gives: Kinds::BOOL }
}

pub(super) static TESTS: [Signature<Test>; 15] = [
    test("boolean", Test::Boolean, ANY, &[]),
    test("contains", Test::Contains, COUNTABLE, &[ANY]),
    test("defined", Test::Defined, ANY, &[]),
    test("empty", Test::Empty, COUNTABLE, &[]),
    test("ends_with", Test::EndsWith, TEXT, &[TEXT]),
    test("in", Test::In, ANY, &[COUNTABLE]),
    test("list", Test::List, ANY, &[]),
    test("lower", Test::Lower, TEXT, &[]),
    test("mapping", Test::Mapping, ANY, &[]),
    test("matches", Test::Matches, TEXT, &[TEXT]),
    test("number", Test::Number, ANY, &[]),
    test("starts_with", Test::StartsWith, TEXT, &[TEXT]),
    test("text", Test::Text, ANY, &[]),
    test("undefined", Test::Undefined, ANY, &[]),
    test("upper", Test::Upper, TEXT, &[]),
];

impl Test {
    /// Whether it may stand in the place of a filter.
    pub(super) fn is_filter(self) -> bool {
        matches!(self, Self::Contains | Self::EndsWith | Self::Matches | Self::StartsWith)
    }
}

/// `reading-time` as expressions write it: `readingTime`.
pub(in crate::declarative) fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_behind_hyphen = false;
    for letter in name.chars() {
        match letter {
            '-' => is_behind_hyphen = true,
            letter if is_behind_hyphen => {
                camel.extend(letter.to_uppercase());
                is_behind_hyphen = false;
            }
            letter => camel.push(letter),
        }
    }
    camel
}

/// What other languages call something, and how it is written here.
pub(super) const ELSEWHERE: [(&str, &str); 18] = [
    ("containing", "contains"),
    ("count", "length"),
    ("downcase", "lower"),
    ("endingwith", "ends_with"),
    ("endswith", "ends_with"),
    ("float", "number"),
    ("int", "number"),
    ("len", "length"),
    ("lowercase", "lower"),
    ("none", "undefined"),
    ("sequence", "list"),
    ("size", "length"),
    ("startingwith", "starts_with"),
    ("startswith", "starts_with"),
    ("string", "text"),
    ("strip", "trim"),
    ("upcase", "upper"),
    ("uppercase", "upper"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_names_are_written_as_expressions_write_them() {
        assert!(METRICS.iter().map(|(name, ..)| name).is_sorted());
        assert!(FILTERS.iter().map(|filter| filter.name).is_sorted());
        assert!(TESTS.iter().map(|test| test.name).is_sorted());
        assert_eq!(camel("image-alt"), "imageAlt");
    }

    #[test]
    fn the_documentation_names_every_word() {
        let text = include_str!("../../../docs/writing-rules.md");
        let names = METRICS.iter().map(|(name, ..)| *name);
        let names = names.chain(FILE_PARTS.iter().map(|(name, _)| *name)).chain(HIGHER);
        let names = names.chain(FILTERS.iter().map(|filter| filter.name));
        for name in names.chain(TESTS.iter().map(|test| test.name)) {
            let is_named = [format!("`{name}"), format!(".{name}`"), format!("is {name}")];
            assert!(is_named.iter().any(|form| text.contains(form)), "docs/writing-rules.md lacks {name}");
        }
    }
}
