//! Articles that nobody would write: no fix eats them, all come to rest, and twice the text takes about twice the time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use copydesk::engine::{self, ActiveRule, Settings};
use copydesk::finding::{Level, Safety};
use copydesk::fix;
use copydesk::rules::{self, Catalog};
use copydesk::text::Source;
use serde_json::Map;

/// All rules, or one.
fn settings(only: Option<&str>) -> Settings {
    let pages = Catalog::built_in().pages().iter();
    let rules = pages.filter(|page| only.is_none_or(|only| only == page.id.as_ref())).map(|page| {
        let check = rules::check_of(page, &Map::new()).expect("the defaults are right");
        ActiveRule { page: Arc::clone(page), level: Level::Warning, check: Arc::from(check) }
    });
    let known = Catalog::built_in().pages().iter().map(|page| Arc::clone(&page.id)).collect();
    Settings { rules: rules.collect(), known, ..Settings::default() }
}

/// Applies the fixes that are trusted this much, until there is none.
fn fixed(text: &str, least: Safety) -> String {
    let mended = fix::mend(&Source::new("a.md", text.as_bytes().to_vec()), &settings(None), least);
    assert_eq!(mended.failures, [], "{text:?}");
    mended.text.unwrap_or_else(|| text.to_owned())
}

#[test]
fn a_suppression_that_is_never_closed_takes_nothing_along() {
    let text = "Text.\n\n<!-- copydesk-ignore image-alt: reason\n\nMore text.\n";
    assert_eq!(fixed(text, Safety::Unsafe), text);
}

#[test]
fn a_suppression_that_keeps_a_line_from_being_a_definition_leaves_a_comment() {
    let text = "[door]\n\n[door]: /door <!-- copydesk-ignore-file image-alt: a drawing -->\nof oak\n";
    let emptied = text.replace("<!-- copydesk-ignore-file image-alt: a drawing -->", "<!-- -->");
    let settings = settings(Some("suppression"));
    let judged =
        Settings { rules: [settings.rules, self::settings(Some("image-alt")).rules].concat(), ..settings };
    let source = Source::new("a.md", text.as_bytes().to_vec());
    let findings = engine::check(&source, &judged).findings;
    assert_eq!(fix::apply(text, &findings).text, emptied);
}

#[test]
fn fixes_come_to_rest() {
    assert_eq!(fixed("\u{feff}", Safety::Safe), "\u{feff}");
    let unreadable = "---\ntitl\u{1}e: Doors\n---\n\nText.\n";
    assert!(fixed(unreadable, Safety::Unsafe).contains("Doors"));
    let at = "---\n@a: 'b'\n---\n\nText.\n";
    assert_eq!(fixed(at, Safety::Unsafe), at);
}

/// How long one rule takes, at best.
fn time(rule: &str, text: String) -> Duration {
    let settings = settings(Some(rule));
    let source = Source::new("a.md", text.into_bytes());
    let once = || {
        let start = Instant::now();
        std::hint::black_box(engine::check(&source, &settings));
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

// Times are no tests on a machine that does other things, too.
#[test]
#[ignore = "measures times: for a quiet machine"]
fn eight_times_the_text_does_not_take_sixty_four_times_as_long() {
    for (rule, begin, repeated) in [
        ("readability", "", "? "),
        ("readability", "", "www.x.org"),
        ("unused-reference", "a\n\n", "[^a]: "),
        ("unused-reference", "a\n\n[a]: b\n", "x]: "),
    ] {
        let text = |count: usize| begin.to_owned() + &repeated.repeat(count);
        // Whatever else the machine does may slow down one look, and not all.
        let times: Vec<_> = (0..3).map(|_| (time(rule, text(3_000)), time(rule, text(24_000)))).collect();
        let is_linear = times.iter().any(|(short, long)| *long < 24 * *short);
        assert!(is_linear, "{rule}, {repeated:?}: {times:?}");
    }
}
