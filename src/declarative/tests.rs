//! The kinds as pages set them up.

use super::*;
use crate::article::Roles;
use crate::finding::{Finding, Fix, Level, Safety};
use crate::mistake::Mistake;
use crate::text::Source;

fn page(check: &str) -> Result<Box<dyn Check>, (String, Vec<Mistake>)> {
    let indented = check.replace('\n', "\n  ");
    let text =
        format!("---\nsummary: a rule of a test\nlevel: error\nfix: safe\ncheck:\n  {indented}\n---\n");
    let source = std::sync::Arc::new(Source::new("rule.md", text.clone().into_bytes()));
    let page = Page::parse("test", "test", &source, None).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    crate::rules::check_of(&page, &Map::new()).map_err(|mistakes| (text, mistakes))
}

fn findings(check: &str, article: &str) -> Vec<Finding> {
    let check = page(check).unwrap_or_else(|(_, mistakes)| panic!("{mistakes:?}"));
    let source = Source::new("a.md", article.as_bytes().to_vec());
    let (article, roles) = (Article::parse(&source), Roles::default());
    let context = Context::new(&roles);
    let mut findings = Vec::new();
    check.check(
        &article,
        &context,
        &mut Sink::new(&"test".into(), Level::Error, source.path(), &mut findings),
    );
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// What is marked, and what is said of it.
fn marked(check: &str, article: &str) -> Vec<String> {
    let findings = findings(check, article);
    findings
        .iter()
        .map(|finding| format!("{}: {}", &article[finding.span.range()], finding.message))
        .collect()
}

/// The text with all fixes.
fn fixed(check: &str, article: &str) -> String {
    let findings = findings(check, article);
    let mut edits: Vec<_> =
        findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(Fix::edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = article.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

const ALL: &str = "---\ntitle: \"a x in \\\"b\\\"\"\nlist: [x, {k: 'x'}]\n---\n# One x\n\nPara x.\n\n- item x\n  > quote x\n\n\
                   | head x |\n|---|\n| cell x |\n\n## Two `x`\n\n[link x](to-x.md) ![alt x](y.png)\n\n```\ncode x\n```\n";

#[test]
fn scopes_are_the_parts_of_an_article() {
    let cases = [
        ("text", "One item link Para cell head quote"),
        ("heading", "One"),
        ("heading.h2", ""),
        ("heading.h1", "One"),
        ("paragraph", "link Para"),
        ("sentence", "Para item link quote"),
        ("list", "item quote"),
        ("blockquote", "quote"),
        ("list & ~blockquote", "item"),
        ("list & blockquote", "quote"),
        ("~table", "One Para item link quote"),
        ("table", "cell head"),
        ("table.header", "head"),
        ("table.cell", "cell"),
        ("link", "link"),
        ("url", "to-"),
        ("alt", "alt"),
        ("code", "code"),
        ("role.title", "a"),
        ("article.title", "a"),
        ("article.list", "x x"),
        ("article./list/1/k", "x"),
        ("front-matter", "a x x"),
    ];
    for (scope, expected) in cases {
        let check = format!(
            "existence:\n  message: found\n  scope: {scope}\n  nonword: true\n  tokens: ['[\\w-]* ?\\bx\\b']"
        );
        let mut found: Vec<String> = findings(&check, ALL)
            .iter()
            .map(|finding| {
                let text = &ALL[finding.span.range()];
                text.strip_suffix('x').unwrap_or("?").trim().to_owned()
            })
            .map(|text| if text.is_empty() { "x".to_owned() } else { text })
            .collect();
        found.sort();
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{scope}");
    }
}

#[test]
fn substitution_writes_where_the_bytes_are_the_text() {
    let check = "substitution:\n  message: write \"{replacement}\" for \"{match}\"\n  scope: [text, front-matter]\n  \
                 ignorecase: true\n  capitalize: true\n  swap: {e-mail: email, (colo)ur(s?): $1r$2, utilize: use|employ, JSON: JSON}";
    let article = "---\na: 'E-mail: its colour'\nb: an e-mail of it\nc: e-mail\n---\nE-*mail* e-mail json JSON Colours utilize\n";
    let expected = "---\na: 'Email: its color'\nb: an email of it\nc: email\n---\nE*mail* email JSON JSON Colors utilize\n";
    assert_eq!(fixed(check, article), expected);
    let said = marked(check, article);
    assert!(said.contains(&"utilize: write \"use\" or \"employ\" for \"utilize\"".to_owned()), "{said:?}");
    assert!(
        findings(check, article)
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .all(|fix| fix.safety == Safety::Safe)
    );
}

#[test]
fn occurrence_counts_what_the_page_asks_for() {
    let count = |count: &str, scope: &str| {
        format!(
            "occurrence:\n  message: '{{count}} in \"{{heading}}\"'\n  scope: {scope}\n  {count}\n  min: 2\n  max: 4"
        )
    };
    let article = "---\ntitle: 'e\u{301}a\u{1F469}\u{200D}\u{1F4BB}门bc'\nalt: ''\n---\n# Ab\n\none two three four five\n\n# {{ x }}\n\n门开了吗？\n";
    let title = |by: &str| marked(&count(by, "role.title"), article);
    assert_eq!(title("count: characters"), ["bc: 6 in \"\""]);
    assert_eq!(title("count: width"), ["门bc: 8 in \"\""]);
    assert_eq!(
        marked(&count("count: words", "paragraph"), article),
        ["one two three four five: 5 in \"Ab\"", "门开了吗？: 1 in \"{{ x }}\""]
    );
    assert_eq!(
        marked(&count("token: '[eo]'", "paragraph"), article),
        ["e: 7 in \"Ab\"", "门开了吗？: 0 in \"{{ x }}\""]
    );
    assert_eq!(marked(&count("count: words", "heading"), article), ["Ab: 1 in \"Ab\""]);
    assert_eq!(
        marked(&count("count: words", "section"), article),
        ["# Ab: 5 in \"Ab\"", "门开了吗？: 1 in \"{{ x }}\""]
    );
}

#[test]
fn repetition_is_of_words_or_of_tokens() {
    let words = "repetition:\n  message: '{match}'\n  scope: text\n  ignorecase: true\n  alpha: true\n  exceptions: [had]";
    let article =
        "The the a a. A\n> in\n> in [on\non](x.md) had had 2 2 is `x` is, at\nat *by by*\n\n- to\n- to\n";
    let fixed_text = "The a. A\n> in [on](x.md) had had 2 2 is `x` is, at *by*\n\n- to\n- to\n";
    assert_eq!(marked(words, article).len(), 6, "{:?}", marked(words, article));
    assert_eq!(fixed(words, article), fixed_text);
    let tokens = "repetition:\n  message: '{match} {count}'\n  scope: [paragraph, article.title]\n  max: 1\n  tokens: ['\\d']";
    assert_eq!(marked(tokens, "---\ntitle: 1 1 1\n---\n2 2 3 3 3 4\n"), ["1 1 1: 1 3", "3 3 3: 3 3"]);
}

#[test]
fn sections_are_missing_misplaced_doubled_or_unknown() {
    let outline = "sections:\n  sections: [Why, {title: [How, Way], sections: [{pattern: '^step', repeatable: true}]}, {title: What, optional: true}]\n  extra: forbid";
    assert_eq!(marked(outline, "# T\n\n## Why?\n\n## how\n\n### Step 1\n\n### Step 2\n"), [""; 0]);
    assert_eq!(
        marked(outline, "## What\n\n## Way\n\n## Way\n\n### Step\n\n## Whi\n"),
        [
            "## What: the section \"Why\" is missing",
            "## Way: the section \"Way\" stands behind \"What\"",
            "## Way: the section \"^step\" is missing under \"Way\"",
            "## Way: the section \"Way\" stands here a second time",
            "## Way: the section \"Way\" stands behind \"What\"",
            "## Whi: the section \"Whi\" is none of this outline",
        ]
    );
    assert_eq!(
        marked(outline, "No headings.\n"),
        [": the section \"Why\" is missing", ": the section \"How\" is missing"]
    );
}

#[test]
fn a_pattern_that_takes_too_long_is_reported_in_the_article() {
    let check = "existence:\n  message: found\n  scope: [text, raw, heading]\n  nonword: true\n  tokens: ['^(?:(a|aa)(?=.))*$', end]";
    let article = format!("# fine\n\n{}! end\n", "a".repeat(400));
    let said = marked(check, &article);
    assert_eq!(said.iter().filter(|said| said.contains("takes too many steps")).count(), 2, "{said:?}");
    assert_eq!(said.iter().filter(|said| *said == "end: found").count(), 2, "{said:?}");
}

#[test]
fn all_that_is_wrong_with_a_page_is_said_with_its_place() {
    let cases: [(&str, &[(&str, &str)]); 6] = [
        (
            "existence:\n  message: '{mtch}'\n  help: '%s'\n  scope: [txt, 'text & ~blokquote', role.titel]\n  tokens: ['a(', 'b[']",
            &[
                ("(", "the pattern does not compile: unclosed group"),
                ("[", "the pattern does not compile: unclosed character class"),
                ("%s", "\"%s\" is no hole here: holes have names"),
                ("{mtch}", "\"{mtch}\" is no hole of this message"),
                ("txt", "\"txt\" is no scope"),
                ("~blokquote", "\"blokquote\" is no scope"),
                ("role.titel", "\"role.titel\" is no scope"),
            ],
        ),
        (
            "substitution:\n  message: '{replacment}'\n  scope: 'code & text'\n  swap: {'a**(': b}",
            &[
                ("(", "the pattern does not compile: unclosed group"),
                ("{replacment}", "\"{replacment}\" is no hole of this message"),
                ("text", "\"text\" cannot be put together with what stands before it"),
            ],
        ),
        (
            "occurrence:\n  scope: text\n  count: wrds\n  min: 5\n  max: 3",
            &[
                ("wrds", "\"wrds\" is no value of \"count\""),
                ("5", "\"min\" is 5, more than \"max\", 3"),
                ("", "the setting \"message\" is missing"),
            ],
        ),
        (
            "repetition:\n  message: '{match}'\n  tokens: '*'\n  max: -1",
            &[
                ("*", "the pattern does not compile: repetition operator missing expression"),
                ("", "the setting \"scope\" is missing"),
                ("-1", "\"max\" is a whole number from 0 on, not -1"),
            ],
        ),
        (
            "sections:\n  sections: [{level: 2}]\n  extra: forbidd",
            &[
                ("[{level: 2}]", "a section has neither \"title\" nor \"pattern\""),
                ("forbidd", "\"forbidd\" is no value of \"extra\""),
            ],
        ),
        ("existance:\n  message: x", &[("", "\"existance\" is no kind of rule")]),
    ];
    for (check, expected) in cases {
        let (text, mistakes) = page(check).err().unwrap_or_else(|| panic!("{check}"));
        let found: Vec<(&str, &str)> = mistakes
            .iter()
            .map(|mistake| {
                let (_, span) = mistake.place.as_ref().expect("each has a place");
                let marked = &text[span.range()];
                (
                    if marked.contains('\n') || marked == "message: x" { "" } else { marked },
                    mistake.message.as_str(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{check}");
    }
}

#[test]
fn every_pattern_of_our_own_pages_compiles() {
    for page in crate::rules::Catalog::built_in().pages() {
        let made = crate::rules::check_of(page, &Map::new());
        assert!(made.is_ok(), "{}: {:?}", page.id, made.err());
    }
}
