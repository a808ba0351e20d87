//! One article is fixed, pass by pass, and each pass is judged by readers that are not ours.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use copydesk::article::Article;
use copydesk::engine::{self, Settings};
use copydesk::finding::{Edit, Finding, Safety};
use copydesk::fix;
use copydesk::text::Source;
use regex::Regex;

use super::values::{self, Permits};
use crate::whitespace::page;

/// What is wrong with the fixes of an article; nothing, if all is well.
pub(super) fn wrongs(path: &str, text: &str, settings: &Settings) -> Vec<String> {
    let mut wrongs = Vec::new();
    for least in [Safety::Safe, Safety::Unsafe] {
        let mut trial = Trial { path: path.into(), settings, least, wrongs: Vec::new() };
        trial.run(text);
        wrongs.extend(trial.wrongs.into_iter().map(|wrong| format!("{path}, {least:?}: {wrong}")));
    }
    wrongs
}

struct Trial<'a> {
    path: Arc<str>,
    settings: &'a Settings,
    least: Safety,
    wrongs: Vec<String>,
}

impl Trial<'_> {
    fn source(&self, text: &str) -> Source {
        Source::new(Arc::clone(&self.path), text.as_bytes().to_vec())
    }

    fn wanted(&self, source: &Source) -> Vec<Finding> {
        let mut findings = engine::check(source, self.settings).findings;
        findings.retain(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety >= self.least));
        findings
    }

    fn run(&mut self, original: &str) {
        let mut text = original.to_owned();
        for _ in 0..fix::MOST_PASSES {
            let source = self.source(&text);
            let findings = self.wanted(&source);
            if findings.is_empty() {
                break;
            }
            let new = fix::apply(&text, &findings);
            let taken: Vec<&Finding> = new.taken.iter().map(|(finding, _)| *finding).collect();
            self.judge(&source, &taken, &new.text);
            text = new.text;
        }
        let mended = fix::mend(&self.source(original), self.settings, self.least);
        if !mended.failures.is_empty() {
            self.wrongs.push(format!("{:?}", mended.failures));
            return;
        }
        let result = mended.text.as_deref().unwrap_or(original);
        if result != text {
            self.wrongs.push(format!("mending made {result:?}, and its passes one by one {text:?}"));
        }
        let left: Vec<_> = self.wanted(&self.source(result)).into_iter().map(|left| left.rule).collect();
        if !left.is_empty() {
            self.wrongs.push(format!("fixes of {left:?} are left in {result:?}"));
        }
        let again = fix::mend(&self.source(result), self.settings, self.least);
        if again.text.is_some() || !again.applied.is_empty() {
            self.wrongs.push(format!("a second run made {:?} of {result:?}", again.text));
        }
    }

    /// Judges one pass: the old text, the fixes that were taken, and the new text.
    fn judge(&mut self, source: &Source, taken: &[&Finding], new: &str) {
        let old = source.text();
        let rules: BTreeSet<&str> = taken.iter().map(|finding| finding.rule.as_ref()).collect();
        if taken.is_empty() {
            self.wrongs.push(format!("no fix is taken of {old:?}"));
        }
        if splice(old, taken) != new.as_bytes() {
            self.wrongs.push(format!("{rules:?}: bytes outside the edits: {old:?} became {new:?}"));
        }
        if old.starts_with('\u{feff}') != new.starts_with('\u{feff}') {
            self.wrongs.push(format!("{rules:?}: the byte-order mark: {old:?} became {new:?}"));
        }
        if !line_ends(new).is_subset(&line_ends(old)) && !line_ends(old).is_empty() {
            self.wrongs.push(format!("{rules:?}: other line ends: {old:?} became {new:?}"));
        }
        let (before, mended) = (Article::parse(source), self.source(new));
        let after = Article::parse(&mended);
        self.data(&before, &after, taken);
        if self.least == Safety::Safe {
            for rule in &rules {
                let its = taken.iter().copied().filter(|finding| finding.rule.as_ref() == *rule);
                let alone = fix::apply(old, its).text;
                self.body(&before, &Article::parse(&self.source(&alone)), &BTreeSet::from([*rule]));
            }
            if rules.len() > 1 {
                self.body(&before, &after, &rules);
            }
        }
    }

    /// The data at the head says what it said, but where edits fell.
    fn data(&mut self, before: &Article<'_>, after: &Article<'_>, taken: &[&Finding]) {
        let (old, new) = (before.text(), after.text());
        let rules: BTreeSet<&str> = taken.iter().map(|finding| finding.rule.as_ref()).collect();
        let Some(read) = values::read(before) else { return };
        let Some(now) = values::read(after) else {
            self.wrongs.push(format!("{rules:?}: the front matter cannot be read: {old:?} became {new:?}"));
            return;
        };
        let permits = Permits::of(before, taken);
        for difference in values::differences(&read, &now) {
            if !permits.allow(&difference) {
                self.wrongs
                    .push(format!("{rules:?}: {difference:?}, not in {permits:?}: {old:?} became {new:?}"));
            }
        }
    }

    /// The page is what it was, but for what these rules are there to change.
    fn body(&mut self, before: &Article<'_>, after: &Article<'_>, rules: &BTreeSet<&str>) {
        let body = |article: &Article<'_>| article.text()[article.body.span.range()].to_owned();
        let (old, new) = (body(before), body(after));
        if old == new {
            return;
        }
        let (mut left, mut right) = (page(&old), page(&new));
        for rule in rules {
            let Some(seen) = without(rule) else { continue };
            (left, right) = (seen(&left), seen(&right));
        }
        if left != right {
            self.wrongs
                .push(format!("{rules:?}: the page:\n{left}\nbecame\n{right}\n{old:?} became {new:?}"));
        }
    }
}

/// Applies the edits without any of our code.
fn splice(old: &str, taken: &[&Finding]) -> Vec<u8> {
    let mut edits: Vec<&Edit> =
        taken.iter().flat_map(|finding| finding.fix.as_ref().expect("it was taken").edits()).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut new = old.as_bytes().to_vec();
    for edit in edits.iter().rev() {
        new.splice(edit.span.start as usize..edit.span.end as usize, edit.text.bytes());
    }
    new
}

/// The kinds of line ends in a text.
fn line_ends(text: &str) -> BTreeSet<&str> {
    static END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\r\n|\r|\n").expect("a pattern of ours"));
    END.find_iter(text).map(|end| end.as_str()).collect()
}

/// A page without what the safe fixes of a rule may change of it. `None`: they may change nothing that is seen.
fn without(rule: &str) -> Option<fn(&str) -> String> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"<a href="[^"]*">((?i:https?:|ftp:|mailto:)[^<]*)</a>"#).expect("a pattern of ours")
    });
    // The sign at the end of an entity is none.
    static SIGN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:(&#?\w+;)[.,;:。，；：]*|[.,;:。，；：]+)((?:\s|<[^>]*>)*</h[1-6]>)")
            .expect("a pattern of ours")
    });
    static ALT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(<img [^>]*)alt="[^"]*""#).expect("a pattern of ours"));
    static COMMENT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)\s*(?:<!--.*?-->|\{/\*.*?\*/\})\s*").expect("a pattern of ours"));
    // Between blocks, and where one begins or ends.
    static SPACE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(>)\s+|\s+(<)").expect("a pattern of ours"));
    match rule {
        "bare-url" => Some(|page| LINK.replace_all(page, "$1").into_owned()),
        "heading-punctuation" => Some(|page| SIGN.replace_all(page, "$1$2").into_owned()),
        "image-alt-text" => Some(|page| ALT.replace_all(page, "$1").into_owned()),
        "suppression" => Some(|page| {
            let page = COMMENT.replace_all(page, " ");
            SPACE.replace_all(&page, "$1$2").trim().to_owned()
        }),
        "invisible-characters" => Some(|page| {
            page.chars()
                .filter(|letter| !letter.is_control() && !letter.is_whitespace() && !is_invisible(*letter))
                .collect()
        }),
        _ => None,
    }
}

/// Soft hyphens, joiners, marks of direction, and what else has no width.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
