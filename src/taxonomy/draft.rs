//! Writes a `taxonomy.yaml` from what articles say: what most say as data, and all else in comments.

use std::fmt::Write as _;

use super::{Census, Usage};
use crate::yaml;

/// YAML takes no longer keys on one line than 1,024 characters.
const LONGEST: usize = 1000;

/// The tier of names that have none, in a file with tiers.
const UNTIERED: &str = "untiered";

/// A taxonomy that holds what most articles say: each name with its tier, and its parent at the tier above. Behind it
/// stands in how many articles it is, and what others say of it; each such conflict begins with the word `conflict`.
///
/// `tiers` are those that stand below each other, from the widest to the narrowest. Where articles name others, these
/// stand beside them, and so do, where articles name tiers at all, the names that have none. The text is the same for
/// the same articles, in whichever order they come.
#[must_use]
pub fn draft(census: &Census, tiers: &[Box<str>], articles: usize) -> String {
    let names = census.sorted();
    let mut used: Vec<&str> =
        names.iter().flat_map(|(_, usage)| usage.tiers.keys().map(AsRef::as_ref)).collect();
    used.sort_unstable();
    used.dedup();
    let is_beside = |tier: &&str| tiers.iter().all(|known| **known != **tier);
    let mut beside: Vec<&str> = used.iter().copied().filter(is_beside).collect();
    if names.iter().any(|(_, usage)| usage.tier.is_none()) && !used.contains(&UNTIERED) {
        beside.push(UNTIERED);
    }
    let mut text = head(census, &names, articles);
    if used.is_empty() {
        text += if names.is_empty() { "categories: {}\n" } else { "categories:\n" };
        for (_, usage) in &names {
            entry(&mut text, 1, usage, census);
        }
        return text;
    }
    let ladder: Vec<&str> = tiers.iter().map(AsRef::as_ref).collect();
    writeln!(text, "tiers: [{}]", listed(&ladder)).expect("a String takes all");
    if !beside.is_empty() {
        writeln!(text, "beside: [{}]", listed(&beside)).expect("a String takes all");
    }
    text += "\ncategories:\n";
    for tier in ladder.into_iter().chain(beside) {
        writeln!(text, "  {}:", scalar(tier)).expect("a String takes all");
        let is_here = |usage: &Usage| usage.tier.as_deref().unwrap_or(UNTIERED) == tier;
        for (_, usage) in names.iter().filter(|(_, usage)| is_here(usage)) {
            entry(&mut text, 2, usage, census);
        }
    }
    text
}

/// What the file is, and how much is to be decided in it.
fn head(census: &Census, names: &[(usize, &Usage)], articles: usize) -> String {
    let count = |is: &dyn Fn(&Usage) -> bool| names.iter().filter(|(_, usage)| is(usage)).count();
    let several = |usage: &Usage| parents(usage, census).len() > 1;
    format!(
        "# yaml-language-server: $schema=https://raw.githubusercontent.com/copydesk/copydesk/main/schemas/taxonomy.schema.json\n\
         #\n\
         # What most of {articles} articles say, written by `copydesk taxonomy infer`: {} names, each with the number of\n\
         # articles that have it. Where others say something else, it is a conflict: {} at several tiers, {} under several\n\
         # parents, {} with several spellings. Decide each, and delete its comment.\n\n",
        names.len(),
        count(&|usage| usage.tiers.len() > 1),
        count(&several),
        count(&|usage| usage.spellings.len() > 1),
    )
}

/// The line of a name.
fn entry(text: &mut String, depth: usize, usage: &Usage, census: &Census) {
    let parent = usage.parent.map(|parent| scalar(&census.usage(parent).name));
    let key = scalar(&usage.name);
    if key.len() > LONGEST {
        let begin: String = usage.name.chars().take(40).collect();
        writeln!(text, "{}# Too long for a name: {}", "  ".repeat(depth), quoted(&begin))
            .expect("a String takes all");
        return;
    }
    let parent = parent.filter(|parent| parent.len() <= LONGEST);
    let value = parent.map(|parent| format!(" {parent}")).unwrap_or_default();
    let told =
        [vec![usage.articles.len().to_string()], conflicts(usage, census)].concat().join("; conflict: ");
    writeln!(text, "{}{key}:{value} # {told}", "  ".repeat(depth)).expect("a String takes all");
}

/// What articles say of a name besides what most do.
fn conflicts(usage: &Usage, census: &Census) -> Vec<String> {
    let mut conflicts = Vec::new();
    let mut add = |mut others: Vec<(usize, String)>| {
        others.sort_by(|left, right| (right.0, &left.1).cmp(&(left.0, &right.1)));
        let others: Vec<String> =
            others.into_iter().map(|(count, what)| format!("{what} in {count}")).collect();
        conflicts.extend(Some(others.join(", ")).filter(|others| !others.is_empty()));
    };
    let spellings = usage.spellings.iter().filter(|(name, _)| **name != usage.name);
    add(spellings.map(|(name, articles)| (articles.len(), format!("spelt {}", quoted(name)))).collect());
    let tiers = usage.tiers.iter().filter(|(tier, _)| Some(*tier) != usage.tier.as_ref());
    add(tiers.map(|(tier, articles)| (articles.len(), quoted(tier))).collect());
    let right = usage.parent.map(|parent| &*census.usage(parent).name);
    let parents = parents(usage, census).into_iter().filter(|(_, name)| Some(*name) != right);
    add(parents.map(|(count, name)| (count, format!("under {}", quoted(name)))).collect());
    conflicts
}

/// The parents of a name at its right tier, and in how many articles it has each.
fn parents<'c>(usage: &'c Usage, census: &'c Census) -> Vec<(usize, &'c str)> {
    let here = usage.parents.iter().filter(|((tier, _), _)| Some(tier) == usage.tier.as_ref());
    here.map(|((_, parent), articles)| (articles.len(), &*census.usage(*parent).name)).collect()
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| scalar(name)).collect::<Vec<_>>().join(", ")
}

/// A text in quotes, on one line whatever is in it.
fn quoted(text: &str) -> String {
    let breaks =
        [("\u{7f}", "\\u007f"), ("\u{85}", "\\u0085"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029")];
    let json = serde_json::Value::from(text).to_string();
    breaks.iter().fold(json, |text, (letter, escape)| text.replace(letter, escape))
}

/// A text as YAML has it, without quotes where that is safe.
fn scalar(text: &str) -> String {
    if yaml::needs_no_quotes(text) { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::facts::{Facts, Tiered, Told, Written};
    use crate::taxonomy::Taxonomy;
    use crate::text::{Source, Span};

    fn facts(categories: &[(&str, &str)]) -> Facts {
        let one = |(tier, name): &(&str, &str)| Tiered {
            tier: Some(*tier).filter(|tier| !tier.is_empty()).map(Into::into),
            name: Told { text: (*name).into(), span: Span::empty(0) },
            written: Written::Bare,
        };
        Facts { categories: categories.iter().map(one).collect(), ..Facts::default() }
    }

    fn drafted(articles: &[Facts], tiers: &[&str]) -> String {
        let tiers: Vec<Box<str>> = tiers.iter().map(|tier| (*tier).into()).collect();
        draft(&Census::of(articles.iter().enumerate(), &tiers), &tiers, articles.len())
    }

    fn read(text: &str) -> Taxonomy {
        let source = Arc::new(Source::new("taxonomy.yaml", text.as_bytes().to_vec()));
        Taxonomy::read(&source).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes:#?}"))
    }

    #[test]
    fn what_most_say_is_data_and_the_rest_is_told_behind_it() {
        let articles = [
            facts(&[("exact", "Oak"), ("wide", "Building"), ("narrow", "Doors")]),
            facts(&[("exact", "Ash"), ("wide", "Building"), ("narrow", "Doors")]),
            facts(&[("exact", "Elm"), ("wide", "Crafts"), ("narrow", "doors")]),
            facts(&[("exact", "Yew"), ("wide", "Doors"), ("narrow", "Hinges: new")]),
        ];
        let text = drafted(&articles, &["wide", "narrow"]);
        let body = text.split("\n\n").skip(1).collect::<Vec<_>>().join("\n\n");
        assert_eq!(
            body,
            "tiers: [wide, narrow]\nbeside: [exact]\n\ncategories:\n  wide:\n    Building: # 2\n    Crafts: # 1\n  narrow:\n    \
             Doors: Building # 4; conflict: spelt \"doors\" in 1; conflict: \"wide\" in 1; conflict: under \"Crafts\" in 1\n    \
             \"Hinges: new\": # 1; conflict: under \"Doors\" in 1\n  exact:\n    Ash: # 1\n    Elm: # 1\n    Oak: # 1\n    Yew: # 1\n"
        );
        assert!(text.contains("it is a conflict: 1 at several tiers, 1 under"), "{text}");
        let taxonomy = read(&text);
        assert_eq!(taxonomy.find("DOORS").map(|doors| doors.parents.clone()), Some(vec!["Building".into()]));
    }

    #[test]
    fn whatever_a_name_is_the_file_can_be_read() {
        let names = [
            "no",
            "1.5",
            "- a",
            "a: b",
            "# c",
            "\"quoted\"",
            "back\\slash",
            "line\nline",
            "e\u{2028}b",
            "f\u{85}b",
            "[x]",
            "&anchor",
            "*",
            "!tag",
            "Türen",
            "東京",
            "?",
            "💡",
            "~",
            "g\tb",
            "\u{7f}x",
            "null",
            "'",
            "{}",
            "%",
            "@",
            "`",
        ];
        for tier in ["", "wide", "on"] {
            let articles: Vec<Facts> = names.iter().map(|name| facts(&[(tier, name)])).collect();
            let taxonomy = read(&drafted(&articles, &["wide"]));
            for name in names {
                assert_eq!(taxonomy.find(name).map(|found| &*found.name), Some(name), "{tier:?}");
            }
        }
        assert_eq!(read(&drafted(&[], &["wide"])).categories, []);
        let mixed = read(&drafted(&[facts(&[("wide", "Building")]), facts(&[("", "Doors")])], &["wide"]));
        assert_eq!(mixed.find("Doors").and_then(|doors| doors.tier.as_deref()), Some(UNTIERED));
        let long = "x".repeat(2000);
        assert_eq!(read(&drafted(&[facts(&[("wide", &long)])], &["wide"])).categories, []);
    }
}
