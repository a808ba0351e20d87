//! Findings for people: each with the lines it is about, drawn by miette.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity};

use super::excerpt::{Cut, Excerpt, Mark};
use super::texts::{Texts, fits};
use super::{Options, visible};
use crate::finding::{Finding, Fix, Level, Related, Safety};
use crate::mistake::Mistake;
use crate::text::{Source, Span};
use crate::triage::Standing;

/// How many related places are drawn; the others are counted. A title that a thousand articles share would
/// otherwise fill a million frames.
const RELATED: usize = 5;

/// Draws findings and mistakes.
pub(super) struct Painter<'a> {
    options: &'a Options<'a>,
    handler: GraphicalReportHandler,
    cut: Cut,
}

/// How many lines above a finding a related place may stand to share its frame.
const NEAR: usize = 2;

impl<'a> Painter<'a> {
    pub(super) fn new(options: &'a Options<'a>) -> Self {
        let theme = match (options.unicode, options.color) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => GraphicalTheme::ascii(),
            (false, false) => GraphicalTheme::none(),
        };
        let width = options.width.max(40);
        // The empty text makes the rule's id itself the link.
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_links(true)
            .with_link_display_text("")
            .without_syntax_highlighting();
        // Room for line numbers and the gutter: a line that wraps would no longer stand over its marks.
        let cells = width.saturating_sub(12).clamp(40, 240);
        Self {
            options,
            handler,
            cut: Cut { context: 1, cells, ellipsis: if options.unicode { "…" } else { "..." } },
        }
    }

    /// A finding, its related places and an empty line.
    pub(super) fn finding(&self, finding: &Finding, standing: Standing<'_>, texts: &mut Texts<'_>) -> String {
        let source = texts.current(&finding.path);
        let shown = &finding.related[..finding.related.len().min(RELATED)];
        // The head of a frame names its first mark, and a click on it should lead to the finding: what stands well above
        // has a frame of its own, behind that of the finding.
        let joins = |related: &&Related| {
            let Some(source) = source.as_ref().filter(|_| related.path == finding.path) else { return false };
            let line = |span: Span| source.lines().line_of(span.start);
            fits(source, finding.span)
                && fits(source, related.span)
                && line(finding.span) <= line(related.span) + NEAR
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = shown.iter().partition(joins);

        let mark = super::mark(standing);
        let level = if mark.is_some() { Level::Info } else { finding.level };
        let mut main = Notice::new(severity(level), &finding.message);
        main.code = Some(visible::line(&finding.rule).into_owned());
        if self.options.links {
            main.url = (self.options.rule_url)(&finding.rule).map(|url| visible::line(&url).into_owned());
        }
        let mut marked = vec![(finding.span, None)];
        marked.extend(here.iter().map(|related| (related.span, Some(&*related.text))));
        self.frame(&mut main, &finding.path, source.as_deref(), &marked);

        let mut notices = vec![main];
        for related in elsewhere {
            let mut notice = Notice::new(Severity::Advice, &related.text);
            let source = texts.other(&related.path);
            self.frame(&mut notice, &related.path, source.as_deref(), &[(related.span, None)]);
            notices.push(notice);
        }
        if let Some(last) = notices.last_mut() {
            last.help = mark.or_else(|| advice(finding));
        }
        self.draw(&notices)
    }

    /// A mistake in the set-up and an empty line.
    pub(super) fn mistake(&self, mistake: &Mistake, level: Level) -> String {
        let mut notice = Notice::new(severity(level), &mistake.message);
        notice.help = mistake.help.as_deref().map(|help| visible::lines(help).into_owned());
        if let Some((source, span)) = &mistake.place {
            self.frame(&mut notice, source.path(), Some(source), &[(*span, None)]);
        }
        self.draw(&[notice])
    }

    /// Gives the notice a frame with these marks, the first of them the main one; or says why there is none.
    fn frame(
        &self,
        notice: &mut Notice,
        path: &str,
        source: Option<&Source>,
        marked: &[(Span, Option<&str>)],
    ) {
        let Some(source) = source else {
            return notice.place(path, ", which cannot be read any more");
        };
        if !marked.iter().all(|(span, _)| fits(source, *span)) {
            return notice.place(path, ", which has changed since it was checked");
        }
        let spans: Vec<_> = marked.iter().map(|(span, _)| *span).collect();
        let (excerpt, marks) = Excerpt::new(source, &spans, self.cut);
        let label = |(at, (mark, (_, text))): (usize, (Mark, &(Span, Option<&str>)))| {
            let text = match (text.map(visible::line), mark.goes_on_to) {
                (None, None) => None,
                (Some(text), None) => Some(text.into_owned()),
                (None, Some(line)) => Some(format!("goes on to line {line}")),
                (Some(text), Some(line)) => Some(format!("{text} (goes on to line {line})")),
            };
            if at == 0 {
                LabeledSpan::new_primary_with_span(text, mark.range)
            } else {
                LabeledSpan::new_with_span(text, mark.range)
            }
        };
        notice.labels = marks.into_iter().zip(marked).enumerate().map(label).collect();
        notice.excerpt = Some(excerpt);
    }

    fn draw(&self, notices: &[Notice]) -> String {
        let mut text = String::new();
        for notice in notices {
            self.handler
                .render_report(&mut text, notice)
                .expect("a String takes all, and each mark has its line");
        }
        text.push('\n');
        text
    }
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Advice,
    }
}

/// What to do: the help, what the fix would do, and how many related places were left out.
fn advice(finding: &Finding) -> Option<String> {
    let mut lines: Vec<String> = finding.help.iter().map(|help| visible::lines(help).into_owned()).collect();
    if let Some(Fix { title, safety, .. }) = &finding.fix {
        let safety = if *safety == Safety::Safe { "safe" } else { "unsafe" };
        lines.push(format!("{} ({safety} fix)", visible::line(title)));
    }
    match finding.related.len().saturating_sub(RELATED) {
        0 => {}
        1 => lines.push("1 more related place is not shown".to_owned()),
        more => lines.push(format!("{more} more related places are not shown")),
    }
    if lines.is_empty() { None } else { Some(lines.join("\n")) }
}

/// What miette draws: a message and perhaps a frame.
#[derive(Debug)]
struct Notice {
    severity: Severity,
    code: Option<String>,
    url: Option<String>,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    excerpt: Option<Excerpt>,
}

impl Notice {
    fn new(severity: Severity, message: &str) -> Self {
        let message = visible::line(message).into_owned();
        Self { severity, code: None, url: None, message, help: None, labels: Vec::new(), excerpt: None }
    }

    /// Names the file in a notice that has no frame.
    fn place(&mut self, path: &str, why: &str) {
        self.message = format!("{}\nin {}{why}", self.message, visible::line(path));
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Notice {}

impl Diagnostic for Notice {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code.as_ref()?))
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.url.as_ref()?))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.help.as_ref()?))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.excerpt.as_ref()?)
    }
}
