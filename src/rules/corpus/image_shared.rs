//! No two articles have the same hero image.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Facts, Told, Want, Wants};
use crate::rule::picture::{joined, picture};
use crate::rule::scope::{Among, Scope};
use crate::rule::shared::Shared;
use crate::rule::{Check, Comparison, Own, Sink, fingerprint, scalar};

#[derive(Deserialize)]
#[serde(from = "Options")]
pub(crate) struct ImageShared {
    among: Among,
    exceptions: Arc<HashSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Options {
    scope: Scope,
    only_published: bool,
    exceptions: Vec<String>,
}

impl From<Options> for ImageShared {
    fn from(options: Options) -> Self {
        let Options { scope, only_published, exceptions } = options;
        let exceptions = exceptions.iter().map(|url| picture(url.trim()).to_owned()).collect();
        Self { among: Among { scope, only_published }, exceptions: Arc::new(exceptions) }
    }
}

impl Check for ImageShared {
    fn wants(&self) -> Wants {
        self.among.wants([Want::Head])
    }

    fn survey(&self, corpus: &Arc<Corpus>, numbers: &[usize]) -> Option<Box<dyn Comparison>> {
        let keys = |path: &str, facts: &Facts| image(path, facts, &self.exceptions).map(|image| image.0);
        let shared = Shared::of(&self.among, (corpus, numbers), 2, keys)?;
        Some(Box::new(Doubles { shared, exceptions: Arc::clone(&self.exceptions) }))
    }
}

/// The hero image and its number, whatever size its address asks for.
fn image<'f>(path: &str, facts: &'f Facts, exceptions: &HashSet<String>) -> Option<(u64, &'f Told)> {
    let image = facts.image.as_ref().filter(|image| !scalar::is_template(&image.text))?;
    let picture = picture(&image.text);
    let is_free = exceptions.contains(picture);
    (!is_free).then(|| (fingerprint::of(joined(path, picture).as_bytes()), image))
}

/// The articles that share a hero image.
struct Doubles {
    shared: Shared,
    exceptions: Arc<HashSet<String>>,
}

impl Comparison for Doubles {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let path = &self.shared.corpus.articles[own.number].path;
        let Some((key, told)) = image(path, own.facts, &self.exceptions) else { return };
        let message = |others: &str| format!("the image is that of {others}, too");
        let place = |facts: &Facts| facts.image.as_ref().map(|image| image.span);
        if let Some(finding) = self.shared.report(own, (key, told.span), sink, message, place) {
            finding.help("give each an image of its own; name one that may be shared under `exceptions`");
        }
    }
}
