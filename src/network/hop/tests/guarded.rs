//! Where requests do not go.

use super::*;

fn guarded(address: &str) -> Result<Head, Failure> {
    Err(Failure::Guarded(address.to_owned()))
}

/// A server that has no visitors.
fn lonely() -> Server {
    Server::sending("HTTP/1.1 204 No Content\r\n\r\n")
}

#[test]
fn addresses_in_any_notation_are_refused_before_anything_is_sent() {
    let server = lonely();
    let port = server.address.port();
    let hopper = hopper(&Policy::default());
    let hosts = [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("0", "0.0.0.0"),
        ("[::1]", "::1"),
        ("[::]", "::"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1"),
        ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
        ("169.254.169.254", "169.254.169.254"),
        ("[fd00:ec2::254]", "fd00:ec2::254"),
        ("user:pass@127.0.0.1", "127.0.0.1"),
    ];
    for (host, address) in hosts {
        for (method, depth) in [(Method::Head, Depth::Head), (Method::Get, Depth::Type)] {
            let landing = land(&hopper, &errand(&format!("http://{host}:{port}/"), method, depth));
            assert_eq!(landing.result, guarded(address), "{host}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn names_of_private_addresses_are_refused_before_anything_is_connected_to() {
    let server = lonely();
    let names = Known::new([("here.test", &["127.0.0.1", "::1"]), ("named.test", &["127.0.0.1"])]);
    let allow_private = vec![Private::Host("named.test".to_owned())];
    let hopper = Hopper::new(&Policy { allow_private, ..Policy::default() }, names).unwrap();
    let asked = |host: &str| {
        let url = format!("http://{host}:{}/", server.address.port());
        land(&hopper, &errand(&url, Method::Get, Depth::Type)).result
    };
    assert_eq!(asked("here.test"), guarded("127.0.0.1"));
    assert_eq!(asked("HERE.test."), guarded("127.0.0.1"));
    assert_eq!(server.connections(), 0);
    assert_eq!(asked("named.test").unwrap().status, 204);
    assert_eq!(server.connections(), 1);
}

/// On Linux all of 127.0.0.0/8 is this machine: 127.0.0.2 stands for a public address, and 127.0.0.1 for a private one.
#[cfg(target_os = "linux")]
mod two_addresses {
    use std::{io, iter};

    use super::*;

    /// A policy to which 127.0.0.2 is as good as public.
    fn second_is_public() -> Policy {
        Policy { allow_private: vec![Private::Network("127.0.0.2/32".parse().unwrap())], ..Policy::default() }
    }

    /// Two servers on one port.
    fn servers() -> (Server, Server) {
        let answer = |stream: &mut TcpStream, _: &str| {
            // No connection is used again, so each request needs an address.
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            false
        };
        // A port that is free on the one may be taken on the other by a test that runs beside this one.
        let (public, private) = iter::repeat_with(|| {
            let public = TcpListener::bind("127.0.0.2:0")?;
            let private = TcpListener::bind(("127.0.0.1", public.local_addr()?.port()))?;
            io::Result::Ok((public, private))
        })
        .take(100)
        .find_map(Result::ok)
        .expect("a port that is free on both");
        (Server::on(public, answer), Server::on(private, answer))
    }

    #[test]
    fn a_name_server_that_changes_its_answer_leads_nowhere_else() {
        /// Answers with a public address first, and then with a private one.
        struct Rebinding(AtomicUsize);
        impl Lookup for Rebinding {
            fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
                let last = if self.0.fetch_add(1, Ordering::SeqCst) == 0 { 2 } else { 1 };
                Ok(vec![IpAddr::from([127, 0, 0, last])])
            }
        }
        let (public, private) = servers();
        let hopper = Hopper::new(&second_is_public(), Arc::new(Rebinding(AtomicUsize::new(0)))).unwrap();
        let url = format!("http://rebinding.test:{}/", public.address.port());
        for _ in 0..3 {
            assert_eq!(land(&hopper, &errand(&url, Method::Get, Depth::Type)).result.unwrap().status, 204);
        }
        assert_eq!((public.connections(), private.connections()), (3, 0));
    }

    #[test]
    fn of_several_addresses_only_the_public_ones_are_used() {
        let (public, private) = servers();
        let names = Known::new([("mixed.test", &["127.0.0.1", "127.0.0.2", "::1"])]);
        let hopper = Hopper::new(&second_is_public(), names).unwrap();
        let url = format!("http://mixed.test:{}/", public.address.port());
        assert_eq!(land(&hopper, &errand(&url, Method::Get, Depth::Type)).result.unwrap().status, 204);
        assert_eq!((public.connections(), private.connections()), (1, 0));
    }
}

#[test]
fn redirects_are_not_followed() {
    let server = lonely();
    let redirect =
        format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", server.url("/"));
    let redirecting = Server::sending(redirect);
    let head = get(&redirecting.url("/"), Depth::Type).unwrap();
    assert_eq!((head.status, head.location), (302, Some(server.url("/"))));
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_proxy_resolves_names_and_the_guard_sees_only_numbers() {
    let proxy = Server::sending("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
    // The name of the proxy is looked up, wherever it is; those behind it are not.
    let names = Known::new([("proxy.internal", &["127.0.0.1"])]);
    let secret = Secret(format!("http://user:secret@proxy.internal:{}", proxy.address.port()));
    let policy = Policy { proxy: Some(secret), ..Policy::default() };
    let hopper = Hopper::new(&policy, names).unwrap();
    assert!(!format!("{hopper:?}").contains("secret"), "{hopper:?}");
    let asked = |url: &str| land(&hopper, &errand(url, Method::Get, Depth::Type)).result;
    assert_eq!(asked("http://nobody-knows.test/a.png").unwrap().status, 204);
    assert_eq!(asked("http://127.0.0.1/a.png"), guarded("127.0.0.1"));
    let requests = proxy.requests();
    assert!(requests[0].starts_with("GET http://nobody-knows.test/a.png HTTP/1.1\r\n"), "{requests:?}");
    assert_eq!(sent(&requests[0], "proxy-authorization"), Some("Basic dXNlcjpzZWNyZXQ="));
    assert_eq!(requests.len(), 1);
}

#[test]
fn a_proxy_that_fails_makes_no_address_dead() {
    let through = |proxy: &str, url: &str| {
        let policy = Policy { proxy: Some(Secret(proxy.to_owned())), ..Policy::default() };
        land(&hopper(&policy), &errand(url, Method::Get, Depth::Type)).result.unwrap_err()
    };
    let connection = |why: &str| Failure::Connection(why.to_owned());
    assert_eq!(through("http://gone.internal:1", "https://a.test/"), connection("the proxy cannot be found"));
    let refusing = Server::sending("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let refused = through(&refusing.url(""), "https://a.test/");
    assert_eq!(refused, connection("it failed, by the proxy or behind it"));
    let plain = blurting(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let failure = through(&format!("https://{plain}"), "http://a.test/");
    assert_eq!(failure, connection("the encryption to the proxy, or behind it, failed"));
}

#[test]
fn a_proxy_that_cannot_be_used_is_told_without_its_password() {
    let policy =
        Policy { proxy: Some(Secret("socks5://user:secret@a.test".to_owned())), ..Policy::default() };
    let error = Hopper::new(&policy, Known::new([])).unwrap_err();
    assert!(error.starts_with("the proxy cannot be used") && !error.contains("secret"), "{error}");
}
