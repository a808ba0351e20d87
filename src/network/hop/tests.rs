//! Requests to a server on this machine that sends whatever bytes a test wants.

mod bodies;
mod guarded;
mod secret;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;
use crate::web::{Header, Private, Secret};

/// A server. Its threads end with the tests.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    /// The heads of the requests that came, in small letters but for the values.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each request by `answer`, which gets the connection and the head, and says whether the connection is
    /// used again.
    fn start(answer: impl Fn(&mut TcpStream, &str) -> bool + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    fn on(
        listener: TcpListener,
        answer: impl Fn(&mut TcpStream, &str) -> bool + Send + Sync + 'static,
    ) -> Self {
        let server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, requests) = (Arc::clone(&server.connections), Arc::clone(&server.requests));
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
                thread::spawn(move || {
                    while let Some(head) = read_head(&mut stream) {
                        requests.lock().unwrap().push(head.clone());
                        if !answer(&mut stream, &head) {
                            return;
                        }
                    }
                });
            }
        });
        server
    }

    /// Always sends these bytes.
    fn sending(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |stream, _| stream.write_all(&bytes).is_ok())
    }

    /// Sends these bytes, and closes the connection.
    fn breaking_off(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |stream, _| stream.write_all(&bytes).is_err())
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A server that says something before it is asked, hears one word, and leaves.
fn blurting(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.write_all(bytes);
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    address
}

fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Knows a few names.
struct Known(HashMap<String, Result<Vec<IpAddr>, Failure>>);

impl Known {
    fn new<const COUNT: usize>(names: [(&str, &[&str]); COUNT]) -> Arc<Self> {
        let parse = |addresses: &[&str]| addresses.iter().map(|address| address.parse().unwrap()).collect();
        Arc::new(Self(names.map(|(name, addresses)| (name.to_owned(), Ok(parse(addresses)))).into()))
    }
}

impl Lookup for Known {
    fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        self.0.get(name).cloned().unwrap_or(Err(Failure::NoSuchHost))
    }
}

/// A policy for servers of tests.
fn here() -> Policy {
    Policy { allow_private: vec![Private::Network("127.0.0.1/32".parse().unwrap())], ..Policy::default() }
}

fn hopper(policy: &Policy) -> Hopper {
    Hopper::new(policy, Known::new([("server.test", &["127.0.0.1"]), ("other.test", &["127.0.0.1"])]))
        .unwrap()
}

fn errand(url: &str, method: Method, depth: Depth) -> Errand {
    Errand {
        question: 0,
        url: Url::parse(url).unwrap(),
        method,
        depth,
        hops: Vec::new(),
        attempts: 0,
        retries: 0,
    }
}

fn land(hopper: &Hopper, errand: &Errand) -> Landing {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(hopper.hop(errand))
}

/// Asks with the usual policy.
fn ask(url: &str, method: Method, depth: Depth) -> Result<Head, Failure> {
    land(&hopper(&here()), &errand(url, method, depth)).result
}

fn get(url: &str, depth: Depth) -> Result<Head, Failure> {
    ask(url, Method::Get, depth)
}

/// The value of a header, if it was sent.
fn sent<'head>(head: &'head str, name: &str) -> Option<&'head str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[test]
fn the_head_of_an_answer_is_told_as_facts() {
    let server = Server::sending(
        "HTTP/1.1 301 Moved\r\nLocation: /\u{fc}ber?a#b\r\nContent-Type: Image/PNG ; q=1\r\nContent-Length: 123456\r\n\
         Retry-After: 7\r\nX-RateLimit-Remaining: 3\r\n\r\n",
    );
    let landing = land(&hopper(&here()), &errand(&server.url("/a?b"), Method::Head, Depth::Head));
    let head = Head {
        status: 301,
        location: Some("/\u{fc}ber?a#b".to_owned()),
        media_type: Some("image/png".to_owned()),
        ..Head::default()
    };
    assert_eq!(landing.result, Ok(head));
    assert_eq!(landing.hints.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(landing.hints.remaining, Some(3));
    let requests = server.requests();
    assert!(requests[0].starts_with("HEAD /a?b HTTP/1.1\r\n"), "{requests:?}");
    assert_eq!(sent(&requests[0], "range"), None);
    assert_eq!(sent(&requests[0], "accept"), Some("image/*,*/*;q=0.8"));
    assert_eq!(sent(&requests[0], "authorization"), None);
    let user_agent = sent(&requests[0], "user-agent").unwrap();
    assert!(user_agent.starts_with("copydesk/") && user_agent.contains("(+https://"), "{user_agent}");
}

#[test]
fn as_many_bytes_are_asked_for_as_the_depth_needs() {
    let server = Server::sending("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let ranges = [(Depth::Head, "bytes=0-0"), (Depth::Type, "bytes=0-4095"), (Depth::Size, "bytes=0-65535")];
    for (depth, range) in ranges {
        assert_eq!(get(&server.url("/"), depth).unwrap().status, 404);
        let requests = server.requests();
        let last = requests.last().unwrap();
        assert!(last.starts_with("GET / "), "{last}");
        assert_eq!(sent(last, "range"), Some(range));
        assert_eq!(
            sent(last, "accept-encoding").map(|value| value.contains("gzip") && value.contains("br")),
            Some(true)
        );
    }
}

#[test]
fn the_policy_names_the_user_agent_and_what_hosts_get_besides() {
    let server = Server::sending("HTTP/1.1 204 No Content\r\n\r\n");
    let header = |host: &str, value: &str| Header {
        host: host.to_owned(),
        name: "Authorization".to_owned(),
        value: Secret(value.to_owned()),
    };
    let headers = vec![header("server.test", "Bearer a"), header("other.test:1", "Bearer b")];
    let policy = Policy { user_agent: Some("desk/2".to_owned()), headers, ..here() };
    let hopper = hopper(&policy);
    assert!(!format!("{hopper:?}").contains("Bearer"), "{hopper:?}");
    for host in ["server.test", "other.test", "user:pass@server.test"] {
        let url = format!("http://{host}:{}/", server.address.port());
        assert_eq!(land(&hopper, &errand(&url, Method::Head, Depth::Head)).result.unwrap().status, 204);
    }
    let requests = server.requests();
    assert_eq!(sent(&requests[0], "user-agent"), Some("desk/2"));
    let sent: Vec<_> = requests.iter().map(|head| sent(head, "authorization")).collect();
    // What the config names counts more than what stands in an article.
    assert_eq!(sent, [Some("Bearer a"), None, Some("Bearer a")]);
}

#[test]
fn credentials_of_an_address_are_sent_as_they_are_meant_and_to_no_other_address() {
    let server = Server::sending("HTTP/1.1 204 No Content\r\n\r\n");
    let hopper = hopper(&here());
    for user in ["us%40er:p%3Ass@", "user@", "", "%ff:secret@"] {
        let url = format!("http://{user}{}/", server.address);
        land(&hopper, &errand(&url, Method::Head, Depth::Head)).result.unwrap();
    }
    let requests = server.requests();
    // `us@er:p:ss` and `user:` in Base64.
    let sent: Vec<_> = requests.iter().map(|head| sent(head, "authorization")).collect();
    assert_eq!(sent, [Some("Basic dXNAZXI6cDpzcw=="), Some("Basic dXNlcjo="), None, None]);
    assert!(requests.iter().all(|head| head.starts_with("HEAD / ") && !head.contains('@')), "{requests:?}");
}

#[test]
fn what_is_no_answer_is_told_in_words() {
    let refusing = TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = format!("http://{}/", refusing.local_addr().unwrap());
    drop(refusing);
    let connection = |why: &str| Failure::Connection(why.to_owned());
    let protocol = |why: &str| Failure::Protocol(why.to_owned());
    assert_eq!(get(&refused, Depth::Type), Err(connection("it was refused")));
    let large = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let cases = [
        (String::new(), connection("it was closed before the answer was complete")),
        (
            "HTTP/1.1 200 OK\r\nContent-".to_owned(),
            connection("it was closed before the answer was complete"),
        ),
        ("SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned(), protocol("it is not HTTP")),
        ("<html>no head</html>\r\n\r\n".to_owned(), protocol("it is not HTTP")),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n".to_owned(), protocol("it is not HTTP")),
        (large, protocol("its head is too large")),
    ];
    for (bytes, failure) in cases {
        let server = Server::breaking_off(bytes.clone());
        assert_eq!(get(&server.url("/"), Depth::Type), Err(failure), "{}", &bytes[..bytes.len().min(60)]);
    }
    assert_eq!(get("http://gone.test/", Depth::Type), Err(Failure::NoSuchHost));
    assert_eq!(
        get("ftp://server.test/a", Depth::Type),
        Err(Failure::BadRedirect("ftp://server.test/a".to_owned()))
    );
}

/// A name server that never answers.
struct Silent;

impl Lookup for Silent {
    fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
        thread::park();
        Ok(Vec::new())
    }
}

#[test]
fn each_time_out_has_its_phase() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow_body = Server::start(|stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n").unwrap();
        thread::park();
        false
    });
    let asked = |url: String, connect: u64, first_byte: u64, whole: u64| {
        let [connect, first_byte, whole] = [connect, first_byte, whole].map(milliseconds);
        let policy = Policy { time_outs: TimeOuts { connect, first_byte, whole }, ..here() };
        land(&hopper(&policy), &errand(&url, Method::Get, Depth::Type)).result
    };
    let address = silent.local_addr().unwrap();
    // Nobody answers the first word of the encryption.
    assert_eq!(
        asked(format!("https://{address}/"), 50, 60_000, 60_000),
        Err(Failure::TimeOut(Phase::Connect))
    );
    assert_eq!(
        asked(format!("http://{address}/"), 60_000, 50, 60_000),
        Err(Failure::TimeOut(Phase::FirstByte))
    );
    assert_eq!(
        asked(format!("http://{address}/"), 60_000, 60_000, 50),
        Err(Failure::TimeOut(Phase::FirstByte))
    );
    assert_eq!(asked(slow_body.url("/"), 60_000, 60_000, 500), Err(Failure::TimeOut(Phase::Whole)));
    let time_outs = TimeOuts { connect: milliseconds(50), ..TimeOuts::default() };
    let hopper = Hopper::new(&Policy { time_outs, ..here() }, Arc::new(Silent)).unwrap();
    let landing = land(&hopper, &errand("http://server.test/", Method::Get, Depth::Type));
    assert_eq!(landing.result, Err(Failure::TimeOut(Phase::Connect)));
}

#[test]
fn the_longest_time_outs_that_can_be_written_do_no_harm() {
    let server = Server::sending("HTTP/1.1 204 No Content\r\n\r\n");
    let time_outs = TimeOuts { connect: Duration::MAX, first_byte: Duration::MAX, whole: Duration::MAX };
    let hopper = hopper(&Policy { time_outs, ..here() });
    assert_eq!(
        land(&hopper, &errand(&server.url("/"), Method::Get, Depth::Type)).result.unwrap().status,
        204
    );
}

/// How many connections twenty requests to such a server take.
fn connections(answer: impl Fn(&mut TcpStream, &str) -> bool + Send + Sync + 'static, depth: Depth) -> usize {
    let server = Server::start(answer);
    let hopper = hopper(&here());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for number in 0..20 {
            let errand = errand(&server.url(&format!("/{number}")), Method::Get, depth);
            hopper.hop(&errand).await.result.unwrap();
        }
    });
    assert_eq!(server.requests().len(), 20);
    server.connections()
}

#[test]
fn a_connection_is_used_again_where_the_rest_of_the_body_is_short() {
    let body = |length: usize| {
        let mut body = b"\x89PNG\r\n\x1a\n".to_vec();
        body.resize(length, 7);
        body
    };
    let whole = move |length: usize| {
        move |stream: &mut TcpStream, _: &str| {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all(&[head.as_bytes(), &body(length)].concat()).is_ok()
        }
    };
    let part = move |stream: &mut TcpStream, _: &str| {
        let head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4095/500000\r\nContent-Length: 4096\r\n\r\n";
        stream.write_all(&[head.as_bytes(), &body(4096)].concat()).is_ok()
    };
    let missing = |stream: &mut TcpStream, _: &str| {
        let head = "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(format!("{head}3e8\r\n{}\r\n0\r\n\r\n", "x".repeat(1000)).as_bytes()).is_ok()
    };
    assert_eq!(connections(part, Depth::Type), 1);
    assert_eq!(connections(part, Depth::Head), 1);
    assert_eq!(connections(whole(30_000), Depth::Type), 1);
    assert_eq!(connections(missing, Depth::Type), 1);
    // To read a long rest costs more than to connect again.
    assert_eq!(connections(whole(1 << 20), Depth::Type), 20);
}
