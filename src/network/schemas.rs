//! The schemas that a config allows to be fetched.

use std::io::Read as _;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use crate::web::USER_AGENT;

/// The largest schema that is read, in bytes. The largest published ones have about one megabyte.
const MAX_SCHEMA: u64 = 8 << 20;

/// How long connecting and reading may take together.
const TIME_OUT: Duration = Duration::from_secs(20);

/// Fetches a schema. Redirects are not followed: they could lead away from what the config allows. No proxy is used.
///
/// # Errors
/// Why it could not be had, in a sentence.
pub fn fetch_schema(address: &str) -> Result<Vec<u8>, String> {
    // An error here means that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .timeout(TIME_OUT)
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(USER_AGENT)
        .build()
        .map_err(|error| format!("no HTTP client can be made: {error}"))?;
    let response = client
        .get(address)
        .send()
        .map_err(|error| format!("\"{address}\" cannot be fetched: {}", root(&error)))?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("\"{address}\" cannot be fetched: the server answers {status}"));
    }
    let mut bytes = Vec::new();
    response
        .take(MAX_SCHEMA + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("\"{address}\" cannot be fetched: {error}"))?;
    if bytes.len() as u64 > MAX_SCHEMA {
        return Err(format!("\"{address}\" is no schema: it is larger than {} MiB", MAX_SCHEMA >> 20));
    }
    Ok(bytes)
}

/// The innermost cause, which says most.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
