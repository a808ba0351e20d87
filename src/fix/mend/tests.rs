//! Rules that are wrong together, and what is left of them.

use super::*;
use crate::article::Article;
use crate::engine::ActiveRule;
use crate::finding::{Edit, Fix, Level};
use crate::rule::{Check, Context, Page, Sink};
use crate::rules::Catalog;
use crate::text::Span;

/// Wants a text to be another one, wherever it stands in the body; in the front matter too, if told so.
struct Wants {
    from: &'static str,
    to: &'static str,
    everywhere: bool,
    safety: Safety,
}

impl Check for Wants {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let start = if self.everywhere { 0 } else { article.body.span.start as usize };
        for (at, _) in article.text()[start..].match_indices(self.from) {
            let span = Span::new(start + at, start + at + self.from.len());
            let edits = [Edit::replace(span, self.to)];
            let fix = match self.safety {
                Safety::Safe => Fix::safe(format!("write {}", self.to), edits),
                Safety::Unsafe => Fix::r#unsafe(format!("write {}", self.to), edits),
            };
            sink.report(span, "no").fix(fix);
        }
    }
}

fn wants(from: &'static str, to: &'static str) -> Wants {
    Wants { from, to, everywhere: false, safety: Safety::Safe }
}

fn everywhere(from: &'static str, to: &'static str) -> Wants {
    Wants { everywhere: true, ..wants(from, to) }
}

fn settings(rules: impl IntoIterator<Item = (&'static str, Wants)>) -> Settings {
    let page = &Catalog::built_in().pages()[0];
    let rules = rules.into_iter().map(|(id, check)| {
        let page = Arc::new(Page { id: id.into(), ..(**page).clone() });
        ActiveRule { page, level: Level::Error, check: Arc::new(check) }
    });
    let rules: Vec<ActiveRule> = rules.collect();
    let known = rules.iter().map(|rule| Arc::clone(&rule.page.id)).collect();
    Settings { rules, known, ..Settings::default() }
}

fn mended(text: &str, rules: impl IntoIterator<Item = (&'static str, Wants)>) -> Mended {
    let settings = settings(rules);
    let mended = mend(&Source::new("a.md", text.as_bytes().to_vec()), &settings, Safety::Safe);
    // Whatever went wrong, what is left over is at rest.
    let new = mended.text.as_deref().unwrap_or(text);
    let failed = |rule: &Arc<str>| mended.failures.iter().any(|failure| failure.rules.contains(rule));
    let left = engine::check(&Source::new("a.md", new.as_bytes().to_vec()), &settings).findings;
    assert!(left.iter().all(|finding| failed(&finding.rule)), "{left:?}");
    assert_eq!(left, mended.left.findings);
    mended
}

fn failures(mended: &Mended) -> Vec<(FailureKind, String)> {
    mended.failures.iter().map(|failure| (failure.kind, failure.rules.join(" "))).collect()
}

#[test]
fn a_text_is_fixed_over_passes_and_fixes_are_found_where_they_end_up() {
    let mended =
        mended("ab x", [("one", wants("a", "b")), ("two", wants("bb", "y")), ("x", wants("x", "long"))]);
    assert_eq!(mended.text.as_deref(), Some("y long"));
    assert_eq!(failures(&mended), []);
    let applied: Vec<(&str, &str, u32)> =
        mended.applied.iter().map(|one| (one.rule.as_ref(), one.title.as_str(), one.at)).collect();
    assert_eq!(applied, [("one", "write b", 0), ("two", "write y", 0), ("x", "write long", 2)]);
}

#[test]
fn where_nothing_is_wrong_nothing_is_new() {
    let mended = mended("words", [("one", wants("a", "b"))]);
    assert_eq!((mended.text, mended.applied, mended.failures), (None, vec![], vec![]));
}

#[test]
fn rules_that_undo_each_other_are_named_and_the_others_still_fix() {
    let rules = [("one", wants("a", "b")), ("good", wants("x", "y")), ("two", wants("b", "a"))];
    let mended = mended("a x\n", rules);
    assert_eq!(failures(&mended), [(FailureKind::Unrest, "one two".to_owned())]);
    assert_eq!(mended.text.as_deref(), Some("a y\n"));
    assert_eq!(mended.applied.len(), 1);
    assert_eq!(mended.left.findings.len(), 1);
}

#[test]
fn three_rules_in_a_circle_are_named_all() {
    let rules = [
        ("one", wants("a", "b")),
        ("two", wants("b", "c")),
        ("three", wants("c", "a")),
        ("good", wants("x", "y")),
        ("late", wants("y", "z")),
    ];
    let mended = mended("a x\n", rules);
    assert_eq!(failures(&mended), [(FailureKind::Unrest, "one three two".to_owned())]);
    assert_eq!(mended.text.as_deref(), Some("a z\n"));
}

#[test]
fn two_circles_are_two_failures() {
    let rules = [
        ("one", wants("a", "b")),
        ("two", wants("b", "a")),
        ("three", wants("x", "y")),
        ("four", wants("y", "x")),
    ];
    let mended = mended("a x\n", rules);
    let both = [(FailureKind::Unrest, "one two".to_owned()), (FailureKind::Unrest, "four three".to_owned())];
    let mut found = failures(&mended);
    found.sort_by_key(|(_, rules)| std::cmp::Reverse(rules.clone()));
    assert_eq!(found, both);
    assert_eq!(mended.text, None);
}

#[test]
fn a_rule_that_never_has_enough_is_named_alone() {
    let grows = mended("a x\n", [("more", wants("a", "aa")), ("good", wants("x", "y"))]);
    assert_eq!(failures(&grows), [(FailureKind::Unrest, "more".to_owned())]);
    assert_eq!(grows.text.as_deref(), Some("a y\n"));
    let same = mended("a x\n", [("same", wants("a", "a")), ("good", wants("x", "y"))]);
    assert_eq!(failures(&same), [(FailureKind::Unrest, "same".to_owned())]);
    assert_eq!(same.text.as_deref(), Some("a y\n"));
}

#[test]
fn ten_passes_are_enough_and_eleven_are_not() {
    let steps = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    let chain = |count: usize| {
        let pairs = steps.windows(2).take(count);
        mended("a", pairs.map(|pair| (pair[0], wants(pair[0], pair[1]))).collect::<Vec<_>>())
    };
    assert_eq!(failures(&chain(MAX_PASSES)), []);
    assert_eq!(chain(MAX_PASSES).text.as_deref(), Some("k"));
    let (kind, rules) = failures(&chain(MAX_PASSES + 1)).remove(0);
    assert_eq!((kind, rules.as_str()), (FailureKind::Unrest, "a b c d e f g h i j k"));
}

/// Reports each `-`, and has a fix for the first of them only.
struct BitByBit;

impl Check for BitByBit {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        for (index, (at, _)) in article.text().match_indices('-').enumerate() {
            let span = Span::new(at, at + 1);
            let finding = sink.report(span, "no");
            finding.fix = (index == 0).then(|| Fix::safe("write +", [Edit::replace(span, "+")]));
        }
    }
}

#[test]
fn what_has_less_to_do_after_each_pass_is_long_and_not_endless() {
    let mend = |text: &str, rules: Vec<(&'static str, Wants)>| {
        let mut settings = settings(rules);
        let page = Arc::new(Page { id: "bits".into(), ..(*Catalog::built_in().pages()[0]).clone() });
        settings.rules.push(ActiveRule { page, level: Level::Error, check: Arc::new(BitByBit) });
        mend(&Source::new("a.md", text.as_bytes().to_vec()), &settings, Safety::Safe)
    };
    let once = mend(&"-".repeat(15), vec![]);
    assert_eq!((once.text, once.is_unfinished), (Some("+".repeat(15)), false));
    let first = mend(&"-".repeat(MOST_PASSES + 5), vec![]);
    assert_eq!(failures(&first), []);
    assert_eq!((first.applied.len(), first.left.findings.len(), first.is_unfinished), (MOST_PASSES, 5, true));
    let text = first.text.expect("something was fixed");
    assert_eq!(text, format!("{}-----", "+".repeat(MOST_PASSES)));
    let second = mend(&text, vec![]);
    assert_eq!((second.text, second.is_unfinished), (Some("+".repeat(MOST_PASSES + 5)), false));
    // Beside it, others that undo each other are found all the same.
    let both =
        mend(&format!("a{}", "-".repeat(15)), vec![("one", wants("a", "b")), ("two", wants("b", "a"))]);
    assert_eq!(failures(&both), [(FailureKind::Unrest, "one two".to_owned())]);
    assert_eq!(both.text.as_deref(), Some(format!("a{}", "+".repeat(15)).as_str()));
}

/// Finds one thing at a time, the first `-`, and writes this for it.
struct OneByOne(&'static str);

impl Check for OneByOne {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        if let Some(at) = article.text().find('-') {
            let span = Span::new(at, at + 1);
            sink.report(span, "no").fix(Fix::safe("write", [Edit::replace(span, self.0)]));
        }
    }
}

#[test]
fn what_comes_nearer_to_the_end_with_each_pass_is_no_unrest_and_what_grows_before_it_is() {
    let mend = |text: &str, new: &'static str| {
        // What is uncovered behind it is fixed as well.
        let mut settings = settings([("late", wants("z", "y"))]);
        let page = Arc::new(Page { id: "one-by-one".into(), ..(*Catalog::built_in().pages()[0]).clone() });
        settings.rules.push(ActiveRule { page, level: Level::Error, check: Arc::new(OneByOne(new)) });
        mend(&Source::new("a.md", text.as_bytes().to_vec()), &settings, Safety::Safe)
    };
    let mended = mend(&"-".repeat(17), "++");
    assert_eq!((failures(&mended), mended.is_unfinished), (vec![], false));
    assert_eq!(mended.text, Some("+".repeat(34)));
    for endless in ["+-", "--", "-+"] {
        let mended = mend("--", endless);
        assert_eq!(failures(&mended), [(FailureKind::Unrest, "one-by-one".to_owned())], "{endless}");
        assert_eq!(mended.text, None);
    }
}

#[test]
fn a_fix_that_breaks_a_front_matter_is_left_out() {
    let rules = [("breaks", everywhere("Doors", "\"Doors")), ("good", everywhere("x", "y"))];
    let mended = mended("---\ntitle: Doors\nx: 1\n---\nx\n", rules);
    assert_eq!(failures(&mended), [(FailureKind::Breakage, "breaks".to_owned())]);
    assert_eq!(mended.text.as_deref(), Some("---\ntitle: Doors\ny: 1\n---\ny\n"));
}

#[test]
fn a_front_matter_is_broken_by_a_second_key_and_by_its_end_as_well() {
    for (text, from, to) in [
        ("---\ntitle: A\nname: B\n---\n", "name", "title"),
        ("---\ntitle: A\n---\n", "---", ""),
        ("+++\ntitle = 'A'\n+++\n", "'A'", "A"),
        ("{\"title\": 1}\n", "1", "one"),
        ("Words\n", "Words", "---\n[\n---"),
        ("Words\n", "Words", "\0"),
    ] {
        let mended = mended(text, [("breaks", everywhere(from, to))]);
        assert_eq!(failures(&mended), [(FailureKind::Breakage, "breaks".to_owned())], "{text}");
        assert_eq!(mended.text, None);
    }
}

#[test]
fn fixes_that_break_a_front_matter_only_together_are_named_together() {
    let rules =
        [("left", everywhere("<", "[")), ("right", everywhere(">", "{")), ("good", everywhere("x", "y"))];
    let alone = mended("---\na: '<'\nb: x\n---\n>", rules);
    assert_eq!(failures(&alone), []);
    assert_eq!(alone.text.as_deref(), Some("---\na: '['\nb: y\n---\n{"));
    let rules =
        [("one", everywhere("a:", "c:")), ("two", everywhere("b:", "c:")), ("good", everywhere("x", "y"))];
    let together = mended("---\na: 1\nb: x\n---\n", rules);
    assert_eq!(failures(&together), [(FailureKind::Breakage, "one two".to_owned())]);
    assert_eq!(together.text.as_deref(), Some("---\na: 1\nb: y\n---\n"));
}

#[test]
fn what_could_not_be_read_before_may_still_be_mended() {
    let mended = mended("---\ntitle: 'Doors\n---\n", [("mends", everywhere("'Doors\n", "'Doors'\n"))]);
    assert_eq!(failures(&mended), []);
    assert_eq!(mended.text.as_deref(), Some("---\ntitle: 'Doors'\n---\n"));
}

#[test]
fn what_is_suppressed_or_not_trusted_is_not_fixed() {
    let text = "<!-- copydesk-ignore one: as is -->\na\n\na\n";
    let mended = mended(text, [("one", wants("a\n", "b\n"))]);
    assert_eq!(mended.text.as_deref(), Some("<!-- copydesk-ignore one: as is -->\na\n\nb\n"));
    assert_eq!(mended.left.suppressed.len(), 1);
    let settings = settings([("one", Wants { safety: Safety::Unsafe, ..wants("a", "b") })]);
    let source = Source::new("a.md", b"a".to_vec());
    assert_eq!(mend(&source, &settings, Safety::Safe).text, None);
    assert_eq!(mend(&source, &settings, Safety::Unsafe).text.as_deref(), Some("b"));
}
