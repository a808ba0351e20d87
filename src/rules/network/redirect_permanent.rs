//! Addresses are those that their servers give now.

use std::collections::HashSet;

use serde::Deserialize;

use crate::article::Article;
use crate::finding::Fix;
use crate::rule::address::{self, Address};
use crate::rule::asked::brief;
use crate::rule::moved::{Move, judge};
use crate::rule::readdress::{edits, written};
use crate::rule::{Check, Context, Sink};
use crate::web::{Answer, Asks, Depth, Use, Verdict, status};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RedirectPermanent {
    ask: bool,
    exceptions: Vec<String>,
}

impl Check for RedirectPermanent {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(replies) = context.replies else { return };
        // A definition may be both a link's and an image's.
        let mut seen = HashSet::new();
        for (address, used_as, _) in address::asked(article, context, BOTH) {
            let Some(answer) = replies.of(address.url) else { continue };
            if !seen.insert(address.span) || !is_what_was_meant(answer, used_as) || self.excepts(&address) {
                continue;
            }
            let Some(fate) = judge(address.url, &answer.reply) else { continue };
            let code = status(answer.reply.hops.first().map_or(301, |hop| hop.status));
            match fate {
                Move::To(new) => {
                    let url = written(address.url, new);
                    let edits = edits(article, context, &address, &url);
                    let message = format!("this address has moved to \"{}\"", brief(new));
                    let finding = sink.report(address.span, message);
                    finding.help(format!(
                        "write the new address: the old one answers \"{code}\", while it does"
                    ));
                    finding.fix =
                        edits.map(|edits| Fix::r#unsafe(format!("write \"{}\"", brief(&url)), edits));
                }
                Move::FrontPage(end) => {
                    let message = format!("this address leads to the front page \"{}\" now", brief(end));
                    sink.report(address.span, message).help(GONE);
                }
                Move::NotFound(end) => {
                    let message =
                        format!("this address leads to \"{}\", which is no page of its own", brief(end));
                    sink.report(address.span, message).help(GONE);
                }
                Move::ForSale(end) => {
                    let message = format!("this address leads to \"{}\", where names are sold", brief(end));
                    sink.report(address.span, message).help(GONE);
                }
            }
        }
    }

    fn asks(&self) -> Asks {
        if self.ask { BOTH } else { Asks::default() }
    }

    fn looks_at_replies(&self) -> bool {
        true
    }
}

const BOTH: Asks = Asks { images: Some(Depth::Head), links: Some(Depth::Head) };

const GONE: &str = "what it was written for seems to be gone: find where it is now, or take the address out";

impl RedirectPermanent {
    fn excepts(&self, address: &Address<'_>) -> bool {
        let host = address::authority(address.url).map(address::without_port).unwrap_or_default();
        self.exceptions.iter().any(|domain| address::is_within(host, domain))
    }
}

/// Whether there is something at the end, and for an image no page about it: that is for `image-type` to say.
fn is_what_was_meant(answer: &Answer, used_as: Use) -> bool {
    let Answer { verdict, reply } = answer;
    let is_called_text = || reply.media_type.as_deref().is_some_and(|name| name.starts_with("text/"));
    let is_page = || reply.content.map_or_else(is_called_text, |content| !content.is_image());
    *verdict == Verdict::Alive && (used_as == Use::Link || !is_page())
}
