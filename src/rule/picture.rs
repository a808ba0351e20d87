//! When two addresses show the same picture.

/// Ends of names that only a picture has.
const PICTURES: [&str; 9] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tiff"];

/// What tells a picture from others: its address without the query that sets its size. A program that makes pictures
/// (`image?url=…`) tells them by the query.
pub(crate) fn picture(url: &str) -> &str {
    let url = url.strip_prefix("./").unwrap_or(url);
    let Some(at) = url.find('?') else { return url };
    // A fragment names a picture within a file of many.
    if url.contains('#') {
        return url;
    }
    let path = &url[..at];
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_file = PICTURES.iter().any(|end| {
        let at = name.len().saturating_sub(end.len());
        name.as_bytes()[at..].eq_ignore_ascii_case(end.as_bytes())
    });
    let is_id = name.len() >= 8 && name.bytes().any(|byte| byte.is_ascii_digit()) && !name.contains('.');
    if is_file || is_id { path } else { url }
}

/// An address as seen from the root of the site: one that is relative counts from the folder of the article at `path`.
pub(crate) fn joined(path: &str, url: &str) -> String {
    let has_scheme = url.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '.', '?']));
    if url.starts_with('/') || has_scheme {
        return url.to_owned();
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in url.split('/') {
        match part {
            "." | "" => {}
            // What leads out of the site stays as it is.
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    // Not a slash before it: that is an address from the root of the site as it is served.
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_address_counts_from_the_folder() {
        for (path, url, expected) in [
            ("posts/a.md", "hero.jpg", "posts/hero.jpg"),
            ("posts/a.md", "../img/./hero.jpg", "img/hero.jpg"),
            ("a.md", "../../hero.jpg", "../../hero.jpg"),
            ("posts/a.md", "/hero.jpg", "/hero.jpg"),
            ("posts/a.md", "https://a.test/hero.jpg", "https://a.test/hero.jpg"),
            ("posts/a.md", "//a.test/hero.jpg", "//a.test/hero.jpg"),
        ] {
            assert_eq!(joined(path, url), expected);
        }
    }

    #[test]
    fn a_query_that_asks_for_a_size_makes_no_other_picture() {
        assert_eq!(picture("./a.jpg?w=1"), "a.jpg");
        assert_eq!(picture("/make?door=1"), "/make?door=1");
        assert_eq!(picture("icons.svg?v=1#left"), "icons.svg?v=1#left");
        assert_eq!(picture("https://a.test/photo-12345678?w=1"), "https://a.test/photo-12345678");
    }
}
