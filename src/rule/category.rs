//! What rules about categories share: another name in the place of one, and words for how many articles say a thing.

use crate::facts::{Tiered, Written};
use crate::finding::Edit;
use crate::yaml;

/// The edit that gives a category another name, in the quotes that it has; `None` where only a look at the whole front
/// matter could tell how. Text in double quotes is written as JSON, which YAML and TOML read as well.
pub(crate) fn rename(category: &Tiered, name: &str) -> Option<Edit> {
    let quoted = || serde_json::Value::from(name).to_string();
    let is_plain = |letter: char| letter != '\'' && letter != '\\' && !letter.is_control();
    let text = match category.written {
        Written::Otherwise => return None,
        Written::Bare if yaml::needs_no_quotes(name) => name.to_owned(),
        Written::Single if name.chars().all(is_plain) => format!("'{name}'"),
        Written::Bare | Written::Single | Written::Double => quoted(),
    };
    Some(Edit::replace(category.name.span, text))
}

/// "1 article", "2 articles".
pub(crate) fn articles(count: usize) -> String {
    if count == 1 { "1 article".to_owned() } else { format!("{count} articles") }
}

/// Where the articles are that say a thing, which this one is among.
pub(crate) fn here(count: usize) -> String {
    match count.saturating_sub(1) {
        0 => "only here".to_owned(),
        1 => "here and in 1 other".to_owned(),
        more => format!("here and in {more} others"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Told;
    use crate::text::Span;

    #[test]
    fn a_name_is_written_in_the_quotes_of_the_old_one() {
        let cases = [
            (Written::Bare, "Oak & Ash", Some("Oak & Ash")),
            (Written::Bare, "Türen", Some("Türen")),
            (Written::Bare, "3D", Some("\"3D\"")),
            (Written::Bare, "No", Some("\"No\"")),
            (Written::Bare, "C#: a start", Some("\"C#: a start\"")),
            (Written::Single, "Oak", Some("'Oak'")),
            (Written::Single, "Ed's", Some("\"Ed's\"")),
            (Written::Double, "7\" oak", Some("\"7\\\" oak\"")),
            (Written::Otherwise, "Oak", None),
        ];
        for (written, name, expected) in cases {
            let told = Told { text: "Old".into(), span: Span::new(2, 5) };
            let edit = rename(&Tiered { tier: None, name: told, written }, name);
            assert_eq!(edit.as_ref().map(|edit| edit.text.as_str()), expected, "{name}");
        }
    }
}
