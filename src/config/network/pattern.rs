//! Which addresses a ruling is about: a host, or a glob over whole addresses.

use std::fmt::Write as _;

use globset::GlobBuilder;
use url::Url;

use super::address::{Wrong, host};
use crate::web::Pattern;

/// Reads what stands behind `match`. An address is matched in the form in which it is asked (see
/// [`target`](crate::web::target)), so the pattern is brought into that form, too, as far as it is no glob.
pub(super) fn read(text: &str) -> Result<Pattern, Wrong> {
    let Some((scheme, rest)) = text.split_once("://") else { return bare(text).map(Pattern::Host) };
    let scheme = scheme.to_ascii_lowercase();
    if !scheme.contains(['*', '{']) && !matches!(scheme.as_str(), "http" | "https") {
        return Err(Wrong::new("fits no address that is asked", "only `http://` and `https://` are asked"));
    }
    if let Some((before, _)) = rest.split_once('#') {
        let help =
            format!("write \"{scheme}://{before}\": addresses are asked without what begins with \"#\"");
        return Err(Wrong::new("fits no address that is asked", help));
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let slash = if path.starts_with('/') { "" } else { "/" };
    let glob = format!("{scheme}://{}{slash}{}", authority_of(&scheme, authority)?, literal(path));
    if let Some(at) = stray(&glob) {
        let help = "`**` stands for any number of folders: between two slashes, or behind the last one";
        return Err(Wrong::new(
            format!("has \"{}\" where it means no more than \"*\"", &glob[at..at + 2]),
            help,
        ));
    }
    // `*` ends at a slash, as in paths.
    let built = GlobBuilder::new(&glob).literal_separator(true).build();
    let matcher = built.map_err(|error| {
        let help = "`*` is anything without a slash, `**` any number of folders, `{a,b}` one or the other";
        Wrong::new(format!("is no glob: {}", error.kind()), help)
    })?;
    Ok(Pattern::Glob(matcher.compile_matcher()))
}

/// A host without more, which means those below it as well.
fn bare(text: &str) -> Result<String, Wrong> {
    if let Some(name) =
        text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).filter(|name| host(name).is_ok())
    {
        return Err(Wrong::new("is no host", format!("write \"{name}\": the hosts below it are meant, too")));
    }
    let known = host(text);
    if known.is_ok() || text.is_empty() {
        return known;
    }
    let example = match text.split_once(['/', ':']) {
        Some(("", _)) => format!("https://images.test{text}"),
        Some(_) => format!("https://{text}").trim_end_matches('/').to_owned(),
        None => "https://images.test/**".to_owned(),
    };
    let help = format!("write a host, as in \"images.test\", or a whole address, as in \"{example}\"");
    Err(Wrong::new("is neither a host nor a whole address", help))
}

/// The host and the port as an address has them: without a port that goes without saying, the host in ASCII.
fn authority_of(scheme: &str, authority: &str) -> Result<String, Wrong> {
    if authority.contains('@') {
        return Err(Wrong::new(
            "has a name or a password in it",
            "write it without what stands before the \"@\"",
        ));
    }
    if authority.contains(['*', '{']) {
        return Ok(literal(&authority.to_lowercase()));
    }
    let scheme = if matches!(scheme, "http" | "https") { scheme } else { "https" };
    let url = Url::parse(&format!("{scheme}://{authority}/")).ok();
    let known =
        url.as_ref().filter(|_| !authority.is_empty()).and_then(|url| Some((url.host_str()?, url.port())));
    match known {
        Some((host, Some(port))) => Ok(literal(&format!("{host}:{port}"))),
        Some((host, None)) => Ok(literal(host)),
        None => Err(Wrong::new("has no host", "write it as in \"https://images.test/**\"")),
    }
}

/// A part of a pattern in which only `*`, `{`, `,` and `}` mean more than themselves: `?` begins a query, brackets stand
/// around addresses of IPv6. What is written in percent in an address (WHATWG URL, path percent-encode set) is so here.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '?' | '[' | ']' => pattern.extend(['[', letter, ']']),
            // Addresses of the web have slashes only.
            '\\' => pattern.push('/'),
            '"' | '<' | '>' | '`' | '\0'..=' ' | '\x7f'.. => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    write!(pattern, "%{byte:02X}").expect("a String takes all");
                }
            }
            _ => pattern.push(letter),
        }
    }
    pattern
}

/// Where a `**` stands that is none to the glob, since it is not a whole folder.
fn stray(glob: &str) -> Option<usize> {
    let is_whole = |at: usize| {
        let behind = &glob[at + 2..];
        glob[..at].ends_with('/') && (behind.is_empty() || behind.starts_with('/'))
    };
    let mut from = 0;
    while let Some(at) = glob[from..].find("**") {
        if !is_whole(from + at) {
            return Some(from + at);
        }
        from += at + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::target;

    fn matches(pattern: &str, address: &str) -> bool {
        let url = target(address).expect("an address of the web");
        read(pattern).unwrap_or_else(|wrong| panic!("{pattern}: {wrong:?}")).is_match(&url)
    }

    #[test]
    fn a_host_means_those_below_it_and_a_glob_the_whole_address() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (
                "LinkedIn.com",
                &["https://linkedin.com/in/a", "http://www.LINKEDIN.com:8080/"],
                &["https://notlinkedin.com/", "https://linkedin.com.evil.test/"],
            ),
            (
                "bücher.test",
                &["https://bücher.test/", "https://a.xn--bcher-kva.test/"],
                &["https://bucher.test/"],
            ),
            ("[::1]", &["http://[::1]:8080/a"], &["http://[::2]/"]),
            (
                "https://doors.test/private/**",
                &["https://doors.test/private/a/b.png?c=/d", "https://doors.test/private/"],
                &[
                    "https://doors.test/private",
                    "http://doors.test/private/a",
                    "https://www.doors.test/private/a",
                ],
            ),
            (
                "HTTPS://Doors.test:443/*.png",
                &["https://doors.test/a.png"],
                &["https://doors.test/a/b.png", "https://doors.test/a.PNG", "https://doors.test/a.png?b"],
            ),
            (
                "https://doors.test",
                &["https://doors.test", "https://doors.test/#a"],
                &["https://doors.test/a"],
            ),
            ("https://doors.test?a=*", &["https://doors.test/?a=b"], &["https://doors.test/xa=b"]),
            (
                "https://a.test/b?c=*",
                &["https://a.test/b?c=1&d=2"],
                &["https://a.test/bxc=1", "https://a.test/b?c=/"],
            ),
            (
                "https://a.test/**/b?c=1",
                &["https://a.test/b?c=1", "https://a.test/x/y/b?c=1"],
                &["https://a.test/b"],
            ),
            (
                "https://*.a.test/**",
                &["https://b.a.test/c"],
                &["https://a.test/c", "https://b.a.test.evil/.a.test/c"],
            ),
            ("*://a.test/**", &["http://a.test/b", "https://a.test/b"], &["https://b.test/https://a.test/b"]),
            (
                "{http,https}://a.test/{b,c}/*",
                &["http://a.test/b/x", "https://a.test/c/x"],
                &["https://a.test/d/x"],
            ),
            ("http://[::1]:8080/**", &["http://[::1]:8080/a"], &["http://[::1]:8081/a"]),
            ("https://bücher.test/ä b/*", &["https://bücher.test/ä b/c"], &["https://bücher.test/a b/c"]),
            ("https://a.test/[a]!/*", &["https://a.test/[a]!/b"], &["https://a.test/a!/b"]),
        ];
        for (pattern, fitting, others) in cases {
            for address in *fitting {
                assert!(matches(pattern, address), "{pattern} is about {address}");
            }
            for address in *others {
                assert!(!matches(pattern, address), "{pattern} is not about {address}");
            }
        }
    }

    #[test]
    fn what_would_fit_nothing_is_refused_with_a_way_out() {
        let cases = [
            ("/private/**", "as in \"https://images.test/private/**\""),
            ("doors.test/private/**", "as in \"https://doors.test/private/**\""),
            ("localhost:8080", "as in \"https://localhost:8080\""),
            ("*.linkedin.com", "write \"linkedin.com\""),
            ("*", "as in \"https://images.test/**\""),
            ("", "as in \"images.test\""),
            ("ftp://a.test/**", "only `http://`"),
            ("https://a.test/b#c", "write \"https://a.test/b\""),
            ("https://a.test/b**", "between two slashes"),
            ("https://a.test/***", "between two slashes"),
            ("https:///a", "https://images.test/**"),
            ("https://me:secret@a.test/", "before the \"@\""),
            ("https://a.test/{b", "one or the other"),
        ];
        for (pattern, help) in cases {
            let wrong = read(pattern).expect_err(pattern);
            assert!(wrong.help.contains(help), "{pattern}: {wrong:?}");
        }
    }
}
