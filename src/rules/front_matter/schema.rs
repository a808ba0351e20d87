//! The front matter fits the JSON Schema of its collection.

use serde::Deserialize;

use crate::article::Article;
use crate::article::edit::Editor;
use crate::rule::suggested::Suggested;
use crate::rule::{Check, Context, Sink};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {}

impl Check for Schema {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let (Some(schema), Some(front_matter)) = (context.schema, &article.front_matter) else { return };
        let Some(editor) = Editor::of(article) else { return };
        let root = front_matter.root();
        let violations = schema.mendable(root, front_matter.opening, |span| article.text().get(span.range()));
        let mut suggested = Suggested::new(editor, root);
        for violation in violations {
            let fix = suggested.fix(&violation);
            let finding = sink.report(violation.span, violation.message);
            finding.help = violation.help.map(Into::into);
            finding.fix = fix;
        }
    }
}
