//! `assert`: where `when` holds and `that` does not, there is a finding.

use std::fmt::Display;

use super::expression::{Expression, Fault, Mood, Scene, span_of};
use super::message::{Message, Values};
use super::settings::Settings;
use crate::article::{Article, FrontMatter, Role};
use crate::data::field_path;
use crate::rule::{Check, Context, Sink};
use crate::schema::nearest;
use crate::text::Span;

/// The check.
pub(super) struct Assert {
    message: Message,
    help: Option<Message>,
    /// The metrics and parts of the file's name that message and help have holes for.
    holes: Vec<(String, Expression)>,
    when: Option<Expression>,
    that: Expression,
    at: Option<At>,
}

/// Where a finding stands.
enum At {
    Field(Vec<String>),
    Role(Role),
    /// The opening of the front matter.
    FrontMatter,
    /// The first heading.
    Heading,
    /// The start of the body.
    Body,
}

impl Assert {
    /// Reads `when`, `that`, `at`, `message` and `help`. All that is wrong with any of them is reported.
    pub(super) fn new(settings: &mut Settings<'_>) -> Option<Self> {
        let names: Vec<String> = Expression::names().collect();
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let message = Message::required(settings, "message", &known);
        let help = Message::parse(settings, "help", &known);
        let when = Expression::parse(settings, "when");
        let that = Expression::parse(settings, "that");
        if settings.text("that").is_none() {
            settings.mistake(Some(settings.whole()), "the setting \"that\" is missing", None);
        }
        let at = At::parse(settings);
        let (message, that) = (message?, that?);
        if !settings.mistakes.is_empty() {
            return None;
        }
        let is_hole =
            |name: &String| message.names(name) || help.as_ref().is_some_and(|help| help.names(name));
        let holes = names.into_iter().filter(is_hole);
        let holes = holes.filter_map(|name| Expression::of_name(&name).map(|value| (name, value))).collect();
        Some(Self { message, help, holes, when, that, at })
    }

    /// Whether there is a finding. Where the front matter is broken, its fields are anybody's guess.
    fn fails<'a>(&'a self, scene: Scene<'a>) -> Result<bool, Fault> {
        let is_broken = scene.article.front_matter.as_ref().is_some_and(|block| !block.is_sound());
        let expressions = self.when.iter().chain([&self.that]);
        if is_broken && expressions.into_iter().any(|expression| expression.names_front_matter) {
            return Ok(false);
        }
        if let Some(when) = &self.when
            && when.holds(scene, Mood::When)? != Some(true)
        {
            return Ok(false);
        }
        Ok(self.that.holds(scene, Mood::That)? == Some(false))
    }

    fn span(&self, scene: Scene<'_>) -> Span {
        let article = scene.article;
        let root = article.front_matter.as_ref().and_then(FrontMatter::root);
        let place = match &self.at {
            Some(At::Field(path)) => root.and_then(|root| root.find(path.iter().map(String::as_str))),
            Some(At::Role(role)) => scene.context.roles.find(article, *role),
            Some(At::Heading) => match article.body.headings.first() {
                Some(heading) => return heading.span,
                None => return Span::empty(article.body.span.start as usize),
            },
            Some(At::Body) => return Span::empty(article.body.span.start as usize),
            Some(At::FrontMatter) | None => None,
        };
        let is_open = matches!(self.at, Some(At::FrontMatter));
        let named = || self.that.place(scene).filter(|_| !is_open).map(span_of);
        let opening = || article.front_matter.as_ref().map(|block| block.opening);
        let place = place.map(span_of).or_else(named).or_else(opening);
        place.unwrap_or_else(|| Span::empty(article.body.span.start as usize))
    }
}

impl At {
    fn parse(settings: &mut Settings<'_>) -> Option<Self> {
        let text = settings.text("at")?;
        let at = match text.text.as_str() {
            "front-matter" => Ok(Self::FrontMatter),
            "heading" => Ok(Self::Heading),
            "body" => Ok(Self::Body),
            name => match name.split_once('.') {
                Some(("article", path)) if !path.is_empty() => Ok(Self::Field(field_path(path))),
                Some(("role", role)) => {
                    // As in expressions; as in the config it is right as well.
                    let found = Role::all().find(|known| same(known.name(), role));
                    found.map(Self::Role).ok_or_else(|| {
                        let near = nearest(role, Role::all().map(Role::name));
                        near.map(|near| format!("did you mean \"role.{near}\"?"))
                    })
                }
                _ => Err(Some(
                    "a place is `article.FIELD`, `role.NAME`, `front-matter`, `heading` or `body`".to_owned(),
                )),
            },
        };
        match at {
            Ok(at) => Some(at),
            Err(help) => {
                let message = format!("\"{}\" is no place for a finding", text.text);
                settings.mistake(text.span, message, help.as_deref());
                None
            }
        }
    }
}

/// Whether two names are the same but for hyphens and capitals: `reading-time` and `readingTime`.
fn same(left: &str, right: &str) -> bool {
    let letters = |name: &str| name.replace('-', "").to_lowercase();
    letters(left) == letters(right)
}

impl Check for Assert {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let scene = Scene { article, context };
        match self.fails(scene) {
            Ok(false) => {}
            Ok(true) => {
                let values: Vec<_> = self
                    .holes
                    .iter()
                    .filter_map(|(name, hole)| Some((name.as_str(), hole.value(scene, Mood::That).ok()?)))
                    .collect();
                let named: Vec<(&str, &dyn Display)> =
                    values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
                let values = Values { article, context, named: &named };
                let finding = sink.report(self.span(scene), self.message.fill(&values));
                if let Some(help) = &self.help {
                    finding.help(help.shared(&values));
                }
            }
            Err(fault) => {
                let span = fault.span.unwrap_or_else(|| self.span(scene));
                sink.report(span, fault.message);
            }
        }
    }
}
