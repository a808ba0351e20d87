//! The dates of an article, for the rules that compare them.

use crate::article::{Article, Role};
use crate::date::{self, Moment, Reading};
use crate::rule::{Context, scalar};
use crate::text::Span;

/// The date that plays a role, with its bytes; nothing where it cannot be read for certain.
pub(crate) fn find(article: &Article<'_>, context: &Context<'_>, role: Role) -> Option<(Moment, Span)> {
    let node = context.roles.find(article, role)?.node;
    match date::read(scalar::text(article, node)?) {
        Reading::Date(moment, _) => Some((moment, node.span)),
        _ => None,
    }
}
