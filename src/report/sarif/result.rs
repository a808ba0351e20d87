//! A finding as a result of SARIF.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::super::numbered::Numbered;
use super::super::texts::{Texts, fits};
use super::super::{Options, is_elsewhere, rooted};
use super::{Message, level};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::text::{Source, Span};
use crate::triage::{Run, Standing};

/// So many related places a result lists. GitHub takes a thousand locations, and refuses a run with more in any result; more
/// are counted in the message.
const RELATED: usize = 1_000;

/// So many of them the message links to, since GitHub shows no others.
const LINKED: usize = 5;

/// Makes results of findings, one after the other.
pub(super) struct Results<'a> {
    run: &'a Run,
    root: &'a str,
    numbered: Numbered,
}

impl<'a> Results<'a> {
    pub(super) fn new(run: &'a Run, options: &Options<'a>) -> Self {
        Self { run, root: options.root, numbered: Numbered::default() }
    }

    pub(super) fn next(
        &mut self,
        finding: &'a Finding,
        standing: Standing<'a>,
        texts: &mut Texts<'_>,
    ) -> impl Serialize + use<'a> {
        let source = texts.current(&finding.path);
        let (print, count) = self.numbered.next(finding, source.as_ref());
        let source = source.as_deref();
        let related =
            finding.related.iter().take(RELATED).enumerate().map(|(index, related)| RelatedLocation {
                id: index + 1,
                place: self.place(&related.path, related.span, texts.other(&related.path).as_deref()),
                message: Message { text: &related.text },
            });
        Result {
            rule_id: &finding.rule,
            rule_index: self.run.rules.binary_search_by(|page| page.id.cmp(&finding.rule)).ok(),
            level: level(finding.level),
            message: json!({"text": message(finding)}),
            locations: [Location { place: self.place(&finding.path, finding.span, source) }],
            related_locations: related.collect(),
            partial_fingerprints: [("copydesk/v1", format!("{print}:{count}"))].into(),
            fixes: finding.fix.iter().filter_map(|fix| self.fix(fix, finding, source?)).collect(),
            suppressions: match standing {
                Standing::Counted => None,
                Standing::Suppressed(suppressed) => Some(match &suppressed.reason {
                    Some(reason) => json!([{"kind": "inSource", "justification": reason}]),
                    None => json!([{"kind": "inSource"}]),
                }),
                Standing::Baselined => {
                    Some(json!([{"kind": "external", "justification": "in the baseline"}]))
                }
            },
            baseline_state: match standing {
                Standing::Baselined => Some("unchanged"),
                _ => self.run.summary.baselined.map(|_| "new"),
            },
        }
    }

    fn place(&self, path: &str, span: Span, source: Option<&Source>) -> PhysicalLocation {
        PhysicalLocation {
            artifact_location: self.artifact(path),
            region: source.filter(|source| fits(source, span)).map(|source| Region::of(span, source)),
        }
    }

    fn artifact(&self, path: &str) -> ArtifactLocation {
        ArtifactLocation {
            uri: uri(&rooted(path, self.root)),
            uri_base_id: (!is_elsewhere(path)).then_some("%SRCROOT%"),
        }
    }

    fn fix(&self, fix: &Fix, finding: &Finding, source: &Source) -> Option<Json> {
        let fits = fix.edits().iter().all(|edit| fits(source, edit.span));
        let replacements = fix.edits().iter().map(|Edit { span, text }| {
            json!({"deletedRegion": Region::of(*span, source), "insertedContent": Message { text }})
        });
        let description = match fix.safety {
            Safety::Safe => Cow::Borrowed(&*fix.title),
            Safety::Unsafe => Cow::Owned(format!("{} (unsafe: look at it first)", fix.title)),
        };
        (fits && !fix.edits().is_empty()).then(|| {
            json!({
                "description": Message { text: &description },
                "artifactChanges": [{
                    "artifactLocation": self.artifact(&finding.path),
                    "replacements": replacements.collect::<Vec<_>>(),
                }],
            })
        })
    }
}

/// What is wrong, what to do, and links to the first related places by their ids, each a sentence: GitHub shows the first one
/// where it has little room.
fn message(finding: &Finding) -> String {
    let links = finding.related.iter().zip(1..=LINKED).map(|(related, id)| {
        let text = related.text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        format!("[{text}]({id})")
    });
    let links = links.collect::<Vec<_>>().join(", ");
    let unlisted = finding.related.len().saturating_sub(RELATED);
    let unlisted = (unlisted > 0).then(|| format!("{unlisted} more related places are not listed"));
    let sentences = [
        Some(finding.message.clone()),
        finding.help.as_deref().map(str::to_owned),
        (!links.is_empty()).then_some(links),
        unlisted,
    ];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

/// A path as a relative reference, or one from the root of the file system as an address.
fn uri(path: &str) -> String {
    let drive = path.get(1..3).is_some_and(|behind| behind == ":/" || behind == ":\\");
    let mut uri = String::from(if drive {
        "file:///"
    } else if path.starts_with('/') {
        "file://"
    } else {
        ""
    });
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' if drive => uri.push('/'),
            b':' if drive && at == 1 => uri.push(':'),
            _ => write!(uri, "%{byte:02X}").expect("a String takes all"),
        }
    }
    uri
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Json,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation<'a>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
}

#[derive(Serialize)]
struct Location {
    #[serde(rename = "physicalLocation")]
    place: PhysicalLocation,
}

#[derive(Serialize)]
struct RelatedLocation<'a> {
    id: usize,
    #[serde(rename = "physicalLocation")]
    place: PhysicalLocation,
    message: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// Lines and columns from 1, columns in characters, the end excluded; and bytes of the file from 0.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u32,
    byte_length: usize,
}

impl Region {
    fn of(span: Span, source: &Source) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_offset: span.start,
            byte_length: span.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_addresses() {
        for (path, address) in [
            ("docs/a b.md", "docs/a%20b.md"),
            ("Türen/日本.md", "T%C3%BCren/%E6%97%A5%E6%9C%AC.md"),
            ("a:b#c?d%e.md", "a%3Ab%23c%3Fd%25e.md"),
            ("../a.md", "../a.md"),
            ("/srv/a[1].md", "file:///srv/a%5B1%5D.md"),
            ("C:\\site\\a.md", "file:///C:/site/a.md"),
        ] {
            assert_eq!(uri(path), address);
        }
    }
}
