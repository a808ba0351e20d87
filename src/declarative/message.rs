//! Messages of a page: a text with named holes, as in `"{match}" stands in {article.title}`.

use std::fmt::{Display, Write as _};
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value as Json;

use super::expression::camel;
use super::settings::{Settings, Text};
use crate::article::{Article, FrontMatter, Role};
use crate::data::{Node, Value, field_path};
use crate::finding::{self, Finding};
use crate::rule::{Context, Sink};
use crate::schema::nearest;
use crate::text::Span;

/// A text with holes.
#[derive(Clone, Debug)]
pub(super) struct Message(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(Arc<str>),
    /// What the kind knows: `{match}`.
    Named(String),
    /// `{article.title}`
    Field(Vec<String>),
    /// `{role.title}`
    Role(Role),
}

/// What fills the holes of one finding.
#[derive(Clone, Copy)]
pub(super) struct Values<'v> {
    pub(super) article: &'v Article<'v>,
    pub(super) context: &'v Context<'v>,
    /// The holes of the kind. What is not there is empty.
    pub(super) named: &'v [(&'v str, &'v dyn Display)],
}

/// What a kind says of a finding.
#[derive(Clone, Debug)]
pub(super) struct Wording {
    message: Message,
    help: Option<Message>,
}

impl Wording {
    /// Reads the settings `message`, which must be there, and `help`; `known` are the holes of the kind.
    pub(super) fn read(settings: &mut Settings<'_>, known: &[&str]) -> Option<Self> {
        let help = Message::parse(settings, "help", known);
        Some(Self { message: Message::required(settings, "message", known)?, help })
    }

    /// Whether there is this hole in them.
    pub(super) fn names(&self, hole: &str) -> bool {
        self.all().any(|message| message.names(hole))
    }

    /// Whether there is a hole of the kind in them that is none of these.
    pub(super) fn names_others<'n>(&self, known: &(impl Iterator<Item = &'n str> + Clone)) -> bool {
        let is_other =
            |part: &Part| matches!(part, Part::Named(name) if known.clone().all(|known| known != name));
        self.all().any(|message| message.0.iter().any(is_other))
    }

    fn all(&self) -> impl Iterator<Item = &Message> {
        [&self.message].into_iter().chain(&self.help)
    }

    /// Reports a finding in these words.
    pub(super) fn report<'s>(
        &self,
        sink: &'s mut Sink<'_>,
        span: Span,
        values: &Values<'_>,
    ) -> &'s mut Finding {
        let finding = sink.report(span, self.message.fill(values));
        finding.help = self.help.as_ref().map(|help| help.shared(values));
        finding
    }
}

/// What `{…}` in a page is not.
struct Wrong {
    range: Range<usize>,
    message: String,
    help: Option<String>,
}

impl Message {
    /// Reads a setting that is a message; `known` are the holes of the kind. `None` where the setting is absent, and
    /// where something is wrong with it, which is then among the mistakes.
    pub(super) fn parse(settings: &mut Settings<'_>, key: &str, known: &[&str]) -> Option<Self> {
        let text = settings.text(key)?;
        let mut wrong = Vec::new();
        let message = Self::read(&text.text, known, settings.options(), &mut wrong);
        let is_right = wrong.is_empty();
        report(settings, &text, wrong);
        is_right.then_some(message)
    }

    /// As [`Message::parse`], of a setting that must be there.
    pub(super) fn required(settings: &mut Settings<'_>, key: &str, known: &[&str]) -> Option<Self> {
        if settings.text(key).is_none() {
            settings.mistake(Some(settings.whole()), format!("the setting \"{key}\" is missing"), None);
        }
        Self::parse(settings, key, known)
    }

    fn read(
        text: &str,
        known: &[&str],
        options: &serde_json::Map<String, Json>,
        wrong: &mut Vec<Wrong>,
    ) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(found) = text[at..].find(['{', '}', '%']) {
            plain.push_str(&text[at..at + found]);
            at += found;
            let rest = &text[at..];
            let length = match rest.as_bytes() {
                [b'{', b'{', ..] | [b'}', b'}', ..] => {
                    plain.push_str(&rest[..1]);
                    2
                }
                [b'{', ..] => {
                    if let Some(end) = rest.find('}') {
                        match Part::read(&rest[1..end], known, options) {
                            Ok(Part::Text(text)) => plain.push_str(&text),
                            Ok(part) => parts.extend([Part::Text(std::mem::take(&mut plain).into()), part]),
                            Err((message, help)) => {
                                wrong.push(Wrong { range: at..at + end + 1, message, help });
                            }
                        }
                        end + 1
                    } else {
                        wrong.push(brace(at, "\"{\" opens a hole that nothing closes", "{{"));
                        1
                    }
                }
                [b'}', ..] => {
                    wrong.push(brace(at, "\"}\" closes a hole that nothing opens", "}}"));
                    1
                }
                [b'%', b's', ..] => {
                    let nearest = known.iter().map(|name| format!("\"{{{name}}}\"")).collect::<Vec<_>>();
                    wrong.push(Wrong {
                        range: at..at + 2,
                        message: "\"%s\" is no hole here: holes have names".to_owned(),
                        help: Some(format!("write {}", nearest.join(" or "))),
                    });
                    2
                }
                _ => {
                    plain.push('%');
                    1
                }
            };
            at += length;
        }
        plain.push_str(&text[at..]);
        parts.push(Part::Text(plain.into()));
        Self(parts)
    }

    /// As [`Message::fill`]; one without holes is there once for all findings.
    pub(super) fn shared(&self, values: &Values<'_>) -> finding::Text {
        match self.0.as_slice() {
            [Part::Text(text)] => finding::Text::Shared(Arc::clone(text)),
            _ => self.fill(values).into(),
        }
    }

    /// The message with its holes filled. The hole of a field that an article does not have is empty.
    pub(super) fn fill(&self, values: &Values<'_>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Named(name) => {
                    if let Some((_, value)) = values.named.iter().find(|(known, _)| known == name) {
                        write!(text, "{value}").expect("a String takes all");
                    }
                }
                Part::Field(path) => {
                    let root = values.article.front_matter.as_ref().and_then(FrontMatter::root);
                    let place = root.and_then(|root| root.find(path.iter().map(String::as_str)));
                    text.push_str(&place.map(|place| shown(place.node)).unwrap_or_default());
                }
                Part::Role(role) => {
                    let place = values.context.roles.find(values.article, *role);
                    text.push_str(&place.map(|place| shown(place.node)).unwrap_or_default());
                }
            }
        }
        // A large site has millions of them.
        text.shrink_to_fit();
        text
    }

    /// Whether it has this hole.
    pub(super) fn names(&self, hole: &str) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Named(name) if name == hole))
    }
}

impl Part {
    /// What stands between the braces; an option is known when the page is read, so it becomes text at once.
    fn read(
        name: &str,
        known: &[&str],
        options: &serde_json::Map<String, Json>,
    ) -> Result<Self, (String, Option<String>)> {
        if let Some(path) = name.strip_prefix("article.").filter(|path| !path.is_empty()) {
            return Ok(Self::Field(field_path(path)));
        }
        if let Some(role) = name.strip_prefix("role.") {
            let help = || did_you_mean(role, Role::all().map(Role::name), "role.");
            // As in the config, and as in expressions.
            let found = Role::all().find(|known| known.name() == role || camel(known.name()) == role);
            return found.map(Self::Role).ok_or_else(|| (format!("\"{role}\" is not a role"), help()));
        }
        if let Some(option) = name.strip_prefix("options.") {
            let same = |(name, _): &(&String, &Json)| *name == option || camel(name) == option;
            let value = options.iter().find(same).map(|(_, value)| plain(value));
            let help = || did_you_mean(option, options.keys().map(String::as_str), "options.");
            return value
                .map(|text| Self::Text(text.into()))
                .ok_or_else(|| (format!("the rule has no option \"{option}\""), help()));
        }
        if known.contains(&name) {
            return Ok(Self::Named(name.to_owned()));
        }
        let all = known.iter().copied().chain(["article.title", "role.title", "options"]);
        let help = did_you_mean(name, all, "").or_else(|| {
            let names: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
            let names = if names.is_empty() { String::new() } else { format!("{}, ", names.join(", ")) };
            Some(format!(
                "a hole is {names}{{article.FIELD}}, {{role.ROLE}} or {{options.NAME}}; \"{{{{\" writes a brace"
            ))
        });
        Err((format!("\"{{{name}}}\" is no hole of this message"), help))
    }
}

fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>, prefix: &str) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean \"{{{prefix}{near}}}\"?"))
}

fn brace(at: usize, message: &str, twice: &str) -> Wrong {
    let help = format!("write \"{twice}\" for a brace that is to be seen");
    Wrong { range: at..at + 1, message: message.to_owned(), help: Some(help) }
}

fn report(settings: &mut Settings<'_>, text: &Text, wrong: Vec<Wrong>) {
    for Wrong { range, message, help } in wrong {
        settings.mistake(settings.inside(text, range), message, help.as_deref());
    }
}

/// A value as a reader writes it.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn shown(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        _ => plain(&node.to_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::with_settings;
    use super::*;
    use crate::article::Roles;
    use crate::text::Source;

    #[test]
    fn holes_are_filled() {
        let page = "message: '{{x}} \"{match}\" 100% in {article.seo.title}{article.none}, {role.title}: {options.max}'\n";
        let filled = with_settings(page, "{\"max\": 3}", |settings| {
            let message = Message::required(settings, "message", &["match"]).expect("it is right");
            let source = Source::new("a.md", b"---\ntitle: Doors\nseo: {title: [a, 2]}\n---\n".to_vec());
            let article = Article::parse(&source);
            let roles = Roles::default();
            let context = Context::new(&roles);
            message.fill(&Values { article: &article, context: &context, named: &[("match", &"the")] })
        });
        assert_eq!(filled, "{x} \"the\" 100% in a, 2, Doors: 3");
    }

    #[test]
    fn all_that_is_wrong_with_holes_is_said_with_its_place() {
        let page = "message: 'it''s {mach} and %s, {role.titel}, {options.maxx} } {'\n";
        let mistakes = with_settings(page, "{\"max\": 3}", |settings| {
            assert!(Message::parse(settings, "message", &["match"]).is_none());
            std::mem::take(&mut settings.mistakes)
        });
        let found: Vec<(&str, &str)> = mistakes
            .iter()
            .map(|mistake| {
                let (_, span) = mistake.place.as_ref().expect("each has a place");
                (&page[span.range()], mistake.help.as_deref().unwrap_or_default())
            })
            .collect();
        let brace = |twice| format!("write \"{twice}\" for a brace that is to be seen");
        assert_eq!(
            found,
            [
                ("{mach}", "did you mean \"{match}\"?"),
                ("%s", "write \"{match}\""),
                ("{role.titel}", "did you mean \"{role.title}\"?"),
                ("{options.maxx}", "did you mean \"{options.max}\"?"),
                ("}", &*brace("}}")),
                ("{", &*brace("{{")),
            ]
        );
    }
}
