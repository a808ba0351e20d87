//! The categories of a site: the file that the key `taxonomy` names.

use std::sync::Arc;

use super::layers::Layer;
use crate::mistake::Mistake;
use crate::taxonomy::Taxonomy;

/// What the last layer that names a file says.
pub(super) fn read(layers: &[Layer], mistakes: &mut Vec<Mistake>) -> Option<Arc<Taxonomy>> {
    let _ = (layers, mistakes);
    None
}
