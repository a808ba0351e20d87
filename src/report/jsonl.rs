//! One JSON object a line: the findings, the fixes that were made, and the summary, each with the keys that it has in
//! [`json`] and a `type` before them. `schemas/report.schema.json` describes a line as `$defs/line`.

use std::io::{self, Write};

use serde::Serialize;

use super::Options;
use super::json::{self, Entry, FixedEntry, VERSION};
use super::texts::Texts;
use crate::triage::{Run, Summary};

/// Writes all lines.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    _options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut write = |line: &Line<'_>| {
        json::value(line, out)?;
        out.write_all(b"\n")
    };
    for (finding, standing) in run.shown() {
        write(&Line::Finding(Entry::new(finding, standing, texts)))?;
    }
    for fixed in &run.fixed {
        write(&Line::Fixed(FixedEntry::new(fixed)))?;
    }
    write(&Line::Summary { version: VERSION, summary: &run.summary })
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(Entry<'a>),
    Fixed(FixedEntry<'a>),
    /// The last one: a file that does not end with it is not whole.
    Summary {
        version: u32,
        #[serde(flatten)]
        summary: &'a Summary,
    },
}
