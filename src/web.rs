//! The web as plain data: what is asked of it, how politely, and what it answered.
//!
//! Nothing here touches the network. Rules say how much they want to know ([`Depth`]), the addresses of articles become
//! [`Question`]s, each distinct one is asked once, and every place that has it reads the same [`Reply`].

mod policy;
mod question;
mod replies;
mod reply;
mod status;

pub use policy::{
    CACHE_FOLDER, Header, Manners, Pattern, Policy, Private, Retention, Ruling, Secret, TimeOuts, USER_AGENT,
};
pub use question::{Asks, Depth, Question, Questions, Use, askable, target};
pub use replies::{Answer, LeftAlone, Replies, Verdict, host_of};
pub use reply::{Content, Failure, Hop, Outcome, Phase, Reply};
pub use status::status;
