//! The addresses under which the site shows an article.

use crate::article::{Article, FrontMatter, Role};
use crate::data::{Node, Value, field_path};
use crate::date::{self, Reading};
use crate::rule::Context;
use crate::site::{Page, Preset};

/// Its own address first, then its aliases.
pub(super) fn of(article: &Article<'_>, context: &Context<'_>) -> Box<[Box<str>]> {
    if !context.site.knows_routes() {
        return Box::default();
    }
    let role = |role| context.roles.find(article, role).and_then(|place| scalar(place.node));
    let categories = categories(article, context);
    let root = article.front_matter.as_ref().and_then(FrontMatter::root);
    let fields = |name: &str| {
        let keys = field_path(name);
        let place = root.and_then(|root| root.find(keys.iter().map(String::as_str)));
        place.map_or_else(Vec::new, |place| texts(place.node))
    };
    let (slug, title) = (role(Role::Slug), role(Role::Title));
    let page = Page {
        path: article.source.place(),
        slug: slug.as_deref(),
        title: title.as_deref(),
        date: role(Role::Date).and_then(|text| day(&text)),
        categories: &categories.iter().map(String::as_str).collect::<Vec<_>>(),
        fields: &fields,
    };
    context.site.addresses(&page).into()
}

fn categories(article: &Article<'_>, context: &Context<'_>) -> Vec<String> {
    let all =
        [Role::Category, Role::Categories].into_iter().filter_map(|role| context.roles.find(article, role));
    let is_jekyll = context.site.preset == Preset::Jekyll;
    all.flat_map(|place| match place.node.as_str() {
        // <https://jekyllrb.com/docs/posts/#categories>: a text has a category in each word.
        Some(text) if is_jekyll => text.split_whitespace().map(str::to_owned).collect(),
        _ => texts(place.node),
    })
    .collect()
}

fn day(text: &str) -> Option<(i16, i8, i8)> {
    match date::read(text) {
        Reading::Date(moment, _) => Some((moment.day.year(), moment.day.month(), moment.day.day())),
        _ => None,
    }
}

/// The text of a value, or those of a list.
fn texts(node: &Node) -> Vec<String> {
    scalar(node).into_iter().chain(node.items().iter().filter_map(scalar)).collect()
}

fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Roles;
    use crate::site::Site;
    use crate::text::Source;

    fn addresses(preset: Preset, path: &str, front_matter: &str) -> Vec<String> {
        let source =
            Source::new(format!("elsewhere/{path}"), format!("---\n{front_matter}\n---\n").into_bytes());
        let source = source.placed(path.into());
        let roles = Roles::default();
        let site = Site::of(preset);
        let context = Context { site: &site, ..Context::new(&roles) };
        of(&Article::parse(&source), &context).into_vec().into_iter().map(String::from).collect()
    }

    #[test]
    fn an_article_is_shown_where_its_front_matter_says() {
        for (preset, path, front_matter, expected) in [
            (Preset::Hugo, "content/a.md", "slug: 2024\naliases: [/b/, /c/]", &["/2024/", "/b/", "/c/"][..]),
            (Preset::Hugo, "content/a.md", "url: true", &["/a/"]),
            (
                Preset::Jekyll,
                "_posts/2024-01-02-a.md",
                "categories: Wood Oak\ndate: 2024-03-04 10:00:00 +0100",
                &["/wood/oak/2024/03/04/a.html"],
            ),
            (
                Preset::Jekyll,
                "_posts/2024-01-02-a.md",
                "categories: [Old wood]\nredirect_from: /b",
                &["/old wood/2024/01/02/a.html", "/b"],
            ),
            (Preset::Jekyll, "a.md", "permalink: false", &["/a.html"]),
            (Preset::None, "a.md", "slug: b", &[]),
        ] {
            assert_eq!(addresses(preset, path, front_matter), expected, "{path} {front_matter}");
        }
    }

    #[test]
    fn of_an_article_without_front_matter_the_path_tells() {
        let source = Source::new("content/a.md", b"A door.\n".to_vec());
        let (roles, site) = (Roles::default(), Site::of(Preset::Hugo));
        let context = Context { site: &site, ..Context::new(&roles) };
        assert_eq!(*of(&Article::parse(&source), &context), ["/a/".into()]);
    }
}
