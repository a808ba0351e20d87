//! `lint --online`, from the outside: a folder of articles, a web of our own, and what is said of one by the other.

mod asking;
mod images;
mod kept;
mod known;
mod mending;
mod politeness;
#[cfg(unix)]
mod progress;
mod safety;
mod setup;
mod verdicts;

use std::fmt::Write as _;
use std::io::Read;
use std::process::{Child, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::cli::{Desk, Ended};
use super::web::{Server, authority};
use Said::{Fine, Wrong};

/// How long a run may take: much longer than it does on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder of articles whose config knows the names of a server's hosts.
struct Office<'a> {
    server: &'a Server,
    desk: Desk,
    /// What stands under `network:`, by key.
    network: Vec<(String, String)>,
    /// What stands in the config besides.
    besides: String,
    environment: Vec<(String, String)>,
}

/// What is said of an address.
#[derive(Clone, Copy, Debug)]
enum Said<'a> {
    /// Nothing.
    Fine,
    /// One thing: its level, its rule, and a part of the message.
    Wrong(&'a str, &'a str, &'a str),
}

impl<'a> Office<'a> {
    fn new(server: &'a Server) -> Self {
        let names = ["doors.test", "wrong.test", "a.test", "b.test", "c.test"].map(str::to_owned);
        let numbered = (0..40).map(host);
        let hosts = names.into_iter().chain(numbered).fold(String::new(), |mut hosts, name| {
            let _ = write!(hosts, "{name}: 127.0.0.1, ");
            hosts
        });
        let office = Self {
            server,
            desk: Desk::new(&[("authority.pem", &authority())]),
            network: Vec::new(),
            besides: String::new(),
            environment: Vec::new(),
        };
        office
            .with("allow-private", "[127.0.0.0/8]")
            .with("hosts", &format!("{{{hosts}}}"))
            // What fails is asked again in half a second.
            .with("retries", "1")
            // A machine that has much else to do may take long.
            .with("timeout", "{connect: 60s, first-byte: 60s, whole: 60s}")
    }

    /// Sets a key under `network:` in the config.
    fn with(mut self, key: &str, value: &str) -> Self {
        self.network.retain(|(known, _)| known != key);
        self.network.push((key.to_owned(), value.to_owned()));
        self.write();
        self
    }

    /// Sets what stands in the config besides `network`.
    fn besides(mut self, text: &str) -> Self {
        text.clone_into(&mut self.besides);
        self.write();
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn article(self, path: &str, text: &str) -> Self {
        self.desk.write(path, text.as_bytes());
        self
    }

    /// An article with these addresses as images, the first in line 1, the next in line 3, and so on.
    fn images<U: AsRef<str>>(self, path: &str, urls: &[U]) -> Self {
        self.article(path, &lines(urls, "!"))
    }

    /// The same with links.
    fn links<U: AsRef<str>>(self, path: &str, urls: &[U]) -> Self {
        self.article(path, &lines(urls, ""))
    }

    fn write(&self) {
        let network = self.network.iter().fold(String::new(), |mut network, (key, value)| {
            let _ = writeln!(network, "  {key}: {value}");
            network
        });
        self.desk.write("copydesk.yaml", format!("network:\n{network}{}", self.besides).as_bytes());
    }

    /// The program in this folder, in an environment that says nothing of CI and of proxies.
    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.desk.command(arguments);
        for name in ["CI", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        {
            command.env_remove(name);
        }
        command.env("SSL_CERT_FILE", self.desk.path().join("authority.pem"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    /// Runs the program, which may not hang.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Ended {
        wait(self.start(arguments))
    }

    /// Lints with all that the rules of the network have to say, and reports in JSON.
    #[track_caller]
    fn online(&self, arguments: &[&str]) -> Report {
        let ended = self.run(&[&["lint", "--online", "--format", "json"], arguments].concat());
        Report::of(ended)
    }

    /// Asks for the images at these paths, each at a host of its own, and holds what is said of each against what is
    /// expected.
    #[track_caller]
    fn judges(self, cases: &[(&str, Said<'_>)]) -> Report {
        let urls = cases.iter().enumerate().map(|(at, (path, _))| self.server.at(&host(at), path));
        let office = self.images("images.md", &urls.collect::<Vec<_>>());
        let report = office.online(&["--only", "image-reachable,image-type,image-size", "images.md"]);
        report.says(cases);
        report
    }

    /// The same for links.
    #[track_caller]
    fn judges_links(self, cases: &[(&str, Said<'_>)]) -> Report {
        let urls = cases.iter().enumerate().map(|(at, (path, _))| self.server.at(&host(at), path));
        let office = self.links("links.md", &urls.collect::<Vec<_>>());
        let report = office.online(&["--only", "link-reachable", "links.md"]);
        report.says(cases);
        report
    }
}

/// One of many names of the server, so that the failures of one address are not those of another's host.
fn host(number: usize) -> String {
    format!("h{number}.test")
}

fn lines<U: AsRef<str>>(urls: &[U], mark: &str) -> String {
    urls.iter().fold(String::new(), |mut text, url| {
        let _ = write!(text, "{mark}[A door](<{}>)\n\n", url.as_ref());
        text
    })
}

/// Waits for the program to end.
#[track_caller]
fn wait(mut child: Child) -> Ended {
    fn read(pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
        let mut pipe = pipe;
        thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).expect("the pipe can be read");
            bytes
        })
    }
    let stdout = read(child.stdout.take().expect("it is a pipe"));
    let stderr = read(child.stderr.take().expect("it is a pipe"));
    let start = Instant::now();
    let mut hangs = false;
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            break status;
        }
        if start.elapsed() > PATIENCE {
            hangs = true;
            child.kill().expect("it can be ended");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let [stdout, stderr] = [stdout, stderr].map(|reader| reader.join().expect("it only reads"));
    assert!(
        !hangs,
        "it does not end: {} {}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    Ended::of(&Output { status, stdout, stderr })
}

/// How a run ended that reports in JSON.
struct Report {
    ended: Ended,
    json: Json,
}

/// A finding, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    path: String,
    line: u64,
    level: String,
    rule: String,
    message: String,
}

impl Report {
    #[track_caller]
    fn of(ended: Ended) -> Self {
        let json = ended.json();
        Self { ended, json }
    }

    fn found(&self) -> Vec<Found> {
        let text = |value: &Json| value.as_str().expect("a text").to_owned();
        let findings = self.json["findings"].as_array().expect("a list").iter();
        findings
            .map(|finding| Found {
                path: text(&finding["path"]),
                line: finding["start"]["line"].as_u64().expect("a line"),
                level: text(&finding["level"]),
                rule: text(&finding["rule"]),
                message: text(&finding["message"]),
            })
            .collect()
    }

    /// Holds what is said of the addresses of [`Office::images`] against what is expected.
    #[track_caller]
    fn says(&self, cases: &[(&str, Said<'_>)]) {
        let found = self.found();
        let mut wrongs = Vec::new();
        for (at, (path, expected)) in cases.iter().enumerate() {
            let here: Vec<&Found> = found.iter().filter(|found| found.line == at as u64 * 2 + 1).collect();
            let is_right = match (expected, here.as_slice()) {
                (Fine, []) => true,
                (Wrong(level, rule, part), [found]) => {
                    found.level == *level && found.rule == *rule && found.message.contains(part)
                }
                _ => false,
            };
            if !is_right {
                wrongs.push(format!("{path}: expected {expected:?}, found {here:?}"));
            }
        }
        assert!(wrongs.is_empty(), "{}\n{}", wrongs.join("\n"), self.ended.stderr);
    }

    /// The numbers of what the web answered: alive, dead, unverified, from the cache.
    fn asked(&self) -> [u64; 4] {
        let asked = &self.json["summary"]["asked"];
        ["alive", "dead", "unverified", "cached"].map(|kind| asked[kind].as_u64().unwrap_or(u64::MAX))
    }

    /// How many URLs were left out for this reason.
    fn skipped(&self, reason: &str) -> u64 {
        let skipped = self.json["summary"]["skipped"].as_array().expect("a list");
        let is_it = |one: &&Json| one["unit"] == "url" && one["reason"] == reason;
        skipped.iter().find(is_it).map_or(0, |one| one["count"].as_u64().expect("a number"))
    }
}

/// So many paths that differ in the end.
fn many(server: &Server, host: &str, path: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| server.at(host, &format!("{path}/{number}"))).collect()
}

/// What stands in an article of one dead image.
const DEAD: Said<'_> = Wrong("error", "image-reachable", "404 Not Found");
