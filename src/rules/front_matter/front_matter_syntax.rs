//! The front matter can be read.

use serde::Deserialize;

use crate::article::{Article, Flaw, Format, FrontMatter};
use crate::data::Problem;
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink};
use crate::yaml;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontMatterSyntax {}

impl Check for FrontMatterSyntax {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = &article.front_matter else { return };
        // Where it ends is not known, so nothing can be said about what it holds: that is another rule's business.
        if front_matter.flaws.contains(&Flaw::Unclosed) {
            return;
        }
        for problem in &front_matter.document.problems {
            let finding = sink.report(problem.span, problem.message.as_str());
            if let Some(help) = &problem.help {
                finding.help(help.clone());
            }
            finding.fix =
                problem.replacement.as_ref().and_then(|edit| fix(article, front_matter, problem, edit));
        }
    }
}

/// Makes a fix of a repair, where the block can be read with it, or goes wrong further below only.
fn fix(article: &Article<'_>, block: &FrontMatter, problem: &Problem, edit: &Edit) -> Option<Fix> {
    let (text, content) = (article.text(), block.content);
    let before = &text[content.start as usize..edit.span.start as usize];
    let behind = &text[edit.span.end as usize..content.end as usize];
    let new = yaml::parse(&format!("{before}{}{behind}", edit.text), content.start as usize);
    let old = edit.span.end.max(problem.span.end) as usize;
    let end = old + edit.text.len() - edit.span.len();
    let is_mended = new.problems.iter().all(|next| next.span.start as usize >= end);
    let is_quotes = edit.text.starts_with(['"', '\'']) && !edit.span.is_empty();
    let title = match edit.text.as_str() {
        _ if is_quotes => "put it in quotes",
        " " => "put a space behind the colon",
        "\"" | "'" => "close the quote",
        _ => "put spaces in the place of the tabs",
    };
    (block.format == Format::Yaml && is_mended).then(|| Fix::r#unsafe(title, [edit.clone()]))
}
