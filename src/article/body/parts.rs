//! What a body is made of: plain records with spans.

use super::place::Place;
use crate::text::Span;

/// How a heading is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingKind {
    /// `## Text`
    Atx,
    /// Text over a line of `=` or `-`.
    Setext,
    /// `<h2>Text</h2>`
    Html,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The whole heading, without the line end.
    pub span: Span,
    /// 1 to 6.
    pub level: u8,
    /// The `##`, the underline, or the `h2` of the opening tag.
    pub marker: Span,
    /// What the reader sees: entities resolved, code and alternative texts included. Templates stand as written.
    pub text: String,
    /// The bytes of the text, without markers and attributes.
    pub text_span: Span,
    /// How it is written.
    pub kind: HeadingKind,
    /// The id that the author gave: `{#id}` or `id="…"`.
    pub id: Option<String>,
    /// Surroundings: a heading in a list item or block quote is not part of the outline.
    pub place: Place,
}

/// How a link or an image is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `[text](url)`
    Inline,
    /// `[text][label]`, `[label][]` or `[label]`
    Reference,
    /// `<url>`
    Autolink,
    /// `<a href>` or `<img>`
    Html,
}

/// A link with a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The whole link.
    pub span: Span,
    /// What the reader sees; as [`Heading::text`].
    pub text: String,
    /// The bytes of the text: between the brackets or the tags.
    pub text_span: Span,
    /// The destination, escapes and entities resolved; as written where it holds a template.
    pub url: String,
    /// The bytes of the destination, without `<>` or quotes. A reference has none: see `definition`.
    pub url_span: Option<Span>,
    /// The title.
    pub title: Option<String>,
    /// How it is written.
    pub form: Form,
    /// The bytes of a reference's label, without brackets.
    pub label_span: Option<Span>,
    /// Where a reference leads: the index in [`Body::definitions`](super::Body::definitions).
    pub definition: Option<usize>,
    /// Surroundings.
    pub place: Place,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The whole image.
    pub span: Span,
    /// The alternative text as plain text; `None` for an `<img>` without the attribute.
    pub alt: Option<String>,
    /// The bytes of the alternative text; empty between empty brackets or quotes.
    pub alt_span: Option<Span>,
    /// The address, as [`Link::url`]; empty for an `<img>` without `src`.
    pub url: String,
    /// The bytes of the address, as [`Link::url_span`].
    pub url_span: Option<Span>,
    /// The title.
    pub title: Option<String>,
    /// How it is written.
    pub form: Form,
    /// The bytes of a reference's label, without brackets.
    pub label_span: Option<Span>,
    /// Where a reference leads, as [`Link::definition`].
    pub definition: Option<usize>,
    /// Whether an `<img>` says that it is decoration: `role="presentation"`, `role="none"`, `aria-hidden="true"`.
    pub decorative: bool,
    /// Surroundings.
    pub place: Place,
}

/// The definition of a link reference: `[label]: url "title"`. Of two with one label, the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The whole definition.
    pub span: Span,
    /// The label.
    pub label: String,
    /// The bytes of the label, without brackets.
    pub label_span: Span,
    /// The destination.
    pub url: String,
    /// The bytes of the destination.
    pub url_span: Option<Span>,
    /// The title.
    pub title: Option<String>,
}

/// Brackets that would be a reference link if their label were defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The brackets.
    pub span: Span,
    /// The label.
    pub label: String,
    /// Whether it is `[label]` alone, which is most often just text in brackets.
    pub shortcut: bool,
}

/// A footnote's definition or a reference to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// The whole definition, or `[^label]`.
    pub span: Span,
    /// The label.
    pub label: String,
    /// The bytes of the label, without `[^` and `]`.
    pub label_span: Span,
}

/// A place that a `#fragment` can lead to: an HTML tag with `id`, or `<a name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The bytes of the value.
    pub span: Span,
    /// The id.
    pub id: String,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The whole table.
    pub span: Span,
    /// Cells of the header row.
    pub columns: usize,
    /// Rows below the header.
    pub rows: usize,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The whole block, fences included.
    pub span: Span,
    /// The bytes between the fences.
    pub content: Span,
    /// Whether it has fences; otherwise it is indented.
    pub fenced: bool,
    /// The first word of the info string; empty behind a fence that names no language.
    pub language: Option<Span>,
    /// Surroundings.
    pub place: Place,
}

/// Raw HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Html {
    /// A block, or one tag within text.
    pub span: Span,
    /// Whether it is a block.
    pub block: bool,
}

/// `<!-- … -->`, in a block of HTML or within text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment.
    pub span: Span,
    /// What stands between the dashes.
    pub content: Span,
}

/// A paragraph, the text of a tight list item, or a table cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// From the first to the last byte of its text.
    pub span: Span,
    /// Surroundings.
    pub place: Place,
}

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// The whole list.
    pub span: Span,
    /// Whether its items are numbered.
    pub ordered: bool,
    /// How many items it has, those of inner lists not counted.
    pub items: usize,
    /// Surroundings.
    pub place: Place,
}

/// A piece of text that the reader sees, on one line and with the same surroundings throughout. Neighbours in one
/// paragraph may touch: markup, an escape or an entity ends a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRun {
    /// The bytes.
    pub span: Span,
    /// The text where it is not what the bytes say: a resolved entity.
    pub resolved: Option<Box<str>>,
    /// Surroundings.
    pub place: Place,
}

impl TextRun {
    /// The text; `file` is the text of the whole file.
    #[must_use]
    pub fn text<'a>(&'a self, file: &'a str) -> &'a str {
        self.resolved.as_deref().unwrap_or_else(|| &file[self.span.range()])
    }
}
