//! What a schema suggests, as edits of the front matter.

use std::collections::HashMap;

use crate::article::edit::Editor;
use crate::data::{Node, pointer_segments};
use crate::finding::{Fix, Safety};
use crate::schema::{Change, Suggestion, Violation};

/// Makes fixes of the suggestions for one front matter: such as can be taken together.
pub(crate) struct Suggested<'a> {
    editor: Editor<'a>,
    root: Option<&'a Node>,
    /// Where something is put between two bytes, and the mapping whose entry it is, if it is one.
    places: HashMap<u32, Option<String>>,
}

impl<'a> Suggested<'a> {
    /// For the front matter that an editor writes.
    pub(crate) fn new(editor: Editor<'a>, root: Option<&'a Node>) -> Self {
        Self { editor, root, places: HashMap::new() }
    }

    /// The suggestion for a violation as a fix; `None` also where the edit cannot be made.
    pub(crate) fn fix(&mut self, violation: &Violation) -> Option<Fix> {
        let Suggestion { change, safety } = violation.suggestion.as_ref()?;
        let path: Vec<String> = pointer_segments(&violation.pointer).collect();
        let node = self.root.and_then(|root| root.find(path.iter().map(String::as_str)));
        let node = node.map(|place| place.node);
        let (title, edits) = match change {
            Change::RenameKey { to } => {
                let entry = node?.entries().iter().find(|entry| entry.key_span == violation.span)?;
                (format!("rename it to \"{to}\""), self.editor.rename(entry, to)?)
            }
            Change::ReplaceValue(value) => {
                let old = node?;
                let is_trimmed = value.as_str().is_some_and(|text| old.as_str().map(str::trim) == Some(text));
                let title = format!("write {value}");
                let title = if is_trimmed { "take out the white space around it".to_owned() } else { title };
                (title, self.editor.replace(old, value)?)
            }
            Change::InsertKey { key, value, after, .. } => {
                // What stands in the way of the place behind a key (a table of TOML) is not in that of the first.
                let mapping = node.filter(|node| !node.is_null());
                let behind =
                    after.as_deref().and_then(|after| self.editor.insert(mapping, Some(after), (key, value)));
                let edits = behind.or_else(|| self.editor.insert(mapping, None, (key, value)))?;
                (format!("add \"{key}\": {value}"), edits)
            }
            Change::RemoveItem => {
                let item = node?.items().iter().find(|item| item.span == violation.span)?;
                ("take it out".to_owned(), self.editor.remove(item)?)
            }
            Change::QuoteValue => return None,
        };
        // Several insertions at one place are right only where they are entries of one mapping that has others: nothing
        // would part two that are put into empty brackets.
        let joins =
            matches!(change, Change::InsertKey { .. }) && node.is_none_or(|node| !node.entries().is_empty());
        let places = || edits.iter().filter(|edit| edit.span.is_empty()).map(|edit| edit.span.start);
        let is_free = |place: u32| match self.places.get(&place) {
            Some(other) => joins && other.as_ref() == Some(&violation.pointer),
            None => true,
        };
        if !places().all(is_free) {
            return None;
        }
        self.places.extend(places().map(|place| (place, joins.then(|| violation.pointer.clone()))));
        Some(match safety {
            Safety::Safe => Fix::safe(title, edits),
            Safety::Unsafe => Fix::r#unsafe(title, edits),
        })
    }
}
