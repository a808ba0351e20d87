//! Values without quotes that readers of YAML 1.1 and of YAML 1.2 read differently.

use serde::Deserialize;

use crate::article::edit::Editor;
use crate::article::{Article, Format, Role};
use crate::data::{Entry, Node};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink};
use crate::schema::Schema;
use crate::text::Span;
use crate::yaml::Form;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct AmbiguousScalar {
    forms: Vec<Form>,
}

/// Fields whose value is a text whatever it looks like: the short names of languages and countries are here for `no`.
const TEXTS: [&str; 5] = ["lang", "language", "locale", "country", "tags"];

/// The roles of which the same is true.
const TEXT_ROLES: [Role; 9] = [
    Role::Title,
    Role::Description,
    Role::Excerpt,
    Role::Slug,
    Role::ImageAlt,
    Role::Category,
    Role::Categories,
    Role::Keywords,
    Role::Social,
];

impl Check for AmbiguousScalar {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = &article.front_matter else { return };
        if front_matter.format != Format::Yaml {
            return;
        }
        let (Some(editor), Some(root)) = (Editor::of(article), front_matter.root()) else { return };
        let mut search = Search { check: self, text: article.text(), path: Vec::new(), found: Vec::new() };
        search.mapping(root.entries());
        let mut found = search.found;
        // A merge key shows a value again.
        found.sort_by_key(|found| found.span);
        found.dedup_by_key(|found| found.span);
        if found.is_empty() {
            return;
        }
        let spans = |roles: &[Role]| {
            let places = roles.iter().filter_map(|role| context.roles.find(article, *role));
            places.map(|place| place.node.span).collect()
        };
        let desk = Desk {
            text: article.text(),
            schema: context.schema,
            texts: spans(&TEXT_ROLES),
            dates: spans(&[Role::Date, Role::Updated]),
            quote: editor.quote(),
        };
        for found in found {
            desk.report(&found, sink);
        }
    }
}

struct Search<'a> {
    check: &'a AmbiguousScalar,
    text: &'a str,
    path: Vec<(&'a str, usize)>,
    found: Vec<Found<'a>>,
}

struct Found<'a> {
    form: Form,
    span: Span,
    /// Keys and indices that lead to it.
    path: Vec<String>,
    /// The nearest key.
    key: &'a str,
    /// Whether it is a text to YAML 1.2.
    is_text: bool,
}

impl<'a> Search<'a> {
    fn mapping(&mut self, entries: &'a [Entry]) {
        for entry in entries {
            if !self.may_have(&entry.value) {
                continue;
            }
            self.path.push((&entry.key, 0));
            self.value(&entry.value, entry.key_span.end as usize);
            self.path.pop();
        }
    }

    /// A look that costs little at what most values are: texts that begin like no form does.
    fn may_have(&self, node: &Node) -> bool {
        let first = self.text.as_bytes().get(node.span.start as usize);
        node.as_str().is_none() || first.is_some_and(|first| Form::may_begin(*first))
    }

    /// `from` is the end of the key, or of the item before.
    fn value(&mut self, node: &'a Node, from: usize) {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        // What an alias shows stands elsewhere, and is looked at there.
        if start == end || self.text.as_bytes()[start] == b'*' {
            return;
        }
        for (index, item) in node.items().iter().enumerate() {
            if !self.may_have(item) {
                continue;
            }
            let parent = self.path.last().map_or("", |(key, _)| *key);
            self.path.push((parent, index + 1));
            self.value(item, item.span.start as usize);
            self.path.pop();
        }
        self.mapping(node.entries());
        if !node.items().is_empty() || !node.entries().is_empty() {
            return;
        }
        let key = self.path.last().map_or("", |(key, _)| *key);
        let Some(form) = Form::of(&self.text[start..end]) else { return };
        // Elsewhere `4.50` is a number, and nothing is lost.
        let is_version = form != Form::TrailingZero || key.to_ascii_lowercase().contains("version");
        let is_wanted = is_version && self.check.forms.contains(&form);
        if is_wanted && (from == start || is_plain(&self.text[from..start])) && !is_tagged(self.text, start) {
            let segment = |(key, index): &(&str, usize)| match index {
                0 => (*key).to_owned(),
                index => (index - 1).to_string(),
            };
            let path = self.path.iter().map(segment).collect();
            self.found.push(Found { form, span: node.span, path, key, is_text: node.as_str().is_some() });
        }
    }
}

/// Whether nothing but a colon and space stand between a key and its value: no tag, no header of a block of lines.
fn is_plain(between: &str) -> bool {
    between.bytes().all(|byte| matches!(byte, b':' | b' ' | b'\t'))
}

/// Whether a tag, or the header of a block of lines, stands before an item.
fn is_tagged(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', '\t']);
    let last = before.rsplit([' ', '\t', '[', ',', '{', '\n', '\r']).next().unwrap_or_default();
    last.starts_with(['!', '&', '|', '>']) || before.is_empty() || before.ends_with(['\n', '\r'])
}

/// What is known of an article in which something was found.
struct Desk<'a> {
    text: &'a str,
    schema: Option<&'a Schema>,
    /// The fields that hold texts by their role.
    texts: Vec<Span>,
    /// The dates of the article.
    dates: Vec<Span>,
    quote: char,
}

impl Desk<'_> {
    fn report(&self, found: &Found<'_>, sink: &mut Sink<'_>) {
        let path: Vec<&str> = found.path.iter().map(String::as_str).collect();
        let types = self.schema.map(|schema| schema.types(&path)).unwrap_or_default();
        let wants_text = types.contains(&"string");
        let wants_other =
            !wants_text && types.iter().any(|name| ["boolean", "number", "integer"].contains(name));
        // Where the schema and our reading disagree, the schema says so.
        let is_told = (wants_text && !found.is_text) || (wants_other && found.is_text);
        let is_date = found.form == Form::Date && self.dates.contains(&found.span);
        if is_told || is_date || (found.form == Form::TrailingZero && wants_other) {
            return;
        }
        let written = &self.text[found.span.range()];
        let (message, help) = found.words(written);
        let finding = sink.report(found.span, message);
        finding.help(help);
        if wants_other {
            return;
        }
        let edit = Edit::replace(found.span, format!("{0}{written}{0}", self.quote));
        let title = "put it in quotes";
        let is_field_of_texts =
            TEXTS.contains(&found.key) || self.texts.iter().any(|field| field.contains(found.span));
        let is_safe = wants_text || is_field_of_texts || found.form == Form::Base60;
        finding.fix(if is_safe { Fix::safe(title, [edit]) } else { Fix::r#unsafe(title, [edit]) });
    }
}

impl Found<'_> {
    /// The message and the help.
    fn words(&self, written: &str) -> (String, String) {
        let quotes = format!("write \"{written}\", in quotes");
        let if_text = format!("{quotes}, if it is a text");
        let two = |old: &str, new: &str| format!("{written} is {old} to YAML 1.1, and {new} to YAML 1.2");
        let plain = written.replace([',', '_'], "");
        match self.form {
            Form::Boolean => {
                let value = matches!(written.to_ascii_lowercase().as_str(), "yes" | "on");
                (two(&value.to_string(), "a text"), format!("{if_text}, or {value}"))
            }
            Form::LeadingZero => {
                let plain = written.trim_start_matches(['0', '+', '-']);
                let octal = i64::from_str_radix(plain, 8).map(|value| format!("the number {value}"));
                let old = octal.unwrap_or_else(|_| "a text".to_owned());
                (two(&old, &format!("the number {plain}")), format!("{if_text}, or {plain}"))
            }
            Form::Base60 => (two("a number in base 60", "a text"), quotes),
            Form::Separator if written.contains(',') => {
                let message = format!("{written} is the number {plain} to Ruby, and a text to others");
                (message, format!("{if_text}, or {plain}"))
            }
            Form::Separator => {
                (two(&format!("the number {plain}"), "a text"), format!("{if_text}, or {plain}"))
            }
            Form::Binary => (two("a number", "a text"), if_text),
            Form::Octal | Form::Exponent => (two("a text", "a number"), if_text),
            Form::Large => {
                let message = format!("{written} has more digits than JavaScript keeps of a number");
                (message, format!("{quotes}, if nobody counts with it"))
            }
            Form::TrailingZero => {
                let short = written.trim_end_matches('0').trim_end_matches('.');
                (format!("{written} is the number {short} without quotes"), quotes)
            }
            Form::Date => (two("a date", "a text"), if_text),
        }
    }
}
