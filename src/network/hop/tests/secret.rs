//! Encryption: what is trusted, what is not, and what is spoken behind it.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

/// What a server of `server.test` shows.
struct Shown {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

/// Who signs certificates here.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    // Else it would have the name of all that are made here, and sign those that nobody signed.
    params.distinguished_name.push(DnType::CommonName, "authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn shown(
    authority: Option<&CertifiedIssuer<'static, KeyPair>>,
    change: impl FnOnce(&mut CertificateParams),
) -> Shown {
    let mut params = CertificateParams::new(["server.test".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, authority).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    Shown {
        certificate: certificate.der().clone(),
        key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    }
}

/// Answers what is encrypted, in the protocol that was agreed upon.
fn server(shown: Shown, protocols: &[&str]) -> Server {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config =
        config.with_no_client_auth().with_single_cert(vec![shown.certificate], shown.key).unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server {
        address: listener.local_addr().unwrap(),
        connections: Arc::default(),
        requests: Arc::default(),
    };
    let requests = Arc::clone(&server.requests);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let Some(head) = read_head(&mut stream) else { continue };
            // Settings without any, and a head of one byte: the entry 8 of the static table, `:status: 200`
            // (RFC 9113, 6.5 and 6.2; RFC 7541, appendix A).
            let answer: &[u8] = match stream.conn.alpn_protocol() {
                Some(b"h2") => b"\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x05\0\0\0\x01\x88",
                _ => b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
            };
            requests.lock().unwrap().push(head);
            let _ = stream.write_all(answer);
            // Reads on, so that what was sent arrives before the connection is closed.
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.read(&mut [0; 1024]);
        }
    });
    server
}

/// Asks such a server at one of its names, trusting this authority.
fn asked(
    server: &Server,
    name: &str,
    trusted: Option<&CertifiedIssuer<'static, KeyPair>>,
) -> Result<Head, Failure> {
    let trusted = trusted.map(|issuer| Certificate::from_der(issuer.der()).unwrap()).into_iter().collect();
    let names = Known::new([("server.test", &["127.0.0.1"]), ("other.test", &["127.0.0.1"])]);
    let hopper = Hopper::trusting(&here(), names, trusted).unwrap();
    let url = format!("https://{name}:{}/", server.address.port());
    land(&hopper, &errand(&url, Method::Head, Depth::Head)).result
}

fn untrusted(why: &str) -> Result<Head, Failure> {
    Err(Failure::Tls(why.to_owned()))
}

#[test]
fn what_is_trusted_is_asked_in_http_2_where_the_server_speaks_it() {
    let authority = authority();
    let first = server(shown(Some(&authority), |_| {}), &["h2", "http/1.1"]);
    assert_eq!(asked(&first, "server.test", Some(&authority)).unwrap().status, 200);
    assert!(first.requests()[0].starts_with("PRI * HTTP/2.0\r\n"), "{:?}", first.requests());
    let second = server(shown(Some(&authority), |_| {}), &["http/1.1"]);
    assert_eq!(asked(&second, "server.test", Some(&authority)).unwrap().status, 204);
    assert!(second.requests()[0].starts_with("HEAD / HTTP/1.1\r\n"), "{:?}", second.requests());
}

#[test]
fn what_is_not_trusted_is_told_in_words() {
    let authority = authority();
    let old = server(shown(Some(&authority), |params| params.not_after = date_time_ymd(2020, 1, 1)), &[]);
    assert_eq!(asked(&old, "server.test", Some(&authority)), untrusted("the certificate has expired"));
    let early = server(shown(Some(&authority), |params| params.not_before = date_time_ymd(2200, 1, 1)), &[]);
    assert_eq!(asked(&early, "server.test", Some(&authority)), untrusted("the certificate is not valid yet"));
    let fine = server(shown(Some(&authority), |_| {}), &[]);
    assert_eq!(
        asked(&fine, "other.test", Some(&authority)),
        untrusted("the certificate is for another name")
    );
    let nobody = "the certificate is not signed by anyone who is trusted";
    assert_eq!(asked(&fine, "server.test", None), untrusted(nobody));
    let alone = server(shown(None, |_| {}), &[]);
    assert_eq!(asked(&alone, "server.test", Some(&authority)), untrusted(nobody));
    assert!(old.requests().is_empty() && early.requests().is_empty() && fine.requests().is_empty());
}

#[test]
fn a_server_that_does_not_encrypt_is_told_from_one_that_breaks_off() {
    let asked = |bytes| get(&format!("https://{}/", blurting(bytes)), Depth::Head);
    assert_eq!(asked(b"HTTP/1.1 400 Bad Request\r\n\r\n"), untrusted("the server does not encrypt"));
    // An alert: no handshake can be agreed upon.
    assert_eq!(asked(b"\x15\x03\x03\0\x02\x02\x28"), untrusted("the server only speaks what is outdated"));
    let broken = Failure::Connection("it was closed before the answer was complete".to_owned());
    assert_eq!(asked(b""), Err(broken));
}
