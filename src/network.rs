//! The network: whether addresses are there, asked politely, and the schemas that a config allows to be fetched.

mod ask;
mod body;
mod client;
mod doubt;
mod errand;
mod failure;
mod guard;
mod hints;
mod hop;
mod host;
mod image;
mod interrupt;
mod lookup;
mod pace;
mod queue;
mod schedule;
mod schemas;
mod step;
mod watch;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::web::{Policy, Question, Reply};

pub use interrupt::stop_on_interrupt;
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
    let mut asked = ask::run(questions, policy, hop::Hopper::new(policy, Arc::new(lookup::System))?, watch)?;
    if !watch.is_stopped() {
        doubt::doubt(&mut asked, &lookup::System);
    }
    Ok(asked)
}

impl ask::Courier for hop::Hopper {
    async fn carry(&self, errand: &errand::Errand) -> errand::Landing {
        self.hop(errand).await
    }
}
