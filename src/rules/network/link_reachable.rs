//! What links lead to is there.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::reach::{Reach, Unverified};
use crate::rule::{Check, Context, Sink};
use crate::web::{Asks, Use};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct LinkReachable {
    unverified: Unverified,
}

impl LinkReachable {
    fn reach(&self) -> Reach {
        Reach { used_as: Use::Link, unverified: self.unverified }
    }
}

impl Check for LinkReachable {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        self.reach().report(article, context, sink);
    }

    fn asks(&self) -> Asks {
        self.reach().asks()
    }
}
