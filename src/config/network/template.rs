//! Texts with environment variables in them: `Bearer ${TOKEN}`.

use std::fmt;

/// A text with `${NAME}` for environment variables; `$${` stands for `${`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// As the config writes it.
    pub(super) written: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

/// Without its text, which may be a secret.
impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.variables()).finish()
    }
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong, without a word of the text, which may be a secret.
    pub(super) fn parse(written: &str) -> Result<Self, &'static str> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = written;
        while let Some(at) = rest.find("${") {
            let before = &rest[..at];
            if let Some(before) = before.strip_suffix('$') {
                text.extend([before, "${"]);
                rest = &rest[at + 2..];
                continue;
            }
            text.push_str(before);
            let (name, behind) = rest[at + 2..].split_once('}').ok_or("has a \"${\" without its \"}\"")?;
            if !is_name(name) {
                return Err("has a \"${…}\" that names no environment variable");
            }
            parts.extend([Part::Text(std::mem::take(&mut text)), Part::Variable(name.to_owned())]);
            rest = behind;
        }
        text.push_str(rest);
        parts.push(Part::Text(text));
        Ok(Self { written: written.to_owned(), parts })
    }

    /// The variables that it names.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts
            .iter()
            .filter_map(|part| if let Part::Variable(name) = part { Some(name.as_str()) } else { None })
    }

    /// Whether it names a variable, so that the text as written is no secret.
    pub(super) fn has_variables(&self) -> bool {
        self.variables().next().is_some()
    }

    /// The text with the values of its variables.
    ///
    /// # Errors
    /// What `value` says of each variable that has none.
    pub(super) fn fill<E>(&self, value: impl Fn(&str) -> Result<String, E>) -> Result<String, Vec<E>> {
        let (mut text, mut wrong) = (String::new(), Vec::new());
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Variable(name) => match value(name) {
                    Ok(value) => text.push_str(&value),
                    Err(error) => wrong.push(error),
                },
            }
        }
        if wrong.is_empty() { Ok(text) } else { Err(wrong) }
    }
}

/// What POSIX calls a name (Base Definitions, 3.216), which every shell can set.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, Vec<String>> {
        let template = Template::parse(text).map_err(|wrong| vec![wrong.to_owned()])?;
        template.fill(|name| if name == "UNSET" { Err(name.to_owned()) } else { Ok(format!("<{name}>")) })
    }

    #[test]
    fn variables_are_filled_in() {
        let cases = [
            ("plain $5 {a} $", "plain $5 {a} $"),
            ("Bearer ${TOKEN}", "Bearer <TOKEN>"),
            ("${A}${_b1}.", "<A><_b1>."),
            ("$${A} ${B}", "${A} <B>"),
            ("$$${A}", "$${A}"),
        ];
        for (text, filled) in cases {
            assert_eq!(fill(text).as_deref(), Ok(filled), "{text}");
        }
        assert_eq!(fill("${UNSET} ${UNSET}"), Err(vec!["UNSET".to_owned(), "UNSET".to_owned()]));
        for text in ["${", "${A", "${}", "${1A}", "${A-B}", "${A b}"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_variables_make_a_text_fit_to_be_shown() {
        let has_variables = |text| Template::parse(text).is_ok_and(|template| template.has_variables());
        assert!(has_variables("Bearer ${TOKEN}"));
        assert!(!has_variables("Bearer abc"));
        assert!(!has_variables("Bearer $${TOKEN}"));
        let template = Template::parse("secret ${TOKEN}").expect("it is right");
        assert_eq!(format!("{template:?}"), "[\"TOKEN\"]");
    }
}
