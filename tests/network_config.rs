//! What a config says of the network: which mistakes are shown and where, what `copydesk config` prints of it, and which
//! of several configs counts.

use copydesk::config::{Configs, Network, Overrides};
use copydesk::mistake::Mistake;

use super::cli::Desk;

/// The network of a run over these folders of the desk.
fn network(desk: &Desk, folders: &[&str], forced: Option<&str>) -> Result<Network, Vec<Mistake>> {
    configs(desk, folders, forced).network()
}

fn configs(desk: &Desk, folders: &[&str], forced: Option<&str>) -> Configs {
    let forced = forced.map(|path| desk.path().join(path));
    let configs = Configs::new(Overrides::default(), |_| Err(String::new()), forced.as_deref());
    let mut configs = configs.expect("the config is right");
    for folder in folders {
        configs.of_folder(&desk.path().join(folder)).expect("the config is right");
    }
    configs
}

/// What is wrong, as `line:column message (help)`.
fn shown(mistakes: &[Mistake]) -> Vec<String> {
    let one = |mistake: &Mistake| {
        let (source, span) = mistake.place.as_ref().expect("a place");
        let place = source.position(span.start);
        let name = source.path().rsplit('/').next().unwrap_or_default();
        let help = mistake.help.as_deref().unwrap_or_default();
        format!("{name}:{}:{} {} ({help})", place.line, place.column, mistake.message)
    };
    mistakes.iter().map(one).collect()
}

// --- Mistakes.

#[test]
fn every_mistake_is_shown_at_its_place_in_one_run() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "network:
  concurency: 5
  per-host: 300
  retries: 11
  interval: 5
  patience: 11m
  timeout: {connect: 0ms, whole: 30}
  user-agent: \"a\\nb\"
  headers:
    \"a.test:80\": {X: y}
    b.test: {Range: a, X Y: b}
  allow-private: [10.0.0.0/40, '*.internal']
  proxy: socks5://proxy.internal
  hosts: {10.0.0.1: 10.0.0.1, a.test: nowhere, b.test: 10.0.0.1, B.test: 10.0.0.2}
  rulings:
    - {match: /private/**, skip: true}
    - {match: a.test}
    - {match: [a.test, b.test], accept: [99]}
    - {match: a.test, skpi: true}
  cache: {alive: 2y, dead: 366d}
rules: {image-alt: fatal}
",
        ),
        ("a.md", "A door.\n"),
    ]);
    let ended = desk.lint(&[]);
    ended.code(2);
    for (place, what) in [
        ("2:3", "did you mean \"concurrency\"?"),
        ("3:13", "\"network.per-host\" is 300, but should be at most 256"),
        ("4:12", "at most 10"),
        ("5:13", "\"network.interval\" is \"5\", which is no length of time"),
        ("6:13", "\"network.patience\" is \"11m\", but may be 0ms to 10m"),
        ("7:22", "\"network.timeout.connect\" is \"0ms\", but may be 1ms to 10m"),
        ("7:34", "\"network.timeout.whole\" is \"30\""),
        ("8:15", "\"network.user-agent\" has a line break"),
        ("10:5", "write \"a.test\", without a port"),
        ("11:14", "\"Range\" is a header that copydesk writes by itself"),
        ("11:24", "\"X Y\" is no name of a header"),
        ("12:19", "\"10.0.0.0/40\" is no network"),
        ("12:32", "name each host below \"internal\""),
        ("13:10", "\"network.proxy\" is of a kind that is not built in"),
        ("14:11", "\"10.0.0.1\" is an address"),
        ("14:39", "\"nowhere\" is no address"),
        ("14:66", "the host \"b.test\" stands here a second time"),
        ("16:15", "\"/private/**\" is neither a host nor a whole address"),
        ("17:7", "this ruling says nothing of what it matches"),
        ("18:42", "is 99, but should be at least 100"),
        ("19:23", "did you mean \"skip\"?"),
        ("20:18", "\"network.cache.alive\" is \"2y\", which is no length of time"),
        ("20:28", "\"network.cache.dead\" is \"366d\", but may be 0ms to 365d"),
        ("21:20", "write error, warning, info, on, default or off"),
    ] {
        ended.complains(&format!("copydesk.yaml:{place}]")).complains(what);
    }
    assert_eq!(ended.stderr.matches('×').count(), 24, "{ended:?}");
}

#[test]
fn no_message_shows_a_secret() {
    let text = "network:
  headers:
    a.test: {Authorization: 12345, X-A: \"hunter1 ${A\", X-B: \"hunter2\\nhunter3\", Host: hunter4}
    b.test: hunter5
    c.test: {X-C: [hunter6], x-c: hunter7}
  header: {a.test: {X: hunter8}}
  proxy: proxy://me:hunter9@proxy.internal
";
    let desk = Desk::new(&[("copydesk.yaml", text), ("a.md", "A door.\n")]);
    let twice = format!("{text}  proxy: http://me:hunter9@proxy.internal\n");
    for text in [text, &twice] {
        desk.write("copydesk.yaml", text.as_bytes());
        for arguments in [&["lint"][..], &["config"], &["lint", "--format", "json"]] {
            let ended = desk.run(arguments);
            ended.code(2);
            for secret in ["12345", "hunter"] {
                assert!(!ended.stderr.contains(secret) && !ended.stdout.contains(secret), "{ended:?}");
            }
        }
    }
    desk.lint(&[]).complains("the key \"proxy\" stands here a second time");
    desk.write("copydesk.yaml", text.as_bytes());
    let ended = desk.lint(&[]);
    ended
        .complains("the value of \"Authorization\" is no text")
        .complains("the headers of \"b.test\" are no mapping");
    ended
        .complains("the header \"x-c\" stands here a second time")
        .complains("\"header\" is not a known key");
    desk.write("copydesk.yaml", b"network: {headers: hunter1, proxy: [hunter2]}\n");
    let ended = desk.lint(&[]);
    ended
        .code(2)
        .complains("\"network.headers\" is no mapping of hosts")
        .complains("\"network.proxy\" is no text");
    assert!(!ended.stderr.contains("hunter"), "{ended:?}");
}

#[test]
fn a_guard_that_is_turned_off_is_noted() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "network: {allow-private: [10.0.0.0/8, \"::/0\"]}\n"),
        ("a.md", "A door.\n"),
    ]);
    let ended = desk.lint(&[]);
    ended.code(0).complains("copydesk.yaml:1:39").complains("\"::/0\" lets every address pass");
    assert_eq!(ended.stderr.matches("lets every address pass").count(), 1, "{ended:?}");
}

// --- What `copydesk config` prints.

#[test]
fn the_block_is_printed_with_who_said_it_and_without_secrets() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "extends: ./house.yaml
network:
  timeout: 1m
  headers: {Images.test: {Authorization: 'Bearer ${TOKEN}'}}
  allow-private: 10.0.0.0/8
  proxy: http://me:hunter2@proxy.internal
  rulings: [{match: [a.test, b.test], accept: 999}]
",
        ),
        (
            "house.yaml",
            "network:
  headers: {images.test: {X: hunter2}}
  allow-private: [localhost]
  hosts: {a.test: 10.0.0.1}
  cache: {alive: 48h}
",
        ),
    ]);
    let ended = desk.run(&["config"]);
    ended.code(0).says(
        "
network:
  enabled: false  # default
  concurrency: 64  # default
  per-host: 16  # default
  interval: \"0ms\"  # default
  retries: 3  # default
  patience: \"25s\"  # default
  timeout:
    connect: \"10s\"  # default
    first-byte: \"20s\"  # default
    whole: \"1m\"  # copydesk.yaml:3
",
    );
    ended.says(
        "
  headers:
    images.test:
      X: \"***\"  # house.yaml:2
      Authorization: \"Bearer ${TOKEN}\"  # copydesk.yaml:4
  allow-private:
    - localhost  # house.yaml:3
    - \"10.0.0.0/8\"  # copydesk.yaml:5
  proxy: \"http://***@proxy.internal\"  # copydesk.yaml:6
  hosts:
    a.test: \"10.0.0.1\"  # house.yaml:4
  rulings:
    - {\"match\":[\"a.test\",\"b.test\"],\"accept\":[999]}  # copydesk.yaml:7
  cache:
    folder: .copydesk  # default
    alive: \"2d\"  # house.yaml:5
    dead: \"1h\"  # default
",
    );
    assert!(!ended.stdout.contains("hunter"), "{ended:?}");

    let read: serde_json::Value = serde_yaml::from_str(&ended.stdout).expect("it is YAML");
    let json = desk.run(&["config", "--format", "json"]);
    assert!(!json.stdout.contains("hunter"), "{json:?}");
    let json = json.json();
    let (read, json) = (&read["network"], &json["network"]);
    assert_eq!(json["timeout"]["whole"], serde_json::json!({"value": "1m", "from": "copydesk.yaml:3"}));
    assert_eq!(
        json["headers"]["images.test"]["X"],
        serde_json::json!({"value": "***", "from": "house.yaml:2"})
    );
    assert_eq!(json["rulings"][0]["value"], read["rulings"][0]);
    assert_eq!(json["allow-private"][1]["from"], "copydesk.yaml:5");

    let plain = Desk::new(&[]).run(&["config"]);
    plain.says("  headers: {}  # default\n  allow-private: []  # default\n  proxy: null  # default\n");
}

// --- Which config counts.

#[test]
fn configs_that_say_nothing_go_with_the_one_that_speaks() {
    let desk = Desk::new(&[
        ("copydesk.yaml", "rules: {}\n"),
        ("site/copydesk.yaml", "network: {enabled: true, retries: 1, cache: {folder: kept}}\n"),
        ("site/deep/copydesk.yaml", "rules: {}\n"),
    ]);
    let all = ["", "site", "site/deep", "site/deep/deeper"];
    assert!(configs(&desk, &all, None).is_online());
    let found = network(&desk, &all, None).expect("one speaks");
    assert_eq!((found.policy.manners.retries, &found.folder), (1, &desk.path().join("site")));
    assert_eq!(found.policy.retention.folder, Some(desk.path().join("site/kept")));
    // Where none speaks, the folder is that of the topmost.
    assert!(!configs(&desk, &["", "site/deep"], None).is_online());
    let silent = network(&desk, &["site/deep", ""], None).expect("none speaks");
    assert_eq!((silent.policy.manners.retries, silent.folder.as_path()), (3, desk.path()));
    let forced = network(&desk, &[], Some("site/copydesk.yaml")).expect("one counts");
    assert_eq!(forced.folder, desk.path().join("site"));
    let nothing = network(&Desk::new(&[]), &[], None).expect("there is no config");
    assert_eq!(nothing.folder.as_os_str(), "");
}

#[test]
fn configs_that_speak_in_different_ways_are_refused_and_those_that_agree_are_not() {
    let desk = Desk::new(&[
        ("a/copydesk.yaml", "network: {retries: 1, timeout: 30s}\n"),
        ("b/copydesk.yaml", "rules: {}\nnetwork: {retries: 2}\n"),
        ("c/copydesk.yaml", "network: {retries: 1}\n"),
        ("d/copydesk.yaml", "extends: ../house.yaml\n"),
        ("house.yaml", "network: {retries: 1, rulings: [{match: a.test, skip: true}]}\n"),
    ]);
    let agreed = network(&desk, &["c", "a"], None).expect("they say the same");
    assert_eq!(agreed.folder, desk.path().join("a"));
    let mistakes = network(&desk, &["a", "b", "c", "d"], None).expect_err("they differ");
    let mistakes = shown(&mistakes);
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert!(
        mistakes[0].starts_with("copydesk.yaml:2:1 one run asks the network in one way, but \""),
        "{mistakes:?}"
    );
    assert!(
        mistakes[0].contains(
            "a/copydesk.yaml\" has another \"retries\" (name the config that counts with `--config`"
        )
    );
    assert!(
        mistakes[1].starts_with("house.yaml:1:1 ") && mistakes[1].contains("\"rulings\""),
        "{mistakes:?}"
    );
    network(&desk, &["a", "b"], Some("b/copydesk.yaml")).expect("one counts for all");
    // Offline nobody is troubled by it.
    desk.write("a/a.md", b"A door.\n");
    desk.write("b/b.md", b"A door.\n");
    desk.lint(&["a", "b"]).code(0);
}

#[test]
fn variables_are_looked_up_only_to_ask() {
    let desk = Desk::new(&[
        (
            "copydesk.yaml",
            "network:\n  headers:\n    a.test: {X: '${PATH}', Y: 'a ${COPYDESK_IS_NEVER_SET}'}\n  proxy: ${COPYDESK_IS_NEVER_SET}\n",
        ),
        ("a.md", "A door.\n"),
    ]);
    desk.lint(&[]).code(0);
    desk.run(&["config"]).code(0).says("\"Y\": \"a ${COPYDESK_IS_NEVER_SET}\"");
    let configs = configs(&desk, &[""], None);
    let mistakes = shown(&configs.network().expect_err("it is not set"));
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert!(mistakes[0].starts_with(
        "copydesk.yaml:3:31 the value of \"Y\" needs the environment variable \"COPYDESK_IS_NEVER_SET\", which is not set (set \"COPYDESK_IS_NEVER_SET\""
    ), "{mistakes:?}");
    assert!(mistakes[1].starts_with("copydesk.yaml:4:10 \"network.proxy\" needs"), "{mistakes:?}");
    let policy = configs.network_without_secrets().expect("no variable is looked at").policy;
    assert!(policy.headers.is_empty() && policy.proxy.is_none());
    desk.write("copydesk.yaml", b"network: {headers: {a.test: {X: '$${a} ${PATH}'}}}\n");
    let policy = network(&desk, &[""], None).expect("it is set").policy;
    let path = std::env::var("PATH").expect("tests have a path");
    assert_eq!(policy.headers[0].value.0, format!("${{a}} {path}"));
    assert!(!format!("{policy:?}").contains(&path));
}
