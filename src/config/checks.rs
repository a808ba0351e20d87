//! The checks of a run: each rule's is made once for each set of options, however many configs and collections ask.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::mistake::Mistake;
use crate::rule::{Check, Page};
use crate::rules;

/// A check, and the page whose address is part of its key.
type Made = (Arc<Page>, Arc<dyn Check>);

/// Checks by their page and the options that were chosen for them.
#[derive(Default)]
pub(super) struct Checks {
    made: HashMap<(usize, String), Made>,
}

impl Checks {
    /// The check of a rule with these options.
    ///
    /// # Errors
    /// What [`rules::check_of`] says of the options.
    pub(super) fn get(
        &mut self,
        page: &Arc<Page>,
        options: &Map<String, Json>,
    ) -> Result<Arc<dyn Check>, Vec<Mistake>> {
        let written =
            if options.is_empty() { String::new() } else { Json::Object(options.clone()).to_string() };
        let key = (Arc::as_ptr(page) as usize, written);
        if let Some((_, check)) = self.made.get(&key) {
            return Ok(Arc::clone(check));
        }
        let check: Arc<dyn Check> = Arc::from(rules::check_of(page, options)?);
        self.made.insert(key, (Arc::clone(page), Arc::clone(&check)));
        Ok(check)
    }
}
