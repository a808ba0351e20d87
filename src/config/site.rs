//! How the files of a site become addresses: the block `site`.

use std::sync::Arc;

use super::layers::Layer;
use crate::mistake::Mistake;
use crate::site::Site;

/// What the layers say of it, the last word first.
pub(super) fn read(layers: &[Layer], mistakes: &mut Vec<Mistake>) -> Arc<Site> {
    let _ = (layers, mistakes);
    Arc::default()
}
