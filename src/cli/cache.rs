//! `copydesk cache`: what is kept of the web and of articles between runs, and how to be rid of it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use super::args::{Cache as Command, ListFormat};
use super::plan::{absolute, shown};
use super::setup::working_directory;
use super::{CLEAN, Failure, Terminal};
use crate::cache::{Ages, Cache, Cleaned, Results, ResultsStock, Stock};
use crate::config::{Configs, Network, Overrides};
use crate::mistake::Mistake;
use crate::network;
use crate::web::CACHE_FOLDER;

/// The folder of the cache for a run in this working directory: the one that the config names, or `.copydesk`, seen from
/// the folder of the config or, where there is none, from here.
pub(super) fn folder(network: &Network, here: &Path) -> PathBuf {
    let named = network.policy.retention.folder.as_deref().unwrap_or(Path::new(CACHE_FOLDER));
    seen_from(here, &network.folder.join(named))
}

/// The same folder as it stands in messages: relative where it lies below this directory.
pub(super) fn seen_from(here: &Path, folder: &Path) -> PathBuf {
    let folder = absolute(here, folder);
    match folder.strip_prefix(here) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.to_owned(),
        Err(_) => folder,
    }
}

/// This moment in seconds since 1970; 0 where the clock is before that.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

pub(super) fn run(command: &Command, terminal: &Terminal) -> Result<u8, Failure> {
    let here = working_directory()?;
    let (Command::Show { config, .. } | Command::Clean { config }) = command;
    let forced = config.as_ref().map(|path| absolute(&here, path));
    let mut configs = Configs::new(Overrides::default(), network::fetch_schema, forced.as_deref())?;
    configs.of_folder(&here)?;
    let network = configs.network_without_secrets()?;
    let folder = folder(&network, &here);
    let cache = Cache::new(&folder);
    let name = shown(&folder, &absolute(&here, &folder), &here);
    let name = if name.is_empty() { "." } else { name.as_ref() };
    let mut out = terminal.stdout();
    match command {
        Command::Show { format, .. } => {
            let stock = cache.stock(&network.policy, now()).map_err(Mistake::new)?;
            let results = Results::new(&folder, now());
            let kept = results.stock();
            match format {
                ListFormat::Text => write!(out, "{}", text(stock.as_ref(), kept, name))?,
                ListFormat::Json => {
                    let json = json(stock.as_ref(), kept, name);
                    serde_json::to_writer_pretty(&mut out, &json).map_err(std::io::Error::from)?;
                    writeln!(out)?;
                }
            }
            let damage = stock.and_then(|stock| stock.damage).into_iter().chain(results.notes());
            terminal.write_notes(&damage.map(Mistake::new).collect::<Vec<_>>());
        }
        Command::Clean { .. } => {
            let cleaned = cache.clean().map_err(Mistake::new)?;
            writeln!(out, "{}", told(&cleaned, name))?;
        }
    }
    Ok(CLEAN)
}

fn text(stock: Option<&Stock>, results: Option<ResultsStock>, folder: &str) -> String {
    let Some(stock) = stock else { return none(folder) + "\n" };
    let ages = match stock.ages {
        Some((newest, oldest)) => format!(", {} to {} old", age(newest), age(oldest)),
        None => String::new(),
    };
    let mut lines = vec![
        format!("folder   {folder}"),
        format!("size     {} bytes", stock.bytes),
        format!("replies  {}{ages}", stock.replies()),
    ];
    let results = results.map(|ResultsStock { findings, facts, bytes }| {
        format!("results  of {findings} articles checked and {facts} known, {bytes} bytes")
    });
    lines.extend(results);
    if stock.replies() > 0 {
        lines.push(format!(
            "\n{:<7}{:>8}{:>8}{:>8}{:>8}{:>8}",
            "", "all", "1 hour", "1 day", "7 days", "older"
        ));
        for (name, ages) in [("alive", stock.alive), ("dead", stock.dead)] {
            let Ages { hour, day, week, older } = ages;
            lines.push(format!("{name:<7}{:>8}{hour:>8}{day:>8}{week:>8}{older:>8}", ages.all()));
        }
        lines.push(format!("{:<7}{:>8}  asked again by the next run", "stale", stock.stale));
    }
    if !stock.hosts.is_empty() {
        lines.push("\nreplies  host".to_owned());
        lines.extend(stock.hosts.iter().map(|(host, count)| format!("{count:>7}  {host}")));
    }
    lines.join("\n") + "\n"
}

fn json(stock: Option<&Stock>, results: Option<ResultsStock>, folder: &str) -> Json {
    let empty = Stock::default();
    let known = stock.unwrap_or(&empty);
    let ages = |ages: Ages| {
        let Ages { hour, day, week, older } = ages;
        json!({ "all": ages.all(), "hour": hour, "day": day, "week": week, "older": older })
    };
    let results = results.unwrap_or_default();
    let hosts = known.hosts.iter().map(|(host, count)| json!({ "host": host, "replies": count }));
    json!({
        "folder": folder,
        "exists": stock.is_some(),
        "bytes": known.bytes,
        "replies": known.replies(),
        "alive": ages(known.alive),
        "dead": ages(known.dead),
        "stale": known.stale,
        "newest_seconds": known.ages.map(|(newest, _)| newest),
        "oldest_seconds": known.ages.map(|(_, oldest)| oldest),
        "hosts": hosts.collect::<Vec<_>>(),
        "results": { "findings": results.findings, "facts": results.facts, "bytes": results.bytes },
        "damage": known.damage,
    })
}

/// What was removed.
fn told(cleaned: &Cleaned, folder: &str) -> String {
    let files = match cleaned.files.len() {
        0 => return none(folder),
        1 => "1 file".to_owned(),
        more => format!("{more} files"),
    };
    let bytes = cleaned.bytes;
    match &cleaned.left {
        None => format!("removed \"{folder}\": {files}, {bytes} bytes"),
        Some(why) => format!("removed {files}, {bytes} bytes, from \"{folder}\", which stays: {why}"),
    }
}

fn none(folder: &str) -> String {
    format!("there is no cache in \"{folder}\"")
}

/// A time in its largest whole unit.
fn age(seconds: u64) -> String {
    let units = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];
    let (count, unit) = units
        .into_iter()
        .map(|(length, unit)| (seconds / length, unit))
        .find(|(count, _)| *count > 0)
        .unwrap_or((0, "second"));
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Policy, Retention};

    #[test]
    fn the_folder_is_seen_from_the_config_and_told_from_here() {
        let here = Path::new("/site");
        let cases = [
            ("", None, ".copydesk"),
            ("", Some("kept/web"), "kept/web"),
            ("/site", None, ".copydesk"),
            ("/site", Some("."), "."),
            ("/site", Some("../shared"), "/shared"),
            ("/", None, "/.copydesk"),
            ("/elsewhere", Some("/var/kept"), "/var/kept"),
        ];
        for (config, named, expected) in cases {
            let retention = Retention { folder: named.map(PathBuf::from), ..Retention::default() };
            let policy = Policy { retention, ..Policy::default() };
            let network = Network { policy, folder: config.into() };
            assert_eq!(folder(&network, here), Path::new(expected), "{config} {named:?}");
        }
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let cases =
            [(0, "0 seconds"), (1, "1 second"), (119, "1 minute"), (7200, "2 hours"), (86_400, "1 day")];
        for (seconds, expected) in cases {
            assert_eq!(age(seconds), expected);
        }
    }
}
