//! The files of results.
