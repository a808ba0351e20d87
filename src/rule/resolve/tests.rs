//! Tests of where links lead.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::corpus::{Ground, Known};
use crate::facts::Facts;
use crate::site::Site;
use crate::text::Span;

/// A site without a config: articles, other files, and folders that are not listed.
fn corpus(articles: &[&str], files: &[&str], unlisted: &[&str]) -> Corpus {
    let known = |path: &&str| Known {
        name: (*path).into(),
        path: (*path).into(),
        collections: Arc::from([]),
        facts: Facts::default(),
    };
    let ground = Ground {
        files: Some(articles.iter().chain(files).map(|path| Box::from(*path)).collect()),
        listed: [Box::from("")].into(),
        unlisted: unlisted.iter().map(|path| Box::from(*path)).collect(),
        is_whole: true,
        ..Ground::default()
    };
    Corpus::new(articles.iter().map(known).collect(), ground)
}

fn link(url: &str, used_as: Use) -> Reference {
    Reference { url: url.into(), span: Span::default(), used_as, is_markdown: true }
}

fn site() -> Corpus {
    let articles = [
        "a/b.md",
        "a/b/c.markdown",
        "a/doors.mdx",
        "a/index.md",
        "index.md",
        "x/Red Door.md",
        "x/y/README.md",
    ];
    let files = ["LICENSE", "a/50%.png", "a/b/d.png", "a/page.html", "img/tür.png", "img/t r.png"];
    corpus(&articles, &files, &["a/node_modules", "out"])
}

/// Where an address leads from `a/doors.mdx`.
#[track_caller]
fn leads(url: &str, used_as: Use) -> String {
    let corpus = site();
    let number = corpus.article("a/doors.mdx").unwrap();
    match resolve(&corpus, number, &link(url, used_as)) {
        Target::Article(number) => corpus.articles[number].path.to_string(),
        Target::File(path) => format!("file {path}"),
        Target::There => "there".to_owned(),
        Target::Elsewhere => "elsewhere".to_owned(),
        Target::Unknown => "unknown".to_owned(),
        Target::Case(Wanted::Path(path), right) => format!("{path} is {}", right.join(", ")),
        Target::Missing(Wanted::Path(path)) => format!("no {path}"),
        other => panic!("without routes no address is judged: {other:?}"),
    }
}

#[test]
fn paths_lead_to_files() {
    for (url, expected) in [
        ("#hinges", "a/doors.mdx"),
        ("?a=b#c", "a/doors.mdx"),
        ("b.md", "a/b.md"),
        ("./b.md?c#d", "a/b.md"),
        ("b", "a/b.md"),
        ("b/", "a/b.md"),
        ("b.html", "a/b.md"),
        ("doors", "a/doors.mdx"),
        ("index.html", "a/index.md"),
        (".", "a/index.md"),
        ("./", "a/index.md"),
        ("..", "index.md"),
        ("../a/", "a/index.md"),
        ("b/c", "a/b/c.markdown"),
        ("../x/Red%20Door.md", "x/Red Door.md"),
        ("../x/Red Door", "x/Red Door.md"),
        ("../x/y", "x/y/README.md"),
        ("../x/", "there"),
        ("../LICENSE", "file LICENSE"),
        ("page", "file a/page.html"),
        ("50%.png", "file a/50%.png"),
        ("50%25.png", "file a/50%.png"),
        ("../img/t%C3%BCr.png", "file img/tür.png"),
        ("..\\img\\tür.png", "file img/tür.png"),
        ("../../img/t%20r.png", "file img/t r.png"),
        ("/LICENSE", "file LICENSE"),
        ("/a/b", "a/b.md"),
    ] {
        assert_eq!(leads(url, Use::Link), expected, "{url}");
    }
}

#[test]
fn what_is_not_there_is_missing() {
    for (url, expected) in [
        ("c.md", "no a/c.md"),
        ("../c.md#d", "no c.md"),
        ("../img/t%FCr.png", "unknown"),
        ("../img/tor.png", "no img/tor.png"),
        ("b.mdx", "no a/b.mdx"),
        ("doors.md", "no a/doors.md"),
        ("B.md", "a/B.md is a/b.md"),
        ("../Img/TÜR.png", "Img/TÜR.png is img/tür.png"),
        ("../../../c.md", "unknown"),
        ("node_modules/c.md", "unknown"),
        ("../out/c.md", "unknown"),
        ("../out/c/d.md", "unknown"),
        ("../outer/c.md", "no outer/c.md"),
    ] {
        assert_eq!(leads(url, Use::Link), expected, "{url}");
    }
}

#[test]
fn addresses_are_not_judged_where_nobody_says_how_they_are_made() {
    for url in ["c", "../c/", "/c", "/c.md", "c.html", "../c.php", "@/c.md", "~/c.md", "v1.2"] {
        assert_eq!(leads(url, Use::Link), "unknown", "{url}");
    }
    assert_eq!(leads("d.png", Use::Hero), "unknown");
    assert_eq!(leads("../d.png", Use::Hero), "no d.png");
    assert_eq!(leads("img/tür.png", Use::Hero), "file img/tür.png");
    assert_eq!(leads("a/b/d.png", Use::Mention), "unknown");
}

#[test]
fn pictures_may_lie_where_the_page_is_shown() {
    let corpus = corpus(&["a/b.md"], &["a/b/c.png", "a/d.png"], &[]);
    let leads = |url: &str| resolve(&corpus, 0, &link(url, Use::Image));
    assert_eq!(leads("c.png"), Target::File("a/b/c.png"));
    assert_eq!(leads("../d.png"), Target::File("a/d.png"));
    assert!(matches!(leads("d.jpg"), Target::Missing(_)));
}

#[test]
fn of_what_is_not_listed_nothing_is_missing() {
    let mut corpus = corpus(&["/x/a.md", "b.md"], &[], &[]);
    let missing = |corpus: &Corpus, number| {
        matches!(resolve(corpus, number, &link("c.md", Use::Link)), Target::Missing(_))
    };
    assert!(!missing(&corpus, 0) && missing(&corpus, 1));
    corpus.ground.listed = ["/x/".into()].into();
    assert!(missing(&corpus, 0) && !missing(&corpus, 1));
    corpus.ground.files = None;
    assert!(!missing(&corpus, 0) && !missing(&corpus, 1));
}

#[test]
fn a_way_is_written_as_the_old_one_was() {
    let corpus = site();
    let number = corpus.article("a/doors.mdx").unwrap();
    for (old, path, expected) in [
        ("c.md", "a/b.md", Some("b.md")),
        ("./c.md#d", "a/b.md", Some("./b.md#d")),
        ("./c.md", "index.md", Some("../index.md")),
        ("c", "a/b.md", Some("b")),
        ("c/?d", "a/b.md", Some("b/?d")),
        ("c/", "a/index.md", Some("./")),
        ("../c/", "index.md", Some("../")),
        ("c.html#d", "a/b.md", Some("b.html#d")),
        ("y.html", "x/y/README.md", Some("../x/y/index.html")),
        ("y.html", "index.md", Some("../index.html")),
        ("red.md", "x/Red Door.md", Some("../x/Red%20Door.md")),
        ("a.png", "a/50%.png", Some("50%25.png")),
        ("a.png", "img/tür.png", Some("../img/tür.png")),
        ("a.md#b(c)'\"", "a/b.md", Some("b.md#b%28c%29%27%22")),
        ("/c.md", "a/b.md", None),
    ] {
        assert_eq!(to_path(&corpus, number, old, path).as_deref(), expected, "{old}");
    }
    assert_eq!(with_fragment("a (1).md#b", "tür:1"), "a%20%281%29.md#tür%3A1");
}

proptest! {
    #[test]
    fn whatever_a_link_says_it_leads_somewhere_or_nowhere(
        url in r"(/|\.|\./|\.\./|a|b|doors|README|index|\.md|\.html|\.HTM|%|%2F|%zz|%C3|\?|#|\\|:|@|é| |https://doors\.test){0,9}",
        has_site: bool,
        used_as in prop::sample::select(vec![Use::Link, Use::Image, Use::Hero]),
    ) {
        let mut corpus = site();
        if has_site {
            corpus.ground.site = Arc::new(Site::of(Preset::Hugo));
        }
        for number in 0..corpus.articles.len() {
            let target = resolve(&corpus, number, &link(&url, used_as));
            if let Target::Missing(wanted) = target {
                let near = Budget::default().near(&corpus, &wanted);
                let written = near.and_then(|near| match wanted {
                    Wanted::Path(_) => to_path(&corpus, number, &url, near),
                    Wanted::Address(_) => Some(to_address(&corpus, &url, near)),
                });
                // What is written leads there.
                if let Some(written) = written {
                    let target = resolve(&corpus, number, &link(&written, used_as));
                    prop_assert!(!matches!(target, Target::Missing(_) | Target::Case(..)), "{} {}", url, written);
                }
            }
        }
    }
}
