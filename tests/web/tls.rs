//! Certificates of an authority that only the tests know.

use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The names that certificates are for. Another name that leads here has a wrong one.
const NAMES: [&str; 6] = ["doors.test", "a.test", "b.test", "c.test", "localhost", "127.0.0.1"];

/// What a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certificate {
    /// What the authority of the tests has signed.
    Good,
    /// What was good until 2001.
    Expired,
    /// What another authority has signed.
    Strange,
}

impl Certificate {
    /// All of them, each at the place of its port.
    pub(super) const ALL: [Self; 3] = [Self::Good, Self::Expired, Self::Strange];
}

/// The authority. On Linux a program trusts it whose `SSL_CERT_FILE` is a file of this text.
pub(crate) fn authority() -> String {
    OURS.pem()
}

/// How a connection with this certificate is made.
pub(super) fn config(certificate: Certificate) -> ServerConfig {
    let issuer = if certificate == Certificate::Strange { &*STRANGE } else { &*OURS };
    let mut params = CertificateParams::new(NAMES.map(str::to_owned)).expect("the names are names");
    if certificate == Certificate::Expired {
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
    }
    let key = KeyPair::generate().expect("there is chance enough");
    let signed = params.signed_by(&key, issuer).expect("the authority can sign");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(vec![signed.der().clone()], key)
        .expect("the key is that of the certificate");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

static OURS: LazyLock<Issuer> = LazyLock::new(|| make("the authority of the tests"));
static STRANGE: LazyLock<Issuer> = LazyLock::new(|| make("a strange authority"));

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn make(name: &str) -> Issuer {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("there is chance enough");
    CertifiedIssuer::self_signed(params, key).expect("it can sign for itself")
}
