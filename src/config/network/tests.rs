//! Tests of layers and of the policy that they come to.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::config::origin::Speaker;
use crate::config::raw::Raw;
use crate::text::Source;

/// The block of these files, each laid over those before it.
fn block(texts: &[&str]) -> Block {
    let layer = |(at, text): (usize, &&str)| {
        let source = Arc::new(Source::new(format!("{at}.yaml"), text.as_bytes().to_vec()));
        let raw = Raw::parse(&source, &source).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
        Layer { raw, speaker: Speaker::File(source), folder: Path::new("site").join(at.to_string()) }
    };
    Block::of(&texts.iter().enumerate().map(layer).collect::<Vec<_>>())
}

fn value(name: &str) -> Result<String, &'static str> {
    match name {
        "TOKEN" => Ok("t0k".to_owned()),
        "BROKEN" => Ok("t0k\n".to_owned()),
        "SOCKS" => Ok("socks5://proxy.internal".to_owned()),
        "EMPTY" => Err("is empty"),
        _ => Err("is not set"),
    }
}

fn policy(texts: &[&str]) -> Policy {
    block(texts).policy(Some(&value)).unwrap_or_else(|wrong| panic!("{texts:?}: {wrong:?}"))
}

/// What is wrong when variables are looked up.
fn wrong(text: &str) -> Vec<String> {
    let mistakes = block(&[text]).policy(Some(&value)).expect_err(text);
    mistakes
        .into_iter()
        .map(|mistake| format!("{} ({})", mistake.message, mistake.help.unwrap_or_default()))
        .collect()
}

#[test]
fn a_config_that_says_nothing_is_the_default() {
    for texts in [&[][..], &["rules: {}"], &["network: {}"]] {
        assert_eq!(format!("{:?}", policy(texts)), format!("{:?}", Policy::default()));
    }
    assert!(block(&["rules: {}"]).spoken().is_none());
    assert!(block(&["network: {}"]).spoken().is_some());
}

#[test]
fn every_setting_reaches_the_policy() {
    let all = "network:
  enabled: true
  concurrency: 8
  per-host: 4
  interval: 500ms
  retries: 0
  patience: 1m
  timeout: {connect: 1s, first-byte: 2s, whole: 3s}
  user-agent: house
  headers: {Images.test: {Authorization: 'Bearer ${TOKEN}', X: plain}}
  allow-private: [127.0.0.1, 10.0.0.0/8, localhost]
  proxy: http://me:${TOKEN}@proxy.internal:3128
  hosts: {Staging.test: 10.0.0.7, b.test: [\"::1\", 10.0.0.8]}
  rulings:
    - {match: [a.test, 'https://b.test/**'], accept: 999, as-unverified: true}
    - {match: c.test, skip: true}
  cache: {folder: ../kept, alive: 1d, dead: 0ms}
";
    let policy = policy(&[all]);
    assert!(policy.enabled);
    let manners = policy.manners;
    assert_eq!((manners.concurrency, manners.per_host, manners.retries), (8, 4, 0));
    assert_eq!((manners.interval, manners.patience), (Duration::from_millis(500), Duration::from_mins(1)));
    let limits = policy.time_outs;
    assert_eq!([limits.connect, limits.first_byte, limits.whole], [1, 2, 3].map(Duration::from_secs));
    assert_eq!(policy.user_agent.as_deref(), Some("house"));
    let headers: Vec<_> = policy.headers.iter().map(|one| [&one.host, &one.name, &one.value.0]).collect();
    assert_eq!(headers, [["images.test", "Authorization", "Bearer t0k"], ["images.test", "X", "plain"]]);
    assert_eq!(policy.allow_private.len(), 3);
    assert_eq!(policy.proxy, Some(Secret("http://me:t0k@proxy.internal:3128".to_owned())));
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    assert_eq!(policy.hosts["staging.test"], [address("10.0.0.7")]);
    assert_eq!(policy.hosts["b.test"], [address("::1"), address("10.0.0.8")]);
    let rulings: Vec<_> =
        policy.rulings.iter().map(|one| (one.accept.as_deref(), one.skip, one.as_unverified)).collect();
    let first = (Some(&[999][..]), None, Some(true));
    assert_eq!(rulings, [first, first, (None, Some(true), None)]);
    assert_eq!(policy.retention.folder.as_deref(), Some(Path::new("site/0/../kept")));
    assert_eq!((policy.retention.alive, policy.retention.dead), (Duration::from_hours(24), Duration::ZERO));
}

#[test]
fn layers_are_laid_over_each_other_setting_by_setting() {
    let policy = policy(&[
        "network:
  timeout: 5s
  retries: 1
  headers: {a.test: {X: one, Y: two}}
  allow-private: [localhost, 10.0.0.0/8]
  hosts: {a.test: 10.0.0.1, b.test: 10.0.0.2}
  rulings: [{match: a.test, skip: true}]
  cache: {folder: kept}
",
        "rules: {}",
        "network:
  timeout: {connect: 1s}
  retries: 2
  headers: {A.test: {x: three}, b.test: {X: four}}
  allow-private: [10.0.0.0/8, 127.0.0.1]
  hosts: {b.test: 10.0.0.3}
  rulings: [{match: 'https://a.test/b', skip: false}]
",
    ]);
    assert_eq!([policy.time_outs.connect, policy.time_outs.whole], [1, 5].map(Duration::from_secs));
    assert_eq!(policy.manners.retries, 2);
    let headers: Vec<_> = policy.headers.iter().map(|one| [&one.host, &one.name, &one.value.0]).collect();
    assert_eq!(headers, [["a.test", "x", "three"], ["a.test", "Y", "two"], ["b.test", "X", "four"]]);
    assert_eq!(policy.allow_private.len(), 3);
    assert_eq!(policy.hosts["a.test"].len() + policy.hosts["b.test"].len(), 2);
    assert_eq!(policy.hosts["b.test"][0].to_string(), "10.0.0.3");
    assert_eq!(policy.retention.folder.as_deref(), Some(Path::new("site/0/kept")));
    let skips = |url| policy.skips(url);
    assert!(skips("https://a.test/") && !skips("https://a.test/b"), "the last that says anything counts");
}

#[test]
fn variables_that_cannot_be_used_are_named_and_no_value_is() {
    let headers = |value: &str| format!("network: {{headers: {{a.test: {{X: '{value}'}}}}}}");
    let both = wrong(&headers("hush ${GONE} ${EMPTY}"));
    assert!(both[0].contains(
        "the value of \"X\" needs the environment variable \"GONE\", which is not set (set \"GONE\""
    ));
    assert!(both[1].contains("\"EMPTY\", which is empty"));
    let broken = wrong(&headers("${BROKEN}"));
    assert!(
        broken[0].contains("has a line break") && broken[0].contains("the end of \"BROKEN\""),
        "{broken:?}"
    );
    let proxy = wrong("network: {proxy: '${SOCKS}'}");
    assert!(proxy[0].contains("of a kind that is not built in"), "{proxy:?}");
    for message in [both, broken, proxy].concat() {
        assert!(
            !message.contains("hush") && !message.contains("t0k") && !message.contains("internal"),
            "{message}"
        );
    }
}

#[test]
fn without_variables_nothing_that_needs_them_is_there() {
    let text = "network: {retries: 1, headers: {a.test: {X: '${GONE}', Y: z}}, proxy: '${GONE}'}";
    let policy = block(&[text]).policy(None).expect("no variable is looked at");
    assert_eq!((policy.manners.retries, policy.headers.len(), policy.proxy), (1, 0, None));
}

#[test]
fn blocks_differ_where_they_come_to_something_else() {
    let same = [
        ("network: {retries: 3}", "network: {concurrency: 64}"),
        ("network: {timeout: 30s}", "network: {timeout: {whole: 30s}}"),
        ("network: {cache: {alive: 7d}}", "network: {cache: {alive: 168h}}"),
        (
            "network: {hosts: {A.test: 10.0.0.1, b.test: 10.0.0.2}}",
            "network: {hosts: {b.test: 10.0.0.2, a.test: [10.0.0.1]}}",
        ),
    ];
    for (one, other) in same {
        assert_eq!(block(&[one]).difference(&block(&[other])), None, "{one} {other}");
    }
    let others = [
        ("network: {retries: 1}", "network: {retries: 2}", "retries"),
        ("network: {timeout: 1s}", "network: {}", "timeout.whole"),
        ("network: {}", "network: {headers: {a.test: {X: y}}}", "headers.a.test.x"),
        ("network: {allow-private: localhost}", "network: {}", "allow-private"),
        (
            "network: {rulings: [{match: a.test, skip: true}, {match: b.test, accept: 403}]}",
            "network: {rulings: [{match: b.test, accept: 403}, {match: a.test, skip: true}]}",
            "rulings",
        ),
    ];
    for (one, other, setting) in others {
        assert_eq!(block(&[one]).difference(&block(&[other])).as_deref(), Some(setting), "{one} {other}");
    }
}
