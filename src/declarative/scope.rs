//! Where a declarative rule looks: the prose or parts of it, addresses, alternative texts, code, or fields of the front
//! matter.

use super::passage::Passage;
use super::pattern::{GivenUp, Hit, Pattern};
use super::settings::{Settings, Text};
use crate::article::body::Place;
use crate::article::{Article, Block, FrontMatter, Role};
use crate::data::{Node, field_path};
use crate::rule::{Context, Sink};
use crate::schema::nearest;
use crate::text::Span;

/// Every scope without a name of the author's in it.
const NAMES: [&str; 22] = [
    "text",
    "heading",
    "heading.h1",
    "heading.h2",
    "heading.h3",
    "heading.h4",
    "heading.h5",
    "heading.h6",
    "paragraph",
    "sentence",
    "section",
    "list",
    "blockquote",
    "table",
    "table.header",
    "table.cell",
    "link",
    "url",
    "alt",
    "code",
    "raw",
    "front-matter",
];

/// A part of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    part: Part,
    filter: Filter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Blocks of the prose: headings, paragraphs, items, cells.
    Blocks,
    /// Headings, with the code in them.
    Headings,
    Sentences,
    /// What stands between two headings.
    Sections,
    Link,
    /// Where links and images lead.
    Url,
    Alt,
    Code,
    Raw,
    FrontMatter,
    Field(Vec<String>),
    Role(Role),
}

/// Which blocks of the prose are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Filter {
    all: Place,
    none: Place,
    level: Option<u8>,
    /// Of a table: cells of the header, or all others.
    is_header: Option<bool>,
}

impl Scope {
    /// Reads the scopes of a search; `None` where one of them is none.
    pub(super) fn read(settings: &mut Settings<'_>) -> Option<Vec<Self>> {
        let before = settings.mistakes.len();
        let texts = settings.texts("scope");
        let mut scopes = Vec::new();
        for text in &texts {
            scopes.extend(Self::combined(settings, text));
        }
        if texts.is_empty() {
            settings.mistake(Some(settings.whole()), "the setting \"scope\" is missing", None);
        }
        Some(scopes).filter(|_| settings.mistakes.len() == before)
    }

    /// `text & ~blockquote`: what is in all of the first and in none of those behind `~`.
    fn combined(settings: &mut Settings<'_>, text: &Text) -> Option<Self> {
        let mut scope: Option<Self> = None;
        let mut at = 0;
        for name in text.text.split('&') {
            let start = at + name.len() - name.trim_start().len();
            at += name.len() + 1;
            let name = name.trim();
            let bare = name.strip_prefix('~').map_or(name, str::trim_start);
            let place = settings.inside(text, start..start + name.len());
            let Some(one) = Self::named(bare) else {
                let roles = Role::all().map(|role| format!("role.{role}")).collect::<Vec<_>>();
                let names = NAMES.into_iter().chain(roles.iter().map(String::as_str));
                let help = nearest(bare, names).map(|near| format!("did you mean \"{near}\"?"));
                let help = help.unwrap_or_else(|| {
                    format!("a scope is {}, \"article.FIELD\" or \"role.ROLE\"", NAMES.join(", "))
                });
                settings.mistake(place, format!("\"{bare}\" is no scope"), Some(&help));
                return None;
            };
            let whole = Self { part: Part::Blocks, filter: Filter::default() };
            scope = match (scope, bare.len() < name.len()) {
                (None, false) => Some(one),
                (before, true) => before.unwrap_or(whole).without(&one),
                (Some(before), false) => before.and(&one),
            };
            if scope.is_none() {
                let message = format!("\"{name}\" cannot be put together with what stands before it");
                let help = "with \"&\" and \"~\" stand text, heading, list, blockquote, table and sentence";
                settings.mistake(place, message, Some(help));
                return None;
            }
        }
        scope
    }

    fn named(name: &str) -> Option<Self> {
        let aside = Place::HEADING | Place::LIST | Place::QUOTE | Place::TABLE | Place::FOOTNOTE;
        let within = |all| Filter { all, ..Filter::default() };
        let outside = |none| Filter { none, ..Filter::default() };
        let (part, filter) = match name {
            "text" => (Part::Blocks, Filter::default()),
            "heading" => (Part::Headings, within(Place::HEADING)),
            "list" => (Part::Blocks, within(Place::LIST)),
            "blockquote" => (Part::Blocks, within(Place::QUOTE)),
            "table" => (Part::Blocks, within(Place::TABLE)),
            "table.header" => (Part::Blocks, Filter { is_header: Some(true), ..within(Place::TABLE) }),
            "table.cell" => (Part::Blocks, Filter { is_header: Some(false), ..within(Place::TABLE) }),
            "paragraph" => (Part::Blocks, outside(aside)),
            "sentence" => (Part::Sentences, outside(Place::HEADING | Place::TABLE)),
            "section" => (Part::Sections, Filter::default()),
            "alt" => (Part::Alt, Filter::default()),
            "link" => (Part::Link, Filter::default()),
            "url" => (Part::Url, Filter::default()),
            "code" => (Part::Code, Filter::default()),
            "raw" => (Part::Raw, Filter::default()),
            "front-matter" => (Part::FrontMatter, Filter::default()),
            _ => {
                let part = if let Some(path) = name.strip_prefix("article.") {
                    Part::Field(field_path(path))
                } else if let Some(role) = name.strip_prefix("role.") {
                    Part::Role(role.parse().ok()?)
                } else {
                    let level = name.strip_prefix("heading.h")?.parse().ok()?;
                    let filter = Filter { level: Some(level), ..within(Place::HEADING) };
                    return (1..=6).contains(&level).then_some(Self { part: Part::Headings, filter });
                };
                (part, Filter::default())
            }
        };
        Some(Self { part, filter })
    }

    fn is_prose(&self) -> bool {
        matches!(self.part, Part::Blocks | Part::Headings | Part::Sentences)
    }

    fn and(self, other: &Self) -> Option<Self> {
        let filter = Filter {
            all: self.filter.all | other.filter.all,
            none: self.filter.none | other.filter.none,
            level: self.filter.level.or(other.filter.level),
            is_header: self.filter.is_header.or(other.filter.is_header),
        };
        let part = if self.part == Part::Blocks { other.part.clone() } else { self.part.clone() };
        let can = self.is_prose() && other.is_prose() && [&self.part, &Part::Blocks].contains(&&part)
            || self.part == Part::Blocks && other.is_prose();
        can.then_some(Self { part, filter })
    }

    fn without(self, other: &Self) -> Option<Self> {
        let is_place = Filter { all: other.filter.all, ..Filter::default() } == other.filter
            && other.filter.all != Place::TOP
            && other.is_prose();
        let filter = Filter { none: self.filter.none | other.filter.all, ..self.filter };
        (self.is_prose() && is_place).then_some(Self { part: self.part, filter })
    }

    /// Calls `found` with every match of the pattern in this part of the article; where a look-around takes too many
    /// steps that is reported, and the rest of the part not searched.
    pub(super) fn search(
        &self,
        article: &Article<'_>,
        context: &Context<'_>,
        pattern: &Pattern,
        sink: &mut Sink<'_>,
        found: &mut dyn FnMut(&Passage<'_>, &Hit, &mut Sink<'_>),
    ) {
        // All the prose in one go: most patterns are not there at all.
        let is_whole = self.part == Part::Blocks;
        if is_whole {
            let (prose, whole) = (article.prose(), Passage::all(article));
            pattern.each_in_prose(prose, &mut |hit| {
                if self.filter.is_any()
                    || prose.block_at(hit.range.start).is_some_and(|b| self.filter.takes(article, b))
                {
                    found(&whole, &hit, sink);
                }
            });
        }
        if is_whole && pattern.is_linear() {
            return;
        }
        let block = article.front_matter.as_ref().filter(|_| self.part == Part::FrontMatter);
        let start = block.map_or(0, |block| block.content.start as usize);
        let places = block.and_then(|block| pattern.places_in(&article.text()[block.content.range()]));
        if places.as_ref().is_some_and(Vec::is_empty) {
            return;
        }
        let mut has_given_up = false;
        self.passages(article, context, &mut |passage| {
            let is_elsewhere = places.as_ref().is_some_and(|places| {
                let next = places.partition_point(|place| start + place < passage.span.start as usize);
                places.get(next).is_none_or(|place| start + place >= passage.span.end as usize)
            });
            if has_given_up || is_elsewhere {
                return;
            }
            let mut found = |hit: &Hit| {
                // The text of a heading holds the code in it, which is no prose.
                let is_code =
                    self.part == Part::Headings && in_code(article, passage.locate(hit.range.clone()).span);
                if !is_code {
                    found(passage, hit, sink);
                }
            };
            if !is_whole {
                pattern.each_linear(passage.text, &mut |hit| found(&hit));
            }
            let result = pattern.each_looking(passage.text, &mut |hit| found(&hit));
            if let Err(given_up) = result {
                has_given_up = true;
                given_up.report(passage.span, sink);
            }
        });
    }

    /// As [`Scope::passages`], but all the prose in one where all of it is meant: for searches that look at block breaks
    /// themselves.
    pub(super) fn whole_passages<'a>(
        &self,
        article: &'a Article<'_>,
        context: &Context<'_>,
        found: &mut dyn FnMut(&Passage<'a>),
    ) {
        if self.part == Part::Blocks && self.filter.is_any() {
            found(&Passage::all(article));
        } else {
            self.passages(article, context, found);
        }
    }

    /// Calls `found` with every passage of this part of the article.
    pub(super) fn passages<'a>(
        &self,
        article: &'a Article<'_>,
        context: &Context<'_>,
        found: &mut dyn FnMut(&Passage<'a>),
    ) {
        self.wanted_passages(article, context, &|_| true, found);
    }

    /// As [`Scope::passages`], but may leave out those whose text is not wanted; what is not wanted has no part that is.
    pub(super) fn wanted_passages<'a>(
        &self,
        article: &'a Article<'_>,
        context: &Context<'_>,
        is_wanted: &dyn Fn(&str) -> bool,
        found: &mut dyn FnMut(&Passage<'a>),
    ) {
        let file = article.text();
        let is_field = self.is_field();
        let mut value = |text: &'a str, span: Span| {
            if is_wanted(text) {
                found(&Passage::value(file, text, span, is_field));
            }
        };
        let body = &article.body;
        let root = || article.front_matter.as_ref().and_then(FrontMatter::root);
        match &self.part {
            Part::Blocks => {
                let prose = article.prose();
                let blocks = prose.blocks.iter().filter(|block| self.filter.takes(article, block));
                let wanted = blocks.filter(|block| is_wanted(&prose.text[block.start..block.end]));
                wanted.for_each(|block| found(&Passage::prose(file, prose, block.start..block.end)));
            }
            Part::Headings => {
                // The bytes of a tag that only looks like a heading may be none.
                let wanted = body.headings.iter().filter(|heading| {
                    !heading.text_span.is_empty()
                        && self.filter.level.is_none_or(|level| level == heading.level)
                        && (heading.place | Place::HEADING).contains(self.filter.all)
                        && !heading.place.intersects(self.filter.none)
                });
                wanted.for_each(|heading| value(&heading.text, heading.text_span));
            }
            Part::Sentences => {
                let prose = article.prose();
                let blocks = prose.blocks.iter().filter(|block| self.filter.takes(article, block));
                for block in blocks.filter(|block| is_wanted(&prose.text[block.start..block.end])) {
                    for range in prose.sentences(block) {
                        if is_wanted(&prose.text[range.clone()]) {
                            found(&Passage::prose(file, prose, range.clone()));
                        }
                    }
                }
            }
            Part::Sections => {
                let prose = article.prose();
                for section in prose.sections().filter(|section| is_wanted(&prose.text[section.text.clone()]))
                {
                    let mut passage = Passage::prose(file, prose, section.text.clone());
                    let first = prose.block_at(section.text.start);
                    let first = first.map_or(passage.span, |block| prose.span(block.start, block.end));
                    let heading = section.heading.map(|range| prose.span(range.start, range.end));
                    let span = heading.and_then(|span| {
                        let behind =
                            body.headings.partition_point(|heading| heading.span.start <= span.start);
                        let mut before = body.headings[..behind].iter().rev().map(|heading| heading.span);
                        before.find(|heading| heading.contains(span))
                    });
                    passage.span = span.unwrap_or(first);
                    found(&passage);
                }
            }
            Part::Link => body.links.iter().for_each(|link| value(&link.text, link.text_span)),
            Part::Url => {
                let links = body.links.iter().map(|link| (&link.url, link.url_span));
                let images = body.images.iter().map(|image| (&image.url, image.url_span));
                let definitions =
                    body.definitions.iter().map(|definition| (&definition.url, definition.url_span));
                for (url, span) in links.chain(images).chain(definitions) {
                    if let Some(span) = span {
                        value(url, span);
                    }
                }
            }
            Part::Alt => {
                for image in &body.images {
                    if let (Some(alt), Some(span)) = (&image.alt, image.alt_span) {
                        value(alt, span);
                    }
                }
            }
            Part::Code => {
                body.code.iter().for_each(|code| value(&file[code.content.range()], code.content));
            }
            Part::Raw => value(&file[body.span.range()], body.span),
            Part::FrontMatter => {
                if let Some(root) = root() {
                    texts(root, &mut value);
                }
            }
            Part::Field(path) => {
                let path = path.iter().map(String::as_str);
                if let Some(place) = root().and_then(|root| root.find(path)) {
                    texts(place.node, &mut value);
                }
            }
            Part::Role(role) => {
                if let Some(place) = context.roles.find(article, *role) {
                    texts(place.node, &mut value);
                }
            }
        }
    }

    /// Whether its passages are values of the front matter.
    pub(super) fn is_field(&self) -> bool {
        matches!(self.part, Part::FrontMatter | Part::Field(_) | Part::Role(_))
    }

    /// Whether what is too much in a passage can be marked alone: in texts of one line.
    pub(super) fn is_line(&self) -> bool {
        self.is_field() || matches!(self.part, Part::Headings | Part::Alt | Part::Link)
    }
}

impl Filter {
    fn is_any(self) -> bool {
        self == Self::default()
    }

    fn takes(self, article: &Article<'_>, block: &Block) -> bool {
        block.place.contains(self.all)
            && !block.place.intersects(self.none)
            && self.level.is_none_or(|level| {
                let at = article.prose().span(block.start, block.end).start;
                let behind = article.body.headings.partition_point(|heading| heading.span.start <= at);
                behind.checked_sub(1).is_some_and(|index| article.body.headings[index].level == level)
            })
            && self.is_header.is_none_or(|is_header| is_header == in_header(article, block))
    }
}

/// Whether these bytes and those of code within text overlap.
fn in_code(article: &Article<'_>, span: Span) -> bool {
    let code = &article.body.inline_code;
    let next = code.partition_point(|code| code.end <= span.start);
    code.get(next).is_some_and(|code| code.start < span.end)
}

/// Whether a cell stands in the first line of its table.
fn in_header(article: &Article<'_>, block: &Block) -> bool {
    let at = article.prose().span(block.start, block.end).start;
    let behind = article.body.tables.partition_point(|table| table.span.start <= at);
    behind.checked_sub(1).is_some_and(|index| {
        let start = article.body.tables[index].span.start as usize;
        memchr::memchr2(b'\n', b'\r', &article.text().as_bytes()[start..at as usize]).is_none()
    })
}

impl GivenUp<'_> {
    /// Says that a pattern was not searched to the end.
    pub(super) fn report(&self, span: Span, sink: &mut Sink<'_>) {
        sink.report(span, format!("the pattern \"{}\" takes too many steps here and was given up", self.0))
            .help("write the pattern of the rule without nested repetition, or without look-around");
    }
}

/// All texts in a value.
fn texts<'a>(node: &'a Node, found: &mut dyn FnMut(&'a str, Span)) {
    if let Some(text) = node.as_str() {
        found(text, node.span);
    }
    let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    for child in children {
        texts(child, found);
    }
}
