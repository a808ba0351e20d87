//! The file can be read, and is text in UTF-8.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::{Check, Context, Sink};
use crate::text::{Damage, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnreadableFile {}

impl Check for UnreadableFile {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        match article.source.damage() {
            None => {}
            Some(Damage::NotUtf8(at)) => {
                let span = Span { start: *at, end: *at + 1 };
                sink.report(span, format!("the file is not UTF-8: the byte at offset {at} is none of it"))
                    .help("save the file as UTF-8; nothing else in it was checked");
            }
            Some(Damage::Binary(at)) => {
                let span = Span { start: *at, end: *at + 1 };
                sink.report(span, format!("the file is no text: the byte at offset {at} is NUL"))
                    .help("save it as UTF-8 if it is an article; nothing in it was checked");
            }
            Some(Damage::Utf16) => {
                sink.report(Span::empty(0), "the file is written in UTF-16")
                    .help("save it as UTF-8; nothing in it was checked");
            }
            Some(Damage::TooLarge) => {
                sink.report(Span::empty(0), "the file is 4 GiB or larger").help("nothing in it was checked");
            }
            Some(Damage::Unreadable(reason)) => {
                sink.report(Span::empty(0), format!("the file cannot be read: {reason}"))
                    .help("see that the file is there and may be read; nothing in it was checked");
            }
        }
    }
}
