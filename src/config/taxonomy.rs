//! The categories of a site: the file that the key `taxonomy` names.

use std::path::PathBuf;
use std::sync::Arc;

use super::layers::Layer;
use super::origin::Origin;
use crate::mistake::Mistake;
use crate::taxonomy::Taxonomy;
use crate::text::Source;

/// The path that the last layer with one says, and where it says so.
pub(super) fn named(layers: &[Layer]) -> Option<(String, Origin)> {
    let (layer, path) = layers.iter().rev().find_map(|layer| Some((layer, layer.raw.taxonomy.as_ref()?)))?;
    Some((path.text.clone(), layer.speaker.origin(path.span)))
}

/// The path of the file, from the folder of the layer that names it.
pub(super) fn path(layers: &[Layer]) -> Option<PathBuf> {
    layers.iter().rev().find_map(|layer| Some(layer.folder.join(&layer.raw.taxonomy.as_ref()?.text)))
}

/// Reads the file that the last layer with one names.
pub(super) fn read(layers: &[Layer], mistakes: &mut Vec<Mistake>) -> Option<Arc<Taxonomy>> {
    let (layer, name) = layers.iter().rev().find_map(|layer| Some((layer, layer.raw.taxonomy.as_ref()?)))?;
    let path = layer.folder.join(&name.text);
    let read = std::fs::read(&path).map_err(|error| {
        let help = "a path counts from the folder of the file that names it; `copydesk taxonomy infer --output FILE` \
                    writes one from the articles";
        let message = format!("the taxonomy \"{}\" cannot be read: {error}", name.text);
        vec![layer.speaker.mistake(name.span, message).with_help(Some(help))]
    });
    let taxonomy = read.and_then(|bytes| {
        Taxonomy::read(&Arc::new(Source::new(path.to_string_lossy().replace('\\', "/"), bytes)))
    });
    taxonomy.map_err(|wrong| mistakes.extend(wrong)).ok().map(Arc::new)
}
