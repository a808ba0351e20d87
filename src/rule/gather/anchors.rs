//! What a `#fragment` can lead to in an article: headings, ids that authors give, ids in HTML, footnotes.
//!
//! Rather one too many than one too few: a link to what is there must not be called broken.

use std::collections::{BTreeSet, HashSet};

use memchr::memmem;

use crate::article::body::HeadingKind;
use crate::article::{Article, Syntax};
use crate::facts::Facts;
use crate::rule::Context;
use crate::site::{Algorithm, Headline};
use crate::text::{Span, line_end, line_start};

pub(super) fn gather(article: &Article<'_>, context: &Context<'_>, facts: &mut Facts) {
    let (text, body) = (article.text(), &article.body);
    let algorithm = context.site.anchors();
    let mut anchors: BTreeSet<Box<str>> = BTreeSet::new();
    let given: Vec<Option<String>> = body
        .headings
        .iter()
        .map(|heading| {
            heading.id.clone().or_else(|| list_below(text, heading.span, body.shortcodes.as_slice()))
        })
        .collect();
    let headlines = body.headings.iter().zip(&given).map(|(heading, id)| Headline {
        text: &heading.text,
        written: &text[heading.text_span.range()],
        id: id.as_deref(),
        is_html: heading.kind == HeadingKind::Html,
    });
    // Of a site of which nothing is known, it may be Hugo that makes it.
    let takes_terms = !context.site.knows_routes() || has_terms(algorithm);
    let terms = if takes_terms { terms(&text[body.span.range()]) } else { Vec::new() };
    let terms = terms.iter().map(|term| Headline { text: term, written: term, id: None, is_html: false });
    anchors.extend(algorithm.ids(headlines.chain(terms)).into_iter().flatten());
    anchors.extend(body.anchors.iter().map(|anchor| Box::from(anchor.id.as_str())));
    let hidden = body.shortcodes.iter().chain(&body.jsx).chain(&body.expressions);
    for span in hidden {
        attributes(&text[span.range()], &mut anchors);
    }
    braces(&text[body.span.range()], &mut anchors);
    for (number, footnote) in body.footnote_definitions.iter().enumerate() {
        anchors.extend(footnotes(algorithm, number + 1, &footnote.label));
    }
    anchors.remove("");
    facts.anchors = anchors.into_iter().collect();
    facts.has_more_anchors = has_more(article, &given);
}

/// Whether a generator gives ids to the terms of definition lists.
fn has_terms(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::Hugo | Algorithm::HugoAscii | Algorithm::Blackfriday)
}

/// The terms of definition lists, which get ids behind all headings where Hugo is told so (`autoDefinitionTermID`):
/// <https://gohugo.io/configuration/markup/#parserautodefinitiontermid>. A term is a line above one that begins with `: `.
fn terms(body: &str) -> Vec<&str> {
    let mut terms: Vec<&str> = Vec::new();
    // The lines of the paragraph above, and whether a blank line ended it.
    let (mut above, mut has_ended) = (Vec::new(), false);
    for line in body.lines().map(str::trim) {
        if line.starts_with(": ") || line.starts_with(":\t") {
            terms.append(&mut above);
        } else if line.is_empty() {
            has_ended = true;
        } else {
            if std::mem::take(&mut has_ended) {
                above.clear();
            }
            above.push(line);
        }
    }
    terms
}

/// The id in an attribute list of kramdown on the line below a heading.
fn list_below(text: &str, heading: Span, shortcodes: &[Span]) -> Option<String> {
    let next = shortcodes.partition_point(|span| span.start < heading.end);
    let list = shortcodes.get(next)?;
    let gap = &text[heading.end as usize..list.start as usize];
    let is_next = gap.trim().is_empty() && gap.matches('\n').count() == 1;
    let list = text[list.range()].strip_prefix("{:").filter(|_| is_next)?;
    let mut parts = list.trim_end_matches('}').split_whitespace();
    parts.find_map(|part| part.strip_prefix('#')).map(str::to_owned)
}

/// The ids in tags and shortcodes that the parser does not see: `id="door"`, `name='door'`, `{: #door }`.
fn attributes(hidden: &str, anchors: &mut BTreeSet<Box<str>>) {
    for name in ["id", "name"] {
        for at in memmem::find_iter(hidden.as_bytes(), name.as_bytes()) {
            let is_word = !hidden[..at]
                .ends_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
            let value = hidden[at + name.len()..].trim_start().strip_prefix('=').map(str::trim_start);
            let Some(value) = value.filter(|_| is_word) else { continue };
            let quoted =
                ['"', '\'', '`'].into_iter().find_map(|quote| value.strip_prefix(quote)?.split_once(quote));
            anchors.extend(quoted.map(|(id, _)| Box::from(id.trim())));
        }
    }
    if let Some(list) = hidden.strip_prefix("{:") {
        let parts = list.trim_end_matches('}').split_whitespace();
        anchors.extend(parts.filter_map(|part| part.strip_prefix('#')).map(Box::from));
    }
}

/// The ids in braces, wherever they stand: Hugo gives them to tables and paragraphs, too, and newer Docusaurus has them in
/// comments, `{/* #door */}`.
fn braces(body: &str, anchors: &mut BTreeSet<Box<str>>) {
    for opening in ["{#", "{/* #", "{/*#"] {
        for at in memmem::find_iter(body.as_bytes(), opening.as_bytes()) {
            let rest = &body[at + opening.len()..];
            let end = rest
                .find(|letter: char| letter.is_whitespace() || matches!(letter, '}' | '{' | '*'))
                .unwrap_or(0);
            anchors.extend(Some(&rest[..end]).filter(|id| !id.is_empty()).map(Box::from));
        }
    }
}

/// The ids of a footnote and of the first place that refers to it: goldmark counts, kramdown and GitHub take the label.
fn footnotes(algorithm: Algorithm, number: usize, label: &str) -> Vec<Box<str>> {
    let ids = match algorithm {
        Algorithm::Hugo | Algorithm::HugoAscii | Algorithm::Blackfriday => {
            vec![format!("fn:{number}"), format!("fnref:{number}")]
        }
        Algorithm::Kramdown | Algorithm::KramdownGfm => vec![format!("fn:{label}"), format!("fnref:{label}")],
        Algorithm::GitHub | Algorithm::Docusaurus => {
            let label = label.to_lowercase();
            ["user-content-fn-", "user-content-fnref-", "fn-", "fnref-"]
                .map(|head| format!("{head}{label}"))
                .into()
        }
    };
    ids.into_iter().map(Box::from).collect()
}

/// Parts of the names of templates that put other texts into a page.
const INCLUDES: [&str; 9] =
    ["include", "render", "readfile", "snippet", "partial", "import", "embed", "markdown", "content"];

/// Whether templates make headings or ids that are not known.
fn has_more(article: &Article<'_>, given: &[Option<String>]) -> bool {
    let (text, body) = (article.text(), &article.body);
    let within = |masks: &[Span], span: Span, is_one: &dyn Fn(&str) -> bool| {
        let next = masks.partition_point(|mask| mask.end <= span.start);
        let mut masks = masks[next..].iter().take_while(|mask| mask.start < span.end);
        masks.any(|mask| is_one(&text[mask.range()]))
    };
    let is_made = |span: Span| {
        within(&body.shortcodes, span, &|mask| !mask.starts_with("{:"))
            || within(&body.expressions, span, &|mask| !mask.starts_with("{/*"))
    };
    let closed: HashSet<&str> =
        body.shortcodes.iter().filter_map(|span| name(&text[span.range()])?.strip_prefix('/')).collect();
    let mut headings = body.headings.iter().zip(given);
    headings.any(|(heading, id)| id.is_none() && is_made(heading.text_span))
        || body.anchors.iter().any(|anchor| is_made(anchor.span))
        || body.shortcodes.iter().any(|span| puts_in(text, *span, &closed))
        || (body.syntax == Syntax::Mdx
            && body.expressions.iter().any(|span| imports_text(&text[span.range()])))
}

/// Whether a template puts in what may have headings: one that includes another file, a shortcode whose text is Markdown
/// (`{{% … %}}`), or a value that stands alone on its line. What stands between two tags is read as everything else.
fn puts_in(text: &str, span: Span, closed: &HashSet<&str>) -> bool {
    let template = &text[span.range()];
    let Some(name) = name(template).filter(|name| !name.starts_with('/')) else { return false };
    let is_value = template.starts_with("{{") && !template[2..].starts_with(['<', '%']);
    if INCLUDES.iter().any(|part| name.contains(part)) {
        return true;
    }
    if is_value {
        let line = Span::new(line_start(text, span.start as usize), line_end(text, span.end as usize));
        return text[line.range()].trim().len() == template.len();
    }
    template.starts_with("{{%") && !closed.contains(name)
}

/// The name of a template, with the slash of a closing tag.
fn name(template: &str) -> Option<&str> {
    let inner = template.strip_prefix("{{").or_else(|| template.strip_prefix("{%"))?;
    let inner = inner.trim_start_matches(['<', '%', '-']).trim_start();
    let end = inner.find(|letter: char| letter.is_whitespace() || matches!(letter, '(' | '>' | '%' | '}'));
    Some(&inner[..end.unwrap_or(inner.len())])
}

/// Whether an import brings in Markdown: `import Part from './_part.mdx'`.
fn imports_text(import: &str) -> bool {
    let is_import = import.starts_with("import ");
    is_import && [".md'", ".md\"", ".mdx'", ".mdx\""].iter().any(|end| import.contains(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Roles;
    use crate::site::{Preset, Site};
    use crate::text::Source;

    fn gathered(preset: Preset, path: &str, text: &str) -> (Vec<String>, bool) {
        let source = Source::new(path, text.as_bytes().to_vec());
        let (roles, site) = (Roles::default(), Site::of(preset));
        let mut facts = Facts::default();
        gather(&Article::parse(&source), &Context { site: &site, ..Context::new(&roles) }, &mut facts);
        (facts.anchors.into_vec().into_iter().map(String::from).collect(), facts.has_more_anchors)
    }

    #[test]
    fn every_place_that_a_fragment_leads_to_is_known() {
        for (preset, path, text, expected) in [
            (
                Preset::None,
                "a.md",
                "# Oak & ash\n\n## `code` [link](/a)\n\n## Oak & ash\n",
                &["code-link", "oak--ash", "oak--ash-1"][..],
            ),
            (Preset::Hugo, "a.md", "## `code` [link](/a)\n\nDoor\n====\n", &["code-linka", "door"]),
            (Preset::Hugo, "a.md", "## Door {#gate}\n\nA[^1].\n\n[^1]: B\n", &["fn:1", "fnref:1", "gate"]),
            (
                Preset::Hugo,
                "a.md",
                "## Door\n\nText.\n\nDoor\n`gate` [a]\n\n: A way in.\n: B\n\nText.\n",
                &["door", "door-1", "gate-a"],
            ),
            (Preset::Hugo, "a.md", "| a |\n|---|\n{#table .x}\n", &["table"]),
            (Preset::Jekyll, "a.md", "## Door\n{: #gate .x}\n\nText\n{:#part}\n", &["gate", "part"]),
            (
                Preset::Jekyll,
                "a.md",
                "## 1. Door's `a_b`\n\nA[^n].\n\n[^n]: B\n",
                &["1-doors-a_b", "fn:n", "fnref:n"],
            ),
            (
                Preset::Docusaurus,
                "a.mdx",
                "## Door {#gate}\n\n<Part id=\"part\">\n\nA\n\n</Part>\n",
                &["gate", "part"],
            ),
            (
                Preset::None,
                "a.md",
                "<a id=\"x\" name=\"y\"></a>\n\n<h2>Door</h2>\n<p id='z'>A</p>\n",
                &["door", "x", "y", "z"],
            ),
            (Preset::Hugo, "a.md", "{{< anchor id=\"x\" >}}\n\n<h2>Door</h2>\n", &["x"]),
            (Preset::None, "a.md", "No headings.\n", &[]),
        ] {
            assert_eq!(
                gathered(preset, path, text),
                (expected.iter().map(|id| (*id).to_owned()).collect(), false),
                "{text}"
            );
        }
    }

    #[test]
    fn where_templates_make_ids_there_may_be_more() {
        for (path, text) in [
            ("a.md", "## The {{ site.title }} door\n"),
            ("a.md", "{% include door.md %}\n"),
            ("a.md", "{{< readfile \"door.md\" >}}\n"),
            ("a.md", "{{% glossary %}}\n"),
            ("a.md", "A\n\n{{ content }}\n"),
            ("a.md", "<a id=\"{{ door }}\"></a>\n"),
            ("a.mdx", "import Door from './_door.mdx';\n\n<Door />\n"),
            ("a.mdx", "## The {door}\n"),
        ] {
            assert!(gathered(Preset::Hugo, path, text).1, "{text}");
        }
        for (path, text) in [
            ("a.md", "## Door {#gate}\n\n## Gate\n{: .x}\n"),
            ("a.md", "The {{ site.title }} door.\n\n{{< note >}}\nA\n{{< /note >}}\n"),
            ("a.md", "{{% note %}}\n## Door\n{{% /note %}}\n"),
            ("a.mdx", "import Door from './door.js';\n\n<Door />\n"),
        ] {
            assert!(!gathered(Preset::Hugo, path, text).1, "{text}");
        }
    }
}
