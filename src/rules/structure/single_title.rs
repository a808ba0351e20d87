//! A page has one title: in its front matter, or as its one heading of level 1.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::rule::{ArticleCheck, Context, Sink, outline};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SingleTitle {}

impl ArticleCheck for SingleTitle {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let headings = outline::headings(article);
        let mut titles = headings.iter().filter(|heading| heading.level == 1);
        let title = context.roles.text(article, Role::Title);
        if title.is_none() && !outline::may_lack_title(article) {
            return;
        }
        let first = if title.is_none() { titles.next() } else { None };
        for heading in titles {
            let finding = match (&title, first) {
                (Some((text, node)), _) => {
                    let message = if text.trim() == heading.text.trim() {
                        "this heading of level 1 repeats the title of the front matter"
                    } else {
                        "a heading of level 1 stands beside the title of the front matter"
                    };
                    sink.report(heading.span, message)
                        .help(
                            "the site shows the title as the heading of the page: begin the body at level 2",
                        )
                        .related(node.span, "the title")
                }
                (None, first) => {
                    let finding =
                        sink.report(heading.span, "a page has one heading of level 1, and this is another");
                    if let Some(first) = first {
                        finding.related(first.span, "the first");
                    }
                    finding.help("make it a heading of level 2")
                }
            };
            finding.fix = outline::shift(article.text(), &headings, 1).filter(|_| title.is_some());
        }
    }
}
