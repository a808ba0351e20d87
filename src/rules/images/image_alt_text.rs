//! An alternative text says what the image shows, and not that it is an image.

use serde::Deserialize;

use crate::article::{Article, Role};
use crate::finding::{Edit, Fix};
use crate::rule::{Check, Context, Sink, address, scalar};
use crate::text::Span;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ImageAltText {
    prefixes: Vec<String>,
}

/// Ends of the names of pictures.
const PICTURES: [&str; 10] =
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff"];

/// Names that cameras and telephones give: these letters, and then digits.
const CAMERAS: [&str; 8] = ["IMG", "DSC", "DSCN", "DSCF", "PXL", "DCIM", "MVIMG", "GOPR"];

/// Words behind "picture of the" that make a name of it.
const PERIODS: [&str; 5] = ["the day", "the week", "the month", "the year", "the moment"];

impl Check for ImageAltText {
    fn check(&self, article: &Article<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let sound = article.front_matter.as_ref().filter(|front_matter| front_matter.is_sound());
        let title =
            sound.and_then(|_| context.roles.text(article, Role::Title)).map(|(title, _)| title.trim());
        let hero = sound.and_then(|_| context.roles.text(article, Role::ImageAlt));
        if let Some((alt, node)) = hero.filter(|(alt, _)| !scalar::is_template(alt)) {
            let url = context.roles.text(article, Role::Image).map_or("", |(url, _)| url);
            self.judge(article.text(), (alt, node.span, url), title, sink);
        }
        for image in &article.body.images {
            let (Some(alt), Some(span)) = (&image.alt, image.alt_span) else { continue };
            if !article.body.is_templated(span) && !alt.starts_with('{') {
                self.judge(article.text(), (alt, span, &image.url), title, sink);
            }
        }
    }
}

impl ImageAltText {
    fn judge(&self, text: &str, image: (&str, Span, &str), title: Option<&str>, sink: &mut Sink<'_>) {
        let (alt, span, url) = (image.0.trim(), image.1, image.2);
        if alt.is_empty() {
            return;
        }
        if let Some(prefix) = self.prefix(alt) {
            sink.report(span, format!("the alternative text begins with \"{}\"", &alt[..prefix]))
                .help("a screen reader says that it is an image: begin with what it shows")
                .fix = fix(text, span, alt, prefix);
        } else if is_file_name(alt, url) {
            sink.report(span, format!("the alternative text is a file name: \"{alt}\""))
                .help("write what the image shows");
        } else if title.is_some_and(|title| title.eq_ignore_ascii_case(alt) && !is_name(title)) {
            sink.report(span, "the alternative text repeats the title of the article")
                .help("write what the image shows: the title has been read out already");
        }
    }

    /// How long the beginning is that says "image of".
    fn prefix(&self, alt: &str) -> Option<usize> {
        let article = ["a ", "an "].into_iter().find_map(|article| address::strip_prefix(alt, article));
        let rest = article.unwrap_or(alt);
        let behind = self.prefixes.iter().find_map(|prefix| address::strip_prefix(rest, prefix))?;
        // "Picture of the day" is what it is called.
        let is_name =
            PERIODS.iter().any(|period| address::strip_prefix(behind.trim_start(), period).is_some());
        let is_whole = behind.starts_with(char::is_whitespace) && !behind.trim_start().is_empty();
        (is_whole && !is_name).then_some(alt.len() - behind.len())
    }
}

/// Whether a title is one word, which can be the name of the very thing that is shown, as a logo has it. Scripts without
/// spaces write sentences so.
fn is_name(title: &str) -> bool {
    title.is_ascii() && !title.contains(' ')
}

/// Takes the beginning away where the rest can stand alone: it begins with a letter, and it is more than a word, which
/// in a front matter could be read as something else than text.
fn fix(text: &str, span: Span, alt: &str, prefix: usize) -> Option<Fix> {
    let written = &text[span.range()];
    let inside = written.trim_start_matches(['"', '\'']).trim_start();
    let rest = address::strip_prefix(inside, &alt[..prefix])?.trim_start();
    let word = rest.split(char::is_whitespace).next().filter(|word| word.len() < rest.len())?;
    let first = rest.chars().next().filter(|first| first.is_alphabetic())?;
    // Neither "iPhone" nor "npm's" second letter says how it begins a sentence: the first is left alone.
    let has_capital = word.chars().skip(1).any(char::is_uppercase);
    let capital: String = if alt.starts_with(char::is_uppercase) && !has_capital {
        first.to_uppercase().collect()
    } else {
        first.to_string()
    };
    let start = span.start as usize + (written.len() - inside.len());
    let end = span.end as usize - rest.len() + first.len_utf8();
    let title = format!("take \"{}\" away", &alt[..prefix]);
    Some(Fix::safe(title, [Edit::replace(Span::new(start, end), capital)]))
}

/// Whether a text is the name of a picture's file: `door.jpg`, `IMG_1234`, or the name of this very file, where that is
/// written as no word is.
fn is_file_name(alt: &str, url: &str) -> bool {
    if alt.contains(char::is_whitespace) {
        return false;
    }
    let ends = |end: &&str| {
        alt.len() > end.len() && alt.as_bytes()[alt.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    };
    let digits = alt.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let is_number =
        digits.len() > 2 && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    let camera = &alt[..alt.len() - digits.len()];
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rfind('.').map_or(name, |at| &name[..at]);
    PICTURES.iter().any(ends)
        || (is_number && CAMERAS.iter().any(|known| known.eq_ignore_ascii_case(camera)))
        || (stem == alt && (alt.contains('_') || alt.matches('-').count() > 1))
}
