//! Who says what: each setting knows the preset, the line of a config, or the command line that it comes from.

use std::sync::Arc;

use crate::mistake::Mistake;
use crate::text::{Source, Span};

/// Who speaks in a layer of the config.
#[derive(Clone, Debug)]
pub(super) enum Speaker {
    Preset(Arc<str>),
    File(Arc<Source>),
    Collection(Arc<str>, Arc<Source>),
}

/// Where a setting comes from.
#[derive(Clone, Debug, Default)]
pub enum Origin {
    /// Nobody spoke of it.
    #[default]
    Default,
    /// A preset that comes with the program.
    Preset(Arc<str>),
    /// A place in a config file, and the collection that it belongs to, if any.
    File {
        /// The file.
        source: Arc<Source>,
        /// The bytes in it.
        span: Span,
        /// The name of the collection.
        collection: Option<Arc<str>>,
    },
    /// The command line.
    CommandLine,
}

impl Speaker {
    /// The origin of what this speaker says in these bytes.
    pub(super) fn origin(&self, span: Span) -> Origin {
        match self {
            Self::Preset(name) => Origin::Preset(Arc::clone(name)),
            Self::File(source) => Origin::File { source: Arc::clone(source), span, collection: None },
            Self::Collection(name, source) => {
                Origin::File { source: Arc::clone(source), span, collection: Some(Arc::clone(name)) }
            }
        }
    }

    /// A mistake in what this speaker says in these bytes.
    pub(super) fn mistake(&self, span: Span, message: impl Into<String>) -> Mistake {
        self.origin(span).mistake(message)
    }
}

impl Origin {
    /// A mistake at this place, or without one where it is no file.
    pub(super) fn mistake(&self, message: impl Into<String>) -> Mistake {
        match self {
            Self::File { source, span, .. } => Mistake::at(source, *span, message),
            _ => Mistake::new(message),
        }
    }

    /// As people read it: `recommended`, `copydesk.yaml:12`, `collection "posts" (copydesk.yaml:12)`, `command line`.
    /// `shown` makes the name of a file short.
    #[must_use]
    pub fn describe(&self, shown: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::Preset(name) => name.to_string(),
            Self::CommandLine => "command line".to_owned(),
            Self::File { source, span, collection } => {
                let place = format!("{}:{}", shown(source.path()), source.position(span.start).line);
                match collection {
                    Some(name) => format!("collection \"{name}\" ({place})"),
                    None => place,
                }
            }
        }
    }
}
