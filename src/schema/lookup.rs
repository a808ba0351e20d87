//! From the location of a keyword to the schema it stands in: titles, descriptions, examples, defaults.

use jsonschema::{Registry, ValidationError, uri};
use serde_json::Value;

/// Schemas nested deeper than this are not searched for names and descriptions.
const DEEP: usize = 16;

/// The documents of a schema, by their URIs.
#[derive(Debug)]
pub(super) struct Lookup {
    registry: Registry<'static>,
}

/// A schema and the URI that its references start from.
#[derive(Clone)]
pub(super) struct Found<'a> {
    pub(super) schema: &'a Value,
    base: String,
    pointer: String,
}

impl Lookup {
    pub(super) fn new(registry: Registry<'static>) -> Self {
        Self { registry }
    }

    pub(super) fn registry(&self) -> &Registry<'static> {
        &self.registry
    }

    /// What a reference leads to from a base URI.
    pub(super) fn resolve(
        &self,
        base: &str,
        reference: &str,
    ) -> Result<Found<'_>, jsonschema::ReferencingError> {
        let target = self.registry.resolver(uri::from_str(base)?).lookup(reference)?;
        let base = target.resolver().base_uri().as_str().to_owned();
        let pointer = reference.split_once('#').map_or("", |(_, pointer)| pointer).to_owned();
        Ok(Found { schema: target.contents(), base, pointer })
    }

    /// The schema object whose keyword an error is about.
    pub(super) fn owner(&self, error: &ValidationError<'_>) -> Option<Found<'_>> {
        let location = error.absolute_keyword_location()?.as_str();
        let (base, pointer) = location.split_once('#')?;
        self.above(base, pointer)
    }

    /// The value of the keyword that an error is about.
    pub(super) fn keyword(&self, error: &ValidationError<'_>) -> Option<Found<'_>> {
        let (base, pointer) = error.absolute_keyword_location()?.as_str().split_once('#')?;
        self.resolve(base, &format!("#{pointer}")).ok()
    }

    fn above(&self, base: &str, pointer: &str) -> Option<Found<'_>> {
        let (parent, _) = pointer.rsplit_once('/')?;
        self.resolve(base, &format!("#{parent}")).ok()
    }

    /// The schema with its `$ref`s followed.
    pub(super) fn followed<'a>(&'a self, found: &Found<'a>) -> Found<'a> {
        let mut found = found.clone();
        for _ in 0..DEEP {
            let Some(reference) = found.schema.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let Ok(target) = self.resolve(&found.base, reference) else {
                break;
            };
            found = target;
        }
        found
    }

    /// The parts of a keyword that holds a list of schemas, as `anyOf` does, with their `$ref`s followed.
    pub(super) fn branches<'a>(&'a self, list: &Found<'a>) -> Vec<Found<'a>> {
        let branches = list.schema.as_array().map_or(&[][..], Vec::as_slice);
        branches
            .iter()
            .enumerate()
            .map(|(at, schema)| self.followed(&list.below(schema, &at.to_string())))
            .collect()
    }

    /// The schema of a key that an object schema speaks of, or one that applies to the same mapping from further out:
    /// a branch of `anyOf` often only says which keys are required.
    pub(super) fn property<'a>(&'a self, owner: &Found<'a>, key: &str) -> Option<Found<'a>> {
        let mut owner = owner.clone();
        loop {
            if let Some(schema) = owner.schema.get("properties").and_then(|properties| properties.get(key)) {
                return Some(self.followed(&owner.below(schema, key)));
            }
            owner = self.outer(&owner)?;
        }
    }

    /// The default of a key that an object schema asks for: of the schema itself, of one that applies to the same mapping
    /// from further out, or of their parts. `None` also where parts disagree.
    pub(super) fn default<'a>(&'a self, owner: &Found<'a>, key: &str) -> Option<&'a Value> {
        self.said(owner, key, &["allOf", "anyOf", "oneOf"], &|found| found.schema.get("default"))
    }

    /// The only value that the schema allows for a key: a `const`, or an `enum` of one.
    pub(super) fn only_value<'a>(&'a self, owner: &Found<'a>, key: &str) -> Option<&'a Value> {
        self.said(owner, key, &["allOf"], &|found| {
            found.schema.get("const").or_else(|| match found.schema.get("enum")?.as_array()?.as_slice() {
                [only] => Some(only),
                _ => None,
            })
        })
    }

    /// What the schemas of a key say: the nearest to the owner, which may be the only branch that speaks of the key, then
    /// those that apply to the same mapping in any case.
    fn said<'a>(
        &'a self,
        owner: &Found<'a>,
        key: &str,
        parts: &[&str],
        read: &dyn Fn(&Found<'a>) -> Option<&'a Value>,
    ) -> Option<&'a Value> {
        let property = |found: &Found<'a>| {
            let schema = found.schema.get("properties")?.get(key)?;
            Some(found.below(schema, key))
        };
        let mut outermost = owner.clone();
        loop {
            if let Some(value) = property(&outermost).and_then(|found| self.agreed(&found, DEEP, parts, read))
            {
                return Some(value);
            }
            match self.outer(&outermost) {
                Some(outer) => outermost = outer,
                None => break,
            }
        }
        let of_part = |part: &Found<'a>| self.agreed(&property(part)?, DEEP, parts, read);
        self.agreed(&outermost, DEEP, &["allOf"], &of_part)
    }

    /// What a schema says itself; else what its `$ref` and its parts say, if they do not contradict each other.
    fn agreed<'a>(
        &'a self,
        found: &Found<'a>,
        depth: usize,
        parts: &[&str],
        read: &dyn Fn(&Found<'a>) -> Option<&'a Value>,
    ) -> Option<&'a Value> {
        let deeper = depth.checked_sub(1)?;
        if let Some(value) = read(found) {
            return Some(value);
        }
        let mut values =
            self.parts(found, parts).into_iter().filter_map(|part| self.agreed(&part, deeper, parts, read));
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }

    /// What a `$ref` leads to, and the schemas in these lists.
    fn parts<'a>(&'a self, found: &Found<'a>, lists: &[&str]) -> Vec<Found<'a>> {
        let target = found.schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|reference| self.resolve(&found.base, reference).ok());
        let listed = lists.iter().filter_map(|list| found.schema.get(*list)?.as_array()).flatten();
        target.into_iter().chain(listed.map(|schema| found.below(schema, ""))).collect()
    }

    /// The furthest schema out that applies to the same mapping.
    pub(super) fn outermost<'a>(&'a self, owner: &Found<'a>) -> Found<'a> {
        let mut owner = owner.clone();
        while let Some(outer) = self.outer(&owner) {
            owner = outer;
        }
        owner
    }

    /// The schema that holds this one in `allOf`, `then` and their like. Each step shortens the pointer.
    fn outer<'a>(&'a self, found: &Found<'a>) -> Option<Found<'a>> {
        let (parent, last) = found.pointer.rsplit_once('/')?;
        let outer = match (parent.rsplit_once('/'), last) {
            (Some((outer, "allOf" | "anyOf" | "oneOf" | "dependentSchemas")), _) => outer,
            // A property may be called "then".
            (Some((_, "properties")), _) => return None,
            (_, "then" | "else" | "if") => parent,
            _ => return None,
        };
        self.resolve(&found.base, &format!("#{outer}")).ok()
    }

    /// What holds the schema or list.
    pub(super) fn parent<'a>(&'a self, found: &Found<'a>) -> Option<Found<'a>> {
        self.above(&found.base, &found.pointer)
    }

    /// The condition of the `then` that a keyword stands in, if it asks for one key only.
    pub(super) fn condition(&self, error: &ValidationError<'_>) -> Option<Found<'_>> {
        let (base, pointer) = error.absolute_keyword_location()?.as_str().split_once('#')?;
        let (before, _) = pointer.rsplit_once("/then/")?;
        self.resolve(base, &format!("#{before}/if")).ok()
    }

    /// Every key that a schema names for the mapping itself, in the order of the schema.
    pub(super) fn keys<'a>(&'a self, schema: &Found<'a>) -> Vec<&'a str> {
        let mut keys = Vec::new();
        self.visit(schema, DEEP, &mut |schema| {
            keys.extend(schema.own_keys());
        });
        keys
    }

    /// Every pattern that a schema has for keys of the mapping itself.
    pub(super) fn key_patterns<'a>(&'a self, schema: &Found<'a>) -> Vec<&'a str> {
        let mut patterns = Vec::new();
        self.visit(schema, DEEP, &mut |schema| {
            if let Some(Value::Object(properties)) = schema.schema.get("patternProperties") {
                patterns.extend(properties.keys().map(String::as_str));
            }
        });
        patterns
    }

    /// The names of the types that a schema speaks of for the value at a path of keys and indices, with those of its
    /// enumerated values: none where it says nothing.
    pub(super) fn types<'a>(&'a self, root: &Found<'a>, path: &[&str]) -> Vec<&'a str> {
        let mut places = vec![root.clone()];
        for segment in path {
            let mut deeper = Vec::new();
            for place in &places {
                self.visit(place, DEEP, &mut |found| {
                    let property = found.schema.get("properties").and_then(|all| all.get(segment));
                    let item = found.schema.get("items").filter(|_| segment.parse::<usize>().is_ok());
                    deeper.extend(property.or(item).map(|schema| found.below(schema, segment)));
                });
            }
            places = deeper;
        }
        let mut types = Vec::new();
        for place in &places {
            self.visit(place, DEEP, &mut |found| match found.schema.get("type") {
                Some(Value::String(one)) => types.push(one.as_str()),
                Some(Value::Array(several)) => types.extend(several.iter().filter_map(Value::as_str)),
                _ => {
                    let listed = found.schema.get("enum").and_then(Value::as_array).into_iter().flatten();
                    types.extend(listed.chain(found.schema.get("const")).map(type_name));
                }
            });
        }
        types
    }

    fn visit<'a>(&'a self, found: &Found<'a>, depth: usize, see: &mut dyn FnMut(&Found<'a>)) {
        let Some(deeper) = depth.checked_sub(1) else {
            return;
        };
        see(found);
        if let Some(reference) = found.schema.get("$ref").and_then(Value::as_str)
            && let Ok(target) = self.resolve(&found.base, reference)
        {
            self.visit(&target, deeper, see);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for schema in found.schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.visit(&found.below(schema, ""), deeper, see);
            }
        }
        for keyword in ["if", "then", "else"] {
            if let Some(schema) = found.schema.get(keyword) {
                self.visit(&found.below(schema, ""), deeper, see);
            }
        }
        for schema in found.schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten() {
            self.visit(&found.below(schema.1, ""), deeper, see);
        }
    }
}

impl<'a> Found<'a> {
    fn below(&self, schema: &'a Value, segment: &str) -> Self {
        let pointer = format!("{}/{}", self.pointer, segment.replace('~', "~0").replace('/', "~1"));
        Self { schema, base: self.base.clone(), pointer }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> String {
        format!("{}#{}", self.base, self.pointer)
    }

    /// The keys that the schema names itself.
    pub(super) fn own_keys(&self) -> Vec<&'a str> {
        names(self.schema).collect()
    }

    /// A text beside the keyword, as `description` is.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.schema.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The message that the schema's author wrote for a keyword, in the form that `ajv-errors` made known.
    pub(super) fn error_message(&self, keyword: &str) -> Option<&'a str> {
        let message = self.schema.get("errorMessage")?;
        message.as_str().or_else(|| message.get(keyword)?.as_str())
    }

    /// The first example.
    pub(super) fn example(&self) -> Option<&'a Value> {
        self.schema.get("examples")?.as_array()?.first()
    }
}

fn type_name(value: &Value) -> &str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn names(schema: &Value) -> impl Iterator<Item = &str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str))
}
