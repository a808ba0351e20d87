//! tmp
use super::args::Suppress;
use super::{Failure, Terminal};
pub(super) fn run(_: &Suppress, _: &Terminal) -> Result<u8, Failure> {
    Ok(0)
}
