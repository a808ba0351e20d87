//! Images are neither heavy nor small.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::asked::grouped;
use crate::rule::{Check, Context, Sink, address};
use crate::web::{Asks, Content, Depth, Reply};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ImageSize {
    max_bytes: u64,
    min_width: u32,
    min_height: u32,
}

impl Check for ImageSize {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(replies) = context.replies else { return };
        for (address, ..) in address::asked(article, context, self.asks()) {
            let Some(answer) = replies.of(address.url) else { continue };
            let reply = &answer.reply;
            let is_image = reply.content.is_none_or(Content::is_image);
            if !is_image || !matches!(reply.status(), Some(200..=299)) {
                continue;
            }
            if let Some(bytes) = reply.bytes.filter(|bytes| *bytes > self.max_bytes) {
                let (bytes, most) = (grouped(bytes), grouped(self.max_bytes));
                sink.report(address.span, format!("the image has {bytes} bytes, more than {most}"))
                    .help("make it no larger than it is shown, or save it with stronger compression, as WebP or AVIF");
            }
            if let Some(message) = self.too_small(reply) {
                sink.report(address.span, message).help("put a larger version of the picture in its place");
            }
        }
    }

    fn asks(&self) -> Asks {
        Asks { images: Some(Depth::Size), links: None }
    }
}

impl ImageSize {
    /// SVG is drawn in any size.
    fn too_small(&self, reply: &Reply) -> Option<String> {
        let (width, height) = reply.pixels.filter(|_| reply.content != Some(Content::Svg))?;
        match (width < self.min_width, height < self.min_height) {
            (true, true) => Some(format!(
                "the image is {width} pixels wide, less than {}, and {height} high, less than {}",
                self.min_width, self.min_height
            )),
            (true, false) => Some(format!("the image is {width} pixels wide, less than {}", self.min_width)),
            (false, true) => {
                Some(format!("the image is {height} pixels high, less than {}", self.min_height))
            }
            (false, false) => None,
        }
    }
}
