//! How the files of a site become addresses: plain data that the config fills, and what follows from it.
//!
//! Every address is compared by its [`Site::key`]. Where a generator may show a file at one of two addresses (the language
//! in its name, a version of the docs), both are known: a link is called broken only where none of them is it.

mod address;
mod anchor;
mod glob;
mod letters;
mod mount;
mod preset;
mod route;
mod spelling;

use address::{as_file, decode, encode, joined, segments};
use preset::Kind;
use route::Values;

pub use address::Origin;
pub use anchor::{Algorithm, Headline};
pub use glob::Glob;
pub use mount::Mount;
pub use preset::{Preset, language};
pub use route::{Pattern, Route, Wrong};

/// How a site is made. The default is one of which nothing is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// The generator.
    pub preset: Preset,
    /// Where it stands.
    pub url: Origin,
    /// The folders of articles.
    pub content: Vec<Mount>,
    /// The folders of files that are served as they are.
    pub statics: Vec<Mount>,
    /// Where articles stand; asked before the routes of the generator.
    pub routes: Vec<Route>,
    /// Addresses that something else makes, besides those that the generator makes of itself.
    pub elsewhere: Vec<Glob>,
    /// How headings become ids.
    pub anchors: Algorithm,
    /// Fields of the front matter that hold a whole address.
    pub addresses: Vec<Box<str>>,
    /// Fields of the front matter that hold further addresses.
    pub aliases: Vec<Box<str>>,
    usual: Vec<Route>,
    made: Vec<Glob>,
}

impl Default for Site {
    fn default() -> Self {
        Self::of(Preset::None)
    }
}

/// An article, as far as its address goes.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Its path from the folder of the site.
    pub path: &'a str,
    /// Its slug.
    pub slug: Option<&'a str>,
    /// Its title.
    pub title: Option<&'a str>,
    /// The year, month and day of its date.
    pub date: Option<(i16, i8, i8)>,
    /// Its categories.
    pub categories: &'a [&'a str],
    /// The texts of a field of its front matter, by its dotted path: none, one, or those of a list.
    pub fields: &'a dyn Fn(&str) -> Vec<String>,
}

impl<'a> Page<'a> {
    /// An article of which nothing but the path is known.
    #[must_use]
    pub fn of_path(path: &'a str) -> Self {
        Self { path, slug: None, title: None, date: None, categories: &[], fields: &|_| Vec::new() }
    }
}

/// Where a file that is no article is served.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Served {
    /// At this address.
    At(Box<str>),
    /// At addresses below this one, which are known only to the file: `[slug].astro`. Where articles stand below it, too,
    /// it is they that it shows.
    Below(Box<str>),
}

impl Site {
    /// A site that is made by a generator in its usual way.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        let defaults = preset.defaults();
        let mounts = |rows: &[(&str, &str)]| rows.iter().map(|row| Mount::known(*row)).collect();
        let names = |names: &[&str]| names.iter().map(|name| Box::from(*name)).collect();
        Self {
            preset,
            url: Origin::default(),
            content: mounts(defaults.content),
            statics: mounts(defaults.statics),
            routes: Vec::new(),
            elsewhere: Vec::new(),
            anchors: defaults.anchors,
            addresses: names(defaults.addresses),
            aliases: names(defaults.aliases),
            usual: defaults.routes.iter().map(|row| Route::known(*row)).collect(),
            made: defaults.made.iter().map(|glob| Glob::known(glob)).collect(),
        }
    }

    /// The routes of the generator, asked behind those of the config; none where no folder is known to have articles.
    #[must_use]
    pub fn usual_routes(&self) -> &[Route] {
        if self.content.is_empty() { &[] } else { &self.usual }
    }

    /// The addresses that the generator makes of itself.
    #[must_use]
    pub fn makes(&self) -> &[Glob] {
        &self.made
    }

    /// Whether addresses from the root can be judged: a preset, content folders or routes are configured.
    #[must_use]
    pub fn knows_routes(&self) -> bool {
        !self.content.is_empty() || !self.routes.is_empty()
    }

    /// Of an absolute address of the site itself, `https://example.org/a` or `//example.org/a`, the path behind the host.
    #[must_use]
    pub fn own_path<'a>(&self, url: &'a str) -> Option<&'a str> {
        self.url.path_of(url)
    }

    /// The one spelling of an address from the root, by which two are compared: without query and fragment, without the
    /// path that the site stands at, percent-encoding undone where it means nothing, without `.html`, `/index.html`,
    /// `/index` and `/` at the end. Capital letters stay. The key of a key is itself.
    #[must_use]
    pub fn key(&self, address: &str) -> Box<str> {
        address::key(address, &self.url.base)
    }

    /// An address from the root as links write it: with the path that the site stands at.
    #[must_use]
    pub fn written(&self, address: &str) -> String {
        let base: String = self.url.base.iter().flat_map(|segment| ["/", segment]).collect();
        base + address
    }

    /// The addresses from the root at which an article is shown, as they are asked for (`/posts/doors/`, with its slash):
    /// its own first, then its aliases. None where it is not shown, or where nothing is known of that.
    #[must_use]
    pub fn addresses(&self, page: &Page<'_>) -> Vec<Box<str>> {
        if !self.knows_routes() {
            return Vec::new();
        }
        let Some((values, is_content)) = self.values(page) else { return Vec::new() };
        let mut found: Vec<Box<str>> = Vec::new();
        let mut whole = self.addresses.iter().flat_map(|field| (page.fields)(field));
        found.extend(whole.find_map(|address| self.whole(&address, &values)));
        if found.is_empty() {
            let usual = self.usual.iter().filter(|_| is_content);
            let mut routes = self.routes.iter().chain(usual).filter(|route| route.files.matches(page.path));
            found.extend(routes.find_map(|route| route.pattern.fill(&values)));
        }
        let Some(own) = found.first().cloned() else { return found };
        match self.preset {
            // In a site of one language, or in the first, the language is no part of the address.
            Preset::Hugo => {
                let name = page.path.rsplit('/').next().unwrap_or_default();
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                if let Some((_, language)) = language(stem) {
                    found.insert(0, format!("/{}{own}", language.to_ascii_lowercase()).into());
                }
            }
            // Where there are versions, the docs that are being written are the next one.
            Preset::Docusaurus if page.path.starts_with("docs/") => {
                found.extend(own.strip_prefix("/docs/").map(|rest| format!("/docs/next/{rest}").into()));
            }
            _ => {}
        }
        for alias in self.aliases.iter().flat_map(|field| (page.fields)(field)) {
            let alias = alias.trim();
            if alias.is_empty() || alias.contains("://") {
                continue;
            }
            let is_relative = self.preset == Preset::Hugo && !alias.starts_with('/');
            // Hugo counts from the folder of the page: <https://gohugo.io/content-management/urls/#aliases>.
            let base = if is_relative { parent(&own) } else { "" };
            found.push(absolute(&format!("{base}/{alias}")));
        }
        found
    }

    /// The list that the generator makes of itself because of an article: that of its section, or of its blog.
    #[must_use]
    pub fn list_of(&self, path: &str) -> Option<Box<str>> {
        let (mount, below) = self.content_of(path)?;
        let section = below.path.split_once('/').map(|(section, _)| section);
        match self.preset {
            // <https://gohugo.io/content-management/sections/>: a folder at the top needs no `_index.md`.
            Preset::Hugo => {
                let section = spelling::segment(self.preset, mount.folder(), section?);
                Some(absolute(&format!("/{}/{section}/", below.at)))
            }
            Preset::Docusaurus if mount.folder().ends_with("blog") => {
                Some(absolute(&format!("/{}", below.at)))
            }
            _ => None,
        }
    }

    /// Where a file is served that is no article: a static file, or a page of another format. Several, where it is not
    /// known which.
    #[must_use]
    pub fn address_of_file(&self, path: &str) -> Vec<Served> {
        let mut served = Vec::new();
        for below in self.statics.iter().filter_map(|mount| mount.below(path)) {
            if self.preset.is_public(below.path) {
                served.push(Served::At(absolute(&format!("/{}/{}", below.at, encode(below.path)))));
                served.extend(compiled(self.preset, &below.at, below.path).map(Served::At));
            }
        }
        if let Some((mount, below)) = self.content_of(path) {
            match self.preset.kind(mount.folder(), below.path) {
                Kind::Part => {}
                Kind::Resource => {
                    let spelled = below
                        .path
                        .split('/')
                        .map(|part| spelling::segment(self.preset, mount.folder(), part));
                    let spelled = spelled.collect::<Vec<_>>().join("/");
                    for path in [below.path, &spelled] {
                        served.push(Served::At(absolute(&format!("/{}/{}", below.at, encode(path)))));
                    }
                }
                Kind::Page => served.extend(self.page_of(mount, &below)),
            }
        }
        served.sort();
        served.dedup();
        served
    }

    /// Whether something else makes what stands there: the config says so, or the generator does of itself (tags, feeds,
    /// pages of lists).
    #[must_use]
    pub fn is_elsewhere(&self, address: &str) -> bool {
        let key = self.key(address);
        if &*key == "/" && self.knows_routes() {
            return true;
        }
        // Each language has a home page, whether or not a file is there for it.
        let is_home = |mount: &Mount| mount.at().trim_matches('/') == key.trim_matches('/');
        if self.preset == Preset::Hugo && self.content.iter().any(is_home) {
            return true;
        }
        let folder = format!("{key}/");
        let matches = |glob: &Glob| glob.matches(&key) || glob.matches(&folder);
        self.elsewhere.iter().any(matches) || (self.knows_routes() && self.made.iter().any(matches))
    }

    /// Whether a relative link counts from the address of the page as well as from the file.
    #[must_use]
    pub fn links_by_url(&self) -> bool {
        self.knows_routes()
    }

    /// The files, by their paths from the folder of the site, that would be served at an address from the root.
    #[must_use]
    pub fn static_paths(&self, address: &str) -> Vec<String> {
        let decoded = decode(address::before_query(address));
        let parts = segments(&decoded);
        let base = &self.url.base;
        let is_based = !base.is_empty() && address::begins(&parts, base);
        let mut ways = vec![&parts[..]];
        if is_based {
            ways.insert(0, &parts[base.len()..]);
        }
        // What lies beside articles is served beside them.
        let resources = self.content.iter().filter(|_| matches!(self.preset, Preset::Hugo | Preset::None));
        let mounts: Vec<&Mount> = self.statics.iter().chain(resources).collect();
        let mut paths = Vec::new();
        for parts in ways {
            let path = as_file(&parts.join("/"));
            paths.extend(mounts.iter().filter_map(|mount| mount.file(&path)));
        }
        let mut seen = std::collections::HashSet::new();
        paths.retain(|path| !path.is_empty() && seen.insert(path.clone()));
        paths
    }

    /// The articles, by their paths from the folder of the site, that a generator finds for the logical path of a file:
    /// Hugo's page references (`/posts/door`), Docusaurus' paths of files (`/docs/door.md`, `@site/docs/door.md`).
    #[must_use]
    pub fn content_paths(&self, address: &str) -> Vec<String> {
        let address = address::before_query(address);
        let (address, is_from_root) = match address.strip_prefix("@site/") {
            Some(rest) => (rest, true),
            None => (address, false),
        };
        let decoded = decode(address);
        let path = as_file(&segments(&decoded).join("/"));
        let name = path.rsplit('/').next().unwrap_or_default();
        let has_ending =
            name.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "md" | "mdx" | "markdown"));
        let mut roots: Vec<String> = Vec::new();
        if is_from_root || self.preset == Preset::Docusaurus {
            roots.push(path.clone());
        }
        for mount in self.content.iter().filter(|mount| !is_from_root && !mount.folder().contains('*')) {
            let folder = mount.folder();
            roots.push(if folder == "." { path.clone() } else { format!("{folder}/{path}") });
        }
        let mut paths = Vec::new();
        for root in roots {
            let root = root.trim_end_matches('/');
            if has_ending {
                paths.push(root.to_owned());
            } else if self.preset == Preset::Hugo {
                paths.extend([".md", "/index.md", "/_index.md"].map(|end| format!("{root}{end}")));
            }
        }
        let mut seen = std::collections::HashSet::new();
        paths.retain(|path| seen.insert(path.clone()));
        paths
    }

    /// How headings become ids.
    #[must_use]
    pub fn anchors(&self) -> Algorithm {
        self.anchors
    }

    /// The content folder that a file lies in: of several, the one that says most.
    fn content_of<'a>(&self, path: &'a str) -> Option<(&Mount, mount::Below<'a>)> {
        if self.preset.leaves_out(path) {
            return None;
        }
        let below = self.content.iter().filter_map(|mount| Some((mount, mount.below(path)?)));
        below.max_by_key(|(mount, _)| mount.weight())
    }

    /// What an article has to fill patterns with, and whether it lies in a content folder. `None` for what is no page.
    fn values<'a>(&self, page: &'a Page<'a>) -> Option<(Values<'a>, bool)> {
        let found = self.content_of(page.path);
        let is_content = found.is_some();
        let (folder, at, path) = match found {
            Some((mount, below)) => (mount.folder(), below.at, below.path),
            None => ("", String::new(), page.path),
        };
        let (parts, depth) = self.preset.parts(folder, path)?;
        let spelled = parts.iter().map(|part| spelling::segment(self.preset, folder, part)).collect();
        Some((Values { preset: self.preset, page, at, parts, spelled, depth }, is_content))
    }

    /// A whole address of a front matter.
    fn whole(&self, address: &str, values: &Values<'_>) -> Option<Box<str>> {
        let address = address.trim();
        if address.is_empty() || address.contains("://") {
            return None;
        }
        // <https://jekyllrb.com/docs/permalinks/#built-in-formats>
        let address = match (self.preset, address) {
            (Preset::Jekyll, "date") => "/:categories/:year/:month/:day/:title.html",
            (Preset::Jekyll, "pretty") => "/:categories/:year/:month/:day/:title/",
            (Preset::Jekyll, "none") => "/:categories/:title.html",
            (_, address) => address,
        };
        if address.contains(':') && matches!(self.preset, Preset::Jekyll | Preset::Hugo) {
            let pattern =
                Pattern::with_colons(&format!("/{}", address.trim_start_matches('/')), self.preset)?;
            return pattern.fill(values);
        }
        // Hugo counts what has no slash in front from the root of the language.
        let is_relative = self.preset == Preset::Hugo && !address.starts_with('/');
        let at = if is_relative { values.at.as_str() } else { "" };
        Some(absolute(&format!("/{at}/{address}")))
    }

    /// Where a page is served that is no article.
    fn page_of(&self, mount: &Mount, below: &mount::Below<'_>) -> Option<Served> {
        let path = below.path;
        let special = match (self.preset, path.rsplit_once('.').map_or(path, |(stem, _)| stem)) {
            (Preset::Next, "sitemap") if mount.folder().ends_with("app") => Some("sitemap.xml"),
            (Preset::Next, "robots") if mount.folder().ends_with("app") => Some("robots.txt"),
            _ => None,
        };
        if let Some(special) = special {
            return Some(Served::At(absolute(&format!("/{}/{special}", below.at))));
        }
        let (parts, _) = self.preset.parts(mount.folder(), path)?;
        let fixed = parts.iter().take_while(|part| !part.contains('[')).count();
        let spelled = parts[..fixed].iter().map(|part| spelling::segment(self.preset, mount.folder(), part));
        let spelled = spelled.collect::<Vec<_>>().join("/");
        let address = absolute(&format!("/{}/{}", below.at, encode(&spelled)));
        Some(if fixed < parts.len() { Served::Below(address) } else { Served::At(address) })
    }
}

/// A path from the root without empty parts, with its slash at the end if it has one.
fn absolute(path: &str) -> Box<str> {
    let address = joined(&segments(path));
    if path.ends_with('/') && &*address != "/" { format!("{address}/").into() } else { address }
}

/// The folder that an address stands in, without its slash.
fn parent(address: &str) -> &str {
    address.trim_end_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// What a file becomes that is compiled: <https://jekyllrb.com/docs/assets/>.
fn compiled(preset: Preset, at: &str, path: &str) -> Option<Box<str>> {
    let (stem, ending) = path.rsplit_once('.')?;
    let ending = match ending {
        "scss" | "sass" => "css",
        "coffee" => "js",
        _ => return None,
    };
    (preset == Preset::Jekyll).then(|| absolute(&format!("/{at}/{}.{ending}", encode(stem))))
}

#[cfg(test)]
mod tests;
