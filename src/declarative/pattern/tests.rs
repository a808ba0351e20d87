//! Patterns that are right, wrong, too large, and that take too long.

use super::super::settings::tests::with_settings;
use super::*;

fn compiled(page: &str, options: &str, joint: Joint) -> Result<Pattern, Vec<(String, String)>> {
    with_settings(page, options, |settings| {
        let tokens = settings.texts("tokens");
        Pattern::compile(settings, "tokens", &tokens, joint).ok_or_else(|| {
            let place = |mistake: &crate::mistake::Mistake| {
                mistake.place.as_ref().map_or("", |(_, span)| &page[span.range()]).to_owned()
            };
            settings.mistakes.iter().map(|mistake| (place(mistake), mistake.message.clone())).collect()
        })
    })
}

fn hits(pattern: &Pattern, text: &str) -> Vec<String> {
    let mut hits = Vec::new();
    pattern.each_linear(text, &mut |hit| hits.push(text[hit.range].to_owned()));
    pattern.each_looking(text, &mut |hit| hits.push(text[hit.range].to_owned())).expect("it takes few steps");
    hits
}

#[test]
fn tokens_are_words_or_not_and_each_gets_the_engine_that_it_needs() {
    let page = "tokens: ['do(or)?s', '(?<=in )hing', '(\\w)\\1x']\n";
    let words = compiled(page, "{}", Joint { words: true, ignorecase: true }).expect("they compile");
    assert_eq!(hits(&words, "Doors, outdoors in hinges in hing ooxx oox"), ["Doors", "hing", "oox"]);
    let parts = compiled(page, "{}", Joint::default()).expect("they compile");
    assert_eq!(hits(&parts, "Doors, outdoors in hinges"), ["doors", "hing"]);
    assert!(!parts.is_linear());
    assert_eq!(parts.count("doors in hing").expect("few steps"), 2);
    let captures = |text: &str| {
        let mut found = Vec::new();
        parts.each_linear(text, &mut |hit| found.push(parts.captures(text, &hit)));
        parts.each_looking(text, &mut |hit| found.push(parts.captures(text, &hit))).expect("few steps");
        found.iter().map(|found| (found.token, found.expand("<$1st $$ ${1}$9>"))).collect::<Vec<_>>()
    };
    assert_eq!(captures("doors oox"), [(0, "<orst $ or>".to_owned()), (2, "<ost $ o>".to_owned())]);
}

#[test]
fn options_are_plain_text_in_a_pattern() {
    let page = "tokens: ['x{options.signs}', '{options.none}', 'a{options.one}{2}']\n";
    let options = "{\"signs\": [\".\", \"+\"], \"none\": [], \"one\": \"b\"}";
    let pattern = compiled(page, options, Joint::default()).expect("they compile");
    assert_eq!(hits(&pattern, "x. x+ xy abb ab"), ["x.", "x+", "abb"]);
    let wrong =
        compiled("tokens: 'x{options.sings}'\n", options, Joint::default()).expect_err("no such option");
    assert_eq!(wrong, [("{options.sings}".to_owned(), "the rule has no option \"sings\"".to_owned())]);
}

#[test]
fn all_patterns_that_do_not_compile_are_marked_where_they_are_wrong() {
    let page =
        "tokens: ['a(b', \"ä[z-a]\", 'fine', '(?<!x', '(?=a)\\2', 'a**', '(((a{1000}){1000}){1000})']\n";
    let wrong = compiled(page, "{}", Joint { words: true, ignorecase: false }).expect_err("most are wrong");
    let places: Vec<&str> = wrong.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places[..3], ["(", "z-a", "(?<!x"], "{wrong:?}");
    assert_eq!(places.len(), 5, "{wrong:?}");
    assert!(
        wrong.iter().all(|(_, message)| message.starts_with("the pattern does not compile: ")),
        "{wrong:?}"
    );
    assert!(wrong[4].1.ends_with("too large"), "{wrong:?}");
}

#[test]
fn more_words_than_memory_holds_are_refused() {
    let page = |count: usize| {
        let words: Vec<String> = (0..count).map(|number| format!("w{number}")).collect();
        format!("tokens: [{}]\n", words.join(", "))
    };
    assert!(compiled(&page(2_000), "{}", Joint::default()).is_ok());
    let wrong = compiled(&page(5_000), "{}", Joint::default()).expect_err("too many");
    assert_eq!(wrong[0].1, "these patterns are too large together");
}

#[test]
fn hostile_patterns_are_given_up_and_empty_ones_end() {
    let text = "a".repeat(2000) + "!";
    let started = std::time::Instant::now();
    for token in [r"(?:a+(?<=a))+$", r"(a+)(a+)(a+)(a+)\1\2\3\4x?$", r"^(?:(a|aa)(?=.))*$"] {
        let page = format!("tokens: '{token}'\n");
        let hostile = compiled(&page, "{}", Joint::default()).expect("it compiles");
        assert!(!hostile.is_linear() && hostile.count(&text).is_err(), "{token}");
    }
    // Each place looks at all the rest.
    let square = compiled("tokens: '(?=(a+)+$)a'\n", "{}", Joint::default()).expect("it compiles");
    assert_eq!(square.count(&text).expect("few steps"), 0);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    let linear = compiled("tokens: ['(a+)+$', '(a*)*$']\n", "{}", Joint::default()).expect("it compiles");
    assert_eq!(linear.count(&text).expect("linear"), 0);
    let empty = compiled("tokens: ['x*', '(?=a)']\n", "{}", Joint::default()).expect("they compile");
    assert_eq!(empty.count("aaa").expect("few steps"), 0);
}
