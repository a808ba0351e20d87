//! Each suppression names real rules, is needed, and is not over.

mod removal;

use serde::Deserialize;

use crate::article::Article;
use crate::article::suppressions::{Directive, Form, Name, Scope};
use crate::finding::{Edit, Finding, Fix};
use crate::rule::{Check, Context, Fate, Judged, Sink};
use crate::schema::nearest;
use crate::text::Span;
use removal::Removal;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Suppression {
    require_reason: bool,
    require_until: bool,
}

/// The words that begin a directive.
const WORDS: [&str; 2] = ["copydesk-ignore", "copydesk-ignore-file"];

impl Check for Suppression {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let mut removal = Removal::new(article, context.suppressions);
        for judged in context.suppressions {
            let directive = &judged.directive;
            if directive.scope == Scope::Unknown {
                unknown_word(article.text(), directive, sink);
                continue;
            }
            if directive.form == Form::Html && !article.text()[directive.span.range()].ends_with("-->") {
                // All that follows is part of the comment: no fix may take it out.
                sink.report(directive.content, "the comment is never closed, and hides what follows")
                    .help("write \"-->\" behind the reason");
                continue;
            }
            if directive.rules.is_empty() {
                sink.report(directive.span, "the suppression names no rule").help(
                    "name each rule that is to be silent, as in \"copydesk-ignore image-alt: the reason\"",
                );
                continue;
            }
            if let Some(until) = directive.until.as_ref().filter(|until| until.day.is_none()) {
                sink.report(until.span, format!("\"{}\" is no day", until.text))
                    .help("write it as in \"until=2027-01-31\"");
            }
            self.wishes(directive, sink);
            names(judged, &mut removal, sink);
        }
    }
}

impl Suppression {
    fn wishes(&self, directive: &Directive, sink: &mut Sink<'_>) {
        let is_item = directive.form == Form::Item;
        if self.require_reason && directive.reason.is_none() {
            let help = if is_item {
                "write the item as `{rule: …, reason: …}`"
            } else {
                "put it behind a colon, as in \"copydesk-ignore image-alt: the reason\""
            };
            sink.report(directive.span, "the suppression gives no reason").help(help);
        }
        if self.require_until && directive.until.is_none() {
            let help = if is_item {
                "write the item as `{rule: …, until: 2027-01-31}`"
            } else {
                "put \"until=2027-01-31\" behind the names of the rules"
            };
            sink.report(directive.span, "the suppression has no last day").help(help);
        }
    }
}

/// Reports what became of each name.
fn names(judged: &Judged, removal: &mut Removal<'_>, sink: &mut Sink<'_>) {
    let directive = &judged.directive;
    let place = match directive.scope {
        Scope::File => "in this file",
        _ => "here",
    };
    if judged.fates.iter().all(|fate| *fate == Fate::Unused) {
        let quoted: Vec<String> = directive.rules.iter().map(|name| format!("\"{}\"", name.name)).collect();
        let message = match (directive.scope, quoted.as_slice()) {
            (Scope::Nothing, _) => "nothing follows that could be suppressed".to_owned(),
            (_, [one]) => format!("{one} finds nothing {place}, so it need not be suppressed"),
            (_, [first @ .., last]) => {
                let first = first.join(", ");
                format!("{first} and {last} find nothing {place}, so they need not be suppressed")
            }
            (_, []) => return,
        };
        sink.report(directive.span, message).fix = removal.whole(directive);
        return;
    }
    for (index, (name, fate)) in directive.rules.iter().zip(&judged.fates).enumerate() {
        match fate {
            Fate::Used | Fate::NotRun | Fate::Expired => {}
            Fate::Unused => {
                let message =
                    format!("\"{}\" finds nothing {place}, so it need not be suppressed", name.name);
                let title = format!("take \"{}\" out of the suppression", name.name);
                let edit = Edit::delete(without(&directive.rules, index));
                sink.report(name.span, message).fix(Fix::safe(title, [edit]));
            }
            Fate::Unknown(near) => {
                unknown_rule(name, near.as_deref(), sink);
            }
            Fate::FileOnly => {
                sink.report(name.span, format!("\"{}\" can be suppressed for a whole file only", name.name))
                    .help("write \"copydesk-ignore-file\", or mend the suppression that it is about");
            }
        }
    }
    if let Some(until) = directive.until.as_ref().filter(|_| judged.fates.contains(&Fate::Expired)) {
        sink.report(until.span, format!("the suppression ended with {}", until.text))
            .help("mend what is found here, or choose a later day");
    }
}

fn unknown_rule<'s>(name: &Name, near: Option<&str>, sink: &'s mut Sink<'_>) -> &'s mut Finding {
    let finding = sink.report(name.span, format!("there is no rule \"{}\"", name.name));
    match near {
        Some(near) => {
            let fix = Fix::r#unsafe(format!("write \"{near}\""), [Edit::replace(name.span, near)]);
            finding.help(format!("did you mean \"{near}\"?")).fix(fix)
        }
        None if matches!(name.name.as_str(), "all" | "*") => {
            finding.help("name each rule; `exclude` in the config leaves out whole files")
        }
        None => finding.help("`copydesk rules` lists them all"),
    }
}

fn unknown_word(text: &str, directive: &Directive, sink: &mut Sink<'_>) {
    let content = &text[directive.content.range()];
    let end = content.find(|letter: char| letter.is_whitespace() || matches!(letter, ':' | ','));
    let word = &content[..end.unwrap_or(content.len())];
    let start = directive.content.start as usize;
    let span = Span::new(start, start + word.len());
    let finding = sink.report(span, format!("\"{word}\" is no word of copydesk, and suppresses nothing"));
    finding.help("write \"copydesk-ignore\" before a block or a key, or \"copydesk-ignore-file\"");
    if let Some(near) = nearest(word, WORDS) {
        finding.fix(Fix::r#unsafe(format!("write \"{near}\""), [Edit::replace(span, near)]));
    }
}

/// The bytes of a name, with what stands between it and a neighbour.
fn without(names: &[Name], index: usize) -> Span {
    let span = names[index].span;
    match (names.get(index + 1), index.checked_sub(1).map(|before| names[before].span)) {
        (Some(next), _) => Span { start: span.start, end: next.span.start },
        (None, Some(before)) => Span { start: before.end, end: span.end },
        (None, None) => span,
    }
}
