//! Patterns of addresses, as in `/posts/{year}/{slug}/`, and what stands in their holes.

use super::address::{encode, joined, segments};
use super::glob::Glob;
use super::preset::Preset;
use super::{Page, spelling};

/// Which files stand where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// The files, by their paths from the folder of the site.
    pub files: Glob,
    /// Where they stand.
    pub pattern: Pattern,
}

/// An address with holes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    written: Box<str>,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Text(Box<str>),
    Hole(Hole),
    /// A field of the front matter, by its dotted path.
    Field(Box<str>),
}

/// What a hole stands for; [`HOLES`] has the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Hole {
    Slug,
    Name,
    Stem,
    Path,
    DatedPath,
    Parent,
    Folder,
    At,
    Section,
    Title,
    Categories,
    Year,
    Month,
    Day,
}

/// The names of holes, each with what stands in it: the manual shows them.
const HOLES: [(&str, Hole, &str); 14] = [
    ("slug", Hole::Slug, "the slug; without one, the name of the file less the date before it"),
    ("name", Hole::Name, "the slug; without one, the name of the file"),
    ("stem", Hole::Stem, "the name of the file; of an index, that of its folder"),
    ("path", Hole::Path, "the path below the content folder, without its ending or `index`"),
    ("dated-path", Hole::DatedPath, "the same, a date in it as folders in front: `2024/01/02/door`"),
    ("parent", Hole::Parent, "`{path}` without its last part"),
    ("folder", Hole::Folder, "the folder of the file, below the content folder"),
    ("at", Hole::At, "where the content folder stands"),
    ("section", Hole::Section, "the first folder below the content folder"),
    ("title", Hole::Title, "the title as a slug"),
    ("categories", Hole::Categories, "the categories, one below the other"),
    ("year", Hole::Year, "of the date, or of the date in the name of the file"),
    ("month", Hole::Month, "the same, with two digits"),
    ("day", Hole::Day, "the same, with two digits"),
];

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What, to be put behind the pattern in a sentence.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl Route {
    /// One of ours.
    pub(super) fn known((files, pattern): (&str, &str)) -> Self {
        let pattern = Pattern::read(pattern).expect("a test builds all presets");
        Self { files: Glob::known(files), pattern }
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(written: &str) -> Result<Self, Wrong> {
        let wrong = |what: &str, help: &str| Wrong { what: what.to_owned(), help: help.to_owned() };
        if !written.starts_with('/') {
            return Err(wrong(
                "does not begin with a slash",
                "write the path behind the host, as in `/posts/{slug}/`",
            ));
        }
        if written.contains(['?', '#']) {
            return Err(wrong("has a query or a fragment", "write the path alone, as in `/posts/{slug}/`"));
        }
        let mut pieces = Vec::new();
        let mut rest = written;
        while let Some((text, behind)) = rest.split_once('{') {
            let Some((name, after)) = behind.split_once('}') else {
                return Err(wrong("has a `{` without its `}`", "close it, as in `{slug}`"));
            };
            pieces.push(Piece::Text(text.into()));
            pieces.push(hole(name)?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.into()));
        if pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('}'))) {
            return Err(wrong("has a `}` without its `{`", "open it, as in `{slug}`"));
        }
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Ok(Self { written: written.into(), pieces })
    }

    /// Reads an address of a front matter with holes as Jekyll and Hugo write them, `/:year/:title/`; `None` where one of
    /// them is not known here. The names are those of <https://jekyllrb.com/docs/permalinks/> and
    /// <https://gohugo.io/configuration/permalinks/#tokens>.
    pub(super) fn with_colons(written: &str, preset: Preset) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = written;
        while let Some((text, behind)) = rest.split_once(':') {
            let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            let (name, after) = behind.split_at(end.unwrap_or(behind.len()));
            pieces.push(Piece::Text(text.into()));
            pieces.push(match (name, preset) {
                ("title", Preset::Jekyll) | ("slug", _) => Piece::Hole(Hole::Slug),
                ("title", _) => Piece::Hole(Hole::Title),
                ("slugorfilename" | "slugorcontentbasename", _) => Piece::Hole(Hole::Name),
                ("name" | "basename" | "filename" | "contentbasename", _) => Piece::Hole(Hole::Stem),
                ("path", _) => Piece::Hole(Hole::Path),
                ("sections", _) => Piece::Hole(Hole::Parent),
                ("section", _) => Piece::Hole(Hole::Section),
                ("collection", _) => Piece::Hole(Hole::At),
                ("categories", _) => Piece::Hole(Hole::Categories),
                ("year", _) => Piece::Hole(Hole::Year),
                ("month", _) => Piece::Hole(Hole::Month),
                ("day", _) => Piece::Hole(Hole::Day),
                ("output_ext", _) => Piece::Text(".html".into()),
                _ => return None,
            });
            rest = after;
        }
        pieces.push(Piece::Text(rest.into()));
        Some(Self { written: written.into(), pieces })
    }

    /// As it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The names that may stand between braces, each with what it means.
    pub fn holes() -> impl Iterator<Item = (&'static str, &'static str)> {
        HOLES.iter().map(|(name, _, meaning)| (*name, *meaning))
    }

    /// The address of a file; `None` where something has no value.
    pub(super) fn fill(&self, values: &Values<'_>) -> Option<Box<str>> {
        let mut path = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Hole(hole) => path.push_str(&encode(&values.of(*hole)?)),
                Piece::Field(field) => {
                    let value = (values.page.fields)(field).into_iter().next()?;
                    let value = value.trim();
                    if value.is_empty() {
                        return None;
                    }
                    // Docusaurus and Hugo alike: it counts from where the folder stands.
                    if value.starts_with('/') {
                        path = format!("/{}", values.at);
                    }
                    path.push_str(&encode(&spelling::field(values.preset, value)));
                }
            }
        }
        let has_slash = path.ends_with('/');
        let mut path = String::from(joined(&segments(&path)));
        if has_slash && path != "/" {
            path.push('/');
        }
        Some(path.into())
    }
}

fn hole(name: &str) -> Result<Piece, Wrong> {
    if let Some(field) = name.strip_prefix('.') {
        if field.split('.').all(|part| !part.is_empty()) {
            return Ok(Piece::Field(field.into()));
        }
        let what = format!("has \"{{{name}}}\", which names no field");
        let help = "write the path of a field behind the dot, as in `{.seo.slug}`".to_owned();
        return Err(Wrong { what, help });
    }
    let known = HOLES.iter().find(|(known, ..)| *known == name);
    known.map(|(_, hole, _)| Piece::Hole(*hole)).ok_or_else(|| {
        let names: Vec<&str> = HOLES.iter().map(|(name, ..)| *name).collect();
        let help = match crate::schema::nearest(name, names.iter().copied()) {
            Some(near) => format!(
                "did you mean \"{{{near}}}\"? a field of the front matter has a dot in front: `{{.{name}}}`"
            ),
            None => format!(
                "there are {}; a field of the front matter has a dot in front: `{{.{name}}}`",
                names.join(", ")
            ),
        };
        Wrong { what: format!("has \"{{{name}}}\", which is not known"), help }
    })
}

/// What a file has to fill a pattern with.
pub(super) struct Values<'a> {
    pub(super) preset: Preset,
    pub(super) page: &'a Page<'a>,
    /// Where its content folder stands, without slashes at the ends.
    pub(super) at: String,
    /// The parts of its path below the content folder, an index left out.
    pub(super) parts: Vec<&'a str>,
    /// The same as they stand in addresses.
    pub(super) spelled: Vec<String>,
    /// How many of its parts are folders that it lies in.
    pub(super) depth: usize,
}

impl Values<'_> {
    fn of(&self, hole: Hole) -> Option<String> {
        let below = |count: usize| {
            let parts = &self.spelled[..count.min(self.spelled.len())];
            [self.at.as_str(), &parts.join("/")].join("/").trim_matches('/').to_owned()
        };
        let stem = self.parts.last().copied().unwrap_or_default();
        let word = |text: &str| spelling::word(self.preset, text);
        let date = || self.page.date.or_else(|| dated(stem).map(|(date, _)| date));
        let slug = || self.page.slug.map(str::trim).filter(|slug| !slug.is_empty());
        match hole {
            Hole::Slug => Some(match slug() {
                Some(slug) => word(slug),
                None => word(dated(stem).map_or(stem, |(_, rest)| rest)),
            }),
            Hole::Name => Some(slug().map_or_else(|| self.spelled.last().cloned().unwrap_or_default(), word)),
            Hole::Stem => Some(self.spelled.last().cloned().unwrap_or_default()),
            Hole::Path => Some(below(self.spelled.len())),
            Hole::DatedPath => Some(format!("{}/{}", self.at, dated_path(&self.parts.join("/")))),
            Hole::Parent => Some(below(self.spelled.len().saturating_sub(1))),
            Hole::Folder => Some(below(self.depth)),
            Hole::At => Some(self.at.clone()),
            Hole::Section => {
                Some(self.spelled.first().filter(|_| self.depth > 0).cloned().unwrap_or_default())
            }
            Hole::Title => self.page.title.map(|title| spelling::title(self.preset, title)),
            Hole::Categories => Some(self.categories()),
            Hole::Year => date().map(|(year, ..)| format!("{year:04}")),
            Hole::Month => date().map(|(_, month, _)| format!("{month:02}")),
            Hole::Day => date().map(|(.., day)| format!("{day:02}")),
        }
    }

    fn categories(&self) -> String {
        let mut all: Vec<String> = Vec::new();
        // In Jekyll the folders around `_posts` are categories, too: <https://jekyllrb.com/docs/posts/#categories>.
        let around = self.page.path.split_once("_posts/").filter(|_| self.preset == Preset::Jekyll);
        let around = around.map_or("", |(folders, _)| folders).split('/').filter(|folder| !folder.is_empty());
        for category in around.chain(self.page.categories.iter().copied()) {
            let category = spelling::category(self.preset, category);
            if !all.contains(&category) {
                all.push(category);
            }
        }
        all.join("/")
    }
}

/// A year, a month and a day.
pub(super) type Day = (i16, i8, i8);

/// A date at the head of a name, and what follows: `2024-01-02-door`.
pub(super) fn dated(name: &str) -> Option<(Day, &str)> {
    let (date, rest) = date_at(name, '-')?;
    let rest = rest.strip_prefix(['-', '_'])?;
    (!rest.is_empty()).then_some((date, rest))
}

fn date_at(text: &str, separator: char) -> Option<(Day, &str)> {
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i16>().ok().filter(|_| is_number)
    };
    let (year, rest) = text.split_once(separator)?;
    let (month, rest) = rest.split_once(separator)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (day, rest) = rest.split_at(end);
    let (month, day) = (number(month, 1..=2)?, number(day, 1..=2)?);
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then_some(((number(year, 4..=4)?, month as i8, day as i8), rest))
}

/// Docusaurus' blog: the date, wherever it stands, then the folders before it, then the rest. The program is
/// `parseBlogFileName` in `docusaurus-plugin-content-blog`.
fn dated_path(path: &str) -> String {
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    for start in starts {
        let (folders, rest) = path.split_at(start);
        let found = ['-', '/'].into_iter().find_map(|separator| {
            let (_, behind) = date_at(rest, separator)?;
            Some((rest[..rest.len() - behind.len()].replace('-', "/"), behind))
        });
        if let Some((date, behind)) = found {
            return format!("{date}/{folders}{}", behind.trim_start_matches(['-', '/']));
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hole_is_known_by_its_name() {
        for (name, hole, _) in HOLES {
            let pattern = Pattern::read(&format!("/{{{name}}}")).unwrap();
            assert_eq!(pattern.pieces[1], Piece::Hole(hole));
        }
    }

    #[test]
    fn a_pattern_that_means_nothing_is_refused() {
        for (pattern, what) in [
            ("posts/{slug}", "does not begin with a slash"),
            ("/{slug", "has a `{` without its `}`"),
            ("/slug}", "has a `}` without its `{`"),
            ("/{slugg}/", "has \"{slugg}\", which is not known"),
            ("/{}/", "has \"{}\", which is not known"),
            ("/{.}/", "has \"{.}\", which names no field"),
            ("/{slug}?a", "has a query or a fragment"),
        ] {
            assert_eq!(Pattern::read(pattern).unwrap_err().what, what, "{pattern}");
        }
        assert!(Pattern::read("/{slugg}").unwrap_err().help.contains("did you mean \"{slug}\"?"));
    }

    #[test]
    fn a_date_is_found_at_the_head_of_a_name() {
        for (name, expected) in [
            ("2024-01-02-door", Some(((2024, 1, 2), "door"))),
            ("2024-1-2_door", Some(((2024, 1, 2), "door"))),
            ("2024-13-02-door", None),
            ("2024-01-02", None),
            ("1.2-3-4", None),
            ("door", None),
        ] {
            assert_eq!(dated(name), expected, "{name}");
        }
    }

    #[test]
    fn a_blog_s_date_becomes_folders() {
        // The cases of Docusaurus' own tests of `parseBlogFileName`.
        for (path, expected) in [
            ("2021-05-12-announcing-docusaurus-two-beta", "2021/05/12/announcing-docusaurus-two-beta"),
            ("2021/05/12/announcing", "2021/05/12/announcing"),
            ("2021-05-12/announcing", "2021/05/12/announcing"),
            ("2021-05-12/subfolder/name", "2021/05/12/subfolder/name"),
            ("subfolder/2021-05-12-name", "2021/05/12/subfolder/name"),
            ("announcing", "announcing"),
        ] {
            assert_eq!(dated_path(path), expected, "{path}");
        }
    }
}
