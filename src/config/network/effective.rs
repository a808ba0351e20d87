//! The `network` block as it stands, for people who wonder.

use serde_json::{Value as Json, json};

use super::{Block, Place, Setting};
use crate::config::origin::Origin;

/// A part of the block as it stands, without its secrets: `***` stands for the value of a header that names no environment
/// variable, and for what a proxy is told.
#[derive(Debug)]
pub enum EffectivePart {
    /// A value, and who said it.
    Value(Json, Origin),
    /// A list, each item with who said it.
    Items(Vec<(Json, Origin)>),
    /// A mapping, in the order in which it is shown.
    Keys(Vec<(String, EffectivePart)>),
}

/// The keys of the block in the order in which they are shown.
pub(super) const KEYS: [&str; 14] = [
    "enabled",
    "concurrency",
    "per-host",
    "interval",
    "retries",
    "patience",
    "timeout",
    "user-agent",
    "headers",
    "allow-private",
    "proxy",
    "hosts",
    "rulings",
    "cache",
];

impl Block {
    /// All settings of the block, those that nobody spoke of included.
    pub(in crate::config) fn effective(&self) -> EffectivePart {
        let part = |key: &'static str| {
            let mut part = match key {
                "allow-private" | "rulings" => EffectivePart::Items(Vec::new()),
                "headers" | "hosts" | "timeout" | "cache" => EffectivePart::Keys(Vec::new()),
                _ => EffectivePart::Value(Json::Null, Origin::Default),
            };
            for (setting, origin) in &self.settings {
                match setting.place() {
                    Place::Key(keys) if keys[0] == key => {
                        part.put(&names(setting, keys)[1..], setting, origin);
                    }
                    Place::Item(list) if list == key => part.put(&[], setting, origin),
                    _ => {}
                }
            }
            (key.to_owned(), part.or_default())
        };
        EffectivePart::Keys(KEYS.into_iter().map(part).collect())
    }
}

/// The keys as the config writes them.
fn names(setting: &Setting, mut keys: Vec<String>) -> Vec<String> {
    if let Setting::Header { name, .. } = setting {
        keys.truncate(2);
        keys.push(name.clone());
    }
    keys
}

impl EffectivePart {
    /// Puts a setting below these keys.
    fn put(&mut self, keys: &[String], setting: &Setting, origin: &Origin) {
        let said = (setting.shown(), origin.clone());
        match (self, keys) {
            (Self::Items(items), _) => items.push(said),
            (Self::Keys(parts), [key, rest @ ..]) => {
                let at = parts.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
                    let inner = if rest.is_empty() {
                        Self::Value(Json::Null, Origin::Default)
                    } else {
                        Self::Keys(Vec::new())
                    };
                    parts.push((key.clone(), inner));
                    parts.len() - 1
                });
                parts[at].1.put(rest, setting, origin);
            }
            (part, _) => *part = Self::Value(said.0, said.1),
        }
    }

    /// An empty list or mapping as the value that it is, which nobody set.
    fn or_default(self) -> Self {
        match self {
            Self::Items(items) if items.is_empty() => Self::Value(json!([]), Origin::Default),
            Self::Keys(parts) if parts.is_empty() => Self::Value(json!({}), Origin::Default),
            part => part,
        }
    }
}
