//! Questions, answers, and what stands in the file after each.

use std::cell::RefCell;
use std::sync::Arc;

use super::interview::Interview;
use crate::article::Article;
use crate::engine::{ActiveRule, Settings};
use crate::finding::{Edit, Fix, Level};
use crate::fix;
use crate::report;
use crate::rule::{Check, Context, Page, Sink};
use crate::rules::Catalog;
use crate::text::{Source, Span};

/// Wants a text to be another one, wherever it stands. An unsafe fix has a capital in what it writes.
struct Wants(&'static str, &'static str);

impl Check for Wants {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Self(from, to) = self;
        assert!(!article.text().contains("boom"), "the fuse was lit");
        for (at, _) in article.text().match_indices(from) {
            let edits = [Edit::replace(Span::new(at, at + from.len()), *to)];
            let title = format!("write {to}");
            let is_unsafe = to.contains(char::is_uppercase);
            let fix = if is_unsafe { Fix::r#unsafe(title, edits) } else { Fix::safe(title, edits) };
            sink.report(Span::new(at, at + from.len()), format!("it says {from}")).fix(fix);
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

/// What was said and done when somebody was asked about these files.
struct Talk {
    said: String,
    files: Vec<String>,
    /// How often each was written.
    writes: Vec<usize>,
    answers: Vec<fix::Answers>,
    has_quit: bool,
}

impl Talk {
    fn questions(&self) -> usize {
        self.said.matches("Apply this fix?").count()
    }

    #[track_caller]
    fn says(&self, text: &str) -> &Self {
        assert!(self.said.contains(text), "\"{text}\" is not said: {}", self.said);
        self
    }
}

fn talk(rules: &[(&str, &'static str, &'static str)], files: &[&str], answers: &str) -> Talk {
    let settings = settings(rules);
    let open = |_: &str| None;
    let mut said = Vec::new();
    let mut interview = Interview::new(answers.as_bytes(), &mut said, report::Options::default(), &open);
    let mut talk =
        Talk { said: String::new(), files: vec![], writes: vec![], answers: vec![], has_quit: false };
    for (at, text) in files.iter().enumerate() {
        let disk = RefCell::new(((*text).to_owned(), 0));
        if !interview.has_quit() {
            let source = Source::new(format!("{at}.md"), text.as_bytes().to_vec());
            let mut put = |old: &str, new: &str| {
                let mut disk = disk.borrow_mut();
                assert_eq!(disk.0, old, "what is replaced is what stands there");
                *disk = (new.to_owned(), disk.1 + 1);
                Ok(())
            };
            let answers = interview.article(&source, &settings, (at + 1, files.len()), &mut put).unwrap();
            assert_eq!(answers.text, disk.borrow().0);
            talk.answers.push(answers);
        }
        let (text, writes) = disk.into_inner();
        talk.files.push(text);
        talk.writes.push(writes);
    }
    talk.has_quit = interview.has_quit();
    drop(interview);
    talk.said = String::from_utf8(said).unwrap();
    talk
}

#[test]
fn yes_applies_no_leaves_and_each_is_asked_once() {
    let talk = talk(&[("one", "a", "b")], &["a a a\n"], "y\nNo\n yes \n");
    assert_eq!((talk.files[0].as_str(), talk.writes[0], talk.questions()), ("b a b\n", 2, 3));
    assert!(!talk.has_quit);
    let places: Vec<u32> = talk.answers[0].applied.iter().map(|one| one.at).collect();
    assert_eq!(places, [0, 4]);
    talk.says("0.md (file 1 of 1)")
        .says("it says a")
        .says("safe fix: write b\n@@ -1 +1 @@\n-a a a\n+b a a\n");
}

#[test]
fn a_declined_fix_is_known_again_where_it_moves_to() {
    let rules = [("long", "x", "yyyy"), ("one", "a", "b")];
    let talk = talk(&rules, &["xaax\n"], "n\nn\nn\ny\n");
    assert_eq!((talk.files[0].as_str(), talk.questions()), ("xaayyyy\n", 4));
    let talk = super::tests::talk(&rules, &["axaxa\n"], "n\ny\nn\ny\nn\n");
    assert_eq!((talk.files[0].as_str(), talk.questions()), ("ayyyyayyyya\n", 5));
}

#[test]
fn all_covers_the_rule_in_all_files_and_no_other_rule() {
    let rules = [("one", "a", "b"), ("two", "x", "y")];
    let talk = talk(&rules, &["a x a\n", "a a\n", "x a\n"], "a\nn\ny\n");
    assert_eq!(talk.files, ["b x b\n", "b b\n", "y b\n"]);
    assert_eq!((talk.questions(), talk.writes.as_slice()), (3, [1, 1, 2].as_slice()));
    talk.says("0.md: applied 2 fixes of one\n")
        .says("1.md: applied 2 fixes of one\n")
        .says("2.md: applied 1 fix of one\n");
}

#[test]
fn all_of_the_safe_fixes_of_a_rule_is_not_all_of_its_unsafe_ones() {
    let rules = [("one", "a", "b"), ("one", "x", "Y")];
    let talk = talk(&rules, &["a x\n", "a x\n"], "a\nn\ny\n");
    assert_eq!(talk.files, ["b x\n", "b Y\n"]);
    talk.says("unsafe fix, look at it first: write Y").says("safe fix: write b");
    let talk = super::tests::talk(&rules, &["x a\n", "a x\n"], "a\n");
    assert_eq!((talk.files, talk.writes), (vec!["Y b\n".to_owned(), "b Y\n".to_owned()], vec![1, 1]));
}

#[test]
fn done_leaves_the_file_and_quit_leaves_the_rest() {
    let files = ["a a\n", "a a\n", "a a\n", "a\n"];
    let talk = talk(&[("one", "a", "b")], &files, "y\nd\ny\nq\n");
    assert_eq!(talk.files, ["b a\n", "b a\n", "a a\n", "a\n"]);
    assert!(talk.has_quit);
    talk.says("what you said yes to is written; 2 more files with fixes are left alone");
    let talk = super::tests::talk(&[("one", "a", "b")], &files, "n\nq\n");
    talk.says("nothing is changed; 3 more files with fixes are left alone");
}

#[test]
fn the_end_of_the_input_is_a_quit_and_what_was_accepted_stands() {
    let talk = talk(&[("one", "a", "b")], &["a a\n", "a\n"], "y\n");
    assert_eq!(talk.files, ["b a\n", "a\n"]);
    assert!(talk.has_quit);
    talk.says("the input has ended").says("1 more file with fixes is left alone");
}

#[test]
fn what_is_no_answer_gets_help_and_the_question_again() {
    let talk = talk(&[("one", "a", "b")], &["a\n"], "?\n\nmaybe\n\u{1b}[A\ny");
    assert_eq!((talk.files[0].as_str(), talk.questions()), ("b\n", 5));
    talk.says("a  apply it and all further safe fixes of one, in the files that follow, too");
}

#[test]
fn what_a_fix_uncovers_is_asked_too() {
    let talk = talk(&[("one", "a", "b"), ("two", "bb", "c")], &["ab\n"], "y\ny\n");
    assert_eq!((talk.files[0].as_str(), talk.questions()), ("c\n", 2));
    assert_eq!(talk.answers[0].applied.len(), 2);
}

#[test]
fn fixes_that_undo_each_other_end_with_both_rules_named() {
    let rules = [("one", "a", "b"), ("two", "b", "a"), ("good", "x", "y")];
    for answers in ["y\ny\ny\n", "a\na\ny\n"] {
        let talk = talk(&rules, &["a x\n"], answers);
        let failures = &talk.answers[0].failures;
        assert_eq!(failures.len(), 1, "{}", talk.said);
        assert_eq!(failures[0].rules.join(" "), "one two");
        assert_eq!(talk.files[0], "b y\n");
        talk.says("the fixes of one and two undo each other, or never end: no more of them are applied here");
    }
}

#[test]
fn a_fix_that_breaks_the_front_matter_is_refused() {
    let talk = talk(&[("one", "t: a", "t: [")], &["---\nt: a\n---\nx\n"], "y\n");
    assert_eq!((talk.files[0].as_str(), talk.writes[0]), ("---\nt: a\n---\nx\n", 0));
    assert_eq!(talk.answers[0].failures[0].kind, fix::FailureKind::Breakage);
    talk.says("0.md: the fixes of one leave a text that cannot be read");
}

#[test]
fn a_file_that_cannot_be_written_is_left_at_once() {
    let settings = settings(&[("one", "a", "b")]);
    let (open, mut said) = (|_: &str| None, Vec::new());
    let mut interview = Interview::new(&b"y\ny\ny\n"[..], &mut said, report::Options::default(), &open);
    let source = Source::new("a.md", b"a a\n".to_vec());
    let mut put = |_: &str, _: &str| Err("it has changed since it was read".to_owned());
    let answers = interview.article(&source, &settings, (1, 1), &mut put).unwrap();
    assert_eq!(answers.unwritten.as_deref(), Some("it has changed since it was read"));
    assert_eq!((answers.text.as_str(), answers.applied.len()), ("a a\n", 0));
    drop(interview);
    let said = String::from_utf8(said).unwrap();
    assert_eq!(said.matches("Apply this fix?").count(), 1);
    assert!(said.contains("a.md is left as it is: it has changed since it was read"), "{said}");
}

#[test]
fn a_rule_that_fails_at_the_new_text_ends_the_questions_of_its_file() {
    let talk = talk(&[("one", "a", "boom"), ("two", "x", "y")], &["a x\n", "x\n"], "y\ny\n");
    assert_eq!(talk.files, ["boom x\n", "y\n"]);
    assert!(talk.answers[0].is_bug && !talk.answers[1].is_bug);
}

#[test]
fn nothing_of_an_article_speaks_to_the_terminal() {
    let talk = talk(&[("one", "a", "\u{1b}[2J")], &["\u{1b}[1ma\r\n"], "y\n");
    assert!(!talk.said.contains(['\u{1b}', '\r']), "{}", talk.said);
    talk.says("␛[1m␛[2J");
}
