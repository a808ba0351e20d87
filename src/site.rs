//! How the files of a site become addresses: plain data that the config fills.

/// How a site is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {}
