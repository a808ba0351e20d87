//! The XML of Checkstyle, which nearly every tool that collects what linters say reads: an element for each file with
//! findings, in it one for each finding.
//!
//! Nobody publishes a schema of it. The shape is that of Checkstyle's own `XMLLogger`, the version the one that `ESLint` and
//! others claim. `source` is `copydesk.` and the rule, from the last dot of which readers take the name; a message and its
//! help are one text. What does not count has the severity `ignore`. A character that XML cannot hold is shown as a symbol.

use std::io::{self, Write};

use super::texts::{Texts, fits};
use super::xml::Document;
use super::{Options, told};
use crate::triage::{Run, Standing};

/// The version of Checkstyle whose shape this is.
const VERSION: &str = "4.3";

/// Writes the whole document.
pub(super) fn write(
    run: &Run,
    texts: &mut Texts<'_>,
    _options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut document = Document::begin(out)?;
    document.open("checkstyle", &[("version", VERSION)])?;
    let mut file: Option<&str> = None;
    for (finding, standing) in run.shown() {
        if file != Some(&*finding.path) {
            if file.is_some() {
                document.close("file")?;
            }
            document.open("file", &[("name", &finding.path)])?;
            file = Some(&finding.path);
        }
        let source = texts.current(&finding.path).filter(|source| fits(source, finding.span));
        let start = source.map(|source| source.position(finding.span.start));
        let place = start.map(|start| (start.line.to_string(), start.column.to_string()));
        let severity = if standing == Standing::Counted { finding.level.as_str() } else { "ignore" };
        let mut attributes = vec![];
        if let Some((line, column)) = &place {
            attributes.extend([("line", &**line), ("column", &**column)]);
        }
        let (message, source) = (told(finding, standing), format!("copydesk.{}", finding.rule));
        attributes.extend([("severity", severity), ("message", &*message), ("source", &*source)]);
        document.empty("error", &attributes)?;
    }
    if file.is_some() {
        document.close("file")?;
    }
    document.close("checkstyle")?;
    document.end()
}
