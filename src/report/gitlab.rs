//! The code quality report of GitLab: an array of violations, the part of Code Climate's format that GitLab reads
//! (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>).
//!
//! Levels become `major`, `minor` and `info`, as in `eslint-formatter-gitlab`; what does not count is `info` and says so.
//! A message and its help are one text, since GitLab shows no other. Violations with the same fingerprint are shown as one,
//! so that each has its own, made of path, fingerprint and count. GitLab asks for a line, which is the first where the file
//! is gone.

use std::io::{self, Write};

use serde::Serialize;

use super::json::value;
use super::numbered::Numbered;
use super::texts::{Texts, fits};
use super::{Options, rooted, told};
use crate::engine;
use crate::finding::Level;
use crate::text::Position;
use crate::triage::{Run, Standing};

/// Writes the whole array.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut numbered = Numbered::default();
    let mut separator = "[\n";
    for (finding, standing) in run.shown() {
        let source = texts.current(&finding.path);
        let (print, count) = numbered.next(finding, source.as_ref());
        let own = engine::number([&*finding.path, &print.to_string(), &count.to_string()]);
        let place =
            source.filter(|source| fits(source, finding.span)).map_or(Place::Lines { begin: 1 }, |source| {
                Place::Positions {
                    begin: source.position(finding.span.start),
                    end: source.position(finding.span.end),
                }
            });
        let violation = Violation {
            description: &told(finding, standing),
            check_name: &finding.rule,
            fingerprint: &format!("{own:032x}"),
            severity: match (standing, finding.level) {
                (Standing::Counted, Level::Error) => "major",
                (Standing::Counted, Level::Warning) => "minor",
                _ => "info",
            },
            location: Location { path: &rooted(&finding.path, options.root), place },
        };
        out.write_all(separator.as_bytes())?;
        value(&violation, out)?;
        separator = ",\n";
    }
    out.write_all(if separator == "[\n" { b"[]\n" } else { b"\n]\n" })
}

#[derive(Serialize)]
struct Violation<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: Place,
}

/// One of the two ways in which Code Climate says where something is.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Positions { begin: Position, end: Position },
    Lines { begin: u32 },
}
