//! Labels and what they stand for. Shared by the rules about references that are not defined, or not used.

use crate::article::Body;

/// For each definition of a link reference, whether a link or an image refers to it.
pub(crate) fn used(body: &Body) -> Vec<bool> {
    let mut used = vec![false; body.definitions.len()];
    let links = body.links.iter().filter_map(|link| link.definition);
    for index in links.chain(body.images.iter().filter_map(|image| image.definition)) {
        used[index] = true;
    }
    used
}

/// A label as it is compared: without case, white space run together.
pub(crate) fn folded(label: &str) -> String {
    label.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
