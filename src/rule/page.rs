//! A rule's page: Markdown with front matter, like the articles it is about.
//!
//! The folder is the group, the file name the id; the front matter holds level, fix, check and options; the body is
//! the manual, and its examples are tests.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::article::FrontMatter;
use crate::data::Node;
use crate::finding::Level;
use crate::mistake::Mistake;
use crate::schema::Schema;
use crate::text::{Source, Span};

/// A rule as its page describes it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The name by which config and reports call it.
    pub id: Arc<str>,
    /// The folder it is in.
    pub group: String,
    /// What it asks for, in a sentence.
    pub summary: String,
    /// Its level in the preset `recommended`; `None` where it is off.
    pub level: Option<Level>,
    /// What its fixes are worth.
    pub fix: Fixability,
    /// Where its logic is.
    pub check: Implementation,
    /// Its options, in the order of the page.
    pub options: Vec<RuleOption>,
    /// Where its thresholds and its reasons come from.
    pub references: Vec<String>,
    /// The manual, in Markdown.
    pub body: String,
    /// The file, so that a mistake in it can be shown.
    pub source: Arc<Source>,
}

/// What the fixes of a rule are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixability {
    /// It has none.
    None,
    /// All keep the meaning.
    Safe,
    /// None is applied without a person's word.
    Unsafe,
    /// Some are safe, some are not.
    Mixed,
}

impl Fixability {
    /// The word that pages and lists use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Mixed => "mixed",
        }
    }
}

/// Where the logic of a rule is.
#[derive(Clone, Debug, PartialEq)]
pub enum Implementation {
    /// In a source file of its name.
    BuiltIn,
    /// In the page: one of the declarative kinds and its settings.
    Declarative {
        /// The kind, as in `existence`.
        kind: String,
        /// What the page sets, with its places: one search, or several with messages and scopes of their own.
        searches: Vec<Node>,
    },
}

/// An option of a rule.
#[derive(Clone, Debug)]
pub struct RuleOption {
    /// Its name in the config.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The value without a config.
    pub default: Json,
    /// Where the default comes from.
    pub source: Option<String>,
    /// The JSON Schema of its value.
    pub schema: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Raw {
    summary: String,
    level: String,
    fix: Fixability,
    #[serde(rename = "check")]
    _check: Json,
    #[serde(default)]
    options: Map<String, Json>,
    #[serde(default)]
    references: Vec<String>,
}

impl Page {
    /// Reads a page. `group` and `id` come from its path; `schema` is that of rule pages, and `None` where a test has
    /// held the page to it before.
    ///
    /// # Errors
    /// Everything that is wrong with its front matter, with places.
    pub fn parse(
        group: &str,
        id: &str,
        source: &Arc<Source>,
        schema: Option<&Schema>,
    ) -> Result<Self, Vec<Mistake>> {
        let Some((front_matter, body)) = FrontMatter::find(source.text()) else {
            return Err(vec![Mistake::at(source, Span::empty(0), "a rule page begins with a front matter")]);
        };
        check_front_matter(&front_matter, source, schema)?;
        let json = front_matter.root().map_or(Json::Null, crate::data::Node::to_json);
        let raw: Raw = serde_json::from_value(json)
            .map_err(|error| vec![Mistake::at(source, front_matter.opening, error.to_string())])?;
        Ok(Self {
            id: id.into(),
            group: group.to_owned(),
            summary: raw.summary,
            level: raw.level.parse().ok(),
            fix: raw.fix,
            check: front_matter
                .root()
                .and_then(|root| root.get("check"))
                .map_or(Implementation::BuiltIn, implementation),
            options: raw.options.into_iter().map(|(name, option)| RuleOption::new(name, option)).collect(),
            references: raw.references,
            body: source.text()[body..].trim().to_owned(),
            source: Arc::clone(source),
        })
    }

    /// The level when somebody asks for the rule by name: its own, or warning where it is off by default.
    #[must_use]
    pub fn level_when_named(&self) -> Level {
        self.level.unwrap_or(Level::Warning)
    }

    /// The JSON Schema of the rule's options, made of their declarations.
    #[must_use]
    pub fn options_schema(&self) -> Json {
        let properties: Map<_, _> =
            self.options.iter().map(|option| (option.name.clone(), option.schema.clone())).collect();
        serde_json::json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    /// Every option with its value: the default, or what was chosen.
    #[must_use]
    pub fn values(&self, chosen: &Map<String, Json>) -> Map<String, Json> {
        let mut values: Map<_, _> =
            self.options.iter().map(|option| (option.name.clone(), option.default.clone())).collect();
        values.extend(chosen.clone());
        // To JSON Schema 2.0 is an integer; to the check that reads it, it is none.
        for value in values.values_mut() {
            let float = value.as_f64().filter(|float| value.is_f64() && float.fract() == 0.0);
            if let Some(integer) = float.and_then(|float| format!("{float}").parse::<i64>().ok()) {
                *value = integer.into();
            }
        }
        values
    }
}

fn check_front_matter(
    front_matter: &FrontMatter,
    source: &Arc<Source>,
    schema: Option<&Schema>,
) -> Result<(), Vec<Mistake>> {
    let document = &front_matter.document;
    let mut mistakes = Mistake::of_document(source, document);
    if let Some(schema) = schema.filter(|_| mistakes.is_empty()) {
        let violations = schema.violations(document.root.as_ref(), front_matter.opening);
        mistakes = Mistake::of_violations(source, violations);
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

/// `built-in` is a text; everything else is a mapping with the name of a kind as its one key.
fn implementation(check: &Node) -> Implementation {
    let Some(entry) = check.entries().first() else { return Implementation::BuiltIn };
    let searches = match entry.value.items() {
        [] => vec![entry.value.clone()],
        several => several.to_vec(),
    };
    Implementation::Declarative { kind: entry.key.clone(), searches }
}

impl RuleOption {
    /// `option` is a JSON Schema with a default; `source` is our own word in it.
    fn new(name: String, option: Json) -> Self {
        let text = |key: &str| option.get(key).and_then(Json::as_str).map(str::to_owned);
        let (description, source) = (text("description").unwrap_or_default(), text("source"));
        let default = option.get("default").cloned().unwrap_or_default();
        let mut schema = option;
        if let Json::Object(map) = &mut schema {
            map.shift_remove("source");
        }
        Self { name, description, default, source, schema }
    }
}
