//! The categories of a site: their tiers and parents, as a `taxonomy.yaml` says them.

/// The categories that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taxonomy {}
