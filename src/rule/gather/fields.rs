//! What an article has in the fields that rules ask for by name.

use std::sync::Arc;

use crate::article::{Article, FrontMatter};
use crate::data::{Node, Value, field_path};
use crate::facts::{Facts, Wants};
use crate::rule::scalar;

/// Texts, numbers and switches, as they are written; of a list each item that is one.
pub(super) fn gather(article: &Article<'_>, wants: &Wants, facts: &mut Facts) {
    let Some(root) = article.front_matter.as_ref().and_then(FrontMatter::root) else { return };
    let mut fields = Vec::new();
    for name in wants.fields() {
        let path = field_path(name);
        let Some(place) = root.find(path.iter().map(String::as_str)) else { continue };
        let nodes = match &place.node.value {
            Value::Sequence(items) => &items[..],
            _ => std::slice::from_ref(place.node),
        };
        fields
            .extend(nodes.iter().filter_map(|node| Some((Arc::clone(name), written(article, node)?.into()))));
    }
    facts.fields = fields.into();
}

fn written<'a>(article: &'a Article<'_>, node: &'a Node) -> Option<&'a str> {
    let text = match &node.value {
        Value::Bool(_) => Some(&article.text()[node.span.range()]),
        _ => scalar::text(article, node),
    };
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Want;
    use crate::text::Source;

    #[test]
    fn fields_are_read_as_they_are_written() {
        let text = "---\nlang: ' fr '\nseo:\n  versions: [1.10, true, null, {a: 1}, two]\nempty: ''\n---\n";
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let mut facts = Facts::default();
        let names = ["lang", "seo.versions", "empty", "none"];
        let wants = Wants::of(names.map(|name| Want::Field(name.into())));
        gather(&Article::parse(&source), &wants, &mut facts);
        let fields: Vec<_> = facts.fields.iter().map(|(name, text)| (&**name, &**text)).collect();
        let version = |text| ("seo.versions", text);
        assert_eq!(fields, [("lang", "fr"), version("1.10"), version("true"), version("two")]);
    }
}
