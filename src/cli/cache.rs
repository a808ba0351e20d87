//! Where the cache of a run stands.

use std::path::{Path, PathBuf};

use crate::config::Network;

/// The folder of the cache in a run that was started in `here`.
pub(super) fn folder(network: &Network, here: &Path) -> PathBuf {
    let base = if network.folder.as_os_str().is_empty() { here } else { &network.folder };
    base.join(network.policy.retention.folder.as_deref().unwrap_or(Path::new(".copydesk")))
}
