//! `substitution`: what is written in one way and should be written in another.

use super::hit::{Found, Search};
use super::message::Wording;
use super::pattern::{Joint, Pattern};
use super::settings::{Settings, Text};
use crate::article::Article;
use crate::finding::{Edit, Fix, Safety};
use crate::rule::{Check, Context, Sink};

/// The check: pairs of what is found and what should stand there.
pub(super) struct Substitution {
    search: Search,
    wording: Wording,
    /// For each pattern what may take its place, one or more.
    replacements: Vec<Vec<String>>,
    capitalize: bool,
    safety: Option<Safety>,
}

impl Substitution {
    /// As Vale does it: `swap` maps patterns to what should stand there, several of them divided by `|`, with `$1` for
    /// groups; patterns match whole words unless `nonword` is set.
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let (observed, expected): (Vec<Text>, Vec<Text>) = settings.pairs("swap").into_iter().unzip();
        if observed.is_empty() {
            settings.mistake(Some(settings.whole()), "the setting \"swap\" is missing", None);
        }
        let joint = Joint { ignorecase: settings.flag("ignorecase"), words: !settings.flag("nonword") };
        let pattern = Pattern::compile(settings, "swap", &observed, joint);
        let groups = pattern.as_ref().map(Pattern::group_names).unwrap_or_default();
        let known = ["match", "replacement", "heading"];
        let holes: Vec<&str> = known.into_iter().chain(groups.iter().map(String::as_str)).collect();
        let wording = Wording::read(settings, &holes);
        let search = Search::new(settings, pattern);
        let replacements =
            expected.iter().map(|text| text.text.split('|').map(str::to_owned).collect()).collect();
        let (capitalize, safety) = (settings.flag("capitalize"), settings.safety());
        Some(Self { search: search?, wording: wording?, replacements, capitalize, safety })
    }

    /// What may stand in the place of a match.
    fn replacements(&self, found: &Found<'_>) -> Vec<String> {
        let captures = found.captures();
        let Some(replacements) = self.replacements.get(captures.token) else { return Vec::new() };
        let is_capital = self.capitalize && found.text().starts_with(char::is_uppercase);
        let write = |replacement: &String| {
            let text = captures.expand(replacement);
            let mut letters = text.chars();
            match letters.next().filter(|_| is_capital) {
                Some(first) => first.to_uppercase().chain(letters).collect(),
                None => text,
            }
        };
        replacements.iter().map(write).collect()
    }

    fn fix(&self, found: &Found<'_>, replacement: &str) -> Option<Fix> {
        let text = found.text();
        let same = |(left, right): &(char, char)| left == right;
        let front: usize =
            text.chars().zip(replacement.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
        let (old, new) = (&text[front..], &replacement[front..]);
        let ends = old.chars().rev().zip(new.chars().rev());
        let back: usize = ends.take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
        let (old, new) = (&old[..old.len() - back], &new[..new.len() - back]);
        let start = found.hit.range.start + front;
        // Something put between two letters has no bytes of its own to be sure of: then all of the match is replaced.
        let (part, new) = match old {
            "" => (found.hit.range.clone(), replacement),
            _ => (start..start + old.len(), new),
        };
        let located = found.passage.locate(part);
        if !located.is_verbatim
            || !found.passage.may_become(located.span, new)
            || found.is_in_doubtful_heading(located.span)
        {
            return None;
        }
        let title = match replacement {
            "" => format!("take \"{text}\" out"),
            _ => format!("write \"{}\"", replacement.trim_start()),
        };
        let edit = [Edit::replace(located.span, new)];
        Some(match self.safety? {
            Safety::Safe => Fix::safe(title, edit),
            Safety::Unsafe => Fix::r#unsafe(title, edit),
        })
    }
}

impl Check for Substitution {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        self.search.run(article, context, sink, &mut |found, sink| {
            let replacements = self.replacements(&found);
            if replacements.iter().any(|replacement| replacement == found.text()) {
                return;
            }
            let shown = replacements.join("\" or \"");
            let mut range = found.hit.range.clone();
            // A pattern may need the space before a word, but it is not what is wrong.
            let blank = found.text().len() - found.text().trim_start().len();
            if replacements.iter().all(|text| text.starts_with(&found.text()[..blank])) && blank < range.len()
            {
                range.start += blank;
            }
            let span = found.passage.locate(range).span;
            let fix = match replacements.as_slice() {
                [one] => self.fix(&found, one),
                _ => None,
            };
            found.values(&self.wording, &[("replacement", &shown)], |values| {
                self.wording.report(sink, span, values).fix = fix;
            });
        });
    }
}
