//! A block of code names its language.

use serde::Deserialize;

use crate::article::Article;
use crate::article::body::Code;
use crate::rule::{Check, Context, Sink};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CodeLanguage {
    allowed: Vec<String>,
}

impl Check for CodeLanguage {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let text = article.text();
        for code in &article.body.code {
            let Some(info) = code.language else { continue };
            let language = language(&text[info.range()]);
            if language.is_empty() {
                sink.report(fence(text, code), "the block of code does not name its language")
                    .help("write the language behind the fence, or \"text\" where it is none");
            } else if !self.allowed.is_empty()
                && !self.allowed.iter().any(|one| one.eq_ignore_ascii_case(language))
            {
                let message = format!("the language \"{language}\" is not one of those allowed");
                sink.report(info, message).help(format!("write one of \"{}\"", self.allowed.join("\", \"")));
            }
        }
    }
}

/// The name in the first word of an info string: `rust,ignore`, `{.python}`, `go{linenos=true}`.
fn language(info: &str) -> &str {
    let info = info.trim_start_matches('{').trim_start_matches('.');
    let name = info.split([',', '{', '}', ':', ';']).next().unwrap_or_default();
    // An attribute is no name.
    if name.contains('=') || name.starts_with('#') { "" } else { name }
}

/// The line of the opening fence.
fn fence(text: &str, code: &Code) -> Span {
    let line = text[code.span.range()].split(['\n', '\r']).next().unwrap_or_default();
    let start = code.span.start as usize;
    Span::new(start, start + line.trim_end().len())
}
