//! What is sent for an image is one that browsers show.

use serde::Deserialize;

use crate::article::Article;
use crate::finding::Level;
use crate::rule::asked::chain;
use crate::rule::{Check, Context, Sink, address};
use crate::web::{Asks, Content, Depth, Reply};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ImageType {
    allow_rare_formats: bool,
}

/// What is wrong with a reply, how much it can weigh, and what to do.
struct Fault {
    message: String,
    most: Level,
    help: &'static str,
}

impl Check for ImageType {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(replies) = context.replies else { return };
        for (address, ..) in address::asked(article, context, self.asks()) {
            let Some(answer) = replies.of(address.url) else { continue };
            let reply = &answer.reply;
            if !matches!(reply.status(), Some(200..=299)) {
                continue;
            }
            if let Some(Fault { message, most, help }) = self.fault(reply) {
                let message = message + &chain(address.url, reply);
                sink.report_at_most(most, address.span, message).help(help);
            }
        }
    }

    fn asks(&self) -> Asks {
        Asks { images: Some(Depth::Type), links: None }
    }
}

impl ImageType {
    /// What browsers make of it, by "sniffing in an image context" of the MIME Sniffing Standard: of a type of XML they
    /// believe what it says, of all others the first bytes.
    fn fault(&self, reply: &Reply) -> Option<Fault> {
        let media_type = reply.media_type.as_deref().unwrap_or_default();
        let called = if media_type.is_empty() {
            "it is sent without a type".to_owned()
        } else {
            format!("it is called \"{media_type}\"")
        };
        let is_xml = is_xml(media_type);
        let error = |message, help| Some(Fault { message, most: Level::Error, help });
        let warning = |message, help| Some(Fault { message, most: Level::Warning, help });
        match reply.content {
            // The bytes were not looked at.
            None if is_known_text(media_type) => error(format!("this is no image: {called}"), NO_IMAGE),
            Some(Content::Empty) if reply.bytes.is_some_and(|bytes| bytes > 0) => {
                warning("the image broke off before its first byte".to_owned(), "ask again later")
            }
            Some(Content::Empty) => error(
                "the image is empty".to_owned(),
                "put the file there again, or another one in its place",
            ),
            Some(content @ (Content::Html | Content::Pdf | Content::Json)) => {
                let name = if media_type.is_empty() { String::new() } else { format!(" ({media_type})") };
                error(format!("this is no image: it is {content}{name}"), NO_IMAGE)
            }
            // Before its first tag an SVG may have comments of any length.
            Some(Content::Unknown) if media_type != SVG => {
                error(format!("this is no image: {called}, and its first bytes are of none"), NO_IMAGE)
            }
            Some(Content::RareImage) if !self.allow_rare_formats => {
                let name =
                    if media_type.starts_with("image/") { media_type } else { "TIFF, HEIC or the like" };
                warning(
                    format!("few browsers show this image: it is {name}"),
                    "save it as JPEG, PNG, WebP or AVIF",
                )
            }
            Some(Content::Svg) if media_type != SVG => error(
                format!("browsers do not show this SVG: {called}"),
                "have the server call it \"image/svg+xml\"",
            ),
            Some(content) if content.is_image() && content != Content::Svg => {
                if is_xml {
                    error(format!("browsers do not show this {content}: {called}"), CALL_IT)
                } else if is_known_text(media_type) {
                    warning(format!("this {content} is not called an image: {called}"), NO_SNIFF)
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

const SVG: &str = "image/svg+xml";
const NO_IMAGE: &str =
    "take the address of the picture itself; where its host does not let others show it, a copy";
const CALL_IT: &str = "have the server call it what it is";
const NO_SNIFF: &str =
    "have the server call it what it is: with `X-Content-Type-Options: nosniff` some browsers do not show it";

/// An XML MIME type, as that standard has it.
fn is_xml(media_type: &str) -> bool {
    media_type.ends_with("+xml") || matches!(media_type, "text/xml" | "application/xml")
}

/// A type that says what it is, and that this is no image; unlike `application/octet-stream`, which says nothing.
fn is_known_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || matches!(media_type, "application/json" | "application/pdf" | "application/xhtml+xml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Outcome;

    fn fault(media_type: &str, content: Option<Content>, bytes: Option<u64>) -> Option<(Level, String)> {
        let reply = Reply {
            media_type: (!media_type.is_empty()).then(|| media_type.to_owned()),
            content,
            bytes,
            ..Reply::new(Outcome::Status(200), Depth::Type)
        };
        let fault = ImageType { allow_rare_formats: false }.fault(&reply)?;
        Some((fault.most, fault.message))
    }

    #[test]
    fn what_browsers_show_is_right() {
        use Content::{Avif, Ico, Jpeg, Png, Svg, Unknown};
        for (media_type, content) in [
            ("image/png", Some(Png)),
            ("image/png", Some(Jpeg)),
            ("image/jpg", Some(Jpeg)),
            ("application/octet-stream", Some(Avif)),
            ("binary/octet-stream", Some(Png)),
            ("", Some(Ico)),
            ("image/svg+xml", Some(Svg)),
            ("image/svg+xml", Some(Unknown)),
            ("image/png", None),
            ("application/octet-stream", None),
            ("", None),
        ] {
            assert_eq!(fault(media_type, content, Some(1)), None, "{media_type} {content:?}");
        }
    }

    #[test]
    fn what_they_do_not_show_is_wrong() {
        use Content::{Empty, Gif, Html, Jpeg, Json, Pdf, Png, RareImage, Svg, Unknown};
        use Level::{Error, Warning};
        for (media_type, content, level, part) in [
            ("text/html", Some(Html), Error, "it is a web page (text/html)"),
            ("", Some(Html), Error, "it is a web page"),
            ("image/png", Some(Html), Error, "it is a web page (image/png)"),
            ("image/svg+xml", Some(Html), Error, "it is a web page (image/svg+xml)"),
            ("application/pdf", Some(Pdf), Error, "it is a PDF (application/pdf)"),
            ("application/json", Some(Json), Error, "it is JSON (application/json)"),
            ("image/png", Some(Unknown), Error, "its first bytes are of none"),
            ("", Some(Unknown), Error, "it is sent without a type"),
            ("text/html", None, Error, "it is called \"text/html\""),
            ("image/png", Some(Empty), Error, "the image is empty"),
            ("text/plain", Some(Svg), Error, "do not show this SVG"),
            ("image/svg", Some(Svg), Error, "do not show this SVG"),
            ("", Some(Svg), Error, "without a type"),
            ("image/svg+xml", Some(Png), Error, "do not show this PNG"),
            ("application/xml", Some(Gif), Error, "do not show this GIF"),
            ("text/html", Some(Jpeg), Warning, "this JPEG is not called an image"),
            ("image/heic", Some(RareImage), Warning, "it is image/heic"),
            ("", Some(RareImage), Warning, "it is TIFF, HEIC or the like"),
        ] {
            let found = fault(media_type, content, None);
            let fits = found.as_ref().is_some_and(|(most, message)| *most == level && message.contains(part));
            assert!(fits, "{media_type} {content:?}: {found:?}");
        }
    }

    #[test]
    fn a_body_that_broke_off_is_not_known_to_be_empty() {
        assert_eq!(
            fault("image/png", Some(Content::Empty), Some(9)).map(|(most, _)| most),
            Some(Level::Warning)
        );
    }
}
