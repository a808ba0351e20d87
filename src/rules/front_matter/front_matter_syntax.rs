//! The front matter can be read.

use serde::Deserialize;

use crate::article::{Article, Flaw};
use crate::finding::{Edit, Fix};
use crate::rule::{ArticleCheck, Context, Sink};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontMatterSyntax {}

impl ArticleCheck for FrontMatterSyntax {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = &article.front_matter else { return };
        // Where it ends is not known, so nothing can be said about what it holds: that is another rule's business.
        if front_matter.flaws.contains(&Flaw::Unclosed) {
            return;
        }
        for problem in &front_matter.document.problems {
            let finding = sink.report(problem.span, problem.message.as_str());
            if let Some(help) = &problem.help {
                finding.help(help.as_str());
            }
            if let Some(new) = &problem.replacement {
                finding.fix(Fix::r#unsafe("put it in quotes", [Edit::replace(problem.span, new.as_str())]));
            }
        }
    }
}
