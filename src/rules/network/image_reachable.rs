//! Images are there.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::reach::{Reach, Unverified};
use crate::rule::{Check, Context, Sink};
use crate::web::{Asks, Use};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ImageReachable {
    unverified: Unverified,
}

impl ImageReachable {
    fn reach(&self) -> Reach {
        Reach { used_as: Use::Image, unverified: self.unverified }
    }
}

impl Check for ImageReachable {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        self.reach().report(article, context, sink);
    }

    fn asks(&self) -> Asks {
        self.reach().asks()
    }
}
