//! How the files of a site become addresses: the block `site`. Of each key the last word counts; what nobody speaks of is as
//! the preset has it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::layers::Layer;
use super::network::EffectivePart;
use super::origin::Origin;
use crate::data::{Node, Value};
use crate::mistake::Mistake;
use crate::site::{Algorithm, Glob, Mount, Origin as Address, Pattern, Preset, Route, Site, Wrong};

/// The block as it stands after all layers of a config.
pub(super) struct Block {
    pub(super) site: Arc<Site>,
    /// Who said what, by key.
    said: Vec<(&'static str, Origin)>,
}

/// The keys in the order in which they are shown.
const KEYS: [&str; 9] =
    ["preset", "url", "content", "static", "routes", "elsewhere", "anchors", "addresses", "aliases"];

impl Block {
    /// Reads what the layers say.
    pub(super) fn of(layers: &[Layer], mistakes: &mut Vec<Mistake>) -> Self {
        let mut reader = Reader { layers, said: Vec::new(), mistakes };
        let preset = reader.last("preset").and_then(|(node, _)| named(node, &Preset::ALL));
        let mut site = Site::of(preset.unwrap_or_default());
        let usual = site.clone();
        if let Some((node, origin)) = reader.last("url")
            && let Some(text) = node.as_str()
        {
            match Address::read(text) {
                Ok(url) => site.url = url,
                Err(what) => reader.wrong(
                    &origin,
                    format!("\"{text}\" {what}"),
                    "write where the site stands, as in `https://example.org/docs/`",
                ),
            }
        }
        if let Some(mounts) = reader.mounts("content", &usual.content) {
            site.content = mounts;
        }
        if let Some(mounts) = reader.mounts("static", &usual.statics) {
            site.statics = mounts;
        }
        site.routes = reader.routes();
        site.elsewhere = reader.globs();
        if let Some((node, _)) = reader.last("anchors") {
            site.anchors = named(node, &Algorithm::ALL).unwrap_or(site.anchors);
        }
        if let Some(fields) = reader.fields("addresses") {
            site.addresses = fields;
        }
        if let Some(fields) = reader.fields("aliases") {
            site.aliases = fields;
        }
        Self { site: Arc::new(site), said: reader.said }
    }

    /// All keys of the block, with what the preset brings.
    pub(super) fn effective(&self) -> EffectivePart {
        let site = &self.site;
        let preset = self.origin("preset").unwrap_or_default();
        let from = |key: &str| self.origin(key).unwrap_or_else(|| preset.clone());
        let mounts = |mounts: &[Mount]| -> Json {
            mounts.iter().map(|mount| json!({ "folder": mount.folder(), "at": mount.at() })).collect()
        };
        let route =
            |route: &Route| json!({ "files": route.files.written(), "route": route.pattern.written() });
        let part = |key: &'static str| {
            let value = match key {
                "preset" => json!(site.preset.name()),
                "url" => self.origin(key).map_or(Json::Null, |_| json!(site.url.shown())),
                "content" => mounts(&site.content),
                "static" => mounts(&site.statics),
                "anchors" => json!(site.anchors.name()),
                "addresses" => json!(site.addresses),
                "aliases" => json!(site.aliases),
                "routes" => {
                    let own = site.routes.iter().map(|one| (route(one), from(key)));
                    let usual = site.usual_routes().iter().map(|one| (route(one), preset.clone()));
                    return (key.to_owned(), items(own.chain(usual).collect()));
                }
                _ => {
                    let own = site.elsewhere.iter().map(|glob| (json!(glob.written()), from(key)));
                    let made = site.makes().iter().map(|glob| (json!(glob.written()), preset.clone()));
                    return (key.to_owned(), items(own.chain(made).collect()));
                }
            };
            (key.to_owned(), EffectivePart::Value(value, from(key)))
        };
        EffectivePart::Keys(KEYS.into_iter().map(part).collect())
    }

    fn origin(&self, key: &str) -> Option<Origin> {
        self.said.iter().find(|(known, _)| *known == key).map(|(_, origin)| origin.clone())
    }
}

fn items(items: Vec<(Json, Origin)>) -> EffectivePart {
    if items.is_empty() {
        return EffectivePart::Value(json!([]), Origin::Default);
    }
    EffectivePart::Items(items)
}

/// The one with this name; the schema has refused all others.
fn named<T: Copy>(node: &Node, all: &[(&'static str, T)]) -> Option<T> {
    let name = node.as_str()?;
    all.iter().find(|(known, _)| *known == name).map(|(_, one)| *one)
}

/// A value, or the values of a list.
fn values(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    }
}

struct Reader<'a> {
    layers: &'a [Layer],
    said: Vec<(&'static str, Origin)>,
    mistakes: &'a mut Vec<Mistake>,
}

impl<'a> Reader<'a> {
    /// The last layer that speaks of a key, and the key's value in it.
    fn word(&self, key: &str) -> Option<(&'a Layer, &'a Node)> {
        self.layers.iter().rev().find_map(|layer| Some((layer, layer.raw.site.as_ref()?.get(key)?)))
    }

    /// The last word about a key, which is taken note of.
    fn last(&mut self, key: &'static str) -> Option<(&'a Node, Origin)> {
        let (layer, node) = self.word(key)?;
        let origin = layer.speaker.origin(node.span);
        self.said.push((key, origin.clone()));
        Some((node, origin))
    }

    fn wrong(&mut self, origin: &Origin, message: String, help: impl Into<String>) {
        self.mistakes.push(origin.mistake(message).with_help(Some(help)));
    }

    /// The same about a list: each item with its place.
    fn list(&mut self, key: &'static str) -> Option<Vec<(&'a Node, Origin)>> {
        let (layer, node) = self.word(key)?;
        self.said.push((key, layer.speaker.origin(node.span)));
        Some(values(node).iter().map(|item| (item, layer.speaker.origin(item.span))).collect())
    }

    /// Folders. One that is named without an address stands where the preset has it, else at the root.
    fn mounts(&mut self, key: &'static str, usual: &[Mount]) -> Option<Vec<Mount>> {
        let mut mounts: Vec<Mount> = Vec::new();
        for (node, origin) in self.list(key)? {
            let text = |name| node.get(name).and_then(Node::as_str);
            let Some(folder) = node.as_str().or_else(|| text("folder")) else { continue };
            let plain = folder.trim_start_matches("./").trim_end_matches('/');
            let at = usual.iter().find(|mount| mount.folder() == plain).map(Mount::at);
            let at = text("at").map(str::to_owned).or(at).unwrap_or_else(|| "/".to_owned());
            match Mount::read(folder, &at) {
                Ok(mount) if mounts.contains(&mount) => {
                    let message = format!("the folder \"{folder}\" stands here a second time");
                    self.wrong(&origin, message, "keep one of the two");
                }
                Ok(mount) => mounts.push(mount),
                Err(what) => self.wrong(
                    &origin,
                    format!("\"{folder}\" {what}"),
                    "name a folder, and where its files stand, as in `{folder: docs, at: /docs}`",
                ),
            }
        }
        Some(mounts)
    }

    fn routes(&mut self) -> Vec<Route> {
        let mut routes = Vec::new();
        let Some((layer, _)) = self.word("routes") else { return routes };
        for (node, _) in self.list("routes").unwrap_or_default() {
            let Some((files, route)) = node.get("files").zip(node.get("route")) else { continue };
            let Some((glob, pattern)) = files.as_str().zip(route.as_str()) else { continue };
            let files = self.glob(glob, &layer.speaker.origin(files.span));
            let pattern = match Pattern::read(pattern) {
                Ok(pattern) => Some(pattern),
                Err(Wrong { what, help }) => {
                    self.wrong(&layer.speaker.origin(route.span), format!("\"{pattern}\" {what}"), help);
                    None
                }
            };
            routes.extend(files.zip(pattern).map(|(files, pattern)| Route { files, pattern }));
        }
        routes
    }

    fn globs(&mut self) -> Vec<Glob> {
        let all = self.list("elsewhere").unwrap_or_default();
        all.into_iter().filter_map(|(node, origin)| self.glob(node.as_str()?, &origin)).collect()
    }

    fn glob(&mut self, text: &str, origin: &Origin) -> Option<Glob> {
        match Glob::read(text) {
            Ok(glob) => Some(glob),
            Err(why) => {
                let help = "`*` stands for a part of a name, `**` for any number of folders";
                self.wrong(origin, format!("\"{text}\" is no glob: {why}"), help);
                None
            }
        }
    }

    fn fields(&mut self, key: &'static str) -> Option<Vec<Box<str>>> {
        let all = self.list(key)?;
        Some(all.into_iter().filter_map(|(node, _)| node.as_str().map(Box::from)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::SCHEMA;
    use super::*;

    #[test]
    fn the_schema_knows_every_name() {
        let schema: Json = serde_json::from_str(SCHEMA).expect("our schema");
        let keys = &schema["$defs"]["site"]["properties"];
        let names = |key: &str| -> Vec<String> {
            let names = keys[key]["enum"].as_array().expect("a list of names").iter();
            names.map(|name| name.as_str().expect("a name").to_owned()).collect()
        };
        assert_eq!(names("preset"), Preset::ALL.map(|(name, _)| name));
        assert_eq!(names("anchors"), Algorithm::ALL.map(|(name, _)| name));
        let known: Vec<&String> = keys.as_object().expect("the keys").keys().collect();
        assert_eq!(known, KEYS.each_ref());
    }
}
