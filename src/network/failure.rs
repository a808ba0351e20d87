//! Why a request came to nothing, in words for people who write articles.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError};

use super::lookup::Refused;
use crate::web::{Failure, Phase};

/// Reads the causes of an error of the HTTP client, from the outermost to the innermost, until one is known.
///
/// Nothing of an error is shown as it is: it may hold the address with its credentials, or one of this machine.
pub(super) fn failure(error: &reqwest::Error) -> Failure {
    let mut found = None;
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(Refused(failure)) = error.downcast_ref() {
            return failure.clone();
        }
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return tls(error);
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            found = http(error).or(found);
        }
        cause = match error.downcast_ref::<io::Error>() {
            Some(error) => {
                found = io(error).or(found);
                // What such an error is made of is not its source, but has sources.
                error.get_ref().map(|inner| inner as &(dyn Error + 'static))
            }
            None => error.source(),
        };
    }
    if let Some(found) = found {
        return found;
    }
    if error.is_timeout() {
        return Failure::TimeOut(if error.is_connect() { Phase::Connect } else { Phase::Whole });
    }
    if error.is_builder() {
        return Failure::Protocol("its address cannot be sent".to_owned());
    }
    if error.is_decode() {
        return Failure::Protocol("its body cannot be read".to_owned());
    }
    connection(if error.is_connect() { "it failed" } else { "it broke off" })
}

/// A connection that failed.
pub(super) fn connection(why: &str) -> Failure {
    Failure::Connection(why.to_owned())
}

fn http(error: &hyper::Error) -> Option<Failure> {
    // The client has no other word for it.
    if error.is_parse() && error.to_string().contains("too large") {
        Some(Failure::Protocol("its head is too large".to_owned()))
    } else if error.is_parse() {
        Some(Failure::Protocol("it is not HTTP".to_owned()))
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Some(connection("it was closed before the answer was complete"))
    } else {
        None
    }
}

fn io(error: &io::Error) -> Option<Failure> {
    use io::ErrorKind;
    let why = match error.kind() {
        ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            return Some(Failure::Protocol("its body cannot be read".to_owned()));
        }
        ErrorKind::ConnectionRefused => "it was refused",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => "it was reset",
        ErrorKind::UnexpectedEof => "it was closed before the answer was complete",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "the network does not reach it"
        }
        ErrorKind::AddrNotAvailable | ErrorKind::AddrInUse | ErrorKind::QuotaExceeded => {
            "this machine has none left"
        }
        ErrorKind::PermissionDenied => "this machine does not allow it",
        _ => return None,
    };
    Some(connection(why))
}

/// Dead is what a reader's browser would refuse as well; a connection that only breaks while it is made secret, is not.
fn tls(error: &rustls::Error) -> Failure {
    use rustls::Error;
    let why = match error {
        Error::InvalidCertificate(error) => certificate(error),
        Error::NoCertificatesPresented => "the server shows no certificate",
        Error::PeerIncompatible(_)
        | Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity,
        ) => "the server only speaks what is outdated",
        Error::AlertReceived(AlertDescription::UnrecognisedName) => "the server does not know this name",
        Error::InvalidMessage(_) => "the server does not encrypt",
        _ => return connection("the encryption broke off"),
    };
    Failure::Tls(why.to_owned())
}

fn certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "the certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the certificate is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the certificate is for another name"
        }
        CertificateError::UnknownIssuer => "the certificate is not signed by anyone who is trusted",
        CertificateError::Revoked => "the certificate was revoked",
        _ => "the certificate is not valid",
    }
}
