//! Images come from hosts that serve real ones.

use serde::Deserialize;

use crate::article::Article;
use crate::rule::{Check, Context, Sink, address};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ImageHost {
    placeholders: Vec<String>,
    allowed: Vec<String>,
}

impl Check for ImageHost {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for address in address::of_images(article, context) {
            let Some(host) = address::authority(address.url).map(address::without_port) else { continue };
            let is_in = |domains: &[String]| domains.iter().any(|domain| address::is_within(host, domain));
            if host.is_empty() || is_in(&self.allowed) {
                continue;
            }
            if is_in(&self.placeholders) {
                sink.report(address.span, format!("the image is a placeholder of \"{host}\""))
                    .help("put the real image in its place");
            } else if !self.allowed.is_empty() {
                sink.report(address.span, format!("images do not come from \"{host}\"")).help(format!(
                    "the config allows {}",
                    self.allowed.iter().map(|host| format!("\"{host}\"")).collect::<Vec<_>>().join(", ")
                ));
            }
        }
    }
}
