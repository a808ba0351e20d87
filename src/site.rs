//! How the files of a site become addresses: plain data that the config fills.

/// How a site is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {}

/// Where a file that is no article is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// At this address.
    At(Box<str>),
    /// At addresses below this.
    Below(Box<str>),
}

#[allow(missing_docs, clippy::unused_self, clippy::pedantic)]
impl Site {
    pub fn knows_routes(&self) -> bool {
        false
    }
    pub fn own_path<'a>(&self, _url: &'a str) -> Option<&'a str> {
        None
    }
    pub fn key(&self, address: &str) -> Box<str> {
        address.into()
    }
    pub fn address_of_file(&self, _path: &str) -> Vec<Served> {
        Vec::new()
    }
    pub fn list_of(&self, _path: &str) -> Option<Box<str>> {
        None
    }
    pub fn is_elsewhere(&self, _address: &str) -> bool {
        false
    }
    pub fn links_by_url(&self) -> bool {
        false
    }
    pub fn static_paths(&self, _address: &str) -> Vec<String> {
        Vec::new()
    }
    pub fn content_paths(&self, _address: &str) -> Vec<String> {
        Vec::new()
    }
}
