//! The front matter begins the file, between fences that every site generator knows.

use serde::Deserialize;

use crate::article::{Article, Flaw, Format, FrontMatter};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink};
use crate::text::{Span, line_break, line_end};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FrontMatterMisplaced {
    blank_lines: Permission,
    closing_dots: Permission,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Permission {
    Allow,
    Forbid,
}

impl Check for FrontMatterMisplaced {
    fn check(&self, article: &Article<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(front_matter) = &article.front_matter else { return };
        let text = article.text();
        for flaw in &front_matter.flaws {
            self.report(text, front_matter, *flaw, sink);
        }
        let closing = Span { start: front_matter.content.end, end: front_matter.span.end };
        if self.closing_dots == Permission::Forbid
            && front_matter.format == Format::Yaml
            && text[closing.range()].trim_end() == "..."
        {
            let help = "only Jekyll and Pandoc close a front matter with \"...\"";
            wrong_fence(text, front_matter, ("closing", closing), help, sink);
        }
    }
}

impl FrontMatterMisplaced {
    fn report(&self, text: &str, front_matter: &FrontMatter, flaw: Flaw, sink: &mut Sink<'_>) {
        let opening = front_matter.opening;
        match flaw {
            Flaw::Space(space) => {
                let is_indented = !text[space.range()].ends_with(['\n', '\r']);
                if is_indented {
                    sink.report(opening, "the opening fence of the front matter is indented")
                        .help("move it to the margin: Jekyll, Astro, Next, Eleventy and Docusaurus read no front matter here")
                        .fix(Fix::safe("take the space before it out", [Edit::delete(space)]));
                } else if self.blank_lines == Permission::Forbid {
                    sink.report(opening, "blank lines stand before the front matter")
                        .help("let the file begin with it: Jekyll, Next, Eleventy and Docusaurus read no front matter here")
                        .fix(Fix::safe("take the blank lines out", [Edit::delete(space)]));
                }
            }
            Flaw::Text(before) => {
                let blank = text[before.range()].len() - text[before.range()].trim_start().len();
                let start = before.start as usize + blank;
                let end = line_end(text, start);
                sink.report(Span::new(start, end), "text stands before the front matter")
                    .help("put it below, or take it out: the front matter begins the file, or is taken for text")
                    .related(opening, "the front matter begins here")
                    .fix(below(text, before, front_matter.span));
            }
            Flaw::Unopened(key) => {
                let line_end = line_break(&text[front_matter.span.range()], 0);
                sink.report(key, "the opening fence of the front matter is missing")
                    .help("put a line \"---\" before its first field: without it the fields are a heading")
                    .fix(Fix::safe("put it in", [Edit::insert(key.start, format!("---{line_end}"))]));
            }
            Flaw::Opening(fence) => {
                wrong_fence(text, front_matter, ("opening", fence), "it is taken for text otherwise", sink);
            }
            Flaw::Closing(fence) => {
                let help = "the front matter does not end here otherwise, or is taken for text";
                wrong_fence(text, front_matter, ("closing", fence), help, sink);
            }
            Flaw::Unclosed => {
                for problem in &front_matter.document.problems {
                    let finding = sink.report(problem.span, problem.message.as_str());
                    finding.help = problem.help.clone().map(Into::into);
                }
            }
        }
    }
}

fn wrong_fence(
    text: &str,
    front_matter: &FrontMatter,
    (which, line): (&str, Span),
    why: &str,
    sink: &mut Sink<'_>,
) {
    let right = if front_matter.format == Format::Toml { "+++" } else { "---" };
    let written = text[line.range()].trim();
    let message = if written == right {
        format!("the {which} fence of the front matter is indented")
    } else {
        format!("the {which} fence of the front matter is \"{written}\", not \"{right}\"")
    };
    sink.report(line, message)
        .help(format!("write \"{right}\", at the margin: {why}"))
        .fix(Fix::safe(format!("write \"{right}\""), [Edit::replace(line, right)]));
}

/// Moves the text that stands before a block behind it. Unsafe, since nobody knows what it was meant for.
fn below(text: &str, before: Span, block: Span) -> Fix {
    let lines = &text[before.range()];
    let line_end = line_break(lines, 0);
    let rest = &text[block.end as usize..];
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
    let gap = if rest.is_empty() || rest.starts_with(['\n', '\r']) { "" } else { line_end };
    let moved = format!("{line_end}{line_end}{}{gap}", lines.trim());
    Fix::r#unsafe("move the text below it", [Edit::delete(before), Edit::insert(block.end, moved)])
}
