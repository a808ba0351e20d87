//! The `network` block of one file as settings, each with its place. What the schema of the config cannot say is judged
//! here: lengths of time, hosts, networks, patterns, headers.

use std::collections::HashSet;
use std::sync::Arc;

use super::address::{self, Wrong};
use super::setting::{Ruling, Setting, Time};
use super::template::Template;
use super::{duration, header, pattern};
use crate::data::{Entry, Node, Value};
use crate::mistake::Mistake;
use crate::text::{Source, Span};

/// The block of one file.
#[derive(Debug)]
pub(in crate::config) struct RawNetwork {
    /// Its key.
    pub(super) key: Span,
    /// What it says, in order.
    pub(super) settings: Vec<(Setting, Span)>,
}

/// Reads the block, if there is one, as far as it has its shape, and says what else is wrong with it. No message shows
/// the value of a header, or of a proxy.
pub(in crate::config) fn read(root: &Node, source: &Arc<Source>) -> (Option<RawNetwork>, Vec<Mistake>) {
    let Some(Entry { key_span, value, .. }) = root.entry("network") else { return (None, Vec::new()) };
    let mut reader = Reader { source, settings: Vec::new(), mistakes: Vec::new() };
    reader.block(value);
    (Some(RawNetwork { key: *key_span, settings: reader.settings }), reader.mistakes)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    settings: Vec<(Setting, Span)>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn block(&mut self, block: &Node) {
        self.flag(block, "enabled", Setting::Enabled);
        self.number(block, "concurrency", |number| Setting::Concurrency(number as usize));
        self.number(block, "per-host", |number| Setting::PerHost(number as usize));
        self.number(block, "retries", |number| Setting::Retries(number as u32));
        for time in [Time::Interval, Time::Patience] {
            self.time(block, time);
        }
        match block.get("timeout") {
            Some(limits) if matches!(limits.value, Value::Mapping(_)) => {
                for time in [Time::Connect, Time::FirstByte, Time::Whole] {
                    self.time(block, time);
                }
            }
            Some(whole) => self.length(whole, "network.timeout", Time::Whole),
            None => {}
        }
        if let Some(node) = block.get("user-agent")
            && let Some(text) = node.as_str()
        {
            match header::value_problem(text) {
                Some(what) => {
                    self.wrong(node.span, format!("\"network.user-agent\" {what}"), "write it on one line");
                }
                None => self.set(Setting::UserAgent(text.to_owned()), node.span),
            }
        }
        block.entry("headers").into_iter().for_each(|headers| self.headers(headers));
        for node in block.get("allow-private").map_or(&[][..], items) {
            self.text(node, |text| Ok(Setting::AllowPrivate(text.to_owned(), address::private(text)?)));
        }
        block.get("proxy").into_iter().for_each(|proxy| self.proxy(proxy));
        let mut seen = HashSet::new();
        for entry in block.get("hosts").map_or(&[][..], Node::entries) {
            self.host(entry, &mut seen);
        }
        for node in block.get("rulings").map_or(&[][..], Node::items) {
            self.ruling(node);
        }
        if let Some(cache) = block.get("cache") {
            if let Some(folder) = cache.get("folder") {
                self.text(folder, |text| Ok(Setting::Folder(text.to_owned())));
            }
            self.time(block, Time::Alive);
            self.time(block, Time::Dead);
        }
    }

    fn set(&mut self, setting: Setting, span: Span) {
        self.settings.push((setting, span));
    }

    fn wrong(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.mistakes.push(Mistake::at(self.source, span, message).with_help(Some(help)));
    }

    fn flag(&mut self, block: &Node, key: &str, setting: fn(bool) -> Setting) {
        if let Some(Node { value: Value::Bool(is), span }) = block.get(key) {
            self.set(setting(*is), *span);
        }
    }

    /// A number, whose bounds the schema knows.
    fn number(&mut self, block: &Node, key: &str, setting: fn(u64) -> Setting) {
        if let Some(Node { value: Value::Number(number), span }) = block.get(key)
            && let Some(number) = number.as_u64()
        {
            self.set(setting(number), *span);
        }
    }

    /// A text that becomes a setting.
    fn text(&mut self, node: &Node, setting: impl FnOnce(&str) -> Result<Setting, Wrong>) {
        let Some(text) = node.as_str() else { return };
        match setting(text) {
            Ok(setting) => self.set(setting, node.span),
            Err(Wrong { what, help }) => self.wrong(node.span, format!("\"{text}\" {what}"), help),
        }
    }

    fn time(&mut self, block: &Node, time: Time) {
        if let Some(place) = block.find(time.keys().iter().copied()) {
            self.length(place.node, &format!("network.{}", time.keys().join(".")), time);
        }
    }

    fn length(&mut self, node: &Node, key: &str, time: Time) {
        let text = match &node.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        let Some(length) = duration::parse(&text) else {
            let message = format!("\"{key}\" is \"{text}\", which is no length of time");
            let help =
                "write a whole number with its unit, `ms`, `s`, `m`, `h` or `d`, as in `500ms` or `25s`";
            return self.wrong(node.span, message, help);
        };
        let (least, most) = time.bounds();
        if !(least..=most).contains(&length) {
            let bounds = format!("{} to {}", duration::write(least), duration::write(most));
            let message = format!("\"{key}\" is \"{text}\", but may be {bounds}");
            return self.wrong(node.span, message, format!("write a length of {bounds}"));
        }
        self.set(Setting::Time(time, length), node.span);
    }

    fn headers(&mut self, headers: &Entry) {
        let shape = "write it as in `headers: {images.test: {Authorization: \"Bearer ${TOKEN}\"}}`";
        if !matches!(headers.value.value, Value::Mapping(_)) {
            return self.wrong(
                headers.value.span,
                "\"network.headers\" is no mapping of hosts".to_owned(),
                shape,
            );
        }
        let mut seen = HashSet::new();
        for host in headers.value.entries() {
            let name = match address::host(&host.key) {
                Ok(name) => name,
                Err(Wrong { what, help }) => {
                    self.wrong(host.key_span, format!("\"{}\" {what}", host.key), help);
                    continue;
                }
            };
            if !matches!(host.value.value, Value::Mapping(_)) {
                let message = format!("the headers of \"{}\" are no mapping", host.key);
                self.wrong(host.value.span, message, shape);
            }
            for header in host.value.entries() {
                if !seen.insert((name.clone(), header.key.to_ascii_lowercase())) {
                    let message = format!("the header \"{}\" stands here a second time", header.key);
                    self.wrong(header.key_span, message, "keep one of the two");
                }
                self.header(&name, header);
            }
        }
    }

    fn header(&mut self, host: &str, Entry { key: name, key_span, value }: &Entry) {
        if let Some(Wrong { what, help }) = header::name_problem(name) {
            self.wrong(*key_span, format!("\"{name}\" {what}"), help);
        }
        let Some(text) = value.as_str() else {
            let help = "put it in quotes";
            return self.wrong(value.span, format!("the value of \"{name}\" is no text"), help);
        };
        let subject = format!("the value of \"{name}\"");
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err(what) => return self.variable(value.span, &subject, what),
        };
        if let Some(what) = header::value_problem(text) {
            return self.wrong(value.span, format!("{subject} {what}"), "write it on one line");
        }
        self.set(Setting::Header { host: host.to_owned(), name: name.clone(), value: template }, value.span);
    }

    fn variable(&mut self, span: Span, subject: &str, what: &str) {
        let help = "write `${NAME}` for the environment variable NAME, of letters, digits and `_`, and `$${` for `${`";
        self.wrong(span, format!("{subject} {what}"), help);
    }

    fn proxy(&mut self, node: &Node) {
        let Some(text) = node.as_str() else {
            let help = "write it as in \"http://proxy.internal:3128\"";
            return self.wrong(node.span, "\"network.proxy\" is no text".to_owned(), help);
        };
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err(what) => return self.variable(node.span, "\"network.proxy\"", what),
        };
        // What variables stand for is known when the network is asked.
        if let Ok(text) = template.fill(|_| Err(()))
            && let Err(Wrong { what, help }) = address::proxy(&text)
        {
            return self.wrong(node.span, format!("\"network.proxy\" {what}"), help);
        }
        self.set(Setting::Proxy(template), node.span);
    }

    fn host(&mut self, entry: &Entry, seen: &mut HashSet<String>) {
        let name = address::name(&entry.key);
        match &name {
            Ok(name) if !seen.insert(name.clone()) => {
                let message = format!("the host \"{name}\" stands here a second time");
                self.wrong(entry.key_span, message, "keep one of the two; it may have a list of addresses");
            }
            Ok(_) => {}
            Err(Wrong { what, help }) => {
                self.wrong(entry.key_span, format!("\"{}\" {what}", entry.key), help.as_str());
            }
        }
        let mut addresses = Vec::new();
        for node in items(&entry.value) {
            let Some(text) = node.as_str() else { continue };
            if let Ok(address) = text.trim_matches(['[', ']']).parse() {
                addresses.push(address);
            } else {
                let help = "write it as in \"10.0.0.7\" or \"fd00::7\"";
                self.wrong(node.span, format!("\"{text}\" is no address"), help);
            }
        }
        if let Ok(name) = name {
            self.set(Setting::Host(name, addresses), entry.value.span);
        }
    }

    fn ruling(&mut self, node: &Node) {
        let mut patterns = Vec::new();
        for one in node.get("match").map_or(&[][..], items) {
            let Some(text) = one.as_str() else { continue };
            match pattern::read(text) {
                Ok(_) => patterns.push(text.to_owned()),
                Err(Wrong { what, help }) => self.wrong(one.span, format!("\"{text}\" {what}"), help),
            }
        }
        let flag = |key: &str| match node.get(key).map(|node| &node.value) {
            Some(Value::Bool(is)) => Some(*is),
            _ => None,
        };
        let status = |node: &Node| match &node.value {
            Value::Number(number) => number.as_u64().and_then(|status| u16::try_from(status).ok()),
            _ => None,
        };
        let accept = node.get("accept").map(|accept| items(accept).iter().filter_map(status).collect());
        let ruling = Ruling { patterns, accept, skip: flag("skip"), as_unverified: flag("as-unverified") };
        if node.entries().iter().any(|entry| entry.key == "match") && node.entries().len() == 1 {
            let message = "this ruling says nothing of what it matches".to_owned();
            let help = "say what is to become of it: `accept: [999]`, `skip: true` or `as-unverified: true`";
            return self.wrong(node.span, message, help);
        }
        self.set(Setting::Ruling(ruling), node.span);
    }
}

/// A value alone, or the items of a list.
fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    }
}
