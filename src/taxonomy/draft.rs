//! Writes a `taxonomy.yaml` from what articles say: what most say as data, and all else in comments.

pub fn draft() {}
