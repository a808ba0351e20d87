//! A link within the site leads to something.

use std::sync::Arc;

use serde::Deserialize;

use crate::corpus::Corpus;
use crate::facts::{Reference, Use, Wants};
use crate::finding::{Edit, Fix};
use crate::rule::resolve::{self, Budget, Parts, Target, Wanted, resolve};
use crate::rule::{Check, Comparison, Own, Sink};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct BrokenLink {}

impl Check for BrokenLink {
    fn wants(&self) -> Wants {
        resolve::wants()
    }

    fn survey(&self, corpus: &Arc<Corpus>, _: &[usize]) -> Option<Box<dyn Comparison>> {
        Some(Box::new(Links(Arc::clone(corpus))))
    }
}

struct Links(Arc<Corpus>);

impl Comparison for Links {
    fn compare(&self, own: &Own<'_>, sink: &mut Sink<'_>) {
        let budget = Budget::default();
        for reference in &own.facts.links {
            match resolve(&self.0, own.number, reference) {
                Target::Missing(wanted) => self.missing((own, &budget), reference, &wanted, sink),
                Target::Case(wanted, right) => self.case(own, reference, &(wanted, right), sink),
                _ => {}
            }
        }
    }
}

impl Links {
    fn missing(
        &self,
        (own, budget): (&Own<'_>, &Budget),
        reference: &Reference,
        wanted: &Wanted,
        sink: &mut Sink<'_>,
    ) {
        let message = match wanted {
            Wanted::Path(path) => format!("there is no file \"{path}\""),
            Wanted::Address(key) => format!("the site has no page at \"{key}\""),
        };
        let near = budget.near(&self.0, wanted);
        let finding = sink.report(reference.span, message);
        match (near, slip(&reference.url)) {
            (Some(near), _) => {
                finding.help(format!("did you mean \"{near}\"?"));
                if let Some((title, edit)) = self.written(own, reference, wanted, near) {
                    finding.fix(Fix::r#unsafe(title, [edit]));
                }
            }
            (None, Some(slip)) => {
                finding.help(slip);
            }
            (None, None) => {
                finding.help("correct the address, or take it out");
            }
        }
    }

    fn case(&self, own: &Own<'_>, reference: &Reference, found: &(Wanted, Vec<&str>), sink: &mut Sink<'_>) {
        let (wanted, right) = found;
        let Some(first) = right.first() else { return };
        let written = match wanted {
            Wanted::Path(path) => path.as_str(),
            Wanted::Address(key) => key,
        };
        let finding = sink.report(reference.span, format!("\"{written}\" is spelt \"{first}\""));
        finding.help("write capital and small letters as they are: most servers tell them apart");
        if let Some((title, edit)) = self.written(own, reference, wanted, first) {
            let is_only = right.len() == 1;
            finding.fix(if is_only { Fix::safe(title, [edit]) } else { Fix::r#unsafe(title, [edit]) });
        }
    }

    /// What to write in the place of an address that should lead to `to`. What the front matter holds is left alone: its
    /// quotes are not known here.
    fn written(
        &self,
        own: &Own<'_>,
        reference: &Reference,
        wanted: &Wanted,
        to: &str,
    ) -> Option<(String, Edit)> {
        // An ampersand may begin an entity.
        if reference.used_as == Use::Hero || reference.url.contains('&') {
            return None;
        }
        let new = match wanted {
            Wanted::Path(_) => resolve::to_path(&self.0, own.number, &reference.url, to)?,
            Wanted::Address(_) => resolve::to_address(&self.0, &reference.url, to),
        };
        (new != *reference.url)
            .then(|| (format!("write \"{new}\""), Edit::replace(reference.span, new.clone())))
    }
}

/// What somebody may have left out who wrote an address of something else.
fn slip(url: &str) -> Option<&'static str> {
    let path = Parts::of(url).path;
    let first = path.split('/').next().unwrap_or_default();
    let is_name = |name: &str| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        ending.is_some_and(|ending| HOSTS.contains(&ending))
    };
    match first.split_once('@') {
        Some((_, host)) if is_name(host) => Some("put \"mailto:\" before the address"),
        None if is_name(first) => Some("put \"https://\" before the address, if it is one of the web"),
        _ => None,
    }
}

/// How names of hosts end that are no endings of files, the most frequent (<https://w3techs.com/technologies/overview/top_level_domain>).
const HOSTS: [&str; 12] = ["ai", "com", "de", "dev", "edu", "eu", "gov", "io", "net", "org", "ru", "uk"];
