//! `sections`: the headings that an article must have, and their order.

use serde::Deserialize;

use super::message::{Message, Values};
use super::pattern::{Joint, Pattern};
use super::settings::{Settings, Text};
use crate::article::Article;
use crate::article::body::Heading;
use crate::rule::{Check, Context, Sink, outline};
use crate::schema::nearest;
use crate::text::Span;

/// The check: an outline.
pub(super) struct Sections {
    outline: Vec<Section>,
    /// Whether they stand in the order of the page.
    ordered: bool,
    /// Whether headings that the outline does not name are let pass.
    extra: bool,
    help: Option<Message>,
}

struct Section {
    /// How it is called in messages.
    name: String,
    titles: Vec<String>,
    pattern: Option<Pattern>,
    level: Option<u8>,
    optional: bool,
    repeatable: bool,
    sections: Vec<Section>,
}

/// A section as the page or the config has it: a title, or more about it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Title(String),
    Section(RawSection),
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct RawSection {
    title: Option<Titles>,
    pattern: Option<String>,
    level: Option<u8>,
    optional: bool,
    repeatable: bool,
    sections: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Titles {
    One(String),
    Several(Vec<String>),
}

impl Sections {
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let before = settings.mistakes.len();
        let raw = settings.json("sections").unwrap_or_default();
        let outline = if let Ok(raw) = serde_json::from_value::<Vec<Raw>>(raw) {
            raw.into_iter().filter_map(|raw| Section::new(settings, raw)).collect()
        } else {
            let help =
                "a section is a title, or a mapping of title, pattern, level, optional, repeatable, sections";
            settings.mistake(settings.place("sections"), "\"sections\" is no list of sections", Some(help));
            Vec::new()
        };
        let ordered = settings.json("ordered").and_then(|value| value.as_bool()).unwrap_or(true);
        let extra = settings.choice("extra", &[("allow", true), ("forbid", false)]);
        let help = Message::parse(settings, "help", &["section", "heading"]);
        let is_right = settings.mistakes.len() == before;
        is_right.then_some(Self { outline, ordered, extra: extra?, help })
    }
}

impl Section {
    fn new(settings: &mut Settings<'_>, raw: Raw) -> Option<Self> {
        let raw = match raw {
            Raw::Title(title) => RawSection { title: Some(Titles::One(title)), ..RawSection::default() },
            Raw::Section(raw) => raw,
        };
        let titles = match raw.title {
            Some(Titles::One(title)) => vec![title],
            Some(Titles::Several(titles)) => titles,
            None => Vec::new(),
        };
        let place = settings.place("sections");
        let Some(name) = titles.first().or(raw.pattern.as_ref()).cloned() else {
            settings.mistake(place, "a section has neither \"title\" nor \"pattern\"", None);
            return None;
        };
        let pattern = raw.pattern.map(|text| {
            let token = Text { text, span: place };
            Pattern::compile(settings, "sections", &[token], Joint { ignorecase: true, words: false })
        });
        let sections = raw.sections.into_iter().filter_map(|raw| Self::new(settings, raw)).collect();
        let pattern = match pattern {
            Some(pattern) => Some(pattern?),
            None => None,
        };
        let titles = titles.iter().map(|title| folded(title)).collect();
        Some(Self {
            name,
            titles,
            pattern,
            level: raw.level,
            optional: raw.optional,
            repeatable: raw.repeatable,
            sections,
        })
    }

    fn takes(&self, heading: &Heading) -> bool {
        self.level.is_none_or(|level| level == heading.level)
            && (self.titles.contains(&folded(&heading.text))
                || self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(heading.text.trim())))
    }
}

/// A title as it is compared: case, white space and signs at the end are the author's.
fn folded(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    words.join(" ").trim_end_matches([':', '.', '!', '?', '…']).to_lowercase()
}

/// One article at a time.
struct Look<'l, 'a, 's, 'x> {
    rule: &'l Sections,
    article: &'a Article<'a>,
    context: &'l Context<'l>,
    sink: &'s mut Sink<'x>,
}

impl Look<'_, '_, '_, '_> {
    /// Holds the headings of one level of the outline to what is asked for there; `above` is the heading they are under.
    fn compare(&mut self, sections: &[Section], headings: &[&Heading], above: Option<&Heading>) {
        let tree = children(headings);
        let taken: Vec<Option<usize>> = tree
            .iter()
            .map(|(heading, _)| sections.iter().position(|section| section.takes(heading)))
            .collect();
        let mut furthest: Option<usize> = None;
        let mut seen = vec![None; sections.len()];
        for ((heading, below), index) in tree.iter().zip(&taken) {
            let Some(index) = *index else { continue };
            let section = &sections[index];
            match seen[index] {
                Some(first) if !section.repeatable => {
                    let message = format!("the section \"{}\" stands here a second time", heading.text);
                    self.report(heading.span, message, section).related(first, "the first");
                }
                _ => {}
            }
            if let Some(before) = furthest.filter(|before| self.rule.ordered && *before > index) {
                let message =
                    format!("the section \"{}\" stands behind \"{}\"", heading.text, sections[before].name);
                let first = seen[before];
                let finding = self.report(heading.span, message, section);
                if let Some(first) = first {
                    finding.related(first, "it should stand before this");
                }
            }
            furthest = furthest.max(Some(index));
            seen[index] = seen[index].or(Some(heading.span));
            self.compare(&section.sections, below, Some(heading));
        }
        let strangers: Vec<&Heading> = tree
            .iter()
            .zip(&taken)
            .filter(|(_, index)| index.is_none())
            .map(|((heading, _), _)| *heading)
            .collect();
        for (index, section) in sections.iter().enumerate() {
            if seen[index].is_some() || section.optional {
                continue;
            }
            let before =
                (0..index).rev().find_map(|index| seen[index].map(|span| (span, &sections[index].name)));
            let (span, place) = match (before, above, tree.first()) {
                (Some((span, name)), _, _) if self.rule.ordered => (span, format!(" behind \"{name}\"")),
                (_, Some(above), _) => (above.span, format!(" under \"{}\"", above.text)),
                (_, None, Some((first, _))) => (first.span, String::new()),
                (_, None, None) => (Span::empty(self.article.body.span.start as usize), String::new()),
            };
            let near = nearest(&section.name, strangers.iter().map(|heading| heading.text.as_str()));
            let near = near.and_then(|near| strangers.iter().find(|heading| heading.text == near));
            let finding =
                self.report(span, format!("the section \"{}\" is missing{place}", section.name), section);
            if let Some(near) = near {
                finding.related(near.span, "is it this?");
            }
        }
        for stranger in strangers.iter().filter(|_| !self.rule.extra && !sections.is_empty()) {
            let names = sections.iter().map(|section| section.name.as_str());
            let help = nearest(&stranger.text, names).map(|near| format!("did you mean \"{near}\"?"));
            let message = format!("the section \"{}\" is none of this outline", stranger.text);
            let help = help.or_else(|| {
                let names: Vec<String> =
                    sections.iter().map(|section| format!("\"{}\"", section.name)).collect();
                Some(format!("the sections here are {}", names.join(", ")))
            });
            self.sink.report(stranger.span, message).help = help.map(Into::into);
        }
    }

    fn report(&mut self, span: Span, message: String, section: &Section) -> &mut crate::finding::Finding {
        let heading = super::hit::heading_over(self.article, span);
        let named: [(&str, &dyn std::fmt::Display); 2] = [("section", &section.name), ("heading", &heading)];
        let values = Values { article: self.article, context: self.context, named: &named };
        let help = self.rule.help.as_ref().map(|help| help.shared(&values));
        let finding = self.sink.report(span, message);
        finding.help = help;
        finding
    }
}

/// The topmost of these headings, each with those below it.
fn children<'h, 'a>(headings: &'h [&'a Heading]) -> Vec<(&'a Heading, &'h [&'a Heading])> {
    let mut children = Vec::new();
    let mut at = 0;
    while let Some(heading) = headings.get(at) {
        let below = headings[at + 1..].iter().take_while(|below| below.level > heading.level).count();
        children.push((*heading, &headings[at + 1..at + 1 + below]));
        at += 1 + below;
    }
    children
}

impl Check for Sections {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        if self.outline.is_empty() {
            return;
        }
        let headings = outline::headings(article);
        // One heading of level 1 over all others is the title of the page, unless the outline names it.
        let is_title = |first: &&Heading| {
            first.level == 1
                && headings[1..].iter().all(|heading| heading.level > 1)
                && !self.outline.iter().any(|section| section.level == Some(1) || section.takes(first))
        };
        let has_title = headings.first().is_some_and(is_title);
        let (above, headings) =
            if has_title { (headings.first().copied(), &headings[1..]) } else { (None, &headings[..]) };
        Look { rule: self, article, context, sink }.compare(&self.outline, headings, above);
    }
}
