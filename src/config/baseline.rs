//! What a site knows already: the file that the key `baseline` names.

use std::path::PathBuf;

use super::layers::Layer;
use super::origin::Origin;
use crate::mistake::Mistake;

/// The file with the findings that are known already, as a config names it. It is not read here: what is found does not
/// depend on it.
#[derive(Clone, Debug)]
pub struct BaselineFile {
    /// The path, as the config says it.
    pub name: String,
    /// The same, counted from the folder of the file that says it.
    pub path: PathBuf,
    /// Where it says so.
    pub origin: Origin,
}

impl BaselineFile {
    /// A mistake at the place that names the file.
    #[must_use]
    pub fn mistake(&self, message: impl Into<String>) -> Mistake {
        self.origin.mistake(message)
    }
}

/// What the last layer with a baseline says.
pub(super) fn named(layers: &[Layer]) -> Option<BaselineFile> {
    let (layer, name) = layers.iter().rev().find_map(|layer| Some((layer, layer.raw.baseline.as_ref()?)))?;
    Some(BaselineFile {
        name: name.text.clone(),
        path: layer.folder.join(&name.text),
        origin: layer.speaker.origin(name.span),
    })
}
