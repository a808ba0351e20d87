//! The network: whether addresses are there, asked politely, and the schemas that a config allows to be fetched.

mod ask;
mod errand;
mod host;
mod pace;
mod queue;
mod schedule;
mod schemas;
mod step;
mod watch;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::web::{Failure, Policy, Question, Reply};

pub use schemas::fetch_schema;
pub use watch::{Counts, Watch};

/// What came of asking.
#[derive(Debug, Default)]
pub struct Asked {
    /// What each address answered; where the run was stopped, those that had answered by then.
    pub replies: HashMap<Arc<str>, Reply>,
    /// The hosts that were left alone, by name and port as in [`host_of`](crate::web::host_of), each with why.
    pub silent: BTreeMap<String, String>,
}

/// Asks each address once, and tells how far it is by `watch`, by which it can be stopped.
///
/// # Errors
/// Why nothing can be asked at all: no client can be made, or the proxy cannot be used.
pub fn ask(questions: &[Question], policy: &Policy, watch: &Arc<Watch>) -> Result<Asked, String> {
    // Here the requests are sent.
    ask::run(questions, policy, Absent, watch)
}

/// Stands where requests will be sent.
struct Absent;

impl ask::Courier for Absent {
    async fn carry(&self, _: &errand::Errand) -> errand::Landing {
        errand::Landing {
            result: Err(Failure::Connection("requests are not sent yet".to_owned())),
            time: Duration::ZERO,
            hints: errand::PaceHints::default(),
        }
    }
}
