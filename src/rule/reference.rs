//! Labels and what they stand for. Shared by the rules about references that are not defined, or not used.

use memchr::memmem;

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

/// Whether a template or a snippet of `MkDocs` puts a file of definitions in here, as its name tells.
pub(crate) fn are_included(text: &str, body: &Body) -> bool {
    let includes = body.shortcodes.iter().map(|span| &text[span.range()]);
    let mut lists =
        includes.filter(|tag| tag.contains("include") && (tag.contains("link") || tag.contains("ref")));
    lists.next().is_some() || memmem::find(&text.as_bytes()[body.span.range()], b"--8<--").is_some()
}

/// A label as it is compared: without case, white space run together.
pub(crate) fn folded(label: &str) -> String {
    label.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
