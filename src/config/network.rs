//! The `network` block: read setting by setting, laid over the defaults layer by layer, and made into the policy by which
//! the network is asked.

mod address;
mod duration;
mod effective;
mod header;
mod mask;
mod pattern;
mod read;
mod setting;
mod template;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use super::layers::Layer;
use super::origin::Origin;
use crate::mistake::Mistake;
use crate::web::{self, Header, Policy, Private, Secret};

pub use effective::EffectivePart;
pub(super) use mask::masked;
pub(super) use read::{RawNetwork, read};

use setting::{Place, Setting, Time};
use template::Template;

/// The value of an environment variable, or why there is none, as in "is not set".
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Result<String, &'static str>;

/// The block as it stands after all layers of a config.
pub(super) struct Block {
    /// The defaults, each in its place, and what was said over them; items of lists in the order of the layers.
    settings: Vec<(Setting, Origin)>,
    /// The key of the block in the last layer that has one.
    spoken: Option<Origin>,
    /// The folder of the cache, where a layer names one: its paths count from its own folder.
    cache: Option<PathBuf>,
}

impl Block {
    /// Lays what the layers say over the defaults. Of a setting the last word counts; of headers and hosts that is so for
    /// each name. Networks and rulings are added to those that are there.
    pub(super) fn of(layers: &[Layer]) -> Self {
        let defaults = Setting::defaults().into_iter().map(|setting| (setting, Origin::Default));
        let mut block = Self { settings: defaults.collect(), spoken: None, cache: None };
        for layer in layers {
            let Some(raw) = &layer.raw.network else { continue };
            block.spoken = Some(layer.speaker.origin(raw.key));
            for (setting, span) in &raw.settings {
                if let Setting::Folder(folder) = setting {
                    block.cache = Some(layer.folder.join(folder));
                }
                block.lay(setting.clone(), layer.speaker.origin(*span));
            }
        }
        block
    }

    fn lay(&mut self, setting: Setting, origin: Origin) {
        let place = setting.place();
        let is_same = |(known, _): &&mut (Setting, Origin)| match (&place, known) {
            (Place::Key(_), known) => known.place() == place,
            // A network that is let pass twice is let pass.
            (Place::Item(_), Setting::AllowPrivate(_, known)) => {
                matches!(&setting, Setting::AllowPrivate(_, private) if private == known)
            }
            (Place::Item(_), _) => false,
        };
        match self.settings.iter_mut().find(is_same) {
            Some(known) => *known = (setting, origin),
            None => self.settings.push((setting, origin)),
        }
    }

    /// The key of the block, where a layer has one.
    pub(super) fn spoken(&self) -> Option<&Origin> {
        self.spoken.as_ref()
    }

    /// Whether the network is to be asked in every run.
    pub(super) fn is_enabled(&self) -> bool {
        self.settings.iter().any(|(setting, _)| *setting == Setting::Enabled(true))
    }

    /// The dotted name of the first setting that another block has not, or not so.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let lacks = |of: &Self, setting: &Setting| !of.settings.iter().any(|(known, _)| known == setting);
        let own = self.settings.iter().filter(|(setting, _)| lacks(other, setting));
        let others = other.settings.iter().filter(|(setting, _)| lacks(self, setting));
        let named = own.chain(others).next().map(|(setting, _)| setting);
        // The last ruling about an address counts, so their order does, too.
        let rulings = |of: &Self| -> Vec<Setting> {
            let all = of.settings.iter().map(|(setting, _)| setting);
            all.filter(|setting| matches!(setting, Setting::Ruling(_))).cloned().collect()
        };
        match named.map(Setting::place) {
            Some(Place::Key(keys)) => Some(keys.join(".")),
            Some(Place::Item(key)) => Some(key.to_owned()),
            None => (rulings(self) != rulings(other)).then(|| "rulings".to_owned()),
        }
    }

    /// What turns the guard off.
    pub(super) fn notes(&self) -> impl Iterator<Item = Mistake> {
        self.settings.iter().filter_map(|(setting, origin)| {
            let Setting::AllowPrivate(written, Private::Network(network)) = setting else { return None };
            if network.prefix_len() > 0 {
                return None;
            }
            let message = format!(
                "\"{written}\" lets every address pass: articles can have this machine ask for anything"
            );
            let help = "name the networks that are meant, as in \"10.0.0.0/8\"";
            Some(origin.mistake(message).with_help(Some(help)))
        })
    }

    /// The policy; without `variables` without what may need them, headers and the proxy.
    ///
    /// # Errors
    /// Variables that have no value, and values that cannot be sent. None of them is shown.
    pub(super) fn policy(&self, variables: Option<Variables<'_>>) -> Result<Policy, Vec<Mistake>> {
        let mut policy = Policy::default();
        let mut mistakes = Vec::new();
        for (setting, origin) in &self.settings {
            match setting {
                Setting::Enabled(is_enabled) => policy.enabled = *is_enabled,
                Setting::Concurrency(most) => policy.manners.concurrency = *most,
                Setting::PerHost(most) => policy.manners.per_host = *most,
                Setting::Retries(most) => policy.manners.retries = *most,
                Setting::Time(time, length) => {
                    *match time {
                        Time::Interval => &mut policy.manners.interval,
                        Time::Patience => &mut policy.manners.patience,
                        Time::Connect => &mut policy.time_outs.connect,
                        Time::FirstByte => &mut policy.time_outs.first_byte,
                        Time::Whole => &mut policy.time_outs.whole,
                        Time::Alive => &mut policy.retention.alive,
                        Time::Dead => &mut policy.retention.dead,
                    } = *length;
                }
                Setting::UserAgent(text) => {
                    policy.user_agent = (text != web::USER_AGENT).then(|| text.clone());
                }
                Setting::AllowPrivate(_, private) => policy.allow_private.push(private.clone()),
                Setting::Host(name, addresses) => {
                    policy.hosts.insert(name.clone(), addresses.clone());
                }
                Setting::Ruling(ruling) => policy.rulings.extend(ruling.patterns.iter().map(|written| {
                    let pattern = pattern::read(written).expect("it was read when the config was");
                    let (accept, skip, as_unverified) =
                        (ruling.accept.clone(), ruling.skip, ruling.as_unverified);
                    web::Ruling { pattern, accept, skip, as_unverified }
                })),
                Setting::Folder(_) => policy.retention.folder.clone_from(&self.cache),
                Setting::Header { host, name, value } => {
                    let subject = format!("the value of \"{name}\"");
                    let Some(text) = filled(value, &subject, variables, origin, &mut mistakes) else {
                        continue;
                    };
                    if let Some(what) = header::value_problem(&text) {
                        mistakes
                            .push(origin.mistake(format!("{subject} {what}")).with_help(Some(at_end(value))));
                    }
                    policy.headers.push(Header {
                        host: host.clone(),
                        name: name.clone(),
                        value: Secret(text),
                    });
                }
                Setting::Proxy(value) => {
                    let Some(text) = filled(value, "\"network.proxy\"", variables, origin, &mut mistakes)
                    else {
                        continue;
                    };
                    if let Err(wrong) = address::proxy(&text) {
                        let message = format!("\"network.proxy\" {}", wrong.what);
                        mistakes.push(origin.mistake(message).with_help(Some(wrong.help)));
                    }
                    policy.proxy = Some(Secret(text));
                }
            }
        }
        if mistakes.is_empty() { Ok(policy) } else { Err(mistakes) }
    }
}

/// The text with the values of its variables; `None` without them, and where one has no value.
fn filled(
    template: &Template,
    subject: &str,
    variables: Option<Variables<'_>>,
    origin: &Origin,
    mistakes: &mut Vec<Mistake>,
) -> Option<String> {
    let variables = variables?;
    let wrong = match template.fill(|name| variables(name).map_err(|why| (name.to_owned(), why))) {
        Ok(text) => return Some(text),
        Err(wrong) => wrong,
    };
    mistakes.extend(wrong.into_iter().map(|(name, why)| {
        let message = format!("{subject} needs the environment variable \"{name}\", which {why}");
        let help = format!("set \"{name}\", run with `--offline`, or write `$${{` if \"${{\" is meant");
        origin.mistake(message).with_help(Some(help))
    }));
    None
}

fn at_end(template: &Template) -> String {
    let names: Vec<String> = template.variables().map(|name| format!("\"{name}\"")).collect();
    format!(
        "look at the end of {}: a secret that was read from a file may have a line break there",
        names.join(" and ")
    )
}
