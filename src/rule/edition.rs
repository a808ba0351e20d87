//! Which translation and which version of a site an article belongs to, as its path tells.
//!
//! Translations have one slug and often one title, and versions share nearly all: none of them takes anything from the
//! others.

use std::collections::HashSet;

/// The languages of ISO 639-1, <https://www.loc.gov/standards/iso639-2/php/code_list.php>.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io \
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq \
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Scripts that translations are told by (ISO 15924).
const SCRIPTS: [&str; 5] = ["arab", "cyrl", "hans", "hant", "latn"];

/// Folders whose folders are languages: of Docusaurus, `VitePress` and others.
const HOMES: [&str; 6] = ["i18n", "l10n", "lang", "languages", "locales", "translations"];

/// What is known of the folders of a site.
#[derive(Debug, Default)]
pub(crate) struct Editions<'a> {
    /// The folders that hold a translation each.
    folders: HashSet<&'a str>,
}

impl<'a> Editions<'a> {
    /// Looks at the paths of all articles.
    ///
    /// Many folders have a name of two letters: `br` holds pages about backup and restore, `os` those of a module, `to-do`
    /// what is to be done. One is a language if one beside it could be a language as well, if it stands in a folder for
    /// translations, or if an article in it has the same path as one of the original.
    pub(crate) fn of(paths: impl Iterator<Item = &'a str> + Clone) -> Self {
        let candidates: HashSet<&str> =
            paths.clone().flat_map(folders).filter(|at| is_language(name(at))).collect();
        if candidates.is_empty() {
            return Self::default();
        }
        let mut beside: Vec<&str> = candidates.iter().map(|folder| parent(folder)).collect();
        beside.sort_unstable();
        let is_sure = |folder: &&str| {
            let same = beside.partition_point(|one| *one <= parent(folder))
                - beside.partition_point(|one| *one < parent(folder));
            same > 1 || HOMES.contains(&name(parent(folder)))
        };
        let (mut sure, open): (HashSet<&str>, HashSet<&str>) = candidates.into_iter().partition(is_sure);
        if !open.is_empty() {
            let all: HashSet<&str> = paths.clone().collect();
            let mirrored = paths.flat_map(|path| folders(path).map(move |folder| (path, folder))).filter(
                |(path, folder)| {
                    open.contains(folder) && {
                        let original = format!(
                            "{}{}",
                            &folder[..folder.len() - name(folder).len()],
                            &path[folder.len() + 1..]
                        );
                        all.contains(original.as_str())
                    }
                },
            );
            sure.extend(mirrored.map(|(_, folder)| folder));
        }
        Self { folders: sure }
    }

    /// The language and the version of an article, as far as its path names them: `fr`, `/1.0`, `fr/1.0`, or nothing of the
    /// one that is published at the root.
    pub(crate) fn edition(&self, path: &str) -> String {
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let suffix = stem.rsplit_once('.').map(|(_, end)| end).filter(|end| is_language(end));
        let folder = || folders(path).find(|folder| self.folders.contains(folder)).map(name);
        let mut edition = suffix.or_else(folder).unwrap_or_default().to_ascii_lowercase().replace('_', "-");
        if let Some(version) = folders(path).map(name).find(|name| is_version(name)) {
            edition.push('/');
            edition.push_str(version);
        }
        edition
    }
}

/// The folders of a path, from the outermost: `a` and `a/b` of `a/b/c.md`.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'/', path.as_bytes()).map(|at| &path[..at])
}

fn name(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Whether a text is a language, perhaps with a script or region: `fr`, `pt-br`, `zh_Hant`, `es-419`.
pub(crate) fn is_language(text: &str) -> bool {
    let (language, rest) =
        text.split_once(['-', '_']).map_or((text, None), |(first, rest)| (first, Some(rest)));
    let is_known = || LANGUAGES.split(' ').any(|known| known == language);
    // A region or a script.
    let is_part = |part: &str| match part.len() {
        2 => part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => SCRIPTS.iter().any(|script| part.eq_ignore_ascii_case(script)),
    };
    language.len() == 2 && rest.is_none_or(|rest| rest.split(['-', '_']).all(is_part)) && is_known()
}

/// Whether a folder holds a version of a manual: `version-1.0` (Docusaurus), `v2`, `1.22`, `3.x`. A year is none.
fn is_version(name: &str) -> bool {
    if let Some(rest) = name.strip_prefix("version-") {
        return rest.starts_with(|letter: char| letter.is_ascii_digit());
    }
    let (number, is_marked) = name.strip_prefix('v').map_or((name, false), |number| (number, true));
    let mut parts = number.split('.');
    let is_number =
        |part: &str| matches!(part.len(), 1..=3) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(is_number)
        && (is_marked || number.contains('.'))
        && parts.all(|part| is_number(part) || part == "x")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editions(paths: &[&str]) -> Vec<String> {
        let editions = Editions::of(paths.iter().copied());
        paths.iter().map(|path| editions.edition(path)).collect()
    }

    #[test]
    fn languages_are_told_by_suffix_and_by_folder() {
        assert_eq!(
            editions(&["a.md", "a.fr.md", "a.pt-BR.md", "a.old.md", "a.v2.md"]),
            ["", "fr", "pt-br", "", ""]
        );
        assert_eq!(editions(&["en/a.md", "fr/a.md", "fr/a.de.md", "posts/a.md"]), ["en", "fr", "de", ""]);
        assert_eq!(editions(&["docs/a.md", "docs/zh_Hant/a.md", "i18n/fr/x/a.md"]), ["", "zh-hant", "fr"]);
        assert_eq!(editions(&["docs/a.md", "docs/fr/a.md", "docs/fr/b.md"]), ["", "fr", "fr"]);
    }

    #[test]
    fn a_name_of_two_letters_alone_is_no_language() {
        assert_eq!(
            editions(&["br/overview.md", "dm/overview.md", "functions/os/a.md", "go/a.md"]),
            ["", "", "", ""]
        );
        assert_eq!(editions(&["a.md", "to-do/b.md", "fr-road/a.md"]), ["", "", ""]);
    }

    #[test]
    fn versions_are_told_by_folder() {
        let paths =
            ["versioned_docs/version-1.0/a.md", "docs/a.md", "v2/a.md", "1.22/a.md", "3.x/a.md", "2024/a.md"];
        assert_eq!(editions(&paths), ["/version-1.0", "", "/v2", "/1.22", "/3.x", ""]);
        assert_eq!(editions(&["2024.05/a.md", "v/a.md", "1/a.md", "version-control/a.md"]), ["", "", "", ""]);
        assert_eq!(editions(&["fr/v1/a.md", "de/v1/a.md"]), ["fr/v1", "de/v1"]);
    }

    #[test]
    fn the_list_of_languages_is_in_order() {
        let codes: Vec<&str> = LANGUAGES.split(' ').collect();
        assert!(codes.is_sorted() && codes.iter().all(|code| code.len() == 2));
        assert!(
            ["de", "en", "zh", "is"].into_iter().all(is_language)
                && !is_language("xx")
                && !is_language("deu")
        );
    }
}
