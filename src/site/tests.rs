//! Addresses of files, preset by preset, with the cases of the generators' own documentation.

use proptest::prelude::*;

use super::*;

/// The front matter of a page, as `key: value` or `key: [value, …]`.
fn addresses(site: &Site, path: &str, front_matter: &[(&str, &str)]) -> Vec<String> {
    let fields = |name: &str| {
        let value = front_matter.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        value.map_or_else(Vec::new, |value| value.split(", ").map(str::to_owned).collect())
    };
    let one = |name: &str| fields(name).into_iter().next();
    let (slug, title) = (one("slug"), one("title"));
    let categories = fields("categories");
    let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
    let page = Page {
        path,
        slug: slug.as_deref(),
        title: title.as_deref(),
        date: one("date").map(|_| (2024, 3, 4)),
        categories: &categories,
        fields: &fields,
    };
    site.addresses(&page).into_iter().map(String::from).collect()
}

type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

fn check(site: &Site, cases: &[Case]) {
    for (path, front_matter, expected) in cases {
        assert_eq!(addresses(site, path, front_matter), *expected, "{path} {front_matter:?}");
    }
}

#[test]
fn a_site_of_which_nothing_is_known_has_no_addresses() {
    let site = Site::default();
    assert!(!site.knows_routes() && !site.links_by_url());
    check(&site, &[("posts/a.md", &[("slug", "b")], &[])]);
    assert_eq!(site.address_of_file("static/a.png"), []);
    assert!(!site.is_elsewhere("/") && !site.is_elsewhere("/tags/"));
    assert_eq!(site.own_path("https://example.org/"), None);
}

#[test]
fn hugo_shows_pages_by_their_paths() {
    check(
        &Site::of(Preset::Hugo),
        &[
            // <https://gohugo.io/content-management/organization/#path-breakdowns-in-hugo>
            ("content/_index.md", &[], &["/"]),
            ("content/posts/_index.md", &[("slug", "not-used")], &["/posts/"]),
            ("content/posts/my-first-hugo-post.md", &[], &["/posts/my-first-hugo-post/"]),
            ("content/posts/bundle/index.md", &[], &["/posts/bundle/"]),
            ("content/about.md", &[], &["/about/"]),
            // <https://gohugo.io/content-management/urls/>
            ("content/posts/post-1.md", &[("slug", "my-first-post")], &["/posts/my-first-post/"]),
            ("content/posts/bundle/index.md", &[("slug", "other")], &["/posts/other/"]),
            (
                "content/posts/post-1.md",
                &[("url", "/articles/my-first-article")],
                &["/articles/my-first-article"],
            ),
            (
                "content/posts/post-1.md",
                &[("url", "articles/my-first-article/"), ("slug", "x")],
                &["/articles/my-first-article/"],
            ),
            ("content/posts/post-1.md", &[("url", "/archive/:slug/"), ("slug", "x")], &["/archive/x/"]),
            (
                "content/posts/post-1.md",
                &[("aliases", "/old/, older")],
                &["/posts/post-1/", "/old/", "/posts/older"],
            ),
            ("content/Posts/My First Post!.md", &[], &["/posts/my-first-post/"]),
            ("content/posts/2024-03-04-door.md", &[], &["/posts/2024-03-04-door/"]),
            ("content/über uns.md", &[], &["/über-uns/"]),
            // <https://gohugo.io/content-management/multilingual/#translation-by-file-name>
            ("content/about.fr.md", &[], &["/fr/about/", "/about/"]),
            ("README.md", &[], &[]),
        ],
    );
}

#[test]
fn hugo_makes_lists_and_serves_what_lies_beside_pages() {
    let site = Site::of(Preset::Hugo);
    assert_eq!(site.list_of("content/Posts/2024/a.md").as_deref(), Some("/posts/"));
    assert_eq!(site.list_of("content/about.md"), None);
    for (address, is_elsewhere) in [
        ("/", true),
        ("/tags/", true),
        ("/tags/doors/", true),
        ("/posts/index.xml", true),
        ("/index.xml", true),
        ("/posts/page/2/", true),
        ("/posts/", false),
        ("/posts/a/", false),
    ] {
        assert_eq!(site.is_elsewhere(address), is_elsewhere, "{address}");
    }
    let at = |address: &str| Served::At(address.into());
    assert_eq!(site.address_of_file("static/images/a.png"), [at("/images/a.png")]);
    assert_eq!(site.address_of_file("content/posts/b/a.png"), [at("/posts/b/a.png")]);
    assert_eq!(site.address_of_file("content/posts/b/c.html"), [at("/posts/b/c")]);
    assert_eq!(site.address_of_file("content/posts/b/_index.adoc"), [at("/posts/b")]);
    assert_eq!(site.address_of_file("layouts/a.html"), []);
    assert_eq!(
        site.static_paths("/images/a%20b.png?x"),
        ["static/images/a b.png", "assets/images/a b.png", "content/images/a b.png"]
    );
    assert_eq!(
        site.content_paths("/posts/a#b"),
        ["content/posts/a.md", "content/posts/a/index.md", "content/posts/a/_index.md"]
    );
    assert_eq!(site.content_paths("posts/a.md"), ["content/posts/a.md"]);
}

#[test]
fn hugo_s_languages_may_have_folders() {
    let mut site = Site::of(Preset::Hugo);
    site.content = vec![Mount::read("content/en", "/").unwrap(), Mount::read("content/*", "/*").unwrap()];
    check(
        &site,
        &[
            ("content/en/posts/a.md", &[], &["/posts/a/"]),
            ("content/de/posts/a.md", &[], &["/de/posts/a/"]),
            ("content/de/posts/a.md", &[("url", "b")], &["/de/b"]),
        ],
    );
}

#[test]
fn jekyll_shows_posts_by_their_dates_and_pages_by_their_paths() {
    let site = Site::of(Preset::Jekyll);
    check(
        &site,
        &[
            // <https://jekyllrb.com/docs/permalinks/>
            ("_posts/2024-01-02-door.md", &[], &["/2024/01/02/door.html"]),
            (
                "_posts/2024-01-02-door.md",
                &[("categories", "Wood, oak")],
                &["/wood/oak/2024/01/02/door.html"],
            ),
            (
                "films/_posts/2024-01-02-door.md",
                &[("categories", "oak")],
                &["/films/oak/2024/01/02/door.html"],
            ),
            ("_posts/2024-01-02-My Door.md", &[("date", "2024-03-04")], &["/2024/03/04/My-Door.html"]),
            ("_posts/2024-01-02-door.md", &[("slug", "gate")], &["/2024/01/02/gate.html"]),
            ("_posts/2024-01-02-door.md", &[("permalink", "/about/")], &["/about/"]),
            ("_posts/2024-01-02-door.md", &[("permalink", "404.html")], &["/404.html"]),
            (
                "_posts/2024-01-02-door.md",
                &[("permalink", "pretty"), ("categories", "oak")],
                &["/oak/2024/01/02/door/"],
            ),
            ("_posts/2024-01-02-door.md", &[("permalink", "none")], &["/door.html"]),
            ("_posts/2024-01-02-door.md", &[("permalink", "/blog/:year/:title/")], &["/blog/2024/door/"]),
            ("_posts/2024-01-02-door.md", &[("permalink", "/:nothing/")], &["/2024/01/02/door.html"]),
            (
                "_posts/2024-01-02-door.md",
                &[("redirect_from", "/old/, older/")],
                &["/2024/01/02/door.html", "/old/", "/older/"],
            ),
            // A draft without a date.
            ("_drafts/door.md", &[], &["/drafts/door.html"]),
            ("about.md", &[("slug", "not-used")], &["/about.html"]),
            ("docs/index.md", &[], &["/docs/"]),
            ("docs/README.md", &[], &["/docs/"]),
            // <https://jekyllrb.com/docs/collections/#permalinks>
            ("_films/old/gate.md", &[], &["/films/old/gate.html"]),
            ("_films/old/gate.md", &[("permalink", "/:collection/:name")], &["/films/gate"]),
        ],
    );
    let at = |address: &str| Served::At(address.into());
    assert_eq!(site.address_of_file("assets/a.png"), [at("/assets/a.png")]);
    assert_eq!(site.address_of_file("assets/main.scss"), [at("/assets/main.css"), at("/assets/main.scss")]);
    assert_eq!(site.address_of_file("shop/index.html"), [at("/shop"), at("/shop/index.html")]);
    assert_eq!(site.address_of_file("_layouts/a.html"), []);
    assert_eq!(site.static_paths("/assets/a.png"), ["assets/a.png"]);
    assert!(
        site.is_elsewhere("/feed.xml")
            && site.is_elsewhere("/blog/page2/")
            && !site.is_elsewhere("/blog/pages/")
    );
}

#[test]
fn a_jekyll_site_has_the_routes_of_its_config() {
    let mut site = Site::of(Preset::Jekyll);
    site.routes = vec![Route {
        files: Glob::read("_posts/**").unwrap(),
        pattern: Pattern::read("/{year}/{month}/{day}/{slug}/").unwrap(),
    }];
    check(
        &site,
        &[
            ("_posts/2024-01-02-door.md", &[("categories", "oak")], &["/2024/01/02/door/"]),
            ("about.md", &[], &["/about.html"]),
        ],
    );
}

#[test]
fn astro_shows_pages_and_collections() {
    let site = Site::of(Preset::Astro);
    check(
        &site,
        &[
            // <https://docs.astro.build/en/guides/routing/#static-routes>
            ("src/pages/index.md", &[], &["/"]),
            ("src/pages/About.md", &[("slug", "not-used")], &["/About/"]),
            ("src/pages/posts/1.mdx", &[], &["/posts/1/"]),
            ("src/pages/_draft.md", &[], &[]),
            ("src/content/blog/First Post.md", &[], &["/blog/first-post/"]),
            ("src/content/blog/first-post/index.md", &[], &["/blog/first-post/"]),
            ("src/content/blog/first-post.md", &[("slug", "gate")], &["/blog/gate/"]),
            // Starlight.
            ("src/content/docs/guides/door.mdx", &[], &["/guides/door/"]),
            ("src/content/docs/guides/door.mdx", &[("slug", "guides/gate")], &["/guides/gate/"]),
        ],
    );
    let at = |address: &str| [Served::At(address.into())];
    assert_eq!(site.address_of_file("public/a.svg"), at("/a.svg"));
    assert_eq!(site.address_of_file("src/pages/blog/index.astro"), at("/blog"));
    assert_eq!(site.address_of_file("src/pages/rss.xml.js"), at("/rss.xml"));
    assert_eq!(site.address_of_file("src/pages/blog/[...slug].astro"), [Served::Below("/blog".into())]);
    assert_eq!(site.address_of_file("src/pages/[lang]-[version]/info.astro"), [Served::Below("/".into())]);
    assert_eq!(site.address_of_file("src/components/Door.astro"), []);
    assert_eq!(site.static_paths("/a.svg"), ["public/a.svg"]);
}

#[test]
fn docusaurus_shows_docs_a_blog_and_pages() {
    let site = Site::of(Preset::Docusaurus);
    check(
        &site,
        &[
            // <https://docusaurus.io/docs/create-doc>
            ("docs/greeting.md", &[], &["/docs/greeting", "/docs/next/greeting"]),
            ("docs/guide/hello.md", &[("id", "part1")], &["/docs/guide/part1", "/docs/next/guide/part1"]),
            (
                "docs/guide/hello.md",
                &[("slug", "hi"), ("id", "part1")],
                &["/docs/guide/hi", "/docs/next/guide/hi"],
            ),
            ("docs/guide/hello.md", &[("slug", "/bonjour")], &["/docs/bonjour", "/docs/next/bonjour"]),
            ("docs/intro.md", &[("slug", "/")], &["/docs/", "/docs/next/"]),
            ("docs/Guides/index.md", &[], &["/docs/Guides/", "/docs/next/Guides/"]),
            ("docs/Guides/README.md", &[], &["/docs/Guides/", "/docs/next/Guides/"]),
            ("docs/Guides/Guides.md", &[], &["/docs/Guides", "/docs/next/Guides"]),
            // <https://docusaurus.io/docs/sidebar/autogenerated#using-number-prefixes>
            ("docs/01-Intro/02-door.md", &[], &["/docs/Intro/door", "/docs/next/Intro/door"]),
            ("docs/_partial.mdx", &[], &[]),
            // <https://docusaurus.io/docs/blog>
            ("blog/2019-09-05-hello-docusaurus.md", &[], &["/blog/2019/09/05/hello-docusaurus"]),
            ("blog/2019-09-05-hello/index.md", &[], &["/blog/2019/09/05/hello"]),
            ("blog/2019-09-05-hello.md", &[("slug", "welcome")], &["/blog/welcome"]),
            ("blog/2019-09-05-hello.md", &[("slug", "/welcome")], &["/blog/welcome"]),
            ("blog/hello.md", &[("date", "2024-03-04")], &["/blog/hello"]),
            ("src/pages/support.md", &[], &["/support"]),
            // <https://docusaurus.io/docs/versioning>
            ("versioned_docs/version-1.1.0/hello.md", &[], &["/docs/1.1.0/hello"]),
            ("i18n/fr/docusaurus-plugin-content-docs/current/a.md", &[], &["/fr/docs/a"]),
            (
                "i18n/fr/docusaurus-plugin-content-blog/2019-09-05-hello.md",
                &[],
                &["/fr/blog/2019/09/05/hello"],
            ),
            ("i18n/fr/docusaurus-plugin-content-pages/a.md", &[], &["/fr/a"]),
        ],
    );
    let at = |address: &str| [Served::At(address.into())];
    assert_eq!(site.address_of_file("static/img/a.svg"), at("/img/a.svg"));
    assert_eq!(site.address_of_file("src/pages/index.tsx"), at("/"));
    assert_eq!(site.address_of_file("src/pages/help/index.js"), at("/help"));
    assert_eq!(site.address_of_file("src/pages/_part.js"), []);
    assert_eq!(site.address_of_file("src/pages/a.test.js"), []);
    assert_eq!(site.address_of_file("src/theme/a.js"), []);
    assert_eq!(site.list_of("blog/2019-09-05-hello.md").as_deref(), Some("/blog"));
    assert!(
        site.is_elsewhere("/blog/tags/a")
            && site.is_elsewhere("/docs/category/a")
            && site.is_elsewhere("/blog/rss.xml")
    );
    assert_eq!(site.content_paths("@site/docs/a.md"), ["docs/a.md"]);
    assert!(site.content_paths("/a.md").contains(&"docs/a.md".to_owned()));
}

#[test]
fn next_shows_pages_of_both_routers() {
    let site = Site::of(Preset::Next);
    check(
        &site,
        &[
            ("app/page.mdx", &[], &["/"]),
            ("app/(shop)/door/page.mdx", &[], &["/door"]),
            ("app/door/notes.mdx", &[], &[]),
            ("src/app/@slot/door/page.md", &[], &["/door"]),
            ("pages/index.mdx", &[], &["/"]),
            ("pages/docs/door.mdx", &[], &["/docs/door"]),
            ("pages/_app.mdx", &[], &[]),
            ("content/docs/index.mdx", &[], &["/docs"]),
            ("_posts/hello.md", &[], &["/posts/hello"]),
            ("README.md", &[], &[]),
        ],
    );
    let at = |address: &str| [Served::At(address.into())];
    assert_eq!(site.address_of_file("public/a.png"), at("/a.png"));
    assert_eq!(site.address_of_file("app/about/page.tsx"), at("/about"));
    assert_eq!(site.address_of_file("app/feed.xml/route.ts"), at("/feed.xml"));
    assert_eq!(site.address_of_file("app/sitemap.ts"), at("/sitemap.xml"));
    assert_eq!(site.address_of_file("app/about/layout.tsx"), []);
    assert_eq!(site.address_of_file("app/posts/[slug]/page.tsx"), [Served::Below("/posts".into())]);
    assert_eq!(site.address_of_file("pages/posts/[[...slug]].js"), [Served::Below("/posts".into())]);
    assert_eq!(site.address_of_file("components/a.tsx"), []);
}

#[test]
fn without_a_preset_the_config_says_it_all() {
    let mut site = Site::of(Preset::None);
    site.url = Origin::read("https://example.org/handbook/").unwrap();
    site.content = vec![Mount::read("articles", "/read").unwrap()];
    site.statics = vec![Mount::read("media", "/m").unwrap()];
    site.routes = vec![
        Route {
            files: Glob::read("notes/**").unwrap(),
            pattern: Pattern::read("/n/{.seo.key}/{title}").unwrap(),
        },
        Route { files: Glob::read("notes/**").unwrap(), pattern: Pattern::read("/n/{slug}").unwrap() },
    ];
    site.elsewhere = vec![Glob::read("/shop/**").unwrap()];
    check(
        &site,
        &[
            ("articles/oak/index.md", &[("slug", "x")], &["/read/oak"]),
            ("articles/100% a?.md", &[], &["/read/100%25 a%3F"]),
            ("notes/2024-01-02-a.md", &[("title", "A door!"), ("seo.key", "k")], &["/n/k/a-door"]),
            ("notes/2024-01-02-a.md", &[("title", "A door!")], &["/n/a"]),
            ("other/a.md", &[], &[]),
        ],
    );
    assert_eq!(&*site.key("/handbook/read/oak/"), "/read/oak");
    assert_eq!(&*site.key("/read/oak/index.html"), "/read/oak");
    assert_eq!(site.own_path("https://example.org/handbook/read/oak/"), Some("/handbook/read/oak/"));
    assert_eq!(site.own_path("https://example.org/shop/"), None);
    assert_eq!(site.static_paths("/handbook/m/a.png"), ["media/a.png"]);
    assert_eq!(site.static_paths("/m/a.png"), ["media/a.png"]);
    assert!(
        site.is_elsewhere("/handbook/shop/a") && site.is_elsewhere("/shop") && !site.is_elsewhere("/shops")
    );
}

proptest! {
    #[test]
    fn whatever_a_file_is_called_its_addresses_are_addresses(
        preset in 0..Preset::ALL.len(),
        folder in r"(content/|_posts/|_films/|src/pages/|src/content/docs/|docs/|blog/|app/|i18n/fr/|)",
        path in r"([a-z0-9.%?# _-]{0,9}|2024-01-02-|index|README|\[|\(|/|\.\.|é){0,8}",
        fields in prop::collection::vec(r"(/|\.|:|:title|:year|%|#|\?|\.\./|é| |[a-z]){0,6}", 6),
    ) {
        let site = Site::of(Preset::ALL[preset].1);
        let path = format!("{folder}{path}");
        let names = ["slug", "title", "categories", "url", "permalink", "aliases"];
        let front_matter: Vec<_> = names.into_iter().zip(fields.iter().map(String::as_str)).collect();
        for address in addresses(&site, &path, &front_matter) {
            prop_assert!(address.starts_with('/') && !address.contains("//"), "{}", address);
            prop_assert_eq!(&site.key(&site.key(&address)), &site.key(&address));
        }
        for served in site.address_of_file(&path) {
            let (Served::At(address) | Served::Below(address)) = served;
            prop_assert!(address.starts_with('/') && !address.contains("//"), "{}", address);
        }
        let _ = (site.list_of(&path), site.static_paths(&path), site.content_paths(&path));
        let _ = site.is_elsewhere(&path);
    }

    #[test]
    fn whatever_a_config_says_is_read_or_refused(
        text in r"(/|\.|\*|\{|\}|slug|https:|//|\[|\]|%|#|\?|,|!|\\|é| |[ -~]){0,10}",
    ) {
        let _ = (Pattern::read(&text).is_ok(), Glob::read(&text).is_ok());
        if let Ok(origin) = Origin::read(&text) {
            prop_assert_eq!(Origin::read(&origin.shown()), Ok(origin));
        }
        if let Ok(mount) = Mount::read(&text, "/") {
            prop_assert_eq!(Mount::read(mount.folder(), &mount.at()), Ok(mount));
        }
    }
}

#[test]
fn each_language_of_hugo_has_a_home_page() {
    let mut site = Site::of(Preset::Hugo);
    site.content = vec![Mount::read("content/en", "/").unwrap(), Mount::read("content/fr", "/fr").unwrap()];
    assert!(site.is_elsewhere("/fr/") && site.is_elsewhere("/"));
    assert!(!site.is_elsewhere("/de/") && !site.is_elsewhere("/fr/doors/"));
}
