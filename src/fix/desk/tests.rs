//! What is decided on, and rules that find no end.

use super::*;
use crate::article::Article;
use crate::engine::ActiveRule;
use crate::finding::{Edit, Fix, Level};
use crate::rule::{Check, Context, Page, Sink};
use crate::rules::Catalog;

/// Wants a text to be another one, and has a fix for the first place only.
struct Wants(&'static str, &'static str);

impl Check for Wants {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Self(from, to) = self;
        assert!(!article.text().contains("boom"), "the fuse was lit");
        for (index, (at, _)) in article.text().match_indices(from).enumerate() {
            let span = Span::new(at, at + from.len());
            let finding = sink.report(span, "no");
            finding.fix = (index == 0).then(|| Fix::safe(format!("write {to}"), [Edit::replace(span, *to)]));
        }
    }
}

fn settings(rules: &[(&str, &'static str, &'static str)]) -> Settings {
    let page = &Catalog::built_in().pages()[0];
    let rules = rules.iter().map(|(id, from, to)| {
        let page = Arc::new(Page { id: (*id).into(), ..(**page).clone() });
        ActiveRule { page, level: Level::Error, check: Arc::new(Wants(from, to)) }
    });
    Settings { rules: rules.collect(), ..Settings::default() }
}

/// What becomes of a text when all is agreed on.
fn agreed(text: &str, rules: &[(&str, &'static str, &'static str)]) -> Answers {
    let (source, settings) = (Source::new("a.md", text.as_bytes().to_vec()), settings(rules));
    let mut desk = Desk::new(&source, &settings);
    let mut put = |_: &str, _: &str| Ok(());
    while !desk.is_closed() {
        let findings = desk.check();
        if !desk.apply_unasked(&findings, |_| true, &mut put) {
            break;
        }
    }
    desk.close()
}

fn failed(answers: &Answers) -> Vec<String> {
    answers.failures.iter().map(|failure| failure.rules.join(" ")).collect()
}

#[test]
fn what_has_less_to_do_at_each_turn_is_long_and_no_bug() {
    let rules = [("bits", "-", "+"), ("good", "x", "y")];
    let first = agreed(&format!("{}x", "-".repeat(MOST_PASSES + 5)), &rules);
    assert_eq!(failed(&first), [""; 0]);
    assert_eq!(first.text, format!("{}-----y", "+".repeat(MOST_PASSES)));
    assert!(first.is_unfinished);
    let second = agreed(&first.text, &rules);
    assert_eq!((second.text, second.is_unfinished), (format!("{}y", "+".repeat(MOST_PASSES + 5)), false));
    let exact = agreed(&"-".repeat(MOST_PASSES), &rules);
    assert_eq!((exact.text, exact.is_unfinished), ("+".repeat(MOST_PASSES), false));
}

#[test]
fn what_never_ends_is_a_bug_and_what_is_long_beside_it_is_not_blamed() {
    let alone = agreed("a x", &[("more", "a", "aa"), ("good", "x", "y")]);
    assert_eq!((failed(&alone), alone.is_unfinished), (vec!["more".to_owned()], false));
    assert!(alone.text.ends_with(" y"), "{}", alone.text);
    // Each has nothing left behind its own turn, and more at the next.
    let together = agreed("a", &[("one", "a", "bb"), ("two", "b", "aa")]);
    assert!(!failed(&together).is_empty() && !together.is_unfinished, "{together:?}");
    let beside = agreed(&format!("{}a", "-".repeat(15)), &[("bits", "-", "+"), ("more", "a", "aa")]);
    assert_eq!((failed(&beside), beside.is_unfinished), (vec!["more".to_owned()], false));
}

#[test]
fn a_circle_is_left_with_both_rules_named() {
    let answers = agreed("a x", &[("one", "a", "b"), ("two", "b", "a"), ("good", "x", "y")]);
    assert_eq!((failed(&answers), answers.text.as_str()), (vec!["one two".to_owned()], "b y"));
    assert_eq!(answers.applied.iter().map(|one| one.at).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn what_was_declined_is_known_again_where_it_moves_to() {
    let (source, settings) =
        (Source::new("a.md", b"x a".to_vec()), settings(&[("x", "x", "long"), ("a", "a", "b")]));
    let mut desk = Desk::new(&source, &settings);
    let findings = desk.check();
    desk.decline(&findings[1]);
    assert!(desk.offers(&findings[0]) && !desk.offers(&findings[1]));
    assert_eq!(desk.apply([&findings[0]], &mut |_, _| Ok(())), 1);
    let findings = desk.check();
    assert_eq!((desk.text(), findings.len()), ("long a", 1));
    assert!(!desk.offers(&findings[0]));
}

#[test]
fn a_rule_that_fails_at_the_new_text_closes_it() {
    let answers = agreed("a", &[("one", "a", "boom")]);
    assert!(answers.is_bug);
    assert_eq!(answers.text, "boom");
}
