//! A summary in Markdown.

use std::io::{self, Write};

use super::Options;
use super::texts::Texts;
use crate::triage::Run;

/// Writes the whole of it.
pub(super) fn write(
    _run: &Run,
    _texts: &mut Texts<'_>,
    _options: &Options<'_>,
    _out: &mut dyn Write,
) -> io::Result<()> {
    Ok(())
}
