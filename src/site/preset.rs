//! What is known of site generators: where they look, and what they make of files.

use super::anchor::Algorithm;

/// A site generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    /// None that is known: only what the config says.
    #[default]
    None,
    /// <https://gohugo.io/content-management/organization/>
    Hugo,
    /// <https://jekyllrb.com/docs/structure/>
    Jekyll,
    /// <https://docs.astro.build/en/guides/routing/>
    Astro,
    /// <https://docusaurus.io/docs/advanced/routing>
    Docusaurus,
    /// <https://nextjs.org/docs/app/getting-started/project-structure>
    Next,
}

/// What a generator does where the config says nothing else.
pub(super) struct Defaults {
    /// Folders of articles, and where they stand.
    pub(super) content: &'static [(&'static str, &'static str)],
    /// Folders of files that are served as they are.
    pub(super) statics: &'static [(&'static str, &'static str)],
    /// Files and their patterns; the first that matches and can be filled counts.
    pub(super) routes: &'static [(&'static str, &'static str)],
    /// Fields that hold a whole address.
    pub(super) addresses: &'static [&'static str],
    /// Fields that hold further addresses.
    pub(super) aliases: &'static [&'static str],
    /// Addresses that it makes of itself.
    pub(super) made: &'static [&'static str],
    /// How headings become ids.
    pub(super) anchors: Algorithm,
}

impl Preset {
    /// All, by their names in the config.
    pub const ALL: [(&'static str, Self); 6] = [
        ("none", Self::None),
        ("hugo", Self::Hugo),
        ("jekyll", Self::Jekyll),
        ("astro", Self::Astro),
        ("docusaurus", Self::Docusaurus),
        ("next", Self::Next),
    ];

    /// Its name in the config.
    ///
    /// # Panics
    /// Never: the table has all of them.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = Self::ALL.iter().find(|(_, preset)| *preset == self);
        row.map(|(name, _)| *name).expect("a test proves the table complete")
    }

    pub(super) fn defaults(self) -> Defaults {
        match self {
            Self::None => NONE,
            Self::Hugo => HUGO,
            Self::Jekyll => JEKYLL,
            Self::Astro => ASTRO,
            Self::Docusaurus => DOCUSAURUS,
            Self::Next => NEXT,
        }
    }

    /// The names of files that stand at the address of their folder, in small letters.
    fn indexes(self) -> &'static [&'static str] {
        match self {
            Self::Hugo => &["index", "_index"],
            // The plugin jekyll-readme-index, which GitHub Pages has.
            Self::Jekyll | Self::Docusaurus => &["index", "readme"],
            Self::None => &["index", "_index", "readme"],
            Self::Astro | Self::Next => &["index"],
        }
    }

    /// The endings of pages that are no articles.
    fn pages(self) -> &'static [&'static str] {
        match self {
            // <https://gohugo.io/content-management/formats/>
            Self::Hugo => &["html", "htm", "adoc", "asciidoc", "ad", "org", "rst", "pandoc", "pdc"],
            Self::Astro => &["astro", "html"],
            Self::Docusaurus | Self::Next => &["tsx", "jsx", "ts", "js"],
            Self::Jekyll | Self::None => &["html", "htm"],
        }
    }
}

const NONE: Defaults = Defaults {
    content: &[],
    statics: &[],
    routes: &[("**", "/{path}")],
    addresses: &[],
    aliases: &[],
    made: &[],
    anchors: Algorithm::GitHub,
};

/// <https://gohugo.io/content-management/urls/>: `url`, `slug`, `aliases`. Section pages have no slug. What it makes of
/// itself: <https://gohugo.io/templates/types/>, with the taxonomies that it has by default, feeds and pagination.
const HUGO: Defaults = Defaults {
    content: &[("content", "/")],
    // What lies in `assets` is served if a template asks for it, as the render hook of images does.
    statics: &[("static", "/"), ("assets", "/")],
    routes: &[("**/_index.*", "/{path}/"), ("**", "/{parent}/{.slug}/"), ("**", "/{path}/")],
    addresses: &["url"],
    aliases: &["aliases"],
    made: &[
        "/**/tags/**",
        "/**/categories/**",
        "/**/index.xml",
        "/**/page/*",
        "/**/sitemap.xml",
        "/robots.txt",
        "/404",
    ],
    anchors: Algorithm::Hugo,
};

/// <https://jekyllrb.com/docs/permalinks/>: posts by `/:categories/:year/:month/:day/:title:output_ext`, collections by
/// `/:collection/:path:output_ext`. `redirect_from` is that of jekyll-redirect-from. What it makes of itself: the plugins
/// that GitHub Pages has, jekyll-feed, jekyll-sitemap, jekyll-paginate.
const JEKYLL: Defaults = Defaults {
    content: &[(".", "/"), ("_*", "/*")],
    statics: &[(".", "/")],
    routes: &[
        ("**/_posts/**", "/{categories}/{year}/{month}/{day}/{slug}.html"),
        ("**/_drafts/**", "/{categories}/{year}/{month}/{day}/{slug}.html"),
        ("**/{index,README,Readme,readme}.*", "/{path}/"),
        ("**", "/{path}.html"),
    ],
    addresses: &["permalink"],
    aliases: &["redirect_from"],
    made: &["/feed.xml", "/feed/**", "/sitemap.xml", "/robots.txt", "/redirects.json", "/**/page[0-9]*"],
    anchors: Algorithm::KramdownGfm,
};

/// <https://docs.astro.build/en/guides/routing/>, and of the theme Starlight
/// <https://starlight.astro.build/guides/pages/>. Which page shows a collection is known only by its template: most often
/// the collection has its name in the address.
const ASTRO: Defaults = Defaults {
    content: &[("src/pages", "/"), ("src/content", "/"), ("src/content/docs", "/")],
    statics: &[("public", "/")],
    routes: &[
        ("src/pages/**", "/{path}/"),
        ("src/content/docs/**", "/{.slug}/"),
        ("src/content/**", "/{section}/{.slug}/"),
        ("**", "/{path}/"),
    ],
    addresses: &[],
    aliases: &[],
    made: &["/rss.xml", "/sitemap-*.xml", "/sitemap.xml", "/robots.txt", "/_astro/**", "/404"],
    anchors: Algorithm::Docusaurus,
};

/// <https://docusaurus.io/docs/create-doc#doc-urls>, <https://docusaurus.io/docs/blog>, <https://docusaurus.io/docs/versioning>,
/// <https://docusaurus.io/docs/i18n/tutorial>. An `id` and a `slug` change the last part; a slug with a slash in front counts
/// from where the folder stands. What it makes of itself: tags, archives, authors, pages of the blog, generated indexes.
const DOCUSAURUS: Defaults = Defaults {
    content: &[
        ("docs", "/docs"),
        ("blog", "/blog"),
        ("src/pages", "/"),
        ("versioned_docs/version-*", "/docs/*"),
        ("i18n/*/docusaurus-plugin-content-docs/current", "/*/docs"),
        ("i18n/*/docusaurus-plugin-content-docs/version-*", "/*/docs/*"),
        ("i18n/*/docusaurus-plugin-content-blog", "/*/blog"),
        ("i18n/*/docusaurus-plugin-content-pages", "/*"),
    ],
    statics: &[("static", "/")],
    routes: &[
        ("{blog,i18n/*/docusaurus-plugin-content-blog}/**", "/{at}/{.slug}"),
        ("{blog,i18n/*/docusaurus-plugin-content-blog}/**", "/{dated-path}"),
        ("{src/pages,i18n/*/docusaurus-plugin-content-pages}/**", "/{path}"),
        ("**", "/{folder}/{.slug}"),
        ("**", "/{folder}/{.id}"),
        ("**/{index,README,readme}.*", "/{path}/"),
        ("**", "/{path}"),
    ],
    addresses: &[],
    aliases: &[],
    made: &[
        "/**/tags/**",
        "/**/archive",
        "/**/authors/**",
        "/**/page/*",
        "/**/category/**",
        "/**/rss.xml",
        "/**/atom.xml",
        "/**/feed.json",
        "/**/sitemap.xml",
        "/search",
        "/404",
    ],
    anchors: Algorithm::Docusaurus,
};

/// <https://nextjs.org/docs/app/getting-started/layouts-and-pages>, <https://nextjs.org/docs/pages>; `content` is the folder of
/// Nextra (<https://nextra.site/docs/file-conventions/content-directory>), `_posts` that of Next's blog starter.
const NEXT: Defaults = Defaults {
    content: &[
        ("app", "/"),
        ("src/app", "/"),
        ("pages", "/"),
        ("src/pages", "/"),
        ("content", "/"),
        ("src/content", "/"),
        ("_posts", "/posts"),
    ],
    statics: &[("public", "/")],
    routes: &[("**", "/{path}")],
    addresses: &[],
    aliases: &[],
    made: &[
        "/_next/**",
        "/api/**",
        "/sitemap.xml",
        "/robots.txt",
        "/favicon.ico",
        "/rss.xml",
        "/feed.xml",
        "/404",
    ],
    anchors: Algorithm::Docusaurus,
};

/// What a file of a content folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page.
    Page,
    /// A file that is served as it is.
    Resource,
    /// What is not served: a template, or a part of one.
    Part,
}

impl Preset {
    /// What a file is that is no article; its path counts from the content folder.
    pub(super) fn kind(self, folder: &str, path: &str) -> Kind {
        let name = path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_private = path.split('/').any(|part| part.starts_with('_') || part.starts_with('.'));
        let is_page = self.pages().contains(&ending);
        match self {
            Self::Hugo if is_page => Kind::Page,
            Self::Hugo => Kind::Resource,
            _ if is_private => Kind::Part,
            Self::Jekyll | Self::None if is_page => Kind::Page,
            Self::Jekyll | Self::None => Kind::Resource,
            // Endpoints: <https://docs.astro.build/en/guides/endpoints/>.
            Self::Astro if folder.ends_with("pages") && (is_page || matches!(ending, "ts" | "js")) => {
                Kind::Page
            }
            Self::Docusaurus if folder.ends_with("pages") && is_page => {
                let is_test = name.contains(".test.") || path.split('/').any(|part| part == "__tests__");
                if is_test { Kind::Part } else { Kind::Page }
            }
            Self::Next if is_page && (folder.ends_with("pages") || folder.ends_with("app")) => Kind::Page,
            _ => Kind::Part,
        }
    }

    /// The parts of the address of a page, an index left out, and how many of them are folders that it lies in. `path` counts
    /// from its content folder. `None` for what is no page.
    pub(super) fn parts<'p>(self, folder: &str, path: &'p str) -> Option<(Vec<&'p str>, usize)> {
        let mut parts: Vec<&str> = path.split('/').collect();
        let name = parts.pop()?;
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        // `app/(shop)/door/page.tsx` is `/door`: route groups and slots do not show.
        if self == Preset::Next && folder.ends_with("app") {
            parts.retain(|part| !(part.starts_with('@') || (part.starts_with('(') && part.ends_with(')'))));
            return match stem {
                "page" | "route" => Some((parts.clone(), parts.len())),
                _ => None,
            };
        }
        let is_hidden = |part: &str| part.starts_with('_');
        let hides = match self {
            Preset::Next | Preset::Docusaurus => true,
            Preset::Astro => folder.ends_with("pages"),
            _ => false,
        };
        if hides && (parts.iter().any(|part| is_hidden(part)) || stem.starts_with('_')) {
            return None;
        }
        let stem = match self {
            Preset::Hugo => language(stem).map_or(stem, |(stem, _)| stem),
            _ => stem,
        };
        let small = stem.to_ascii_lowercase();
        let is_index = self.indexes().contains(&small.as_str())
            // <https://docusaurus.io/docs/sidebar/autogenerated#category-index-convention>
            || (self == Preset::Docusaurus && parts.last().is_some_and(|last| last.eq_ignore_ascii_case(stem)));
        let depth = parts.len();
        if !is_index {
            parts.push(stem);
        }
        Some((parts, depth))
    }

    /// Whether it never looks at a file in content folders. <https://jekyllrb.com/docs/structure/> names the folders that are
    /// no collections.
    pub(super) fn leaves_out(self, path: &str) -> bool {
        let first = path.split('/').next().unwrap_or_default();
        let folders =
            ["_layouts", "_includes", "_data", "_sass", "_site", "_plugins", "vendor", "node_modules"];
        self == Self::Jekyll && folders.contains(&first)
    }

    /// Whether a file of a static folder is served.
    pub(super) fn is_public(self, path: &str) -> bool {
        let is_private = |part: &str| part.starts_with(['_', '.', '#']);
        self != Self::Jekyll || !path.split('/').any(is_private)
    }
}

/// The language in the name of a file, `door.fr`, and the name without it:
/// <https://gohugo.io/content-management/multilingual/#translation-by-file-name>.
#[must_use]
pub fn language(stem: &str) -> Option<(&str, &str)> {
    let (rest, end) = stem.rsplit_once('.')?;
    let (language, region) = end.split_once(['-', '_']).unwrap_or((end, "xx"));
    let is_language =
        matches!(language.len(), 2 | 3) && language.bytes().all(|letter| letter.is_ascii_alphabetic());
    let is_region =
        matches!(region.len(), 2..=4) && region.bytes().all(|letter| letter.is_ascii_alphanumeric());
    (is_language && is_region && !rest.is_empty()).then_some((rest, end))
}

#[cfg(test)]
mod tests {
    use super::super::{Glob, Mount};
    use super::*;

    #[test]
    fn each_preset_has_a_name_and_can_be_built() {
        for (name, preset) in Preset::ALL {
            assert_eq!(preset.name(), name);
            let site = super::super::Site::of(preset);
            assert_eq!(site.preset, preset);
            for mount in preset.defaults().content.iter().chain(preset.defaults().statics) {
                Mount::read(mount.0, mount.1).unwrap();
            }
            for glob in preset.defaults().made {
                Glob::read(glob).unwrap();
            }
        }
    }

    #[test]
    fn a_language_stands_behind_the_name() {
        for (stem, expected) in [
            ("door.en", Some(("door", "en"))),
            ("door.pt-br", Some(("door", "pt-br"))),
            ("door", None),
            ("release-1.22.10", None),
            ("door.v10", None),
            (".en", None),
        ] {
            assert_eq!(language(stem), expected, "{stem}");
        }
    }
}
